"""Tables about what changes: since a day, and between the modes."""

from __future__ import annotations

from collections.abc import Iterator

from gridadmin.app.staff_reports.model import Ask, Cell, Table
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.changes import PostChange, StaffChanges, What, changes_between
from gridadmin.staffing.mode_comparison import compare_modes, other_mode, switches_of

_POSTS = (0.12, 0.2, 0.2, 0.24, 0.24)


def changes(ask: Ask) -> Iterator[Table]:
    """Yield what changed since a day: posts, persons, pairings."""
    before = StaffBook(ask.book.snapshot, ask.since, ask.book.mode)
    found = changes_between(before, ask.book)
    params = {"since": ask.since, "day": ask.book.day}
    yield _posts(ask, ask.say("changes", **params), found.posts)
    rows: list[list[Cell]] = [
        [ask.say("joined"), person.name, ask.unit(person.organization)] for person in found.joined
    ]
    rows += [[ask.say("left"), person.name, ask.unit(person.organization)] for person in found.left]
    yield Table(
        ask.say("persons_changed", **params),
        ask.heads("what", "person", "unit"),
        (0.2, 0.35, 0.45),
        rows,
        "" if rows else ask.say("none_changed"),
    )
    yield _links(ask, ask.say("pairings_changed", **params), found)


def modes(ask: Ask) -> Iterator[Table]:
    """Yield the switches so far, and what a switch to the other mode would do."""
    snapshot = ask.book.snapshot
    switches: list[list[Cell]] = [
        [one.since, ask.mode(one.mode), one.author, one.note] for one in switches_of(snapshot)
    ]
    yield Table(
        ask.say("switches"),
        ask.heads("since", "mode", "author", "note"),
        (0.16, 0.16, 0.22, 0.46),
        switches,
        "" if switches else ask.say("never_switched", mode=ask.mode(ask.book.mode)),
    )
    target = other_mode(snapshot, ask.book.day)
    if target is None:
        return
    compared = compare_modes(snapshot, ask.book.day, target)
    name = ask.mode(target)
    yield _posts(ask, ask.say("mode_posts", mode=name), compared.changes.posts)
    bodies: list[list[Cell]] = [
        [
            ask.say("comes" if one.what is What.BEGUN else "goes"),
            one.body.name,
            ask.place(*_anchor_of(one.body)),
        ]
        for one in compared.changes.bodies
    ]
    yield Table(
        ask.say("mode_bodies", mode=name),
        ask.heads("what", "body", "place"),
        (0.16, 0.44, 0.4),
        bodies,
        "" if bodies else ask.say("none_changed"),
    )
    yield _links(ask, ask.say("mode_pairings", mode=name), compared.changes)
    yield Table(
        ask.say("mode_short", mode=name),
        ask.heads("place", "post", "required", "short"),
        (0.44, 0.26, 0.15, 0.15),
        [
            [ask.place("area", need.area.uid), ask.post(need.post.key), need.required, need.vacant]
            for need in compared.short
        ],
        "" if compared.short else ask.say("none_short"),
    )
    if compared.meanwhile is not None:
        yield _posts(ask, ask.say("meanwhile", mode=name), compared.meanwhile.posts)


def _anchor_of(body: object) -> tuple[str, str]:
    kind = getattr(body, "anchor_kind", "area")
    return str(kind), str(getattr(body, "anchor", None) or getattr(body, "area", None) or "")


def _posts(ask: Ask, title: str, found: tuple[PostChange, ...]) -> Table:
    rows: list[list[Cell]] = []
    for one in found:
        after = one.after or one.before
        rows.append(
            [
                ask.say(one.what),
                one.person.name,
                "" if after is None else ask.post(after.post),
                ask.place_of(one.before),
                ask.place_of(one.after),
            ]
        )
    return Table(
        title,
        ask.heads("what", "person", "post", "before", "after"),
        _POSTS,
        rows,
        "" if rows else ask.say("none_changed"),
    )


def _links(ask: Ask, title: str, found: StaffChanges) -> Table:
    kinds = {entry.key: entry for entry in ask.book.scheme.pairings}
    rows: list[list[Cell]] = [
        [
            ask.say("paired" if one.what is What.BEGUN else "parted"),
            ask.unit(one.pairing.organization),
            ask.named(kinds.get(one.pairing.kind)) or one.pairing.kind,
            ask.place(one.pairing.anchor_kind, one.pairing.anchor),
        ]
        for one in found.pairings
    ]
    return Table(
        title,
        ask.heads("what", "unit", "kind", "place"),
        (0.12, 0.3, 0.24, 0.34),
        rows,
        "" if rows else ask.say("none_changed"),
    )
