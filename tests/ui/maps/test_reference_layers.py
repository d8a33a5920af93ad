"""Files that lie over the map: added, seen, coloured, asked about, refused, taken away, kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from tests.helpers.shown_files import X, Y, squares, track
from tests.ui.conftest import OpenWindow, rest
from tests.ui.hands import tap
from tests.ui.maps.choosing import choose, pixel, second_map
from tests.ui.people.acting import drop
from ui.canvas.looked_at import INKS
from ui.canvas.view import MapView
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.maps.reference_dialog import ReferenceDialog

RED, BLUE = QColor(INKS["red"][0]), QColor(INKS["blue"][0])


def dialog_of(window: MainWindow) -> ReferenceDialog:
    window.actions_table.action("map.references").trigger()
    (dialog,) = [one for one in window.findChildren(ReferenceDialog) if one.isVisible()]
    return dialog


def added(qtbot: QtBot, window: MainWindow, *paths: Path) -> ReferenceDialog:
    """Add files in the dialog and wait until they are read and painted."""
    dialog = dialog_of(window)
    dialog.add_files([*paths])
    read(qtbot, window)
    return dialog


def read(qtbot: QtBot, window: MainWindow) -> None:
    references = window.maps.references

    def is_read() -> bool:
        shown = [one for one in references.all() if one.is_on]
        return not any(references.reading(one).is_under_way for one in shown)

    qtbot.waitUntil(is_read, timeout=20_000)
    rest(qtbot, window)
    qtbot.waitUntil(window.map_panel.view.is_sharp, timeout=20_000)


def place(window: MainWindow, east: float, north: float) -> Place:
    """Return a place so far from the corner of the first square, in local metres."""
    dx, dy = window.context.bridge.snapshot.origin_mm
    return X + east - dx / 1000, Y + north - dy / 1000


def look(qtbot: QtBot, window: MainWindow) -> None:
    """Look at the squares from near, so that their lines are some pixels wide."""
    (x0, y0), (x1, y1) = place(window, -100, -100), place(window, 600, 300)
    window.map_panel.show_box((x0, y0, x1, y1))
    qtbot.waitUntil(window.map_panel.view.is_sharp, timeout=20_000)


def has_ink(view: MapView, at: Place, ink: QColor) -> bool:
    """Return whether a colour is seen within two pixels of a place."""
    image, middle = view.viewport().grab().toImage(), pixel(view, at)
    near = [(dx, dy) for dx in range(-2, 3) for dy in range(-2, 3)]
    found = [image.pixelColor(middle.x() + dx, middle.y() + dy) for dx, dy in near]
    return any(
        abs(one.red() - ink.red()) + abs(one.green() - ink.green()) + abs(one.blue() - ink.blue())
        < 40
        for one in found
    )


def sees(qtbot: QtBot, view: MapView, at: Place, ink: QColor) -> None:
    """Wait until a colour is seen at a place."""
    qtbot.waitUntil(lambda: has_ink(view, at, ink), timeout=20_000)


def rows(dialog: ReferenceDialog) -> list[tuple[str, str]]:
    items = [dialog.tree.topLevelItem(row) for row in range(dialog.tree.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item is not None]


def test_added_files_are_seen_in_their_colours_and_told_of(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    view = window.map_panel.view
    look(qtbot, window)
    assert not has_ink(view, place(window, 200, 60), RED)
    dialog = added(qtbot, window, squares(tmp_path / "地块.fgb"), track(tmp_path / "巡查 一.gpx"))
    look(qtbot, window)

    assert rows(dialog) == [("巡查 一.gpx", "3 个图形"), ("地块.fgb", "3 个图形")]
    sees(qtbot, view, place(window, 200, 60), RED)
    assert not has_ink(view, place(window, 100, 60), RED)
    sees(qtbot, view, place(window, 90, 0), BLUE)
    assert window.context.bridge.snapshot.revision == 0


def test_colour_and_switch_are_seen_at_once_on_all_maps(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    view = window.map_panel.view
    dialog = added(qtbot, window, squares(tmp_path / "地块.fgb"))
    look(qtbot, window)
    second = second_map(qtbot, window)
    choose(dialog.ink, "blue")
    QTest.keyClick(dialog.ink, Qt.Key.Key_Return)
    sees(qtbot, view, place(window, 200, 60), BLUE)
    sees(qtbot, second.map.view, place(window, 200, 60), BLUE)

    dialog.tree.setFocus()
    QTest.keyClick(dialog.tree, Qt.Key.Key_Space)
    assert rows(dialog) == [("地块.fgb", "未显示")]
    qtbot.waitUntil(lambda: not has_ink(view, place(window, 200, 60), BLUE), timeout=20_000)
    QTest.keyClick(dialog.tree, Qt.Key.Key_Delete)
    assert rows(dialog) == []
    assert (tmp_path / "地块.fgb").exists()


def test_doubtful_coordinates_are_asked_about_and_read_as_answered(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = added(qtbot, window, squares(tmp_path / "地块.fgb", crs=None))
    assert rows(dialog) == [("地块.fgb", "坐标待确认")]
    assert dialog.crs.isVisible()
    assert not dialog.read.isEnabled()

    (proposed,) = dialog.crs.findChildren(QRadioButton, "crs_proposed")
    proposed.click()
    tap(dialog.read)
    read(qtbot, window)
    look(qtbot, window)

    assert rows(dialog) == [("地块.fgb", "3 个图形")]
    assert not dialog.read.isVisible()
    sees(qtbot, window.map_panel.view, place(window, 200, 60), RED)


def test_file_that_lies_wrong_is_read_in_another_way(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = added(qtbot, window, track(tmp_path / "巡查.gpx"))
    look(qtbot, window)
    view = window.map_panel.view
    sees(qtbot, view, place(window, 90, 0), RED)
    assert not dialog.read.isVisible()

    tap(dialog.crs.doubt_button)
    (shifted,) = dialog.crs.findChildren(QRadioButton, "crs_gcj02")
    shifted.click()
    tap(dialog.read)
    read(qtbot, window)

    (reference,) = window.maps.references.all()
    assert reference.crs == "gcj02"
    qtbot.waitUntil(lambda: not has_ink(view, place(window, 90, 0), RED), timeout=20_000)


def test_files_that_cannot_be_shown_say_why_in_the_list(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "零.fgb").write_bytes(b"")
    (tmp_path / "航片.png").write_bytes(b"\x89PNG")
    squares(tmp_path / "别处.fgb", crs="EPSG:4547")
    dialog = dialog_of(window)
    said = []
    for name in ("零.fgb", "航片.png", "没有.gpx"):
        dialog.add_files([tmp_path / name])
        read(qtbot, window)
        said.append(dialog.fault.text())
    dialog.add_files([tmp_path / "别处.fgb"])
    read(qtbot, window)

    assert "是空的" in said[0]
    assert "添加底图" in said[1]
    assert "找不到文件" in said[2]
    assert rows(dialog)[1:] == [
        ("没有.gpx", "打不开"),
        ("航片.png", "打不开"),
        ("零.fgb", "打不开"),
    ]
    content = rows(dialog)[0][1]
    assert "3 个图形，离项目 " in content
    assert dialog.fault.text() == ""


def test_files_dropped_on_the_list_are_added_and_come_back_with_the_project(
    qtbot: QtBot, window: MainWindow, open_window: OpenWindow, tmp_path: Path
) -> None:
    dialog = dialog_of(window)
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(squares(tmp_path / "地块.fgb")))])
    assert drop(dialog, QPointF(20, 20), carried)
    read(qtbot, window)
    dialog.filled.click()
    project = window.context.bridge.path
    window.close()

    later = open_window(project)
    read(qtbot, later)
    look(qtbot, later)

    (reference,) = later.maps.references.all()
    assert reference.name == "地块.fgb"
    assert reference.look.is_filled
    sees(qtbot, later.map_panel.view, place(later, 200, 60), RED)


def test_without_land_the_action_says_what_is_missing(window: MainWindow) -> None:
    window.close_project()

    action = window.actions_table.action("map.references")
    assert not action.isEnabled()
    assert "没有打开的项目" in action.toolTip()


def test_a_width_is_typed_with_its_decimals(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = added(qtbot, window, squares(tmp_path / "地块.fgb"))
    dialog.width_px.setFocus()
    dialog.width_px.selectAll()
    QTest.keyClicks(dialog.width_px, "3.5")
    QTest.keyClick(dialog.width_px, Qt.Key.Key_Tab)

    (reference,) = window.maps.references.all()
    assert reference.look.width_px == 3.5


def test_a_file_that_was_mended_is_read_when_it_is_added_again(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "地块.fgb"
    path.write_bytes(b"")
    dialog = added(qtbot, window, path)
    assert rows(dialog) == [("地块.fgb", "打不开")]
    path.unlink()
    squares(path)
    dialog.add_files([path])
    read(qtbot, window)

    assert rows(dialog) == [("地块.fgb", "3 个图形")]
