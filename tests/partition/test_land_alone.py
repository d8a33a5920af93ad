from __future__ import annotations

import numpy as np
import pytest

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.grid import Ints
from gridadmin.partition.land_alone import halves_of, in_mm, land_alone, within
from tests.helpers.maps import box, chessboard, from_mm


def line(*points: tuple[int, int]) -> Ints:
    return np.array(points, dtype=np.int64)


def test_land_alone_is_one_face_without_what_was_inside() -> None:
    board = chessboard(2, 2)

    alone = land_alone(board, lambda owner: OUTSIDE if owner == OUTSIDE else 7)

    assert alone.own_twice_area(7) == 2 * 200 * 200
    assert alone.owners() == {7, OUTSIDE}


def test_a_line_halves_the_land_of_an_area_with_all_below_it() -> None:
    board = from_mm([box(0, 0, 100, 100), box(100, 0, 200, 100)], {1: 9, 2: 9})

    halves = halves_of(board, 9, line((50, -500), (50, 500)))

    assert in_mm(halves.left).bounds == (0, 0, 50, 100)
    assert in_mm(halves.right).bounds == (50, 0, 200, 100)
    assert halves.line.tolist() == [[50, 0], [50, 100]]
    assert halves.apart == ()


def test_a_piece_that_the_line_misses_stays_apart() -> None:
    board = from_mm([box(0, 0, 100, 100), box(300, 0, 400, 100)], {1: 9, 2: 9})

    halves = halves_of(board, 9, line((50, -500), (50, 500)))

    assert in_mm(halves.apart).bounds == (300, 0, 400, 100)


def test_a_line_along_borders_inside_halves_the_land_as_well() -> None:
    board = from_mm([box(0, 0, 100, 100), box(100, 0, 200, 100)], {1: 9, 2: 9})

    halves = halves_of(board, 9, line((100, -5), (100, 105)))

    assert in_mm(halves.left).area == in_mm(halves.right).area == 10_000


def test_only_what_lies_before_and_behind_the_land_is_left_out() -> None:
    land = in_mm(halves_of(chessboard(1, 1), 1, line((50, -9), (50, 109))).left)

    kept = within(line((-90, 50), (20, 50), (150, 50), (20, 80), (-40, 80)), land)

    assert kept.tolist() == [[0, 50], [20, 50], [150, 50], [20, 80], [0, 80]]


@pytest.mark.parametrize("points", [[(200, 0), (200, 50)], [(-50, 50), (50, -50)]])
def test_a_line_that_misses_the_land_cuts_nothing(points: list[tuple[int, int]]) -> None:
    with pytest.raises(EditError) as refused:
        halves_of(chessboard(1, 1), 1, line(*points))

    assert refused.value.code == "edit.cuts_nothing"
