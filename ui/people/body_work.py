"""What makes, changes and ends bodies of people: party organisations, clusters and others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from gridadmin.domain.people import PartyNode
from gridadmin.edit.command import Command
from gridadmin.edit.people_records import PutRecord
from gridadmin.staffing.body_rules import members_by_grouping
from gridadmin.staffing.book import StaffBook
from ui.people import body_words
from ui.people.body_reasons import why_no_new, why_not
from ui.people.desk import PeopleDesk
from ui.people.form import PeopleForm
from ui.people.map_pick import MapPick
from ui.texts import tr

Form = TypeVar("Form", bound=QDialog)

_ACTIONS = (
    ("people.new_grouping", "grouping"),
    ("people.new_team", "team"),
    ("people.new_agreement", "agreement"),
    ("people.new_facility", "point_object"),
    ("people.new_street", "line_object"),
    ("people.new_compound", "compound"),
)
FORGETS = frozenset({"grouping", "agreement", "point_object", "line_object", "compound"})
"""Tables whose rows have no dates: ended means taken out."""


class BodyWork(QObject):
    """Opens the dialogs about bodies."""

    def __init__(self, desk: PeopleDesk, picker: MapPick, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._picker = picker
        self._window = window
        self.shown: Callable[[str, str], None] | None = None
        """Is told table and uid of a body that was made."""
        desk.actions.bind("people.new_party", self.new_party, lambda: why_not(desk))
        for key, table in _ACTIONS:
            desk.actions.bind(key, partial(self.new, table), partial(why_no_new, desk, table))

    # Party organisations

    def new_party(self, below: PartyNode | None = None) -> QDialog:
        """Ask for a new party organisation, below another or for the selected area."""
        from ui.people.party_form import PartyForm

        area = None if below is not None else self._desk.context.selection.area
        return self._open(PartyForm(self._desk, area=area, below=below, parent=self._window))

    def edit_party(self, node: PartyNode) -> QDialog:
        """Ask what of a party organisation is to change."""
        from ui.people.party_form import PartyForm

        return self._open(PartyForm(self._desk, node, parent=self._window))

    def move_party(self, node: PartyNode, below: PartyNode | None) -> str:
        """Hang a party organisation below another; return why that is refused, in words."""
        command: Command = PutRecord(
            "party_node", {"parent": None if below is None else below.uid}, node.uid
        )
        refusal = self._desk.bridge.attempt(command)
        messages, bridge = self._desk.context.messages, self._desk.bridge
        if refusal:
            messages.refuse(refusal)
        elif below is not None:
            told = tr("已把{name}改隶到{above}。", name=node.name, above=below.name)
            messages.done(told, action=(tr("撤销"), bridge.undo))
        return refusal

    def end_party(self, node: PartyNode) -> QDialog:
        """Ask from when on a party organisation is no more."""
        below = sum(one.parent == node.uid and one.valid_to is None
                    for one in self._desk.bridge.snapshot.rows("party_node").values())  # fmt: skip
        said = tr("记录保留在历史中。")
        if below:
            said = tr("下面的 {n} 个党组织要另行改隶；记录保留在历史中。", n=below)
        return self._end("party_node", node.uid, tr("停用{name}", name=node.name), said)

    # The others

    def new(self, table: str, kind: str = "") -> PeopleForm:
        """Ask for a new body of a table, for what is selected; it is selected once it is there."""
        before = self._uids(table)
        form = self._form(table, None, kind)
        form.carried_out.connect(lambda: self._show_new(table, before))
        return form

    def _uids(self, table: str) -> set[str]:
        return {str(uid) for uid in self._desk.bridge.snapshot.rows(table)}

    def _show_new(self, table: str, before: set[str]) -> None:
        """Select the body that was made: its page offers what comes next."""
        for uid in self._uids(table) - before:
            row = self._desk.bridge.snapshot.rows(table)[uid]
            book = self._desk.staff.book
            areas = [] if book is None else body_words.areas(book, table, row)
            self._desk.context.selection.select_thing(table, uid, areas)
            if self.shown is not None:
                self.shown(table, uid)

    def edit(self, table: str, row: Any) -> PeopleForm:
        """Ask what of a body is to change."""
        return self._form(table, row, "")

    def _form(self, table: str, row: Any, kind: str) -> PeopleForm:
        from ui.people import body_forms, compound_form, group_form

        desk, window, selection = self._desk, self._window, self._desk.context.selection
        is_area = selection.now.thing is None
        area = selection.area if is_area else None
        if table == "grouping":
            areas = selection.areas if is_area else ()
            form = group_form.GroupingForm(
                desk, self._picker, row, areas=areas, kind=kind, parent=window
            )
            # The map stays free for clicks.
            form.show()
            return form
        if table == "team":
            return self._open(group_form.TeamForm(desk, row, area=area, parent=window))
        if table == "point_object":
            return self._open(
                body_forms.FacilityForm(
                    desk, self._picker, row, area=area, kind=kind, parent=window
                )
            )
        if table == "compound":
            return self._open(compound_form.CompoundForm(desk, self._picker, row, window))
        form_of = {
            "agreement": body_forms.AgreementForm,
            "line_object": body_forms.StreetForm,
        }
        made: PeopleForm = form_of[table](desk, row, window)
        return self._open(made)

    def end(self, table: str, row: Any) -> QDialog:
        """Ask from when on a body is no more."""
        book = self._desk.staff.book
        name = "" if book is None else body_words.name(book, table, row)
        title = tr("撤销{name}", name=name)
        return self._end(table, row.uid, title, self._lost(book, table, row))

    def _lost(self, book: StaffBook | None, table: str, row: Any) -> str:
        """Return in words what ends with a body."""
        told = []
        if book is not None and table in ("grouping", "point_object", "line_object", "compound"):
            held, paired = len(book.on(row.uid, table)), len(book.pairings_on(row.uid, table))
            if held:
                told.append(tr("{n} 项任职同时结束。", n=held))
            if paired:
                told.append(tr("{n} 项结对同时结束。", n=paired))
        if book is not None and table == "grouping":
            count = len(book.once(members_by_grouping).get(row.uid, ()))
            told.append(tr("{n} 个成员不再属于它。", n=count))
        if table in FORGETS:
            told.append(tr("这一项从项目中删去，可以撤销。"))
        else:
            told.append(tr("记录保留在历史中。"))
        return "\n".join(told)

    def _end(self, table: str, uid: str, title: str, said: str) -> QDialog:
        from ui.people.record_forms import EndRecordForm

        return self._open(EndRecordForm(self._desk, table, uid, title, said, self._window))

    def _open(self, dialog: Form) -> Form:
        dialog.open()
        return dialog
