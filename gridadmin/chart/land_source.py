"""The land of a project for charts: polygons, borders, colours and places for names, by level."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.chart.facts import EXEMPT_LINE, FRAME_LINE
from gridadmin.chart.surface import Paths
from gridadmin.domain.model import CELL_LEVEL, Area, Land
from gridadmin.domain.scheme import LEVELS
from gridadmin.partition.colouring import colours_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.label_places import Places, best_places
from gridadmin.partition.level_ground import FRAME_RANK, SPECIAL_RANK, LevelGround, rank_of
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.region_rings import lines_between
from gridadmin.partition.snapshot import Snapshot

Lands = Mapping[str, shapely.MultiPolygon]


class LandSource:
    """What all sheets of a state share; each part is worked out when it is first asked for."""

    def __init__(self, snapshot: Snapshot, progress: Progress = SILENT) -> None:
        self.snapshot = snapshot
        self._progress = progress
        self._areas: dict[str, list[Area]] = {}
        for area in snapshot.areas():
            if area.land == Land.DRAWN:
                level = "micro_grid" if area.level == CELL_LEVEL else area.level
                self._areas.setdefault(level, []).append(area)
        for found in self._areas.values():
            found.sort(key=lambda area: (area.code or "~", area.name, area.uid))
        self._colours: dict[str, Mapping[str, int]] = {}
        self._places: dict[str, Places] = {}

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that have land, from the top down."""
        return tuple(level for level in LEVELS if level in self._areas)

    def areas(self, level: str) -> list[Area]:
        """Return the drawn areas of a level by code; cells stand with micro-grids."""
        return self._areas.get(level, [])

    @cached_property
    def lands(self) -> Lands:
        """The land of every drawn area in local metres by uid; empty land is left out."""
        groups = [[oid_of(area.uid) for area in areas] for areas in self._areas.values()]
        found = land_polygons(self.snapshot.partition, groups, _metres)
        uids = {oid_of(area.uid): area.uid for areas in self._areas.values() for area in areas}
        return {uids[oid]: land for oid, land in found.items() if oid in uids}

    @cached_property
    def whole(self) -> shapely.MultiPolygon:
        """All land of the areas of the highest level."""
        top = self.levels[0] if self.levels else ""
        lands = [self.lands[area.uid] for area in self.areas(top) if area.uid in self.lands]
        return shapely.MultiPolygon([part for land in lands for part in land.geoms])

    @cached_property
    def ground(self) -> LevelGround:
        """Borders with the regions on their sides at every level."""
        return LevelGround.of(self.snapshot, self._progress)

    @cached_property
    def lines(self) -> Mapping[str, Paths]:
        """All borders by level, the frame first; those around exempt land last. Local metres."""
        ground = self.ground
        names = {FRAME_RANK: FRAME_LINE, SPECIAL_RANK: EXEMPT_LINE}
        names |= {rank: LEVELS[rank] for rank in ground.ranks}
        found: dict[str, Paths] = {}
        # Each side of a border is a region of its own here: only the rank says what is drawn.
        for rank in sorted(names, key=lambda rank: (rank == SPECIAL_RANK, rank)):
            is_mine = ground.border_rank == rank
            regions = ground.regions.get(rank)
            left, right = ground.left, ground.right
            if regions is not None:
                left, right = regions[left], regions[right]
            rows = np.where(is_mine, left, OUTSIDE), np.where(is_mine, right, OUTSIDE)
            lines = lines_between(ground.borders, *rows)
            if len(lines):
                found[names[rank]] = Paths(lines.xy / 1000.0, lines.offsets)
        return found

    def colours(self, level: str) -> Mapping[str, int]:
        """Return a colour for each area of a level by uid; neighbours differ."""
        known = self._colours.get(level)
        if known is None:
            known = self._colours[level] = self._coloured(level)
        return known

    def _coloured(self, level: str) -> Mapping[str, int]:
        ground, rank = self.ground, rank_of(level)
        regions = ground.regions.get(rank)
        if regions is None:
            return {}
        left, right = regions[ground.left], regions[ground.right]
        mine = np.array(sorted(oid_of(area.uid) for area in self.areas(level)), dtype=np.int64)
        is_inner = np.isin(left, mine) & np.isin(right, mine) & (left != right)
        pairs = np.stack((left[is_inner], right[is_inner]), axis=1)
        pairs.sort(axis=1)
        colours = colours_of(mine, np.unique(pairs, axis=0).reshape(-1, 2))
        return {area.uid: colours[oid_of(area.uid)] for area in self.areas(level)}

    def places(self, level: str) -> Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Return for each area of a level the places for its name and how wide the land is there.

        Each part of the land has places: an island far off, too. Those of the largest part come
        first, and of each part the best one; places without room are left out.
        """
        areas = [area for area in self.areas(level) if area.uid in self.lands]
        if not areas:
            return {}
        shapes = np.array([self.lands[area.uid] for area in areas], dtype=object)
        parts, owner = shapely.get_parts(shapes, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        offsets = np.searchsorted(ring, np.arange(len(rings) + 1)).astype(np.int64)
        found = best_places(part.astype(np.int64), xy, offsets)
        order = np.lexsort((-shapely.area(parts), owner))
        begins = np.searchsorted(owner[order], np.arange(len(areas) + 1))
        result = {}
        for row, area in enumerate(areas):
            mine = order[begins[row] : begins[row + 1]]
            room = found.room_m[mine].reshape(-1)
            places = found.xy[mine].reshape(-1, 2)
            result[area.uid] = places[room > 0], room[room > 0]
        return result

    def exempt(self) -> list[tuple[str, shapely.MultiPolygon]]:
        """Return the exempt land by name."""
        rows = self.snapshot.rows("exempt")
        oids = {oid_of(uid): rows[uid] for uid in sorted(rows)}
        found = land_polygons(self.snapshot.partition, [list(oids)], _metres)
        named = [(oids[oid].name or oids[oid].reason, land) for oid, land in found.items()]
        return sorted(named, key=lambda pair: pair[0])


def _metres(points: Ints) -> NDArray[np.float64]:
    metres: NDArray[np.float64] = points / 1000.0
    return metres
