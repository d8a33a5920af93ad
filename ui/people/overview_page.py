"""The inspector's page while nothing is selected: people in figures, gaps, the mode."""

from __future__ import annotations

from gridadmin.staffing.seats import SeatRoll, SeatState, covered_units
from ui.panels import words as panel_words
from ui.panels.desk import Desk
from ui.panels.parts import Facts, Section, row_of
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.people.page import PeoplePage
from ui.people.team_page import GapRow, seats_told
from ui.people.works import Works
from ui.texts import tr

_MOST_GAPS = 8


class OverviewPage(PeoplePage):
    """The people of the whole project."""

    def __init__(self, desk: Desk, people: PeopleDesk, roll: SeatRoll, works: Works) -> None:
        super().__init__(desk, people, roll.book, works)
        book = roll.book
        section = self.add_title(panel_words.name_of(desk.snapshot.root), tr("人员"))
        facts = Facts()
        vacant = [seat for seat in roll.seats if seat.state is SeatState.VACANT]
        held = [seat for seat in roll.seats if seat.assignment is not None]
        facts.add(tr("席位"), seats_told(len(held), len(vacant)))
        facts.add(tr("人员"), tr("{n} 人", n=f"{len(book.persons):,}"))
        free = roll.count(SeatState.UNASSIGNED)
        facts.add(tr("未进格"), tr("{n} 人", n=f"{free:,}"))
        facts.add(tr("下沉干部"), tr("{n} 人", n=f"{len(book.cadres()):,}"))
        units = book.base_units()
        covered = len(covered_units(roll))
        facts.add(tr("干部覆盖"), tr("{n} / {all} 个社区（村）", n=covered, all=len(units)))
        facts.add(
            tr("单位数"),
            tr("{n} 个，结对 {pairs} 处", n=len(book.organizations), pairs=len(book.pairings())),
        )
        section.add(facts)
        if vacant:
            gaps = Section(tr("缺口"), tr("{n} 处", n=f"{len(vacant):,}"))
            for seat in vacant[:_MOST_GAPS]:
                gaps.add(GapRow(self, seat))
            if len(vacant) > _MOST_GAPS:
                show = people.actions.action("people.vacant")
                gaps.add(row_of(self.plain_link(tr("查看全部空缺"), show.trigger)))
            self.add(gaps)
        self._add_mode()

    def _add_mode(self) -> None:
        book = self.book
        if len(book.scheme.modes) < 2:
            return
        now = next((mode for mode in book.scheme.modes if mode.key == book.mode), None)
        section = Section(tr("平战模式"), "" if now is None else words.term(now))
        rows = self.desk.snapshot.rows("mode_switch").values()
        switches = sorted((one for one in rows if one.since <= book.day), key=lambda one: one.since)
        if switches:
            last = switches[-1]
            section.say(
                panel_words.dotted((tr("{since} 起", since=last.since), last.note or "")), "quiet"
            )
        switch = self.people.actions.action("people.mode").trigger
        section.add(row_of(self.act("switch-mode", tr("切换平战模式…"), switch)))
        self.add(section)
