"""The roads of the map: cuts between areas, kept off the water and joined into named streets."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisdata.city import names, outline
from gisdata.city.areas import Tree
from gisdata.city.division import Road, polygon_m
from gisdata.city.outline import Curve
from gisdata.city.subdivision import Point

WIDTH_M = {"trunk": 36.0, "main": 26.0, "side": 14.0, "lane": 6.0}
_BANK_M = 15.0
_STRAIGHT_DEG = 32.0


@dataclass(frozen=True, slots=True)
class NamedRoad:
    """A road of the map, metres from the town's origin."""

    name: str
    road_class: str
    line: BaseGeometry


@dataclass(frozen=True, slots=True)
class Water:
    """The river's and the lake's surface, metres from the town's origin."""

    river: BaseGeometry
    lake: shapely.Polygon


def water(tree: Tree) -> Water:
    """Return the water inside the frame."""
    frame = polygon_m(tree.frame)
    centre = shapely.LineString(outline.river())
    bed = centre.buffer(outline.RIVER_HALF_WIDTH_M, cap_style="flat").simplify(0.5)
    return Water(bed.intersection(frame), polygon_m(tree.lake))


def named_roads(tree: Tree) -> list[NamedRoad]:
    """Return the town's roads, broad ones first."""
    frame = polygon_m(tree.frame)
    centre = shapely.LineString(outline.river())
    banks = centre.buffer(outline.RIVER_HALF_WIDTH_M + _BANK_M, cap_style="flat")
    shore = polygon_m(tree.lake).buffer(_BANK_M)
    supply = names.road_names()
    found: list[NamedRoad] = []
    for road_class in WIDTH_M:
        dry = [
            line
            for road in tree.roads
            if road.road_class == road_class
            for line in _dry(road, banks, shore)
        ]
        found += [NamedRoad(next(supply[road_class]), road_class, line) for line in _joined(dry)]
    along = shapely.get_parts(banks.simplify(0.5).exterior.intersection(frame.buffer(-1.0)))
    by_length = sorted(along, key=lambda line: -line.length)[:2]
    north, south = sorted(by_length, key=lambda line: -line.centroid.y)
    found.append(NamedRoad(f"{names.RIVER}左岸路", "side", north))
    found.append(NamedRoad(f"{names.RIVER}右岸路", "side", south))
    found.append(NamedRoad(f"{names.LAKE}环湖路", "lane", shore.simplify(0.5).exterior))
    return found


def _dry(road: Road, banks: BaseGeometry, shore: BaseGeometry) -> Iterable[shapely.LineString]:
    """Yield what is left of a road beside the water; broad roads cross the river on bridges."""
    line = shapely.LineString(np.array(road.line, dtype=np.float64) / 1000)
    is_broad = road.road_class in ("trunk", "main")
    dry = _bridged(line, banks) if is_broad else line.difference(banks)
    return (part for part in shapely.get_parts(dry.difference(shore)) if part.length > 12.0)


def _bridged(line: shapely.LineString, banks: BaseGeometry) -> shapely.LineString:
    """Return *line*, which ends in the middle of the river, with a bridge to the other bank."""
    points = shapely.get_coordinates(line)
    ahead, behind = _landing(points, banks), _landing(points[::-1], banks)
    return shapely.LineString(np.vstack([behind, points, ahead]))


def _landing(points: Curve, banks: BaseGeometry) -> Curve:
    if not banks.contains(shapely.Point(points[-1])):
        return np.empty((0, 2))
    step = points[-1] - points[-2]
    far = points[-1] + step / math.hypot(*step) * 150.0
    inside = shapely.LineString([points[-1], far]).intersection(banks)
    landing: Curve = shapely.get_coordinates(inside)[-1:]
    return landing


def _joined(lines: Sequence[shapely.LineString]) -> list[BaseGeometry]:
    """Return the lines that go straight on into each other as one road each."""
    group = list(range(len(lines)))

    def root(index: int) -> int:
        while group[index] != index:
            index = group[index]
        return index

    ends: dict[Point, list[tuple[int, float]]] = defaultdict(list)
    for index, line in enumerate(lines):
        points = shapely.get_coordinates(line)
        for tip, inner in ((points[0], points[1]), (points[-1], points[-2])):
            heading = math.degrees(math.atan2(tip[1] - inner[1], tip[0] - inner[0]))
            ends[round(tip[0] * 1000), round(tip[1] * 1000)].append((index, heading))
    for meeting in ends.values():
        for i, (one, heading) in enumerate(meeting):
            for other, back in meeting[i + 1 :]:
                turn = abs((heading - back) % 360 - 180)
                if turn < _STRAIGHT_DEG and root(one) != root(other):
                    group[root(other)] = root(one)
    members: dict[int, list[shapely.LineString]] = defaultdict(list)
    for index, line in enumerate(lines):
        members[root(index)].append(line)
    return [shapely.line_merge(shapely.MultiLineString(parts)) for parts in members.values()]
