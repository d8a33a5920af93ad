"""What tools that draw a line or an outline have in common: points, snapping, keys, freehand.

A click adds a point, a drag a freehand stretch, T lets the line follow borders and roads, a digit
opens a field for distance and bearing; Enter or a double click ends it. All of it works from the
keyboard: the arrow keys move the pointer, the space bar adds a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from gridadmin.edit.document import Done
from ui.canvas.overlay import Handles, Mark, Outline, Role, Tag, Thing
from ui.canvas.snapping import Snap, ray_foot
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.texts import tr
from ui.tools.distance_entry import DistanceEntry
from ui.tools.drawn_line import (
    bearing_deg,
    distance_m,
    nearest_way,
    place_towards,
    simplified,
)
from ui.tools.preview import Preview
from ui.tools.tool import Hint, Tool
from ui.tools.tracer import Tracer

_FINEST_M = 0.1
"""Freehand is never kept finer than this."""
_STROKE_PX = 2.0
_NOTHING_M = 0.001
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FORBIDDEN = Qt.CursorShape.ForbiddenCursor
_HALF_TURN_DEG, _SQUARE_DEG = 45.0, 90.0


class DrawingTool(Tool):
    """A line in the making. Others say what it is for: what it would do, and how it is done."""

    cursor = Qt.CursorShape.CrossCursor
    is_ring = False
    """Whether the points are the corners of an outline."""
    line_role = Role.AFTER

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._parts: list[list[Place]] = []
        self._here: MapEvent | None = None
        self.pressed: MapEvent | None = None
        """Where the button went down."""
        self._stroke: list[Place] = []
        self._typed: Place | None = None
        self._is_tracing = False
        self._tracer = Tracer(self.map)
        self._entry: DistanceEntry | None = None

    # What a tool says for itself

    def begin_hint(self) -> Hint:
        """Return what to say while nothing is drawn."""
        return Hint("")

    def why_not_begin(self, place: Place | None) -> str:
        """Return why nothing can come of a line that begins here; empty when something can."""
        return ""

    def finish_words(self) -> str:
        """Return what Enter does, in a word or two."""
        return tr("完成")

    def preview(self, line: Sequence[Place], place: Place) -> Preview:
        """Return what would come of a line that ends here, to be told at *place*."""
        return Preview()

    def finish(self, line: Sequence[Place]) -> bool:
        """Do what the line is for; return whether it was done."""
        return False

    def shaped(self, line: Sequence[Place]) -> Sequence[Place]:
        """Return what a line through these points is meant to be."""
        return line

    @property
    def is_square(self) -> bool:
        """Whether each stretch turns off the last one at a right angle."""
        return False

    # The line

    @property
    def drawn(self) -> list[Place]:
        """The points so far."""
        return [place for part in self._parts for place in part]

    @property
    def least_points(self) -> int:
        """How many points a line needs."""
        return 3 if self.is_ring else 2

    def hint(self) -> Hint:
        """Return what the next click does."""
        if not self._parts:
            hint = self.begin_hint()
            here = None if self._here is None else self._here.place
            why = self.why_not_begin(here) if self.is_usable else ""
            return Hint(why, hint.keys, is_refusal=True) if why else hint
        if self._is_tracing:
            return Hint(
                tr("沿边界、道路、河流描线：单击描到这里"),
                (("T", tr("不再描线")), ("Backspace", tr("退一步")), ("Esc", tr("取消"))),
            )
        return Hint(
            tr("单击加点，双击完成"),
            (
                ("Enter", self.finish_words()),
                ("Backspace", tr("退一步")),
                ("T", tr("描线")),
                (tr("数字键"), tr("输入距离")),
                (tr("拖动"), tr("手绘")),
                ("Shift", tr("直角")),
                ("Alt", tr("不捕捉")),
                (tr("方向键+空格"), tr("用键盘加点")),
                ("Esc", tr("取消")),
            ),
        )

    def cancel(self) -> bool:
        """Give the line up."""
        had = bool(self._parts or self._stroke)
        self._close_entry()
        self._parts, self._stroke, self.pressed = [], [], None
        self._is_tracing = False
        self.map.overlay.put(self.key_name, [])
        self.show_snap(None)
        if had:
            self.hinted.emit(self.hint())
        return had

    def follow(self, done: Done) -> None:
        """The land is another one now: the line begun means nothing any more."""
        self.cancel()

    def selection_changed(self) -> None:
        """What is selected may be what it is about."""
        if self._parts:
            self.show()

    # Mouse

    def press(self, event: MapEvent) -> bool:
        """Take a drag: freehand."""
        self.pressed = event if self.is_usable else None
        return self.is_usable

    def drag(self, event: MapEvent) -> None:
        """Go on with the freehand stretch."""
        if self.pressed is None:
            return
        if not self._stroke:
            self._stroke = [self.resolved(self.pressed)[0]]
        if distance_m(self._stroke[-1], event.place) >= _STROKE_PX * self.map.view.metres_per_px:
            self._stroke.append(event.place)
        self._here = event
        self.show()

    def release(self, event: MapEvent) -> None:
        """Keep the freehand stretch, with no more points than can be seen."""
        stroke = self.take_stroke()
        if not stroke:
            return
        snapped = self.snap_at(event)
        stroke.append(event.place if snapped is None else snapped.place)
        tolerance_m = max(self.map.view.metres_per_px, _FINEST_M)
        self._add(simplified(stroke, tolerance_m))

    def show_stroke(self, stroke: list[Place], event: MapEvent) -> None:
        """Show what is being dragged."""
        self._stroke, self._here = stroke, event
        self.show()

    def take_stroke(self) -> list[Place]:
        """Return what has been dragged, and forget it."""
        stroke, self._stroke, self.pressed = self._stroke, [], None
        return stroke

    def click(self, event: MapEvent) -> None:
        """Add a point, or the stretch traced to here; the first corner again ends an outline."""
        self._stroke, self.pressed = [], None
        if not self.is_usable:
            return
        self._close_entry()
        self._here = event
        if self._closes(event):
            self.end()
            return
        stretch = self._stretch(event)[0]
        if stretch is None:
            self.context.messages.refuse(self._why_no_trace(), event.place)
            return
        self._add(stretch)

    def double_click(self, event: MapEvent) -> None:
        """End the line."""
        if self.is_usable:
            self.end()

    def hover(self, event: MapEvent | None) -> None:
        """Show the line to here and what it would do."""
        self._here = event
        if self.is_usable:
            self.show()

    # Keys

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """Use Enter, Backspace, T, digits, Escape; Shift and Alt change where the point goes."""
        if not self.is_usable:
            return super().key(event, pointer)
        if event.key() in _MODIFIERS:
            self._hold(event, is_down=True)
            return False
        if event.modifiers() & _COMMANDS:
            return super().key(event, pointer)
        if event.key() in _ENTER and len(self.drawn) >= self.least_points:
            self.end()
        elif event.key() == Qt.Key.Key_Backspace and self._parts:
            self._parts.pop()
            self.show()
        elif event.key() == Qt.Key.Key_T and self._parts:
            self._is_tracing = not self._is_tracing
            self.show()
        elif _is_number(event) and self._parts:
            self._open_entry(event.text())
        else:
            return super().key(event, pointer)
        return True

    def key_up(self, event: QKeyEvent) -> None:
        """Let go of Shift or Alt."""
        if event.key() in _MODIFIERS and self.is_usable:
            self._hold(event, is_down=False)

    def wants(self, event: QKeyEvent) -> bool:
        """Take T and digits while a line is drawn."""
        if not self._parts or event.modifiers() & _COMMANDS:
            return False
        return event.key() == Qt.Key.Key_T or _is_number(event)

    def _hold(self, event: QKeyEvent, *, is_down: bool) -> None:
        if self._here is None:
            return
        flag = _MODIFIERS[Qt.Key(event.key())]
        held = self._here.modifiers | flag if is_down else self._here.modifiers & ~flag
        self._here = replace(self._here, modifiers=held)
        self.show()

    # Where the next point goes

    def resolved(self, event: MapEvent) -> tuple[Place, Snap | None]:
        """Return where a point at the pointer goes, and what it snapped to."""
        drawn = self.drawn
        way = None
        if event.is_shift or self.is_square:
            step_deg = _SQUARE_DEG if self.is_square else _HALF_TURN_DEG
            way = nearest_way(drawn, event.place, step_deg)
        snapped = self.snap_at(event, drawn, way)
        if snapped is not None:
            return snapped.place, snapped
        if way is not None:
            return ray_foot(drawn[-1], way, event.place), None
        return event.place, None

    def _stretch(self, event: MapEvent) -> tuple[list[Place] | None, Snap | None]:
        """Return the points that a click here would add; None where there is nothing to trace."""
        if self._typed is not None:
            return [self._typed], None
        place, snapped = self.resolved(event)
        if not self._is_tracing:
            return [place], snapped
        drawn = self.drawn
        way = self._tracer.way(self.snapshot, drawn[-1], place, self.reach_m())
        return (None if way is None else way[1:]), snapped

    def _closes(self, event: MapEvent) -> bool:
        drawn = self.drawn
        return (
            self.is_ring
            and len(drawn) >= self.least_points
            and distance_m(event.place, drawn[0]) <= self.reach_m()
        )

    def _add(self, stretch: Sequence[Place]) -> None:
        drawn = self.drawn
        fresh = [place for place in stretch if not drawn or distance_m(place, drawn[-1]) >= 0.001]
        if fresh:
            self._parts.append(fresh)
        self.show()

    def end(self) -> None:
        """End the line here and do what it is for."""
        drawn = self.drawn
        if len(drawn) < self.least_points:
            return
        if self.finish(self.shaped(drawn)):
            self.cancel()
        else:
            self.show()

    def _why_no_trace(self) -> str:
        if self._tracer.is_too_much:
            return tr("地图上的线太多，请放大后再描线。")
        return tr("从上一点到这里没有连着的边界、道路或河流可描。")

    # Numbers

    def _open_entry(self, typed: str) -> None:
        last = self.drawn[-1]
        pointer = self._here or MapEvent(self.map.view.px_of(last), last)
        entry = DistanceEntry(self.map)
        entry.changed.connect(self._type)
        entry.taken.connect(self._take_typed)
        entry.left.connect(self._leave_entry)
        self._entry = entry
        target = self.resolved(pointer)[0]
        entry.open_at(pointer.px, typed, bearing_deg(last, target) if target != last else 0.0)

    def _type(self, metres: float, bearing: float) -> None:
        if self._parts:
            self._typed = place_towards(self.drawn[-1], metres, bearing)
            self.show()

    def _take_typed(self, metres: float, bearing: float) -> None:
        place = place_towards(self.drawn[-1], metres, bearing)
        self._leave_entry()
        self._add([place])
        self.map.show_place(place)

    def _leave_entry(self) -> None:
        self._close_entry()
        self.map.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show()

    def _close_entry(self) -> None:
        entry, self._entry, self._typed = self._entry, None, None
        if entry is not None:
            entry.hide()
            entry.deleteLater()

    # What is shown

    def show(self) -> None:
        """Show the line to the pointer and what would come of it."""
        drawn, here = self.drawn, self._here
        stretch: list[Place] | None = []
        snapped = None
        if self._stroke:
            stretch = self._stroke
        elif here is not None or self._typed is not None:
            stretch, snapped = self._stretch(here or MapEvent((0.0, 0.0), self._typed or (0, 0)))
        self._tell_snap(here, snapped)
        line = [*drawn, *(stretch or [])]
        hint = self.hint()
        if not drawn and not self._stroke:
            self.map.overlay.put(self.key_name, [])
            self.map.viewport().setCursor(_FORBIDDEN if hint.is_refusal else self.cursor)
            self.hinted.emit(hint)
            return
        if stretch is None:
            hint = Hint(self._why_no_trace(), hint.keys, is_refusal=True)
        preview = Preview()
        shaped = self.shaped(line)
        if len(shaped) >= self.least_points:
            preview = self.preview(shaped, line[-1])
        if preview.why_not:
            hint = Hint(preview.why_not, hint.keys, is_refusal=True)
        self._put(shaped, line[-len(stretch or ()) - 1 :] if drawn and stretch else (), preview)
        self.hinted.emit(hint)

    def _tell_snap(self, here: MapEvent | None, snapped: Snap | None) -> None:
        self.show_snap(snapped)
        if here is not None and self._closes(here):
            self.snapped.emit(tr("起点，单击完成"))

    def _put(self, line: Sequence[Place], stretch: Sequence[Place], preview: Preview) -> None:
        """Show a line, what would come of it, and the figures of the *stretch* to the pointer."""
        things: list[Thing] = [*preview.things]
        if len(line) > 1:
            shown = [*line, line[0]] if self.is_ring and len(line) > 2 else line
            things.append(Outline([np.array(shown)], self.line_role))
        if self._parts:
            things.append(Handles(np.array(self.drawn), Mark.VERTEX))
        if stretch:
            tag = preview.tag
            # Right after a click there is no stretch to speak of.
            own = [_stretch_row(stretch)] if distance_m(*stretch[-2:]) > _NOTHING_M else []
            rows = [*own, *(() if tag is None else tag.rows)]
            weights = [*("" for _ in own), *(() if tag is None else tag.weights)]
            if rows:
                things.append(Tag(stretch[-1], rows, weights))
        self.map.overlay.put(self.key_name, things)


def _stretch_row(steps: Sequence[Place]) -> Sequence[str]:
    """Return length and bearing of a stretch, in words."""
    length = sum(distance_m(one, other) for one, other in pairwise(steps))
    words = tr("{m} 米", m=f"{length:,.2f}")
    if len(steps) > 2:
        return (tr("这一段"), words)
    return (tr("这一段"), words, f"{bearing_deg(*steps):.1f}°")


_MODIFIERS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
}
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def _is_number(event: QKeyEvent) -> bool:
    return len(event.text()) == 1 and event.text() in "0123456789."
