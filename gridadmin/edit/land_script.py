"""The edit lines that move borders and give land."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from gridadmin.base.errors import EditError
from gridadmin.edit.align_commands import REACH_M as ALIGN_REACH_M
from gridadmin.edit.align_commands import Align
from gridadmin.edit.command import Command, Metres
from gridadmin.edit.exempt_commands import FIELDS as EXEMPT_FIELDS
from gridadmin.edit.exempt_commands import EndExempt, SetExempt
from gridadmin.edit.land_commands import FrameFromUnion, Give, InsertLine, MakeExempt
from gridadmin.edit.line_values import (
    Line,
    is_number,
    said,
    said_areas_or_all,
    said_choice,
    said_pair,
    said_text,
    said_text_or_none,
    said_texts,
    said_word_or_texts,
)
from gridadmin.edit.paint_commands import ANY, Paint
from gridadmin.edit.redraw_commands import REACH_M, Redraw
from gridadmin.edit.simplify_commands import Simplify
from gridadmin.edit.stretch_commands import MoveStretch, Offset, Straighten
from gridadmin.edit.stretches import Between, Where, Whole
from gridadmin.edit.vertex_commands import AddVertex, DeleteVertex, Move

if TYPE_CHECKING:
    from gridadmin.edit.script import ScriptReader

_FARTHEST_M = 10_000.0


def _length_m(line: Line, name: str, usual: float | None = None) -> float:
    value = said(line, name) if usual is None else line.get(name, usual)
    if not is_number(value) or not 0 < value <= _FARTHEST_M:
        raise EditError("edit.bad_value", field=name, value=value)
    return float(value)


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
    return MoveStretch(_stretch(reader, line), said_pair(line, "by"), moves_nodes)


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


def _redraw(reader: ScriptReader, line: Line) -> Command:
    return Redraw(reader.points(line, "line"), _length_m(line, "reach", REACH_M))


def _paint(reader: ScriptReader, line: Line) -> Command:
    return Paint(
        said_text(line, "to"),
        said_texts(line, "areas") if "areas" in line else (),
        reader.points(line, "points") if "points" in line else (),
        said_word_or_texts(line, "from", ANY),
        said_texts(line, "buildings") if "buildings" in line else (),
        reader.points(line, "blocks") if "blocks" in line else (),
    )


def _simplify(_: ScriptReader, line: Line) -> Command:
    return Simplify(_length_m(line, "within"), said_areas_or_all(line))


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


def _frame(_: ScriptReader, line: Line) -> Command:
    if line.get("from") != "union":
        raise EditError("edit.bad_value", field="from", value=line.get("from"))
    return FrameFromUnion()


LAND_READERS: Mapping[str, Callable[[ScriptReader, Line], Command]] = {
    "give": _give,
    "insert_line": _insert_line,
    "move": _move,
    "add_vertex": _add_vertex,
    "delete_vertex": _delete_vertex,
    "move_stretch": _move_stretch,
    "offset": _offset,
    "straighten": _straighten,
    "align": _align,
    "redraw": _redraw,
    "paint": _paint,
    "simplify": _simplify,
    "exempt": _exempt,
    "set_exempt": _set_exempt,
    "end_exempt": _end_exempt,
    "frame": _frame,
}
"""What turns a line of one word into a command; see :class:`gridadmin.edit.script.ScriptReader`."""
