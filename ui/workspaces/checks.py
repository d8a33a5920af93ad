"""What the workspace of checks opens beside its panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def open_batch_repair(window: MainWindow) -> None:
    """Ask which small issues to settle at once, with counts, and do it."""
    from ui.dialogs.batch_repair import BatchRepairDialog

    dialog = BatchRepairDialog(window.context, window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def save_report(window: MainWindow) -> None:
    """Ask where the report of the check goes, and write it."""
    from ui.reports.saving import ask_and_report

    is_shown = window.context.settings.value("show_basemap")
    ask_and_report(window.context, window, window.map_panel.base_map if is_shown else None)
