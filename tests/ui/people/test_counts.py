"""The sheets of numbers: typed in by keys, pasted as a block, each step undone at once."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.people.acting import LEFT, key
from tests.ui.people.conftest import known
from tests.ui.people.test_bodies import communities, press, rows
from tests.ui.test_accessible_names import nameless
from ui.main_window import MainWindow
from ui.people.counts_page import CountsPage

_DAY = "2026-03-31"


def counts(window: MainWindow, sheet: str) -> CountsPage:
    """Show a sheet."""
    window.actions_table.action("people.counts").trigger()
    QApplication.processEvents()
    page = window.people.panel.widget_of("counts")
    assert isinstance(page, CountsPage)
    press(page, f"counts-{sheet}")
    page.day.set_iso(_DAY)
    return page


def cell(page: CountsPage, name: str, column: int) -> QModelIndex:
    """Return a cell of numbers of the line of a name."""
    row = next(n for n, one in enumerate(page.model.rows) if one.name == name)
    return page.model.index(row, page.model.number_columns[column])


def click_cell(page: CountsPage, at: QModelIndex) -> None:
    """Click a cell."""
    page.view.scrollTo(at)
    QTest.mouseClick(page.view.viewport(), LEFT, pos=page.view.visualRect(at).center())
    QApplication.processEvents()


def type_number(page: CountsPage, text: str) -> None:
    """Type into the current cell and press Enter."""
    key(page.view, Qt.Key.Key_Return)
    field = page.view.viewport().findChild(QLineEdit) or page.view.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, text)
    key(field, Qt.Key.Key_Return)


def test_numbers_are_typed_one_below_the_other_and_each_is_a_step(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    first, second = communities(window)[:2]
    page = counts(window, "registration_count")
    click_cell(page, cell(page, first.name, 0))
    type_number(page, "12")
    known(qtbot, window)
    type_number(page, "7")
    known(qtbot, window)

    found = {(one.area, one.channel, one.persons, one.as_of)
             for one in rows(window, "registration_count")}  # fmt: skip
    assert found == {
        (first.uid, "surfacing", 12, _DAY),
        (second.uid, "surfacing", 7, _DAY),
    }
    assert page.said.text().startswith("合计：楼院浮出 19，在职回归 0。")
    window.actions_table.action("edit.undo").trigger()
    known(qtbot, window)
    assert [one.persons for one in rows(window, "registration_count")] == [12]
    assert page.model.data(cell(page, second.name, 0)) == ""


def test_another_number_takes_the_place_of_the_first_and_delete_empties_the_cell(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    first = communities(window)[0]
    page = counts(window, "registration_count")
    at = cell(page, first.name, 1)
    for text in ("5", "6"):
        click_cell(page, at)
        type_number(page, text)
        known(qtbot, window)

    assert [one.persons for one in rows(window, "registration_count")] == [6]
    click_cell(page, at)
    key(page.view, Qt.Key.Key_Delete)
    known(qtbot, window)
    assert rows(window, "registration_count") == []


def test_a_block_of_a_spreadsheet_is_pasted_as_one_step(bodied: MainWindow, qtbot: QtBot) -> None:
    window = bodied
    first, second = communities(window)[:2]
    page = counts(window, "registration_count")
    QApplication.clipboard().setText("1,200\t3\n４\t\n")
    click_cell(page, cell(page, first.name, 0))
    key(page.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    known(qtbot, window)

    found = {(one.area, one.channel): one.persons for one in rows(window, "registration_count")}
    assert found == {
        (first.uid, "surfacing"): 1200,
        (first.uid, "return"): 3,
        (second.uid, "surfacing"): 4,
    }
    window.actions_table.action("edit.undo").trigger()
    assert rows(window, "registration_count") == []


def test_what_is_no_number_is_refused_and_nothing_is_written(bodied: MainWindow) -> None:
    window = bodied
    first = communities(window)[0]
    page = counts(window, "registration_count")
    QApplication.clipboard().setText("3\n三个\n")
    click_cell(page, cell(page, first.name, 0))
    key(page.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert rows(window, "registration_count") == []
    assert "请填写 0 到 1,000,000 的整数。" in window.message_bar.text.text()


def test_a_channel_that_grids_have_none_of_is_closed_there(bodied: MainWindow) -> None:
    page = counts(bodied, "registration_count")
    row = next(n for n, one in enumerate(page.model.rows) if one.is_part)
    opened, closed = (page.model.index(row, n) for n in page.model.number_columns)

    assert page.model.flags(opened) & Qt.ItemFlag.ItemIsEditable
    assert not page.model.flags(closed) & Qt.ItemFlag.ItemIsEditable
    assert nameless(page) == []


def test_officials_and_quota_of_a_unit_are_typed_and_an_older_day_stays(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    page = counts(window, "headcount")
    unit = page.model.rows[0]
    before = [one for one in rows(window, "headcount") if one.organization == unit.key]
    click_cell(page, cell(page, unit.name, 0))
    type_number(page, "41")
    known(qtbot, window)
    click_cell(page, cell(page, unit.name, 1))
    type_number(page, "29")
    known(qtbot, window)

    after = [one for one in rows(window, "headcount") if one.organization == unit.key]
    (new,) = [one for one in after if one.as_of == _DAY]
    assert (new.officials, new.quota) == (41, 29)
    assert len(after) == len(before) + 1
