"""A campus in two communities: both parts still there, and none that was forgotten to be named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from gridadmin.checks.finding import is_on
from gridadmin.checks.groups import pieces_of
from gridadmin.checks.look import Look
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue, issue_id
from gridadmin.domain.model import Area
from gridadmin.partition.campus import (
    CAMPUS,
    campus_of,
    community_of,
    is_part,
    members_of,
    stem_of,
)
from gridadmin.partition.snapshot import Snapshot


def _parts(look: Look, uid: str) -> Iterator[Issue]:
    """Yield a campus whose parts are gone, are no exclusive areas, or lie in one community."""
    snapshot = look.snapshot
    campus = snapshot.rows("grouping").get(uid)
    if campus is None or campus.kind != CAMPUS:
        return
    rows = snapshot.rows("area")
    members = members_of(snapshot, uid)
    living = [rows[one] for one in members if one in rows and rows[one].valid_to is None]
    parts = [area for area in living if is_part(area)]
    if len(parts) < max(len(members), 2):
        lost = max(len(members), 2) - len(parts)
        yield _issue(snapshot, "campus_part", uid, living, campus=campus.name, count=lost)
        return
    communities = [community_of(snapshot, area) for area in parts]
    known = {one.uid for one in communities if one is not None}
    if len(known) < len(parts):
        yield _issue(snapshot, "campus_community", uid, parts, campus=campus.name)


def _alike(look: Look, _: str) -> Iterator[Issue]:
    """Yield exclusive areas of one name in neighbouring communities that don't name each other."""
    snapshot = look.snapshot
    if not is_on(snapshot, "campus_alike"):
        return
    by_name: dict[str, list[Area]] = defaultdict(list)
    for area in snapshot.exclusive_areas():
        if stem := stem_of(area.name):
            by_name[stem].append(area)
    for stem, areas in by_name.items():
        for one, other in combinations(areas, 2):
            if _is_forgotten(snapshot, one, other):
                about = f"{one.uid} {other.uid}"
                yield _issue(snapshot, "campus_alike", about, [one, other], campus=stem)


def _is_forgotten(snapshot: Snapshot, one: Area, other: Area) -> bool:
    if one.level != other.level:
        return False
    ours, theirs = community_of(snapshot, one), community_of(snapshot, other)
    if ours is None or theirs is None or ours.uid == theirs.uid:
        return False
    if campus_of(snapshot, one.uid) or campus_of(snapshot, other.uid):
        return False
    return pieces_of(snapshot, [ours, theirs]) == 1


def _issue(snapshot: Snapshot, kind: str, about: str, areas: list[Area], **params: object) -> Issue:
    level = areas[0].level if areas else ""
    return Issue(
        issue_id(kind, level, (about,), None),
        kind,
        snapshot.check(kind).severity,
        level,
        areas=tuple(sorted(area.uid for area in areas)),
        params=tuple(params.items()),
    )


CHECKS = (
    Check(("campus_part", "campus_community"), "group", _parts),
    Check(("campus_alike",), "beyond", _alike),
)
