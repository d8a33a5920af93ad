"""Rules about who may hold a post: by office, rank, working time, and where they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from gridadmin.domain.people import Assignment, holds_on
from gridadmin.domain.scheme import Check, Post, PostTime
from gridadmin.staffing.book import StaffBook, mode_on
from gridadmin.staffing.finding import StaffFinding


def ex_officio(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Posts that go with an office and are held by others than the secretary of the area's body.

    Where no secretary is known, or nobody holds the post, there is nothing to compare.
    """
    for post in book.scheme.posts:
        if not post.ex_officio:
            continue
        secretaries = book.once(_secretaries)[post.ex_officio]
        for (kind, anchor), holders in book.held(post.key).items():
            area = _area_of(book, kind, anchor)
            secretary = secretaries.get(area or "")
            if area is not None and secretary is not None and secretary not in holders:
                yield StaffFinding(
                    check.key,
                    check.severity,
                    area,
                    secretary,
                    subject=f"{anchor} {post.key}",
                    params={"post": post.key},
                )


def _secretaries(book: StaffBook) -> Mapping[str, Mapping[str, str]]:
    """Return who leads the party organisation of an area, by its kind; those who are there."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for node in book.party_nodes():
        if node.area and node.secretary and node.secretary in book.persons:
            found[node.kind][node.area] = node.secretary
    return found


def _area_of(book: StaffBook, kind: str, anchor: str) -> str | None:
    """Return the area of an anchor: itself, or where a facility is."""
    if kind == "area":
        return anchor
    if kind == "point_object":
        area: str | None = book.snapshot.rows(kind)[anchor].area
        return area
    return None


def post_time(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Persons on a full-time post of whom it is said that they work part-time."""
    for post, one in _held(book):
        if post.time is PostTime.FULL and book.persons[one.person].is_full_time is False:
            yield _about(check, one, {"post": post.key})


def post_rank(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Holders of a post for officials of some ranks whose rank is another, or isn't known."""
    ranks = {term.key: term.zh for term in book.scheme.ranks}
    for post, one in _held(book):
        allowed = [ranks[key] for key in post.ranks]
        rank = book.persons[one.person].rank
        if allowed and rank not in allowed:
            yield _about(check, one, {"post": post.key, "rank": rank or "—"})


def member_source(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Holders of whom it is said that they come from elsewhere than the post is filled from."""
    for post, one in _held(book):
        source = book.persons[one.person].recruited_from
        if post.filled_from and source is not None and source not in post.filled_from:
            yield _about(check, one, {"post": post.key, "source": source})


def second_role(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Persons called out in another mode who have no post in normal times; too few of them.

    Looked at in every mode: whoever is called out is known beforehand.
    """
    first = mode_on(book.snapshot, "")
    special, usual = set(), set()
    for one in book.snapshot.rows("assignment").values():
        post = book.posts.get(one.post)
        if post is None or not holds_on(one, book.day) or one.person not in book.persons:
            continue
        if post.modes and first not in post.modes:
            special.add(one.person)
        elif one.mode in (None, first):
            usual.add(one.person)
    for person in sorted(special - usual):
        yield StaffFinding(check.key, check.severity, person=person)
    announced = int(check.param("responders"))
    if special and len(special) < announced:
        yield StaffFinding(
            check.key,
            check.severity,
            book.snapshot.root.uid,
            sentence="announced",
            params={"entry": check.key, "there": len(special), "announced": announced},
        )


def _held(book: StaffBook) -> Iterator[tuple[Post, Assignment]]:
    for person in book.persons:
        for one in book.of(person):
            yield book.posts[one.post], one


def _about(check: Check, one: Assignment, params: dict[str, str]) -> StaffFinding:
    area = one.anchor if one.anchor_kind == "area" else None
    subject = f"{one.anchor} {one.post}"
    return StaffFinding(check.key, check.severity, area, one.person, subject, dict(params))
