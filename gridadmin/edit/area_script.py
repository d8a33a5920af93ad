"""The edit lines that make, change and end areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from gridadmin.base.errors import EditError
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.bounds_commands import ALL, WHICH, WriteBounds
from gridadmin.edit.campus_commands import JoinCampus, LeaveCampus
from gridadmin.edit.code_list_commands import TakeCodeList, UnitChange
from gridadmin.edit.command import Command
from gridadmin.edit.dissolve_commands import Dissolve
from gridadmin.edit.dividing import CHILDREN, REFUSE
from gridadmin.edit.draw_commands import FREE, Draw
from gridadmin.edit.field_commands import SetEach, SetFields
from gridadmin.edit.line_values import (
    Line,
    is_number,
    said,
    said_areas_or_all,
    said_choice,
    said_objects,
    said_text,
    said_text_or_none,
    said_texts,
    said_whole,
    said_word_or_texts,
)
from gridadmin.edit.lock_commands import Lock, LockTarget, Unlock
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.outline_commands import DrawOutline, GiveOutline, OutlineOf
from gridadmin.edit.papers import Papers, SetPapers
from gridadmin.edit.renumber_commands import Renumber
from gridadmin.edit.reparent_commands import Reparent, ReparentAll
from gridadmin.edit.restack_command import Restack
from gridadmin.edit.split_commands import Split, SplitByLines, SplitEqually
from gridadmin.edit.stack_commands import SetShares, Share, Stack, StackPart, Unstack

if TYPE_CHECKING:
    from gridadmin.edit.script import ScriptReader

_MOST_M2 = 1e12


def _land_m2(line: Line, name: str, usual: float) -> float:
    value = line.get(name, usual)
    if not is_number(value) or not 0 <= value <= _MOST_M2:
        raise EditError("edit.bad_value", field=name, value=value)
    return float(value)


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
        return SetEach(
            [(said_text(one, "area"), _values(one)) for one in said_objects(line, "each")]
        )
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


def _delete(_: ScriptReader, line: Line) -> Command:
    return Delete(said_text(line, "area"))


def _merge(_: ScriptReader, line: Line) -> Command:
    into, name = said_text_or_none(line, "into"), said_text_or_none(line, "name")
    return Merge(said_texts(line, "areas"), into, name, _papers(line))


def _dissolve(_: ScriptReader, line: Line) -> Command:
    return Dissolve(said_text(line, "area"))


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


def _draw(reader: ScriptReader, line: Line) -> Command:
    if "outline" in line:
        return _draw_outline(reader, line)
    return Draw(
        reader.points(line, "polygon"),
        said_text(line, "level"),
        said_text(line, "parent"),
        said_text_or_none(line, "code"),
        said_text_or_none(line, "name"),
        said_word_or_texts(line, "take", FREE),
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
    take = said_word_or_texts(line, "take", FREE)
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


def _reparent(_: ScriptReader, line: Line) -> Command:
    if "areas" in line:
        return ReparentAll(said_texts(line, "areas"), said_text(line, "to"))
    return Reparent(said_text(line, "area"), said_text(line, "to"))


def _renumber(_: ScriptReader, line: Line) -> Command:
    return Renumber(said_text(line, "parent"), said_text(line, "level"))


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
            for one in said_objects(line, "changes")
        ]
    )


def _four_bounds(_: ScriptReader, line: Line) -> Command:
    return WriteBounds(
        said_areas_or_all(line),
        said_text_or_none(line, "below"),
        said_text_or_none(line, "level"),
        said_choice(line, "which", ALL, WHICH),
    )


def _lineage(_: ScriptReader, line: Line) -> Command:
    return SetPapers(said_text(line, "area"), _papers(line))


def _papers(line: Line) -> Papers:
    return Papers(said_text_or_none(line, "document"), said_text_or_none(line, "date"))


def _lock(reader: ScriptReader, line: Line) -> Command:
    return Lock(_lock_target(reader, line), said_text(line, "reason"))


def _unlock(reader: ScriptReader, line: Line) -> Command:
    return Unlock(_lock_target(reader, line), said_text(line, "reason"))


def _lock_target(reader: ScriptReader, line: Line) -> LockTarget:
    if "border" in line:
        return LockTarget(border=reader.point(line, "border"))
    return LockTarget(area=said_text(line, "area"))


def _campus(_: ScriptReader, line: Line) -> Command:
    if "with" not in line:
        raise EditError("edit.missing_value", field="with")
    twin = said_text_or_none(line, "with")
    area = said_text(line, "area")
    return LeaveCampus(area) if twin is None else JoinCampus(area, twin)


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


AREA_READERS: Mapping[str, Callable[[ScriptReader, Line], Command]] = {
    "create": _create,
    "set": _set,
    "delete": _delete,
    "merge": _merge,
    "dissolve": _dissolve,
    "split": _split,
    "draw": _draw,
    "reparent": _reparent,
    "renumber": _renumber,
    "code_list": _code_list,
    "four_bounds": _four_bounds,
    "lineage": _lineage,
    "lock": _lock,
    "unlock": _unlock,
    "campus": _campus,
    "stack": _stack,
    "unstack": _unstack,
    "set_shares": _set_shares,
}
"""What turns a line of one word into a command; see :class:`gridadmin.edit.script.ScriptReader`."""
