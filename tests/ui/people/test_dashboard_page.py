"""The dashboard in the window: its charts are lists, and lead to what they are about."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridadmin.edit.assign_commands import Unassign
from tests.ui.people.acting import key, shown
from tests.ui.people.conftest import known, seats
from tests.ui.test_accessible_names import nameless
from ui.main_window import MainWindow
from ui.people.bar_list import BarList
from ui.people.dashboard_page import DashboardPage


def dashboard(window: MainWindow) -> DashboardPage:
    """Show the dashboard and return it."""
    seats(window)
    page = window.people.panel.show_page("dashboard")
    QApplication.processEvents()
    return cast("DashboardPage", page)


def row_of(chart: BarList, name: str) -> int:
    """Return the row of a bar."""
    return next(row for row, bar in enumerate(chart.bars) if name in (bar.key, bar.name))


def test_the_charts_add_up_to_the_seats_of_the_table(staffed: MainWindow) -> None:
    page = dashboard(staffed)
    roll = staffed.people.staff.roll
    assert roll is not None

    held = sum(seat.person is not None and seat.post is not None for seat in roll.seats)
    assert sum(bar.held for bar in page.posts.bars) == held
    assert [bar.name for bar in page.places.bars] == ["子虚街道", "乌有街道", "无是街道"]
    assert nameless(page) == []


def test_a_kind_of_post_leads_to_its_seats_by_keys(staffed: MainWindow) -> None:
    page = dashboard(staffed)
    view = page.posts.view
    view.setFocus()
    view.setCurrentIndex(view.model().index(row_of(page.posts, "grid_chief"), 0))

    key(view, Qt.Key.Key_Return)

    table = seats(staffed)
    assert table.isVisible()
    assert {seat.post.key for seat in shown(table) if seat.post} == {"grid_chief"}


def test_a_street_leads_to_its_seats_by_a_click(staffed: MainWindow) -> None:
    page = dashboard(staffed)
    view = page.places.view
    index = view.model().index(1, 0)

    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center()
    )

    street = staffed.context.selection.area
    assert street == page.places.bars[1].key
    table = seats(staffed)
    snapshot = staffed.context.bridge.snapshot
    within = {street, *(area.uid for area in snapshot.descendants(street))}
    assert {seat.area.uid for seat in shown(table) if seat.area} <= within


def test_a_unit_leads_to_its_card(staffed: MainWindow) -> None:
    page = dashboard(staffed)
    first = page.units.bars[0]
    page.units.view.setCurrentIndex(page.units.view.model().index(0, 0))

    key(page.units.view, Qt.Key.Key_Return)

    assert staffed.context.selection.now.organization == first.key


def test_the_charts_follow_a_change(staffed: MainWindow, qtbot: QtBot) -> None:
    page = dashboard(staffed)
    before = page.posts.bars[row_of(page.posts, "grid_chief")]
    book = staffed.people.staff.book
    assert book is not None
    one = next(one for p in book.persons for one in book.of(p) if one.post == "grid_chief")

    staffed.context.bridge.execute(Unassign(one.uid))
    known(qtbot, staffed)

    after = page.posts.bars[row_of(page.posts, "grid_chief")]
    assert (after.held, after.missing) == (before.held - 1, before.missing + 1)
