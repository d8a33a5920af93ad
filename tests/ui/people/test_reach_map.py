"""The circles of reach: switched on and off, what the box beside them says, where it leads."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton
from pytestqt.qtbot import QtBot

from gridadmin.edit.people_records import PutRecord
from tests.ui.hands import tap
from tests.ui.people.conftest import known
from ui.canvas.overlay import Handles, Mark, Outline, Role
from ui.main_window import MainWindow
from ui.people.reach_box import ReachBox

LEFT = Qt.MouseButton.LeftButton


def box_of(window: MainWindow, qtbot: QtBot) -> ReachBox:
    """Switch the circles on; return the box beside them."""
    window.actions_table.action("view.reach").trigger()
    qtbot.waitUntil(lambda: window.people.reach.box is not None)
    box = window.people.reach.box
    assert box is not None
    QApplication.processEvents()
    return box


def seen(box: ReachBox) -> list[str]:
    """Return the names of the units that are listed."""
    links = [one for one in box.findChildren(QAbstractButton) if one.isVisible()]
    return [one.accessibleName() for one in links if one.objectName().startswith("reach-")]


def test_circles_stand_around_facilities_and_what_lies_in_none_is_hatched(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    box_of(staffed, qtbot)

    things = staffed.map_panel.view.overlay.things("q reach")
    assert [one.role for one in things if isinstance(one, Outline)] == [Role.BEYOND, Role.REACH]
    marks = [one for one in things if isinstance(one, Handles)]
    assert [(len(one.places), one.mark) for one in marks] == [(8, Mark.FACILITY)]

    staffed.actions_table.action("view.reach").trigger()
    assert staffed.map_panel.view.overlay.things("q reach") == ()


def test_the_box_tells_what_lies_in_no_circle(staffed: MainWindow, qtbot: QtBot) -> None:
    box = box_of(staffed, qtbot)

    assert box.isVisible()
    assert box.heading.text() == "便民服务点：10 分钟步行圈"
    assert box.said[:6] == [
        "步行 800 米以内（直线）",
        "不在任何圈内",
        "地图上 8 处",
        "1 处没有登记位置。",
        "圈外 10,609 户，2,488 栋楼",
        "10 个社区（村）有地方不在圈内（面积占比、户数）：",
    ]
    assert box.geometry().bottom() <= staffed.map_panel.height()


def test_a_community_outside_is_shown_by_a_click(staffed: MainWindow, qtbot: QtBot) -> None:
    staffed.docks["people"].hide()
    box = box_of(staffed, qtbot)
    qtbot.waitUntil(lambda: bool(seen(box)))
    first = next(
        one
        for one in box.findChildren(QAbstractButton)
        if one.isVisible() and one.objectName().startswith("reach-99")
    )
    assert first.accessibleName() == "甲戌社区 · 99% · 2,945 户"

    tap(first)

    area = staffed.context.selection.area
    assert area is not None
    assert staffed.context.bridge.snapshot.area(area).name == "甲戌社区"


def test_a_facility_gets_its_circle_as_soon_as_it_has_a_place(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    box = box_of(staffed, qtbot)
    bridge = staffed.context.bridge
    rows = bridge.snapshot.rows("point_object").values()
    without = next(one for one in rows if one.x_mm is None)
    middle = next(one for one in rows if one.x_mm is not None)
    point = [middle.x_mm / 1000 + 300, middle.y_mm / 1000]

    bridge.execute(PutRecord("facility", {"point": point}, without.uid))
    known(qtbot, staffed)

    assert box.said[2] == "地图上 9 处"
    assert not any("没有登记位置" in line for line in box.said)
    bridge.undo()
    known(qtbot, staffed)
    assert box.said[2:4] == ["地图上 8 处", "1 处没有登记位置。"]


def test_the_cross_of_the_box_switches_the_circles_off(staffed: MainWindow, qtbot: QtBot) -> None:
    box = box_of(staffed, qtbot)
    close = box.findChild(QToolButton, "reach_close")
    assert close is not None

    tap(close)

    assert not box.isVisible()
    assert not staffed.actions_table.action("view.reach").isChecked()
    assert staffed.people.reach.shown is None
