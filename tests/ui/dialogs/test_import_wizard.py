"""The import in steps: it looks first, asks in place, shows what will happen, only then writes."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton
from pytestqt.qtbot import QtBot

from gridadmin.app.import_preview import PreviewShapes
from gridadmin.app.session import Session
from gridadmin.edit.area_commands import SetField
from tests.cli.boundaries import boundary_file, box, quarters
from tests.ui.dialogs.conftest import LONG_MS, click, idle, opened, press, type_in
from ui.context import Context
from ui.dialogs.import_wizard import ImportWizard
from ui.dialogs.task_dialog import Page


@pytest.fixture
def wizard(qtbot: QtBot, working: Context) -> ImportWizard:
    made = ImportWizard(working)
    qtbot.addWidget(made)
    made.show()
    idle(qtbot, working)
    return made


def look(qtbot: QtBot, context: Context, wizard: ImportWizard, path: Path) -> None:
    wizard.set_file(path)
    idle(qtbot, context)


def onward(qtbot: QtBot, wizard: ImportWizard) -> None:
    click(wizard.main_button)
    qtbot.waitUntil(lambda: not wizard.strip.is_busy, timeout=LONG_MS)


def page_of(wizard: ImportWizard) -> Page:
    found = wizard.pages.currentWidget()
    assert isinstance(found, Page)
    return found


def level_button(wizard: ImportWizard, level: str) -> QRadioButton:
    found = wizard.meaning_page.findChild(QRadioButton, f"level_{level}")
    assert isinstance(found, QRadioButton)
    return found


def crs_button(wizard: ImportWizard, kind: str) -> QRadioButton:
    found = wizard.columns_page.findChild(QRadioButton, f"crs_{kind}")
    assert isinstance(found, QRadioButton)
    return found


def bring_in(qtbot: QtBot, context: Context, wizard: ImportWizard, path: Path) -> None:
    """Import the chosen set of data as it is guessed."""
    look(qtbot, context, wizard, path)
    while page_of(wizard) is not wizard.done_page:
        assert not wizard.banner.text
        onward(qtbot, wizard)


def facts(wizard: ImportWizard) -> list[str]:
    return wizard.preview_page.board.accessibleName().splitlines()


def remarks(wizard: ImportWizard) -> list[tuple[str, str, str]]:
    model = wizard.preview_page.model
    return [
        tuple(model.data(model.index(row, column)) for column in range(3))
        for row in range(model.rowCount())
    ]


def test_a_file_is_looked_into_before_anything_else(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    assert not wizard.main_button.isEnabled()
    assert wizard.reason.text() == "请选择文件。"
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    tree = wizard.file_page.layers
    model = tree.model()
    rows = range(tree.topLevelItemCount())
    assert [[model.index(row, column).data() for column in range(3)] for row in rows] == [
        ["district", "面", "1 行"],
        ["street", "面", "3 行"],
        ["community", "面", "12 行"],
        ["grid", "面", "93 行"],
        ["micro_grid", "面", "685 行"],
        ["cell", "面", "5 行"],
    ]
    assert wizard.file_page.layer == "district"
    assert context.settings.value("last_folder") == str(demo)


def test_a_dropped_file_is_taken(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(demo / "demo-dirty.gpkg"))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    QApplication.sendEvent(wizard.file_page.drop, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(wizard.file_page.drop, QDropEvent(QPointF(9, 9), copy, data, left, none))
    idle(qtbot, context)
    assert wizard.file == demo / "demo-dirty.gpkg"
    assert wizard.file_page.layers.topLevelItemCount() == 6


def test_what_it_is_is_guessed_and_said_to_be_a_guess(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    wizard.file_page.choose("grid")
    onward(qtbot, wizard)
    assert wizard.meaning_page.level == "grid"
    assert wizard.meaning_page._guess.text() == "猜测：从名称“grid”看，是“网格”。不对就改选。"
    assert not level_button(wizard, "roads").isEnabled()
    click(wizard.back_button)
    wizard.file_page.choose("cell")
    onward(qtbot, wizard)
    assert wizard.meaning_page.level is None
    assert wizard.reason.text() == "请选择这组数据是什么。"


def test_columns_are_guessed_shown_with_samples_and_can_be_changed(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    wizard.file_page.choose("street")
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    fields = wizard.columns_page.fields
    asked = {role: field for role, field in fields.items() if field.box.isVisible()}
    assert {role: field.column for role, field in asked.items()} == {
        "code": "code",
        "name": "name",
        "parent": "",
    }
    assert fields["code"].told.text() == "样例：990001001、990001002、990001003"
    fields["code"].box.setCurrentIndex(0)
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    assert [area.code for area in context.bridge.snapshot.areas()] == [None] * 4


def test_the_preview_tells_everything_and_writes_nothing(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    shown: list[PreviewShapes | None] = []
    wizard.preview_changed.connect(shown.append)
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    wizard.file_page.choose("community")
    for _ in range(3):
        onward(qtbot, wizard)
    assert page_of(wizard) is wizard.preview_page
    assert wizard.preview_page.headline.text() == "将导入“社区（村）”12 个。"
    assert facts(wizard) == [
        "12 文件里的行",
        "12 新增的区域",
        "0 项目里已有的区域",
        "12 带边界的区域",
        "1 处争议地块，共 547.00 m²",
        "2 块没有归属的土地，共 286,372 m²",
    ]
    assert remarks(wizard) == [
        ("重叠", "990001003002、990001003006", "547.00 m²"),
        ("空隙", "", "285,902 m²"),
        ("空隙", "", "470.06 m²"),
    ]
    assert context.bridge.snapshot.revision == 0
    (shapes,) = shown
    assert shapes is not None
    assert {role: len(rings) for role, rings in shapes.by_role().items()} == {
        "new": 12,
        "known": 0,
        "disputed": 1,
        "gap": 2,
    }
    assert shapely.Polygon(shapes.disputed[0]).area == pytest.approx(547.0, abs=0.01)
    gaps = sorted(shapely.Polygon(ring).area for ring in shapes.gap)
    assert gaps == pytest.approx([470.06, 285_901.73], abs=0.01)
    click(wizard.back_button)
    assert shown[1:] == [None]


def test_all_levels_of_a_file_come_in_one_after_another(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    dones: list[object] = []
    wizard.imported.connect(dones.append)
    bring_in(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    assert wizard.done_page.headline.text() == "外框已导入。"
    for words in (
        "接着导入同一文件的“street”（街道（镇、乡））",
        "接着导入同一文件的“community”（社区（村））",
        "接着导入同一文件的“grid”（网格）",
    ):
        assert wizard.done_page.next_button.text() == words
        click(wizard.done_page.next_button)
        idle(qtbot, context)
        while page_of(wizard) is not wizard.done_page:
            onward(qtbot, wizard)
    assert len(dones) == 4
    snapshot = context.bridge.snapshot
    assert snapshot.revision == 4
    assert snapshot.has_frame
    counts = [sum(a.level == level for a in snapshot.areas()) for level in ("community", "grid")]
    assert counts == [12, 93]
    assert "3 处争议地块暂不归任何区域" in wizard.done_page.todo.text
    with qtbot.waitSignal(wizard.issues_wanted):
        click(wizard.done_page.issues_button)
    assert not wizard.isVisible()


def test_the_same_file_again_has_nothing_to_import(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    path = boundary_file(chinese_dir / "网格.gpkg", quarters())
    bring_in(qtbot, context, wizard, path)
    look(qtbot, context, wizard, path)
    for _ in range(3):
        onward(qtbot, wizard)
    assert facts(wizard)[1:3] == ["0 新增的区域", "4 项目里已有的区域"]
    assert not wizard.main_button.isEnabled()
    assert wizard.reason.text() == "文件里的内容项目里都已经有了，不用导入。"


def test_coordinates_without_a_system_are_asked_about_in_place(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    path = boundary_file(chinese_dir / "网格 无系.gpkg", quarters(), crs=None)
    look(qtbot, context, wizard, path)
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    assert page_of(wizard) is wizard.columns_page
    words = wizard.columns_page.crs._words.text()
    assert "看不出中央经线" in words
    assert "--" not in words
    assert not wizard.main_button.isEnabled()
    assert wizard.reason.text() == "请选择位置怎么读。"
    names = wizard.columns_page.crs.names
    names.setCurrentIndex(names.findData("EPSG:4549"))
    onward(qtbot, wizard)
    assert page_of(wizard) is wizard.preview_page
    onward(qtbot, wizard)
    assert context.bridge.snapshot.setting("plane")["epsg"] == 4549


def test_longitude_and_latitude_are_offered_with_the_web_maps(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    square = shapely.box(120.33, 36.05, 120.34, 36.06)
    path = boundary_file(
        chinese_dir / "网格.gpkg", [({"code": "990001001001", "name": "样例"}, square)], crs=None
    )
    look(qtbot, context, wizard, path)
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    assert [crs_button(wizard, kind).text() for kind in ("proposed", "gcj02", "bd09", "other")] == [
        "按经纬度（国家大地 2000）读取",
        "高德、腾讯地图上画的",
        "百度地图上画的",
        "其他：",
    ]
    qtbot.waitUntil(lambda: wizard.focusWidget() is crs_button(wizard, "proposed"))
    click(crs_button(wizard, "gcj02"))
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    assert page_of(wizard) is wizard.done_page
    x, _ = context.bridge.to_plane(context.bridge.extent()[:2])  # type: ignore[index]
    # Some 500 m west of where the numbers alone would be.
    assert x == pytest.approx(529_739 - 470, abs=120)


def test_a_wrong_answer_is_told_and_can_be_changed(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    path = boundary_file(chinese_dir / "网格.gpkg", quarters(), crs=None)
    look(qtbot, context, wizard, path)
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    wizard.columns_page.crs.names.setEditText("EPSG:99999")
    onward(qtbot, wizard)
    assert page_of(wizard) is wizard.columns_page
    assert "认不出坐标系“EPSG:99999”" in wizard.columns_page.crs._words.text()
    wizard.columns_page.crs.names.setEditText("EPSG:4549")
    onward(qtbot, wizard)
    assert page_of(wizard) is wizard.preview_page


def test_a_file_drawn_on_a_shifted_map_is_asked_about_and_may_stay_as_it_is(
    qtbot: QtBot, context: Context, chinese_dir: Path
) -> None:
    from gridadmin.partition.datum import gcj02_from_wgs84

    def lonlat(shape: shapely.Geometry) -> shapely.Geometry:
        from pyproj import Transformer

        move = Transformer.from_crs("EPSG:4549", "EPSG:4326", always_xy=True).transform
        return shapely.transform(shape, move, interleaved=False)

    opened(context, chinese_dir / "p.gpkg", name="样例区")
    plain = [(values, lonlat(shape)) for values, shape in quarters()]
    shifted = [
        (values, shapely.transform(shape, gcj02_from_wgs84, interleaved=False))
        for values, shape in plain
    ]
    first = boundary_file(chinese_dir / "社区.gpkg", plain, crs="EPSG:4326")
    second = boundary_file(chinese_dir / "网格.gpkg", shifted, crs="EPSG:4326")
    wizard = ImportWizard(context)
    qtbot.addWidget(wizard)
    wizard.show()
    bring_in(qtbot, context, wizard, first)
    look(qtbot, context, wizard, second)
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    assert "像是在偏移过的网页地图上画的" in wizard.columns_page.crs._words.text()
    click(crs_button(wizard, "as_declared"))
    onward(qtbot, wizard)
    assert page_of(wizard) is wizard.preview_page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("坏 文件.gpkg", b"SQLite format 3\x00" + b"\x00" * 200, "坏 文件.gpkg"),
        ("空.geojson", b"", "是空的"),
        ("图纸.dwg", b"AC1027" + b"\x00" * 50, "另存为 DXF"),
        ("坏.geojson", b'{"type": "FeatureCollection", "features": [', "坏.geojson"),
    ],
)
def test_a_bad_file_is_told_in_place_and_another_can_be_chosen(
    qtbot: QtBot,
    context: Context,
    wizard: ImportWizard,
    chinese_dir: Path,
    demo: Path,
    name: str,
    content: bytes,
    words: str,
) -> None:
    path = chinese_dir / name
    path.write_bytes(content)
    look(qtbot, context, wizard, path)
    assert words in wizard.banner.text
    assert wizard.file_page.drop.path.text() == str(path)
    assert not wizard.main_button.isEnabled()
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    assert not wizard.banner.text
    assert wizard.main_button.isEnabled()


def test_rows_that_cannot_be_used_are_listed_with_their_reason(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    rows = quarters()
    rows[1] = (rows[1][0], None)
    rows.append(({"code": "990001001009", "name": "点"}, shapely.Point(530_010, 3_994_010)))
    look(qtbot, context, wizard, boundary_file(chinese_dir / "网格.gpkg", rows))
    for _ in range(3):
        onward(qtbot, wizard)
    assert "2 不能用而不导入的行" in facts(wizard)
    assert [(what, where) for what, where, _ in remarks(wizard)] == [
        ("不导入", "第 2 行"),
        ("不导入", "第 5 行"),
    ]
    assert remarks(wizard)[0][2].startswith("第 2 行没有图形，未读入。")


def test_a_list_adds_areas_without_land(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    path = chinese_dir / "社区名单.csv"
    path.write_text("编码,名称\n990001001001,甲社区\n990001001002,乙社区\n", encoding="utf-8")
    look(qtbot, context, wizard, path)
    onward(qtbot, wizard)
    assert wizard.meaning_page.level == "community"
    assert not level_button(wizard, "frame").isEnabled()
    onward(qtbot, wizard)
    assert not wizard.columns_page.crs.isVisible()
    onward(qtbot, wizard)
    assert wizard.preview_page._note.text() == "现在还没有写入任何内容。"
    onward(qtbot, wizard)
    names = sorted(area.name for area in context.bridge.snapshot.areas())
    assert names == ["乙社区", "样例区", "甲社区"]


def test_exempt_land_needs_a_reason_and_an_approver(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    bring_in(qtbot, context, wizard, boundary_file(chinese_dir / "网格.gpkg", quarters()))
    lake = boundary_file(chinese_dir / "湖.gpkg", [({"name": "虚构湖"}, box(50, 50, 150, 150))])
    look(qtbot, context, wizard, lake)
    onward(qtbot, wizard)
    click(level_button(wizard, "exempt"))
    assert wizard.reason.text() == "例外地块要写明事由和批准人。"
    fields = wizard.meaning_page.exempt
    fields.reason.setText("水面")
    fields.approver.setText("张三（示例）")
    type_in(fields.until, "2030")
    assert not wizard.main_button.isEnabled()
    type_in(fields.until, "-12-31")
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    (exempt,) = context.bridge.snapshot.rows("exempt").values()
    assert (exempt.reason, exempt.approver, exempt.until) == ("水面", "张三（示例）", "2030-12-31")


def test_buildings_come_with_their_households(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    wizard.file_page.choose("street")
    for _ in range(4):
        onward(qtbot, wizard)
    look(qtbot, context, wizard, demo / "buildings.geojson")
    onward(qtbot, wizard)
    assert wizard.meaning_page.level == "buildings"
    while page_of(wizard) is not wizard.done_page:
        onward(qtbot, wizard)
    assert wizard.done_page.headline.text() == "已导入“楼栋和户数”7904 个。"
    assert len(context.bridge.snapshot.rows("building")) == 7904


def test_cancelling_an_import_keeps_the_revision_and_the_wizard(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    wizard.file_page.choose("micro_grid")
    for _ in range(3):
        onward(qtbot, wizard)
    click(wizard.main_button)
    press(wizard, Qt.Key.Key_Escape)
    idle(qtbot, context)
    assert wizard.isVisible()
    assert wizard.banner.text == "已取消，项目没有改动。"
    assert context.bridge.snapshot.revision == 0
    with Session.open(context.bridge.path, write=False) as session:
        assert session.snapshot.revision == 0
    onward(qtbot, wizard)
    assert page_of(wizard) is wizard.done_page
    assert context.bridge.snapshot.revision == 1


def test_cancelling_the_preview_leaves_the_step_usable(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    wizard.file_page.choose("micro_grid")
    onward(qtbot, wizard)
    onward(qtbot, wizard)
    click(wizard.main_button)
    click(wizard.strip.stop_button)
    idle(qtbot, context)
    assert page_of(wizard) is wizard.columns_page
    assert wizard.pages.isEnabled()
    onward(qtbot, wizard)
    assert page_of(wizard) is wizard.preview_page


def test_a_change_of_the_project_makes_the_preview_old(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    wizard.file_page.choose("street")
    for _ in range(3):
        onward(qtbot, wizard)
    root = context.bridge.snapshot.root
    assert context.bridge.execute(SetField(root.uid, "name", "另一个名字")) is not None
    assert wizard.banner.text == "项目刚才有了改动，请更新预览。"
    assert wizard.main_button.text() == "更新预览"
    onward(qtbot, wizard)
    assert wizard.main_button.text() == "导入"
    assert not wizard.banner.text
    onward(qtbot, wizard)
    assert context.bridge.snapshot.revision == 2


def test_the_keyboard_alone_imports(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    look(qtbot, context, wizard, boundary_file(chinese_dir / "网格.gpkg", quarters()))
    qtbot.waitUntil(lambda: wizard.focusWidget() is wizard.file_page.layers)
    for _ in range(4):
        field = wizard.focusWidget()
        assert field is not None
        press(field, Qt.Key.Key_Return)
        idle(qtbot, context)
    assert page_of(wizard) is wizard.done_page


def test_every_control_has_a_name(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit

    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    while page_of(wizard) is not wizard.preview_page:
        onward(qtbot, wizard)
    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView):
        for control in wizard.findChildren(kind):
            if control.objectName().startswith("qt_") or not control.objectName():
                continue
            named = control.accessibleName() or (
                control.text() if isinstance(control, QAbstractButton) else ""
            )
            hidden = isinstance(control, QAbstractButton) and not control.isVisible()
            assert named or hidden, control.objectName()


def test_closing_another_project_closes_the_wizard(context: Context, wizard: ImportWizard) -> None:
    context.bridge.close()
    assert not wizard.isVisible()


def test_it_stands_where_the_map_stays_in_view(qtbot: QtBot, working: Context) -> None:
    from PySide6.QtWidgets import QMainWindow

    window = QMainWindow()
    qtbot.addWidget(window)
    window.setGeometry(0, 0, 780, 580)
    window.show()
    wizard = ImportWizard(working, window)
    wizard.show()
    assert not wizard.isModal()
    assert wizard.geometry().right() <= 780
    assert wizard.pos() != QPoint(0, 0)


def test_closing_while_it_works_cancels_first(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    look(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    wizard.file_page.choose("micro_grid")
    for _ in range(3):
        onward(qtbot, wizard)
    click(wizard.main_button)
    wizard.close()
    assert wizard.isVisible()
    qtbot.waitUntil(lambda: not wizard.isVisible(), timeout=LONG_MS)
    assert context.bridge.snapshot.revision == 0


def test_closing_the_project_while_a_file_is_read_harms_nothing(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    wizard.set_file(demo / "demo-dirty.gpkg")
    context.bridge.close()
    idle(qtbot, context)
    assert not wizard.isVisible()


def test_points_alone_can_only_be_buildings(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    rows = [({"code": "990001001001", "name": "点"}, shapely.Point(530_010, 3_994_010))]
    look(qtbot, context, wizard, boundary_file(chinese_dir / "点.gpkg", rows))
    onward(qtbot, wizard)
    closed = ("grid", "frame", "roads", "compounds")
    assert not any(level_button(wizard, key).isEnabled() for key in closed)
    assert level_button(wizard, "buildings").isEnabled()
    guess = wizard.meaning_page.findChild(QLabel, "guess")
    assert isinstance(guess, QLabel)
    assert guess.text().startswith("这组数据只有点，没有画出区域的范围：可以作为楼栋导入")
    assert not wizard.main_button.isEnabled()


def test_roads_come_in_with_their_columns_and_what_was_joined(
    qtbot: QtBot, context: Context, wizard: ImportWizard, demo: Path
) -> None:
    bring_in(qtbot, context, wizard, demo / "demo-dirty.gpkg")
    before = context.bridge.snapshot.revision
    look(qtbot, context, wizard, demo / "roads.geojson")
    onward(qtbot, wizard)
    assert wizard.meaning_page.level == "roads"
    assert not level_button(wizard, "compounds").isEnabled()
    onward(qtbot, wizard)
    asked = {
        role: field.column
        for role, field in wizard.columns_page.fields.items()
        if field.box.isVisible()
    }
    assert asked == {"name": "name", "class": "class", "source_id": ""}
    onward(qtbot, wizard)
    assert "389 新增的对象" in facts(wizard)
    assert wizard._preview is not None
    assert len(wizard._preview.shapes.new) == 389
    onward(qtbot, wizard)
    assert wizard.done_page.headline.text() == "已导入“道路线”389 个。"
    assert len(context.bridge.snapshot.rows("line_object")) == 389
    context.bridge.undo()
    idle(qtbot, context)
    assert len(context.bridge.snapshot.rows("line_object")) == 0
    assert context.bridge.snapshot.revision == before + 2


def test_a_level_that_is_missing_above_is_said_before_anything_is_written(
    qtbot: QtBot, context: Context, wizard: ImportWizard, chinese_dir: Path
) -> None:
    look(qtbot, context, wizard, boundary_file(chinese_dir / "网格.gpkg", quarters()))
    while page_of(wizard) is not wizard.preview_page:
        onward(qtbot, wizard)
    assert wizard.preview_page.warnings.text == (
        "没有社区（村）：4 个网格将直接归在区（县）下。如果漏了社区（村），请先导入它。"
    )
