"""Printing in tiles from the window: what is counted, shown, saved and printed."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader
from PySide6.QtCore import Qt, QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gridadmin.chart.tiling import Paper, Tiles, tiling_of
from tests.ui.charts.gestures import choose, choose_in, settle
from tests.ui.finding import part
from ui.charts.panel import ChartPanel
from ui.charts.tiles_dialog import TilesDialog, WantedSheets
from ui.main_window import MainWindow


def test_a_sheet_is_cut_into_the_pages_that_the_dialog_counts(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(charts, "chart_template", "社区图 A3")
    choose(charts, "chart_area", "甲子社区")
    settle(window, qtbot)
    noted = len(window.context.bridge.session.store.export_notes())
    page = window.charts.sheets.page
    assert page is not None
    pages = window.charts.sheets.pages
    dialog = TilesDialog(WantedSheets(pages, 1, "zh"), Tiles(), window)
    qtbot.addWidget(dialog)

    assert "4 张，2 行 2 列" in dialog.count.text()
    assert "1-1" in [words.text for words in dialog.plan.page.drawing.all_words()]
    assert dialog.findChild(QLabel, "tiles_series") is None
    choose_in(dialog.paper, "A3")
    dialog.overlap.setFocus()
    dialog.overlap.selectAll()
    QTest.keyClicks(dialog.overlap, "20")
    assert dialog.tiles == Tiles(Paper.A3, 20.0)
    out = tmp_path / "拼接 图.pdf"
    window.charts.write(out, dialog.tiles)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=90_000)

    sheets = len(window.charts.sheets.pages)
    count = tiling_of(page.sheet, dialog.tiles).count
    assert len(PdfReader(out).pages) == sheets * (count + 1)
    printed = tmp_path / "打印.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(printed))
    window.charts.print_on(printer, dialog.tiles)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=90_000)
    assert len(PdfReader(printed).pages) == sheets * (count + 1)
    # The newest stand first; other charts of the same file may be noted before.
    notes = window.context.bridge.session.store.export_notes()[: -noted or None]
    assert [(note.what, note.fields) for note in notes] == [("chart", "community-a3")] * 2


def test_the_dialog_of_tiles_says_what_becomes_of_a_series_and_leaves_marks_out(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    choose(charts, "chart_template", "社区图 A3")
    choose(charts, "chart_area", "子虚街道")
    settle(window, qtbot)
    told: list[str] = []

    def read() -> None:
        dialog = window.findChild(TilesDialog)
        assert dialog is not None
        told.append(part(dialog, QLabel, "tiles_series").text())
        dialog.paper.setFocus()
        choose_in(dialog.paper, "A3")
        dialog.marks.setFocus()
        QTest.keyClick(dialog.marks, Qt.Key.Key_Space)
        assert dialog.tiles == Tiles(Paper.A3, has_marks=False)
        dialog.grab()
        dialog.reject()

    QTimer.singleShot(0, read)
    window.actions_table.action("chart.tiles").trigger()

    assert told == ["成套共 2 幅：存为 PDF 时每幅都拼接，索引图不拼；打印时只印正在看的这一幅。"]
