from __future__ import annotations

import pytest

from gridadmin.base.texts import explain
from gridadmin.domain.people import Assignment, Person
from gridadmin.edit.assign_commands import (
    Anchor,
    Assign,
    Handover,
    Pair,
    SetSeats,
    SwitchMode,
    Unassign,
)
from gridadmin.edit.document import Document
from gridadmin.edit.people_records import EndRecord, PutRecord
from gridadmin.edit.script import ScriptReader
from tests.edit.conftest import Refused
from tests.helpers.projects import TODAY, MemoryStore, named
from tests.helpers.promises import check_same

MADE_UP_ID = "110101180001010015"
"""Right by its check digit, of somebody born in 1800: nobody's."""


def add_person(document: Document, name: str, **values: object) -> Person:
    return added(document, PutRecord("person", {"name": name, **values}))


def added(document: Document, command: PutRecord) -> Person:
    done = document.execute(command)
    (row,) = done.change.of(command.table)
    person: Person = row.after
    return person


def assign(document: Document, person: str, area: str, post: str, **values: object) -> Assignment:
    anchor = Anchor(area=named(document.snapshot, area).uid)
    done = document.execute(Assign(person, anchor, post, values))
    row = next(row.after for row in done.change.of("assignment") if row.before is None)
    found: Assignment = row
    return found


def test_a_person_is_kept_changed_and_taken_back(store: MemoryStore, document: Document) -> None:
    unit = document.execute(PutRecord("organization", {"name": "虚构局"})).change.rows[0].after
    person = add_person(
        document, "甲（虚构）", organization="虚构局", duty_phone="0577-64000000", is_full_time=True
    )

    document.execute(PutRecord("person", {"rank": "四级主任科员", "duty_phone": None}, person.uid))

    kept = document.snapshot.rows("person")[person.uid]
    assert (kept.organization, kept.rank, kept.duty_phone) == (unit.uid, "四级主任科员", None)
    check_same(document.snapshot, store.snapshot())
    document.undo()
    document.undo()
    assert person.uid not in document.snapshot.rows("person")


@pytest.mark.parametrize("field", ["name", "staff_number", "note"])
def test_identity_numbers_are_refused_wherever_they_stand(
    document: Document, refused: Refused, field: str
) -> None:
    values = {"name": "甲（虚构）", field: f"身份证{MADE_UP_ID}"}

    refusal = refused(document, PutRecord("person", values))

    assert refusal.code == "edit.identity_number"
    assert MADE_UP_ID not in explain(refusal, "zh")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "edit.missing_value"),
        ({"name": "甲", "duty_phone": "八八八"}, "edit.bad_phone"),
        ({"name": "甲", "organization": "没有"}, "edit.unknown_organization"),
        ({"name": "甲", "valid_from": "昨天"}, "edit.bad_value"),
        ({"name": "甲", "certificate_level": "大师"}, "edit.bad_value"),
        ({"name": "甲", "identity_number": "1"}, "edit.unknown_field"),
    ],
)
def test_what_makes_no_sense_is_refused(
    document: Document, refused: Refused, values: dict[str, object], code: str
) -> None:
    assert refused(document, PutRecord("person", values)).code == code


def test_a_refused_phone_is_not_told_whole(document: Document, refused: Refused) -> None:
    refusal = refused(document, PutRecord("person", {"name": "甲", "own_phone": "13812345678x"}))

    assert refusal.code == "edit.bad_phone"
    assert "138****5678" in explain(refusal, "zh")
    assert "13812345678" not in explain(refusal, "zh")


def test_one_key_is_one_person(document: Document, refused: Refused) -> None:
    add_person(document, "甲（虚构）", own_phone="138 0000 1234")

    twin = PutRecord("person", {"name": "甲（虚构）", "own_phone": "139-0000-1234"})

    assert refused(document, twin).code == "edit.person_exists"
    assert add_person(document, "甲（虚构）", own_phone="13800005678").uid
    assert add_person(document, "甲（虚构）", staff_number="7", own_phone="13800005678").uid


def test_a_name_that_several_bear_has_to_be_told_apart(
    document: Document, refused: Refused
) -> None:
    add_person(document, "甲（虚构）", staff_number="1")
    add_person(document, "甲（虚构）", staff_number="2")
    anchor = Anchor(area=named(document.snapshot, "A1").uid)

    assert refused(document, Assign("甲（虚构）", anchor, "grid_member", {})).code == (
        "edit.ambiguous_person"
    )
    assert document.execute(Assign("2", anchor, "grid_member", {})).revision == 3


def test_an_assignment_begins_today_and_ends_when_it_is_said(
    store: MemoryStore, document: Document
) -> None:
    add_person(document, "甲（虚构）")
    one = assign(document, "甲（虚构）", "A1", "grid_member", role="走访")
    assert (one.valid_from, one.valid_to, one.role) == (TODAY, None, "走访")

    document.execute(Unassign(one.uid, "2026-03-01"))

    assert document.snapshot.rows("assignment")[one.uid].valid_to == "2026-03-01"
    check_same(document.snapshot, store.snapshot())


def test_an_assignment_of_today_that_was_a_slip_leaves_no_trace(document: Document) -> None:
    add_person(document, "甲（虚构）")
    one = assign(document, "甲（虚构）", "A1", "grid_member")

    document.execute(Unassign(one.uid))

    assert one.uid not in document.snapshot.rows("assignment")


def test_posts_are_those_of_the_scheme_at_that_level(document: Document, refused: Refused) -> None:
    add_person(document, "甲（虚构）")
    anchor = Anchor(area=named(document.snapshot, "A1").uid)

    refusal = refused(document, Assign("甲（虚构）", anchor, "micro_grid_member", {}))

    assert refusal.code == "edit.post_not_here"


def test_a_full_post_is_refused_unless_its_holder_is_replaced(
    document: Document, refused: Refused
) -> None:
    first, second = add_person(document, "甲（虚构）"), add_person(document, "乙（虚构）")
    old = assign(document, first.uid, "A1", "grid_chief", valid_from="2025-01-01")
    anchor = Anchor(area=named(document.snapshot, "A1").uid)

    assert refused(document, Assign(second.uid, anchor, "grid_chief", {})).code == "edit.post_full"
    assert refused(document, Assign(first.uid, anchor, "grid_chief", {})).code == (
        "edit.already_assigned"
    )
    document.execute(
        Assign(second.uid, anchor, "grid_chief", {"valid_from": "2026-02-01"}, replace=True)
    )

    assert document.snapshot.rows("assignment")[old.uid].valid_to == "2026-02-01"


def test_a_handover_gives_all_posts_to_another_on_one_day(document: Document) -> None:
    first, second = add_person(document, "甲（虚构）"), add_person(document, "乙（虚构）")
    for area, post in (("A1", "grid_chief"), ("A2", "grid_chief")):
        assign(document, first.uid, area, post, valid_from="2025-01-01")

    document.execute(Handover(first.uid, second.uid, "2026-02-01"))

    rows = document.snapshot.rows("assignment").values()
    assert {one.valid_to for one in rows if one.person == first.uid} == {"2026-02-01"}
    taken = [one for one in rows if one.person == second.uid]
    assert [(one.valid_from, one.valid_to) for one in taken] == [("2026-02-01", None)] * 2
    document.undo()
    assert len(document.snapshot.rows("assignment")) == 2


def test_ending_a_person_ends_the_posts(document: Document) -> None:
    person = add_person(document, "甲（虚构）")
    one = assign(document, person.uid, "A1", "grid_chief", valid_from="2025-01-01")

    document.execute(EndRecord("person", person.uid, "2026-01-31"))

    assert document.snapshot.rows("person")[person.uid].valid_to == "2026-01-31"
    assert document.snapshot.rows("assignment")[one.uid].valid_to == "2026-01-31"


def test_pairings_are_those_of_the_scheme(document: Document, refused: Refused) -> None:
    document.execute(PutRecord("organization", {"name": "虚构局"}))
    anchor = Anchor(area=named(document.snapshot, "A").uid)

    assert refused(document, Pair("虚构局", anchor, "sending_unit", {})).code == "edit.bad_value"


def test_seats_by_hand_stand_above_the_scheme_until_they_are_dropped(document: Document) -> None:
    anchor = Anchor(area=named(document.snapshot, "A1").uid)

    document.execute(SetSeats(anchor, "grid_member", 3))
    document.execute(SetSeats(anchor, "grid_member", 2))
    assert [row.seats for row in document.snapshot.rows("post_seat").values()] == [2]

    document.execute(SetSeats(anchor, "grid_member", None))
    assert not document.snapshot.rows("post_seat")


def test_lines_say_the_same_as_commands(document: Document) -> None:
    reader = ScriptReader(lambda _: (0.0, 0.0))
    code = named(document.snapshot, "A1").code
    for line in (
        '{"do":"person","name":"甲（虚构）","staff_number":"7"}',
        f'{{"do":"assign","person":"7","area":"{code}","post":"grid_member","role":"走访"}}',
        '{"do":"mode","mode":"emergency","date":"2026-05-01","note":"演练"}',
    ):
        command = reader.read(line)
        assert isinstance(command, PutRecord | Assign | SwitchMode)
        document.execute(command)

    assert [entry.kind for entry in document.history()] == ["mode", "assign", "person"]
    assert document.history()[1].note == "甲（虚构） 网格员"


def test_the_mode_is_switched_with_a_date(document: Document) -> None:
    done = document.execute(SwitchMode("emergency", "2026-05-01", "演练"))

    (row,) = done.change.of("mode_switch")
    assert (row.after.mode, row.after.since, row.after.note) == ("emergency", "2026-05-01", "演练")
