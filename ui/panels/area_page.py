"""The inspector's page of one area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStyle, QStyleOptionFrame

from gridadmin.app.area_facts import AreaFacts, facts_of_area
from gridadmin.app.border_facts import LockKind, locks_of_area
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.model import CELL_LEVEL, Area, Land
from gridadmin.edit.lock_commands import LockTarget
from ui.panels import words
from ui.panels.attributes import AttributeSection
from ui.panels.campus_section import CampusSection, has_campus
from ui.panels.desk import Desk
from ui.panels.history_section import history_part
from ui.panels.households import HouseholdsSection
from ui.panels.issue_section import issue_part
from ui.panels.lasting_page import LastingPage, Part
from ui.panels.lineage import lineage_part
from ui.panels.lock_section import LockSection
from ui.panels.lock_words import lock_words
from ui.panels.page import titled
from ui.panels.parts import Fact, Section
from ui.panels.stack_section import StackSection
from ui.texts import tr
from ui.tips import plain_tip


class AreaPage(LastingPage):
    """Name, facts, households, issues and history of one area."""

    def __init__(self, desk: Desk, area: Area) -> None:
        super().__init__(desk)
        self._area = area
        self.renew()

    def turn_to(self, area: Area) -> bool:
        """Show another area as far as the widgets serve for it, as :meth:`renew`."""
        if area.uid != self._area.uid and (focused := self.focusWidget()) is not None:
            # What is half written is kept for the area that it was written of.
            focused.clearFocus()
        self._area = area
        return self.renew()

    def parts(self) -> Iterator[Part] | None:
        """Return what there is to tell of the area as it is now; None where it is no more."""
        now = self.desk.snapshot.rows("area").get(self._area.uid)
        if now is None or now.valid_to is not None:
            return None
        self._area = now
        return self._parts(now)

    def _parts(self, area: Area) -> Iterator[Part]:
        desk = self.desk
        if desk.index.is_counted:
            yield from self._known_parts(area)
        else:
            name = words.name_of(area)
            yield Part("counting", name, lambda: self._counting(name))
        yield from self._issue_part(area)
        if area.land == Land.DRAWN:
            locks = locks_of_area(desk.snapshot, area.uid)
            told = [lock_words(desk.snapshot, fact) for fact in locks]
            target = LockTarget(area=area.uid)
            yield Part(
                f"locks {told} {self._why}",
                target,
                lambda: LockSection(desk, target, locks, LockKind.AREA),
                lambda section: section.aim(target, is_other=True),
            )
        yield from history_part(desk, area.uid)

    def _known_parts(self, area: Area) -> Iterator[Part]:
        desk, why = self.desk, self._why
        land = desk.land_m2(area)
        known = facts_of_area(desk.snapshot, area, land)
        head = self._head_facts(known)
        yield Part(
            f"head {why}",
            (area, head),
            lambda: self._head(head),
            lambda section: self._tell_head(section, head),
        )
        if area.level == CELL_LEVEL or area.land == Land.STACKED:
            yield Part("stack", object(), lambda: StackSection(desk, area))
        if area.level != CELL_LEVEL:
            yield Part(
                f"households {why}",
                (area, known.households, known.state, known.band),
                lambda: HouseholdsSection(desk, known),
                lambda section: section.turn_to(known),
            )
            yield Part(
                f"attributes {AttributeSection.form(area, why)}",
                area,
                lambda: AttributeSection(desk, [area]),
                lambda section: section.turn_to(area),
            )
        if has_campus(desk, area):
            yield Part("campus", object(), lambda: CampusSection(desk, area))
        yield from lineage_part(desk, area)

    @property
    def _why(self) -> str:
        """Why nothing can be changed; empty when it can."""
        return self.desk.bridge.why_not_change()

    # Name and facts

    def _counting(self, name: str) -> Section:
        section = titled(name)
        section.say(tr("正在统计户数…"), "quiet")
        return section

    def _head_facts(self, known: AreaFacts) -> list[Fact]:
        area, snapshot, parent = known.area, self.desk.snapshot, known.parent
        code = words.spaced_code(area.code) if area.code else words.UNKNOWN
        facts = [Fact(tr("级别"), words.level(snapshot, area.level)), Fact(tr("编码"), code)]
        if parent is not None:
            above = words.path_of(snapshot, parent.uid)
            facts.append(Fact(tr("所属"), f"{parent.uid} {above}", lambda: self.link(parent)))
        facts.append(Fact(tr("面积"), self._land(known)))
        if area.level != CELL_LEVEL and area.land != Land.STACKED:
            count = known.buildings
            facts.append(Fact(tr("楼栋"), words.under_heading(words.buildings(count), count)))
        if known.children:
            told = [words.tally(snapshot, level, count) for level, count in known.children]
            facts.append(Fact(tr("下级"), words.dotted(told)))
        return facts

    def _head(self, facts: Sequence[Fact]) -> Section:
        section, name = Section(), QHBoxLayout()
        # The frame of the field stands left of the column, so that the words stand in it.
        name.setContentsMargins(-4, 0, 0, 0)
        self._name = self._name_field()
        name.addWidget(self._name)
        section.column.addLayout(name)
        self._tell_head(section, facts)
        return section

    def _name_field(self) -> NameField:
        field = NameField()
        field.setObjectName("name")
        field.setReadOnly(bool(self._why))
        field.editingFinished.connect(lambda: self._rename(field))
        return field

    def _tell_head(self, section: Section, facts: Sequence[Fact]) -> None:
        self._name.tell(self._area.uid, self._area.name)
        self._name.setToolTip(plain_tip(self._why or words.name_of(self._area)))
        section.show_facts(facts)

    def _rename(self, field: QLineEdit) -> None:
        name = field.text().strip()
        if not field.isModified() or name == self._area.name or field.isReadOnly():
            return
        field.setModified(False)
        if not self.desk.set_field(self._area.uid, "name", name):
            field.setText(self._area.name)

    def _land(self, known: AreaFacts) -> str:
        area = known.area
        if area.land == Land.STACKED:
            name = words.name_of_uid(self.desk.snapshot, area.cell or "")
            return tr("与其他立体微网格共用“{name}”", name=name)
        if area.land == Land.LISTED:
            return tr("还没有地块")
        return words.land_exactly(known.land_m2)

    # Issues

    def _issue_part(self, area: Area) -> Iterator[Part]:
        bridge = self.desk.bridge
        own = [issue for issue in bridge.issues() if area.uid in issue.areas]
        weighing = sum(issue.severity is not Severity.INFO for issue in own)
        below = bridge.tally(area.uid).count - weighing if bridge.has_issues else 0
        return issue_part(self.desk, own, max(below, 0))


class NameField(QLineEdit):
    """The name of an area as a title that can be written in: Enter keeps it, Esc takes it back."""

    def __init__(self) -> None:
        super().__init__()
        self._uid = self._name = ""
        self.setProperty("role", "flat")
        self.setAccessibleName(tr("区域名称"))
        self.setPlaceholderText(tr("（没有名称）"))
        self.setStyleSheet("QLineEdit { padding: 2px 1px; font-weight: bold; }")

    def tell(self, uid: str, name: str) -> None:
        """Show the name of an area; a name of the same area that is half written stays."""
        if uid != self._uid or not self.isModified() or name != self._name:
            if name != self.text():
                self.setText(name)
                self.setCursorPosition(0)
            self.setModified(False)
        self._uid, self._name = uid, name

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a name that is too long with … at its end while nobody writes in it."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        style = self.style()
        room = style.subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        room = room.adjusted(2, 0, -2, 0)
        if self.hasFocus() or self.fontMetrics().horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the old name back with Esc."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._name:
            self.setText(self._name)
            return
        super().keyPressEvent(event)
