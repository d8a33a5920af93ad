"""What can be tried with a stretch: move it, straighten it, put it on a road, shift it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from gridadmin.edit.align_commands import Align
from gridadmin.edit.command import Command
from gridadmin.edit.stretch_commands import MoveStretch, Offset, Straighten
from gridadmin.partition.courses import Course
from gridadmin.partition.snapshot import Snapshot
from ui.bridge import Bridge
from ui.canvas.overlay import Outline, Role, Thing
from ui.canvas.viewport import Floats, Place
from ui.texts import mark, tr
from ui.tools.attempt import Attempt
from ui.tools.held_stretch import HeldStretch
from ui.tools.tool import Hint

_WITHIN_M = (None, 0.5, 1.0, 2.0, 5.0)
"""Straight from end to end, or without the points that lie this near."""


class StretchAttempt(Attempt):
    """Something tried with the stretch ``held``, of these ``points`` in local metres."""

    def __init__(self, held: HeldStretch, points: Floats) -> None:
        super().__init__(middle_of(points))
        self.held = held
        self.points = points


class StretchPull(StretchAttempt):
    """All points of a stretch on their way, from ``start`` to ``place``."""

    def __init__(self, held: HeldStretch, points: Floats, *, moves_nodes: bool) -> None:
        super().__init__(held, points)
        self.start = self.place
        self.moves_nodes = moves_nodes

    @property
    def by(self) -> Place:
        """How far it goes, in metres."""
        return self.place[0] - self.start[0], self.place[1] - self.start[1]

    def command(self, bridge: Bridge) -> Command:
        """Return the move."""
        return MoveStretch(self.held.where(bridge), self.by, self.moves_nodes)

    @property
    def is_nothing(self) -> bool:
        """Whether it is where it was."""
        return self.place == self.start

    def words(self, snapshot: Snapshot) -> Hint:
        """Say how far, and whether the nodes go along."""
        dx, dy = self.by
        nodes = tr("两端节点一起移动") if self.moves_nodes else tr("两端节点不动")
        text = tr("整段移动 {m} 米，{nodes}；松开即保存", m=f"{np.hypot(dx, dy):.2f}", nodes=nodes)
        return Hint(text, (("Esc", tr("取消")),))

    def wanted_lines(self, snapshot: Snapshot) -> Sequence[Floats]:
        """Return the stretch where it was to go."""
        return [self.points + np.array(self.by)]


class Straightening(StretchAttempt):
    """A stretch on its way to be straight, or to lose the points that matter little."""

    def __init__(self, held: HeldStretch, points: Floats) -> None:
        super().__init__(held, points)
        self._at = 0

    def next(self) -> None:
        """Take the next way to straighten it. Between two points there is one way alone."""
        if self.held.ends is None:
            self._at = (self._at + 1) % len(_WITHIN_M)

    def command(self, bridge: Bridge) -> Command:
        """Return the command."""
        return Straighten(self.held.where(bridge), _WITHIN_M[self._at])

    def words(self, snapshot: Snapshot) -> Hint:
        """Say which way, and how to take another."""
        within = _WITHIN_M[self._at]
        text = tr("两端之间拉直")
        if within is not None:
            text = tr("去掉离新线不到 {m} 米的点", m=f"{within:g}")
        other = (("I", tr("换一种拉直")),) if self.held.ends is None else ()
        return Hint(text, (("Enter", tr("确认")), *other, ("Esc", tr("取消"))))

    def wanted_lines(self, snapshot: Snapshot) -> Sequence[Floats]:
        """Return the straight line."""
        return [self.points[[0, -1]]]


class Alignment(StretchAttempt):
    """A stretch on its way onto a road, river or railway, one of several candidates."""

    def __init__(self, held: HeldStretch, points: Floats, courses: Sequence[Course]) -> None:
        super().__init__(held, points)
        self.courses = courses
        self.at = 0
        self.next(0)

    @property
    def course(self) -> Course:
        """The candidate that is looked at."""
        return self.courses[self.at]

    def next(self, step: int = 1) -> None:
        """Look at the next candidate, or at the one before."""
        self.at = (self.at + step) % len(self.courses)
        self.place = middle_of(self.course.points / 1000.0)

    def command(self, bridge: Bridge) -> Command:
        """Return the command."""
        return Align(self.held.where(bridge), self.course.uid)

    def words(self, snapshot: Snapshot) -> Hint:
        """Name the candidate, and how to take another."""
        text = tr("贴靠到{line}", line=course_words(self.course))
        keys = [("Enter", tr("确认")), ("Esc", tr("取消"))]
        if len(self.courses) > 1:
            text = tr("{what}（{n}/{all}）", what=text, n=self.at + 1, all=len(self.courses))
            keys.insert(1, ("K", tr("换下一条")))
        return Hint(text, tuple(keys))

    def more_things(self) -> Sequence[Thing]:
        """Return the candidate and how it goes on."""
        course = self.course
        line = np.concatenate((course.before[:0:-1], course.points, course.behind[1:])) / 1000.0
        return [Outline([line], Role.TARGET)]

    def wanted_lines(self, snapshot: Snapshot) -> Sequence[Floats]:
        """Return the course between the feet."""
        return [self.course.points / 1000.0]


class Shifting(StretchAttempt):
    """A stretch on its way aside, by a distance typed in, to its left or its right."""

    def __init__(self, held: HeldStretch, points: Floats, *, is_left: bool) -> None:
        super().__init__(held, points)
        self.is_left = is_left
        self.far_m: float | None = None

    def command(self, bridge: Bridge) -> Command:
        """Return the command."""
        far = self.far_m or 0.0
        return Offset(self.held.where(bridge), far if self.is_left else -far)

    @property
    def is_nothing(self) -> bool:
        """Whether no distance has been typed."""
        return not self.far_m

    def words(self, snapshot: Snapshot) -> Hint:
        """Say which keys help."""
        text = tr("输入平移的米数，选择移向哪一侧")
        return Hint(text, (("Enter", tr("确认")), ("↑ ↓", tr("换一侧")), ("Esc", tr("取消"))))


def middle_of(points: Floats) -> Place:
    """Return the place half way along a line."""
    middle = shapely.line_interpolate_point(shapely.linestrings(points), 0.5, normalized=True)
    return float(middle.x), float(middle.y)


def course_words(course: Course) -> str:
    """Return what a candidate is called: its name, or what it is."""
    return course.name or tr(_KINDS.get(course.kind, _OTHER))


_KINDS = {"road": mark("无名道路"), "river": mark("无名河流"), "railway": mark("铁路")}
_OTHER = mark("无名线")
