"""What the pointer snaps to: the thing nearby that a new point most likely means. Knows no Qt.

Places are local metres. The order in which things count is that of :class:`SnapKind`: a node goes
before a vertex, any point goes before any line; within a kind the nearest counts.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np

from gridadmin.partition.snapshot import Snapshot
from ui.canvas.picking import borders_near, ends_at, kernel_point, level_parted, local_points
from ui.canvas.viewport import Box, Floats, Place


class SnapKind(IntEnum):
    """What a place was snapped to, the strongest first."""

    NODE = 0
    """Where three or more borders meet."""
    VERTEX = 1
    """A point of a border."""
    INTERSECTION = 2
    """Where two lines cross: borders, roads, walls, the line being drawn."""
    CORNER = 3
    """The corner of a building."""
    SQUARE = 4
    """Where the next stretch meets a line at a right angle, or turns off by one."""
    MIDDLE = 5
    """Half way along a long stretch of a border."""
    BORDER = 6
    ROAD = 7
    RIVER = 8
    RAILWAY = 9
    WALL = 10
    """The side of a building."""


@dataclass(frozen=True)
class Snap:
    """Where a point snaps to and to what.

    *ends* is how many borders end there; *name* is that of the road or river.
    """

    place: Place
    kind: SnapKind
    distance_m: float
    ends: int = 0
    name: str = ""


class Line(Protocol):
    """A road, river or railway: what the ground tells of it."""

    @property
    def kind(self) -> str: ...  # noqa: D102 - the words of the ground
    @property
    def name(self) -> str | None: ...  # noqa: D102
    @property
    def points(self) -> Floats: ...  # noqa: D102


class House(Protocol):
    """A building: what the ground tells of it."""

    @property
    def footprint(self) -> Floats | None: ...  # noqa: D102


class NearGround(Protocol):
    """What lies under the borders, found by place."""

    def lines_near(self, box: Box, kinds: Collection[str] | None = None) -> Sequence[Line]:
        """Return the lines that reach into a box."""

    def buildings_in(self, box: Box) -> Sequence[House]:
        """Return the buildings that reach into a box."""


@dataclass(frozen=True)
class Surroundings:
    """What there is to snap to.

    *levels* are the borders that are drawn, None for all; the borders of the ids *spared* don't
    count: they move along with the point.
    """

    snapshot: Snapshot
    ground: NearGround | None = None
    levels: Container[str] | None = None
    spared: Container[int] = ()


class _Strand(NamedTuple):
    """One line nearby."""

    points: Floats
    kind: SnapKind
    name: str


@dataclass(frozen=True)
class _Segments:
    """The stretches within reach: where each begins and ends, the point nearest to the pointer."""

    start: Floats
    end: Floats
    foot: Floats
    distance: Floats
    strand: Sequence[_Strand]

    def __len__(self) -> int:
        return len(self.strand)


_KINDS = {
    "river": SnapKind.RIVER,
    "lake": SnapKind.RIVER,
    "water": SnapKind.RIVER,
    "railway": SnapKind.RAILWAY,
}
_MOST_CROSSED = 16
"""Of more stretches within reach only the nearest are looked at for crossings."""
_HOUSES_M = 15.0
"""With a longer reach houses are too small to be meant."""
_LONG = 6.0
"""So many times the reach a stretch has to be long for its middle to count."""
_CLEAR_M = 0.01
_OFF = 2.0
"""So many times the reach from the last point a right angle begins to count."""


def snap(
    around: Surroundings,
    place: Place,
    reach_m: float,
    drawn: Sequence[Place] = (),
    way: Place | None = None,
) -> Snap | None:
    """Return what *place* snaps to within *reach_m*, None for nothing.

    *drawn* are the points of the line so far. With *way*, a direction, the next point lies on the
    ray from the last one that way: then only crossings of the ray count.
    """
    near = _within(_strands(around, place, reach_m), place, reach_m)
    if way is not None and drawn:
        found = list(_on_ray(near, drawn[-1], way, place, reach_m))
    else:
        found = [
            *_points(around, near, place, reach_m),
            *_crossings(near, drawn, place, reach_m),
            *_right_angles(near, drawn, place, reach_m),
            *_middles(near, place, reach_m),
            *_feet(near),
        ]
    return min(found, key=lambda one: (one.kind, one.distance_m), default=None)


def snap_moved(
    around: Surroundings, place: Place, reach_m: float, arms: Sequence[Sequence[Place]] = ()
) -> Snap | None:
    """Return what a point of a border on its way snaps to within *reach_m*, None for nothing.

    That is the ground, or where one of the *arms* (lines that lead to the point, without it) comes
    at a right angle. A border is no place for a point of another one: borders don't touch but at
    nodes. Those *spared* are the ones that move along.
    """
    bare = replace(around, levels=())
    near = _within(_strands(bare, place, reach_m), place, reach_m)
    found = [
        *_points(bare, near, place, reach_m),
        *_crossings(near, (), place, reach_m),
        *(one for arm in arms for one in _right_angles(near, arm, place, reach_m)),
        *_feet(near),
    ]
    ranked = sorted(found, key=lambda one: (one.kind, one.distance_m))
    return next((one for one in ranked if _is_clear(around, one.place)), None)


def _is_clear(around: Surroundings, place: Place) -> bool:
    """Return whether a place lies on no border but those that move along."""
    near = borders_near(around.snapshot.partition, place, _CLEAR_M)
    strands = [
        _Strand(local_points(border), SnapKind.BORDER, "")
        for border in near
        if border.id not in around.spared
    ]
    return not len(_within(strands, place, _CLEAR_M))


def ray_foot(start: Place, way: Place, place: Place) -> Place:
    """Return the point nearest to *place* on the ray from *start* in a direction."""
    length = np.hypot(*way)
    dx, dy = way[0] / length, way[1] / length
    along = max((place[0] - start[0]) * dx + (place[1] - start[1]) * dy, 0.0)
    return start[0] + along * dx, start[1] + along * dy


def _strands(around: Surroundings, place: Place, reach_m: float) -> list[_Strand]:
    """Return the lines whose boxes come within reach."""
    found = []
    for border in borders_near(around.snapshot.partition, place, reach_m):
        if border.id in around.spared:
            continue
        if around.levels is None or level_parted(around.snapshot, border) in around.levels:
            found.append(_Strand(local_points(border), SnapKind.BORDER, ""))
    if around.ground is None:
        return found
    x, y = place
    box = (x - reach_m, y - reach_m, x + reach_m, y + reach_m)
    found += [
        _Strand(line.points, _KINDS.get(line.kind, SnapKind.ROAD), line.name or "")
        for line in around.ground.lines_near(box)
    ]
    if reach_m > _HOUSES_M:
        return found
    found += [
        _Strand(house.footprint, SnapKind.WALL, "")
        for house in around.ground.buildings_in(box)
        if house.footprint is not None
    ]
    return found


def _within(strands: Iterable[_Strand], place: Place, reach_m: float) -> _Segments:
    """Return the stretches of lines within reach of a place."""
    here = np.array(place)
    starts, ends, feet, distances, owners = [], [], [], [], []
    for strand in strands:
        begin, step = strand.points[:-1], np.diff(strand.points, axis=0)
        square = np.maximum((step**2).sum(axis=1), 1e-12)
        along = np.clip(((here - begin) * step).sum(axis=1) / square, 0.0, 1.0)
        foot = begin + step * along[:, None]
        distance = np.hypot(*(foot - here).T)
        near = np.nonzero(distance <= reach_m)[0]
        if len(near):
            starts.append(begin[near])
            ends.append(strand.points[near + 1])
            feet.append(foot[near])
            distances.append(distance[near])
            owners += [strand] * len(near)
    if not owners:
        none = np.empty((0, 2))
        return _Segments(none, none, none, np.empty(0), ())
    return _Segments(
        np.concatenate(starts),
        np.concatenate(ends),
        np.concatenate(feet),
        np.concatenate(distances),
        owners,
    )


def _points(around: Surroundings, near: _Segments, place: Place, reach_m: float) -> Iterator[Snap]:
    """Yield the nodes, vertices and corners."""
    seen = set()
    for row, strand in enumerate(near.strand):
        if strand.kind not in (SnapKind.BORDER, SnapKind.WALL):
            continue
        for point in (near.start[row], near.end[row]):
            at = (float(point[0]), float(point[1]))
            distance = _far(at, place)
            if distance > reach_m or at in seen:
                continue
            seen.add(at)
            if strand.kind is SnapKind.WALL:
                yield Snap(at, SnapKind.CORNER, distance)
                continue
            is_end = (point == strand.points[0]).all() or (point == strand.points[-1]).all()
            ends = ends_at(around.snapshot.partition, kernel_point(at)) if is_end else 0
            kind = SnapKind.NODE if ends > 2 else SnapKind.VERTEX
            yield Snap(at, kind, distance, ends)


def _crossings(
    near: _Segments, drawn: Sequence[Place], place: Place, reach_m: float
) -> Iterator[Snap]:
    """Yield where lines nearby cross each other or the line drawn so far."""
    rows = np.argsort(near.distance)[:_MOST_CROSSED].tolist()
    steps = [(np.array(begin), np.array(end)) for begin, end in pairwise(drawn)]
    for number, row in enumerate(rows):
        start, end, strand = near.start[row], near.end[row], near.strand[row]
        others = [
            (near.start[other], near.end[other])
            for other in rows[number + 1 :]
            if near.strand[other] is not strand
        ]
        for begin, finish in (*others, *steps):
            yield from _crossing(start, end, begin, finish, place, reach_m)


def _crossing(
    a: Floats, b: Floats, c: Floats, d: Floats, place: Place, reach_m: float
) -> Iterator[Snap]:
    """Yield where two stretches cross, when that is within reach; not where they run along."""
    one, other = b - a, d - c
    turn = float(one[0] * other[1] - one[1] * other[0])
    if abs(turn) < 1e-9:
        return
    apart = c - a
    share = float(apart[0] * other[1] - apart[1] * other[0]) / turn
    along = float(apart[0] * one[1] - apart[1] * one[0]) / turn
    if 0.0 <= share <= 1.0 and 0.0 <= along <= 1.0:
        at = (float(a[0] + share * one[0]), float(a[1] + share * one[1]))
        distance = _far(at, place)
        if distance <= reach_m:
            yield Snap(at, SnapKind.INTERSECTION, distance)


def _right_angles(
    near: _Segments, drawn: Sequence[Place], place: Place, reach_m: float
) -> Iterator[Snap]:
    """Yield where the next stretch would meet a line nearby at a right angle."""
    if not drawn:
        return
    last = np.array(drawn[-1])
    for row in range(len(near)):
        step = near.end[row] - near.start[row]
        square = float((step**2).sum())
        share = float(((last - near.start[row]) * step).sum()) / max(square, 1e-12)
        foot = near.start[row] + step * share
        at = (float(foot[0]), float(foot[1]))
        distance = _far(at, place)
        if 0.0 <= share <= 1.0 and distance <= reach_m and _far(at, drawn[-1]) > _OFF * reach_m:
            yield Snap(at, SnapKind.SQUARE, distance)
    if len(drawn) > 1:
        yield from _turned_off(near, drawn, place, reach_m)


def _turned_off(
    near: _Segments, drawn: Sequence[Place], place: Place, reach_m: float
) -> Iterator[Snap]:
    """Yield where the next stretch turns off the last one at a right angle."""
    (ax, ay), (bx, by) = drawn[-2:]
    dx, dy = bx - ax, by - ay
    if (dx, dy) == (0.0, 0.0) or _far(place, (bx, by)) <= _OFF * reach_m:
        return
    is_left = dx * (place[1] - by) - dy * (place[0] - bx) > 0
    way = (-dy, dx) if is_left else (dy, -dx)
    foot = ray_foot((bx, by), way, place)
    distance = _far(foot, place)
    if distance > reach_m:
        return
    met = [
        Snap(one.place, SnapKind.SQUARE, one.distance_m)
        for one in _on_ray(near, (bx, by), way, place, reach_m)
    ]
    yield from met
    if not len(near):
        # A line that it doesn't meet is nearer to what the pointer means.
        yield Snap(foot, SnapKind.SQUARE, distance)


def _on_ray(
    near: _Segments, start: Place, way: Place, place: Place, reach_m: float
) -> Iterator[Snap]:
    """Yield where a ray meets the lines nearby."""
    foot = ray_foot(start, way, place)
    length = float(np.hypot(*way))
    far = _far(foot, start) + 2 * reach_m
    begin = np.array(start)
    end = begin + np.array(way) / length * far
    for row in range(len(near)):
        yield from _crossing(near.start[row], near.end[row], begin, end, foot, reach_m)


def _middles(near: _Segments, place: Place, reach_m: float) -> Iterator[Snap]:
    """Yield the middles of long stretches of borders."""
    for row, strand in enumerate(near.strand):
        start, end = near.start[row], near.end[row]
        if strand.kind is not SnapKind.BORDER or np.hypot(*(end - start)) < _LONG * reach_m:
            continue
        middle = (start + end) / 2
        at = (float(middle[0]), float(middle[1]))
        if (distance := _far(at, place)) <= reach_m:
            yield Snap(at, SnapKind.MIDDLE, distance)


def _feet(near: _Segments) -> Iterator[Snap]:
    """Yield the nearest points of the lines themselves."""
    for strand, foot, distance in zip(
        near.strand, near.foot.tolist(), near.distance.tolist(), strict=True
    ):
        yield Snap((foot[0], foot[1]), strand.kind, distance, name=strand.name)


def _far(one: Place, other: Place) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
