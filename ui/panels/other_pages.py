"""The inspector's pages of several areas and of a border."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gridadmin.app.area_facts import Totals, totals_of
from gridadmin.app.border_facts import BorderFacts, LockKind, facts_of_border, middle_of
from gridadmin.app.holders import Holder, HolderKind
from gridadmin.domain.model import BorderRow
from gridadmin.edit.lock_commands import LockTarget
from ui.jobs import JobProgress
from ui.menus.table import TABLE
from ui.panels import words
from ui.panels.attributes import AttributeSection
from ui.panels.desk import Desk
from ui.panels.lasting_page import LastingPage, Part
from ui.panels.lock_section import LockSection
from ui.panels.lock_words import lock_words
from ui.panels.page import Page, titled
from ui.panels.parts import ElidedButton, Fact, Facts, Section, row_of
from ui.texts import mark, tr

_FEW_AREAS = 60
_BORDER_WORK = (
    ("adjust.straighten", mark("拉直")),
    ("adjust.align", mark("贴靠道路")),
    ("adjust.offset", mark("平移…")),
)
_TIPS = {spec.key: spec.tip for spec in TABLE}


class AreasPage(Page):
    """What several areas are together."""

    def __init__(self, desk: Desk, uids: Sequence[str]) -> None:
        super().__init__(desk)
        self._section = self.add_title(tr("已选 {n} 个区域", n=f"{len(uids):,}"))
        rows = desk.snapshot.rows("area")
        self.add(AttributeSection(desk, [rows[uid] for uid in uids]))
        self._is_gone = False
        self.destroyed.connect(self._mark_gone)
        if not desk.index.is_counted:
            self._section.say(tr("正在统计户数…"), "quiet")
        elif len(uids) <= _FEW_AREAS:
            self._tell(totals_of(desk.snapshot, uids))
        else:
            self._start(uids)

    def _mark_gone(self) -> None:
        self._is_gone = True

    def _start(self, uids: Sequence[str]) -> None:
        """Add up many areas beside the window."""
        waiting = self._section.say(tr("正在汇总…"), "quiet")
        snapshot = self.desk.snapshot

        def add_up(_: JobProgress) -> Totals:
            return totals_of(snapshot, uids)

        def tell(totals: Totals) -> None:
            if not self._is_gone:
                waiting.hide()
                self._tell(totals)

        self.desk.context.jobs.start(tr("汇总所选区域"), add_up, on_done=tell, is_quiet=True)

    def _tell(self, totals: Totals) -> None:
        facts = Facts()
        snapshot = self.desk.snapshot
        if totals.level is not None:
            facts.add(tr("级别"), words.level(snapshot, totals.level))
        if totals.parent is not None:
            facts.add(tr("所属"), self.link(totals.parent))
        facts.add(tr("面积"), words.land_exactly(totals.land_m2))
        count = totals.households
        facts.add(tr("户数"), words.under_heading(words.households(count), count))
        count = totals.buildings
        facts.add(tr("楼栋"), words.under_heading(words.buildings(count), count))
        self._section.add(facts)
        if totals.without_households:
            self._section.say(
                tr("其中 {n} 个区域户数未知，没有计入。", n=totals.without_households), "warning"
            )
        if totals.counted_twice:
            self._section.say(
                tr("其中 {n} 个在所选的上级之内，不重复计算。", n=totals.counted_twice), "quiet"
            )


class BorderPage(LastingPage):
    """Whom a border separates, how long it is, whether it is locked."""

    def __init__(self, desk: Desk, border: BorderRow) -> None:
        super().__init__(desk)
        self._number = border.id
        self.renew()

    def parts(self) -> Iterator[Part] | None:
        """Return what there is to tell of the border as it is now; None where it is no more."""
        partition = self.desk.snapshot.partition
        return self._parts(partition.border(self._number)) if partition.has(self._number) else None

    def _parts(self, border: BorderRow) -> Iterator[Part]:
        desk, why = self.desk, self.desk.bridge.why_not_change()
        known = facts_of_border(desk.snapshot, border)
        title, facts = self._title(known), self._facts(known)
        yield Part(
            f"border {title} {why}",
            facts,
            lambda: self._head(title, facts),
            lambda section: section.show_facts(facts),
        )
        yield from self._separated(known)
        place = middle_of(desk.snapshot, border)
        locks = [lock_words(desk.snapshot, fact) for fact in known.locks]
        target = LockTarget(border=place)
        yield Part(
            f"locks {locks} {why}",
            target,
            lambda: LockSection(desk, target, known.locks, LockKind.BORDER),
            lambda section: section.aim(target, is_other=False),
        )

    def _facts(self, known: BorderFacts) -> list[Fact]:
        facts = [self._side(tr("左侧"), known.left), self._side(tr("右侧"), known.right)]
        if known.level:
            facts.append(Fact(tr("级别"), self._level(known)))
        facts.append(Fact(tr("长度"), words.length(known.length_m)))
        facts.append(Fact(tr("拐点"), tr("{n} 个", n=known.vertices)))
        return facts

    def _head(self, title: str, facts: Sequence[Fact]) -> Section:
        section = titled(title)
        section.show_facts(facts)
        self._add_work(section)
        return section

    def _add_work(self, section: Section) -> None:
        """Put the buttons that begin on this border what the tool *adjust border* can do."""
        if self.desk.actions is None:
            return
        buttons = []
        for key, name in _BORDER_WORK:
            button = ElidedButton(tr(name), self.desk.actions.action(key).trigger)
            button.setObjectName(key)
            button.tell(tr(_TIPS[key]))
            button.forbid(self.desk.bridge.why_not_change())
            buttons.append(button)
        section.add(row_of(*buttons, stretches=True))

    def _title(self, known: BorderFacts) -> str:
        if known.is_outer:
            return tr("项目外缘")
        if not known.level:
            return tr("地块边界")
        return tr("{level}边界", level=words.level(self.desk.snapshot, known.level))

    def _level(self, known: BorderFacts) -> str:
        level = words.level(self.desk.snapshot, known.level)
        if known.is_outer:
            return tr("整个项目的外缘")
        return tr("最高是{level}之间的界线", level=level)

    def _side(self, word: str, holder: Holder) -> Fact:
        desk, told = self.desk, words.holder(self.desk.snapshot, holder)
        if holder.kind is HolderKind.AREA:
            path = words.path_of(desk.snapshot, holder.uid)
            return Fact(word, f"{holder.uid} {path}", lambda: desk.link_to(holder.uid))
        return Fact(word, told)

    def _separated(self, known: BorderFacts) -> Iterator[Part]:
        """Yield the areas of the highest level that the border separates, where they are others."""
        uids = [uid for uid in known.separated if uid is not None]
        lowest = {known.left.uid, known.right.uid}
        if known.is_outer or set(uids) <= lowest:
            return
        snapshot = self.desk.snapshot
        heading = tr("同时分开的{level}", level=words.level(snapshot, known.level))
        paths = [words.path_of(snapshot, uid) for uid in uids]
        yield Part("separated", (heading, uids, paths), lambda: self._links(heading, uids))

    def _links(self, heading: str, uids: Sequence[str]) -> Section:
        section = Section(heading)
        for uid in uids:
            section.add(self.desk.link_to(uid))
        return section
