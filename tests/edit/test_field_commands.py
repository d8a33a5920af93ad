from __future__ import annotations

from typing import Any

import pytest

from gridadmin.domain.counts import counts_of
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.document import Document
from gridadmin.edit.field_commands import SetEach, SetFields
from tests.edit.conftest import Refused
from tests.helpers.projects import TODAY, document_on, named, settings_rows, small_town


def uids(document: Document, *keys: str) -> list[str]:
    return [named(document.snapshot, key).uid for key in keys]


def test_many_areas_get_one_value_in_one_step(document: Document) -> None:
    areas = uids(document, "B1", "B2", "A1")

    done = document.execute(SetFields(areas, {"class": "rural"}))

    assert {document.snapshot.area(uid).area_class for uid in areas} == {"rural"}
    assert done.changed_areas() == sorted(areas)
    document.undo()
    assert {document.snapshot.area(uid).area_class for uid in areas} == {None}


def test_kind_and_type_are_set_together(document: Document) -> None:
    (area,) = uids(document, "B1")

    document.execute(SetFields([area], {"kind": "exclusive", "exclusive_type": "school"}))

    now = document.snapshot.area(area)
    assert (now.kind, now.exclusive_type) == ("exclusive", "school")


def test_an_area_that_is_general_again_has_no_type_of_an_exclusive_one(document: Document) -> None:
    (area,) = uids(document, "B1")
    document.execute(SetFields([area], {"kind": "exclusive", "exclusive_type": "school"}))

    document.execute(SetField(area, "kind", "general"))

    assert document.snapshot.area(area).exclusive_type is None


@pytest.mark.parametrize("field", ["name", "code"])
def test_what_tells_areas_apart_is_not_set_for_many(
    document: Document, refused: Refused, field: str
) -> None:
    refusal = refused(document, SetFields(uids(document, "B1", "B2"), {field: "甲"}))

    assert refusal.code == "edit.one_by_one"


def test_one_refusal_leaves_all_areas_as_they_were(document: Document, refused: Refused) -> None:
    values: dict[str, Any] = {"note": "甲", "households": -1}

    assert refused(document, SetFields(uids(document, "B1", "B2"), values)).code == "edit.bad_value"


def test_confirming_many_passes_over_those_without_a_typed_figure(document: Document) -> None:
    typed, bare = uids(document, "B1", "A1-1")
    document.execute(SetField(typed, "households", 390, "2025-06-30"))

    document.execute(SetFields([typed, bare], {"stale": False, "note": "甲"}))

    assert document.snapshot.area(bare).note == "甲"


def test_typed_households_keep_the_day_that_they_hold_for(document: Document) -> None:
    (area,) = uids(document, "B1")

    document.execute(SetField(area, "households", 390, "2025-06-30"))
    assert document.snapshot.area(area).households_as_of == "2025-06-30"

    document.execute(SetField(area, "households", 391))
    assert document.snapshot.area(area).households_as_of == TODAY


def test_a_day_that_is_none_is_refused(document: Document, refused: Refused) -> None:
    (area,) = uids(document, "B1")

    assert refused(document, SetField(area, "households", 1, "上月")).code == "edit.bad_date"


def test_each_area_gets_values_of_its_own_and_codes_may_be_exchanged(document: Document) -> None:
    first, second = uids(document, "B1", "B2")

    document.execute(
        SetEach(
            [
                (first, {"code": "990101001002002", "note": "甲"}),
                (second, {"code": "990101001002001", "households": 7}),
            ],
            {second: "2025-12-31"},
        )
    )

    now = [document.snapshot.area(uid) for uid in (first, second)]
    assert [area.code for area in now] == ["990101001002002", "990101001002001"]
    assert (now[0].note, now[1].households_typed) == ("甲", 7)
    assert now[1].households_as_of == "2025-12-31"


def test_two_areas_never_get_one_code(document: Document, refused: Refused) -> None:
    first, second = uids(document, "B1", "B2")

    refusal = refused(document, SetEach([(first, {"code": "X"}), (second, {"code": "X"})]))

    assert refusal.code == "edit.duplicate_code"


def test_a_code_of_an_area_that_is_not_among_them_is_refused(
    document: Document, refused: Refused
) -> None:
    first, second = uids(document, "B1", "B2")

    refusal = refused(
        document, SetEach([(first, {"code": "990101001001001"}), (second, {"code": "Y"})])
    )

    assert refusal.code == "edit.duplicate_code"


def longgang_town() -> Document:
    store = small_town()
    for setting in settings_rows(scheme="longgang"):
        store.rows["setting"][setting.uid] = setting
    return document_on(store)


def test_a_count_of_the_scheme_is_kept_and_taken_out() -> None:
    document = longgang_town()
    (micro,) = uids(document, "A1-1")

    document.execute(SetField(micro, "count.household_groups", 4))
    assert counts_of(document.snapshot.area(micro)) == {"household_groups": 4}

    document.execute(SetField(micro, "count.household_groups", None))
    assert document.snapshot.area(micro).counts is None


@pytest.mark.parametrize(
    ("key", "field", "value", "code"),
    [
        ("A1", "count.household_groups", 4, "edit.unknown_field"),
        ("A1-1", "count.cars", 4, "edit.unknown_field"),
        ("A1-1", "count.household_groups", -4, "edit.bad_value"),
        ("A1-1", "count.household_groups", "4", "edit.bad_value"),
    ],
)
def test_counts_that_the_scheme_does_not_have_here_are_refused(
    refused: Refused, key: str, field: str, value: object, code: str
) -> None:
    document = longgang_town()

    assert refused(document, SetField(uids(document, key)[0], field, value)).code == code
