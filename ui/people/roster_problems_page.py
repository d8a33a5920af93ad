"""Fourth page of a roster's import: what will be written, and what is wrong cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from gridadmin.exchange.roster_file import cell_of
from gridadmin.exchange.roster_preview import RosterPreview, RosterProblem
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.dialogs.import_facts import Fact
from ui.dialogs.import_preview_page import FactBoard
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import Banner, label
from ui.people.roster_words import problem_words, severity_words
from ui.texts import tr

_SEVERITIES = ("error", "question", "warning")
_MOST_UNITS = 8
_WORDS = 4
"""The column that says what is wrong."""


class RosterProblemsPage(Page):
    """Figures of what will be written, and a table of mistakes that can be filtered and saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ChangeRow] = []
        self.headline = label("", "heading")
        self.headline.setObjectName("headline")
        self.board = FactBoard()
        self.board.setObjectName("facts")
        self.notes = Banner("warning")
        self.notes.setObjectName("notes")
        self._title = label(tr("有问题的格"), "heading")
        self.filter = QComboBox()
        self.filter.setObjectName("severity")
        self.filter.setAccessibleName(tr("只看哪一类问题"))
        self.filter.currentIndexChanged.connect(self._show_rows)
        self.save_button = QPushButton(tr("另存标出问题的 Excel…"))
        self.save_button.setObjectName("save_marked")
        self.save_button.setAutoDefault(False)
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self.filter)
        row.addStretch()
        row.addWidget(self.save_button)
        headings = (tr("类别"), tr("位置"), tr("所在列"), tr("内容"), tr("哪里不对"))
        self.model = ChangeModel(headings, (), can_choose=False)
        self.table = ChangeTable(self.model, (5, 7, 6, 8, 16))
        self.table.setObjectName("roster_problems")
        self.table.setAccessibleName(tr("有问题的格"))
        self.table.setMinimumHeight(self.fontMetrics().height() * 14)
        for part in (self.headline, self.board, self.notes, self._head):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        self.detail = label("")
        self.detail.setObjectName("problem_detail")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table.selectionModel().currentRowChanged.connect(self._tell_whole)
        self.body.addWidget(self.detail)
        self._filler = QWidget()
        self.body.addWidget(self._filler, 1)

    def first_field(self) -> QWidget | None:
        """Return the table where there is one."""
        return None if self.table.isHidden() else self.table

    def show_preview(self, preview: RosterPreview, rows: list[ChangeRow]) -> None:
        """Show what a roster would change and what is wrong with it; *rows*: :func:`rows_of`."""
        self.headline.setText(
            tr("{rows} 行，可以写入 {good} 行", rows=f"{preview.rows:,}", good=f"{preview.good:,}")
        )
        self.board.show_facts(facts_of(preview))
        self.notes.say("\n".join(_notes(preview)))
        self._rows = rows
        counts = Counter(one.severity for one in preview.problems)
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.addItem(tr("全部 {n}", n=f"{len(preview.problems):,}"), "")
        for severity in _SEVERITIES:
            if counts[severity]:
                words = f"{severity_words(severity)} {counts[severity]:,}"
                self.filter.addItem(words, severity)
        self.filter.blockSignals(False)
        has_any = bool(preview.problems)
        for part in (self._head, self.table, self.detail):
            part.setVisible(has_any)
        self._filler.setVisible(not has_any)
        self._show_rows()

    def _show_rows(self) -> None:
        wanted = str(self.filter.currentData() or "")
        shown = [row for row in self._rows if wanted in ("", row.what.severity)]
        self.model.set_rows(shown)
        if shown:
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._tell_whole()

    def _tell_whole(self) -> None:
        """Say the whole of the current problem; the table may have cut it off."""
        words = self.table.currentIndex().siblingAtColumn(_WORDS).data()
        self.detail.setText("" if words is None else str(words))


def facts_of(preview: RosterPreview) -> Sequence[Fact]:
    """Return what a roster changes, in figures."""
    figures = (
        (preview.persons_new, tr("人是新的")),
        (preview.persons_changed, tr("人有更新")),
        (preview.persons_same, tr("人已经有了，没有变化")),
        (preview.posts_new, tr("个岗位新指派")),
        (preview.posts_changed, tr("个任职有更新")),
        (preview.posts_same, tr("个任职没有变化")),
        (preview.ended, tr("个任职今天结束（调动或接替）")),
        (len(preview.units_new), tr("个单位是新的")),
    )
    return [Fact(f"{count:,}", words) for count, words in figures if count]


def _notes(preview: RosterPreview) -> list[str]:
    lines = []
    if preview.refused:
        names = tr("、").join(dict.fromkeys(f"“{one.title}”" for one in preview.refused))
        lines.append(tr("{columns}含有身份证号，不读取，也不会保存。", columns=names))
    if preview.units_new:
        names = tr("、").join(preview.units_new[:_MOST_UNITS])
        if len(preview.units_new) > _MOST_UNITS:
            names += tr(" 等 {n} 个", n=len(preview.units_new))
        lines.append(tr("新单位：{names}", names=names))
    left = preview.rows - preview.good
    if left:
        lines.append(tr("{n} 行有错误或待确认，不写入；改好后可以再导入一次。", n=f"{left:,}"))
    return lines


def rows_of(preview: RosterPreview) -> list[ChangeRow]:
    """Return the mistakes of a roster in words; for a worker, there may be thousands."""
    return [_row(problem) for problem in preview.problems]


def _row(problem: RosterProblem) -> ChangeRow:
    place = f"{problem.sheet}!{cell_of(problem.place, problem.row)}"
    cells = (
        severity_words(problem.severity),
        place,
        problem.column,
        problem.value or tr("（空）"),
        problem_words(problem),
    )
    return ChangeRow(cells, problem)
