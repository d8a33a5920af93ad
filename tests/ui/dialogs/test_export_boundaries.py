"""The export: counts first, warns first, never replaces unasked, and says what it wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QRadioButton
from pytestqt.qtbot import QtBot

from gridadmin.edit.area_commands import SetField
from gridadmin.edit.assign_commands import Anchor, Assign
from gridadmin.edit.people_records import PutRecord
from gridadmin.exchange.reader import list_layers, read_layer
from tests.ui.dialogs.conftest import click, idle, press, with_overlap
from ui.context import Context
from ui.dialogs.export_boundaries import ExportDialog


@pytest.fixture
def filled(working: Context, chinese_dir: Path) -> Context:
    """The project with a street 样例街道 of four grids, two of which overlap by 100 m²."""
    return with_overlap(working, chinese_dir, 1.0)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "导出 结果"
    folder.mkdir()
    return folder


@pytest.fixture
def dialog(qtbot: QtBot, filled: Context, out: Path) -> ExportDialog:
    return shown(qtbot, filled, out)


def shown(qtbot: QtBot, context: Context, out: Path) -> ExportDialog:
    made = ExportDialog(context)
    qtbot.addWidget(made)
    made.show()
    made.choice_page.place.folder.setText(str(out))
    idle(qtbot, context)
    return made


def choose_format(dialog: ExportDialog, name: str) -> None:
    button = dialog.findChild(QRadioButton, f"format_{name}")
    assert isinstance(button, QRadioButton)
    click(button)


def level_box(dialog: ExportDialog, key: str) -> QCheckBox:
    found = dialog.findChild(QCheckBox, f"layer_{key}")
    assert isinstance(found, QCheckBox)
    return found


def export(qtbot: QtBot, context: Context, dialog: ExportDialog) -> None:
    click(dialog.main_button)
    idle(qtbot, context)


def test_levels_with_land_are_offered_with_their_counts(dialog: ExportDialog) -> None:
    assert [box.text() for box in dialog.choice_page._levels.values()] == [
        "区（县）　1 个",
        "街道（镇、乡）　1 个",
        "网格　4 个",
    ]
    assert dialog.choice_page.levels == ("district", "street", "grid")
    assert dialog.choice_page.place.name.text() == "样例区-边界.gpkg"


def test_disputed_land_is_told_before(dialog: ExportDialog) -> None:
    assert dialog.choice_page.warning.isVisible()
    assert "1 处争议地块不会出现在任何区域里。" in dialog.choice_page.warning.text


def test_a_package_is_written_and_opens_again(
    qtbot: QtBot, context: Context, dialog: ExportDialog, out: Path
) -> None:
    level_box(dialog, "district").setChecked(False)
    with qtbot.waitSignal(dialog.written, timeout=30_000):
        click(dialog.main_button)
    idle(qtbot, context)
    path = out / "样例区-边界.gpkg"
    layers = {layer.name: layer.feature_count for layer in list_layers(path)}
    assert layers["street"] == 1
    assert layers["grid"] == 4
    assert "district" not in layers
    assert read_layer(path, "street").columns["name"] == ["样例街道"]
    assert dialog.done_page.layers.text() == "街道（镇、乡）　1 个\n网格　4 个"
    assert dialog.done_page.files.text().replace("\u200b", "") == str(path)
    assert context.settings.value("last_folder") == str(out)
    click(dialog.main_button)
    assert not dialog.isVisible()


def test_posts_and_units_go_with_a_package_as_far_as_wanted(
    qtbot: QtBot, context: Context, dialog: ExportDialog, out: Path
) -> None:
    page, bridge = dialog.choice_page, context.bridge
    area = next(one for one in bridge.snapshot.areas() if one.level == "grid")
    bridge.execute(PutRecord("organization", {"name": "虚构局"}))
    bridge.execute(PutRecord("person", {"name": "甲（虚构）", "own_phone": "200-0001"}))
    person = next(iter(bridge.snapshot.rows("person")))
    bridge.execute(Assign(person, Anchor(area=area.uid), "grid_chief", {}))
    assert page.internal.isHidden()
    page.posts.click()
    page.organizations.click()
    assert page.internal.isVisible()

    export(qtbot, context, dialog)

    path = out / "样例区-边界.gpkg"
    with closing(sqlite3.connect(path)) as file:
        posts = file.execute("SELECT person_name, post FROM posts").fetchall()
        units = file.execute("SELECT name FROM organizations").fetchall()
    assert (posts, units) == ([("甲（虚构）", "grid_chief")], [("虚构局",)])
    choose_other = shown(qtbot, context, out)
    choose_format(choose_other, "kml")
    assert not choose_other.choice_page.posts.isEnabled()


def test_the_list_of_issues_goes_with_a_package_only(
    qtbot: QtBot, context: Context, dialog: ExportDialog, out: Path
) -> None:
    choose_format(dialog, "geojson")
    assert not dialog.choice_page.issues.isEnabled()
    choose_format(dialog, "gpkg")
    click(dialog.choice_page.issues)
    export(qtbot, context, dialog)
    database = sqlite3.connect(out / "样例区-边界.gpkg")
    kinds = {kind for (kind,) in database.execute("SELECT kind FROM issues")}
    database.close()
    assert "overlap" in kinds


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("geojson", ["样例区-边界-grid.geojson", "样例区-边界-street.geojson"]),
        ("kml", ["样例区-边界-grid.kml", "样例区-边界-street.kml"]),
        ("dxf", ["样例区-边界-grid.dxf", "样例区-边界-street.dxf"]),
        ("shp", ["样例区-边界"]),
    ],
)
def test_other_formats_make_a_file_for_each_level(
    qtbot: QtBot,
    context: Context,
    dialog: ExportDialog,
    out: Path,
    name: str,
    files: list[str],
) -> None:
    choose_format(dialog, name)
    assert dialog.choice_page.place.name.text() == f"样例区-边界.{name}"
    level_box(dialog, "district").setChecked(False)
    export(qtbot, context, dialog)
    assert sorted(path.name for path in out.iterdir()) == files


def test_a_shapefile_may_be_in_gbk_and_lost_letters_are_counted(
    qtbot: QtBot, filled: Context, out: Path
) -> None:
    street = next(area for area in filled.bridge.snapshot.areas() if area.level == "street")
    filled.bridge.execute(SetField(street.uid, "name", "\U00020021样例街道"))
    dialog = shown(qtbot, filled, out)
    gbk = dialog.choice_page.gbk
    assert not gbk.isVisible()
    choose_format(dialog, "shp")
    click(gbk)
    click(dialog.main_button)
    idle(qtbot, filled)

    assert dialog.done_page.warning.text.endswith("有 1 个字 GBK 里没有，写成了 〓。")
    assert dialog.exported is not None
    files = {path.name: path for path in dialog.exported.files[0].parent.rglob("*.dbf")}
    assert "〓样例街道".encode("gbk") in files["street.dbf"].read_bytes()


def test_without_gbk_all_letters_stay(qtbot: QtBot, dialog: ExportDialog, filled: Context) -> None:
    choose_format(dialog, "shp")
    click(dialog.main_button)
    idle(qtbot, filled)

    assert dialog.exported is not None
    folder = dialog.exported.files[0].parent
    assert "样例街道".encode() in next(folder.rglob("street.dbf")).read_bytes()


def test_only_the_selected_area_is_written(qtbot: QtBot, filled: Context, out: Path) -> None:
    context = filled
    grid = context.bridge.snapshot.bearing("990001001003")[0]
    context.selection.select_areas([grid.uid])
    dialog = shown(qtbot, context, out)
    assert dialog.choice_page.part.text() == "只导出“样例3”和它的下级"
    click(dialog.choice_page.part)
    idle(qtbot, context)
    assert dialog.choice_page.levels == ("grid",)
    export(qtbot, context, dialog)
    assert read_layer(out / "样例区-边界.gpkg", "grid").columns["code"] == ["990001001003"]


def test_a_file_that_is_there_is_replaced_only_when_told_so(
    qtbot: QtBot, context: Context, dialog: ExportDialog, out: Path
) -> None:
    old = out / "样例区-边界.geojson"
    old.write_text("old", encoding="utf-8")
    choose_format(dialog, "geojson")
    for key in ("district", "street"):
        level_box(dialog, key).setChecked(False)
    assert dialog.choice_page._standing.isVisible()
    assert not dialog.main_button.isEnabled()
    press(dialog, Qt.Key.Key_Return)
    assert old.read_text(encoding="utf-8") == "old"
    click(dialog.choice_page.replaces)
    export(qtbot, context, dialog)
    assert len(read_layer(old)) == 4


def test_a_project_is_never_replaced(qtbot: QtBot, context: Context, dialog: ExportDialog) -> None:
    filled = context.bridge.path
    before = filled.read_bytes()
    dialog.choice_page.place.folder.setText(str(filled.parent))
    dialog.choice_page.place.name.setText(filled.name)
    click(dialog.choice_page.replaces)
    export(qtbot, context, dialog)
    assert "是项目文件" in dialog.banner.text
    assert dialog.choice_page.isVisible()
    assert filled.read_bytes() == before


def test_cancelling_writes_nothing(
    qtbot: QtBot, context: Context, dialog: ExportDialog, out: Path
) -> None:
    click(dialog.main_button)
    press(dialog, Qt.Key.Key_Escape)
    idle(qtbot, context)
    assert dialog.banner.text == "已取消，没有写出任何文件。"
    assert list(out.iterdir()) == []
    export(qtbot, context, dialog)
    assert dialog.exported is not None


def test_without_any_level_the_button_says_why(dialog: ExportDialog) -> None:
    for key in ("district", "street", "grid"):
        level_box(dialog, key).setChecked(False)
    assert dialog.main_button.toolTip() == "请至少选一个层级。"


def test_a_project_without_land_has_nothing_to_export(
    qtbot: QtBot, working: Context, out: Path
) -> None:
    dialog = shown(qtbot, working, out)
    assert dialog.reason.text() == "还没有可以导出的土地，请先导入边界。"


class Folders(QObject):
    """Takes the place of the file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url)


def test_the_folder_can_be_opened(
    qtbot: QtBot, context: Context, dialog: ExportDialog, out: Path
) -> None:
    folders = Folders()
    # The stubs ask for bytes, the binding takes text.
    QDesktopServices.setUrlHandler("file", folders, "open")  # type: ignore[arg-type]
    try:
        export(qtbot, context, dialog)
        click(dialog.done_page.folder_button)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert folders.opened == [QUrl.fromLocalFile(str(out))]


def test_an_export_waits_for_a_change_that_is_being_stored(
    qtbot: QtBot, filled: Context, dialog: ExportDialog, out: Path
) -> None:
    document = filled.bridge.document
    rename = SetField(filled.bridge.snapshot.root.uid, "name", "新名称")
    prepared = document.prepare(rename)
    document.store_prepared(prepared)

    export(qtbot, filled, dialog)
    told, written = dialog.banner.text, list(out.iterdir())
    document.adopt(prepared)
    export(qtbot, filled, dialog)

    assert (told, written) == ("另一项修改正在保存，请在保存完成后再试。", [])
    assert dialog.exported is not None
