"""Sizes: households against the band, none at all, against the sum of children, in balance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gridadmin.checks.finding import area_issue
from gridadmin.checks.look import Look
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue, issue_id
from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, HouseholdsState
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot


def _households(look: Look, uid: str) -> Iterator[Issue]:
    snapshot = look.snapshot
    area = snapshot.area(uid)
    count, state = households_of(snapshot, area)
    if state == HouseholdsState.STALE:
        yield area_issue(snapshot, "households_stale", uid, households=count)
    band = snapshot.scheme.band_of(area.level, area.kind, area.area_class)
    if count is None or band is None:
        return
    if count == 0:
        yield area_issue(snapshot, "households_zero", uid)
    elif not band.holds(count):
        yield area_issue(
            snapshot, "household_band", uid, households=count, low=band.low, high=band.high
        )


def _open_bands(look: Look, _key: str) -> Iterator[Issue]:
    """Yield for which levels the scheme leaves the number of households open: nobody judges it."""
    snapshot = look.snapshot
    for level in snapshot.scheme.present_levels:
        if level.key in _SIZED and level.band is None:
            found = area_issue(snapshot, "band_open", snapshot.root.uid, name=level.zh)
            number = issue_id("band_open", level.key, (snapshot.root.uid,), None)
            yield replace(found, id=number, level=level.key)


def _total(look: Look, uid: str) -> Iterator[Issue]:
    """Yield where the children's households don't add up to their parent's."""
    snapshot = look.snapshot
    known = _counted_children(snapshot, uid)
    total = households_of(snapshot, snapshot.area(uid))[0]
    if total is None or not known or any(count is None for _, count in known):
        return
    below = sum(count or 0 for _, count in known)
    if below != total:
        yield area_issue(snapshot, "households_total", uid, households=total, sum=below)


def _balance(look: Look, uid: str) -> Iterator[Issue]:
    """Yield where one child of an area has many times the households of another."""
    snapshot = look.snapshot
    ratio = snapshot.check("household_balance").param("ratio")
    counts = [count for _, count in _general(_counted_children(snapshot, uid)) if count]
    if len(counts) > 1 and max(counts) > ratio * min(counts):
        yield area_issue(snapshot, "household_balance", uid, low=min(counts), high=max(counts))


def _counted_children(snapshot: Snapshot, uid: str) -> list[tuple[Area, int | None]]:
    """Return the children that hold households with their figures; a cell's are its stacked."""
    children = (snapshot.area(child) for child in snapshot.child_uids(uid or None))
    return [(a, households_of(snapshot, a)[0]) for a in children if a.level != CELL_LEVEL]


def _general(counted: list[tuple[Area, int | None]]) -> list[tuple[Area, int | None]]:
    return [(area, count) for area, count in counted if area.kind == AreaKind.GENERAL]


_SIZED = ("grid", "micro_grid")
"""Levels whose areas hold a number of households that a scheme may say."""

CHECKS = (
    Check(("band_open",), "beyond", _open_bands),
    Check(("households_stale", "households_zero", "household_band"), "area", _households),
    Check(("households_total",), "parent", _total),
    Check(("household_balance",), "parent", _balance),
)
