"""The town's buildings: rows of houses in compounds, campuses, shops along the streets."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisdata.city import names
from gisdata.city.areas import Block, Grid, Tree
from gisdata.city.division import polygon_m
from gisdata.city.field import CrossField
from gisdata.city.households import Tower, targets
from gisdata.city.outline import density
from gisdata.city.placing import Lattice, OpenLand
from gisdata.city.roads import WIDTH_M, NamedRoad
from gisdata.city.subdivision import Ring


@dataclass(frozen=True, slots=True)
class Style:
    """How the buildings of a compound look and how many live in them."""

    length_m: float
    depth_m: float
    gap_m: float
    pitch_m: float
    floors: tuple[int, ...]
    entrances: int
    flats_per_floor: int


@dataclass(slots=True)
class Building:
    """A building; metres from the town's origin. A house without entrances has an empty list."""

    name: str
    footprint: shapely.Polygon
    floors: int
    households: int
    entrances: list[tuple[str, int]] = field(default_factory=list)
    compound: str | None = None
    compound_type: str | None = None


@dataclass(slots=True)
class Compound:
    """A housing estate round its buildings."""

    name: str
    compound_type: str
    outline: shapely.Polygon


_HOUSE = Style(10.5, 9.5, 3.5, 17.5, (2, 2, 3), 0, 1)
_TERRACE = Style(16.0, 11.0, 4.0, 20.0, (3, 3, 4), 1, 1)
_STYLES = {
    "老旧小区": Style(32.0, 11.5, 7.0, 23.0, (5, 6, 6), 2, 2),
    "单位家属小区": Style(32.0, 11.0, 8.0, 23.0, (4, 5, 5), 2, 2),
    "商品房小区": Style(30.0, 14.0, 10.0, 30.0, (7, 8, 9, 11), 2, 2),
    "保障性住房小区": Style(30.0, 12.0, 9.0, 26.0, (5, 6), 2, 2),
    "拆迁统建安置小区": Style(30.0, 11.5, 9.0, 24.0, (4, 4, 5), 2, 2),
    "统规自建安置小区": _TERRACE,
    "乡村集中居住区": _HOUSE,
}
_TYPES_BY_LAND = (
    (7_500.0, ("老旧小区", "老旧小区", "单位家属小区", "商品房小区")),
    (13_000.0, ("商品房小区", "商品房小区", "单位家属小区", "老旧小区", "保障性住房小区")),
    (24_000.0, ("商品房小区", "保障性住房小区", "拆迁统建安置小区", "拆迁统建安置小区")),
    (38_000.0, ("拆迁统建安置小区", "统规自建安置小区", "统规自建安置小区")),
    (math.inf, ("乡村集中居住区", "乡村集中居住区", "乡村集中居住区", "统规自建安置小区")),
)
"""Compound types to choose from, by land per micro-grid in m²."""
_CAMPUS = {
    "school": (("教学楼", Style(46.0, 13.0, 14.0, 34.0, (4, 5), 0, 0)), 7),
    "hospital": (("病房楼", Style(40.0, 17.0, 10.0, 34.0, (6, 9, 12), 0, 0)), 5),
    "market": (("交易厅", Style(44.0, 24.0, 9.0, 34.0, (1, 2), 0, 0)), 6),
    "factory": (("厂房", Style(72.0, 34.0, 16.0, 52.0, (1, 2), 0, 0)), 16),
    "business_park": (("办公楼", Style(38.0, 22.0, 22.0, 56.0, (4, 6, 8), 0, 0)), 16),
    "park": (("亭廊", Style(9.0, 7.0, 60.0, 55.0, (1,), 0, 0)), 8),
}
_SHOPS = {"trunk": 0.8, "main": 0.95, "side": 0.75}
"""Share of the plots along a street in the centre that hold a shop."""
_HAMLET_M = 150.0
_DORMITORY_HOUSEHOLDS = {"school": 12, "hospital": 18, "factory": 16}


class Builder:
    """Fills the areas of a tree with buildings."""

    def __init__(self, land: OpenLand, towers: dict[Ring, tuple[Tower, ...]]) -> None:
        self.buildings: list[Building] = []
        self.compounds: list[Compound] = []
        self.tower_buildings: dict[Ring, list[Building]] = {}
        self._land = land
        self._towers = towers
        self._directions = CrossField()
        self._names = names.compound_names()

    def build(self, tree: Tree, rng: random.Random) -> None:
        """Fill all grids."""
        for street in tree.streets:
            for community in street.communities:
                for grid in community.grids:
                    if grid.exclusive_type is not None:
                        self._campus(grid, grid.exclusive_type, rng)
                        continue
                    wanted = targets(grid, self._towers, rng)
                    for block in grid.blocks:
                        self._compound(block, wanted, rng)

    def _compound(self, block: Block, wanted: dict[Ring, int], rng: random.Random) -> None:
        lattice = self._lattice(_middle_of(block))
        has_tower = any(ring in self._towers for ring in block.micro_grids)
        room_m2 = polygon_m(block.ring).area / len(block.micro_grids)
        choice = next(types for limit, types in _TYPES_BY_LAND if room_m2 < limit)
        kind = "商品房小区" if has_tower else rng.choice(choice)
        name = next(self._names[kind])
        first = len(self.buildings)
        for ring in block.micro_grids:
            land = self._land.of(polygon_m(ring))
            if ring in self._towers:
                made = list(_towers(lattice, land, self._towers[ring]))
                self.tower_buildings[ring] = made
            else:
                made = _housing(lattice, land, _STYLES[kind], wanted[ring], rng)
            self.buildings += made
        unit = "号" if kind == "乡村集中居住区" else "栋"
        mine = self.buildings[first:]
        for number, building in enumerate(mine, start=1):
            building.name = f"{name}{number}{unit}"
            building.compound, building.compound_type = name, kind
        hull = shapely.union_all([b.footprint for b in mine]).convex_hull.buffer(6.0, quad_segs=1)
        outline = hull.intersection(polygon_m(block.ring).buffer(-1.0)).simplify(1.0)
        self.compounds.append(Compound(name, kind, outline))

    def _campus(self, grid: Grid, kind: str, rng: random.Random) -> None:
        polygon = polygon_m(grid.ring)
        (word, style), most = _CAMPUS[kind]
        land = self._land.of(polygon)
        lattice = self._lattice(polygon.representative_point())
        boxes = _rows(lattice, land, style, most) or _rows(lattice, land, _smaller(style), most)
        for number, box in enumerate(_nearest(boxes, lattice)[:most], start=1):
            home = _DORMITORY_HOUSEHOLDS.get(kind, 0) if number == 1 else 0
            name = f"{names.EXCLUSIVE[kind]}{'宿舍' if home else word}{number}号"
            self.buildings.append(Building(name, box, rng.choice(style.floors), home))

    def _lattice(self, middle: shapely.Point) -> Lattice:
        return Lattice((middle.x, middle.y), self._directions.angle(middle.x, middle.y))


def shops(
    roads: Sequence[NamedRoad], closed: Sequence[BaseGeometry], rng: random.Random
) -> list[Building]:
    """Return shops along the streets, clear of all that is in *closed* and of each other."""
    plots: list[tuple[str, shapely.Polygon, float]] = []
    for road in roads:
        if road.road_class not in _SHOPS:
            continue
        offset_m = WIDTH_M[road.road_class] / 2 + 7.5
        for line in shapely.get_parts(road.line):
            for at in np.arange(20.0, line.length - 20.0, 17.0):
                for side in (-1, 1):
                    box = _frontage(line, float(at), side * offset_m)
                    plots.append((road.name, box, rng.random() / _SHOPS[road.road_class]))
    busy = 1.6 * density(shapely.get_coordinates([box.centroid for _, box, _ in plots]))
    wanted = [plot for plot, limit in zip(plots, busy, strict=True) if plot[2] < min(limit, 1.0)]
    roomy = [box.buffer(3.0, quad_segs=1) for _, box, _ in wanted]
    blocked = set(shapely.STRtree(closed).query(roomy, predicate="intersects")[0].tolist())
    each, other = shapely.STRtree(roomy).query(roomy, predicate="intersects")
    blocked.update(each[other < each].tolist())
    return [
        Building(f"{name}商铺{number}号", box, rng.choice((1, 2, 2)), 0)
        for number, (name, box, _) in enumerate(wanted, start=1)
        if number - 1 not in blocked
    ]


def _middle_of(block: Block) -> shapely.Point:
    """Return the crossing that most of the block's micro-grids share: the heart of a hamlet."""
    counts = Counter(point for ring in block.micro_grids for point in set(ring))
    middle = polygon_m(block.ring).centroid
    places = {point: shapely.Point(point[0] / 1000, point[1] / 1000) for point in counts}
    best = min(counts, key=lambda p: (-counts[p], places[p].distance(middle), p))
    return places[best]


def _frontage(line: shapely.LineString, at_m: float, offset_m: float) -> shapely.Polygon:
    here, ahead = line.interpolate(at_m), line.interpolate(at_m + 1.0)
    angle = math.atan2(ahead.y - here.y, ahead.x - here.x)
    return Lattice((here.x, here.y), angle).footprint(0.0, offset_m, 12.0, 7.0)


def _housing(
    lattice: Lattice,
    land: shapely.Polygon,
    style: Style,
    wanted: int,
    rng: random.Random,
) -> list[Building]:
    """Return buildings that hold exactly *wanted* households."""
    style, boxes = _room(lattice, land, style, wanted)
    if style.entrances == 0:
        return _houses(boxes, wanted, rng)
    made: list[Building] = []
    for box in boxes:
        floors = rng.choice(style.floors)
        flats = [floors * style.flats_per_floor] * style.entrances
        if sum(b.households for b in made) + sum(flats) * 0.4 > wanted and made:
            break
        made.append(_block_of_flats(box, floors, flats))
    _fit(made, wanted, style, rng)
    return made


def _fit(made: list[Building], wanted: int, style: Style, rng: random.Random) -> None:
    """Add floors or leave flats empty until exactly *wanted* households live there."""
    while sum(b.households for b in made) < wanted:
        low = min(made, key=lambda b: b.floors)
        low.floors += 1
        low.entrances = [(name, flats + style.flats_per_floor) for name, flats in low.entrances]
        low.households = sum(flats for _, flats in low.entrances)
    for _ in range(sum(b.households for b in made) - wanted):
        building = max(made, key=lambda b: (max(f for _, f in b.entrances), rng.random()))
        fullest = max(range(len(building.entrances)), key=lambda i: building.entrances[i][1])
        name, flats = building.entrances[fullest]
        building.entrances[fullest] = (name, flats - 1)
        building.households -= 1


def _houses(boxes: list[shapely.Polygon], wanted: int, rng: random.Random) -> list[Building]:
    made: list[Building] = []
    left = wanted
    for rest, box in zip(range(len(boxes), 0, -1), boxes, strict=True):
        if left == 0:
            break
        home = max(min(rng.choice((1, 2, 2, 2, 3)), left), math.ceil(left / rest))
        made.append(Building("", box, 2 if home < 3 else 3, home))
        left -= home
    return made


def _towers(
    lattice: Lattice, land: shapely.Polygon, towers: tuple[Tower, ...]
) -> Iterator[Building]:
    length_m = 10.0 * max(tower.entrances for tower in towers) + 7.0
    size = Style(length_m, 14.0, 8.0, 26.0, (1,), 1, 1)
    boxes = _nearest(_rows(lattice, land, size, len(towers)), lattice)
    for tower, box in zip(towers, boxes, strict=False):
        flats = [tower.floors * tower.flats_per_floor] * tower.entrances
        yield _block_of_flats(box, tower.floors, flats)


def _block_of_flats(box: shapely.Polygon, floors: int, flats: list[int]) -> Building:
    entrances = [(f"{number}单元", count) for number, count in enumerate(flats, start=1)]
    return Building("", box, floors, sum(flats), entrances)


def _room(
    lattice: Lattice, land: shapely.Polygon, style: Style, wanted: int
) -> tuple[Style, list[shapely.Polygon]]:
    """Return places for the homes of *wanted* households, smaller ones where it is tight."""
    near = land.intersection(shapely.Point(lattice.origin).buffer(_HAMLET_M))
    smaller = _smaller(style)
    tries = ((near, style), (land, style), (land, smaller))
    for place, tried in tries:
        per_box = max(tried.entrances * max(tried.floors) * tried.flats_per_floor * 1.3, 2.5)
        boxes = _rows(lattice, place, tried, wanted / per_box)
        if len(boxes) * per_box >= wanted:
            return tried, _nearest(boxes, lattice)
    smallest = _smaller(smaller)
    return smallest, _nearest(_rows(lattice, land, smallest, wanted), lattice)


def _rows(
    lattice: Lattice, land: shapely.Polygon, style: Style, enough: float
) -> list[shapely.Polygon]:
    """Return room in rows counted from the lattice, or in shifted ones where those hold more."""
    best: list[shapely.Polygon] = []
    for phase in (0.0, 0.2, 0.4, 0.6, 0.8):
        shift_m = phase * style.pitch_m
        boxes = lattice.rows(
            land, style.length_m, style.depth_m, style.gap_m, style.pitch_m, shift_m
        )
        best = max(best, boxes, key=len)
        if len(best) >= enough:
            break
    return best


def _smaller(style: Style) -> Style:
    return Style(
        style.length_m * 0.55,
        style.depth_m * 0.95,
        style.gap_m * 0.6,
        style.pitch_m * 0.75,
        style.floors,
        min(style.entrances, 1),
        style.flats_per_floor,
    )


def _nearest(boxes: list[shapely.Polygon], lattice: Lattice) -> list[shapely.Polygon]:
    middle = shapely.Point(lattice.origin)
    return sorted(boxes, key=lambda box: (box.distance(middle), box.centroid.x))
