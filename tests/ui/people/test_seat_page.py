"""The table of seats in the window: chips, field, groups, and the selection it shares."""

from __future__ import annotations

from pypinyin import lazy_pinyin
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.staffing.seats import SeatState
from tests.ui.hands import tap
from tests.ui.people.acting import click_row, shown
from tests.ui.people.conftest import known, seats
from ui.main_window import MainWindow

_LEFT = Qt.MouseButton.LeftButton


def test_the_workspace_opens_with_the_table_of_seats(staffed: MainWindow) -> None:
    page = seats(staffed)

    assert staffed.docks["people"].isVisible()
    assert page.view.isVisible()
    assert len(shown(page)) == page.model.rowCount() > 800


def test_nothing_is_read_before_somebody_looks_at_people(window: MainWindow) -> None:
    assert window.people.staff.roll is None


def test_a_chip_leaves_the_vacant_seats_alone(staffed: MainWindow) -> None:
    page = seats(staffed)
    chip = page.findChild(QPushButton, "seats-vacant")
    assert chip is not None

    tap(chip)

    found = shown(page)
    assert found
    assert {seat.state for seat in found} == {SeatState.VACANT}
    assert chip.text().endswith(str(len(found)))


def test_pinyin_typed_into_the_field_finds_a_person(staffed: MainWindow, qtbot: QtBot) -> None:
    page = seats(staffed)
    staffed.actions_table.action("people.find").trigger()

    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    wanted = next(seat.person for seat in shown(page) if seat.person)
    QTest.keyClicks(field, lazy_pinyin(wanted.name[0])[0] + lazy_pinyin(wanted.name[1])[0])
    qtbot.waitUntil(lambda: 0 < page.model.rowCount() < 100)

    names = {seat.person.name for seat in shown(page) if seat.person}
    assert wanted.name in names
    sounds = [lazy_pinyin(name[:2]) for name in names]
    assert all(sound == lazy_pinyin(wanted.name[:2]) for sound in sounds)


def test_a_chosen_row_selects_its_area_and_person(staffed: MainWindow) -> None:
    page = seats(staffed)
    row = next(n for n, seat in enumerate(shown(page)) if seat.person and seat.area)
    seat = shown(page)[row]
    assert seat.area is not None
    assert seat.person is not None

    click_row(page, row)

    now = staffed.context.selection.now
    assert (now.areas, now.person) == ((seat.area.uid,), seat.person.uid)
    assert staffed.people.staff.chosen == (seat,)


def test_what_the_tree_selects_is_chosen_in_the_table(staffed: MainWindow) -> None:
    page = seats(staffed)
    seat = next(seat for seat in reversed(shown(page)) if seat.area)
    assert seat.area is not None

    staffed.context.selection.select_areas([seat.area.uid])

    assert {one.area.uid for one in page.view.chosen() if one.area} == {seat.area.uid}
    row = page.model.row_of(page.view.chosen()[0].key)
    assert row is not None
    box = page.view.visualRect(page.model.index(row, 0))
    assert page.view.viewport().rect().intersects(box)


def test_groups_stand_under_the_names_of_communities(staffed: MainWindow) -> None:
    page = seats(staffed)

    page.model.set_grouped(is_grouped=True)

    heads = [str(page.model.index(row, 0).data()) for row in page.model.heads]
    assert heads[0].startswith("甲子社区")
    assert len(heads) >= 12
    assert page.view.columnSpan(page.model.heads[0], 0) == page.model.columnCount()


def test_a_click_on_a_head_sorts_and_keeps_the_chosen_row(staffed: MainWindow) -> None:
    page = seats(staffed)
    click_row(page, 3)
    chosen = page.view.chosen()

    page.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)

    names = [seat.person.name if seat.person else "" for seat in shown(page)]
    held = [name for name in names if name]
    assert held == sorted(held, reverse=True)
    assert names[: len(held)] == held
    assert page.view.chosen() == chosen


def test_only_the_selected_areas_are_shown_when_asked(staffed: MainWindow) -> None:
    page = seats(staffed)
    snapshot = staffed.context.bridge.snapshot
    community = next(a for a in snapshot.areas() if a.name == "甲子社区")
    staffed.context.selection.select_areas([community.uid])

    page.set_within(is_within=True)

    within = {community.uid, *(one.uid for one in snapshot.descendants(community.uid))}
    found = shown(page)
    assert found
    assert {seat.area.uid for seat in found if seat.area} <= within


def test_the_table_follows_a_change_and_its_undo(staffed: MainWindow, qtbot: QtBot) -> None:
    from gridadmin.edit.assign_commands import Unassign

    page = seats(staffed)
    seat = next(seat for seat in shown(page) if seat.assignment)
    assert seat.assignment is not None

    staffed.context.bridge.execute(Unassign(seat.assignment.uid))
    known(qtbot, staffed)
    keys = {one.key for one in shown(page)}
    staffed.context.bridge.undo()
    known(qtbot, staffed)

    assert seat.key not in keys
    assert seat.key in {one.key for one in shown(page)}
