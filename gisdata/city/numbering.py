"""Codes and names: the area tree as a flat list, numbered from north to south and west to east."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from gisdata.city import names
from gisdata.city.areas import Community, Grid, Street, Tree
from gisdata.city.buildings import Building
from gisdata.city.division import polygon_m
from gisdata.city.households import Tower
from gisdata.city.subdivision import Ring

DISTRICT_CODE = "990001"
FIRST_EXCLUSIVE = 901

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the tree; *rings* is shell and holes, empty for a stacked micro-grid."""

    code: str
    name: str
    level: str
    kind: str
    area_class: str
    parent_code: str | None
    land: str
    rings: tuple[Ring, ...] = ()
    exclusive_type: str | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What a stacked micro-grid holds of a tower."""

    area_code: str
    cell_code: str
    building: Building
    entrance: str | None
    floor_from: int | None
    floor_to: int | None


@dataclass(frozen=True, slots=True)
class Register:
    """All areas, parents before children, and the shares of the towers."""

    areas: list[Area]
    shares: list[Share]


class Registrar:
    """Gives every area of a tree its code and name."""

    def __init__(
        self,
        towers: dict[Ring, tuple[Tower, ...]],
        tower_buildings: dict[Ring, list[Building]],
    ) -> None:
        self._towers = towers
        self._tower_buildings = tower_buildings
        self._areas: list[Area] = []
        self._shares: list[Share] = []
        self._communities = iter(names.COMMUNITIES)

    def register(self, tree: Tree) -> Register:
        """Return the areas of *tree* with codes and names."""
        district = (tree.frame, tree.lake[::-1] if _is_left_turning(tree.lake) else tree.lake)
        self._add(DISTRICT_CODE, names.DISTRICT, "district", None, "urban", district)
        for number, street in enumerate(in_bands(tree.streets, _street_ring), start=1):
            code = f"{DISTRICT_CODE}{number:03}"
            name = names.STREETS[number - 1]
            self._add(code, name, "street", DISTRICT_CODE, _street_class(street), (street.ring,))
            for place, community in enumerate(in_bands(street.communities, _ring), start=1):
                self._community(community, f"{code}{place:03}", code)
        return Register(self._areas, self._shares)

    def _community(self, community: Community, code: str, parent: str) -> None:
        area_class = _community_class(community)
        name = next(self._communities)
        self._add(code, name, "community", parent, area_class, (community.ring,))
        general = [grid for grid in community.grids if grid.exclusive_type is None]
        for number, grid in enumerate(in_bands(general, _ring), start=1):
            grid_code = f"{code}{number:03}"
            grid_name = f"第{names.ordinal(number)}网格"
            self._add(grid_code, grid_name, "grid", code, area_class, (grid.ring,))
            self._micro_grids(grid, grid_code, area_class)
        exclusive = [grid for grid in community.grids if grid.exclusive_type is not None]
        for number, grid in enumerate(in_bands(exclusive, _ring), start=FIRST_EXCLUSIVE):
            kind = grid.exclusive_type
            short = names.LAKE if kind == "park" else name.removesuffix("社区")
            self._areas.append(
                Area(
                    f"{code}{number:03}",
                    f"{short}{names.EXCLUSIVE[kind or '']}专属网格",
                    "grid",
                    "exclusive",
                    area_class,
                    code,
                    "drawn",
                    (grid.ring,),
                    kind,
                )
            )

    def _micro_grids(self, grid: Grid, parent: str, area_class: str) -> None:
        leaves = [ring for block in grid.blocks for ring in block.micro_grids]
        number = 0
        for ring in in_bands(leaves, lambda ring: ring):
            if ring in self._towers:
                cell = f"{parent}L01"
                self._add(cell, f"{parent[-3:]}立体楼座", "cell", parent, area_class, (ring,))
                for building, share in self._shares_of(ring):
                    number += 1
                    code, name = _micro_grid(parent, number)
                    self._areas.append(
                        Area(
                            code,
                            name,
                            "micro_grid",
                            "general",
                            area_class,
                            parent,
                            "stacked",
                            cell=cell,
                        )
                    )
                    entrance = None if share[0] is None else f"{share[0]}单元"
                    self._shares.append(Share(code, cell, building, entrance, share[1], share[2]))
            else:
                number += 1
                code, name = _micro_grid(parent, number)
                self._add(code, name, "micro_grid", parent, area_class, (ring,))

    def _shares_of(
        self, ring: Ring
    ) -> Iterator[tuple[Building, tuple[int | None, int | None, int | None]]]:
        for tower, building in zip(self._towers[ring], self._tower_buildings[ring], strict=True):
            for share in tower.shares:
                yield building, share

    def _add(
        self,
        code: str,
        name: str,
        level: str,
        parent: str | None,
        area_class: str,
        rings: tuple[Ring, ...],
    ) -> None:
        self._areas.append(Area(code, name, level, "general", area_class, parent, "drawn", rings))


def in_bands(things: Sequence[T], ring_of: Callable[[T], Ring]) -> list[T]:
    """Return *things* in bands from north to south, in each band from west to east.

    A thing stands where a point surely inside it lies; a band is as high as a middling thing.
    """
    polygons = [polygon_m(ring_of(thing)) for thing in things]
    if not polygons:
        return []
    height_m = 0.8 * math.sqrt(float(np.median([polygon.area for polygon in polygons])))
    places = [polygon.representative_point() for polygon in polygons]
    rest = sorted(range(len(things)), key=lambda i: (-places[i].y, places[i].x))
    ordered: list[T] = []
    while rest:
        top = places[rest[0]].y
        band = [i for i in rest if top - places[i].y < height_m]
        ordered += [things[i] for i in sorted(band, key=lambda i: places[i].x)]
        rest = [i for i in rest if i not in band]
    return ordered


def _micro_grid(parent: str, number: int) -> tuple[str, str]:
    return f"{parent}{number:02}", f"{parent[-2:]}-{number:02}微网格"


def _ring(place: Community | Grid) -> Ring:
    return place.ring


def _street_ring(street: Street) -> Ring:
    return street.ring


def _street_class(street: Street) -> str:
    classes = [_community_class(community) for community in street.communities]
    return max(("urban", "suburban", "rural"), key=classes.count)


def _community_class(community: Community) -> str:
    leaves = [r for grid in community.grids for block in grid.blocks for r in block.micro_grids]
    room_m2 = float(np.median([polygon_m(ring).area for ring in leaves]))
    if room_m2 < 17_000:
        return "urban"
    return "suburban" if room_m2 < 42_000 else "rural"


def _is_left_turning(ring: Ring) -> bool:
    return bool(polygon_m(ring).exterior.is_ccw)
