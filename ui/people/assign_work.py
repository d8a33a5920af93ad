"""Putting people on seats, moving them and taking them off: what the actions do, and why not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from gridadmin.domain.people import Assignment, Person
from gridadmin.staffing.seats import Seat
from ui.people.desk import PeopleDesk
from ui.texts import tr


class AssignWork(QObject):
    """Acts on the seats that are chosen in the table, or on those that are handed to it."""

    def __init__(self, desk: PeopleDesk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        bind = desk.actions.bind
        bind("people.assign", lambda: self.assign(desk.staff.chosen), self._why_no_assign)
        bind("people.transfer", self.transfer, self._why_no_transfer)
        bind("people.handover", self.handover, self._why_no_handover)
        bind("people.change", lambda: self.change(desk.staff.chosen), self._why_none_held)
        bind("people.end", lambda: self.end(desk.staff.chosen), self._why_none_held)

    # Why not

    def _why_none(self) -> str:
        why = self._desk.bridge.why_not_change()
        if why:
            return why
        if self._desk.staff.roll is None:
            return tr("先打开“人员”工作区，读取岗位和人员。")
        return "" if self._desk.staff.chosen else tr("请先在岗位表中选中一行。")

    def _why_no_assign(self) -> str:
        why = self._why_none()
        if why:
            return why
        seats = self._desk.staff.chosen
        if any(seat.post is None for seat in seats) and len(seats) > 1:
            return tr("没有岗位的人请一次选一个。")
        return ""

    def _why_none_held(self) -> str:
        why = self._why_none()
        if why:
            return why
        is_held = any(seat.assignment for seat in self._desk.staff.chosen)
        return "" if is_held else tr("选中的行没有人任职。")

    def _why_no_transfer(self) -> str:
        why = self._why_none()
        if why:
            return why
        seats = self._desk.staff.chosen
        is_one = len(seats) == 1 and seats[0].person is not None
        return "" if is_one else tr("请选中一个有人的岗位。")

    def _why_no_handover(self) -> str:
        why = self._why_none_held()
        if why:
            return why
        persons = {seat.person.uid for seat in self._desk.staff.chosen if seat.person}
        return "" if len(persons) == 1 else tr("请选中同一个人的岗位。")

    # Doing it

    def assign(self, seats: Sequence[Seat]) -> QDialog | None:
        """Ask who is to sit on seats; for a person without a post, ask for the seat."""
        if len(seats) == 1 and seats[0].post is None and seats[0].person is not None:
            return self.place(seats[0].person)
        wanted = [seat for seat in seats if seat.post is not None]
        if not wanted:
            return None
        from ui.people.pick_person import PickPersonDialog

        return self._open(PickPersonDialog(self._desk, wanted, self._window))

    def place(
        self,
        person: Person,
        *,
        areas: Sequence[str] | None = None,
        leaves: Sequence[Assignment] = (),
        post: str = "",
        anchor: tuple[str, str] | None = None,
    ) -> QDialog:
        """Ask on which seat a person is to go."""
        from ui.people.pick_seat import PickSeatDialog

        dialog = PickSeatDialog(self._desk, person, areas=areas, leaves=leaves, parent=self._window)
        if post:
            dialog.choose(post, anchor)
        return self._open(dialog)

    def transfer(self) -> QDialog | None:
        """Ask where the holder of the chosen seat is to go."""
        seat = self._desk.staff.chosen[0]
        if seat.person is None:
            return None
        leaves = () if seat.assignment is None else (seat.assignment,)
        return self.place(seat.person, leaves=leaves)

    def handover(self, person: Person | None = None) -> QDialog | None:
        """Ask who takes over all posts of a person (without one, of who is chosen)."""
        from ui.people.other_forms import HandoverForm

        found = person or next((s.person for s in self._desk.staff.chosen if s.person), None)
        return None if found is None else self._open(HandoverForm(self._desk, found, self._window))

    def change(self, seats: Sequence[Seat]) -> QDialog:
        """Ask what of the assignments on seats is to change."""
        from ui.people.other_forms import ChangeForm

        return self._open(ChangeForm(self._desk, seats, self._window))

    def end(self, seats: Sequence[Seat]) -> QDialog:
        """Ask from when on the holders of seats are to be off them."""
        from ui.people.other_forms import EndForm

        return self._open(EndForm(self._desk, seats, self._window))

    # Dropping

    def put_on_seat(self, keys: Sequence[str], seat: Seat) -> None:
        """Ask for what was dropped on a seat to go there; conflicts are said before."""
        dragged = self._dragged(keys)
        if dragged is None or dragged.person is None or seat.post is None:
            return
        areas = None if seat.area is None else [seat.area.uid]
        self._place_dragged(dragged, areas, seat.post.key, seat.anchor)

    def put_on_area(self, keys: Sequence[str], area: str) -> None:
        """Ask on which post of an area what was dropped on it is to go."""
        dragged = self._dragged(keys)
        if dragged is not None and dragged.person is not None:
            self._place_dragged(dragged, [area], "")

    def _place_dragged(
        self,
        dragged: Seat,
        areas: Sequence[str] | None,
        post: str,
        anchor: tuple[str, str] | None = None,
    ) -> None:
        if dragged.person is None:
            return
        leaves = () if dragged.assignment is None else (dragged.assignment,)
        self.place(dragged.person, areas=areas, leaves=leaves, post=post, anchor=anchor)

    def _dragged(self, keys: Sequence[str]) -> Seat | None:
        """Return the one seat that is dragged; several persons at once are refused in words."""
        why = self._desk.bridge.why_not_change()
        roll = self._desk.staff.roll
        if why or roll is None:
            self._desk.context.messages.refuse(why or tr("正在读取岗位和人员…"))
            return None
        found = [seat for seat in roll.seats if seat.key in set(keys) and seat.person is not None]
        if len({seat.person.uid for seat in found if seat.person}) != 1:
            self._desk.context.messages.refuse(tr("一次只能拖一个人。"))
            return None
        return found[0]

    def _open(self, dialog: QDialog) -> QDialog:
        dialog.open()
        return dialog
