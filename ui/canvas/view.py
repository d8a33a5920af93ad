"""The map itself: the last picture, moved and scaled to what is wanted now, under the overlay.

The GUI thread only blits. A picture reaches a little beyond the view, so that a short drag needs
no new one; until a sharper one comes, the old one is shown scaled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from ui.canvas.overlay import Handles, Mark, Overlay
from ui.canvas.pictures import Picture
from ui.canvas.viewport import Box, Place, Viewport
from ui.texts import tr
from ui.theme import colours
from ui.turns import take_turn

MARGIN_PX = 160
"""How far a picture reaches beyond the view on each side."""
_REST_MS = 60
"""So long the view has to stand still before a sharper picture is asked for."""
_CLICK_PX = 4
_WHEEL_STEP = 1.2
_POINTER_STEP_PX = 16
_EDGE_PX = 40


@dataclass(frozen=True)
class MapEvent:
    """The pointer, or a key that stands for it, on the map."""

    px: Place
    place: Place
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def is_shift(self) -> bool:
        """Whether Shift is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    @property
    def is_ctrl(self) -> bool:
        """Whether Ctrl (Command on a Mac) is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)

    @property
    def is_alt(self) -> bool:
        """Whether Alt is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)


class Handler(Protocol):
    """What the map hands its events to: the tool in use."""

    def press(self, event: MapEvent) -> bool:
        """The left button went down; return whether a drag is the tool's, not the map's."""

    def drag(self, event: MapEvent) -> None:
        """The pointer moved with the button down."""

    def release(self, event: MapEvent) -> None:
        """The button went up after a drag that was the tool's."""

    def click(self, event: MapEvent) -> None:
        """The button went down and up without a drag."""

    def double_click(self, event: MapEvent) -> None:
        """The button was clicked twice."""

    def hover(self, event: MapEvent | None) -> None:
        """The pointer moved without a button, or left the map (None)."""

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """A key went down; return whether the tool used it."""

    def key_up(self, event: QKeyEvent) -> None:
        """A key went up."""

    def wants(self, event: QKeyEvent) -> bool:
        """Return whether a key that is a shortcut of the window is the tool's over the map."""

    def keys_lost(self) -> None:
        """The keyboard went elsewhere: a key that is down won't be heard to go up."""


class _PictureItem(pg.GraphicsObject):  # type: ignore[misc]
    """Paints the last picture where it belongs now, in pixels of the view."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.viewport = Viewport()
        self.up_to_px: float | None = None
        """Only what lies left of this is painted; None = all."""
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def look(self, viewport: Viewport) -> None:
        """Paint for another viewport from now on."""
        if self.viewport != viewport:
            self.prepareGeometryChange()
            self.viewport = viewport

    def boundingRect(self) -> QRectF:
        """Return the whole map."""
        return QRectF(0, 0, self.viewport.width_px, self.viewport.height_px)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Blit the picture; what it doesn't reach is plain ground."""
        if self.up_to_px is not None:
            painter.setClipRect(QRectF(0, 0, self.up_to_px, self.viewport.height_px))
        if self.picture is None or not self.picture.viewport.shows(self.viewport.bounds()):
            painter.fillRect(self.boundingRect(), QColor(colours().map_ground))
        if self.picture is None:
            return
        drawn, now = self.picture.viewport, self.viewport
        scale = drawn.metres_per_px / now.metres_per_px
        x, y = now.px_of(drawn.place_of((0.0, 0.0)))
        if abs(scale - 1) < 1e-9:
            # Whole device pixels: a blit, not a resampling.
            ratio = now.ratio
            painter.drawImage(
                QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio), self.picture.image
            )
            return
        painter.setTransform(QTransform.fromTranslate(x, y).scale(scale, scale), True)
        painter.drawImage(QPointF(0, 0), self.picture.image)


class MapView(pg.GraphicsView):  # type: ignore[misc]
    """The map as a widget: viewport, picture, overlay, pointer and keys."""

    viewport_changed = Signal(object)
    picture_wanted = Signal(object)
    """A :class:`Viewport`, a little larger than what is seen."""
    pointed = Signal(object)
    """The place in local metres under the pointer, or None."""
    menu_wanted = Signal(object, object)
    """The :class:`MapEvent` of a right click, and the global position."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setObjectName("map")
        self.setAccessibleName(tr("地图"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._view = Viewport()
        self.shown_level = ""
        """The level whose areas a click means at this scale."""
        self.shown_borders: frozenset[str] = frozenset()
        """What borders part (a level, or ``frame``) that are drawn at this scale."""
        self.covered_px = 0
        """So much of its left is covered by the tools: what is shown whole stands beside them."""
        self._picture = _PictureItem()
        self.overlay = Overlay()
        self._over = _PictureItem()
        self._over.setVisible(False)
        self.scene().addItem(self._picture)
        self.scene().addItem(self._over)
        self.scene().addItem(self.overlay)
        self._handler: Handler | None = None
        self._pressed_px: Place | None = None
        self._is_tool_drag = self._is_panning = self._has_moved = False
        self._is_space_down = False
        self._pan_from: Place = (0.0, 0.0)
        self._pointer_px: Place | None = None
        self._is_key_pointer = self._is_key_pointer_back = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)

    # What is seen

    @property
    def view(self) -> Viewport:
        """What the map shows."""
        return self._view

    @property
    def picture(self) -> Picture | None:
        """The picture that is shown, or None."""
        found: Picture | None = self._picture.picture
        return found

    def look(self, view: Viewport) -> None:
        """Show another part of the plane."""
        size = self.viewport().size()
        view = view.resized(size.width(), size.height(), self.devicePixelRatioF())
        if view == self._view:
            return
        take_turn()
        self._view = view
        self._picture.look(view)
        self._over.look(view)
        self.overlay.look(view)
        self.viewport().update()
        self._rest.start()
        self.viewport_changed.emit(view)

    def show_box(self, box: Box) -> None:
        """Show a box of local metres whole."""
        self.look(self._view.fitted(box, covered_px=(self.covered_px, 0)))

    def show_place(self, place: Place) -> None:
        """Bring a place into view, at the present scale."""
        x, y = self._view.px_of(place)
        margin = min(self._view.width_px, self._view.height_px) / 6
        if not (
            margin <= x <= self._view.width_px - margin
            and margin <= y <= self._view.height_px - margin
        ):
            self.look(self._view.centred(place))

    def zoom(self, factor: float, at_px: Place | None = None) -> None:
        """Magnify by *factor*, around a pixel or the middle."""
        self.look(self._view.zoomed(factor, at_px))

    def take_picture(self, picture: Picture | None) -> None:
        """Show a picture that has been painted, or none."""
        take_turn()
        self._picture.picture = picture
        self.viewport().update()

    def put_over(self, picture: Picture | None, up_to_px: float) -> None:
        """Show another picture over the own one, left of *up_to_px*; None takes it off."""
        self._over.picture, self._over.up_to_px = picture, up_to_px
        self._over.setVisible(picture is not None)
        self.viewport().update()

    def ask_picture(self) -> None:
        """Ask for a picture of what is seen as soon as the view stands still."""
        self._rest.start()

    def ask_picture_now(self) -> None:
        """Ask for a picture at once: what is shown is out of date."""
        self._rest.stop()
        self._ask()

    def is_sharp(self) -> bool:
        """Return whether the picture is of what is seen now, at this scale."""
        picture = self.picture
        if picture is None:
            return False
        same = abs(picture.viewport.metres_per_px / self._view.metres_per_px - 1) < 1e-9
        return same and picture.viewport.shows(self._view.bounds())

    def _ask(self) -> None:
        wanted = replace(
            self._view,
            width_px=self._view.width_px + 2 * MARGIN_PX,
            height_px=self._view.height_px + 2 * MARGIN_PX,
        )
        self.picture_wanted.emit(wanted)

    # Events

    def use(self, handler: Handler | None) -> None:
        """Hand the events to another tool."""
        self._handler = handler
        self._is_tool_drag = False

    def pointer(self) -> MapEvent | None:
        """Return where the pointer is, by mouse or by keys; None when it is not on the map."""
        return None if self._pointer_px is None else self._event(self._pointer_px)

    def _event(
        self, px: Place, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> MapEvent:
        return MapEvent(px, self._view.place_of(px), modifiers)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the middle where it is."""
        super().resizeEvent(event)
        if event is None:
            return  # pyqtgraph calls it while it is being made
        size = self.viewport().size()
        self.setSceneRect(QRectF(0, 0, size.width(), size.height()))
        self.look(self._view.resized(size.width(), size.height(), self.devicePixelRatioF()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint without a painter of the next picture in between."""
        take_turn()
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a drag of the tool, or a drag of the map."""
        take_turn()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        px = _px(event)
        self._drop_key_pointer()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (is_left and self._is_space_down):
            self._begin_pan(px)
            self._has_moved = True
        elif is_left:
            self._pressed_px, self._has_moved = px, False
            self._pan_from = px
            pressed = self._event(px, event.modifiers())
            self._is_tool_drag = self._handler is not None and self._handler.press(pressed)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the map or whatever the tool drags; without a button, hover."""
        take_turn()
        px = _px(event)
        self._pointer_px = px
        self._drop_key_pointer()
        if self._is_panning:
            self._pan_to(px)
        elif self._pressed_px is not None:
            self._drag_to(px, event.modifiers())
        elif self._handler is not None:
            self._handler.hover(self._event(px, event.modifiers()))
        self.pointed.emit(self._view.place_of(px))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag, or click."""
        take_turn()
        px = _px(event)
        if self._is_panning:
            self._end_pan()
        elif event.button() == Qt.MouseButton.LeftButton and self._pressed_px is not None:
            done = self._event(px, event.modifiers())
            if self._handler is not None:
                if self._is_tool_drag and self._has_moved:
                    self._handler.release(done)
                elif not self._has_moved:
                    self._handler.click(done)
        self._pressed_px, self._is_tool_drag = None, False
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Hand a double click to the tool."""
        if self._handler is not None and event.button() == Qt.MouseButton.LeftButton:
            self._handler.double_click(self._event(_px(event), event.modifiers()))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask the window for a menu."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            position = event.pos()
            px = (float(position.x()), float(position.y()))
        else:
            px = self._pointer_px or (self._view.width_px / 2, self._view.height_px / 2)
        where = self.viewport().mapToGlobal(QPoint(round(px[0]), round(px[1])))
        self.menu_wanted.emit(self._event(px), where)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        turns = event.angleDelta().y() / 120
        if turns:
            position = event.position()
            self.zoom(_WHEEL_STEP**turns, (position.x(), position.y()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        if self._is_key_pointer:
            return
        self._pointer_px = None
        if self._handler is not None and self._pressed_px is None:
            self._handler.hover(None)
        self.pointed.emit(None)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Leave pyqtgraph's own handling out: it needs no hover of scene items."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go to the map, when the focus came by the keyboard."""
        super().focusInEvent(event)
        is_by_keys = event.reason() in _BY_KEYS
        self.overlay.focus(is_focused=is_by_keys)
        if is_by_keys and self._is_key_pointer_back and self._pointer_px is not None:
            # Who went to the choices beside the map goes on where the pointer stood.
            self._move_key_pointer(0.0, 0.0, Qt.KeyboardModifier.NoModifier)
        self._is_key_pointer_back = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring and the pointer of the keys."""
        super().focusOutEvent(event)
        self._is_space_down = False
        self.overlay.focus(is_focused=False)
        was_key_pointer = self._is_key_pointer
        self._drop_key_pointer()
        self._is_key_pointer_back = was_key_pointer
        if self._handler is not None:
            self._handler.keys_lost()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's own name
        """Give Tab to the tool first: it goes from point to point of a border."""
        return False

    def event(self, event: QEvent) -> bool:
        """Let the tool have its keys before they count as shortcuts of the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._handler is not None
            and self._handler.wants(event)
        ):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the key to the tool; what it doesn't use moves the pointer or the map."""
        take_turn()
        if (
            event.key() == Qt.Key.Key_Space
            and not event.isAutoRepeat()
            and not self._is_key_pointer
        ):
            self._is_space_down = True
        if self._handler is not None and self._handler.key(event, self.pointer()):
            event.accept()
            return
        if not self._own_key(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Tell the tool."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_down = False
        if self._handler is not None:
            self._handler.key_up(event)
        event.accept()

    def _own_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        if key in _ARROWS:
            dx, dy = _ARROWS[key]
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                self.look(self._view.panned(-dx * 80, -dy * 80))
            else:
                step = _POINTER_STEP_PX * (
                    4 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
                )
                self._move_key_pointer(dx * step, dy * step, modifiers)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._is_key_pointer and self._pointer_px is not None:
                here = self._event(self._pointer_px, modifiers)
                if self._handler is not None:
                    self._handler.click(here)
                return True
            return key == Qt.Key.Key_Space
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = _WHEEL_STEP**2 if key != Qt.Key.Key_Minus else _WHEEL_STEP**-2
            self.zoom(factor, self._pointer_px if self._is_key_pointer else None)
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            is_forward = key == Qt.Key.Key_Tab
            return bool(super().focusNextPrevChild(is_forward))
        return False

    def _move_key_pointer(self, dx: float, dy: float, modifiers: Qt.KeyboardModifier) -> None:
        """Move the pointer that the keys drive; the map follows at its edge."""
        width, height = self._view.width_px, self._view.height_px
        if not self._is_key_pointer:
            self._is_key_pointer = True
            if self._pointer_px is None:
                self._pointer_px = (width / 2, height / 2)
        x, y = self._pointer_px or (width / 2, height / 2)
        x, y = x + dx, y + dy
        over_x = min(x - _EDGE_PX, 0.0) + max(x - (width - _EDGE_PX), 0.0)
        over_y = min(y - _EDGE_PX, 0.0) + max(y - (height - _EDGE_PX), 0.0)
        if over_x or over_y:
            self.look(self._view.panned(-over_x, -over_y))
        self._pointer_px = (x - over_x, y - over_y)
        here = self._event(self._pointer_px, modifiers & Qt.KeyboardModifier.AltModifier)
        self.overlay.put("zz pointer", [Handles(np.array([here.place]), Mark.POINTER)])
        if self._handler is not None:
            self._handler.hover(here)
        self.pointed.emit(here.place)

    def _drop_key_pointer(self) -> None:
        self._is_key_pointer_back = False
        if self._is_key_pointer:
            self._is_key_pointer = False
            self.overlay.put("zz pointer", [])

    def _drag_to(self, px: Place, modifiers: Qt.KeyboardModifier) -> None:
        start = self._pressed_px or px
        if not self._has_moved:
            if abs(px[0] - start[0]) < _CLICK_PX and abs(px[1] - start[1]) < _CLICK_PX:
                return
            self._has_moved = True
            if not self._is_tool_drag:
                self._begin_pan(start)
        if self._is_panning:
            self._pan_to(px)
        elif self._handler is not None:
            self._handler.drag(self._event(px, modifiers))

    def _begin_pan(self, px: Place) -> None:
        self._is_panning, self._pan_from = True, px
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def _pan_to(self, px: Place) -> None:
        dx, dy = px[0] - self._pan_from[0], px[1] - self._pan_from[1]
        self._pan_from = px
        self.look(self._view.panned(dx, dy))

    def _end_pan(self) -> None:
        self._is_panning = False
        self.viewport().unsetCursor()
        if self._handler is not None and self._pointer_px is not None:
            self._handler.hover(self._event(self._pointer_px))


_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_ARROWS: Mapping[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def _px(event: QMouseEvent) -> Place:
    position = event.position()
    return position.x(), position.y()
