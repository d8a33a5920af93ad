"""Neighbours never share a colour, few colours do, and edits change as few as they can."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

from gridadmin.partition.colouring import WELL_APART, colours_of, recoloured


def random_map(seed: int, count: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of areas and pairs of neighbours of a plane map."""
    chance = random.Random(seed)
    points = shapely.multipoints([(chance.random(), chance.random()) for _ in range(count)])
    triangles = shapely.delaunay_triangles(points)
    at: dict[tuple[float, float], int] = {}
    numbers = sorted(chance.sample(range(1, 2**61), count))
    pairs = set()
    for triangle in shapely.get_parts(triangles):
        corners = []
        for x, y in shapely.get_coordinates(triangle)[:3].tolist():
            corners.append(at.setdefault((x, y), len(at)))
        pairs |= {(min(a, b), max(a, b)) for a in corners for b in corners if a != b}
    oids = np.array(numbers, dtype=np.int64)
    return oids, oids[np.array(sorted(pairs))]


@pytest.mark.parametrize("seed", range(5))
def test_neighbours_differ_with_six_colours_to_choose_from_at_most(seed: int) -> None:
    regions, pairs = random_map(seed)

    colours = colours_of(regions, pairs)

    assert set(colours) == set(regions.tolist())
    assert [p for p in pairs.tolist() if colours[p[0]] == colours[p[1]]] == []
    assert max(colours.values()) < WELL_APART


def test_the_same_map_has_the_same_colours_whatever_the_order_of_its_pairs() -> None:
    regions, pairs = random_map(3)
    shuffled = pairs[np.random.default_rng(1).permutation(len(pairs))]

    assert colours_of(regions, pairs) == colours_of(regions, shuffled)


def test_all_colours_of_the_palette_are_used_about_equally() -> None:
    regions, pairs = random_map(7, 2000)

    counts = np.bincount(list(colours_of(regions, pairs).values()))

    assert len(counts) == WELL_APART
    assert counts.min() > 150


def test_more_colours_than_the_palette_has_are_found_when_all_touch_all() -> None:
    regions = np.arange(1, 13)
    pairs = np.array([(a, b) for a in range(1, 13) for b in range(a + 1, 13)])

    assert sorted(colours_of(regions, pairs).values()) == list(range(12))


def test_known_colours_are_kept_where_they_do_not_clash() -> None:
    regions, pairs = random_map(4)
    before = colours_of(regions, pairs)
    rotated = {oid: (colour + 3) % WELL_APART for oid, colour in before.items()}

    assert colours_of(regions, pairs, like=rotated) == rotated


def test_of_two_that_clash_now_one_gets_another_colour() -> None:
    colours = {1: 4, 2: 4, 3: 0}
    beside = {1: [2, 3], 2: [1], 3: [1]}

    fresh = recoloured(colours, [1, 2], beside.__getitem__)

    assert len(fresh) == 1
    after = colours | fresh
    assert after[1] != after[2]
    assert after[1] != after[3]


def test_a_new_area_takes_a_colour_that_leaves_its_neighbours_alone() -> None:
    colours = {1: 0, 2: 1, 3: 2}
    beside = {9: [1, 2, 3], 1: [9], 2: [9], 3: [9]}

    fresh = recoloured(colours, [1, 2, 3, 9], beside.__getitem__)

    assert list(fresh) == [9]
    assert fresh[9] not in {0, 1, 2}


@pytest.mark.parametrize("seed", range(5))
def test_random_changes_of_neighbours_leave_no_clash_and_most_colours(seed: int) -> None:
    chance = random.Random(seed)
    regions, pairs = random_map(seed, 120)
    beside: dict[int, set[int]] = {oid: set() for oid in regions.tolist()}
    for one, other in pairs.tolist():
        beside[one].add(other)
        beside[other].add(one)
    colours = colours_of(regions, pairs)
    for _ in range(60):
        one, other = chance.sample(regions.tolist(), 2)
        beside[one].symmetric_difference_update({other})
        beside[other].symmetric_difference_update({one})
        before = dict(colours)

        colours |= recoloured(colours, [one, other], beside.__getitem__)

        assert all(colours[a] != colours[b] for a in beside for b in beside[a])
        assert sum(before[oid] != colours[oid] for oid in before) <= 1
