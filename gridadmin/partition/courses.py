"""The course of a road, river or railway beside a stretch of border.

A street comes as many pieces: what has one kind and one name is one thing, and a piece without a
name stands for itself. Places are in mm of the kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
import shapely

from gridadmin.partition.grid import Ints
from gridadmin.partition.ground import Ground, GroundLine
from gridadmin.partition.snapshot import Snapshot

Points = np.ndarray


@dataclass(frozen=True, eq=False)
class Course:
    """What a border may follow between two places near it.

    ``points`` ``(n, 2)`` lead from the foot of the first place to that of the second; ``before``
    and ``behind`` begin there and lead on. ``far_mm`` is how far the border lies off, on average.
    """

    uid: str
    kind: str
    name: str | None
    points: Points
    before: Points
    behind: Points
    far_mm: float


def courses_beside(
    snapshot: Snapshot, stretch: Ints, reach_mm: float, kinds: Sequence[str] | None = None
) -> list[Course]:
    """Return the courses that both ends of *stretch* ``(n, 2)`` lie near, the nearest first."""
    groups: dict[tuple[str, str], list[GroundLine]] = {}
    for line in _lines_near(snapshot, stretch, reach_mm, kinds):
        groups.setdefault(_thing(line), []).append(line)
    found = [_course(lines, stretch, reach_mm) for lines in groups.values()]
    courses = [course for course in found if course is not None]
    return sorted(courses, key=lambda course: (course.far_mm, course.uid))


def course_of(snapshot: Snapshot, name: str, stretch: Ints, reach_mm: float) -> Course | None:
    """Return the course of the object of that uid or name, None when it is far off.

    What bears the same name belongs to it.
    """
    lines = _lines_near(snapshot, stretch, reach_mm, None)
    things = {_thing(line) for line in lines if name in (line.uid, line.name)}
    return _course([line for line in lines if _thing(line) in things], stretch, reach_mm)


def _lines_near(
    snapshot: Snapshot, stretch: Ints, reach_mm: float, kinds: Sequence[str] | None
) -> list[GroundLine]:
    # A course may swing out farther than its feet lie off.
    size = float(np.hypot(*(stretch.max(axis=0) - stretch.min(axis=0)).astype(np.float64)))
    room = reach_mm + size / 2
    x0, y0 = ((stretch.min(axis=0) - room) / 1000).tolist()
    x1, y1 = ((stretch.max(axis=0) + room) / 1000).tolist()
    return Ground.of(snapshot).lines_near((x0, y0, x1, y1), kinds)


def _thing(line: GroundLine) -> tuple[str, str]:
    return line.kind, f"name {line.name}" if line.name else f"uid {line.uid}"


def _course(lines: Sequence[GroundLine], stretch: Ints, reach_mm: float) -> Course | None:
    pieces = [_Piece(line.points * 1000.0) for line in lines if len(line.points) > 1]
    starts = list(_feet(pieces, stretch[0], reach_mm))
    ends = list(_feet(pieces, stretch[-1], reach_mm))
    pairs = sorted(
        ((one.far + other.far, one, other) for one in starts for other in ends),
        key=lambda pair: (pair[0], pair[1].piece, pair[2].piece),
    )
    for _, one, other in pairs:
        points = _way(pieces, one, other)
        if points is not None and len(points) > 1:
            uid = min(line.uid for line in lines)
            before, behind = (
                _leads(pieces[one.piece], one, points),
                _leads(pieces[other.piece], other, points[::-1]),
            )
            far = _mean_distance(stretch, points)
            return Course(uid, lines[0].kind, lines[0].name, points, before, behind, far)
    return None


class _Piece:
    """One line ``(n, 2)`` with how far along each of its points lies."""

    def __init__(self, xy: Points) -> None:
        self.xy = xy
        steps = np.hypot(*np.diff(xy, axis=0).T)
        self.along = np.concatenate(([0.0], np.cumsum(steps)))

    @property
    def length(self) -> float:
        return float(self.along[-1])

    def at(self, along: float) -> Points:
        return np.array([np.interp(along, self.along, self.xy[:, axis]) for axis in (0, 1)])

    def between(self, one: float, other: float) -> Points:
        """Return the points from one place along it to another, both included."""
        low, high = min(one, other), max(one, other)
        inner = self.xy[(self.along > low) & (self.along < high)]
        xy = np.concatenate((self.at(low)[None], inner, self.at(high)[None]))
        return xy if one <= other else xy[::-1]


@dataclass(frozen=True)
class _Foot:
    piece: int
    along: float
    far: float


def _feet(pieces: Sequence[_Piece], place: Ints, reach_mm: float) -> Iterable[_Foot]:
    point = shapely.points(place.astype(np.float64))
    for number, piece in enumerate(pieces):
        line = shapely.linestrings(piece.xy)
        far = float(shapely.distance(line, point))
        if far <= reach_mm:
            yield _Foot(number, float(shapely.line_locate_point(line, point)), far)


def _way(pieces: Sequence[_Piece], one: _Foot, other: _Foot) -> Points | None:
    """Return the shortest way along the pieces, None when they don't hang together."""
    goal = -1
    joints: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    for number, piece in enumerate(pieces):
        joints.setdefault(_key(piece.xy[0]), []).append((number, True))
        joints.setdefault(_key(piece.xy[-1]), []).append((number, False))
    start = pieces[one.piece]
    ways: list[tuple[float, int, tuple[int, int] | int, tuple[Points, ...]]] = []
    if one.piece == other.piece and one.along != other.along:
        direct = start.between(one.along, other.along)
        heappush(ways, (abs(other.along - one.along), 0, goal, (direct,)))
    for count, (end, key) in enumerate(
        ((0.0, _key(start.xy[0])), (start.length, _key(start.xy[-1]))), start=1
    ):
        heappush(ways, (abs(end - one.along), count, key, (start.between(one.along, end),)))
    count, reached = 3, set[tuple[int, int]]()
    while ways:
        far, _, here, parts = heappop(ways)
        if isinstance(here, int):
            return _without_repeats(np.concatenate(parts))
        if here in reached:
            continue
        reached.add(here)
        for number, is_start in joints[here]:
            piece = pieces[number]
            from_, to = (0.0, piece.length) if is_start else (piece.length, 0.0)
            if number == other.piece:
                part = piece.between(from_, other.along)
                step = abs(other.along - from_)
                heappush(ways, (far + step, count, goal, (*parts, part)))
                count += 1
            there = _key(piece.xy[-1] if is_start else piece.xy[0])
            if there not in reached:
                part = piece.between(from_, to)
                heappush(ways, (far + piece.length, count, there, (*parts, part)))
                count += 1
    return None


def _key(point: Points) -> tuple[int, int]:
    return int(np.floor(point[0] + 0.5)), int(np.floor(point[1] + 0.5))


def _without_repeats(xy: Points) -> Points:
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (xy[1:] != xy[:-1]).any(axis=1)
    return xy[fresh]


def _leads(piece: _Piece, foot: _Foot, points: Points) -> Points:
    """Return the rest of a piece from a foot on, away from the *points* that begin there."""
    ends = [piece.between(foot.along, 0.0), piece.between(foot.along, piece.length)]
    way = points[1] - points[0]
    for end in ends:
        rest = _without_repeats(end)
        if len(rest) > 1 and float((rest[1] - rest[0]) @ way) < 0:
            return rest
    return points[:1]


def _mean_distance(stretch: Ints, points: Points) -> float:
    line = shapely.linestrings(stretch.astype(np.float64))
    along = np.linspace(0, 1, 21)
    places = shapely.line_interpolate_point(line, along, normalized=True)
    return float(shapely.distance(places, shapely.linestrings(points)).mean())
