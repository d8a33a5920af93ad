"""Repair whatever the user points at into another file: a project, or any file with polygons."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.app.session import Session
from gridadmin.base.errors import EditError, InputError
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.base.texts import explain, sentence
from gridadmin.domain.issue import Issue
from gridadmin.exchange.file_repair import repair_file
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.partition.snapshot import Snapshot
from gridadmin.repair.alive import KeepAlive
from gridadmin.repair.batch import DUST, RepairBatch
from gridadmin.repair.polygons import POLICIES
from gridadmin.repair.ways import Way, every_way_of
from gridadmin.store.project_file import is_project

FINE, LISTED = 0, 1

_KINDS = ("gap", "overlap", "overhang", "duplicate", "contained")
_MOST_ROUNDS = 3
_WAYS = {
    "longest": ("snap", "longest", "keep", "clip"),
    "majority": ("majority", "snap", "longest", "keep", "clip"),
    "centre": ("centre", "snap", "longest", "keep", "clip"),
}
_OF_DISPUTED = ("newer", "majority", "keep")


@dataclass(frozen=True)
class RepairRequest:
    """What to repair, whereto and how; without *max_area_m2* everything."""

    path: Path
    out: Path
    policy: str
    max_area_m2: float | None = None
    layer: str | None = None
    crs: str | None = None


def repair_path(
    request: RepairRequest, *, lang: str = "en", progress: Progress = SILENT
) -> tuple[dict[str, Any], list[str], int]:
    """Return the result as JSON values, remarks in words, and the exit code.

    Raises: InputError ``repair.unknown_policy``, ``repair.onto_itself``, ``repair.onto_project``
    and those of reading and writing; StoreError, Cancelled.
    """
    if request.policy not in POLICIES:
        raise InputError("repair.unknown_policy", policy=request.policy, known=", ".join(POLICIES))
    path, out = request.path, request.out
    if out.exists() and path.exists() and out.samefile(path):
        raise InputError("repair.onto_itself", file=str(out))
    if out.is_file() and out.suffix.lower() == ".gpkg" and _is_project(out):
        raise InputError("repair.onto_project", file=str(out))
    if request.layer is None and path.is_file() and _is_project(path):
        return _repair_project(request, lang, progress)
    done = repair_file(
        path,
        out,
        request.policy,
        layer=request.layer,
        crs=request.crs,
        max_area_m2=request.max_area_m2,
        progress=progress,
    )
    remarks = [remark.sentence(lang) for remark in done.warnings]
    return done.to_json(lang), remarks, done.exit_code


def _is_project(path: Path) -> bool:
    return is_project(path)


def _repair_project(
    request: RepairRequest, lang: str, progress: Progress
) -> tuple[dict[str, Any], list[str], int]:
    """Settle the issues of a copy of a project, one gesture for each."""
    if request.out.suffix.lower() != ".gpkg":
        raise InputError("repair.unknown_format", file=str(request.out), known=".gpkg")
    with part_beside(request.out) as part:
        with Session.open(request.path, write=False):
            shutil.copyfile(request.path, part)
        with Session.open(part, write=True) as session:
            result, remarks = _settled(session, request, lang, progress)
        switch(part, request.out)
    return result, remarks, LISTED if result["left"] else FINE


def _settled(
    session: Session, request: RepairRequest, lang: str, progress: Progress
) -> tuple[dict[str, Any], list[str]]:
    document = session.document
    start = session.snapshot
    settled: Counter[str] = Counter()
    if sum(session.book().dust()[0].values()):
        try:
            done = document.execute(RepairBatch(DUST))
            settled.update(dict(done.change.told)["settled"])
        except EditError:
            # What a lock holds is told below, with the rest that is left.
            pass
    tried: dict[str, Issue] = {}
    reasons: dict[str, str] = {}
    for _ in range(_MOST_ROUNDS):
        is_any = False
        issues = _open(session, request)
        for number, issue in enumerate(issues):
            checkpoint(progress, "progress.repairing", number, len(issues))
            reason = _settle(session, issue, request.policy, lang)
            if reason:
                reasons[issue.id] = reason
                continue
            is_any = True
            tried[issue.id] = issue
        if not is_any:
            break
    book = session.book()
    found = book.issues()
    # Settled is what the check finds no more, whatever was carried out.
    there = {issue.id for issue in found}
    gone = [issue for number, issue in tried.items() if number not in there]
    settled.update(issue.kind for issue in gone)
    return {
        "version": 1,
        "policy": request.policy,
        "frame": "given" if session.snapshot.has_frame else "none",
        "areas": sum(1 for _ in start.areas()),
        "revision": session.snapshot.revision,
        "settled": dict(settled),
        "moved": _moved(session, start),
        "left": _left(session, request.max_area_m2, reasons),
        "invalid": [],
    }, _remarks(found, lang)


def _remarks(found: Iterable[Issue], lang: str) -> list[str]:
    """Return what a settled project needs besides: land not given out."""
    remainders = sum(issue.kind == "remainder" for issue in found)
    return [sentence("repair.remainders", lang, {"count": remainders})] if remainders else []


def _named(snapshot: Snapshot, uid: str) -> str:
    area = snapshot.area(uid)
    return area.name if area.code is None else f"{area.name} {area.code}"


def _open(session: Session, request: RepairRequest) -> list[Issue]:
    most = request.max_area_m2
    return [
        issue
        for issue in session.book().issues()
        if issue.kind in _KINDS and (most is None or (issue.area_m2 or 0.0) <= most)
    ]


def _settle(session: Session, issue: Issue, policy: str, lang: str) -> str:
    """Settle one issue; return why it is left, empty when it is settled.

    No way is carried out that leaves an area without land.
    """
    snapshot = session.snapshot
    reason = ""
    for way in _in_order(every_way_of(snapshot, issue), policy, _without_land(snapshot, issue)):
        if way.command is None:
            continue
        try:
            session.document.execute(KeepAlive(way.command))
        except EditError as refusal:
            reason = reason or explain(refusal, lang)
        else:
            return ""
    return reason or "no_way"


def _without_land(snapshot: Snapshot, issue: Issue) -> set[str]:
    rows = snapshot.rows("area")
    return {uid for uid in issue.areas if uid in rows and not snapshot.land_twice_mm2(uid)}


def _in_order(ways: list[Way], policy: str, landless: set[str]) -> list[Way]:
    """Return the ways of a policy, the first choice first.

    Last come those of other policies that give disputed land to an area that has no land.
    """
    order = _WAYS[policy]
    fitting = sorted((way for way in ways if way.key in order), key=lambda w: order.index(w.key))
    others = [way for way in ways if way.key in _OF_DISPUTED and way.key not in order]
    return fitting + [way for way in others if way.to in landless]


def _moved(session: Session, start: Snapshot) -> list[dict[str, Any]]:
    """Return what the land of each area became, in m² of the plane.

    Gained is what it holds more, lost what it holds or claims less on the whole.
    """
    now = session.snapshot
    (within, claims), (within_now, claims_now) = _disputed(start), _disputed(now)
    told = []
    for area in now.areas():
        uid = area.uid
        if uid not in start.rows("area"):
            continue
        change = now.land_twice_mm2(uid) - start.land_twice_mm2(uid)
        change += within_now[uid] - within[uid]
        gained = round(max(change, 0) / 2_000_000, 6)
        lost = round(max(claims[uid] - claims_now[uid] - change, 0) / 2_000_000, 6)
        if gained or lost:
            told.append(
                {
                    "area": uid,
                    "code": area.code,
                    "name": area.name,
                    "gained_m2": gained,
                    "lost_m2": lost,
                }
            )
    return sorted(told, key=lambda one: (str(one["code"]), str(one["area"])))


def _disputed(snapshot: Snapshot) -> tuple[Counter[str], Counter[str]]:
    """Return twice the disputed land in mm² of each area: that within it, and that it claims.

    Where all claimants stand below one area, the land is within it, whoever gets it.
    """
    within: Counter[str] = Counter()
    claimed: Counter[str] = Counter()
    for dispute in snapshot.rows("dispute").values():
        twice = snapshot.partition.own_twice_area(oid_of(dispute.uid))
        lines = [
            {uid, *(area.uid for area in snapshot.ancestors(uid))} for uid in dispute.claims.split()
        ]
        common = set.intersection(*lines) if lines else set[str]()
        within.update(dict.fromkeys(common, twice))
        claimed.update(dict.fromkeys(set[str]().union(*lines) - common, twice))
    return within, claimed


def _left(session: Session, most_m2: float | None, reasons: dict[str, str]) -> list[dict[str, Any]]:
    snapshot = session.snapshot
    return [
        {
            "kind": issue.kind,
            "area_m2": issue.area_m2,
            "areas": list(issue.areas),
            "names": [_named(snapshot, one) for one in issue.areas if one in snapshot.rows("area")],
            "point": None if issue.point is None else list(issue.point),
            "why": "too_large"
            if most_m2 is not None and (issue.area_m2 or 0.0) > most_m2
            else reasons.get(issue.id, "no_way"),
        }
        for issue in session.book().issues()
        if issue.kind in _KINDS
    ]
