"""The inspector's card of a person: who it is, posts now and before, what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gridadmin.domain.people import Assignment, Person, holds_on, masked_phone
from gridadmin.staffing.seats import SeatRoll
from ui.panels.desk import Desk
from ui.panels.parts import ElidedButton, ElidedLabel, Facts, Section
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.people.page import PeoplePage, SeatRow, flow_of
from ui.people.record_forms import CERTIFICATE_WORDS
from ui.people.roster_work import note_phone_shown
from ui.people.works import Works
from ui.texts import tr

_MOST_PAST = 8


class PersonPage(PeoplePage):
    """One person of the roster."""

    def __init__(
        self, desk: Desk, people: PeopleDesk, roll: SeatRoll, works: Works, person: Person
    ) -> None:
        super().__init__(desk, people, roll.book, works)
        self._person = person
        self._add_head()
        section = Section(tr("现任岗位"), str(len(self.book.of(person.uid)) or ""))
        own = [s for s in roll.seats if s.person is not None and s.person.uid == person.uid]
        for seat in own:
            if seat.assignment is None:
                section.say(tr("没有岗位，还没有进入任何网格。"), "warning")
                continue
            section.add(SeatRow(self, seat, self._place(seat.assignment)))
        self.add(section)
        self._add_past()
        self._add_actions()

    def _place(self, one: Assignment) -> QWidget:
        told = words.held(self.book, one)
        if one.anchor_kind != "area":
            return ElidedLabel(told)
        return self.plain_link(told, lambda: self.desk.context.select_and_show(one.anchor))

    def _add_head(self) -> None:
        one, book = self._person, self.book
        ended = "" if one.valid_to is None else tr("花名册到 {day}", day=words.until(one.valid_to))
        section = self.add_title(one.name, ended or one.staff_number or "")
        facts = Facts()
        unit = book.organizations.get(one.organization or "")
        if unit is not None:
            facts.add(tr("单位"), self.unit_link(unit))
        kinds = {kind.key: words.term(kind) for kind in book.scheme.roster_kinds}
        certificate = CERTIFICATE_WORDS.get(one.certificate_level or "")
        times = {True: tr("专职"), False: tr("兼职"), None: ""}
        for said, value in (
            (tr("工号"), one.staff_number),
            (tr("职务"), one.job_title),
            (tr("职级"), one.rank),
            (tr("人员类别"), kinds.get(one.roster_kind or "", one.roster_kind)),
            (tr("专职或兼职"), times[one.is_full_time]),
            (tr("社工证书"), tr(certificate) if certificate else None),
            (tr("政治面貌"), one.political_status),
            (tr("来源"), one.recruited_from),
            (tr("值班电话"), one.duty_phone),
        ):
            if value:
                facts.add(said, value)
        if one.own_phone:
            facts.add(tr("本人手机"), _Phone(one.own_phone, self._note_reveal))
        if one.note:
            facts.add(tr("备注"), one.note)
        section.add(facts)

    def _note_reveal(self) -> None:
        note_phone_shown(self.desk.context, self._person.name)

    def _add_past(self) -> None:
        book, snapshot = self.book, self.desk.snapshot
        rows = snapshot.linked("assignment", self._person.uid)
        past = [
            one for one in rows if one.person == self._person.uid and not holds_on(one, book.day)
        ]
        if not past:
            return
        past.sort(key=lambda one: one.valid_from or "", reverse=True)
        section = Section(tr("以往和以后"), str(len(past)))
        facts = Facts()
        for one in past[:_MOST_PAST]:
            facts.add(self.dates(one), words.held(book, one))
        section.add(facts)
        self.add(section)

    def _add_actions(self) -> None:
        one, work, records = self._person, self.work, self.records
        section = Section()
        section.add(
            flow_of(
                [
                    self.act("edit-person", tr("修改资料…"), lambda: records.edit_person(one)),
                    self.act("place-person", tr("安排岗位…"), lambda: work.place(one)),
                    self.act("hand-over", tr("移交岗位…"), lambda: work.handover(one)),
                    self.act(
                        "end-person",
                        tr("离开花名册…"),
                        lambda: records.end_person(one),
                        "danger",
                    ),
                ]
            )
        )
        self.add(section)


class _Phone(QWidget):
    """A phone with its middle hidden until somebody asks for it."""

    def __init__(self, phone: str, note: Callable[[], None]) -> None:
        super().__init__()
        self._phone = phone
        self._note = note
        self.shown = ElidedLabel(masked_phone(phone))
        self.shown.setObjectName("own-phone")
        self.button = ElidedButton(tr("显示"), self._reveal, "link")
        self.button.setObjectName("reveal-phone")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.shown, 1)
        row.addWidget(self.button)

    def _reveal(self) -> None:
        is_hidden = self.shown.whole_text() != self._phone
        if is_hidden:
            self._note()
        self.shown.setText(self._phone if is_hidden else masked_phone(self._phone))
        self.button.setText(tr("隐藏") if is_hidden else tr("显示"))
