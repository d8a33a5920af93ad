"""Why bodies of people can't be made, changed or ended, in words; empty when they can."""

from __future__ import annotations

from typing import Any

from ui.people.body_words import LISTED
from ui.people.desk import PeopleDesk
from ui.texts import tr


def why_not(desk: PeopleDesk) -> str:
    """Return why nothing can be changed."""
    why = desk.bridge.why_not_change()
    if why or desk.staff.book is not None:
        return why
    return tr("先打开“人员”工作区，读取岗位和人员。")


def why_no_new(desk: PeopleDesk, table: str) -> str:
    """Return why no body of a table can be made."""
    why = why_not(desk)
    if why:
        return why
    scheme = desk.bridge.snapshot.scheme
    if table == "grouping" and not (scheme.groupings or scheme.nets):
        return tr("方案没有规定片区或分组。")
    if table == "team" and not scheme.organizations:
        return tr("方案没有规定队伍的类别。")
    return ""


def why_no_edit(desk: PeopleDesk, table: str, row: Any) -> str:
    """Return why a body can't be changed."""
    why = why_not(desk)
    if why:
        return why
    if table == "building" or (table == "line_object" and row.kind not in LISTED):
        return tr("它来自导入的图层，在这里只能指派人员。")
    return ""


def why_no_end(desk: PeopleDesk, table: str, row: Any) -> str:
    """Return why a body can't be ended."""
    why = why_no_edit(desk, table, row)
    if why or table != "compound":
        return why
    buildings = desk.bridge.snapshot.rows("building").values()
    if row.outline is not None or any(one.compound == row.uid for one in buildings):
        return tr("这个小区有范围或楼栋，在这里不能删去。")
    return ""
