from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridadmin.partition.portions import (
    lines_in_portions,
    points_in_portions,
    polygons_in_portions,
    rings_in_portions,
)

SIZES = (5, 4, 9, 4, 30, 5)
RING = np.repeat(np.arange(len(SIZES)), SIZES)
EAST, NORTH_EAST = np.array([1, 0]), np.array([1, 1])
XY = np.random.default_rng(1).random((sum(SIZES), 2)) * 100


@pytest.mark.parametrize("at_once", [1, 7, 10, 13, 57, 1000])
def test_rings_and_lines_are_the_same_wherever_the_portions_end(at_once: int) -> None:
    rings = rings_in_portions(XY, RING, at_once)
    lines = lines_in_portions(XY, RING, at_once)

    assert shapely.equals_exact(rings, shapely.linearrings(XY, indices=RING)).tolist() == [True] * 6
    assert shapely.equals_exact(lines, shapely.linestrings(XY, indices=RING)).tolist() == [True] * 6


def test_many_points_and_polygons_come_in_their_order() -> None:
    xy = np.arange(24_000.0).reshape(12_000, 2)
    shells = shapely.linearrings(np.stack((xy, xy + EAST, xy + NORTH_EAST), axis=1))

    points, polygons = points_in_portions(xy), polygons_in_portions(shells)

    assert shapely.get_coordinates(points).tolist() == xy.tolist()
    assert shapely.get_coordinates(polygons)[::4].tolist() == xy.tolist()


def test_nothing_makes_nothing() -> None:
    none = np.empty((0, 2))

    assert len(rings_in_portions(none, np.empty(0, dtype=np.int64))) == 0
    assert len(points_in_portions(none)) == 0
    assert len(polygons_in_portions(np.empty(0, dtype=object))) == 0
