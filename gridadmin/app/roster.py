"""A roster into a project: looked at first, then written as one gesture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gridadmin.app.session import Session, today
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.base.texts import sentence
from gridadmin.exchange.roster_columns import BY_KEY, Column, Header
from gridadmin.exchange.roster_compare import NO_CHOICES, RosterChoices, compare
from gridadmin.exchange.roster_file import RosterSheet, cell_of, read_sheets
from gridadmin.exchange.roster_preview import Question, RosterPreview, RosterProblem
from gridadmin.exchange.roster_refusal import RefusedColumn
from gridadmin.partition.snapshot import Snapshot


def preview_roster(
    snapshot: Snapshot,
    sheets: Iterable[RosterSheet],
    choices: RosterChoices = NO_CHOICES,
    *,
    file_name: str = "",
    day: str | None = None,
    progress: Progress = SILENT,
) -> RosterPreview:
    """Return what a roster that was read would change. Raises: InputError, Cancelled."""
    return compare(
        snapshot, list(sheets), day or today(), choices, progress=progress, note=file_name
    )


def import_roster(
    project: Path,
    file: Path,
    choices: RosterChoices = NO_CHOICES,
    *,
    preview_only: bool = False,
    marked: Path | None = None,
    lang: str = "zh",
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Take over the good rows of a roster as one gesture; return what was found, as JSON values.

    *marked* is where an Excel copy with the mistakes marked goes.
    Raises: InputError, EditError, StoreError, Cancelled; nothing is written then.
    """
    if marked is not None:
        refuse_marked_target(marked, file)
    sheets = read_sheets(file, progress)
    with Session.open(project, write=not preview_only) as session:
        preview = preview_roster(
            session.snapshot, sheets, choices, file_name=file.name, progress=progress
        )
        if marked is not None:
            from gridadmin.exchange.roster_marks import write_marked_copy

            write_marked_copy(marked, sheets, preview, lang, progress)
        is_written = preview.command is not None and not preview_only
        if preview.command is not None and is_written:
            session.document.execute(preview.command, progress)
        revision = None if preview_only else session.snapshot.revision
    told = preview_json(preview, lang)
    return {"file": file.name, "written": is_written, "revision": revision, **told}


def refuse_marked_target(out: Path, file: Path) -> None:
    """Refuse a marked copy that is no Excel file, or would take the place of the roster itself.

    Raises: InputError ``export.unknown_format``, ``roster.onto_itself``.
    """
    if out.suffix.lower() != ".xlsx":
        raise InputError(
            "export.unknown_format", file=str(out), extension=out.suffix, known=".xlsx"
        )
    if out.exists() and file.exists() and out.samefile(file):
        raise InputError("roster.onto_itself", file=out.name)


def choices_of(
    columns: Iterable[str],
    answers: Iterable[str],
    sheets: Iterable[str],
    post: str | None,
) -> RosterChoices:
    """Return choices from words such as ``联系人=name`` and ``move=both``.

    Raises: InputError ``roster.bad_column``, ``roster.unknown_answer``.
    """
    meanings: dict[str, str | None] = {}
    for column in columns:
        title, sign, key = column.rpartition("=")
        if not sign or not title:
            raise InputError("roster.bad_column", column=column)
        by_title = {one.title: one.key for one in BY_KEY.values()}
        meanings["".join(title.split())] = by_title.get(key.strip(), key.strip()) or None
    said: dict[str, str] = {}
    for answer in answers:
        question, sign, option = answer.partition("=")
        if not sign or not question or not option:
            raise InputError("roster.unknown_answer", answer=answer)
        said[question.strip()] = option.strip()
    return RosterChoices(meanings, said, tuple(sheets) or None, post)


def problem_text(problem: RosterProblem, lang: str) -> str:
    """Return what is wrong at a cell as a sentence."""
    return sentence(problem.code, lang, problem.params)


def preview_json(preview: RosterPreview, lang: str) -> dict[str, Any]:
    """Return a preview as JSON values; no identity number and no whole phone number is in it."""
    return {
        "sheets": [
            {
                "name": sheet.name,
                "header_row": None if sheet.header is None else sheet.header.row + 1,
                "rows": sheet.rows,
                "skipped": sheet.skipped,
                "why": sheet.why or None,
                "columns": [
                    _column_json(one, sheet.header)
                    for one in (() if sheet.header is None else sheet.header.columns)
                ],
            }
            for sheet in preview.sheets
        ],
        "refused_columns": [_refused_json(one) for one in preview.refused],
        "rows": preview.rows,
        "good": preview.good,
        "persons": {
            "new": preview.persons_new,
            "changed": preview.persons_changed,
            "same": preview.persons_same,
        },
        "posts": {
            "new": preview.posts_new,
            "changed": preview.posts_changed,
            "same": preview.posts_same,
            "ended": preview.ended,
        },
        "new_units": list(preview.units_new),
        "problems": [_problem_json(one, lang) for one in preview.problems],
        "questions": [_question_json(one) for one in preview.questions],
        "unused_answers": list(preview.unused),
    }


def _column_json(column: Column, header: Header | None) -> Mapping[str, Any]:
    post = "" if header is None or column.block is None else header.posts[column.block]
    return {
        "column": cell_of(column.place, 0)[:-1],
        "title": column.title,
        "meaning": column.key,
        "sure": column.is_sure,
        "post": post or None,
    }


def _refused_json(one: RefusedColumn) -> Mapping[str, Any]:
    return {
        "sheet": one.sheet,
        "column": one.title,
        "cells": one.count,
        "rows": list(one.rows),
    }


def _problem_json(one: RosterProblem, lang: str) -> Mapping[str, Any]:
    return {
        "sheet": one.sheet,
        "row": one.row,
        "column": one.column,
        "cell": cell_of(one.place, one.row),
        "value": one.value,
        "severity": one.severity,
        "code": one.code,
        "text": problem_text(one, lang),
        "question": one.question or None,
    }


def _question_json(one: Question) -> Mapping[str, Any]:
    return {
        "id": one.ask.id,
        "kind": one.ask.kind,
        "value": one.ask.value,
        "where": one.ask.where,
        "options": [{"key": option.key, "text": option.text} for option in one.ask.options],
        "rows": list(one.rows),
    }
