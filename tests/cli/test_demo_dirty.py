"""The demo's dirty copy, imported layer by layer: each planted fault is found, and nothing else."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from gridadmin.app.session import Session
from tests.cli.runner import edited, json_of, run

LAYERS = ("district", "street", "community", "grid", "micro_grid")
KINDS = {"gap", "overlap", "overhang", "duplicate", "contained"}
Found = dict[str, Any]


@pytest.fixture(scope="session")
def imported(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dirty layers in their order in a new project, every parent marked divided."""
    path = tmp_path_factory.mktemp("脏 数据") / "导入.gpkg"
    assert run("new", path, "--scheme", "default", "--name", "虚构市样例区").code == 0
    codes = []
    for layer in LAYERS:
        level = "frame" if layer == "district" else layer
        source = demo_folder / "demo-dirty.gpkg"
        codes.append(run("import", path, source, "--layer", layer, "--level", level).code)
    assert codes == [0, 0, 1, 1, 1]
    with Session.open(path, write=False) as session:
        parents = sorted({area.parent for area in session.snapshot.areas() if area.parent})
    edited(
        path,
        *({"do": "set", "area": uid, "field": "divided", "value": True} for uid in parents),
    )
    return path


@pytest.fixture(scope="session")
def truth(demo_folder: Path) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = json.loads(
        (demo_folder / "truth.json").read_text(encoding="utf-8")
    )
    return found


@pytest.fixture(scope="session")
def found(imported: Path) -> list[Found]:
    listed = json_of("check", imported, code=1)["issues"]
    return [issue for issue in listed if issue["kind"] in KINDS]


def is_same(issue: Found, fault: Found) -> bool:
    """Return whether an issue is a fault of the truth: its land, exactly, at its place.

    A micro-grid over a gap of the grids is one face, listed once, as the overhang that it is. A
    near miss is listed as the gap or overlap that it is, and may lose 1 mm along both its sides.
    """
    effect_m2 = max(1e-6 * fault["area_m2"], 1e-6)
    if fault["kind"] == "near_miss":
        effect_m2 = 2e-3 * math.dist(issue["bbox"][:2], issue["bbox"][2:])
    return abs(issue["area_m2"] - fault["area_m2"]) <= effect_m2 and (
        math.dist(issue["point"], fault["point"]) < math.dist(issue["bbox"][:2], issue["bbox"][2:])
    )


def test_every_planted_fault_of_land_is_listed_with_its_area(
    truth: dict[str, list[Found]], found: list[Found]
) -> None:
    planted = [f for f in truth["faults"] if f["kind"] in KINDS | {"near_miss"}]

    missing = [fault for fault in planted if not any(is_same(issue, fault) for issue in found)]

    assert len(planted) == 35
    assert missing == []


def test_nothing_else_of_these_kinds_is_listed(
    truth: dict[str, list[Found]], found: list[Found]
) -> None:
    known = [*truth["faults"], *truth["standing"]]
    bow_ties = {code for f in truth["faults"] if f["kind"] == "invalid" for code in f["areas"]}

    unplanted = [
        issue
        for issue in found
        if not any(is_same(issue, fault) for fault in known)
        and not bow_ties.intersection(issue["codes"])
    ]

    assert unplanted == []


def test_overlaps_name_all_who_claim_the_face(
    truth: dict[str, list[Found]], found: list[Found]
) -> None:
    planted = [f for f in truth["faults"] if f["kind"] in ("overlap", "duplicate", "contained")]

    for fault in planted:
        [issue] = [i for i in found if is_same(i, fault)]
        assert set(fault["areas"]) <= set(issue["codes"])
        assert issue["kind"] == fault["kind"]


def test_shifts_below_the_snapping_distance_are_not_spoken_of(
    truth: dict[str, list[Found]], imported: Path
) -> None:
    result = json_of("check", imported, code=1)

    for silent in truth["silent"]:
        near = [
            issue
            for issue in result["issues"]
            if issue["kind"] in KINDS and math.dist(issue["point"], silent["point"]) < 5
        ]
        assert near == []


def test_dirty_import_keeps_the_promises(imported: Path) -> None:
    verified = json_of("verify", imported)

    assert verified["problems"] == []
    assert verified["ok"] is True
    assert verified["overlap_m2"] == pytest.approx(32_071.08, abs=0.01)


def test_buildings_give_counted_households(
    demo_folder: Path, chinese_dir: Path, imported: Path
) -> None:
    import shutil

    path = Path(shutil.copy(imported, chinese_dir / "带 楼栋.gpkg"))
    features = json.loads((demo_folder / "buildings.geojson").read_text(encoding="utf-8"))
    total = sum(f["properties"].get("households", 0) for f in features["features"])

    result = json_of("import", path, demo_folder / "buildings.geojson", "--level", "buildings")

    assert result["new"] == len(features["features"])
    info = json_of("info", path)
    assert info["buildings"] == result["new"]
    # What stands on disputed land is nobody's until that is settled.
    assert 0.95 * total < info["households"] <= total
