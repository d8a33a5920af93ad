from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.base.errors import EditError
from gridadmin.domain.release import Release
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.document import Document
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.renumber_commands import Renumber
from gridadmin.partition.bands import in_bands
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named

A, B = "990101001001", "990101001002"


def codes(document: Document, *keys: str) -> list[str | None]:
    return [named(document.snapshot, key).code for key in keys]


def released(store: MemoryStore, at_revision: int = 0, date: str = "2026-01-31") -> None:
    row = Release("release-1", 1, at_revision, date, "虚构用户", "0")
    store.rows["release"][row.uid] = row


def test_places_stand_in_bands_from_north_to_south_and_west_to_east() -> None:
    # Squares of 100 m: what lies less than 80 m below the northernmost is in its band.
    places = [(0.0, 0.0), (300.0, 310.0), (100.0, 260.0), (200.0, 231.0), (0.0, 229.0)]

    assert in_bands(places, [10_000.0] * 5) == [2, 3, 1, 4, 0]


def test_grids_are_numbered_from_north_to_south_and_west_to_east(document: Document) -> None:
    done = document.execute(Renumber(A, "grid"))

    assert codes(document, "A3", "A4", "A1", "A2") == [A + n for n in ("001", "002", "003", "004")]
    told = dict(done.change.told)
    first = named(done.after, "A3")
    assert told["in_force"] == 0
    assert told["codes"][0] == {
        "uid": first.uid, "name": "虚构A3", "level": "grid", "old": A + "003", "new": A + "001",
    }  # fmt: skip


def test_codes_below_follow(document: Document) -> None:
    document.execute(Renumber(A, "grid"))

    assert codes(document, "A3-1", "A1-2", "A1-4") == [A + n for n in ("00101", "00302", "00304")]


def test_old_codes_stay_in_the_history(document: Document) -> None:
    document.execute(Renumber(A, "grid"))

    periods = document.snapshot.linked("code_period", named(document.snapshot, "A3").uid)
    borne = {(p.code, p.valid_to) for p in periods}
    assert borne == {(A + "003", "2026-01-05"), (A + "001", None)}


def test_only_the_community_that_is_named_is_numbered(document: Document) -> None:
    document.execute(Renumber(A, "grid"))

    assert codes(document, "B1", "B2") == [B + "001", B + "002"]


def test_the_whole_district_is_numbered_community_by_community(document: Document) -> None:
    document.execute(Renumber("990101", "grid"))

    assert codes(document, "A3", "B3") == [A + "001", B + "001"]


def test_micro_grids_are_numbered_within_each_grid(document: Document) -> None:
    document.execute(Renumber(A, "micro_grid"))

    # The cell keeps its code, which ends in 04; the two stacked on it stand where it lies.
    expected = [A + "001" + n for n in ("01", "02", "03", "05", "06")]
    assert codes(document, "A1-3", "A1-5", "A1-6", "A1-1", "A1-2") == expected
    assert codes(document, "A1-4") == [A + "00104"]


def test_exclusive_grids_have_numbers_of_their_own(document: Document) -> None:
    document.execute(SetField(A + "003", "kind", "exclusive"))

    document.execute(Renumber(A, "grid"))

    assert codes(document, "A3", "A4", "A1", "A2") == [A + n for n in ("901", "001", "002", "003")]


def test_listed_grids_come_last(document: Document) -> None:
    document.execute(Create("grid", A, "虚构A0", A + "000"))

    document.execute(Renumber(A, "grid"))

    assert codes(document, "A2", "A0") == [A + "004", A + "005"]


def test_a_retired_code_is_not_given_again(document: Document) -> None:
    document.execute(Merge([A + "003", A + "004"]))

    document.execute(Renumber(A, "grid"))

    # 004 is that of the one that retired.
    assert codes(document, "A3", "A1", "A2") == [A + n for n in ("001", "002", "003")]
    assert document.snapshot.is_code_taken(A + "004")
    document.execute(Create("grid", A, "虚构A0"))
    document.execute(Renumber(A, "grid"))
    assert codes(document, "A0") == [A + "005"]


def test_codes_in_force_stay_and_their_numbers_are_not_given(store: MemoryStore) -> None:
    released(store)
    document = document_on(store)
    document.execute(Create("grid", A, "虚构A0"))

    done = document.execute(Renumber(A, "grid"))

    assert codes(document, "A1", "A2", "A3", "A4") == [A + n for n in ("001", "002", "003", "004")]
    assert codes(document, "A0") == [A + "005"]
    assert dict(done.change.told)["in_force"] == 4


def test_a_code_that_was_in_force_once_goes_to_nobody_else(store: MemoryStore) -> None:
    released(store)
    document = document_on(store)
    document.execute(SetField(A + "001", "code", "X"))
    document.execute(Create("grid", A, "虚构A0"))

    document.execute(Renumber(A, "grid"))

    assert codes(document, "A1", "A0") == [A + "005", A + "006"]


def test_nothing_changes_when_the_numbers_are_right(document: Document, refused: Refused) -> None:
    document.execute(Renumber(A, "grid"))

    assert refused(document, Renumber(A, "grid")).code == "edit.nothing_changes"


@pytest.mark.parametrize(
    ("level", "code"),
    [("planet", "edit.unknown_level"), ("street", "edit.no_template"), ("", "edit.bad_value")],
)
def test_levels_that_have_no_numbers_are_refused(
    document: Document, refused: Refused, level: str, code: str
) -> None:
    assert refused(document, Renumber(A, level)).code == code


def test_a_parent_without_a_code_is_refused(store: MemoryStore, refused: Refused) -> None:
    community = named(store.snapshot(), "A")
    store.rows["area"][community.uid] = replace(community, code=None)
    document = document_on(store)

    assert refused(document, Renumber(community.uid, "grid")).code == "edit.parent_without_code"


def test_the_demo_city_is_numbered_as_it_should_be(chinese_dir: Path) -> None:
    write_demo(chinese_dir)
    with Session.open(chinese_dir / "demo.gpkg", write=True) as session:
        with pytest.raises(EditError) as refusal:
            session.document.execute(Renumber("990001", "grid"))
        assert refusal.value.code == "edit.nothing_changes"
