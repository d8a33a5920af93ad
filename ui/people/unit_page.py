"""The inspector's card of a unit: officials, quota, who was sent where, its pairings."""

from __future__ import annotations

from functools import partial

from gridadmin.domain.people import Organization
from gridadmin.staffing.seats import SeatRoll
from gridadmin.staffing.unit_rules import latest_headcounts, sent_by_unit
from ui.panels import words as panel_words
from ui.panels.desk import Desk
from ui.panels.parts import Facts, Section, row_of
from ui.people import body_words, words
from ui.people.desk import PeopleDesk
from ui.people.page import PeoplePage, flow_of
from ui.people.works import Works
from ui.texts import tr

_MOST_PERSONS = 30


class UnitPage(PeoplePage):
    """One unit."""

    def __init__(
        self, desk: Desk, people: PeopleDesk, roll: SeatRoll, works: Works, unit: Organization
    ) -> None:
        super().__init__(desk, people, roll.book, works)
        self._unit = unit
        self._add_head()
        self._add_pairings()
        self._add_agreements()
        self._add_persons()
        self._add_actions()

    def _add_head(self) -> None:
        unit, book = self._unit, self.book
        kinds = {kind.key: words.term(kind) for kind in book.scheme.organizations}
        section = self.add_title(unit.name, kinds.get(unit.kind or "", ""))
        facts = Facts()
        above = book.organizations.get(unit.parent or "")
        if above is not None:
            facts.add(tr("上级单位"), self.unit_link(above))
        if unit.code:
            facts.add(tr("统一代码"), unit.code)
        if unit.contact:
            facts.add(tr("联系方式"), unit.contact)
        known = book.once(latest_headcounts).get(unit.uid)
        sent = book.once(sent_by_unit)[unit.uid]
        if known is not None:
            facts.add(tr("在编干部"), tr("{n} 人", n=known.officials))
            if known.officials:
                share = f"{sent / known.officials:.0%}"
                facts.add(tr("下沉比例"), share)
            if known.quota is not None:
                short = max(known.quota - sent, 0)
                told = tr(
                    "应派 {due}，已派 {sent}，还缺 {short}", due=known.quota, sent=sent, short=short
                )
                facts.add(tr("派出"), told)
        if known is None or known.quota is None:
            facts.add(tr("已派出"), tr("{n} 人", n=sent))
        if unit.note:
            facts.add(tr("备注"), unit.note)
        section.add(facts)

    def _add_pairings(self) -> None:
        unit, book, records = self._unit, self.book, self.records
        found = [one for one in book.pairings() if one.organization == unit.uid]
        section = Section(tr("结对"), str(len(found)) if found else "")
        kinds = {kind.key: words.term(kind) for kind in book.scheme.pairings}
        if not found:
            section.say(tr("还没有结对。"), "quiet")
        rows = self.desk.snapshot.rows("area")
        for one in found:
            if one.anchor_kind == "area" and one.anchor in rows:
                link = self.link(rows[one.anchor])
            else:
                link = self.plain_link(
                    words.place(book, (one.anchor_kind, one.anchor)), lambda: None
                )
            end = self.act(
                f"unpair-{one.uid}", tr("解除…"), partial(records.unpair, one.uid), "quiet"
            )
            section.add(row_of(link, end))
            told = (kinds.get(one.kind, one.kind), one.document or "", one.valid_from or "")
            section.say(panel_words.dotted(told), "quiet")
        pair = self.act("pair", tr("新增结对…"), lambda: records.pair(organization=unit), "link")
        pair.forbid(records.why_no_pairing())
        section.add(row_of(pair))
        self.add(section)

    def _add_agreements(self) -> None:
        unit, rows = self._unit, self.desk.snapshot.rows("agreement").values()
        found = [one for one in rows if unit.uid in (one.community_organization, one.unit)]
        if not found:
            return
        section = Section(tr("共建协议"), str(len(found)))
        for one in sorted(found, key=lambda row: (row.date or "", row.uid))[:_MOST_PERSONS]:
            is_first = one.community_organization == unit.uid
            other = one.unit if is_first else one.community_organization
            section.add(row_of(self.thing_link(body_words.unit(self.book, other), "agreement",
                                               one.uid)))  # fmt: skip
            told = (tr("{n} 项", n=one.items), one.date or "")
            section.say(panel_words.dotted(told), "quiet")
        self.add(section)

    def _add_persons(self) -> None:
        book, unit = self.book, self._unit
        persons = [one for one in book.persons.values() if one.organization == unit.uid]
        if not persons:
            return
        persons.sort(key=lambda one: (not book.of(one.uid), one.name, one.uid))
        section = Section(tr("人员"), str(len(persons)))
        for person in persons[:_MOST_PERSONS]:
            section.add(self.person_link(person))
            held = book.of(person.uid)
            told = [words.held(book, one) for one in held] or [tr("没有岗位")]
            section.say(panel_words.dotted([person.rank or "", *told]), "quiet")
        if len(persons) > _MOST_PERSONS:
            section.say(tr("另有 {n} 人，见岗位表。", n=len(persons) - _MOST_PERSONS), "quiet")
        self.add(section)

    def _add_actions(self) -> None:
        unit, records = self._unit, self.records
        section = Section()
        section.add(
            flow_of(
                [
                    self.act("edit-unit", tr("修改资料…"), lambda: records.edit_unit(unit)),
                    self.act("headcount", tr("在编人数…"), lambda: records.headcount(unit)),
                    self.act("end-unit", tr("停用单位…"), lambda: records.end_unit(unit), "danger"),
                ]
            )
        )
        self.add(section)
