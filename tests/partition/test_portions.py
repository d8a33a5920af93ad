from __future__ import annotations

import numpy as np
import pytest
import shapely
from immutables import Map

from gridadmin.partition.portions import (
    let_go,
    lines_in_portions,
    map_in_portions,
    multipolygons_in_portions,
    points_in_portions,
    polygons_in_portions,
    rings_in_portions,
    slices_of,
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


def test_multipolygons_are_those_that_shapely_makes_at_once() -> None:
    xy = np.arange(24_000.0).reshape(12_000, 2)
    polygons = shapely.polygons(np.stack((xy, xy + EAST, xy + NORTH_EAST), axis=1))
    of_each = np.repeat(np.arange(6000), 2)

    found = multipolygons_in_portions(polygons, of_each)

    assert len(found) == 6000
    assert shapely.equals_exact(found, shapely.multipolygons(polygons, indices=of_each)).all()


def test_portions_are_all_of_the_whole_in_its_order() -> None:
    shapes = shapely.points(np.zeros((12_000, 2)))

    portions = list(slices_of(shapes))

    assert [start for start, _ in portions] == [0, 5000, 10_000]
    assert np.concatenate([portion for _, portion in portions]).tolist() == shapes.tolist()


def test_what_was_let_go_is_kept_by_others_alone() -> None:
    shapes = shapely.points(np.zeros((6000, 2)))
    kept = shapes[:1].copy()

    let_go(shapes)

    assert shapes.tolist() == [None] * 6000
    assert kept.tolist() == [shapely.Point(0, 0)]


def test_a_map_made_in_portions_has_every_entry() -> None:
    entries = {str(number): number for number in range(25_000)}

    assert map_in_portions(entries) == Map(entries)
    assert map_in_portions({}) == Map()


def test_nothing_makes_nothing() -> None:
    none = np.empty((0, 2))

    assert len(rings_in_portions(none, np.empty(0, dtype=np.int64))) == 0
    assert len(points_in_portions(none)) == 0
    assert len(polygons_in_portions(np.empty(0, dtype=object))) == 0
