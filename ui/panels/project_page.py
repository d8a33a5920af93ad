"""The inspector's page of the project as a whole, shown while nothing is selected."""

from __future__ import annotations

from collections.abc import Iterator

from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.scheme import LEVELS
from gridadmin.edit.land_commands import FrameFromUnion
from gridadmin.partition.figures import households_of
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.lasting_page import LastingPage, Part, facts_part
from ui.panels.page import Page, titled
from ui.panels.parts import ElidedButton, ElidedLabel, Fact, Section, label
from ui.texts import language, tr


class NoProjectPage(Page):
    """Says that no project is open."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.add_title(tr("没有打开的项目"))


class ProjectPage(LastingPage):
    """Facts of the project: its land and people, how much of it there is, its frame."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.renew()

    def parts(self) -> Iterator[Part]:
        """Return what there is to tell of the project now."""
        desk, name = self.desk, self.desk.bridge.name
        yield facts_part(f"project {name}", lambda: titled(name), self._facts())
        yield from self._levels()
        frame = desk.snapshot.has_frame, self._has_land, desk.bridge.why_not_change()
        yield Part("frame", frame, self._frame)

    @property
    def _has_land(self) -> bool:
        return bool(self.desk.snapshot.partition.beside(OUTSIDE))

    def _facts(self) -> list[Fact]:
        desk, snapshot = self.desk, self.desk.snapshot
        root = snapshot.root
        facts = [
            Fact(tr("项目范围"), words.name_of(root), lambda: self.link(root)),
            Fact(tr("方案"), snapshot.scheme.zh if language() == "zh" else snapshot.scheme.en),
        ]
        land = desk.land_m2(root)
        facts.append(Fact(tr("面积"), words.land_exactly(land) if land else tr("还没有边界")))
        if desk.index.is_counted:
            count, state = households_of(snapshot, root)
            told = words.marked_households(count, state)
            if language() != "zh":
                told = words.figure(count, state)
            facts.append(Fact(tr("户数"), told))
        buildings = len(snapshot.rows("building"))
        told = words.under_heading(words.buildings(buildings), buildings)
        facts.append(Fact(tr("楼栋"), told))
        if exempt := len(snapshot.rows("exempt")):
            facts.append(Fact(tr("例外地块"), tr("{n} 处", n=exempt)))
        facts.append(Fact(tr("修改次数"), tr("第 {n} 次", n=f"{snapshot.revision:,}")))
        facts.append(Fact(tr("保存情况"), self._saved()))
        file = desk.bridge.path.name
        facts.append(Fact(tr("文件"), file, lambda: ElidedLabel(file)))
        return facts

    def _saved(self) -> str:
        bridge = self.desk.bridge
        if bridge.is_read_only:
            return tr("只读打开，不会保存")
        if bridge.saved_at is None:
            return tr("打开后没有改动")
        return tr("已自动保存 {time}", time=f"{bridge.saved_at:%H:%M:%S}")

    def _levels(self) -> Iterator[Part]:
        counts, snapshot = self.desk.index.level_counts, self.desk.snapshot
        told = [
            Fact(words.level(snapshot, level), tr("{n} 个", n=f"{counts[level]:,}"))
            for level in LEVELS
            if counts.get(level, 0)
        ]
        if told:
            yield facts_part("levels", lambda: Section(tr("区域")), told)

    def _frame(self) -> Section:
        desk = self.desk
        section = Section(tr("外框"))
        if desk.snapshot.has_frame:
            section.say(tr("已确定。外框内没有划给任何区域的土地都会列为缝隙。"), "quiet")
            return section
        section.say(tr("没有外框，只能查出四周被围住的缝隙。"), "warning")
        button = ElidedButton(tr("以现有外边界为外框"), self._take_frame)
        button.setObjectName("frame")
        nothing = "" if self._has_land else tr("还没有边界，请先导入。")
        why = desk.bridge.why_not_change() or nothing
        button.forbid(why)
        section.add(button)
        if why:
            section.add(label(why, "quiet", wraps=True))
        return section

    def _take_frame(self) -> None:
        self.desk.carry_out(FrameFromUnion(), tr("已把现有外边界定为外框。"))
