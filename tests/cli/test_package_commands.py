"""``gridadmin handout`` and ``takein``: a grid's own file, and what comes back of it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.boundaries import at
from tests.cli.runner import Line, edited, json_of, run

COMMUNITY = "990001001001"
GRID = f"{COMMUNITY}001"
MOVE: Line = {"do": "move", "from": at(100, 100), "to": at(104, 97)}


def test_a_package_goes_out_is_worked_on_and_comes_back(
    four_grids: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "社区 工作包.gpkg"
    told = json_of("handout", four_grids, out, "--area", COMMUNITY)
    assert told["areas"] == 5
    assert json_of("verify", out)["ok"]
    edited(out, MOVE, {"do": "set", "area": GRID, "field": "name", "value": "社区起的名"})

    look = json_of("takein", four_grids, out, "--preview-only")
    assert (look["clashes"], look["taken"]) == ([], False)
    done = json_of("takein", four_grids, out)

    assert done["taken"]
    assert json_of("verify", four_grids)["ok"]
    again = edited(four_grids, {"do": "undo"})
    assert again[0]["ok"]


def test_what_both_changed_is_listed_until_it_is_chosen(
    four_grids: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "包.gpkg"
    json_of("handout", four_grids, out, "--area", COMMUNITY)
    edited(out, MOVE)
    edited(four_grids, {**MOVE, "to": at(95, 103)})

    told = json_of("takein", four_grids, out, code=1)
    assert told["clashes"]
    assert not told["taken"]
    assert {one["kind"] for one in told["clashes"]} == {"border"}
    assert "both sides moved the border" in run("takein", four_grids, out).err
    revision = json_of("info", four_grids)["revision"]
    assert revision == told["revision"]

    done = json_of("takein", four_grids, out, "--choose", "theirs")
    assert done["taken"]
    assert (
        json_of("verify", four_grids)["partition_sha256"]
        != json_of("verify", out)["partition_sha256"]
    )
    assert run("takein", four_grids, out, "--choose", "nobody").code == 2


def test_a_plain_project_is_no_package(four_grids: Path, demo: Path) -> None:
    ran = run("takein", four_grids, demo)

    assert ran.code == 2
    assert "no work package" in ran.err
