"""Scenes of the workspace of people: who sits where, candidates, findings, proposals, the mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QTableView, QWidget

from docs.stage import Stage
from gridadmin.edit.assign_commands import Unassign
from gridadmin.edit.people_records import PutRecord
from gridadmin.staffing.seats import SeatState
from ui.people.bodies_page import BodiesPage
from ui.people.counts_page import CountsPage
from ui.people.found_page import FoundPage
from ui.people.matrix_page import MatrixPage
from ui.people.mode_form import ModeForm
from ui.people.pick_person import PickPersonDialog
from ui.people.proposals_dialog import ProposalDialog
from ui.people.seat_page import SeatPage
from ui.people.staff_report_dialog import StaffReportDialog

D = TypeVar("D", bound=QDialog)
_CLICK = Qt.MouseButton.LeftButton


def _people(stage: Stage) -> SeatPage:
    """Go to the workspace of people; its table stands."""
    stage.window.choose_workspace("people")
    staff = stage.window.people.staff
    stage.wait(lambda: staff.is_up_to_date)
    page = stage.window.people.seat_page()
    dock = stage.window.docks["people"]
    stage.window.resizeDocks([dock], [330], Qt.Orientation.Vertical)
    stage.rest()
    return page


def _page(stage: Stage, key: str) -> QWidget:
    _people(stage)
    page = stage.window.people.panel.show_page(key)
    stage.rest()
    return page


def _dialog(stage: Stage, kind: type[D], width: int, height: int) -> D:
    """Return the dialog that has come up, put into the middle of the window."""
    stage.wait(lambda: any(one.isVisible() for one in stage.window.findChildren(kind)))
    dialog = next(one for one in stage.window.findChildren(kind) if one.isVisible())
    dialog.resize(width, height)
    size = stage.window.size()
    middle = QPoint((size.width() - width) // 2, (size.height() - height) // 2 + 14)
    dialog.move(stage.window.pos() + middle)
    stage.rest()
    return dialog


def _click(table: QTableView, index: QModelIndex) -> None:
    table.scrollTo(index)
    at = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), _CLICK, Qt.KeyboardModifier.NoModifier, at)


def _seats(stage: Stage) -> None:
    page = _people(stage)
    page.show_state(SeatState.VACANT)
    stage.rest()
    _click(page.view, page.model.index(1, 0))


def _assign(stage: Stage) -> None:
    page = _people(stage)
    book = stage.window.people.staff.book
    members = [
        one
        for area in (book.areas("grid") if book else ())
        for one in (book.on(area.uid) if book else ())
        if one.post == "grid_member"
    ]
    # Somebody has left a grid and is free again: the first of the list.
    stage.do(Unassign(members[3].uid))
    stage.wait(lambda: stage.window.people.staff.is_up_to_date)
    page.show_state(SeatState.VACANT)
    stage.rest()
    rows = range(page.model.rowCount())
    seats = ((row, page.model.seat_of(page.model.index(row, 0))) for row in rows)
    row = next(row for row, seat in seats if seat and seat.post and seat.post.key == "grid_member")
    _click(page.view, page.model.index(row, 0))
    stage.act("people.assign")
    _dialog(stage, PickPersonDialog, 620, 600)


def _matrix(stage: Stage) -> None:
    page = cast("MatrixPage", _page(stage, "matrix"))
    stage.wait(lambda: page.model.rowCount() > 0)


def _dashboard(stage: Stage) -> None:
    _page(stage, "dashboard")


def _findings(stage: Stage) -> None:
    page = cast("FoundPage", _page(stage, "findings"))
    stage.wait(lambda: page.found.is_up_to_date)
    page.groups.setCurrentIndex(1)
    stage.rest()
    row = next(n for n in range(page.model.rowCount()) if page.model.line_at(n) is not None)
    _click(page.view, page.model.index(row, 2))


def _proposals(stage: Stage) -> None:
    _people(stage)
    stage.act("people.propose")
    dialog = _dialog(stage, ProposalDialog, 900, 600)
    stage.wait(lambda: dialog.table.model().rowCount() > 0)


def _mode(stage: Stage) -> None:
    _people(stage)
    for number in (1, 2):
        name = stage.words(f"防汛突击队{number}（虚构）", f"Flood team {number} (made up)")
        stage.do(PutRecord("organization", {"name": name, "mode": "emergency"}))
    stage.act("people.mode")
    form = _dialog(stage, ModeForm, 560, 460)
    form.note.setText(stage.words("防汛应急响应（演练）", "flood response (exercise)"))


def _report(stage: Stage) -> None:
    _people(stage)
    stage.act("people.report")
    _dialog(stage, StaffReportDialog, 620, 560)


def _bodies(stage: Stage) -> None:
    page = cast("BodiesPage", _page(stage, "bodies"))
    page.show_kind("point_object")
    stage.rest()
    _click(page.view, page.model.index(2, 0))


def _counts(stage: Stage) -> None:
    page = cast("CountsPage", _page(stage, "counts"))
    stage.rest()
    _click(page.view, page.model.index(0, 2))


def _reach(stage: Stage) -> None:
    _people(stage)
    stage.window.docks["people"].hide()
    stage.window.docks["tree"].hide()
    stage.rest()
    stage.window.map_panel.zoom_all()
    stage.act("view.reach")


PEOPLE_SCENES: Mapping[str, Callable[[Stage], None]] = {
    "people-seats": _seats,
    "people-assign": _assign,
    "people-matrix": _matrix,
    "people-dashboard": _dashboard,
    "people-findings": _findings,
    "people-reach": _reach,
    "people-proposals": _proposals,
    "people-mode": _mode,
    "people-report": _report,
    "people-bodies": _bodies,
    "people-counts": _counts,
}
