"""The page of releases: the list, and beside it what the chosen one is."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gridadmin.domain.release import Release
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.panels import words as panel_words
from ui.panels.flow import FlowBox
from ui.panels.parts import Facts, label
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.publish.panel import action_button
from ui.texts import tr

BUTTONS: tuple[str, ...] = (
    "publish.compare",
    "publish.save",
    "publish.roll_back",
)
"""What can be done with the chosen release."""


class ReleasesPage(QWidget):
    """All releases, the newest first; the facts and the allowed issues of the chosen one."""

    def __init__(self, desk: PublishDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        headings = (
            tr("版本"),
            tr("日期"),
            tr("调整方案"),
            tr("版本说明"),
            tr("内容"),
            tr("已发送到"),
        )
        self.model = ChangeModel(headings, [], can_choose=False)
        self.table = ChangeTable(self.model, (4, 9, 8, 10, 9, 8))
        self.table.setObjectName("releases")
        self.table.setAccessibleName(tr("发布版本"))
        self.table.setFrameShape(self.table.Shape.NoFrame)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self._facts = QVBoxLayout()
        self._facts.setContentsMargins(12, 8, 12, 8)
        self._facts.setSpacing(6)
        self._buttons = FlowBox()
        for key in BUTTONS:
            self._buttons.add(action_button(desk, key))
        self._lay_out()
        desk.records.changed.connect(self.refresh)
        desk.records.chosen_changed.connect(self._show_chosen)
        desk.actions.refreshed.connect(self._buttons.fit)
        self.refresh()

    def _lay_out(self) -> None:
        aside = QWidget()
        aside.setLayout(self._facts)
        aside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        aside.setProperty("role", "page")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(tr("所选版本"))
        scroll.setWidget(aside)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 4, 8, 6)
        foot.addWidget(self._buttons)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(scroll, 1)
        right.addLayout(foot)
        holder = QWidget()
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        holder.setProperty("role", "page")
        holder.setLayout(right)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self.table)
        self._split.addWidget(holder)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._split.setChildrenCollapsible(False)
        nothing = QWidget()
        inner = QVBoxLayout(nothing)
        inner.setContentsMargins(16, 16, 16, 16)
        self.nothing = label(
            tr(
                "还没有发布过。发布版本是编了号、冻结的边界：先检查，再写明说明，"
                "以后可以随时对比、另存和恢复。"
            ),
            "quiet",
            wraps=True,
        )
        inner.addWidget(self.nothing)
        inner.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._split)
        self._stack.addWidget(nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def refresh(self) -> None:
        """Show the releases that there are now."""
        records = self._desk.records
        self.model.set_rows([self._row(release) for release in records.releases])
        self._stack.setCurrentIndex(0 if records.releases else 1)
        self._show_chosen()

    def _row(self, release: Release) -> ChangeRow:
        deliveries = [one for one in self._desk.records.deliveries if one.release == release.number]
        return ChangeRow(
            (
                words.number(release.number),
                words.moment(release.made_at),
                release.plan or panel_words.UNKNOWN,
                release.note or panel_words.UNKNOWN,
                words.content(release),
                words.sent(deliveries) or panel_words.UNKNOWN,
            ),
            release.number,
        )

    def _choose(self, index: QModelIndex) -> None:
        releases = self._desk.records.releases
        if index.isValid() and index.row() < len(releases):
            self._desk.records.choose(releases[index.row()].number)

    def _show_chosen(self) -> None:
        records, chosen = self._desk.records, self._desk.records.chosen
        if chosen is not None and chosen in records.releases:
            row = records.releases.index(chosen)
            if self.table.currentIndex().row() != row:
                self.table.selectionModel().setCurrentIndex(
                    self.model.index(row, 0),
                    QItemSelectionModel.SelectionFlag.ClearAndSelect
                    | QItemSelectionModel.SelectionFlag.Rows,
                )
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                # It would stand below the new ones until the event loop has deleted it.
                widget.hide()
                widget.deleteLater()
        if chosen is not None:
            self._tell(chosen)
        self._facts.addStretch(1)

    def _tell(self, release: Release) -> None:
        self._facts.addWidget(label(words.number(release.number), "heading"))
        facts = Facts()
        facts.add(tr("发布时间"), words.moment(release.made_at))
        facts.add(tr("发布人"), release.author)
        facts.add(tr("调整方案"), release.plan or panel_words.UNKNOWN)
        facts.add(tr("版本说明"), release.note or panel_words.UNKNOWN)
        facts.add(tr("证明"), words.certificate(release))
        facts.add(tr("内容校验码"), words.short(release.sha256))
        self._facts.addWidget(facts)
        for one in release.allowed_issues:
            said = tr(
                "保留问题：{areas}。理由：{reason}（{by}）",
                areas=one.areas, reason=one.reason, by=one.by,
            )  # fmt: skip
            self._facts.addWidget(label(said, "quiet", wraps=True))
