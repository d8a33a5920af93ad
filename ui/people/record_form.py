"""A dialog with the fields of one row about people; only what differs is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from gridadmin.edit.command import Command
from gridadmin.edit.people_fields import MOST
from gridadmin.edit.people_records import PutRecord
from gridadmin.staffing.figures import in_printed_order
from gridadmin.staffing.seats import SeatRoll
from ui.dialogs.words import label
from ui.people.choice_list import Choice
from ui.people.desk import PeopleDesk
from ui.people.form import DayField, PeopleForm
from ui.people.pick_field import PickField
from ui.texts import tr


class RecordForm(PeopleForm):
    """Fields of one row; only what differs from the row is written."""

    def __init__(
        self,
        desk: PeopleDesk,
        table: str,
        record: Any,
        title: str,
        said: str,
        parent: QWidget | None = None,
    ) -> None:
        act = tr("登记") if record is None else tr("保存")
        super().__init__(desk.context, title, said, act, parent)
        self.desk = desk
        self._table = table
        self._record = record
        self._fields: dict[str, QWidget] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self._count = 0
        self.body.addLayout(self._grid)

    def put(self, name: str, said: str, field: QWidget, *, is_wide: bool = False) -> None:
        """Put a field into the next place of the two columns, or over both."""
        if not isinstance(field, DayField):
            field.setObjectName(name)
        field.setAccessibleName(said)
        if is_wide and self._count % 2:
            self._count += 1
        row, side = divmod(self._count, 2)
        words = label(said, buddy=field)
        # Words that wrap beside a field make the row higher than the dialog knows, and cut it off.
        words.setWordWrap(False)
        self._grid.addWidget(words, row, 2 * side)
        self._grid.addWidget(field, row, 2 * side + 1, 1, 3 if is_wide else 1)
        self._count += 2 if is_wide else 1
        self._fields[name] = field

    def put_text(self, name: str, said: str, *, is_wide: bool = False) -> QLineEdit:
        """Put a line of text."""
        field = QLineEdit(str(self._was(name) or ""))
        field.textChanged.connect(lambda _: self.judge())
        self.put(name, said, field, is_wide=is_wide)
        return field

    def put_choice(
        self, name: str, said: str, options: Sequence[tuple[str, Any]], *, is_wide: bool = False
    ) -> QComboBox:
        """Put a choice of values."""
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        for text, value in options:
            box.addItem(text, value)
        values = [value for _, value in options]
        was = self._was(name)
        box.setCurrentIndex(values.index(was) if was in values else 0)
        box.currentIndexChanged.connect(lambda _: self.judge())
        self.put(name, said, box, is_wide=is_wide)
        return box

    def put_number(self, name: str, said: str, unknown: str, *, least: int = -1) -> QSpinBox:
        """Put a whole number; *unknown* is said below zero, for none."""
        box = QSpinBox()
        box.setRange(least, MOST)
        if least < 0:
            box.setSpecialValueText(unknown)
        was = self._was(name)
        box.setValue(least if was is None else was)
        box.valueChanged.connect(lambda _: self.judge())
        self.put(name, said, box)
        return box

    def put_day(self, name: str, said: str, box: str) -> DayField:
        """Put a day that may be open; *box* says that there is one."""
        field = DayField(name, said, box=box, day=self._was(name))
        field.changed.connect(self.judge)
        self.put(name, said, field)
        return field

    def put_pick(
        self,
        name: str,
        said: str,
        make: Callable[[SeatRoll], list[Choice]],
        *,
        title: str = "",
        is_needed: bool = False,
        is_wide: bool = True,
    ) -> PickField:
        """Put a field whose value is picked from a list; *title* is that of the present one."""
        field = PickField(self.desk, said, make, is_needed=is_needed)
        field.set(self._was(name), title)
        field.changed.connect(self.judge)
        self.put(name, said, field, is_wide=is_wide)
        return field

    def units(self) -> list[tuple[str, Any]]:
        """Return the units that can be chosen, in the order in which they are printed."""
        rows = self.desk.bridge.snapshot.rows("organization").values()
        found = [one for one in rows if one.valid_to is None]
        found.sort(key=in_printed_order)
        return [(tr("没有单位"), None), *((one.name, one.uid) for one in found)]

    def _was(self, name: str) -> Any:
        return None if self._record is None else getattr(self._record, name)

    def values(self) -> Mapping[str, Any]:
        """Return what differs from the row."""
        found: dict[str, Any] = {}
        for name, field in self._fields.items():
            value = _value_of(field)
            if value != self._was(name) and (value is not None or self._record is not None):
                found[name] = value
        return found

    def why_not(self) -> str:
        """Return what is missing."""
        name = self._fields.get("name")
        if isinstance(name, QLineEdit) and not name.text().strip():
            return tr("请填写姓名或名称。")
        if self._record is not None and not self.values():
            return tr("还没有改动。")
        return ""

    def command(self) -> Command:
        """Return the command."""
        uid = None if self._record is None else self._record.uid
        return PutRecord(self._table, self.values(), uid)

    def told(self) -> str:
        """Return what was done."""
        name = self._fields.get("name")
        said = name.text().strip() if isinstance(name, QLineEdit) else ""
        return (
            tr("已新增{name}。", name=said)
            if self._record is None
            else tr("已保存{name}。", name=said)
        )


def _value_of(field: QWidget) -> Any:
    if isinstance(field, PickField):
        return field.value
    if isinstance(field, DayField):
        return field.iso()
    if isinstance(field, QLineEdit):
        return field.text().strip() or None
    if isinstance(field, QComboBox):
        return field.currentData()
    if isinstance(field, QSpinBox):
        return field.value() if field.value() >= 0 else None
    return None
