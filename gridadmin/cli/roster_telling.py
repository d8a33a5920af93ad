"""What a roster did, said in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gridadmin.base.texts import sentence
from gridadmin.cli.console import voice
from gridadmin.cli.telling import MOST_LINES, tell_rest

_NUMBERS = "序号"
"""Every sheet numbers its rows; nobody misses that."""


def tell_roster(result: Mapping[str, Any], *, preview_only: bool) -> None:
    """Say what was read, what is wrong row by row, what has to be answered, what was written."""
    for sheet in result["sheets"]:
        if sheet["why"]:
            voice.say(sheet["why"], sheet=sheet["name"])
        elif sheet["skipped"]:
            voice.say("roster.skipped_rows", sheet=sheet["name"], count=sheet["skipped"])
        unread = _without_meaning(sheet, result["refused_columns"])
        if unread:
            voice.say("cli.roster_unread_columns", sheet=sheet["name"], columns="、".join(unread))
    for column in result["refused_columns"]:
        code = "roster.column_refused" if column["cells"] else "roster.column_refused_by_name"
        voice.say(code, sheet=column["sheet"], column=column["column"], count=column["cells"])
    for problem in result["problems"][:MOST_LINES]:
        voice.say(
            "cli.roster_problem",
            place=f"{problem['sheet']}!{problem['cell']}",
            column=problem["column"],
            value=problem["value"],
            text=problem["text"],
        )
    tell_rest(len(result["problems"]))
    for question in result["questions"][:MOST_LINES]:
        voice.say(
            "cli.roster_question",
            id=question["id"],
            count=len(question["rows"]),
            value=question["value"],
            where=f"（{question['where']}）" if question["where"] else "",
            options="；".join(f"{one['key']}={one['text']}" for one in question["options"]),
        )
    tell_rest(len(result["questions"]))
    for answer in result["unused_answers"]:
        voice.say("cli.roster_unused_answer", answer=answer)
    if result["new_units"]:
        names = "、".join(result["new_units"][:MOST_LINES])
        voice.say("cli.roster_units", count=len(result["new_units"]), names=names)
    voice.say("cli.roster_persons", **result["persons"])
    voice.say("cli.roster_posts", **result["posts"])
    code = "cli.roster_preview" if preview_only else _ending(result)
    voice.say(code, file=result["file"], rows=result["rows"], good=result["good"])


def _without_meaning(sheet: Mapping[str, Any], refused: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the headings of a sheet that say nothing to the program; refused ones are told so."""
    known = {one["column"] for one in refused if one["sheet"] == sheet["name"]}
    return [
        one["title"]
        for one in sheet["columns"]
        if one["title"] and one["meaning"] is None and one["title"] not in known | {_NUMBERS}
    ]


def _ending(result: Mapping[str, Any]) -> str:
    if result["written"]:
        return "cli.roster_taken"
    return "cli.roster_same" if result["good"] else "cli.roster_nothing"


def tell_exports(result: Mapping[str, Any]) -> None:
    """Say what was exported, the newest first."""
    notes = result["exports"]
    if not notes:
        voice.say("cli.no_exports")
    for note in notes[:MOST_LINES]:
        voice.say(
            "cli.export_note",
            time=f"{datetime.fromisoformat(note['time']).astimezone():%Y-%m-%d %H:%M}",
            author=note["author"],
            what=sentence(f"export_note.{note['what']}", voice.lang),
            profile=sentence(f"export_note.{note['profile']}", voice.lang),
            file=note["file"],
            count=note["count"],
        )
    tell_rest(len(notes))
