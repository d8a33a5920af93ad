"""Step 2: the tables about people become logged ones; those of before held nothing yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

_GONE = (
    "person",
    "organization",
    "headcount",
    "post_seat",
    "assignment",
    "pairing",
    "agreement",
    "party_node",
    "team",
    "team_member",
    "registration_count",
    "mode_switch",
    "export_note",
)
_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "text": sa.Text,
    "integer": sa.Integer,
    "boolean": sa.Boolean,
}
_TABLES: dict[str, dict[str, str]] = {
    "person": {
        "uid": "text!",
        "name": "text!",
        "staff_number": "text",
        "organization": "text",
        "job_title": "text",
        "rank": "text",
        "gender": "text",
        "political_status": "text",
        "certificate_level": "text",
        "roster_kind": "text",
        "recruited_from": "text",
        "is_full_time": "boolean",
        "duty_phone": "text",
        "own_phone": "text",
        "note": "text",
        "valid_from": "text",
        "valid_to": "text",
        "revision": "integer!",
    },
    "organization": {
        "uid": "text!",
        "name": "text!",
        "code": "text",
        "kind": "text",
        "parent": "text",
        "area": "text",
        "contact": "text",
        "mode": "text",
        "sort_order": "integer",
        "note": "text",
        "valid_from": "text",
        "valid_to": "text",
        "revision": "integer!",
    },
    "headcount": {
        "uid": "text!",
        "organization": "text!",
        "officials": "integer!",
        "quota": "integer",
        "as_of": "text",
        "revision": "integer!",
    },
    "post_seat": {
        "uid": "text!",
        "anchor_kind": "text!",
        "anchor": "text!",
        "post": "text!",
        "seats": "integer!",
        "note": "text",
        "revision": "integer!",
    },
    "assignment": {
        "uid": "text!",
        "person": "text!",
        "anchor_kind": "text!",
        "anchor": "text!",
        "post": "text!",
        "mode": "text",
        "role": "text",
        "batch": "text",
        "sending_organization": "text",
        "is_locked": "boolean!",
        "document": "text",
        "valid_from": "text",
        "valid_to": "text",
        "revision": "integer!",
    },
    "pairing": {
        "uid": "text!",
        "organization": "text!",
        "anchor_kind": "text!",
        "anchor": "text!",
        "kind": "text!",
        "mode": "text",
        "document": "text",
        "valid_from": "text",
        "valid_to": "text",
        "revision": "integer!",
    },
    "agreement": {
        "uid": "text!",
        "community_organization": "text!",
        "unit": "text!",
        "items": "integer!",
        "date": "text",
        "note": "text",
        "revision": "integer!",
    },
    "party_node": {
        "uid": "text!",
        "name": "text!",
        "kind": "text!",
        "branch_type": "text",
        "parent": "text",
        "area": "text",
        "secretary": "text",
        "households_linked": "integer",
        "mode": "text",
        "valid_from": "text",
        "valid_to": "text",
        "revision": "integer!",
    },
    "team": {
        "uid": "text!",
        "name": "text!",
        "kind": "text!",
        "anchor_kind": "text!",
        "anchor": "text!",
        "mode": "text",
        "valid_from": "text",
        "valid_to": "text",
        "revision": "integer!",
    },
    "team_member": {
        "uid": "text!",
        "team": "text!",
        "person": "text!",
        "role": "text",
        "revision": "integer!",
    },
    "registration_count": {
        "uid": "text!",
        "area": "text!",
        "channel": "text!",
        "persons": "integer!",
        "as_of": "text",
        "revision": "integer!",
    },
    "mode_switch": {
        "uid": "text!",
        "mode": "text!",
        "since": "text!",
        "author": "text!",
        "note": "text",
        "revision": "integer!",
    },
    "export_note": {
        "uid": "text!",
        "time": "text!",
        "author": "text!",
        "profile": "text!",
        "what": "text!",
        "file": "text!",
        "count": "integer!",
        "fields": "text!",
    },
}
"""Columns in order; ``!`` = may not be null. Frozen: later versions have steps of their own."""

_INDEXES = (
    ("person", "organization"),
    ("post_seat", "anchor"),
    ("assignment", "anchor"),
    ("assignment", "person"),
    ("pairing", "anchor"),
    ("pairing", "organization"),
    ("party_node", "area"),
    ("team_member", "person"),
    ("team_member", "team"),
)


def upgrade(operations: Operations) -> None:
    """Make the tables anew."""
    for name in _GONE:
        operations.drop_table(name)
    for name, columns in _TABLES.items():
        operations.create_table(name, *(_column(*one) for one in columns.items()))
    for table, column in _INDEXES:
        operations.create_index(f"{table}_{column}", table, [column])


def _column(name: str, said: str) -> sa.Column[Any]:
    kind = _TYPES[said.rstrip("!")]
    return sa.Column(name, kind(), primary_key=name == "uid", nullable=not said.endswith("!"))
