"""Single checks on a snapshot, as a full run and a re-check after an edit carry them out."""

from __future__ import annotations

from gridadmin.checks.look import Look, Survey
from gridadmin.checks.registry import all_checks, checks_on
from gridadmin.domain.issue import Issue
from gridadmin.partition.snapshot import Snapshot


def found_on(snapshot: Snapshot, scope: str, key: str) -> list[Issue]:
    """Return what the checks of a scope find on one key of it."""
    look = Look(snapshot)
    return [issue for check in checks_on(scope) for issue in check.found(look, key)]


def found_in_area(snapshot: Snapshot, uid: str) -> list[Issue]:
    """Return what is wrong with one area by itself."""
    return found_on(snapshot, "area", uid)


def suspects(snapshot: Snapshot, kind: str) -> set[str]:
    """Return what a full run looks at for one kind of issue."""
    (check,) = [check for check in all_checks() if kind in check.kinds]
    assert check.suspects is not None
    return set(check.suspects(Survey(snapshot)))
