"""The edit lines about the project itself: plans, releases, checks, accepted issues, bookmarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from gridadmin.base.errors import EditError
from gridadmin.domain.bookmark import is_box
from gridadmin.domain.model import PlanState
from gridadmin.edit.accept_commands import Accept, Unaccept
from gridadmin.edit.bookmark_commands import DropBookmark, KeepBookmark, RenameBookmark
from gridadmin.edit.chart_commands import KeepApproval
from gridadmin.edit.check_commands import (
    ChangeChecks,
    ChangeLimits,
    DefineCheckSet,
    PublishLand,
    UseCheckSet,
)
from gridadmin.edit.command import Command
from gridadmin.edit.line_values import (
    Line,
    said,
    said_choice,
    said_number,
    said_text,
    said_text_or_none,
    said_texts,
    said_whole,
)
from gridadmin.edit.plan_commands import (
    AbandonPlan,
    Allowed,
    ApprovePlan,
    CheckPlan,
    OpenPlan,
    PutInForce,
    ReturnToDraft,
    SetPlan,
)
from gridadmin.edit.release_commands import MakeRelease
from gridadmin.edit.rollback_command import RollBack

if TYPE_CHECKING:
    from gridadmin.edit.script import ScriptReader


def _plan(_: ScriptReader, line: Line) -> Command:
    if "open" in line:
        base = None if line.get("base") is None else said_whole(line, "base")
        return OpenPlan(said_text(line, "open"), base, said_text_or_none(line, "document"))
    if "state" not in line:
        return _plan_fields(line)
    state = said_choice(line, "state", "", tuple(PlanState))
    return _PLAN_STATES[PlanState(state)](line)


_PLAN_STATES: Mapping[PlanState, Callable[[Line], Command]] = {
    PlanState.DRAFT: lambda line: ReturnToDraft(said_text(line, "reason")),
    PlanState.CHECKED: lambda line: CheckPlan(_allowed(line)),
    PlanState.APPROVED: lambda line: ApprovePlan(said_text_or_none(line, "document")),
    PlanState.IN_FORCE: lambda line: PutInForce(said_text_or_none(line, "since")),
    PlanState.ABANDONED: lambda line: AbandonPlan(said_text(line, "reason")),
}


def _plan_fields(line: Line) -> Command:
    if not {"name", "document"} & line.keys():
        raise EditError("edit.missing_value", field="state")
    document = said_text_or_none(line, "document")
    if "document" in line and document is None:
        document = ""
    return SetPlan(said_text_or_none(line, "name"), document)


def _allowed(line: Line) -> list[Allowed]:
    values = line.get("allow", [])
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise EditError("edit.bad_value", field="allow", value=values)
    return [
        Allowed(
            said_text(value, "issue" if "issue" in value else "kind"),
            said_text(value, "reason"),
            said_text(value, "by"),
        )
        for value in values
    ]


def _release(_: ScriptReader, line: Line) -> Command:
    return MakeRelease(said_text_or_none(line, "note"), _allowed(line))


def _roll_back(_: ScriptReader, line: Line) -> Command:
    return RollBack(said_whole(line, "release"))


def _accept(reader: ScriptReader, line: Line) -> Command:
    return Accept(
        reader.issue(line),
        said_text(line, "reason"),
        said_text(line, "name"),
        said_text_or_none(line, "until"),
    )


def _unaccept(_: ScriptReader, line: Line) -> Command:
    return Unaccept(said_text(line, "issue"))


def _check(_: ScriptReader, line: Line) -> Command:
    changes = {name: line[name] for name in ("on", "severity", "params") if name in line}
    return ChangeChecks({said_text(line, "kind"): changes or None})


def _check_set(_: ScriptReader, line: Line) -> Command:
    if "use" in line:
        return UseCheckSet(said_text(line, "use"))
    kinds = said(line, "checks")
    return DefineCheckSet(
        said_text(line, "name"), None if kinds is None else said_texts(line, "checks")
    )


def _map_approval(_: ScriptReader, line: Line) -> Command:
    return KeepApproval(said_text(line, "number") if line.get("number") is not None else None)


def _limits(_: ScriptReader, line: Line) -> Command:
    return ChangeLimits(said_number(line, "min_area_m2"))


def _published_land(_: ScriptReader, line: Line) -> Command:
    land_m2 = None if said(line, "m2") is None else said_number(line, "m2")
    return PublishLand(said_text(line, "area"), land_m2)


def _bookmark(reader: ScriptReader, line: Line) -> Command:
    name = said_text(line, "name")
    if line.get("rename") is not None:
        return RenameBookmark(name, said_text(line, "rename"))
    if said(line, "box") is None:
        return DropBookmark(name)
    box = line["box"]
    if not is_box(box):
        raise EditError("edit.bad_value", field="box", value=box)
    (x0, y0), (x1, y1) = (reader.to_plane((float(x), float(y))) for x, y in (box[:2], box[2:]))
    return KeepBookmark(name, (x0, y0, x1, y1))


PROJECT_READERS: Mapping[str, Callable[[ScriptReader, Line], Command]] = {
    "plan": _plan,
    "release": _release,
    "roll_back": _roll_back,
    "accept": _accept,
    "unaccept": _unaccept,
    "check": _check,
    "check_set": _check_set,
    "map_approval": _map_approval,
    "limits": _limits,
    "published_land": _published_land,
    "bookmark": _bookmark,
}
"""What turns a line of one word into a command; see :class:`gridadmin.edit.script.ScriptReader`."""
