"""What the command line tells of a project as JSON: info, check, verify."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from gridadmin.app.session import Session
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.base.texts import sentence
from gridadmin.checks.book import IssueBook
from gridadmin.checks.states import acceptance_of, settled, state_of
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue, IssueState, issue_fields
from gridadmin.domain.model import IssueMark, Land
from gridadmin.exchange.ellipsoid import land_m2
from gridadmin.exchange.import_source import plane_name, plane_of
from gridadmin.partition.audit import audit, partition_sha256
from gridadmin.partition.figures import households_of
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.snapshot import Snapshot

QUIET = {"undivided", "household_band"}
"""Kinds that are told as lines of their own and never make a check fail."""


def check_json(snapshot: Snapshot, progress: Progress = SILENT) -> dict[str, Any]:
    """Return the result of a full check of a project, as the contract lays it out."""
    started = perf_counter()
    book = IssueBook.of(snapshot, progress)
    return book_json(snapshot, book, read_s=0.0, check_s=perf_counter() - started)


def book_json(
    snapshot: Snapshot, book: IssueBook, *, read_s: float, check_s: float
) -> dict[str, Any]:
    """Return a book of issues as the contract's check JSON."""
    dust, dust_m2 = book.dust()
    issues = book.issues()
    today = datetime.now(UTC).date().isoformat()
    return {
        "version": 1,
        "crs": plane_name(snapshot),
        "areas": sum(1 for _ in snapshot.areas()),
        "snap_m": snapshot.snap_m,
        "min_area_m2": snapshot.min_area_m2,
        "frame": "given" if snapshot.has_frame else "none",
        "set": snapshot.check_set.key,
        "invalid": [],
        "issues": [issue_json(snapshot, issue, today) for issue in issues],
        "settled": [mark_json(mark, state) for mark, state in settled(book)],
        "dust": {"gap": 0, "overlap": 0, **dust, "area_m2": round(dust_m2, 6)},
        "seconds": {"read": round(read_s, 3), "check": round(check_s, 3)},
    }


def issue_json(snapshot: Snapshot, issue: Issue, today: str) -> dict[str, Any]:
    """Return one issue of a project as JSON values; ``areas`` are uids, ``codes`` beside them."""
    state = state_of(snapshot, issue, today)
    accepted = acceptance_of(snapshot, issue.id)
    areas = [snapshot.area(uid) for uid in issue.areas if uid in snapshot.rows("area")]
    return {
        **issue_fields(issue),
        "codes": [area.code for area in areas],
        "names": [area.name if area.code is None else f"{area.name} {area.code}" for area in areas],
        "state": str(state),
        **_acceptance_json(accepted),
        **dict(issue.params),
    }


def _acceptance_json(mark: IssueMark | None) -> dict[str, Any]:
    if mark is None:
        return {}
    return {"accepted": {"reason": mark.reason, "name": mark.name, "until": mark.until}}


def mark_json(mark: IssueMark, state: IssueState) -> dict[str, Any]:
    """Return as JSON values what was settled and is found no more."""
    return {
        "id": mark.uid,
        "kind": mark.kind,
        "level": mark.level,
        "state": str(state),
        "areas": mark.areas.split(),
        "point": None if mark.x is None else [mark.x, mark.y],
        "revision": mark.revision,
    }


def fails(issues: list[dict[str, Any]]) -> bool:
    """Return whether a list of issues (JSON) makes a check fail; accepted ones don't."""
    return any(
        issue["severity"] in (Severity.ERROR, Severity.WARNING)
        and issue["kind"] not in QUIET
        and issue.get("state") != IssueState.ACCEPTED
        for issue in issues
    )


def info_json(session: Session) -> dict[str, Any]:
    """Return levels, counts, frame, households, plan, revision, last release of a project."""
    snapshot = session.snapshot
    levels = []
    lands = _ellipsoid_lands(snapshot)
    for level in snapshot.scheme.present_levels:
        areas = [area for area in snapshot.areas() if area.level == level.key]
        kinds = Counter(area.land for area in areas)
        figures = [households_of(snapshot, area)[0] for area in areas]
        levels.append(
            {
                "level": level.key,
                "name": level.zh,
                "areas": len(areas),
                "drawn": kinds[Land.DRAWN],
                "listed": kinds[Land.LISTED],
                "stacked": kinds[Land.STACKED],
                "households": sum(f for f in figures if f is not None),
                "land_m2": round(sum(lands.get(oid_of(a.uid), 0.0) for a in areas), 2),
            }
        )
    posts = [post.key for post in snapshot.scheme.posts]
    plans = [plan for plan in snapshot.rows("plan").values() if plan.is_open]
    releases = sorted(snapshot.rows("release").values(), key=lambda release: release.number)
    scheme = snapshot.setting("scheme")
    return {
        "name": snapshot.setting("name"),
        "scheme": {name: scheme[name] for name in ("key", "version", "sha256")},
        "crs": plane_name(snapshot),
        "root": {"uid": snapshot.root.uid, "code": snapshot.root.code, "name": snapshot.root.name},
        "levels": levels,
        "frame": "given" if snapshot.has_frame else "none",
        "exempt": len(snapshot.rows("exempt")),
        "disputes": len(snapshot.rows("dispute")),
        "buildings": len(snapshot.rows("building")),
        "households": households_of(snapshot, snapshot.root)[0],
        "posts": posts,
        "plan": plans[0].name if plans else None,
        "revision": snapshot.revision,
        "last_release": releases[-1].number if releases else None,
    }


def _ellipsoid_lands(snapshot: Snapshot) -> Mapping[int, float]:
    plane = plane_of(snapshot)
    if plane is None:
        return {}
    groups: dict[str, list[int]] = {}
    for area in snapshot.areas():
        groups.setdefault(area.level, []).append(oid_of(area.uid))
    polygons = land_polygons(snapshot.partition, groups.values(), snapshot.place)
    return dict(zip(polygons, land_m2(list(polygons.values()), plane.crs), strict=True))


def verify_json(session: Session) -> dict[str, Any]:
    """Return the integrity of the file and the proof of the partition, as the contract says."""
    snapshot = session.snapshot
    problems = [
        sentence(problem.code, "en", problem.params)
        for problem in session.store.integrity_problems()
    ]
    proof = audit(snapshot.partition)
    problems += proof.problems
    problems += _tree_problems(snapshot)
    land = {"gap": 0, "overlap": 0, "exempt": 0, "area": 0}
    for oid, twice in proof.twice_area.items():
        owner = snapshot.owner(oid)
        if oid == NOBODY:
            land["gap"] += twice
        elif owner is None:
            problems.append(f"land of an unknown owner {oid}")
        else:
            kind = {"dispute": "overlap", "exempt": "exempt", "area": "area"}[owner[0]]
            land[kind] += twice
    return {
        "ok": not problems,
        "revision": snapshot.revision,
        "partition_sha256": partition_sha256(
            snapshot.partition, snapshot.owner_name, snapshot.origin_mm
        ),
        "areas": sum(1 for _ in snapshot.areas()),
        "faces": proof.faces,
        "plane_m2": sum(land.values()) / 2_000_000,
        "gap_m2": land["gap"] / 2_000_000,
        "overlap_m2": land["overlap"] / 2_000_000,
        "exempt_m2": land["exempt"] / 2_000_000,
        "problems": problems,
    }


def _tree_problems(snapshot: Snapshot) -> list[str]:
    """Return what is wrong between the area tree and the land: the promises of nesting."""
    problems = []
    for area in snapshot.areas():
        if area.parent is not None:
            parent = snapshot.rows("area").get(area.parent)
            if parent is None or parent.valid_to is not None:
                problems.append(f"area {area.uid} hangs on an area that isn't there")
            elif snapshot.level_rank(parent.level) >= snapshot.level_rank(area.level):
                problems.append(f"area {area.uid} hangs on an area that isn't above it")
        has_land = snapshot.partition.has_land(oid_of(area.uid))
        if has_land != (area.land == Land.DRAWN):
            problems.append(f"area {area.uid} is marked {area.land}, which its land belies")
    for owner in snapshot.partition.owners() - {NOBODY, OUTSIDE}:
        retired = snapshot.owning_area(owner)
        if retired is not None and retired.valid_to is not None:
            problems.append(f"retired area {retired.uid} still holds land")
    return problems
