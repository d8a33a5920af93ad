"""Finding out that a file was drawn on a shifted web map: moved back, it matches known outlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.base.errors import InputError
from gridadmin.exchange.source import Geometries
from gridadmin.partition.datum import Shift, wgs84_from_bd09, wgs84_from_gcj02

UNSHIFT: Mapping[str, Shift] = {"gcj02": wgs84_from_gcj02, "bd09": wgs84_from_bd09}
"""How to move coordinates back to WGS 84, by the name that ``--crs`` takes."""

_MOST_POINTS = 4_000
_NEAR_M = 20.0
"""Digitised borders of two sources agree within this; the shifts are twenty times as long."""
_LEAST_SHARE = 0.2
_LEAST_GAIN = 3.0
_DEGREE_M = 111_320.0

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShiftFinding:
    """A file's outlines fit the known ones better once they are moved back from ``kind``.

    ``near_share`` of its vertices then lie within 20 m of a known border, before it were
    ``near_share_as_is``; ``residual_m`` and ``residual_as_is_m`` are the distances that the
    nearer half of these vertices doesn't exceed. Always a question, never done silently.
    """

    kind: str
    shift_m: float
    residual_m: float
    residual_as_is_m: float
    near_share: float
    near_share_as_is: float
    question_code: str = "input.ask_shift"
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Fit:
    residual_m: float
    near_share: float


def near_constant_shift(
    new_outlines: Geometries, known_outlines: Geometries
) -> ShiftFinding | None:
    """Return which web map's shift lies between two sets of outlines, None if neither does.

    Both are polygons in lon, lat (degrees, WGS 84 or CGCS2000); None entries are ignored.
    """
    points = _vertices(new_outlines)
    known = shapely.boundary(known_outlines[~shapely.is_missing(known_outlines)])
    if not len(points) or not len(known):
        return None
    scale = np.array([np.cos(np.radians(points[:, 1].mean())), 1.0]) * _DEGREE_M
    borders = _segments(known, scale)
    as_is = _fit(points * scale, borders)
    moved = {
        kind: np.column_stack(unshift(points[:, 0], points[:, 1]))
        for kind, unshift in UNSHIFT.items()
    }
    fits = {kind: _fit(there * scale, borders) for kind, there in moved.items()}
    kind = max(fits, key=lambda name: (fits[name].near_share, -fits[name].residual_m))
    best = fits[kind]
    if best.near_share < _LEAST_SHARE or best.near_share < _LEAST_GAIN * as_is.near_share:
        return None
    shift_m = float(np.median(np.hypot(*((points - moved[kind]) * scale).T)))
    return ShiftFinding(
        kind,
        shift_m,
        best.residual_m,
        as_is.residual_m,
        best.near_share,
        as_is.near_share,
        params={"kind": kind, "shift_m": round(shift_m), "residual_m": round(best.residual_m, 1)},
    )


def unshifted(geometries: Geometries, kind: str) -> Geometries:
    """Return lon, lat geometries moved back to WGS 84 from ``gcj02`` or ``bd09``; None stays None.

    Raises: InputError ``input.bad_crs``.
    """
    if kind not in UNSHIFT:
        raise InputError("input.bad_crs", crs=kind)
    unshift = UNSHIFT[kind]
    moved: Geometries = shapely.transform(
        geometries, lambda points: np.column_stack(unshift(points[:, 0], points[:, 1]))
    )
    return moved


def _vertices(outlines: Geometries) -> Points:
    points: Points = shapely.get_coordinates(outlines)
    points = points[np.isfinite(points).all(axis=1)]
    return points[:: max(len(points) // _MOST_POINTS, 1)]


def _segments(lines: Geometries, scale: Points) -> shapely.STRtree:
    """An index of single segments in metres: near a long outline its box would tell nothing."""
    parts = shapely.get_parts(lines)
    points, owners = shapely.get_coordinates(parts, return_index=True)
    points = points * scale
    inner = owners[1:] == owners[:-1]
    return shapely.STRtree(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[inner]))


def _fit(points: Points, borders: shapely.STRtree) -> _Fit:
    _, distances = borders.query_nearest(
        shapely.points(points), return_distance=True, all_matches=False
    )
    nearer_half = np.sort(distances)[: (len(distances) + 1) // 2]
    return _Fit(float(nearer_half[-1]), float((distances <= _NEAR_M).mean()))
