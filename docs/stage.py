"""The window with the demo city as a stage: pointer and keys, and where things are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QMenu, QWidget

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, BorderRow, Land
from gridadmin.edit.command import Command
from gridadmin.partition.base import chain_of
from gridadmin.partition.border import points_of
from gridadmin.partition.faces import faces_of
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.viewport import Box, Floats, Place
from ui.main_window import MainWindow
from ui.shots import is_at_rest, wait_until

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
_LEFT = Qt.MouseButton.LeftButton
_TITLE_PX = 28
W = TypeVar("W", bound=QWidget)


class Stage:
    """The window with the demo city: pointer and keys in local metres, and where things are."""

    def __init__(self, window: MainWindow, folder: Path, lang: str) -> None:
        self.window = window
        self.folder = folder
        """Where a scene may write files."""
        self._lang = lang

    def words(self, zh: str, en: str) -> str:
        """Return what somebody types, in the language of the picture."""
        return zh if self._lang == "zh" else en

    @property
    def snapshot(self) -> Snapshot:
        """The present state."""
        return self.window.context.bridge.snapshot

    # Where things are

    def area(self, level: str, number: int = 0) -> Area:
        """Return the drawn area of a level that comes at this place by code."""
        found = [a for a in self.snapshot.areas() if a.level == level and a.land == Land.DRAWN]
        return sorted(found, key=lambda area: area.code or "")[number]

    def box(self, *uids: str) -> Box:
        """Return the box around areas."""
        boxes = [self.window.context.bridge.box_of_area(uid) for uid in uids]
        known = [box for box in boxes if box is not None]
        return (
            min(box[0] for box in known),
            min(box[1] for box in known),
            max(box[2] for box in known),
            max(box[3] for box in known),
        )

    def inside(self, uid: str) -> Place:
        """Return a place surely inside an area."""
        for holder in (self.snapshot.area(uid), *self.snapshot.descendants(uid)):
            for face in faces_of(self.snapshot.partition, oid_of(holder.uid)):
                x, y = face.inner_point()
                return x / 1000, y / 1000
        raise LookupError(uid)

    def neighbour(self, uid: str) -> Area:
        """Return the sibling with which an area shares most of its outline."""
        shared: dict[str, int] = {}
        area = self.snapshot.area(uid)
        for border in self.snapshot.partition.outline(oid_of(uid)):
            for side in (border.left, border.right):
                for oid in chain_of(side, self.snapshot.partition.parents):
                    other = self.snapshot.owning_area(oid)
                    if other and other.uid != uid and other.parent == area.parent:
                        shared[other.uid] = shared.get(other.uid, 0) + len(border.points)
        return self.snapshot.area(max(sorted(shared), key=lambda one: shared[one]))

    def border_between(self, uid: str, other: str) -> BorderRow:
        """Return the border of most points between two areas."""
        partition = self.snapshot.partition
        oids = {oid_of(uid), oid_of(other)}
        shared = [
            border
            for border in partition.outline(oid_of(uid))
            if oids
            <= {*chain_of(border.left, partition.parents)}
            | {*chain_of(border.right, partition.parents)}
        ]
        return max(shared, key=lambda border: (len(points_of(border)), border.id))

    def line_between(self, uid: str, other: str) -> Floats:
        """Return the points of that border in local metres."""
        line: Floats = points_of(self.border_between(uid, other)) / 1000.0
        return line

    def vertex_between(self, uid: str, other: str) -> Place:
        """Return the middle vertex of that border."""
        points = self.line_between(uid, other)
        return place_of(points[len(points) // 2])

    @property
    def ground(self) -> Ground:
        """Return roads, water, buildings and compounds."""
        return Ground.of(self.snapshot)

    def inside_exempt(self, uid: str) -> Place:
        """Return a place inside exempt land."""
        x, y = faces_of(self.snapshot.partition, oid_of(uid))[0].inner_point()
        return x / 1000, y / 1000

    @staticmethod
    def is_left_of(points: Floats, place: Place) -> bool:
        """Return whether a place lies to the left of the way along a line."""
        (ax, ay), (bx, by) = place_of(points[0]), place_of(points[-1])
        return (bx - ax) * (place[1] - ay) - (by - ay) * (place[0] - ax) > 0

    # Looking, pointer, keys

    def show(self, *uids: str, margin_m: float = 60) -> None:
        """Show areas with some land around them."""
        x0, y0, x1, y1 = self.box(*uids)
        self.window.map_panel.show_box((x0 - margin_m, y0 - margin_m, x1 + margin_m, y1 + margin_m))
        self.rest()

    def show_left(self, *uids: str) -> None:
        """Show areas in the left half of the map: a dialog covers the other."""
        x0, y0, x1, y1 = self.box(*uids)
        far = (x1 - x0) * 0.1
        self.window.map_panel.show_box((x0 - far * 3, y0 - far, x1 + (x1 - x0) * 0.7, y1 + far))
        self.rest()

    def look(self, place: Place, width_m: float) -> None:
        """Show a place with so much land around it."""
        (x, y), half = place, width_m / 2
        self.window.map_panel.show_box((x - half, y - half * 0.6, x + half, y + half * 0.6))
        self.rest()

    def rest(self) -> None:
        """Wait until the window has nothing more to do."""
        QApplication.processEvents()
        wait_until(self.window, lambda: is_at_rest(self.window))
        QApplication.processEvents()

    def settle(self) -> None:
        """Wait until layouts that follow one another have come to rest too."""
        QTest.qWait(300)
        self.rest()

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        wait_until(self.window, is_so)

    def wide(self) -> None:
        """Leave the map the room of the tree and the issues."""
        for name in ("tree", "issues"):
            self.window.docks[name].hide()
        self.rest()

    def select(self, *uids: str) -> None:
        """Select areas."""
        self.window.context.selection.select_areas(list(uids))

    def act(self, key: str) -> None:
        """Do an action of the table."""
        self.window.actions_table.action(key).trigger()
        QApplication.processEvents()

    def do(self, command: Command) -> None:
        """Carry a command out, as an earlier step."""
        self.window.context.bridge.execute(command)
        self.rest()

    def choose(self, name: str, value: object) -> None:
        """Choose a value in a box of choices that is seen."""
        boxes = [box for box in self.every(QComboBox, name) if box.isVisible()]
        row = next(n for n in range(boxes[0].count()) if boxes[0].itemData(n) == value)
        boxes[0].setCurrentIndex(row)
        QApplication.processEvents()

    def find(self, kind: type[W], name: str) -> W:
        """Return the widget of a name, once there is one."""
        self.wait(lambda: bool(self.every(kind, name)))
        return self.every(kind, name)[-1]

    def every(self, kind: type[W], name: str) -> list[W]:
        """Return the widgets of a name, dialogs included."""
        found = [one for top in tops() for one in top.findChildren(kind, name)]
        return list(dict.fromkeys(found))

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key over the map."""
        QTest.keyClick(self.window.map_panel.view, key, modifiers)
        QApplication.processEvents()

    def hover(self, place: Place) -> None:
        """Move the pointer to a place."""
        port, end = self._port(), self._px(place)
        QTest.mouseMove(port, end + QPoint(7, 7))
        QApplication.processEvents()
        QTest.mouseMove(port, end)
        QApplication.processEvents()

    def click(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click a place."""
        self.hover(place)
        QTest.mouseClick(self._port(), _LEFT, modifiers, self._px(place))
        QApplication.processEvents()

    def end_line(self) -> None:
        """End a line by Enter."""
        self.press(Qt.Key.Key_Return)
        self.rest()

    def on_screen(self, place: Place) -> QPoint:
        """Return where a place is on the screen."""
        return self._port().mapToGlobal(self._px(place))

    def menu(self) -> QMenu:
        """Return the menu that has come up."""
        QApplication.processEvents()
        return next(one for one in tops() if isinstance(one, QMenu))

    def drag(
        self, start: Place, end: Place, modifiers: Qt.KeyboardModifier = NONE, *, drop: bool = False
    ) -> None:
        """Drag from a place to another; the button stays down unless it is to *drop*."""
        begin, finish = self._px(start), self._px(end)
        self.hover(start)
        QTest.mousePress(self._port(), _LEFT, modifiers, begin)
        for step in range(1, 6):
            QTest.mouseMove(self._port(), begin + (finish - begin) * step / 5)
            QApplication.processEvents()
        if drop:
            QTest.mouseRelease(self._port(), _LEFT, modifiers, finish)
            QApplication.processEvents()

    def picture(self) -> QImage:
        """Return the window as it is seen, with dialogs and menus over it."""
        shot = self.window.grab().toImage()
        painter = QPainter(shot)
        for top in tops():
            if top is not self.window:
                paint_over(painter, top, top.mapToGlobal(QPoint()) - self.window.pos())
        painter.end()
        return shot

    def _px(self, place: Place) -> QPoint:
        x, y = self.window.map_panel.view.view.px_of(place)
        return QPoint(round(x), round(y))

    def _port(self) -> QWidget:
        port: QWidget = self.window.map_panel.view.viewport()
        return port


def tops() -> list[QWidget]:
    """Return what stands on the screen by itself, the window first."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def paint_over(painter: QPainter, top: QWidget, at: QPoint) -> None:
    """Paint a dialog, with a title as the system gives it one, or a menu."""
    rect = QRect(at, top.size())
    painter.drawPixmap(at, top.grab())
    if isinstance(top, QDialog):
        title = QRect(at.x(), at.y() - _TITLE_PX, top.width(), _TITLE_PX)
        painter.fillRect(title, QColor("#DDE3EA"))
        painter.setPen(QColor("#1F2933"))
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, top.windowTitle())
        rect = rect.united(title)
    painter.setPen(QPen(QColor("#9AA5B1"), 1))
    painter.drawRect(rect.adjusted(0, 0, -1, -1))


def place_of(point: Floats) -> Place:
    """Return a point of a line as a place."""
    x, y = np.asarray(point).tolist()
    return x, y


def beside(points: Floats, metres: float, share: float = 0.5) -> Place:
    """Return a place so far to the left of a line, at a share of its length."""
    import shapely

    line = shapely.linestrings(points)
    here, on = (
        shapely.get_coordinates(shapely.line_interpolate_point(line, at, normalized=True))[0]
        for at in (share, min(share + 0.01, 1.0))
    )
    way = (on - here) / np.hypot(*(on - here))
    return place_of(here + metres * np.array([-way[1], way[0]]))
