"""The files that lie over the map to be looked at: add, switch, colour, take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QIcon,
    QKeyEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.import_questions import WEB_MAPS, Answer, Question
from gridadmin.exchange.shown_file import ShownFile
from ui.canvas.looked_at import DASHES, INKS, WIDTHS, FileLook
from ui.canvas.sheet import colour
from ui.canvas.viewport import Box
from ui.context import Context
from ui.dialogs.crs_choice import CrsChoice
from ui.dialogs.import_words import answer_words
from ui.dialogs.words import Sentence, label
from ui.maps.reference_layers import Reading, Reference, ReferenceLayers
from ui.texts import explain, mark, tr
from ui.theme import DARK, colours
from ui.tips import plain_tip

_MASKS = "*.fgb *.gpx *.kml *.geojson *.json *.geojsonl *.gpkg *.shp *.dxf *.tab *.mif *.gml"
_INKS: Mapping[str, str] = {
    "red": mark("红"),
    "blue": mark("蓝"),
    "green": mark("绿"),
    "orange": mark("橙"),
    "purple": mark("紫"),
    "black": mark("黑"),
}
_DASHES: Mapping[str, str] = {
    "solid": mark("实线"),
    "dashed": mark("虚线"),
    "dotted": mark("点线"),
}
_SWATCH_PX = (28, 14)
_LEAST_EM = 9
_NEAR_M = 2_000.0
_MARGIN_M = 50.0


class ReferenceDialog(QDialog):
    """A list of files with a mark for each that is shown, and below it how the marked one looks.

    It stays open beside the map, which shows each change at once.
    """

    def __init__(
        self, context: Context, references: ReferenceLayers, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("references")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.setWindowTitle(tr("参考图层"))
        self._context = context
        self._references = references
        self._is_filling = False
        self._asked: Question | ShownFile | None = None
        """What the box about coordinates is about."""
        self._usual_px = 0
        """How high it was before it had to grow; 0 when it didn't."""
        self.tree = self._made_tree()
        self.buttons = {
            key: self._button(f"reference_{key}", said, act)
            for key, said, act in (
                ("add", tr("添加…"), self._choose),
                ("zoom", tr("看全部"), self._zoom),
                ("remove", tr("移除"), self._remove),
            )
        }
        self.ink = self._combo("reference_ink", tr("颜色"), _INKS)
        self.dash = self._combo("reference_dash", tr("线型"), _DASHES)
        self.width_px = QDoubleSpinBox()
        self.width_px.setObjectName("reference_width")
        self.width_px.setAccessibleName(tr("线宽"))
        self.width_px.setRange(*WIDTHS)
        self.width_px.setDecimals(1)
        self.width_px.setSingleStep(0.5)
        self.width_px.lineEdit().setTextMargins(6, 0, 0, 0)
        # Each change is shown at once, and would take the decimals out of the typist's hands.
        self.width_px.setKeyboardTracking(False)
        self.width_px.valueChanged.connect(self._look_changed)
        self.filled = self._check("reference_filled", tr("填充面"))
        self.named = self._check("reference_names", tr("显示名称"))
        self.fault = Sentence("error")
        self.fault.setObjectName("reference_fault")
        self.crs = CrsChoice()
        self.crs.setObjectName("reference_crs")
        self.read = self._button("reference_read", tr("这样读取"), self._answer)
        self.crs.changed.connect(self._judge_answer)
        self._lay_out()
        references.changed.connect(self.show_references)
        context.bridge.opened.connect(self.close)
        self.show_references()
        self.resize(480, self.sizeHint().height())

    # Making it

    def _made_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("reference_list")
        tree.setAccessibleName(tr("参考图层"))
        tree.setRootIsDecorated(False)
        tree.setColumnCount(2)
        tree.setHeaderLabels([tr("文件"), tr("内容")])
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.setMinimumHeight(_LEAST_EM * tree.fontMetrics().height())
        tree.itemChanged.connect(self._switch)
        tree.currentItemChanged.connect(lambda *_: self._show_current())
        return tree

    def _button(self, name: str, words: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _combo(self, name: str, words: str, choices: Mapping[str, str]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(words)
        for value, said in choices.items():
            look = FileLook(ink=value) if value in INKS else FileLook("black", value)
            box.addItem(_swatch(look), tr(said), value)
        box.activated.connect(self._look_changed)
        return box

    def _check(self, name: str, words: str) -> QCheckBox:
        box = QCheckBox(words)
        box.setObjectName(name)
        box.clicked.connect(self._look_changed)
        return box

    def _lay_out(self) -> None:
        close = self._button("close", tr("关闭"), self.close)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        self.look = QWidget()
        grid = QGridLayout(self.look)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        fields = ((tr("颜色"), self.ink), (tr("线型"), self.dash), (tr("线宽"), self.width_px))
        for at, (words, field) in enumerate(fields):
            name = QLabel(words)
            name.setBuddy(field)
            grid.addWidget(name, 0, at)
            grid.addWidget(field, 1, at)
            grid.setColumnStretch(at, 1)
        checks = QHBoxLayout()
        checks.setSpacing(16)
        checks.addWidget(self.filled)
        checks.addWidget(self.named)
        checks.addStretch(1)
        grid.addLayout(checks, 2, 0, 1, 3)
        self._column = whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 14, 18, 14)
        whole.setSpacing(10)
        whole.addWidget(label(tr("参考图层"), "heading"))
        hint = tr("点、线、面文件叠在地图上看：不进入项目，不发布。也可以把文件拖到这里。")
        whole.addWidget(label(hint, "quiet"))
        whole.addWidget(self.tree, 1)
        whole.addWidget(self.fault)
        whole.addWidget(self.crs)
        whole.addWidget(self.read, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self.look)
        whole.addLayout(row)

    # What it shows

    def show_references(self) -> None:
        """List the files as they are now, the highest first as on the map."""
        current = self._current()
        self._is_filling = True
        self.tree.clear()
        for reference in reversed(self._references.all()):
            item = self._item(reference)
            self.tree.addTopLevelItem(item)
            if current is not None and reference.path == current.path:
                self.tree.setCurrentItem(item)
        first = self.tree.topLevelItem(0)
        if self.tree.currentItem() is None and first is not None:
            self.tree.setCurrentItem(first)
        self._is_filling = False
        self._show_current()

    def _item(self, reference: Reference) -> QTreeWidgetItem:
        item = QTreeWidgetItem([reference.name, self._content(reference)])
        item.setData(0, Qt.ItemDataRole.UserRole, reference)
        state = Qt.CheckState.Checked if reference.is_on else Qt.CheckState.Unchecked
        item.setCheckState(0, state)
        item.setIcon(0, _swatch(reference.look))
        item.setToolTip(0, plain_tip(reference.path))
        return item

    def _content(self, reference: Reference) -> str:
        """Return in words what a file holds, or how it stands with it."""
        reading = self._references.reading(reference)
        if not reference.is_on:
            return tr("未显示")
        if reading.question is not None:
            return tr("坐标待确认")
        if reading.error is not None:
            return tr("打不开")
        if reading.file is None:
            return tr("正在读取…")
        words = [tr("{n} 个图形", n=f"{len(reading.file.shapes):,}")]
        if reading.file.left_out:
            words.append(tr("{n} 行不能用", n=f"{reading.file.left_out:,}"))
        away_km = self._away_km(reading.file.box)
        if away_km:
            words.append(tr("离项目 {km} 千米", km=f"{away_km:,}"))
        return tr("，").join(words)

    def _away_km(self, box: Box) -> int:
        """Return how far from the project's land a file lies; 0 where it is near."""
        extent = self._context.bridge.extent()
        if extent is None:
            return 0
        across = max(extent[0] - box[2], box[0] - extent[2], 0.0)
        along = max(extent[1] - box[3], box[1] - extent[3], 0.0)
        away_m = float((across**2 + along**2) ** 0.5)
        return round(away_m / 1000) if away_m > _NEAR_M else 0

    def _current(self) -> Reference | None:
        item = self.tree.currentItem()
        found: Reference | None = None if item is None else item.data(0, Qt.ItemDataRole.UserRole)
        return found

    def _show_current(self) -> None:
        if self._is_filling:
            return
        reference = self._current()
        reading = None if reference is None else self._references.reading(reference)
        self.buttons["remove"].setEnabled(reference is not None)
        self.buttons["zoom"].setEnabled(reading is not None and reading.file is not None)
        self.look.setEnabled(reference is not None)
        self._show_look(FileLook() if reference is None else reference.look)
        error = None if reading is None or reading.question is not None else reading.error
        self.fault.say("" if error is None else explain(error))
        self._show_crs(reference, reading)

    def _show_crs(self, reference: Reference | None, reading: Reading | None) -> None:
        """Ask how coordinates are meant, or say how they are read, which the user may doubt."""
        question = None if reading is None else reading.question
        file = None if reading is None else reading.file
        subject = question or file
        self.crs.setVisible(subject is not None)
        self.look.setVisible(question is None)
        if subject is not None and subject is not self._asked:
            # Once: what was chosen stays while another file is read.
            if question is not None:
                self.crs.ask(question)
            elif reference is not None and file is not None:
                self.crs.tell(_read_words(reference, file))
        self._asked = subject
        self._judge_answer()

    def _fit(self) -> None:
        """Be as high as what is asked needs; squeeze nothing."""
        needed = self._column.totalHeightForWidth(self.width())
        if needed > self.height():
            self._usual_px = self._usual_px or self.height()
            self.resize(self.width(), needed)
        elif self._usual_px and self.read.isHidden():
            self.resize(self.width(), max(self._usual_px, needed))
            self._usual_px = 0

    def _show_look(self, look: FileLook) -> None:
        with (
            QSignalBlocker(self.ink),
            QSignalBlocker(self.dash),
            QSignalBlocker(self.width_px),
        ):
            self.ink.setCurrentIndex(self.ink.findData(look.ink))
            self.dash.setCurrentIndex(self.dash.findData(look.dash))
            self.width_px.setValue(look.width_px)
        self.filled.setChecked(look.is_filled)
        self.named.setChecked(look.has_names)

    def _judge_answer(self) -> None:
        is_open = isinstance(self._asked, Question) or self.crs.doubt_button.isHidden()
        self.read.setVisible(not self.crs.isHidden() and is_open)
        self.read.setEnabled(self.crs.answer is not None)
        self._fit()

    # What is done

    def add_files(self, paths: list[Path]) -> None:
        """Lay files over the map; the last one is marked."""
        for path in paths:
            made = self._references.add(path)
            self._context.settings.set_value("last_folder", str(path.parent))
            for row in range(self.tree.topLevelItemCount()):
                item = self.tree.topLevelItem(row)
                if item is not None and item.data(0, Qt.ItemDataRole.UserRole).path == made.path:
                    self.tree.setCurrentItem(item)

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(
            self,
            tr("选择参考图层"),
            self._context.settings.value("last_folder"),
            tr("点、线、面（{masks}）", masks=_MASKS) + ";;" + tr("所有文件 (*)"),
        )
        self.add_files([Path(path) for path in chosen])

    def _zoom(self) -> None:
        reference = self._current()
        file = None if reference is None else self._references.reading(reference).file
        if file is not None:
            x0, y0, x1, y1 = file.box
            box = x0 - _MARGIN_M, y0 - _MARGIN_M, x1 + _MARGIN_M, y1 + _MARGIN_M
            self._context.navigator.show_box(box)

    def _remove(self) -> None:
        reference = self._current()
        if reference is not None:
            self._references.remove(reference)

    def _switch(self, item: QTreeWidgetItem, _: int) -> None:
        reference = item.data(0, Qt.ItemDataRole.UserRole)
        is_on = item.checkState(0) == Qt.CheckState.Checked
        if not self._is_filling and reference is not None and reference.is_on != is_on:
            self._references.change(reference, replace(reference, is_on=is_on))

    def _look_changed(self, _: Any = None) -> None:
        reference = self._current()
        if reference is None:
            return
        look = FileLook(
            self.ink.currentData(),
            self.dash.currentData(),
            self.width_px.value(),
            self.filled.isChecked(),
            self.named.isChecked(),
        )
        self._references.change(reference, replace(reference, look=look))

    def _answer(self) -> None:
        reference, answer = self._current(), self.crs.answer
        if reference is not None and answer is not None:
            self._references.answer(reference, answer)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _files_of(event):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take files anywhere."""
        if _files_of(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Lay the files over the map."""
        event.acceptProposedAction()
        self.add_files(_files_of(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take away by Delete, where the list has the keys."""
        if self.focusWidget() is self.tree and event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)


def _read_words(reference: Reference, file: ShownFile) -> str:
    """Return in words how the coordinates of a file are read."""
    crs = reference.crs or ""
    if crs in WEB_MAPS:
        return answer_words(Answer(crs, crs))
    return answer_words(Answer("other", crs or file.crs_text, reference.swap_xy))


def _files_of(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _swatch(look: FileLook) -> QIcon:
    """Return a line as it looks on the map."""
    width, height = _SWATCH_PX
    shown = QPixmap(width * 2, height * 2)
    shown.setDevicePixelRatio(2.0)
    shown.fill(Qt.GlobalColor.transparent)
    painter = QPainter(shown)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = colour(look.colour("dark" if colours() is DARK else "light"))
    pen = QPen(ink, min(max(look.width_px, 1.5), 4.0))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if DASHES[look.dash]:
        pen.setDashPattern([length / pen.widthF() for length in DASHES[look.dash]])
    painter.setPen(pen)
    painter.drawLine(1, height // 2, width - 1, height // 2)
    painter.end()
    icon = QIcon(shown)
    icon.addPixmap(shown, QIcon.Mode.Selected)
    return icon
