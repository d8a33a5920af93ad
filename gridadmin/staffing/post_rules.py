"""Rules about posts: vacant, too many, members by households, cover of base units, officers."""

from __future__ import annotations

from collections.abc import Iterator

from gridadmin.domain.model import Area, AreaKind
from gridadmin.domain.scheme import LEVELS, Check
from gridadmin.staffing.book import BASE_UNIT_LEVEL, StaffBook
from gridadmin.staffing.finding import StaffFinding, on_areas, on_areas_of, on_whole
from gridadmin.staffing.needs import RATIO_POST, members_for, needs_on, object_needs

SECTION_POST, SECTION_KIND = "section_cadre", "section"
OFFICERS, VOLUNTEERS = "officers", "volunteers"


def _levels_with_posts(book: StaffBook) -> list[str]:
    named = {level for post in book.scheme.posts for level in post.levels}
    return [level for level in LEVELS if level in named]


@on_areas_of(_levels_with_posts)
def post_vacant(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Posts that must be filled and aren't; members by ratio have a kind of their own."""
    has_ratio = book.check("member_ratio").on
    for need in needs_on(book, area):
        if need.vacant and not (has_ratio and need.post.key == RATIO_POST):
            yield StaffFinding(
                check.key,
                check.severity,
                area.uid,
                subject=need.post.key,
                params={"post": need.post.key, "vacant": need.vacant, "required": need.required},
            )


@on_whole(
    "person", "assignment", "post_seat", "line_object", "compound", "point_object", "grouping"
)
def object_vacant(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Posts on streets, shops, clusters and the like that must be filled and aren't."""
    for one in object_needs(book):
        if one.vacant:
            yield StaffFinding(
                check.key,
                check.severity,
                subject=f"{one.uid} {one.post.key}",
                params={
                    "post": one.post.key,
                    "vacant": one.vacant,
                    "required": one.required,
                    "object": one.name,
                },
            )


@on_areas_of(_levels_with_posts)
def post_surplus(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Posts that more people hold than may."""
    for need in needs_on(book, area):
        if need.surplus:
            yield StaffFinding(
                check.key,
                check.severity,
                area.uid,
                subject=need.post.key,
                params={"post": need.post.key, "filled": len(need.holders), "most": need.most},
            )


@on_areas("grid")
def member_ratio(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Grids with fewer members than their households ask for; unknown households are no fault."""
    if area.kind != AreaKind.GENERAL:
        return
    households = book.households(area)
    required = members_for(households, check.param("households_per_member"))
    filled = len(book.holders(area.uid, RATIO_POST))
    if filled < required:
        params = {"households": households, "required": required, "filled": filled}
        yield StaffFinding(check.key, check.severity, area.uid, params=params)


@on_areas(BASE_UNIT_LEVEL)
def base_unit_uncovered(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Communities and villages without any cadre, of whatever kind and batch."""
    if not is_covered(book, area.uid):
        yield StaffFinding(check.key, check.severity, area.uid)


def is_covered(book: StaffBook, unit: str) -> bool:
    """Return whether a base unit, or an area below it, has at least one cadre."""
    return any(book.posts[one.post].is_cadre for one in book.below(unit))


@on_areas(BASE_UNIT_LEVEL)
def section_cadre(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Communities without exactly one section-level cadre, or without a section."""
    sections = book.once(_with_section)
    cadres = len(book.holders(area.uid, SECTION_POST))
    if cadres != 1 or area.uid not in sections:
        params = {"cadres": cadres, "sections": int(area.uid in sections)}
        yield StaffFinding(check.key, check.severity, area.uid, params=params)


def _with_section(book: StaffBook) -> set[str | None]:
    return {one.area for one in book.organizations.values() if one.kind == SECTION_KIND}


@on_areas(BASE_UNIT_LEVEL)
def officers(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Communities where one of the officers is missing, such as the judge."""
    for post in book.scheme.posts:
        if post.group != OFFICERS or BASE_UNIT_LEVEL not in post.levels:
            continue
        if not book.holders(area.uid, post.key):
            yield StaffFinding(
                check.key,
                check.severity,
                area.uid,
                subject=post.key,
                params={"post": post.key},
            )


@on_areas(BASE_UNIT_LEVEL)
def forces(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Communities that lack one of the three forces: cadres, grid members, volunteers."""
    held = {one.post for one in book.below(area.uid)}
    lacking = {
        "cadres": not any(book.posts[post].is_cadre for post in held),
        "members": RATIO_POST not in held,
        "volunteers": not any(book.posts[post].group == VOLUNTEERS for post in held),
    }
    for force in (name for name, is_lacking in lacking.items() if is_lacking):
        yield StaffFinding(
            check.key, check.severity, area.uid, subject=force, params={"force": force}
        )
