"""Rules about posts: vacant, too many, members by households, cover of base units, the chief."""

from __future__ import annotations

from collections.abc import Iterator

from gridadmin.domain.model import AreaKind
from gridadmin.domain.scheme import Check
from gridadmin.staffing.book import BASE_UNIT_LEVEL, StaffBook
from gridadmin.staffing.finding import StaffFinding
from gridadmin.staffing.needs import RATIO_POST, all_needs, members_for, object_needs

SECTION_POST, SECTION_KIND = "section_cadre", "section"
OFFICERS, VOLUNTEERS = "officers", "volunteers"


def post_vacant(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Posts that must be filled and aren't; members by ratio have a kind of their own."""
    has_ratio = book.check("member_ratio").on
    for need in all_needs(book):
        if need.vacant and not (has_ratio and need.post.key == RATIO_POST):
            yield StaffFinding(
                check.key,
                check.severity,
                need.area.uid,
                subject=need.post.key,
                params={"post": need.post.key, "vacant": need.vacant, "required": need.required},
            )
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


def post_surplus(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Posts that more people hold than may."""
    for need in all_needs(book):
        if need.surplus:
            yield StaffFinding(
                check.key,
                check.severity,
                need.area.uid,
                subject=need.post.key,
                params={"post": need.post.key, "filled": len(need.holders), "most": need.most},
            )


def member_ratio(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Grids with fewer members than their households ask for; unknown households are no fault."""
    per_member = check.param("households_per_member")
    for grid in book.areas("grid"):
        if grid.kind != AreaKind.GENERAL:
            continue
        households = book.households(grid)
        required = members_for(households, per_member)
        filled = len(book.holders(grid.uid, RATIO_POST))
        if filled < required:
            yield StaffFinding(
                check.key,
                check.severity,
                grid.uid,
                params={"households": households, "required": required, "filled": filled},
            )


def base_unit_uncovered(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Communities and villages without any cadre, of whatever kind and batch."""
    for unit in book.base_units():
        if not is_covered(book, unit.uid):
            yield StaffFinding(check.key, check.severity, unit.uid)


def is_covered(book: StaffBook, unit: str) -> bool:
    """Return whether a base unit, or an area below it, has at least one cadre."""
    return any(book.posts[one.post].is_cadre for one in book.below(unit))


def section_cadre(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Communities without exactly one section-level cadre, or without a section."""
    sections = {one.area for one in book.organizations.values() if one.kind == SECTION_KIND}
    for unit in book.base_units():
        cadres = len(book.holders(unit.uid, SECTION_POST))
        if cadres != 1 or unit.uid not in sections:
            yield StaffFinding(
                check.key,
                check.severity,
                unit.uid,
                params={"cadres": cadres, "sections": int(unit.uid in sections)},
            )


def officers(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Communities where one of the officers is missing, such as the judge."""
    posts = [post for post in book.scheme.posts if post.group == OFFICERS]
    for unit in book.base_units():
        for post in posts:
            if BASE_UNIT_LEVEL in post.levels and not book.holders(unit.uid, post.key):
                yield StaffFinding(
                    check.key,
                    check.severity,
                    unit.uid,
                    subject=post.key,
                    params={"post": post.key},
                )


def forces(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Communities that lack one of the three forces: cadres, grid members, volunteers."""
    volunteers = {post.key for post in book.scheme.posts if post.group == VOLUNTEERS}
    for unit in book.base_units():
        held = {one.post for one in book.below(unit.uid)}
        lacking = {
            "cadres": not any(book.posts[post].is_cadre for post in held),
            "members": RATIO_POST not in held,
            "volunteers": not held & volunteers,
        }
        for force in (name for name, is_lacking in lacking.items() if is_lacking):
            yield StaffFinding(
                check.key, check.severity, unit.uid, subject=force, params={"force": force}
            )
