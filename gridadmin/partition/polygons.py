"""All polygons at once: the land of many areas as shapely geometries, by a ring walk in numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import shapely

from gridadmin.base.giving_way import give_way
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.partition.base import BorderArrays, chain_of
from gridadmin.partition.grid import Ints, pack
from gridadmin.partition.planar import Parents, Partition
from gridadmin.partition.portions import (
    let_go,
    multipolygons_in_portions,
    polygons_in_portions,
    rings_in_portions,
)
from gridadmin.partition.region_rings import join_halves, places_of_rows, walking_order
from gridadmin.partition.runs import Runs
from gridadmin.partition.walk import parts_of, simple_rings, to_polygon

Place = Callable[[Ints], np.ndarray]


def own_polygons(partition: Partition, place: Place) -> dict[int, shapely.MultiPolygon]:
    """Return the land that each owner holds itself; OUTSIDE is left out, NOBODY is in.

    *place* turns mm points ``(n, 2)`` into coordinates ``(n, 2)``.
    """
    borders = partition.arrays()
    return _polygons(borders, borders.left, borders.right, place)


def land_polygons(
    partition: Partition, levels: Iterable[Iterable[int]], place: Place
) -> dict[int, shapely.MultiPolygon]:
    """Return the land of areas with all their descendants.

    *levels* are groups of areas none of which lies under another of its group.
    """
    borders = partition.arrays()
    owners = np.unique(np.concatenate((borders.left, borders.right)))
    left, right = np.searchsorted(owners, borders.left), np.searchsorted(owners, borders.right)
    found: dict[int, shapely.MultiPolygon] = {}
    for region in _members_above(owners, levels, partition.parents):
        found.update(_polygons(borders, region[left], region[right], place))
    found.pop(NOBODY, None)
    return found


def _members_above(owners: Ints, levels: Iterable[Iterable[int]], parents: Parents) -> list[Ints]:
    """Return for each group the member that each owner is or lies under, OUTSIDE for none."""
    group_of: dict[int, list[int]] = {}
    count = 0
    for number, group in enumerate(levels):
        count = number + 1
        for member in group:
            group_of.setdefault(member, []).append(number)
    above = np.full((count, len(owners)), OUTSIDE, dtype=np.int64)
    for place, owner in enumerate(owners.tolist()):
        for candidate in reversed(chain_of(owner, parents)):
            for number in group_of.get(candidate, ()):
                above[number, place] = candidate
    return list(above)


def _polygons(
    borders: BorderArrays, left: Ints, right: Ints, place: Place
) -> dict[int, shapely.MultiPolygon]:
    rows = np.nonzero(left != right)[0]
    if not len(rows):
        return {}
    runs = _picked(borders, rows)
    region = np.empty(2 * len(rows), dtype=np.int64)
    region[0::2], region[1::2] = left[rows], right[rows]
    return _assembled(_Rings(runs, region), place)


def _picked(borders: BorderArrays, rows: Ints) -> Runs:
    at, offsets = places_of_rows(borders.offsets, rows)
    return Runs(borders.xy[at], offsets, rows, np.ones(len(rows), dtype=bool))


class _Rings:
    """The rings of all regions as one list of points, in walking order, closed."""

    def __init__(self, runs: Runs, region: Ints) -> None:
        order, ring_of_half = walking_order(runs)
        give_way()
        keep = region[order] != OUTSIDE
        order, ring_of_half = order[keep], ring_of_half[keep]
        first = np.nonzero(np.diff(ring_of_half, prepend=-1))[0]
        self.region = region[order[first]]
        self.xy, self.offsets = join_halves(
            runs.xy, runs.offsets, order, np.append(first, len(order))
        )
        self.twice_area = self._areas()
        give_way()
        self.is_pinched = self._pinched()

    def __len__(self) -> int:
        return len(self.region)

    def points(self, ring: int) -> Ints:
        """Return the closed points of one ring."""
        return self.xy[self.offsets[ring] : self.offsets[ring + 1]]

    def _areas(self) -> Ints:
        terms = np.zeros(len(self.xy), dtype=np.int64)
        terms[:-1] = self.xy[:-1, 0] * self.xy[1:, 1] - self.xy[1:, 0] * self.xy[:-1, 1]
        terms[self.offsets[1:] - 1] = 0
        return np.add.reduceat(terms, self.offsets[:-1])

    def _pinched(self) -> np.ndarray:
        """Return which rings pass a point twice."""
        inner = np.ones(len(self.xy), dtype=bool)
        inner[self.offsets[1:] - 1] = False
        ring = np.repeat(np.arange(len(self)), np.diff(self.offsets))[inner]
        keys = pack(self.xy[inner])
        order = np.lexsort((keys, ring))
        same = (np.diff(keys[order]) == 0) & (np.diff(ring[order]) == 0)
        pinched = np.zeros(len(self), dtype=bool)
        pinched[ring[order][1:][same]] = True
        return pinched


def _assembled(rings: _Rings, place: Place) -> dict[int, shapely.MultiPolygon]:
    """Sort rings into polygons: at once where an owner has one shell, one by one elsewhere."""
    is_shell = rings.twice_area > 0
    owners, place_of = np.unique(rings.region, return_inverse=True)
    shells = np.bincount(place_of[is_shell], minlength=len(owners))
    is_hard = np.zeros(len(owners), dtype=bool)
    is_hard[place_of[rings.is_pinched]] = True
    is_hard |= (shells != 1) & (np.bincount(place_of, minlength=len(owners)) > shells)
    found: dict[int, shapely.MultiPolygon] = {}
    easy = np.nonzero(~is_hard[place_of])[0]
    if len(easy):
        found.update(_at_once(rings, easy, is_shell, place))
    members: dict[int, list[int]] = {}
    for ring in np.nonzero(is_hard[place_of])[0].tolist():
        members.setdefault(int(rings.region[ring]), []).append(ring)
    for owner, mine in members.items():
        simple = [s for ring in mine for s in simple_rings(rings.points(ring))]
        found[owner] = to_polygon(parts_of(simple), place)
    return found


def _at_once(
    rings: _Rings, easy: Ints, is_shell: np.ndarray, place: Place
) -> Mapping[int, shapely.MultiPolygon]:
    give_way()
    coordinates = place(rings.xy)
    give_way()
    lengths = np.diff(rings.offsets)
    ring_of_point = np.repeat(np.arange(len(rings)), lengths)
    wanted = np.zeros(len(rings), dtype=bool)
    wanted[easy] = True
    keep = wanted[ring_of_point]
    number = np.cumsum(wanted) - 1
    linear = rings_in_portions(coordinates[keep], number[ring_of_point[keep]])
    shell_rings = easy[is_shell[easy]]
    hole_rings = easy[~is_shell[easy]]
    shell_rings = shell_rings[np.argsort(rings.region[shell_rings], kind="stable")]
    polygons = polygons_in_portions(linear[number[shell_rings]])
    if len(hole_rings):
        order = np.argsort(rings.region[hole_rings], kind="stable")
        hole_rings = hole_rings[order]
        at = np.searchsorted(rings.region[shell_rings], rings.region[hole_rings])
        for polygon in np.unique(at).tolist():
            mine = hole_rings[at == polygon]
            polygons[polygon] = shapely.Polygon(
                linear[number[shell_rings[polygon]]], list(linear[number[mine]])
            )
    owners, index = np.unique(rings.region[shell_rings], return_inverse=True)
    multi = multipolygons_in_portions(polygons, index)
    let_go(linear)
    let_go(polygons)
    return dict(zip(owners.tolist(), multi, strict=True))
