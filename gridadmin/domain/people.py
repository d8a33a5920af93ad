"""People and organizations, as the project file keeps them: one dataclass per table.

Apart from the boundaries (``domain.model``), and each field says who may see it: ``public`` (charts
and packages for everybody), ``internal`` (inside the office) or ``never`` (not exported at all). A
*masked* field leaves the program outside internal exports only as ``138****1234``.

Posts, pairings, agreements and teams anchor to ``(anchor_kind, anchor)``: a logged table and a uid
in it. Not kept: residents, home addresses, identity numbers. Dates are ISO 8601; ``valid_to`` is
the first day on which the row no longer holds.

Source: domain.md, the two trees and a web; schemes; personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Literal

Publicity = Literal["public", "internal", "never"]

_PUBLIC: Mapping[str, Any] = {"publicity": "public"}
_INTERNAL: Mapping[str, Any] = {"publicity": "internal"}
_NEVER: Mapping[str, Any] = {"publicity": "never"}
_MASKED: Mapping[str, Any] = {"publicity": "internal", "masked": True}


def _public(**usual: Any) -> Any:
    return field(metadata=_PUBLIC, **usual)


def _internal(**usual: Any) -> Any:
    return field(metadata=_INTERNAL, **usual)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in the grids. The key is a staff number, else unit, name, phone tail."""

    uid: str = _public()
    name: str = _public()
    staff_number: str | None = _internal(default=None)
    organization: str | None = _internal(default=None)
    """Uid of the unit that the person belongs to (for a cadre: that sends the person)."""
    job_title: str | None = _internal(default=None)
    rank: str | None = _internal(default=None)
    gender: str | None = _internal(default=None)
    political_status: str | None = _internal(default=None)
    certificate_level: str | None = _internal(default=None)
    """None or one of :data:`CERTIFICATES`."""
    roster_kind: str | None = _internal(default=None)
    """Key of the scheme's kinds of roster lines."""
    recruited_from: str | None = _internal(default=None)
    is_full_time: bool | None = _internal(default=None)
    duty_phone: str | None = _public(default=None)
    own_phone: str | None = field(default=None, metadata=_MASKED)
    note: str | None = field(default=None, metadata=_NEVER)
    valid_from: str | None = _internal(default=None)
    valid_to: str | None = _internal(default=None)
    revision: int = _internal(default=0)


CERTIFICATES = ("none", "assistant", "intermediate", "senior")
"""Levels of the social worker's certificate, from none up."""


@dataclass(frozen=True, slots=True)
class Organization:
    """A sending unit, a community organization, a branch, a company: whatever a scheme names."""

    uid: str = _public()
    name: str = _public()
    code: str | None = _internal(default=None)
    kind: str | None = _public(default=None)
    """Key of the scheme's organizations, None for a plain unit."""
    parent: str | None = _internal(default=None)
    area: str | None = _public(default=None)
    """Uid of the area that it belongs to, if any."""
    contact: str | None = _internal(default=None)
    mode: str | None = _internal(default=None)
    """The mode in which it exists, None = in all."""
    sort_order: int | None = _internal(default=None)
    """Its place in printed lists; None comes last, by name."""
    note: str | None = field(default=None, metadata=_NEVER)
    valid_from: str | None = _internal(default=None)
    valid_to: str | None = _internal(default=None)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many officials a unit has, and how many it is due to send down."""

    uid: str = _public()
    organization: str = _internal()
    officials: int = _internal()
    quota: int | None = _internal(default=None)
    as_of: str | None = _internal(default=None)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class PostSeat:
    """How many seats a post has on one anchor, where that is not what the scheme says."""

    uid: str = _public()
    anchor_kind: str = _public()
    anchor: str = _public()
    post: str = _public()
    seats: int = _public()
    note: str | None = field(default=None, metadata=_NEVER)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person on a post of an anchor, from when until when."""

    uid: str = _public()
    person: str = _public()
    anchor_kind: str = _public()
    anchor: str = _public()
    post: str = _public()
    """Key of the scheme's posts."""
    mode: str | None = _internal(default=None)
    """The mode in which it holds, None = in all that the post has."""
    role: str | None = _public(default=None)
    """What the person does there (职责范畴)."""
    batch: str | None = _internal(default=None)
    sending_organization: str | None = _internal(default=None)
    """Uid of the unit that sends the person, where that is not the person's own."""
    is_locked: bool = _internal(default=False)
    """Whether proposals have to leave it as it is."""
    document: str | None = _internal(default=None)
    valid_from: str | None = _internal(default=None)
    valid_to: str | None = _internal(default=None)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A dated link between a unit and a community, a cluster or a compound."""

    uid: str = _public()
    organization: str = _public()
    anchor_kind: str = _public()
    anchor: str = _public()
    kind: str = _public()
    """Key of the scheme's pairings."""
    mode: str | None = _internal(default=None)
    document: str | None = _internal(default=None)
    valid_from: str | None = _internal(default=None)
    valid_to: str | None = _internal(default=None)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A dated link of a community organization and a unit with a count of items."""

    uid: str = _public()
    community_organization: str = _public()
    unit: str = _public()
    items: int = _public()
    date: str | None = _internal(default=None)
    note: str | None = field(default=None, metadata=_NEVER)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class PartyNode:
    """A party organisation of the second tree, linked to an area."""

    uid: str = _public()
    name: str = _public()
    kind: str = _public()
    """One of :data:`PARTY_KINDS`."""
    branch_type: str | None = _public(default=None)
    """Key of the scheme's organizations, such as a courtyard branch."""
    parent: str | None = _internal(default=None)
    area: str | None = _public(default=None)
    secretary: str | None = _internal(default=None)
    """Uid of a person."""
    households_linked: int | None = _internal(default=None)
    mode: str | None = _internal(default=None)
    valid_from: str | None = _internal(default=None)
    valid_to: str | None = _internal(default=None)
    revision: int = _internal(default=0)


PARTY_KINDS = ("work_committee", "community_committee", "branch", "group")
"""街道党工委, 社区党组织, 网格党支部（总支）, 楼院党小组; linked households are a count."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team for a mode: shock team, service team, grid team."""

    uid: str = _public()
    name: str = _public()
    kind: str = _public()
    anchor_kind: str = _public()
    anchor: str = _public()
    mode: str | None = _internal(default=None)
    valid_from: str | None = _internal(default=None)
    valid_to: str | None = _internal(default=None)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person in a team."""

    uid: str = _public()
    team: str = _internal()
    person: str = _internal()
    role: str | None = _internal(default=None)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class RegistrationCount:
    """Dual registration: how many persons in a channel of an area, never who."""

    uid: str = _public()
    area: str = _public()
    channel: str = _public()
    """Key of the scheme's channels."""
    persons: int = _public()
    as_of: str | None = _internal(default=None)
    revision: int = _internal(default=0)


@dataclass(frozen=True, slots=True)
class ModeSwitch:
    """The day on which the mode changed, by whom and why; the last one holds."""

    uid: str = _public()
    mode: str = _internal()
    since: str = _internal()
    author: str = _internal()
    note: str | None = field(default=None, metadata=_NEVER)
    revision: int = _internal(default=0)


PEOPLE: Mapping[str, type[Any]] = {
    "person": Person,
    "organization": Organization,
    "headcount": Headcount,
    "post_seat": PostSeat,
    "assignment": Assignment,
    "pairing": Pairing,
    "agreement": Agreement,
    "party_node": PartyNode,
    "team": Team,
    "team_member": TeamMember,
    "registration_count": RegistrationCount,
    "mode_switch": ModeSwitch,
}
"""The tables about people and the dataclass of their rows."""

ANCHOR_TABLES = ("area", "building", "line_object", "compound", "point_object", "grouping")
"""Tables on whose objects posts, pairings and teams may stand."""


def publicity_of(table: str, column: str) -> Publicity:
    """Return who may see a column of a table about people. Raises: KeyError."""
    found: Publicity = _fields(table)[column].metadata["publicity"]
    return found


def is_masked(table: str, column: str) -> bool:
    """Return whether a column is masked outside internal exports. Raises: KeyError."""
    return bool(_fields(table)[column].metadata.get("masked"))


PARTY_MEMBERS = frozenset({"中共党员", "党员", "中共预备党员", "预备党员"})
"""How rosters call a member of the party, full or on probation."""


def is_party_member(person: Person) -> bool:
    """Return whether somebody is a member of the party, by what the roster says."""
    return person.political_status in PARTY_MEMBERS


def masked_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: ``138****1234``."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def holds_on(record: Any, day: str) -> bool:
    """Return whether a dated record holds on a day, ISO 8601."""
    begins, ends = record.valid_from, record.valid_to
    return (begins is None or begins <= day) and (ends is None or day < ends)


def _fields(table: str) -> Mapping[str, Field[Any]]:
    return {one.name: one for one in fields(PEOPLE[table])}
