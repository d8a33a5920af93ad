"""Packing, hot pixels and exact crossings on the millimetre grid."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridadmin.partition.grid import (
    LIMIT_MM,
    Ints,
    cross,
    crossing_pixel,
    meets_pixel,
    pack,
    pack_point,
    twice_area,
    unpack,
    unpack_point,
)

coordinates = st.integers(-LIMIT_MM, LIMIT_MM)
points = st.tuples(coordinates, coordinates)
near = st.tuples(st.integers(-6, 6), st.integers(-6, 6))


def row(point: tuple[int, int]) -> Ints:
    return np.array([point], dtype=np.int64)


def meets(start: tuple[int, int], end: tuple[int, int], pixel: tuple[int, int]) -> bool:
    return bool(meets_pixel(row(start), row(end), row(pixel))[0])


@given(points)
def test_packing_loses_nothing(point: tuple[int, int]) -> None:
    assert unpack_point(pack_point(*point)) == point
    assert pack(row(point)).tolist() == [pack_point(*point)]
    assert unpack(pack(row(point))).tolist() == [list(point)]


@given(points, points)
def test_packed_points_order_by_x_then_y(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert (pack_point(*one) < pack_point(*other)) == (one < other)


def test_cross_is_exact_at_the_edge_of_the_grid() -> None:
    far = row((LIMIT_MM, LIMIT_MM))
    beside = row((LIMIT_MM - 1, LIMIT_MM))

    assert cross(row((-LIMIT_MM, -LIMIT_MM)), far, beside).tolist() == [2 * LIMIT_MM]


@pytest.mark.parametrize(
    ("start", "end", "is_met"),
    [
        ((-5, 0), (5, 0), True),
        ((0, 0), (9, 9), True),
        ((-2, 1), (2, 1), False),
        ((-1, 0), (0, -1), True),  # through the lower left corner, which belongs to the pixel
        ((1, 0), (0, 1), False),  # through the upper right corner, which does not
        ((-1, 0), (0, 1), False),  # through the upper left corner alone
        ((0, -1), (1, 0), False),  # through the lower right corner alone
        ((3, 3), (3, 3), False),
        ((0, 0), (0, 0), True),
    ],
)
def test_pixels_are_half_open(start: tuple[int, int], end: tuple[int, int], is_met: bool) -> None:
    assert meets(start, end, (0, 0)) == is_met


def clipped(a: tuple[int, int], b: tuple[int, int], pixel: tuple[int, int]) -> bool:
    """Return, by fractions, whether a closed segment meets the half-open unit pixel."""
    half = Fraction(1, 2)
    stretch = [(Fraction(0), True), (Fraction(1), True)]
    low, high = stretch
    for axis in range(2):
        step = b[axis] - a[axis]
        least, most = pixel[axis] - half, pixel[axis] + half
        if step == 0:
            if not least <= a[axis] < most:
                return False
            continue
        first, last = Fraction(least - a[axis]) / step, Fraction(most - a[axis]) / step
        entry, leave = (
            ((first, True), (last, False)) if step > 0 else ((last, False), (first, True))
        )
        if entry[0] > low[0] or (entry[0] == low[0] and not entry[1]):
            low = entry
        if leave[0] < high[0] or (leave[0] == high[0] and not leave[1]):
            high = leave
    return low[0] < high[0] or (low[0] == high[0] and low[1] and high[1])


@given(near, near, near)
def test_a_pixel_is_met_just_when_the_segment_has_a_point_in_it(
    start: tuple[int, int], end: tuple[int, int], pixel: tuple[int, int]
) -> None:
    assert meets(start, end, pixel) == clipped(start, end, pixel)


def test_crossings_round_half_up_in_both_directions() -> None:
    assert crossing_pixel((0, 0), (1, 1), (0, 1), (1, 0)) == (1, 1)
    assert crossing_pixel((-1, -1), (0, 0), (-1, 0), (0, -1)) == (0, 0)


@given(near, near, near, near)
def test_the_crossing_pixel_is_met_by_both_segments(
    a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], d: tuple[int, int]
) -> None:
    turns = [int(cross(row(p), row(q), row(r))[0]) for p, q, r in ((a, b, c), (a, b, d))]
    turns += [int(cross(row(p), row(q), row(r))[0]) for p, q, r in ((c, d, a), (c, d, b))]
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        pixel = crossing_pixel(a, b, c, d)

        assert meets(a, b, pixel)
        assert meets(c, d, pixel)


def test_twice_area_is_positive_counter_clockwise() -> None:
    ring = np.array([(0, 0), (4, 0), (4, 3), (0, 0)], dtype=np.int64)

    assert twice_area(ring) == 12
    assert twice_area(ring[::-1]) == -12
