"""Areas and what stands on the land, as the project file keeps them: one dataclass per table.

Every object has a ``uid``; ``revision`` is the project revision that last changed the row. Lists of
columns and dataclass fields are the same thing (``gridadmin.domain.change`` turns one into the
other), so values are plain: text, int, float, bool, bytes or None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Land(StrEnum):
    """How an area has its land."""

    DRAWN = "drawn"
    LISTED = "listed"
    STACKED = "stacked"


class AreaKind(StrEnum):
    """General areas hold households; exclusive ones are a school, a hospital, a market."""

    GENERAL = "general"
    EXCLUSIVE = "exclusive"


class PlanState(StrEnum):
    """How far a plan has come. While one is approved, or in force, the borders are locked."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    ABANDONED = "abandoned"
    """Given up as a draft: what it changed stays."""


class HouseholdsState(StrEnum):
    """Where a household figure comes from; *stale* = typed before its border moved."""

    COUNTED = "counted"
    TYPED = "typed"
    STALE = "stale"
    UNKNOWN = "unknown"


CELL_LEVEL = "cell"
"""Level of the drawn footprint that stacked micro-grids share; stands beside their level."""


@dataclass(frozen=True, slots=True)
class Area:
    """A node of the area tree. ``parent`` and ``cell`` are uids; dates are ISO 8601."""

    uid: str
    code: str | None
    name: str
    level: str
    parent: str | None
    land: str = Land.LISTED
    kind: str = AreaKind.GENERAL
    area_class: str | None = None
    exclusive_type: str | None = None
    is_divided: bool = False
    households_typed: int | None = None
    households_as_of: str | None = None
    is_stale: bool = False
    cell: str | None = None
    four_bounds: str | None = None
    note: str | None = None
    counts: str | None = None
    """Extra count fields that the scheme declares, as JSON."""
    is_bounds_stale: bool = False
    """Whether the border moved since the four bounds were written or confirmed."""
    valid_from: str | None = None
    valid_to: str | None = None
    """Set when the area is retired; retired areas keep their row and code, and own no land."""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class BorderRow:
    """A border as stored: integer millimetres from the project's origin, owners as kernel numbers.

    ``points`` is ``(n, 2)`` little-endian int64, from start node to end node; ``left`` and
    ``right`` are the owners seen along it.
    """

    id: int
    points: bytes
    left: int
    right: int
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Exempt:
    """Land that no grid covers on purpose: lake, sea, barracks. Owns faces like an area."""

    uid: str
    reason: str
    approver: str
    until: str | None = None
    name: str | None = None
    since: str | None = None
    revision: int = 0

    def is_over_on(self, day: str) -> bool:
        """Return whether the last day until which the land is exempt lies before *day*."""
        return self.until is not None and self.until < day


@dataclass(frozen=True, slots=True)
class Dispute:
    """A set of areas that all claim the same land; owns faces until somebody decides.

    ``claims`` are the uids of the claimants, sorted, joined by a blank; ``kind`` is overlap or
    overhang.
    """

    uid: str
    claims: str
    kind: str
    revision: int = 0


@dataclass(frozen=True, slots=True)
class StackedPart:
    """What a stacked micro-grid holds of a building: an entrance (all if None), floors from–to."""

    uid: str
    area: str
    building: str
    entrance: str | None = None
    floor_from: int | None = None
    floor_to: int | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Building:
    """A building: a point in integer millimetres that decides its area, and a footprint when known.

    ``footprint`` is WKB in project-plane metres.
    """

    uid: str
    x_mm: int
    y_mm: int
    households: int = 0
    floors: int | None = None
    name: str | None = None
    address: str | None = None
    compound: str | None = None
    footprint: bytes | None = None
    revision: int = 0
    source_id: str | None = None
    """What the file that it came from calls it, so that a later file is recognised."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A stairwell of a building with its households; the smallest thing that is never cut."""

    uid: str
    building: str
    name: str
    households: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Compound:
    """A housing estate with a type of the scheme. ``outline`` is WKB in project-plane metres."""

    uid: str
    name: str
    compound_type: str | None = None
    has_property_company: bool | None = None
    outline: bytes | None = None
    revision: int = 0
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class LineObject:
    """A street, lane, river or railway: something long that posts or borders may follow.

    ``line`` is WKB in project-plane metres: lines, or polygons of a lake or a wide river.
    """

    uid: str
    kind: str
    name: str | None = None
    road_class: str | None = None
    line: bytes | None = None
    revision: int = 0
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class PointObject:
    """A shop, a facility: something at a point that posts may anchor to."""

    uid: str
    kind: str
    name: str | None = None
    area: str | None = None
    x_mm: int | None = None
    y_mm: int | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class CodePeriod:
    """One code that an area bore, from when until when (None = still)."""

    uid: str
    area: str
    code: str
    valid_from: str
    valid_to: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Lineage:
    """What became of an area: split, merge… with the share of households that went over."""

    uid: str
    predecessor: str
    successor: str
    kind: str
    household_share: float | None = None
    date: str | None = None
    document: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class ReferenceOutline:
    """What a file once said for an area, kept unchanged. ``outline`` is WKB, plane metres."""

    uid: str
    area: str
    outline: bytes
    source: str
    sha256: str
    date: str | None = None
    document: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Grouping:
    """Members with roles, from the area tree or beside it: cluster, alliance, thematic net."""

    uid: str
    kind: str
    name: str
    note: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class GroupingMember:
    """A member of a grouping: ``(member_kind, member)`` names an object of any table."""

    uid: str
    grouping: str
    member_kind: str
    member: str
    role: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class BorderLock:
    """A lock that somebody put on the borders of an area or on one border, and why."""

    uid: str
    scope: str
    """``border`` or ``area``."""
    target: str
    reason: str
    author: str
    since: str
    revision: int = 0


class MarkState(StrEnum):
    """What is remembered of an issue: accepted by somebody, or settled by an edit."""

    ACCEPTED = "accepted"
    FIXED = "fixed"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class IssueMark:
    """What is remembered of an issue, under its number (``uid``).

    ``areas`` are uids joined by a blank; ``x``, ``y`` its place in plane metres. ``name`` is who
    answers for an acceptance, ``until`` the last day on which it counts.
    """

    uid: str
    state: str
    kind: str
    level: str = ""
    areas: str = ""
    x: float | None = None
    y: float | None = None
    reason: str | None = None
    name: str | None = None
    until: str | None = None
    since: str | None = None
    revision: int = 0

    def answered(self, reason: str, name: str, until: str | None) -> IssueMark:
        """Return the mark with who answers for it and why."""
        return replace(self, reason=reason, name=name, until=until)


@dataclass(frozen=True, slots=True)
class Plan:
    """A named set of changes, one open at a time.

    ``opened`` … ``in_force`` are the dates on which it came into its states.
    """

    uid: str
    name: str
    base_release: int | None = None
    state: str = PlanState.DRAFT
    document: str | None = None
    opened: str | None = None
    checked: str | None = None
    approved: str | None = None
    in_force: str | None = None
    """The date from which it holds, which may lie ahead."""
    is_open: bool = False
    base_revision: int | None = None
    """The project was as the plan found it after this revision."""
    author: str | None = None
    """Who brought the plan into its state."""
    reason: str | None = None
    """Why it went back to draft the last time, or was given up."""
    allowed: str | None = None
    """The issues allowed to stand when it was checked, each with reason and name, as JSON."""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """A read-only area beyond the frame, for orientation. ``outline`` is WKB, plane metres."""

    uid: str
    name: str
    outline: bytes
    level: str | None = None
    code: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of the project, as JSON text: scheme copy, plane, frame state, tolerances."""

    uid: str
    """The key; settings are the one table whose identity is a name."""
    value: str
    revision: int = 0
