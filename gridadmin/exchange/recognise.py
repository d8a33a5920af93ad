"""Which coordinate system a file is in: what it declares, checked against its numbers.

What can't be known for sure becomes a question with a proposal; it is never guessed silently. Old
systems (北京54, 西安80) and systems of single cities are refused, since no public transformation is
exact enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from pyproj import CRS
from pyproj.exceptions import CRSError

from gridadmin.base.errors import InputError
from gridadmin.exchange.numbers import Bounds, CrsKind, Guess, guesses, lon_lat_of, swapped
from gridadmin.exchange.shift import UNSHIFT, ShiftFinding, near_constant_shift
from gridadmin.partition.planes import WGS84, is_in_china

__all__ = [
    "CrsFinding",
    "CrsKind",
    "ShiftFinding",
    "crs_of_option",
    "near_constant_shift",
    "recognise_crs",
]

_OLD_NAMES = re.compile(r"beijing|xi.?an[_ ]?(19)?80|北京|西安", re.IGNORECASE)
_LOCAL_NAMES = re.compile(r"地方|城市|独立|城建|\blocal (grid|system|coordinate)", re.IGNORECASE)
_OLD_AXES_M = (6_378_245.0, 6_378_140.0)
"""Krassowsky 1940 (北京54) and IAG 1975 (西安80), for datums without a name."""
_MARGIN_DEG = 3.0
"""Districts reach over the border of their zone; a wrong zone is off by 3° or more."""
_MOST_ARCTIC_DEG = 72.0
_QUESTIONS = {
    CrsKind.LON_LAT: "input.ask_lon_lat",
    CrsKind.LAT_LON: "input.ask_lat_lon",
    CrsKind.ZONED: "input.ask_zoned",
    CrsKind.PLANE: "input.ask_plane",
    CrsKind.WEB_MERCATOR: "input.ask_web_mercator",
}


@dataclass(frozen=True, slots=True)
class CrsFinding:
    """What a file's coordinates are: sure, or a question to put before anything is written.

    With ``is_sure`` the ``crs`` holds and ``question_code`` is None. Otherwise ``crs`` and
    ``swap_xy`` are the proposal (crs None = none), ``others`` further possibilities, and the
    sentence of ``question_code`` names the option that settles it. ``kind`` REFUSED: the code
    says why the file can't be used.
    """

    kind: CrsKind
    crs: CRS | None
    is_sure: bool
    question_code: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    swap_xy: bool = False
    others: tuple[Guess, ...] = ()


def recognise_crs(
    declared: CRS | None,
    bounds: Bounds,
    *,
    file: str = "",
    near: tuple[float, float] | None = None,
) -> CrsFinding:
    """Return what system the coordinates are in.

    *bounds* are the file's own numbers (x0, y0, x1, y1), NaN when it has no land; *near* (lon,
    lat) is where the project is known to lie.
    """
    reason = None if declared is None else _reason_to_refuse(declared)
    if declared is not None and reason is not None:
        params = {"file": file, "crs": declared.name}
        return CrsFinding(CrsKind.REFUSED, None, is_sure=True, question_code=reason, params=params)
    if not all(isfinite(number) for number in bounds):
        return CrsFinding(CrsKind.UNKNOWN, declared, is_sure=declared is not None)
    if declared is not None and _fits(declared, bounds):
        return CrsFinding(CrsKind.DECLARED, declared, is_sure=True)
    if declared is not None and _fits(declared, swapped(bounds)):
        kind = CrsKind.LAT_LON if declared.is_geographic else CrsKind.DECLARED
        params = {"file": file, "declared": declared.name}
        return CrsFinding(
            kind,
            declared,
            is_sure=False,
            question_code="input.ask_swapped",
            params=params,
            swap_xy=True,
        )
    found = guesses(bounds, near or _region_of(declared))
    params = {"file": file, "x": f"{bounds[0]:.10g}", "y": f"{bounds[1]:.10g}"}
    if declared is not None:
        params["declared"] = declared.name
    if not found:
        code = "input.ask_crs" if declared is None else "input.crs_disagrees"
        return CrsFinding(CrsKind.UNKNOWN, None, is_sure=False, question_code=code, params=params)
    return _question(found, declared, params)


def crs_of_option(text: str) -> tuple[CRS, str | None]:
    """Return the CRS that ``--crs`` names, and ``gcj02`` or ``bd09`` if that is the shift to undo.

    *text* is ``EPSG:n``, WKT, ``gcj02`` or ``bd09``.

    Raises: InputError ``input.bad_crs``, ``input.old_datum``, ``input.local_system``.
    """
    name = text.strip()
    if name.lower() in UNSHIFT:
        return CRS.from_epsg(WGS84), name.lower()
    try:
        if re.fullmatch(r"(epsg:)?\d{4,6}", name, re.IGNORECASE):
            crs = CRS.from_epsg(int(name.rpartition(":")[2]))
        else:
            crs = CRS.from_wkt(name)
    except CRSError as error:
        raise InputError("input.bad_crs", crs=name[:80]) from error
    reason = _reason_to_refuse(crs)
    if reason is not None:
        raise InputError(reason, file="--crs", crs=crs.name)
    return crs, None


def _question(found: list[Guess], declared: CRS | None, params: dict[str, str]) -> CrsFinding:
    best = found[0]
    if best.crs is not None:
        code = best.crs.to_epsg()
        params["option"] = f"EPSG:{code}" if code else best.crs.name
        params["proposal"] = best.crs.name
    question = _QUESTIONS[best.kind]
    if best.kind is CrsKind.PLANE and best.crs is not None:
        question = "input.ask_plane_near"
    if best.swap_xy and best.kind is not CrsKind.LAT_LON:
        question += "_swapped"
    if declared is not None:
        question = "input.crs_disagrees_swapped" if best.swap_xy else "input.crs_disagrees_proposal"
        params.setdefault("proposal", "Gauss-Kruger")
        params.setdefault("option", "EPSG:n")
    return CrsFinding(
        best.kind,
        best.crs,
        is_sure=False,
        question_code=question,
        params=params,
        swap_xy=best.swap_xy,
        others=tuple(found[1:]),
    )


def _reason_to_refuse(crs: CRS) -> str | None:
    horizontal = _horizontal(crs)
    geodetic = horizontal.geodetic_crs
    if geodetic is None or not (horizontal.is_geographic or horizontal.is_projected):
        return "input.local_system"
    datum = "" if geodetic.datum is None else geodetic.datum.name
    if _OLD_NAMES.search(f"{crs.name} {geodetic.name} {datum}"):
        return "input.old_datum"
    axis_m = geodetic.ellipsoid.semi_major_metre if geodetic.ellipsoid else 0.0
    if axis_m in _OLD_AXES_M and "unknown" in datum.lower():
        return "input.old_datum"
    return "input.local_system" if _LOCAL_NAMES.search(crs.name) else None


def _horizontal(crs: CRS) -> CRS:
    """The part of a CRS that says where, without heights and without its shift to WGS 84."""
    if crs.is_bound and crs.source_crs is not None:
        return _horizontal(crs.source_crs)
    if crs.is_compound and crs.sub_crs_list:
        return _horizontal(crs.sub_crs_list[0])
    return crs


def _fits(declared: CRS, bounds: Bounds) -> bool:
    """Whether the numbers lie where the CRS is made for."""
    if declared.is_geographic and not _are_degrees(bounds):
        return False
    place = lon_lat_of(declared, bounds)
    if place is None or not (-180 <= place[0] <= 180 and -90 <= place[1] <= 90):
        return False
    lon, lat = place
    if declared.is_geographic and lat > _MOST_ARCTIC_DEG and is_in_china(lat, lon):
        return False
    area = declared.area_of_use
    if area is None or area.west > area.east:
        return True
    return (
        area.west - _MARGIN_DEG <= lon <= area.east + _MARGIN_DEG
        and area.south - _MARGIN_DEG <= lat <= area.north + _MARGIN_DEG
    )


def _region_of(declared: CRS | None) -> tuple[float, float] | None:
    """The middle of a CRS's zone, where the right variant of a wrong one is; None for wide ones."""
    area = None if declared is None else declared.area_of_use
    if area is None or not 0 < area.east - area.west < 2 * _MARGIN_DEG + 1:
        return None
    return (area.west + area.east) / 2, (area.south + area.north) / 2


def _are_degrees(bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return west >= -180 and east <= 180 and south >= -90 and north <= 90
