from __future__ import annotations

import json

from gridadmin.edit.assign_commands import Anchor, Assign, Unassign
from gridadmin.edit.assignment_commands import PeopleTogether, SetAssignment
from gridadmin.edit.document import Document
from gridadmin.edit.people_records import PutRecord
from gridadmin.edit.script import ScriptReader
from tests.edit.conftest import Refused
from tests.edit.test_people_commands import add_person, assign
from tests.helpers.projects import MemoryStore, named
from tests.helpers.promises import check_same


def test_fields_of_an_assignment_are_changed_and_emptied(
    store: MemoryStore, document: Document
) -> None:
    add_person(document, "甲（虚构）")
    one = assign(document, "甲（虚构）", "A1", "grid_member", batch="第一批", is_locked=True)

    document.execute(
        SetAssignment(one.uid, {"batch": None, "is_locked": None, "valid_to": "2026-12-31"})
    )

    kept = document.snapshot.rows("assignment")[one.uid]
    assert (kept.batch, kept.is_locked, kept.valid_to) == (None, False, "2026-12-31")
    check_same(document.snapshot, store.snapshot())


def test_an_assignment_must_not_end_before_it_begins(document: Document, refused: Refused) -> None:
    add_person(document, "甲（虚构）")
    one = assign(document, "甲（虚构）", "A1", "grid_member", valid_from="2026-01-01")

    refusal = refused(document, SetAssignment(one.uid, {"valid_to": "2026-01-01"}))
    unknown = refused(document, SetAssignment(one.uid, {"person": "x"}))

    assert (refusal.code, unknown.code) == ("edit.ends_first", "edit.unknown_field")


def test_a_transfer_is_one_gesture_that_one_undo_takes_back(document: Document) -> None:
    person = add_person(document, "甲（虚构）")
    one = assign(document, person.uid, "A1", "grid_member", valid_from="2025-01-01")
    to = Anchor(area=named(document.snapshot, "A2").uid)

    document.execute(
        PeopleTogether(
            (
                Unassign(one.uid, "2026-03-01"),
                Assign(person.uid, to, "grid_member", {"valid_from": "2026-03-01"}),
            ),
            "transfer",
        )
    )

    rows = document.snapshot.rows("assignment").values()
    assert sorted((row.anchor, row.valid_from, row.valid_to) for row in rows) == sorted(
        [
            (one.anchor, "2025-01-01", "2026-03-01"),
            (to.area, "2026-03-01", None),
        ],
        key=str,
    )
    entry = document.history()[0]
    assert (entry.kind, entry.note) == ("transfer", "甲（虚构）、甲（虚构） 网格员")
    document.undo()
    (left,) = document.snapshot.rows("assignment").values()
    assert (left.uid, left.anchor, left.valid_to) == (one.uid, one.anchor, None)


def test_one_refused_step_refuses_them_all(document: Document, refused: Refused) -> None:
    person = add_person(document, "甲（虚构）")
    one = assign(document, person.uid, "A1", "grid_member")
    anchor = Anchor(area=named(document.snapshot, "A2").uid)
    steps = (Assign(person.uid, anchor, "grid_chief", {}), Unassign("nobody"))

    refusal = refused(document, PeopleTogether(steps))

    assert refusal.code == "edit.unknown_record"
    assert [*document.snapshot.rows("assignment")] == [one.uid]


def test_a_step_sees_what_those_before_it_did(document: Document, refused: Refused) -> None:
    anchor = Anchor(area=named(document.snapshot, "A1").uid)
    steps = (
        PutRecord("person", {"name": "甲（虚构）"}),
        Assign("甲（虚构）", anchor, "grid_chief", {}),
        Assign("甲（虚构）", anchor, "grid_chief", {}),
    )

    assert refused(document, PeopleTogether(steps)).code == "edit.already_assigned"
    assert refused(document, PeopleTogether(())).code == "edit.missing_value"
    assert refused(document, PeopleTogether(steps[:1], "odd")).code == "edit.bad_value"
    document.execute(PeopleTogether(steps[:2]))
    assert len(document.snapshot.rows("assignment")) == 1


def test_lines_say_the_same(document: Document) -> None:
    reader = ScriptReader(lambda _: (0.0, 0.0))
    person = add_person(document, "甲（虚构）")
    one = assign(document, person.uid, "A1", "grid_member")
    code = named(document.snapshot, "A2").code
    steps = [
        {"do": "assign", "person": person.uid, "area": code, "post": post}
        for post in ("grid_chief", "grid_member")
    ]
    for line in (
        {"do": "assignment", "uid": one.uid, "role": "走访"},
        {"do": "together", "kind": "assign", "lines": steps},
    ):
        command = reader.read(json.dumps(line))
        assert isinstance(command, SetAssignment | PeopleTogether)
        document.execute(command)

    assert [entry.kind for entry in document.history()][:2] == ["assign", "assignment"]
    assert len(document.snapshot.rows("assignment")) == 3
