"""The members of a grouping or team in a dialog: added from a list, taken out, given a role."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.panels.flow import FlowBox
from ui.panels.parts import ElidedButton
from ui.people.choice_list import Choice
from ui.people.desk import PeopleDesk
from ui.people.pick_field import Make, PickDialog
from ui.texts import tr
from ui.tips import plain_tip


@dataclass(frozen=True)
class Chosen:
    """One member: of which table, its uid, what it is called and what stands beside that."""

    table: str
    uid: str
    name: str
    aside: str = ""
    role: str | None = None


class _Rows(QTreeWidget):
    """The rows; Delete takes the current one out, F2 and Enter write its role."""

    gone_wanted = Signal()
    role_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the current row out, or write its role."""
        keys = Qt.Key
        if self.state() == QTreeWidget.State.EditingState:
            # The field of a role lets its Enter through.
            event.accept()
        elif event.key() in (keys.Key_Delete, keys.Key_Backspace):
            self.gone_wanted.emit()
        elif event.key() in (keys.Key_F2, keys.Key_Return, keys.Key_Enter):
            self.role_wanted.emit()
        else:
            super().keyPressEvent(event)


class MemberList(QWidget):
    """Rows of members. *says_role* returns a role in words; with *writes_roles* it is typed."""

    changed = Signal()

    def __init__(
        self,
        desk: PeopleDesk,
        said: str,
        says_role: Callable[[str | None], str],
        *,
        writes_roles: bool = False,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._says_role, self._writes_roles = says_role, writes_roles
        self._members: list[Chosen] = []
        self._is_filling = False
        self.rows = _Rows()
        self.rows.setObjectName("members")
        self.rows.setAccessibleName(said)
        self.rows.setHeaderLabels([said, tr("所在"), tr("分工")])
        self.rows.setRootIsDecorated(False)
        self.rows.setUniformRowHeights(True)
        self.rows.setAllColumnsShowFocus(True)
        head = self.rows.header()
        head.setAccessibleName(tr("列"))
        head.setStretchLastSection(True)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        em = self.fontMetrics().height()
        head.resizeSection(0, 12 * em)
        head.resizeSection(1, 13 * em)
        self.buttons = FlowBox()
        self.out_button = ElidedButton(tr("移出"), self.take_out)
        self.out_button.setObjectName("member-out")
        self.out_button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.rows, 1)
        column.addWidget(self.buttons)
        self.rows.gone_wanted.connect(self.take_out)
        self.rows.role_wanted.connect(self._write_role)
        self.rows.itemChanged.connect(self._take_role)
        self.rows.currentItemChanged.connect(lambda *_: self._judge())
        self._judge()

    @property
    def members(self) -> Sequence[Chosen]:
        """The members, in the order in which they were added."""
        return tuple(self._members)

    def take(self, members: Sequence[Chosen]) -> None:
        """Show other members; from now on the buttons are all there."""
        self.buttons.add(self.out_button)
        self._members = list(members)
        self._fill(0)

    def add_button(self, name: str, text: str, make: Make, table: str) -> ElidedButton:
        """Put a button that adds members of a table from a list."""
        button = ElidedButton(text, lambda: self._pick(text, make, table))
        button.setObjectName(name)
        button.setAutoDefault(False)
        self.buttons.add(button)
        return button

    def put_button(self, name: str, text: str, act: Callable[[], None]) -> ElidedButton:
        """Put a button that acts on the current member."""
        button = ElidedButton(text, act)
        button.setObjectName(name)
        button.setAutoDefault(False)
        self.buttons.add(button)
        return button

    @property
    def current(self) -> Chosen | None:
        """The current member."""
        item = self.rows.currentItem()
        row = -1 if item is None else self.rows.indexOfTopLevelItem(item)
        return self._members[row] if 0 <= row < len(self._members) else None

    def toggle(self, member: Chosen) -> bool:
        """Add a member, or take it out where it is one; return whether it is one now."""
        known = next((m for m in self._members if (m.table, m.uid) == (member.table, member.uid)),
                     None)  # fmt: skip
        if known is None:
            self._members.append(member)
            self._fill(len(self._members) - 1)
        else:
            self._members.remove(known)
            self._fill(0)
        self.changed.emit()
        return known is None

    def take_out(self) -> None:
        """Take the current member out."""
        current = self.current
        if current is not None:
            at = self._members.index(current)
            self._members.remove(current)
            self._fill(min(at, len(self._members) - 1))
            self.changed.emit()

    def give_role(self, member: Chosen, role: str | None, *, is_alone: bool = False) -> None:
        """Give a member a role; with *is_alone* nobody else keeps it."""
        at = self._members.index(member)
        if is_alone:
            self._members = [replace(m, role=None) if m.role == role else m for m in self._members]
        self._members[at] = replace(member, role=role)
        self._fill(at)
        self.changed.emit()

    def _pick(self, title: str, make: Make, table: str) -> None:
        taken = {m.uid for m in self._members if m.table == table}
        dialog = PickDialog(
            self._desk,
            title,
            lambda roll: [one for one in make(roll) if one.key not in taken],
            self.window(),
        )
        dialog.accepted.connect(lambda: self._picked(dialog.list.chosen, table))
        dialog.open()

    def _picked(self, chosen: Choice | None, table: str) -> None:
        if chosen is not None:
            self.toggle(Chosen(table, chosen.key, chosen.title, chosen.note or chosen.aside))

    def _fill(self, current: int) -> None:
        self._is_filling = True
        self.rows.clear()
        for one in self._members:
            item = QTreeWidgetItem([one.name, one.aside, self._says_role(one.role)])
            item.setSizeHint(0, QSize(0, self.fontMetrics().height() + 10))
            for column in range(2):
                item.setToolTip(column, plain_tip(item.text(column)))
            if self._writes_roles:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.rows.addTopLevelItem(item)
        at = self.rows.topLevelItem(max(current, 0))
        if at is not None:
            self.rows.setCurrentItem(at)
        self._is_filling = False
        self._judge()

    def _write_role(self) -> None:
        item = self.rows.currentItem()
        if item is not None and self._writes_roles:
            self.rows.editItem(item, _ROLE)

    def _take_role(self, item: QTreeWidgetItem, column: int) -> None:
        """Keep a role that was typed; names are no matter of this list."""
        at = self.rows.indexOfTopLevelItem(item)
        if self._is_filling or at < 0:
            return
        if column == _ROLE:
            role = item.text(_ROLE).strip() or None
            self._members[at] = replace(self._members[at], role=role)
            self.changed.emit()
        self._is_filling = True
        item.setText(0, self._members[at].name)
        item.setText(1, self._members[at].aside)
        self._is_filling = False

    def _judge(self) -> None:
        self.out_button.forbid("" if self.current is not None else tr("请先选一个成员。"))


_ROLE = 2
