"""What the tool *adjust border* does with a whole stretch: which is held, what is tried with it.

The stretch is held by a click on the border, by B (and again by B: the next border at a node), or
between two points by E. Then arrows nudge it, N lets its nodes go along, a digit shifts it aside, I
straightens it, K puts it on a road.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from gridadmin.app.holders import holder_of
from gridadmin.base.errors import EditError
from gridadmin.edit.align_commands import REACH_M, courses_for
from gridadmin.edit.document import Done
from gridadmin.partition.ground import Ground, is_kept
from ui.canvas.overlay import Handles, Mark, Outline, Role, Thing
from ui.canvas.picking import BorderHit, vertex_near
from ui.canvas.viewport import Floats, Place
from ui.jobs import JobProgress
from ui.panels import words
from ui.texts import tr
from ui.tools.attempt import Attempt
from ui.tools.held_stretch import HeldStretch, between
from ui.tools.point_pull import borders_through
from ui.tools.shift_entry import ShiftEntry
from ui.tools.stretch_attempts import (
    Alignment,
    Shifting,
    Straightening,
    StretchAttempt,
    StretchPull,
    course_words,
    middle_of,
)
from ui.tools.tool import Hint

if TYPE_CHECKING:
    from ui.tools.adjust import AdjustTool

_THERE_M = 0.002
_LETTERS = (Qt.Key.Key_I, Qt.Key.Key_K, Qt.Key.Key_N)


class StretchWork:
    """The stretch that is held, and the first of two points that are to name one."""

    def __init__(self, tool: AdjustTool) -> None:
        self._tool = tool
        self.held: HeldStretch | None = None
        self._first: Place | None = None
        self._moves_nodes = False
        self._choices: list[int] = []
        self._entry: ShiftEntry | None = None

    # Which stretch

    @property
    def is_begun(self) -> bool:
        """Whether a stretch, or the first end of one, is held."""
        return self.held is not None or self._first is not None

    def hold(self, held: HeldStretch) -> None:
        """Hold a stretch from now on; its border is selected."""
        tool = self._tool
        self.held, self._first, self._moves_nodes = held, None, False
        tool.rest_on(None)
        if tool.context.selection.now.border != held.border:
            tool.context.selection.select_border(held.border)

    def hold_between(self, one: Place, other: Place) -> None:
        """Hold what lies between two points of one border, or say that there is none."""
        tool = self._tool
        border = between(one, other, borders_through(tool.snapshot, one))
        if border is None:
            tool.context.messages.refuse(tr("这两点不在同一条边界上。"), other)
            return
        self.hold(HeldStretch(border, (one, other)))

    def let_go(self) -> None:
        """Hold no stretch; the first of two ends stays."""
        self.held = None

    def forget(self) -> None:
        """Hold nothing."""
        self.held = self._first = None

    def take_selected(self) -> None:
        """Hold the border that is selected, whoever selected it."""
        now = self._tool.context.selection.now
        if now.border is None:
            self.held = None
        elif self.held is None or self.held.border != now.border:
            self.held, self._first, self._moves_nodes = HeldStretch(now.border), None, False
            self._tool.rest_on(None)

    def follow(self, done: Done) -> None:
        """What was held may be gone."""
        if self.held is not None and self.held.found(self._tool.context.bridge) is None:
            self.held = None

    def go_on_after(self, attempt: Attempt, done: Done) -> None:
        """Hold the stretch as it is after a change that was made with it."""
        if isinstance(attempt, StretchPull):
            self._follow_ends(attempt)
            return
        partition = done.before.partition
        rows = done.change.of("border")
        if not isinstance(attempt, StretchAttempt) or not partition.has(attempt.held.border):
            return
        old = attempt.held.border
        pair = {partition.border(old).left, partition.border(old).right}
        heirs = [
            row.after
            for row in rows
            if row.after is not None and {row.after.left, row.after.right} == pair
        ]
        if heirs:
            self.hold(HeldStretch(max(heirs, key=lambda border: len(border.points)).id))

    def _follow_ends(self, pull: StretchPull) -> None:
        held = pull.held
        if held.ends is not None:
            ends = [self._moved(end, pull.by) for end in held.ends]
            held = HeldStretch(held.border, (ends[0], ends[1]))
        is_there = held.found(self._tool.context.bridge) is not None
        self.held = held if is_there else HeldStretch(held.border)

    def _moved(self, end: Place, by: Place) -> Place:
        there = (end[0] + by[0], end[1] + by[1])
        vertex = vertex_near(self._tool.snapshot, there, _THERE_M)
        return end if vertex is None else vertex.place

    # What the user sees

    def hint(self, step_m: float) -> Hint:
        """Return what keys do with the stretch."""
        nodes = tr("两端节点不动") if self._nodes_go() else tr("两端节点一起移动")
        return Hint(
            tr("已选中一段边界"),
            (
                (tr("方向键"), tr("移动 {m} 米", m=step_m)),
                (tr("数字"), tr("平移几米")),
                ("I", tr("拉直")),
                ("K", tr("贴靠道路")),
                ("N", nodes),
                ("Tab", tr("逐点选择")),
                ("Esc", tr("取消")),
            ),
        )

    def end_words(self) -> str:
        """Return what E does now."""
        return tr("一段从此点起") if self._first is None else tr("到此点为止")

    def things(self) -> list[Thing]:
        """Return the stretch and the first of two ends."""
        things: list[Thing] = []
        if self.held is not None:
            points = self.held.points(self._tool.context.bridge)
            if len(points):
                things.append(Outline([points], Role.SELECTED))
        if self._first is not None:
            things.append(Handles(np.array([self._first]), Mark.ACTIVE))
        return things

    # Keys

    def wants(self, key: int) -> bool:
        """Return whether a letter means something now."""
        if key in _LETTERS:
            return self.held is not None or self._tool.hit is not None
        if key == Qt.Key.Key_E:
            return self._tool.active is not None
        return key == Qt.Key.Key_B

    def key(self, event: QKeyEvent) -> bool:
        """Use B, E, I, K, N and digits."""
        key = event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if isinstance(self._tool.attempt, Straightening | Alignment):
            return self._next_proposal(self._tool.attempt, key)
        if key == Qt.Key.Key_B:
            self._hold_whole()
        elif key == Qt.Key.Key_E and self._tool.active is not None:
            self._mark_end(self._tool.active)
        elif key == Qt.Key.Key_I:
            self.begin_straighten()
        elif key == Qt.Key.Key_K:
            self.begin_align()
        elif key == Qt.Key.Key_N and self.held is not None:
            self._moves_nodes = not self._nodes_go()
            self._tool.show()
        elif event.text() in _DIGITS and event.text():
            self.begin_shift(event.text())
        else:
            return False
        return True

    def _next_proposal(self, attempt: Straightening | Alignment, key: int) -> bool:
        again = Qt.Key.Key_I if isinstance(attempt, Straightening) else Qt.Key.Key_K
        if key != again:
            return False
        attempt.next()
        self._tool.look()
        return True

    def next_candidate(self, *, is_back: bool) -> bool:
        """Look at the next road; the Tab key stays here while something is proposed."""
        attempt = self._tool.attempt
        if isinstance(attempt, Alignment):
            attempt.next(-1 if is_back else 1)
            self._tool.map.show_place(attempt.place)
            self._tool.look()
        return True

    def _hold_whole(self) -> None:
        """Hold the border at the active point or under the pointer; at a node, the next one."""
        borders = [border.id for border in self._tool.borders_at_active()]
        is_again = self._tool.active is None and self.held is not None
        if is_again and self.held is not None:
            # Pressed again: another border of the node where it was pressed first.
            at = (
                self._choices.index(self.held.border) + 1
                if self.held.border in self._choices
                else 0
            )
            borders = self._choices[at:] + self._choices[:at] or [self.held.border]
        else:
            self._choices = borders
        if not borders:
            self._tool.context.messages.refuse(tr("请先选中一条边界。"))
            return
        self.hold(HeldStretch(borders[0]))
        self._tool.show()

    def _mark_end(self, place: Place) -> None:
        if self._first is None:
            self._first = place
        elif self._first == place:
            self._first = None
        else:
            self.hold_between(self._first, place)
        self._tool.show()

    # What is tried

    def _points(self) -> Floats | None:
        """Return the points of the stretch held or under the pointer, or say that there is none."""
        tool = self._tool
        why = tool.context.bridge.why_not_change()
        if why:
            tool.context.messages.refuse(why)
            return None
        if self.held is None and tool.hit is not None:
            self.hold(HeldStretch(tool.hit.border.id))
        points = np.empty((0, 2)) if self.held is None else self.held.points(tool.context.bridge)
        if not len(points):
            tool.context.messages.refuse(tr("请先选中一条边界。"))
            return None
        return points

    def _nodes_go(self) -> bool:
        """Return whether the nodes move along."""
        if self._moves_nodes or self.held is None:
            return self._moves_nodes
        return not self.held.has_inner_points(self._tool.context.bridge)

    def pull(self) -> Attempt | None:
        """Return the stretch that is held, ready to be moved."""
        return None if self.held is None else self._pull(self.held, moves_nodes=self._moves_nodes)

    def _pull(self, held: HeldStretch, *, moves_nodes: bool) -> StretchPull | None:
        bridge = self._tool.context.bridge
        points = held.points(bridge)
        if not len(points):
            return None
        # The nodes must go where nothing else could move.
        goes = moves_nodes or not held.has_inner_points(bridge)
        return StretchPull(held, points, moves_nodes=goes)

    def begin_pull(self, pull: StretchPull) -> None:
        """Hold what is dragged, now that it moves."""
        if self.held != pull.held:
            self.hold(pull.held)

    def pull_at(self, hit: BorderHit | None, *, moves_nodes: bool) -> Attempt | None:
        """Return the stretch under the pointer, ready to be dragged."""
        if hit is None:
            return None
        is_held = self.held is not None and self.runs_through(hit.place)
        held = self.held if is_held and self.held is not None else HeldStretch(hit.border.id)
        begun = self._pull(held, moves_nodes=moves_nodes or (is_held and self._moves_nodes))
        if begun is not None:
            begun.start = begun.place = hit.place
        return begun

    def runs_through(self, place: Place) -> bool:
        """Return whether the stretch that is held runs through a place."""
        if self.held is None:
            return False
        points = self.held.points(self._tool.context.bridge)
        return len(points) > 1 and _distance(points, place) <= self._tool.reach_m(0.1)

    def begin_straighten(self) -> None:
        """Show the stretch straightened."""
        points = self._points()
        if points is not None and self.held is not None:
            self._tool.propose(Straightening(self.held, points))

    def begin_align(self) -> None:
        """Show the stretch on the nearest road, river or railway."""
        points = self._points()
        if points is None or self.held is None:
            return
        context, snapshot = self._tool.context, self._tool.snapshot
        if not is_kept(snapshot):
            held = self.held

            def index(_: JobProgress) -> Ground:
                return Ground.of(snapshot)

            def go_on(_: Ground) -> None:
                if self.held == held and self._tool.is_usable:
                    self.begin_align()

            context.jobs.start(tr("整理道路和水系"), index, on_done=go_on, is_quiet=True)
            return
        found = courses_for(snapshot, self.held.where(context.bridge))
        courses = [course for course in found if course.far_mm > _THERE_M * 1000]
        if found and not courses:
            there = EditError("edit.lies_there", line=course_words(found[0]))
            context.messages.refused(there, middle_of(points))
            return
        if not courses:
            words_ = tr("这段边界的两端 {m} 米内没有同一条道路、河流或铁路。", m=f"{REACH_M:g}")
            context.messages.refuse(words_, middle_of(points))
            return
        self._tool.propose(Alignment(self.held, points, courses))

    def is_meant(self, attempt: Attempt, place: Place) -> bool:
        """Return whether a click says yes; one on another road takes that."""
        reach = self._tool.reach_m()
        if isinstance(attempt, Alignment):
            far = [_distance(course.points / 1000.0, place) for course in attempt.courses]
            nearest = int(np.argmin(far))
            if far[nearest] <= reach and nearest != attempt.at:
                attempt.next(nearest - attempt.at)
            return far[nearest] <= reach
        lines = attempt.wanted_lines(self._tool.snapshot)
        return any(_distance(line, place) <= reach for line in lines)

    # The distance that is typed in

    def begin_shift(self, typed: str = "") -> None:
        """Open the field for a shift aside."""
        points = self._points()
        if points is None or self.held is None:
            return
        tool = self._tool
        stretch = self.held.found(tool.context.bridge)
        if stretch is None:
            return
        sides = [side.owner for side in stretch.sides(tool.snapshot.partition)]
        names = [words.holder(tool.snapshot, holder_of(tool.snapshot, owner)) for owner in sides]
        attempt = Shifting(self.held, points, is_left=self._is_pointer_left(points))
        tool.propose(attempt)
        entry = self._entry = ShiftEntry(tool.map, (names[0], names[1]))
        entry.changed.connect(self._typed)
        entry.taken.connect(tool.carry_out)
        entry.left.connect(self._entry_left)
        entry.open_at(tool.map.view.px_of(attempt.place), typed, is_left=attempt.is_left)

    def _is_pointer_left(self, points: Floats) -> bool:
        pointer = self._tool.map.pointer()
        return True if pointer is None else _is_left(points, pointer.place)

    def _typed(self) -> None:
        attempt, entry = self._tool.attempt, self._entry
        if isinstance(attempt, Shifting) and entry is not None:
            attempt.far_m, attempt.is_left = entry.far_m, entry.is_left
            attempt.done = attempt.refusal = None
            self._tool.look()

    def take_side(self, place: Place) -> bool:
        """Let a click beside the stretch say to which side it is shifted; False without a field."""
        entry, points = self._entry, self._shifted_points()
        if entry is None or points is None:
            return False
        entry.sides[0 if _is_left(points, place) else 1].setChecked(True)
        entry.metres.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _shifted_points(self) -> Floats | None:
        attempt = self._tool.attempt
        return attempt.points if isinstance(attempt, Shifting) else None

    def _entry_left(self) -> None:
        self._tool.drop()
        self._tool.show()

    def close_entry(self) -> None:
        """Close the field, if it is open; the keys go back to the map."""
        entry, self._entry = self._entry, None
        if entry is not None:
            if any(part.hasFocus() for part in (entry.metres, *entry.sides)):
                self._tool.map.setFocus(Qt.FocusReason.OtherFocusReason)
            entry.hide()
            entry.deleteLater()


_DIGITS = "0123456789."


def _distance(points: Floats, place: Place) -> float:
    return float(shapely.distance(shapely.linestrings(points), shapely.points(place)))


def _is_left(points: Floats, place: Place) -> bool:
    """Return whether a place lies on the left of a line."""
    line = shapely.linestrings(points)
    along = shapely.line_locate_point(line, shapely.points(place))
    ends = [shapely.line_interpolate_point(line, at) for at in (max(along - 0.01, 0), along + 0.01)]
    start, end = (shapely.get_coordinates(point)[0] for point in ends)
    way, beside = end - start, np.array(place) - start
    return bool(way[0] * beside[1] - way[1] * beside[0] >= 0)
