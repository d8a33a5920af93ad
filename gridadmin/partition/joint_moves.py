"""Move many vertices by one vector, all together, or say what is in the way.

The map is rubber here too (:mod:`gridadmin.partition.rubber`): the vertices glide from their old to
their new places, and nothing may be touched on the way. Whatever meets first meets at a vertex, so
it is enough to look at vertices and at what passes over them. All tests are exact.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.partition.border import points_of
from gridadmin.partition.grid import Bools, Ints, cross, pack, unpack
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange
from gridadmin.partition.rubber import pulled, refusal, segments_in

Point = tuple[int, int]


def move_together(
    partition: Partition, vertices: Collection[Point], by: Point
) -> list[BorderChange]:
    """Return the border changes that move *vertices* by ``(dx, dy)`` mm.

    At a node all borders that meet there follow.
    Raises: EditError ``edit.nothing_moves``, ``edit.crosses``, ``edit.sweeps_over``,
    ``edit.turns_over``.
    """
    if by == (0, 0) or not vertices:
        raise EditError("edit.nothing_moves")
    step = np.array(by, dtype=np.int64)
    old = np.array(sorted(vertices), dtype=np.int64)
    keys = pack(old)
    touched = [
        (border, moving)
        for border in partition.in_box(_corner(old.min(axis=0)), _corner(old.max(axis=0)))
        if (moving := np.isin(pack(points_of(border)), keys)).any()
    ]
    near = [old, old + step]
    near += [points_of(border)[_neighbours(moving)] for border, moving in touched]
    reach = np.concatenate(near)
    start, end = segments_in(partition, reach.min(axis=0), reach.max(axis=0))
    _Glide(start, end, keys, step).check()
    changes: list[BorderChange] = []
    for border, moving in touched:
        xy = points_of(border).copy()
        xy[moving] += step
        changes.append(pulled(partition, border, xy, xy[moving][0].tolist()))
    return changes


def _corner(xy: Ints) -> Point:
    return int(xy[0]), int(xy[1])


def _neighbours(moving: Bools) -> Bools:
    """Return the points of a line that a moving one is joined to."""
    beside = moving.copy()
    beside[:-1] |= moving[1:]
    beside[1:] |= moving[:-1]
    return beside


class _Glide:
    """Segments of which some ends move by one *step*, all at once."""

    def __init__(self, start: Ints, end: Ints, keys: Ints, step: Ints) -> None:
        starts, ends = np.isin(pack(start), keys), np.isin(pack(end), keys)
        self._step = step
        self._rigid = start[starts & ends], end[starts & ends]
        half_in, half_out = ends & ~starts, starts & ~ends
        # Of a segment that is pulled at one end: the end that moves, the end that stays.
        self._pulled = (
            np.concatenate((end[half_in], start[half_out])),
            np.concatenate((start[half_in], end[half_out])),
        )
        stays = ~starts & ~ends
        self._still = start[stays], end[stays]
        points = unpack(np.unique(np.concatenate((pack(start), pack(end), keys))))
        moves = np.isin(pack(points), keys)
        self._moving, self._fixed = points[moves], points[~moves]

    def check(self) -> None:
        """Refuse when anything is touched on the way. Raises: EditError."""
        step = self._step
        one, other = self._rigid
        self._refuse_met(self._fixed, one, other, other + step)
        self._refuse_met(self._fixed, one, other + step, one + step)
        free, held = self._pulled
        self._refuse_met(self._fixed, held, free, free + step)
        # Seen from what moves, it is the end that stays which moves, and the other way.
        self._refuse_met(self._moving, free, held, held - step)
        self._refuse_crossed()

    def _refuse_met(self, points: Ints, apex: Ints, second: Ints, third: Ints) -> None:
        """Refuse *points* in closed triangles, which may be flat, but those that are their *apex*.

        The apex is the end that stays where it is on its own segment; for a segment that moves
        whole it is no point of *points*.
        """
        if not len(points) or not len(apex):
            return
        low = np.minimum(np.minimum(apex, second), third)
        high = np.maximum(np.maximum(apex, second), third)
        rows, places = _boxes(low, high).query(shapely.points(points.astype(np.float64)))[::-1]
        a, b, c, p = apex[rows], second[rows], third[rows], points[places]
        turns = np.stack((_turn(a, b, p), _turn(b, c, p), _turn(c, a, p)), axis=1)
        inside = (turns >= 0).all(axis=1) | (turns <= 0).all(axis=1)
        met = np.nonzero(inside & (p != a).any(axis=1))[0]
        if len(met):
            raise refusal("edit.sweeps_over", p[met[0]].tolist())

    def _refuse_crossed(self) -> None:
        """Refuse when a moving vertex comes to a segment that stays."""
        start, end = self._still
        if not len(start):
            return
        old, new = self._moving, self._moving + self._step
        low, high = np.minimum(start, end), np.maximum(start, end)
        ways = shapely.box(*_bounds(np.minimum(old, new), np.maximum(old, new)))
        rows, places = _boxes(low, high).query(ways)[::-1]
        a, b, p, q = start[rows], end[rows], old[places], new[places]
        met = np.nonzero(
            (_turn(p, q, a) * _turn(p, q, b) <= 0) & (_turn(a, b, p) * _turn(a, b, q) <= 0)
        )[0]
        if len(met):
            raise refusal("edit.crosses", ((a[met[0]] + b[met[0]]) // 2).tolist())


def _turn(origin: Ints, first: Ints, second: Ints) -> Ints:
    turn: Ints = np.sign(cross(origin, first, second))
    return turn


def _boxes(low: Ints, high: Ints) -> shapely.STRtree:
    return shapely.STRtree(shapely.box(*_bounds(low, high)))


def _bounds(low: Ints, high: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    return low[:, 0], low[:, 1], high[:, 0], high[:, 1]
