from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.base.texts import sentence
from gridadmin.exchange.recognise import (
    CrsKind,
    crs_of_option,
    near_constant_shift,
    recognise_crs,
)
from gridadmin.exchange.shift import unshifted
from gridadmin.exchange.source import Geometries
from gridadmin.partition.datum import bd09_from_wgs84, gcj02_from_wgs84

QINGDAO = (120.3, 36.0)
LON_LAT = (120.30, 36.05, 120.45, 36.10)
PLANE = (527_000.0, 3_991_000.0, 540_500.0, 3_996_600.0)
ZONED = (40_527_000.0, 3_991_000.0, 40_540_500.0, 3_996_600.0)
SIX_DEGREES = (21_257_000.0, 3_991_000.0, 21_270_500.0, 3_996_600.0)

Bounds = tuple[float, float, float, float]


def turned(bounds: Bounds) -> Bounds:
    return bounds[1], bounds[0], bounds[3], bounds[2]


@pytest.mark.parametrize(
    ("epsg", "bounds"),
    [(4490, LON_LAT), (4326, LON_LAT), (4549, PLANE), (4528, ZONED), (4326, (-88, 41, -87, 42))],
)
def test_declared_crs_that_fits_its_numbers_is_sure(epsg: int, bounds: Bounds) -> None:
    finding = recognise_crs(CRS.from_epsg(epsg), bounds)

    assert (finding.kind, finding.is_sure) == (CrsKind.DECLARED, True)
    assert finding.question_code is None


@pytest.mark.parametrize(
    ("bounds", "kind", "epsg", "swap_xy", "code"),
    [
        (LON_LAT, CrsKind.LON_LAT, 4490, False, "input.ask_lon_lat"),
        (turned(LON_LAT), CrsKind.LAT_LON, 4490, True, "input.ask_lat_lon"),
        ((38.0, 75.5, 39.0, 76.5), CrsKind.LAT_LON, 4490, True, "input.ask_lat_lon"),
        (ZONED, CrsKind.ZONED, 4528, False, "input.ask_zoned"),
        (turned(ZONED), CrsKind.ZONED, 4528, True, "input.ask_zoned_swapped"),
        (SIX_DEGREES, CrsKind.ZONED, 4499, False, "input.ask_zoned"),
        (PLANE, CrsKind.PLANE, None, False, "input.ask_plane"),
        (turned(PLANE), CrsKind.PLANE, None, True, "input.ask_plane_swapped"),
        ((-88.0, 41.0, -87.0, 42.0), CrsKind.LON_LAT, 4326, False, "input.ask_lon_lat"),
        ((0.0, 0.0, 5000.0, 4000.0), CrsKind.UNKNOWN, None, False, "input.ask_crs"),
    ],
)
def test_undeclared_numbers_are_asked_about(
    bounds: Bounds, kind: CrsKind, epsg: int | None, swap_xy: bool, code: str
) -> None:
    finding = recognise_crs(None, bounds, file="a.shp")

    assert not finding.is_sure
    assert (finding.kind, finding.swap_xy, finding.question_code) == (kind, swap_xy, code)
    assert (finding.crs and finding.crs.to_epsg()) == epsg
    for lang in ("zh", "en"):
        assert "{" not in sentence(code, lang, finding.params)


def test_known_place_settles_the_meridian_but_is_still_asked() -> None:
    finding = recognise_crs(None, turned(PLANE), near=QINGDAO)

    assert finding.crs is not None
    assert finding.crs.to_epsg() == 4549
    assert finding.swap_xy
    assert not finding.is_sure


@pytest.mark.parametrize(
    ("epsg", "bounds", "proposed", "swap_xy", "code"),
    [
        (4490, turned(LON_LAT), 4490, True, "input.ask_swapped"),
        (4549, turned(PLANE), 4549, True, "input.ask_swapped"),
        (4549, ZONED, 4528, False, "input.crs_disagrees_proposal"),
        (4528, PLANE, 4549, False, "input.crs_disagrees_proposal"),
        (4549, turned(ZONED), 4528, True, "input.crs_disagrees_swapped"),
        (4490, ZONED, 4528, False, "input.crs_disagrees_proposal"),
        (4490, (1e9, 1e9, 2e9, 2e9), None, False, "input.crs_disagrees"),
    ],
)
def test_declared_crs_that_contradicts_its_numbers_is_asked_about(
    epsg: int, bounds: Bounds, proposed: int | None, swap_xy: bool, code: str
) -> None:
    finding = recognise_crs(CRS.from_epsg(epsg), bounds, file="a.shp")

    assert not finding.is_sure
    assert (finding.question_code, finding.swap_xy) == (code, swap_xy)
    assert (finding.crs and finding.crs.to_epsg()) == proposed
    assert "{" not in sentence(code, "zh", finding.params)


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        (CRS.from_epsg(4214), "input.old_datum"),  # Beijing 1954
        (CRS.from_epsg(2436), "input.old_datum"),
        (CRS.from_epsg(4610), "input.old_datum"),  # Xian 1980
        (CRS.from_epsg(2385), "input.old_datum"),
        (CRS.from_epsg(4555), "input.old_datum"),  # New Beijing
        (CRS.from_proj4("+proj=tmerc +lon_0=104 +x_0=500000 +ellps=krass"), "input.old_datum"),
        (CRS.from_wkt('LOCAL_CS["某市独立坐标系",UNIT["metre",1]]'), "input.local_system"),
    ],
)
def test_old_and_local_systems_are_refused(crs: CRS, code: str) -> None:
    finding = recognise_crs(crs, PLANE, file="a.shp")

    assert finding.kind is CrsKind.REFUSED
    assert finding.question_code == code
    assert finding.crs is None


def test_crs_option_takes_numbers_wkt_and_shifted_maps() -> None:
    assert crs_of_option("epsg:4549") == (CRS.from_epsg(4549), None)
    assert crs_of_option(CRS.from_epsg(4544).to_wkt())[0] == CRS.from_epsg(4544)
    assert crs_of_option("GCJ02") == (CRS.from_epsg(4326), "gcj02")
    for text, code in (("nonsense", "input.bad_crs"), ("EPSG:4610", "input.old_datum")):
        with pytest.raises(InputError) as caught:
            crs_of_option(text)
        assert caught.value.code == code


def streets() -> Geometries:
    """Nine wiggly neighbours near 120.3°E 36°N, each some 1.5 km wide."""
    source = np.random.default_rng(7)
    corners = np.stack(np.meshgrid(np.arange(4.0), np.arange(4.0), indexing="ij"), axis=-1)
    corners = np.array(QINGDAO) + 0.015 * (corners + source.uniform(-0.2, 0.2, corners.shape))
    quads = [
        shapely.Polygon(
            [corners[i, j], corners[i + 1, j], corners[i + 1, j + 1], corners[i, j + 1]]
        )
        for i in range(3)
        for j in range(3)
    ]
    wiggly: Geometries = shapely.segmentize(np.array(quads, dtype=object), 0.001)
    return wiggly


@pytest.mark.parametrize(
    ("kind", "shift", "least_m", "most_m"),
    [("gcj02", gcj02_from_wgs84, 350, 650), ("bd09", bd09_from_wgs84, 700, 1500)],
)
def test_shifted_outlines_are_recognised_and_moved_back(
    kind: str, shift: object, least_m: float, most_m: float
) -> None:
    assert callable(shift)
    known = streets()
    drawn = shapely.transform(known, lambda p: np.column_stack(shift(p[:, 0], p[:, 1])))

    finding = near_constant_shift(drawn, known)

    assert finding is not None
    assert finding.kind == kind
    assert least_m < finding.shift_m < most_m
    assert finding.residual_m < 0.01
    assert finding.residual_as_is_m > 20
    back = unshifted(drawn, kind)
    assert np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(known)).max() < 1e-9


def test_outlines_that_match_as_they_are_are_not_called_shifted() -> None:
    assert near_constant_shift(streets(), streets()) is None


def test_outlines_of_another_place_are_not_called_shifted() -> None:
    elsewhere = shapely.transform(streets(), lambda points: points + 0.3)

    assert near_constant_shift(elsewhere, streets()) is None
    assert near_constant_shift(elsewhere[:0], streets()) is None
