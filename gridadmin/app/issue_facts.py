"""What the issues of a project come to: how much of its land is covered as it should be."""

from __future__ import annotations

from collections.abc import Iterable

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.domain.issue import Issue
from gridadmin.partition.snapshot import Snapshot

UNCOVERED = ("gap", "overlap", "overhang", "duplicate", "contained", "remainder")
"""Kinds of issues about land that isn't held as it should be."""


def coverage_of(snapshot: Snapshot, issues: Iterable[Issue], dust_m2: float) -> float | None:
    """Return the share of the land that no issue of coverage is about; None before any land came.

    Exempt land doesn't count, neither as land nor as covered. Dust counts as uncovered.
    """
    total = _land_m2(snapshot)
    if total <= 0:
        return None
    uncovered = sum(issue.area_m2 or 0.0 for issue in issues if issue.kind in UNCOVERED)
    return max(1.0 - (uncovered + dust_m2) / total, 0.0)


def _land_m2(snapshot: Snapshot) -> float:
    partition = snapshot.partition
    twice = partition.land_twice_area(oid_of(snapshot.root.uid)) + partition.own_twice_area(NOBODY)
    twice += sum(partition.own_twice_area(oid_of(uid)) for uid in snapshot.rows("dispute"))
    return twice / 2_000_000
