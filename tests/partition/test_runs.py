"""Runs and faces in bulk, against shapely's polygonize."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridadmin.partition import grouping
from gridadmin.partition.grid import Ints, pack, pack_point
from gridadmin.partition.grouping import grouped
from gridadmin.partition.noding import node_segments
from gridadmin.partition.runs import OUTER, Faces, Runs, chain_edges, compare_ways, find_faces

grid_points = st.tuples(st.integers(0, 25), st.integers(0, 25))
meshes = st.lists(st.tuples(grid_points, grid_points), min_size=1, max_size=30)


def noded_runs(pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> Runs:
    both = np.array(pairs, dtype=np.int64)
    starts, ends, _ = node_segments(both[:, 0], both[:, 1])
    low, high = np.minimum(pack(starts), pack(ends)), np.maximum(pack(starts), pack(ends))
    _, first = np.unique(np.stack((low, high), axis=1), axis=0, return_index=True)
    return chain_edges(starts[first], ends[first])


def closed(*points: tuple[int, int]) -> tuple[Ints, Ints]:
    ring = np.array([*points, points[0]], dtype=np.int64)
    return ring[:-1], ring[1:]


def faces_of(*rings: tuple[Ints, Ints]) -> tuple[Runs, Faces]:
    runs = chain_edges(np.concatenate([a for a, _ in rings]), np.concatenate([b for _, b in rings]))
    return runs, find_faces(runs)


@given(meshes)
def test_faces_have_the_areas_that_polygonize_finds(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    runs = noded_runs(pairs)

    faces = find_faces(runs)

    lines = [shapely.LineString(runs.points(run)) for run in range(len(runs))]
    polygons = shapely.get_parts(shapely.polygonize(lines)) if lines else []
    expected = sorted(round(2 * polygon.area) for polygon in polygons)
    assert sorted(faces.twice_area[1:].tolist()) == expected


@given(meshes)
def test_a_half_lies_beside_the_face_on_its_left(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    runs = noded_runs(pairs)
    faces = find_faces(runs)

    swept: dict[int, int] = {}
    for half, face in enumerate(faces.face.tolist()):
        xy = runs.points(half >> 1)
        area = int((xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]).sum())
        swept[face] = swept.get(face, 0) + (area if half % 2 == 0 else -area)
    assert {f: a for f, a in swept.items() if f != OUTER} == {
        f: a for f, a in enumerate(faces.twice_area.tolist()) if f != OUTER
    }


@given(meshes)
def test_runs_end_at_nodes_and_pass_other_vertices(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    runs = noded_runs(pairs)

    degree: dict[tuple[int, ...], int] = {}
    inner: list[tuple[int, ...]] = []
    for run in range(len(runs)):
        points = [tuple(p) for p in runs.points(run).tolist()]
        inner += points[1:-1]
        for end in (points[0], points[-1]):
            degree[end] = degree.get(end, 0) + 1
    assert len(inner) == len(set(inner))
    assert not set(inner) & set(degree)
    rings = {
        tuple(runs.points(r)[0].tolist())
        for r in range(len(runs))
        if (runs.points(r)[0] == runs.points(r)[-1]).all()
    }
    assert all(count != 2 or node in rings for node, count in degree.items())


def test_a_ring_without_node_begins_at_its_least_point() -> None:
    runs = chain_edges(*closed((5, 0), (9, 4), (5, 8), (1, 4)))

    assert runs.xy[0].tolist() == [1, 4]
    assert runs.xy[-1].tolist() == [1, 4]
    assert len(runs) == 1


def test_a_forced_node_cuts_a_run() -> None:
    starts, ends = closed((0, 0), (9, 0), (9, 9))

    runs = chain_edges(starts, ends, np.array([pack_point(9, 0), pack_point(9, 9)]))

    assert sorted(len(runs.points(run)) for run in range(2)) == [2, 3]


def test_no_edges_make_no_runs_and_only_the_outer_face() -> None:
    nothing = np.empty((0, 2), dtype=np.int64)

    runs = chain_edges(nothing, nothing)

    assert len(runs) == 0
    assert len(find_faces(runs)) == 1


def test_a_hole_belongs_to_the_face_around_it() -> None:
    runs, faces = faces_of(
        closed((0, 0), (100, 0), (100, 100), (0, 100)),
        closed((20, 20), (40, 20), (40, 40), (20, 40)),
        closed((25, 25), (35, 25), (35, 35), (25, 35)),
        closed((60, 60), (80, 60), (80, 80), (60, 80)),
    )

    assert len(runs) == 4
    assert sorted(faces.twice_area[1:].tolist()) == [200, 600, 800, 18400]


def test_an_island_beside_a_corner_at_its_own_height_finds_its_face() -> None:
    # The island's least point lies on the height of a vertex where two borders lean apart.
    _, faces = faces_of(
        closed((0, 0), (50, 0), (60, 50), (50, 100), (0, 100)),
        closed((60, 50), (200, 0), (200, 100)),
        closed((80, 50), (90, 48), (90, 52)),
    )

    assert sorted(faces.twice_area[1:].tolist()) == [40, 11000, 13960]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)])
def test_directions_that_floats_cannot_tell_apart_are_ordered_exactly(
    order: tuple[int, int, int],
) -> None:
    far = 1 << 28
    tips = [(far, far - 1), (far - 1, far - 2), (far - 2, far - 3)]
    starts = [(0, 0), (0, 0), (0, 0), tips[0], tips[1]]
    ends = [tips[order[0]], tips[order[1]], tips[order[2]], tips[1], tips[2]]

    faces = find_faces(chain_edges(np.array(starts), np.array(ends)))

    assert faces.twice_area.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((1, 0), (0, 1), -1),
        ((-1, 0), (1, 0), 1),
        ((1, 0), (-1, 0), -1),
        ((-1, -1), (1, 1), -1),
        ((2, 2), (1, 1), 0),
        ((3, 0), (1, 0), 0),
    ],
)
def test_ways_compare_like_arctan2(
    first: tuple[int, int], second: tuple[int, int], expected: int
) -> None:
    assert compare_ways(first, second) == expected


def test_many_rows_are_grouped_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    one, other = rng.integers(0, 40, 3000), rng.integers(0, 40, 3000)

    order, is_first = grouped(one, other)
    monkeypatch.setattr(grouping, "_FEW", 10_000)
    expected_order, expected_first = grouped(one, other)

    def groups(order: Ints, is_first: np.ndarray) -> set[tuple[int, ...]]:
        return {tuple(g.tolist()) for g in np.split(order, np.nonzero(is_first)[0][1:])}

    assert groups(order, is_first) == groups(expected_order, expected_first)


def test_rows_whose_hashes_are_equal_are_still_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "_MIX", (np.uint64(0), np.uint64(0)))
    values = np.tile(np.arange(7), 500)

    order, is_first = grouped(values)

    assert int(is_first.sum()) == 7
    assert (np.diff(values[order]) >= 0).all()
