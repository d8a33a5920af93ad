"""The inspector's page of a body: a cluster, team, agreement, facility, street or compound."""

from __future__ import annotations

from functools import partial
from typing import Any

from gridadmin.domain.scheme import Post
from gridadmin.staffing.body_rules import members_by_grouping
from gridadmin.staffing.seats import Seat, SeatRoll, SeatState
from ui.panels import words as panel_words
from ui.panels.desk import Desk
from ui.panels.parts import Facts, Section, row_of
from ui.people import body_words, words
from ui.people.body_reasons import why_no_edit, why_no_end
from ui.people.desk import PeopleDesk
from ui.people.group_form import role_words
from ui.people.page import PeoplePage, SeatRow, flow_of
from ui.people.works import Works
from ui.texts import tr

_MOST_MEMBERS = 60
_PAIRED = ("grouping", "compound")


class BodyPage(PeoplePage):
    """What it is, who is in it, who holds its posts, with whom it is paired."""

    def __init__(
        self, desk: Desk, people: PeopleDesk, roll: SeatRoll, works: Works, thing: tuple[str, str]
    ) -> None:
        super().__init__(desk, people, roll.book, works)
        self._roll = roll
        self._table, self._uid = thing
        self._row: Any = desk.snapshot.rows(self._table)[self._uid]
        self._add_head()
        if self._table == "grouping":
            self._add_areas()
        if self._table == "team":
            self._add_persons()
        for post in body_words.posts(self.book, self._table, self._row):
            self._add_post(post)
        if self._table in _PAIRED:
            self._add_pairings()
        self._add_actions()

    def _add_head(self) -> None:
        row, book, table = self._row, self.book, self._table
        kind = body_words.kind(book.scheme, table, row)
        section = self.add_title(body_words.name(book, table, row), kind)
        facts = Facts()
        {
            "grouping": self._tell_grouping,
            "team": self._tell_team,
            "agreement": self._tell_agreement,
            "point_object": self._tell_facility,
            "compound": self._tell_compound,
        }.get(table, lambda _: None)(facts)
        if getattr(row, "note", None):
            facts.add(tr("备注"), row.note)
        section.add(facts)

    def _tell_grouping(self, facts: Facts) -> None:
        facts.add(tr("中心"), body_words.centre(self.book, self._uid))

    def _tell_area(self, facts: Facts) -> None:
        rows = self.desk.snapshot.rows("area")
        for uid in body_words.areas(self.book, self._table, self._row):
            if uid in rows:
                facts.add(tr("所在区域"), self.link(rows[uid]))

    def _tell_team(self, facts: Facts) -> None:
        self._tell_area(facts)
        modes = {one.key: words.term(one) for one in self.book.scheme.modes}
        facts.add(tr("模式"), modes.get(self._row.mode or "", tr("平时和战时")))
        if self._row.valid_from:
            facts.add(tr("成立日期"), self._row.valid_from)

    def _tell_agreement(self, facts: Facts) -> None:
        row, units = self._row, self.book.organizations
        for said, uid in ((tr("社会组织"), row.community_organization), (tr("单位"), row.unit)):
            if uid in units:
                facts.add(said, self.unit_link(units[uid]))
        facts.add(tr("协议事项"), tr("{n} 项", n=row.items))
        facts.add(tr("签订日期"), row.date or panel_words.UNKNOWN)

    def _tell_facility(self, facts: Facts) -> None:
        self._tell_area(facts)
        is_placed = self._row.x_mm is not None
        facts.add(tr("地图上的位置"), tr("已在地图上标出") if is_placed else tr("没有标出"))

    def _tell_compound(self, facts: Facts) -> None:
        answers = {True: tr("有物业"), False: tr("没有物业"), None: tr("未登记")}
        facts.add(tr("物业公司"), answers[self._row.has_property_company])

    def _add_areas(self) -> None:
        found = self.book.once(members_by_grouping).get(self._uid, [])
        section = Section(tr("成员"), str(len(found)))
        rows = self.desk.snapshot.rows
        named = [(one, rows(one.member_kind).get(one.member)) for one in found]
        listed = [(one, row) for one, row in named if row is not None]
        listed.sort(key=lambda pair: (pair[0].role is None, pair[1].name or ""))
        for one, row in listed[:_MOST_MEMBERS]:
            if one.member_kind == "area":
                link = self.link(row)
            elif one.member_kind == "organization":
                link = self.unit_link(row)
            else:
                link = self.thing_link(row.name or one.member, one.member_kind, one.member)
            section.add(row_of(link))
            if role_words(one.role):
                section.say(role_words(one.role), "quiet")
        if not listed:
            section.say(tr("还没有成员。"), "quiet")
        self.add(section)

    def _add_persons(self) -> None:
        rows = self.desk.snapshot.linked("team_member", self._uid)
        found = [one for one in rows if one.team == self._uid and one.person in self.book.persons]
        section = Section(tr("队员"), str(len(found)))
        for one in found[:_MOST_MEMBERS]:
            person = self.book.persons[one.person]
            section.add(self.person_link(person))
            told = (one.role or "", words.phone(person))
            section.say(
                panel_words.dotted([part for part in told if part != panel_words.UNKNOWN]), "quiet"
            )
        if not found:
            section.say(tr("还没有队员。"), "quiet")
        self.add(section)

    def _add_post(self, post: Post) -> None:
        anchor = (self._table, self._uid)
        seats = [
            seat
            for seat in self._roll.seats
            if seat.anchor == anchor and seat.post is not None and seat.post.key == post.key
        ]
        held = sum(seat.person is not None for seat in seats)
        section = Section(words.term(post), tr("实配 {held}", held=held))
        for seat in seats:
            section.add(SeatRow(self, seat))
        is_full = post.most is not None and held >= post.most
        if not is_full and not any(seat.state is SeatState.VACANT for seat in seats):
            key = f"{self._uid} {post.key} more"
            free = Seat(key, SeatState.VACANT, anchor, None, post)
            text = tr("增加一人…") if held else tr("指派…")
            more = self.act(f"more-{post.key}", text, lambda: self.work.assign([free]), "link")
            section.add(row_of(more))
        self.add(section)

    def _add_pairings(self) -> None:
        found = self.book.pairings_on(self._uid, self._table)
        section = Section(tr("结对单位"), str(len(found)) if found else "")
        kinds = {kind.key: words.term(kind) for kind in self.book.scheme.pairings}
        if not found:
            section.say(tr("还没有结对单位。"), "quiet")
        for one in found:
            end = self.act(
                f"unpair-{one.uid}", tr("解除…"), partial(self.records.unpair, one.uid), "quiet"
            )
            section.add(row_of(self.unit_link(self.book.organizations[one.organization]), end))
            told = (kinds.get(one.kind, one.kind), one.document or "", one.valid_from or "")
            section.say(panel_words.dotted(told), "quiet")
        anchor = (self._table, self._uid)
        pair = self.act("pair", tr("新增结对…"), lambda: self.records.pair(anchor=anchor), "link")
        pair.forbid(self.records.why_no_pairing())
        section.add(row_of(pair))
        self.add(section)

    def _add_actions(self) -> None:
        table, row, desk = self._table, self._row, self.people
        edit = self.act("edit-body", tr("修改…"), lambda: self.bodies.edit(table, row))
        edit.forbid(why_no_edit(desk, table, row))
        end = self.act("end-body", tr("撤销…"), lambda: self.bodies.end(table, row), "danger")
        end.forbid(why_no_end(desk, table, row))
        section = Section()
        section.add(flow_of([edit, end]))
        self.add(section)
