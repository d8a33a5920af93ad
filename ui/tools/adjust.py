"""The tool *adjust border*: drag, add and delete points of borders; both sides follow.

A point is taken by the mouse or by Tab; it is dragged, or nudged by the arrow keys. While it moves,
the map shows the new line and what every area concerned gains or loses; nothing is stored before
the button or key is released.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from gridadmin.app.effects import effects_of
from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.edit.vertex_commands import AddVertex, DeleteVertex, Move
from ui.canvas.overlay import Handles, Mark, Outline, Role, Thing
from ui.canvas.picking import (
    BorderHit,
    VertexHit,
    border_near,
    ends_at,
    local_points,
    vertex_near,
)
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Floats, Place
from ui.texts import explain, tr
from ui.tools.shapes import border_outline, effect_tag
from ui.tools.tool import Hint, Tool

_MOST_HANDLES = 1500
_BIG_STEP = 10.0


@dataclass
class _Drag:
    """A point on its way: where it began, the new point it makes (a place on a border) or moves."""

    start: Place
    border: int | None
    """The border that gets a new point; None where one that is there is moved."""
    place: Place
    done: Done | None = None
    refusal: EditError | None = None

    @property
    def is_new(self) -> bool:
        """Whether it makes a new point."""
        return self.border is not None


class AdjustTool(Tool):
    """Points of borders under the pointer; one of them may be active, for the keys."""

    key_name = "adjust"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._hit: BorderHit | None = None
        self._vertex: VertexHit | None = None
        self._active: Place | None = None
        self._drag: _Drag | None = None
        self._nudge: _Drag | None = None

    # What the user sees

    def hint(self) -> Hint:
        """Return what clicks and keys do."""
        if self._active is not None:
            return Hint(
                tr("已选中边界上的点"),
                (
                    (tr("方向键"), tr("移动 {m} 米", m=self._step_m())),
                    ("Shift", tr("十倍")),
                    ("Del", tr("删点")),
                    ("Tab", tr("下一点")),
                    ("Esc", tr("取消")),
                ),
            )
        return Hint(
            tr("拖动边界上的点，两侧区域一起变化；拖动线段可加点"),
            (("A", tr("加点")), ("Del", tr("删点")), ("Tab", tr("逐点选择")), ("Esc", tr("取消"))),
        )

    def leave(self) -> None:
        """Give up what is half done, and forget the active point."""
        super().leave()
        self._active = self._vertex = self._hit = None

    def cancel(self) -> bool:
        """Give up the drag, else the active point."""
        if self._drag is not None or self._nudge is not None:
            self._drag = self._nudge = None
            self._show()
            return True
        if self._active is not None:
            self._active = None
            self._show()
            return True
        return False

    def follow(self, done: Done) -> None:
        """Points may have gone: look again."""
        self._hit = self._vertex = None
        if self._active is not None and self._vertex_at(self._active) is None:
            self._active = None
        self._show()

    def selection_changed(self) -> None:
        """The points shown are those of what is selected."""
        self._show()

    # Mouse

    def press(self, event: MapEvent) -> bool:
        """Take hold of the point under the pointer, or of the border between two points."""
        if not self.is_usable or self._why_not():
            return False
        self._finish_nudge()
        self._look_at(event.place)
        if self._vertex is not None:
            self._drag = _Drag(self._vertex.place, None, self._vertex.place)
            return True
        if self._hit is not None:
            self._drag = _Drag(self._hit.place, self._hit.border.id, self._hit.place)
            return True
        return False

    def drag(self, event: MapEvent) -> None:
        """Show what would be if the point stood here."""
        if self._drag is not None:
            self._try(self._drag, event.place)
            self._show()

    def release(self, event: MapEvent) -> None:
        """Let the point stand where it is, or say why it can't."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        self._try(drag, event.place)
        self._carry_out(drag)

    def click(self, event: MapEvent) -> None:
        """Make the point under the pointer the active one."""
        self._drag = None
        if not self.is_usable:
            return
        self._finish_nudge()
        self._look_at(event.place)
        self._active = None if self._vertex is None else self._vertex.place
        if self._vertex is None and self._hit is not None:
            self.context.selection.select_border(self._hit.border.id)
        self._show()

    def double_click(self, event: MapEvent) -> None:
        """Add a point to the border under the pointer, unless there is one."""
        self._drag = None
        if not self.is_usable:
            return
        self._look_at(event.place)
        if self._vertex is None:
            self._add_here()

    def hover(self, event: MapEvent | None) -> None:
        """Show the points of the border under the pointer."""
        if event is None or not self.is_usable:
            self._hit = self._vertex = None
        else:
            self._look_at(event.place)
        self._show()
        self.snapped.emit(self._snapped_words())

    def _snapped_words(self) -> str:
        if self._vertex is None:
            return tr("边界线") if self._hit is not None else ""
        if self._vertex.ends > 2:
            return tr("{n} 条边界相交的节点", n=self._vertex.ends)
        return tr("边界上的点")

    # Keys

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """Use the arrows, Tab, A, Insert, Delete, Return and Escape."""
        if not self.is_usable:
            return super().key(event, pointer)
        key = event.key()
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return self._next_point(is_back=key == Qt.Key.Key_Backtab)
        return self._act_by_key(key, event) or super().key(event, pointer)

    def _act_by_key(self, key: int, event: QKeyEvent) -> bool:
        if key in _WAYS and self._active is not None and not _is_ctrl(event):
            self._nudge_by(_WAYS[key], is_big=_is_shift(event))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        elif key in (Qt.Key.Key_A, Qt.Key.Key_Insert) and not _is_ctrl(event):
            self._add_here()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._nudge is not None:
            self._finish_nudge()
        else:
            return False
        return True

    def wants(self, event: QKeyEvent) -> bool:
        """Take A: it adds a point here, and the tool is in hand already."""
        return event.key() == Qt.Key.Key_A and not event.modifiers()

    def key_up(self, event: QKeyEvent) -> None:
        """Store a nudge when its key is let go."""
        if event.key() in _WAYS and not event.isAutoRepeat():
            self._finish_nudge()

    def keys_lost(self) -> None:
        """Store a nudge: its key goes up unheard."""
        self._finish_nudge()

    # How it works

    def _why_not(self) -> str:
        return self.context.bridge.why_not_change()

    def _look_at(self, place: Place) -> None:
        snapshot = self.snapshot
        self._vertex = None
        self._hit = border_near(snapshot, place, self.reach_m(), self.map.shown_borders)
        if self._hit is not None:
            self._vertex = vertex_near(snapshot, place, self.reach_m(0.8), [self._hit.border])

    def _command(self, drag: _Drag) -> Command:
        bridge = self.context.bridge
        start, end = bridge.to_plane(drag.start), bridge.to_plane(drag.place)
        if drag.border is None:
            return Move(start, end)
        return AddVertex(start, end, drag.border)

    def _try(self, drag: _Drag, place: Place) -> None:
        drag.place = place
        try:
            drag.done, drag.refusal = self.context.bridge.preview(self._command(drag)), None
        except EditError as refusal:
            drag.done, drag.refusal = None, refusal

    def _carry_out(self, drag: _Drag) -> None:
        if drag.refusal is not None:
            if drag.refusal.code != "edit.nothing_moves":
                self.context.messages.refused(drag.refusal, drag.place)
            self._show()
            return
        done = self.context.bridge.execute(self._command(drag), place=drag.place)
        if done is not None:
            self.context.messages.clear()
            vertex = vertex_near(self.snapshot, drag.place, 0.002)
            self._active = drag.place if vertex is None else vertex.place
            self._look_at(drag.place)
        self._show()

    def _step_m(self) -> float:
        step: float = self.context.settings.value("nudge_m")
        return step

    def _nudge_by(self, way: tuple[int, int], *, is_big: bool) -> None:
        if self._active is None or self._why_not():
            return
        if self._nudge is None:
            self._nudge = _Drag(self._active, None, self._active)
        step = self._step_m() * (_BIG_STEP if is_big else 1.0)
        x, y = self._nudge.place
        self._try(self._nudge, (x + way[0] * step, y + way[1] * step))
        self.map.show_place(self._nudge.place)
        self._show()

    def _finish_nudge(self) -> None:
        nudge, self._nudge = self._nudge, None
        if nudge is not None and nudge.place != nudge.start:
            self._carry_out(nudge)

    def _add_here(self) -> None:
        """Add a point to the border under the pointer, or behind the active one."""
        hit = self._hit
        if hit is None and self._active is not None:
            hit = self._middle_after(self._active)
        if hit is None:
            self.context.messages.refuse(tr("指针下没有边界，请把指针移到边界上再加点。"))
            return
        drag = _Drag(hit.place, hit.border.id, hit.place)
        self._try(drag, hit.place)
        self._carry_out(drag)

    def _delete(self) -> None:
        self._finish_nudge()
        place = self._active if self._vertex is None else self._vertex.place
        if place is None:
            self.context.messages.refuse(tr("请先选中要删除的点。"))
            return
        bridge = self.context.bridge
        if bridge.execute(DeleteVertex(bridge.to_plane(place)), place=place) is not None:
            self._active = self._vertex = None
        self._show()

    # Going from point to point

    def _borders(self) -> list[BorderRow]:
        """Return the borders whose points are shown: those selected and that under the pointer."""
        partition, now = self.snapshot.partition, self.context.selection.now
        found: dict[int, BorderRow] = {}
        if now.border is not None and partition.has(now.border):
            found[now.border] = partition.border(now.border)
        for uid in now.areas:
            found.update({border.id: border for border in partition.outline(oid_of(uid))})
        if self._hit is not None and partition.has(self._hit.border.id):
            found[self._hit.border.id] = self._hit.border
        return list(found.values())

    def _next_point(self, *, is_back: bool) -> bool:
        """Make the next point along the borders shown the active one."""
        self._finish_nudge()
        places = self._walk()
        if not places:
            return False
        if self._active is None:
            at = len(places) - 1 if is_back else 0
        else:
            nearest = np.hypot(*(np.array(places) - np.array(self._active)).T).argmin()
            at = int(nearest) + (-1 if is_back else 1)
            if not 0 <= at < len(places):
                # Beyond the last point the focus goes on to the next widget.
                self._active = None
                self._show()
                return False
        self._active = places[at]
        self.map.show_place(self._active)
        self._show()
        return True

    def _walk(self) -> list[Place]:
        places: list[Place] = []
        for border in self._borders():
            for x, y in local_points(border).tolist():
                if (x, y) not in places[-2:] and (not places or (x, y) != places[0]):
                    places.append((x, y))
        return list(dict.fromkeys(places))

    def _middle_after(self, place: Place) -> BorderHit | None:
        """Return the middle of the stretch behind a point of the borders shown."""
        for border in self._borders():
            points = local_points(border)
            at = np.nonzero((np.abs(points - np.array(place)) < 0.0005).all(axis=1))[0]
            for row in at.tolist():
                other = row + 1 if row + 1 < len(points) else row - 1
                x, y = ((points[row] + points[other]) / 2).tolist()
                return BorderHit(border, min(row, other), (x, y), 0.0)
        return None

    def _vertex_at(self, place: Place) -> VertexHit | None:
        return vertex_near(self.snapshot, place, 0.002) if self.is_usable else None

    # What it shows

    def _show(self) -> None:
        moving = self._drag or self._nudge
        if not self.is_usable:
            self.map.overlay.put(self.key_name, [])
            return
        if moving is not None and (moving.done or moving.refusal):
            self.map.overlay.put(self.key_name, self._moving_things(moving))
            self.hinted.emit(self._moving_hint(moving))
            return
        things: list[Thing] = []
        if self._hit is not None and self.snapshot.partition.has(self._hit.border.id):
            things.append(border_outline([self._hit.border], Role.HOVER))
        things += self._handles()
        self.map.overlay.put(self.key_name, things)
        self.hinted.emit(self.hint())

    def _handles(self) -> list[Thing]:
        borders = self._borders()
        inside = [self._seen(local_points(border)) for border in borders]
        vertices = [points for points in inside if len(points)]
        things: list[Thing] = []
        if vertices and sum(map(len, vertices)) <= _MOST_HANDLES:
            things.append(Handles(np.concatenate(vertices), Mark.VERTEX))
            nodes = [local_points(border)[[0, -1]] for border in borders]
            things.append(Handles(np.concatenate(nodes), Mark.NODE))
        if self._vertex is not None:
            things.append(Handles(np.array([self._vertex.place]), Mark.ACTIVE))
        elif self._hit is not None:
            things.append(Handles(np.array([self._hit.place]), Mark.MIDDLE))
        if self._active is not None:
            things.append(Handles(np.array([self._active]), Mark.ACTIVE))
        return things

    def _seen(self, points: Floats) -> Floats:
        x0, y0, x1, y1 = self.map.view.bounds()
        seen: Floats = points[
            (points[:, 0] >= x0)
            & (points[:, 0] <= x1)
            & (points[:, 1] >= y0)
            & (points[:, 1] <= y1)
        ]
        return seen

    def _moving_things(self, moving: _Drag) -> list[Thing]:
        here = np.array([moving.place])
        if moving.done is None:
            return [
                *self._refused_lines(moving),
                Handles(here, Mark.REFUSED),
            ]
        rows = moving.done.change.of("border")
        old = [row.before for row in rows if row.before is not None]
        new = [row.after for row in rows if row.after is not None]
        things: list[Thing] = [
            border_outline(old, Role.BEFORE),
            border_outline(new, Role.AFTER),
            Handles(here, Mark.ACTIVE),
        ]
        tag = effect_tag(effects_of(moving.done, waits=False), moving.place)
        return things if tag is None else [*things, tag]

    def _refused_lines(self, moving: _Drag) -> list[Outline]:
        """Return the lines that the refused move would have drawn, dashed."""
        arms = self._arms(moving)
        lines = [np.array([arm, moving.place]) for arm in arms]
        return [Outline(lines, Role.REFUSED)] if lines else []

    def _arms(self, moving: _Drag) -> list[Place]:
        if moving.is_new:
            hit = border_near(self.snapshot, moving.start, 0.01)
            if hit is None:
                return []
            points = local_points(hit.border)
            return [tuple(points[hit.segment].tolist()), tuple(points[hit.segment + 1].tolist())]
        arms: list[Place] = []
        for border in self._borders_at(moving.start):
            points = local_points(border)
            at = np.nonzero((np.abs(points - np.array(moving.start)) < 0.0005).all(axis=1))[0]
            for row in at.tolist():
                arms += [
                    tuple(points[other].tolist())
                    for other in (row - 1, row + 1)
                    if 0 <= other < len(points)
                ]
        return arms

    def _borders_at(self, place: Place) -> list[BorderRow]:
        vertex = self._vertex_at(place)
        if vertex is None:
            return []
        partition = self.snapshot.partition
        return [
            border
            for border in partition.in_box(vertex.point, vertex.point)
            if (np.abs(local_points(border) - np.array(vertex.place)) < 0.0005).all(axis=1).any()
        ]

    def _moving_hint(self, moving: _Drag) -> Hint:
        if moving.refusal is not None:
            return Hint(explain(moving.refusal), (("Esc", tr("取消")),), is_refusal=True)
        ends = ends_at(self.snapshot.partition, _point(moving.start))
        text = (
            tr("松开即保存；这里相交的 {n} 条边界一起移动", n=ends)
            if ends > 2 and not moving.is_new
            else tr("松开即保存")
        )
        return Hint(text, (("Esc", tr("取消")),))


_WAYS: Mapping[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


def _point(place: Place) -> tuple[int, int]:
    return round(place[0] * 1000), round(place[1] * 1000)


def _is_shift(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _is_ctrl(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
