"""Where a place of the map lies on the earth, and what the plane of a project is, in words."""

from __future__ import annotations

from pyproj import CRS, Transformer

from gridadmin.exchange.import_source import plane_of
from gridadmin.partition.snapshot import Snapshot
from ui.texts import tr

Place = tuple[float, float]


class Earth:
    """The way from plane metres to longitude and latitude on the datum of the plane."""

    def __init__(self, crs: CRS) -> None:
        geodetic = crs.geodetic_crs
        self._transformer = (
            None if geodetic is None else Transformer.from_crs(crs, geodetic, always_xy=True)
        )
        self.words = plane_words(crs)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Earth | None:
        """Return the way for a project, None before its first land came."""
        plane = plane_of(snapshot)
        return None if plane is None else cls(plane.crs)

    def position(self, metres: Place) -> str:
        """Return a place in plane metres as longitude and latitude; empty where it has none."""
        if self._transformer is None:
            return ""
        longitude, latitude = self._transformer.transform(*metres)
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            return ""
        return position_words(longitude, latitude)


def position_words(longitude: float, latitude: float) -> str:
    """Return longitude and latitude in degrees, to about 10 m."""
    east, north = "EW"[longitude < 0], "NS"[latitude < 0]
    return f"{abs(longitude):.4f}°{east} {abs(latitude):.4f}°{north}"


def plane_words(crs: CRS) -> str:
    """Return what plane it is: datum, width of the zone and central meridian."""
    meridian = _central_meridian(crs)
    geodetic = crs.geodetic_crs
    if meridian is None or geodetic is None:
        return str(crs.name)
    datum = _datum(geodetic.name)
    if "Gauss-Kruger" not in crs.name:
        return tr("{datum} 中央经线 {degrees}", datum=datum, degrees=_degrees(meridian))
    # The register of EPSG names the width of the narrow zones only.
    return tr(
        "{datum} {width}°带 中央经线 {degrees}",
        datum=datum,
        width=3 if "3-degree" in crs.name else 6,
        degrees=_degrees(meridian),
    )


def _datum(name: str) -> str:
    return "CGCS2000" if "China Geodetic" in name or "CGCS2000" in name else name


def _degrees(value: float) -> str:
    return f"{abs(value):g}°{'EW'[value < 0]}"


def _central_meridian(crs: CRS) -> float | None:
    operation = crs.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    for parameter in operation.params:
        if parameter.code == "8802":
            return float(parameter.value)
    return None
