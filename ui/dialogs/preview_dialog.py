"""Dialogs that show what a command would do, on the map and in figures, before it is done.

A worker works the preview out; the newest wish wins. What is done then is one gesture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.edit.simplify_commands import Simplify
from ui.canvas.overlay import Thing
from ui.context import Context
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.dialogs.words import Sentence
from ui.jobs import Job
from ui.texts import explain, tr

_REST_MS = 150
_WIDTH_EM, _HEIGHT_EM = 31, 36


class FieldPage(Page):
    """A page that begins with one of its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.first: QWidget | None = None

    def first_field(self) -> QWidget | None:
        """Return the field."""
        return self.first


class PreviewDialog(TaskDialog):
    """A dialog around one command: its fields make it, its preview is shown, its button does it."""

    things_changed = Signal(object)
    """What the map shows of the preview: a list of things, empty for nothing."""
    carried_out = Signal(object)
    """A :class:`Done`."""

    def __init__(self, context: Context, title: str, parent: QWidget | None = None) -> None:
        super().__init__(context, title, parent)
        self.setModal(False)
        self._preview: Job | None = None
        self._is_stale = self._is_over = False
        self.shown: Done | None = None
        """What the preview shows, None while there is none."""
        self._shown_command: Command | None = None
        self.said = Sentence("quiet")
        self.said.setObjectName("said")
        self.close_button.setText(tr("取消"))
        self.main_button.clicked.connect(self._carry_out)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        context.bridge.changed.connect(self.renew)
        context.bridge.opened.connect(self._leave)
        self.destroyed.connect(self._mark_over)

    # What the dialogs bring

    def command(self) -> Command:
        """Return the command that the fields make."""
        raise NotImplementedError

    def why_not(self) -> str:
        """Return why the fields make no command, in words; empty when they do."""
        return ""

    def show_done(self, done: Done) -> Sequence[Thing]:
        """Show the figures of a preview, and return what the map shows of it."""
        raise NotImplementedError

    def show_nothing(self) -> None:
        """Take the figures of the last preview away."""

    # The preview

    def renew(self, *_: object) -> None:
        """Work the preview out anew, a moment after the last change."""
        if self._is_over or self.strip.is_busy or self._is_shown_already():
            return
        self._drop(self._context.bridge.why_not_change() or self.why_not() or tr("正在计算预览…"))
        self._rest.start()

    def _is_shown_already(self) -> bool:
        """Return whether the preview stands as it is: Enter in a field of figures changes none."""
        bridge = self._context.bridge
        return (
            self.shown is not None
            and not self._is_stale
            and self.shown.before is bridge.snapshot
            and not (bridge.why_not_change() or self.why_not())
            and self.command() == self._shown_command
        )

    def _drop(self, why: str) -> None:
        self.shown = None
        self.allow(why)

    def _look(self) -> None:
        if self._preview is not None:
            self._is_stale = True
            self._preview.cancel()
            return
        bridge = self._context.bridge
        why = bridge.why_not_change() or self.why_not()
        if why:
            self._refuse(why)
            return
        document, command = bridge.document, self.command()
        self._is_stale = False
        self._preview = self._context.jobs.start(
            tr("计算预览"),
            lambda progress: document.prepare(_told_of(command, progress), progress).done,
            on_done=lambda done: self._take(command, done),
            on_failed=self._failed,
            is_quiet=True,
        )
        self._preview.ended.connect(self._ended)

    def _take(self, command: Command, done: Done) -> None:
        if self._is_stale or self._rest.isActive() or not self.isVisible():
            return
        self.shown, self._shown_command = done, command
        self.banner.say("")
        self.things_changed.emit(list(self.show_done(done)))
        self.allow("")

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        if not self._is_stale:
            self._refuse(explain(error))

    def _refuse(self, why: str) -> None:
        self._drop(why)
        self.show_nothing()
        self.things_changed.emit([])

    def _ended(self) -> None:
        self._preview = None
        if self._is_stale and self.isVisible():
            self._look()

    # Doing it

    def _carry_out(self) -> None:
        if self.shown is None:
            return
        self._rest.stop()
        command = self.command()
        job = self._context.bridge.execute_long(
            self.windowTitle(),
            lambda _, progress: _told_of(command, progress),
            on_done=self._done,
            on_failed=self._not_done,
        )
        self.follow(job)

    def _done(self, done: Done) -> None:
        self.carried_out.emit(done)
        self._closes_when_idle = True

    def _not_done(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error))

    def _mark_over(self) -> None:
        self._is_over = True

    def _leave(self) -> None:
        """Close: the project is another one now. What is being done is stopped first."""
        if not self._is_over:
            self._closes_when_idle = True
            self.reject()

    def done(self, result: int) -> None:
        """Leave the map as it is, and hear no more of the project."""
        if not self._is_over:
            # Python holds the dialog longer than Qt does: a signal would reach nothing.
            self._is_over = True
            self._context.bridge.changed.disconnect(self.renew)
            self._context.bridge.opened.disconnect(self._leave)
        self._rest.stop()
        self._is_stale = True
        if self._preview is not None:
            self._preview.cancel()
        self.things_changed.emit([])
        super().done(result)

    def sizeHint(self) -> QSize:
        """Leave room for the map beside it."""
        em = self.fontMetrics().height()
        return self._bounded(QSize(_WIDTH_EM * em, _HEIGHT_EM * em))


def _told_of(command: Command, progress: Progress) -> Command:
    """Return a command that reports to *progress*, where it is a long one."""
    if isinstance(command, Simplify):
        return replace(command, progress=progress)
    return command
