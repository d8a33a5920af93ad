"""Roads, water, railways, buildings and compounds come in, whole and once, from any format."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
import shapely.geometry

from gridadmin.app.session import Session
from gridadmin.domain.model import Building, Compound, LineObject
from tests.cli.boundaries import PLANE, X0, Y0, boundary_file, box
from tests.cli.runner import json_of, run

Row = tuple[Mapping[str, Any], shapely.Geometry | None]


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X0 + x, Y0 + y) for x, y in points])


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(X0 + x, Y0 + y)


def geojson(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows with values of any type, in the plane of :data:`PLANE`."""
    features = [
        {
            "type": "Feature",
            "properties": dict(values),
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for values, shape in rows
    ]
    crs = {"type": "name", "properties": {"name": PLANE}}
    content = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def rows_of(project: Path, table: str) -> list[Any]:
    with Session.open(project, write=False) as session:
        rows = session.snapshot.rows(table)
        return [rows[uid] for uid in sorted(rows)]


def lines_of(project: Path) -> list[LineObject]:
    return rows_of(project, "line_object")


def buildings_of(project: Path) -> list[Building]:
    return rows_of(project, "building")


def compounds_of(project: Path) -> list[Compound]:
    return rows_of(project, "compound")


def counts(result: Mapping[str, Any], *names: str) -> list[int]:
    return [result[name] for name in names]


def accounts_for_all(result: Mapping[str, Any]) -> bool:
    """Whether every row of the file is an object, part of one, or told why it is none."""
    parts = ("new", "updated", "known", "joined", "duplicates", "labels", "parts", "other")
    return bool(result["rows"] == sum(counts(result, *parts, "outside")) + len(result["left_out"]))


def test_pieces_of_one_road_become_one_line(four_grids: Path, chinese_dir: Path) -> None:
    path = geojson(
        chinese_dir / "道路.geojson",
        [
            ({"name": "人民路", "highway": "primary", "id": 7}, line((0, 50), (80, 50))),
            ({"name": "人民路", "highway": "primary", "id": 7}, line((80, 50), (200, 50))),
            ({"name": "人民路", "highway": "primary", "id": 8}, line((200, 50), (200, 90))),
            ({"name": "虚构巷", "highway": "service", "id": 9}, line((0, 20), (50, 20))),
        ],
    )

    result = json_of("import", four_grids, path, "--level", "roads")

    assert counts(result, "new", "joined", "duplicates") == [2, 2, 0]
    assert accounts_for_all(result)
    main, lane = sorted(lines_of(four_grids), key=lambda row: row.road_class or "", reverse=True)
    assert (main.kind, main.name, main.road_class, main.source_id) == (
        "road",
        "人民路",
        "main",
        "7",
    )
    assert (lane.name, lane.road_class) == ("虚构巷", "lane")
    whole = shapely.from_wkb(main.line)
    assert isinstance(whole, shapely.LineString)
    assert whole.length == pytest.approx(240)


def test_roads_of_one_name_far_apart_stay_two(four_grids: Path, chinese_dir: Path) -> None:
    rows: list[Row] = [
        ({"name": "解放路", "class": "支路"}, line((0, 50), (50, 50))),
        ({"name": "解放路", "class": "支路"}, line((150, 50), (200, 50))),
        ({"name": "解放路", "class": "支路"}, line((0, 70), (50, 70))),
    ]
    path = geojson(chinese_dir / "道路.geojson", rows)

    result = json_of("import", four_grids, path, "--level", "roads")

    assert counts(result, "new", "joined") == [2, 1]
    assert {row.road_class for row in lines_of(four_grids)} == {"side"}


def test_road_that_is_there_twice_is_taken_once(four_grids: Path, chinese_dir: Path) -> None:
    road = {"name": "人民路", "highway": "primary"}
    rows: list[Row] = [
        (road, line((0, 50), (100, 50))),
        (road, line((0, 50), (100, 50))),
        (road, line((100, 50.4), (0, 50.3))),
        # The next tile begins before the last one ends.
        (road, line((80, 50.2), (180, 50))),
        ({"name": None, "highway": "primary"}, line((20, 50), (60, 50))),
    ]
    path = geojson(chinese_dir / "道路.geojson", rows)

    result = json_of("import", four_grids, path, "--level", "roads")

    assert counts(result, "new", "joined", "duplicates") == [1, 1, 3]
    (row,) = lines_of(four_grids)
    assert shapely.from_wkb(row.line).length == pytest.approx(180, abs=1.5)
    assert shapely.get_num_geometries(shapely.from_wkb(row.line)) == 1


def test_short_piece_between_two_others_is_kept(four_grids: Path, chinese_dir: Path) -> None:
    road = {"name": "人民路", "highway": "primary"}
    rows: list[Row] = [
        (road, line((0, 50), (100, 50))),
        (road, line((100, 50), (101.5, 50))),
        (road, line((101.5, 50), (200, 50))),
    ]
    path = geojson(chinese_dir / "道路.geojson", rows)

    json_of("import", four_grids, path, "--level", "roads")

    (row,) = lines_of(four_grids)
    assert shapely.from_wkb(row.line).length == pytest.approx(200)


def test_railways_and_ferries_are_no_roads_and_come_as_railways(
    four_grids: Path, chinese_dir: Path
) -> None:
    rows: list[Row] = [
        ({"kind": "rail", "kind_detail": "subway", "name": "1号线"}, line((0, 10), (200, 10))),
        ({"kind": "rail", "kind_detail": "rail", "name": "虚构铁路"}, line((0, 30), (200, 30))),
        ({"kind": "ferry", "kind_detail": None, "name": "轮渡"}, line((0, 60), (200, 60))),
        ({"kind": "major_road", "kind_detail": "trunk", "name": "快"}, line((0, 90), (200, 90))),
    ]
    path = geojson(chinese_dir / "道路.geojson", rows)

    roads = json_of("import", four_grids, path, "--level", "roads")
    rails = json_of("import", four_grids, path, "--level", "railways")

    assert counts(roads, "new", "other") == [1, 3]
    assert counts(rails, "new", "other") == [2, 2]
    assert sorted((row.kind, row.name, row.road_class) for row in lines_of(four_grids)) == [
        ("railway", "1号线", "subway"),
        ("railway", "虚构铁路", None),
        ("road", "快", "trunk"),
    ]


def test_water_comes_as_lines_and_areas_without_shores_and_labels(
    four_grids: Path, chinese_dir: Path
) -> None:
    rows: list[Row] = [
        ({"kind": "water", "name": "虚构湖", "id": 1}, box(0, 0, 40, 50)),
        ({"kind": "water", "name": "虚构湖", "id": 1}, box(40, 0, 80, 50)),
        ({"kind": "water", "id": 1, "boundary": True}, line((0, 0), (80, 0))),
        ({"kind": "water", "name": "虚构湖", "id": 1, "label_placement": True}, point(40, 25)),
        ({"kind": "river", "name": "虚构河", "id": 2}, line((0, 60), (200, 60))),
        ({"kind": "swimming_pool", "name": None, "id": 3}, box(90, 0, 95, 9)),
    ]
    path = geojson(chinese_dir / "水系.geojson", rows)

    result = json_of("import", four_grids, path, "--level", "water")

    assert counts(result, "new", "joined", "labels", "other") == [2, 1, 2, 1]
    lake, river = sorted(lines_of(four_grids), key=lambda row: row.kind)
    assert (lake.kind, lake.name) == ("lake", "虚构湖")
    assert shapely.from_wkb(lake.line).area == pytest.approx(4000)
    assert shapely.from_wkb(lake.line).geom_type == "Polygon"
    assert (river.kind, river.name) == ("river", "虚构河")


def test_house_cut_at_a_tile_edge_is_made_whole_and_its_labels_tell_more(
    four_grids: Path, chinese_dir: Path
) -> None:
    house = {"kind": "building", "id": 5}
    rows: list[Row] = [
        (house, box(10, 10, 20, 20)),
        (house, box(20, 10, 30, 20)),
        (house, box(10, 10, 20, 20)),
        ({"kind": "building", "id": 5, "label_placement": True}, point(20, 15)),
        ({"kind": "building", "name": "虚构大厦", "households": 40}, point(12, 12)),
        ({"kind": "address", "id": 77}, point(70, 70)),
        ({"kind": "building_part", "id": 6}, box(10, 10, 15, 15)),
        ({"kind": "building", "id": 8, "households": 3}, point(60, 60)),
    ]
    path = geojson(chinese_dir / "楼栋.geojson", rows)

    result = json_of("import", four_grids, path, "--level", "buildings")

    assert counts(result, "new", "joined", "duplicates", "labels", "parts") == [2, 1, 1, 3, 1]
    assert accounts_for_all(result)
    house_row, point_row = sorted(buildings_of(four_grids), key=lambda row: -row.households)
    assert (house_row.name, house_row.households, house_row.source_id) == ("虚构大厦", 40, "5")
    assert shapely.from_wkb(house_row.footprint).area == pytest.approx(200)
    assert point_row.footprint is None
    assert (point_row.x_mm, point_row.y_mm) == (
        round((X0 + 60) * 1000),
        round((Y0 + 60) * 1000),
    )


def test_second_import_updates_and_doubles_nothing(four_grids: Path, chinese_dir: Path) -> None:
    def file(households: int, *, moved: float = 0.0) -> Path:
        rows: list[Row] = [
            (
                {"id": "B1", "户数": households, "楼层": 6, "单元": 2, "名称": "1幢"},
                box(10 + moved, 10, 30 + moved, 20),
            ),
            ({"id": None, "户数": 8, "楼层": 3, "单元": None, "名称": None}, box(50, 50, 60, 60)),
            ({"id": None, "户数": 5, "楼层": 1, "单元": None, "名称": None}, point(80, 80)),
        ]
        return geojson(chinese_dir / "楼栋.geojson", rows)

    first = json_of("import", four_grids, file(20), "--level", "buildings")
    before = {row.uid: row for row in buildings_of(four_grids)}
    same = json_of("import", four_grids, file(20), "--level", "buildings")
    changed = json_of("import", four_grids, file(24, moved=3), "--level", "buildings")

    assert counts(first, "new", "updated", "known") == [3, 0, 0]
    assert counts(same, "new", "updated", "known") == [0, 0, 3]
    assert same["revision"] == first["revision"]
    assert counts(changed, "new", "updated", "known") == [0, 1, 2]
    after = {row.uid: row for row in buildings_of(four_grids)}
    assert after.keys() == before.keys()
    (house,) = [row for row in after.values() if row.name == "1幢"]
    assert (house.households, house.floors) == (24, 6)
    entrances = rows_of(four_grids, "entrance")
    assert sorted((row.name, row.households) for row in entrances) == [
        ("1单元", 12),
        ("2单元", 12),
    ]


def test_same_id_far_away_is_another_building(four_grids: Path, chinese_dir: Path) -> None:
    one = geojson(chinese_dir / "甲.geojson", [({"id": 1, "name": "甲"}, box(10, 10, 20, 20))])
    two = geojson(chinese_dir / "乙.geojson", [({"id": 1, "name": "乙"}, box(150, 150, 160, 160))])

    json_of("import", four_grids, one, "--level", "buildings")
    result = json_of("import", four_grids, two, "--level", "buildings")

    assert counts(result, "new", "updated") == [1, 0]
    assert sorted(row.name or "" for row in buildings_of(four_grids)) == ["乙", "甲"]


def test_replace_removes_what_the_file_lacks(four_grids: Path, chinese_dir: Path) -> None:
    both: list[Row] = [
        ({"name": "甲路", "class": "main"}, line((0, 50), (200, 50))),
        ({"name": "乙路", "class": "main"}, line((0, 90), (200, 90))),
    ]
    water = geojson(chinese_dir / "水.geojson", [({"name": "丙河"}, line((0, 10), (200, 10)))])
    json_of("import", four_grids, geojson(chinese_dir / "路.geojson", both), "--level", "roads")
    json_of("import", four_grids, water, "--level", "water")
    one = geojson(chinese_dir / "路.geojson", both[:1])

    kept = json_of("import", four_grids, one, "--level", "roads")
    replaced = json_of("import", four_grids, one, "--level", "roads", "--replace")

    assert counts(kept, "known", "removed") == [1, 0]
    assert counts(replaced, "known", "removed") == [1, 1]
    assert sorted(row.name or "" for row in lines_of(four_grids)) == ["丙河", "甲路"]


def test_compounds_take_types_of_the_scheme_and_buildings_move_in(
    four_grids: Path, chinese_dir: Path
) -> None:
    houses = geojson(
        chinese_dir / "楼.geojson",
        [({"id": 1}, box(10, 10, 20, 20)), ({"id": 2}, box(150, 10, 160, 20))],
    )
    estates = geojson(
        chinese_dir / "小区.geojson",
        [
            ({"名称": "虚构花园", "类型": "老旧小区"}, box(0, 0, 90, 90)),
            ({"名称": "虚构花园", "类型": "老旧小区"}, box(90, 0, 100, 90)),
            ({"名称": "没有范围", "类型": "老旧小区"}, line((0, 0), (9, 9))),
            ({"名称": "注记", "类型": "老旧小区"}, point(9, 9)),
        ],
    )
    json_of("import", four_grids, houses, "--level", "buildings")

    result = json_of("import", four_grids, estates, "--level", "compounds", code=1)

    assert counts(result, "new", "joined", "labels") == [1, 1, 1]
    assert [(p["row"], p["code"]) for p in result["left_out"]] == [("3", "import.row_no_outline")]
    (estate,) = compounds_of(four_grids)
    assert (estate.name, estate.compound_type) == ("虚构花园", "old")
    assert shapely.from_wkb(estate.outline).area == pytest.approx(9000)
    assert {row.source_id: row.compound for row in buildings_of(four_grids)} == {
        "1": estate.uid,
        "2": None,
    }


def test_buildings_name_their_compound_before_it_is_drawn(
    four_grids: Path, chinese_dir: Path
) -> None:
    houses = geojson(
        chinese_dir / "楼.geojson",
        [({"compound": "虚构花园", "compound_type": "商品房小区"}, box(10, 10, 20, 20))],
    )
    estates = geojson(chinese_dir / "小区.geojson", [({"name": "虚构花园"}, box(0, 0, 90, 90))])

    json_of("import", four_grids, houses, "--level", "buildings")
    result = json_of("import", four_grids, estates, "--level", "compounds")

    assert counts(result, "new", "updated") == [0, 1]
    (estate,) = compounds_of(four_grids)
    assert (estate.name, estate.compound_type) == ("虚构花园", "commodity")
    assert estate.outline is not None
    assert buildings_of(four_grids)[0].compound == estate.uid


def test_only_housing_of_a_land_use_file_becomes_compounds(
    four_grids: Path, chinese_dir: Path
) -> None:
    rows: list[Row] = [
        ({"landuse": "residential", "name": "虚构新村"}, box(0, 0, 50, 50)),
        ({"landuse": "grass", "name": None}, box(50, 0, 90, 50)),
    ]
    path = geojson(chinese_dir / "用地.geojson", rows)

    result = json_of("import", four_grids, path, "--level", "compounds")

    assert counts(result, "new", "other") == [1, 1]
    assert [(row.name, row.compound_type) for row in compounds_of(four_grids)] == [
        ("虚构新村", None)
    ]


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile"])
def test_buildings_come_from_other_formats_too(
    four_grids: Path, chinese_dir: Path, driver: str
) -> None:
    suffix = ".gpkg" if driver == "GPKG" else ".shp"
    rows: list[Row] = [
        ({"name": "Block 1", "hs": "12", "cs": "6", "bh": "A-1"}, box(10, 10, 20, 20)),
        ({"name": "Block 2", "hs": "twelve", "cs": "6", "bh": "A-2"}, box(30, 10, 40, 20)),
    ]
    path = boundary_file(chinese_dir / f"楼栋{suffix}", rows, driver=driver)

    ran = run("import", four_grids, path, "--level", "buildings", "--json", "-")

    assert ran.code == 1
    assert "whole number" in ran.err
    assert counts(ran.json, "new") == [1]
    (row,) = buildings_of(four_grids)
    assert (row.name, row.households, row.floors, row.source_id) == ("Block 1", 12, 6, "A-1")


def test_columns_can_be_named_and_wrong_names_are_told(four_grids: Path, chinese_dir: Path) -> None:
    rows: list[Row] = [({"label": "甲路", "ref": "X9"}, line((0, 50), (200, 50)))]
    path = geojson(chinese_dir / "路.geojson", rows)
    options = ("import", four_grids, path, "--level", "roads", "--name")

    wrong = run(*options, "nom")
    json_of(*options, "label", "--code", "ref")

    assert wrong.code == 2
    assert "“nom”" in wrong.err
    assert "label, ref" in wrong.err
    assert [(row.name, row.source_id) for row in lines_of(four_grids)] == [("甲路", "X9")]


def test_preview_writes_nothing_and_one_undo_takes_all_back(
    four_grids: Path, chinese_dir: Path
) -> None:
    rows: list[Row] = [({"name": f"{n}路"}, line((0, n), (200, n))) for n in range(0, 200, 20)]
    path = geojson(chinese_dir / "路.geojson", rows)
    before = four_grids.read_bytes()

    preview = json_of("import", four_grids, path, "--level", "roads", "--preview-only")
    assert (preview["new"], preview["revision"]) == (10, None)
    assert four_grids.read_bytes() == before

    json_of("import", four_grids, path, "--level", "roads")
    assert len(lines_of(four_grids)) == 10
    assert run("edit", four_grids, "-", stdin=b'{"do":"undo"}\n').code == 0
    assert lines_of(four_grids) == []


def test_file_far_from_the_project_is_refused(four_grids: Path, chinese_dir: Path) -> None:
    near: Row = ({"name": "近路"}, line((0, 50), (200, 50)))
    far: Row = ({"name": "远路"}, line((30_000, 50), (30_200, 50)))

    some = geojson(chinese_dir / "半.geojson", [near, far])
    result = json_of("import", four_grids, some, "--level", "roads")
    refused = run(
        "import", four_grids, geojson(chinese_dir / "远.geojson", [far]), "--level", "roads"
    )

    assert counts(result, "new", "outside") == [1, 1]
    assert refused.code == 2
    assert "more than 2 km" in refused.err


def test_file_without_crs_is_asked_about(four_grids: Path, chinese_dir: Path) -> None:
    rows: list[Row] = [({"name": "甲路"}, line((0, 50), (200, 50)))]
    path = boundary_file(chinese_dir / "路.gpkg", rows, crs=None)
    before = four_grids.read_bytes()

    asked = run("import", four_grids, path, "--level", "roads")
    assert asked.code == 2
    assert "--crs" in asked.err
    assert four_grids.read_bytes() == before

    assert run("import", four_grids, path, "--level", "roads", "--crs", PLANE).code == 0


def test_web_map_coordinates_are_moved_back(four_grids: Path, chinese_dir: Path) -> None:
    path = chinese_dir / "路.geojson"
    coordinates = [[120.34, 36.08], [120.341, 36.08]]
    feature = {
        "type": "Feature",
        "properties": {"name": "甲路"},
        "geometry": {"type": "LineString", "coordinates": coordinates},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")

    json_of("import", four_grids, path, "--level", "roads")
    plain = shapely.from_wkb(lines_of(four_grids)[0].line)
    json_of("import", four_grids, path, "--level", "roads", "--replace", "--crs", "gcj02")
    moved = shapely.from_wkb(lines_of(four_grids)[0].line)

    assert 300 < plain.distance(moved) < 700


def test_objects_need_land_first(project: Path, chinese_dir: Path) -> None:
    path = geojson(chinese_dir / "路.geojson", [({"name": "甲路"}, line((0, 50), (200, 50)))])

    ran = run("import", project, path, "--level", "roads")

    assert ran.code == 2
    assert "Import boundaries before" in ran.err


def test_file_of_other_things_is_refused(four_grids: Path, chinese_dir: Path) -> None:
    rows: list[Row] = [
        ({"highway": "footway"}, point(10, 10)),
        ({"highway": "steps"}, point(20, 10)),
    ]
    path = geojson(chinese_dir / "点.geojson", rows)

    ran = run("import", four_grids, path, "--level", "roads")

    assert ran.code == 2
    assert "another kind" in ran.err


OSM: Mapping[str, tuple[str, str, Mapping[str, int]]] = {
    "roads": (
        "bund_roads",
        "line_object",
        {"new": 777, "joined": 854, "duplicates": 10, "other": 137},
    ),
    "railways": ("bund_roads", "line_object", {"new": 6, "joined": 77, "other": 1695}),
    "water": ("bund_water", "line_object", {"new": 17, "joined": 39, "labels": 47, "other": 3}),
    "buildings": (
        "bund_buildings",
        "building",
        {"new": 1320, "joined": 23, "duplicates": 88, "labels": 408, "parts": 142},
    ),
    "compounds": ("bund_landuse", "compound", {"new": 18, "joined": 19, "labels": 22}),
}


@pytest.fixture
def riverside(project: Path, chinese_dir: Path) -> Path:
    """A project whose frame lies around the real extracts of the Bund."""
    x0, y0, x1, y1 = 121.478, 31.23, 121.508, 31.25
    ring = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]
    frame = {"type": "Polygon", "coordinates": [ring]}
    path = chinese_dir / "外框.geojson"
    path.write_text(json.dumps(frame), encoding="utf-8")
    assert run("import", project, path, "--level", "frame").code == 0
    return project


@pytest.mark.parametrize("level", OSM)
def test_real_extract_comes_in_whole_and_a_second_time_changes_nothing(
    riverside: Path, shared_data: Path, level: str
) -> None:
    name, table, expected = OSM[level]
    path = shared_data / "osm" / f"{name}.geojson"

    first = json_of("import", riverside, path, "--level", level)
    second = json_of("import", riverside, path, "--level", level)

    assert {key: first[key] for key in expected} == expected
    assert accounts_for_all(first)
    assert first["left_out"] == []
    assert counts(second, "new", "updated", "known") == [0, 0, expected["new"]]
    assert second["revision"] == first["revision"]
    assert len(rows_of(riverside, table)) == expected["new"]


def test_real_roads_keep_their_length_and_houses_their_land(
    riverside: Path, shared_data: Path
) -> None:
    folder = shared_data / "osm"
    json_of("import", riverside, folder / "bund_roads.geojson", "--level", "roads")
    json_of("import", riverside, folder / "bund_buildings.geojson", "--level", "buildings")

    roads = [shapely.from_wkb(row.line) for row in lines_of(riverside)]
    houses = [shapely.from_wkb(row.footprint) for row in buildings_of(riverside) if row.footprint]

    assert sum(road.length for road in roads) == pytest.approx(186_999, abs=50)
    assert shapely.union_all(houses).area == pytest.approx(1_124_954, abs=50)
    assert all(shapely.is_valid(houses))
