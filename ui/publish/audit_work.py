"""The log of deliveries as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from gridadmin.base.errors import GridAdminError
from ui.dialogs.place_field import usual_folder
from ui.publish.desk import PublishDesk
from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class AuditWork(QObject):
    """Writes what was sent and exported as a workbook or as CSV."""

    def __init__(self, desk: PublishDesk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        desk.actions.bind("publish.audit", self.ask_and_write, self._why_not)

    def _why_not(self) -> str:
        return "" if self._desk.bridge.is_open else tr("没有打开的项目。")

    def ask_and_write(self) -> None:
        """Ask where the log goes, and write it."""
        folder = usual_folder(self._desk.context.settings)
        picked, chosen = QFileDialog.getSaveFileName(
            self._window,
            tr("导出发送记录"),
            str(folder / f"{tr('发送记录')}.xlsx"),
            tr("Excel 工作簿 (*.xlsx)") + ";;CSV (*.csv)",
        )
        if picked:
            path = Path(picked)
            suffix = ".csv" if "*.csv" in chosen else ".xlsx"
            self.write(path if path.suffix else path.with_name(path.name + suffix))

    def write(self, path: Path) -> None:
        """Write the log of deliveries and of exports, in a worker."""
        context = self._desk.context
        store = self._desk.bridge.session.store
        context.settings.set_value("last_folder", str(path.parent))

        def work(_: object) -> None:
            from gridadmin.app.delivery_log import write_audit

            write_audit(path, store.deliveries(), store.export_notes())

        context.jobs.start(
            tr("导出发送记录"),
            work,
            on_done=lambda _: context.messages.done(tr("已导出 {name}。", name=path.name)),
            on_failed=self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._desk.context.messages.refused(error)
