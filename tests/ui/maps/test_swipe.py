"""Two maps in one: a line is dragged over the map, and left of it lies the other one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.edit.plan_commands import OpenPlan
from gridadmin.edit.vertex_commands import Move
from tests.ui.conftest import rest
from tests.ui.hands import tap
from tests.ui.mapping import border_with_vertex
from tests.ui.maps.choosing import LEFT, NONE, choose
from ui.main_window import MainWindow
from ui.maps import look
from ui.maps.states import BASE, NOW
from ui.maps.swipe import Swipe


def begin(qtbot: QtBot, window: MainWindow) -> Swipe:
    window.actions_table.action("map.swipe").trigger()
    swipe = window.maps.swipe
    assert swipe is not None
    shown(qtbot, window, swipe)
    return swipe


def shown(qtbot: QtBot, window: MainWindow, swipe: Swipe) -> None:
    """Wait until both pictures are of what is seen now."""
    rest(qtbot, window)
    view = window.map_panel.view

    def is_there() -> bool:
        other = swipe._picture
        return (
            other is not None
            and other.viewport.metres_per_px == view.view.metres_per_px
            and other.viewport.shows(view.view.bounds())
            and swipe.pictures.snapshot is not None
        )

    qtbot.waitUntil(is_there, timeout=20_000)


def drawn(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the map shows the present state."""
    view, bridge = window.map_panel.view, window.context.bridge

    def is_there() -> bool:
        picture = view.picture
        return picture is not None and picture.revision == bridge.snapshot.revision

    qtbot.waitUntil(is_there, timeout=20_000)
    rest(qtbot, window)


def map_alone(window: MainWindow) -> QImage:
    """Return the map without what floats over it."""
    shot: QImage = window.map_panel.view.grab().toImage()
    return shot


def half(image: QImage, at: int, side: str) -> QImage:
    """Return what lies clearly on one side of the line."""
    if side == "left":
        return image.copy(0, 0, at - 2, image.height())
    return image.copy(at + 2, 0, image.width() - at - 2, image.height())


def test_left_of_the_line_lies_the_map_without_base_map(qtbot: QtBot, window: MainWindow) -> None:
    before = map_alone(window)
    swipe = begin(qtbot, window)
    assert swipe.bar.look_bar.look == look.Look(NOW, look.NONE)
    at = swipe.at_px
    now = map_alone(window)

    assert half(now, at, "left") != half(before, at, "left")
    assert half(now, at, "right") == half(before, at, "right")
    assert (swipe.left.text(), swipe.right.text()) == ("无底图", "底图：项目旁的文件")

    window.actions_table.action("map.swipe").trigger()
    QApplication.processEvents()
    assert map_alone(window) == before
    assert window.maps.swipe is None


def test_line_is_dragged_and_moved_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    swipe = begin(qtbot, window)
    start, middle = swipe.at_px, QPoint(swipe.handle.width() // 2, 300)

    QTest.mousePress(swipe.handle, LEFT, NONE, middle)
    QTest.mouseMove(swipe.handle, middle + QPoint(150, 0))
    QTest.mouseRelease(swipe.handle, LEFT, NONE, middle)
    assert swipe.at_px == start + 150
    QTest.keyClick(swipe.handle, Qt.Key.Key_Left)
    assert swipe.at_px == start + 140
    QTest.keyClick(swipe.handle, Qt.Key.Key_Home)
    assert swipe.at_px == window.map_panel.palette_box.geometry().right() + 11

    QTest.keyClick(swipe.handle, Qt.Key.Key_Escape)
    assert window.maps.swipe is None
    assert not window.actions_table.action("map.swipe").isChecked()


def test_a_plan_is_compared_with_what_was_before_it(qtbot: QtBot, window: MainWindow) -> None:
    bridge = window.context.bridge
    assert bridge.execute(OpenPlan("西片调整")) is not None
    _, place = border_with_vertex(bridge.snapshot, "micro_grid")
    x, y = place
    window.map_panel.show_box((x - 300, y - 200, x + 300, y + 200))
    drawn(qtbot, window)
    before = map_alone(window)
    from_, to = bridge.to_plane(place), bridge.to_plane((x + 12, y + 8))
    assert bridge.execute(Move(from_, to)) is not None
    drawn(qtbot, window)
    after = map_alone(window)
    assert after != before

    swipe = begin(qtbot, window)
    assert swipe.bar.look_bar.look.state == BASE
    assert (swipe.left.text(), swipe.right.text()) == ("“西片调整”之前", "现在")
    QTest.keyClick(swipe.handle, Qt.Key.Key_End)
    all_before = map_alone(window)
    QTest.keyClick(swipe.handle, Qt.Key.Key_Home)
    all_after = map_alone(window)

    at = window.map_panel.width() - 8
    assert half(all_before, at, "left") == half(before, at, "left")
    at = swipe.at_px
    assert half(all_after, at, "right") == half(after, at, "right")


def test_what_was_compared_is_compared_again(qtbot: QtBot, window: MainWindow) -> None:
    swipe = begin(qtbot, window)
    choose(swipe.bar.look_bar.base_map, look.SAME)
    choose(swipe.bar.look_bar.state, "opened")
    shown(qtbot, window, swipe)
    tap(swipe.bar.close_button)

    again = begin(qtbot, window)

    assert again.bar.look_bar.look == look.Look("opened", look.SAME)
    assert again.left.text() == "本次打开项目时"


@pytest.mark.parametrize("width", [620, 700, 780, 868, 1200])
@pytest.mark.parametrize("has_locator", [False, True])
def test_choices_cover_no_button_of_the_map(
    qtbot: QtBot, window: MainWindow, width: int, has_locator: bool
) -> None:
    window.actions_table.action("map.locator").setChecked(has_locator)
    begin(qtbot, window)
    panel = window.map_panel
    panel.resize(width, 560)
    swipe = window.maps.swipe
    assert swipe is not None
    QApplication.processEvents()

    others: list[QWidget] = [panel.basemap_button, panel.layers_button, panel.palette_box]
    others += [panel.scale_bar] if width > 700 else []
    locator = window.maps.locator
    others += [locator] if locator is not None and locator.isVisible() else []
    bar = swipe.bar.geometry()
    assert [one.objectName() for one in others if one.geometry().intersects(bar)] == []
    assert panel.rect().contains(bar)
