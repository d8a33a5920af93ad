import sqlite3
from contextlib import closing
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import shapely

from benchmarks.generate import (
    Fault,
    Partition,
    Planted,
    add_layer,
    generate,
    made_up_codes,
    outlines_mm,
    plant,
    write_gpkg,
)
from benchmarks.partition import LEVELS, Rings, doubled_areas
from benchmarks.plant import truth_json

SEEDS = (1, 2, 3)
UPPER_AND_LOWER = tuple(pairwise(LEVELS))
CLAIMED = ("overlap", "duplicate", "contained")


@pytest.fixture(scope="module", params=SEEDS)
def partition(request: pytest.FixtureRequest) -> Partition:
    return generate(500, seed=request.param)


@pytest.fixture(scope="module", params=SEEDS)
def planted(request: pytest.FixtureRequest) -> Planted:
    return plant(
        generate(500, seed=request.param),
        request.param,
        gaps=24,
        overlaps=30,
        near_misses=5,
        exact_t_junctions=5,
    )


@pytest.mark.parametrize("count", [1, 2, 7, 400, 1017])
def test_generate_makes_exactly_as_many_leaves_as_asked(count: int) -> None:
    assert len(generate(count).leaves) == count


def test_generate_is_reproducible_and_differs_by_seed() -> None:
    first, again, other = generate(50, 7), generate(50, 7), generate(50, 8)

    assert np.array_equal(first.leaves.coords, again.leaves.coords)
    assert not np.array_equal(first.leaves.coords, other.leaves.coords)


def test_leaves_have_about_forty_vertices(partition: Partition) -> None:
    assert 38 < np.diff(partition.leaves.offsets).mean() < 41


def test_centre_is_denser_than_the_rim(partition: Partition) -> None:
    polygons = partition.leaves.polygons_m()
    middle = shapely.get_coordinates(shapely.centroid(polygons))
    way = np.hypot(*(middle - middle.mean(axis=0)).T)
    areas = shapely.area(polygons)

    inner = areas[way < np.quantile(way, 0.1)].mean()
    outer = areas[way > np.quantile(way, 0.9)].mean()

    assert outer > 3 * inner


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_a_valid_coverage(partition: Partition, level: str) -> None:
    outlines = outlines_mm(partition, level)

    assert len(outlines) == partition.count(level)
    assert shapely.is_valid(outlines).all()
    assert shapely.coverage_is_valid(outlines)


def test_leaves_fill_the_district_exactly(partition: Partition) -> None:
    (district,) = outlines_mm(partition, "district")

    doubled = doubled_areas(partition.leaves)

    assert (doubled > 0).all()
    assert not district.interiors
    assert int(doubled.sum()) == _doubled(district)


@pytest.mark.parametrize(("upper", "lower"), UPPER_AND_LOWER)
def test_each_area_is_exactly_the_union_of_its_children(
    partition: Partition, upper: str, lower: str
) -> None:
    parents, children = outlines_mm(partition, upper), outlines_mm(partition, lower)

    for index, parent in enumerate(parents):
        own = children[partition.parent[lower] == index]
        assert sum(_doubled(child) for child in own) == _doubled(parent)
        assert _vertices(shapely.coverage_union_all(own)) == _vertices(parent)


def test_every_leaf_hangs_under_its_ancestors_in_one_chain(partition: Partition) -> None:
    for upper, lower in UPPER_AND_LOWER:
        through_parent = partition.parent[lower][partition.ancestor[lower]]
        assert np.array_equal(through_parent, partition.ancestor[upper])


def test_plant_keeps_all_rows_valid_and_codes_unique(planted: Planted) -> None:
    assert len(planted.codes) == len(planted.rings) == len(set(planted.codes))
    assert shapely.is_valid(planted.rings.polygons_mm()).all()


def test_plant_gives_as_many_faults_as_asked(planted: Planted) -> None:
    kinds = [fault.kind for fault in planted.truth]

    assert kinds.count("gap") == 24
    assert sum(kinds.count(kind) for kind in CLAIMED) == 30
    assert kinds.count("near_miss") == 5
    assert kinds.count("none") == 5


def test_plant_makes_every_kind_of_fault(planted: Planted) -> None:
    assert {(fault.kind, fault.how) for fault in planted.truth} == {
        ("gap", "pulled"),
        ("gap", "gash"),
        ("gap", "missing_area"),
        ("gap", "notch"),
        ("gap", "near_miss_3mm"),
        ("gap", "t_junction"),
        ("gap", "dropped_vertex"),
        ("gap", "sliver"),
        ("overlap", "pushed"),
        ("overlap", "spike"),
        ("overlap", "three_areas"),
        ("overlap", "four_areas"),
        ("duplicate", "duplicate"),
        ("contained", "contained"),
        ("overlap", "near_miss_3mm"),
        ("overlap", "t_junction"),
        ("overlap", "dropped_vertex"),
        ("overlap", "sliver"),
        ("near_miss", "near_miss"),
        ("none", "exact_t_junction"),
    }


def test_truth_of_overlaps_is_what_shapely_measures(planted: Planted) -> None:
    row_of = dict(zip(planted.codes, planted.rings.polygons_mm(), strict=True))

    for fault in _of_kind(planted, *CLAIMED):
        claims = [row_of[code] for code in fault.areas]
        shared = shapely.intersection_all(claims)
        assert shared.area / 1e6 == pytest.approx(fault.area_m2, rel=1e-7)
        assert all(claim.contains_properly(_point_mm(fault)) for claim in claims)


def test_no_rows_overlap_but_those_in_the_truth(planted: Planted) -> None:
    rows = planted.rings.polygons_mm()
    first, second = shapely.STRtree(rows).query(rows, predicate="intersects")
    overlap = shapely.area(shapely.intersection(rows[first], rows[second])) > 0
    found = {
        frozenset((planted.codes[i], planted.codes[j]))
        for i, j in zip(first[overlap], second[overlap], strict=True)
        if i != j
    }

    told = {
        frozenset(pair)
        for fault in _of_kind(planted, *CLAIMED)
        for pair in combinations(fault.areas, 2)
    }
    near = {frozenset(fault.areas) for fault in _of_kind(planted, "near_miss")}

    assert found - near == told


@pytest.mark.parametrize("seed", SEEDS)
def test_each_gap_in_the_truth_is_one_face_with_its_area(seed: int) -> None:
    clean = generate(500, seed)
    planted = plant(clean, seed, gaps=24)
    frame = shapely.coverage_union_all(clean.leaves.polygons_mm())

    left = shapely.get_parts(frame.difference(shapely.union_all(planted.rings.polygons_mm())))

    assert len(left) == 24
    tree = shapely.STRtree(left)
    for fault in planted.truth:
        (face,) = tree.query(_point_mm(fault), predicate="within")
        assert left[face].area / 1e6 == pytest.approx(fault.area_m2, rel=1e-7)


def test_notches_alone_are_open_to_the_outside(planted: Planted) -> None:
    gaps = _of_kind(planted, "gap")

    assert all((gap.face_class == "open") == (gap.how == "notch") for gap in gaps)


def test_slivers_measure_a_hundred_thousandth_of_a_square_metre(planted: Planted) -> None:
    slivers = [fault.area_m2 for fault in planted.truth if fault.how == "sliver"]

    assert slivers == [1e-5] * len(slivers)
    assert slivers


def test_multi_area_overlaps_are_claimed_by_three_or_four(planted: Planted) -> None:
    claims = {fault.how: len(fault.areas) for fault in planted.truth}

    assert claims["three_areas"] == 3
    assert claims["four_areas"] == 4


def test_near_misses_are_one_millimetre_off() -> None:
    clean = generate(500, 1)
    planted = plant(clean, 1, near_misses=5)
    clean_vertices = _vertices(*clean.leaves.polygons_mm())

    moved = _vertices(*planted.rings.polygons_mm()) - clean_vertices

    assert len(moved) == 5
    assert all({(x - 1, y), (x, y - 1)} & clean_vertices for x, y in moved)


def test_exact_t_junctions_open_nothing(planted: Planted) -> None:
    row_of = dict(zip(planted.codes, planted.rings.polygons_mm(), strict=True))

    for fault in _of_kind(planted, "none"):
        first, second = (row_of[code] for code in fault.areas)
        assert fault.area_m2 == 0.0
        assert first.touches(second)
        assert shapely.union(first, second).area == first.area + second.area
        assert (len(_vertices(first) & {_rounded(fault)}) == 1) != (
            len(_vertices(second) & {_rounded(fault)}) == 1
        )


def test_plant_refuses_more_faults_than_there_is_room_for() -> None:
    with pytest.raises(ValueError, match="no room for another missing_area among 30 areas"):
        plant(generate(30), 1, gaps=60)


def test_truth_has_the_layout_of_a_demo_truth(planted: Planted) -> None:
    truth = truth_json(planted)

    assert truth["crs"] == "EPSG:4544"
    assert len(truth["faults"]) == 64
    assert set(truth["faults"][0]) == {
        "kind",
        "how",
        "class",
        "layer",
        "areas",
        "area_m2",
        "point",
    }


def test_written_package_holds_rows_and_polygons_of_both_layers(tmp_path: Path) -> None:
    partition = generate(60, 4)
    path = tmp_path / "网格 data#1.gpkg"
    codes = made_up_codes(60)

    write_gpkg(path, partition.leaves, codes)
    add_layer(path, partition.leaves, codes, layer="copy")

    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT fid, geom, code FROM micro_grid ORDER BY fid").fetchall()
        layers = database.execute("SELECT table_name, srs_id FROM gpkg_contents").fetchall()
        box = database.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'micro_grid'"
        ).fetchone()
    polygons = partition.leaves.polygons_m()
    stored = shapely.from_wkb([blob[40:] for _, blob, _ in rows])
    assert [code for _, _, code in rows] == codes
    assert layers == [("micro_grid", 4544), ("copy", 4544)]
    assert box == tuple(shapely.total_bounds(polygons))
    assert shapely.equals_exact(stored, shapely.multipolygons(polygons.reshape(-1, 1))).all()
    envelopes = np.array([np.frombuffer(blob, "<f8", 4, 8) for _, blob, _ in rows])
    assert np.array_equal(envelopes[:, [0, 2, 1, 3]], shapely.bounds(polygons))


def test_made_up_codes_begin_with_99() -> None:
    assert made_up_codes(2) == ["990000001", "990000002"]


def test_doubled_area_of_a_known_shape_is_exact() -> None:
    square_and_triangle = Rings(
        np.array([[5, 5], [9, 5], [9, 9], [5, 9], [0, 0], [3, 0], [0, 3]], dtype=np.int64),
        np.array([0, 4, 7], dtype=np.int64),
    )

    assert doubled_areas(square_and_triangle).tolist() == [32, 9]


def _of_kind(planted: Planted, *kinds: str) -> list[Fault]:
    return [fault for fault in planted.truth if fault.kind in kinds]


def _rounded(fault: Fault) -> tuple[int, int]:
    return round(fault.point[0] * 1000), round(fault.point[1] * 1000)


def _point_mm(fault: Fault) -> shapely.Point:
    return shapely.Point(fault.point[0] * 1000, fault.point[1] * 1000)


def _vertices(*polygons: shapely.Polygon) -> set[tuple[int, int]]:
    coords: npt.NDArray[np.int64] = shapely.get_coordinates(polygons).astype(np.int64)
    return {(x, y) for x, y in coords.tolist()}


def _doubled(polygon: shapely.Polygon) -> int:
    ring = shapely.get_coordinates(shapely.normalize(polygon))[:-1].astype(np.int64)
    rings = Rings(ring, np.array([0, len(ring)], dtype=np.int64))
    return abs(int(doubled_areas(rings)[0]))
