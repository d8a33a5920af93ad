"""What a report of a check says, as plain data: facts, counts, issues, and the certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Point

OVERLAPS = ("overlap", "duplicate", "contained")
"""Kinds of land that more than one area claims."""
COVERAGE = ("gap", *OVERLAPS, "overhang", "remainder")
"""Kinds without which a check proves no coverage."""

_TOLD_APART = {
    *("id", "kind", "class", "level", "severity", "area_m2", "width_m", "areas", "point", "bbox"),
    *("codes", "names", "state", "accepted"),
}


@dataclass(frozen=True, slots=True)
class ReportedArea:
    """An area that an issue is about; a row of a file has no code."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who answers for an issue that stays as it is, and why."""

    reason: str
    name: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class ReportedIssue:
    """One issue; ``point`` and ``bbox`` are in the CRS of the project or file."""

    number: str
    kind: str
    severity: Severity
    face_class: str = ""
    level: str = ""
    area_m2: float | None = None
    width_m: float | None = None
    areas: tuple[ReportedArea, ...] = ()
    point: Point | None = None
    bbox: tuple[float, float, float, float] | None = None
    state: str = ""
    acceptance: Acceptance | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportedExempt:
    """Land that no area covers on purpose; ``until`` is the last day on which it counts."""

    name: str
    reason: str
    approver: str
    until: str
    land_m2: float
    has_expired: bool


@dataclass(frozen=True, slots=True)
class InvalidRow:
    """A row of a file that can't be used as it is, and why in words."""

    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Dust:
    """Faces below the smallest listed defect: counted, never listed, never hidden."""

    gaps: int
    overlaps: int
    area_m2: float
    overhangs: int = 0


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of a proof: a code of ``report.not_…`` and how often."""

    code: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the check proves of the coverage, and what stands in the way."""

    gaps: int
    overlaps: int
    overhangs: int
    exempt: int
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def is_proved(self) -> bool:
        """Whether the land is covered without gap and overlap, exempt land set aside."""
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class Subject:
    """What was checked, beside what the check itself says.

    ``sha256`` is the hash of the boundaries of a project, of the bytes of a file. ``levels`` are
    the names of levels by key, ``check_set`` is that of the check set, each in Chinese and English;
    empty where the project gave it a key alone. ``off`` are kinds of coverage that the
    check leaves out, ``broken`` is how many promises of the partition don't hold.
    """

    path: Path
    name: str
    is_project: bool = False
    layer: str = ""
    sha256: str = ""
    revision: int | None = None
    plan: str = ""
    plan_state: str = ""
    exempt: tuple[ReportedExempt, ...] = ()
    levels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    check_set: tuple[str, str] = ("", "")
    off: tuple[str, ...] = ()
    broken: int = 0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Everything that a report says; each kind of file writes the same."""

    subject: Subject
    made_at: datetime
    crs: str
    areas: int
    snap_m: float
    min_area_m2: float
    has_frame: bool
    check_set: str
    issues: tuple[ReportedIssue, ...]
    dust: Dust
    invalid: tuple[InvalidRow, ...]
    certificate: Certificate
    remarks: tuple[str, ...] = ()

    def counts(self) -> list[tuple[Severity, str, int, float]]:
        """Return severity, kind, count and land in m² of the issues, errors first."""
        counts = Counter((issue.severity, issue.kind) for issue in self.issues)
        order = list(Severity)
        return [
            (severity, kind, count, _land(self.issues, kind, severity))
            for (severity, kind), count in sorted(
                counts.items(), key=lambda one: (order.index(one[0][0]), one[0][1])
            )
        ]


def report_of(
    result: Mapping[str, Any],
    subject: Subject,
    *,
    made_at: datetime | None = None,
    remarks: Sequence[str] = (),
) -> CheckReport:
    """Return the report of a check from its JSON (docs/command-line.md) and of what was checked."""
    issues = tuple(_issue(one) for one in result["issues"])
    invalid = tuple(InvalidRow(row["row"], row["why"]) for row in result["invalid"])
    dust = result["dust"]
    return CheckReport(
        subject,
        made_at or datetime.now().astimezone(),
        result["crs"],
        result["areas"],
        result["snap_m"],
        result["min_area_m2"],
        result["frame"] == "given",
        result.get("set", ""),
        issues,
        Dust(dust["gap"], dust["overlap"], dust["area_m2"], dust.get("overhang", 0)),
        invalid,
        _certificate(result, subject, issues, len(invalid)),
        tuple(remarks),
    )


def _issue(one: Mapping[str, Any]) -> ReportedIssue:
    accepted = one.get("accepted")
    return ReportedIssue(
        number=one["id"],
        kind=one["kind"],
        severity=Severity(one["severity"]),
        face_class=one["class"],
        level=one["level"],
        area_m2=one["area_m2"],
        width_m=one["width_m"],
        areas=tuple(_areas(one)),
        point=None if one["point"] is None else (one["point"][0], one["point"][1]),
        bbox=None if one["bbox"] is None else tuple(one["bbox"]),
        state=one.get("state", ""),
        acceptance=None
        if accepted is None
        else Acceptance(accepted["reason"] or "", accepted["name"] or "", accepted["until"] or ""),
        params={key: value for key, value in one.items() if key not in _TOLD_APART},
    )


def _areas(one: Mapping[str, Any]) -> Iterator[ReportedArea]:
    if "names" not in one:
        yield from (ReportedArea(name) for name in one["areas"])
        return
    for name, code in zip(one["names"], one["codes"], strict=True):
        yield ReportedArea(name if code is None else name.removesuffix(f" {code}"), code or "")


def _certificate(
    result: Mapping[str, Any], subject: Subject, issues: Sequence[ReportedIssue], invalid: int
) -> Certificate:
    kinds = Counter(issue.kind for issue in issues)
    gaps, overhangs = kinds["gap"], kinds["overhang"]
    overlaps = sum(kinds[kind] for kind in OVERLAPS)
    met = {
        "not_broken": subject.broken,
        "not_invalid": invalid,
        "not_gaps": gaps,
        "not_overlaps": overlaps,
        "not_overhangs": overhangs,
        "not_remainders": kinds["remainder"],
        "not_expired": sum(exempt.has_expired for exempt in subject.exempt),
        "not_framed": int(result["frame"] != "given"),
        "not_checked": len(subject.off),
        "not_anything": int(not result["areas"]),
    }
    obstacles = tuple(Obstacle(code, count) for code, count in met.items() if count)
    return Certificate(gaps, overlaps, overhangs, len(subject.exempt), obstacles)


def _land(issues: Sequence[ReportedIssue], kind: str, severity: Severity) -> float:
    sizes = [i.area_m2 or 0.0 for i in issues if (i.kind, i.severity) == (kind, severity)]
    return sum(sorted(sizes))
