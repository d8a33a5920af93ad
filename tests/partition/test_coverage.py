"""Every gap and overlap of a few polygons, as one face with its exact area."""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
import pytest
import shapely

from benchmarks.generate import generate, plant
from benchmarks.plant import Planted
from gridadmin.base.errors import Cancelled, InputError
from gridadmin.partition.coverage import Coverage, Finding, check_coverage

Claims = frozenset[int]


def of(*polygons: shapely.Geometry) -> np.ndarray:
    found = np.empty(len(polygons), dtype=object)
    found[:] = polygons
    return found


def summary(coverage: Coverage) -> list[tuple[str, str, float, tuple[int, ...]]]:
    return sorted(
        (found.kind, found.face_class, round(found.area_m2, 6), found.areas)
        for found in coverage.findings
    )


def test_neighbours_that_share_their_border_are_clean() -> None:
    found = check_coverage(of(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)))

    assert found == Coverage((), {}, (), {}, has_frame=False)


def test_gap_between_areas_names_its_neighbours() -> None:
    ring = shapely.Polygon(
        [(0, 0), (30, 0), (30, 30), (0, 30)], [[(10, 10), (10, 20), (20, 20), (20, 10)]]
    )
    plug = shapely.box(10, 10, 20, 15)

    found = check_coverage(of(ring, plug))

    assert summary(found) == [("gap", "enclosed", 50.0, (0, 1))]
    assert found.findings[0].width_m == pytest.approx(5.0)
    assert found.findings[0].bbox == (10.0, 15.0, 20.0, 20.0)


def test_gap_that_is_open_to_the_outside_needs_a_parent() -> None:
    areas = of(shapely.box(0, 0, 10, 10), shapely.box(12, 0, 20, 10))
    parent = of(shapely.box(0, 0, 20, 10))

    assert summary(check_coverage(areas)) == []
    assert summary(check_coverage(areas, parent=parent)) == [("gap", "open", 20.0, (0, 1))]


def test_land_beyond_the_parent_is_an_overhang_of_each_area() -> None:
    areas = of(shapely.box(0, 0, 10, 12), shapely.box(10, 0, 20, 12))
    parent = of(shapely.box(0, 0, 20, 10))

    found = check_coverage(areas, parent=parent)

    assert summary(found) == [
        ("overhang", "open", 20.0, (0,)),
        ("overhang", "open", 20.0, (1,)),
    ]


def test_neighbouring_parents_make_one_frame() -> None:
    parents = of(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))

    found = check_coverage(of(shapely.box(0, 0, 20, 8)), parent=parents)

    assert summary(found) == [("gap", "open", 40.0, (0,))]


def test_face_that_several_areas_claim_is_one_issue_with_all_of_them() -> None:
    areas = of(shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10), shapely.box(5, 5, 20, 20))

    found = check_coverage(areas)

    assert summary(found) == [
        ("overlap", "enclosed", 25.0, (0, 1, 2)),
        ("overlap", "enclosed", 25.0, (1, 2)),
        ("overlap", "open", 25.0, (0, 1)),
    ]


def test_area_across_a_clean_map_overlaps_each_area_by_itself() -> None:
    cells = [shapely.box(x, y, x + 10, y + 10) for x in (0, 10, 20) for y in (0, 10)]

    found = check_coverage(of(*cells, shapely.box(5, 5, 25, 15)))

    assert summary(found) == [
        ("overlap", "enclosed", 25.0, (0, 6)),
        ("overlap", "enclosed", 25.0, (1, 6)),
        ("overlap", "enclosed", 25.0, (4, 6)),
        ("overlap", "enclosed", 25.0, (5, 6)),
        ("overlap", "enclosed", 50.0, (2, 6)),
        ("overlap", "enclosed", 50.0, (3, 6)),
    ]


def test_edge_along_a_border_of_others_tells_their_claims_apart() -> None:
    halves = [shapely.box(0, 0, 10, 30), shapely.box(10, 0, 20, 30)]
    over_both, right_half = shapely.box(2, 2, 18, 28), shapely.box(10, 10, 15, 20)

    found = check_coverage(of(*halves, over_both, right_half))

    assert summary(found) == [
        ("overlap", "enclosed", 50.0, (1, 2, 3)),
        ("overlap", "enclosed", 158.0, (1, 2)),
        ("overlap", "enclosed", 208.0, (0, 2)),
    ]


def test_overlap_where_one_polygon_contains_the_other_is_found() -> None:
    found = check_coverage(of(shapely.box(0, 0, 30, 30), shapely.box(10, 10, 12, 12)))

    assert summary(found) == [("contained", "enclosed", 4.0, (0, 1))]


def test_matched_cluster_inside_another_area_is_found_cell_by_cell() -> None:
    ring = shapely.box(10, 10, 20, 20).difference(shapely.box(14, 14, 16, 16))

    found = check_coverage(of(shapely.box(0, 0, 30, 30), ring, shapely.box(14, 14, 16, 16)))

    assert summary(found) == [
        ("contained", "enclosed", 4.0, (0, 2)),
        ("contained", "enclosed", 96.0, (0, 1)),
    ]


def test_gap_inside_a_multi_part_area_is_found() -> None:
    left = shapely.box(0, 0, 10, 30)
    right = shapely.Polygon(
        [(10, 0), (30, 0), (30, 30), (10, 30), (10, 20), (20, 20), (20, 10), (10, 10)]
    )
    far = shapely.box(50, 0, 60, 10)

    found = check_coverage(of(shapely.MultiPolygon([right, far]), left))

    assert summary(found) == [
        ("gap", "enclosed", 100.0, (0, 1)),
        ("multipart", "", 600.0, (0,)),
    ]


def test_same_polygon_three_times_is_one_duplicate() -> None:
    square = shapely.box(0, 0, 10, 10)

    found = check_coverage(of(square, shapely.box(10, 0, 20, 10), square, square.reverse()))

    assert summary(found) == [("duplicate", "open", 100.0, (0, 2, 3))]


def test_polygon_repeated_with_more_vertices_is_a_duplicate() -> None:
    square = shapely.box(0, 0, 10, 10)

    found = check_coverage(of(square, shapely.segmentize(square, 3)))

    assert summary(found) == [("duplicate", "open", 100.0, (0, 1))]


def test_file_that_holds_everything_twice_lists_each_area_once() -> None:
    cells = [shapely.box(x, y, x + 10, y + 10) for x in range(0, 50, 10) for y in range(0, 50, 10)]

    found = check_coverage(of(*cells, *cells))

    assert summary(found)[:2] == [
        ("duplicate", "enclosed", 100.0, (6, 31)),
        ("duplicate", "enclosed", 100.0, (7, 32)),
    ]
    assert len(found.findings) == 25


def test_polygon_that_crosses_itself_counts_by_the_even_odd_rule_and_is_told() -> None:
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])

    found = check_coverage(of(bow_tie, shapely.box(0, 4, 2, 6)))

    assert [(row.row, row.code, row.place) for row in found.invalid] == [
        (0, "check.invalid_crossing", (5.0, 5.0))
    ]
    assert summary(found) == [("contained", "open", 4.0, (0, 1))]


def test_polygon_smaller_than_the_grid_is_told_and_not_lost() -> None:
    speck = shapely.Polygon([(5, 5), (5.0003, 5), (5, 5.0003)])

    found = check_coverage(of(shapely.box(0, 0, 10, 10), speck))

    assert [(row.row, row.code) for row in found.invalid] == [(1, "check.invalid_collapsed")]


def test_faults_below_the_least_area_are_counted_not_listed() -> None:
    areas = of(shapely.box(0, 0, 10, 10), shapely.box(9.995, 0, 20, 1))

    found = check_coverage(areas, min_area_m2=0.01)

    assert found.findings == ()
    assert {kind: (dust.count, round(dust.area_m2, 9)) for kind, dust in found.dust.items()} == {
        "overlap": (1, 0.005)
    }
    assert [f.kind for f in check_coverage(areas, min_area_m2=0.0).findings] == ["overlap"]


@pytest.mark.parametrize("noise_m", [1e-6, 1e-5])
def test_neighbours_that_differ_by_a_hair_are_clean(noise_m: float) -> None:
    noise = np.random.default_rng(1)
    leaves = generate(400, 1).leaves.polygons_m()
    # Half a millimetre off the grid every vertex lies where rounding may go either way.
    outlines = [shapely.get_coordinates(leaf)[:-1] + 0.0005 for leaf in leaves]
    shaken = of(
        *(shapely.Polygon(xy + noise.uniform(-noise_m, noise_m, xy.shape)) for xy in outlines)
    )

    found = check_coverage(shaken, min_area_m2=0.0)

    assert found.findings == ()
    assert max(found.moved.values()) < 1.5


def test_vertices_within_the_snap_are_one_and_who_moved_is_told() -> None:
    left = shapely.box(0, 0, 10, 10)
    right = shapely.Polygon([(10.004, 0), (20, 0), (20, 10), (10.004, 10)])

    apart = check_coverage(of(left, right), parent=of(shapely.box(0, 0, 20, 10)))
    together = check_coverage(of(left, right), parent=of(shapely.box(0, 0, 20, 10)), snap_m=0.005)

    assert summary(apart) == [("gap", "open", 0.04, (0, 1))]
    assert summary(together) == []
    assert together.moved.keys() == {1}
    assert together.moved[1] == pytest.approx(4.0)


def test_vertex_beside_the_neighbours_edge_is_no_fault() -> None:
    left = shapely.Polygon([(0, 0), (10, 0), (10.0004, 4.9), (10, 10), (0, 10)])

    found = check_coverage(of(left, shapely.box(10, 0, 20, 10)), min_area_m2=0.0)

    assert found.findings == ()
    assert found.moved[1] == pytest.approx(0.4, abs=0.01)


def test_land_farther_than_the_grid_reaches_is_refused() -> None:
    with pytest.raises(InputError, match="too_large"):
        check_coverage(of(shapely.box(0, 0, 1, 1), shapely.box(600_000, 0, 600_001, 1)))


def test_cancelling_stops_the_check() -> None:
    class Stopping:
        def step(self, what: str, done: int, total: int) -> None:
            pass

        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        check_coverage(of(shapely.box(0, 0, 1, 1)), progress=Stopping())


def test_no_polygons_are_clean() -> None:
    assert check_coverage(of()).findings == ()


def matched(planted: Planted, found: Coverage, kinds: set[str]) -> tuple[list[str], list[Finding]]:
    """Return which planted faults were missed, and which findings nobody planted."""
    row_of = {code: row for row, code in enumerate(planted.codes)}
    left = list(found.findings)
    missed = []
    for fault in planted.truth:
        if fault.kind not in kinds or fault.how == "t_junction":
            continue
        rows = tuple(sorted(row_of[code] for code in fault.areas))
        hits = [
            one
            for one in left
            if (one.kind, one.areas) == (fault.kind, rows)
            and one.area_m2 == pytest.approx(fault.area_m2, rel=1e-6)
        ]
        if hits:
            left.remove(hits[0])
        else:
            missed.append(fault.how)
    return missed, left


@pytest.mark.parametrize("seed", [1, 2])
def test_every_planted_fault_is_found_with_its_kind_areas_and_exact_size(seed: int) -> None:
    """T-junctions less than 1 mm off the edge are within the snap."""
    partition = generate(1000, seed)
    frame = of(shapely.coverage_union_all(partition.leaves.polygons_m()))
    planted = plant(partition, seed, 24, 30, near_misses=10, exact_t_junctions=10)

    found = check_coverage(planted.polygons, parent=frame, min_area_m2=0.0)

    kinds = {"gap", "overlap", "duplicate", "contained"}
    assert matched(planted, found, kinds) == ([], [])


def random_polygon(source: random.Random, size: float) -> shapely.Polygon:
    x, y, reach = source.uniform(0, size), source.uniform(0, size), size / source.choice([3, 8, 20])
    angles = sorted(source.uniform(0, 2 * np.pi) for _ in range(source.randint(3, 9)))
    corners = [
        (
            round(x + np.cos(angle) * reach * source.uniform(0.3, 1), 3),
            round(y + np.sin(angle) * reach * source.uniform(0.3, 1), 3),
        )
        for angle in angles
    ]
    return shapely.Polygon(corners)


def by_overlay(
    areas: list[shapely.Polygon], frame: shapely.Polygon
) -> dict[tuple[str, Claims], float]:
    """Return the land of each kind and set of claimants, by brute force."""
    lines = shapely.union_all(shapely.boundary([*areas, frame]))
    land: dict[tuple[str, Claims], float] = defaultdict(float)
    for face in shapely.get_parts(shapely.polygonize([lines])):
        inside = face.representative_point()
        claims = frozenset(row for row, area in enumerate(areas) if area.contains(inside))
        if not claims and frame.contains(inside):
            land["gap", claims] += face.area
        if claims and not frame.contains(inside):
            land["overhang", claims] += face.area
        if len(claims) > 1:
            land["overlap", claims] += face.area
    return land


@pytest.mark.parametrize("seed", range(60))
def test_any_heap_of_polygons_gives_what_an_overlay_gives(seed: int) -> None:
    source = random.Random(seed)
    heap = [random_polygon(source, 100.0) for _ in range(source.randint(3, 14))]
    areas = [area for area in heap if area.is_valid and area.area > 0]
    frame = shapely.box(10, 10, 90, 80)

    found = check_coverage(of(*areas), parent=of(frame), min_area_m2=0.0)

    got: dict[tuple[str, Claims], float] = defaultdict(float)
    for one in found.findings:
        kind = one.kind if one.kind in {"gap", "overhang"} else "overlap"
        got[kind, frozenset() if kind == "gap" else frozenset(one.areas)] += one.area_m2
    expected = by_overlay(areas, frame)
    # 1 mm along some hundred metres of border.
    for key in expected.keys() | got.keys():
        assert got.get(key, 0.0) == pytest.approx(expected.get(key, 0.0), abs=0.5), key
