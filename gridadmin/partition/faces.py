"""Single faces of a partition: the rings that bound them, holes included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.grid import Ints, twice_area
from gridadmin.partition.planar import Partition
from gridadmin.partition.walk import (
    Half,
    Part,
    Ring,
    face_ring,
    half_left_of,
    parts_of,
    ring_points,
    rings_of_land,
    simple_rings,
)


@dataclass(frozen=True, slots=True)
class Face:
    """A bounded piece of land with one owner; the first ring is the outer one."""

    owner: int
    rings: tuple[Ring, ...]

    def halves(self) -> Iterable[Half]:
        """All halves that have the face on their left."""
        for ring in self.rings:
            yield from ring

    def part(self) -> Part:
        """Its outline as a shell with holes; a face that only touches itself stays one part."""
        simple = [s for ring in self.rings for s in simple_rings(ring_points(ring))]
        parts = parts_of(simple)
        return max(parts, key=Part.twice_area)

    def parts(self) -> list[Part]:
        """Its outline as shells with holes; several when parts hang together at a point only."""
        return parts_of(s for ring in self.rings for s in simple_rings(ring_points(ring)))

    def twice_area(self) -> int:
        """Twice its land in mm², exactly."""
        return sum(twice_area(ring_points(ring)) for ring in self.rings)

    def neighbours(self) -> dict[int, float]:
        """The owners across its border, each with the length in mm of what they share."""
        shared: dict[int, float] = {}
        for half in self.halves():
            xy = half.points()
            steps = np.diff(xy, axis=0).astype(np.float64)
            length = float(np.hypot(steps[:, 0], steps[:, 1]).sum())
            shared[half.opposite_owner] = shared.get(half.opposite_owner, 0.0) + length
        return shared

    def inner_point(self) -> tuple[float, float]:
        """A point inside, in mm: always the same one, clear of the border as far as can be."""
        part = self.part()
        polygon = shapely.Polygon(part.shell, part.holes)
        point = polygon.representative_point()
        if not polygon.contains(point):  # pragma: no cover - thinner than floats can tell
            circle = shapely.maximum_inscribed_circle(polygon)
            point = shapely.Point(circle.coords[0])
        return point.x, point.y


_FEW_BORDERS = 64
"""Up to this many borders of an owner are looked at one by one; more are asked for by place."""


def face_at(partition: Partition, half: Half) -> Face | None:
    """Return the face on the left of *half*; None when that is the unbounded outside."""
    outer = face_ring(partition, half)
    points = ring_points(outer)
    # Each turn leads to a ring farther left, so there is an end.
    while twice_area(points) <= 0:
        around = _around_hole(partition, points)
        if around is None:
            return None
        outer = face_ring(partition, around)
        points = ring_points(outer)
    return Face(half.owner, (outer, *_hole_rings(partition, half.owner, outer, points)))


def _around_hole(partition: Partition, hole: Ints) -> Half | None:
    """Return a half of what lies around a hole ring: to the left of its least point."""
    x, y = min(map(tuple, hole.tolist()))
    return half_left_of(partition, x, y)


def _hole_rings(partition: Partition, owner: int, outer: Ring, points: Ints) -> list[Ring]:
    """Return the rings of the same owner that lie in *outer* as holes of its face."""
    rings = _rings_inside(partition, owner, outer, points)
    ring_of = {half.key: number for number, ring in enumerate(rings) for half in ring}
    is_ours: dict[int, bool] = {}
    outer_keys = {half.key for half in outer}
    for number in range(len(rings)):
        passed = []
        current: int | None = number
        verdict = False
        while current is not None and current not in is_ours:
            passed.append(current)
            # What lies left of a hole is either the outer ring or another hole of the same face.
            around = _around_hole(partition, ring_points(rings[current]))
            verdict = around is not None and around.key in outer_keys
            current = None if verdict or around is None else ring_of.get(around.key)
        if current is not None:
            verdict = is_ours[current]
        is_ours.update((step, verdict) for step in passed)
    return [ring for number, ring in enumerate(rings) if is_ours[number]]


def _rings_inside(partition: Partition, owner: int, outer: Ring, points: Ints) -> list[Ring]:
    low, high = points.min(axis=0), points.max(axis=0)
    borders = partition.beside(owner)
    if len(borders) > _FEW_BORDERS:
        corner = (int(low[0]), int(low[1])), (int(high[0]), int(high[1]))
        borders = [b for b in partition.in_box(*corner) if owner in (b.left, b.right)]
    known = {half.key for half in outer}
    rings = []
    for border in borders:
        for half in (Half(border, True), Half(border, False)):
            if half.owner != owner or half.key in known:
                continue
            xy = half.points()
            if not ((low <= xy.min(axis=0)) & (xy.max(axis=0) <= high)).all():
                continue
            ring = face_ring(partition, half)
            known.update(h.key for h in ring)
            if twice_area(ring_points(ring)) < 0:
                rings.append(ring)
    return rings


def faces_of(partition: Partition, owner: int) -> list[Face]:
    """Return all faces that *owner* holds itself; OUTSIDE has none."""
    if owner == OUTSIDE:
        return []
    halves = [
        half
        for border in partition.beside(owner)
        for half in (Half(border, True), Half(border, False))
        if half.owner == owner
    ]
    outer: list[tuple[Ring, Ints]] = []
    holes: list[tuple[Ring, Ints]] = []
    for ring in rings_of_land(halves):
        points = ring_points(ring)
        (outer if twice_area(points) > 0 else holes).append((ring, points))
    if not holes:
        return [Face(owner, (ring,)) for ring, _ in outer]
    if len(outer) == 1:
        return [Face(owner, (outer[0][0], *(ring for ring, _ in holes)))]
    return _sorted_out(partition, owner, [ring for ring, _ in outer], holes)


def _sorted_out(
    partition: Partition, owner: int, outer: list[Ring], holes: list[tuple[Ring, Ints]]
) -> list[Face]:
    """Return the faces that several outer rings make with the holes in them."""
    ring_of = {half.key: number for number, ring in enumerate(outer) for half in ring}
    hole_of = {half.key: number for number, (ring, _) in enumerate(holes) for half in ring}
    around = [_around_hole(partition, points) for _, points in holes]
    held: list[list[Ring]] = [[] for _ in outer]
    for number, (ring, _) in enumerate(holes):
        half = around[number]
        # What lies left of a hole is either an outer ring or another hole of the same face.
        while half is not None and half.key in hole_of:
            half = around[hole_of[half.key]]
        if half is not None:  # pragma: no branch - a hole in land always has land around it
            held[ring_of[half.key]].append(ring)
    return [Face(owner, (ring, *inside)) for ring, inside in zip(outer, held, strict=True)]
