"""A roster against a project: what is new, what changes, what is wrong, what has to be asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.edit.roster_commands import TakeRoster
from gridadmin.exchange.roster_changes import changes_of
from gridadmin.exchange.roster_columns import Header, find_header, with_choices
from gridadmin.exchange.roster_file import RosterSheet
from gridadmin.exchange.roster_people import PersonFinder, grouped
from gridadmin.exchange.roster_preview import (
    QUESTION,
    WARNING,
    Answers,
    Fault,
    Question,
    RosterPreview,
    RosterProblem,
    SheetFacts,
)
from gridadmin.exchange.roster_refusal import RefusedColumn, refused_columns
from gridadmin.exchange.roster_rows import Row, RowReader, SheetRows, rows_of
from gridadmin.partition.snapshot import Snapshot

_STRIDE = 500


@dataclass(frozen=True)
class RosterChoices:
    """What the user has said about a roster.

    *columns* are meanings by heading (None = not read), *answers* by question or kind of question,
    *sheets* the names of those to read (None = all but the hidden ones), *post* is the post that
    everybody holds who has an area, where the roster has no column for posts.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    sheets: Sequence[str] | None = None
    post: str | None = None


NO_CHOICES = RosterChoices()


def compare(
    snapshot: Snapshot,
    sheets: Sequence[RosterSheet],
    today: str,
    choices: RosterChoices = NO_CHOICES,
    progress: Progress = SILENT,
    note: str = "",
) -> RosterPreview:
    """Return what the sheets of a roster change in a project on a day, ISO 8601.

    Raises: InputError ``roster.no_header``, ``roster.unknown_sheet``, ``roster.unknown_meaning``,
        ``roster.unknown_post_key``; Cancelled.
    """
    _check(snapshot, sheets, choices)
    facts: list[SheetFacts] = []
    refused: list[RefusedColumn] = []
    read: list[SheetRows] = []
    posts = [post.zh for post in snapshot.scheme.posts]
    for sheet in sheets:
        fact, sheet_rows, columns = _read_sheet(sheet, choices, posts)
        facts.append(fact)
        refused += columns
        if sheet_rows is not None:
            read.append(sheet_rows)
    if not read:
        raise InputError("roster.no_header")
    rows = [row for one in read for row in one.rows]
    answers = Answers(choices.answers)
    reader = RowReader(snapshot, answers, choices.post)
    for number, row in enumerate(rows):
        if number % _STRIDE == 0:
            checkpoint(progress, "progress.read_rows", number, len(rows))
        reader.read(row)
    _warn_of_missing_posts(read, choices.post)
    finder = PersonFinder(snapshot, answers, today)
    ready = (row for row in rows if not row.has_errors and not _waits_for_unit(row))
    groups = grouped(ready, finder, answers)
    found = changes_of(snapshot, groups, today, answers)
    used = {one.key for one in (row.unit for row in rows if row.is_good) if one is not None}
    units = tuple(name for name in reader.new_units if name in used)
    command = TakeRoster(found.persons, found.posts, units, found.ends, note)
    has_changes = bool(found.posts or found.ends or any(one.values for one in found.persons))
    return RosterPreview(
        tuple(facts),
        tuple(refused),
        len(rows),
        sum(row.is_good for row in rows),
        _problems(rows),
        _questions(rows, answers),
        found.persons_new,
        found.persons_changed,
        found.persons_same,
        found.posts_new,
        found.posts_changed,
        found.posts_same,
        len(found.ends),
        units,
        command if has_changes else None,
        answers.unused,
    )


def look_at(
    sheets: Sequence[RosterSheet],
    choices: RosterChoices = NO_CHOICES,
    posts: Collection[str] = (),
) -> tuple[tuple[SheetFacts, ...], tuple[RefusedColumn, ...]]:
    """Return what the sheets of a file are, and their columns that aren't read.

    *posts* are names of posts that headings may bear, beside the usual ones.

    Raises: InputError ``roster.no_header`` when none is a roster, ``roster.unknown_meaning``.
    """
    facts: list[SheetFacts] = []
    refused: list[RefusedColumn] = []
    for sheet in sheets:
        fact, _, columns = _read_sheet(sheet, choices, posts)
        facts.append(fact)
        refused += columns
    if all(fact.header is None and fact.why == "roster.sheet_no_header" for fact in facts):
        raise InputError("roster.no_header")
    return tuple(facts), tuple(refused)


def _waits_for_unit(row: Row) -> bool:
    """Return whether nobody can say yet who a row is: its unit is part of the key."""
    return any(ask.kind == "unit" for ask in row.asks)


def _check(snapshot: Snapshot, sheets: Sequence[RosterSheet], choices: RosterChoices) -> None:
    names = [sheet.name for sheet in sheets]
    for name in choices.sheets or ():
        if name not in names:
            raise InputError("roster.unknown_sheet", sheet=name, sheets="、".join(names))
    posts = {post.key: post.zh for post in snapshot.scheme.posts}
    if choices.post is not None and choices.post not in (*posts, *posts.values()):
        known = "、".join(f"{zh}（{key}）" for key, zh in posts.items())
        raise InputError("roster.unknown_post_key", post=choices.post, known=known)


def _read_sheet(
    sheet: RosterSheet, choices: RosterChoices, posts: Collection[str]
) -> tuple[SheetFacts, SheetRows | None, tuple[RefusedColumn, ...]]:
    if choices.sheets is not None and sheet.name not in choices.sheets:
        return SheetFacts(sheet.name, None, why="roster.sheet_not_chosen"), None, ()
    if choices.sheets is None and sheet.is_hidden:
        return SheetFacts(sheet.name, None, why="roster.sheet_hidden"), None, ()
    guessed = find_header(sheet, posts)
    if guessed is None:
        return SheetFacts(sheet.name, None, why="roster.sheet_no_header"), None, ()
    header = with_choices(guessed, choices.columns)
    kept = [title for title, key in choices.columns.items() if key is not None]
    refused = refused_columns(sheet.name, sheet.rows, header, kept)
    header = _without(header, refused)
    rows = rows_of(sheet, header)
    return SheetFacts(sheet.name, header, len(rows.rows), rows.skipped), rows, refused


def _without(header: Header, refused: Sequence[RefusedColumn]) -> Header:
    places = {one.place for one in refused}
    columns = [
        replace(one, key=None, samples=()) if one.place in places else one for one in header.columns
    ]
    return replace(header, columns=tuple(columns))


def _warn_of_missing_posts(sheets: Sequence[SheetRows], post: str | None) -> None:
    """Say once a sheet that nobody gets a post, for there is no column that names one."""
    for sheet in sheets:
        with_area = next((row for row in sheet.rows if row.area is not None), None)
        if with_area is None or post is not None or with_area.header.post:
            continue
        if with_area.header.place_of("post") is None:
            with_area.blame(Fault("name", "roster.no_post_column"), WARNING)


def _problems(rows: Sequence[Row]) -> tuple[RosterProblem, ...]:
    found: list[RosterProblem] = []
    for row in rows:
        if not row.has_errors:
            for ask in row.asks:
                params = {"options": "；".join(option.text for option in ask.options)}
                row.blame(
                    Fault(ask.column, f"roster.ask_{ask.kind}", params), QUESTION, question=ask.id
                )
        found += sorted(row.problems, key=lambda one: one.place)
    return tuple(found)


def _questions(rows: Sequence[Row], answers: Mapping[str, str]) -> tuple[Question, ...]:
    asked: dict[str, list[str]] = {}
    asks = {}
    for row in rows:
        for ask in row.asks if not row.has_errors else ():
            asks[ask.id] = ask
            asked.setdefault(ask.id, []).append(row.ref)
    return tuple(Question(ask, tuple(asked[key]), ask.answer(answers)) for key, ask in asks.items())
