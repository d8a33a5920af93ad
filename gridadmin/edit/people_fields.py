"""What may stand in a field about people: texts, phones, dates, references by name or code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from stdnum.cn import ric

from gridadmin.base.errors import EditError
from gridadmin.domain.people import (
    ANCHOR_TABLES,
    CERTIFICATES,
    PARTY_KINDS,
    Organization,
    Person,
    masked_phone,
)
from gridadmin.domain.scheme import Entry, Post, Scheme, Term
from gridadmin.edit.area_commands import checked_text
from gridadmin.edit.command import find_area
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import LANE, STREET

FieldCheck = Callable[[Snapshot, str, Any], Any]
"""Takes the snapshot, the name of the field and its value; returns what is stored. EditError."""

_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d")
_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
MOST = 1_000_000
_LEAST_CORNERS = 3


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
        # The message may end in a log or a terminal: of a mobile number only its ends.
        shown = masked_phone(said) if any(map(str.isdigit, said)) else said
        raise EditError("edit.bad_phone", field=name, value=shown)
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


def facility(snapshot: Snapshot, name: str, value: Any) -> str:
    """Return a kind of facility of the scheme, or a shop. Raises: EditError ``edit.bad_value``."""
    return _known(name, value, ["shop", *(one.key for one in snapshot.scheme.facilities)])


def street(_: Snapshot, name: str, value: Any) -> str:
    """Return a kind of line that chiefs are for. Raises: EditError ``edit.bad_value``."""
    return _known(name, value, [STREET, LANE])


def point(_: Snapshot, name: str, value: Any) -> dict[str, int | None]:
    """Return the columns of a point in plane metres. Raises: EditError ``edit.bad_value``."""
    if value is None:
        return {"x_mm": None, "y_mm": None}
    try:
        x, y = (round(float(number) * 1000) for number in value)
    except (TypeError, ValueError, OverflowError) as fault:
        raise EditError("edit.bad_value", field=name, value=value) from fault
    return {"x_mm": x, "y_mm": y}


def outline(_: Snapshot, name: str, value: Any) -> dict[str, bytes]:
    """Return the column of an outline of corners in plane metres.

    Raises: EditError ``edit.bad_value``, ``edit.bad_polygon``.
    """
    try:
        corners = np.array([(float(x), float(y)) for x, y in value]).reshape(-1, 2)
    except (TypeError, ValueError, OverflowError) as fault:
        raise EditError("edit.bad_value", field=name, value=value) from fault
    if len(corners) < _LEAST_CORNERS or not np.isfinite(corners).all():
        raise EditError("edit.bad_polygon")
    polygon = shapely.Polygon(corners)
    if not shapely.is_valid(polygon) or not polygon.area:
        raise EditError("edit.bad_polygon")
    return {"outline": shapely.to_wkb(polygon, byte_order=1)}


def anchor_of(table: str, kind_column: str, column: str) -> FieldCheck:
    """Return the check of a name of an area or unit, or of the uid of another object.

    It gives the columns that say which table and which uid.
    """

    def check(snapshot: Snapshot, name: str, value: Any) -> dict[str, str]:
        if table == "area":
            uid = area(snapshot, name, value)
        elif table == "organization":
            uid = organization(snapshot, name, value)
        else:
            uid = _row_of(snapshot, table, value)
        return {kind_column: table, column: uid}

    return check


def any_anchor(snapshot: Snapshot, name: str, value: Any) -> dict[str, str]:
    """Return the columns of what ``{"table":…,"uid":…}`` names.

    Raises: EditError ``edit.bad_value``, ``edit.unknown_record``.
    """
    table = value.get("table") if isinstance(value, dict) else None
    if not isinstance(value, dict) or table not in ANCHOR_TABLES:
        raise EditError("edit.bad_value", field=name, value=value)
    return {"anchor_kind": str(table), "anchor": _row_of(snapshot, str(table), value.get("uid"))}


def named_row(table: str) -> FieldCheck:
    """Return the check of a uid of a table, or of the only row of that name in it."""

    def check(snapshot: Snapshot, name: str, value: Any) -> str:
        rows = snapshot.rows(table)
        if isinstance(value, str) and value not in rows:
            named = [one.uid for one in rows.values() if one.name == value]
            if len(named) == 1:
                return str(named[0])
            if named:
                raise EditError("edit.bad_value", field=name, value=value)
        return _row_of(snapshot, table, value)

    return check


def _row_of(snapshot: Snapshot, table: str, value: Any) -> str:
    row = snapshot.rows(table).get(value) if isinstance(value, str) else None
    if row is None or getattr(row, "valid_to", None) is not None:
        raise EditError("edit.unknown_record", table=table, uid=value)
    return str(row.uid)


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
