"""The coverage matrix in the window: what it shows, where its cells lead."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from gridadmin.app.demo import write_demo
from gridadmin.edit.assign_commands import Unassign
from gridadmin.staffing.matrix import CADRES, Cell
from tests.ui.conftest import OpenWindow
from tests.ui.people.acting import key, shown
from tests.ui.people.conftest import known, seats
from tests.ui.test_accessible_names import nameless
from ui.main_window import MainWindow
from ui.people.matrix_model import MatrixRole
from ui.people.matrix_page import MatrixPage


def matrix_page(window: MainWindow) -> MatrixPage:
    """Show the matrix and return its page."""
    window.actions_table.action("people.matrix").trigger()
    QApplication.processEvents()
    return cast("MatrixPage", window.people.panel.widget_of("matrix"))


def column_of(page: MatrixPage, post: str) -> int:
    """Return the column of a post."""
    model = page.model
    columns = range(model.columnCount())
    return next(c for c in columns if model.index(0, c).data(MatrixRole.COLUMN) == post)


def first_hole(page: MatrixPage, post: str) -> tuple[int, int]:
    """Return row and column of the first hole of a post."""
    column = column_of(page, post)
    for row in range(page.model.rowCount()):
        cell = page.model.index(row, column).data(MatrixRole.CELL)
        if isinstance(cell, Cell) and cell.vacant:
            return row, column
    raise AssertionError(post)


def test_there_is_a_row_for_each_community_and_a_column_for_each_post(staffed: MainWindow) -> None:
    page = matrix_page(staffed)

    assert page.view.isVisible()
    assert page.model.rowCount() == 12
    assert page.model.index(0, 0).data(MatrixRole.COLUMN) == CADRES
    assert column_of(page, "grid_member") > 0
    assert nameless(page) == []


def test_a_hole_is_said_in_words_and_leads_to_its_empty_seat(staffed: MainWindow) -> None:
    page = matrix_page(staffed)
    row, column = first_hole(page, "micro_grid_member")
    index = page.model.index(row, column)
    unit = str(index.data(MatrixRole.UNIT))
    assert "空缺" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    page.view.setCurrentIndex(index)
    page.view.setFocus()

    key(page.view, Qt.Key.Key_Return)

    table = seats(staffed)
    assert table.isVisible()
    posts = {seat.post.key for seat in shown(table) if seat.post}
    assert posts == {"micro_grid_member"}
    (chosen,) = table.view.chosen()
    assert chosen.person is None
    above = staffed.context.bridge.snapshot.ancestors(chosen.area.uid if chosen.area else "")
    assert unit in [area.uid for area in above]


def test_a_click_on_a_cell_selects_its_community(staffed: MainWindow) -> None:
    page = matrix_page(staffed)
    index = page.model.index(3, 1)

    QTest.mouseClick(
        page.view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=page.view.visualRect(index).center(),
    )

    assert staffed.context.selection.areas == (index.data(MatrixRole.UNIT),)


def test_what_is_selected_elsewhere_is_the_current_row(staffed: MainWindow) -> None:
    page = matrix_page(staffed)
    snapshot = staffed.context.bridge.snapshot
    uid = str(page.model.index(7, 0).data(MatrixRole.UNIT))
    below = next(iter(snapshot.descendants(uid)))

    staffed.context.selection.select_areas([below.uid])

    assert page.view.currentIndex().row() == 7
    assert staffed.context.selection.areas == (below.uid,)


def test_rows_are_narrowed_by_name_and_by_holes(staffed: MainWindow, qtbot: QtBot) -> None:
    page = matrix_page(staffed)
    field = page.findChild(QLineEdit, "matrix_field")
    holes = page.findChild(QCheckBox, "matrix_holes")
    assert field is not None
    assert holes is not None

    QTest.keyClicks(field, "jiazi")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    field.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == 12)
    holes.click()

    matrix = page.model.matrix
    assert matrix is not None
    assert page.model.rowCount() == sum(matrix.has_hole(unit.uid) for unit in matrix.units)


def test_the_matrix_follows_a_change(staffed: MainWindow, qtbot: QtBot) -> None:
    page = matrix_page(staffed)
    column = column_of(page, "grid_chief")
    book = staffed.people.staff.book
    assert book is not None
    unit = str(page.model.index(0, column).data(MatrixRole.UNIT))
    before = page.model.index(0, column).data(MatrixRole.CELL)
    one = next(one for one in book.below(unit) if one.post == "grid_chief")

    staffed.context.bridge.execute(Unassign(one.uid))
    known(qtbot, staffed)

    after = page.model.index(0, column).data(MatrixRole.CELL)
    assert (after.held, after.vacant) == (before.held - 1, before.vacant + 1)


def test_posts_that_nobody_holds_or_needs_are_left_out_until_wanted(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    write_demo(tmp_path / "市南", place="shinan")
    window = open_window()
    window.open_project(tmp_path / "市南" / "demo.gpkg")
    qtbot.waitUntil(lambda: window.context.bridge.is_open, timeout=20_000)
    page = matrix_page(window)
    qtbot.waitUntil(lambda: page.model.rowCount() == 50, timeout=20_000)
    box = page.findChild(QCheckBox, "matrix_empty")
    assert box is not None

    def posts() -> set[str]:
        columns = range(page.model.columnCount())
        return {str(page.model.index(0, c).data(MatrixRole.COLUMN)) for c in columns}

    left_out = {"micro_grid_member", "exclusive_grid_chief", "exclusive_grid_member"}
    assert box.text() == "显示空列（3）"
    assert not posts() & left_out
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert posts() >= left_out
    assert len(posts()) == 11
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert not posts() & left_out
