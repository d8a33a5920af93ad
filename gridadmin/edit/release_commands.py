"""Make a release of the present state, with its proof, and roll the boundaries back to one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY
from gridadmin.base.texts import Counts
from gridadmin.checks.book import IssueBook
from gridadmin.checks.states import acceptance_of, state_of
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.check_settings import PUBLISH_SET, SET_SETTING
from gridadmin.domain.issue import Issue, IssueState
from gridadmin.domain.model import PlanState, Setting
from gridadmin.domain.release import (
    RELEASE_GESTURE,
    AllowedIssue,
    Release,
    newest_release,
)
from gridadmin.edit.area_commands import checked_text
from gridadmin.edit.command import label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.plan_commands import Allowed, kinds_of, open_plan
from gridadmin.edit.release_content import borders_sha256, content_sha256, people_sha256
from gridadmin.partition.audit import audit
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Readiness:
    """What a release of a state would stand on: issues in its way, those allowed, its certificate.

    ``blocking`` are the errors of the set of checks before publishing that nobody has accepted.
    """

    blocking: tuple[Issue, ...]
    accepted: tuple[AllowedIssue, ...]
    certificate: Mapping[str, Any]


def readiness(snapshot: Snapshot, today: str) -> Readiness:
    """Return what stands in the way of a release; takes long, for a worker.

    Raises: EditError ``edit.release_no_land``, ``edit.release_not_sound``.
    """
    if not len(snapshot.partition.arrays()):
        raise EditError("edit.release_no_land")
    proof = audit(snapshot.partition)
    if proof.problems:
        raise EditError("edit.release_not_sound", problem=proof.problems[0])
    looked_at = _with_publish_set(snapshot)
    issues = IssueBook.of(looked_at).issues()
    blocking, accepted = [], []
    for issue in issues:
        if issue.severity != Severity.ERROR:
            continue
        if state_of(snapshot, issue, today) == IssueState.ACCEPTED:
            accepted.append(_accepted(snapshot, issue))
        else:
            blocking.append(issue)
    twice = {"gap": proof.twice_area.get(NOBODY, 0), "overlap": 0, "exempt": 0, "area": 0}
    for oid, area in proof.twice_area.items():
        owner = snapshot.owner(oid)
        if oid != NOBODY and owner is not None:
            twice[{"dispute": "overlap"}.get(owner[0], owner[0])] += area
    counts = Counter(str(issue.severity) for issue in issues)
    certificate = {
        "check_set": PUBLISH_SET,
        "frame": "given" if snapshot.has_frame else "none",
        "areas": sum(1 for _ in snapshot.areas()),
        "faces": proof.faces,
        "plane_m2": sum(twice.values()) / 2_000_000,
        # Land that a parent holds itself counts as well: nobody below answers for it.
        "gap_m2": round(sum(issue.area_m2 or 0.0 for issue in issues if issue.kind == "gap"), 6),
        "overlap_m2": twice["overlap"] / 2_000_000,
        "exempt_m2": twice["exempt"] / 2_000_000,
        "issues": {str(weight): counts[str(weight)] for weight in Severity},
        "kinds": dict(sorted(kinds_of(issues).items())),
    }
    return Readiness(tuple(blocking), tuple(accepted), certificate)


@dataclass(frozen=True)
class MakeRelease:
    """Freeze the present state as the next release.

    Each issue in the way must be *allowed* by its number, with reason and name. No undo takes a
    release back: others may have it already.
    """

    note: str | None = None
    allowed: Sequence[Allowed] = ()
    may_move_frame: bool = False
    beyond: int = 0
    """The number of a release of somebody else that this one follows: ours is beyond it, and made
    even where nothing has changed since our last."""

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change; takes long, for everything is checked.

        Raises: EditError ``edit.release_unchanged``, ``edit.release_blocked``,
        ``edit.release_no_land``, ``edit.release_not_sound``, ``edit.bad_value``.
        """
        newest = newest_release(snapshot.rows("release"))
        content, people = content_sha256(snapshot), people_sha256(snapshot, desk.today)
        last = 0 if newest is None else newest.number
        is_same = newest is not None and (newest.sha256, newest.people_sha256) == (content, people)
        if is_same and last > self.beyond:
            raise EditError("edit.release_unchanged", release=last)
        ready = readiness(snapshot, desk.today)
        release = Release(
            desk.new_uid(),
            max(last, self.beyond) + 1,
            snapshot.revision,
            desk.today,
            desk.author,
            content,
            note=checked_text("note", self.note) if (self.note or "").strip() else None,
            plan=_plan_name(snapshot),
            made_at=desk.now,
            partition_sha256=borders_sha256(snapshot),
            people_sha256=people,
            certificate=json.dumps(ready.certificate, ensure_ascii=False),
            allowed=self._allowed(snapshot, ready),
        )
        draft = Draft(snapshot)
        draft.put("release", release)
        draft.tell(release=release.number)
        return draft.change(RELEASE_GESTURE, note=_note(release))

    def _allowed(self, snapshot: Snapshot, ready: Readiness) -> str:
        named = {
            one.what: Allowed(
                one.what, checked_text("reason", one.reason), checked_text("by", one.by)
            )
            for one in self.allowed
        }
        left = [issue for issue in ready.blocking if issue.id not in named]
        if left:
            counts = tuple((f"kind.{kind}", n) for kind, n in kinds_of(left).items())
            raise EditError("edit.release_blocked", count=len(left), kinds=Counts(counts))
        allowed = [
            _named(snapshot, issue, named[issue.id].reason, named[issue.id].by)
            for issue in ready.blocking
        ]
        everything = [asdict(one) for one in (*ready.accepted, *allowed)]
        return json.dumps(everything, ensure_ascii=False)


def is_unchanged(snapshot: Snapshot, release: Release, day: str, *, with_people: bool) -> bool:
    """Return whether a state says what a release says; *with_people* posts and units too."""
    if content_sha256(snapshot) != release.sha256:
        return False
    return not with_people or people_sha256(snapshot, day) == release.people_sha256


def release_of(snapshot: Snapshot, number: int) -> Release:
    """Return a release by its number. Raises: EditError ``edit.unknown_release``."""
    found: Release
    for found in snapshot.rows("release").values():
        if found.number == number:
            return found
    raise EditError("edit.unknown_release", release=number)


def _note(release: Release) -> str:
    return " · ".join(filter(None, (f"r{release.number:04}", release.plan, release.note)))


def _plan_name(snapshot: Snapshot) -> str | None:
    plan = open_plan(snapshot)
    if plan is None:
        held = [one for one in snapshot.rows("plan").values() if one.state == PlanState.IN_FORCE]
        plan = max(held, key=lambda one: one.revision, default=None)
    return None if plan is None else plan.name


def _accepted(snapshot: Snapshot, issue: Issue) -> AllowedIssue:
    mark = acceptance_of(snapshot, issue.id)
    reason, name = ("", "") if mark is None else (mark.reason or "", mark.name or "")
    return _named(snapshot, issue, reason, name)


def _named(snapshot: Snapshot, issue: Issue, reason: str, name: str) -> AllowedIssue:
    known = snapshot.rows("area")
    areas = "、".join(label(known[uid]) for uid in issue.areas if uid in known)
    return AllowedIssue(issue.id, issue.kind, areas, reason, name)


def _with_publish_set(snapshot: Snapshot) -> Snapshot:
    """Return a state that is looked at as before publishing, and not kept."""
    before = snapshot.rows("setting").get(SET_SETTING)
    row = RowChange("setting", before, Setting(SET_SETTING, json.dumps(PUBLISH_SET)))
    return snapshot.applied(Change("look", (row,)), snapshot.revision)
