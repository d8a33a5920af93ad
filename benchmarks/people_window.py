"""Runs the workspace of people without a screen; each function in its own process."""

from __future__ import annotations

from time import perf_counter, thread_time, time_ns
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from benchmarks.window import Heartbeat, opened_window, pause, percentile, settle, until
from gridadmin.edit.assign_commands import Unassign
from gridadmin.edit.people_records import PutRecord
from gridadmin.staffing.seats import SeatState
from ui.main_window import MainWindow
from ui.people.found_page import FoundPage
from ui.people.matrix_page import MatrixPage

_TYPED = ("zhang", "wang xiao", "\u7f51\u683c\u5458", "wgy", "990101001", "\u674e \u864e")


_CHIPS = (SeatState.VACANT, SeatState.UNASSIGNED, SeatState.ENDING)


def tabled(path: str) -> dict[str, Any]:
    """Return the seconds until the table stands, ms of a filter, a sort and a step of scrolling.

    And the seconds until it is right again after somebody was taken off a post.
    """
    with opened_window(path) as window:
        settle(window)
        begin = perf_counter()
        window.choose_workspace("people")
        page = window.people.seat_page()
        until(lambda: page.model.rowCount() > 0)
        QApplication.processEvents()
        opened = perf_counter() - begin
        settle(window)
        filters = [_timed(lambda typed=typed: _filter(page, typed)) for typed in _TYPED * 5]
        page.model.set_filter(typed="")
        chips = [_timed(lambda one=one: page.show_state(one)) for one in (*_CHIPS, None) * 3]
        page.show_state(None)
        sorts = [
            _timed(lambda c=c: page.view.sortByColumn(c, Qt.SortOrder.AscendingOrder))
            for c in range(page.model.columnCount())
        ]
        page.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        scrolls = _scrolled(window)
        return {
            "opened": opened,
            "seats": page.model.rowCount(),
            "filter_p95": percentile([*filters, *chips], 95),
            "sort_max": max(sorts),
            "scroll_p95": percentile(scrolls, 95),
            "scroll_max": max(scrolls),
            **_changed(window),
        }


def matrixed(path: str) -> dict[str, Any]:
    """Return the seconds until the matrix stands, the seats known already, and its size."""
    with opened_window(path) as window:
        window.choose_workspace("people")
        settle(window)
        until(lambda: window.people.staff.is_up_to_date)
        begin = perf_counter()
        window.people.show_matrix()
        QApplication.processEvents()
        page = cast("MatrixPage", window.people.panel.widget_of("matrix"))
        until(lambda: page.model.rowCount() > 0)
        page.view.viewport().repaint()
        spent = perf_counter() - begin
        return {"opened": spent, "rows": page.model.rowCount(), "columns": page.model.columnCount()}


def found(path: str) -> dict[str, Any]:
    """Return the seconds until all findings stand, and after a change; ms of a filter."""
    with opened_window(path) as window:
        window.choose_workspace("people")
        settle(window)
        until(lambda: window.people.staff.is_up_to_date)
        heart = Heartbeat()
        pause(50)
        begin = perf_counter()
        window.people.show_findings()
        page = cast("FoundPage", window.people.panel.widget_of("findings"))
        until(lambda: page.found.is_up_to_date)
        opened = perf_counter() - begin
        settle(window)
        stall = heart.longest_own_ms
        heart = Heartbeat()
        pause(50)
        begin = perf_counter()
        window.context.bridge.execute(PutRecord("person", {"name": f"甲{time_ns()}（虚构）"}))
        until(lambda: page.found.is_up_to_date)
        changed = perf_counter() - begin
        settle(window)
        window.context.bridge.undo()
        filters = [
            _timed(lambda typed=typed: page.model.set_filter(typed=typed)) for typed in _TYPED
        ]
        return {
            "opened": opened,
            "findings": 0 if page.found.list is None else len(page.found.list.lines),
            "stall": stall,
            "changed": changed,
            "changed_stall": heart.longest_own_ms,
            "filter_max": max(filters),
        }


def _filter(page: Any, typed: str) -> None:
    page.model.set_filter(typed=typed)
    page.view.viewport().repaint()


def _timed(act: Any) -> float:
    begin = perf_counter()
    act()
    return (perf_counter() - begin) * 1000


def _scrolled(window: MainWindow) -> list[float]:
    view = window.people.seat_page().view
    bar = view.verticalScrollBar()
    spent = []
    for step in range(200):
        # The window's own work: other programs on the machine are no part of it.
        begin = thread_time()
        bar.setValue(bar.maximum() * step // 200)
        view.viewport().repaint()
        spent.append((thread_time() - begin) * 1000)
    return spent


def _changed(window: MainWindow) -> dict[str, Any]:
    page = window.people.seat_page()
    model = page.model
    middle = range(model.rowCount() // 2, model.rowCount())
    rows = (model.seat_of(model.index(row, 0)) for row in middle)
    seat = next(seat for seat in rows if seat is not None and seat.assignment is not None)
    heart = Heartbeat()
    pause(50)
    begin = perf_counter()
    if seat.assignment is not None:
        window.context.bridge.execute(Unassign(seat.assignment.uid))
    until(lambda: page.model.row_of(seat.key) is None)
    spent = perf_counter() - begin
    settle(window)
    return {"changed": spent, "stall": heart.longest_ms}
