"""The ledger of areas to a file, and an edited one back: what it changes is shown first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from gridadmin.app.file_names import good_name
from gridadmin.app.ledger import export_ledger, preview_ledger
from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.exchange.ledger import Cell
from gridadmin.exchange.ledger_rows import LedgerChange, LedgerPreview, as_command
from gridadmin.exchange.source import RowProblem
from ui.context import Context
from ui.dialogs.change_table import ChangeRow
from ui.dialogs.changes_dialog import ChangesDialog
from ui.dialogs.place_field import usual_folder
from ui.texts import sentence, tr

_LONGEST = 60


def ask_and_export(context: Context, parent: QWidget) -> None:
    """Ask where the ledger goes, and write it in a worker."""
    name = good_name(tr("{name}-网格台账", name=context.bridge.name), tr("网格台账"))
    start = str(usual_folder(context.settings) / f"{name}.xlsx")
    chosen, _ = QFileDialog.getSaveFileName(
        parent, tr("导出网格台账"), start, f"{tr('Excel 文件')} (*.xlsx);;CSV (*.csv)"
    )
    if chosen:
        path = Path(chosen)
        write(context, path if path.suffix else path.with_suffix(".xlsx"))


def write(context: Context, path: Path) -> None:
    """Write the ledger of the open project to a file."""
    snapshot, store = context.bridge.snapshot, context.bridge.session.store
    context.settings.set_value("last_folder", str(path.parent))

    def tell(rows: tuple[tuple[str, int], ...]) -> None:
        count = sum(number for _, number in rows)
        context.messages.done(tr("已把 {n} 个区域写入{file}。", n=f"{count:,}", file=path.name))

    context.jobs.start(
        tr("导出网格台账"),
        lambda progress: export_ledger(snapshot, store, path, progress),
        on_done=tell,
        on_failed=lambda error: _failed(context, error),
    )


def ask_and_import(context: Context, parent: QWidget) -> None:
    """Ask for an edited ledger and show what it changes."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent,
        tr("导入网格台账"),
        str(usual_folder(context.settings)),
        f"{tr('台账')} (*.xlsx *.xls *.csv)",
    )
    if chosen:
        look_at(context, Path(chosen), parent)


def look_at(context: Context, path: Path, parent: QWidget) -> None:
    """Read an edited ledger in a worker and show what it changes."""
    snapshot = context.bridge.snapshot
    context.settings.set_value("last_folder", str(path.parent))

    def show(found: LedgerPreview) -> None:
        dialog = LedgerDialog(context, path, found, parent)
        dialog.setObjectName("ledger_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    context.jobs.start(
        tr("读取网格台账"),
        lambda progress: preview_ledger(snapshot, path, progress),
        on_done=show,
        on_failed=lambda error: _failed(context, error),
    )


class LedgerDialog(ChangesDialog):
    """What an edited ledger changes, cell by cell; what is accepted is one step."""

    def __init__(
        self, context: Context, path: Path, found: LedgerPreview, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            context,
            tr("导入网格台账"),
            tr("写入"),
            (tr("区域名称"), tr("项目（列）"), tr("原值"), tr("新值"), tr("行")),
            (11, 7, 11, 11, 5),
            parent,
        )
        self._path = path
        head = tr(
            "{file}：{rows} 行，对上 {matched} 个区域，{n} 处改动。",
            file=path.name, rows=found.rows, matched=found.matched, n=len(found.changes),
        )  # fmt: skip
        self.show_changes(
            head, [_row(change) for change in found.changes], [_said(p) for p in found.problems]
        )

    def command(self, chosen: list[Any], progress: Progress) -> Command:
        """Return the command that writes the chosen cells."""
        return as_command(chosen, self._path.name)

    def told(self, done: Done) -> str:
        """Return how many areas changed."""
        return tr("台账已写入，改了 {n} 个区域。", n=len(done.changed_areas()))


def _row(change: LedgerChange) -> ChangeRow:
    cells = change.name, change.title, _shown(change.old), _shown(change.new), change.row
    return ChangeRow(cells, change)


def _shown(cell: Cell) -> str:
    text = tr("（空）") if cell is None else str(cell).replace("\n", " ")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _said(problem: RowProblem) -> str:
    return f"{problem.row}  {sentence(problem.code, **problem.params)}"


def _failed(context: Context, error: BaseException) -> None:
    if not isinstance(error, GridAdminError):
        raise error
    context.messages.refused(error)
