"""Proposals in the window: worked out, read, ticked, taken as one step; reports beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.edit.assign_commands import Unassign
from gridadmin.edit.assignment_commands import PeopleTogether
from gridadmin.edit.people_records import EndRecord
from tests.ui.conftest import rest
from tests.ui.hands import tap
from tests.ui.people.acting import dialog_of, key
from tests.ui.people.conftest import known
from ui.main_window import MainWindow
from ui.people.pairs_dialog import PairsDialog
from ui.people.proposals_dialog import ProposalDialog
from ui.people.staff_report_dialog import StaffReportDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def short(staffed: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window on the demo city in which three cadres have just lost their posts."""
    rows = staffed.context.bridge.snapshot.rows("assignment").values()
    cadres = sorted(
        (one for one in rows if one.post == "cadre" and one.anchor_kind == "area"),
        key=lambda one: str(one.uid),
    )
    ended = PeopleTogether(tuple(Unassign(one.uid) for one in cadres[:3]))
    assert staffed.context.bridge.execute(ended) is not None
    known(qtbot, staffed)
    return staffed


def opened(window: MainWindow, qtbot: QtBot) -> ProposalDialog:
    """Open the dialog and choose the cadres' posts."""
    window.actions_table.action("people.propose").trigger()
    dialog = dialog_of(window, ProposalDialog)
    qtbot.waitUntil(lambda: not dialog.strip.is_busy, timeout=20_000)
    dialog.posts.setCurrentIndex(dialog.posts.findData("cadre"))
    qtbot.waitUntil(lambda: not dialog.strip.is_busy, timeout=20_000)
    return dialog


def unassigned(window: MainWindow) -> int:
    book = window.people.staff.book
    assert book is not None
    return sum(not book.of(person) for person in book.persons)


def test_a_proposal_is_taken_as_one_step_and_one_undo_takes_it_back(
    short: MainWindow, qtbot: QtBot
) -> None:
    before, revision = unassigned(short), short.context.bridge.snapshot.revision
    dialog = opened(short, qtbot)
    assert len(dialog.chosen) >= 3
    assert "第 1 选择" in dialog.why.text()
    assert "已证明" in dialog.goals.text()
    count = len(dialog.chosen)

    with qtbot.waitSignal(dialog.finished, timeout=20_000):
        tap(dialog.main_button)
    known(qtbot, short)

    assert short.context.bridge.snapshot.revision == revision + 1
    assert unassigned(short) == before - count
    short.context.bridge.undo()
    known(qtbot, short)
    assert unassigned(short) == before


def test_only_the_lines_that_are_ticked_are_taken(short: MainWindow, qtbot: QtBot) -> None:
    before = unassigned(short)
    dialog = opened(short, qtbot)
    none = dialog.findChild(QPushButton, "choose_none")
    assert none is not None
    tap(none)
    assert not dialog.main_button.isEnabled()
    assert dialog.main_button.toolTip() == "没有选中建议。"

    dialog.table.setFocus()
    key(dialog.table, Qt.Key.Key_Space)
    assert dialog.chosen_said.text().startswith("已选 1 条")
    with qtbot.waitSignal(dialog.finished, timeout=20_000):
        tap(dialog.main_button)
    known(qtbot, short)

    assert unassigned(short) == before - 1


def test_ticked_lines_are_drawn_on_the_map_until_the_dialog_closes(
    short: MainWindow, qtbot: QtBot
) -> None:
    overlay = short.map_panel.view.overlay
    dialog = opened(short, qtbot)
    assert overlay.things("n proposed moves")

    dialog.reject()

    assert not overlay.things("n proposed moves")


def test_closing_takes_nothing(short: MainWindow, qtbot: QtBot) -> None:
    revision = short.context.bridge.snapshot.revision
    dialog = opened(short, qtbot)

    with qtbot.waitSignal(dialog.finished):
        key(dialog, Qt.Key.Key_Escape)

    assert short.context.bridge.snapshot.revision == revision


def test_the_lines_go_to_excel_and_are_noted(
    short: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = opened(short, qtbot)
    out = tmp_path / "建议.xlsx"

    dialog.write(out)
    qtbot.waitUntil(lambda: not dialog.strip.is_busy, timeout=20_000)

    assert len(list(load_workbook(out)["配岗建议"].values)) == 1 + len(dialog.chosen)
    assert short.context.bridge.session.store.export_notes()[0].what == "proposal"
    dialog.reject()


def test_pairs_are_proposed_and_made_as_one_step(staffed: MainWindow, qtbot: QtBot) -> None:
    bridge = staffed.context.bridge
    before = len(bridge.snapshot.rows("pairing"))
    steps = tuple(EndRecord("pairing", uid) for uid in sorted(bridge.snapshot.rows("pairing")))
    if steps:
        bridge.execute(PeopleTogether(steps))
    revision = bridge.snapshot.revision
    staffed.actions_table.action("people.propose_pairs").trigger()
    dialog = dialog_of(staffed, PairsDialog)
    qtbot.waitUntil(lambda: not dialog.strip.is_busy, timeout=20_000)
    assert len(dialog.model.chosen) == 12

    with qtbot.waitSignal(dialog.finished, timeout=20_000):
        tap(dialog.main_button)

    assert bridge.snapshot.revision == revision + 1
    assert len(bridge.snapshot.rows("pairing")) == before + 12
    bridge.undo()
    assert len(bridge.snapshot.rows("pairing")) == before


def test_a_report_holds_the_parts_that_are_ticked(
    staffed: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    staffed.actions_table.action("people.report").trigger()
    dialog = dialog_of(staffed, StaffReportDialog)
    for name, box in dialog.parts.items():
        box.setChecked(name == "pairings")
    out = tmp_path / "报表.pdf"

    with qtbot.waitSignal(dialog.finished, timeout=20_000):
        dialog.write(out)
    rest(qtbot, staffed)

    text = "".join(page.extract_text() for page in PdfReader(out).pages)
    assert "结对名单" in text
    assert "各村（社区）人员名册" not in text


def test_a_report_without_a_part_says_why_it_cannot_be_written(staffed: MainWindow) -> None:
    staffed.actions_table.action("people.report").trigger()
    dialog = dialog_of(staffed, StaffReportDialog)
    for box in dialog.parts.values():
        box.setChecked(False)

    assert not dialog.main_button.isEnabled()
    assert dialog.main_button.toolTip() == "请至少选一个部分。"
    dialog.reject()
