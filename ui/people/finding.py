"""Persons and units in the search of the whole window (Ctrl+K)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridadmin.domain.people import Organization, Person
from gridadmin.staffing.book import StaffBook
from ui.panels.words import dotted
from ui.people import words
from ui.people.staff import Staff
from ui.search_list import Row
from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_PERSONS, _UNITS = 6, 3


class PeopleFinder:
    """Finds persons by name, pinyin and staff number, and units; choosing one shows its card."""

    def __init__(self, window: MainWindow, staff: Staff) -> None:
        self._window = window
        self._staff = staff
        box = window.search_box
        box.finders.append(self.find)
        staff.spelled.connect(box.show_again)

    def find(self, typed: str) -> list[Row]:
        """Return the rows of what was found; the people are read when somebody first asks."""
        bridge = self._window.context.bridge
        if not bridge.is_open or not bridge.snapshot.rows("person"):
            return []
        self._staff.wake()
        search, book = self._staff.search, self._staff.book
        if search is None or book is None:
            return []
        rows: list[Row] = []
        persons = search.persons(typed, _PERSONS)
        if persons:
            rows += [Row(tr("人员"), is_heading=True)]
            rows += [self._person(book, one) for one in persons]
        units = search.units(typed, _UNITS)
        if units:
            rows += [Row(tr("单位"), is_heading=True), *map(self._unit, units)]
        return rows

    def _person(self, book: StaffBook, one: Person) -> Row:
        held = book.of(one.uid)
        unit = book.organizations.get(one.organization or "")
        first = words.held(book, held[0]) if held else tr("没有岗位")
        told = dotted((unit.name if unit else one.job_title or "", first))
        number = one.staff_number or ""
        return Row(one.name, told, number, "people", act=lambda: self._show_person(one.uid))

    def _unit(self, one: Organization) -> Row:
        return Row(one.name, "", one.code or "", "community", act=lambda: self._show_unit(one.uid))

    def _show_person(self, uid: str) -> None:
        book = self._staff.book
        if book is None or uid not in book.persons:
            return
        self._window.choose_workspace("people")
        areas = [one.anchor for one in book.of(uid) if one.anchor_kind == "area"]
        context = self._window.context
        context.selection.select_person(uid, areas)
        box = context.bridge.box_of_area(areas[0]) if areas else None
        if box is not None:
            context.navigator.show_box(box)

    def _show_unit(self, uid: str) -> None:
        self._window.choose_workspace("people")
        self._window.people.show_unit(uid)
