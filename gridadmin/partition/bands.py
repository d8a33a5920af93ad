"""The order in which areas are numbered: in bands from north to south, west to east in a band."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon

_BAND_SHARE = 0.8
"""A band is as high as this share of the side of a middling area."""


def in_bands(places: Sequence[tuple[float, float]], lands_m2: Sequence[float]) -> list[int]:
    """Return the numbers of *places* (metres) in bands from north to south, west to east in each.

    A band begins at the northernmost place that is left; its height follows from the median land.
    """
    if not places:
        return []
    height_m = _BAND_SHARE * math.sqrt(float(np.median(lands_m2)))
    rest = sorted(range(len(places)), key=lambda n: (-places[n][1], places[n][0]))
    ordered: list[int] = []
    while rest:
        top = places[rest[0]][1]
        band = [n for n in rest if top - places[n][1] < height_m]
        ordered += sorted(band, key=lambda n: places[n][0])
        taken = set(band)
        rest = [n for n in rest if n not in taken]
    return ordered


def areas_in_bands(snapshot: Snapshot, areas: Sequence[Area]) -> list[Area]:
    """Return areas in the order in which they are numbered.

    A stacked area stands where its cell does, beside the others there by code and name; areas
    without land come last, as they stand now.
    """
    ordered = sorted(areas, key=lambda area: (area.code or "~", area.name, area.uid))
    drawn, places, lands, bare = [], [], [], []
    for area in ordered:
        polygon = to_polygon(
            land_parts(snapshot.partition, oid_of(area.cell or area.uid)), snapshot.place
        )
        if polygon.is_empty:
            bare.append(area)
            continue
        inside = polygon.representative_point()
        drawn.append(area)
        places.append((inside.x, inside.y))
        lands.append(polygon.area)
    return [drawn[number] for number in in_bands(places, lands)] + bare
