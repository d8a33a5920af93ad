"""What checks share while they look at one snapshot: the land of areas, the ground, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import shapely

from gridadmin.base.ids import oid_of
from gridadmin.partition.border import box_of, node_keys, points_of
from gridadmin.partition.ground import Box, Ground
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.portions import let_go, lines_in_portions
from gridadmin.partition.rewire import from_least
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Part, land_parts, to_polygon


class Look:
    """One run of checks over a snapshot; what is dear to work out is kept while it lasts."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._last: tuple[str, list[Part]] = ("", [])
        self._is_one_ring = "", False

    def parts(self, uid: str) -> list[Part]:
        """Return the pieces of land of an area with its descendants, in mm of the kernel."""
        if self._last[0] != uid:
            # Several checks ask for one area after the other: the last one is enough.
            self._last = uid, land_parts(self.snapshot.partition, oid_of(uid))
        return self._last[1]

    def is_one_ring(self, uid: str) -> bool:
        """Return whether the land of an area is surely one piece without holes.

        Its border is then one closed line that passes no node twice: told without walking it, for
        outlines of many borders are walked at every edit otherwise.
        """
        if self._is_one_ring[0] != uid:
            self._is_one_ring = uid, self._runs_round(uid)
        return self._is_one_ring[1]

    def _runs_round(self, uid: str) -> bool:
        neighbours: dict[int, list[int]] = {}
        for border in self.snapshot.partition.outline(oid_of(uid)):
            start, end = node_keys(border)
            neighbours.setdefault(start, []).append(end)
            neighbours.setdefault(end, []).append(start)
        if not neighbours or any(len(ends) != 2 for ends in neighbours.values()):
            return False
        first = before = next(iter(neighbours))
        at, passed = neighbours[first][0], 1
        while at != first:
            one, other = neighbours[at]
            before, at = at, other if one == before else one
            passed += 1
        return passed == len(neighbours)

    def shape(self, uid: str) -> shapely.MultiPolygon:
        """Return the land of an area in plane metres, the same wherever a walk around it began."""
        parts = [canonical(part) for part in self.parts(uid)]
        parts.sort(key=lambda part: part.shell[0].tolist())
        return to_polygon(parts, self.snapshot.place)

    @cached_property
    def ground(self) -> Ground:
        """Roads, water, buildings and compounds by place, in local metres."""
        return Ground.of(self.snapshot)

    def to_plane(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a shape in local metres as one in plane metres."""
        x, y = self.snapshot.origin_mm
        return shapely.transform(shape, lambda xy: xy + np.array((x, y)) / 1000)


class Survey(Look):
    """A run over everything, which may ask for all land at once."""

    @cached_property
    def lands(self) -> Mapping[str, shapely.MultiPolygon]:
        """The land of every area that has any, by uid, in mm of the kernel."""
        levels: dict[str, list[int]] = {}
        uids: dict[int, str] = {}
        for area in self.snapshot.areas():
            oid = oid_of(area.uid)
            uids[oid] = area.uid
            levels.setdefault(area.level, []).append(oid)
        partition = self.snapshot.partition
        found = land_polygons(partition, levels.values(), lambda xy: xy.astype(np.float64))
        return {uids[oid]: land for oid, land in found.items()}

    @cached_property
    def land_uids(self) -> np.ndarray:
        """The uids of :attr:`lands` as an array, in its order."""
        return np.array(list(self.lands), dtype=object)

    @cached_property
    def land_shapes(self) -> np.ndarray:
        """The polygons of :attr:`lands` as an array, in its order."""
        shapes = np.empty(len(self.lands), dtype=object)
        shapes[:] = list(self.lands.values())
        return shapes

    def let_go(self) -> None:
        """Forget the land of all areas, little by little: at once it would take a while."""
        known = vars(self)
        if (shapes := known.pop("land_shapes", None)) is not None:
            let_go(shapes)
        lands = known.pop("lands", {})
        while lands:
            lands.popitem()

    @cached_property
    def borders(self) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of all borders and their lines in local metres."""
        borders = self.snapshot.partition.arrays()
        sizes = np.diff(borders.offsets)
        lines = lines_in_portions(borders.xy / 1000.0, np.repeat(np.arange(len(sizes)), sizes))
        return borders.ids, lines


def canonical(part: Part) -> Part:
    """Return a piece of land with its rings from their least points, holes in one order."""
    holes = sorted((from_least(hole) for hole in part.holes), key=lambda hole: hole[0].tolist())
    return Part(from_least(part.shell), tuple(holes))


def border_line(snapshot: Snapshot, number: int) -> shapely.LineString:
    """Return the line of a border in local metres. Raises: KeyError."""
    return shapely.LineString(points_of(snapshot.partition.border(number)) / 1000.0)


def box_of_border(snapshot: Snapshot, number: int, margin_m: float = 0.0) -> Box:
    """Return the box of a border in local metres, widened. Raises: KeyError."""
    x0, y0, x1, y1 = box_of(snapshot.partition.border(number))
    return (
        x0 / 1000 - margin_m,
        y0 / 1000 - margin_m,
        x1 / 1000 + margin_m,
        y1 / 1000 + margin_m,
    )
