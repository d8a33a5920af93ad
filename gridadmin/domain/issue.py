"""Issues: what a check found, with a number that stays the same from run to run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gridadmin.domain.check_kinds import Severity

Point = tuple[float, float]


class IssueState(StrEnum):
    """Where an issue stands; *fixed* and *exempt* ones are found no more."""

    OPEN = "open"
    REAPPEARED = "reappeared"
    ACCEPTED = "accepted"
    EXEMPT = "exempt"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault with its exact size and place.

    ``face_class`` is open, enclosed… or empty; ``areas`` are uids of a project, row ids of a file;
    ``point`` lies inside the face, ``bbox`` is ``(x0, y0, x1, y1)``, both in metres of the plane or
    the file's own CRS; ``params`` are what the sentence ``check.<kind>`` needs beside these.
    """

    id: str
    kind: str
    severity: Severity
    level: str = ""
    face_class: str = ""
    area_m2: float | None = None
    width_m: float | None = None
    areas: tuple[str, ...] = ()
    point: Point | None = None
    bbox: tuple[float, float, float, float] | None = None
    params: tuple[tuple[str, Any], ...] = ()

    @property
    def order(self) -> tuple[int, str, str, float, str]:
        """Errors first, then by level and kind, the largest first."""
        rank = (Severity.ERROR, Severity.WARNING, Severity.INFO).index(self.severity)
        return rank, self.level, self.kind, -(self.area_m2 or 0.0), self.id


def issue_fields(issue: Issue) -> dict[str, Any]:
    """Return an issue as the JSON values that every list of issues has."""
    return {
        "id": issue.id,
        "kind": issue.kind,
        "class": issue.face_class,
        "level": issue.level,
        "severity": str(issue.severity),
        "area_m2": issue.area_m2,
        "width_m": issue.width_m,
        "areas": list(issue.areas),
        "point": None if issue.point is None else list(issue.point),
        "bbox": None if issue.bbox is None else list(issue.bbox),
    }


def issue_id(kind: str, level: str, areas: Iterable[str], point: Point | None) -> str:
    """Return the lasting number of an issue: 12 hex digits of a hash over what it is and where.

    The place counts to the nearest metre, so edits elsewhere leave it alone.
    """
    place = "" if point is None else f"{round(point[0])} {round(point[1])}"
    text = "|".join((kind, level, " ".join(sorted(areas)), place))
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def distinct(issues: Sequence[Issue]) -> list[Issue]:
    """Return the issues in their order; a number that stands twice gets a running suffix."""
    seen: dict[str, int] = {}
    result = []
    for issue in sorted(issues, key=lambda found: found.order):
        count = seen.get(issue.id, 0)
        seen[issue.id] = count + 1
        result.append(issue if not count else _renamed(issue, f"{issue.id}-{count + 1}"))
    return result


def _renamed(issue: Issue, number: str) -> Issue:
    return Issue(
        number,
        issue.kind,
        issue.severity,
        issue.level,
        issue.face_class,
        issue.area_m2,
        issue.width_m,
        issue.areas,
        issue.point,
        issue.bbox,
        issue.params,
    )
