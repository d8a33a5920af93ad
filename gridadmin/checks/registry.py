"""The registry of checks: which family finds which kinds, on what, and how a full run hurries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from gridadmin.checks.look import Look, Survey
from gridadmin.domain.issue import Issue

Find = Callable[[Look, str], Iterable[Issue]]
Suspects = Callable[[Survey], Collection[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: it finds issues of some *kinds* on one *scope*, such as an area or a border.

    ``find`` looks at one key of the scope and must depend on nothing that doesn't touch that key
    (see ``scopes``). ``suspects`` names the keys that a run over everything needs to look at, where
    that can be told of all at once; without it every key is looked at.
    """

    kinds: tuple[str, ...]
    scope: str
    find: Find
    suspects: Suspects | None = None

    def wanted(self, look: Look) -> bool:
        """Return whether any of its kinds is on."""
        return any(look.snapshot.check(kind).on for kind in self.kinds)

    def found(self, look: Look, key: str) -> Iterator[Issue]:
        """Yield what is wrong with one key, of the kinds that are on."""
        for issue in self.find(look, key):
            if look.snapshot.check(issue.kind).on:
                yield issue


def wanted_by_scope(look: Look) -> dict[str, tuple[Check, ...]]:
    """Return the checks with a kind that is on, by scope."""
    return {
        scope: tuple(check for check in checks if check.wanted(look))
        for scope, checks in _by_scope().items()
    }


def checks_on(scope: str) -> tuple[Check, ...]:
    """Return the checks of a scope."""
    return _by_scope()[scope]


def all_checks() -> tuple[Check, ...]:
    """Return every check, family by family."""
    from gridadmin.checks import (
        borders,
        campus,
        codes,
        coverage,
        exempt,
        geometry,
        groups,
        land_total,
        people,
        reference,
        size,
        stacked,
    )

    families = (
        coverage, geometry, people, size, codes, borders, land_total, groups, stacked, reference,
        exempt, campus,
    )  # fmt: skip
    return tuple(check for family in families for check in family.CHECKS)


_KNOWN: dict[str, tuple[Check, ...]] = {}


def _by_scope() -> dict[str, tuple[Check, ...]]:
    if not _KNOWN:
        for check in all_checks():
            _KNOWN[check.scope] = (*_KNOWN.get(check.scope, ()), check)
    return _KNOWN
