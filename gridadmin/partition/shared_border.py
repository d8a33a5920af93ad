"""The border that two areas share, across all the borders and nodes that it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.base import chain_of
from gridadmin.partition.border import node_keys, points_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.planar import Partition


class Side(NamedTuple):
    """Land on one side of a border: of an owner with all below it, or (*is_own*) of it alone."""

    owner: int
    is_own: bool

    def holds(self, partition: Partition, owner: int) -> bool:
        """Return whether land of *owner* is part of it."""
        if self.is_own:
            return owner == self.owner
        return self.owner in chain_of(owner, partition.parents)


@dataclass(frozen=True)
class Stretch:
    """A stretch between two places on the border of two areas, with what lies on either side."""

    start: Ints
    end: Ints
    left: Side
    right: Side


class _Foot(NamedTuple):
    """The point of a border nearest to a place: how far off, how far along, where."""

    border: BorderRow
    far: float
    along: float
    point: Ints


def stretch_between(
    partition: Partition, start: tuple[int, int], end: tuple[int, int], reach_mm: float
) -> Stretch:
    """Return the shortest stretch of one common border between two places near it, in mm.

    The areas are those of the deepest level that have both places on their common border.
    Raises: EditError ``edit.no_common_border``.
    """
    candidates = [
        (one.far + other.far, pair, one, other)
        for one in _feet(partition, start, reach_mm)
        for other in _feet(partition, end, reach_mm)
        for pair in _common(partition, one.border, other.border)
    ]
    candidates.sort(key=lambda c: (c[0], -_depth(partition, c[1]), c[2].border.id, c[3].border.id))
    for _, pair, one, other in candidates:
        is_along = _way(partition, pair, one, other)
        if is_along is not None:
            near_left = pair[0].holds(partition, one.border.left)
            left, right = pair if near_left == is_along else pair[::-1]
            return Stretch(one.point, other.point, left, right)
    raise EditError("edit.no_common_border", reach=reach_mm / 1000)


def _feet(partition: Partition, place: tuple[int, int], reach_mm: float) -> Iterator[_Foot]:
    x, y = place
    reach = int(np.ceil(reach_mm))
    for border in partition.in_box((x - reach, y - reach), (x + reach, y + reach)):
        xy = points_of(border).astype(np.float64)
        step = np.diff(xy, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        share = ((np.array(place) - xy[:-1]) * step).sum(axis=1) / length**2
        share = np.clip(share, 0.0, 1.0)
        near = xy[:-1] + step * share[:, None]
        far = np.hypot(near[:, 0] - x, near[:, 1] - y)
        best = int(far.argmin())
        if far[best] <= reach_mm:
            along = float(length[:best].sum() + share[best] * length[best])
            yield _Foot(border, float(far[best]), along, np.floor(near[best] + 0.5).astype(int))


def _sides(partition: Partition, border: BorderRow) -> Iterator[tuple[Side, Side]]:
    """Yield the land on the left and right of a border, at every level at which they differ."""
    left, right = (chain_of(o, partition.parents) for o in (border.left, border.right))
    common = 0
    while common < min(len(left), len(right)) and left[common] == right[common]:
        common += 1
    lefts = [Side(oid, False) for oid in left[common:]] or [Side(border.left, True)]
    rights = [Side(oid, False) for oid in right[common:]] or [Side(border.right, True)]
    for one in lefts:
        for other in rights:
            yield one, other


def deepest_sides(partition: Partition, border: BorderRow) -> tuple[Side, Side]:
    """Return the land on the left and right of a border, of the deepest level on each side."""
    *_, deepest = _sides(partition, border)
    return deepest


def _common(partition: Partition, one: BorderRow, other: BorderRow) -> Iterator[tuple[Side, Side]]:
    """Yield the pairs of land that two borders both lie between."""
    known = {frozenset(pair) for pair in _sides(partition, other)}
    yield from (pair for pair in _sides(partition, one) if frozenset(pair) in known)


def _depth(partition: Partition, pair: tuple[Side, Side]) -> int:
    return sum(len(chain_of(side.owner, partition.parents)) for side in pair)


def _way(partition: Partition, pair: tuple[Side, Side], start: _Foot, end: _Foot) -> bool | None:
    """Return whether the shortest way along the common border sets out along its first border.

    None when the border that the two have in common doesn't lead from one place to the other.
    """
    ways: list[tuple[float, int, int | None, bool]] = []
    if start.border.id == end.border.id and start.along != end.along:
        heappush(ways, (abs(end.along - start.along), 0, None, end.along > start.along))
    first, last = node_keys(start.border)
    heappush(ways, (_length(start.border) - start.along, 1, last, True))
    heappush(ways, (start.along, 2, first, False))
    count, seen = 3, {start.border.id} - {end.border.id}
    reached: set[int] = set()
    while ways:
        far, _, node, is_along = heappop(ways)
        if node is None:
            return is_along
        if node in reached:
            continue
        reached.add(node)
        for border in partition.at_node(node):
            if not _lies_between(partition, pair, border):
                continue
            ends = node_keys(border)
            if border.id == end.border.id:
                rest = [end.along] if ends[0] == node else []
                rest += [_length(border) - end.along] if ends[1] == node else []
                heappush(ways, (far + min(rest), count, None, is_along))
            elif border.id not in seen:
                other = ends[1] if ends[0] == node else ends[0]
                heappush(ways, (far + _length(border), count, other, is_along))
            count += 1
    return None


def _lies_between(partition: Partition, pair: Sequence[Side], border: BorderRow) -> bool:
    one, other = pair
    left, right = border.left, border.right
    return (one.holds(partition, left) and other.holds(partition, right)) or (
        one.holds(partition, right) and other.holds(partition, left)
    )


def _length(border: BorderRow) -> float:
    steps = np.diff(points_of(border), axis=0).astype(np.float64)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())
