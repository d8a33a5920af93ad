"""How the base map looks: calm and pale, since the districts' own colours lie on top of it."""

from __future__ import annotations

from dataclasses import dataclass

from gisdata.city.roads import WIDTH_M

Colour = tuple[int, int, int]

LAND: Colour = (0xF1, 0xED, 0xE4)
LIVED_IN: Colour = (0xEA, 0xE5, 0xDA)
WATER: Colour = (0xB1, 0xD5, 0xEA)
SHORE: Colour = (0x97, 0xC3, 0xDE)
HOUSE: Colour = (0xDF, 0xD8, 0xCB)
PALE_HOUSE: Colour = (0xE5, 0xDF, 0xD3)
SHOP: Colour = (0xE6, 0xDD, 0xCF)
WALL: Colour = (0xCC, 0xC3, 0xB3)
ROAD: Colour = (0xFF, 0xFF, 0xFF)
CASING: Colour = (0xD9, 0xD1, 0xC3)
TRUNK: Colour = (0xFB, 0xE9, 0xBF)
TRUNK_CASING: Colour = (0xDF, 0xC3, 0x8C)
HALO: Colour = (0xFF, 0xFF, 0xFF)

INK: Colour = (0x5B, 0x55, 0x4B)
FAINT_INK: Colour = (0x7F, 0x78, 0x6C)
WATER_INK: Colour = (0x3A, 0x7A, 0xA6)
SITE_INK: Colour = (0x6B, 0x5F, 0x7A)
PARK_INK: Colour = (0x4E, 0x84, 0x4A)
COMPOUND_INK: Colour = (0x7A, 0x6A, 0x52)
HOUSE_INK: Colour = (0x98, 0x8D, 0x7B)

SITES: dict[str, Colour] = {
    "park": (0xD3, 0xE6, 0xC4),
    "school": (0xF0, 0xE3, 0xCB),
    "hospital": (0xF4, 0xDF, 0xDC),
    "market": (0xF5, 0xE4, 0xD3),
    "factory": (0xE5, 0xE1, 0xE6),
    "business_park": (0xE2, 0xE3, 0xEC),
}

CLASSES = ("lane", "side", "main", "trunk")
"""Roads from the narrow to the broad: the order in which they are painted."""
_LEAST_PX = {"trunk": 2.6, "main": 1.9, "side": 1.1, "lane": 0.7}
_FROM_ZOOM = {"trunk": 12, "main": 12, "side": 13, "lane": 14}
_CASED_FROM_ZOOM = {"trunk": 12, "main": 13, "side": 14, "lane": 16}

HOUSES_FROM_ZOOM = 14
WALLS_FROM_ZOOM = 16


@dataclass(frozen=True, slots=True)
class Stroke:
    """A road's line at one zoom; *casing_px* is the width of both edges together."""

    fill: Colour
    casing: Colour
    width_px: float
    casing_px: float


def stroke_of(road_class: str, zoom: int, metres_per_px: float) -> Stroke | None:
    """Return how a road is drawn, or None when it is too small to show."""
    if zoom < _FROM_ZOOM[road_class]:
        return None
    is_trunk = road_class == "trunk"
    width = max(WIDTH_M[road_class] * 0.8 / metres_per_px, _LEAST_PX[road_class])
    edge = (1.2 if zoom < 16 else 1.6) if zoom >= _CASED_FROM_ZOOM[road_class] else 0.0
    return Stroke(TRUNK if is_trunk else ROAD, TRUNK_CASING if is_trunk else CASING, width, edge)


@dataclass(frozen=True, slots=True)
class Lettering:
    """How names of one sort are written: from which zoom, how big, in which colour."""

    from_zoom: int
    size_px: float
    ink: Colour
    apart_px: float = 0.0
    """Room between the signs."""


LETTERING: dict[str, Lettering] = {
    "river": Lettering(12, 13, WATER_INK, apart_px=10),
    "lake": Lettering(12, 13, WATER_INK, apart_px=2),
    "park": Lettering(15, 12, PARK_INK),
    "trunk": Lettering(13, 12, INK, apart_px=5),
    "main": Lettering(14, 12, INK, apart_px=4),
    "side": Lettering(15, 11, FAINT_INK, apart_px=2),
    "lane": Lettering(16, 10, FAINT_INK, apart_px=1),
    "site": Lettering(15, 11, SITE_INK),
    "compound": Lettering(16, 11, COMPOUND_INK),
    "house": Lettering(17, 9, HOUSE_INK),
}
