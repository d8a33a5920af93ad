"""Lines between regions and the rings that they make are the outlines of those regions."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.base import BorderArrays, arrays_of
from gridadmin.partition.grid import Ints, pack
from gridadmin.partition.planar import Partition
from gridadmin.partition.region_rings import (
    join_halves,
    lines_between,
    numbers_by_counts,
    rings_around,
)
from gridadmin.partition.walk import own_parts, parts_of, simple_rings, to_polygon
from tests.helpers.maps import box, crowded, from_mm
from tests.helpers.random_edits import RandomEdits


def as_is(points: Ints) -> np.ndarray:
    return points.astype(np.float64)


def polygons_of(borders: BorderArrays, wanted: Ints | None = None) -> dict[int, shapely.Geometry]:
    lines = lines_between(borders, borders.left, borders.right)
    rings = rings_around(lines, wanted)
    xy, offsets = join_halves(lines.xy, lines.offsets, rings.halves, rings.offsets)
    by_region: dict[int, list[Ints]] = {}
    for row, region in enumerate(rings.region.tolist()):
        ring = xy[offsets[row] : offsets[row + 1]]
        assert (ring[0] == ring[-1]).all()
        by_region.setdefault(region, []).extend(simple_rings(ring))
    return {region: to_polygon(parts_of(mine), as_is) for region, mine in by_region.items()}


@pytest.mark.parametrize("seed", range(3))
def test_rings_are_those_walked_one_by_one(seed: int) -> None:
    partition = crowded(seed, 10, 10)
    edits = RandomEdits(random.Random(seed), 400)
    for _ in range(60):
        try:
            partition = partition.applied(edits.next(partition), partition.parents)
        except EditError:
            continue

    found = polygons_of(partition.arrays())

    assert set(found) == partition.owners() - {OUTSIDE}
    for owner, polygon in found.items():
        assert polygon.normalize() == to_polygon(own_parts(partition, owner), as_is).normalize()


def test_rings_of_some_regions_need_only_the_lines_around_them() -> None:
    partition = crowded(4, 10, 10)
    wanted = sorted(partition.owners() - {OUTSIDE})[5:9]
    rows = {b.id: b for owner in wanted for b in partition.beside(owner)}

    found = polygons_of(arrays_of(rows.values()), np.array(wanted))

    assert list(found) == wanted
    for owner, polygon in found.items():
        assert polygon.normalize() == to_polygon(own_parts(partition, owner), as_is).normalize()


def two_squares() -> Partition:
    return from_mm([box(0, 0, 10, 10), box(10, 0, 20, 10)])


def test_borders_are_joined_where_only_two_meet() -> None:
    borders = two_squares().arrays()

    lines = lines_between(borders, borders.left, borders.right)
    outer = lines_between(
        borders,
        np.where(borders.left == OUTSIDE, OUTSIDE, 7),
        np.where(borders.right == OUTSIDE, OUTSIDE, 7),
    )

    assert len(lines) == 3
    sides = zip(lines.left.tolist(), lines.right.tolist(), strict=True)
    assert {frozenset(pair) for pair in sides} == {
        frozenset({1, 2}),
        frozenset({1, OUTSIDE}),
        frozenset({2, OUTSIDE}),
    }
    assert len(outer) == 1
    assert {int(outer.left[0]), int(outer.right[0])} == {7, OUTSIDE}
    assert shapely.Polygon(outer.xy).area == 200


def test_a_line_ends_at_a_node_it_is_told_of() -> None:
    borders = two_squares().arrays()
    left, right = (np.where(s == OUTSIDE, OUTSIDE, 7) for s in (borders.left, borders.right))
    nodes = pack(np.array([[10, 0], [10, 10]], dtype=np.int64))

    lines = lines_between(borders, left, right, nodes)

    assert len(lines) == 2
    assert {tuple(point) for point in lines.xy[lines.offsets[:-1]].tolist()} <= {(10, 0), (10, 10)}


def test_nothing_has_no_lines_and_no_rings() -> None:
    borders = arrays_of([])

    lines = lines_between(borders, borders.left, borders.right)

    assert len(lines) == 0
    assert len(rings_around(lines)) == 0


@pytest.mark.parametrize("counts", [[], [3], [1, 1, 4, 2], [2, 0, 3], [0, 0]])
def test_numbers_come_as_often_as_they_are_counted(counts: list[int]) -> None:
    expected = np.repeat(np.arange(len(counts)), counts).tolist()
    assert numbers_by_counts(np.array(counts, dtype=np.int64)).tolist() == expected
