"""Tile grids: the fixed ones, and that places and tiles lead to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridadmin.base.errors import InputError
from gridadmin.tiles.grid import (
    FIXED,
    TileGrid,
    TileKey,
    baidu_grid,
    baidu_numbers,
    box_of_degrees,
    degree_grid,
    degrees_of_box,
    fixed_grid,
    geodetic_grid,
    web_grid,
)

HALF_WORLD_M = 20_037_508.342789244
GRIDS = [web_grid(), web_grid(tile_px=512), degree_grid(), geodetic_grid(23), baidu_grid()]


def test_web_grid_is_the_one_of_the_standard() -> None:
    grid = web_grid()

    # OGC 17-083r2, WebMercatorQuad: 156543.03… m per pixel at level 0, halved at each.
    assert grid.matrix(0).px_width == pytest.approx(156_543.033928041, abs=1e-8)
    assert grid.matrix(18).px_width == pytest.approx(0.597164283559817, abs=1e-9)
    assert (grid.matrix(18).columns, grid.matrix(18).rows) == (262_144, 262_144)
    assert grid.box(TileKey(0, 0, 0)) == pytest.approx(
        (-HALF_WORLD_M, -HALF_WORLD_M, HALF_WORLD_M, HALF_WORLD_M)
    )
    assert grid.is_web
    assert not degree_grid().is_web


def test_degrees_of_tianditu_begin_with_two_tiles_at_level_1() -> None:
    grid = fixed_grid("tianditu_c", 1, 18)

    assert (grid.matrix(1).columns, grid.matrix(1).rows) == (2, 1)
    assert grid.matrix(1).px_width == 0.703125
    assert (grid.matrix(18).columns, grid.matrix(18).rows) == (262_144, 131_072)
    assert grid.levels == tuple(range(1, 19))


def test_geodetic_grid_has_two_tiles_at_level_0() -> None:
    grid = geodetic_grid()

    assert grid.box(TileKey(0, 0, 0)) == (-180.0, -90.0, 0.0, 90.0)
    assert grid.box(TileKey(0, 1, 0)) == (0.0, -90.0, 180.0, 90.0)
    assert (grid.matrix(3).columns, grid.matrix(3).rows) == (16, 8)


def test_baidu_tiles_lie_east_and_north_of_the_middle() -> None:
    grid = baidu_grid()
    key = grid.key_at(18, 100.0, 100.0)

    assert baidu_numbers(grid, key) == (0, 0)
    assert grid.box(key) == (0.0, 0.0, 256.0, 256.0)
    assert baidu_numbers(grid, grid.key_at(18, -1.0, -1.0)) == (-1, -1)
    assert baidu_numbers(grid, grid.key_at(3, 12_958_175.0, 4_825_923.77)) == (1, 0)


def test_unknown_grid_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        fixed_grid("mars", 0, 18)

    assert refused.value.code == "basemap.unknown_grid"


@pytest.mark.parametrize("name", FIXED)
def test_levels_of_fixed_grids_halve_each_time(name: str) -> None:
    grid = fixed_grid(name, 3, 17)

    assert grid.levels == tuple(range(3, 18))
    for coarse, fine in zip(grid.matrices, grid.matrices[1:], strict=False):
        assert coarse.px_width == 2 * fine.px_width
        assert coarse.columns * 2 == fine.columns


@st.composite
def tiles(draw: st.DrawFn) -> tuple[TileGrid, TileKey]:
    grid = draw(st.sampled_from(GRIDS))
    matrix = grid.matrix(draw(st.sampled_from(grid.levels[:20])))
    column = draw(st.integers(0, matrix.columns - 1))
    return grid, TileKey(matrix.level, column, draw(st.integers(0, matrix.rows - 1)))


@given(tiles())
def test_tile_is_found_again_at_any_place_inside_it(tile: tuple[TileGrid, TileKey]) -> None:
    grid, key = tile
    left, bottom, right, top = grid.box(key)

    for share_x in (0.001, 0.5, 0.999):
        for share_y in (0.001, 0.5, 0.999):
            x, y = left + (right - left) * share_x, top - (top - bottom) * share_y
            assert grid.key_at(key.level, x, y) == key


@given(tiles())
def test_box_of_a_tile_meets_that_tile_alone(tile: tuple[TileGrid, TileKey]) -> None:
    grid, key = tile

    assert list(grid.tiles(key.level, grid.box(key))) == [key]


@given(tiles(), st.integers(1, 6), st.integers(1, 6))
def test_boxes_meet_all_their_tiles(
    tile: tuple[TileGrid, TileKey], columns: int, rows: int
) -> None:
    grid, key = tile
    left, _, _, top = grid.box(key)
    last = TileKey(key.level, key.column + columns - 1, key.row + rows - 1)
    if not grid.has(last):
        return
    _, bottom, right, _ = grid.box(last)

    assert grid.span(key.level, (left, bottom, right, top)) == (
        key.column,
        key.row,
        key.column + columns,
        key.row + rows,
    )


@given(tiles())
def test_neighbours_share_their_border_exactly(tile: tuple[TileGrid, TileKey]) -> None:
    grid, key = tile
    east = TileKey(key.level, key.column + 1, key.row)
    south = TileKey(key.level, key.column, key.row + 1)
    scale = abs(grid.matrix(key.level).left)

    assert grid.box(east)[0] == pytest.approx(grid.box(key)[2], abs=scale * 1e-14)
    assert grid.box(south)[3] == pytest.approx(grid.box(key)[1], abs=scale * 1e-14)


def test_place_beside_the_grid_has_no_tiles() -> None:
    grid = web_grid()

    assert grid.span(3, (3e7, 0, 4e7, 1e6)) is None
    assert list(grid.tiles(3, (3e7, 0, 4e7, 1e6))) == []
    assert grid.key_at(3, 3e7, -3e7) == TileKey(3, 7, 7)
    assert not grid.has(TileKey(3, 8, 0))
    assert not grid.has(TileKey(99, 0, 0))


@given(st.tuples(st.floats(-179, 0), st.floats(-85, -1), st.floats(0.5, 179), st.floats(0.5, 85)))
def test_degrees_and_metres_of_the_web_lead_to_each_other(
    box: tuple[float, float, float, float],
) -> None:
    assert degrees_of_box(box_of_degrees(box)) == pytest.approx(box, abs=1e-9)


def test_poles_end_where_the_web_ends() -> None:
    assert box_of_degrees((-180, -90, 180, 90)) == pytest.approx(
        (-HALF_WORLD_M, -HALF_WORLD_M, HALF_WORLD_M, HALF_WORLD_M)
    )
