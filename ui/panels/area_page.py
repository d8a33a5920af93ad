"""The inspector's page of one area."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStyle, QStyleOptionFrame

from gridadmin.app.area_facts import AreaFacts, Fit, facts_of_area
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, HouseholdsState, Land
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.page import Page
from ui.panels.parts import BandBar, ElidedButton, Facts, Section, row_of
from ui.texts import language, tr

_MOST_HOUSEHOLDS = 99_999_999


class AreaPage(Page):
    """Name, facts, households, issues and history of one area."""

    def __init__(self, desk: Desk, area: Area) -> None:
        super().__init__(desk)
        self._area = area
        if desk.index.is_counted:
            facts = facts_of_area(desk.snapshot, area)
            self._add_head(facts)
            if area.level != CELL_LEVEL:
                self._add_households(facts)
        else:
            self.add_title(words.name_of(area)).say(tr("正在统计户数…"), "quiet")
        self._add_issues()
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
        kind = self._kind()
        if kind:
            facts.add(tr("类别"), kind)
        if area.level != CELL_LEVEL:
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

    def _kind(self) -> str:
        area, scheme = self._area, self.desk.snapshot.scheme
        zh = language() == "zh"
        parts = []
        if area.kind == AreaKind.EXCLUSIVE:
            parts.append(tr("专属网格"))
            parts += [
                term.zh if zh else term.en
                for term in scheme.exclusive_types
                if term.key == area.exclusive_type
            ]
        parts += [one.zh if zh else one.en for one in scheme.classes if one.key == area.area_class]
        return words.dotted(parts)

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
        if known.is_typed:
            self._add_typed(section, known)
        self.add(section)

    def _add_typed(self, section: Section, known: AreaFacts) -> None:
        area, why = known.area, self.desk.bridge.why_not_change()
        if known.state == HouseholdsState.STALE:
            section.say(tr("这个数字是边界调整前填写的，请确认或改正。"), "warning")
        elif area.households_as_of:
            section.say(tr("人工填写，截至 {date}。", date=area.households_as_of), "quiet")
        else:
            section.say(tr("没有楼栋资料，可以直接填写户数。"), "quiet")
        field = QLineEdit("" if known.households is None else str(known.households))
        field.setObjectName("households")
        field.setAccessibleName(tr("户数"))
        field.setPlaceholderText(tr("户数"))
        field.setValidator(QIntValidator(0, _MOST_HOUSEHOLDS, field))
        field.setReadOnly(bool(why))
        field.setToolTip(why or tr("按回车保存。"))
        field.returnPressed.connect(lambda: self._type_households(field))
        button = ElidedButton(tr("保存"), lambda: self._type_households(field))
        if known.state == HouseholdsState.STALE:
            button = ElidedButton(tr("确认"), lambda: self._type_households(field), "primary")
        button.setObjectName("save-households")
        button.forbid(why)
        section.add(row_of(field, button))

    def _type_households(self, field: QLineEdit) -> None:
        text = field.text().strip()
        self.desk.set_field(self._area.uid, "households", int(text) if text else None)

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
