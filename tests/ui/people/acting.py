"""Rows, dialogs and drags of the workspace of people, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from gridadmin.staffing.seats import Seat, SeatState
from tests.helpers.patience import until
from ui.main_window import MainWindow
from ui.people.seat_page import SeatPage

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
_COPY = Qt.DropAction.CopyAction

Dialog = TypeVar("Dialog", bound=QDialog)


def shown(page: SeatPage) -> list[Seat]:
    """Return the seats that the table shows, from the top down."""
    model = page.model
    found = (model.seat_of(model.index(row, 0)) for row in range(model.rowCount()))
    return [seat for seat in found if seat is not None]


def row_where(page: SeatPage, fits: Callable[[Seat], bool]) -> int:
    """Return the first row whose seat fits."""
    return next(row for row, seat in enumerate(shown(page)) if fits(seat))


def is_vacant(post: str) -> Callable[[Seat], bool]:
    """Return what says whether a seat of a post is empty."""
    return lambda seat: (
        seat.state is SeatState.VACANT and seat.post is not None and seat.post.key == post
    )


def is_held(post: str) -> Callable[[Seat], bool]:
    """Return what says whether a seat of a post is held by somebody with no other post."""
    return lambda seat: (
        seat.assignment is not None
        and seat.post is not None
        and seat.post.key == post
        and seat.places == 1
    )


def click_row(page: SeatPage, row: int, modifiers: Qt.KeyboardModifier = NONE) -> Seat:
    """Click a row of the table; return its seat."""
    index = page.model.index(row, 0)
    page.view.scrollTo(index)
    QApplication.processEvents()
    at = page.view.visualRect(index).center()
    QTest.mouseClick(page.view.viewport(), LEFT, modifiers, at)
    QApplication.processEvents()
    seat = page.model.seat_of(index)
    assert seat is not None
    return seat


def dialog_of(window: MainWindow, kind: type[Dialog]) -> Dialog:
    """Return the open dialog of a kind as soon as it shows."""

    def found() -> list[Dialog]:
        return [one for one in window.findChildren(kind) if one.isVisible()]

    QApplication.processEvents()
    until(lambda: len(found()) == 1, lambda: f"{kind.__name__}: {found()}")
    return found()[0]


def key(widget: QWidget, name: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press and let go a key."""
    QTest.keyClick(widget, name, modifiers)
    QApplication.processEvents()


def drop(port: QWidget, at: QPointF, data: QMimeData) -> bool:
    """Drag something over a widget and let it go there; return whether it may go there."""
    # What a mouse would do lives on until the events have come.
    enter = QDragEnterEvent(at.toPoint(), _COPY, data, LEFT, NONE)
    QApplication.sendEvent(port, enter)
    move = QDragMoveEvent(at.toPoint(), _COPY, data, LEFT, NONE)
    QApplication.sendEvent(port, move)
    if move.isAccepted():
        QApplication.sendEvent(port, QDropEvent(at, _COPY, data, LEFT, NONE))
    QApplication.processEvents()
    return move.isAccepted()
