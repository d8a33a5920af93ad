"""Bearings, right angles and freehand, worked out by hand."""

from __future__ import annotations

import pytest

from ui.canvas.viewport import Place
from ui.tools.drawn_line import (
    bearing_deg,
    nearest_way,
    place_towards,
    rectangle,
    simplified,
    squared,
    upright,
)


@pytest.mark.parametrize(
    ("end", "bearing"), [((0, 1), 0), ((1, 0), 90), ((0, -1), 180), ((-1, 0), 270), ((1, 1), 45)]
)
def test_bearings_count_clockwise_from_north(end: Place, bearing: float) -> None:
    assert bearing_deg((0, 0), end) == pytest.approx(bearing)
    assert bearing_deg((0, 0), place_towards((0, 0), 7, bearing)) == pytest.approx(bearing)


def test_the_first_stretch_keeps_to_north_the_next_ones_to_the_last() -> None:
    assert nearest_way([(0, 0)], (10, 1), 45) == pytest.approx((1, 0))
    turned = nearest_way([(0, 0), (4, 3)], (1, 7.5), 90)
    assert turned == pytest.approx((-0.6, 0.8))


def test_there_is_no_way_to_where_one_stands() -> None:
    assert nearest_way([], (1, 1), 45) is None
    assert nearest_way([(1, 1)], (1, 1), 45) is None


def test_freehand_keeps_the_corners_and_drops_the_trembling() -> None:
    stroke = [(0.0, 0.0), (1.0, 0.04), (2.0, -0.03), (3.0, 0.0), (3.0, 2.0004)]

    assert simplified(stroke, 0.1) == [(0.0, 0.0), (3.0, 0.0), (3.0, 2.0)]


def test_a_right_angled_outline_is_closed_by_one_more_corner() -> None:
    assert squared([(0, 0), (4, 0), (4, 3)]) == [(0, 0), (4, 0), (4, 3), pytest.approx((0, 3))]


def test_a_last_stretch_alongside_the_first_is_cut_to_length() -> None:
    assert squared([(0, 0), (4, 0), (4, 3), (1, 3)]) == [
        (0, 0),
        (4, 0),
        (4, 3),
        pytest.approx((0, 3)),
    ]


def test_an_outline_that_is_square_already_stays() -> None:
    ring = [(0, 0), (4, 0), (4, 3), (0, 3)]

    assert squared(ring) == ring


def test_a_rectangle_stands_on_its_side_and_reaches_the_pointer() -> None:
    assert rectangle((0, 0), (4, 3), (1, 7)) == [
        (0, 0),
        (4, 3),
        pytest.approx((1, 7)),
        pytest.approx((-3, 4)),
    ]
    assert upright((1, 2), (4, 6)) == [(1, 2), (4, 2), (4, 6), (1, 6)]
