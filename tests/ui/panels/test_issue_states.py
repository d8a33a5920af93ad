"""Accepting an issue, the list by state, and the settings of the checks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QScrollArea,
)
from pytestqt.qtbot import QtBot

from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import IssueState
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.land_commands import MakeExempt
from tests.ui.panels.conftest import click, idle, shown
from ui.context import Context
from ui.dialogs.accept_dialog import AcceptDialog
from ui.dialogs.check_settings import CheckSettings
from ui.main_window import MainWindow
from ui.panels.issue_drawer import IssueDrawer
from ui.panels.issue_model import IssueRole
from ui.panels.marks import State


@pytest.fixture
def drawer(qtbot: QtBot, demo: Context) -> IssueDrawer:
    """The list with two issues about codes."""
    panel = shown(qtbot, IssueDrawer(demo))
    idle(qtbot, demo)
    leaves = [area for area in demo.bridge.snapshot.areas() if area.level == "micro_grid"]
    for area in sorted(leaves, key=lambda area: area.code or "")[:2]:
        assert area.code
        demo.bridge.execute(SetField(area.uid, "code", f"{area.code[:-1]}X{area.code[-1]}"))
    idle(qtbot, demo)
    return panel


def accept_first(qtbot: QtBot, drawer: IssueDrawer) -> None:
    drawer.next_issue()
    click(drawer.states.accept_button)
    dialog = drawer.findChild(AcceptDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.accept_button.toolTip() == "请填写理由。"
    dialog.reason.setText("虚构理由")
    assert not dialog.accept_button.isEnabled()
    dialog.name.setText("示例甲")
    dialog.until.setText("明天")
    assert not dialog.accept_button.isEnabled()
    dialog.until.setText("2099-12-31")
    click(dialog.accept_button)


def test_an_issue_is_accepted_with_reason_and_name_and_withdrawn(
    qtbot: QtBot, drawer: IssueDrawer, demo: Context
) -> None:
    accept_first(qtbot, drawer)

    number = demo.selection.now.issue
    size = str(drawer.model.index_of(number).data(IssueRole.SIZE))
    assert size.startswith("已认可：虚构理由（示例甲），截至 2099-12-31")
    assert drawer.states.accept_button.text() == "撤销认可"

    click(drawer.states.accept_button)

    assert drawer.states.accept_button.text() == "认可…"
    assert dict(demo.bridge.snapshot.rows("issue_mark")) == {}


def test_the_list_is_filtered_by_state(qtbot: QtBot, drawer: IssueDrawer) -> None:
    accept_first(qtbot, drawer)
    box = drawer.states.box

    counts = {}
    for state in (None, IssueState.OPEN, IssueState.ACCEPTED, IssueState.REAPPEARED):
        box.setCurrentIndex(box.findData(state))
        counts[state] = drawer.model.rowCount()

    assert counts == {
        None: 2, IssueState.OPEN: 1, IssueState.ACCEPTED: 1, IssueState.REAPPEARED: 0,
    }  # fmt: skip


def test_fixed_issues_are_listed_when_asked_for_and_show_their_place(
    qtbot: QtBot, drawer: IssueDrawer, demo: Context
) -> None:
    broken = next(demo.bridge.issue(number) for number in drawer.model.numbers())
    assert broken is not None
    area = demo.bridge.snapshot.area(broken.areas[0])
    assert area.code
    demo.bridge.execute(SetField(area.uid, "code", area.code.replace("X", "")))
    idle(qtbot, demo)
    box = drawer.states.box
    assert drawer.model.rowCount() == 1

    box.setCurrentIndex(box.findData(IssueState.FIXED))
    drawer.next_issue()

    (number,) = drawer.model.numbers()
    today = datetime.now(UTC).date().isoformat()
    index = drawer.model.index_of(number)
    assert number == broken.id
    assert index.data(IssueRole.SIZE) == f"已解决 · {today}"
    assert index.data(IssueRole.STATE) == State.FINE
    assert demo.selection.now.issue == number
    assert not drawer.states.accept_button.isEnabled()
    demo.bridge.undo()
    idle(qtbot, demo)
    assert drawer.model.numbers() == []
    assert drawer._said.text() == "没有符合筛选的问题。"


def test_land_made_exempt_is_listed_as_exempt(qtbot: QtBot, dirty: Context) -> None:
    panel = shown(qtbot, IssueDrawer(dirty))
    idle(qtbot, dirty)
    gap = next(one for one in dirty.bridge.issues() if one.kind == "gap" and one.point)
    assert gap.point is not None
    assert dirty.bridge.execute(MakeExempt(gap.point, "水面", "示例甲", is_inside=True))
    idle(qtbot, dirty)
    box = panel.states.box

    box.setCurrentIndex(box.findData(IssueState.EXEMPT))

    assert panel.model.numbers() == [gap.id]


def test_accepting_and_the_settings_are_actions_that_say_when_they_can_not_be_done(
    qtbot: QtBot, window: MainWindow
) -> None:
    bridge, table = window.context.bridge, window.actions_table
    idle(qtbot, window.context)
    accept = table.action("issue.accept")
    assert "请先选一个还没有解决的问题。" in accept.toolTip()
    leaf = min(
        (area for area in bridge.snapshot.areas() if area.level == "micro_grid"),
        key=lambda area: area.code or "",
    )
    assert leaf.code
    bridge.execute(SetField(leaf.uid, "code", f"{leaf.code[:-1]}X{leaf.code[-1]}"))
    idle(qtbot, window.context)
    table.action("issue.next").trigger()
    assert accept.isEnabled()

    accept.trigger()

    dialog = window.findChild(AcceptDialog)
    assert dialog is not None
    dialog.reject()
    table.action("issue.settings").trigger()
    settings = window.findChild(CheckSettings)
    assert settings is not None
    settings.reject()


def test_an_accepted_issue_no_longer_counts_in_the_tree(
    qtbot: QtBot, drawer: IssueDrawer, demo: Context
) -> None:
    root = demo.bridge.snapshot.root.uid
    assert demo.bridge.tally(root).count == 2
    notes = drawer.model.severities()[Severity.INFO]

    accept_first(qtbot, drawer)

    assert demo.bridge.tally(root).count == 1
    assert demo.bridge.weighing() == 1
    assert drawer.aside.text().startswith("1 条 · 已认可 1 条")
    assert sum(drawer.model.severities().values()) == 1 + notes


def test_land_says_why_it_can_not_be_accepted(qtbot: QtBot, dirty: Context) -> None:
    panel = shown(qtbot, IssueDrawer(dirty))
    idle(qtbot, dirty)
    panel.next_issue()

    button = panel.states.accept_button
    assert not button.isEnabled()
    assert button.accessibleDescription() == "土地问题不能认可：请划给区域，或列为例外地块。"


def test_settings_switch_weigh_and_tune_checks_as_one_gesture_each(
    qtbot: QtBot, demo: Context
) -> None:
    dialog = CheckSettings(demo.bridge)
    qtbot.addWidget(dialog)
    dialog.show()
    revision = demo.bridge.snapshot.revision
    found = {
        name: dialog.findChild(kind, name)
        for kind, name in (
            (QCheckBox, "check-hole"),
            (QComboBox, "severity-of-spike"),
            (QDoubleSpinBox, "sliver-width_m"),
        )
    }
    hole, spike, width = found.values()
    assert isinstance(hole, QCheckBox)
    assert isinstance(spike, QComboBox)
    assert isinstance(width, QDoubleSpinBox)
    hole.setChecked(False)
    spike.setCurrentIndex(0)
    width.setValue(2.5)

    click(dialog.apply_button)
    idle(qtbot, demo)

    snapshot = demo.bridge.snapshot
    assert snapshot.revision == revision + 1
    assert not snapshot.check("hole").on
    assert snapshot.check("spike").severity == "error"
    assert snapshot.check("sliver").param("width_m") == 2.5


def test_settings_go_back_to_the_scheme(qtbot: QtBot, demo: Context) -> None:
    for say in (True, False):
        dialog = CheckSettings(demo.bridge)
        qtbot.addWidget(dialog)
        dialog.show()
        switch = dialog.findChild(QCheckBox, "check-hole")
        assert switch is not None
        if say:
            switch.setChecked(False)
        else:
            assert not switch.isChecked()
            click(dialog.scheme_button)
            assert switch.isChecked()
        click(dialog.apply_button)
        idle(qtbot, demo)

    assert demo.bridge.snapshot.setting("checks") == {}


def test_settings_hold_the_rules_about_people(qtbot: QtBot, demo: Context) -> None:
    dialog = CheckSettings(demo.bridge, family="staffing")
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    ratio = dialog.findChild(QCheckBox, "check-member_ratio")
    needed = dialog.findChild(QDoubleSpinBox, "member_ratio-households_per_member")
    walk = dialog.findChild(QCheckBox, "check-reach")
    vacant = dialog.findChild(QComboBox, "severity-of-post_vacant")
    assert ratio is not None
    assert needed is not None
    assert walk is not None
    assert vacant is not None
    assert dialog.commands() == []
    assert ratio.text() == "网格员不足"
    qtbot.waitUntil(lambda: not vacant.visibleRegion().isEmpty())
    (scroll,) = dialog.findChildren(QScrollArea)
    assert scroll.horizontalScrollBar().maximum() == 0

    ratio.setChecked(True)
    needed.setValue(150)
    vacant.setCurrentIndex(0)
    click(dialog.apply_button)
    idle(qtbot, demo)

    assert demo.bridge.snapshot.setting("checks") == {
        "member_ratio": {
            "on": True,
            "severity": "warning",
            "params": {"households_per_member": 150},
        },
        "post_vacant": {"on": True, "severity": "error"},
    }


def test_another_set_and_another_least_defect_are_used(qtbot: QtBot, demo: Context) -> None:
    dialog = CheckSettings(demo.bridge)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.set_box.setCurrentIndex(dialog.set_box.findData("quick"))
    dialog.least.setValue(0.5)

    click(dialog.apply_button)
    QApplication.processEvents()
    idle(qtbot, demo)

    assert (demo.bridge.snapshot.check_set.key, demo.bridge.snapshot.min_area_m2) == ("quick", 0.5)
