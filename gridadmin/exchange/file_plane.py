"""In which metres a polygon file is checked, and the way back to the file's own coordinates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.exchange.recognise import crs_of_option
from gridadmin.exchange.shift import unshifted
from gridadmin.exchange.source import FeatureTable, Geometries, RowProblem
from gridadmin.partition.datum import Shift, bd09_from_wgs84, gcj02_from_wgs84
from gridadmin.partition.planes import WGS84, local_plane, transform_geometries, transform_points

Points = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

_RESHIFT: dict[str, Shift] = {"gcj02": gcj02_from_wgs84, "bd09": bd09_from_wgs84}
_BOX_STEPS = 8
"""How many points of each side of a box are taken back: its sides bend on the way."""


@dataclass(frozen=True, slots=True)
class FilePlane:
    """Metres for one file. ``crs`` is the file's (None = unknown metres), ``label`` its name.

    ``plane`` is the projected CRS of the metres; None means the file's own numbers times
    ``unit_m``. ``shift`` is the web map's shift that is undone first.
    """

    crs: CRS | None
    label: str
    plane: CRS | None = None
    unit_m: float = 1.0
    shift: str | None = None
    warnings: tuple[RowProblem, ...] = ()

    def metres(self, geometries: Geometries, crs: CRS | None = None) -> Geometries:
        """Return geometries of the file, or of another one in *crs*, in metres.

        Raises: InputError ``input.outside_crs``.
        """
        if crs is not None and self.crs is not None and crs != self.crs:
            return self._scaled(transform_geometries(geometries, crs, self.plane or self.crs))
        if self.shift is not None:
            geometries = unshifted(geometries, self.shift)
        if self.plane is None or self.crs is None:
            return self._scaled(geometries)
        return transform_geometries(geometries, self.crs, self.plane)

    def _scaled(self, geometries: Geometries) -> Geometries:
        if self.unit_m == 1.0:
            return geometries
        scaled: Geometries = shapely.transform(geometries, lambda points: points * self.unit_m)
        return scaled

    def back(self, points: Points) -> Points:
        """Return points ``(n, 2)`` in metres in the file's own coordinates."""
        if self.plane is None or self.crs is None:
            return points / self.unit_m
        x, y = transform_points(points[:, 0], points[:, 1], self.plane, self.crs)
        if self.shift is not None:
            x, y = _RESHIFT[self.shift](x, y)
        return np.column_stack((x, y))

    def boxes_back(self, boxes: Points) -> Points:
        """Return boxes ``(n, 4)`` in metres as boxes in the file's own coordinates."""
        if self.plane is None:
            return boxes / self.unit_m
        share = np.linspace(0.0, 1.0, _BOX_STEPS)
        zero, one = np.zeros(_BOX_STEPS), np.ones(_BOX_STEPS)
        u = np.concatenate((share, one, share, zero))
        v = np.concatenate((zero, share, one, share))
        x = boxes[:, :1] + (boxes[:, 2:3] - boxes[:, :1]) * u
        y = boxes[:, 1:2] + (boxes[:, 3:] - boxes[:, 1:2]) * v
        corners = self.back(np.column_stack((x.ravel(), y.ravel()))).reshape(len(boxes), -1, 2)
        return np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1)


def file_plane(table: FeatureTable, option: str | None) -> FilePlane:
    """Return the plane in which the land of *table* is checked.

    *option* is what ``--crs`` says: it goes before what the file declares. Without either, numbers
    beyond ±180 and ±90 are metres, others lon, lat; both with a warning.
    Raises: InputError ``input.bad_crs``, ``input.old_datum``, ``input.local_system``,
    ``input.crs_disagrees``.
    """
    bounds = _bounds(table.geometries)
    crs, shift = (table.crs, None) if option is None else crs_of_option(option)
    if crs is not None and not (crs.is_geographic or crs.is_projected):
        # GDAL writes a system of no place ("Undefined SRS") where none is known.
        crs = None
    warnings: tuple[RowProblem, ...] = ()
    if crs is None and not _are_degrees(bounds):
        return FilePlane(None, "", warnings=(RowProblem("", "check.assumed_metres"),))
    if crs is None:
        crs = CRS.from_epsg(WGS84)
        warnings = (RowProblem("", "check.assumed_lon_lat"),)
    found = FilePlane(crs, shift or _label(crs), shift=shift, warnings=warnings)
    if not crs.is_geographic:
        return replace(found, unit_m=_unit_m(crs))
    if not _are_degrees(bounds):
        x, y = (f"{number:.10g}" for number in bounds[:2])
        raise InputError("input.crs_disagrees", file=table.path.name, declared=crs.name, x=x, y=y)
    middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    return replace(found, plane=local_plane(*middle))


def _bounds(geometries: Geometries) -> Bounds:
    if not len(geometries):
        return 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1 = shapely.total_bounds(geometries).tolist()
    return x0, y0, x1, y1


def _are_degrees(bounds: Bounds) -> bool:
    return bounds[0] >= -180 and bounds[1] >= -90 and bounds[2] <= 180 and bounds[3] <= 90


def _label(crs: CRS) -> str:
    code = crs.to_authority(min_confidence=100)
    if code == ("OGC", "CRS84"):
        return f"EPSG:{WGS84}"
    return ":".join(code) if code else crs.name


def _unit_m(crs: CRS) -> float:
    factors = [axis.unit_conversion_factor for axis in crs.axis_info[:2]]
    return factors[0] if factors and factors[0] > 0 else 1.0
