"""Rules about persons: without a grid, on too many posts, terms that end, posts that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from gridadmin.domain.model import Area
from gridadmin.domain.people import holds_on
from gridadmin.domain.scheme import Check, PostTime
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import PersonRule, StaffFinding, on_areas, on_whole

SOCIAL_WORKERS = "social_workers"
CROSS_POSTING = "cross_posting"


@PersonRule
def person_unassigned(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Persons of the roster who hold no post anywhere."""
    if not book.of(uid):
        yield StaffFinding(check.key, check.severity, person=uid)


@PersonRule
def person_overloaded(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Persons on more full-time posts than one person can fill."""
    held = {
        (one.anchor_kind, one.anchor, one.post)
        for one in book.of(uid)
        if book.posts[one.post].time is PostTime.FULL
    }
    most = int(check.param("full_time_posts"))
    if len(held) > most:
        params = {"posts": len(held), "most": most}
        yield StaffFinding(check.key, check.severity, person=uid, params=params)


@PersonRule
def roster_kind(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Persons of whom it isn't said which kind of line of the roster they are."""
    kind = book.persons[uid].roster_kind
    if not any(term.key == kind for term in book.scheme.roster_kinds):
        yield StaffFinding(check.key, check.severity, person=uid)


@on_whole("person", "assignment", "area")
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


@PersonRule
def term_ends(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Assignments that end within the days that the check names."""
    ending = [one for one in book.of(uid) if one.valid_to is not None]
    if not ending:
        return
    limit = (date.fromisoformat(book.day) + timedelta(days=check.param("days"))).isoformat()
    for one in ending:
        if one.valid_to is not None and one.valid_to <= limit:
            yield StaffFinding(
                check.key,
                check.severity,
                one.anchor if one.anchor_kind == "area" else None,
                uid,
                subject=one.post,
                params={"post": one.post, "date": one.valid_to},
            )


@PersonRule
def post_lost(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Assignments whose area is retired, or whose post the scheme doesn't have: to be decided."""
    for one in book.snapshot.linked("assignment", uid):
        if one.person != uid or not holds_on(one, book.day):
            continue
        if one.post not in book.posts or not book.is_alive(one.anchor_kind, one.anchor):
            yield StaffFinding(
                check.key,
                check.severity,
                one.anchor if one.anchor_kind == "area" else None,
                uid,
                subject=one.uid,
                params={"post": one.post},
            )


@on_whole("person", "assignment", "area")
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
    if area is None:
        held = ((uid, one) for uid in book.persons for one in book.of(uid))
        workers = {uid for uid, one in held if one.post in posts}
    else:
        workers = {one.person for one in book.below(area) if one.post in posts}
    certified = {
        uid for uid in workers if book.persons[uid].certificate_level not in (None, "none")
    }
    return len(workers), len(certified)


@on_areas("grid")
def call_out(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Grids of which nobody could be called: no person below them has a phone."""
    persons = {one.person for one in book.below(area.uid)}
    if not any(_has_phone(book, uid) for uid in persons):
        params = {"persons": len(persons)}
        yield StaffFinding(check.key, check.severity, area.uid, params=params)


def _has_phone(book: StaffBook, uid: str) -> bool:
    person = book.persons[uid]
    return bool(person.duty_phone or person.own_phone)
