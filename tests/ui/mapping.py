"""The map by mouse and keys, in local metres."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.model import Area, BorderRow, Land
from gridadmin.partition.border import points_of
from gridadmin.partition.faces import faces_of
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.viewport import Place
from ui.main_window import MainWindow

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def at(window: MainWindow, place: Place) -> QPoint:
    """Return the pixel of a place."""
    x, y = window.map_panel.view.view.px_of(place)
    return QPoint(round(x), round(y))


def click(window: MainWindow, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Click a place with the left button."""
    hover(window, place)
    QTest.mouseClick(window.map_panel.view.viewport(), LEFT, modifiers, at(window, place))


def hover(window: MainWindow, place: Place) -> None:
    """Move the pointer to a place, wherever it was left before: a move of nothing is none."""
    port, end = window.map_panel.view.viewport(), at(window, place)
    QTest.mouseMove(port, end + QPoint(7, 7))
    QApplication.processEvents()
    QTest.mouseMove(port, end)
    QApplication.processEvents()


def drag(
    window: MainWindow,
    start: Place,
    end: Place,
    modifiers: Qt.KeyboardModifier = NONE,
    *,
    let_go: bool = True,
) -> None:
    """Drag from place to place with the left button, in steps."""
    port = window.map_panel.view.viewport()
    begin, finish = at(window, start), at(window, end)
    hover(window, start)
    QTest.mousePress(port, LEFT, modifiers, begin)
    for step in range(1, 6):
        QTest.mouseMove(port, begin + (finish - begin) * step / 5)
        QApplication.processEvents()
    if let_go:
        QTest.mouseRelease(port, LEFT, modifiers, finish)
        QApplication.processEvents()


def press_key(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press and let go a key over the map."""
    QTest.keyClick(window.map_panel.view, key, modifiers)
    QApplication.processEvents()


def first_drawn(snapshot: Snapshot, level: str) -> Area:
    """Return the drawn area of a level with the least code: the same one in every run."""
    found = [a for a in snapshot.areas() if a.level == level and a.land == Land.DRAWN]
    return min(found, key=lambda area: area.code or "")


def area_named(snapshot: Snapshot, name: str, parent: str) -> Area:
    """Return the area of a name below the area of another name."""
    return next(
        area
        for area in snapshot.areas()
        if area.name == name and area.parent and snapshot.area(area.parent).name == parent
    )


def inner_place(snapshot: Snapshot, area: Area) -> Place:
    """Return a place inside a face of an area or of one below it."""
    for holder in (area, *snapshot.descendants(area.uid)):
        faces = faces_of(snapshot.partition, oid_of(holder.uid))
        if faces:
            x, y = faces[0].inner_point()
            return x / 1000, y / 1000
    raise AssertionError(f"{area.name} has no land")


def border_with_vertex(snapshot: Snapshot, level: str) -> tuple[BorderRow, Place]:
    """Return a border between two areas of a level, and the place of a point along it."""
    for border in snapshot.partition:
        owners = [snapshot.owning_area(side) for side in (border.left, border.right)]
        if OUTSIDE in (border.left, border.right) or len(points_of(border)) < 5:
            continue
        if all(owner is not None and owner.level == level for owner in owners):
            x, y = points_of(border)[2].tolist()
            return border, (x / 1000, y / 1000)
    raise AssertionError(level)
