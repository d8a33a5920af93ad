"""Planted overlaps and gaps: areas of faces and claims are exactly those of shapely."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import InputError
from gridadmin.partition.arrange import (
    Arrangement,
    arrange,
    enclosed_as_nobodys,
    labelled_borders,
    run_lengths_mm,
)
from gridadmin.partition.edges import edges_of_rings, group_pairs, rings_of
from gridadmin.partition.grid import LIMIT_MM, pack
from gridadmin.partition.resolve import resolved, unmatched
from tests.helpers.maps import box


def arranged(*rings: list[tuple[int, int]]) -> Arrangement:
    polygons = np.array([shapely.Polygon(np.array(ring) / 1000) for ring in rings], dtype=object)
    edges = edges_of_rings(rings_of(polygons, (0, 0)))
    return arrange(resolved(edges, unmatched(edges, np.zeros(len(rings), dtype=np.int64))))


def land_by_claims(arrangement: Arrangement) -> dict[frozenset[int], float]:
    land: dict[frozenset[int], float] = {}
    pairs = zip(arrangement.claims, arrangement.faces.twice_area.tolist(), strict=True)
    for claims, twice in itertools.islice(pairs, 1, None):
        land[claims] = land.get(claims, 0) + twice / 2
    return land


def test_an_overlap_is_claimed_by_both() -> None:
    land = land_by_claims(arranged(box(0, 0, 100, 100), box(80, 20, 200, 60)))

    assert land == {frozenset({0}): 9200, frozenset({1}): 4000, frozenset({0, 1}): 800}


def test_an_enclosed_gap_is_claimed_by_nobody() -> None:
    around = [box(0, 0, 100, 40), box(0, 60, 100, 100), box(0, 40, 40, 60), box(60, 40, 100, 60)]

    arrangement = arranged(*around)

    assert land_by_claims(arrangement)[frozenset()] == 400
    owner = np.array([min(c) + 1 if c else -1 for c in arrangement.claims])
    assert sorted(enclosed_as_nobodys(arrangement, owner).tolist()) == [-1, 0, 1, 2, 3, 4]


def test_a_polygon_within_another_is_claimed_by_both() -> None:
    land = land_by_claims(arranged(box(0, 0, 100, 100), box(20, 20, 40, 40)))

    assert land == {frozenset({0}): 9600, frozenset({0, 1}): 400}


def test_a_duplicate_is_claimed_by_both() -> None:
    assert land_by_claims(arranged(box(0, 0, 10, 10), box(0, 0, 10, 10))) == {
        frozenset({0, 1}): 100
    }


def test_a_t_junction_off_the_edge_by_less_than_a_millimetre_leaves_no_gap() -> None:
    left = [(0, 0), (100, 0), (101, 1000), (0, 1000)]
    upper = [(100, 0), (300, 0), (300, 490), (100, 490)]
    lower = [(100, 490), (300, 490), (300, 1000), (101, 1000)]

    land = land_by_claims(arranged(left, upper, lower))

    assert set(land) == {frozenset({0}), frozenset({1}), frozenset({2})}
    assert sum(land.values()) == 300_000


@pytest.mark.parametrize("seed", range(6))
def test_rectangles_in_any_mess_have_the_areas_that_shapely_finds(seed: int) -> None:
    rng = random.Random(seed)
    rings = []
    for _ in range(12):
        x, y = rng.randint(0, 80), rng.randint(0, 80)
        rings.append(box(x, y, x + rng.randint(5, 60), y + rng.randint(5, 60)))
    polygons = [shapely.Polygon(ring) for ring in rings]

    land = land_by_claims(arranged(*rings))

    for claims in land:
        held = shapely.intersection_all([polygons[i] for i in claims]) if claims else None
        others = [p for i, p in enumerate(polygons) if i not in claims]
        if held is not None:
            expected = shapely.difference(held, shapely.union_all(others)).area
            assert land[claims] == pytest.approx(expected, abs=1e-9)
    for i, polygon in enumerate(polygons):
        assert sum(a for claims, a in land.items() if i in claims) == polygon.area


def test_borders_between_faces_of_one_owner_dissolve() -> None:
    arrangement = arranged(box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10))
    owner = np.array([7 if 2 in claims else 6 for claims in arrangement.claims])
    owner[0] = -1

    runs, left, right = labelled_borders(arrangement, owner)

    assert len(runs) == 3
    assert {frozenset(pair) for pair in zip(left.tolist(), right.tolist(), strict=True)} == {
        frozenset({6, 7}),
        frozenset({6, -1}),
        frozenset({7, -1}),
    }


def test_runs_have_their_lengths() -> None:
    lengths = run_lengths_mm(arranged(box(0, 0, 30, 40)).runs)

    assert lengths.tolist() == [140.0]


def test_land_beyond_the_grid_is_refused() -> None:
    far = (LIMIT_MM + 10_000) / 1000
    polygon = shapely.box(far, 0, far + 5, 5)

    with pytest.raises(InputError) as caught:
        rings_of(np.array([polygon], dtype=object), (0, 0))

    assert caught.value.code == "partition.too_large"
    assert caught.value.params == {"km": 268}


def test_equal_pairs_are_one_group() -> None:
    points = np.array([(0, 0), (1, 1), (0, 0), (2, 2)], dtype=np.int64)
    low = pack(points)
    high = pack(points + 5)

    group, first = group_pairs(low, high)

    assert group[0] == group[2]
    assert len(set(group.tolist())) == 3
    assert sorted(first.tolist()) == [0, 1, 3]
