"""The panel of issues: filter, list, and what the check covered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.domain.check_kinds import Severity
from gridadmin.edit.document import Done
from ui.actions import Actions
from ui.context import Context
from ui.panels import words
from ui.panels.coverage_box import CoverageBox
from ui.panels.desk import Desk
from ui.panels.flow import FlowBox
from ui.panels.issue_model import Grouping, IssueModel
from ui.panels.issue_states import IssueStates
from ui.panels.issue_thumbs import IssueThumbs
from ui.panels.issue_view import IssueDelegate
from ui.panels.marks import state_of, state_pixmap
from ui.panels.parts import Panel, label, line
from ui.panels.project_index import ProjectIndex
from ui.panels.row_list import RowList
from ui.texts import tr
from ui.theme import icon

_WIDE_PX = 760
_PAUSE_MS = 150
_GLANCE_MS = 200
_LOW = 40
"""A panel of fewer lines of text has no room for the figures of the check below the list."""


class IssueDrawer(Panel):
    """All issues of the project, bound to the selection that the window shares."""

    settle_wanted = Signal()
    """Enter on an issue: the ways to settle it are wanted (the inspector has them)."""

    def __init__(
        self, context: Context, actions: Actions | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("问题"), parent)
        self._context = context
        self._bridge = context.bridge
        self._index = ProjectIndex.of(context)
        self._desk = Desk(context, actions, self._index)
        self._is_syncing = False
        self._was_just_chosen = False
        self._order: list[str] = []
        self.model = IssueModel(self._bridge, self._index, self)
        self._head = self.aside
        self._severities = self._made_severities()
        self._kinds: dict[str, QPushButton] = {}
        self._kind_group = QButtonGroup(self)
        self._kind_row = FlowBox()
        self._severity_row = FlowBox()
        for chip in self._severities.values():
            self._severity_row.add(chip)
        self._field = self._made_field()
        self._groups = self._made_groups()
        self.states = IssueStates(self._desk, lambda state: self._change_filter(state=state))
        self._progress = QProgressBar()
        self._progress.setAccessibleName(tr("检查进度"))
        self._said = label("", "quiet", wraps=True)
        self._said.setContentsMargins(12, 6, 12, 6)
        self.view = self._made_view()
        self.coverage = CoverageBox(self._bridge, self._index, actions)
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._apply_text)
        self._glance = QTimer(self)
        self._glance.setInterval(_GLANCE_MS)
        self._glance.timeout.connect(self._tell_progress)
        self._connect()
        self._begin()

    # Making

    def _made_severities(self) -> dict[Severity, QPushButton]:
        made = {}
        for severity in Severity:
            chip = QPushButton()
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.setChecked(severity in self.model.filter.severities)
            chip.setObjectName(f"severity-{severity}")
            chip.toggled.connect(lambda _: self._apply_severities())
            made[severity] = chip
        return made

    def _made_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(tr("按区域名称或编码筛选"))
        field.setAccessibleName(tr("筛选问题"))
        field.setClearButtonEnabled(True)
        field.setMinimumWidth(80)
        field.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(lambda _: self._pause.start())
        return field

    def _made_groups(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(tr("分组方式"))
        box.addItem(tr("不分组"), Grouping.NONE)
        box.addItem(tr("按类型"), Grouping.KIND)
        box.addItem(tr("按地点"), Grouping.PLACE)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.currentIndexChanged.connect(
            lambda _: self._keeping_place(
                lambda: self.model.set_grouping(Grouping(box.currentData()))
            )
        )
        return box

    def _made_view(self) -> RowList:
        thumbs = IssueThumbs(self._context, self)
        view = RowList(IssueDelegate(thumbs))
        thumbs.drawn.connect(view.viewport().update)
        view.setModel(self.model)
        view.setAccessibleName(tr("问题列表"))
        view.selectionModel().currentChanged.connect(self._take_current)
        view.clicked.connect(self._take_click)
        view.entered_row.connect(lambda _: self.settle_wanted.emit())
        return view

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 0)
        head.addWidget(self.heading)
        head.addWidget(self._head, 1)
        tools = QHBoxLayout()
        tools.addWidget(self._field, 1)
        tools.addWidget(self._groups)
        above = QVBoxLayout()
        above.setContentsMargins(10, 2, 10, 2)
        above.setSpacing(6)
        for widget in (self._severity_row, self._kind_row):
            above.addWidget(widget)
        above.addLayout(tools)
        above.addWidget(self.states)
        above.addWidget(self._progress)
        listed = QVBoxLayout()
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(4)
        listed.addLayout(head)
        listed.addLayout(above)
        listed.addWidget(line())
        listed.addWidget(self._said)
        listed.addWidget(self.view, 1)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addLayout(listed, 1)
        self._box.addWidget(line())
        self._box.addWidget(self.coverage)

    def _connect(self) -> None:
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)
        self._bridge.issues_changed.connect(self._take_issues)
        self._index.areas_indexed.connect(self.coverage.refresh)
        self._index.counted.connect(self.view.viewport().update)
        self._context.selection.changed.connect(self._show_selection)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what the check covered beside the list where there is room."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE_PX
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._box.setDirection(way)
        self.coverage.setMaximumWidth(320 if is_wide else 16_777_215)
        self.coverage.fold_unless_asked(
            is_open=is_wide or self.height() > _LOW * self.fontMetrics().height()
        )

    # Following the project

    def _begin(self) -> None:
        self._order = []
        self.model.forget_buildings()
        self._take_issues()

    def _follow(self, done: Done) -> None:
        if done.change.of("building") or done.change.of("entrance"):
            self.model.forget_buildings()

    def _take_issues(self) -> None:
        self._keeping_place(self.model.read_anew)
        self._drop_dead_kind()
        self._tell_all()
        if self._bridge.has_issues:
            self._go_on()
            self._order = self.model.numbers()

    def _keeping_place(self, act: Callable[[], None]) -> None:
        """Have the list read anew without losing the place and the current issue."""
        bar = self.view.verticalScrollBar()
        place = bar.value()
        was_syncing, self._is_syncing = self._is_syncing, True
        try:
            act()
        finally:
            self._is_syncing = was_syncing
        self._show_selection(scrolls=False)
        self.view.doItemsLayout()
        bar.setValue(place)

    def _go_on(self) -> None:
        """When the current issue is settled, go on to the next one."""
        number = self._context.selection.now.issue
        if number is None or number not in self._order or self.model.shows_settled:
            return
        if self._bridge.issue(number) is not None:
            return
        at = self._order.index(number)
        left = set(self.model.numbers())
        following = (*self._order[at + 1 :], *reversed(self._order[:at]))
        heir = next((one for one in following if one in left), None)
        if heir is None:
            self._context.selection.clear()
        else:
            self._go_to(heir)

    # Filter

    def _apply_severities(self) -> None:
        chosen = frozenset(key for key, chip in self._severities.items() if chip.isChecked())
        self._change_filter(severities=chosen)

    def _apply_text(self) -> None:
        self._change_filter(typed=self._field.text())

    def _change_filter(self, **changed: object) -> None:
        self._keeping_place(lambda: self.model.set_filter(**changed))
        self._drop_dead_kind()
        self._tell_all()
        self._order = self.model.numbers()

    def _drop_dead_kind(self) -> None:
        """Take the filter of a kind away with its last issue: its chip goes too."""
        kind = self.model.filter.kind
        if kind and self._bridge.has_issues and not self.model.kinds().get(kind):
            self._keeping_place(lambda: self.model.set_filter(kind=""))

    # Telling

    def _tell_all(self) -> None:
        self._tell_head()
        self._tell_chips()
        self._tell_state()
        self.coverage.refresh()

    def _tell_head(self) -> None:
        counts = self.model.severities()
        weighing = counts.get(Severity.ERROR, 0) + counts.get(Severity.WARNING, 0)
        parts = [tr("{n} 条", n=f"{weighing:,}")] if self._bridge.has_issues else []
        accepted = self.model.accepted() if self._bridge.has_issues else 0
        if accepted:
            parts.append(tr("已认可 {n} 条", n=f"{accepted:,}"))
        dust, dust_m2 = self._bridge.dust()
        count = sum(dust.values())
        if count:
            parts.append(
                tr("微小误差 {n} 处（合计 {land}）", n=count, land=words.square_metres(dust_m2))
            )
        self._head.setText(words.dotted(parts))

    def _tell_chips(self) -> None:
        counts = self.model.severities()
        ratio = self.devicePixelRatioF()
        size = max(self.fontMetrics().height() - 2, 11)
        for severity, chip in self._severities.items():
            count = counts.get(severity, 0)
            chip.setText(f"{words.severity(severity, count)} {count:,}")
            chip.setIcon(QIcon(state_pixmap(state_of(severity), size, ratio)))
        kinds = self.model.kinds()
        wanted = {"": sum(kinds.values()), **kinds}
        for kind in [kind for kind in self._kinds if kind not in wanted]:
            chip = self._kinds.pop(kind)
            self._kind_group.removeButton(chip)
            self._kind_row.drop(chip)
        for kind, count in wanted.items():
            chip = self._kinds.get(kind) or self._new_kind(kind)
            name = words.kind(kind) if kind else tr("全部")
            chip.setText(f"{name} {count:,}")
            chip.setChecked(kind == self.model.filter.kind)
        self._kind_row.setVisible(len(kinds) > 1 or bool(self.model.filter.kind))
        self._kind_row.fit()
        self._severity_row.fit()

    def _new_kind(self, kind: str) -> QPushButton:
        chip = QPushButton()
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setObjectName(f"kind-{kind or 'all'}")
        chip.clicked.connect(lambda *_: self._change_filter(kind=kind))
        self._kind_group.addButton(chip)
        self._kind_row.add(chip)
        self._kinds[kind] = chip
        return chip

    def _tell_state(self) -> None:
        is_checking = self._bridge.is_checking
        self._progress.setVisible(is_checking)
        if is_checking:
            self._glance.start()
            self._tell_progress()
            return
        self._glance.stop()
        said, role = self._state_words()
        self._say(said, role)

    def _state_words(self) -> tuple[str, str]:
        if not self._bridge.is_open:
            return tr("没有打开的项目。"), "quiet"
        if not self._bridge.has_issues:
            return tr("还没有检查。"), "quiet"
        if self.model.rowCount():
            return "", "quiet"
        counts = self.model.severities()
        is_filtered = self.model.filter.state is not None
        if is_filtered or counts.get(Severity.ERROR) or counts.get(Severity.WARNING):
            return tr("没有符合筛选的问题。"), "quiet"
        if not self._bridge.snapshot.has_frame:
            return tr("没有发现问题。没有外框，只能查出四周被围住的缝隙。"), "warning"
        return tr("没有发现问题：土地全部划分，互不重叠。"), "good"

    def _say(self, said: str, role: str) -> None:
        self._said.setText(said)
        self._said.setVisible(bool(said))
        if self._said.property("role") != role:
            self._said.setProperty("role", role)
            self._said.style().unpolish(self._said)
            self._said.style().polish(self._said)

    def _tell_progress(self) -> None:
        if not self._bridge.is_checking:
            self._tell_state()
            return
        job = self._context.jobs.current
        what, done, total = job.progress.state if job is not None else ("", 0, 0)
        if what != "progress.checking" or not total:
            self._progress.setRange(0, 0)
            self._say(tr("正在检查…"), "quiet")
            return
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        self._say(tr("正在检查… {done} / {total}", done=f"{done:,}", total=f"{total:,}"), "quiet")

    # Choosing

    def next_issue(self) -> None:
        """Go to the issue after the current one, from the last to the first."""
        self._step(1)

    def previous_issue(self) -> None:
        """Go to the issue before the current one, from the first to the last."""
        self._step(-1)

    def _step(self, by: int) -> None:
        numbers = self.model.numbers()
        if not numbers:
            self._context.messages.note(tr("没有可以去的问题。"))
            return
        number = self._context.selection.now.issue
        at = numbers.index(number) + by if number in numbers else (0 if by > 0 else -1)
        self._go_to(numbers[at % len(numbers)])

    def _go_to(self, number: str) -> None:
        issue = self.model.issue_of(self.model.index_of(number))
        if issue is not None:
            self._desk.take_up(issue)

    def _take_current(self, index: QModelIndex) -> None:
        issue = None if self._is_syncing else self.model.issue_of(index)
        if issue is not None:
            self._was_just_chosen = True
            self._desk.take_up(issue)

    def _take_click(self, index: QModelIndex) -> None:
        """Show an issue again that was the current one already."""
        issue = self.model.issue_of(index)
        if issue is not None and not self._was_just_chosen:
            self._desk.take_up(issue)
        self._was_just_chosen = False

    def _show_selection(self, *, scrolls: bool = True) -> None:
        if self._is_syncing:
            return
        number = self._context.selection.now.issue
        index = self.model.index_of(number)
        self.states.tell(None if number is None else self._bridge.issue(number))
        self._is_syncing = True
        try:
            if index.isValid():
                self.view.setCurrentIndex(index)
                if scrolls:
                    self.view.scrollTo(index)
            else:
                self.view.clearSelection()
                self.view.setCurrentIndex(QModelIndex())
        finally:
            self._is_syncing = False
