"""Each kind of edit line: what it does, what it answers, what it refuses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import fiona
import pytest
from pyproj import Transformer

from tests.cli.boundaries import at, boundary_file, box
from tests.cli.runner import edit, edited, json_of, run

UNFILLED = re.compile(r"\{[a-z_]+\}")
"""A parameter that nobody gave to its sentence."""
GRID_1, GRID_2, GRID_3, GRID_4 = (f"990001001001{n:03}" for n in range(1, 5))
COMMUNITY = "990001001001"
"""The project of four grids: 1 and 2 above, 3 and 4 below, 100 m each."""


def land_by_code(project: Path, out: Path) -> dict[str, float]:
    """Return the land (m² on the ellipsoid) of each coded area of a project."""
    ran = run("export", project, out, "--quiet")
    assert ran.code in (0, 1), ran.err
    found: dict[str, float] = {}
    for layer in ("community", "grid"):
        with fiona.open(out, layer=layer) as rows:
            found |= {row["properties"]["code"]: row["properties"]["land_m2"] for row in rows}
    return found


def assert_refused(project: Path, line: Any, code: str) -> str:
    """Run one line that must be refused with *code*; return its sentence."""
    before = json_of("verify", project)
    ran = edit(project, line)
    assert ran.code == 1
    [answer] = ran.answers
    assert answer["ok"] is False
    assert answer["code"] == code
    assert not UNFILLED.search(answer["text"])
    assert set(answer) == {"ok", "code", "text"}
    after = json_of("verify", project)
    assert after == before
    return str(answer["text"])


def test_insert_line_cuts_a_face_and_makes_a_sibling_with_the_next_free_code(
    four_grids: Path, chinese_dir: Path
) -> None:
    line = [at(-10, 30), at(110, 30)]

    [answer] = edited(
        four_grids, {"do": "insert_line", "line": line, "left": "keep", "right": "new"}
    )

    assert set(answer) == {"ok", "revision", "changed", "created"}
    assert answer["revision"] == 3
    [created] = answer["created"]
    assert created["code"] == "990001001001005"
    assert created["uid"] in answer["changed"]
    land = land_by_code(four_grids, chinese_dir / "后.gpkg")
    assert land["990001001001005"] == pytest.approx(3_000, rel=1e-4)
    assert land[GRID_3] == pytest.approx(7_000, rel=1e-4)


def test_insert_line_gives_left_to_the_left(four_grids: Path, chinese_dir: Path) -> None:
    # Northwards through grid 3: left is the west side.
    line = {"do": "insert_line", "line": [at(20, -1), at(20, 101)], "left": GRID_4, "right": "keep"}

    edited(four_grids, line)

    land = land_by_code(four_grids, chinese_dir / "后.gpkg")
    assert land[GRID_4] == pytest.approx(12_000, rel=1e-4)
    assert land[GRID_3] == pytest.approx(8_000, rel=1e-4)


def test_insert_line_across_two_siblings_makes_one_new_area(four_grids: Path) -> None:
    line = [at(-5, 50), at(205, 50)]

    [answer] = edited(
        four_grids, {"do": "insert_line", "line": line, "left": "keep", "right": "new"}
    )

    assert len(answer["created"]) == 1
    assert json_of("verify", four_grids)["ok"] is True


def test_insert_line_across_parents_is_refused(four_grids: Path, chinese_dir: Path) -> None:
    other = [({"code": "990001001002", "name": "邻社区"}, box(200, 0, 300, 200))]
    grid = [({"code": "990001001002001", "name": "邻格"}, box(200, 0, 300, 200))]
    json_of(
        "import", four_grids, boundary_file(chinese_dir / "c.gpkg", other), "--level", "community"
    )
    json_of("import", four_grids, boundary_file(chinese_dir / "g.gpkg", grid), "--level", "grid")
    line = [at(-5, 50), at(305, 50)]

    assert_refused(
        four_grids,
        {"do": "insert_line", "line": line, "left": "keep", "right": "new"},
        "edit.two_parents",
    )


@pytest.mark.parametrize(
    "line",
    [
        [(10, 10), (20, 20)],
        [(0, 100), (200, 100)],
        [(300, 300), (400, 300)],
        [(10, 10)],
        [],
        [(10, 10), (10, 10)],
    ],
    ids=["inside a face", "along borders", "beyond all land", "one point", "empty", "no length"],
)
def test_line_that_cuts_nothing_is_refused(
    four_grids: Path, line: list[tuple[float, float]]
) -> None:
    points = [at(x, y) for x, y in line]

    assert_refused(
        four_grids,
        {"do": "insert_line", "line": points, "left": "keep", "right": "new"},
        "edit.cuts_nothing",
    )


def test_give_hands_a_face_over(four_grids: Path, chinese_dir: Path) -> None:
    closed = [at(50, 90), at(60, 90), at(60, 95), at(50, 95), at(50, 90)]
    cut = {"do": "insert_line", "line": closed, "left": GRID_4, "right": "keep"}

    answers = edited(four_grids, cut, {"do": "give", "point": at(55, 92), "to": GRID_1})

    assert [answer["revision"] for answer in answers] == [3, 4]
    assert set(answers[1]) == {"ok", "revision", "changed"}
    land = land_by_code(four_grids, chinese_dir / "后.gpkg")
    assert land[GRID_1] == pytest.approx(10_050, rel=1e-4)
    assert land[GRID_4] == pytest.approx(10_000, rel=1e-4)


def test_give_to_nobody_shows_as_a_gap_at_once(four_grids: Path) -> None:
    cut = {
        "do": "insert_line",
        "line": [at(50, 50), at(60, 50), at(60, 60), at(50, 60), at(50, 50)],
        "left": GRID_4,
        "right": "keep",
    }

    edited(four_grids, cut, {"do": "give", "point": at(55, 55), "to": None})

    result = json_of("check", four_grids, code=1)
    [gap] = [issue for issue in result["issues"] if issue["kind"] == "gap"]
    assert gap["area_m2"] == 100.0
    assert gap["class"] == "enclosed"
    assert [round(number, 3) for number in gap["bbox"]] == [*at(50, 50), *at(60, 60)]


def test_give_by_issue_number_fills_the_gap(four_grids: Path) -> None:
    cut = {
        "do": "insert_line",
        "line": [at(50, 50), at(60, 50), at(60, 60), at(50, 60), at(50, 50)],
        "left": GRID_4,
        "right": "keep",
    }
    edited(four_grids, cut, {"do": "give", "point": at(55, 55), "to": None})
    [gap] = [i for i in json_of("check", four_grids, code=1)["issues"] if i["kind"] == "gap"]

    edited(four_grids, {"do": "give", "issue": gap["id"], "to": GRID_3})

    assert json_of("verify", four_grids)["gap_m2"] == 0.0
    assert_refused(
        four_grids, {"do": "give", "issue": gap["id"], "to": GRID_3}, "edit.unknown_issue"
    )


def test_issue_numbers_outlive_a_restart_and_edits_elsewhere(four_grids: Path) -> None:
    cut = {
        "do": "insert_line",
        "line": [at(50, 50), at(60, 50), at(60, 60), at(50, 60), at(50, 50)],
        "left": GRID_4,
        "right": "keep",
    }
    edited(four_grids, cut, {"do": "give", "point": at(55, 55), "to": None})
    before = {i["id"] for i in json_of("check", four_grids, code=1)["issues"] if i["kind"] == "gap"}

    edited(four_grids, {"do": "move", "from": at(200, 100), "to": at(201, 103)})

    after = {i["id"] for i in json_of("check", four_grids, code=1)["issues"] if i["kind"] == "gap"}
    assert after == before != set()


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ((100, 150), "edit.on_border"),
        ((100, 100), "edit.on_border"),
        ((500, 500), "edit.no_face"),
        ((1e7, 0), "edit.bad_place"),
    ],
)
def test_give_at_a_bad_place_is_refused(
    four_grids: Path, point: tuple[float, float], code: str
) -> None:
    text = assert_refused(four_grids, {"do": "give", "point": at(*point), "to": GRID_1}, code)

    assert str(at(*point)[0]) in text


def test_give_that_takes_the_last_land_is_refused(four_grids: Path) -> None:
    text = assert_refused(
        four_grids, {"do": "give", "point": at(50, 50), "to": GRID_1}, "edit.area_vanishes"
    )

    assert GRID_3 in text


def test_give_to_the_owner_is_refused(four_grids: Path) -> None:
    assert_refused(
        four_grids, {"do": "give", "point": at(50, 50), "to": GRID_3}, "edit.already_there"
    )


def test_move_takes_the_vertex_within_a_millimetre(four_grids: Path, chinese_dir: Path) -> None:
    near = at(100.0006, 100)

    [answer] = edited(four_grids, {"do": "move", "from": near, "to": at(110, 100)})

    assert answer["revision"] == 3
    land = land_by_code(four_grids, chinese_dir / "后.gpkg")
    assert land[GRID_3] == pytest.approx(10_500, rel=1e-4)
    assert land[GRID_4] == pytest.approx(9_500, rel=1e-4)


def test_move_without_a_vertex_names_the_place_in_the_plane(four_grids: Path) -> None:
    text = assert_refused(
        four_grids, {"do": "move", "from": at(100, 102), "to": at(110, 100)}, "edit.no_vertex"
    )

    assert "530100.000" in text
    assert "3994102.000" in text


def test_move_over_another_border_is_refused(four_grids: Path) -> None:
    before = json_of("verify", four_grids)

    ran = edit(four_grids, {"do": "move", "from": at(100, 100), "to": at(250, 100)})

    [answer] = ran.answers
    # Which of its faults is met first is the kernel's business.
    assert answer["code"] in {"edit.crosses", "edit.sweeps_over", "edit.turns_over"}
    assert "3994" in answer["text"]
    assert json_of("verify", four_grids) == before


def test_frame_once_confirmed_is_locked(four_grids: Path) -> None:
    edited(four_grids, {"do": "frame", "from": "union"})

    assert json_of("info", four_grids)["frame"] == "given"
    assert_refused(four_grids, {"do": "move", "from": at(0, 0), "to": at(-5, 0)}, "edit.locked")
    assert_refused(four_grids, {"do": "frame", "from": "union"}, "edit.frame_stands")


def test_create_lists_an_area_without_land(four_grids: Path) -> None:
    line = {
        "do": "create",
        "level": "micro_grid",
        "parent": GRID_1,
        "code": f"{GRID_1}07",
        "name": "七号微网格",
    }

    [answer] = edited(four_grids, line)

    assert answer["created"][0]["code"] == f"{GRID_1}07"
    levels = {level["level"]: level for level in json_of("info", four_grids)["levels"]}
    assert levels["micro_grid"]["listed"] == 1
    assert levels["micro_grid"]["drawn"] == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": GRID_2}, "edit.duplicate_code"),
        ({"level": "district"}, "edit.wrong_parent"),
        ({"level": "moon"}, "edit.unknown_level"),
        ({"parent": "nobody"}, "edit.unknown_area"),
        ({"name": "   "}, "edit.bad_value"),
        ({"name": None}, "edit.bad_value"),
        ({"kind": "royal"}, "edit.bad_value"),
        ({"kind": ["general"]}, "edit.bad_value"),
        ({"level": ["grid"]}, "edit.bad_value"),
    ],
)
def test_create_refuses_what_does_not_fit(
    four_grids: Path, values: dict[str, Any], code: str
) -> None:
    line = {"do": "create", "level": "micro_grid", "parent": GRID_1, "code": "1", "name": "样例"}

    assert_refused(four_grids, line | values, code)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "改名 网格"),
        ("code", "990001001001077"),
        ("kind", "exclusive"),
        ("class", "rural"),
        ("households", 321),
        ("divided", True),
    ],
)
def test_set_changes_one_field(
    four_grids: Path, chinese_dir: Path, field: str, value: str | int | bool
) -> None:
    [answer] = edited(four_grids, {"do": "set", "area": GRID_1, "field": field, "value": value})

    assert answer["revision"] == 3
    assert run("export", four_grids, chinese_dir / "后.gpkg").code == 0
    if field != "divided":
        with fiona.open(chinese_dir / "后.gpkg", layer="grid") as rows:
            assert [value] == [
                row["properties"][field]
                for row in rows
                if row["properties"]["uid"] == answer["changed"][0]
            ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "edit.bad_value"),
        ("name", 5, "edit.bad_value"),
        ("code", GRID_2, "edit.duplicate_code"),
        ("kind", "royal", "edit.bad_value"),
        ("kind", {"a": 1}, "edit.bad_value"),
        ("class", "moon", "edit.bad_value"),
        ("class", [1], "edit.bad_value"),
        ("households", -1, "edit.bad_value"),
        ("households", 1.5, "edit.bad_value"),
        ("households", True, "edit.bad_value"),
        ("divided", "yes", "edit.bad_value"),
        ("colour", "red", "edit.unknown_field"),
        ("code", GRID_1, "edit.nothing_changes"),
    ],
)
def test_set_refuses_what_does_not_fit(four_grids: Path, field: str, value: Any, code: str) -> None:
    assert_refused(four_grids, {"do": "set", "area": GRID_1, "field": field, "value": value}, code)


def test_uid_may_stand_where_a_code_may(four_grids: Path) -> None:
    [created] = edited(
        four_grids,
        {"do": "create", "level": "micro_grid", "parent": GRID_1, "code": None, "name": "无码"},
    )
    uid = created["created"][0]["uid"]

    [answer] = edited(four_grids, {"do": "set", "area": uid, "field": "name", "value": "有名"})

    assert answer["changed"] == [uid]


def test_code_borne_twice_is_ambiguous(four_grids: Path, chinese_dir: Path) -> None:
    twins = [
        ({"code": "990001001001009", "name": name}, box(x, 0, x + 50, 50))
        for name, x in (("甲", 300), ("乙", 400))
    ]
    path = boundary_file(chinese_dir / "双.gpkg", twins)
    # They lie beyond their community: disputed, and exit 1 says so.
    json_of("import", four_grids, path, "--level", "grid", code=1)

    text = assert_refused(
        four_grids,
        {"do": "set", "area": "990001001001009", "field": "name", "value": "丙"},
        "edit.ambiguous",
    )

    assert text.count("-") >= 8, "the uids to choose from"


def test_delete_gives_the_land_to_the_parent_and_keeps_the_code_taken(
    four_grids: Path, chinese_dir: Path
) -> None:
    edited(four_grids, {"do": "delete", "area": GRID_4})

    land = land_by_code(four_grids, chinese_dir / "后.gpkg")
    assert GRID_4 not in land
    assert land[COMMUNITY] == pytest.approx(40_000, rel=1e-4)
    [issue] = [
        i for i in json_of("check", four_grids, code=1)["issues"] if i["kind"] == "remainder"
    ]
    assert issue["area_m2"] == 10_000.0
    line = {"do": "create", "level": "grid", "parent": COMMUNITY, "code": GRID_4, "name": "再来"}
    assert_refused(four_grids, line, "edit.duplicate_code")


def test_delete_refuses_root_and_parents(four_grids: Path) -> None:
    root = json_of("info", four_grids)["root"]["uid"]

    assert_refused(four_grids, {"do": "delete", "area": COMMUNITY}, "edit.has_children")
    assert_refused(four_grids, {"do": "delete", "area": root}, "edit.is_root")


def test_exempt_takes_a_face_out_of_what_must_be_covered(four_grids: Path) -> None:
    cut = {"do": "insert_line", "line": [at(50, -1), at(50, 101)], "left": GRID_4, "right": "keep"}
    exempt = {
        "do": "exempt",
        "point": at(20, 50),
        "reason": "水面",
        "approver": "张三（虚构）",
        "until": None,
    }

    edited(four_grids, cut, exempt)

    verified = json_of("verify", four_grids)
    assert verified["exempt_m2"] == 5_000.0
    assert verified["ok"] is True
    assert json_of("info", four_grids)["exempt"] == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", ""),
        ("not json", "edit.bad_line"),
        ("[1, 2]", "edit.bad_line"),
        ("[" * 100_000, "edit.bad_line"),
        ('{"do": "set", "area": "1", "field": "name", "value": "\\ud800"}', "edit.bad_line"),
        ('{"do": "fly"}', "edit.unknown_command"),
        ("{}", "edit.unknown_command"),
        ('{"do": ["give"]}', "edit.unknown_command"),
        ('{"do": "give", "to": "1"}', "edit.missing_value"),
        ('{"do": "give", "point": [1, 2]}', "edit.missing_value"),
        ('{"do": "give", "point": [1], "to": null}', "edit.bad_value"),
        ('{"do": "give", "point": [true, 1], "to": null}', "edit.bad_value"),
        ('{"do": "give", "point": ["1", "2"], "to": null}', "edit.bad_value"),
        ('{"do": "give", "point": [NaN, 2], "to": null}', "edit.bad_place"),
        ('{"do": "give", "point": [1e400, 2], "to": null}', "edit.bad_place"),
        ('{"do": "give", "point": [' + "9" * 400 + ', 2], "to": null}', "edit.bad_value"),
        ('{"do": "give", "issue": "x", "to": null}', "edit.unknown_issue"),
        ('{"do": "insert_line", "line": 5, "left": "new", "right": "keep"}', "edit.bad_value"),
        ('{"do": "frame", "from": "moon"}', "edit.bad_value"),
        ('{"do": "exempt", "point": [1, 1], "reason": "湖"}', "edit.missing_value"),
    ],
)
def test_line_that_can_not_be_understood_is_refused_in_words(
    four_grids: Path, line: str, code: str
) -> None:
    if code:
        assert_refused(four_grids, line, code)
    else:
        assert edit(four_grids, line).answers == []


def test_sentences_come_in_the_language_asked_for(four_grids: Path) -> None:
    chinese = run("edit", four_grids, lang="zh", stdin=b"nonsense\n").answers[0]["text"]
    english = run("edit", four_grids, lang="en", stdin=b"nonsense\n").answers[0]["text"]

    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert english.isascii() or "JSON" in english
    assert chinese != english


def test_crs_option_moves_places_into_the_plane(four_grids: Path) -> None:
    to_lonlat = Transformer.from_crs("EPSG:4549", "EPSG:4490", always_xy=True)
    (x0, y), (x1, _) = at(-1, 40), at(101, 40)
    places = [to_lonlat.transform(x, y) for x in (x0, x1)]
    line = {"do": "insert_line", "line": places, "left": "keep", "right": "new"}

    ran = edit(four_grids, line, options=["--crs", "EPSG:4490"])

    assert ran.code == 0, ran.out
    assert len(ran.answers[0]["created"]) == 1


def test_stop_on_error_leaves_the_rest_undone(four_grids: Path) -> None:
    good = {"do": "set", "area": GRID_1, "field": "households", "value": 3}

    going_on = edit(four_grids, "x", good)
    stopping = edit(four_grids, "x", good | {"value": 4}, options=["--stop-on-error"])

    assert [answer["ok"] for answer in going_on.answers] == [False, True]
    assert [answer["ok"] for answer in stopping.answers] == [False]
    assert (going_on.code, stopping.code) == (1, 1)
    assert json_of("info", four_grids)["revision"] == 3


def test_script_file_with_byte_order_mark_and_blank_lines_is_read(
    four_grids: Path, chinese_dir: Path
) -> None:
    script = chinese_dir / "改 动.jsonl"
    script.write_text(
        '\n{"do": "set", "area": "990001001001001", "field": "name", "value": "甲"}\r\n\n',
        encoding="utf-8-sig",
    )

    ran = run("edit", four_grids, script)

    assert ran.code == 0
    assert [answer["revision"] for answer in ran.answers] == [3]


def test_missing_script_is_bad_use(four_grids: Path, chinese_dir: Path) -> None:
    ran = run("edit", four_grids, chinese_dir / "没有.jsonl")

    assert ran.code == 2
    assert "没有.jsonl" in ran.err
    assert ran.out == ""


def test_a_preview_tells_what_a_line_would_do_and_leaves_the_project(four_grids: Path) -> None:
    before = json_of("verify", four_grids)
    line = {"do": "set", "areas": [GRID_1, GRID_2], "values": {"class": "urban"}, "preview": True}

    [answer] = edited(four_grids, line)

    assert answer["preview"] is True
    assert len(answer["changed"]) == 2
    assert answer["revision"] == before["revision"]
    assert json_of("verify", four_grids) == before


def test_renumber_tells_old_and_new_codes(four_grids: Path) -> None:
    set_codes = {"do": "set", "area": GRID_1, "field": "code", "value": "990001001001044"}

    [_, answer] = edited(
        four_grids, set_codes, {"do": "renumber", "parent": COMMUNITY, "level": "grid"}
    )

    [row] = answer["codes"]
    assert (row["old"], row["new"]) == ("990001001001044", GRID_1)
    assert answer["in_force"] == 0
