"""Locks in the inspector: put on and taken off with a reason, told with who and since when."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.edit.plan_commands import ApprovePlan, CheckPlan, OpenPlan
from tests.helpers.plans import allowing_all
from tests.ui.panels.conftest import area, click, idle, press, said, shown, type_into
from ui.context import Context
from ui.panels.inspector import Inspector


def field(inspector: Inspector) -> QLineEdit:
    found = inspector.page.findChild(QLineEdit, "lock-reason")
    assert found is not None
    return found


def button(inspector: Inspector) -> QPushButton:
    found = inspector.page.findChild(QPushButton, "lock-act")
    assert found is not None
    return found


def words(inspector: Inspector) -> str:
    inspector.refresh()
    QApplication.processEvents()
    return said(inspector.page)


def test_an_outline_is_locked_and_unlocked_with_reasons(qtbot: QtBot, demo: Context) -> None:
    inspector = shown(qtbot, Inspector(demo), (320, 900))
    grid = area(demo, "庚午社区", "第五网格")
    demo.selection.select_areas([grid.uid])
    idle(qtbot, demo)
    assert "没有锁定，可以移动。" in words(inspector)
    assert not button(inspector).isEnabled()
    assert button(inspector).toolTip() == "请先写明理由。"

    type_into(field(inspector), "published")
    press(field(inspector), Qt.Key.Key_Return)

    [lock] = demo.bridge.snapshot.rows("border_lock").values()
    assert (lock.scope, lock.target, lock.reason) == ("area", grid.uid, "published")
    told = words(inspector)
    assert f"第五网格的外边界已锁定：published · {lock.author} · {lock.since}" in told
    type_into(field(inspector), "agreed")
    click(button(inspector))
    assert dict(demo.bridge.snapshot.rows("border_lock")) == {}
    entry = demo.bridge.document.history(1)[0]
    assert (entry.kind, entry.note) == ("unlock", "agreed")


def test_a_single_border_is_locked_by_hand(qtbot: QtBot, demo: Context) -> None:
    inspector = shown(qtbot, Inspector(demo), (320, 900))
    grid = area(demo, "庚午社区", "第五网格")
    border = next(
        b
        for b in demo.bridge.snapshot.partition.outline(oid_of(grid.uid))
        if OUTSIDE not in (b.left, b.right)
    )
    demo.selection.select_border(border.id)
    words(inspector)

    type_into(field(inspector), "disputed")
    click(button(inspector))

    [lock] = demo.bridge.snapshot.rows("border_lock").values()
    assert (lock.scope, lock.target) == ("border", str(border.id))
    assert f"已锁定：disputed · {lock.author} · {lock.since}" in words(inspector)


def test_the_frame_is_locked_by_itself(qtbot: QtBot, demo: Context) -> None:
    inspector = shown(qtbot, Inspector(demo), (320, 900))
    border = next(iter(demo.bridge.snapshot.partition.beside(OUTSIDE)))
    demo.selection.select_border(border.id)

    assert "外框，已锁定：移动它要先更换外框。" in words(inspector)
    assert inspector.page.findChild(QLineEdit, "lock-reason") is None


def test_an_approved_plan_is_named_as_what_locks(qtbot: QtBot, demo: Context) -> None:
    allowed = allowing_all(demo.bridge.snapshot)
    for command in (OpenPlan("甲"), CheckPlan(allowed), ApprovePlan("虚构〔2026〕5号")):
        assert demo.bridge.execute(command) is not None
    inspector = shown(qtbot, Inspector(demo), (320, 900))
    demo.selection.select_areas([area(demo, "庚午社区", "第五网格").uid])
    idle(qtbot, demo)

    assert "方案“甲”已批准：虚构〔2026〕5号 · " in words(inspector)
