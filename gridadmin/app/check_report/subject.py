"""What a report says of the project or file that was checked, beside what the check found."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from gridadmin.app.check_report.model import COVERAGE, ReportedExempt, Subject
from gridadmin.base.ids import oid_of
from gridadmin.base.texts import sentence
from gridadmin.edit.plan_commands import open_plan
from gridadmin.partition.audit import audit, partition_sha256
from gridadmin.partition.snapshot import Snapshot


def project_subject(path: Path, snapshot: Snapshot, today: date | None = None) -> Subject:
    """Return what a report says of a project; the promises of its partition are proved anew."""
    plan = open_plan(snapshot)
    day = (today or date.today()).isoformat()  # noqa: DTZ011 - the day on the wall of the office
    return Subject(
        path,
        str(snapshot.setting("name", "") or snapshot.root.name),
        is_project=True,
        sha256=partition_sha256(snapshot.partition, snapshot.owner_name, snapshot.origin_mm),
        revision=snapshot.revision,
        plan="" if plan is None else plan.name,
        plan_state="" if plan is None else str(plan.state),
        exempt=tuple(_exempts(snapshot, day)),
        levels={
            level.key: (level.zh.partition("（")[0], level.en)
            for level in snapshot.scheme.present_levels
        },
        check_set=(snapshot.check_set.zh, snapshot.check_set.en),
        off=tuple(kind for kind in COVERAGE if not snapshot.check(kind).on),
        broken=len(audit(snapshot.partition).problems),
    )


def file_subject(path: Path, layer: str | None = None) -> Subject:
    """Return what a report says of a plain file; of a folder there is no hash."""
    digest = ""
    if path.is_file():
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Subject(path, path.stem, layer=layer or "", sha256=digest)


def level_name(subject: Subject, key: str, lang: str) -> str:
    """Return what a level is called, where the place has words of its own in those."""
    if not key:
        return ""
    known = subject.levels.get(key)
    if known is None:
        return sentence(f"level.{key}", lang)
    return known[0] if lang == "zh" else known[1]


def _exempts(snapshot: Snapshot, day: str) -> list[ReportedExempt]:
    found = sorted(snapshot.rows("exempt").values(), key=lambda e: (e.name or e.reason, e.uid))
    return [
        ReportedExempt(
            exempt.name or "",
            exempt.reason,
            exempt.approver,
            exempt.until or "",
            snapshot.partition.own_twice_area(oid_of(exempt.uid)) / 2_000_000,
            exempt.until is not None and exempt.until < day,
        )
        for exempt in found
    ]
