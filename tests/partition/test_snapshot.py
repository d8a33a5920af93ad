from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import AreaKind, CodePeriod, Setting
from gridadmin.domain.scheme_copy import to_json
from gridadmin.domain.scheme_loader import load_scheme
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import ORIGIN_MM, TODAY, MemoryStore, named, place, small_town
from tests.helpers.promises import check_same


@pytest.fixture
def store() -> MemoryStore:
    return small_town()


@pytest.fixture
def town(store: MemoryStore) -> Snapshot:
    return store.snapshot()


def test_areas_are_found_by_code_parent_and_depth(town: Snapshot) -> None:
    a1 = named(town, "A1")

    assert town.bearing("990101001001001") == [a1]
    assert [child.name for child in town.children(a1.uid)] == [
        "虚构A1-1", "虚构A1-2", "虚构A1-3", "虚构A1-4", "虚构A1-5", "虚构A1-6",
    ]  # fmt: skip
    assert [area.name for area in town.ancestors(a1.uid)] == ["虚构A", "虚构root"]
    assert len(list(town.descendants(town.root.uid))) == len(list(town.areas())) - 1


def test_areas_below_a_retired_one_are_loose(town: Snapshot) -> None:
    street, grid = named(town, "A"), named(town, "A1")
    below = {area.uid for area in town.descendants(street.uid)}
    rows = (RowChange("area", street, replace(street, valid_to=TODAY)),)

    loose = town.applied(Change("retire", rows), town.revision + 1).loose_areas()

    assert town.loose_areas() == []
    assert grid.uid in below
    assert {area.uid for area in loose} == below


def test_areas_go_by_their_kernel_numbers(town: Snapshot) -> None:
    numbers, areas = town.numbered_areas()

    assert {area.uid for area in areas} == set(town.rows("area"))
    assert numbers == [oid_of(area.uid) for area in areas]


def test_owners_of_land_have_lasting_names(town: Snapshot) -> None:
    (lake,), (dispute,) = town.rows("exempt"), town.rows("dispute").values()

    assert town.owner_name(NOBODY) == "nobody"
    assert town.owner_name(OUTSIDE) == "outside"
    assert town.owner_name(oid_of(lake)) == lake
    assert town.owner_name(oid_of(dispute.uid)) == f"dispute overlap {dispute.claims}"
    assert town.owner_name(77) == "?77"


def test_places_and_kernel_points_are_one_another(town: Snapshot) -> None:
    metres = np.array([place(1, 2)])

    assert town.to_kernel(metres).tolist() == [[10_000, 20_000]]
    assert town.place(town.to_kernel(metres)).tolist() == metres.tolist()


def test_settings_have_usual_values(town: Snapshot) -> None:
    assert (town.min_area_m2, town.snap_m, town.origin_mm) == (0.01, 0.001, ORIGIN_MM)
    assert town.setting("nothing", 3) == 3


def test_land_of_a_parent_is_that_of_its_children_and_its_own(town: Snapshot) -> None:
    assert town.land_twice_mm2(named(town, "A4").uid) == 2 * 4 * 10_000**2
    assert town.partition.own_twice_area(oid_of(named(town, "A4").uid)) == 2 * 10_000**2


def test_codes_once_borne_are_taken_whoever_bore_them(town: Snapshot) -> None:
    uid = named(town, "B1").uid
    gone = CodePeriod("period-1", uid, "X1", TODAY, TODAY)
    after = town.applied(Change("", (RowChange("code_period", None, gone),)), 1)

    assert not town.is_code_taken("X1")
    assert after.is_code_taken("X1")
    assert not after.is_code_taken("X1", but_by=uid)
    assert after.is_code_taken("X1", but_by=named(town, "B2").uid)


def test_codes_taken_are_followed_by_changes(town: Snapshot) -> None:
    area = named(town, "B1")
    assert town.is_code_taken("990101001002001")
    change = Change("", (RowChange("area", area, replace(area, code="Y1")),))
    after = town.applied(change, 1)

    assert sorted(after.code_register.below("Y")) == ["Y1"]
    # The history of codes still has the old one.
    assert after.is_code_taken("990101001002001")


def test_exclusive_areas_are_followed_by_changes(town: Snapshot) -> None:
    b1 = named(town, "B1")
    assert town.exclusive_areas() == []
    school = replace(b1, kind=AreaKind.EXCLUSIVE)
    after = town.applied(Change("", (RowChange("area", b1, school),)), 1)
    gone = replace(school, valid_to=TODAY)

    assert after.exclusive_areas() == [school]
    assert after.applied(Change("", (RowChange("area", school, gone),)), 2).exclusive_areas() == []


CHANGES: dict[str, Callable[[Snapshot], list[tuple[str, str, dict[str, Any]]]]] = {
    "retired": lambda _: [("area", "A4-1", {"valid_to": TODAY})],
    "renamed": lambda _: [("area", "A4-1", {"name": "甲"})],
    "recoded": lambda _: [("area", "A4-1", {"code": "Z1"})],
    "made exclusive": lambda _: [("area", "A4-1", {"kind": AreaKind.EXCLUSIVE})],
    "hung elsewhere": lambda town: [("area", "A4-1", {"parent": named(town, "A2").uid})],
    "hung elsewhere with all below": lambda town: [
        ("area", "A1", {"parent": named(town, "B").uid})
    ],
    "hung and renamed at once": lambda town: [
        ("area", "A1", {"parent": named(town, "B").uid}),
        ("area", "A2", {"parent": named(town, "B").uid, "name": "乙"}),
    ],
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("asked_before", [True, False])
def test_next_state_is_that_of_the_stored_rows(
    store: MemoryStore, name: str, asked_before: bool
) -> None:
    town = store.snapshot()
    if asked_before:
        check_same(town, store.snapshot())
    rows = []
    for table, key, fields in CHANGES[name](town):
        area = named(town, key)
        rows.append(RowChange(table, area, replace(area, **fields, revision=1)))
    change = Change("", tuple(rows))
    store.write(change, gesture="", lands={}, author="", time="")

    after = town.applied(change, 1)

    if name == "retired":
        # Its land would have to go to others; the tree alone is looked at here.
        fresh = store.snapshot()
        parent = named(fresh, "A4").uid
        assert after.children(parent) == fresh.children(parent)
        return
    check_same(after, store.snapshot())
    back = Change("", tuple(row.swapped() for row in change.rows))
    check_tree = after.applied(back, 0)
    assert dict(check_tree.partition.parents) == dict(town.partition.parents)


def test_large_changes_are_indexed_anew_with_the_same_outcome(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = store.snapshot()
    area = named(town, "A4-1")
    border = next(iter(town.partition))
    rows = (
        RowChange("area", area, replace(area, name="甲", revision=1)),
        RowChange("border", border, replace(border, revision=1)),
        RowChange("setting", None, Setting("min_area_m2", "0.5", revision=1)),
        RowChange("dispute", next(iter(town.rows("dispute").values())), None),
    )
    monkeypatch.setattr("gridadmin.partition.snapshot._MANY_ROWS", 2)

    after = town.applied(Change("", rows), 1)

    assert named(after, "A4-2").name == "虚构A4-2"
    assert (after.area(area.uid).name, after.min_area_m2) == ("甲", 0.5)
    assert dict(after.rows("dispute")) == {}
    assert len(after.partition) == len(town.partition)


def test_another_scheme_takes_effect_at_once(town: Snapshot) -> None:
    import json

    value = json.dumps({"copy": to_json(load_scheme("xindu"))})
    old = town.rows("setting")["scheme"]
    change = Change("", (RowChange("setting", old, Setting("scheme", value)),))

    assert town.applied(change, 1).scheme.key == "xindu"
    assert town.scheme.key == "default"


def test_former_states_stay_as_they_were(store: MemoryStore) -> None:
    town = store.snapshot()
    area = named(town, "A4-1")
    change = Change("", (RowChange("area", area, replace(area, name="甲")),))

    town.applied(change, 1)

    assert town.area(area.uid).name == "虚构A4-1"
    check_same(town, store.snapshot())


def test_compacted_state_is_the_same(store: MemoryStore) -> None:
    town = store.snapshot()

    check_same(town.compacted(), town)
