"""Third page of a roster's import: what can't be taken silently, one question after another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPushButton,
    QRadioButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.exchange.roster_preview import Question
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import discard, label
from ui.people.roster_words import option_words, question_words, same_kind_words, where_words
from ui.texts import tr
from ui.tips import plain_tip

_MOST_ROWS = 6


class RosterQuestionsPage(Page):
    """A list of questions, and below it the choices for the current one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions: list[Question] = []
        self.answers: dict[str, str] = {}
        """What is chosen, by the number of the question."""
        self._head = label("", "heading")
        self._head.setObjectName("questions_head")
        self.list = QTreeWidget()
        self.list.setObjectName("questions")
        self.list.setAccessibleName(tr("要确认的问题"))
        self.list.setHeaderLabels([tr("要确认什么"), tr("行数"), tr("回答")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setMinimumHeight(self.fontMetrics().height() * 10)
        self.list.currentItemChanged.connect(lambda *_: self._show_choices())
        self._box = QFrame()
        self._group = QButtonGroup(self)
        self.all_button = QPushButton()
        self.all_button.setObjectName("same_kind")
        self.all_button.setAutoDefault(False)
        self.all_button.clicked.connect(self._answer_kind)
        self.body.addWidget(self._head)
        self.body.addWidget(
            label(tr("相近的名称不会自动采用。不回答的，那几行先不写入。"), "quiet")
        )
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._box)
        self.body.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)

    def first_field(self) -> QWidget:
        """Return the list."""
        return self.list

    def show_questions(self, questions: Sequence[Question]) -> None:
        """List questions; those answered before stay answered."""
        self._questions = list(questions)
        self.list.blockSignals(True)
        self.list.clear()
        for question in self._questions:
            item = QTreeWidgetItem([question_words(question), f"{len(question.rows):,}", ""])
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(0, plain_tip(question_words(question)))
            self.list.addTopLevelItem(item)
        em = self.fontMetrics().height()
        self.list.setColumnWidth(0, 20 * em)
        self.list.setColumnWidth(1, 4 * em)
        self.list.blockSignals(False)
        self._tell_answers()
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        self._show_choices()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask."""
        return not self._questions

    def is_listed(self, question: Question) -> bool:
        """Return whether a question is in the list."""
        return any(one.ask.id == question.ask.id for one in self._questions)

    @property
    def _current(self) -> Question | None:
        row = self.list.currentIndex().row()
        return self._questions[row] if 0 <= row < len(self._questions) else None

    def _show_choices(self) -> None:
        """Show the choices of the current question as buttons."""
        question = self._current
        old, self._box = self._box, QFrame()
        self._box.setProperty("role", "card")
        self.body.replaceWidget(old, self._box)
        discard(old)
        self._group = QButtonGroup(self._box)
        layout = QVBoxLayout(self._box)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(5)
        if question is None:
            self._box.hide()
            self.all_button.hide()
            return
        rows = tr("、").join(question.rows[:_MOST_ROWS])
        if len(question.rows) > _MOST_ROWS:
            rows += tr(" 等 {n} 行", n=len(question.rows))
        layout.addWidget(label(question_words(question)))
        told = [part for part in (where_words(question), rows) if part]
        layout.addWidget(label(tr("；").join(told), "quiet"))
        chosen = self.answers.get(question.ask.id, "")
        choices = [
            (option.key, option_words(question, option.key)) for option in question.ask.options
        ]
        for key, words in (*choices, ("", tr("先不写入这几行"))):
            button = QRadioButton(words)
            button.setObjectName(f"answer_{key}")
            button.setChecked(key == chosen)
            button.clicked.connect(lambda *_, key=key: self._answer(question, key))
            self._group.addButton(button)
            layout.addWidget(button)
        same = same_kind_words(question.ask.kind)
        others = sum(one.ask.kind == question.ask.kind for one in self._questions)
        self.all_button.setVisible(same is not None and others > 1)
        if same is not None:
            self.all_button.setText(tr("{words}（同类问题 {n} 个）", words=same[1], n=others))

    def _answer(self, question: Question, key: str) -> None:
        if key:
            self.answers[question.ask.id] = key
        else:
            self.answers.pop(question.ask.id, None)
        self._tell_answers()
        self.changed.emit()

    def _answer_kind(self) -> None:
        question = self._current
        same = None if question is None else same_kind_words(question.ask.kind)
        if question is None or same is None:
            return
        for one in self._questions:
            if one.ask.kind == question.ask.kind:
                self.answers[one.ask.id] = same[0]
        self._tell_answers()
        self._show_choices()
        self.changed.emit()

    def _tell_answers(self) -> None:
        for row, question in enumerate(self._questions):
            item = self.list.topLevelItem(row)
            key = self.answers.get(question.ask.id)
            if item is not None:
                item.setText(2, tr("（先不写入）") if key is None else option_words(question, key))
        open_ones = sum(one.ask.id not in self.answers for one in self._questions)
        self._head.setText(
            tr("有 {n} 个问题要您确认，还剩 {open} 个", n=len(self._questions), open=open_ones)
        )
