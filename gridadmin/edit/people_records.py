"""Put and end rows about people: persons, units, headcounts, party organisations, teams, counts.

Groupings, facilities, streets and compounds too, on which posts stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.change import TABLES, Change, columns_of
from gridadmin.domain.model import Compound
from gridadmin.domain.people import Person
from gridadmin.edit import people_fields as check
from gridadmin.edit.compound_homes import rehouse
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.people_fields import FieldCheck
from gridadmin.partition.snapshot import Snapshot

_DATES: Mapping[str, FieldCheck] = {"valid_from": check.day, "valid_to": check.day}

_ANCHORED: Mapping[str, FieldCheck] = {
    "area": check.anchor_of("area", "anchor_kind", "anchor"),
    "anchor": check.any_anchor,
}
"""Either names what a row stands on."""

RECORDS: Mapping[str, Mapping[str, FieldCheck]] = {
    "person": {
        "name": check.text,
        "staff_number": check.text,
        "organization": check.organization,
        "job_title": check.text,
        "rank": check.text,
        "gender": check.text,
        "political_status": check.text,
        "certificate_level": check.certificate,
        "roster_kind": check.of_scheme(lambda scheme: scheme.roster_kinds),
        "recruited_from": check.text,
        "is_full_time": check.flag,
        "duty_phone": check.phone,
        "own_phone": check.phone,
        "note": check.text,
        **_DATES,
    },
    "organization": {
        "name": check.text,
        "code": check.text,
        "kind": check.of_scheme(lambda scheme: scheme.organizations),
        "parent": check.organization,
        "area": check.area,
        "contact": check.text,
        "mode": check.mode,
        "sort_order": check.whole,
        "note": check.text,
        **_DATES,
    },
    "headcount": {
        "organization": check.organization,
        "officials": check.whole,
        "quota": check.whole,
        "as_of": check.day,
    },
    "agreement": {
        "community_organization": check.organization,
        "unit": check.organization,
        "items": check.whole,
        "date": check.day,
        "note": check.text,
    },
    "party_node": {
        "name": check.text,
        "kind": check.party_kind,
        "branch_type": check.of_scheme(lambda scheme: scheme.organizations),
        "area": check.area,
        "secretary": check.person,
        "households_linked": check.whole,
        "mode": check.mode,
        **_DATES,
    },
    "registration_count": {
        "area": check.area,
        "channel": check.of_scheme(lambda scheme: scheme.channels),
        "persons": check.whole,
        "as_of": check.day,
    },
    "team": {
        "name": check.text,
        "kind": check.of_scheme(lambda scheme: scheme.organizations),
        **_ANCHORED,
        "mode": check.mode,
        **_DATES,
    },
    "team_member": {
        "team": check.named_row("team"),
        "person": check.person,
        "role": check.text,
    },
    "grouping": {
        "kind": check.of_scheme(lambda scheme: (*scheme.groupings, *scheme.nets)),
        "name": check.text,
        "note": check.text,
    },
    "grouping_member": {
        "grouping": check.named_row("grouping"),
        "area": check.anchor_of("area", "member_kind", "member"),
        "organization": check.anchor_of("organization", "member_kind", "member"),
        "building": check.anchor_of("building", "member_kind", "member"),
        "role": check.text,
    },
    "facility": {
        "kind": check.facility,
        "name": check.text,
        "area": check.area,
        "point": check.point,
    },
    "street": {"kind": check.street, "name": check.text},
    "compound": {
        "name": check.text,
        "compound_type": check.of_scheme(lambda scheme: scheme.compound_types),
        "has_property_company": check.flag,
        "outline": check.outline,
    },
}
"""What may be said of each kind of row, and how it is checked; ``parent`` of a node is a node."""

TABLE_OF = {"facility": "point_object", "street": "line_object"}
"""The table of a word that isn't its table's name."""


@dataclass(frozen=True)
class PutRecord:
    """Add a row about people, or change some fields of one (*uid*); None empties a field."""

    table: str
    values: Mapping[str, Any]
    uid: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        draft = Draft(snapshot)
        record = self._record(snapshot, desk)
        if isinstance(record, Person):
            _refuse_twin(snapshot, record)
        draft.put(TABLE_OF.get(self.table, self.table), record)
        if isinstance(record, Compound) and "outline" in self.values:
            rehouse(draft, snapshot, snapshot.rows("compound").get(record.uid), record)
        if self.uid is None:
            draft.tell(created=[{"uid": record.uid, "code": None}])
        return draft.change(self.table, note=str(getattr(record, "name", "")))

    def _record(self, snapshot: Snapshot, desk: Desk) -> Any:
        values = self._checked(snapshot)
        table = TABLE_OF.get(self.table, self.table)
        if self.uid is not None:
            return replace(find_record(snapshot, table, self.uid), **values)
        record = TABLES[table]
        for field in fields(record):
            is_required = field.default is MISSING and field.default_factory is MISSING
            if is_required and field.name != "uid" and values.get(field.name) is None:
                raise EditError("edit.missing_value", field=field.name)
        return record(uid=desk.new_uid(), **values)

    def _checked(self, snapshot: Snapshot) -> dict[str, Any]:
        checks = RECORDS[self.table]
        columns = columns_of(TABLE_OF.get(self.table, self.table))
        found: dict[str, Any] = {}
        for name, value in self.values.items():
            if self.table == "party_node" and name == "parent" and value is not None:
                found[name] = _party_above(snapshot, value, self.uid)
            elif name not in checks:
                raise EditError("edit.unknown_field", field=name, fields=", ".join(checks))
            elif value is None and name in columns:
                found[name] = None
            else:
                kept = checks[name](snapshot, name, value)
                found |= kept if isinstance(kept, dict) else {name: kept}
        return found


@dataclass(frozen=True)
class EndRecord:
    """End a row about people on a day (today without one); what has no dates is taken out.

    With a person go the posts, with a unit its pairings.
    """

    table: str
    uid: str
    day: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        record = find_record(snapshot, self.table, self.uid)
        day = desk.today if self.day is None else check.day(snapshot, "date", self.day)
        draft = Draft(snapshot)
        _end(draft, self.table, record, day)
        for table, column in _FOLLOW.get(self.table, ()):
            for row in snapshot.linked(table, record.uid):
                if getattr(row, column) == record.uid:
                    _end(draft, table, row, day)
        return draft.change(f"end_{self.table}", note=str(getattr(record, "name", "")))


_ON_OBJECTS = (("assignment", "anchor"), ("pairing", "anchor"))

_FOLLOW: Mapping[str, tuple[tuple[str, str], ...]] = {
    "person": (("assignment", "person"),),
    "organization": (("pairing", "organization"),),
    "team": (("team_member", "team"),),
    "grouping": (("grouping_member", "grouping"), *_ON_OBJECTS),
    "point_object": _ON_OBJECTS,
    "line_object": _ON_OBJECTS,
    "compound": _ON_OBJECTS,
}
"""What ends with a row: tables and the column that points at it."""


def find_record(snapshot: Snapshot, table: str, uid: Any) -> Any:
    """Return a row about people. Raises: EditError ``edit.unknown_record``."""
    record = snapshot.rows(table).get(uid) if isinstance(uid, str) else None
    if record is None:
        raise EditError("edit.unknown_record", table=table, uid=uid)
    return record


def _party_above(snapshot: Snapshot, value: Any, own: str | None) -> str:
    """Return the uid of the party organisation above, which doesn't hang below one's own.

    Raises: EditError ``edit.unknown_record``, ``edit.party_circle``.
    """
    above = find_record(snapshot, "party_node", value)
    rows = snapshot.rows("party_node")
    seen: set[str] = set()
    at = above
    while at is not None and at.uid not in seen:
        if at.uid == own:
            raise EditError("edit.party_circle", name=at.name, above=above.name)
        seen.add(at.uid)
        at = rows.get(at.parent)
    return str(above.uid)


def _end(draft: Draft, table: str, record: Any, day: str) -> None:
    if not hasattr(record, "valid_to"):
        draft.remove(table, record.uid)
    elif record.valid_to is None or day < record.valid_to:
        draft.put(table, replace(record, valid_to=day))


def _refuse_twin(snapshot: Snapshot, person: Person) -> None:
    """Refuse a second person of one key: staff number, else unit, name and phone tail.

    Raises: EditError ``edit.person_exists``.
    """
    key = person_key(person)
    for other in snapshot.rows("person").values():
        # Names and numbers tell most people apart, and quickly.
        is_like = person.name == other.name or person.staff_number == other.staff_number
        if not is_like or other.uid == person.uid or other.valid_to is not None:
            continue
        if person_key(other) == key:
            raise EditError("edit.person_exists", name=person.name, uid=other.uid)


def person_key(person: Person) -> tuple[str | None, ...]:
    """Return what tells a person from all others of a roster."""
    if person.staff_number is not None:
        return (person.staff_number,)
    number = person.own_phone or person.duty_phone or ""
    tail = "".join(sign for sign in number if sign.isdigit())[-4:]
    return person.organization, person.name, tail
