from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from gridadmin.partition.shared_border import Side, stretch_between
from tests.helpers.maps import box, chessboard, from_mm

A, B = 101, 102


def test_a_stretch_of_one_border_has_its_neighbours_left_and_right_of_the_way() -> None:
    board = chessboard(2, 1)

    up = stretch_between(board, (100, 20), (100, 80), 1.0)
    down = stretch_between(board, (100, 80), (100, 20), 1.0)

    assert (up.left, up.right) == (Side(1, False), Side(2, False))
    assert (down.left, down.right) == (Side(2, False), Side(1, False))
    assert (up.start.tolist(), up.end.tolist()) == ([100, 20], [100, 80])


def test_places_beside_the_border_are_put_on_it() -> None:
    stretch = stretch_between(chessboard(2, 1), (103, 20), (96, 80), 5.0)

    assert (stretch.start.tolist(), stretch.end.tolist()) == ([100, 20], [100, 80])


def test_a_stretch_over_a_node_is_that_of_the_areas_above() -> None:
    board = from_mm(
        [box(0, 0, 100, 100), box(100, 0, 200, 100), box(0, 100, 100, 200),
         box(100, 100, 200, 200)],
        {1: A, 3: A, 2: B, 4: B},
    )  # fmt: skip

    stretch = stretch_between(board, (100, 50), (100, 150), 1.0)

    assert (stretch.left, stretch.right) == (Side(A, False), Side(B, False))


def test_land_that_a_parent_keeps_itself_is_a_neighbour_of_its_children() -> None:
    board = from_mm([box(0, 0, 100, 100), box(100, 0, 200, 100)], {2: 1})

    stretch = stretch_between(board, (100, 20), (100, 80), 1.0)

    assert (stretch.left, stretch.right) == (Side(1, True), Side(2, False))
    assert not Side(1, True).holds(board, 2)
    assert Side(1, False).holds(board, 2)


def test_two_stretches_that_another_area_parts_are_no_common_border() -> None:
    # 3 stands in the middle of the border of 1 and 2.
    board = from_mm(
        [[(0, 0), (100, 0), (100, 40), (90, 50), (100, 60), (100, 100), (0, 100)],
         [(100, 0), (200, 0), (200, 100), (100, 100), (100, 60), (110, 50), (100, 40)],
         [(100, 40), (110, 50), (100, 60), (90, 50)]],
    )  # fmt: skip

    with pytest.raises(EditError) as refused:
        stretch_between(board, (100, 20), (100, 80), 1.0)

    assert refused.value.code == "edit.no_common_border"
    assert refused.value.params == {"reach": 0.001}


@pytest.mark.parametrize(
    ("start", "end", "left"), [((60, 40), (60, 60), 1), ((60, 60), (60, 40), 2)]
)
def test_on_a_ring_the_shorter_way_counts(
    start: tuple[int, int], end: tuple[int, int], left: int
) -> None:
    hole = [(40, 40), (60, 40), (60, 60), (40, 60)]
    board = from_mm([hole, box(0, 0, 100, 100)])

    assert stretch_between(board, start, end, 0.5).left == Side(left, False)


def test_a_ring_of_several_borders_is_gone_round_the_shorter_way() -> None:
    # 1 stands inside 2 and 3, which share the top and the bottom of its outline.
    board = from_mm([box(40, 40, 60, 60), box(0, 0, 50, 100), box(50, 0, 100, 100)], {2: A, 3: A})

    over_the_top = stretch_between(board, (42, 60), (58, 60), 0.5)
    round_below = stretch_between(board, (42, 40), (58, 40), 0.5)

    assert (over_the_top.left, over_the_top.right) == (Side(A, False), Side(1, False))
    assert (round_below.left, round_below.right) == (Side(1, False), Side(A, False))


def test_places_far_from_every_border_share_none() -> None:
    with pytest.raises(EditError):
        stretch_between(chessboard(2, 1), (50, 50), (100, 80), 5.0)
