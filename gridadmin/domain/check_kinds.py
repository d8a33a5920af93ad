"""The kinds of checks that a scheme can switch: their usual severity and their parameters.

What a kind finds is written where it is checked; here stands only what a scheme may say of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much an issue weighs; errors stop a release."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a check takes, with its usual value and the range that makes sense."""

    usual: float
    low: float
    high: float
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class CheckKind:
    """What holds for a kind of check where the scheme doesn't say otherwise.

    ``family`` is the group of checks it belongs to; ``is_heavy`` kinds look at the ground around
    every border or area and are left to a full check.
    """

    severity: Severity
    is_on: bool = True
    params: Mapping[str, Parameter] | None = None
    family: str = ""
    is_heavy: bool = False


def _off(severity: Severity, params: Mapping[str, Parameter] | None = None) -> CheckKind:
    """Return a kind that is off until a scheme asks for it."""
    return CheckKind(severity, is_on=False, params=params)


def _count(usual: int, low: int = 0) -> Parameter:
    return Parameter(usual, low, 1_000_000, is_whole=True)


def _share(usual: float) -> Parameter:
    return Parameter(usual, 0.0, 1.0)


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO


def _metres(usual: float, high: float = 1000.0) -> Parameter:
    return Parameter(usual, 0.0, high)


_COVERAGE: Mapping[str, CheckKind] = {
    "gap": CheckKind(_E),
    "overlap": CheckKind(_E),
    "overhang": CheckKind(_E),
    "duplicate": CheckKind(_E),
    "contained": CheckKind(_E),
    "remainder": CheckKind(_W),
    "undivided": CheckKind(_I),
}

_GEOMETRY: Mapping[str, CheckKind] = {
    "multipart": CheckKind(_W),
    "hole": CheckKind(_I),
    "sliver": CheckKind(_W, params={"width_m": _metres(1.0)}),
    "spike": CheckKind(_W, params={"angle_deg": _metres(3.0, 90.0), "length_m": _metres(1.0)}),
    "narrow": CheckKind(_I, is_heavy=True, params={"width_m": _metres(2.0)}),
    "near_miss": CheckKind(_I, params={"distance_m": _metres(0.1, 100.0)}),
}

_PEOPLE: Mapping[str, CheckKind] = {
    "building_cut": CheckKind(_I, params={"depth_m": _metres(0.5)}),
    "compound_cut": CheckKind(_W, params={"depth_m": _metres(5.0)}),
    "building_unplaced": CheckKind(_W),
    "building_twice": CheckKind(_W),
    "inhabited_gap": CheckKind(_E),
    "household_unplaced": CheckKind(_W),
    "reach": _off(_I, {"minutes": Parameter(10.0, 1.0, 120.0), "metres_per_minute": _count(80, 1)}),
}

_SIZE: Mapping[str, CheckKind] = {
    "household_band": CheckKind(_I),
    "households_stale": CheckKind(_I),
    "band_open": CheckKind(_I),
    "households_zero": CheckKind(_I),
    "households_total": _off(_E),
    "household_balance": CheckKind(
        _I, is_heavy=True, params={"ratio": Parameter(4.0, 1.0, 1000.0)}
    ),
    "channel_counts": _off(_W),
}

_CODES: Mapping[str, CheckKind] = {
    "code_missing": CheckKind(_W),
    "code_duplicate": CheckKind(_E),
    "code_form": CheckKind(_W),
    "code_parent": CheckKind(_W),
    "code_reused": CheckKind(_W),
    "code_order": CheckKind(_I, is_heavy=True),
    "name_missing": CheckKind(_W),
    "name_duplicate": CheckKind(_W),
}

_BORDERS: Mapping[str, CheckKind] = {
    "border_off_line": CheckKind(
        _I,
        is_heavy=True,
        params={"reach_m": _metres(30.0), "beside_m": _metres(8.0), "length_m": _metres(60.0)},
    ),
    "border_crosses": CheckKind(_I, is_heavy=True),
}

_LAND: Mapping[str, CheckKind] = {
    "land_total": CheckKind(_W, params={"share": _share(0.005)}),
}

_GROUPS: Mapping[str, CheckKind] = {
    "cluster_membership": _off(_E),
    "cluster_centre": _off(_E),
    "cluster_adjacent": _off(_W),
    "cluster_unjudged": _off(_I),
    "campus_part": CheckKind(_W),
    "campus_community": CheckKind(_W),
    "campus_alike": CheckKind(_I),
    "net_difference": _off(_I, {"min_area_m2": Parameter(100.0, 0.0, 1e9)}),
}

_STACKED: Mapping[str, CheckKind] = {
    "entrance_unplaced": CheckKind(_W),
    "entrance_twice": CheckKind(_W),
}

_REFERENCE: Mapping[str, CheckKind] = {
    "reference_difference": CheckKind(_I, params={"min_area_m2": Parameter(1.0, 0.0, 1e9)}),
}

_EXEMPT: Mapping[str, CheckKind] = {
    "exempt_expired": CheckKind(_W),
}

_STAFFING: Mapping[str, CheckKind] = {
    "post_vacant": CheckKind(_W),
    "post_surplus": CheckKind(_W),
    "post_lost": CheckKind(_W),
    "person_overloaded": CheckKind(_W, params={"full_time_posts": _count(1, 1)}),
    "term_ends": CheckKind(_I, params={"days": _count(30, 1)}),
    "base_unit_uncovered": CheckKind(_E),
    "member_ratio": _off(_W, {"households_per_member": _count(200, 1)}),
    "ex_officio": _off(_E),
    "post_time": _off(_W),
    "post_rank": _off(_W),
    "member_source": _off(_I),
    "second_role": _off(_W, {"responders": _count(0)}),
    "person_unassigned": _off(_E),
    "roster_kind": _off(_W),
    "cross_posting": _off(_I, {"areas": _count(0)}),
    "cadre_unpaired": _off(_W),
    "section_cadre": _off(_E),
    "officers": _off(_W),
    "forces": _off(_W),
    "pairing": _off(_W),
    "compound_unpaired": _off(_W),
    "cluster_staff": _off(_W, {"departments": _count(0)}),
    "organization": _off(_W),
    "party_branch": _off(_W),
    "branch_type": _off(_I),
    "group_leader": _off(_W),
    "party_tree": _off(_W),
    "grouping_size": _off(_W, {"members": _count(2, 1)}),
    "neglected_building": _off(_I),
    "facility": _off(_W, {"per_area": _count(1, 1)}),
    "volunteer_station": _off(_W, {"per_area": _count(1, 1)}),
    "quota": _off(_I, {"cadres": _count(0)}),
    "announced": _off(_I),
    "sent_down_share": _off(_I, {"min_share": _share(0.7)}),
    "certificate_share": _off(_W, {"min_share": _share(0.5)}),
    "emergency_organizations": _off(
        _I,
        {
            "temporary_party_organizations": _count(0),
            "shock_teams": _count(0),
            "service_teams": _count(0),
        },
    ),
    "call_out": _off(_I, {"hours": Parameter(3.0, 0.1, 240.0)}),
}

FAMILIES: Mapping[str, Mapping[str, CheckKind]] = {
    "coverage": _COVERAGE,
    "geometry": _GEOMETRY,
    "people": _PEOPLE,
    "size": _SIZE,
    "codes": _CODES,
    "borders": _BORDERS,
    "land": _LAND,
    "groups": _GROUPS,
    "stacked": _STACKED,
    "reference": _REFERENCE,
    "exempt": _EXEMPT,
    "staffing": _STAFFING,
}
"""The kinds by family, in the order in which they are shown."""

CHECK_KINDS: Mapping[str, CheckKind] = {
    key: replace(kind, family=family)
    for family, kinds in FAMILIES.items()
    for key, kind in kinds.items()
}
"""Every kind by key; a kind that a later version adds is on or off as it says here."""


def usual_value(kind: str, parameter: str) -> float:
    """Return what a parameter of a kind is where nobody says otherwise."""
    known = CHECK_KINDS[kind].params or {}
    return float(known[parameter].usual)


LAND_KINDS = frozenset({"gap", "overlap", "overhang", "duplicate", "contained", "remainder"})
"""Kinds about land that isn't held as it should be: settled by giving it, or made exempt land."""
