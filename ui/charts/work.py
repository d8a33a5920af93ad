"""What is done about charts in the window: save, print, turn pages, zoom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog

from gridadmin.app.file_names import good_name
from gridadmin.base.errors import GridAdminError
from gridadmin.chart.tiling import Tiles
from ui.actions import Actions
from ui.charts.panel import ChartPanel
from ui.charts.sheets import Sheets
from ui.context import Context
from ui.dialogs.place_field import usual_folder
from ui.jobs import JobProgress
from ui.texts import sentence, tr

if TYPE_CHECKING:
    from gridadmin.app.charting import ChartsMade
    from ui.main_window import MainWindow

_ZOOM = 1.25


class ChartWork(QObject):
    """The workspace of charts and what its actions do."""

    def __init__(self, context: Context, actions: Actions, window: MainWindow) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._tiles = Tiles()
        self.sheets = Sheets(context, self)
        self.panel = ChartPanel(context, actions, self.sheets)
        view = self.panel.view
        why = self._why_no_sheet
        actions.bind("chart.save", self.save, why)
        actions.bind("chart.print", lambda: self.print(None), why)
        actions.bind("chart.tiles", self.ask_tiles, why)
        actions.bind("chart.previous", lambda: self.sheets.step(-1), why)
        actions.bind("chart.next", lambda: self.sheets.step(1), why)
        actions.bind("chart.zoom_in", lambda: view.zoom(_ZOOM), why)
        actions.bind("chart.zoom_out", lambda: view.zoom(1 / _ZOOM), why)
        actions.bind("chart.fit", view.fit, why)
        actions.bind("chart.true_size", view.show_true_size, why)
        self.sheets.composed.connect(actions.refresh)

    def enter(self, *, is_in_use: bool) -> None:
        """Begin making sheets, or stop: another workspace is in use."""
        self.sheets.enter(is_in_use=is_in_use)
        if is_in_use:
            self.panel.choices.fill()
            self.panel.view.setFocus()

    def close(self) -> None:
        """Stop everything."""
        self.sheets.close()

    def _why_no_sheet(self) -> str:
        if not self._context.bridge.is_open:
            return tr("没有打开的项目。")
        if self._window.workspace != "charts":
            return tr("请先转到出图工作区。")
        return "" if self.sheets.page is not None else tr("还没有生成图纸。")

    def save(self) -> None:
        """Ask where to and make all sheets, into one PDF, pictures, or a folder of PDFs."""
        forms = {
            tr("PDF（矢量，可检索）") + " (*.pdf)": ".pdf",
            tr("每幅一个 PDF（文件夹）") + " (*)": "",
            tr("图片 PNG") + " (*.png)": ".png",
            "SVG (*.svg)": ".svg",
        }
        page = self.sheets.page
        name = good_name(page.title if page is not None else "", "chart")
        folder = usual_folder(self._context.settings)
        chosen, form = QFileDialog.getSaveFileName(
            self._window, tr("生成图纸"), str(folder / f"{name}.pdf"), ";;".join(forms)
        )
        if not chosen:
            return
        out, suffix = Path(chosen), forms.get(form, ".pdf")
        if not suffix:
            out = out.with_suffix("") if out.suffix.lower() == ".pdf" else out
        elif out.suffix.lower() not in (".pdf", ".png", ".svg"):
            out = Path(f"{chosen}{suffix}")
        self.write(out)

    def ask_tiles(self) -> None:
        """Ask how the sheets are cut for a small printer, then for a file or the printer."""
        sheets = self.sheets
        if not sheets.pages:
            return
        from ui.charts.tiles_dialog import TilesDialog, WantedSheets

        count = sum(not order.is_index for order in sheets.orders)
        wanted = WantedSheets(sheets.pages, count, sheets.wish.choice.lang)
        dialog = TilesDialog(wanted, self._tiles, self._window)
        dialog.save_wanted.connect(lambda: self._save_tiles(dialog.tiles))
        dialog.print_wanted.connect(lambda: self.print(dialog.tiles))
        dialog.exec()
        self._tiles = dialog.tiles
        dialog.deleteLater()

    def _save_tiles(self, tiles: Tiles) -> None:
        page = self.sheets.page
        name = good_name(page.title if page is not None else "", "chart")
        folder = usual_folder(self._context.settings)
        usual = str(folder / f"{name} {tiles.paper.upper()}.pdf")
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, tr("拼接打印"), usual, tr("PDF（矢量，可检索）") + " (*.pdf)"
        )
        if chosen:
            out = Path(chosen)
            self.write(out if out.suffix.lower() == ".pdf" else Path(f"{chosen}.pdf"), tiles)

    def write(self, out: Path, tiles: Tiles | None = None) -> None:
        """Make all sheets of the present choices into a file or folder, beside the window."""
        sheets, context = self.sheets, self._context
        template = sheets.template
        if template is None:
            return
        session, rasters, wish = context.bridge.session, sheets.rasters(), sheets.wish
        choice, area, series = wish.choice, wish.area or None, wish.series
        context.settings.set_value("last_folder", str(out.parent))

        def work(progress: JobProgress) -> ChartsMade:
            # Late: what makes a PDF takes a while to come.
            from gridadmin.app.charting import ChartOrder, make_charts
            from ui.chart_making import QtChartPainter

            order = ChartOrder(template, choice, area, series, tiles=tiles)
            return make_charts(session, order, out, QtChartPainter(), rasters, progress)

        context.jobs.start(
            tr("生成图纸"),
            work,
            on_done=lambda made: self._made(made, out),
            on_failed=self._failed,
            on_cancelled=self._stopped,
        )

    def _made(self, made: ChartsMade, out: Path) -> None:
        told = tr(
            "已生成 {file}：{sheets} 幅，{pages} 页，写完后重新打开检查过。",
            file=out.name,
            sheets=made.sheets,
            pages=made.pages,
        )
        warnings = [note for _, note in made.notes if note.code == "approval_old"]
        for note in warnings[:1]:
            self._context.messages.note(sentence(f"chart.{note.code}", **dict(note.params)))
        self._context.messages.done(told)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._context.messages.refused(error)

    def _stopped(self) -> None:
        self._context.messages.note(tr("已停止；做好的图幅下次接着用，没有留下半个文件。"))

    def print(self, tiles: Tiles | None = None) -> None:
        """Ask for a printer and print the pages of the sheet that is looked at at their size."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        page = self.sheets.page
        printer.setDocName(page.title if page is not None else "")
        dialog = QPrintDialog(printer, self._window)
        dialog.setWindowTitle(tr("打印图纸"))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer, tiles)

    def print_on(self, printer: QPrinter, tiles: Tiles | None = None) -> None:
        """Print the sheet that is looked at, whole or in tiles, beside the window."""
        pages, choice = list(self.sheets.pages), self.sheets.wish.choice
        template, session = self.sheets.template, self._context.bridge.session
        if template is None:
            return

        def work(progress: JobProgress) -> None:
            from gridadmin.app.charting import note_print
            from gridadmin.chart.tile_pages import tiled_pages
            from ui.chart_fonts import FONTS
            from ui.chart_painting import print_pages

            parts = pages
            if tiles is not None:
                ways = (tiled_pages(page, tiles, FONTS, choice.lang) for page in pages)
                parts = [part for way in ways for part in way]
            note_print(session, template, choice, printer.printerName())
            print_pages(parts, printer, progress)

        self._context.jobs.start(
            tr("打印图纸"),
            work,
            on_done=lambda _: self._context.messages.done(tr("图纸已交给打印机。")),
            on_failed=self._failed,
            on_cancelled=lambda: self._context.messages.note(tr("已停止打印。")),
        )
