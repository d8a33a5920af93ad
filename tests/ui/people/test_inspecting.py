"""What the inspector shows of people: teams, cards, overview, and what its buttons do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDateEdit, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from gridadmin.domain.people import Organization, Person, masked_phone
from gridadmin.edit.people_records import PutRecord
from gridadmin.staffing.seats import SeatState
from tests.ui.hands import tap
from tests.ui.panels.conftest import said
from tests.ui.people.acting import dialog_of, drop, key, row_where
from tests.ui.people.conftest import known, seats
from tests.ui.test_accessible_names import nameless
from ui.main_window import MainWindow
from ui.panels.area_page import AreaPage
from ui.people.overview_page import OverviewPage
from ui.people.page import SeatRow
from ui.people.person_page import PersonPage
from ui.people.pick_person import PickPersonDialog
from ui.people.pick_seat import PickSeatDialog
from ui.people.record_form import RecordForm
from ui.people.record_forms import EndRecordForm, HeadcountForm, OrganizationForm, PersonForm
from ui.people.seats_form import SeatsForm
from ui.people.staff import today
from ui.people.team_page import TeamPage
from ui.people.unit_page import UnitPage


def press(window: MainWindow, name: str) -> None:
    """Press a button of the inspector's page."""
    button = window.inspector.page.findChild(QPushButton, name)
    assert button is not None, name
    tap(button)
    QApplication.processEvents()


def write_day(form: RecordForm, day: str) -> None:
    """Say by keys that the first day is known, and type it."""
    box, field = form.findChild(QCheckBox, "has-valid_from"), form.findChild(QDateEdit)
    assert box is not None
    assert field is not None
    box.setFocus()
    key(box, Qt.Key.Key_Space)
    field.setFocus()
    field.setSelectedSection(QDateEdit.Section.YearSection)
    QTest.keyClicks(field, day.replace("-", ""))


def cadre(window: MainWindow) -> Person:
    """Return the first person of a unit who holds a post."""
    book = window.people.staff.book
    assert book is not None
    found = (one for one in book.persons.values() if one.organization and book.of(one.uid))
    return min(found, key=lambda one: one.uid)


def show_person(window: MainWindow, person: Person) -> None:
    """Select a person and make the page."""
    window.context.selection.select_person(person.uid)
    window.inspector.refresh()


def grid_with_a_gap(window: MainWindow) -> Area:
    """Return a grid without a member."""
    roll = window.people.staff.roll
    assert roll is not None
    return next(
        seat.area
        for seat in roll.seats
        if seat.state is SeatState.VACANT
        and seat.area is not None
        and seat.post is not None
        and seat.post.key == "grid_member"
    )


def test_the_pages_are_those_of_people_in_their_workspace_alone(staffed: MainWindow) -> None:
    grid = grid_with_a_gap(staffed)
    staffed.context.selection.select_areas([grid.uid])
    staffed.inspector.refresh()
    in_people = type(staffed.inspector.page)
    staffed.choose_workspace("boundaries")

    assert (in_people, type(staffed.inspector.page)) == (TeamPage, AreaPage)


def test_a_gap_of_a_team_is_filled_from_its_own_button(staffed: MainWindow, qtbot: QtBot) -> None:
    grid = grid_with_a_gap(staffed)
    staffed.context.selection.select_areas([grid.uid])
    staffed.inspector.refresh()
    assert "应配 1 · 实配 0" in said(staffed.inspector)

    press(staffed, f"act-{grid.uid} grid_member 0")
    dialog = dialog_of(staffed, PickPersonDialog)
    chosen = dialog.candidate
    assert chosen is not None
    key(dialog.list.field, Qt.Key.Key_Return)
    known(qtbot, staffed)
    staffed.inspector.refresh()

    assert "应配 1 · 实配 0" not in said(staffed.inspector)
    assert chosen.person.name in said(staffed.inspector)


def test_a_person_can_be_dropped_on_a_gap_of_a_team(staffed: MainWindow) -> None:
    page = seats(staffed)
    grid = grid_with_a_gap(staffed)
    staffed.context.selection.select_areas([grid.uid])
    staffed.inspector.refresh()
    row = row_where(page, lambda seat: seat.state is SeatState.UNASSIGNED)
    data = page.model.mimeData([page.model.index(row, 0)])
    gap = staffed.inspector.page.findChild(SeatRow, f"seat-{grid.uid} grid_member 0")
    assert gap is not None

    assert drop(gap, QPointF(gap.rect().center()), data)
    dialog = dialog_of(staffed, PickSeatDialog)

    assert dialog.opening is not None
    assert dialog.opening.seat.area == grid
    dialog.reject()


def test_a_card_hides_the_own_phone_until_somebody_asks_and_that_is_noted(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    person = cadre(staffed)
    show_person(staffed, person)
    assert person.own_phone
    masked = masked_phone(person.own_phone)

    assert isinstance(staffed.inspector.page, PersonPage)
    assert person.own_phone not in said(staffed.inspector)
    assert masked in said(staffed.inspector)
    press(staffed, "reveal-phone")
    assert person.own_phone in said(staffed.inspector)
    press(staffed, "reveal-phone")
    assert person.own_phone not in said(staffed.inspector)
    qtbot.waitUntil(lambda: not staffed.context.jobs.is_busy, timeout=10_000)
    [note] = staffed.context.bridge.session.store.export_notes()
    assert (note.what, note.profile, note.fields) == ("phone", "internal", person.name)


def test_a_person_is_changed_in_a_form_and_only_what_differs_is_written(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    person = cadre(staffed)
    show_person(staffed, person)
    press(staffed, "edit-person")
    form = dialog_of(staffed, PersonForm)
    assert not form.act_button.isEnabled()
    field = form.findChild(QLineEdit, "rank")
    assert field is not None
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "R4")
    assert form.values() == {"rank": "R4"}
    key(field, Qt.Key.Key_Return)
    known(qtbot, staffed)

    assert staffed.context.bridge.snapshot.rows("person")[person.uid].rank == "R4"


def test_a_wrong_phone_is_refused_in_the_form(staffed: MainWindow) -> None:
    staffed.actions_table.action("people.new_person").trigger()
    form = dialog_of(staffed, PersonForm)
    QTest.keyClicks(form.name, "Jia")
    field = form.findChild(QLineEdit, "duty_phone")
    assert field is not None
    QTest.keyClicks(field, "abc")
    key(field, Qt.Key.Key_Return)

    assert form.isVisible()
    assert form.fault.said
    form.reject()


def test_a_new_person_is_found_without_a_post(staffed: MainWindow, qtbot: QtBot) -> None:
    staffed.actions_table.action("people.new_person").trigger()
    form = dialog_of(staffed, PersonForm)
    QTest.keyClicks(form.name, "Jia")
    key(form.name, Qt.Key.Key_Return)
    known(qtbot, staffed)

    roll = staffed.people.staff.roll
    assert roll is not None
    free = [
        seat.person.name for seat in roll.seats if seat.state is SeatState.UNASSIGNED if seat.person
    ]
    assert "Jia" in free


def test_who_leaves_the_roster_leaves_all_posts(staffed: MainWindow, qtbot: QtBot) -> None:
    person = cadre(staffed)
    show_person(staffed, person)
    press(staffed, "end-person")
    form = dialog_of(staffed, EndRecordForm)
    tap(form.act_button)
    known(qtbot, staffed)

    snapshot = staffed.context.bridge.snapshot
    assert snapshot.rows("person")[person.uid].valid_to == today()
    held = [one for one in snapshot.linked("assignment", person.uid) if one.valid_to is None]
    assert held == []


def test_a_unit_shows_officials_quota_and_what_is_short(staffed: MainWindow, qtbot: QtBot) -> None:
    bridge = staffed.context.bridge
    unit = bridge.snapshot.rows("organization")[cadre(staffed).organization or ""]
    staffed.context.selection.select_organization(unit.uid)
    staffed.inspector.refresh()
    assert isinstance(staffed.inspector.page, UnitPage)
    press(staffed, "headcount")
    form = dialog_of(staffed, HeadcountForm)
    form.officials.setValue(10)
    form.quota.setValue(9)
    tap(form.act_button)
    known(qtbot, staffed)
    staffed.inspector.refresh()

    book = staffed.people.staff.book
    assert book is not None
    sent = sum(book.persons[uid].organization == unit.uid for uid in book.cadres())
    assert f"应派 9，已派 {sent}，还缺 {9 - sent}" in said(staffed.inspector)


def test_a_new_unit_is_made_by_keys(staffed: MainWindow, qtbot: QtBot) -> None:
    staffed.actions_table.action("people.new_unit").trigger()
    form = dialog_of(staffed, OrganizationForm)
    QTest.keyClicks(form.name, "Unit X")
    key(form.name, Qt.Key.Key_Return)
    known(qtbot, staffed)

    units: list[Organization] = list(staffed.context.bridge.snapshot.rows("organization").values())
    assert [one.name for one in units if one.name == "Unit X"] == ["Unit X"]


def test_more_seats_on_an_area_are_more_gaps(staffed: MainWindow, qtbot: QtBot) -> None:
    grid = grid_with_a_gap(staffed)
    staffed.context.selection.select_areas([grid.uid])
    staffed.inspector.refresh()
    press(staffed, "seats-here")
    form = dialog_of(staffed, SeatsForm)
    assert not form.act_button.isEnabled()
    form.box_of("grid_member").setValue(3)
    tap(form.act_button)
    known(qtbot, staffed)
    staffed.inspector.refresh()

    assert "应配 3 · 实配 0" in said(staffed.inspector)


def test_the_overview_counts_seats_people_and_cover(staffed: MainWindow) -> None:
    staffed.context.selection.clear()
    staffed.inspector.refresh()
    roll = staffed.people.staff.roll
    assert roll is not None
    vacant = roll.count(SeatState.VACANT)

    assert isinstance(staffed.inspector.page, OverviewPage)
    assert f"空缺 {vacant}" in said(staffed.inspector)
    assert "12 个社区（村）" in said(staffed.inspector)


def test_every_control_of_the_pages_about_people_has_a_name(staffed: MainWindow) -> None:
    person = cadre(staffed)
    selection = staffed.context.selection
    grid = grid_with_a_gap(staffed)
    for select in (
        selection.clear,
        lambda: selection.select_areas([grid.uid]),
        lambda: selection.select_areas([grid.parent or ""]),
        lambda: selection.select_person(person.uid),
        lambda: selection.select_organization(person.organization or ""),
    ):
        select()
        staffed.inspector.refresh()
        assert nameless(staffed.inspector) == [], selection.now


def test_the_page_follows_a_change_of_the_person(staffed: MainWindow, qtbot: QtBot) -> None:
    person = cadre(staffed)
    show_person(staffed, person)

    staffed.context.bridge.execute(PutRecord("person", {"job_title": "调研员"}, person.uid))
    known(qtbot, staffed)

    qtbot.waitUntil(lambda: "调研员" in said(staffed.inspector))


def test_a_new_person_and_a_unit_get_the_day_on_which_they_begin(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    staffed.actions_table.action("people.new_person").trigger()
    form = dialog_of(staffed, PersonForm)
    QTest.keyClicks(form.name, "Jia")
    write_day(form, "2026-03-01")
    key(form.name, Qt.Key.Key_Return)
    known(qtbot, staffed)
    staffed.actions_table.action("people.new_unit").trigger()
    unit_form = dialog_of(staffed, OrganizationForm)
    QTest.keyClicks(unit_form.name, "Unit X")
    write_day(unit_form, "2025-12-31")
    key(unit_form.name, Qt.Key.Key_Return)
    known(qtbot, staffed)

    snapshot = staffed.context.bridge.snapshot
    begins = {
        row.name: row.valid_from
        for table in ("person", "organization")
        for row in snapshot.rows(table).values()
    }
    assert (begins["Jia"], begins["Unit X"]) == ("2026-03-01", "2025-12-31")


def test_the_day_on_which_a_person_begins_can_be_taken_out_again(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    person = cadre(staffed)
    staffed.context.bridge.execute(PutRecord("person", {"valid_from": "2026-03-01"}, person.uid))
    known(qtbot, staffed)
    show_person(staffed, person)
    press(staffed, "edit-person")
    form = dialog_of(staffed, PersonForm)
    box = form.findChild(QCheckBox, "has-valid_from")
    assert box is not None
    assert not form.act_button.isEnabled()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert form.values() == {"valid_from": None}
    key(form.name, Qt.Key.Key_Return)
    known(qtbot, staffed)

    assert staffed.context.bridge.snapshot.rows("person")[person.uid].valid_from is None
