"""Who is to sit on the chosen seats: candidates in order, with the reasons, and from when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QWidget
from shiboken6 import isValid

from gridadmin.domain.people import Assignment
from gridadmin.domain.scheme import PostTime
from gridadmin.edit.command import Command
from gridadmin.staffing.candidates import Candidate, Conflict, candidates_for
from gridadmin.staffing.seats import Seat, SeatRoll
from ui.dialogs.words import Sentence
from ui.panels import words as panel_words
from ui.people import assigning, reasons, words
from ui.people.choice_list import Choice, ChoiceList
from ui.people.desk import PeopleDesk
from ui.people.form import DayField, Fields, PeopleForm
from ui.people.staff import today
from ui.texts import tr

_Ranked = list[tuple[Candidate, Choice]]


class PickPersonDialog(PeopleForm):
    """Choose a person for one seat or several; held seats may be taken over."""

    def __init__(
        self, desk: PeopleDesk, seats: Sequence[Seat], parent: QWidget | None = None
    ) -> None:
        self._desk = desk
        self._seats = [seat for seat in seats if seat.post is not None]
        first = self._seats[0]
        title, said = _title(desk, self._seats), _said(self._seats)
        super().__init__(desk.context, title, said, tr("指派"), parent)
        self._ranked: Mapping[str, Candidate] = {}
        hint = tr("按姓名、单位、工号筛选（支持拼音）")
        self.list = ChoiceList("candidates", tr("候选人"), hint, desk.staff.spellings)
        self.since = DayField("since", tr("开始日期"), day=today())
        self.until = DayField("until", tr("结束日期（含）"), box=tr("有期限"))
        self.replaces = QCheckBox()
        self.replaces.setObjectName("replaces")
        held = [seat for seat in self._seats if seat.person is not None]
        names = tr("、").join(dict.fromkeys(seat.person.name for seat in held if seat.person))
        self.replaces.setText(tr("接替{names}（原任职到前一天为止）", names=names))
        self.replaces.setVisible(bool(held))
        self.replaces.setChecked(bool(held) and _is_full(desk, first))
        self.leaves = QCheckBox()
        self.leaves.setObjectName("leaves")
        self.leaves.hide()
        self.warning = Sentence("warning")
        self.warning.setObjectName("warning")
        self.body.addWidget(self.list, 1)
        fields = Fields()
        fields.put("since", tr("开始日期"), self.since)
        fields.put("until", tr("结束日期（含）"), self.until)
        self.body.addLayout(fields)
        self.body.addWidget(self.replaces)
        self.body.addWidget(self.leaves)
        self.body.addWidget(self.warning)
        for box in (self.replaces, self.leaves):
            box.toggled.connect(lambda _: self._explain())
        self.list.changed.connect(self._look_at)
        self.list.taken.connect(self._agree)
        em = self.fontMetrics().height()
        self.resize(40 * em, 38 * em)
        self._rank()

    def first_field(self) -> QWidget | None:
        """Begin to type a name."""
        return self.list.field

    # Candidates

    def _rank(self) -> None:
        anchor, post = self._seats[0].anchor, self._seats[0].post
        if anchor is None or post is None:
            return

        def make(roll: SeatRoll) -> _Ranked:
            ranked = candidates_for(roll.book, anchor, post)
            return [(one, reasons.choice(roll.book, one)) for one in ranked]

        self._desk.staff.work_out(tr("候选人排序"), make, self._take)

    def _take(self, ranked: _Ranked) -> None:
        # The dialog may be gone by now.
        if isValid(self):
            self._ranked = {one.person.uid: one for one, _ in ranked}
            self.list.take([choice for _, choice in ranked])

    @property
    def candidate(self) -> Candidate | None:
        """Who is chosen."""
        chosen = self.list.chosen
        return None if chosen is None else self._ranked.get(chosen.key)

    def _look_at(self) -> None:
        one, book = self.candidate, self._desk.staff.book
        held = () if one is None or book is None else self._full_time(one)
        self.leaves.setVisible(bool(held))
        if held and book is not None:
            told = tr("、").join(words.held(book, one) for one in held)
            self.leaves.setText(tr("转岗：同时结束{posts}的任职", posts=told))
        # A second full-time post is what nobody wants by a slip.
        is_full_time = any(s.post and s.post.time is PostTime.FULL for s in self._seats)
        self.leaves.setChecked(bool(held) and is_full_time)
        self._explain()

    def _full_time(self, one: Candidate) -> tuple[Assignment, ...]:
        book = self._desk.staff.book
        if book is None:
            return ()
        return tuple(h for h in one.held if book.posts[h.post].time is PostTime.FULL)

    def _explain(self) -> None:
        one, book = self.candidate, self._desk.staff.book
        said = ""
        if one is not None and book is not None:
            seat = self._seats[0]
            said = reasons.explained(book, self._after(one), seat)
        self.warning.say(said)
        self.judge()

    def _after(self, one: Candidate) -> Candidate:
        """Return a candidate without the conflicts that the boxes settle."""
        settled = set()
        if self._does_leave:
            settled.add(Conflict.FULL_TIME)
        if self._does_replace:
            settled.add(Conflict.FULL)
        left = tuple(found for found in one.conflicts if found not in settled)
        return replace(one, conflicts=left)

    @property
    def _does_leave(self) -> bool:
        return self.leaves.isVisibleTo(self) and self.leaves.isChecked()

    @property
    def _does_replace(self) -> bool:
        return self.replaces.isVisibleTo(self) and self.replaces.isChecked()

    # Doing it

    def why_not(self) -> str:
        """Return what is missing."""
        return "" if self.candidate is not None else tr("请先选一个人。")

    def command(self) -> Command:
        """Return the command."""
        one = self.candidate
        if one is None:
            raise RuntimeError("nobody is chosen")
        return assigning.assign(
            one.person.uid,
            self._seats,
            self.since.iso() or today(),
            self.until.day_after(),
            self._full_time(one) if self._does_leave else (),
            replaces=self._does_replace,
        )

    def told(self) -> str:
        """Return who sits where now."""
        one, first = self.candidate, self._seats[0]
        name = "" if one is None else one.person.name
        book = self._desk.staff.book
        place = "" if book is None else words.place(book, first.anchor)
        if len(self._seats) > 1:
            return tr("已把{name}安排到 {n} 个岗位。", name=name, n=len(self._seats))
        post = words.post(first)
        return tr("已把{name}安排为{place}的{post}。", name=name, place=place, post=post)


def _title(desk: PeopleDesk, seats: Sequence[Seat]) -> str:
    book = desk.staff.book
    if len(seats) > 1 or book is None:
        return tr("为 {n} 个岗位指派同一个人", n=len(seats))
    first = seats[0]
    return tr("为{place}指派{post}", place=words.place(book, first.anchor), post=words.post(first))


def _said(seats: Sequence[Seat]) -> str:
    if len(seats) > 1:
        return tr("候选人按第一个岗位排序。")
    area = seats[0].area
    held = seats[0].person
    now = tr("空缺") if held is None else tr("现任：{name}", name=held.name)
    return now if area is None else panel_words.dotted([area.code or "", now])


def _is_full(desk: PeopleDesk, seat: Seat) -> bool:
    book = desk.staff.book
    if book is None or seat.anchor is None or seat.post is None or seat.post.most is None:
        return False
    kind, uid = seat.anchor
    most = max(seat.post.most, book.seats(uid, seat.post, kind))
    return len(book.holders(uid, seat.post.key, kind)) >= most
