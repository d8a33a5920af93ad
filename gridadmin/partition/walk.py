"""Walking around faces: halves, rings, the polygon of any land, the face at a point.

A *half* is a border seen in one direction; the land on its left is what it bounds. Rings are lists
of halves in walking order: counter-clockwise around land, clockwise around a hole in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import shapely

from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import box_of, boxes_meet, ends_of, points_of
from gridadmin.partition.grid import Ints, meets_pixel, pack_point, twice_area
from gridadmin.partition.planar import Partition


class Half(NamedTuple):
    """A border in one direction."""

    border: BorderRow
    is_along: bool

    @property
    def owner(self) -> int:
        """Who holds the land on the left."""
        return self.border.left if self.is_along else self.border.right

    @property
    def opposite_owner(self) -> int:
        """Who holds the land on the right."""
        return self.border.right if self.is_along else self.border.left

    @property
    def key(self) -> tuple[int, bool]:
        """What tells this half from all others of one partition."""
        return self.border.id, self.is_along

    def twin(self) -> Half:
        """The same border the other way."""
        return Half(self.border, not self.is_along)

    def points(self) -> Ints:
        """The points ``(n, 2)`` in walking order."""
        xy = points_of(self.border)
        return xy if self.is_along else xy[::-1]

    def origin(self) -> int:
        """The packed node where the half starts."""
        ends = ends_of(self.border)
        return ends.start if self.is_along else ends.end

    def target(self) -> int:
        """The packed node where the half ends."""
        ends = ends_of(self.border)
        return ends.end if self.is_along else ends.start

    def way(self) -> tuple[int, int]:
        """The direction in which the half leaves its origin."""
        ends = ends_of(self.border)
        return ends.way_on if self.is_along else ends.way_back


Ring = list[Half]


def clockwise_next(back: tuple[int, int], outgoing: Sequence[Half]) -> Half:
    """Return the half of *outgoing* that comes first when one turns clockwise from way *back*."""
    if len(outgoing) == 1:
        return outgoing[0]
    return outgoing[first_clockwise(back, [half.way() for half in outgoing])]


def first_clockwise(back: tuple[int, int], ways: Sequence[tuple[int, int]]) -> int:
    """Return which of *ways* comes first when one turns clockwise from *back*."""
    best, best_rank = 0, _turn_rank(back, ways[0])
    for place in range(1, len(ways)):
        way, best_way = ways[place], ways[best]
        rank = _turn_rank(back, way)
        turn = way[0] * best_way[1] - way[1] * best_way[0]
        if rank < best_rank or (rank == best_rank and turn < 0):
            best, best_rank = place, rank
    return best


def _turn_rank(back: tuple[int, int], way: tuple[int, int]) -> int:
    """Return in which part of a clockwise turn from *back* a way lies; straight back is last."""
    turn = back[0] * way[1] - back[1] * way[0]
    if turn < 0:
        return 0
    if turn > 0:
        return 2
    return 1 if back[0] * way[0] + back[1] * way[1] < 0 else 3


def outgoing_at(borders: Iterable[BorderRow], node: int) -> list[Half]:
    """Return the halves that leave *node*."""
    found = []
    for border in borders:
        ends = ends_of(border)
        if ends.start == node:
            found.append(Half(border, True))
        if ends.end == node:
            found.append(Half(border, False))
    return found


def face_ring(partition: Partition, half: Half) -> Ring:
    """Return the ring of the face on the left of *half*."""
    ring = [half]
    current = half
    while True:
        node = current.target()
        twin = current.twin()
        candidates = outgoing_at(partition.at_node(node), node)
        others = [h for h in candidates if h.key != twin.key]
        current = clockwise_next(twin.way(), others) if others else twin
        if current.key == half.key:
            return ring
        ring.append(current)


def rings_of_land(halves: Iterable[Half]) -> list[Ring]:
    """Return the rings of the land to the left of *halves*, which must be all of its border."""
    leaving: dict[int, list[Half]] = {}
    for half in halves:
        leaving.setdefault(half.origin(), []).append(half)
    rings = []
    for node in list(leaving):
        while leaving[node]:
            first = leaving[node].pop()
            ring = [first]
            while (target := ring[-1].target()) != node or not _is_closed(ring, leaving):
                candidates = leaving[target]
                if len(candidates) == 1:
                    ring.append(candidates.pop())
                    continue
                following = clockwise_next(ring[-1].twin().way(), candidates)
                candidates.remove(following)
                ring.append(following)
            rings.append(ring)
    return rings


def _is_closed(ring: Ring, leaving: dict[int, list[Half]]) -> bool:
    """Return whether a ring that is back at its first node turns into its first half there."""
    node = ring[0].origin()
    if not leaving[node]:
        return True
    candidates = [ring[0], *leaving[node]]
    return clockwise_next(ring[-1].twin().way(), candidates) is ring[0]


def ring_points(ring: Ring) -> Ints:
    """Return the closed points ``(n, 2)`` of a ring, first = last."""
    parts = [half.points()[:-1] for half in ring]
    parts.append(ring[0].points()[:1])
    return np.concatenate(parts)


def simple_rings(points: Ints) -> list[Ints]:
    """Return a closed ring cut where it touches itself, so that no point is passed twice."""
    keys = (points[:-1, 0] << 32) + points[:-1, 1]
    if len(np.unique(keys)) == len(keys):
        return [points]
    rings: list[Ints] = []
    path: list[int] = []
    place: dict[int, int] = {}
    for at, key in enumerate(keys.tolist()):
        if key in place:
            begin = place[key]
            loop = path[begin:]
            rings.append(points[[*loop, loop[0]]])
            for passed in path[begin + 1 :]:
                place.pop(int(keys[passed]), None)
            del path[begin + 1 :]
            # The point itself stays: later loops may hang on it too.
            continue
        place[key] = len(path)
        path.append(at)
    rings.append(points[[*path, path[0]]])
    return [ring for ring in rings if len(ring) > 3]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of land: a counter-clockwise shell and clockwise holes, closed, in mm."""

    shell: Ints
    holes: tuple[Ints, ...]

    def twice_area(self) -> int:
        """Twice the land in mm², holes taken out."""
        return twice_area(self.shell) + sum(twice_area(hole) for hole in self.holes)


def parts_of(rings: Iterable[Ints]) -> list[Part]:
    """Return closed simple rings sorted into shells with their holes."""
    shells: list[Ints] = []
    holes: list[Ints] = []
    for ring in rings:
        area = twice_area(ring)
        if area > 0:
            shells.append(ring)
        elif area < 0:
            holes.append(ring)
    if len(shells) == 1:
        return [Part(shells[0], tuple(holes))]
    shells.sort(key=twice_area)
    held: list[list[Ints]] = [[] for _ in shells]
    for hole in holes:
        for place, shell in enumerate(shells):
            if twice_area(shell) > -twice_area(hole) and _is_within(hole, shell):
                held[place].append(hole)
                break
    return [Part(shell, tuple(mine)) for shell, mine in zip(shells, held, strict=True)]


def _is_within(inner: Ints, outer: Ints) -> bool:
    if not (
        (outer.min(axis=0) <= inner.min(axis=0)) & (inner.max(axis=0) <= outer.max(axis=0))
    ).all():
        return False
    polygon = shapely.Polygon(outer)
    # A ring inside another may touch it at points; some middle of an edge is clear of it.
    middles = (inner[:-1] + inner[1:]) / 2
    shapely.prepare(polygon)
    points = shapely.points(np.concatenate((inner[:-1].astype(np.float64), middles)))
    clear = ~shapely.touches(polygon, points)
    return bool(shapely.contains(polygon, points[clear]).all()) and bool(clear.any())


def land_parts(partition: Partition, owner: int) -> list[Part]:
    """Return the pieces of land of *owner* with all its descendants."""
    halves = []
    known: dict[int, bool] = {}
    for border in partition.outline(owner):
        is_left = known.get(border.left)
        if is_left is None:
            is_left = known[border.left] = _is_under(border.left, owner, partition)
        halves.append(Half(border, is_left))
    return _parts(halves)


def own_parts(partition: Partition, owner: int) -> list[Part]:
    """Return the pieces of land that *owner* holds itself, children left out."""
    return _parts([Half(border, border.left == owner) for border in partition.beside(owner)])


def _parts(halves: list[Half]) -> list[Part]:
    rings = [ring_points(ring) for ring in rings_of_land(halves)]
    return parts_of(simple for ring in rings for simple in simple_rings(ring))


def _is_under(owner: int, ancestor: int, partition: Partition) -> bool:
    current: int | None = owner
    while current is not None:
        if current == ancestor:
            return True
        current = partition.parents.get(current)
    return False


def to_polygon(parts: Sequence[Part], place: Callable[[Ints], np.ndarray]) -> shapely.MultiPolygon:
    """Return pieces of land as a multipolygon; *place* turns mm points into coordinates."""
    return shapely.MultiPolygon(
        [shapely.Polygon(place(part.shell), [place(hole) for hole in part.holes]) for part in parts]
    )


class OnBorder(NamedTuple):
    """The place asked for lies on a border, not in a face."""

    border: BorderRow


def locate(
    partition: Partition, x: int, y: int, *, ignore_contact: bool = False
) -> Half | OnBorder | None:
    """Return a half of the face that holds the point: the nearest one to the left. None = OUTSIDE.

    A point whose pixel a border meets lies on that border, unless *ignore_contact*: then it counts
    as a hair to the left of where it is (:func:`half_left_of` says so in its type).
    """
    if ignore_contact:
        return half_left_of(partition, x, y)
    here = np.array([x, y], dtype=np.int64)
    for border in partition.in_box((x, y), (x, y)):
        if boxes_meet(box_of(border), (x - 1, y - 1, x + 1, y + 1)):
            xy = points_of(border)
            if meets_pixel(xy[:-1], xy[1:], here).any():
                return OnBorder(border)
    return half_left_of(partition, x, y)


def half_left_of(partition: Partition, x: int, y: int) -> Half | None:
    """Return the half that faces a point from the left, exactly, as if it lay a hair more left."""
    best: _Sight | None = None
    shift = partition.cell_shift
    row, column = y >> shift, x >> shift
    west = partition.west_cell()
    while column >= west:
        for border in partition.in_cells([pack_point(column, row)]):
            x0, y0, _, y1 = box_of(border)
            if x0 < x and y0 <= y < y1:
                best = _nearer(best, _left_of(border, x, y))
        # What was met lies within the columns looked at: nothing nearer can come.
        if best is not None and x - best.gap >= column << shift:
            break
        column -= 1
    return best.half if best else None


class _Sight(NamedTuple):
    """A half seen to the left: how far in mm, and how much it leans to the right going up."""

    gap: Fraction
    lean: Fraction
    half: Half


def _nearer(one: _Sight | None, other: _Sight | None) -> _Sight | None:
    """Return the nearer of two; of two that rise from one point the one that leans right."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda sight: (sight.gap, -sight.lean))


def _left_of(border: BorderRow, x: int, y: int) -> _Sight | None:
    xy = points_of(border)
    height = xy[:, 1]
    spans = (height[:-1] <= y) != (height[1:] <= y)
    best: _Sight | None = None
    for place in np.nonzero(spans)[0].tolist():
        (ax, ay), (bx, by) = xy[place : place + 2].tolist()
        lean = Fraction(bx - ax, by - ay)
        gap = (x - ax) - (y - ay) * lean
        if gap > 0:
            best = _nearer(best, _Sight(gap, lean, Half(border, by < ay)))
    return best
