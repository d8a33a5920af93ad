"""The call-out list and the party tree in the window."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridadmin.domain.people import masked_phone
from gridadmin.edit.people_records import PutRecord
from tests.ui.hands import tap
from tests.ui.people.acting import key
from tests.ui.people.conftest import known, seats
from tests.ui.test_accessible_names import nameless
from ui.main_window import MainWindow
from ui.people.call_page import CallColumn, CallPage
from ui.people.party_page import PartyPage

_CONTROL = Qt.KeyboardModifier.ControlModifier


def calls(window: MainWindow) -> CallPage:
    """Show the call-out list and return it."""
    seats(window)
    page = window.people.panel.show_page("calls")
    QApplication.processEvents()
    return cast("CallPage", page)


def party(window: MainWindow) -> PartyPage:
    """Show the party tree and return it."""
    seats(window)
    page = window.people.panel.show_page("party")
    QApplication.processEvents()
    return cast("PartyPage", page)


def grid_uid(window: MainWindow, community: str, name: str) -> str:
    """Return the uid of a grid of a community."""
    snapshot = window.context.bridge.snapshot
    return next(
        area.uid
        for area in snapshot.areas()
        if area.name == name and area.parent and snapshot.area(area.parent).name == community
    )


def test_all_grids_are_listed_and_the_selected_one_alone(staffed: MainWindow) -> None:
    page = calls(staffed)
    assert len(page.model.heads) == 93

    staffed.context.selection.select_areas([grid_uid(staffed, "甲子社区", "第一网格")])

    assert len(page.model.heads) == 1
    assert page.model.text_at(0, 0).startswith("子虚街道 › 甲子社区 › 第一网格")
    assert nameless(page) == []


def test_own_phones_are_hidden_until_asked_for_which_is_noted_and_copied_as_shown(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    page = calls(staffed)
    staffed.context.selection.select_areas([grid_uid(staffed, "甲子社区", "第一网格")])
    row = next(
        row
        for row in range(page.model.rowCount())
        if (call := page.model.call_at(row)) and call.person.own_phone
    )
    call = page.model.call_at(row)
    assert call is not None
    own = call.person.own_phone or ""

    assert page.model.text_at(row, CallColumn.OWN_PHONE) == masked_phone(own)
    tap(page.copy)
    assert own not in QGuiApplication.clipboard().text()
    page.own.click()
    assert page.model.text_at(row, CallColumn.OWN_PHONE) == own
    page.view.selectRow(row)
    key(page.view, Qt.Key.Key_C, _CONTROL)
    copied = QGuiApplication.clipboard().text()
    assert own in copied
    assert "\n" not in copied
    qtbot.waitUntil(lambda: not staffed.context.jobs.is_busy, timeout=10_000)
    [note] = staffed.context.bridge.session.store.export_notes()
    people = sum(len(group.calls) for group in page.model.groups)
    assert (note.what, note.profile, note.count) == ("phone", "internal", people)


def test_a_row_of_the_list_selects_the_person_and_keeps_the_list(staffed: MainWindow) -> None:
    page = calls(staffed)
    count = page.model.rowCount()
    call = page.model.call_at(1)
    assert call is not None

    page.view.selectRow(1)

    now = staffed.context.selection.now
    assert (now.person, now.areas) == (call.person.uid, (call.assignment.anchor,))
    assert page.model.rowCount() == count


def test_an_organisation_selects_its_area_and_is_found_by_it(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    bridge = staffed.context.bridge
    grid = grid_uid(staffed, "甲子社区", "第一网格")
    bridge.execute(
        PutRecord(
            "party_node",
            {"name": "虚构第一党支部", "kind": "branch", "area": grid, "households_linked": 12},
        )
    )
    known(qtbot, staffed)
    page = party(staffed)

    staffed.context.selection.select_areas([grid])

    item = page.tree.currentItem()
    assert item is not None
    assert [item.text(column) for column in range(5)] == [
        "虚构第一党支部",
        "网格党支部",
        "—",
        "第一网格",
        "12",
    ]
    staffed.context.selection.clear()
    page.tree.setCurrentIndex(QModelIndex())
    page.tree.setCurrentItem(item)
    assert staffed.context.selection.areas == (grid,)
    assert nameless(page) == []


def test_organisations_stand_in_the_order_of_their_areas(staffed: MainWindow) -> None:
    page = party(staffed)

    tops = [page.tree.topLevelItem(row) for row in range(3)]
    assert [item.text(3) for item in tops if item is not None] == [
        "甲子社区",
        "乙丑社区",
        "丙寅社区",
    ]


def test_organisations_stand_below_those_they_belong_to(staffed: MainWindow, qtbot: QtBot) -> None:
    bridge = staffed.context.bridge
    done = bridge.execute(PutRecord("party_node", {"name": "虚构党工委", "kind": "work_committee"}))
    assert done is not None
    above = done.change.rows[0].after.uid
    bridge.execute(PutRecord("party_node", {"name": "虚构支部", "kind": "branch", "parent": above}))
    known(qtbot, staffed)
    page = party(staffed)

    tops = [page.tree.topLevelItem(row) for row in range(page.tree.topLevelItemCount())]
    (top,) = [item for item in tops if item is not None and item.text(0) == "虚构党工委"]
    below = [top.child(row) for row in range(top.childCount())]
    assert [item.text(0) for item in below if item is not None] == ["虚构支部"]
