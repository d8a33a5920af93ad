"""Save a release as a file: for whom, in which format, how much of it, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QWidget,
)

from gridadmin.app.release_export import SavedRelease, save_release
from gridadmin.base.errors import GridAdminError
from gridadmin.domain.export_note import Profile
from gridadmin.domain.release import Release, package_name
from gridadmin.exchange.other_formats import GBK, UTF_8
from gridadmin.exchange.people_tables import PEOPLE_EXTRAS
from gridadmin.exchange.project_package import LAYERS
from gridadmin.publish.choice import Choice
from gridadmin.publish.mapping import PLAIN, Mapping, read_mapping
from ui.context import Context
from ui.dialogs.export_choice_page import layer_words
from ui.dialogs.export_done_page import lost_letters
from ui.dialogs.place_field import PlaceField, usual_folder
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.dialogs.words import Banner, HintedChoices, card, label, shortened
from ui.publish import words
from ui.texts import explain, mark, tr

_LEDGER = ".xlsx"
_FORMATS = (
    (".gpkg", mark("GeoPackage（推荐）")),
    (".shp", mark("Shapefile（UTF-8）")),
    (".shp", mark("Shapefile（GBK，旧软件用）")),
    (".geojson", mark("GeoJSON")),
    (".kml", mark("KML")),
    (".dxf", mark("DXF")),
    (_LEDGER, mark("Excel 台账")),
)
_GBK_PLACE = 2


class SaveDialog(TaskDialog):
    """Writes one release to files."""

    def __init__(self, context: Context, release: Release, parent: QWidget | None = None) -> None:
        number = words.number(release.number)
        super().__init__(context, tr("另存 {number}", number=number), parent)
        self._release = release
        self.files: tuple[Path, ...] = ()
        self.page = _SavePage(context, release)
        self.pages.addWidget(self.page)
        self.main_button.setText(tr("保存"))
        self.close_button.setText(tr("取消"))
        self.main_button.clicked.connect(self._act)
        self.page.changed.connect(self._judge)
        context.bridge.opened.connect(self._project_gone)
        self._judge()

    def _judge(self) -> None:
        if self.files:
            self.pages.setEnabled(False)
            self.allow("")
            return
        page = self.page
        page.place.fault.say(page.place.why_not())
        why = page.place.why_not()
        if not why and not page.levels:
            why = tr("请至少选一个层级。")
        self.allow(why)

    def _act(self) -> None:
        if self.files:
            self.accept()
            return
        page, session = self.page, self._context.bridge.session
        encoding = page.encoding
        release, profile, out, choice = (
            self._release,
            page.profile,
            page.place.path,
            page.choice(),
        )
        self.follow(
            self._context.jobs.start(
                tr("另存发布文件"),
                lambda progress: save_release(
                    session, release, profile, out, choice, progress, encoding
                ),
                on_done=self._saved,
                on_failed=self._failed,
            )
        )

    def _saved(self, saved: SavedRelease) -> None:
        self.files = saved.files
        first = saved.files[0]
        # Several files are one thing to the user: the folder that they are in.
        told = tr("已保存 {name}。", name=(first.parent if len(saved.files) > 1 else first).name)
        self._context.settings.set_value("last_folder", str(self.page.place.path.parent))
        if saved.lost_letters:
            # Whoever chose GBK must see it: the window stays until he has.
            self.banner.say(f"{told}\n{lost_letters(saved.lost_letters)}", "warning")
            self.main_button.setText(tr("完成"))
            self.close_button.hide()
            return
        self._context.messages.done(told)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error), "error")

    def _project_gone(self) -> None:
        self.done(QDialog.DialogCode.Rejected)

    def rested(self) -> None:
        """Take up again what waited for the job."""
        self._judge()


class _SavePage(Page):
    """For whom, what of it, which format, where to."""

    changed = Signal()

    def __init__(self, context: Context, release: Release) -> None:
        super().__init__()
        self._context = context
        self._release = release
        self._mapping = PLAIN
        self.place = PlaceField(usual_folder(context.settings), _FORMATS[0][0])
        self.public = QRadioButton(tr("公开版"))
        self.public.setObjectName("profile_public")
        self.internal = QRadioButton(tr("内部版"))
        self.internal.setObjectName("profile_internal")
        self.format = QComboBox()
        self.format.setObjectName("save_format")
        self.format.setAccessibleName(tr("格式"))
        for suffix, said in _FORMATS:
            self.format.addItem(tr(said), suffix)
        self.tables = {
            name: QCheckBox(tr(said))
            for name, said in (("posts", mark("岗位人员表")), ("organizations", mark("单位表")))
        }
        self.issues = QCheckBox(tr("附上问题清单"))
        self.issues.setObjectName("save_issues")
        self._levels: dict[str, QCheckBox] = {}
        self._area = _selected(context)
        self.part = QCheckBox()
        self.mapped = label("", "quiet")
        self.choose_mapping = QPushButton(tr("选择映射文件…"))
        self._mapping_file = ""
        self.fault = Banner("error")
        self._build()
        self.public.setChecked(True)
        self._follow()

    def _build(self) -> None:
        snapshot = self._context.bridge.snapshot
        profiles = HintedChoices()
        group = QButtonGroup(self)
        for button, hint in (
            (self.public, tr("给所有人看：没有个人信息。")),
            (self.internal, tr("给本单位看：可以带岗位、人员和单位。")),
        ):
            group.addButton(button)
            profiles.add(button, hint)
        levels, level_list = card()
        level_list.setSpacing(2)
        for key in LAYERS:
            if any(area.level == key for area in snapshot.areas()):
                box = QCheckBox(layer_words(snapshot, key))
                box.setObjectName(f"layer_{key}")
                box.setChecked(True)
                box.toggled.connect(lambda _: self.changed.emit())
                self._levels[key] = box
                level_list.addWidget(box)
        if self._area is not None:
            name = snapshot.area(self._area).name
            self.part.setText(tr("只导出“{name}”和它的下级", name=shortened(name)))
        else:
            self.part.setText(tr("只导出选中的区域（先在地图或左侧选一个）"))
            self.part.setEnabled(False)
        self.part.setObjectName("save_part")
        names, name_list = card(*self.tables.values(), self.issues)
        name_list.setSpacing(2)
        for name, box in self.tables.items():
            box.setObjectName(f"table_{name}")
        self._mapping_row = QHBoxLayout()
        self.choose_mapping.setObjectName("choose_mapping")
        self.choose_mapping.setAutoDefault(False)
        self.choose_mapping.clicked.connect(self._ask_for_mapping)
        self._mapping_row.addWidget(self.mapped, 1)
        self._mapping_row.addWidget(self.choose_mapping)
        parts: tuple[QWidget | QHBoxLayout, ...] = (
            label(tr("给谁看"), "heading"),
            profiles,
            label(tr("格式"), "heading"),
            self.format,
            label(tr("层级"), "heading"),
            levels,
            self.part,
            label(tr("附表"), "heading"),
            names,
            label(tr("列名和代码"), "heading"),
            self._mapping_row,
            self.fault,
            label(tr("保存在"), "heading"),
            self.place,
        )
        for part in parts:
            if isinstance(part, QHBoxLayout):
                self.body.addLayout(part)
            else:
                self.body.addWidget(part)
        self.body.addStretch()
        self.public.toggled.connect(lambda _: self._follow())
        self.format.currentIndexChanged.connect(lambda _: self._follow())
        self.place.changed.connect(self.changed)

    @property
    def profile(self) -> Profile:
        """For whom it is."""
        return Profile.PUBLIC if self.public.isChecked() else Profile.INTERNAL

    @property
    def encoding(self) -> str:
        """What the text of a Shapefile is in."""
        return GBK if self.format.currentIndex() == _GBK_PLACE else UTF_8

    @property
    def levels(self) -> tuple[str, ...]:
        """The chosen layers, from the top down."""
        return tuple(key for key, box in self._levels.items() if box.isChecked())

    def choice(self) -> Choice:
        """Return what of the release is wanted."""
        levels = None if len(self.levels) == len(self._levels) else self.levels
        is_package = self.format.currentData() == ".gpkg"
        tables = [name for name in PEOPLE_EXTRAS if self.tables[name].isChecked()]
        if self.issues.isChecked():
            tables.append("issues")
        area = self._area if self.part.isChecked() else None
        return Choice(levels, area, tuple(tables) if is_package else (), self._mapping)

    def first_field(self) -> QWidget:
        """Return the chosen profile."""
        return self.public if self.public.isChecked() else self.internal

    def _follow(self) -> None:
        """Offer what goes with profile and format, and name the file accordingly."""
        suffix = str(self.format.currentData())
        is_package = suffix == ".gpkg"
        why = "" if is_package else tr("只有 GeoPackage 能带附表。")
        if is_package and self.profile is Profile.PUBLIC:
            why = tr("公开版没有个人信息。")
        for box in self.tables.values():
            box.setEnabled(not why)
            box.setToolTip(why)
            box.setChecked(not why)
        self.issues.setEnabled(is_package)
        self.issues.setToolTip("" if is_package else tr("只有 GeoPackage 能带附表。"))
        self._follow_mapping(suffix)
        stem = self._context.bridge.path.stem
        name = package_name(stem, self._release.number, self.profile)
        self.place.set_suffix(suffix)
        self.place.name.setText(Path(name).stem + suffix)
        # The file of a release has its own name: it says which release it is, and for whom.
        self.place.name.setReadOnly(is_package)
        self.changed.emit()

    def _ask_for_mapping(self) -> None:
        folder = str(usual_folder(self._context.settings))
        picked, _ = QFileDialog.getOpenFileName(self, tr("选择映射文件"), folder, "TOML (*.toml)")
        if picked:
            self.take_mapping(Path(picked))

    def take_mapping(self, path: Path) -> None:
        """Use the names and code lists of a file."""
        try:
            found: Mapping = read_mapping(path)
        except GridAdminError as error:
            self.fault.say(explain(error), "error")
            return
        self.fault.say("")
        self._mapping = found
        self._mapping_file = path.name
        self._follow_mapping(str(self.format.currentData()))

    def _follow_mapping(self, suffix: str) -> None:
        """Offer other names where the format takes them, and say which are used."""
        why = tr("Excel 台账的列名是固定的。") if suffix == _LEDGER else ""
        self.choose_mapping.setEnabled(not why)
        self.choose_mapping.setToolTip(why)
        said = tr("列名和代码不变。")
        if self._mapping_file and not why:
            said = tr("按 {name} 改列名和代码。", name=self._mapping_file)
        self.mapped.setText(why or said)


def _selected(context: Context) -> str | None:
    uid = context.selection.area
    return uid if uid is not None and uid in context.bridge.snapshot.rows("area") else None
