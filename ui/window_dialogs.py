"""The dialogs that the menus of the window open, each made when it is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class WindowDialogs(QObject):
    """Imports, exports, settings, keys, about, a report of a fault."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        bind, bridge = window.actions_table.bind, window.context.bridge

        def needs_project() -> str:
            return "" if bridge.is_open else tr("没有打开的项目。")

        bind("file.import", self.import_boundaries, bridge.why_not_change)
        bind("file.export", self.export_boundaries, needs_project)
        bind("file.settings", self.show_settings)
        bind("help.keys", self.show_keys)
        bind("help.report", self.report)
        bind("help.about", self.show_about)

    def import_boundaries(self, file: Path | None = None) -> None:
        """Ask for a boundary file unless *file* is one, show what it would do, and import it."""
        from ui.dialogs.import_wizard import ImportWizard

        standing = self._window.findChild(ImportWizard)
        if standing is not None:
            standing.raise_()
            standing.activateWindow()
            return
        wizard = ImportWizard(self._window.context, self._window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wizard.preview_changed.connect(
            lambda shapes: self._window.map_panel.show_coming(shapes, wizard)
        )
        wizard.finished.connect(lambda _: self._window.map_panel.show_coming(None))
        wizard.issues_wanted.connect(lambda: self._window.choose_workspace("checks"))
        wizard.show()
        if file is not None:
            wizard.set_file(file)

    def export_boundaries(self) -> None:
        """Ask what to export and where to, and do it."""
        from ui.dialogs.export_boundaries import ExportDialog

        dialog = ExportDialog(self._window.context, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_settings(self) -> None:
        """Show the settings."""
        from ui.dialogs.settings_dialog import SettingsDialog

        self._open(SettingsDialog(self._window.context, self._window))

    def show_keys(self) -> None:
        """Show all shortcuts."""
        from ui.dialogs.keys_dialog import KeysDialog

        self._open(KeysDialog(self._window.actions_table, self._window))

    def show_about(self) -> None:
        """Say what program this is."""
        from ui.dialogs.about_dialog import AboutDialog

        self._open(AboutDialog(self._window))

    def report(self) -> None:
        """Let the user report a fault with the last lines of the log."""
        from ui.dialogs.report_dialog import ReportDialog

        self._open(ReportDialog(None, self._window))

    def _open(self, dialog: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
