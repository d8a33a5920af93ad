"""Which checks a project runs: what its scheme says, what the project says, and named sets.

A check set is a list of kinds. A project uses one of them all the time; others are asked for by
name, such as before publishing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gridadmin.domain.check_kinds import CHECK_KINDS, FAMILIES, Severity
from gridadmin.domain.scheme import Check, Scheme

CHECKS_SETTING = "checks"
SET_SETTING = "check_set"
SETS_SETTING = "check_sets"
PUBLISHED_SETTING = "published_land_m2"
"""Names of the settings that hold what a project says of its checks; see the functions here."""

USUAL_SET = "usual"
PUBLISH_SET = "publish"


@dataclass(frozen=True, slots=True)
class CheckSet:
    """A named list of kinds; names in words are empty for a set that the project made."""

    key: str
    kinds: frozenset[str]
    zh: str = ""
    en: str = ""

    @property
    def lists_remainders_as_gaps(self) -> bool:
        """Whether land that a parent hasn't given out yet is a gap, each piece by itself."""
        return self.key == PUBLISH_SET


def check_sets(scheme: Scheme, own: Mapping[str, list[str]]) -> dict[str, CheckSet]:
    """Return all sets by name: the program's, those of the scheme, and the project's *own*.

    A later one of the same name goes before an earlier one.
    """
    found = {one.key: one for one in _SHIPPED}
    for said in scheme.check_sets:
        found[said.key] = CheckSet(said.key, frozenset(said.checks), said.zh, said.en)
    for key, kinds in own.items():
        found[key] = CheckSet(key, frozenset(kinds) & CHECK_KINDS.keys())
    return found


def effective_checks(
    scheme: Scheme, own: Mapping[str, Mapping[str, Any]], kinds: frozenset[str]
) -> dict[str, Check]:
    """Return what holds for every kind: the scheme's word, changed by the project's *own*.

    *own* holds by kind any of ``on``, ``severity``, ``params``. Kinds outside *kinds* are off.
    """
    found = {}
    for key in CHECK_KINDS:
        check = changed_check(scheme.check(key), own.get(key, {}))
        found[key] = check if key in kinds else replace(check, on=False)
    return found


def changed_check(check: Check, by: Mapping[str, Any]) -> Check:
    """Return *check* with what a project says of it."""
    params = {**dict(check.params), **by.get("params", {})}
    return Check(
        check.key,
        bool(by.get("on", check.on)),
        Severity(by.get("severity", check.severity)),
        tuple(params.items()),
    )


def _of(*families: str) -> frozenset[str]:
    return frozenset(kind for family in families for kind in FAMILIES[family])


_ALL = frozenset(CHECK_KINDS)
_HEAVY = frozenset(key for key, kind in CHECK_KINDS.items() if kind.is_heavy)

_SHIPPED = (
    CheckSet("quick", _of("coverage"), "快速", "Quick"),
    CheckSet(USUAL_SET, _ALL - _HEAVY, "常用", "Usual"),
    CheckSet("full", _ALL, "全面", "Full"),
    CheckSet(
        PUBLISH_SET,
        _of("coverage", "geometry", "people", "codes", "stacked", "land", "groups") - _HEAVY,
        "发布前",
        "Before publishing",
    ),
)
"""*publish* leaves out sizes: a grid outside its band may well be published. What a parent hasn't
given out yet is a gap then, for a release has no work in progress."""
