"""Persons, units and pairings themselves: what makes, changes and ends them."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from gridadmin.domain.model import Area
from gridadmin.domain.people import Organization, Person
from gridadmin.staffing.book import BASE_UNIT_LEVEL
from gridadmin.staffing.unit_rules import latest_headcounts
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.texts import tr


class RecordWork(QObject):
    """Opens the dialogs about persons and units."""

    def __init__(self, desk: PeopleDesk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        bind, why = desk.actions.bind, desk.bridge.why_not_change
        bind("people.new_person", self.edit_person, why)
        bind("people.new_unit", self.edit_unit, why)
        bind("people.pair", self._pair_selected, self._why_no_pair)

    def _selected_unit(self) -> Organization | None:
        uid = self._desk.context.selection.now.organization
        book = self._desk.staff.book
        return None if uid is None or book is None else book.organizations.get(uid)

    def _selected_place(self) -> Area | None:
        """Return the one community or village that is selected."""
        uid = self._desk.context.selection.area
        if uid is None or not self._desk.bridge.is_open:
            return None
        area: Area | None = self._desk.bridge.snapshot.rows("area").get(uid)
        return area if area is not None and area.level == BASE_UNIT_LEVEL else None

    def why_no_pairing(self) -> str:
        """Return why nothing can be paired, in words; empty when something can."""
        why = self._desk.bridge.why_not_change()
        if why or self._desk.bridge.snapshot.scheme.pairings:
            return why
        return tr("方案没有规定结对方式。")

    def _why_no_pair(self) -> str:
        why = self.why_no_pairing()
        if why:
            return why
        if self._desk.staff.book is None:
            return tr("先打开“人员”工作区，读取岗位和人员。")
        if self._selected_unit() is None and self._selected_place() is None:
            return tr("请先选中一个社区（村）或一个单位。")
        return ""

    def _pair_selected(self) -> None:
        unit, place = self._selected_unit(), self._selected_place()
        if unit is not None:
            self.pair(organization=unit)
        elif place is not None:
            self.pair(area=place.uid)

    def edit_person(self, person: Person | None = None) -> QDialog:
        """Ask for the fields of a person; without one, of a new one."""
        from ui.people.record_forms import PersonForm

        self._desk.staff.wake()
        return self._open(PersonForm(self._desk, person, self._window))

    def edit_unit(self, unit: Organization | None = None) -> QDialog:
        """Ask for the fields of a unit; without one, of a new one."""
        from ui.people.record_forms import OrganizationForm

        self._desk.staff.wake()
        return self._open(OrganizationForm(self._desk, unit, self._window))

    def headcount(self, unit: Organization) -> QDialog:
        """Ask for the officials and the quota of a unit."""
        from ui.people.record_forms import HeadcountForm

        book = self._desk.staff.book
        known = None if book is None else book.once(latest_headcounts).get(unit.uid)
        return self._open(HeadcountForm(self._desk, unit, known, self._window))

    def pair(
        self,
        *,
        organization: Organization | None = None,
        area: str | None = None,
        anchor: tuple[str, str] | None = None,
    ) -> QDialog:
        """Ask with whom a unit, a place, a cluster or a compound is to be paired."""
        from ui.people.record_forms import PairForm

        at = anchor if area is None else ("area", area)
        form = PairForm(self._desk, organization=organization, anchor=at, parent=self._window)
        return self._open(form)

    def unpair(self, uid: str) -> QDialog:
        """Ask from when on a pairing no longer holds."""
        row = self._desk.bridge.snapshot.rows("pairing")[uid]
        unit = self._desk.bridge.snapshot.rows("organization")[row.organization]
        book = self._desk.staff.book
        place = "" if book is None else words.place(book, (row.anchor_kind, row.anchor))
        said = tr("{unit}与{place}的结对不再有效；记录保留在历史中。", unit=unit.name, place=place)
        return self._end("pairing", uid, tr("解除结对"), said)

    def end_person(self, person: Person) -> QDialog:
        """Ask from when on a person is off the roster."""
        title = tr("{name}离开花名册", name=person.name)
        return self._end("person", person.uid, title, tr("所有岗位同时结束；记录保留在历史中。"))

    def end_unit(self, unit: Organization) -> QDialog:
        """Ask from when on a unit is no more."""
        title = tr("停用单位{name}", name=unit.name)
        return self._end(
            "organization", unit.uid, title, tr("所有结对同时结束；人员保留，改由别的单位登记。")
        )

    def seats(self, area: Area) -> QDialog:
        """Ask how many seats the posts of an area have."""
        from ui.people.seats_form import SeatsForm

        return self._open(SeatsForm(self._desk, area, self._window))

    def _end(self, table: str, uid: str, title: str, said: str) -> QDialog:
        from ui.people.record_forms import EndRecordForm

        return self._open(EndRecordForm(self._desk, table, uid, title, said, self._window))

    def _open(self, dialog: QDialog) -> QDialog:
        dialog.open()
        return dialog
