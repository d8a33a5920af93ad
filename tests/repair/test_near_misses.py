"""Near misses of polygons are settled without touching what others share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely

from gridadmin.repair.polygons import Repaired, repair_polygons

Ring = Sequence[tuple[float, float]]
WEST: Ring = [(0, 0), (100, 0), (100.03, 60), (100, 100), (0, 100)]
EAST: Ring = [(100, 0), (200, 0), (200, 100), (100, 100), (100, 60.04)]


def repaired(*rings: Ring, max_area_m2: float | None = None) -> Repaired:
    polygons = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    return repair_polygons(polygons, "longest", near_m=0.1, max_area_m2=max_area_m2)


def vertices(done: Repaired, row: int) -> set[tuple[float, float]]:
    xy = (shapely.get_coordinates(done.polygons[row]) + np.array(done.origin_mm)) / 1000
    return {(round(x, 3), round(y, 3)) for x, y in xy.tolist()}


def test_a_vertex_goes_to_the_neighbours() -> None:
    done = repaired(WEST, EAST)

    assert dict(done.tally.settled) == {"near_miss": 1}
    assert vertices(done, 0) & vertices(done, 1) in (
        {(100.0, 0.0), (100.03, 60.0), (100.0, 100.0)},
        {(100.0, 0.0), (100.0, 60.04), (100.0, 100.0)},
    )
    assert shapely.coverage_is_valid(done.polygons)
    assert done.left == ()


def test_an_edge_is_led_through_the_vertex_that_it_passes() -> None:
    done = repaired(WEST, [(100, 0), (200, 0), (200, 100), (100, 100)])

    assert dict(done.tally.settled) == {"near_miss": 1}
    assert (100.03, 60.0) in vertices(done, 1)
    assert done.tally.lost == {1: pytest.approx(1.5, abs=1e-6)}


def test_an_open_notch_at_the_outline_closes() -> None:
    south = [(0, 0), (100, 0), (100, 50), (0.05, 50)]
    north = [(0, 50), (100, 50), (100, 100), (0, 100)]
    done = repaired(south, north)

    assert dict(done.tally.settled) == {"near_miss": 1}
    assert shapely.union_all(done.polygons).area == pytest.approx(10_000e6, rel=1e-9)


def test_a_vertex_that_two_share_stays_and_the_third_ones_comes() -> None:
    south = [(0, 0), (100, 0), (100, 50), (0, 50)]
    north = [(0, 50), (100, 50), (100, 100), (0, 100)]
    east = [(100, 0), (200, 0), (200, 100), (100, 100), (100.04, 50)]
    done = repaired(south, north, east)

    assert vertices(done, 0) == {(0, 0), (100, 0), (100, 50), (0, 50)}
    assert vertices(done, 1) == {(0, 50), (100, 50), (100, 100), (0, 100)}
    assert vertices(done, 2) == {(100, 0), (200, 0), (200, 100), (100, 100), (100, 50)}


def test_what_is_larger_than_asked_for_is_left() -> None:
    done = repaired(WEST, EAST, max_area_m2=0.5)

    assert dict(done.tally.settled) == {}
    assert [face.why for face in done.left] == ["too_large"]
