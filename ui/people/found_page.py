"""The page of findings on the people: chips, filters, the table, and where its rows lead."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.finding_list import FindingLine
from gridadmin.domain.check_kinds import Severity
from gridadmin.staffing.rules import RULES
from ui.panels import words
from ui.panels.flow import FlowBox
from ui.panels.marks import state_of, state_pixmap
from ui.panels.parts import label
from ui.people.cells import CellTable
from ui.people.desk import PeopleDesk
from ui.people.found import Found
from ui.people.found_model import FoundColumn, FoundModel, Together, key_of
from ui.texts import tr
from ui.theme import icon

_PAUSE_MS = 120
_SHARES = {
    FoundColumn.SEVERITY: 6,
    FoundColumn.KIND: 8,
    FoundColumn.TEXT: 25,
    FoundColumn.ABOUT: 8,
    FoundColumn.PLACE: 8,
    FoundColumn.UNIT: 8,
}


class FoundView(CellTable):
    """The table of findings; Enter goes to what the current one is about."""

    entered_row = Signal()

    def __init__(self, model: FoundModel) -> None:
        super().__init__(model, [_SHARES[column] for column in FoundColumn])
        self.setModel(model)
        self.setAccessibleName(tr("人员问题"))
        self.setToolTip(tr("单击显示所在区域，双击或按回车转到岗位、人员或单位"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSortingEnabled(True)
        head = self.horizontalHeader()
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorClearable(True)
        model.modelReset.connect(self.span_heads)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to what the current finding is about."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
            return
        super().keyPressEvent(event)


class FoundPage(QWidget):
    """All that the rules find on the people of today, kept up while somebody looks."""

    seats_wanted = Signal(str, str)
    """Uid of an area, and key of a post (or nothing) whose seats are to be shown."""
    post_wanted = Signal(str)
    person_wanted = Signal(str)
    unit_wanted = Signal(str)
    party_wanted = Signal(str)
    """Uid of the area whose party organization is to be shown."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__()
        self._desk = desk
        self._is_telling = False
        self._is_stale = True
        self.found = Found.of(desk.context)
        self.model = FoundModel(self.found, self)
        self.view = FoundView(self.model)
        self._chips: dict[Severity, QPushButton] = {}
        self._chip_row = FlowBox()
        for severity in Severity:
            self._chip_row.add(self._made_chip(severity))
        self.kinds = QComboBox()
        self.kinds.setObjectName("found_kinds")
        self.kinds.setAccessibleName(tr("问题类型"))
        self.kinds.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.kinds.currentIndexChanged.connect(lambda _: self._apply_kind())
        self.groups = self._made_groups()
        self.field = self._made_field()
        self.settings = QPushButton(tr("检查项…"))
        self.settings.setObjectName("found_settings")
        self.settings.setToolTip(tr("哪些规则要检查、轻重如何、数值多少"))
        self.settings.clicked.connect(self.show_settings)
        self._count = label("", "quiet")
        self._said = label("", "quiet", wraps=True)
        self._said.setContentsMargins(14, 10, 14, 10)
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self._filter(typed=self.field.text()))
        self.view.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now))
        self.view.clicked.connect(self._select)
        self.view.entered_row.connect(self._lead)
        self.view.doubleClicked.connect(lambda _: self._lead())
        self.found.renewed.connect(self._follow)
        desk.context.selection.changed.connect(self._show_selection)
        self._follow()

    # Making

    def _made_chip(self, severity: Severity) -> QPushButton:
        chip = self._chips[severity] = QPushButton()
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setChecked(True)
        chip.setObjectName(f"found-{severity}")
        chip.toggled.connect(lambda _: self._apply_severities())
        return chip

    def _made_groups(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("found_groups")
        box.setAccessibleName(tr("分组方式"))
        box.addItem(tr("不分组"), Together.NOT)
        box.addItem(tr("按社区（村）"), Together.PLACE)
        box.addItem(tr("按类型"), Together.KIND)
        box.currentIndexChanged.connect(
            lambda _: self._keeping_place(
                lambda: self.model.put_together(Together(box.currentData()))
            )
        )
        return box

    def _made_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("found_field")
        field.setPlaceholderText(tr("按区域、人员、岗位筛选（支持拼音）"))
        field.setAccessibleName(tr("筛选人员问题"))
        field.setClearButtonEnabled(True)
        field.setMinimumWidth(160)
        field.setMaximumWidth(320)
        field.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(lambda _: self._pause.start())
        return field

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 6, 10, 4)
        tools.setSpacing(8)
        tools.addWidget(self._chip_row, 2)
        tools.addWidget(self._count)
        for widget in (self.kinds, self.groups):
            tools.addWidget(widget)
        tools.addWidget(self.field, 1)
        tools.addWidget(self.settings)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self._said)
        column.addWidget(self.view, 1)

    # Keeping up

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came while nobody looked; the drawer around it watches the findings."""
        super().showEvent(event)
        if self._is_stale:
            self._follow()
        self._tell()

    def _follow(self) -> None:
        self._is_stale = not self.isVisible()
        if not self._is_stale:
            self._keeping_place(self._read)
            self._tell()

    def _read(self) -> None:
        known = self.found.list
        counts = {} if known is None else known.by_kind()
        kind = self.model.filter.kind
        self.kinds.blockSignals(True)
        self.kinds.clear()
        self.kinds.addItem(tr("全部类型"), "")
        for one in RULES:
            if counts.get(one) or one == kind:
                self.kinds.addItem(f"{words.kind(one)} {counts.get(one, 0):,}", one)
        self.kinds.setCurrentIndex(max(self.kinds.findData(kind), 0))
        self.kinds.blockSignals(False)
        self.model.read_anew()

    def _keeping_place(self, act: Callable[[], None]) -> None:
        """Do what resets the model; the current finding and the place of the list stay."""
        bar = self.view.verticalScrollBar()
        line, place = self._current(), bar.value()
        self._is_telling = True
        try:
            act()
            row = None if line is None else self.model.row_of(key_of(line))
            if row is not None:
                self.view.setCurrentIndex(self.model.index(row, FoundColumn.TEXT))
        finally:
            self._is_telling = False
        bar.setValue(place)

    # Filter

    def show_all(self) -> None:
        """Show all findings, whatever was filtered."""
        self.field.clear()
        self._pause.stop()
        for chip in self._chips.values():
            chip.setChecked(True)
        self.kinds.setCurrentIndex(0)
        self._filter(typed="", kind="", severities=())

    def _apply_severities(self) -> None:
        wanted = [severity for severity, chip in self._chips.items() if chip.isChecked()]
        if not wanted:
            # Nothing at all is never wanted: the last one that was taken off brings all back.
            for chip in self._chips.values():
                chip.setChecked(True)
            return
        self._filter(severities=frozenset(wanted) if len(wanted) < len(self._chips) else ())

    def _apply_kind(self) -> None:
        self._filter(kind=str(self.kinds.currentData() or ""))

    def _filter(self, **changed: object) -> None:
        self._keeping_place(lambda: self.model.set_filter(**changed))
        self._tell()

    def show_settings(self) -> None:
        """Show what the project checks, at the rules about people."""
        from ui.dialogs.check_settings import STAFFING, CheckSettings

        CheckSettings(self._desk.bridge, self.window(), STAFFING).open()

    # Telling

    def _tell(self) -> None:
        known = self.found.list
        counts = {} if known is None else known.by_severity()
        ratio = self.devicePixelRatioF()
        size = max(self.fontMetrics().height() - 2, 11)
        for severity, chip in self._chips.items():
            count = counts.get(severity, 0)
            chip.setText(f"{words.severity(severity, count)} {count:,}")
            chip.setIcon(QIcon(state_pixmap(state_of(severity), size, ratio)))
        self._chip_row.fit()
        self.settings.setEnabled(self._desk.bridge.is_open)
        total, shown = 0 if known is None else len(known.lines), self.model.shown_count
        self._count.setText(tr("显示 {n} 条", n=f"{shown:,}") if shown != total else "")
        said = self._state_words(total)
        self._said.setText(said)
        self._said.setVisible(bool(said))

    def _state_words(self, total: int) -> str:
        if not self._desk.bridge.is_open:
            return tr("没有打开的项目。")
        if self.found.list is None:
            return tr("正在按方案的规则检查人员…")
        if not total:
            return tr("没有发现问题：方案的人员规则都符合。")
        return "" if self.model.shown_count else tr("没有符合筛选的人员问题。")

    # Choosing

    def _current(self) -> FindingLine | None:
        index = self.view.currentIndex()
        return self.model.line_at(index.row()) if index.isValid() else None

    def _select(self, index: QModelIndex) -> None:
        """Select the area of a finding for the whole window, and let the map show it.

        Who has no place anywhere is selected as a person.
        """
        line = self.model.line_at(index.row()) if index.isValid() else None
        if line is None or self._is_telling:
            return
        context, place = self._desk.context, line.place
        self._is_telling = True
        try:
            if place is not None:
                context.selection.select_areas([place.uid])
            elif line.finding.person is not None:
                context.selection.select_person(line.finding.person)
        finally:
            self._is_telling = False
        box = None if place is None else context.bridge.box_of_area(place.uid)
        if box is not None:
            context.navigator.show_place(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))

    def _show_selection(self) -> None:
        """Go to the first finding of what is selected elsewhere."""
        areas, line = self._desk.context.selection.areas, self._current()
        if self._is_telling or not areas or not self.isVisible():
            return
        if line is not None and line.place is not None and line.place.uid in areas:
            return
        row = self.model.first_on(areas)
        if row is not None:
            self._is_telling = True
            try:
                self.view.setCurrentIndex(self.model.index(row, FoundColumn.TEXT))
            finally:
                self._is_telling = False

    def _lead(self) -> None:
        """Go to the person, unit, seat, party organization or area of the current finding."""
        line, known = self._current(), self.found.list
        if line is None or known is None:
            return
        self._is_telling = True
        try:
            self._lead_to(line)
        finally:
            self._is_telling = False

    def _lead_to(self, line: FindingLine) -> None:
        one, book = line.finding, self._desk.staff.book
        if book is None:
            return
        post = str(one.params.get("post", ""))
        place = "" if line.place is None else line.place.uid
        if one.person in book.persons:
            self.person_wanted.emit(one.person)
        elif one.subject in book.organizations:
            self.unit_wanted.emit(one.subject)
        elif one.subject in book.snapshot.rows("party_node") and place:
            self.party_wanted.emit(place)
        elif post in book.posts and one.area is None:
            self.post_wanted.emit(post)
        elif place and (post in book.posts or one.kind in _ABOUT_SEATS):
            self.seats_wanted.emit(place, post)
        elif place:
            self._desk.context.select_and_show(place)


_ABOUT_SEATS = ("base_unit_uncovered", "member_ratio", "forces", "section_cadre", "call_out")
"""Kinds about who sits in an area, whatever the post."""
