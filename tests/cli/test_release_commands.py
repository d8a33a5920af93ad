"""Releases by edit lines, ``gridadmin releases`` and ``gridadmin diff``."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridadmin.app.session import Session
from gridadmin.publish.package import make_package
from gridadmin.publish.releasing import releases_of
from tests.cli.boundaries import at
from tests.cli.runner import Line, edit, edited, json_of, run

FIRST: Line = {"do": "release", "note": "虚构的第一版"}
MOVE: Line = {"do": "move", "from": at(100, 100), "to": at(104, 97)}
RENAME: Line = {"do": "set", "area": "990001001001001", "field": "name", "value": "改名网格"}


@pytest.fixture
def released(four_grids: Path) -> Path:
    """The four grids: released, a node moved and a grid renamed, released again."""
    answers = edited(four_grids, FIRST, MOVE, RENAME, {"do": "release"})
    assert [answers[0]["release"], answers[3]["release"]] == [1, 2]
    return four_grids


def package(project: Path, number: int, folder: Path) -> Path:
    with Session.open(project, write=False) as session:
        [release] = [one for one in releases_of(session.snapshot) if one.number == number]
        return make_package(session, release, "public", folder=folder).path


def test_releases_are_listed_the_newest_first_with_their_proof(released: Path) -> None:
    told = json_of("releases", released)["releases"]

    assert [one["number"] for one in told] == [2, 1]
    assert told[1]["note"] == "虚构的第一版"
    assert told[1]["certificate"]["gap_m2"] == told[1]["certificate"]["overlap_m2"] == 0
    assert told[1]["partition_sha256"] != told[0]["partition_sha256"]
    assert told[0]["partition_sha256"] == json_of("verify", released)["partition_sha256"]
    assert json_of("info", released)["last_release"] == 2
    assert "The last release is 2." in run("info", released).err
    assert "虚构的第一版" in run("releases", released).err


def test_a_project_without_releases_says_so(four_grids: Path) -> None:
    assert json_of("releases", four_grids) == {"version": 1, "releases": []}
    assert run("releases", four_grids).err.strip() == "Nothing has been released yet."


def test_diff_of_two_releases_tells_what_changed_hands(released: Path) -> None:
    told = json_of("diff", released, "1", "2")

    assert (told["from"]["release"], told["to"]["release"]) == (1, 2)
    assert told["counts"]["reshaped"] == 4
    assert told["counts"]["renamed"] == 1
    assert told["land_m2"] > 0
    back = json_of("diff", released, "2", "1")
    assert back["land_m2"] == told["land_m2"]
    assert json_of("diff", released, "2", "now")["areas"] == []
    assert json_of("diff", released, "1", "now")["counts"] == told["counts"]


def test_diff_with_a_package_file_agrees_with_the_release(
    released: Path, chinese_dir: Path
) -> None:
    first = package(released, 1, chinese_dir)

    same = json_of("diff", released, str(first), "1")
    assert (same["areas"], same["handovers"]) == ([], [])
    told = json_of("diff", released, str(first), "now")
    known = json_of("diff", released, "1", "now")
    assert told["counts"] == known["counts"]
    assert abs(told["land_m2"] - known["land_m2"]) <= 0.02
    assert {(h["level"], h["from"]["uid"], h["to"]["uid"]) for h in told["handovers"]} == {
        (h["level"], h["from"]["uid"], h["to"]["uid"]) for h in known["handovers"]
    }


def test_diff_refuses_what_is_no_side(released: Path, chinese_dir: Path) -> None:
    assert run("diff", released, "9", "now").code == 2
    assert "nonsense" in run("diff", released, "nonsense", "now").err
    other = chinese_dir / "别的.gpkg"
    other.write_bytes(b"SQLite format 3\0" + bytes(100))
    assert run("diff", released, str(other), "now").code == 2


def test_diff_writes_a_workbook(released: Path, chinese_dir: Path) -> None:
    table = chinese_dir / "对照 表.xlsx"
    ran = run("diff", released, "1", "2", "--table", table)

    assert ran.code == 0, ran.err
    assert table.stat().st_size > 4000
    assert "Areas with another name: 1" in ran.err


def test_roll_back_brings_the_hash_of_the_release_back(released: Path) -> None:
    [done] = edited(released, {"do": "roll_back", "release": 1})

    assert done["release"] == 1
    told = json_of("releases", released)["releases"]
    verified = json_of("verify", released)
    assert verified["partition_sha256"] == told[1]["partition_sha256"]
    assert json_of("diff", released, "1", "now")["areas"] == []
    edited(released, {"do": "undo"})
    assert json_of("verify", released)["partition_sha256"] == told[0]["partition_sha256"]


def test_an_error_blocks_a_release_until_it_is_allowed_by_its_number(four_grids: Path) -> None:
    near, far = at(-1, 40), at(101, 40)
    cut: Line = {"do": "insert_line", "line": [near, far], "left": "new", "right": "keep"}
    hole: Line = {"do": "insert_line", "line": [at(-1, 20), at(101, 20)], "left": "keep",
                  "right": "new"}  # fmt: skip
    made = edited(four_grids, cut, hole)
    edited(four_grids, {"do": "delete", "area": made[1]["created"][0]["uid"]})
    edited(four_grids, {"do": "give", "point": at(50, 10), "to": None})
    [refused] = edit(four_grids, {"do": "release"}).answers
    assert refused["code"] == "edit.release_blocked"
    checked = json_of("check", four_grids, "--set", "publish", code=1)
    errors = [one for one in checked["issues"] if one["severity"] == "error"]
    by_kind = [{"kind": one["kind"], "reason": "虚构", "by": "甲（虚构）"} for one in errors]
    [still] = edit(four_grids, {"do": "release", "allow": by_kind}).answers
    assert still["code"] == "edit.release_blocked"

    allow = [{"issue": one["id"], "reason": "虚构理由", "by": "甲（虚构）"} for one in errors]
    [done] = edited(four_grids, {"do": "release", "allow": allow})

    assert done["release"] == 1
    [told] = json_of("releases", four_grids)["releases"]
    assert [one["reason"] for one in told["allowed"]] == ["虚构理由"] * len(errors)
    gaps = [one["area_m2"] for one in errors if one["kind"] == "gap"]
    assert told["certificate"]["gap_m2"] == pytest.approx(sum(gaps)) != 0
