"""A newer list of statistical codes compared with a project, and taken over."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.app.code_list import differences, update_codes
from gridadmin.app.creation import new_project
from gridadmin.app.session import Session
from gridadmin.base.errors import InputError
from gridadmin.domain.base_units import BASE_UNITS, BaseUnit, read_base_units
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.code_list_commands import TakeCodeList

STREET = "370202001"


@pytest.fixture
def project(chinese_dir: Path) -> Path:
    path = chinese_dir / "市南.gpkg"
    new_project(path, "shinan", root="370202")
    return path


def units() -> list[BaseUnit]:
    return read_base_units()


def told(project: Path, listed: list[BaseUnit]) -> list[tuple[str, str | None, str | None]]:
    """Return kind, old code and new code of each difference."""
    with Session.open(project, write=False) as session:
        found = differences(session.snapshot, listed)
    return [(str(one.change.kind), one.old_code, one.change.code) for one in found]


def first_of(street: str, listed: list[BaseUnit]) -> BaseUnit:
    return next(unit for unit in listed if unit.code.startswith(street))


def test_the_list_that_a_project_was_made_from_differs_in_nothing(project: Path) -> None:
    assert told(project, units()) == []


def test_other_endings_of_a_name_are_no_difference(project: Path) -> None:
    listed = units()
    first = first_of(STREET, listed)
    other = replace(first, name=first.name.removesuffix("社区居委会") + "社区居民委员会")

    assert other.name != first.name
    assert told(project, [other if unit == first else unit for unit in listed]) == []


def test_a_unit_of_the_same_name_with_another_code_is_recoded(project: Path) -> None:
    listed = units()
    first = first_of(STREET, listed)
    other = replace(first, code=f"{STREET}599")

    found = told(project, [other if unit == first else unit for unit in listed])

    assert found == [("recoded", first.code, f"{STREET}599")]


def test_a_unit_of_the_same_code_with_another_name_is_renamed(project: Path) -> None:
    listed = units()
    first = first_of(STREET, listed)
    other = replace(first, name="虚构社区居委会")

    found = told(project, [other if unit == first else unit for unit in listed])

    assert found == [("renamed", first.code, None)]


def test_units_come_and_go(project: Path) -> None:
    listed = units()
    first = first_of(STREET, listed)
    new = replace(first, code=f"{STREET}598", name="虚构新社区居委会")

    found = told(project, [*(unit for unit in listed if unit != first), new])

    assert found == [("gone", first.code, None), ("new", None, f"{STREET}598")]


def test_codes_below_follow_and_old_ones_stay_in_the_history(project: Path) -> None:
    listed = units()
    first = first_of(STREET, listed)
    other = replace(first, code=f"{STREET}599")
    with Session.open(project, write=True) as session:
        document = session.document
        document.execute(Create("grid", first.code, "第一网格", f"{first.code}001"))
        found = differences(session.snapshot, [other if unit == first else unit for unit in listed])

        document.execute(TakeCodeList([one.change for one in found]))

        (area,) = session.snapshot.bearing(f"{STREET}599")
        (grid,) = session.snapshot.children(area.uid)
        assert grid.code == f"{STREET}599001"
        periods = session.snapshot.linked("code_period", area.uid)
        assert {(p.code, p.valid_to is None) for p in periods} == {
            (first.code, False),
            (f"{STREET}599", True),
        }
        document.undo()
        assert session.snapshot.bearing(first.code)


def test_a_unit_with_areas_below_is_not_retired(project: Path) -> None:
    listed = units()
    first = first_of(STREET, listed)
    with Session.open(project, write=True) as session:
        session.document.execute(Create("grid", first.code, "第一网格", f"{first.code}001"))
        (one,) = differences(session.snapshot, [unit for unit in listed if unit != first])

    assert one.refusal is not None
    assert one.refusal.code == "edit.has_children"


def test_what_is_taken_over_is_written_as_one_gesture(project: Path, chinese_dir: Path) -> None:
    listed = chinese_dir / "名单.csv"
    with BASE_UNITS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    here = [row for row in rows if row["code12"].startswith(STREET)]
    here[0]["name"] = "虚构社区居委会"
    gone = here[1]
    rows.remove(gone)
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)

    looked = update_codes(project, listed, preview_only=True)
    assert looked["revision"] is None
    done = update_codes(project, listed, take=["renamed"])

    assert [one["kind"] for one in looked["differences"]] == ["renamed", "gone"]
    assert done["taken"] == 1
    with Session.open(project, write=True) as session:
        (area,) = session.snapshot.bearing(here[0]["code12"])
        assert area.name == "虚构社区居委会"
        assert session.snapshot.bearing(gone["code12"])
        assert done["revision"] == session.snapshot.revision


def test_a_project_without_a_code_or_beyond_the_list_is_refused(project: Path) -> None:
    with Session.open(project, write=True) as session:
        root = session.snapshot.root
        session.document.execute(SetField(root.uid, "code", "990101"))
        with pytest.raises(InputError) as refusal:
            differences(session.snapshot)
        assert refusal.value.code == "codes.not_listed"
        session.document.execute(SetField(root.uid, "code", None))
        with pytest.raises(InputError) as refusal:
            differences(session.snapshot)
        assert refusal.value.code == "codes.no_root"
    with pytest.raises(InputError) as refusal:
        update_codes(project, take=["moved"])
    assert refusal.value.code == "codes.unknown_kind"
