"""The state of staffing in figures: what ``gridadmin staffing report`` and the dashboard tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import StaffFinding
from gridadmin.staffing.needs import Need, all_needs
from gridadmin.staffing.post_rules import is_covered
from gridadmin.staffing.rules import findings_of


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post on one level: seats required, people on it, areas where somebody is missing."""

    post: str
    level: str
    required: int
    filled: int
    vacant: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class StaffReport:
    """All figures of one day. ``persons`` are persons; person-times are never added to them."""

    scheme: str
    day: str
    mode: str | None
    base_units: int
    uncovered: tuple[Area, ...]
    grids: int
    micro_grids: int
    persons: int
    cadres: int
    organizations: int
    pairings: int
    posts: tuple[PostLine, ...]
    findings: tuple[StaffFinding, ...]

    @property
    def covered(self) -> int:
        """How many base units have at least one cadre."""
        return self.base_units - len(self.uncovered)


def report_of(book: StaffBook) -> StaffReport:
    """Return the figures of a book."""
    units = book.base_units()
    return StaffReport(
        scheme=book.scheme.key,
        day=book.day,
        mode=book.mode,
        base_units=len(units),
        uncovered=tuple(unit for unit in units if not is_covered(book, unit.uid)),
        grids=len(book.areas("grid")),
        micro_grids=len(book.areas("micro_grid")),
        persons=len(book.persons),
        cadres=len(book.cadres()),
        organizations=len(book.organizations),
        pairings=len(book.pairings()),
        posts=_post_lines(book, list(all_needs(book))),
        findings=tuple(findings_of(book)),
    )


def _post_lines(book: StaffBook, needs: Sequence[Need]) -> tuple[PostLine, ...]:
    groups: dict[tuple[str, str], list[Need]] = {}
    for need in needs:
        groups.setdefault((need.post.key, need.area.level), []).append(need)
    order = list(book.posts)
    lines = [
        PostLine(
            post,
            level,
            sum(need.required for need in found),
            sum(len(need.holders) for need in found),
            tuple(need.area for need in found if need.vacant),
        )
        for (post, level), found in groups.items()
    ]
    return tuple(sorted(lines, key=lambda one: (LEVELS.index(one.level), order.index(one.post))))
