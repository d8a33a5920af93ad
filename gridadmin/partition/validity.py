"""Which polygons can't be trusted: self-crossing ones, and those smaller than the grid."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.partition.outlines import Outlines

_PLACE = re.compile(r"\[([^ ]+) ([^\]]+)\]")
_REASONS = {
    "Self-intersection": "check.invalid_crossing",
    "Ring Self-intersection": "check.invalid_touching",
    "Hole lies outside shell": "check.invalid_hole_outside",
    "Holes are nested": "check.invalid_nested",
    "Nested shells": "check.invalid_nested",
    "Interior is disconnected": "check.invalid_disconnected",
    "Duplicate Rings": "check.invalid_duplicate_rings",
    "Too few points in geometry component": "check.invalid_few_points",
}


@dataclass(frozen=True, slots=True, order=True)
class InvalidRow:
    """A row whose polygon is invalid; *place* is where, None when that is the whole polygon."""

    row: int
    code: str
    place: tuple[float, float] | None = None


def invalid_rows(polygons: np.ndarray) -> list[InvalidRow]:
    """Return the invalid polygons with the sentence's code for each."""
    rows = np.nonzero(~shapely.is_valid(polygons) & ~shapely.is_missing(polygons))[0].tolist()
    return [_explained(row, str(shapely.is_valid_reason(polygons[row]))) for row in rows]


def _explained(row: int, reason: str) -> InvalidRow:
    code = _REASONS.get(reason.partition("[")[0].strip(), "check.invalid_other")
    found = _PLACE.search(reason)
    place = (float(found[1]), float(found[2])) if found else None
    return InvalidRow(row, code, place)


def collapsed(outlines: Outlines, known: set[int]) -> list[InvalidRow]:
    """Return the polygons that have no land left on the millimetre grid, *known* ones left out."""
    rows = np.nonzero(outlines.twice_area <= 0)[0].tolist()
    return [InvalidRow(row, "check.invalid_collapsed") for row in rows if row not in known]
