"""Proposals and reports in the window: binds their actions."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from ui.actions import Actions
from ui.canvas.overlay import Overlay
from ui.context import Context
from ui.texts import tr


class ProposalWork(QObject):
    """Opens the dialogs of proposals and reports over one window."""

    def __init__(
        self, context: Context, actions: Actions, overlay: Overlay, window: QWidget
    ) -> None:
        super().__init__(context.bridge)
        self._context = context
        self._overlay = overlay
        self._window = window
        actions.bind("people.propose", self.propose, self._why_not)
        actions.bind("people.report", self.report, self._why_not)

    def _why_not(self) -> str:
        if not self._context.bridge.is_open:
            return tr("没有打开的项目。")
        if not self._context.bridge.snapshot.rows("person"):
            return tr("项目里还没有人员。")
        return ""

    def propose(self) -> QDialog:
        """Work out a proposal and show it."""
        from ui.people.proposals_dialog import ProposalDialog

        return self._open(ProposalDialog(self._context, self._overlay, self._window))

    def report(self) -> QDialog:
        """Ask what a report is to hold."""
        from ui.people.staff_report_dialog import StaffReportDialog

        return self._open(StaffReportDialog(self._context, self._window))

    @staticmethod
    def _open(dialog: QDialog) -> QDialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog
