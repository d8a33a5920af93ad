"""What is to be exported, how, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from gridadmin.app.export_choices import ExportChoices
from gridadmin.app.exporting import People
from gridadmin.domain.export_note import Profile
from gridadmin.exchange.other_formats import GBK, UTF_8
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.place_field import PlaceField
from ui.dialogs.scheme_words import level_name
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import Banner, HintedChoices, card, discard, label, shortened
from ui.texts import mark, sentence, tr

_FORMATS = (
    (
        ".gpkg",
        mark("GeoPackage（推荐）"),
        mark("一个文件装下所有层级和颜色，QGIS 等软件能直接打开。"),
    ),
    (".shp", mark("Shapefile"), mark("旧软件常用；每个层级一组文件，列名会缩短。")),
    (".geojson", mark("GeoJSON"), mark("网页地图常用；每个层级一个文件。")),
    (".kml", mark("KML"), mark("在谷歌地球等软件里看；每个层级一个文件。")),
    (".dxf", mark("DXF"), mark("给 CAD 用，坐标是米；每个层级一个文件。")),
)


class ExportChoicePage(Page):
    """What is to be exported, how and where to."""

    changed = Signal()
    scope_changed = Signal()
    """The whole project or one area: what there is must be counted anew."""

    def __init__(self, context: Context, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats: dict[QRadioButton, str] = {}
        self._levels: dict[str, QCheckBox] = {}
        self._unwanted: set[str] = set()
        self._area = _selected_area(context)
        self.place = PlaceField(folder, _FORMATS[0][0])
        self.warning = Banner("warning")
        self.warning.setObjectName("export_warning")
        self.gbk = QCheckBox(tr("文字用 GBK 编码（旧软件用）"))
        self.gbk.setObjectName("in_gbk")
        self.gbk.setToolTip(tr("不勾选时用 UTF-8。GBK 里没有的字会写成 〓。"))
        self.gbk.hide()
        self.issues = QCheckBox(tr("附上问题清单"))
        self.issues.setObjectName("with_issues")
        self.posts = QCheckBox(tr("附上岗位和在岗人员"))
        self.posts.setObjectName("with_posts")
        self.organizations = QCheckBox(tr("附上单位"))
        self.organizations.setObjectName("with_organizations")
        self.internal = QCheckBox(tr("供内部使用：人员和单位的内部信息也写入"))
        self.internal.setObjectName("for_internal")
        self.internal.setToolTip(tr("不勾选时，只写公开的信息，没有本人手机号。"))
        self.internal.hide()
        self.replaces = QCheckBox(tr("替换"))
        self.replaces.setObjectName("replaces")
        self._standing = Banner("warning")
        self._standing.setObjectName("standing")
        self.whole = QRadioButton(tr("整个项目"))
        self.whole.setObjectName("whole")
        self.part = QRadioButton()
        self.part.setObjectName("part")
        self._level_box, self._level_list = card()
        self._level_list.setSpacing(2)
        self._counting = label(tr("正在统计…"), "quiet")
        self._level_list.addWidget(self._counting)
        self._build(context)
        self.place.changed.connect(self.changed)
        for box in (self.issues, self.posts, self.organizations, self.internal):
            box.toggled.connect(self.changed)
        for box in (self.posts, self.organizations):
            box.toggled.connect(lambda _: self._offer_profile())
        self.replaces.toggled.connect(self.changed)

    @property
    def suffix(self) -> str:
        """The extension of the chosen format."""
        return next(suffix for button, suffix in self._formats.items() if button.isChecked())

    @property
    def encoding(self) -> str:
        """What the text of a Shapefile is in."""
        return GBK if self.suffix == ".shp" and self.gbk.isChecked() else UTF_8

    @property
    def levels(self) -> tuple[str, ...]:
        """The chosen layers, from the top down."""
        return tuple(key for key, box in self._levels.items() if box.isChecked())

    @property
    def area(self) -> str | None:
        """The uid of the area to which the export is limited, None for the whole project."""
        return self._area if self.part.isChecked() else None

    @property
    def wants_issues(self) -> bool:
        """Whether the list of issues goes with it."""
        return self.issues.isChecked() and self.issues.isEnabled()

    @property
    def people(self) -> People:
        """The tables about people that go with it, and for whom."""
        boxes = {"posts": self.posts, "organizations": self.organizations}
        tables = tuple(k for k, box in boxes.items() if box.isChecked() and box.isEnabled())
        is_internal = bool(tables) and self.internal.isChecked()
        return People(tables, Profile.INTERNAL if is_internal else Profile.PUBLIC)

    def _offer_profile(self) -> None:
        self.internal.setVisible(bool(self.people.tables))

    def first_field(self) -> QWidget:
        """Return the chosen format."""
        return next(button for button in self._formats if button.isChecked())

    def show_choices(self, snapshot: Snapshot, choices: ExportChoices) -> None:
        """Offer the layers that have land, with how much."""
        self._counting.hide()
        for box in self._levels.values():
            discard(box)
        self._levels.clear()
        for key, count in choices.layers.items():
            name = layer_words(snapshot, key)
            box = QCheckBox(tr("{name}　{n} 个", name=name, n=f"{count:,}"))
            box.setObjectName(f"layer_{key}")
            box.setChecked(key not in self._unwanted)
            box.toggled.connect(partial(self._toggle_level, key))
            self._levels[key] = box
            self._level_list.addWidget(box)
        if not choices.layers:
            self._counting.setText(tr("还没有可以导出的土地。"))
            self._counting.show()

    def show_standing(self, files: Sequence[Path]) -> None:
        """Ask in place whether files that are there already are to be replaced."""
        if not files:
            self._standing.say("")
        elif len(files) == 1:
            self._standing.say(
                tr("“{file}”已经存在；要替换它，请勾选下面一项。", file=files[0].name)
            )
        else:
            self._standing.say(
                tr(
                    "{n} 个同名文件已经存在（如“{file}”）；要替换它们，请勾选下面一项。",
                    n=len(files),
                    file=files[0].name,
                )
            )
        self.replaces.setVisible(bool(files))

    def _build(self, context: Context) -> None:
        formats = HintedChoices()
        self._fill_formats(formats)
        scope, scope_list = card(self.whole, self.part)
        scope_list.setSpacing(2)
        scopes = QButtonGroup(self)
        scopes.addButton(self.whole)
        scopes.addButton(self.part)
        self.whole.setChecked(True)
        if self._area is None:
            self.part.setText(tr("只导出选中的区域（先在地图或左侧选一个）"))
            self.part.setEnabled(False)
        else:
            name = context.bridge.snapshot.area(self._area).name
            self.part.setText(tr("只导出“{name}”和它的下级", name=shortened(name)))
        self.whole.toggled.connect(self.scope_changed)
        body = self.body
        for part in (
            self.warning,
            label(tr("格式"), "heading"),
            formats,
            self.gbk,
            label(tr("范围"), "heading"),
            scope,
            label(tr("层级"), "heading"),
            self._level_box,
            self.issues,
            self.posts,
            self.organizations,
            self.internal,
            label(tr("保存在"), "heading"),
            self.place,
            self._standing,
            self.replaces,
        ):
            body.addWidget(part)
        body.addStretch()

    def _fill_formats(self, box: HintedChoices) -> None:
        group = QButtonGroup(self)
        for suffix, name, words in _FORMATS:
            button = QRadioButton(tr(name))
            button.setObjectName(f"format_{suffix[1:]}")
            self._formats[button] = suffix
            group.addButton(button)
            box.add(button, tr(words))
            button.setChecked(suffix == _FORMATS[0][0])
        group.buttonToggled.connect(self._format_changed)

    def _format_changed(self) -> None:
        if any(button.isChecked() for button in self._formats):
            self.place.set_suffix(self.suffix)
            is_package = self.suffix == ".gpkg"
            self.gbk.setVisible(self.suffix == ".shp")
            for box in (self.issues, self.posts, self.organizations):
                box.setEnabled(is_package)
                box.setToolTip("" if is_package else tr("只有 GeoPackage 能附上表格。"))
            self._offer_profile()
            self.replaces.setChecked(False)
            self.changed.emit()

    def _toggle_level(self, key: str, is_wanted: bool) -> None:
        (self._unwanted.discard if is_wanted else self._unwanted.add)(key)
        self.changed.emit()


def layer_words(snapshot: Snapshot, key: str) -> str:
    """Return what a layer of an export is called."""
    level = snapshot.scheme.level(key)
    if level is not None:
        return level_name(level)
    return tr("例外地块") if key == "exempt" else sentence(f"level.{key}")


def _selected_area(context: Context) -> str | None:
    uid = context.selection.area
    return uid if uid is not None and uid in context.bridge.snapshot.rows("area") else None
