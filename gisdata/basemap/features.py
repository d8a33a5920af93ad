"""What the base map shows, in pixels of the finest zoom of the web's square world.

Inside the frame it is the demo city as it ships. Outside it the river flows on, the roads that
leave town go on and meet a ring road, so that the town doesn't end at a cliff; nothing there has
a name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisdata.city import outline
from gridadmin.exchange.demo_city import DemoBuilding, DemoCity, DemoLine

TILE_PX = 256
FINEST_ZOOM = 17
WORLD_PX = TILE_PX * 2**FINEST_ZOOM
_EARTH_M = 2 * math.pi * 6_378_137.0

_RING_M = 620.0
"""How far outside the frame the ring road runs."""
_FAR_M = 24_000.0
"""How far roads and river go on: beyond the tiles of the coarsest zoom."""
_STEP_M = 120.0
_AT_FRAME_M = 2.0
_BANK_M = 15.0
_UPSTREAM = ((-24_000, 900), (-16_000, 1_900), (-11_000, 1_100), (-7_400, -420), (-5_000, -560))
_DOWNSTREAM = ((5_000, 330), (7_600, 60), (11_000, -900), (16_000, -700), (24_000, -2_400))

Pixels = NDArray[np.float64]
"""Places ``(n, 2)``, x to the east, y to the south."""


@dataclass(frozen=True, slots=True)
class Road:
    """A road; one without a name lies outside the town."""

    name: str
    road_class: str
    line: BaseGeometry


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of land with a name and what it is used for; ``label`` is where its name goes."""

    name: str
    use: str
    land: BaseGeometry
    label: tuple[float, float]


@dataclass(frozen=True, slots=True)
class House:
    """A building and the number on its wall, such as ``5栋``."""

    number: str
    footprint: BaseGeometry
    is_shop: bool


@dataclass(frozen=True, slots=True)
class Features:
    """Everything on the map. ``river_line`` is where the river's name goes."""

    roads: tuple[Road, ...]
    river: BaseGeometry
    river_line: BaseGeometry
    river_name: str
    lakes: tuple[Place, ...]
    sites: tuple[Place, ...]
    compounds: tuple[Place, ...]
    houses: tuple[House, ...]
    frame: BaseGeometry
    latitude: float

    def metres_per_px(self, zoom: int) -> float:
        """Return how many metres of ground one pixel of *zoom* shows."""
        world_px: int = TILE_PX * 2**zoom
        return _EARTH_M * math.cos(math.radians(self.latitude)) / world_px


def features_of(city: DemoCity) -> Features:
    """Return what the base map of *city* shows."""
    place = _Placing(city.plane_epsg)
    frame = shapely.transform(city.frame_mm, lambda xy: xy / 1000)
    middle = frame.centroid
    sites = [a for a in city.areas if a.exclusive_type and a.polygon_mm is not None]
    return Features(
        roads=tuple(
            Road(road.name, road.kind, place.on_map(road.geometry))
            for road in (*city.roads, *_roads_outside(city.roads, frame))
        ),
        river=place.on_map(_river_line().buffer(outline.RIVER_HALF_WIDTH_M)),
        river_line=place.on_map(_river_line().intersection(frame)),
        river_name=next(water.name for water in city.water if water.kind == "river"),
        lakes=tuple(
            place.named(water.name, "lake", water.geometry)
            for water in city.water
            if water.kind == "lake"
        ),
        sites=tuple(
            place.named(
                area.name.removesuffix("专属网格"),
                area.exclusive_type or "",
                shapely.transform(area.polygon_mm, lambda xy: xy / 1000),
            )
            for area in sites
        ),
        compounds=tuple(
            place.named(compound.name, compound.compound_type, compound.outline)
            for compound in city.compounds
        ),
        houses=tuple(
            House(_number(building), place.on_map(building.footprint), building.households == 0)
            for building in city.buildings
        ),
        frame=place.on_map(frame),
        latitude=place.latitude(middle.x, middle.y),
    )


class _Placing:
    """From metres of the plane to pixels of the finest zoom."""

    def __init__(self, epsg: int) -> None:
        self._to_degrees = pyproj.Transformer.from_crs(epsg, 4490, always_xy=True)

    def on_map(self, geometry: BaseGeometry) -> BaseGeometry:
        moved: BaseGeometry = shapely.transform(geometry, self._moved)
        return moved

    def named(self, name: str, use: str, geometry: BaseGeometry) -> Place:
        land = self.on_map(geometry)
        largest = max(shapely.get_parts(land), key=lambda part: part.area)
        x, y = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=4.0))[0]
        return Place(name, use, land, (float(x), float(y)))

    def latitude(self, x: float, y: float) -> float:
        return float(self._to_degrees.transform(x, y)[1])

    def _moved(self, places: Pixels) -> Pixels:
        lon, lat = self._to_degrees.transform(places[:, 0], places[:, 1])
        return pixels_of(np.asarray(lon), np.asarray(lat))


def pixels_of(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Pixels:
    """Return places in degrees as pixels of the finest zoom (spherical Mercator)."""
    x = (lon + 180.0) / 360.0
    y = 0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * math.pi)
    places: Pixels = np.column_stack([x, y]) * WORLD_PX
    return places


def degrees_of(x_px: float, y_px: float) -> tuple[float, float]:
    """Return longitude and latitude of a pixel of the finest zoom."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y_px / WORLD_PX))))
    return x_px / WORLD_PX * 360.0 - 180.0, lat


def _number(building: DemoBuilding) -> str:
    """Return what follows the compound's name: ``5栋``."""
    if not building.compound or not building.name.startswith(building.compound):
        return ""
    return building.name.removeprefix(building.compound)


def _river_line() -> shapely.LineString:
    town = outline.river()
    bends = np.array([*_UPSTREAM, *town[:: len(town) // 12], tuple(town[-1]), *_DOWNSTREAM])
    beyond = _curve(bends)
    west = beyond[beyond[:, 0] < town[0, 0]]
    east = beyond[beyond[:, 0] > town[-1, 0]]
    return shapely.LineString(np.vstack([west, town, east]) + _origin())


def _origin() -> Pixels:
    origin: Pixels = np.array(outline.ORIGIN_MM) / 1000
    return origin


def _curve(knots: Pixels) -> Pixels:
    """Return a smooth line through *knots* (Catmull-Rom)."""
    ends = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    t = np.linspace(0, 1, 20, endpoint=False)[:, None]
    pieces = [
        b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
        for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
    ]
    return np.vstack([*pieces, knots[-1:]])


def _roads_outside(roads: Sequence[DemoLine], frame: shapely.Polygon) -> Iterator[DemoLine]:
    """Yield the ring road and what goes on from the roads that leave the frame."""
    # Wide out and back in: the frame's dents aren't the ring's.
    ring = frame.buffer(4 * _RING_M).buffer(-3 * _RING_M).simplify(1.0)
    yield DemoLine("", "main", ring.exterior)
    banks = _river_line().buffer(outline.RIVER_HALF_WIDTH_M + _BANK_M).exterior
    yield DemoLine("", "side", banks.intersection(ring.difference(frame)))
    for road in roads:
        if road.kind == "lane" or road.name.endswith("岸路"):
            continue
        line = shapely.get_coordinates(road.geometry)
        for tip, inner in ((line[0], line[1]), (line[-1], line[-2])):
            if frame.exterior.distance(shapely.Point(tip)) < _AT_FRAME_M:
                yield DemoLine("", road.kind, _going_on(road.kind, tip, tip - inner, ring))


def _going_on(
    road_class: str, start: Pixels, heading: Pixels, ring: shapely.Polygon
) -> shapely.LineString:
    """Return how a road goes on outside the frame: a side road to the ring, others far away."""
    out = start - _origin()
    first, last = (math.atan2(way[1], way[0]) for way in (heading, out))
    turn = math.remainder(last - first, math.tau)
    s = np.arange(0, _FAR_M, _STEP_M)
    # It leaves as it came and turns, over about a kilometre, to where the town is behind it.
    angles = (
        first
        + turn * (1 - np.exp(-s / 900.0))
        + np.sin(s / 2100.0 + start[0]) * np.minimum(s / 9000.0, 0.35)
    )
    steps = np.column_stack([np.cos(angles), np.sin(angles)]) * _STEP_M
    way = shapely.LineString(np.vstack([start, start + np.cumsum(steps, axis=0)]))
    if road_class != "side":
        return way
    inside = shapely.get_parts(way.intersection(ring))
    return min(inside, key=lambda part: part.distance(shapely.Point(start)))
