"""Hang areas below another one, from the tree or from a list of those that come into question."""

from __future__ import annotations

from collections.abc import Sequence

from gridadmin.base.errors import EditError, GridAdminError
from gridadmin.edit.reparent_commands import ReparentAll
from ui.bridge import Bridge
from ui.context import Context
from ui.panels import words
from ui.texts import explain, tr


def why_not_hang(bridge: Bridge, uids: Sequence[str], to: str) -> str:
    """Return why areas can't hang below another one, in words; empty when they can."""
    why = bridge.why_not_change()
    if why:
        return why
    if to in uids:
        return tr("不能放进自己里面。")
    try:
        bridge.preview(ReparentAll(tuple(uids), to))
    except EditError as refusal:
        if refusal.code == "edit.nothing_changes":
            return tr("已经在它下面。")
        return explain(refusal)
    except GridAdminError as refusal:
        return explain(refusal)
    return ""


def hang(context: Context, uids: Sequence[str], to: str) -> bool:
    """Hang areas below another one and say so; return whether it was done."""
    bridge = context.bridge
    if bridge.execute(ReparentAll(tuple(uids), to)) is None:
        return False
    name = words.name_of_uid(bridge.snapshot, to)
    told = tr("已把 {n} 个区域移到{name}下面。", n=len(uids), name=name)
    context.messages.done(told, action=(tr("撤销"), bridge.undo))
    context.selection.select_areas(uids)
    return True
