"""The edit lines about people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.edit.assign_commands import (
    Anchor,
    Assign,
    Handover,
    Pair,
    SetSeats,
    SwitchMode,
    Unassign,
)
from gridadmin.edit.assignment_commands import PeopleTogether, SetAssignment
from gridadmin.edit.command import Command
from gridadmin.edit.group_commands import GROUPS, PutGroup
from gridadmin.edit.line_values import Line, said_text, said_text_or_none
from gridadmin.edit.people_records import RECORDS, TABLE_OF, EndRecord, PutRecord
from gridadmin.edit.roster_commands import RosterPerson, RosterPost, TakeRoster


def _record(line: Line) -> Command:
    table = str(line["do"])
    values = {name: value for name, value in line.items() if name not in ("do", "uid")}
    uid = said_text_or_none(line, "uid")
    if table in GROUPS and "members" in values:
        del values["members"]
        return PutGroup(table, values, _objects(line, "members"), uid)
    return PutRecord(table, values, uid)


def _end(line: Line) -> Command:
    table = said_text(line, "table")
    if table not in (*RECORDS, "assignment", "pairing"):
        raise EditError("edit.bad_value", field="table", value=table)
    return EndRecord(TABLE_OF.get(table, table), said_text(line, "uid"), line.get("date"))


def _assign(line: Line) -> Command:
    known = ("do", "person", "area", "anchor", "post", "replace")
    values = {name: value for name, value in line.items() if name not in known}
    is_replacing = line.get("replace", False)
    if not isinstance(is_replacing, bool):
        raise EditError("edit.bad_value", field="replace", value=is_replacing)
    return Assign(
        said_text(line, "person"), _anchor(line), said_text(line, "post"), values, is_replacing
    )


def _unassign(line: Line) -> Command:
    return Unassign(said_text(line, "uid"), line.get("date"))


def _assignment(line: Line) -> Command:
    values = {name: value for name, value in line.items() if name not in ("do", "uid")}
    return SetAssignment(said_text(line, "uid"), values)


def _together(line: Line) -> Command:
    steps, kind = line.get("lines"), line.get("kind", "people")
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise EditError("edit.bad_value", field="lines", value=steps)
    found = []
    for step in steps:
        word = step.get("do")
        if word not in PEOPLE_READERS or word == "together":
            known = ", ".join(word for word in PEOPLE_READERS if word != "together")
            raise EditError("edit.unknown_command", command=word, commands=known)
        found.append(PEOPLE_READERS[word](step))
    return PeopleTogether(tuple(found), str(kind))


def _handover(line: Line) -> Command:
    return Handover(said_text(line, "from"), said_text(line, "to"), line.get("date"))


def _pair(line: Line) -> Command:
    known = ("do", "organization", "area", "anchor", "kind")
    values = {name: value for name, value in line.items() if name not in known}
    return Pair(said_text(line, "organization"), _anchor(line), said_text(line, "kind"), values)


def _seats(line: Line) -> Command:
    return SetSeats(_anchor(line), said_text(line, "post"), line.get("seats"))


def _mode(line: Line) -> Command:
    return SwitchMode(said_text(line, "mode"), line.get("date"), line.get("note"))


def _roster(line: Line) -> Command:
    persons = [
        RosterPerson(said_text(one, "ref"), _rest(one, "ref", "uid"), said_text_or_none(one, "uid"))
        for one in _objects(line, "persons")
    ]
    posts = [
        RosterPost(
            said_text(one, "person"),
            _anchor(one),
            said_text(one, "post"),
            _rest(one, "person", "area", "anchor", "post", "uid"),
            said_text_or_none(one, "uid"),
        )
        for one in _objects(line, "posts")
    ]
    return TakeRoster(persons, posts, _texts(line, "units"), _texts(line, "ends"))


def _objects(line: Line, name: str) -> list[Line]:
    found = line.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise EditError("edit.bad_value", field=name, value=found)
    return found


def _texts(line: Line, name: str) -> list[str]:
    found = line.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise EditError("edit.bad_value", field=name, value=found)
    return found


def _rest(line: Line, *known: str) -> Mapping[str, Any]:
    return {name: value for name, value in line.items() if name not in known}


def _anchor(line: Line) -> Anchor:
    if "area" in line:
        return Anchor(area=said_text(line, "area"))
    anchor = line.get("anchor")
    if not isinstance(anchor, dict):
        raise EditError("edit.missing_value", field="area")
    return Anchor(table=said_text(anchor, "table"), uid=said_text(anchor, "uid"))


PEOPLE_READERS: Mapping[str, Callable[[Line], Command]] = {
    **dict.fromkeys(RECORDS, _record),
    "end": _end,
    "assign": _assign,
    "unassign": _unassign,
    "assignment": _assignment,
    "together": _together,
    "handover": _handover,
    "pair": _pair,
    "seats": _seats,
    "mode": _mode,
    "roster": _roster,
}
"""What reads each word of the lines about people."""
