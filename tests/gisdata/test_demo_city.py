"""What the demo city promises: exact tiling, households in band, a truth that is true."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from gisdata.make_demo_city import make
from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.base.errors import InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.exchange.demo_city import (
    FOLDER,
    DemoArea,
    DemoCity,
    DirtyRow,
    dirty_layers,
    load_demo_city,
    truth,
)
from gridadmin.exchange.demo_roster import HEADERS, write_made_up_roster
from gridadmin.partition.ground import Ground

FILES = (
    "areas.json",
    "buildings.geojson",
    "dirty.json",
    "roads.geojson",
    "roster.json",
    "truth.json",
    "water.geojson",
)
LEVELS = ("district", "street", "community", "grid", "micro_grid")
REAL_PLACES = (
    *("北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏"),
    *("浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "海南"),
    *("四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏"),
    *("宁夏", "新疆", "香港", "澳门", "阿拉善", "酒泉", "张掖", "武威", "银川", "新都"),
    *("成都", "大连", "龙港", "温州", "三明", "沙县", "三元", "市南", "青岛", "桂湖"),
    *("白云",),
)


@pytest.fixture(scope="module")
def city() -> DemoCity:
    return load_demo_city()


@pytest.fixture(scope="module")
def dirty() -> dict[str, list[DirtyRow]]:
    return dirty_layers()


@pytest.fixture(scope="module")
def planted() -> dict[str, Any]:
    return truth()


def _land(area: DemoArea) -> shapely.MultiPolygon:
    assert area.polygon_mm is not None
    return area.polygon_mm


def _finest(city: DemoCity) -> list[DemoArea]:
    parents = {area.parent_code for area in city.areas if area.polygon_mm is not None}
    return [a for a in city.areas if a.polygon_mm is not None and a.code not in parents]


def _vertices(geometry: Any) -> set[tuple[float, float]]:
    return {(x, y) for x, y in shapely.get_coordinates(geometry).tolist()}


def test_city_has_the_promised_size(city: DemoCity) -> None:
    levels = Counter(area.level for area in city.areas)
    lands = Counter(area.land for area in city.areas)
    kinds = Counter(area.kind for area in city.areas)

    assert levels == {
        "district": 1,
        "street": 3,
        "community": 12,
        "grid": 93,
        "micro_grid": 694,
        "cell": 5,
    }
    assert lands["stacked"] == 14
    assert kinds["exclusive"] == 9
    assert 7_800 <= len(city.buildings) <= 8_200
    assert 1_050 <= len(city.people) <= 1_150


def test_files_stay_small() -> None:
    assert sum((FOLDER / name).stat().st_size for name in FILES) < 6_000_000


def test_coordinates_are_whole_millimetres(city: DemoCity) -> None:
    everything = [_land(a) for a in city.areas if a.polygon_mm] + [
        e.polygon_mm for e in city.exempt
    ]
    places = shapely.get_coordinates([*everything, city.frame_mm])

    assert (places == places.round()).all()


@pytest.mark.parametrize("level", LEVELS[:-1])
def test_level_and_lake_tile_the_frame(city: DemoCity, level: str) -> None:
    land = [_land(area) for area in city.areas if area.level == level]
    land += [exempt.polygon_mm for exempt in city.exempt]

    assert shapely.is_valid(land).all()
    assert shapely.coverage_is_valid(land)
    assert shapely.union_all(land).equals(city.frame_mm)


def test_finest_areas_and_lake_tile_the_frame(city: DemoCity) -> None:
    land = [_land(area) for area in _finest(city)] + [city.exempt[0].polygon_mm]

    assert shapely.coverage_is_valid(land)
    assert shapely.union_all(land).equals(city.frame_mm)


def test_parents_are_the_union_of_their_children_vertex_by_vertex(city: DemoCity) -> None:
    children = defaultdict(list)
    for area in city.areas:
        if area.polygon_mm is not None:
            children[area.parent_code].append(area.polygon_mm)

    divided = [area for area in city.areas if area.code in children]

    assert len(divided) == 1 + 3 + 12 + 84
    for area in divided:
        union = shapely.coverage_union_all(children[area.code])
        assert union.equals(area.polygon_mm)
        assert _vertices(union) == _vertices(area.polygon_mm)


def test_codes_are_made_up_and_follow_their_parents(city: DemoCity) -> None:
    added = {"street": 3, "community": 3, "grid": 3, "micro_grid": 2}
    codes = [area.code for area in city.areas]

    assert codes[0] == "990001"
    assert len(set(codes)) == len(codes)
    for area in city.areas[1:]:
        assert area.code.startswith(str(area.parent_code))
        if area.level != "cell":
            assert len(area.code) == len(str(area.parent_code)) + added[area.level]
    for area in city.areas:
        assert (area.kind == "exclusive") == (area.level == "grid" and area.code[-3] == "9")


def test_numbers_run_from_north_to_south_in_every_community(city: DemoCity) -> None:
    for community in (area for area in city.areas if area.level == "community"):
        grids = [
            _land(area).representative_point().y
            for area in city.areas
            if area.parent_code == community.code and area.kind == "general"
        ]
        assert grids[0] > grids[-1]


def test_every_building_lies_in_one_finest_area(city: DemoCity) -> None:
    finest = shapely.STRtree(
        [shapely.transform(_land(a), lambda p: p / 1000) for a in _finest(city)]
    )
    footprints = [building.footprint for building in city.buildings]

    inside, _ = finest.query(footprints, predicate="within")

    assert sorted(inside.tolist()) == list(range(len(footprints)))


def test_buildings_do_not_overlap(city: DemoCity) -> None:
    footprints = [building.footprint for building in city.buildings]

    one, other = shapely.STRtree(footprints).query(footprints, predicate="intersects")

    assert (one == other).all()


def test_households_of_areas_are_in_their_bands(city: DemoCity) -> None:
    finest = _finest(city)
    tree = shapely.STRtree([_land(area) for area in finest])
    points = shapely.points([(b.x_mm, b.y_mm) for b in city.buildings])
    held: Counter[str] = Counter()
    for building, area in zip(*tree.query(points, predicate="within"), strict=True):
        held[finest[area].code] += city.buildings[building].households
    by_grid: Counter[str] = Counter()
    for area in finest:
        by_grid[area.code if area.level == "grid" else str(area.parent_code)] += held[area.code]

    for area in city.areas:
        if area.level == "micro_grid" and area.land == "drawn":
            assert 30 <= held[area.code] <= 70
        if area.level == "grid" and area.kind == "general":
            assert 300 <= by_grid[area.code] <= 500
        if area.kind == "exclusive":
            assert by_grid[area.code] <= 20


def test_stacked_micro_grids_share_their_towers_without_rest(city: DemoCity) -> None:
    buildings = {building.uid: building for building in city.buildings}
    held: Counter[str] = Counter()
    for share in city.shares:
        building = buildings[share.building]
        if share.entrance is None:
            floors = (share.floor_to or 0) - (share.floor_from or 0) + 1
            held[share.building] += building.households * floors // building.floors
        else:
            held[share.building] += dict(building.entrances)[share.entrance]
    per_cell = Counter(share.cell_code for share in city.shares)

    assert sorted(per_cell.values()) == [2, 2, 3, 3, 4]
    assert held == {uid: buildings[uid].households for uid in held}
    assert {a.cell_code for a in city.areas if a.land == "stacked"} == set(per_cell)


def test_entrances_hold_all_households_of_their_building(city: DemoCity) -> None:
    with_entrances = [building for building in city.buildings if building.entrances]

    assert len(with_entrances) > 1_000
    for building in with_entrances:
        assert sum(count for _, count in building.entrances) == building.households


def test_compounds_have_all_seven_types_and_lie_in_one_grid(city: DemoCity) -> None:
    grids = shapely.STRtree(
        [shapely.transform(_land(a), lambda p: p / 1000) for a in city.areas if a.level == "grid"]
    )

    inside, _ = grids.query([c.outline for c in city.compounds], predicate="within")

    assert len({compound.compound_type for compound in city.compounds}) == 7
    assert sorted(inside.tolist()) == list(range(len(city.compounds)))


def test_every_grid_and_micro_grid_has_its_people(city: DemoCity) -> None:
    posts = defaultdict(Counter)  # type: defaultdict[str, Counter[str]]
    for person in city.people:
        posts[person.area_code][person.post] += 1

    for area in city.areas:
        if area.level == "grid":
            assert posts[area.code]["网格长"] == 1
            assert posts[area.code]["网格员"] == (1 if area.kind == "general" else 0)
        if area.level == "micro_grid":
            assert posts[area.code]["微网格员"] == 1
        if area.level == "community":
            assert posts[area.code]["下沉干部"] == 12
    assert all(p.unit.endswith("（虚构）") for p in city.people if p.post == "下沉干部")


def test_telephone_numbers_can_not_be_dialled(city: DemoCity) -> None:
    phones = {person.phone for person in city.people}

    assert len(phones) == len(city.people)
    assert all(re.fullmatch(r"100-\d{4}", phone) for phone in phones)


@pytest.mark.parametrize("name", FILES)
def test_no_file_holds_a_run_of_digits_like_a_telephone(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")

    assert re.search(r"1[3-9]\d{9}", text) is None


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_a_real_place(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")

    assert [place for place in REAL_PLACES if place in text] == []


def test_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    make(tmp_path / "样例 城市")

    for name in FILES:
        assert (tmp_path / "样例 城市" / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_truth_has_the_contracted_fields(planted: dict[str, Any]) -> None:
    kinds = Counter((fault["kind"], fault["layer"]) for fault in planted["faults"])

    assert planted["crs"] == "EPSG:4544"
    assert kinds == {
        ("gap", "micro_grid"): 9,
        ("gap", "grid"): 2,
        ("gap", "community"): 1,
        ("overlap", "micro_grid"): 7,
        ("overlap", "grid"): 1,
        ("overlap", "community"): 1,
        ("overhang", "micro_grid"): 6,
        ("overhang", "grid"): 1,
        ("near_miss", "micro_grid"): 3,
        ("duplicate", "micro_grid"): 2,
        ("contained", "micro_grid"): 2,
        ("multipart", "micro_grid"): 2,
        ("missing_code", "micro_grid"): 2,
        ("invalid", "micro_grid"): 1,
    }
    for fault in planted["faults"]:
        assert {"kind", "layer", "areas", "area_m2", "point"} <= set(fault)


def test_faults_are_far_from_each_other(planted: dict[str, Any]) -> None:
    places = {tuple(fault["point"]) for fault in planted["faults"] + planted["silent"]}

    for one, other in combinations(places, 2):
        assert shapely.Point(one).distance(shapely.Point(other)) > 120.0


def _of(planted: dict[str, Any], layer: str, *kinds: str) -> list[dict[str, Any]]:
    """Return the faults of a layer; a near-miss counts as the gap or overlap that it opens."""
    return [
        fault
        for fault in planted["faults"] + planted["silent"]
        if fault["layer"] == layer
        and (fault["class"] if fault["kind"] == "near_miss" else fault["kind"]) in kinds
    ]


def _measured(geometry: Any) -> list[float]:
    parts = shapely.get_parts(geometry)
    return sorted(part.area for part in parts if part.area > 0.005)


def _polygons(rows: Iterable[DirtyRow]) -> list[Any]:
    return [polygon for _, _, polygon in rows if polygon.is_valid]


@pytest.mark.parametrize("layer", LEVELS)
def test_truth_knows_every_gap_of_the_dirty_copy(
    city: DemoCity, dirty: dict[str, list[DirtyRow]], planted: dict[str, Any], layer: str
) -> None:
    clean = [_land(a) for a in city.areas if a.level == layer and a.polygon_mm is not None]
    whole = shapely.transform(shapely.union_all(clean), lambda places: places / 1000)

    missing = shapely.difference(whole, shapely.union_all(_polygons(dirty[layer])))

    expected = sorted(fault["area_m2"] for fault in _of(planted, layer, "gap"))
    assert _measured(missing) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("layer", LEVELS)
def test_truth_knows_every_overlap_of_the_dirty_copy(
    dirty: dict[str, list[DirtyRow]], planted: dict[str, Any], layer: str
) -> None:
    rows = [row for row in dirty[layer] if row[2].is_valid]
    polygons = [polygon for _, _, polygon in rows]
    expected = {
        pair: fault["area_m2"]
        for fault in _of(planted, layer, "overlap", "duplicate", "contained")
        for pair in combinations(fault["areas"], 2)
    }

    found = {}
    for one, other in zip(*shapely.STRtree(polygons).query(polygons, "intersects"), strict=True):
        area_m2 = shapely.intersection(polygons[one], polygons[other]).area
        if one < other and area_m2 > 0.005:
            pair = tuple(sorted((str(rows[one][0]), str(rows[other][0]))))
            found[pair] = area_m2

    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("layer", LEVELS[1:])
def test_truth_knows_every_overhang_of_the_dirty_copy(
    city: DemoCity, dirty: dict[str, list[DirtyRow]], planted: dict[str, Any], layer: str
) -> None:
    land = {code: polygon for rows in dirty.values() for code, _, polygon in rows if code}
    parents = {area.code: area.parent_code for area in city.areas}
    expected = {fault["areas"][0]: fault["area_m2"] for fault in _of(planted, layer, "overhang")}

    found = {}
    for code, _, polygon in dirty[layer]:
        parent = land.get(parents.get(str(code)) or "")
        if parent is not None and polygon.is_valid:
            beyond_m2 = shapely.difference(polygon, parent).area
            if beyond_m2 > 0.005:
                found[code] = beyond_m2

    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_points_of_gaps_are_free_and_those_of_overlaps_shared(
    dirty: dict[str, list[DirtyRow]], planted: dict[str, Any]
) -> None:
    for fault in planted["faults"]:
        rows = [row for row in dirty[fault["layer"]] if row[2].is_valid]
        place = shapely.Point(fault["point"])
        holders = sorted(str(code) for code, _, land in rows if land.contains(place))
        if fault["kind"] == "gap":
            assert holders == []
        if fault["kind"] in ("overlap", "duplicate", "contained"):
            assert holders == fault["areas"]


def test_rows_of_the_dirty_copy_have_the_faults_of_their_own(
    dirty: dict[str, list[DirtyRow]], planted: dict[str, Any]
) -> None:
    rows = dirty["micro_grid"]
    invalid = [str(code) for code, _, polygon in rows if not polygon.is_valid]
    nameless = sorted(name for code, name, _ in rows if code is None)
    several = sorted(str(code) for code, _, p in rows if p.is_valid and len(p.geoms) > 1)

    by_kind = {kind: _of(planted, "micro_grid", kind) for kind in ("invalid", "multipart")}
    assert invalid == by_kind["invalid"][0]["areas"]
    assert nameless == sorted(f["name"] for f in _of(planted, "micro_grid", "missing_code"))
    assert several == sorted(fault["areas"][0] for fault in by_kind["multipart"])


@pytest.mark.parametrize("layer", LEVELS)
def test_standing_holes_are_all_that_else_is_free_in_a_layer(
    city: DemoCity, dirty: dict[str, list[DirtyRow]], planted: dict[str, Any], layer: str
) -> None:
    frame = shapely.transform(city.frame_mm, lambda places: places / 1000)

    free = shapely.difference(frame, shapely.union_all(_polygons(dirty[layer])))

    standing = [hole["area_m2"] for hole in planted["standing"] if hole["layer"] == layer]
    gaps = [fault["area_m2"] for fault in _of(planted, layer, "gap")]
    assert _measured(free) == pytest.approx(sorted(standing + gaps), rel=1e-6, abs=1e-6)


def test_roster_workbook_says_that_it_is_made_up(tmp_path: Path) -> None:
    path = tmp_path / "花名册 样例.xlsx"

    write_made_up_roster(path, [["子虚街道", "甲子社区"]], ["工号"])

    book = openpyxl.load_workbook(path)
    rows = list(book["花名册"].iter_rows(values_only=True))
    assert book.sheetnames == ["虚构数据", "花名册"]
    assert str(book["虚构数据"]["A1"].value).startswith("虚构数据")
    assert rows[0] == (*HEADERS, "工号")
    assert rows[1][:3] == ("子虚街道", "甲子社区", None)
    assert len(rows) == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["花名册 样例.xlsx"]


def test_roster_workbook_is_not_half_written(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write_made_up_roster(tmp_path / "没有" / "花名册.xlsx", [])

    assert refused.value.code == "export.write_failed"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"areas":3}', '{"plane":"EPSG:4544","frame":[]}'])
def test_damaged_files_are_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "areas.json").write_text(content, encoding="utf-8")

    with pytest.raises(InputError) as refused:
        load_demo_city(tmp_path)

    assert refused.value.code == "input.demo_file"
    for lang in LANGUAGES:
        assert "areas.json" in explain(refused.value, lang)


def test_plane_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    data = json.loads((FOLDER / "areas.json").read_text(encoding="utf-8"))
    (tmp_path / "areas.json").write_text(json.dumps(data | {"plane": "EPSG:1"}), encoding="utf-8")

    with pytest.raises(InputError, match=r"areas\.json"):
        load_demo_city(tmp_path)


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"areas\.json"):
        dirty_layers(tmp_path / "没有")


def test_demo_project_has_every_compound_and_its_buildings_stand_in_it(
    city: DemoCity, tmp_path: Path
) -> None:
    write_demo(tmp_path / "demo")
    with Session.open(tmp_path / "demo" / "demo.gpkg", write=False) as session:
        ground = Ground.of(session.snapshot)
    assert len(ground.compounds.objects) == len(city.compounds)
    away = [
        float(
            shapely.distance(
                ground.compounds.shapes[ground.compounds.numbers[building.compound]],
                shapely.Point(building.point),
            )
        )
        for building in ground.buildings.objects
        if building.compound is not None
    ]
    assert len(away) > 6000
    assert max(away) < 60
    assert sum(distance == 0 for distance in away) > 0.95 * len(away)
