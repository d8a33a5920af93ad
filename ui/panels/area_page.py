"""The inspector's page of one area."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStyle, QStyleOptionFrame

from gridadmin.app.area_facts import AreaFacts, Fit, facts_of_area
from gridadmin.app.border_facts import LockKind, locks_of_area
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.model import CELL_LEVEL, Area, Land
from gridadmin.edit.lock_commands import LockTarget
from ui.panels import words
from ui.panels.attributes import AttributeSection
from ui.panels.campus_section import CampusSection, has_campus
from ui.panels.desk import Desk
from ui.panels.households import HouseholdsForm
from ui.panels.lineage import LineageSection, has_lineage
from ui.panels.lock_section import LockSection
from ui.panels.page import Page
from ui.panels.parts import BandBar, Facts, Section
from ui.panels.stack_section import StackSection
from ui.texts import tr


class AreaPage(Page):
    """Name, facts, households, issues and history of one area."""

    def __init__(self, desk: Desk, area: Area) -> None:
        super().__init__(desk)
        self._area = area
        if desk.index.is_counted:
            facts = facts_of_area(desk.snapshot, area)
            self._add_head(facts)
            if area.level == CELL_LEVEL or area.land == Land.STACKED:
                self.add(StackSection(desk, area))
            if area.level != CELL_LEVEL:
                self._add_households(facts)
                self.add(AttributeSection(desk, [area]))
            if has_campus(desk, area):
                self.add(CampusSection(desk, area))
            if has_lineage(desk, area):
                self.add(LineageSection(desk, area))
        else:
            self.add_title(words.name_of(area)).say(tr("正在统计户数…"), "quiet")
        self._add_issues()
        if area.land == Land.DRAWN:
            locks = locks_of_area(desk.snapshot, area.uid)
            self.add(LockSection(desk, LockTarget(area=area.uid), locks, LockKind.AREA))
        self.add_history(area.uid)

    # Name and facts

    def _add_head(self, known: AreaFacts) -> None:
        area = known.area
        section = Section()
        name = QHBoxLayout()
        # The frame of the field stands left of the column, so that the words stand in it.
        name.setContentsMargins(-4, 0, 0, 0)
        name.addWidget(self._name_field())
        section.column.addLayout(name)
        facts = Facts()
        snapshot = self.desk.snapshot
        facts.add(tr("级别"), words.level(snapshot, area.level))
        facts.add(tr("编码"), words.spaced_code(area.code) if area.code else words.UNKNOWN)
        if known.parent is not None:
            facts.add(tr("所属"), self.link(known.parent))
        facts.add(tr("面积"), self._land(known))
        if area.level != CELL_LEVEL and area.land != Land.STACKED:
            count = known.buildings
            facts.add(tr("楼栋"), words.under_heading(words.buildings(count), count))
        if known.children:
            told = [words.tally(snapshot, level, count) for level, count in known.children]
            facts.add(tr("下级"), words.dotted(told))
        section.add(facts)
        self.add(section)

    def _name_field(self) -> QLineEdit:
        field = NameField(self._area.name)
        field.setObjectName("name")
        why = self.desk.bridge.why_not_change()
        field.setReadOnly(bool(why))
        field.setToolTip(why or words.name_of(self._area))
        field.editingFinished.connect(lambda: self._rename(field))
        return field

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

    # Households

    def _add_households(self, known: AreaFacts) -> None:
        figure = words.marked_households(known.households, known.state)
        known_words = tr("户数未知") if known.households is None else tr("户数 {n}", n=figure)
        section = Section(known_words, words.band(known.band))
        if known.households is not None and known.band is not None:
            section.add(BandBar(known.households, known.band, known.fit))
        is_off = known.fit in (Fit.BELOW, Fit.ABOVE)
        if known.band is not None:
            said = words.fit(known.households, known.band, known.fit)
            section.say(said, "warning" if is_off else "quiet")
        self.add(section)
        HouseholdsForm(self.desk, known).stand_in(section)

    # Issues

    def _add_issues(self) -> None:
        bridge = self.desk.bridge
        own = [issue for issue in bridge.issues() if self._area.uid in issue.areas]
        weighing = sum(issue.severity is not Severity.INFO for issue in own)
        below = bridge.tally(self._area.uid).count - weighing if bridge.has_issues else 0
        self.add_issues(own, max(below, 0))


class NameField(QLineEdit):
    """The name of an area as a title that can be written in: Enter keeps it, Esc takes it back."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._name = name
        self.setProperty("role", "flat")
        self.setAccessibleName(tr("区域名称"))
        self.setPlaceholderText(tr("（没有名称）"))
        self.setStyleSheet("QLineEdit { padding: 2px 1px; font-weight: bold; }")
        self.setCursorPosition(0)

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
