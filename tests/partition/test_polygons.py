"""All polygons at once are those made one by one, and valid."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition.grid import Ints
from gridadmin.partition.planar import Partition
from gridadmin.partition.polygons import land_polygons, own_polygons
from gridadmin.partition.walk import land_parts, own_parts, to_polygon
from tests.helpers.maps import box, crowded, dirty, from_mm, from_polygons
from tests.helpers.random_edits import RandomEdits


def as_is(points: Ints) -> np.ndarray:
    return points.astype(np.float64)


def edited(partition: Partition, seed: int, reach: int) -> Partition:
    edits = RandomEdits(random.Random(seed), reach)
    for _ in range(100):
        try:
            changes = edits.next(partition)
        except EditError:
            continue
        partition = partition.applied(changes, partition.parents)
    return partition


@pytest.mark.parametrize(
    ("made", "reach"), [(crowded(7, 10, 10), 400), (dirty(7), 600)], ids=["crowded", "dirty"]
)
def test_own_land_in_bulk_is_that_made_one_by_one(made: Partition, reach: int) -> None:
    partition = edited(made, 7, reach)

    at_once = own_polygons(partition, as_is)

    assert set(at_once) == partition.owners() - {OUTSIDE}
    for owner, polygon in at_once.items():
        assert polygon.is_valid, shapely.is_valid_reason(polygon)
        assert polygon.normalize() == to_polygon(own_parts(partition, owner), as_is).normalize()
        assert round(2 * polygon.area) == partition.own_twice_area(owner)


def test_the_land_of_all_levels_in_bulk_is_that_made_one_by_one() -> None:
    partition = edited(crowded(5, 10, 10), 5, 400)
    leaves = set(partition.parents)
    parents = set(partition.parents.values())

    at_once = land_polygons(partition, [leaves, parents], as_is)

    assert NOBODY not in at_once
    for owner, polygon in at_once.items():
        assert polygon.is_valid
        assert polygon.normalize() == to_polygon(land_parts(partition, owner), as_is).normalize()
    with_land = {owner for owner in leaves | parents if partition.has_land(owner)}
    assert set(at_once) == with_land


def test_islands_in_islands_and_pinched_rings_are_sorted_out() -> None:
    around = shapely.Polygon(box(0, 0, 300, 100), [box(20, 20, 80, 80), box(150, 20, 210, 80)])
    first = shapely.Polygon(box(20, 20, 80, 80), [box(40, 40, 60, 60)])
    second = [(150, 20), (210, 20), (180, 50), (210, 80), (150, 80), (180, 50)]
    partition = from_polygons(
        [
            shapely.transform(polygon, lambda xy: xy / 1000)
            for polygon in (around, first, shapely.Polygon(second).buffer(0))
        ],
        {},
    )

    polygons = own_polygons(partition, as_is)

    assert polygons[1].area == 30000 - 2 * 3600
    assert len(polygons[1].geoms[0].interiors) == 2
    assert polygons[2].area == 3600 - 400
    assert len(polygons[3].geoms) == 2
    assert polygons[3].area == 1800
    assert polygons[NOBODY].area == 400 + 1800
    assert all(polygon.is_valid for polygon in polygons.values())


def test_land_in_several_places_is_one_multipolygon() -> None:
    partition = from_mm([box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10)])
    rows = [
        (b, type(b)(b.id, b.points, *(1 if o == 3 else o for o in (b.left, b.right))))
        for b in partition.beside(3)
    ]

    polygons = own_polygons(partition.applied(rows, {}), as_is)

    assert len(polygons[1].geoms) == 2
    assert polygons[1].area == 200


def test_points_are_placed_as_asked() -> None:
    partition = from_mm([box(0, 0, 10, 10)])

    (polygon,) = own_polygons(partition, lambda points: points / 1000 + 5).values()

    assert polygon.bounds == (5.0, 5.0, 5.01, 5.01)


def test_a_map_of_nothing_has_no_polygons() -> None:
    empty = Partition.of([], {})

    assert own_polygons(empty, as_is) == {}
    assert land_polygons(empty, [{1}], as_is) == {}


def test_land_without_members_of_a_level_is_left_out() -> None:
    partition = from_mm([box(0, 0, 10, 10)])

    assert land_polygons(partition, [{7}], as_is) == {}


def test_a_map_of_one_pinched_ring_has_its_polygon() -> None:
    around = [(50, 0), (100, 0), (100, 100), (0, 100), (0, 0), (50, 0)]
    hole = [(50, 0), (40, 30), (60, 30), (50, 0)]
    rows = [
        BorderRow(1, np.array(around, dtype="<i8").tobytes(), 1, OUTSIDE),
        BorderRow(2, np.array(hole, dtype="<i8").tobytes(), 1, OUTSIDE),
    ]

    polygons = own_polygons(Partition.of(rows, {}), as_is)

    assert polygons[1].is_valid
    assert polygons[1].area == 9700
