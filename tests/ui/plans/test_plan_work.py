"""A plan in the real window: begun, compared on the map and in the table, checked, approved."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.plan_commands import ApprovePlan, CheckPlan, OpenPlan
from tests.helpers.plans import allowing_all
from tests.ui.conftest import OpenWindow, rest
from tests.ui.hands import tap
from tests.ui.mapping import area_named, border_with_vertex, click, drag
from ui.main_window import MainWindow
from ui.messages import Message
from ui.plans.forms import AllowForm, DateForm, NameForm, PlanForm, TextForm
from ui.plans.table import Column
from ui.plans.watch import PlanWatch


def form(window: MainWindow, qtbot: QtBot, kind: type[PlanForm]) -> PlanForm:
    qtbot.waitUntil(lambda: window.findChild(kind) is not None, timeout=5_000)
    found = window.findChild(kind)
    assert found is not None
    return found


def press_act(dialog: PlanForm) -> None:
    found = dialog.findChild(QPushButton, "plan-act")
    assert found is not None
    tap(found)
    QApplication.processEvents()


def settled(window: MainWindow, qtbot: QtBot) -> None:
    rest(qtbot, window)
    qtbot.waitUntil(lambda: not PlanWatch.of(window.context).is_comparing, timeout=20_000)


def merge_two(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    pair = [area_named(snapshot, name, "甲子社区").uid for name in ("第一网格", "第二网格")]
    assert window.context.bridge.execute(Merge(pair)) is not None


def row(window: MainWindow, name: str) -> list[str]:
    model = window.plan.model
    for number in range(model.rowCount()):
        cells = [str(model.index(number, column).data()) for column in Column]
        if cells[Column.NAME] == name and cells[Column.LEVEL] == "网格":
            return cells
    raise AssertionError(name)


def test_a_plan_is_begun_by_its_dialog_and_compared_with_its_base(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.actions_table.action("plan.open").trigger()
    dialog = form(window, qtbot, NameForm)
    assert isinstance(dialog, NameForm)
    assert dialog.act_button.toolTip() == "请先填写方案名称。"
    QTest.keyClicks(dialog.name, "Plan A")
    press_act(dialog)
    merge_two(window)
    settled(window, qtbot)

    assert window.status_line.plan.text().startswith("方案“Plan A”（草案） · ")
    assert row(window, "第二网格")[Column.KINDS] == "已撤销"
    cells = row(window, "第一网格")
    assert cells[Column.KINDS] == "边界调整"
    assert " → " in cells[Column.HOUSEHOLDS]
    assert "已撤销 1" in window.plan.counts.text()
    assert not window.actions_table.action("plan.open").isEnabled()


def test_the_map_hatches_what_changed_hands_and_the_switch_takes_it_off(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.context.bridge.execute(OpenPlan("甲"))
    merge_two(window)
    settled(window, qtbot)
    uid = area_named(window.context.bridge.snapshot, "第一网格", "甲子社区").uid
    window.context.select_and_show(uid)
    window.context.selection.clear()
    rest(qtbot, window)
    plain = window.map_panel.view.grab().toImage()

    with qtbot.waitSignal(window.map_panel.drawn, timeout=20_000):
        window.actions_table.action("plan.compare").trigger()
    hatched = window.map_panel.view.grab().toImage()
    with qtbot.waitSignal(window.map_panel.drawn, timeout=20_000):
        window.actions_table.action("plan.compare").trigger()

    assert hatched != plain
    assert orange(hatched) > orange(plain) + 2000
    assert window.map_panel.view.grab().toImage() == plain


def orange(image: object) -> int:
    from PySide6.QtGui import QImage

    assert isinstance(image, QImage)
    count = 0
    for y in range(0, image.height(), 2):
        for x in range(0, image.width(), 2):
            of = image.pixelColor(x, y)
            count += of.red() > 170 and 40 < of.green() < 130 and of.blue() < 90
    return count


def test_approval_locks_what_a_drag_would_move_and_says_so_at_the_place(
    window: MainWindow, qtbot: QtBot
) -> None:
    bridge = window.context.bridge
    for command in (OpenPlan("甲"), CheckPlan(allowing_all(bridge.snapshot))):
        assert bridge.execute(command) is not None
    window.actions_table.action("plan.approve").trigger()
    dialog = form(window, qtbot, TextForm)
    assert isinstance(dialog, TextForm)
    assert not dialog.act_button.isEnabled()
    QTest.keyClicks(dialog.text, "No. 5")
    press_act(dialog)
    before = bridge.snapshot
    settled(window, qtbot)
    border, place = border_with_vertex(before, "micro_grid")
    x, y = place
    window.map_panel.show_box((x - 60, y - 60, x + 60, y + 60))
    rest(qtbot, window)
    window.map_panel.choose_tool("tool.adjust")
    click(window, place)

    said: list[Message] = []
    window.context.messages.told.connect(said.append)
    drag(window, place, (x + 6, y + 6))

    assert bridge.snapshot is before
    assert said[-1].text.startswith("方案“甲”已经批准（No. 5 · ")
    assert said[-1].place is not None
    assert window.status_line.plan.text().startswith("方案“甲”（已批准）")
    assert border.id in {b.id for b in before.partition}


def test_the_table_goes_to_excel(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.context.bridge.execute(OpenPlan("甲"))
    merge_two(window)
    settled(window, qtbot)
    out = tmp_path / "前后 对照"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(out), ""))

    window.actions_table.action("plan.table").trigger()
    settled(window, qtbot)

    book = load_workbook(tmp_path / "前后 对照.xlsx")
    names = [cell.value for cell in book["区域变化"]["C"]]
    assert "第二网格" in names


def test_plan_and_comparison_are_there_after_a_restart(
    open_window: OpenWindow, demo_folder: Path, qtbot: QtBot
) -> None:
    first = open_window(demo_folder / "demo.gpkg")
    first.context.bridge.execute(OpenPlan("甲"))
    merge_two(first)
    settled(first, qtbot)
    told = [str(first.plan.model.index(n, Column.NAME).data()) for n in range(3)]
    first.close_project()

    second = open_window(demo_folder / "demo.gpkg")
    settled(second, qtbot)

    assert [str(second.plan.model.index(n, Column.NAME).data()) for n in range(3)] == told
    assert second.status_line.plan.text().startswith("方案“甲”（草案）")


def test_a_plan_is_checked_with_reasons_approved_and_put_in_force(
    window: MainWindow, qtbot: QtBot
) -> None:
    bridge, table = window.context.bridge, window.actions_table
    bridge.execute(OpenPlan("甲"))
    merge_two(window)
    settled(window, qtbot)

    table.action("plan.check").trigger()
    dialog = form(window, qtbot, AllowForm)
    assert isinstance(dialog, AllowForm)
    assert "勾选并写明理由" in dialog.act_button.toolTip()
    for field in dialog.findChildren(QLineEdit):
        QTest.keyClicks(field, "made up")
    press_act(dialog)
    qtbot.waitUntil(lambda: table.action("plan.approve").isEnabled(), timeout=20_000)
    assert window.plan.state.text() == "已检查"
    table.action("plan.approve").trigger()
    approval = form(window, qtbot, TextForm)
    assert isinstance(approval, TextForm)
    QTest.keyClicks(approval.text, "No. 5")
    press_act(approval)
    settled(window, qtbot)
    table.action("plan.in_force").trigger()
    press_act(form(window, qtbot, DateForm))
    qtbot.waitUntil(lambda: table.action("plan.open").isEnabled(), timeout=20_000)

    [plan] = bridge.snapshot.rows("plan").values()
    assert (plan.state, plan.document) == ("in_force", "No. 5")
    assert window.plan.state.text() == "已生效"
    merged = area_named(bridge.snapshot, "第一网格", "甲子社区")
    assert merged.valid_from == plan.in_force


def test_an_approval_is_withdrawn_with_a_reason(window: MainWindow, qtbot: QtBot) -> None:
    bridge = window.context.bridge
    allowed = allowing_all(bridge.snapshot)
    for command in (OpenPlan("甲"), CheckPlan(allowed), ApprovePlan("虚构〔2026〕5号")):
        assert bridge.execute(command) is not None
    settled(window, qtbot)

    window.actions_table.action("plan.draft").trigger()
    dialog = form(window, qtbot, TextForm)
    assert isinstance(dialog, TextForm)
    QTest.keyClicks(dialog.text, "objection")
    QTest.keyClick(dialog.text, Qt.Key.Key_Return)
    settled(window, qtbot)

    assert window.plan.state.text() == "草案"
    assert "上次退回草案的理由：objection" in window.plan.counts.text()
    assert bridge.document.history(1)[0].note == "甲 · objection"


def test_a_draft_is_abandoned_with_a_reason_and_its_changes_stay(
    window: MainWindow, qtbot: QtBot
) -> None:
    bridge, table = window.context.bridge, window.actions_table
    assert not table.action("plan.abandon").isEnabled()
    bridge.execute(OpenPlan("甲"))
    merge_two(window)
    settled(window, qtbot)

    table.action("plan.abandon").trigger()
    dialog = form(window, qtbot, TextForm)
    assert isinstance(dialog, TextForm)
    assert dialog.act_button.toolTip() == "请先填写“理由”。"
    QTest.keyClicks(dialog.text, "next year")
    QTest.keyClick(dialog.text, Qt.Key.Key_Return)
    settled(window, qtbot)

    [plan] = bridge.snapshot.rows("plan").values()
    assert (plan.state, plan.is_open, plan.reason) == ("abandoned", False, "next year")
    assert window.plan.name.text() == "还没有调整方案"
    assert table.action("plan.open").isEnabled()
    with pytest.raises(StopIteration):
        area_named(bridge.snapshot, "第二网格", "甲子社区")
