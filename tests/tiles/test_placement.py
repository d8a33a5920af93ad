"""Which tiles cover a view, and that their corners lie in the plane where PROJ says."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from pyproj import CRS

from gridadmin.tiles.grid import TileKey, box_of_degrees, web_grid
from gridadmin.tiles.placement import Placement, TileCover

PLANE = CRS.from_epsg(4544)
WEB = Placement(PLANE, web_grid(finest=18))
MIDDLE = (430_350.0, 4_455_350.0)
HALF_WORLD_M = 20_037_508.342789244


def _view(metres_per_px: float, width_px: int = 1920, height_px: int = 1080) -> TileCover | None:
    x, y = MIDDLE
    half_x, half_y = width_px / 2 * metres_per_px, height_px / 2 * metres_per_px
    return WEB.cover((x - half_x, y - half_y, x + half_x, y + half_y), metres_per_px)


def _seen(metres_per_px: float) -> TileCover:
    cover = _view(metres_per_px)
    assert cover is not None
    return cover


@pytest.mark.parametrize(
    ("metres_per_px", "zoom"),
    # At 40.2° N a pixel of zoom 17 is 0.912 m wide; halfway on the scale of powers lies 1.29 m.
    [(0.912, 17), (1.27, 17), (1.31, 16), (1.82, 16), (0.66, 17), (0.63, 18), (0.01, 18)],
)
def test_zoom_has_the_pixels_nearest_in_size(metres_per_px: float, zoom: int) -> None:
    assert _seen(metres_per_px).level == zoom


def test_zoom_that_the_map_lacks_is_not_chosen() -> None:
    x, y = MIDDLE
    bounds_m = (x - 500, y - 500, x + 500, y + 500)

    found = {
        metres_per_px: WEB.cover(bounds_m, metres_per_px, (12, 15))
        for metres_per_px in (0.1, 3.0, 12.0, 20.0)
    }

    assert {k: cover.level for k, cover in found.items() if cover} == {
        0.1: 15,
        3.0: 15,
        12.0: 12,
        20.0: 12,
    }


def test_full_screen_needs_about_54_tiles() -> None:
    cover = _seen(0.95)

    assert (cover.columns, cover.rows) == (9, 6)
    assert len(list(cover.tiles())) == 54
    assert cover.pieces == 1
    assert cover.corners_m.shape == (7, 10, 2)


@pytest.mark.parametrize("metres_per_px", [0.05, 0.912, 7.0, 120.0])
def test_tiles_cover_the_whole_view(metres_per_px: float) -> None:
    cover = _seen(metres_per_px)
    x, y = MIDDLE
    half_x, half_y = 960 * metres_per_px, 540 * metres_per_px

    corners = cover.corners_m
    edge = np.concatenate([corners[0], corners[1:, -1], corners[-1, ::-1], corners[::-1, 0]])

    assert shapely.Polygon(edge).covers(shapely.box(x - half_x, y - half_y, x + half_x, y + half_y))


def test_corners_lie_where_web_mercator_has_them() -> None:
    cover = _seen(0.95)
    from_web = pyproj.Transformer.from_crs(3857, 4544, always_xy=True)
    side_m = 2 * HALF_WORLD_M / 2**cover.level

    for i, j in ((0, 0), (2, 5), (6, 9)):
        east = (cover.x0 + j) * side_m - HALF_WORLD_M
        north = HALF_WORLD_M - (cover.y0 + i) * side_m
        expected = from_web.transform(east, north)
        assert cover.corners_m[i, j] == pytest.approx(expected, abs=1e-3)


def test_tiles_that_bend_are_cut_into_pieces() -> None:
    cover = _seen(2000.0)

    assert cover.pieces > 1
    assert cover.corners_m.shape == (
        cover.rows * cover.pieces + 1,
        cover.columns * cover.pieces + 1,
        2,
    )


def test_view_beside_the_map_has_no_tiles() -> None:
    x, y = MIDDLE
    bounds_m = (x - 500, y - 500, x + 500, y + 500)

    assert WEB.cover(bounds_m, 1.0, within=box_of_degrees((103.0, 40.0, 104.0, 41.0))) is None
    assert WEB.cover(bounds_m, 1.0, within=box_of_degrees((104.0, 40.0, 105.0, 41.0))) is not None


def test_tiles_beside_the_map_are_left_out() -> None:
    left, bottom, right, top = web_grid().box(TileKey(17, 103_466, 49_513))
    inside = (left + 0.1, bottom + 0.1, right - 0.1, top - 0.1)
    x, y = MIDDLE

    cover = WEB.cover((x - 2000, y - 2000, x + 2000, y + 2000), 0.9, within=inside)

    assert cover is not None
    assert list(cover.tiles()) == [TileKey(17, 103_466, 49_513)]


def test_view_in_which_the_coarsest_tiles_would_be_specks_has_none() -> None:
    x, y = MIDDLE
    far_m = 2_000_000.0
    bounds_m = (x - far_m, y - far_m, x + far_m, y + far_m)

    assert WEB.cover(bounds_m, 2000.0, (14, 15)) is None


def test_view_beyond_the_plane_has_no_tiles_or_some_but_no_fault() -> None:
    bounds_m = (-3e7, -3e7, 3e7, 3e7)

    cover = WEB.cover(bounds_m, 30_000.0)

    assert cover is None or not np.isinf(cover.corners_m).any()


@pytest.mark.parametrize("half_m", [1e6, 1e7, 3e7, 1e9])
@pytest.mark.parametrize(("x", "y"), [(500_000, 4e6), (0, 0), (-2e7, 1e7), (3e7, 3e7)])
def test_view_of_the_world_never_asks_for_thousands_of_pieces(
    x: float, y: float, half_m: float
) -> None:
    cover = WEB.cover((x - half_m, y - half_m, x + half_m, y + half_m), half_m / 960)

    if cover is not None:
        assert cover.columns * cover.rows <= 8192
        assert cover.corners_m.size < 1_000_000
