"""How a change moves outlines: what each owner's outline loses and gains, at every level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely

from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, BorderRow
from gridadmin.partition.base import chain_of
from gridadmin.partition.grid import pack, unpack
from gridadmin.partition.planar import Parents, points_of
from gridadmin.partition.snapshot import Snapshot

Edge = tuple[int, int]
"""Packed start and end of a segment, with the land in question on its left."""

_Stretch = tuple[bytes, bool]
"""The points of a border, and whether the land lies on the left of them."""

_BEND_MM = 1.0
"""A new node bends a stretch by 0.71 mm at most."""
_MANY = 2000
"""From so many border rows on, as in imports, every outline they are part of counts as moved."""


@dataclass(frozen=True)
class Shift:
    """The edges that an outline loses and gains."""

    lost: frozenset[Edge]
    gained: frozenset[Edge]

    @property
    def place(self) -> tuple[float, float] | None:
        """A place, kernel mm, on what is lost, else on what is gained."""
        return _middle(self.lost) or _middle(self.gained)

    @cached_property
    def is_bend(self) -> bool:
        """Whether the line stays where it was but for the bends that new nodes put into it.

        No vertex moved or vanished, and the new line keeps within a millimetre of the old one.
        """
        old = {key for edge in self.lost for key in edge}
        new = {key for edge in self.gained for key in edge}
        if not old <= new:
            return False
        if not old:
            return not new
        added = sorted(new - old)
        if abs(_length_mm(self.gained) - _length_mm(self.lost)) > 2 * _BEND_MM * len(added) + 1e-6:
            return False
        line = shapely.multilinestrings(_ends(self.lost))
        points = shapely.points(unpack(np.array(added, dtype=np.int64)).astype(np.float64))
        return bool((shapely.distance(line, points) <= _BEND_MM).all())


def _middle(edges: frozenset[Edge]) -> tuple[float, float] | None:
    """Return the middle of the longest of some edges."""
    if not edges:
        return None
    ends = _ends(edges)
    longest = int(np.hypot(*(ends[:, 1] - ends[:, 0]).T).argmax())
    x, y = ends[longest].mean(axis=0).tolist()
    return x, y


def _ends(edges: frozenset[Edge]) -> np.ndarray:
    keys = np.array(sorted(edges), dtype=np.int64)
    return unpack(keys.ravel()).reshape(-1, 2, 2).astype(np.float64)


def _length_mm(edges: frozenset[Edge]) -> float:
    if not edges:
        return 0.0
    ends = _ends(edges)
    steps = ends[:, 1] - ends[:, 0]
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


class Shifts:
    """What happens to the outlines that a change of borders or of the tree touches."""

    def __init__(self, before: Snapshot, after: Snapshot, change: Change) -> None:
        self._before, self._after = before.partition, after.partition
        self._lost: dict[int, set[_Stretch]] = {}
        self._gained: dict[int, set[_Stretch]] = {}
        borders = change.of("border")
        for row in borders:
            self._enter(row.before, before, row.after, after)
        changed = {row.key for row in borders}
        for area in _rehung(change):
            for border in before.partition.outline(oid_of(area.uid)):
                if border.id not in changed:
                    changed.add(border.id)
                    self._enter(border, before, border, after)
        self._is_large = len(borders) > _MANY
        self._known: dict[int, Shift] = {}

    def _enter(
        self, old: BorderRow | None, before: Snapshot, new: BorderRow | None, after: Snapshot
    ) -> None:
        for found, border, snapshot in ((self._lost, old, before), (self._gained, new, after)):
            if border is not None:
                for owner, is_left in _sides(border, snapshot.partition.parents):
                    found.setdefault(owner, set()).add((border.points, is_left))

    def touched(self) -> frozenset[int]:
        """Return the owners, of every level, whose outline is another one now."""
        owners = self._lost.keys() | self._gained.keys()
        if self._is_large:
            return frozenset(owners)
        return frozenset(owner for owner in owners if self.of(owner) != _NO_SHIFT)

    def moved(self) -> frozenset[int]:
        """Return the owners whose outline is more than bent by new nodes."""
        if self._is_large:
            return self.touched()
        return frozenset(owner for owner in self.touched() if not self.of(owner).is_bend)

    def moved_exactly(self) -> frozenset[int]:
        """Return the owners whose outline is more than bent, worked out for large changes too."""
        owners = self._lost.keys() | self._gained.keys()
        return frozenset(owner for owner in owners if not self.of(owner).is_bend)

    def place_of(self, owner: int) -> tuple[float, float] | None:
        """Return a place, kernel mm, on what an outline loses, else on what it gains."""
        return self.of(owner).place

    def had_land(self, owner: int) -> bool:
        """Return whether an owner had land before; quick also where its outline is long."""
        return bool(self._lost.get(owner)) or self._before.has_land(owner)

    def has_land(self, owner: int) -> bool:
        """Return whether an owner has land afterwards; quick also where its outline is long."""
        return bool(self._gained.get(owner)) or self._after.has_land(owner)

    def of(self, owner: int) -> Shift:
        """Return what the outline of one owner loses and gains."""
        known = self._known.get(owner)
        if known is None:
            lost, gained = self._lost.get(owner, set()), self._gained.get(owner, set())
            old, new = _edges(lost - gained), _edges(gained - lost)
            known = self._known[owner] = Shift(old - new, new - old)
        return known


_NO_SHIFT = Shift(frozenset(), frozenset())


def _rehung(change: Change) -> Iterable[Area]:
    for row in change.of("area"):
        if (
            row.before is not None
            and row.after is not None
            and row.before.parent != row.after.parent
        ):
            yield row.after


def _sides(border: BorderRow, parents: Parents) -> list[tuple[int, bool]]:
    """Return the owners whose outline the border is part of, and whether they lie on its left."""
    left, right = chain_of(border.left, parents), chain_of(border.right, parents)
    common = 0
    while common < min(len(left), len(right)) and left[common] == right[common]:
        common += 1
    return [*((o, True) for o in left[common:]), *((o, False) for o in right[common:])]


def _edges(stretches: Iterable[_Stretch]) -> frozenset[Edge]:
    found: set[Edge] = set()
    for points, is_left in stretches:
        keys = pack(points_of(BorderRow(0, points, 0, 0))).tolist()
        if not is_left:
            keys.reverse()
        found.update(pairwise(keys))
    return frozenset(found)


def stretch_shift(border: BorderRow, change: Change) -> Shift:
    """Return what one border loses, and what of the borders after a change lies nearest to that.

    Who holds the land on its sides doesn't count: the line alone is looked at.
    """
    old = undirected_edges([border.points])
    rows = [row.after for row in change.of("border") if row.after is not None]
    new = undirected_edges(row.points for row in rows)
    lost = old - new
    if not lost:
        return _NO_SHIFT
    line = shapely.multilinestrings(_ends(lost))
    fresh = sorted(new - undirected_edges(_points_before(change)))
    if not fresh:
        return Shift(lost, frozenset())
    middles = shapely.points(_ends(frozenset(fresh)).mean(axis=1))
    is_near = shapely.distance(line, middles) <= _BEND_MM
    gained = frozenset(e for e, near in zip(fresh, is_near.tolist(), strict=True) if near)
    return Shift(lost, gained)


def _points_before(change: Change) -> Iterable[bytes]:
    return (row.before.points for row in change.of("border") if row.before is not None)


def undirected_edges(blobs: Iterable[bytes]) -> frozenset[Edge]:
    """Return the edges of borders given by their points, each from its lesser end."""
    edges = _edges((blob, True) for blob in blobs)
    return frozenset((min(edge), max(edge)) for edge in edges)
