"""Rules about who may hold a post: by office, rank, working time, and where they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment, holds_on
from gridadmin.domain.scheme import LEVELS, Check, Post, PostTime
from gridadmin.staffing.book import StaffBook, mode_on
from gridadmin.staffing.finding import PersonRule, StaffFinding, on_areas, on_whole


@on_areas(*LEVELS)
def ex_officio(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Posts that go with an office and are held by others than the secretary of the area's body.

    Where no secretary is known, or nobody holds the post, there is nothing to compare.
    """
    posts = book.once(_with_office)
    if not posts:
        return
    places = [("area", area.uid), *(("point_object", uid) for uid in book.facilities(area.uid))]
    for kind, anchor in places:
        for post in posts:
            holders = {one.person for one in book.on(anchor, kind) if one.post == post.key}
            secretary = book.once(_secretaries)[post.ex_officio].get(area.uid)
            if holders and secretary is not None and secretary not in holders:
                yield StaffFinding(
                    check.key,
                    check.severity,
                    area.uid,
                    secretary,
                    subject=f"{anchor} {post.key}",
                    params={"post": post.key},
                )


def _with_office(book: StaffBook) -> list[Post]:
    return [post for post in book.scheme.posts if post.ex_officio]


def _secretaries(book: StaffBook) -> Mapping[str, Mapping[str, str]]:
    """Return who leads the party organisation of an area, by its kind; those who are there."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for node in book.party_nodes():
        if node.area and node.secretary and node.secretary in book.persons:
            found[node.kind][node.area] = node.secretary
    return found


@PersonRule
def post_time(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Persons on a full-time post of whom it is said that they work part-time."""
    if book.persons[uid].is_full_time is not False:
        return
    for one in book.of(uid):
        if book.posts[one.post].time is PostTime.FULL:
            yield _about(check, one, {"post": one.post})


@PersonRule
def post_rank(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Holders of a post for officials of some ranks whose rank is another, or isn't known."""
    for one in book.of(uid):
        keys = book.posts[one.post].ranks
        if not keys:
            continue
        rank = book.persons[uid].rank
        if rank not in [term.zh for term in book.scheme.ranks if term.key in keys]:
            yield _about(check, one, {"post": one.post, "rank": rank or "—"})


@PersonRule
def member_source(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Holders of whom it is said that they come from elsewhere than the post is filled from."""
    source = book.persons[uid].recruited_from
    if source is None:
        return
    for one in book.of(uid):
        sources = book.posts[one.post].filled_from
        if sources and source not in sources:
            yield _about(check, one, {"post": one.post, "source": source})


@PersonRule
def second_role(book: StaffBook, check: Check, uid: str) -> Iterator[StaffFinding]:
    """Persons called out in another mode who have no post in normal times.

    Looked at in every mode: whoever is called out is known beforehand.
    """
    special = book.once(_special_posts)
    if not special:
        return
    first = mode_on(book.snapshot, "")
    held = [
        one
        for one in book.snapshot.linked("assignment", uid)
        if one.person == uid and one.post in book.posts and holds_on(one, book.day)
    ]
    is_special = any(one.post in special for one in held)
    if is_special and not any(
        one.post not in special and one.mode in (None, first) for one in held
    ):
        yield StaffFinding(check.key, check.severity, person=uid)


@on_whole("person", "assignment")
def responders(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Fewer persons who are called out than the place said that there are."""
    special = book.once(_special_posts)
    there = {
        one.person
        for one in book.snapshot.rows("assignment").values()
        if one.post in special and holds_on(one, book.day) and one.person in book.persons
    }
    announced = int(check.param("responders"))
    if 0 < len(there) < announced:
        yield StaffFinding(
            check.key,
            check.severity,
            book.snapshot.root.uid,
            sentence="announced",
            params={"entry": check.key, "there": len(there), "announced": announced},
        )


def _special_posts(book: StaffBook) -> frozenset[str]:
    """Return the posts that there are none of in normal times."""
    first = mode_on(book.snapshot, "")
    return frozenset(
        post.key for post in book.scheme.posts if post.modes and first not in post.modes
    )


def _about(check: Check, one: Assignment, params: dict[str, str]) -> StaffFinding:
    area = one.anchor if one.anchor_kind == "area" else None
    subject = f"{one.anchor} {one.post}"
    return StaffFinding(check.key, check.severity, area, one.person, subject, dict(params))
