"""Reports on the people: which there are, and how one is put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

from gridadmin.app.staff_reports import movements, seats, units
from gridadmin.app.staff_reports.model import Ask, Cell, StaffDocument, Table
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.people import Assignment
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.report import StaffReport, report_of

KINDS: Mapping[str, Callable[[Ask], Iterator[Table]]] = {
    "shortfall": seats.shortfall,
    "roster": seats.roster,
    "pairings": units.pairings,
    "quota": units.quota,
    "cover": seats.cover,
    "changes": movements.changes,
    "modes": movements.modes,
}
"""The parts of a report by their names, in their order."""


def document_of(
    snapshot: Snapshot,
    book: StaffBook,
    lang: str,
    kinds: Collection[str] | None = None,
    since: str | None = None,
    progress: Progress = SILENT,
) -> StaffDocument:
    """Return a report with some parts (:data:`KINDS`; None = all), compared with a day.

    Without *since* it is the first of January. Raises: Cancelled; InputError
    ``input.unknown_kinds``, ``input.bad_day``.
    """
    chosen = list(KINDS) if kinds is None else [kind for kind in KINDS if kind in kinds]
    unknown = sorted(set(kinds or ()) - set(KINDS))
    if unknown:
        raise InputError("input.unknown_kinds", kinds=", ".join(unknown), known=", ".join(KINDS))
    ask = Ask(book, _since(since, book.day), lang)
    tables: list[Table] = []
    for number, kind in enumerate(chosen):
        checkpoint(progress, "progress.staff_report", number, len(chosen))
        tables += KINDS[kind](ask)
    report = report_of(book)
    name = str(snapshot.setting("name", snapshot.root.name))
    return StaffDocument(
        ask.say("title", name=name),
        _facts(ask, name, report),
        _figures(ask, report),
        ask.say("times_note"),
        [_summary(ask), *tables],
        report.persons,
        lang,
    )


def _since(since: str | None, day: str) -> str:
    if since is None:
        return f"{day[:4]}-01-01"
    try:
        return date.fromisoformat(since).isoformat()
    except ValueError as fault:
        raise InputError("input.bad_day", day=since) from fault


def _facts(ask: Ask, name: str, report: StaffReport) -> list[tuple[str, str]]:
    return [
        (ask.say("fact_project"), name),
        (ask.say("fact_scheme"), ask.named_scheme),
        (ask.say("fact_day"), report.day),
        (ask.say("fact_mode"), ask.mode(report.mode)),
        (ask.say("fact_revision"), f"{ask.book.snapshot.revision:,}"),
    ]


def _figures(ask: Ask, report: StaffReport) -> list[tuple[str, str]]:
    times = sum(len(ask.book.of(person)) for person in ask.book.persons)
    return [
        (ask.say("figure_covered"), f"{report.covered:,} / {report.base_units:,}"),
        (ask.say("figure_persons"), f"{report.persons:,}"),
        (ask.say("figure_times"), f"{times:,}"),
        (ask.say("figure_vacant"), f"{sum(len(line.vacant) for line in report.posts):,}"),
    ]


def _summary(ask: Ask) -> Table:
    """Return persons and person-times of each post: two counts that are never added up."""
    held: dict[str, list[Assignment]] = defaultdict(list)
    for person in ask.book.persons:
        for one in ask.book.of(person):
            held[one.post].append(one)
    rows: list[list[Cell]] = [
        [
            ask.named(post),
            len({one.person for one in held[post.key]}),
            len(held[post.key]),
            len({(one.anchor_kind, one.anchor) for one in held[post.key]}),
        ]
        for post in ask.book.scheme.posts
        if post.key in held
    ]
    return Table(
        ask.say("summary"),
        ask.heads("post", "persons", "times", "places"),
        (0.46, 0.18, 0.18, 0.18),
        rows,
        ask.say("summary_note"),
    )
