"""Who the rows of a roster are: rows of one person belong together, and to a person known already.

A staff number is a person's key, else unit, name and the last four digits of the phone. What these
can't settle is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gridadmin.domain.people import Person, masked_phone
from gridadmin.exchange.roster_preview import WARNING, Ask, Fault, Option
from gridadmin.exchange.roster_rows import Row
from gridadmin.exchange.roster_units import NEW
from gridadmin.exchange.roster_values import phone_tail, squeezed
from gridadmin.partition.snapshot import Snapshot

PERSON_FIELDS = (
    "name",
    "staff_number",
    "job_title",
    "rank",
    "gender",
    "political_status",
    "certificate_level",
    "roster_kind",
    "recruited_from",
    "is_full_time",
    "duty_phone",
    "own_phone",
    "note",
)
_MOST_HELD = 2
Key = tuple[str, ...]


@dataclass
class Group:
    """The rows of one person, and who that is in the project (None for somebody new)."""

    key: Key
    known: Person | None = None
    rows: list[Row] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    said_in: dict[str, str] = field(default_factory=dict)


class PersonFinder:
    """Finds the living persons of a project by what a roster says of them."""

    def __init__(self, snapshot: Snapshot, answers: Mapping[str, str], today: str) -> None:
        self._answers = answers
        self._snapshot = snapshot
        self._numbers: dict[str, Person] = {}
        self._names: dict[str, list[Person]] = defaultdict(list)
        self.phones: dict[str, Person] = {}
        """Who has an own phone."""
        for person in sorted(snapshot.rows("person").values(), key=lambda one: str(one.uid)):
            if person.valid_to is None:
                self._names[squeezed(person.name)].append(person)
                if person.own_phone is not None:
                    self.phones[person.own_phone] = person
                if person.staff_number is not None:
                    self._numbers[person.staff_number] = person
        self._seats: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for one in snapshot.rows("assignment").values():
            if one.valid_to is None or one.valid_to > today:
                self._seats[one.person].add((one.anchor, one.post))

    def find(self, row: Row) -> Person | Fault | list[Ask] | None:
        """Return who a row is, what is wrong, or what to ask; None for somebody new."""
        number = row.values.get("staff_number")
        name = squeezed(row.name)
        if number in self._numbers:
            person = self._numbers[number]
            if squeezed(person.name) == name:
                return person
            return Fault("staff_number", "roster.number_of_other", {"name": person.name})
        same = [
            one for one in self._names.get(name, []) if number is None or one.staff_number is None
        ]
        unit, tail = None if row.unit is None else row.unit.key, tail_of(row)
        sure = [one for one in same if (one.organization, _tail(one)) == (unit, tail)]
        if len(sure) == 1:
            return sure[0]
        there = [one for one in same if self._is_there(one, row) and not _differs(one, unit, tail)]
        if not sure and len(there) == 1:
            return there[0]
        maybe = sure or [one for one in same if _may_be(one, unit, tail)]
        return self._asked(row, maybe, tail) if maybe else None

    def _is_there(self, person: Person, row: Row) -> bool:
        """Return whether a person holds the post already that a row gives to the name."""
        place = row.place
        if place is None:
            return False
        seats = self._seats.get(person.uid, ())
        return any((place.uid, post.key) in seats for post in row.posts)

    def _asked(self, row: Row, maybe: list[Person], tail: str) -> Person | list[Ask] | None:
        options = [Option(one.uid, self._told(one)) for one in maybe]
        unit = "" if row.unit is None else row.unit.name
        where = " ".join(part for part in (unit, f"…{tail}" if tail else "") if part)
        ask = Ask("name", "person", row.name, where, (*options, Option(NEW, row.name)))
        answer = ask.answer(self._answers)
        if answer == NEW:
            return None
        return next((one for one in maybe if one.uid == answer), [ask])

    def _told(self, person: Person) -> str:
        """Return what tells a person from others of the name: unit, posts, masked phone."""
        unit = self._snapshot.rows("organization").get(person.organization or "")
        number = person.own_phone or person.duty_phone
        areas = self._snapshot.rows("area")
        posts = {post.key: post.zh for post in self._snapshot.scheme.posts}
        held = sorted(
            f"{areas[anchor].name}{posts.get(post, post)}"
            for anchor, post in self._seats.get(person.uid, ())
            if anchor in areas
        )
        parts = [
            person.name,
            "" if unit is None else str(unit.name),
            "、".join(held[:_MOST_HELD]),
            person.staff_number or "",
            "" if number is None else masked_phone(number),
        ]
        return " ".join(part for part in parts if part)


def tail_of(row: Row) -> str:
    """Return the last four digits of a row's own phone, else of the duty phone."""
    return phone_tail(row.cells.get("own_phone")) or phone_tail(row.cells.get("duty_phone"))


def _tail(person: Person) -> str:
    return phone_tail(person.own_phone or person.duty_phone)


def _differs(person: Person, unit: str | None, tail: str) -> bool:
    """Return whether unit or phone tail, where both sides have one, are different."""
    theirs = _tail(person)
    is_other_unit = unit is not None and person.organization not in (None, unit)
    return is_other_unit or bool(tail and theirs and tail != theirs)


def _may_be(person: Person, unit: str | None, tail: str) -> bool:
    theirs = _tail(person)
    if (tail and tail == theirs) or (unit is None and not tail):
        return True
    if person.organization != unit:
        return False
    return unit is not None or not tail or not theirs


def grouped(rows: Iterable[Row], finder: PersonFinder, answers: Mapping[str, str]) -> list[Group]:
    """Return the persons of a roster; rows that contradict each other are blamed."""
    listed = list(rows)
    numbers = _numbers(listed)
    groups: dict[Key, Group] = {}
    for row in listed:
        found = finder.find(row)
        if isinstance(found, Fault):
            row.blame(found)
        elif isinstance(found, list):
            row.asks.extend(found)
        else:
            key = _key(row, found, numbers)
            _join(groups.setdefault(key, Group(key, found)), row)
    _ask_about_twins(groups, answers)
    _warn_of_shared_phones(groups.values(), finder.phones)
    return list(groups.values())


def _name_key(row: Row) -> Key:
    unit = "" if row.unit is None else row.unit.key
    return "name", unit, squeezed(row.name), tail_of(row)


def _numbers(rows: Iterable[Row]) -> Mapping[Key, str]:
    """Return the staff numbers by unit, name and phone tail, for rows that leave the number out."""
    found: dict[Key, str] = {}
    for row in rows:
        number, key = row.values.get("staff_number"), _name_key(row)
        if number is not None and key[-1]:
            found.setdefault(key, number)
    return found


def _key(row: Row, known: Person | None, numbers: Mapping[Key, str]) -> Key:
    if known is not None:
        return "uid", known.uid
    by_name = _name_key(row)
    number = row.values.get("staff_number") or numbers.get(by_name)
    return by_name if number is None else ("number", number)


def _join(group: Group, row: Row) -> None:
    """Add a row to its person, unless it says something else of the person than rows before."""
    for name in PERSON_FIELDS:
        value = row.values.get(name)
        if value is None:
            continue
        known = group.values.get(name, value)
        is_same = squeezed(known) == squeezed(value) if name == "name" else known == value
        if not is_same:
            code = "roster.number_twice" if name == "name" else "roster.conflict"
            column = "staff_number" if name == "name" else name
            params = {"row": group.said_in[name], "name": group.values.get("name", "")}
            row.blame(Fault(column, code, params))
            return
    for name in PERSON_FIELDS:
        value = row.values.get(name)
        if value is not None and name not in group.values:
            group.values[name] = value
            group.said_in[name] = row.ref
    group.rows.append(row)


def _ask_about_twins(groups: dict[Key, Group], answers: Mapping[str, str]) -> None:
    """Ask whether somebody without a phone is another of the roster with the same unit and name."""
    by_name: dict[Key, list[Group]] = defaultdict(list)
    for group in groups.values():
        if group.rows:
            by_name[_name_key(group.rows[0])[:3]].append(group)
    for same in by_name.values():
        without = [one for one in same if one.key[0] == "name" and not one.key[-1]]
        others = [one for one in same if one not in without]
        for group in without if others else ():
            options = [Option(_mark(one), f"{one.rows[0].ref} {_mark(one)}") for one in others]
            first = group.rows[0]
            ask = Ask("name", "twin", first.name, "", (*options, Option(NEW, first.name)))
            answer = ask.answer(answers)
            if answer is None:
                for row in group.rows:
                    row.asks.append(ask)
            target = next((one for one in others if _mark(one) == answer), None)
            if target is not None:
                for row in group.rows:
                    _join(target, row)
                groups.pop(group.key)


def _mark(group: Group) -> str:
    """Return what tells a person of a roster from others of the name: number, else phone tail."""
    number = group.values.get("staff_number")
    return str(number) if number is not None else f"…{tail_of(group.rows[0])}"


def _warn_of_shared_phones(groups: Iterable[Group], known: Mapping[str, Person]) -> None:
    """Warn of own phones that somebody else has, in the roster or in the project."""
    owners: dict[str, Group] = {}
    for group in groups:
        number = group.values.get("own_phone")
        if number is None or not group.rows:
            continue
        at = group.said_in["own_phone"]
        row = next(one for one in group.rows if one.ref == at)
        owner, other = owners.setdefault(number, group), known.get(number)
        if owner is not group:
            params = {"row": owner.said_in["own_phone"], "name": owner.values.get("name", "")}
            row.blame(Fault("own_phone", "roster.phone_shared", params), WARNING)
        elif other is not None and other is not group.known:
            params = {"name": other.name}
            row.blame(Fault("own_phone", "roster.phone_of_other", params), WARNING)
