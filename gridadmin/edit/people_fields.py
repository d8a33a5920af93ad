"""What may stand in a field about people: texts, phones, dates, references by name or code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from stdnum.cn import ric

from gridadmin.base.errors import EditError
from gridadmin.domain.people import CERTIFICATES, PARTY_KINDS, Organization, Person
from gridadmin.domain.scheme import Entry, Post, Scheme, Term
from gridadmin.edit.area_commands import checked_text
from gridadmin.edit.command import find_area
from gridadmin.partition.snapshot import Snapshot

FieldCheck = Callable[[Snapshot, str, Any], Any]
"""Takes the snapshot, the name of the field and its value; returns what is stored. EditError."""

_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d")
_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
MOST = 1_000_000


def text(_: Snapshot, name: str, value: Any) -> str:
    """Return a text of one line that holds no identity number."""
    said = checked_text(name, value)
    refuse_identity_number(name, said)
    return said


def refuse_identity_number(name: str, value: str) -> None:
    """Refuse a text with a citizen's identity number: they are not kept.

    Raises: EditError ``edit.identity_number``.
    """
    if any(ric.is_valid(number) for number in _NUMBER.findall(value)):
        raise EditError("edit.identity_number", field=name)


def phone(_: Snapshot, name: str, value: Any) -> str:
    """Return a phone number, blanks and strokes between digits kept. Raises: ``edit.bad_phone``."""
    said = checked_text(name, value)
    if not _PHONE.fullmatch(said):
        raise EditError("edit.bad_phone", field=name, value=said)
    return said


def day(_: Snapshot, name: str, value: Any) -> str:
    """Return a date, ISO 8601. Raises: EditError ``edit.bad_value``."""
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as fault:
        raise EditError("edit.bad_value", field=name, value=value) from fault


def flag(_: Snapshot, name: str, value: Any) -> bool:
    """Return true or false. Raises: EditError ``edit.bad_value``."""
    if not isinstance(value, bool):
        raise EditError("edit.bad_value", field=name, value=value)
    return value


def whole(_: Snapshot, name: str, value: Any) -> int:
    """Return a number from 0 to a million. Raises: EditError ``edit.bad_value``."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise EditError("edit.bad_value", field=name, value=value)
    return value


def area(snapshot: Snapshot, name: str, value: Any) -> str:
    """Return the uid of an area named by code or uid. Raises: EditError ``edit.unknown_area``."""
    return find_area(snapshot, checked_text(name, value)).uid


def person(snapshot: Snapshot, name: str, value: Any) -> str:
    """Return the uid of a person. Raises: as :func:`find_person`."""
    return find_person(snapshot, checked_text(name, value)).uid


def organization(snapshot: Snapshot, name: str, value: Any) -> str:
    """Return the uid of a unit. Raises: as :func:`find_organization`."""
    return find_organization(snapshot, checked_text(name, value)).uid


def mode(snapshot: Snapshot, name: str, value: Any) -> str:
    """Return a mode of the scheme. Raises: EditError ``edit.bad_value``."""
    return _known(name, value, [one.key for one in snapshot.scheme.modes])


def certificate(_: Snapshot, name: str, value: Any) -> str:
    """Return a level of the certificate. Raises: EditError ``edit.bad_value``."""
    return _known(name, value, CERTIFICATES)


def party_kind(_: Snapshot, name: str, value: Any) -> str:
    """Return a kind of party organisation. Raises: EditError ``edit.bad_value``."""
    return _known(name, value, PARTY_KINDS)


def of_scheme(terms: Callable[[Scheme], Sequence[Term | Entry | Post]]) -> FieldCheck:
    """Return the check of a key that must be one of the scheme's."""

    def check(snapshot: Snapshot, name: str, value: Any) -> str:
        return _known(name, value, [one.key for one in terms(snapshot.scheme)])

    return check


def find_person(snapshot: Snapshot, name: str) -> Person:
    """Return the person of a uid or staff number, or the only one of a name.

    Raises: EditError ``edit.unknown_person``, ``edit.ambiguous_person``.
    """
    rows: Mapping[str, Person] = snapshot.rows("person")
    if name in rows:
        return rows[name]
    living = [one for one in rows.values() if one.valid_to is None]
    found = [one for one in living if one.staff_number == name]
    found = found or [one for one in living if one.name == name]
    if not found:
        raise EditError("edit.unknown_person", name=name)
    if len(found) > 1:
        raise EditError("edit.ambiguous_person", name=name, uids=_uids(found))
    return found[0]


def find_organization(snapshot: Snapshot, name: str) -> Organization:
    """Return the unit of a uid, or the only one of a name.

    Raises: EditError ``edit.unknown_organization``, ``edit.ambiguous_organization``.
    """
    rows: Mapping[str, Organization] = snapshot.rows("organization")
    if name in rows:
        return rows[name]
    found = [one for one in rows.values() if one.valid_to is None and one.name == name]
    if not found:
        raise EditError("edit.unknown_organization", name=name)
    if len(found) > 1:
        raise EditError("edit.ambiguous_organization", name=name, uids=_uids(found))
    return found[0]


def _uids(found: Sequence[Person | Organization]) -> str:
    return ", ".join(sorted(one.uid for one in found))


def _known(name: str, value: Any, known: Sequence[str]) -> str:
    if value not in known:
        raise EditError("edit.bad_value", field=name, value=value)
    return str(value)
