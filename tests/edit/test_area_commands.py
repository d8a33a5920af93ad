from __future__ import annotations

from typing import Any

import pytest

from gridadmin.base.errors import EditError
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.document import Document
from gridadmin.edit.field_commands import SetEach, SetFields
from gridadmin.edit.land_commands import Give
from tests.helpers.projects import TODAY, document_on, named, place, small_town


@pytest.fixture
def document() -> Document:
    return document_on(small_town())


def refusal(document: Document, command: object) -> str:
    before = document.snapshot
    with pytest.raises(EditError) as refused:
        document.execute(command)  # type: ignore[arg-type]
    assert document.snapshot is before
    return refused.value.code


def codes_of(document: Document, uid: str) -> list[tuple[str, str | None]]:
    periods = document.snapshot.linked("code_period", uid)
    return [(period.code, period.valid_to) for period in periods]


def test_create_adds_a_listed_area_with_its_code_history(document: Document) -> None:
    parent = named(document.snapshot, "B1")

    done = document.execute(Create("micro_grid", parent.uid, " 新微网格 ", "99010100100200101"))

    (area,) = document.snapshot.children(parent.uid)
    assert (area.name, area.land, area.valid_from) == ("新微网格", "listed", TODAY)
    assert codes_of(document, area.uid) == [("99010100100200101", None)]
    assert done.changed_areas() == [area.uid]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Create("planet", "990101001001", "甲"), "edit.unknown_level"),
        (Create("community", "990101001001", "甲"), "edit.wrong_parent"),
        (Create("grid", "990101001009", "甲"), "edit.unknown_area"),
        (Create("grid", "990101001001", "甲", "990101001001001"), "edit.duplicate_code"),
        (Create("grid", "990101001001", "  "), "edit.bad_value"),
        (Create("grid", "990101001001", "甲\n乙"), "edit.bad_value"),
        (Create("grid", "990101001001", "甲", kind="royal"), "edit.bad_value"),
        (Create("grid", "990101001001", "甲", kind=["general"]), "edit.bad_value"),  # type: ignore[arg-type]
    ],
)
def test_create_refuses_what_makes_no_sense(document: Document, command: Create, code: str) -> None:
    assert refusal(document, command) == code


def test_create_of_a_listed_child_leaves_typed_households_alone(document: Document) -> None:
    parent = named(document.snapshot, "A1")

    document.execute(Create("micro_grid", parent.uid, "甲"))

    assert not document.snapshot.area(parent.uid).is_stale


@pytest.mark.parametrize(
    ("field", "value", "column", "kept"),
    [
        ("name", " 甲 ", "name", "甲"),
        ("code", "X1", "code", "X1"),
        ("code", None, "code", None),
        ("kind", "exclusive", "kind", "exclusive"),
        ("class", "rural", "area_class", "rural"),
        ("households", 7, "households_typed", 7),
        ("divided", True, "is_divided", True),
    ],
)
def test_set_changes_the_field(
    document: Document, field: str, value: Any, column: str, kept: Any
) -> None:
    uid = named(document.snapshot, "B1").uid

    document.execute(SetField(uid, field, value))

    assert getattr(document.snapshot.area(uid), column) == kept


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("colour", "red", "edit.unknown_field"),
        ("name", 7, "edit.bad_value"),
        ("name", "\ud800", "edit.bad_value"),
        ("code", "", "edit.bad_value"),
        ("code", "990101001001", "edit.duplicate_code"),
        ("kind", ["general"], "edit.bad_value"),
        ("kind", {}, "edit.bad_value"),
        ("class", ["rural"], "edit.bad_value"),
        ("households", True, "edit.bad_value"),
        ("households", -1, "edit.bad_value"),
        ("households", 1.5, "edit.bad_value"),
        ("divided", 1, "edit.bad_value"),
        ("households", 400, None),
        ("name", "虚构B1", "edit.nothing_changes"),
        ("code", "990101001002001", "edit.nothing_changes"),
    ],
)
def test_set_refuses_what_makes_no_sense(
    document: Document, field: str, value: Any, code: str | None
) -> None:
    command = SetField(named(document.snapshot, "B1").uid, field, value)
    if code is None:
        document.execute(command)
    else:
        assert refusal(document, command) == code


def test_a_code_keeps_its_history_and_is_never_given_to_another(document: Document) -> None:
    uid, other = (named(document.snapshot, key).uid for key in ("B1", "B2"))

    document.execute(SetField(uid, "code", "X1"))

    assert sorted(codes_of(document, uid)) == [("990101001002001", TODAY), ("X1", None)]
    assert refusal(document, SetField(other, "code", "990101001002001")) == "edit.duplicate_code"


def test_an_area_may_have_its_own_former_code_back(document: Document) -> None:
    uid = named(document.snapshot, "B1").uid
    document.execute(SetField(uid, "code", "X1"))

    document.execute(SetField(uid, "code", "990101001002001"))

    assert document.snapshot.area(uid).code == "990101001002001"


def test_a_code_borne_twice_is_refused_as_ambiguous() -> None:
    from dataclasses import replace

    store = small_town()
    b2 = named(store.snapshot(), "B2")
    store.rows["area"][b2.uid] = replace(b2, code="990101001002001")
    assert refusal(document_on(store), Delete("990101001002001")) == "edit.ambiguous"


def test_delete_retires_the_area_and_gives_its_land_to_the_parent(document: Document) -> None:
    snapshot = document.snapshot
    area, parent = named(snapshot, "A4-3"), named(snapshot, "A4")

    document.execute(Delete(area.uid))

    after = document.snapshot
    retired = after.area(area.uid)
    assert (retired.valid_to, retired.land, retired.code) == (TODAY, "listed", area.code)
    assert area.uid not in after.child_uids(parent.uid)
    assert after.land_twice_mm2(parent.uid) == snapshot.land_twice_mm2(parent.uid)
    assert codes_of(document, area.uid) == [(area.code, TODAY)]
    (line,) = after.rows("lineage").values()
    assert (line.predecessor, line.successor, line.kind) == (area.uid, parent.uid, "delete")


def test_delete_leaves_the_typed_households_of_the_parent_alone(document: Document) -> None:
    document.execute(Delete(named(document.snapshot, "A4-3").uid))

    assert not named(document.snapshot, "A4").is_stale


@pytest.mark.parametrize(
    ("key", "code"),
    [("root", "edit.is_root"), ("A1", "edit.has_children"), ("A1-4", "edit.has_children")],
)
def test_delete_refuses_what_others_hang_on(document: Document, key: str, code: str) -> None:
    assert refusal(document, Delete(named(document.snapshot, key).uid)) == code


def test_delete_of_a_stacked_area_takes_its_parts_along(document: Document) -> None:
    uid = named(document.snapshot, "A1-5").uid

    document.execute(Delete(uid))

    assert [p.entrance for p in document.snapshot.rows("stacked_part").values()] == ["2单元"]


def test_delete_withdraws_claims_so_that_the_other_claimant_gets_the_land(
    document: Document,
) -> None:
    snapshot = document.snapshot
    b1, b2 = named(snapshot, "B1"), named(snapshot, "B2")

    document.execute(Delete(b1.uid))

    after = document.snapshot
    assert dict(after.rows("dispute")) == {}
    assert after.land_twice_mm2(b2.uid) == snapshot.land_twice_mm2(b2.uid) + 200_000_000


def test_delete_of_one_of_three_claimants_leaves_a_dispute_of_two() -> None:
    from dataclasses import replace

    store = small_town()
    keys = ("B1", "B2", "B3")
    b1, b2, b3 = (named(store.snapshot(), key).uid for key in keys)
    ((uid, dispute),) = store.rows["dispute"].items()
    store.rows["dispute"][uid] = replace(dispute, claims=" ".join(sorted((b1, b2, b3))))
    document = document_on(store)

    document.execute(Delete(b1))

    (left,) = document.snapshot.rows("dispute").values()
    assert left.claims == " ".join(sorted((b2, b3)))


def test_delete_of_the_only_claimant_leaves_the_land_to_nobody() -> None:
    from dataclasses import replace

    store = small_town()
    b1 = named(store.snapshot(), "B1").uid
    ((uid, dispute),) = store.rows["dispute"].items()
    store.rows["dispute"][uid] = replace(dispute, claims=b1, kind="overhang")
    document = document_on(store)

    document.execute(Delete(b1))

    assert document.snapshot.partition.own_twice_area(0) == 4 * 10_000 * 10_000


def test_deleted_areas_can_be_named_by_nobody(document: Document) -> None:
    area = named(document.snapshot, "A4-3")
    document.execute(Delete(area.uid))

    assert refusal(document, Give(place(0.5, 0.5), area.uid)) == "edit.unknown_area"
    assert refusal(document, Give(place(0.5, 0.5), area.code)) == "edit.unknown_area"


def test_a_stale_figure_is_confirmed_as_of_today(document: Document) -> None:
    area = named(document.snapshot, "A4")
    document.execute(Give(place(3.5, 3.5), "990101001001002"))

    document.execute(SetField(area.uid, "stale", False))

    confirmed = named(document.snapshot, "A4")
    assert (confirmed.households_typed, confirmed.households_as_of) == (400, TODAY)
    assert not confirmed.is_stale


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("note", " 第一行 \r\n第二行\n", "第一行\n第二行"),
        ("four_bounds", "东至示例路，西至示例河", "东至示例路，西至示例河"),
    ],
)
def test_set_keeps_words_about_an_area_and_takes_them_back(
    document: Document, field: str, value: str, kept: str
) -> None:
    area = named(document.snapshot, "B1").uid

    document.execute(SetField(area, field, value))
    assert getattr(document.snapshot.area(area), field) == kept

    document.execute(SetField(area, field, None))
    assert getattr(document.snapshot.area(area), field) is None


@pytest.mark.parametrize(
    ("key", "field", "value", "code"),
    [
        ("B1", "stale", True, "edit.bad_value"),
        ("B1", "stale", False, "edit.nothing_changes"),
        ("B", "stale", False, "edit.no_typed_figure"),
        ("B1", "note", 7, "edit.bad_value"),
        ("B1", "note", "a\x00b", "edit.bad_value"),
        ("B1", "note", "长" * 10_001, "edit.bad_value"),
        ("B1", "four_bounds", ["东"], "edit.bad_value"),
        ("B1", "exclusive_type", "castle", "edit.bad_value"),
        ("B1", "exclusive_type", "school", "edit.not_exclusive"),
        ("B1", "note", "  ", "edit.nothing_changes"),
    ],
)
def test_set_refuses_words_that_can_t_stand(
    document: Document, key: str, field: str, value: object, code: str
) -> None:
    command = SetField(named(document.snapshot, key).uid, field, value)
    assert refusal(document, command) == code


def test_an_exclusive_area_has_a_type_until_it_is_general_again(document: Document) -> None:
    area = named(document.snapshot, "B1").uid

    # The order in which the values stand doesn't matter: the kind counts first.
    document.execute(SetFields([area], {"exclusive_type": "school", "kind": "exclusive"}))
    exclusive = document.snapshot.area(area)
    document.execute(SetEach([(area, {"exclusive_type": None, "kind": "general"})]))
    general = document.snapshot.area(area)

    assert (exclusive.kind, exclusive.exclusive_type) == ("exclusive", "school")
    assert (general.kind, general.exclusive_type) == ("general", None)
