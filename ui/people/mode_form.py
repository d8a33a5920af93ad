"""Switch between normal times and an emergency: from which day, why, and what that changes."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QListWidgetItem, QWidget
from shiboken6 import isValid

from gridadmin.domain.people import Pairing
from gridadmin.edit.assign_commands import SwitchMode
from gridadmin.edit.command import Command
from gridadmin.staffing.book import StaffBook, mode_on
from gridadmin.staffing.modes import ModeDifference, Turn, difference_of
from ui.panels.words import UNKNOWN
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.people.form import DayField, Fields, PeopleForm
from ui.people.staff import today
from ui.texts import tr

_FEW = 2000
"""So many persons are compared at once; more of them in a job."""
_MOST = 12
"""So many of a kind are named; the rest is counted."""


class ModeForm(PeopleForm):
    """The mode to go to, the day and a note; below them what ends and what begins."""

    def __init__(self, desk: PeopleDesk, parent: QWidget | None = None) -> None:
        self._desk = desk
        snapshot = desk.bridge.snapshot
        self._now = mode_on(snapshot, today())
        modes = {mode.key: words.term(mode) for mode in snapshot.scheme.modes}
        self._names = modes
        now = modes.get(self._now or "", UNKNOWN)
        said = tr("现在：{mode}。切换只改变哪些岗位和队伍起作用，可以随时切换回来。", mode=now)
        super().__init__(desk.context, tr("切换平战模式"), said, tr("切换"), parent)
        self.mode = QComboBox()
        for key, name in modes.items():
            if key != self._now:
                self.mode.addItem(name, key)
        self.since = DayField("since", tr("从哪一天起"), day=today())
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr("例如：防汛应急响应"))
        self.note.textChanged.connect(lambda _: self.judge())
        fields = Fields()
        fields.put("mode", tr("切换到"), self.mode)
        fields.put("since", tr("从哪一天起"), self.since)
        fields.put("note", tr("事由"), self.note)
        self.body.addLayout(fields)
        self.list = QListWidget()
        self.list.setObjectName("differences")
        self.list.setAccessibleName(tr("切换带来的变化"))
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self.list, 1)
        self.mode.currentIndexChanged.connect(lambda _: self._compare())
        em = self.fontMetrics().height()
        self.resize(38 * em, 36 * em)
        self._compare()

    def first_field(self) -> QWidget | None:
        """Begin with the reason."""
        return self.note

    def _compare(self) -> None:
        self.list.clear()
        to = self.mode.currentData()
        if to is None or self._now is None:
            return
        snapshot, now = self._desk.bridge.snapshot, self._now

        def work() -> tuple[ModeDifference, StaffBook]:
            return difference_of(snapshot, today(), now, to), StaffBook(snapshot, today(), to)

        if len(snapshot.rows("person")) <= _FEW:
            self._take(*work())
            return
        self.list.addItem(tr("正在比较…"))
        self.context.jobs.start(
            tr("比较两种模式"), lambda _: work(), on_done=self._take_made, is_quiet=True
        )

    def _take_made(self, made: tuple[ModeDifference, StaffBook]) -> None:
        # The choice may be another one by now, or the dialog gone.
        if isValid(self) and made[0].after == self.mode.currentData():
            self._take(*made)

    def _take(self, found: ModeDifference, book: StaffBook) -> None:
        self.list.clear()
        for text, is_head in self._lines(found, book):
            item = QListWidgetItem(text)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            if is_head:
                bold = QFont(self.font())
                bold.setBold(True)
                item.setFont(bold)
            self.list.addItem(item)

    def _lines(self, found: ModeDifference, book: StaffBook) -> Iterator[tuple[str, bool]]:
        """Yield what changes, a line each, and whether it is a heading."""
        old = StaffBook(book.snapshot, book.day, found.before)
        is_any = False
        for turn, turn_book, title in (
            (found.begins, book, tr("开始起作用")),
            (found.ends, old, tr("不再起作用")),
        ):
            lines = list(_turn_lines(turn, turn_book))
            if lines:
                is_any = True
                yield title, True
                yield from ((line, False) for line in lines)
        yield tr("缺口"), True
        before = self._names.get(found.before, found.before)
        after = self._names.get(found.after, found.after)
        yield tr("{mode}：空缺 {n} 席", mode=before, n=found.ends.vacant), False
        yield tr("{mode}：空缺 {n} 席", mode=after, n=found.begins.vacant), False
        if found.second_roles:
            yield tr("{n} 人平时另有岗位。", n=len(found.second_roles)), False
        if not is_any:
            yield tr("岗位、队伍和结对没有不同。"), False

    def why_not(self) -> str:
        """Return what is missing."""
        if self.mode.count() == 0:
            return tr("方案没有别的模式。")
        return "" if self.note.text().strip() else tr("请写明事由。")

    def command(self) -> Command:
        """Return the command."""
        return SwitchMode(str(self.mode.currentData()), self.since.iso(), self.note.text().strip())

    def told(self) -> str:
        """Return what was done."""
        return tr("已切换到{mode}。", mode=self.mode.currentText())


def _turn_lines(turn: Turn, book: StaffBook) -> Iterator[str]:
    if turn.posts:
        names = [words.term(post) for post in turn.posts]
        yield tr("岗位：{names}", names=tr("、").join(names))
    told = [
        tr("{name}（{post}）", name=book.persons[one.person].name, post=words.held(book, one))
        for one in turn.assignments[:_MOST]
    ]
    if told:
        people = tr("{n} 项任职：{names}", n=len(turn.assignments), names=tr("、").join(told))
        yield people + ("…" if len(turn.assignments) > _MOST else "")
    for said, found in (
        (tr("组织"), [one.name for one in turn.organizations]),
        (tr("队伍"), [one.name for one in turn.teams]),
        (tr("党组织"), [one.name for one in turn.party_nodes]),
        (tr("结对"), [_pair(book, one) for one in turn.pairings]),
    ):
        if found:
            more = "…" if len(found) > _MOST else ""
            listed = tr("、").join(found[:_MOST])
            yield tr("{what} {n} 个：{names}", what=said, n=len(found), names=listed) + more


def _pair(book: StaffBook, one: Pairing) -> str:
    unit = book.organizations[one.organization]
    place = words.place(book, (one.anchor_kind, one.anchor))
    return f"{unit.name}—{place}"
