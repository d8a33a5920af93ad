"""Imports add up, whatever comes first: parents, children, the frame, land taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
import shapely.affinity

from tests.cli.boundaries import Row, boundary_file, box, quarters
from tests.cli.runner import json_of, run

Kinds = dict[str, list[float]]


def row(code: str | None, name: str, shape: shapely.Geometry | None, **more: str) -> Row:
    return {"code": code, "name": name, **more}, shape


def issues(project: Path) -> Kinds:
    """Return the sizes of errors and warnings of a project by kind."""
    ran = run("check", project, "--json", "-")
    found: Kinds = {}
    for issue in ran.json["issues"]:
        if issue["severity"] != "info":
            found.setdefault(issue["kind"], []).append(issue["area_m2"])
    assert ran.code == (1 if found else 0)
    return {kind: sorted(sizes) for kind, sizes in found.items()}


def levels(project: Path) -> dict[str, tuple[int, int]]:
    """Return ``(areas, drawn)`` of each level that has areas."""
    return {
        level["level"]: (level["areas"], level["drawn"])
        for level in json_of("info", project)["levels"]
        if level["areas"]
    }


def parents(project: Path, out: Path) -> dict[str, str | None]:
    """Return the parent's code of each coded area, as the export tells it."""
    import sqlite3

    assert run("export", project, out).code in (0, 1)
    with sqlite3.connect(out) as database:
        rows = database.execute("SELECT code, parent_code FROM areas WHERE code IS NOT NULL")
        return dict(rows.fetchall())


@pytest.fixture
def rooted(chinese_dir: Path) -> Path:
    """市南区 with its base units listed and no land yet."""
    path = chinese_dir / "市南 空.gpkg"
    assert run("new", path, "--scheme", "default", "--root", "370202").code == 0
    return path


def test_streets_first_then_communities_one_street_at_a_time(
    rooted: Path, chinese_dir: Path
) -> None:
    streets = [
        row("370202001", "甲", box(0, 0, 100, 100)),
        row("370202002", "乙", box(100, 0, 200, 100)),
    ]
    first = [
        row("370202001001", "甲一", box(0, 0, 50, 100)),
        row("370202001002", "甲二", box(50, 0, 100, 100)),
    ]
    second = [
        row("370202002901", "乙一", box(100, 0, 150, 100)),
        row("370202002902", "乙二", box(150, 0, 200, 100)),
    ]

    for rows, level in ((streets, "street"), (first, "community"), (second, "community")):
        name = f"{level}{rows[0][0]['code']}.gpkg"
        result = json_of(
            "import", rooted, boundary_file(chinese_dir / name, rows), "--level", level
        )
        assert result["drawn"] == 2

    assert issues(rooted) == {}
    assert levels(rooted)["street"][1] == 2
    assert levels(rooted)["community"][1] == 4
    found = parents(rooted, chinese_dir / "出.gpkg")
    assert found["370202002901"] == "370202002"
    verified = json_of("verify", rooted)
    assert (verified["plane_m2"], verified["gap_m2"]) == (20_000.0, 0.0)


def test_remainder_is_told_while_one_street_of_two_is_divided(
    project: Path, chinese_dir: Path
) -> None:
    streets = [
        row("990001001", "甲", box(0, 0, 100, 100)),
        row("990001002", "乙", box(100, 0, 200, 100)),
    ]
    part = [row("990001001001", "甲一", box(0, 0, 40, 100))]

    json_of("import", project, boundary_file(chinese_dir / "s.gpkg", streets), "--level", "street")
    json_of("import", project, boundary_file(chinese_dir / "c.gpkg", part), "--level", "community")

    assert issues(project) == {"remainder": [6_000.0]}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_the_order_of_levels_makes_no_difference(
    project: Path, chinese_dir: Path, order: tuple[int, ...]
) -> None:
    files = [
        ("street", [row("990001001", "街道", box(0, 0, 200, 200))]),
        (
            "community",
            [
                row("990001001001", "西", box(0, 0, 100, 200)),
                row("990001001002", "东", box(100, 0, 200, 200)),
            ],
        ),
        (
            "grid",
            [
                row("990001001001001", "西上", box(0, 100, 100, 200)),
                row("990001001001002", "西下", box(0, 0, 100, 100)),
                row("990001001002001", "东上", box(100, 100, 200, 200)),
                # 10 m beyond the community and the street, 40 m short of the corner.
                row("990001001002002", "东下", box(100, 0, 210, 60)),
            ],
        ),
    ]

    for number in order:
        level, rows = files[number]
        ran = run(
            "import", project, boundary_file(chinese_dir / f"{level}.gpkg", rows), "--level", level
        )
        assert ran.code in (0, 1), ran.err

    assert issues(project) == {"overhang": [600.0], "remainder": [4_000.0]}
    assert parents(project, chinese_dir / "出.gpkg") == {
        "990001001": None,
        "990001001001": "990001001",
        "990001001002": "990001001",
        "990001001001001": "990001001001",
        "990001001001002": "990001001001",
        "990001001002001": "990001001002",
        "990001001002002": "990001001002",
    }
    assert json_of("verify", project)["ok"] is True


def test_children_without_codes_find_their_late_parent_by_place(
    project: Path, chinese_dir: Path
) -> None:
    grids = [row(None, "西格", box(0, 0, 100, 100)), row(None, "东格", box(100, 0, 200, 100))]
    communities = [row("990001001001", "西", box(0, 0, 100, 100))]

    json_of("import", project, boundary_file(chinese_dir / "g.gpkg", grids), "--level", "grid")
    path = boundary_file(chinese_dir / "c.gpkg", communities)
    result = json_of("import", project, path, "--level", "community")

    assert result["adopted"] == 1
    assert issues(project) == {}


def test_parents_come_by_column_by_code_and_by_place(project: Path, chinese_dir: Path) -> None:
    communities = [
        row("990001001001", "西社区", box(0, 0, 100, 100)),
        row("990001001002", "东社区", box(100, 0, 200, 100)),
    ]
    grids = [
        row("A1", "按列名", box(0, 0, 50, 100), parent="西社区居委会"),
        row("990001001001001", "按编码", box(50, 0, 100, 100), parent=""),
        row("A3", "按位置", box(100, 0, 200, 100), parent=""),
    ]
    path = boundary_file(chinese_dir / "c.gpkg", communities)
    json_of("import", project, path, "--level", "community")

    path = boundary_file(chinese_dir / "g.gpkg", grids)
    json_of("import", project, path, "--level", "grid", "--parent", "parent", "--code", "code")

    found = parents(project, chinese_dir / "出.gpkg")
    assert found["A1"] == "990001001001"
    assert found["990001001001001"] == "990001001001"
    assert found["A3"] == "990001001002"
    assert issues(project) == {}


def test_names_match_without_the_ending_that_lists_add(rooted: Path, chinese_dir: Path) -> None:
    rows: list[Row] = [
        ({"MC": "云南路社区居委会"}, box(0, 0, 100, 100)),
        ({"MC": "团岛社区居民委员会"}, box(100, 0, 200, 100)),
    ]

    result = json_of(
        "import", rooted, boundary_file(chinese_dir / "名.gpkg", rows), "--level", "community"
    )

    assert result["columns"]["name"] == "MC"
    assert (result["known"], result["new"], result["drawn"]) == (2, 0, 2)


def test_missing_parents_known_by_code_are_made_as_listed(chinese_dir: Path) -> None:
    path = chinese_dir / "无单元.gpkg"
    assert run("new", path, "--scheme", "default", "--root", "370202", "--no-units").code == 0
    rows = [row("370202001002001", "样例网格", box(0, 0, 100, 100))]

    result = json_of("import", path, boundary_file(chinese_dir / "g.gpkg", rows), "--level", "grid")

    assert result["made_parents"] in (1, 2)
    assert levels(path)["street"][0] == 1


def test_absent_level_hangs_communities_at_the_root(chinese_dir: Path) -> None:
    path = chinese_dir / "龙港.gpkg"
    assert run("new", path, "--scheme", "longgang", "--root", "330383").code == 0
    rows = [row("330383001999", "样例社区", box(0, 0, 100, 100))]
    source = boundary_file(chinese_dir / "c.gpkg", rows)

    result = json_of("import", path, source, "--level", "community")
    refused = run("import", path, source, "--level", "street")

    assert result["drawn"] == 1
    assert parents(path, chinese_dir / "出.gpkg")["330383001999"] == "330383"
    assert refused.code == 2
    assert "street" in refused.err
    assert "street" not in levels(path)


def test_rows_without_code_and_name_get_one_from_level_and_row(
    project: Path, chinese_dir: Path
) -> None:
    rows = [
        row(None, "有名", box(0, 0, 50, 50)),
        ({"code": None, "name": None}, box(50, 0, 100, 50)),
    ]

    result = json_of(
        "import", project, boundary_file(chinese_dir / "g.gpkg", rows), "--level", "grid"
    )

    assert result["new"] == 2
    assert levels(project)["grid"] == (2, 2)


def test_codes_that_stand_twice_are_kept_and_listed(chinese_dir: Path) -> None:
    rows = [
        row("990001001001001", "甲", box(0, 0, 50, 50)),
        row("990001001001001", "乙", box(50, 0, 100, 50)),
    ]
    path = chinese_dir / "有码.gpkg"
    assert run("new", path, "--scheme", "default", "--root", "370202").code == 0

    json_of("import", path, boundary_file(chinese_dir / "g.gpkg", rows), "--level", "grid")

    result = json_of("check", path, code=1)
    twice = [issue for issue in result["issues"] if issue["kind"] == "code_duplicate"]
    assert [issue["codes"] for issue in twice] == [["990001001001001"]] * 2


def test_known_areas_are_left_as_they_are_unless_replaced(project: Path, chinese_dir: Path) -> None:
    old = boundary_file(chinese_dir / "旧.gpkg", quarters())
    moved = [
        ({**values, "name": "别名"}, shapely.affinity.translate(shape, yoff=5.0))
        for values, shape in quarters()
        if shape is not None
    ]
    new = boundary_file(chinese_dir / "新.gpkg", moved)
    json_of("import", project, old, "--level", "grid")
    before = json_of("verify", project)

    left = json_of("import", project, new, "--level", "grid")
    assert json_of("verify", project)["partition_sha256"] == before["partition_sha256"]
    taken = json_of("import", project, new, "--level", "grid", "--replace")

    assert (left["known"], left["drawn"], left["revision"]) == (4, 0, 1)
    assert (taken["known"], taken["drawn"], taken["new"]) == (4, 4, 0)
    after = json_of("verify", project)
    assert after["plane_m2"] == before["plane_m2"] == 40_000.0
    assert after["gap_m2"] == 0.0
    assert after["partition_sha256"] != before["partition_sha256"]


def test_replaced_parent_that_shrinks_leaves_its_children_in_dispute(
    project: Path, chinese_dir: Path
) -> None:
    for rows, level in (
        ([row("990001001001", "社区", box(0, 0, 200, 200))], "community"),
        (quarters("990001001001"), "grid"),
    ):
        json_of(
            "import", project, boundary_file(chinese_dir / f"{level}.gpkg", rows), "--level", level
        )
    smaller = boundary_file(
        chinese_dir / "小.gpkg", [row("990001001001", "社区", box(0, 0, 200, 190))]
    )

    result = json_of("import", project, smaller, "--level", "community", "--replace", code=1)

    assert [(face["kind"], face["area_m2"]) for face in result["disputed"]] == [
        ("overhang", 1_000.0)
    ] * 2
    assert issues(project) == {"overhang": [1_000.0, 1_000.0]}


def test_overlap_of_a_later_file_is_disputed_with_all_claims(
    project: Path, chinese_dir: Path
) -> None:
    json_of(
        "import", project, boundary_file(chinese_dir / "旧.gpkg", quarters()), "--level", "grid"
    )
    rows = [row("990001001009", "中间", box(50, 50, 150, 150))]

    result = json_of(
        "import", project, boundary_file(chinese_dir / "新.gpkg", rows), "--level", "grid", code=1
    )

    assert sorted(tuple(face["areas"]) for face in result["disputed"]) == [
        (f"990001001{n:03}", "990001001009") for n in (1, 2, 3, 4)
    ]
    assert issues(project) == {"overlap": [2_500.0] * 4}
    assert json_of("verify", project)["overlap_m2"] == 10_000.0


def test_duplicate_of_a_later_file_is_disputed_and_not_refused(
    project: Path, chinese_dir: Path
) -> None:
    json_of(
        "import", project, boundary_file(chinese_dir / "旧.gpkg", quarters()), "--level", "grid"
    )
    rows = [row("990001001009", "同一块", box(0, 0, 100, 100))]

    json_of(
        "import", project, boundary_file(chinese_dir / "新.gpkg", rows), "--level", "grid", code=1
    )

    assert issues(project) == {"duplicate": [10_000.0]}
    assert levels(project)["grid"] == (5, 3)


def test_three_areas_in_one_face_are_one_issue_with_all_of_them(
    project: Path, chinese_dir: Path
) -> None:
    rows = [
        row("990001001001", "甲", box(0, 0, 100, 100)),
        row("990001001002", "乙", box(0, 0, 100, 200)),
        row("990001001003", "丙", box(0, 0, 200, 100)),
    ]

    json_of(
        "import", project, boundary_file(chinese_dir / "g.gpkg", rows), "--level", "grid", code=1
    )

    [issue] = [i for i in json_of("check", project, code=1)["issues"] if i["severity"] == "error"]
    assert (issue["kind"], issue["area_m2"]) == ("contained", 10_000.0)
    assert sorted(issue["codes"]) == ["990001001001", "990001001002", "990001001003"]


@pytest.mark.parametrize("frame_first", [True, False])
def test_land_beyond_the_frame_waits_for_a_decision(
    project: Path, chinese_dir: Path, frame_first: bool
) -> None:
    frame = boundary_file(chinese_dir / "外框.gpkg", [row("f", "外框", box(0, 0, 150, 250))])
    grids = boundary_file(chinese_dir / "网格.gpkg", quarters())
    commands: list[tuple[Any, ...]] = [(frame, "--level", "frame"), (grids, "--level", "grid")]

    for command in commands if frame_first else reversed(commands):
        assert run("import", project, *command).code in (0, 1)

    assert issues(project) == {"gap": [7_500.0], "overhang": [5_000.0, 5_000.0]}
    verified = json_of("verify", project)
    assert (verified["gap_m2"], verified["overlap_m2"]) == (7_500.0, 10_000.0)
    assert json_of("info", project)["frame"] == "given"


def test_children_of_an_overhanging_parent_stay_beyond_the_frame_too(
    project: Path, chinese_dir: Path
) -> None:
    frame = boundary_file(chinese_dir / "外框.gpkg", [row("f", "外框", box(0, 0, 150, 200))])
    street = boundary_file(chinese_dir / "街道.gpkg", [row("990001001", "街", box(0, 0, 200, 200))])
    json_of("import", project, frame, "--level", "frame")
    json_of("import", project, street, "--level", "street", code=1)

    communities = boundary_file(chinese_dir / "社区.gpkg", quarters())
    json_of("import", project, communities, "--level", "community", code=1)

    assert issues(project) == {"overhang": [5_000.0, 5_000.0]}


def test_larger_frame_settles_what_stood_beyond_the_former(
    project: Path, chinese_dir: Path
) -> None:
    frame = boundary_file(chinese_dir / "外框.gpkg", [row("f", "外框", box(0, 0, 150, 200))])
    larger = boundary_file(chinese_dir / "大框.gpkg", [row("f", "外框", box(0, 0, 200, 200))])
    grids = boundary_file(chinese_dir / "网格.gpkg", quarters())
    json_of("import", project, frame, "--level", "frame")
    json_of("import", project, grids, "--level", "grid", code=1)
    refused = run("import", project, larger, "--level", "frame")

    json_of("import", project, larger, "--level", "frame", "--replace")

    assert refused.code == 2
    assert "--replace" in refused.err
    assert issues(project) == {}
    assert json_of("verify", project)["plane_m2"] == 40_000.0


def test_exempt_land_stays_exempt_under_a_later_import(project: Path, chinese_dir: Path) -> None:
    grids = boundary_file(chinese_dir / "网格.gpkg", quarters())
    lake = boundary_file(chinese_dir / "湖.gpkg", [row("h", "样例湖", box(50, 50, 150, 150))])
    json_of("import", project, grids, "--level", "grid")
    unreasoned = run("import", project, lake, "--level", "exempt")
    reason = ("--reason", "水面", "--approver", "张三（虚构）")
    json_of("import", project, lake, "--level", "exempt", *reason)

    json_of("import", project, grids, "--level", "grid", "--replace")

    assert unreasoned.code == 2
    assert "--reason" in unreasoned.err
    verified = json_of("verify", project)
    assert (verified["exempt_m2"], verified["plane_m2"]) == (10_000.0, 40_000.0)
    assert issues(project) == {}


def test_context_is_kept_beside_and_claims_nothing(project: Path, chinese_dir: Path) -> None:
    json_of("import", project, boundary_file(chinese_dir / "g.gpkg", quarters()), "--level", "grid")
    before = json_of("verify", project)
    around = boundary_file(chinese_dir / "邻.gpkg", [row("n", "邻区", box(150, 0, 400, 200))])

    result = json_of("import", project, around, "--level", "context")

    assert result["drawn"] == 1
    after = json_of("verify", project)
    assert after["partition_sha256"] == before["partition_sha256"]
    assert after["revision"] == before["revision"] + 1


def test_dust_goes_to_the_longest_border_and_is_told(project: Path, chinese_dir: Path) -> None:
    # A gap 2 mm wide and 4 m long: beyond the snapping distance, below the smallest listed defect.
    rows = [
        row(
            "990001001001",
            "西",
            shapely.union_all([box(0, 0, 100, 50), box(0, 54, 100, 100), box(0, 50, 99.998, 54)]),
        ),
        row("990001001002", "东", box(100, 0, 200, 100)),
    ]

    result = json_of(
        "import", project, boundary_file(chinese_dir / "g.gpkg", rows), "--level", "grid"
    )

    assert result["dust"]["count"] == 1
    assert result["dust"]["area_m2"] == pytest.approx(0.008, abs=1e-9)
    assert issues(project) == {}
    assert json_of("verify", project)["plane_m2"] == 20_000.0


def test_import_is_one_gesture(project: Path, chinese_dir: Path) -> None:
    from tests.cli.runner import edited

    json_of("import", project, boundary_file(chinese_dir / "g.gpkg", quarters()), "--level", "grid")
    drawn = json_of("verify", project)

    [undone, redone] = edited(project, {"do": "undo"}, {"do": "redo"})

    assert (undone["revision"], redone["revision"]) == (2, 3)
    assert json_of("verify", project)["partition_sha256"] == drawn["partition_sha256"]
    assert levels(project)["grid"] == (4, 4)


def test_root_level_is_brought_in_as_the_frame(project: Path, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "区.gpkg", [row("990001", "虚构区", box(0, 0, 100, 100))])

    ran = run("import", project, path, "--level", "district")

    assert ran.code == 2
    assert "--level frame" in ran.err


def test_late_parent_that_lies_elsewhere_disputes_the_land_below_and_is_not_refused(
    project: Path, chinese_dir: Path
) -> None:
    community = [row("990001001001", "社区", box(0, 0, 100, 100))]
    grid = [row("990001001001001", "网格", box(0, 0, 100, 100))]
    street = [row("990001001", "别处", box(300, 0, 400, 100))]
    for rows, level in ((community, "community"), (grid, "grid")):
        path = boundary_file(chinese_dir / f"{level}.gpkg", rows)
        json_of("import", project, path, "--level", level)

    path = boundary_file(chinese_dir / "street.gpkg", street)
    json_of("import", project, path, "--level", "street", code=1)

    assert issues(project)["overhang"] == [10_000.0]
    assert json_of("verify", project)["ok"] is True
