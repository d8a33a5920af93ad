"""Tables for people and organizations, apart from the boundaries; nothing reads them yet.

Every column says in ``info["publicity"]`` who may see it: ``public`` (charts and packages for
everybody), ``internal`` (inside the office) or ``never`` (not exported at all). A masked column
leaves the program only as ``138****1234``. Posts, pairings and teams anchor to ``(anchor_kind,
anchor)``: a table of the model and a uid.

Source: domain.md, the two trees and a web; schemes; personal data.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from gridadmin.store.tables import METADATA

Publicity = Literal["public", "internal", "never"]


def _column(
    name: str, kind: type[Any], publicity: Publicity, *, required: bool = False, **info: Any
) -> Column[Any]:
    return Column(name, kind(), nullable=not required, info={"publicity": publicity, **info})


def _text(name: str, publicity: Publicity = "internal", **more: Any) -> Column[Any]:
    return _column(name, Text, publicity, **more)


def _number(name: str, publicity: Publicity = "internal", **more: Any) -> Column[Any]:
    return _column(name, Integer, publicity, **more)


def _flag(name: str, publicity: Publicity = "internal", **more: Any) -> Column[Any]:
    return _column(name, Boolean, publicity, **more)


def _anchor() -> tuple[Column[Any], Column[Any]]:
    return _text("anchor_kind", "public", required=True), _text("anchor", "public", required=True)


def _dates() -> tuple[Column[Any], Column[Any]]:
    return _text("valid_from"), _text("valid_to")


def _table(name: str, *columns: Column[Any], indexes: tuple[str, ...] = ()) -> Table:
    uid: Column[Any] = Column("uid", Text, primary_key=True, info={"publicity": "public"})
    revision = _number("revision", required=True)
    table = Table(name, METADATA, uid, *columns, revision)
    for column in indexes:
        Index(f"{name}_{column}", table.c[column])
    return table


PERSON = _table(
    "person",
    _text("name", "public", required=True),
    _text("organization"),
    _text("rank"),
    _text("certificate_level"),
    _text("roster_kind"),
    _text("recruited_from"),
    _flag("is_full_time"),
    _flag("is_party_member"),
    _text("duty_phone", "public"),
    _text("own_phone", masked=True),
    _text("note", "never"),
    *_dates(),
    indexes=("organization",),
)

ORGANIZATION = _table(
    "organization",
    _text("name", "public", required=True),
    _text("code"),
    _text("kind", "public"),
    _text("parent"),
    _text("area", "public"),
    _text("contact"),
    _text("note", "never"),
    *_dates(),
)

HEADCOUNT = _table(
    "headcount",
    _text("organization", required=True),
    _number("officials", required=True),
    _text("as_of", required=True),
)

POST_SEAT = _table(
    "post_seat",
    *_anchor(),
    _text("post", "public", required=True),
    _number("seat", "public", required=True),
    _text("mode", required=True),
    *_dates(),
    indexes=("anchor",),
)

ASSIGNMENT = _table(
    "assignment",
    _text("person", "public", required=True),
    _text("post_seat", "public", required=True),
    _text("role", "public"),
    _text("kind"),
    _text("batch"),
    _text("sending_organization"),
    _flag("is_locked"),
    _text("document"),
    *_dates(),
    indexes=("person", "post_seat"),
)

PAIRING = _table(
    "pairing",
    _text("organization", "public", required=True),
    *_anchor(),
    _text("kind", "public", required=True),
    _text("mode", required=True),
    *_dates(),
    indexes=("organization", "anchor"),
)

AGREEMENT = _table(
    "agreement",
    _text("community_organization", "public", required=True),
    _text("unit", "public", required=True),
    _number("items", required=True),
    _text("date"),
)

PARTY_NODE = _table(
    "party_node",
    _text("name", "public", required=True),
    _text("kind", "public", required=True),
    _text("branch_type"),
    _text("parent"),
    _text("area", "public"),
    _text("secretary"),
    _number("households_linked"),
    *_dates(),
    indexes=("area",),
)

TEAM = _table(
    "team",
    _text("name", "public", required=True),
    _text("kind", "public", required=True),
    *_anchor(),
    _text("mode", required=True),
    *_dates(),
)

TEAM_MEMBER = _table(
    "team_member",
    _text("team", required=True),
    _text("person", required=True),
    _text("role"),
    indexes=("team", "person"),
)

REGISTRATION_COUNT = _table(
    "registration_count",
    _text("area", "public", required=True),
    _text("channel", "public", required=True),
    _number("persons", required=True),
    _text("as_of"),
)
"""Dual registration: counts per area and channel, never names."""

MODE_SWITCH = _table(
    "mode_switch",
    _text("mode", required=True),
    _text("since", required=True),
    _text("author", required=True),
)

EXPORT_NOTE = _table(
    "export_note",
    _text("time", required=True),
    _text("author", required=True),
    _text("profile", required=True),
    _text("what", required=True),
)
"""Each export with personal data: who, when, with which profile."""

PEOPLE_TABLES: tuple[Table, ...] = (
    PERSON,
    ORGANIZATION,
    HEADCOUNT,
    POST_SEAT,
    ASSIGNMENT,
    PAIRING,
    AGREEMENT,
    PARTY_NODE,
    TEAM,
    TEAM_MEMBER,
    REGISTRATION_COUNT,
    MODE_SWITCH,
    EXPORT_NOTE,
)
