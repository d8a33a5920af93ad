"""Proposals and reports in the window: binds their actions."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from gridadmin.staffing.book import BASE_UNIT_LEVEL, mode_on
from ui.actions import Actions
from ui.canvas.overlay import Overlay
from ui.context import Context
from ui.people.staff import today
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
        actions.bind("people.propose_pairs", self.propose_pairs, self._why_no_pairs)
        actions.bind("people.report", self.report, self._why_not)

    def _why_not(self) -> str:
        if not self._context.bridge.is_open:
            return tr("没有打开的项目。")
        if not self._context.bridge.snapshot.rows("person"):
            return tr("项目里还没有人员。")
        return ""

    def _why_no_pairs(self) -> str:
        if not self._context.bridge.is_open:
            return tr("没有打开的项目。")
        snapshot = self._context.bridge.snapshot
        mode = mode_on(snapshot, today())
        kinds = (kind for kind in snapshot.scheme.pairings if BASE_UNIT_LEVEL in kind.levels)
        if not any(not kind.modes or mode in kind.modes for kind in kinds):
            return tr("方案没有村（社区）的结对。")
        return "" if snapshot.rows("organization") else tr("项目里还没有单位。")

    def propose(self) -> QDialog:
        """Work out a proposal and show it."""
        from ui.people.proposals_dialog import ProposalDialog

        return self._open(ProposalDialog(self._context, self._overlay, self._window))

    def propose_pairs(self) -> QDialog:
        """Work out which unit could be paired with which place and show it."""
        from ui.people.pairs_dialog import PairsDialog

        return self._open(PairsDialog(self._context, self._window))

    def report(self) -> QDialog:
        """Ask what a report is to hold."""
        from ui.people.staff_report_dialog import StaffReportDialog

        return self._open(StaffReportDialog(self._context, self._window))

    @staticmethod
    def _open(dialog: QDialog) -> QDialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog
