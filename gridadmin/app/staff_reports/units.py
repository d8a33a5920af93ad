"""Tables about units: pairings, quota and rotation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from gridadmin.app.staff_reports.model import Ask, Cell, Table
from gridadmin.domain.people import Assignment, Headcount, Organization
from gridadmin.staffing.figures import in_printed_order


def pairings(ask: Ask) -> Iterator[Table]:
    """Yield which unit is paired with what; the base units without, where the place asks for it."""
    kinds = {entry.key: entry for entry in ask.book.scheme.pairings}
    found = sorted(
        ask.book.pairings(),
        key=lambda one: (
            _unit_order(ask, one.organization),
            ask.place(one.anchor_kind, one.anchor),
        ),
    )
    rows: list[list[Cell]] = [
        [
            ask.unit(one.organization),
            ask.named(kinds.get(one.kind)) or one.kind,
            ask.place(one.anchor_kind, one.anchor),
            ask.mode(one.mode),
            one.valid_from,
            one.document,
        ]
        for one in found
    ]
    yield Table(
        ask.say("pairings"),
        ask.heads("unit", "kind", "place", "mode", "from", "document"),
        (0.24, 0.18, 0.26, 0.1, 0.11, 0.11),
        rows,
        "" if rows else ask.say("none_paired"),
    )
    if not any(ask.book.check(kind).on for kind in _ASKS_PAIRING):
        return
    without = [unit for unit in ask.book.base_units() if not ask.book.pairings_on(unit.uid)]
    yield Table(
        ask.say("unpaired_places"),
        ask.heads("code", "community", "above"),
        (0.25, 0.4, 0.35),
        [[unit.code, unit.name, ask.place("area", unit.parent or "")] for unit in without],
        "" if without else ask.say("none_unpaired"),
    )


_ASKS_PAIRING = ("pairing", "cadre_unpaired")
"""Checks by which a scheme asks that base units are paired."""


def quota(ask: Ask) -> Iterator[Table]:
    """Yield what each unit is due to send and sends, persons and person-times apart; batches."""
    sent = _sent(ask)
    counts = _headcounts(ask)
    units = sorted({*sent, *counts}, key=lambda uid: _unit_order(ask, uid))
    rows: list[list[Cell]] = []
    totals = Counter[str]()
    for uid in units:
        row = counts.get(uid)
        persons = len({one.person for one in sent.get(uid, ())})
        quota_of = None if row is None else row.quota
        short = None if quota_of is None else max(quota_of - persons, 0)
        rows.append(
            [
                ask.unit(uid),
                None if row is None else row.officials,
                quota_of,
                persons,
                len(sent.get(uid, ())),
                short,
            ]
        )
        totals += Counter(
            officials=0 if row is None else row.officials,
            quota=quota_of or 0,
            persons=persons,
            times=len(sent.get(uid, ())),
            short=short or 0,
        )
    rows.append(
        [
            ask.say("total"),
            *(totals[key] for key in ("officials", "quota", "persons", "times", "short")),
        ]
    )
    yield Table(
        ask.say("quota"),
        ask.heads("unit", "officials", "quota", "sent", "times", "short"),
        (0.35, 0.13, 0.13, 0.13, 0.13, 0.13),
        rows,
        ask.say("quota_note"),
        frozenset({len(rows) - 1}),
    )
    yield _rotation(ask, sent)


def _sent(ask: Ask) -> dict[str, list[Assignment]]:
    """Return the cadres' posts by the unit that sends the person; an empty key for none."""
    found: dict[str, list[Assignment]] = defaultdict(list)
    for person in ask.book.persons:
        for one in ask.book.of(person):
            if ask.book.posts[one.post].is_cadre:
                found[ask.book.sender_of(one) or ""].append(one)
    return found


def _headcounts(ask: Ask) -> dict[str, Headcount]:
    latest: dict[str, Headcount] = {}
    for row in ask.book.snapshot.rows("headcount").values():
        known = latest.get(row.organization)
        as_of = row.as_of or ""
        if as_of <= ask.book.day and (known is None or (known.as_of or "") <= as_of):
            latest[row.organization] = row
    return latest


def _rotation(ask: Ask, sent: dict[str, list[Assignment]]) -> Table:
    batches: dict[str, list[Assignment]] = defaultdict(list)
    for posts in sent.values():
        for one in posts:
            batches[one.batch or ""].append(one)
    rows: list[list[Cell]] = []
    for batch in sorted(batches):
        own = batches[batch]
        begins = sorted(one.valid_from for one in own if one.valid_from)
        ends = sorted(one.valid_to for one in own if one.valid_to)
        rows.append(
            [
                batch or ask.say("no_batch"),
                len({one.person for one in own}),
                len(own),
                begins[0] if begins else None,
                ends[0] if ends else None,
                sum(one.valid_to is None for one in own),
            ]
        )
    return Table(
        ask.say("rotation"),
        ask.heads("batch", "sent", "times", "first_from", "first_ends", "open"),
        (0.25, 0.13, 0.13, 0.18, 0.18, 0.13),
        rows,
    )


def _unit_order(ask: Ask, uid: str) -> tuple[bool, tuple[float, str, str]]:
    """Return the place of a unit in printed lists; one that isn't known comes last."""
    row: Organization | None = ask.book.snapshot.rows("organization").get(uid)
    return (True, (0.0, "", uid)) if row is None else (False, in_printed_order(row))
