"""Rosters in the window: import, export, template and the log of exports."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from gridadmin.app.export_log import note_export
from gridadmin.app.file_names import good_name
from gridadmin.app.roster_export import write_project_template
from gridadmin.app.session import author
from gridadmin.base.errors import GridAdminError
from gridadmin.domain.export_note import Exported, ExportNote, Profile
from ui.actions import Actions
from ui.context import Context
from ui.dialogs.place_field import usual_folder
from ui.texts import tr


class RosterWork(QObject):
    """Binds the actions about rosters of one window."""

    def __init__(self, context: Context, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        bridge = context.bridge
        actions.bind("people.roster_import", self.open_import, bridge.why_not_change)
        actions.bind("people.roster_export", self.open_export, self._why_not_export)
        actions.bind("people.roster_template", self.ask_and_write_template, self._why_not_open)
        actions.bind("people.export_log", self.open_log, self._why_not_open)

    def _why_not_open(self) -> str:
        return "" if self._context.bridge.is_open else tr("没有打开的项目。")

    def _why_not_export(self) -> str:
        why = self._why_not_open()
        if not why and not self._context.bridge.snapshot.rows("person"):
            return tr("项目里还没有人员。")
        return why

    def open_import(self, file: Path | None = None) -> None:
        """Begin the import of a roster, of *file* where it is known."""
        from ui.people.roster_wizard import RosterWizard

        wizard = RosterWizard(self._context, self._window)
        self._open(wizard, "roster_wizard")
        if file is not None:
            wizard.set_file(file)

    def open_export(self) -> None:
        """Ask what of the roster is to be written."""
        from ui.people.roster_export_dialog import RosterExportDialog

        self._open(RosterExportDialog(self._context, self._window), "roster_export")

    def open_log(self) -> None:
        """Read the log of exports beside the window, and show it."""
        store = self._context.bridge.session.store

        def show(notes: list[ExportNote]) -> None:
            from ui.people.export_log_dialog import ExportLogDialog

            self._open(ExportLogDialog(notes, self._window), "export_log_dialog")

        self._context.jobs.start(
            tr("读取导出记录"),
            lambda _: store.export_notes(),
            on_done=show,
            on_failed=self._failed,
        )

    def ask_and_write_template(self) -> None:
        """Ask where the template goes, and write it."""
        name = good_name(tr("{name}-名册模板", name=self._context.bridge.name), tr("名册模板"))
        start = str(usual_folder(self._context.settings) / f"{name}.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, tr("另存名册模板"), start, f"{tr('Excel 文件')} (*.xlsx)"
        )
        if chosen:
            self.write_template(Path(chosen).with_suffix(".xlsx"))

    def write_template(self, out: Path) -> None:
        """Write the template of the open project in a worker."""
        context = self._context
        snapshot, store = context.bridge.snapshot, context.bridge.session.store
        context.settings.set_value("last_folder", str(out.parent))
        words = tr("名册模板已写入“{file}”。", file=out.name)
        context.jobs.start(
            tr("另存名册模板"),
            lambda _: write_project_template(snapshot, store, out),
            on_done=lambda _: context.messages.done(words),
            on_failed=self._failed,
        )

    def _open(self, dialog: QDialog, name: str) -> None:
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._context.messages.refused(error)


def note_phone_shown(context: Context, name: str, count: int = 1) -> None:
    """Note beside the window that somebody looked at own phones whole: whose, how many."""
    if not context.bridge.is_open:
        return
    store = context.bridge.session.store
    context.jobs.start(
        tr("记入导出记录"),
        lambda _: note_export(
            store, author(), Exported.PHONE, Profile.INTERNAL, count=count, fields=name
        ),
        is_quiet=True,
    )
