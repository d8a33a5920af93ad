"""Where the names go. They are placed once for a whole zoom, so that no tile's edge cuts one."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gisdata.basemap.features import FINEST_ZOOM, Features, Pixels
from gisdata.basemap.look import CLASSES, LETTERING, Lettering
from gisdata.city.roads import WIDTH_M

_CELL_PX = 64
_EVERY_PX = {"river": 900.0, "trunk": 620.0, "main": 620.0, "side": 560.0, "lane": 620.0}
"""How far apart a line's name is repeated."""
_TRIES = (0.0, 0.18, -0.18, 0.32, -0.32)
"""Where along its stretch a name is tried, as parts of the stretch from its middle."""
_SHARPEST_BEND = math.radians(24)
_ROOM_PX = 2.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign or word around its middle, in pixels of the zoom, turned clockwise."""

    text: str
    x: float
    y: float
    angle: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map."""

    style: Lettering
    signs: tuple[Sign, ...]
    box: Box


def labels_at(features: Features, zoom: int) -> tuple[Label, ...]:
    """Return all names of one zoom; what finds no room is left out."""
    return tuple(_Placer(features, zoom).place())


class _Placer:
    """Places names from the weighty to the slight; each takes its room from those after it."""

    def __init__(self, features: Features, zoom: int) -> None:
        self._features = features
        self._zoom = zoom
        self._scale = 2.0 ** (zoom - FINEST_ZOOM)
        self._taken: dict[tuple[int, int], list[Box]] = defaultdict(list)

    def place(self) -> Iterator[Label]:
        features = self._features
        self._keep_bridges_free()
        yield from self._along("river", features.river_name, features.river_line)
        for lake in features.lakes:
            yield from self._across("lake", lake.name, lake.label)
        for road_class in reversed(CLASSES):
            for road in features.roads:
                if road.name and road.road_class == road_class:
                    yield from self._along(road_class, road.name, road.line)
            if road_class == "main":
                yield from self._sites()
        for house in features.houses:
            middle = house.footprint.centroid
            yield from self._across(
                "house", house.number, (middle.x, middle.y), room=house.footprint
            )

    def _keep_bridges_free(self) -> None:
        river = self._features.river_line
        for road in self._features.roads:
            for place in shapely.get_coordinates(road.line.intersection(river)):
                half = WIDTH_M[road.road_class] / 2 / self._features.metres_per_px(self._zoom)
                x, y = (float(value) for value in place * self._scale)
                self._take([(x - half, y - half, x + half, y + half)])

    def _sites(self) -> Iterator[Label]:
        for site in self._features.sites:
            yield from self._across("park" if site.use == "park" else "site", site.name, site.label)
        for compound in self._features.compounds:
            yield from self._across("compound", compound.name, compound.label)

    def _across(
        self,
        sort: str,
        text: str,
        place: tuple[float, float],
        room: shapely.Polygon | None = None,
    ) -> Iterator[Label]:
        """Yield a name written level around *place*, if it finds (its own) *room*."""
        style = LETTERING[sort]
        if self._zoom < style.from_zoom or not text:
            return
        x, y = round(place[0] * self._scale), round(place[1] * self._scale)
        width = sum(style.size_px * (1.0 if ord(sign) > 255 else 0.58) for sign in text)
        if room is not None and not _fits(room, self._scale, width, style.size_px):
            return
        box = (x - width / 2, y - style.size_px / 2, x + width / 2, y + style.size_px / 2)
        if self._take([box]):
            yield Label(style, (Sign(text, x, y, 0.0),), box)

    def _along(self, sort: str, text: str, line: shapely.LineString) -> Iterator[Label]:
        style = LETTERING[sort]
        if self._zoom < style.from_zoom:
            return
        for part in shapely.get_parts(line):
            path = shapely.transform(part, lambda places: places * self._scale)
            count = max(1, int(path.length / _EVERY_PX[sort]))
            stretch = path.length / count
            for number in range(count):
                for shift in _TRIES:
                    label = _bent(style, text, path, stretch * (number + 0.5 + shift))
                    if label is not None and self._take(list(_boxes(label))):
                        yield label
                        break

    def _take(self, boxes: list[Box]) -> bool:
        """Take the room of *boxes* unless some of it is taken."""
        if any(_overlap(box, other) for box in boxes for other in self._near(box)):
            return False
        for box in boxes:
            for cell in _cells(box):
                self._taken[cell].append(box)
        return True

    def _near(self, box: Box) -> Iterator[Box]:
        x0, y0, x1, y1 = box
        for cell in _cells((x0 - _ROOM_PX, y0 - _ROOM_PX, x1 + _ROOM_PX, y1 + _ROOM_PX)):
            yield from self._taken[cell]


def _bent(style: Lettering, text: str, path: shapely.LineString, middle_px: float) -> Label | None:
    """Return *text* written along *path*, or None where it is too short or too bent."""
    pitch = style.size_px + style.apart_px
    first = middle_px - pitch * (len(text) - 1) / 2
    if first < pitch / 2 or first + pitch * (len(text) - 0.5) > path.length:
        return None
    at = first + pitch * np.arange(len(text))
    places = _points(path, at)
    ways = _points(path, at + pitch / 2) - _points(path, at - pitch / 2)
    angles = np.unwrap(np.arctan2(ways[:, 1], ways[:, 0]))
    if np.abs(np.diff(angles)).max(initial=0.0) > _SHARPEST_BEND:
        return None
    whole = places[-1] - places[0]
    is_level = abs(whole[0]) >= abs(whole[1])
    if (whole[0] if is_level else whole[1]) < 0:
        places, angles = places[::-1], angles[::-1] + math.pi
    if not is_level:
        # A steep name is read from top to bottom, its signs standing upright.
        angles = angles - math.pi / 2
    signs = tuple(
        Sign(sign, float(x), float(y), math.remainder(float(angle), math.tau))
        for sign, (x, y), angle in zip(text, places, angles, strict=True)
    )
    reach = style.size_px
    low, high = places.min(axis=0) - reach, places.max(axis=0) + reach
    return Label(style, signs, (float(low[0]), float(low[1]), float(high[0]), float(high[1])))


def _points(path: shapely.LineString, at: NDArray[Any]) -> Pixels:
    found: Pixels = shapely.get_coordinates(shapely.line_interpolate_point(path, at))
    return found


def _boxes(label: Label) -> Iterator[Box]:
    half = label.style.size_px / 2
    for sign in label.signs:
        yield sign.x - half, sign.y - half, sign.x + half, sign.y + half


def _fits(room: shapely.Polygon, scale: float, width_px: float, height_px: float) -> bool:
    x0, y0, x1, y1 = (side * scale for side in room.bounds)
    return bool(x1 - x0 > width_px + 2 and y1 - y0 > height_px + 1)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] + _ROOM_PX
        and other[0] < one[2] + _ROOM_PX
        and one[1] < other[3] + _ROOM_PX
        and other[1] < one[3] + _ROOM_PX
    )


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    x0, y0, x1, y1 = (int(side // _CELL_PX) for side in box)
    for column in range(x0, x1 + 1):
        for row in range(y0, y1 + 1):
            yield column, row
