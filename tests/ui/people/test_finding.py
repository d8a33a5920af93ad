"""Persons and units in the search of the window."""

from __future__ import annotations

from pypinyin import lazy_pinyin
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridadmin.domain.people import Person
from tests.ui.people.conftest import known
from ui.main_window import MainWindow
from ui.people.person_page import PersonPage


def a_person(window: MainWindow) -> Person:
    """Return a person with a post on an area."""
    book = window.people.staff.book
    assert book is not None
    return next(
        book.persons[uid]
        for uid in sorted(book.persons)
        if any(one.anchor_kind == "area" for one in book.of(uid))
    )


def test_a_person_is_found_by_pinyin_and_shown_on_a_card(staffed: MainWindow, qtbot: QtBot) -> None:
    person = a_person(staffed)
    staffed.choose_workspace("boundaries")
    staffed.actions_table.action("edit.search").trigger()
    box = staffed.search_box
    QTest.keyClicks(box, "".join(lazy_pinyin(person.name[:3])))
    qtbot.waitUntil(box.popup.isVisible)
    box.search()
    rows = staffed.people.finder.find(box.text())
    assert rows[0].is_heading
    row = next(row for row in rows if row.title == person.name)
    assert row.act is not None

    row.act()
    QApplication.processEvents()
    staffed.inspector.refresh()

    assert staffed.workspace == "people"
    assert staffed.context.selection.now.person == person.uid
    assert isinstance(staffed.inspector.page, PersonPage)


def test_enter_takes_a_person_out_of_the_list(staffed: MainWindow, qtbot: QtBot) -> None:
    person = a_person(staffed)
    box = staffed.search_box
    box.setFocus()
    box.setText(person.name)
    box.search()
    titles = [item_title(staffed, row) for row in range(box.popup.list.count())]
    at = titles.index(person.name)
    while box.popup.list.currentRow() < at:
        QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Return)
    known(qtbot, staffed)

    assert staffed.context.selection.now.person == person.uid


def item_title(window: MainWindow, row: int) -> str:
    """Return the title of a row of the list."""
    return window.search_box.popup.list.item(row).text()


def test_a_unit_is_found_and_shown(staffed: MainWindow) -> None:
    book = staffed.people.staff.book
    assert book is not None
    unit = min(book.organizations.values(), key=lambda one: one.name)

    rows = staffed.people.finder.find(unit.name)
    row = next(row for row in rows if row.title == unit.name)
    assert row.act is not None
    row.act()

    assert staffed.context.selection.now.organization == unit.uid
