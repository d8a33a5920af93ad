"""What users of other checkers reported: each fault is told for what it is, and nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from benchmarks.generate import generate
from benchmarks.rows.rough import heaped, shaken
from benchmarks.rows.truth import found
from gridadmin.partition.coverage import check_coverage


def of(*shapes: shapely.Geometry) -> np.ndarray:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array


def test_an_overlap_where_one_polygon_contains_the_other_is_told() -> None:
    whole, inner = shapely.box(0, 0, 10, 10), shapely.box(3, 3, 5, 5)

    result = check_coverage(of(whole, inner))

    (one,) = result.findings
    assert (one.kind, one.areas, one.area_m2) == ("contained", (0, 1), 4.0)


def test_a_gap_inside_an_area_of_several_parts_is_told() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    parts = shapely.MultiPolygon([ring, shapely.box(20, 0, 30, 10)])

    result = check_coverage(of(parts))

    gap = next(one for one in result.findings if one.kind == "gap")
    assert (gap.area_m2, gap.areas, gap.face_class) == (4.0, (0,), "enclosed")


def test_a_gap_between_the_parts_of_one_area_is_told() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 4, 10), shapely.box(5, 0, 10, 10)])
    around = shapely.box(-5, -5, 15, 15).difference(shapely.box(0, 0, 10, 10))

    result = check_coverage(of(parts, around))

    gap = next(one for one in result.findings if one.kind == "gap")
    assert (gap.area_m2, gap.areas) == (10.0, (0, 1))


def test_neighbours_a_hair_apart_check_as_clean_as_if_they_were_not() -> None:
    clean = generate(400).leaves.polygons_m()
    rough = shaken(clean, np.random.default_rng(1))
    assert not shapely.coverage_is_valid(rough)

    result = check_coverage(rough)

    assert result.findings == check_coverage(clean).findings == ()


def test_a_heap_of_bad_polygons_loses_none_and_names_the_invalid_ones() -> None:
    polygons = heaped(300, 60, np.random.default_rng(3))
    invalid = set(np.nonzero(~shapely.is_valid(polygons))[0].tolist())
    assert invalid

    result = check_coverage(polygons, min_area_m2=0.0)

    assert {row.row for row in result.invalid} == invalid
    overlapping = {row for one in result.findings if one.kind != "gap" for row in one.areas}
    sound = [row for row in range(len(polygons)) if row not in invalid]
    tree = shapely.STRtree(polygons[sound])
    left, right = tree.query(polygons[sound], predicate="overlaps")
    wanted = {
        sound[row] for pair in zip(left.tolist(), right.tolist(), strict=True) for row in pair
    }
    assert wanted <= overlapping


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_recall_and_precision_are_one_in_every_size_class(seed: int) -> None:
    classes = found(1000, seed, faults=24)

    assert {one["recall"] for one in classes.values()} == {1.0}
    assert {one["more"] for one in classes.values()} == {0}
    assert len(classes) >= 3
