"""Commands as lines of JSON: the language of ``gridadmin edit``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gridadmin.base.errors import EditError
from gridadmin.domain.issue import Issue
from gridadmin.edit.align_commands import REACH_M as ALIGN_REACH_M
from gridadmin.edit.align_commands import Align
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.bounds_commands import ALL, WHICH, WriteBounds
from gridadmin.edit.campus_commands import JoinCampus, LeaveCampus
from gridadmin.edit.code_list_commands import TakeCodeList, UnitChange
from gridadmin.edit.command import Command, Metres
from gridadmin.edit.dissolve_commands import Dissolve
from gridadmin.edit.dividing import CHILDREN, REFUSE
from gridadmin.edit.draw_commands import FREE, Draw
from gridadmin.edit.exempt_commands import FIELDS as EXEMPT_FIELDS
from gridadmin.edit.exempt_commands import EndExempt, SetExempt
from gridadmin.edit.field_commands import SetEach, SetFields
from gridadmin.edit.land_commands import FrameFromUnion, Give, InsertLine, MakeExempt
from gridadmin.edit.line_values import (
    Line,
    is_number,
    said,
    said_choice,
    said_text,
    said_text_or_none,
    said_texts,
    said_whole,
)
from gridadmin.edit.lock_commands import Lock, LockTarget, Unlock
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.outline_commands import DrawOutline, GiveOutline, OutlineOf
from gridadmin.edit.paint_commands import ANY, Paint
from gridadmin.edit.papers import Papers, SetPapers
from gridadmin.edit.people_script import PEOPLE_READERS
from gridadmin.edit.project_script import PROJECT_READERS
from gridadmin.edit.redraw_commands import REACH_M, Redraw
from gridadmin.edit.renumber_commands import Renumber
from gridadmin.edit.reparent_commands import Reparent, ReparentAll
from gridadmin.edit.restack_command import Restack
from gridadmin.edit.simplify_commands import Simplify
from gridadmin.edit.split_commands import Split, SplitByLines, SplitEqually
from gridadmin.edit.stack_commands import SetShares, Share, Stack, StackPart, Unstack
from gridadmin.edit.stretch_commands import MoveStretch, Offset, Straighten
from gridadmin.edit.stretches import Between, Where, Whole
from gridadmin.edit.vertex_commands import AddVertex, DeleteVertex, Move

PlaceOfIssue = Callable[[str], Metres]
FindIssue = Callable[[str], Issue]
ToPlane = Callable[[Metres], Metres]

UNDO, REDO = "undo", "redo"

LineReader = Callable[["ScriptReader", Line], Command]
"""What turns a line of one word into a command."""


@dataclass(frozen=True)
class UndoTo:
    """Take back all gestures after the one that made *revision*, at once."""

    revision: int


class ScriptReader:
    """Turns lines into commands.

    *issue_place* finds the place of a listed issue, *to_plane* moves coordinates into the plane,
    *more* are readers of lines that stand for commands of other packages, *find_issue* finds a
    listed issue.
    """

    def __init__(
        self,
        issue_place: PlaceOfIssue,
        to_plane: ToPlane = lambda point: point,
        more: Mapping[str, LineReader] | None = None,
        find_issue: FindIssue | None = None,
    ) -> None:
        self._issue_place = issue_place
        self._to_plane = to_plane
        self._readers = {**_READERS, **(more or {})}
        self._find_issue = find_issue

    def read(self, text: str) -> Command | UndoTo | str:
        """Return the command of one line, or :class:`UndoTo`, :data:`UNDO`, :data:`REDO`.

        Raises: EditError ``edit.bad_line``, ``edit.unknown_command``, ``edit.bad_value``,
        ``edit.missing_value``, and those of ``issue_place``.
        """
        try:
            line = json.loads(text)
            # Half a character, as "\ud800" gives it, can't be stored; a ValueError says so.
            json.dumps(line, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as fault:
            raise EditError("edit.bad_line", reason=str(fault)) from fault
        if not isinstance(line, dict):
            raise EditError("edit.bad_line", reason="{…}")
        word = line.get("do")
        if word == UNDO and line.get("to") is not None:
            return UndoTo(said_whole(line, "to"))
        if word in (UNDO, REDO):
            return str(word)
        if isinstance(word, str) and word in PEOPLE_READERS:
            if line.get("point") is not None:
                line = {**line, "point": list(self._to_plane(_pair("point", line["point"])))}
            if isinstance(line.get("outline"), list):
                line = {**line, "outline": self.points(line, "outline")}
            return PEOPLE_READERS[word](line)
        reader = self._readers.get(word) if isinstance(word, str) else None
        if reader is None:
            words = ", ".join((*self._readers, *PEOPLE_READERS, UNDO, REDO))
            raise EditError("edit.unknown_command", command=word, commands=words)
        return reader(self, line)

    def to_plane(self, point: Metres) -> Metres:
        """Return a place of the script in metres of the plane."""
        return self._to_plane(point)

    def point(self, line: Line, name: str = "point") -> Metres:
        """Return a place in plane metres, by coordinates or by a listed issue."""
        if name == "point" and "issue" in line:
            return self._issue_place(said_text(line, "issue"))
        return self._to_plane(_pair(name, said(line, name)))

    def text(self, line: Line, name: str) -> str:
        """Return a field that must be text."""
        return said_text(line, name)

    def text_or_none(self, line: Line, name: str) -> str | None:
        """Return a field that is text, null or left out."""
        return said_text_or_none(line, name)

    def choice(self, line: Line, name: str, words: Sequence[str]) -> str:
        """Return a field that must be one of *words*."""
        return said_choice(line, name, "", words)

    def issue(self, line: Line) -> Issue:
        """Return the listed issue that a line names. Raises: EditError."""
        number = said_text(line, "issue")
        if self._find_issue is None:
            raise EditError("edit.unknown_issue", issue=number)
        return self._find_issue(number)

    def points(self, line: Line, name: str) -> list[Metres]:
        """Return several places in plane metres."""
        values = said(line, name)
        if not isinstance(values, list):
            raise EditError("edit.bad_value", field=name, value=values)
        return [self._to_plane(_pair(name, value)) for value in values]


def _areas_or_all(line: Line) -> Sequence[str]:
    """Return the areas that a line names; none where it has no ``areas`` and so means all."""
    if "areas" not in line:
        return ()
    found = said_texts(line, "areas")
    if not found:
        # An empty list is a slip of whoever wrote the line, and must not mean all.
        raise EditError("edit.bad_value", field="areas", value=found)
    return found


def _word_or_texts(line: Line, name: str, usual: str) -> str | list[str]:
    value = line.get(name, usual)
    return value if isinstance(value, str) else said_texts(line, name)


def _length_m(line: Line, name: str, usual: float | None = None) -> float:
    value = said(line, name) if usual is None else line.get(name, usual)
    if not is_number(value) or not 0 < value <= _FARTHEST_M:
        raise EditError("edit.bad_value", field=name, value=value)
    return float(value)


_FARTHEST_M = 10_000.0


def _land_m2(line: Line, name: str, usual: float) -> float:
    value = line.get(name, usual)
    if not is_number(value) or not 0 <= value <= _MOST_M2:
        raise EditError("edit.bad_value", field=name, value=value)
    return float(value)


_MOST_M2 = 1e12


def _pair(name: str, value: Any) -> Metres:
    if isinstance(value, list) and len(value) == 2 and all(is_number(v) for v in value):
        with suppress(OverflowError):
            return float(value[0]), float(value[1])
    raise EditError("edit.bad_value", field=name, value=value)


def _give(reader: ScriptReader, line: Line) -> Command:
    if "to" not in line:
        raise EditError("edit.missing_value", field="to")
    return Give(reader.point(line), said_text_or_none(line, "to"), is_inside="issue" in line)


def _insert_line(reader: ScriptReader, line: Line) -> Command:
    return InsertLine(
        reader.points(line, "line"), said_text(line, "left"), said_text(line, "right")
    )


def _move(reader: ScriptReader, line: Line) -> Command:
    return Move(reader.point(line, "from"), reader.point(line, "to"))


def _add_vertex(reader: ScriptReader, line: Line) -> Command:
    return AddVertex(reader.point(line, "at"), reader.point(line, "to"))


def _delete_vertex(reader: ScriptReader, line: Line) -> Command:
    return DeleteVertex(reader.point(line, "at"))


def _stretch(reader: ScriptReader, line: Line) -> Where:
    if "border" in line:
        return Whole(reader.point(line, "border"))
    return Between(reader.point(line, "from"), reader.point(line, "to"))


def _move_stretch(reader: ScriptReader, line: Line) -> Command:
    moves_nodes = said_choice(line, "nodes", "stay", ("stay", "move")) == "move"
    return MoveStretch(_stretch(reader, line), _pair("by", said(line, "by")), moves_nodes)


def _offset(reader: ScriptReader, line: Line) -> Command:
    where, by = _stretch(reader, line), said(line, "by")
    if not is_number(by) or not -_FARTHEST_M <= by <= _FARTHEST_M:
        raise EditError("edit.bad_value", field="by", value=by)
    # Which way a whole border runs nobody knows, so left and right say nothing of it.
    is_named = isinstance(where, Whole) or "into" in line
    return Offset(where, float(by), said_text(line, "into") if is_named else None)


def _straighten(reader: ScriptReader, line: Line) -> Command:
    within = _length_m(line, "within") if "within" in line else None
    return Straighten(_stretch(reader, line), within)


def _align(reader: ScriptReader, line: Line) -> Command:
    reach = _length_m(line, "reach", ALIGN_REACH_M)
    return Align(_stretch(reader, line), said_text(line, "line"), reach)


def _create(_: ScriptReader, line: Line) -> Command:
    return Create(
        said_text(line, "level"),
        said_text(line, "parent"),
        said_text(line, "name"),
        said_text_or_none(line, "code"),
        line.get("kind", "general"),
    )


def _set(_: ScriptReader, line: Line) -> Command:
    if "each" in line:
        return SetEach([(said_text(one, "area"), _values(one)) for one in _objects(line, "each")])
    as_of = said_text_or_none(line, "as_of")
    if "areas" in line or "values" in line:
        areas = said_texts(line, "areas") if "areas" in line else [said_text(line, "area")]
        return SetFields(areas, _values(line), as_of)
    return SetField(said_text(line, "area"), said_text(line, "field"), said(line, "value"), as_of)


def _values(line: Line) -> Mapping[str, Any]:
    """Return the new values of fields by name: ``values``, or the one ``field``."""
    if "values" not in line:
        return {said_text(line, "field"): said(line, "value")}
    values = line["values"]
    if not isinstance(values, dict) or not values:
        raise EditError("edit.bad_value", field="values", value=values)
    return values


def _objects(line: Line, name: str) -> list[Line]:
    values = said(line, name)
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise EditError("edit.bad_value", field=name, value=values)
    return values


def _papers(line: Line) -> Papers:
    return Papers(said_text_or_none(line, "document"), said_text_or_none(line, "date"))


def _lineage(_: ScriptReader, line: Line) -> Command:
    return SetPapers(said_text(line, "area"), _papers(line))


def _four_bounds(_: ScriptReader, line: Line) -> Command:
    return WriteBounds(
        _areas_or_all(line),
        said_text_or_none(line, "below"),
        said_text_or_none(line, "level"),
        said_choice(line, "which", ALL, WHICH),
    )


def _code_list(_: ScriptReader, line: Line) -> Command:
    return TakeCodeList(
        [
            UnitChange(
                said_text(one, "kind"),
                said_text_or_none(one, "area"),
                said_text_or_none(one, "code"),
                said_text_or_none(one, "name"),
                said_text_or_none(one, "level"),
                said_text_or_none(one, "parent"),
            )
            for one in _objects(line, "changes")
        ]
    )


def _renumber(_: ScriptReader, line: Line) -> Command:
    return Renumber(said_text(line, "parent"), said_text(line, "level"))


def _delete(_: ScriptReader, line: Line) -> Command:
    return Delete(said_text(line, "area"))


def _merge(_: ScriptReader, line: Line) -> Command:
    into, name = said_text_or_none(line, "into"), said_text_or_none(line, "name")
    return Merge(said_texts(line, "areas"), into, name, _papers(line))


def _split(reader: ScriptReader, line: Line) -> Command:
    children = said_choice(line, "children", REFUSE, CHILDREN)
    areas = said_texts(line, "areas") if "areas" in line else [said_text(line, "area")]
    names = said_texts(line, "names") if "names" in line else ()
    if "parts" in line:
        return SplitEqually(
            areas,
            said_whole(line, "parts"),
            line.get("by", "households"),
            line.get("direction", "auto"),
            children,
            line.get("keep", "first"),
            names,
            _papers(line),
        )
    if "by" in line:
        return SplitByLines(
            areas,
            said_text(line, "by"),
            _land_m2(line, "least_m2", 1000.0),
            said_choice(line, "empty", "join", ("join", "keep")) == "keep",
            children,
            line.get("keep", "larger"),
            names,
            _papers(line),
        )
    keep, name = line.get("keep", "larger"), said_text_or_none(line, "name")
    return Split(areas, reader.points(line, "line"), keep, children, name, _papers(line))


def _redraw(reader: ScriptReader, line: Line) -> Command:
    return Redraw(reader.points(line, "line"), _length_m(line, "reach", REACH_M))


def _dissolve(_: ScriptReader, line: Line) -> Command:
    return Dissolve(said_text(line, "area"))


def _draw(reader: ScriptReader, line: Line) -> Command:
    if "outline" in line:
        return _draw_outline(reader, line)
    return Draw(
        reader.points(line, "polygon"),
        said_text(line, "level"),
        said_text(line, "parent"),
        said_text_or_none(line, "code"),
        said_text_or_none(line, "name"),
        _word_or_texts(line, "take", FREE),
        line.get("kind", "general"),
        said_text_or_none(line, "exclusive_type"),
    )


def _draw_outline(reader: ScriptReader, line: Line) -> Command:
    named = line["outline"]
    if not isinstance(named, dict):
        raise EditError("edit.bad_value", field="outline", value=named)
    outline = OutlineOf(
        said_text(named, "table"),
        said_text_or_none(named, "uid"),
        reader.point(named) if "point" in named else None,
    )
    take = _word_or_texts(line, "take", FREE)
    if "to" in line:
        return GiveOutline(outline, said_text(line, "to"), take)
    return DrawOutline(
        outline,
        said_text(line, "level"),
        said_text(line, "parent"),
        said_text_or_none(line, "code"),
        said_text_or_none(line, "name"),
        take,
        line.get("kind", "general"),
        said_text_or_none(line, "exclusive_type"),
    )


def _paint(reader: ScriptReader, line: Line) -> Command:
    return Paint(
        said_text(line, "to"),
        said_texts(line, "areas") if "areas" in line else (),
        reader.points(line, "points") if "points" in line else (),
        _word_or_texts(line, "from", ANY),
        said_texts(line, "buildings") if "buildings" in line else (),
        reader.points(line, "blocks") if "blocks" in line else (),
    )


def _reparent(_: ScriptReader, line: Line) -> Command:
    if "areas" in line:
        return ReparentAll(said_texts(line, "areas"), said_text(line, "to"))
    return Reparent(said_text(line, "area"), said_text(line, "to"))


def _lock(reader: ScriptReader, line: Line) -> Command:
    return Lock(_lock_target(reader, line), said_text(line, "reason"))


def _unlock(reader: ScriptReader, line: Line) -> Command:
    return Unlock(_lock_target(reader, line), said_text(line, "reason"))


def _campus(_: ScriptReader, line: Line) -> Command:
    if "with" not in line:
        raise EditError("edit.missing_value", field="with")
    twin = said_text_or_none(line, "with")
    area = said_text(line, "area")
    return LeaveCampus(area) if twin is None else JoinCampus(area, twin)


def _lock_target(reader: ScriptReader, line: Line) -> LockTarget:
    if "border" in line:
        return LockTarget(border=reader.point(line, "border"))
    return LockTarget(area=said_text(line, "area"))


def _simplify(_: ScriptReader, line: Line) -> Command:
    return Simplify(_length_m(line, "within"), _areas_or_all(line))


def _exempt(reader: ScriptReader, line: Line) -> Command:
    return MakeExempt(
        reader.point(line),
        said_text(line, "reason"),
        said_text(line, "approver"),
        said_text_or_none(line, "until"),
        said_text_or_none(line, "name"),
        is_inside="issue" in line,
    )


def _exempt_land(reader: ScriptReader, line: Line) -> str | Metres:
    return said_text(line, "exempt") if "exempt" in line else reader.point(line)


def _set_exempt(reader: ScriptReader, line: Line) -> Command:
    values = {name: said_text_or_none(line, name) for name in EXEMPT_FIELDS if name in line}
    return SetExempt(_exempt_land(reader, line), values)


def _end_exempt(reader: ScriptReader, line: Line) -> Command:
    if "to" not in line:
        raise EditError("edit.missing_value", field="to")
    return EndExempt(_exempt_land(reader, line), said_text_or_none(line, "to"))


def _stack(_: ScriptReader, line: Line) -> Command:
    parts = said(line, "parts")
    if isinstance(parts, int) and not isinstance(parts, bool):
        return Stack(said_text(line, "area"), parts)
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise EditError("edit.bad_value", field="parts", value=parts)
    held = [StackPart(_shares(part), said_text_or_none(part, "name")) for part in parts]
    return Stack(said_text(line, "area"), held)


def _shares(line: Line) -> list[Share]:
    values = said(line, "holds")
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise EditError("edit.bad_value", field="holds", value=values)
    return [_share(value) for value in values]


def _share(line: Line) -> Share:
    floors = line.get("floors", [None, None])
    is_pair = isinstance(floors, list) and len(floors) == 2
    if not is_pair or not all(f is None or type(f) is int for f in floors):
        raise EditError("edit.bad_value", field="floors", value=floors)
    return Share(said_text(line, "building"), said_text_or_none(line, "entrance"), *floors)


def _unstack(_: ScriptReader, line: Line) -> Command:
    return Unstack(said_text(line, "cell"), said_text_or_none(line, "to"))


def _set_shares(_: ScriptReader, line: Line) -> Command:
    if "cell" in line:
        parts = said(line, "parts")
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise EditError("edit.bad_value", field="parts", value=parts)
        held = {said_text(part, "area"): _shares(part) for part in parts}
        return Restack(said_text(line, "cell"), held)
    return SetShares(said_text(line, "area"), _shares(line))


def _frame(_: ScriptReader, line: Line) -> Command:
    if line.get("from") != "union":
        raise EditError("edit.bad_value", field="from", value=line.get("from"))
    return FrameFromUnion()


def wants_preview(text: str) -> bool:
    """Return whether a line asks what it would do, and for nothing to be done."""
    with suppress(ValueError, RecursionError):
        line = json.loads(text)
        return isinstance(line, dict) and line.get("preview") is True
    return False


_READERS: Mapping[str, LineReader] = {
    **PROJECT_READERS,
    "give": _give,
    "insert_line": _insert_line,
    "move": _move,
    "add_vertex": _add_vertex,
    "delete_vertex": _delete_vertex,
    "move_stretch": _move_stretch,
    "offset": _offset,
    "straighten": _straighten,
    "align": _align,
    "create": _create,
    "set": _set,
    "delete": _delete,
    "merge": _merge,
    "dissolve": _dissolve,
    "split": _split,
    "redraw": _redraw,
    "draw": _draw,
    "paint": _paint,
    "reparent": _reparent,
    "renumber": _renumber,
    "code_list": _code_list,
    "four_bounds": _four_bounds,
    "lineage": _lineage,
    "simplify": _simplify,
    "lock": _lock,
    "unlock": _unlock,
    "campus": _campus,
    "exempt": _exempt,
    "set_exempt": _set_exempt,
    "end_exempt": _end_exempt,
    "stack": _stack,
    "unstack": _unstack,
    "set_shares": _set_shares,
    "frame": _frame,
}
