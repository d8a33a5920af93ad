"""A dialog that shows advice worked out beside the work, and carries out what is ticked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from gridadmin.base.errors import GridAdminError
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from ui.dialogs.change_table import ChangeModel
from ui.dialogs.task_dialog import TaskDialog
from ui.panels.parts import ElidedButton
from ui.texts import explain, tr


class AdviceDialog(TaskDialog):
    """Says what failed inside the dialog; what is taken is one gesture, one undo."""

    def put_ticks(self, model: ChangeModel, row: QHBoxLayout) -> None:
        """Put two buttons into a row that tick all lines of a table, or none."""
        for name, said, is_on in (("all", tr("全选"), True), ("none", tr("全不选"), False)):
            button = ElidedButton(said, partial(model.choose, is_on=is_on))
            button.setObjectName(f"choose_{name}")
            button.setAutoDefault(False)
            row.addWidget(button)

    def failed(self, error: BaseException) -> None:
        """Say why a job failed; what is no refusal is a fault of the program."""
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error))

    def carry_out(self, title: str, make: Callable[[], Command], told: str) -> None:
        """Carry out a command in a job; then say *told* with a way back, and close."""

        def done(_: Done) -> None:
            bridge = self._context.bridge
            self._context.messages.done(told, (tr("撤销"), bridge.undo))
            self.accept()

        self.follow(
            self._context.bridge.execute_long(
                title, lambda _, __: make(), on_done=done, on_failed=self.failed
            )
        )
