"""Tiles of shifted maps lie where the land is, to 0.5 m or half a pixel; stored data stay."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gridadmin.partition.datum import bd09_from_wgs84, gcj02_from_wgs84
from gridadmin.tiles.baidu import bd09_from_metres, metres_from_bd09
from gridadmin.tiles.grid import TileGrid, baidu_grid, degree_grid, geodetic_grid, web_grid
from gridadmin.tiles.placement import Placement, TileCover, scale_number
from gridadmin.tiles.source import Datum

PLACES = {
    # plane, lon, lat of the five places' middles
    "新都": (4544, 104.16, 30.82),
    "龙港": (4549, 120.55, 27.58),
    "大连": (4550, 121.60, 38.91),
    "三明": (4548, 117.64, 26.27),
    "市南": (4549, 120.41, 36.07),
}
PUBLISHED_GCJ02 = [
    # WGS 84 lon, lat, GCJ-02 lon, lat. Source: reference points of the open tools eviltransform
    # (the first three) and coordtransform
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
    (116.404, 39.915, 116.41024449916938, 39.91640428150164),
]
PUBLISHED_BAIDU = [
    # BD-09 lon, lat, Baidu's metres. Source: read-me of the open tool BaiduMapPointConverter; and
    # the middle of Baidu's own examples, as open maps quote it
    (116.403874, 39.914889, 12_958_160.97, 4_825_907.72),
    (116.404, 39.915, 12_958_175.0, 4_825_923.77),
]
DIRECT = {Datum.GCJ02: gcj02_from_wgs84, Datum.BD09: bd09_from_wgs84}


@lru_cache
def placement(place: str, grid: TileGrid, datum: Datum) -> Placement:
    return Placement(CRS.from_epsg(PLACES[place][0]), grid, datum)


@lru_cache
def middle_m(place: str) -> tuple[float, float]:
    epsg, lon, lat = PLACES[place]
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    return float(x), float(y)


@pytest.mark.parametrize(("lon", "lat", "moved_lon", "moved_lat"), PUBLISHED_GCJ02)
def test_published_points_of_gcj02_come_to_their_place(
    lon: float, lat: float, moved_lon: float, moved_lat: float
) -> None:
    plane = CRS.from_epsg(4549)
    x, y = Transformer.from_crs(4326, plane, always_xy=True).transform(lon, lat)

    placed = Placement(plane, degree_grid(), Datum.GCJ02).to_plane([moved_lon], [moved_lat])

    assert placed[0] == pytest.approx((x, y), abs=0.001)


@pytest.mark.parametrize(("lon", "lat", "x_m", "y_m"), PUBLISHED_BAIDU)
def test_published_points_of_baidu_come_to_their_place(
    lon: float, lat: float, x_m: float, y_m: float
) -> None:
    to_metres = metres_from_bd09(lon, lat)
    to_degrees = bd09_from_metres(x_m, y_m)

    assert (float(to_metres[0]), float(to_metres[1])) == pytest.approx((x_m, y_m), abs=0.6)
    assert (float(to_degrees[0]), float(to_degrees[1])) == pytest.approx((lon, lat), abs=6e-6)


def test_baidu_metres_and_degrees_lead_to_each_other_all_over_china() -> None:
    lon, lat = np.meshgrid(np.linspace(73, 137, 260), np.linspace(3, 54, 260))

    again_lon, again_lat = bd09_from_metres(*metres_from_bd09(lon, lat))

    # Two of Baidu's own polynomials, made independently: they agree to a third of a metre.
    assert np.abs(again_lon - lon).max() < 1e-8
    assert np.abs(again_lat - lat).max() * 111_000 < 0.34


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("datum", "least_m", "most_m"), [(Datum.GCJ02, 350, 620), (Datum.BD09, 800, 1400)]
)
def test_shift_is_as_large_as_it_is_known_to_be(
    place: str, datum: Datum, least_m: float, most_m: float
) -> None:
    x, y = middle_m(place)
    shifted = placement(place, web_grid(), datum)
    plain = placement(place, web_grid(), Datum.CGCS2000)

    there = plain.to_plane(*shifted.to_grid([x], [y]))[0]

    assert least_m < np.hypot(there[0] - x, there[1] - y) < most_m


@pytest.mark.parametrize("metres_per_px", [0.3, 1.0, 5.0, 40.0, 300.0])
@pytest.mark.parametrize(
    ("grid", "datum"),
    [
        (web_grid(), Datum.CGCS2000),
        (web_grid(), Datum.GCJ02),
        (web_grid(), Datum.BD09),
        (degree_grid(), Datum.CGCS2000),
        (geodetic_grid(), Datum.GCJ02),
        (baidu_grid(), Datum.BD09),
    ],
)
@pytest.mark.parametrize("place", ["大连", "新都"])
def test_every_pixel_of_a_view_lies_within_half_a_pixel(
    place: str, grid: TileGrid, datum: Datum, metres_per_px: float
) -> None:
    placed = placement(place, grid, datum)
    x, y = middle_m(place)
    half_x, half_y = 960 * metres_per_px, 540 * metres_per_px

    cover = placed.cover((x - half_x, y - half_y, x + half_x, y + half_y), metres_per_px)

    assert cover is not None
    assert _most_strayed_m(placed, cover) <= max(0.5, metres_per_px / 2)


def _most_strayed_m(placed: Placement, cover: TileCover) -> float:
    """Return how far places inside the pieces stray from where their corners put them."""
    matrix = placed.grid.matrix(cover.level)
    n = cover.pieces
    rows, columns = np.meshgrid(
        np.arange(cover.rows * n), np.arange(cover.columns * n), indexing="ij"
    )
    corners = cover.corners_m
    worst = 0.0
    for u in (0.13, 0.5, 0.81):
        for v in (0.22, 0.5, 0.9):
            x = matrix.left + (cover.x0 + (columns + u) / n) * matrix.width
            y = matrix.top - (cover.y0 + (rows + v) / n) * matrix.height
            exact = placed.to_plane(x, y)
            by_corners = (
                corners[:-1, :-1] * (1 - u) * (1 - v)
                + corners[:-1, 1:] * u * (1 - v)
                + corners[1:, :-1] * (1 - u) * v
                + corners[1:, 1:] * u * v
            )
            strayed: NDArray[np.float64] = np.hypot(*np.moveaxis(exact - by_corners, -1, 0))
            worst = max(worst, float(strayed.max()))
    return worst


@given(
    st.sampled_from(sorted(PLACES)),
    st.sampled_from([Datum.CGCS2000, Datum.GCJ02, Datum.BD09]),
    st.sampled_from([web_grid(), degree_grid(), baidu_grid()]),
    st.floats(-20_000, 20_000),
    st.floats(-20_000, 20_000),
)
def test_places_of_the_plane_come_back(
    place: str, datum: Datum, grid: TileGrid, dx: float, dy: float
) -> None:
    x, y = middle_m(place)
    placed = placement(place, grid, datum)

    again = placed.to_plane(*placed.to_grid([x + dx], [y + dy]))[0]

    # Baidu's two polynomials differ by a third of a metre; all else agrees to a tenth of a mm.
    assert again == pytest.approx((x + dx, y + dy), abs=0.5 if grid.crs == "BD09MC" else 1e-4)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_placing_many_tiles_agrees_with_placing_one(datum: Datum) -> None:
    placed = placement("市南", web_grid(), datum)
    x, y = placed.to_grid(*(np.array(values) for values in zip(middle_m("市南"), strict=True)))
    many_x, many_y = np.linspace(x[0] - 5000, x[0] + 5000, 500), np.full(500, y[0])

    together = placed.to_plane(many_x, many_y)
    alone = np.array([placed.to_plane([a], [b])[0] for a, b in zip(many_x, many_y, strict=True)])

    assert np.abs(together - alone).max() < 1e-6


def test_offset_of_a_source_moves_its_tiles_in_the_plane() -> None:
    plane = CRS.from_epsg(4549)
    x, y = middle_m("市南")
    plain, moved = Placement(plane, web_grid()), Placement(plane, web_grid(), offset_m=(1.5, -2.0))
    units = plain.to_grid([x], [y])

    assert moved.to_plane(*units)[0] == pytest.approx((x + 1.5, y - 2.0), abs=1e-6)
    back = moved.to_grid([x + 1.5], [y - 2.0])
    assert (back[0][0], back[1][0]) == pytest.approx((units[0][0], units[1][0]), abs=1e-6)


def test_tiles_abroad_are_not_moved() -> None:
    plane = CRS.from_epsg(32613)
    plain, shifted = Placement(plane, web_grid()), Placement(plane, web_grid(), Datum.GCJ02)

    at = np.array([-11_670_000.0]), np.array([4_816_000.0])

    assert shifted.to_plane(*at)[0] == pytest.approx(plain.to_plane(*at)[0], abs=1e-6)


def test_tiles_in_the_plane_itself_stay_squares() -> None:
    plane = CRS.from_epsg(4549)
    x, y = middle_m("市南")

    placed = Placement(plane, TileGrid("EPSG:4549", web_grid(3).matrices)).to_plane([x], [y])

    assert placed[0] == pytest.approx((x, y), abs=1e-4)


def test_middle_tiles_are_fetched_first() -> None:
    placed = placement("市南", web_grid(), Datum.CGCS2000)
    x, y = middle_m("市南")

    cover = placed.cover((x - 1000, y - 600, x + 1000, y + 600), 1.0)

    assert cover is not None
    outward = cover.tiles_outward()
    assert sorted(outward, key=repr) == sorted(cover.tiles(), key=repr)
    column, row = cover.x0 + (cover.columns - 1) / 2, cover.y0 + (cover.rows - 1) / 2
    distances = [np.hypot(key.column - column, key.row - row) for key in outward]
    assert distances == sorted(distances)


@pytest.mark.parametrize(
    ("metres_per_px", "dpi", "number"),
    [(0.2645833, 96, 1000), (1.0, 96, 3779.53), (1.0, 192, 7559.06), (2.54, 100, 10_000)],
)
def test_scale_number_is_of_the_screens_real_resolution(
    metres_per_px: float, dpi: float, number: float
) -> None:
    assert scale_number(metres_per_px, dpi) == pytest.approx(number, abs=0.01)


def test_direct_formulas_are_what_places_tiles() -> None:
    for datum, shift in DIRECT.items():
        lon, lat = shift(120.41, 36.07)
        placed = placement("市南", degree_grid(), datum).to_plane([float(lon)], [float(lat)])
        assert placed[0] == pytest.approx(middle_m("市南"), abs=0.001)
