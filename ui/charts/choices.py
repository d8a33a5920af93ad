"""What can be chosen for a chart, beside its preview."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gridadmin.chart.choice import LAYERS
from gridadmin.chart.template import Maps
from gridadmin.domain.export_note import Profile
from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS
from gridadmin.edit.chart_commands import KeepApproval, kept_approval
from gridadmin.partition.snapshot import Snapshot
from ui.charts.moving import Moving
from ui.charts.sheets import Sheets
from ui.charts.wish import Wish
from ui.context import Context
from ui.panels.parts import label
from ui.texts import language, mark, tr

LAYER_WORDS = {
    "roads": mark("道路和路名"),
    "water": mark("水系"),
    "railways": mark("铁路线"),
    "buildings": mark("建筑"),
    "compounds": mark("小区类型"),
    "facilities": mark("便民设施"),
    "cadres": mark("下沉干部标记"),
}
_TYPING_MS = 400
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[x×*]\s*(\d+(?:\.\d+)?)\s*")
_LEAST_MM, _MOST_MM = 100.0, 5000.0
_MOST_AREAS = 400
_OFFERED = LEVELS[: LEVELS.index("community") + 1]
"""Levels of which all areas are offered; finer ones are chosen in the tree."""


class ChoicesPanel(QScrollArea):
    """Template, area, size, scale, words and what is shown; the wish changes at once."""

    faulty = Signal(str)

    def __init__(self, context: Context, sheets: Sheets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chart_choices")
        self.setAccessibleName(tr("出图选项"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._context, self._sheets = context, sheets
        self.moving = Moving(sheets)
        self._is_filling = False
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._take_words)
        inside = QWidget()
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside.setProperty("role", "page")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(14, 12, 14, 14)
        self._column.setSpacing(10)
        self._make_what()
        self._make_sheet()
        self._make_content()
        self._make_words()
        self._column.addStretch(1)
        self.setWidget(inside)
        sheets.wish_changed.connect(self.fill)
        sheets.composed.connect(self._show_scale)
        sheets.composed.connect(self._show_moved)
        context.bridge.changed.connect(self._show_approval)
        context.selection.changed.connect(self._selection_changed)

    # Parts

    def _section(self, title: str) -> QFormLayout:
        self._column.addWidget(label(title, "heading"))
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 4)
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(7)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._column.addLayout(form)
        return form

    def _combo(self, form: QFormLayout, name: str, words: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(words)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        form.addRow(words, box)
        return box

    def _line(self, form: QFormLayout, name: str, words: str, hint: str = "") -> QLineEdit:
        edit = QLineEdit()
        edit.setObjectName(name)
        edit.setAccessibleName(words)
        edit.setPlaceholderText(hint)
        edit.setMinimumWidth(60)
        edit.textEdited.connect(lambda _: self._typing.start())
        edit.editingFinished.connect(self._take_words)
        form.addRow(words, edit)
        return edit

    def _check(self, name: str, words: str, changed: Callable[[bool], None]) -> QCheckBox:
        box = QCheckBox(words)
        box.setObjectName(name)
        box.toggled.connect(changed)
        self._column.addWidget(box)
        return box

    def _make_what(self) -> None:
        form = self._section(tr("图幅"))
        self.template = self._combo(form, "chart_template", tr("模板"))
        self.area = self._combo(form, "chart_area", tr("出图范围"))
        self.series = self._combo(form, "chart_series", tr("成套"))
        self.profile = self._combo(form, "chart_profile", tr("用途"))
        self.profile.addItem(tr("公开"), Profile.PUBLIC)
        self.profile.addItem(tr("内部资料"), Profile.INTERNAL)
        self.profile.setToolTip(tr("公开图只印姓名和办公电话；内部图印全，并标明内部资料。"))
        self.template.activated.connect(lambda _: self._wish(template=self.template.currentData()))
        self.area.activated.connect(lambda _: self._take_area())
        self.series.activated.connect(lambda _: self._wish(series=self.series.currentData()))
        self.profile.activated.connect(lambda _: self._choose(profile=self.profile.currentData()))

    def _make_sheet(self) -> None:
        form = self._section(tr("纸张和比例"))
        self.paper = self._line(form, "chart_size", tr("纸张（毫米）"), tr("宽×高，空着按模板"))
        self.bleed = self._line(form, "chart_bleed", tr("出血（毫米）"), "0")
        self.scale = self._combo(form, "chart_scale", tr("比例尺"))
        self.scale.activated.connect(lambda _: self._choose(scale=self.scale.currentData()))
        self.reset = QPushButton(tr("图框和名称恢复原位"))
        self.reset.setObjectName("chart_reset")
        self.reset.setToolTip(tr("放回手工移动过的图框、图中的地和名称。"))
        self.reset.clicked.connect(self._reset)
        self._column.addWidget(self.reset)

    def _make_content(self) -> None:
        self._section(tr("内容"))
        self.staff = self._check("chart_staff", tr("人员表"), lambda on: self._choose(has_staff=on))
        self.grid = self._check("chart_grid", tr("坐标格网"), lambda on: self._choose(has_grid=on))
        self.base = self._check(
            "chart_base", tr("底图（地图上所选的本机底图）"), lambda on: self._wish(has_base=on)
        )
        self.base.setToolTip(tr("在线底图的服务商大多不许翻印，所以只印本机上的底图文件。"))
        self.layers = {
            key: self._check(f"chart_layer_{key}", tr(words), self._take_layers)
            for key, words in LAYER_WORDS.items()
        }

    def _make_words(self) -> None:
        form = self._section(tr("图上的文字"))
        self.title = self._line(form, "chart_title", tr("标题"), tr("空着按模板"))
        self.maker = self._line(form, "chart_maker", tr("编制单位"))
        self.secrecy = self._line(form, "chart_secrecy", tr("密级标记"), tr("空着按用途"))
        self.approval = self._line(form, "chart_approval", tr("审图号"))
        self.approval.textEdited.connect(lambda _: self._show_approval())
        self.keep = QPushButton(tr("记住为现在边界的审图号"))
        self.keep.setObjectName("chart_keep_approval")
        self.keep.setToolTip(tr("存进项目；边界以后有变动时会提醒重新报审。"))
        self.keep.clicked.connect(self._keep_approval)
        form.addRow("", self.keep)
        self.qr = self._line(form, "chart_qr", tr("二维码网址"), "https://")
        self.qr_words = self._line(form, "chart_qr_words", tr("二维码说明"))
        self.lang = self._combo(form, "chart_lang", tr("图上语言"))
        self.lang.addItem(tr("中文"), "zh")
        self.lang.addItem("English", "en")
        self.lang.activated.connect(lambda _: self._choose(lang=self.lang.currentData()))

    # From the wish

    def fill(self) -> None:
        """Show what is wished for."""
        if not self._context.bridge.is_open:
            return
        wish, choice = self._sheets.wish, self._sheets.wish.choice
        self._is_filling = True
        try:
            self._fill_lists(wish)
            _select(self.profile, choice.profile)
            _select(self.lang, choice.lang)
            self._show_scale()
            size = choice.width_mm, choice.height_mm
            words = "" if None in size else f"{size[0]:g}×{size[1]:g}"
            bleed = "" if choice.bleed_mm is None else f"{choice.bleed_mm:g}"
            for edit, text in (
                (self.paper, words),
                (self.bleed, bleed),
                (self.title, choice.title),
                (self.maker, choice.maker),
                (self.secrecy, choice.secrecy),
                (self.approval, choice.approval),
                (self.qr, choice.qr_address),
                (self.qr_words, choice.qr_words),
            ):
                if not edit.hasFocus():
                    edit.setText(text)
            self.staff.setChecked(choice.has_staff)
            self.grid.setChecked(choice.has_grid)
            self.base.setChecked(wish.has_base)
            for key, box in self.layers.items():
                box.setChecked(key not in choice.hidden)
        finally:
            self._is_filling = False
        self._show_moved()
        self._show_approval()

    def _show_moved(self) -> None:
        """Let what was moved be put back where something was, on the sheet that is looked at."""
        self.reset.setEnabled(self.moving.moves.is_any)

    def _fill_lists(self, wish: Wish) -> None:
        with QSignalBlocker(self.template):
            self.template.clear()
            for one in self._sheets.templates:
                name = one.key if one.template is None else one.template.name(language())
                self.template.addItem(name, one.key)
                if one.template is None:
                    row = self.template.count() - 1
                    self.template.setItemText(row, tr("{name}（不能用）", name=one.key))
            _select(self.template, wish.template)
        snapshot = self._context.bridge.snapshot
        with QSignalBlocker(self.area):
            self.area.clear()
            self.area.addItem(tr("整个项目"), "")
            for depth, area in _areas(snapshot):
                self.area.addItem("　" * depth + area.name, area.uid)
            if self.area.findData(wish.area) < 0 and _is_alive(snapshot, wish.area):
                self.area.addItem(snapshot.area(wish.area).name, wish.area)
            _select(self.area, wish.area)
        with QSignalBlocker(self.series):
            self.series.clear()
            self.series.addItem(tr("按模板"), "")
            for level in snapshot.scheme.levels:
                if level.key in ("street", "community", "grid"):
                    name = level.zh if language() == "zh" else level.en
                    self.series.addItem(tr("每个{level}一幅", level=name), level.key)
            _select(self.series, wish.series)

    def _show_scale(self) -> None:
        page, template = self._sheets.page, self._sheets.template
        wanted = self._sheets.wish.choice.scale
        view = None if page is None else page.view
        with QSignalBlocker(self.scale):
            self.scale.clear()
            found = "" if view is None or wanted else f"  1:{view.scale:,}"
            self.scale.addItem(tr("自动") + found, None)
            for one in () if template is None else template.scales:
                self.scale.addItem(f"1:{one:,}", one)
            if wanted and self.scale.findData(wanted) < 0:
                self.scale.addItem(f"1:{wanted:,}", wanted)
            _select(self.scale, wanted)
        has_map = template is None or template.maps is not Maps.NONE
        self.scale.setEnabled(has_map)

    def _show_approval(self) -> None:
        bridge = self._context.bridge
        if not bridge.is_open:
            return
        kept = kept_approval(bridge.snapshot)
        self.approval.setPlaceholderText("" if kept is None else kept.number)
        why = bridge.why_not_change()
        typed = self.approval.text().strip()
        self.keep.setEnabled(bool(typed) and not why)

    def _selection_changed(self) -> None:
        """Offer the area that is selected in the tree."""
        uids = self._context.selection.areas
        if not self.isVisible() or len(uids) != 1:
            return
        if _is_alive(self._context.bridge.snapshot, uids[0]):
            self._wish(area=uids[0])

    # To the wish

    def _wish(self, **changes: Any) -> None:
        if self._is_filling:
            return
        wish = replace(self._sheets.wish, **changes)
        self._sheets.wish_for(wish.settled(self._sheets.wish))

    def _choose(self, **changes: Any) -> None:
        if not self._is_filling:
            self._sheets.wish_for(self._sheets.wish.chosen(**changes))

    def _take_area(self) -> None:
        self._wish(area=self.area.currentData() or "")

    def _take_layers(self, _: bool) -> None:
        hidden = frozenset(key for key in LAYERS if not self.layers[key].isChecked())
        self._choose(hidden=hidden)

    def _take_words(self) -> None:
        self._typing.stop()
        size, fault = _size_of(self.paper.text())
        bleed, other = _length_of(self.bleed.text())
        self.faulty.emit(fault or other)
        width, height = size
        self._choose(
            width_mm=width,
            height_mm=height,
            bleed_mm=bleed,
            title=self.title.text().strip(),
            maker=self.maker.text().strip(),
            secrecy=self.secrecy.text().strip(),
            approval=self.approval.text().strip(),
            qr_address=self.qr.text().strip(),
            qr_words=self.qr_words.text().strip(),
        )
        self._show_approval()

    def _reset(self) -> None:
        self.moving.put_all_back()

    def _keep_approval(self) -> None:
        number = self.approval.text().strip()
        if self._context.bridge.execute(KeepApproval(number)) is not None:
            self._context.messages.done(tr("已记住审图号 {number}。", number=number))


def _select(box: QComboBox, data: object) -> None:
    with QSignalBlocker(box):
        box.setCurrentIndex(max(box.findData(data), 0))


def _is_alive(snapshot: Snapshot, uid: str) -> bool:
    row = snapshot.rows("area").get(uid)
    return row is not None and row.valid_to is None


def _areas(snapshot: Snapshot) -> list[tuple[int, Area]]:
    """Return streets and communities in the order of their codes, each with its depth."""
    found: list[tuple[int, Area]] = []

    def walk(uid: str, depth: int) -> None:
        for child in snapshot.children(uid):
            if child.level in _OFFERED:
                found.append((depth, child))
                # What lies under the last of them is most of the project, and is not offered.
                if child.level != _OFFERED[-1]:
                    walk(child.uid, depth + 1)

    walk(snapshot.root.uid, 0)
    return found if len(found) <= _MOST_AREAS else [one for one in found if one[0] == 0]


def _size_of(text: str) -> tuple[tuple[float | None, float | None], str]:
    """Return a typed size in mm, and what is wrong with it."""
    if not text.strip():
        return (None, None), ""
    found = _SIZE.fullmatch(text)
    if found is None:
        return (None, None), tr("纸张请写成 宽×高，例如 1200×900。")
    width, height = float(found[1]), float(found[2])
    if not all(_LEAST_MM <= side <= _MOST_MM for side in (width, height)):
        return (None, None), tr("纸张的边长须在 100 到 5000 毫米之间。")
    return (width, height), ""


def _length_of(text: str) -> tuple[float | None, str]:
    """Return a typed bleed in mm, and what is wrong with it."""
    if not text.strip():
        return None, ""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    return (value, "") if 0 <= value <= 50 else (None, tr("出血请写 0 到 50 之间的毫米数。"))
