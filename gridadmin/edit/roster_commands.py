"""Take over a whole roster: units, persons and their posts as one gesture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.people import Assignment, Organization, Person
from gridadmin.edit import people_fields as check
from gridadmin.edit.assign_commands import ASSIGNMENT, Anchor, checked_values, post_on
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.people_records import RECORDS, find_record, person_key
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class RosterPerson:
    """A person of a roster. *ref* is how its posts name the person, *uid* who it is already.

    *values* are fields of a person; ``organization`` may be the name of a unit that is new.
    """

    ref: str
    values: Mapping[str, Any]
    uid: str | None = None


@dataclass(frozen=True)
class RosterPost:
    """A post that a person of the roster holds; *uid* names the assignment that is changed."""

    person: str
    anchor: Anchor
    post: str
    values: Mapping[str, Any]
    uid: str | None = None


@dataclass(frozen=True)
class TakeRoster:
    """Add and change units, persons and posts; *ends* are assignments that end today."""

    persons: Sequence[RosterPerson] = ()
    posts: Sequence[RosterPost] = ()
    units: Sequence[str] = ()
    ends: Sequence[str] = ()
    note: str = ""
    may_move_frame: bool = field(default=False, init=False)

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.nothing_changes`` and those of each row."""
        draft = Draft(snapshot)
        units = {name: _put_unit(snapshot, draft, desk, name) for name in self.units}
        persons = {one.ref: _put_person(snapshot, draft, desk, one, units) for one in self.persons}
        _refuse_twins(snapshot, draft, persons.values())
        for uid in self.ends:
            one: Assignment = find_record(snapshot, "assignment", uid)
            if one.valid_from is not None and one.valid_from >= desk.today:
                draft.remove("assignment", uid)
            else:
                draft.put("assignment", replace(one, valid_to=desk.today))
        made = [_put_post(snapshot, draft, desk, one, persons, units) for one in self.posts]
        _refuse_crowds(snapshot, draft, desk.today, [one for one in made if one is not None])
        change = draft.change("roster", self.note)
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change


def _put_unit(snapshot: Snapshot, draft: Draft, desk: Desk, name: str) -> str:
    said = check.text(snapshot, "name", name)
    for row in snapshot.rows("organization").values():
        if row.valid_to is None and row.name == said:
            return str(row.uid)
    uid = desk.new_uid()
    draft.put("organization", Organization(uid, said))
    return uid


def _put_post(
    snapshot: Snapshot,
    draft: Draft,
    desk: Desk,
    wanted: RosterPost,
    persons: Mapping[str, Person],
    units: Mapping[str, str],
) -> Assignment | None:
    """Put one post; return it when it is new."""
    values = dict(_with_unit(wanted.values, "sending_organization", units))
    unit = values.pop("sending_organization", None)
    checked = checked_values(snapshot, values, ASSIGNMENT)
    if unit is not None:
        is_new = unit in units.values()
        name = "sending_organization"
        checked[name] = unit if is_new else check.organization(snapshot, name, unit)
    if wanted.uid is not None:
        one: Assignment = find_record(snapshot, "assignment", wanted.uid)
        draft.put("assignment", replace(one, **checked))
        return None
    person = persons.get(wanted.person)
    if person is None:
        raise EditError("edit.unknown_person", name=wanted.person)
    table, anchor = wanted.anchor.found(snapshot)
    post = post_on(snapshot, table, anchor, wanted.post)
    checked.setdefault("valid_from", desk.today)
    made = Assignment(desk.new_uid(), person.uid, table, anchor, post.key, **checked)
    draft.put("assignment", made)
    return made


def _put_person(
    snapshot: Snapshot, draft: Draft, desk: Desk, wanted: RosterPerson, units: Mapping[str, str]
) -> Person:
    checks = RECORDS["person"]
    found: dict[str, Any] = {}
    for name, value in _with_unit(wanted.values, "organization", units).items():
        if name not in checks:
            raise EditError("edit.unknown_field", field=name, fields=", ".join(checks))
        is_new_unit = name == "organization" and value in units.values()
        is_as_it_is = value is None or is_new_unit
        found[name] = value if is_as_it_is else checks[name](snapshot, name, value)
    if wanted.uid is not None:
        person: Person = replace(find_record(snapshot, "person", wanted.uid), **found)
    elif found.get("name") is None:
        raise EditError("edit.missing_value", field="name")
    else:
        person = Person(desk.new_uid(), **found)
    draft.put("person", person)
    return person


def _with_unit(values: Mapping[str, Any], name: str, units: Mapping[str, str]) -> Mapping[str, Any]:
    """Return values in which a unit that is new is named by its uid."""
    if values.get(name) in units:
        return {**values, name: units[values[name]]}
    return values


def _refuse_twins(snapshot: Snapshot, draft: Draft, persons: Iterable[Person]) -> None:
    """Refuse two living persons of one key. Raises: EditError ``edit.person_exists``."""
    known: dict[tuple[str | None, ...], str] = {}
    put = {one.uid for one in persons}
    rows = {**snapshot.rows("person"), **{uid: draft.now("person", uid) for uid in put}}
    for uid, row in rows.items():
        if row.valid_to is None and uid not in put:
            known[person_key(row)] = uid
    for uid in sorted(put):
        key = person_key(rows[uid])
        other = known.setdefault(key, uid)
        if other != uid:
            raise EditError("edit.person_exists", name=rows[uid].name, uid=other)


def _refuse_crowds(
    snapshot: Snapshot, draft: Draft, today: str, made: Sequence[Assignment]
) -> None:
    """Refuse more holders of a post than it may have. Raises: EditError ``edit.post_full``."""
    seats = {
        (row.anchor_kind, row.anchor, row.post): int(row.seats)
        for row in snapshot.rows("post_seat").values()
    }
    fresh = Counter(_place(one) for one in made if _is_living(one, today))
    for place, count in fresh.items():
        table, anchor, key = place
        post = post_on(snapshot, table, anchor, key)
        if post.most is None:
            continue
        standing = (draft.now("assignment", one.uid) for one in _linked(snapshot, anchor))
        held = sum(
            one is not None and _place(one) == place and _is_living(one, today) for one in standing
        )
        if held + count > max(post.most, seats.get(place, post.seats)):
            raise EditError("edit.post_full", post=post.zh, most=post.most)


def _linked(snapshot: Snapshot, anchor: str) -> list[Assignment]:
    return snapshot.linked("assignment", anchor)


def _place(one: Assignment) -> tuple[str, str, str]:
    return one.anchor_kind, one.anchor, one.post


def _is_living(one: Assignment, today: str) -> bool:
    return one.valid_to is None or one.valid_to > today
