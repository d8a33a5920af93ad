"""The inspector's pages of several areas, of a border, and of the project as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from gridadmin.app.area_facts import Totals, totals_of
from gridadmin.app.border_facts import BorderFacts, LockKind, facts_of_border, middle_of
from gridadmin.app.holders import Holder, HolderKind
from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.domain.scheme import LEVELS
from gridadmin.edit.land_commands import FrameFromUnion
from gridadmin.edit.lock_commands import LockTarget
from gridadmin.partition.figures import households_of
from ui.actions import TABLE
from ui.jobs import JobProgress
from ui.panels import words
from ui.panels.attributes import AttributeSection
from ui.panels.desk import Desk
from ui.panels.lock_section import LockSection
from ui.panels.page import Page
from ui.panels.parts import ElidedButton, ElidedLabel, Facts, Section, label, row_of
from ui.texts import language, mark, tr

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


class BorderPage(Page):
    """Whom a border separates, how long it is, whether it is locked."""

    def __init__(self, desk: Desk, border: BorderRow) -> None:
        super().__init__(desk)
        known = facts_of_border(desk.snapshot, border)
        section = self.add_title(self._title(known))
        facts = Facts()
        self._add_side(facts, tr("左侧"), known.left)
        self._add_side(facts, tr("右侧"), known.right)
        if known.level:
            facts.add(tr("级别"), self._level(known))
        facts.add(tr("长度"), words.length(known.length_m))
        facts.add(tr("拐点"), tr("{n} 个", n=known.vertices))
        section.add(facts)
        self._add_work(section)
        self._add_separated(known)
        place = middle_of(desk.snapshot, border)
        self.add(LockSection(desk, LockTarget(border=place), known.locks, LockKind.BORDER))

    def _add_work(self, section: Section) -> None:
        """Put the buttons that begin on this border what the tool *adjust border* can do."""
        if self.desk.actions is None:
            return
        buttons = []
        for key, name in _BORDER_WORK:
            action = self.desk.actions.action(key)
            button = ElidedButton(tr(name), action.trigger)
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

    def _add_side(self, facts: Facts, word: str, holder: Holder) -> None:
        if holder.kind is HolderKind.AREA:
            facts.add(word, self.desk.link_to(holder.uid))
        else:
            facts.add(word, words.holder(self.desk.snapshot, holder))

    def _add_separated(self, known: BorderFacts) -> None:
        """Put the areas of the highest level that the border separates, where they are others."""
        uids = [uid for uid in known.separated if uid is not None]
        lowest = {known.left.uid, known.right.uid}
        if known.is_outer or set(uids) <= lowest:
            return
        section = Section(
            tr("同时分开的{level}", level=words.level(self.desk.snapshot, known.level))
        )
        for uid in uids:
            section.add(self.link(self.desk.snapshot.area(uid)))
        self.add(section)


class ProjectPage(Page):
    """Facts of the project, shown while nothing is selected."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        if not desk.bridge.is_open:
            self.add_title(tr("没有打开的项目"))
            return
        self._add_project()
        self._add_levels()
        self._add_frame()

    def _add_project(self) -> None:
        desk, snapshot = self.desk, self.desk.snapshot
        section = self.add_title(desk.bridge.name)
        facts = Facts()
        facts.add(tr("项目范围"), self.link(snapshot.root))
        facts.add(tr("方案"), snapshot.scheme.zh if language() == "zh" else snapshot.scheme.en)
        land = desk.land_m2(snapshot.root)
        facts.add(tr("面积"), words.land_exactly(land) if land else tr("还没有边界"))
        if desk.index.is_counted:
            count, state = households_of(snapshot, snapshot.root)
            told = words.marked_households(count, state)
            if language() != "zh":
                told = words.figure(count, state)
            facts.add(tr("户数"), told)
        buildings = len(snapshot.rows("building"))
        facts.add(tr("楼栋"), words.under_heading(words.buildings(buildings), buildings))
        if snapshot.rows("exempt"):
            facts.add(tr("例外地块"), tr("{n} 处", n=len(snapshot.rows("exempt"))))
        facts.add(tr("修改次数"), tr("第 {n} 次", n=f"{snapshot.revision:,}"))
        facts.add(tr("保存情况"), self._saved())
        facts.add(tr("文件"), ElidedLabel(desk.bridge.path.name))
        section.add(facts)

    def _saved(self) -> str:
        bridge = self.desk.bridge
        if bridge.is_read_only:
            return tr("只读打开，不会保存")
        if bridge.saved_at is None:
            return tr("打开后没有改动")
        return tr("已自动保存 {time}", time=f"{bridge.saved_at:%H:%M:%S}")

    def _add_levels(self) -> None:
        counts = self.desk.index.level_counts
        if not counts:
            return
        section = Section(tr("区域"))
        facts = Facts()
        for level in LEVELS:
            if counts.get(level, 0):
                word = words.level(self.desk.snapshot, level)
                facts.add(word, tr("{n} 个", n=f"{counts[level]:,}"))
        section.add(facts)
        self.add(section)

    def _add_frame(self) -> None:
        desk = self.desk
        section = Section(tr("外框"))
        self.add(section)
        if desk.snapshot.has_frame:
            section.say(tr("已确定。外框内没有划给任何区域的土地都会列为缝隙。"), "quiet")
            return
        section.say(tr("没有外框，只能查出四周被围住的缝隙。"), "warning")
        button = ElidedButton(tr("以现有外边界为外框"), self._take_frame)
        button.setObjectName("frame")
        has_land = bool(desk.snapshot.partition.beside(OUTSIDE))
        why = desk.bridge.why_not_change() or ("" if has_land else tr("还没有边界，请先导入。"))
        button.forbid(why)
        section.add(button)
        if why:
            section.add(label(why, "quiet", wraps=True))

    def _take_frame(self) -> None:
        self.desk.carry_out(FrameFromUnion(), tr("已把现有外边界定为外框。"))
