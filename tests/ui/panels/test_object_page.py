"""Buildings, compounds and roads are selected on the map, and their page says and does the rest."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import oid_of
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot
from tests.ui.conftest import rest
from tests.ui.hands import tap
from tests.ui.mapping import click, hover
from ui.canvas.overlay import Handles, Mark, Outline, Role, Tag
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.panels.object_page import ObjectPage
from ui.shell.object_menu import add_object_entries


def uid_of(snapshot: Snapshot, table: str, name: str) -> str:
    rows = snapshot.rows(table)
    return next(uid for uid in sorted(rows) if rows[uid].name == name)


def place_of(window: MainWindow, table: str, name: str) -> Place:
    snapshot = window.context.bridge.snapshot
    ground = Ground.of(snapshot)
    placed = ground.buildings if table == "building" else ground.compounds
    shape = placed.shapes[placed.numbers[uid_of(snapshot, table, name)]]
    point = shape.representative_point()
    return point.x, point.y


def look(window: MainWindow, qtbot: QtBot, place: Place, half_m: float) -> None:
    (x, y) = place
    window.map_panel.show_box((x - half_m, y - half_m, x + half_m, y + half_m))
    rest(qtbot, window)


def select(window: MainWindow, qtbot: QtBot, table: str, name: str) -> ObjectPage:
    uid = uid_of(window.context.bridge.snapshot, table, name)
    window.context.selection.select_thing(table, uid)
    return page(window, qtbot)


def page(window: MainWindow, qtbot: QtBot) -> ObjectPage:
    qtbot.waitUntil(lambda: isinstance(window.inspector.page, ObjectPage))
    found = window.inspector.page
    assert isinstance(found, ObjectPage)
    return found


def said(shown: ObjectPage) -> set[str]:
    labels = {one.text() for one in shown.findChildren(QLabel)}
    return labels | {one.text() for one in shown.findChildren(QPushButton)}


def takers(shown: ObjectPage) -> QComboBox:
    box = shown.findChild(QComboBox, "outline-to")
    assert box is not None
    return box


def button(shown: ObjectPage, name: str) -> QPushButton:
    found = shown.findChild(QPushButton, name)
    assert found is not None
    return found


def test_a_click_goes_on_from_the_micro_grid_to_the_building_and_its_compound(
    window: MainWindow, qtbot: QtBot
) -> None:
    place = place_of(window, "building", "天地聚居点1号")
    look(window, qtbot, place, 60)
    snapshot, selection = window.context.bridge.snapshot, window.context.selection

    seen = []
    for _ in range(4):
        click(window, place)
        seen.append(selection.now)

    first, building, compound, again = seen
    assert [snapshot.area(uid).name for uid in first.areas] == ["01-01微网格"]
    assert building.thing == ("building", uid_of(snapshot, "building", "天地聚居点1号"))
    assert compound.thing == ("compound", uid_of(snapshot, "compound", "天地聚居点"))
    assert again == first


def test_the_pointer_shows_what_the_next_click_takes(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window, "building", "天地聚居点1号")
    look(window, qtbot, place, 60)
    click(window, place)

    hover(window, place)

    (outline,) = window.map_panel.view.overlay.things("select")
    assert isinstance(outline, Outline)
    assert outline.role is Role.HOVER
    assert len(outline.lines[0]) == 5


def test_layers_that_are_hidden_are_not_clicked(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window, "building", "天地聚居点1号")
    look(window, qtbot, place, 60)
    window.context.settings.set_value("hidden_layers", ["buildings", "compounds"])

    for _ in range(4):
        click(window, place)
        assert window.context.selection.now.thing is None


def test_a_second_click_on_a_border_takes_the_road_that_it_follows(
    window: MainWindow, qtbot: QtBot
) -> None:
    snapshot = window.context.bridge.snapshot
    uid = uid_of(snapshot, "line_object", "天地巷")
    ground = Ground.of(snapshot)
    line = ground.lines.shapes[ground.lines.numbers[uid]]
    middle = line.interpolate(0.5, normalized=True)
    look(window, qtbot, (middle.x, middle.y), 80)

    click(window, (middle.x, middle.y))
    assert window.context.selection.now.border is not None
    click(window, (middle.x, middle.y))

    assert window.context.selection.now.thing == ("line_object", uid)
    assert {"天地巷", "道路 · 巷", "1.03 公里"} <= said(page(window, qtbot))


def test_a_compound_says_what_it_is_and_leads_to_its_areas(
    window: MainWindow, qtbot: QtBot
) -> None:
    shown = select(window, qtbot, "compound", "天地聚居点")

    assert {"天地聚居点", "住宅小区 · 乡村集中居住区", "111 栋", "228 户", "01-05微网格"} <= said(
        shown
    )
    outlines = window.map_panel.view.overlay.things("0 selected")
    assert [one.role for one in outlines if isinstance(one, Outline)] == [Role.SELECTED]


def test_giving_an_outline_is_shown_first_and_done_by_the_button(
    window: MainWindow, qtbot: QtBot
) -> None:
    shown = select(window, qtbot, "compound", "天地聚居点")
    box, give = takers(shown), button(shown, "outline-give")
    overlay, bridge = window.map_panel.view.overlay, window.context.bridge
    assert not give.isEnabled()
    assert give.toolTip() == "请先选择接收的区域。"

    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    rows = [row for t in overlay.things("n proposal") if isinstance(t, Tag) for row in t.rows]
    assert box.currentText() == "01-01微网格 · 微网格"
    assert {row[0] for row in rows} >= {"01-01微网格", "01-04微网格", "01-05微网格"}
    to = box.currentData()
    before = bridge.snapshot.land_twice_mm2(to)

    QTest.keyClick(give, Qt.Key.Key_Space)

    assert bridge.snapshot.revision == 1
    assert bridge.snapshot.land_twice_mm2(to) - before == pytest.approx(
        2 * 39_434_000_000, rel=0.001
    )
    assert not overlay.things("n proposal")


def test_what_is_shown_goes_when_something_else_is_selected(
    window: MainWindow, qtbot: QtBot
) -> None:
    box = takers(select(window, qtbot, "compound", "天地聚居点"))
    box.setCurrentIndex(1)
    overlay = window.map_panel.view.overlay
    assert overlay.things("n proposal")

    window.context.selection.clear()

    qtbot.waitUntil(lambda: not overlay.things("n proposal"))


def test_a_new_grid_is_made_of_the_outline_and_selected(window: MainWindow, qtbot: QtBot) -> None:
    shown = select(window, qtbot, "compound", "天地聚居点")

    tap(button(shown, "outline-new"))

    snapshot = window.context.bridge.snapshot
    (uid,) = window.context.selection.areas
    assert (snapshot.area(uid).name, snapshot.area(uid).level) == ("天地聚居点", "grid")
    assert snapshot.partition.has_land(oid_of(uid))


def test_a_cut_building_says_so_and_leads_to_the_border(window: MainWindow, qtbot: QtBot) -> None:
    bridge = window.context.bridge
    old, new = (494.433, -1013.621), (533.235, -1091.538)
    assert bridge.execute(Move(bridge.to_plane(old), bridge.to_plane(new)))

    shown = select(window, qtbot, "building", "致雨聚居点35栋")
    assert {"被边界切开", "楼栋不应被边界切开。"} <= said(shown)
    links = [
        one for one in shown.findChildren(QPushButton) if one.objectName().startswith("border-")
    ]
    tap(links[0])

    assert "边界：" in links[0].text()
    assert window.context.selection.now.border == int(links[0].objectName().removeprefix("border-"))


def test_the_menu_leads_to_the_page(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window, "building", "天地聚居点1号")
    menu = QMenu(window)
    add_object_entries(menu, window.context, window.map_panel.view, place)
    entry = next(one for one in menu.actions() if one.objectName() == "see-building")

    entry.trigger()

    assert "天地聚居点1号" in said(page(window, qtbot))


def test_a_refusal_in_the_menu_stands_on_the_map(window: MainWindow) -> None:
    place = place_of(window, "compound", "天地聚居点")
    bridge = window.context.bridge
    # Its land is below the community already, so nothing is left to give.
    community = next(a for a in bridge.snapshot.areas() if a.name == "甲子社区")
    window.context.selection.select_areas([community.uid])
    menu = QMenu(window)
    add_object_entries(menu, window.context, window.map_panel.view, place)
    entry = next(one for one in menu.actions() if one.text().startswith("把此住宅小区划给"))

    entry.hover()

    things = window.map_panel.view.overlay.things("r outline")
    assert [one.mark for one in things if isinstance(one, Handles)] == [Mark.REFUSED]
    (tag,) = [one for one in things if isinstance(one, Tag)]
    assert "".join(row[0] for row in tag.rows).startswith("这里没有可以划入的土地")
    menu.aboutToHide.emit()
    assert not window.map_panel.view.overlay.things("r outline")
