"""Which vertices become one, and which edges are led through a vertex."""

from __future__ import annotations

import numpy as np
import shapely

from gridadmin.partition.edges import edges_of_rings, rings_of
from gridadmin.partition.grid import Ints, pack, unpack
from gridadmin.partition.resolve import unmatched
from gridadmin.partition.snapping import merged_vertices, near_pairs, passed_vertices, snapped


def keys_of(*points: tuple[int, int]) -> Ints:
    return pack(np.array(points, dtype=np.int64))


def moved(
    points: list[tuple[int, int]], shares: list[int], fixed: list[bool], snap_mm: float
) -> list[list[int]]:
    keys = keys_of(*points)
    order = np.argsort(keys)
    moves = merged_vertices(
        keys[order],
        np.array(points, dtype=float)[order],
        np.array(shares)[order],
        np.array(fixed)[order],
        snap_mm,
    )
    return [[int(x), int(y)] for x, y in unpack(moves.applied(keys))]


def test_pairs_within_reach_are_found_once_across_cells() -> None:
    points = np.array([[0.0, 0.0], [0.9, 0.0], [5.0, 5.0], [-0.5, -0.5], [5.0, 5.9]])

    first, second = near_pairs(points, 1.0)

    assert {frozenset(pair) for pair in zip(first.tolist(), second.tolist(), strict=True)} == {
        frozenset({0, 1}),
        frozenset({0, 3}),
        frozenset({2, 4}),
    }
    assert len(first) == 3


def test_vertex_that_most_edges_share_stays() -> None:
    assert moved([(0, 0), (1, 0)], [2, 3], [False, False], 1.0) == [[1, 0], [1, 0]]


def test_among_equals_the_least_vertex_stays() -> None:
    assert moved([(1, 0), (0, 0)], [2, 2], [False, False], 1.0) == [[0, 0], [0, 0]]


def test_fixed_vertices_stay_and_attract_the_rest() -> None:
    assert moved([(0, 0), (1, 0)], [9, 1], [False, True], 1.0) == [[1, 0], [1, 0]]
    assert moved([(0, 0), (1, 0)], [9, 1], [True, True], 1.0) == [[0, 0], [1, 0]]


def test_no_vertex_of_a_chain_moves_farther_than_the_snap() -> None:
    chain = [(0, 0), (1, 0), (2, 0), (3, 0)]

    assert moved(chain, [1, 1, 1, 1], [False] * 4, 1.0) == [[0, 0], [0, 0], [2, 0], [2, 0]]


def test_distance_counts_before_rounding() -> None:
    keys = keys_of((0, 0), (1, 0))
    exact = np.array([[0.4, 0.0], [0.6, 0.0]])

    moves = merged_vertices(keys, exact, np.array([1, 1]), np.zeros(2, dtype=bool), 0.3)

    assert moves.applied(keys).tolist() == [keys[0], keys[0]]


def test_edge_passes_vertices_beside_it_in_walking_order() -> None:
    start, end = keys_of((0, 0)), keys_of((100, 0))
    keys = keys_of((0, 0), (30, 1), (60, -1), (80, 3), (100, 0))

    found = passed_vertices(start, end, keys, unpack(keys).astype(float), 1.0)

    assert unpack(found.vertex).tolist() == [[30, 1], [60, -1]]
    assert found.distance_mm.tolist() == [1.0, 1.0]


def test_rings_come_back_with_near_vertices_of_unmatched_edges_made_one() -> None:
    squares = np.array(
        [shapely.box(0, 0, 10, 10), shapely.Polygon([(10.001, 0), (20, 0), (20, 10), (10, 10)])]
    )
    rings = rings_of(squares, (0, 0))
    edges = edges_of_rings(rings)

    points = snapped(rings, edges, unmatched(edges, np.zeros(2, dtype=np.int64)), 1.0)

    mended = edges_of_rings(rings, points)
    assert [10_001, 0] not in points.tolist()
    assert len(mended) == 7


def test_fixed_places_attract_the_vertices_of_rings() -> None:
    rings = rings_of(np.array([shapely.box(0, 0, 10, 10)]), (0, 0))
    edges = edges_of_rings(rings)
    everything = np.ones(len(edges), dtype=bool)

    points = snapped(rings, edges, everything, 1.0, fixed=keys_of((10_000, 10_001)))

    assert [10_000, 10_001] in points.tolist()
    assert [10_000, 10_000] not in points.tolist()
