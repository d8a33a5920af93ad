"""People put on seats, moved, taken off and changed, by keys and by dragging; one undo each."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDateEdit, QLineEdit
from pytestqt.qtbot import QtBot

from gridadmin.domain.people import Assignment
from gridadmin.staffing.seats import Seat, SeatState
from tests.ui.hands import tap
from tests.ui.mapping import inner_place
from tests.ui.people.acting import (
    click_row,
    dialog_of,
    drop,
    is_held,
    is_vacant,
    key,
    row_where,
    shown,
)
from tests.ui.people.conftest import known, seats
from ui.main_window import MainWindow
from ui.people.other_forms import ChangeForm, EndForm, HandoverForm
from ui.people.pick_person import PickPersonDialog
from ui.people.pick_seat import PickSeatDialog
from ui.people.staff import today

_CONTROL = Qt.KeyboardModifier.ControlModifier


def on(window: MainWindow, seat: Seat) -> list[Assignment]:
    """Return the assignments that stand on the post of a seat and have no end."""
    assert seat.anchor is not None
    assert seat.post is not None
    rows = window.context.bridge.snapshot.rows("assignment").values()
    return [
        one
        for one in rows
        if (one.anchor, one.post, one.valid_to) == (seat.anchor[1], seat.post.key, None)
    ]


def of(window: MainWindow, person: str) -> list[Assignment]:
    """Return the assignments of a person, the older ones first."""
    rows = window.context.bridge.snapshot.rows("assignment").values()
    found = [one for one in rows if one.person == person]
    return sorted(found, key=lambda one: one.valid_from or "")


def test_a_vacant_seat_is_filled_by_keys_alone(staffed: MainWindow, qtbot: QtBot) -> None:
    page = seats(staffed)
    seat = click_row(page, row_where(page, is_vacant("grid_member")))
    revision = staffed.context.bridge.snapshot.revision

    key(page.view, Qt.Key.Key_Return)
    dialog = dialog_of(staffed, PickPersonDialog)
    assert QApplication.focusWidget() is dialog.list.field
    key(dialog.list.field, Qt.Key.Key_Down)
    chosen = dialog.candidate
    assert chosen is not None
    key(dialog.list.field, Qt.Key.Key_Return)
    known(qtbot, staffed)

    (one,) = on(staffed, seat)
    assert (one.person, one.valid_from) == (chosen.person.uid, today())
    assert staffed.context.bridge.snapshot.revision == revision + 1
    states = [s.state for s in shown(page) if s.anchor == seat.anchor and s.post == seat.post]
    assert SeatState.VACANT not in states
    staffed.actions_table.action("edit.undo").trigger()
    assert on(staffed, seat) == []


def test_the_first_candidate_holds_no_post_and_the_reasons_are_said(staffed: MainWindow) -> None:
    page = seats(staffed)
    click_row(page, row_where(page, is_vacant("grid_member")))
    staffed.actions_table.action("people.assign").trigger()
    dialog = dialog_of(staffed, PickPersonDialog)

    first, last = dialog.list.rows[0], dialog.list.rows[-1]
    dialog.reject()

    assert "没有岗位" in first.for_it
    assert first.against == ""
    assert "专职" in last.against


def test_a_full_time_holder_is_transferred_unless_one_says_otherwise(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    page = seats(staffed)
    busy = shown(page)[row_where(page, is_held("grid_member"))].person
    assert busy is not None
    seat = click_row(page, row_where(page, is_vacant("grid_member")))
    staffed.actions_table.action("people.assign").trigger()
    dialog = dialog_of(staffed, PickPersonDialog)
    row = next(n for n, one in enumerate(dialog.list.rows) if one.key == busy.uid)
    dialog.list.view.setCurrentIndex(dialog.list.view.model().index(row, 0))

    assert dialog.leaves.isChecked()
    assert dialog.warning.said == ""
    dialog.leaves.setChecked(False)
    assert "两个" in dialog.warning.said
    dialog.leaves.setChecked(True)
    key(dialog.list.view, Qt.Key.Key_Return)
    known(qtbot, staffed)

    old, new = of(staffed, busy.uid)
    assert (old.valid_to, new.valid_from) == (today(), today())
    assert seat.anchor is not None
    assert new.anchor == seat.anchor[1]
    assert staffed.context.bridge.document.history()[0].kind == "transfer"


def test_who_holds_a_full_post_is_replaced_in_one_gesture(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    page = seats(staffed)
    seat = click_row(page, row_where(page, is_held("grid_chief")))
    assert seat.assignment is not None
    staffed.actions_table.action("people.assign").trigger()
    dialog = dialog_of(staffed, PickPersonDialog)

    assert dialog.replaces.isChecked()
    dialog.replaces.setChecked(False)
    assert "满员" in dialog.warning.said
    dialog.replaces.setChecked(True)
    tap(dialog.act_button)
    known(qtbot, staffed)

    rows = staffed.context.bridge.snapshot.rows("assignment")
    assert rows[seat.assignment.uid].valid_to == today()
    assert len(on(staffed, seat)) == 1


def test_a_refusal_is_said_in_the_dialog_which_stays(staffed: MainWindow) -> None:
    page = seats(staffed)
    click_row(page, row_where(page, is_held("grid_chief")))
    staffed.actions_table.action("people.assign").trigger()
    dialog = dialog_of(staffed, PickPersonDialog)
    dialog.replaces.setChecked(False)
    revision = staffed.context.bridge.snapshot.revision

    tap(dialog.act_button)

    assert dialog.isVisible()
    assert dialog.fault.said
    assert staffed.context.bridge.snapshot.revision == revision
    dialog.reject()


def test_several_vacant_seats_get_one_person_in_one_gesture(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    page = seats(staffed)
    page.show_state(SeatState.VACANT)
    fits = is_vacant("micro_grid_member")
    rows = [row for row, seat in enumerate(shown(page)) if fits(seat)]
    one = click_row(page, rows[0])
    two = click_row(page, rows[1], _CONTROL)
    staffed.actions_table.action("people.assign").trigger()
    dialog = dialog_of(staffed, PickPersonDialog)
    key(dialog.list.field, Qt.Key.Key_Return)
    known(qtbot, staffed)

    (here,), (there,) = on(staffed, one), on(staffed, two)
    assert here.person == there.person
    staffed.context.bridge.undo()
    assert on(staffed, one) == on(staffed, two) == []


def test_several_are_taken_off_from_a_day_that_is_written(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    page = seats(staffed)
    row = row_where(page, is_held("grid_member"))
    one = click_row(page, row)
    other = row_where(page, lambda s: is_held("grid_member")(s) and s.key != one.key)
    two = click_row(page, other, _CONTROL)
    staffed.actions_table.action("people.end").trigger()
    dialog = dialog_of(staffed, EndForm)
    field = dialog.findChild(QDateEdit)
    assert field is not None
    assert QApplication.focusWidget() is field
    QTest.keyClicks(field, "2031")
    key(field, Qt.Key.Key_Return)
    known(qtbot, staffed)

    rows = staffed.context.bridge.snapshot.rows("assignment")
    assert one.assignment is not None
    assert two.assignment is not None
    ends = {rows[uid].valid_to for uid in (one.assignment.uid, two.assignment.uid)}
    assert ends == {f"2031{today()[4:]}"}
    assert staffed.context.bridge.document.history()[0].kind == "unassign"


def test_only_the_ticked_fields_of_several_change(staffed: MainWindow, qtbot: QtBot) -> None:
    page = seats(staffed)
    row = row_where(page, is_held("grid_member"))
    one = click_row(page, row)
    staffed.actions_table.action("people.change").trigger()
    dialog = dialog_of(staffed, ChangeForm)
    assert not dialog.act_button.isEnabled()
    box = dialog.findChild(QCheckBox, "change-batch")
    assert box is not None
    box.click()
    field = dialog.findChild(QLineEdit, "batch")
    assert field is not None
    field.setFocus()
    QTest.keyClicks(field, "B2")
    key(field, Qt.Key.Key_Return)
    known(qtbot, staffed)

    assert one.assignment is not None
    now = staffed.context.bridge.snapshot.rows("assignment")[one.assignment.uid]
    assert (now.batch, now.valid_from) == ("B2", one.assignment.valid_from)


def test_all_posts_go_to_another_person(staffed: MainWindow, qtbot: QtBot) -> None:
    page = seats(staffed)
    seat = click_row(page, row_where(page, is_held("grid_member")))
    assert seat.person is not None
    staffed.actions_table.action("people.handover").trigger()
    dialog = dialog_of(staffed, HandoverForm)
    heir = dialog.list.chosen
    assert heir is not None
    assert heir.for_it == "没有岗位"
    key(dialog.list.field, Qt.Key.Key_Return)
    known(qtbot, staffed)

    assert [one.person for one in on(staffed, seat)] == [heir.key]


def test_a_person_without_a_post_gets_one_of_the_vacant_seats(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    page = seats(staffed)
    seat = click_row(page, row_where(page, lambda s: s.state is SeatState.UNASSIGNED))
    assert seat.person is not None
    key(page.view, Qt.Key.Key_Return)
    dialog = dialog_of(staffed, PickSeatDialog)
    QTest.keyClicks(dialog.list.field, "wanggeyuan")
    dialog.list.finish_typing()
    opening = dialog.opening
    assert opening is not None
    assert opening.seat.post is not None
    key(dialog.list.field, Qt.Key.Key_Return)
    known(qtbot, staffed)

    (one,) = [held for held in of(staffed, seat.person.uid) if held.valid_to is None]
    assert one.post == opening.seat.post.key


def test_a_person_dropped_on_a_seat_is_asked_about_and_moved(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    page = seats(staffed)
    page.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    source = row_where(page, is_held("grid_member"))
    dragged = shown(page)[source]
    target = row_where(page, is_vacant("grid_member"))
    seat = shown(page)[target]
    data = page.model.mimeData([page.model.index(source, 0)])
    page.view.scrollTo(page.model.index(target, 0))
    QApplication.processEvents()
    at = QPointF(page.view.visualRect(page.model.index(target, 0)).center())

    assert drop(page.view.viewport(), at, data)
    dialog = dialog_of(staffed, PickSeatDialog)
    assert dialog.opening is not None
    assert dialog.opening.seat.post == seat.post
    key(dialog.list.field, Qt.Key.Key_Return)
    known(qtbot, staffed)

    assert dragged.person is not None
    assert [one.person for one in on(staffed, seat)] == [dragged.person.uid]
    assert dragged.assignment is not None
    rows = staffed.context.bridge.snapshot.rows("assignment")
    assert rows[dragged.assignment.uid].valid_to == today()


def test_a_person_dropped_on_the_map_may_take_a_post_of_that_area(staffed: MainWindow) -> None:
    page = seats(staffed)
    snapshot = staffed.context.bridge.snapshot
    view = staffed.map_panel.view
    row = row_where(page, lambda s: s.state is SeatState.UNASSIGNED)
    data = page.model.mimeData([page.model.index(row, 0)])
    grid = next(a for a in snapshot.areas() if a.level == "grid" and a.name == "第一网格")
    box = staffed.context.bridge.box_of_area(grid.uid)
    assert box is not None
    view.show_box(box)
    x, y = view.view.px_of(inner_place(snapshot, grid))

    assert drop(view.viewport(), QPointF(x, y), data)
    dialog = dialog_of(staffed, PickSeatDialog)
    areas = {one.seat.area.uid for one in dialog.openings if one.seat.area}
    dialog.reject()

    (area,) = areas
    assert area == grid.uid or grid.uid in {a.uid for a in snapshot.ancestors(area)}


def test_actions_say_why_they_cannot_be_done(staffed: MainWindow) -> None:
    page = seats(staffed)
    page.view.clearSelection()
    action = staffed.actions_table.action

    assert "选中一行" in action("people.assign").toolTip()
    click_row(page, row_where(page, lambda s: s.state is SeatState.VACANT))
    assert action("people.assign").isEnabled()
    assert "没有人任职" in action("people.end").toolTip()
    assert "有人的岗位" in action("people.transfer").toolTip()


def test_party_members_are_told_and_found_by_that_word(staffed: MainWindow, qtbot: QtBot) -> None:
    page = seats(staffed)
    page.show_state(SeatState.VACANT)
    click_row(page, row_where(page, is_vacant("grid_member")))
    staffed.actions_table.action("people.assign").trigger()
    dialog = dialog_of(staffed, PickPersonDialog)
    qtbot.waitUntil(lambda: bool(dialog.list.rows), timeout=20_000)
    book = staffed.people.staff.book
    assert book is not None
    members = {uid for uid, one in book.persons.items() if one.political_status == "中共党员"}
    assert 0 < len(members) < len(book.persons)
    before = len(dialog.list.rows)

    dialog.list.field.setText("党员")
    dialog.list.finish_typing()

    assert 0 < len(dialog.list.rows) < before
    assert {row.key for row in dialog.list.rows} <= members
    assert all("中共党员" in row.aside for row in dialog.list.rows)
    dialog.reject()
