"""What is cut to a box is what of it lies in the box."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

from ui.canvas.clipping import clipped_ring, pieces_inside

BOX = (0.0, 0.0, 10.0, 10.0)
SQUARE = shapely.box(*BOX)


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, dtype=np.float64)


def test_a_line_inside_comes_back_whole() -> None:
    xy = line((1, 1), (5, 5), (9, 1))

    pieces = list(pieces_inside(xy, BOX))

    assert len(pieces) == 1
    assert pieces[0][0].tolist() == xy.tolist()
    assert pieces[0][1] == 0


def test_a_line_that_leaves_and_returns_is_two_pieces_that_know_where_they_begin() -> None:
    xy = line((5, 5), (15, 5), (15, 8), (5, 8))

    (first, begin), (second, later) = pieces_inside(xy, BOX)

    assert first.tolist() == [[5, 5], [10, 5]]
    assert begin == 0
    assert second.tolist() == [[10, 8], [5, 8]]
    assert later == 10 + 3 + 5


def test_a_line_right_through_is_cut_at_both_ends() -> None:
    ((piece, begin),) = pieces_inside(line((-1000, 5), (1000, 5)), BOX)

    assert piece.tolist() == [[0, 5], [10, 5]]
    assert begin == 1000


def test_a_line_outside_has_no_pieces() -> None:
    assert list(pieces_inside(line((-5, 20), (20, 11)), BOX)) == []
    assert list(pieces_inside(line((-3, 5), (5, -10), (20, 8)), BOX)) == []


@pytest.mark.parametrize("seed", range(20))
def test_pieces_of_random_lines_are_what_lies_in_the_box(seed: int) -> None:
    chance = random.Random(seed)
    points = [(chance.uniform(-10, 20), chance.uniform(-10, 20)) for _ in range(12)]
    whole = shapely.LineString(points)

    pieces = list(pieces_inside(line(*points), BOX))

    inside = shapely.intersection(whole, SQUARE)
    lengths = [shapely.LineString(piece).length for piece, _ in pieces]
    assert sum(lengths) == pytest.approx(inside.length)
    for piece, begin in pieces:
        assert shapely.distance(whole.interpolate(begin), shapely.Point(piece[0])) < 1e-9


def test_a_ring_around_the_box_becomes_the_box() -> None:
    ring = line((-5, -5), (15, -5), (15, 15), (-5, 15), (-5, -5))

    assert shapely.Polygon(clipped_ring(ring, BOX)).equals(SQUARE)


def test_a_ring_beside_the_box_vanishes() -> None:
    assert len(clipped_ring(line((11, 0), (15, 0), (15, 5), (11, 0)), BOX)) == 0


@pytest.mark.parametrize("seed", range(20))
def test_cut_rings_have_the_area_that_lies_in_the_box(seed: int) -> None:
    chance = random.Random(seed)
    angles = sorted(chance.uniform(0, 2 * np.pi) for _ in range(15))
    radii = [chance.uniform(2, 12) for _ in angles]
    points = [(5 + r * np.cos(a), 4 + r * np.sin(a)) for a, r in zip(angles, radii, strict=True)]
    polygon = shapely.Polygon(points)

    cut = shapely.Polygon(clipped_ring(line(*points, points[0]), BOX))

    assert cut.area == pytest.approx(shapely.intersection(polygon.buffer(0), SQUARE).area)
