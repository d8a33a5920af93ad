"""Where a person is to go: seats in order with the reasons, and which posts are left for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QCheckBox, QWidget

from gridadmin.domain.people import Assignment, Person
from gridadmin.domain.scheme import PostTime
from gridadmin.edit.command import Command
from gridadmin.staffing.anchors import area_of
from gridadmin.staffing.openings import Opening, openings_for
from gridadmin.staffing.seats import Seat
from ui.dialogs.words import Sentence
from ui.panels import words as panel_words
from ui.people import assigning, words
from ui.people.choice_list import Choice, ChoiceList
from ui.people.desk import PeopleDesk
from ui.people.form import DayField, Fields, PeopleForm
from ui.people.reasons import reason_words
from ui.people.staff import today
from ui.texts import tr


class PickSeatDialog(PeopleForm):
    """Choose a seat for a person; *areas* (uids) leave the posts of these alone to choose from.

    *leaves* are the assignments that a transfer would end.
    """

    def __init__(
        self,
        desk: PeopleDesk,
        person: Person,
        *,
        areas: Sequence[str] | None = None,
        leaves: Sequence[Assignment] = (),
        parent: QWidget | None = None,
    ) -> None:
        self._desk = desk
        self._person = person
        book = desk.staff.book
        held = () if book is None else tuple(book.of(person.uid))
        self._held = held
        super().__init__(
            desk.context,
            tr("给{name}安排岗位", name=person.name),
            _posts_of(desk, held) if held else tr("现在没有岗位。"),
            tr("安排"),
            parent,
        )
        self._openings: Mapping[str, Opening] = {}
        self.list = ChoiceList("seats", tr("可去的岗位"), tr("按区域、岗位筛选（支持拼音）"))
        self.since = DayField("since", tr("开始日期"), day=today())
        self.until = DayField("until", tr("结束日期（含）"), box=tr("有期限"))
        self.leaves: dict[str, QCheckBox] = {}
        self.body.addWidget(self.list, 1)
        fields = Fields()
        fields.put("since", tr("开始日期"), self.since)
        fields.put("until", tr("结束日期（含）"), self.until)
        self.body.addLayout(fields)
        for one in held:
            box = QCheckBox(tr("转岗：结束{post}的任职", post=_posts_of(desk, (one,))))
            box.setObjectName(f"leave-{one.uid}")
            box.setChecked(one in leaves)
            box.toggled.connect(lambda _: self._explain())
            self.leaves[one.uid] = box
            self.body.addWidget(box)
        self.warning = Sentence("warning")
        self.warning.setObjectName("warning")
        self.body.addWidget(self.warning)
        self.list.changed.connect(self._explain)
        self.list.taken.connect(self._agree)
        em = self.fontMetrics().height()
        self.resize(40 * em, 38 * em)
        roll = desk.staff.roll
        if roll is not None:
            found = openings_for(roll, person, areas)
            self._openings = {one.seat.key: one for one in found}
            self.list.take([self._choice(one) for one in found])

    def first_field(self) -> QWidget | None:
        """Begin to type the name of a place."""
        return self.list.field

    def _choice(self, one: Opening) -> Choice:
        seat, book = one.seat, self._desk.staff.book
        snapshot = self._desk.bridge.snapshot
        area = None if seat.anchor is None else area_of(snapshot, *seat.anchor)
        path = "" if area is None else panel_words.path_of(snapshot, area)
        place = "" if book is None else words.place(book, seat.anchor)
        against = tr("已满员：{names}", names=self._holders(seat)) if one.is_full else ""
        return Choice(
            seat.key,
            f"{place} {words.post(seat)}",
            path,
            panel_words.dotted(reason_words(reason) for reason in one.reasons),
            against,
            "" if seat.area is None else f"{path} {seat.area.code or ''}",
        )

    def _holders(self, seat: Seat) -> str:
        book = self._desk.staff.book
        if book is None or seat.anchor is None or seat.post is None:
            return ""
        kind, uid = seat.anchor
        return tr("、").join(one.name for one in book.holders(uid, seat.post.key, kind))

    @property
    def opening(self) -> Opening | None:
        """The seat that is chosen."""
        chosen = self.list.chosen
        return None if chosen is None else self._openings.get(chosen.key)

    @property
    def openings(self) -> Sequence[Opening]:
        """All seats that can be chosen."""
        return [*self._openings.values()]

    def choose(self, post: str, anchor: tuple[str, str] | None = None) -> None:
        """Choose the first row of a post, on *anchor* (a table and a uid) where that is given."""
        for row, one in enumerate(self.list.rows):
            seat = self._openings[one.key].seat
            is_there = anchor is None or seat.anchor == anchor
            if is_there and seat.post is not None and seat.post.key == post:
                self.list.view.setCurrentIndex(self.list.view.model().index(row, 0))
                return

    def _left(self) -> list[Assignment]:
        return [one for one in self._held if self.leaves[one.uid].isChecked()]

    def _explain(self) -> None:
        self.warning.say(self._conflicts())
        self.judge()

    def _conflicts(self) -> str:
        one, book = self.opening, self._desk.staff.book
        if one is None or book is None or one.seat.post is None:
            return ""
        said = []
        post = words.term(one.seat.post)
        if one.is_full:
            names = self._holders(one.seat)
            said.append(tr("“{post}”已由{names}担任；安排后原任职结束。", post=post, names=names))
        left = self._left()
        kept = [h for h in self._held if h not in left]
        if one.seat.post.time is PostTime.FULL:
            full = [h for h in kept if book.posts[h.post].time is PostTime.FULL]
            if full:
                told = _posts_of(self._desk, full[:1])
                said.append(tr("还担任专职的{post}，会同时占两个专职岗位。", post=told))
        return " ".join(said)

    def why_not(self) -> str:
        """Return what is missing."""
        return "" if self.opening is not None else tr("请先选一个岗位。")

    def command(self) -> Command:
        """Return the command."""
        one, book = self.opening, self._desk.staff.book
        if one is None or book is None:
            raise RuntimeError("no seat is chosen")
        seats: list[Seat] = [one.seat]
        if one.is_full and one.seat.post is not None and one.seat.anchor is not None:
            kind, uid = one.seat.anchor
            key = one.seat.post.key
            there = [a for a in book.on(uid, kind) if a.post == key]
            seats = [
                Seat(a.uid, one.seat.state, one.seat.anchor, one.seat.area, one.seat.post, None, a)
                for a in there[-1:]
            ]
        return assigning.assign(
            self._person.uid,
            seats,
            self.since.iso() or today(),
            self.until.day_after(),
            self._left(),
            replaces=one.is_full,
        )

    def told(self) -> str:
        """Return who sits where now."""
        one, book = self.opening, self._desk.staff.book
        if one is None or book is None:
            return ""
        return tr(
            "已把{name}安排为{place}的{post}。",
            name=self._person.name,
            place=words.place(book, one.seat.anchor),
            post=words.post(one.seat),
        )


def _posts_of(desk: PeopleDesk, held: Sequence[Assignment]) -> str:
    book = desk.staff.book
    if book is None:
        return ""
    return tr("、").join(words.held(book, one) for one in held)
