"""Borders with the area that lies on each side at every level, and how large areas are there.

A *region* is what a map of one level shows as one piece: an area of that level, or
land that has none there (held by an area above, exempt, disputed, nobody's). It is named by the
kernel number of its owner.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gridadmin.base.ids import OUTSIDE
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.model import CELL_LEVEL, Area
from gridadmin.domain.model import Land as Holding
from gridadmin.domain.scheme import LEVELS
from gridadmin.partition.base import BorderArrays, Sides
from gridadmin.partition.grid import Bools, Ints
from gridadmin.partition.snapshot import Snapshot

FRAME_RANK = -1
"""Rank of a border against the outside."""
SPECIAL_RANK = 100
"""Rank of a border against land that no area holds: exempt, disputed, nobody's."""

_MM2_PER_M2 = 1e6


def rank_of(level: str) -> int:
    """Return how deep a level stands; a cell stands with micro-grids."""
    return LEVELS.index("micro_grid" if level == CELL_LEVEL else level)


@dataclass(frozen=True)
class LevelGround:
    """The borders of one state, seen from every level that has land.

    ``ranks`` are those levels, from the top down, as places in ``LEVELS``; ``size_m`` the side of a
    square as large as the middle one of their areas. ``regions[rank]`` is the region of each owner,
    ``left`` and ``right`` are owners of borders as places in that array, ``border_rank`` is the
    highest level that a border parts.
    """

    borders: BorderArrays
    ranks: tuple[int, ...]
    size_m: dict[int, float]
    regions: dict[int, Ints]
    left: Ints
    right: Ints
    border_rank: Ints
    remainders: frozenset[int]
    specials: frozenset[int]

    @classmethod
    def of(cls, snapshot: Snapshot, progress: Progress = SILENT) -> LevelGround:
        """Return the ground of a snapshot. Raises: Cancelled."""
        partition = snapshot.partition
        borders = partition.arrays()
        owners, left, right = Sides.of(borders)
        checkpoint(progress, "progress.map", 1, 3)
        tree = _Tree(snapshot, owners)
        checkpoint(progress, "progress.map", 2, 3)
        regions = {rank: tree.regions(owners, rank) for rank in tree.ranks}
        own_m2 = (
            np.array([partition.own_twice_area(oid) for oid in owners.tolist()], dtype=np.float64)
            / 2
            / _MM2_PER_M2
        )
        size_m = {rank: tree.typical_size(regions[rank], own_m2, rank) for rank in tree.ranks}
        checkpoint(progress, "progress.map", 3, 3)
        _, is_area = tree.places(owners)
        border_rank = np.full(len(borders), SPECIAL_RANK, dtype=np.int64)
        for rank in reversed(tree.ranks):
            differ = regions[rank][left] != regions[rank][right]
            border_rank[differ & is_area[left] & is_area[right]] = rank
        border_rank[(owners[left] == OUTSIDE) | (owners[right] == OUTSIDE)] = FRAME_RANK
        return cls(
            borders,
            tree.ranks,
            size_m,
            regions,
            left,
            right,
            border_rank,
            frozenset(tree.remainders(owners)),
            frozenset(set(owners[~is_area].tolist()) - {OUTSIDE}),
        )


class _Tree:
    """The areas as columns: number, parent, rank."""

    def __init__(self, snapshot: Snapshot, owners: Ints) -> None:
        numbers, areas = snapshot.numbered_areas()
        oids = np.array(numbers, dtype=np.int64)
        order = np.argsort(oids)
        self.oids = oids[order]
        levels = [area.level for area in areas]
        rank = {level: rank_of(level) for level in set(levels)}
        self._rank = np.array([rank[level] for level in levels], dtype=np.int64)[order]
        own_row = np.arange(len(oids))
        self._parent = own_row.copy()
        parents = snapshot.partition.parents
        below, is_area = self.places(np.fromiter(parents.keys(), np.int64, len(parents)))
        above, is_known = self.places(np.fromiter(parents.values(), np.int64, len(parents)))
        # A parent that is no area, as in a damaged file, is as good as none.
        self._parent[below[is_area & is_known]] = above[is_area & is_known]
        is_drawn = np.array([area.land == Holding.DRAWN for area in areas], dtype=bool)[order]
        self._has_drawn_child = np.zeros(len(oids), dtype=bool)
        self._has_drawn_child[self._parent[is_drawn & (self._parent != own_row)]] = True
        self.ranks = self._ranks_with_land(owners)

    def places(self, owners: Ints) -> tuple[Ints, Bools]:
        """Return the row of each owner, and whether it is an area at all."""
        if not len(self.oids):
            return np.zeros(len(owners), dtype=np.int64), np.zeros(len(owners), dtype=bool)
        place = np.searchsorted(self.oids, owners).clip(max=len(self.oids) - 1)
        return place, self.oids[place] == owners

    def _ranks_with_land(self, owners: Ints) -> tuple[int, ...]:
        place, is_area = self.places(owners)
        rows = np.unique(place[is_area])
        ranks: set[int] = set()
        for _ in LEVELS:
            ranks.update(np.unique(self._rank[rows]).tolist())
            rows = np.unique(self._parent[rows])
        return tuple(sorted(ranks))

    def regions(self, owners: Ints, rank: int) -> Ints:
        """Return the region of each owner on a map of that rank."""
        place, is_area = self.places(owners)
        rows = place[is_area]
        for _ in LEVELS:
            is_deeper = self._rank[rows] > rank
            rows = np.where(is_deeper, self._parent[rows], rows)
        regions = owners.copy()
        regions[is_area] = self.oids[rows]
        return regions

    def typical_size(self, regions: Ints, own_m2: np.ndarray, rank: int) -> float:
        """Return the side of a square as large as the middle area of that rank."""
        oids, place = np.unique(regions, return_inverse=True)
        land = np.bincount(place, weights=own_m2)
        row, is_area = self.places(oids)
        of_rank = is_area.copy()
        of_rank[is_area] = self._rank[row[is_area]] == rank
        land = land[of_rank & (land > 0)]
        return math.sqrt(float(np.median(land))) if len(land) else 0.0

    def remainders(self, owners: Ints) -> Iterable[int]:
        """Return the owners that hold land beside that of their children."""
        place, is_area = self.places(owners)
        rows = place[is_area]
        remaining: list[int] = self.oids[rows[self._has_drawn_child[rows]]].tolist()
        return remaining


def region_at(snapshot: Snapshot, owner: int, rank: int) -> int:
    """Return the region of one owner on a map of that rank."""
    region = owner
    parents = snapshot.partition.parents
    area = snapshot.owning_area(owner)
    while area is not None and rank_of(area.level) > rank:
        parent = parents.get(region)
        if parent is None:
            break
        region, area = parent, snapshot.owning_area(parent)
    return region


def area_of(snapshot: Snapshot, region: int) -> Area | None:
    """Return the area that a region stands for, None for land that no area holds."""
    return snapshot.owning_area(region)


def is_remainder(snapshot: Snapshot, owner: int) -> bool:
    """Return whether an owner is an area with land of its own beside that of its children."""
    area = snapshot.owning_area(owner)
    return (
        area is not None
        and snapshot.has_drawn_children(area.uid)
        and bool(snapshot.partition.beside(owner))
    )
