from __future__ import annotations

import json

import pytest

from gridadmin.base.errors import EditError
from gridadmin.edit.assign_commands import Anchor
from gridadmin.edit.document import Document
from gridadmin.edit.people_records import PutRecord
from gridadmin.edit.roster_commands import RosterPerson, RosterPost, TakeRoster
from gridadmin.edit.script import ScriptReader
from tests.edit.conftest import Refused
from tests.edit.test_people_commands import add_person, assign
from tests.helpers.projects import TODAY, MemoryStore, named
from tests.helpers.promises import check_same


def place(document: Document, area: str) -> Anchor:
    return Anchor(area=named(document.snapshot, area).uid)


def test_units_persons_and_posts_come_as_one_gesture(
    store: MemoryStore, document: Document
) -> None:
    persons = [
        RosterPerson("1", {"name": "甲（虚构）", "organization": "虚构局"}),
        RosterPerson("2", {"name": "乙（虚构）"}),
    ]
    posts = [RosterPost("1", place(document, "A"), "cadre", {"batch": "第一批"})]

    document.execute(TakeRoster(persons, posts, ["虚构局"]))

    rows = {one.name: one for one in document.snapshot.rows("person").values()}
    [unit] = document.snapshot.rows("organization").values()
    [held] = document.snapshot.rows("assignment").values()
    assert sorted(rows) == ["乙（虚构）", "甲（虚构）"]
    assert rows["甲（虚构）"].organization == unit.uid
    assert (held.person, held.batch, held.valid_from) == (rows["甲（虚构）"].uid, "第一批", TODAY)
    check_same(document.snapshot, store.snapshot())
    document.undo()
    assert not document.snapshot.rows("person")
    assert not document.snapshot.rows("organization")


def test_a_roster_that_says_nothing_new_is_refused(document: Document, refused: Refused) -> None:
    person = add_person(document, "甲（虚构）")

    refusal = refused(document, TakeRoster([RosterPerson("1", {"name": person.name}, person.uid)]))

    assert refusal.code == "edit.nothing_changes"


def test_a_second_person_of_one_key_is_refused(document: Document, refused: Refused) -> None:
    add_person(document, "甲（虚构）", staff_number="A1")

    twin = TakeRoster([RosterPerson("1", {"name": "乙（虚构）", "staff_number": "A1"})])
    twice = TakeRoster([RosterPerson(ref, {"name": "丙（虚构）"}) for ref in "12"])

    assert refused(document, twin).code == "edit.person_exists"
    assert refused(document, twice).code == "edit.person_exists"


def test_a_seat_is_given_once_unless_its_holder_leaves(
    document: Document, refused: Refused
) -> None:
    holder = add_person(document, "甲（虚构）")
    held = assign(document, holder.uid, "A", "community_secretary", valid_from="2025-01-01")
    persons = [RosterPerson("1", {"name": "乙（虚构）"})]
    posts = [RosterPost("1", place(document, "A"), "community_secretary", {})]

    refusal = refused(document, TakeRoster(persons, posts))
    document.execute(TakeRoster(persons, posts, ends=[held.uid]))

    assert refusal.code == "edit.post_full"
    assert document.snapshot.rows("assignment")[held.uid].valid_to == TODAY


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"persons": "甲"}, "edit.bad_value"),
        ({"units": [1]}, "edit.bad_value"),
        ({"persons": [{"name": "甲"}]}, "edit.missing_value"),
        ({"persons": [{"ref": "1"}]}, "edit.missing_value"),
        ({"persons": [{"ref": "1", "name": "甲", "shoes": 43}]}, "edit.unknown_field"),
        ({"posts": [{"person": "9", "area": "?", "post": "cadre"}]}, "edit.unknown_person"),
        ({"ends": ["9"]}, "edit.unknown_record"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(
    document: Document, line: dict[str, object], code: str
) -> None:
    def carried_out() -> None:
        command = ScriptReader(lambda _: (0.0, 0.0)).read(json.dumps({"do": "roster", **line}))
        assert isinstance(command, TakeRoster)
        document.execute(command)

    with pytest.raises(EditError) as caught:
        carried_out()
    assert caught.value.code == code


def test_a_unit_that_is_there_is_not_made_again_and_an_assignment_is_changed_in_place(
    document: Document,
) -> None:
    unit = document.execute(PutRecord("organization", {"name": "虚构局"})).change.rows[0].after
    person = add_person(document, "甲（虚构）")
    held = assign(document, person.uid, "A", "cadre")

    document.execute(
        TakeRoster(
            [RosterPerson("1", {"organization": "虚构局"}, person.uid)],
            [RosterPost("1", place(document, "A"), "cadre", {"batch": "第二批"}, held.uid)],
            ["虚构局"],
        )
    )

    assert document.snapshot.rows("person")[person.uid].organization == unit.uid
    assert document.snapshot.rows("assignment")[held.uid].batch == "第二批"
    assert len(document.snapshot.rows("organization")) == 1


def test_a_unit_of_the_line_or_of_the_project_sends_for_a_post(document: Document) -> None:
    document.execute(PutRecord("organization", {"name": "虚构局"}))
    persons = [RosterPerson("1", {"name": "甲（虚构）"}), RosterPerson("2", {"name": "乙（虚构）"})]
    posts = [
        RosterPost("1", place(document, "A"), "cadre", {"sending_organization": "虚构局"}),
        RosterPost("2", place(document, "A"), "cadre", {"sending_organization": "虚构委"}),
    ]

    document.execute(TakeRoster(persons, posts, ["虚构委"]))

    rows = document.snapshot.rows
    senders = {
        rows("person")[one.person].name: rows("organization")[one.sending_organization].name
        for one in rows("assignment").values()
    }
    assert senders == {"甲（虚构）": "虚构局", "乙（虚构）": "虚构委"}


def test_an_assignment_that_begins_today_leaves_no_trace_when_it_ends(document: Document) -> None:
    person = add_person(document, "甲（虚构）")
    held = assign(document, person.uid, "A", "cadre", valid_from=TODAY)

    document.execute(TakeRoster(ends=[held.uid]))

    assert held.uid not in document.snapshot.rows("assignment")
