"""The short dialogs about assignments: taking off, changing several, handing over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget
from shiboken6 import isValid

from gridadmin.domain.people import Person
from gridadmin.edit.assign_commands import Handover
from gridadmin.edit.command import Command
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.figures import in_printed_order
from gridadmin.staffing.seats import Seat
from ui.dialogs.words import label
from ui.panels import words as panel_words
from ui.people import assigning, words
from ui.people.choice_list import Choice, ChoiceList
from ui.people.desk import PeopleDesk
from ui.people.form import DayField, Fields, PeopleForm
from ui.people.staff import today
from ui.texts import tr

_MOST_NAMED = 6


def seat_names(desk: PeopleDesk, seats: Sequence[Seat]) -> str:
    """Return who sits where, the first few."""
    book = desk.staff.book
    told = [
        tr("{name}（{post}）", name=words.person(seat), post=words.held(book, seat.assignment))
        for seat in seats[:_MOST_NAMED]
        if book is not None and seat.assignment is not None
    ]
    more = tr("等 {n} 项", n=len(seats)) if len(seats) > len(told) else ""
    return tr("、").join(told) + more


class EndForm(PeopleForm):
    """The last day of the chosen assignments."""

    def __init__(
        self, desk: PeopleDesk, seats: Sequence[Seat], parent: QWidget | None = None
    ) -> None:
        self._seats = [seat for seat in seats if seat.assignment is not None]
        title = tr("卸任 {n} 个岗位", n=len(self._seats))
        super().__init__(desk.context, title, seat_names(desk, self._seats), tr("卸任"), parent)
        self.day = DayField("first_day_without", tr("从哪一天起不再担任"), day=today())
        fields = Fields()
        fields.put("day", tr("从哪一天起不再担任"), self.day)
        self.body.addLayout(fields)
        self.body.addWidget(label(tr("任职记录保留在历史中；当天才开始的任职直接删去。"), "quiet"))

    def command(self) -> Command:
        """Return the command."""
        return assigning.end(self._seats, self.day.iso() or today())

    def told(self) -> str:
        """Return what was done."""
        return tr("已卸任 {n} 个岗位。", n=len(self._seats))


class ChangeForm(PeopleForm):
    """Fields of several assignments at once; only what is ticked changes."""

    def __init__(
        self, desk: PeopleDesk, seats: Sequence[Seat], parent: QWidget | None = None
    ) -> None:
        self._seats = [seat for seat in seats if seat.assignment is not None]
        title = tr("修改 {n} 项任职", n=len(self._seats))
        super().__init__(desk.context, title, seat_names(desk, self._seats), tr("修改"), parent)
        first = self._seats[0].assignment
        self._boxes: dict[str, QCheckBox] = {}
        self.since = DayField(
            "since", tr("开始日期"), day=first.valid_from if first and first.valid_from else today()
        )
        last = None if first is None or first.valid_to is None else words.until(first.valid_to)
        self.until = DayField("until", tr("结束日期（含）"), box=tr("有期限"), day=last)
        self.batch = QLineEdit(first.batch or "" if first else "")
        self.role = QLineEdit(first.role or "" if first else "")
        self.document = QLineEdit(first.document or "" if first else "")
        self.sending = QComboBox()
        self.sending.addItem(tr("本人单位"), None)
        units = desk.staff.book.organizations.values() if desk.staff.book else ()
        for unit in sorted(units, key=in_printed_order):
            self.sending.addItem(unit.name, unit.uid)
        if first is not None and first.sending_organization is not None:
            self.sending.setCurrentIndex(self.sending.findData(first.sending_organization))
        self.locked = QCheckBox(tr("自动建议时保持不动"))
        self.locked.setChecked(bool(first and first.is_locked))
        self._fields = Fields()
        self._put("valid_from", tr("开始日期"), self.since)
        self._put("valid_to", tr("结束日期（含）"), self.until)
        self._put("batch", tr("选派批次"), self.batch)
        self._put("role", tr("职责范畴"), self.role)
        self._put("sending_organization", tr("派出单位"), self.sending)
        self._put("document", tr("文号"), self.document)
        self._put("is_locked", tr("锁定任职"), self.locked)
        self.body.addWidget(label(tr("只修改勾选的项目；文字留空表示删去。"), "quiet"))
        self.body.addLayout(self._fields)
        self.judge()

    def _put(self, name: str, said: str, field: QWidget) -> None:
        box = QCheckBox(said)
        box.setObjectName(f"change-{name}")
        box.toggled.connect(field.setEnabled)
        box.toggled.connect(lambda _: self.judge())
        field.setEnabled(False)
        field.setObjectName(name)
        field.setAccessibleName(said)
        row = self._fields.rowCount()
        self._fields.addWidget(box, row, 0)
        self._fields.addWidget(field, row, 1)
        self._boxes[name] = box

    def first_field(self) -> QWidget | None:
        """Begin with the end of the term."""
        return self._boxes["valid_to"]

    def why_not(self) -> str:
        """Return what is missing."""
        is_any = any(box.isChecked() for box in self._boxes.values())
        return "" if is_any else tr("请勾选要修改的项目。")

    def command(self) -> Command:
        """Return the command."""
        said: dict[str, Any] = {
            "valid_from": self.since.iso(),
            "valid_to": self.until.day_after(),
            "batch": self.batch.text().strip() or None,
            "role": self.role.text().strip() or None,
            "sending_organization": self.sending.currentData(),
            "document": self.document.text().strip() or None,
            "is_locked": self.locked.isChecked(),
        }
        values = {name: value for name, value in said.items() if self._boxes[name].isChecked()}
        return assigning.change(self._seats, values)

    def told(self) -> str:
        """Return what was done."""
        return tr("已修改 {n} 项任职。", n=len(self._seats))


class HandoverForm(PeopleForm):
    """To whom all posts of a person go, and from when."""

    def __init__(self, desk: PeopleDesk, person: Person, parent: QWidget | None = None) -> None:
        self._person = person
        book = desk.staff.book
        held = () if book is None else book.of(person.uid)
        told = [words.held(book, one) for one in held if book is not None]
        super().__init__(
            desk.context,
            tr("移交{name}的全部岗位", name=person.name),
            tr("{n} 个岗位：{posts}", n=len(told), posts=tr("、").join(told)),
            tr("移交"),
            parent,
        )
        hint = tr("按姓名、单位、工号筛选（支持拼音）")
        self.list = ChoiceList("heirs", tr("接手的人"), hint, desk.staff.spellings)
        self.day = DayField("day", tr("从哪一天起"), day=today())
        self.body.addWidget(self.list, 1)
        fields = Fields()
        fields.put("day", tr("从哪一天起"), self.day)
        self.body.addLayout(fields)
        self.list.changed.connect(self.judge)
        self.list.taken.connect(self._agree)
        em = self.fontMetrics().height()
        self.resize(38 * em, 34 * em)
        desk.staff.work_out(tr("候选人排序"), lambda roll: _heirs(roll.book, person), self._take)

    def _take(self, heirs: list[Choice]) -> None:
        # The dialog may be gone by now.
        if isValid(self):
            self.list.take(heirs)

    def first_field(self) -> QWidget | None:
        """Begin to type a name."""
        return self.list.field

    def why_not(self) -> str:
        """Return what is missing."""
        return "" if self.list.chosen is not None else tr("请先选一个人。")

    def command(self) -> Command:
        """Return the command."""
        chosen = self.list.chosen
        heir = "" if chosen is None else chosen.key
        return Handover(self._person.uid, heir, self.day.iso())

    def told(self) -> str:
        """Return what was done."""
        chosen = self.list.chosen
        heir = "" if chosen is None else chosen.title
        return tr("已把{name}的岗位移交给{heir}。", name=self._person.name, heir=heir)


def _heirs(book: StaffBook, person: Person) -> list[Choice]:
    """Return everybody else: who holds nothing first, then colleagues of the same unit."""
    others = [one for one in book.persons.values() if one.uid != person.uid]
    others.sort(
        key=lambda one: (
            len(book.of(one.uid)),
            one.organization != person.organization,
            one.name,
            one.uid,
        )
    )
    return [_heir(book, one) for one in others]


def _heir(book: StaffBook, person: Person) -> Choice:
    unit = book.organizations.get(person.organization or "")
    held = book.of(person.uid)
    aside = panel_words.dotted([unit.name if unit else "", person.job_title or ""])
    free = "" if held else tr("没有岗位")
    busy = tr("现有 {n} 个岗位", n=len(held)) if held else ""
    return Choice(person.uid, person.name, aside, free, busy, person.staff_number or "")
