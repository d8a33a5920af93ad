"""The state of staffing in figures: what ``gridadmin staffing report`` and the dashboard tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.figures import (
    Shortfall,
    UnitFigures,
    certificates_by_base_unit,
    facilities_by_base_unit,
    figures_of,
    shortfalls,
    units_with_headcount,
)
from gridadmin.staffing.finding import StaffFinding
from gridadmin.staffing.needs import Need, ObjectNeed, all_needs, object_needs
from gridadmin.staffing.post_rules import is_covered
from gridadmin.staffing.rules import findings_of


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post on one level: seats required, people on it, areas where somebody is missing.

    ``level`` may be the word for an object that is no area, such as a street; ``vacant_objects``
    are the uids of those.
    """

    post: str
    level: str
    required: int
    filled: int
    vacant: tuple[Area, ...]
    vacant_objects: tuple[str, ...] = ()


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
    figures: Mapping[str, Any] = field(default_factory=dict)
    """Further totals, see :mod:`gridadmin.staffing.figures`."""
    shortfalls: tuple[Shortfall, ...] = ()
    certificates: tuple[tuple[Area, int, int], ...] = ()
    """Base unit, social workers, certified ones."""
    facilities: tuple[tuple[Area, dict[str, int]], ...] = ()
    units: tuple[UnitFigures, ...] = ()

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
        posts=_post_lines(book, [*all_needs(book), *object_needs(book)]),
        findings=tuple(findings_of(book)),
        figures=figures_of(book),
        shortfalls=tuple(shortfalls(book)),
        certificates=tuple(certificates_by_base_unit(book)),
        facilities=tuple(facilities_by_base_unit(book)),
        units=tuple(units_with_headcount(book)),
    )


def _post_lines(book: StaffBook, needs: Sequence[Need | ObjectNeed]) -> tuple[PostLine, ...]:
    """Return a line for each post and level: first the areas from the top down, then objects."""
    groups: dict[tuple[int, str, str], list[Need | ObjectNeed]] = {}
    for need in needs:
        is_object = isinstance(need, ObjectNeed)
        level = need.level if isinstance(need, ObjectNeed) else need.area.level
        rank = len(LEVELS) if is_object else LEVELS.index(level)
        groups.setdefault((rank, need.post.key, level), []).append(need)
    order = list(book.posts)
    lines = []
    for rank, post, level in sorted(groups, key=lambda one: (one[0], order.index(one[1]), one[2])):
        found = groups[rank, post, level]
        vacant = [need for need in found if need.vacant]
        lines.append(
            PostLine(
                post,
                level,
                sum(need.required for need in found),
                sum(len(need.holders) for need in found),
                tuple(need.area for need in vacant if isinstance(need, Need)),
                tuple(need.uid for need in vacant if isinstance(need, ObjectNeed)),
            )
        )
    return tuple(lines)
