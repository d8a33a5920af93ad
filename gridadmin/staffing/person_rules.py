"""Rules about persons: without a grid, on too many posts, terms that end, posts that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from gridadmin.domain.people import holds_on
from gridadmin.domain.scheme import Check, PostTime
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import StaffFinding

SOCIAL_WORKERS = "social_workers"
CROSS_POSTING = "cross_posting"


def person_unassigned(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Persons of the roster who hold no post anywhere."""
    for uid in book.persons:
        if not book.of(uid):
            yield StaffFinding(check.key, check.severity, person=uid)


def person_overloaded(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Persons on more full-time posts than one person can fill."""
    most = int(check.param("full_time_posts"))
    for uid in book.persons:
        held = {
            (one.anchor_kind, one.anchor, one.post)
            for one in book.of(uid)
            if book.posts[one.post].time is PostTime.FULL
        }
        if len(held) > most:
            params = {"posts": len(held), "most": most}
            yield StaffFinding(check.key, check.severity, person=uid, params=params)


def roster_kind(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Persons of whom it isn't said which kind of line of the roster they are."""
    known = {term.key for term in book.scheme.roster_kinds}
    for uid, person in book.persons.items():
        if person.roster_kind not in known:
            yield StaffFinding(check.key, check.severity, person=uid)


def cross_posting(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Fewer areas than announced have somebody on a post there who has one elsewhere too."""
    areas = cross_posted_areas(book)
    least = int(check.param("areas"))
    if len(areas) < least:
        params = {"areas": len(areas), "announced": least}
        yield StaffFinding(check.key, check.severity, book.snapshot.root.uid, params=params)


def cross_posted_areas(book: StaffBook) -> set[str]:
    """Return the areas with a cross-posted person: one with a second post in another place."""
    posts = {post.key for post in book.scheme.posts if post.group == CROSS_POSTING}
    return {
        one.anchor
        for uid in book.persons
        for one in book.of(uid)
        if one.post in posts and any(other.anchor != one.anchor for other in book.of(uid))
    }


def term_ends(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Assignments that end within the days that the check names."""
    limit = (date.fromisoformat(book.day) + timedelta(days=check.param("days"))).isoformat()
    for uid in book.persons:
        for one in book.of(uid):
            if one.valid_to is not None and one.valid_to <= limit:
                yield StaffFinding(
                    check.key,
                    check.severity,
                    one.anchor if one.anchor_kind == "area" else None,
                    uid,
                    subject=one.post,
                    params={"post": one.post, "date": one.valid_to},
                )


def post_lost(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Assignments whose area is retired, or whose post the scheme doesn't have: to be decided."""
    rows = book.snapshot.rows("assignment")
    for uid in sorted(rows):
        one = rows[uid]
        if not holds_on(one, book.day) or one.person not in book.persons:
            continue
        anchor = book.snapshot.rows(one.anchor_kind).get(one.anchor)
        is_gone = anchor is None or getattr(anchor, "valid_to", None) is not None
        if is_gone or one.post not in book.posts:
            yield StaffFinding(
                check.key,
                check.severity,
                one.anchor if one.anchor_kind == "area" else None,
                one.person,
                subject=one.uid,
                params={"post": one.post},
            )


def certificate_share(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Too few of all full-time social workers have the assistant certificate or a higher one."""
    total, certified = certified_workers(book)
    least = check.param("min_share")
    if total and certified / total < least:
        yield StaffFinding(
            check.key,
            check.severity,
            book.snapshot.root.uid,
            params={"certified": certified, "workers": total, "min_percent": round(least * 100)},
        )


def certified_workers(book: StaffBook, area: str | None = None) -> tuple[int, int]:
    """Return how many social workers an area (None: the whole project) has, and certified ones."""
    posts = {post.key for post in book.scheme.posts if post.group == SOCIAL_WORKERS}
    if not posts:
        return 0, 0
    top = book.snapshot.root.uid if area is None else area
    workers = {one.person for one in book.below(top) if one.post in posts}
    certified = {
        uid for uid in workers if book.persons[uid].certificate_level not in (None, "none")
    }
    return len(workers), len(certified)


def call_out(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Grids of which nobody could be called: no person below them has a phone."""
    for grid in book.areas("grid"):
        persons = {one.person for one in book.below(grid.uid)}
        if not any(_has_phone(book, uid) for uid in persons):
            yield StaffFinding(
                check.key, check.severity, grid.uid, params={"persons": len(persons)}
            )


def _has_phone(book: StaffBook, uid: str) -> bool:
    person = book.persons[uid]
    return bool(person.duty_phone or person.own_phone)
