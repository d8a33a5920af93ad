"""What the pages about people in the inspector are made of: rows of seats, links, buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gridadmin.domain.people import Assignment, Organization, Person
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.seats import Seat, SeatState
from ui.panels import words as panel_words
from ui.panels.desk import Desk
from ui.panels.flow import FlowBox
from ui.panels.marks import StateMark
from ui.panels.page import Page
from ui.panels.parts import ElidedButton, ElidedLabel
from ui.people import body_words, words
from ui.people.desk import PeopleDesk
from ui.people.seat_model import SEATS
from ui.people.seat_view import keys_in
from ui.people.works import Works
from ui.texts import tr

_LINK = "QPushButton { padding: 0 1px; min-height: 0; } QPushButton:focus { padding: 0; }"


class PeoplePage(Page):
    """A page about people: it knows the book of today and what can be done."""

    def __init__(self, desk: Desk, people: PeopleDesk, book: StaffBook, works: Works) -> None:
        super().__init__(desk)
        self.people = people
        self.book = book
        self.work = works.assigning
        self.records = works.records
        self.bodies = works.bodies

    def person_link(self, person: Person) -> ElidedButton:
        """Return a button that leads to a person."""
        areas = [one.anchor for one in self.book.of(person.uid) if one.anchor_kind == "area"]
        selection = self.desk.context.selection
        return self.plain_link(person.name, lambda: selection.select_person(person.uid, areas))

    def unit_link(self, unit: Organization) -> ElidedButton:
        """Return a button that leads to a unit."""
        return self.plain_link(unit.name, lambda: self.show_unit(unit.uid))

    def show_unit(self, uid: str) -> None:
        """Select a unit with the places that it is paired with."""
        areas = [
            one.anchor
            for one in self.book.pairings()
            if one.organization == uid and one.anchor_kind == "area"
        ]
        self.desk.context.selection.select_organization(uid, areas)

    def thing_link(self, text: str, table: str, uid: str) -> ElidedButton:
        """Return a button that leads to a body: a team, a cluster or a facility."""
        # While the people of a large project are read again the book may be a step behind.
        rows = (self.desk.snapshot.rows(table), self.book.snapshot.rows(table))
        row = next((known[uid] for known in rows if uid in known), None)
        areas = [] if row is None else body_words.areas(self.book, table, row)
        select = self.desk.context.selection.select_thing
        return self.plain_link(text, lambda: select(table, uid, areas))

    def plain_link(self, text: str, act: Callable[[], object]) -> ElidedButton:
        """Return a button that looks like a link."""
        button = ElidedButton(text, act, "link")
        button.setStyleSheet(_LINK)
        return button

    def act(self, name: str, text: str, act: Callable[[], object], role: str = "") -> ElidedButton:
        """Return a button that changes something: it says why it can't."""
        button = ElidedButton(text, act, role)
        button.setObjectName(name)
        button.forbid(self.desk.bridge.why_not_change())
        return button

    def dates(self, one: Assignment) -> str:
        """Return from when until when an assignment holds."""
        since = one.valid_from or tr("起始不详")
        if one.valid_to is None:
            return tr("{since} 起", since=since)
        return tr("{since} 至 {until}", since=since, until=words.until(one.valid_to))


class SeatRow(QFrame):
    """One seat of a team: who sits there, or that nobody does; a person can be dropped on it.

    *title* stands in the place of the holder's name.
    """

    def __init__(self, page: PeoplePage, seat: Seat, title: QWidget | None = None) -> None:
        super().__init__()
        self._page = page
        self._seat = seat
        self.said: ElidedLabel | None = None
        """What a vacant seat says."""
        self.setAcceptDrops(True)
        self.setObjectName(f"seat-{seat.key}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(6)
        sides = Qt.AlignmentFlag
        side = sides.AlignVCenter if seat.person is None else sides.AlignTop
        row.addWidget(StateMark(words.state_mark(seat.state)), 0, side)
        column = QVBoxLayout()
        column.setSpacing(0)
        if seat.person is None or seat.assignment is None:
            self.said = ElidedLabel(tr("空缺"), "error")
            column.addWidget(self.said)
        else:
            column.addWidget(title or page.person_link(seat.person))
            parts = [words.unit(page.book, seat), page.dates(seat.assignment)]
            if seat.state is not SeatState.FINE:
                parts.append(words.state(seat, page.book.day))
            told = [part for part in parts if part != panel_words.UNKNOWN]
            column.addWidget(ElidedLabel(panel_words.dotted(told), "quiet"))
        row.addLayout(column, 1)
        is_vacant = seat.person is None
        text = tr("指派") if is_vacant else tr("卸任")
        act = page.work.assign if is_vacant else page.work.end
        button = page.act(
            f"act-{seat.key}", text, lambda: act([seat]), "" if is_vacant else "quiet"
        )
        told_of = f"{text} {words.post(seat)} {words.person(seat)}"
        button.setAccessibleName(told_of)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take dragged persons."""
        if event.mimeData().hasFormat(SEATS):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take dragged persons anywhere on the row."""
        if event.mimeData().hasFormat(SEATS):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the dragged person to be put on this seat."""
        event.acceptProposedAction()
        self._page.work.put_on_seat(keys_in(event), self._seat)


def flow_of(buttons: Sequence[QWidget]) -> QWidget:
    """Return buttons side by side that go on in the next line."""
    box = FlowBox()
    for button in buttons:
        box.add(button)
    return box
