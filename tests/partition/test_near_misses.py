"""Vertices that miss the neighbour's border are told, with how far and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import shapely

from benchmarks.generate import generate
from gridadmin.partition.coverage import Finding, check_coverage

Ring = Sequence[tuple[float, float]]


def misses(*rings: Ring, near_m: float = 0.1) -> list[Finding]:
    polygons = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    found = check_coverage(polygons, near_m=near_m).near_misses
    assert found is not None
    return list(found)


WEST: Ring = [(0, 0), (100, 0), (100.03, 60), (100, 100), (0, 100)]
EAST: Ring = [(100, 0), (200, 0), (200, 100), (100, 100), (100, 60.04)]


def test_a_vertex_beside_the_neighbours_is_told_once_with_its_distance() -> None:
    (found,) = misses(WEST, EAST)

    assert (found.kind, found.face_class, found.areas) == ("near_miss", "vertex", (0, 1))
    assert found.width_m == pytest.approx(0.05, abs=1e-9)
    assert found.point in ((100.03, 60.0), (100.0, 60.04))


def test_an_edge_that_runs_past_a_vertex_lacks_it() -> None:
    (found,) = misses(WEST, [(100, 0), (200, 0), (200, 100), (100, 100)])

    assert (found.face_class, found.areas, found.point) == ("edge", (0, 1), (100.03, 60.0))
    assert found.width_m == pytest.approx(0.03, abs=1e-3)


@pytest.mark.parametrize("west_x", [100.0005, 100.2])
def test_nothing_is_told_within_the_snap_distance_or_beyond_the_reach(west_x: float) -> None:
    west = [(0.0, 0.0), (100.0, 0.0), (west_x, 60.0), (100.0, 100.0), (0.0, 100.0)]
    assert misses(west, [*EAST[:4], (100.0, 60.0)]) == []


def test_who_has_both_vertices_misses_none() -> None:
    both = [
        (100.0, 0.0),
        (200.0, 0.0),
        (200.0, 100.0),
        (100.0, 100.0),
        (100.0, 60.05),
        (100.03, 60),
    ]
    assert misses(WEST, both) == []


def test_nearest_vertices_find_each_other() -> None:
    west = [(0, 0), (100, 0), (100.03, 60), (100.03, 60.09), (100, 100), (0, 100)]
    east = [(100, 0), (200, 0), (200, 100), (100, 100), (100, 60.09), (100, 60)]
    found = misses(west, east)
    assert [one.face_class for one in found] == ["vertex", "vertex"]
    assert [round(one.width_m, 6) for one in found] == [0.03, 0.03]


def test_a_clean_map_has_none() -> None:
    assert check_coverage(generate(200).leaves.polygons_m(), near_m=0.5).near_misses == ()


def test_none_are_looked_for_where_nobody_asks() -> None:
    assert misses(WEST, EAST, near_m=0.0) == []


def test_lines_too_dense_to_tell_are_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from gridadmin.partition import near_misses

    monkeypatch.setattr(near_misses, "_MOST", 1)
    polygons: Any = np.array([shapely.Polygon(WEST), shapely.Polygon(EAST)], dtype=object)
    assert check_coverage(polygons, near_m=10.0).near_misses is None
