"""Two exclusive areas are linked in the window, lead to each other, and are unlinked again."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import SetField
from gridadmin.partition.campus import twins_of
from tests.ui.panels.conftest import area, click, idle, said, shown
from ui.actions import Actions
from ui.campus_work import CampusWork
from ui.context import Context
from ui.panels.inspector import Inspector


def exclusive(context: Context, community: str, grid: str) -> Area:
    found = area(context, community, grid)
    context.bridge.document.execute(SetField(found.uid, "kind", "exclusive"))
    return found


def test_linked_areas_lead_to_each_other_until_they_are_unlinked(
    qtbot: QtBot, demo: Context
) -> None:
    inspector = shown(qtbot, Inspector(demo), (320, 900))
    actions = Actions(inspector)
    CampusWork(demo, actions, inspector)
    join = actions.action("edit.campus")
    ours, theirs = exclusive(demo, "庚午社区", "第五网格"), exclusive(demo, "丁卯社区", "第一网格")
    idle(qtbot, demo)

    demo.selection.select_areas([ours.uid])
    actions.refresh()
    assert not join.isEnabled()
    assert "请先选中两个社区里的两个专属网格" in join.toolTip()
    demo.selection.select_areas([ours.uid, theirs.uid])
    actions.refresh()
    join.trigger()

    assert [one.uid for one in twins_of(demo.bridge.snapshot, ours.uid)] == [theirs.uid]
    demo.selection.select_areas([theirs.uid])
    inspector.refresh()
    QApplication.processEvents()
    told = said(inspector.page)
    assert "跨社区单位" in told
    assert "庚午社区" in told
    (link,) = (b for b in inspector.page.findChildren(QPushButton) if b.text() == "第五网格")
    click(link)
    assert demo.selection.areas == (ours.uid,)
    inspector.refresh()
    QApplication.processEvents()
    leave = inspector.page.findChild(QPushButton, "leave-campus")
    assert leave is not None
    click(leave)
    assert twins_of(demo.bridge.snapshot, ours.uid) == []
    demo.bridge.undo()
    assert [one.uid for one in twins_of(demo.bridge.snapshot, ours.uid)] == [theirs.uid]
