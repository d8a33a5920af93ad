"""The panel of the plan: what it is, how far it has come, and the table of what it changes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.domain.model import PlanState
from ui.actions import Actions
from ui.context import Context
from ui.panels.flow import FlowBox
from ui.panels.parts import ElidedLabel, Panel, label
from ui.plans import words
from ui.plans.table import Column, ComparisonModel
from ui.plans.watch import PlanWatch
from ui.texts import tr

_BUTTONS = (
    "plan.open",
    "plan.check",
    "plan.approve",
    "plan.in_force",
    "plan.draft",
    "plan.edit",
    "plan.abandon",
    "plan.compare",
    "plan.table",
)


class PlanPanel(Panel):
    """Name, state, counts and table of the plan; what can be done with it are actions."""

    area_wanted = Signal(object)
    """An :class:`AreaDifference` is to be shown."""

    def __init__(self, context: Context, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(tr("调整方案"), parent)
        self._context = context
        self._watch = PlanWatch.of(context)
        self.name = ElidedLabel("", "heading")
        self.state = label("", "chip")
        self.facts = ElidedLabel("", "quiet")
        self.counts = label("", wraps=True)
        self.key = label(tr("橙色斜线：划转的土地；橙色虚线：原边界。"), "quiet", wraps=True)
        self._buttons = {key: self._button(actions, key) for key in _BUTTONS}
        self.model = ComparisonModel(self)
        self.view = ComparisonTable()
        self.view.setModel(self.model)
        self.view.clicked.connect(self._show)
        self.view.entered_row.connect(self._show)
        self._lay_out()
        self._watch.changed.connect(self.refresh)
        actions.refreshed.connect(self._fit_buttons)
        actions.action("plan.compare").toggled.connect(self.key.setVisible)
        self.key.setVisible(actions.action("plan.compare").isChecked())
        self.refresh()

    def _button(self, actions: Actions, key: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(actions.action(key))
        button.setObjectName(f"plan-{key}")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName(actions.action(key).text())
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        head.setSpacing(8)
        head.addWidget(self.name)
        head.addWidget(self.state)
        head.addWidget(self.facts, 1)
        self._row = FlowBox()
        for button in self._buttons.values():
            self._row.add(button)
        row = QVBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self._row)
        told = QVBoxLayout()
        told.setContentsMargins(12, 0, 12, 2)
        told.addWidget(self.counts)
        told.addWidget(self.key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        self.heading.setContentsMargins(12, 0, 12, 0)
        column.addWidget(self.heading)
        column.addLayout(head)
        column.addLayout(row)
        column.addLayout(told)
        column.addWidget(self.view, 1)

    def sizeHint(self) -> QSize:
        """Return room for the head and a few rows: the map above needs the rest."""
        line = self.fontMetrics().height()
        return QSize(40 * line, 14 * line)

    def refresh(self) -> None:
        """Say what there is to say of the plan now."""
        plan, comparison = self._watch.plan, self._watch.comparison
        bridge = self._context.bridge
        has_plan = plan is not None
        self.state.setVisible(has_plan)
        self.facts.setVisible(has_plan)
        self.name.setText(tr("还没有调整方案") if plan is None else plan.name)
        if plan is not None:
            self.state.setText(words.state(plan))
            self.facts.setText(words.facts(plan))
        self.counts.setText(self._counts_words())
        snapshot = bridge.snapshot if bridge.is_open else None
        self.model.show_comparison(snapshot, comparison if has_plan else None)
        self.view.setVisible(self.model.rowCount() > 0)
        self._fit_buttons()

    def _counts_words(self) -> str:
        plan, comparison = self._watch.plan, self._watch.comparison
        if plan is None:
            return tr("方案把一批边界调整归在一起：起名、检查、批准、生效，并随时与调整前对比。")
        if comparison is None:
            return tr("正在对比…")
        said = words.counts(comparison)
        if plan.state == PlanState.DRAFT and plan.reason:
            said += "\n" + tr("上次退回草案的理由：{reason}", reason=plan.reason)
        return said

    def _fit_buttons(self) -> None:
        """Show the steps that come next, and leave out those that don't."""
        plan = self._watch.plan
        state = None if plan is None or not plan.is_open else PlanState(plan.state)
        shown = {
            "plan.open": state is None,
            "plan.check": state is PlanState.DRAFT,
            "plan.approve": state is PlanState.CHECKED,
            "plan.in_force": state is PlanState.APPROVED,
            "plan.draft": state in (PlanState.CHECKED, PlanState.APPROVED),
            "plan.edit": state in (PlanState.DRAFT, PlanState.CHECKED),
            "plan.abandon": state is PlanState.DRAFT,
            "plan.compare": plan is not None,
            "plan.table": plan is not None,
        }
        for key, is_shown in shown.items():
            self._buttons[key].setVisible(is_shown)
        self._row.fit()

    def _show(self, index: QModelIndex) -> None:
        area = self.model.area_of(index)
        if area is not None:
            self.area_wanted.emit(area)


class ComparisonTable(QTableView):
    """A table whose rows are chosen by Enter or a click."""

    entered_row = Signal(QModelIndex)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("方案与基准的差异"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def sizeHint(self) -> QSize:
        """Return room for a few rows."""
        line = self.fontMetrics().height()
        return QSize(20 * line, 6 * line)

    def reset(self) -> None:
        """Fit the columns to what a new comparison says."""
        super().reset()
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(60)
        em = self.fontMetrics().height()
        for column in Column:
            if column is not Column.FROM_TO:
                self.resizeColumnToContents(column)
                wide = min(max(self.columnWidth(column), 3 * em), 18 * em)
                self.setColumnWidth(column, wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the current row by Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.entered_row.emit(self.currentIndex())
            return
        super().keyPressEvent(event)
