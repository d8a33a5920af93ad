"""A dialog of changes from old to new, each accepted or not, that are written as one gesture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from ui.context import Context
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.dialogs.words import Sentence, label
from ui.jobs import Job, JobProgress
from ui.texts import explain, tr
from ui.tips import plain_tip

_SCREEN_SHARE = 0.92
_PROBLEM_LINES = 5


class ChangesDialog(QDialog):
    """What would change, row by row; the main button writes what is accepted, as one gesture."""

    nothing = ""
    """What to say when a look finds nothing to change."""

    def __init__(
        self,
        context: Context,
        title: str,
        act_words: str,
        headings: Sequence[str],
        widths_em: Sequence[int],
        parent: QWidget | None = None,
        *,
        can_choose: bool = True,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(title)
        self._looking: Job | None = None
        self._looks = 0
        self._writing: Job | None = None
        self.is_over = False
        """Whether it was closed: what comes back from a worker then is for nobody."""
        self.model = ChangeModel(headings, (), can_choose=can_choose)
        self.table = ChangeTable(self.model, widths_em)
        self.head = label("")
        self.head.setWordWrap(True)
        self.head.setObjectName("head")
        self.left_out = label("", "quiet")
        self.left_out.setObjectName("left_out")
        self.left_out.hide()
        self.problems = QPlainTextEdit()
        self.problems.setObjectName("problems")
        self.problems.setReadOnly(True)
        self.problems.setTabChangesFocus(True)
        self.problems.setAccessibleName(tr("没有采用的行"))
        self.problems.setFixedHeight(_PROBLEM_LINES * self.fontMetrics().lineSpacing() + 12)
        self.problems.hide()
        self.fault = Sentence()
        self.fault.setObjectName("fault")
        self.top = QVBoxLayout()
        self.top.setSpacing(8)
        self.top.addWidget(self.head)
        body = QVBoxLayout()
        body.setContentsMargins(16, 14, 16, 10)
        body.setSpacing(10)
        body.addLayout(self.top)
        body.addWidget(self.table, 1)
        body.addWidget(self.left_out)
        body.addWidget(self.problems)
        body.addWidget(self.fault)
        line = QFrame()
        line.setProperty("role", "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(line)
        column.addLayout(self._buttons(act_words, can_choose=can_choose))
        self.model.chosen_changed.connect(self.judge)
        self.resize(self.sizeHint())

    def _buttons(self, act_words: str, *, can_choose: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 12)
        row.setSpacing(8)
        if can_choose:
            for name, words, is_on in (("all", tr("全选"), True), ("none", tr("全不选"), False)):
                row.addWidget(_button(name, words, self._chooser(is_on=is_on)))
        row.addStretch(1)
        row.addWidget(_button("close", tr("取消"), self.reject))
        self.main_button = _button("main", act_words, self._act)
        self.main_button.setProperty("role", "primary")
        self.main_button.setDefault(True)
        row.addWidget(self.main_button)
        return row

    def _chooser(self, *, is_on: bool) -> Callable[[], None]:
        return lambda: self.model.choose(is_on=is_on)

    def show_changes(
        self, head: str, rows: Sequence[ChangeRow], problems: Sequence[str] = ()
    ) -> None:
        """Show changes under a sentence, and below them what could not be understood."""
        self.head.setText(head)
        self.head.setVisible(bool(head))
        self.model.set_rows(rows)
        self.problems.setPlainText("\n".join(problems))
        self.left_out.setText(tr("没有采用的行（{n}）：", n=f"{len(problems):,}"))
        for widget in (self.left_out, self.problems):
            widget.setVisible(bool(problems))
        self.judge()

    def say(self, fault: str) -> None:
        """Say why what was wanted can't be done."""
        self.fault.say(fault)

    def judge(self) -> None:
        """Let the main button be used when anything is accepted."""
        why = "" if self.model.chosen else tr("没有要改的。")
        self.main_button.setEnabled(not why)
        self.main_button.setToolTip(plain_tip(why))

    def begin_with(self, *fields: QWidget) -> None:
        """Let Tab go through the fields above the table first, and begin there."""
        for field, following in zip(fields, (*fields[1:], self.table), strict=True):
            QWidget.setTabOrder(field, following)
        fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # What the dialogs bring

    def command(self, chosen: list[Any], progress: Progress) -> Command:
        """Return the command that writes what is *chosen*; a worker asks for it."""
        raise NotImplementedError

    def told(self, done: Done) -> str:
        """Return what to say when it is written."""
        raise NotImplementedError

    def found_nothing(self) -> None:
        """Take away what else was shown of the last look."""

    # Looking, beside the window

    def look(
        self,
        title: str,
        meanwhile: str,
        work: Callable[[JobProgress], Any],
        show: Callable[[Any], None],
    ) -> None:
        """Let a worker find out what would change and *show* it, unless another look began."""
        self.show_changes(meanwhile, ())
        self.say("")
        if self._looking is not None:
            self._looking.cancel()
        self._looks += 1
        number = self._looks
        self._looking = self._context.jobs.start(
            title,
            work,
            on_done=lambda found: show(found) if self._is_awaited(number) else None,
            on_failed=lambda error: self._not_found(number, error),
            is_quiet=True,
        )

    def _is_awaited(self, number: int) -> bool:
        return not self.is_over and number == self._looks

    def _not_found(self, number: int, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        if not self._is_awaited(number):
            return
        self.found_nothing()
        is_nothing = error.code == "edit.nothing_changes" and bool(self.nothing)
        self.show_changes(self.nothing if is_nothing else "", ())
        self.say("" if is_nothing else explain(error))

    # Writing, as one gesture

    def _act(self) -> None:
        self.say("")
        chosen = self.model.chosen
        job = self._context.bridge.execute_long(
            self.windowTitle(),
            lambda _, progress: self.command(chosen, progress),
            on_done=self._done,
            on_failed=self._refused,
        )
        # It stays open until that has ended; Escape stops it.
        self.main_button.setEnabled(False)
        self._writing = job
        job.ended.connect(self._written)

    def _done(self, done: Done) -> None:
        bridge = self._context.bridge
        self._context.messages.done(self.told(done), action=(tr("撤销"), bridge.undo))
        self.accept()

    def _refused(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.say(explain(error))
        self.judge()

    def _written(self) -> None:
        self._writing = None
        self.judge()

    def reject(self) -> None:
        """Stop what is being written; close when nothing is."""
        if self._writing is not None:
            self._writing.cancel()
            return
        super().reject()

    def done(self, result: int) -> None:
        """Close; a look that is under way is for nobody any more."""
        self.is_over = True
        if self._looking is not None:
            self._looking.cancel()
        super().done(result)

    def sizeHint(self) -> QSize:
        """Ask for room for the columns, as far as the screen has it."""
        em = self.fontMetrics().height()
        room = self.screen().availableGeometry().size() * _SCREEN_SHARE
        return QSize(52 * em, 38 * em).boundedTo(room)


def _button(name: str, words: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAutoDefault(True)
    button.clicked.connect(lambda *_: act())
    return button
