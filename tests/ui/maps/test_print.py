"""The view on paper: a PDF file with title, scale, date and whose base map it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pdfplumber
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.maps.choosing import choose
from ui.canvas.style import FillTheme
from ui.main_window import MainWindow
from ui.maps.print_dialog import PrintDialog, layout_of, paint_on


def dialog_of(qtbot: QtBot, window: MainWindow) -> PrintDialog:
    """Open the dialog by its keys and wait for its preview."""
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = [one for one in window.findChildren(PrintDialog) if one.isVisible()]
    qtbot.waitUntil(lambda: dialog.preview._picture is not None, timeout=20_000)
    return dialog


def test_pdf_holds_the_view_with_title_scale_day_and_source(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.actions_table.action("view.households").trigger()
    dialog, out = dialog_of(qtbot, window), tmp_path / "图 一.pdf"
    dialog.title.setText("虚构市样例区 网格图")
    choose(dialog.paper, "A3")
    choose(dialog.scale, 5000)

    dialog.save_pdf(out)
    jobs = window.context.jobs
    qtbot.waitUntil(lambda: out.exists() and not jobs.is_busy, timeout=30_000)

    with pdfplumber.open(out) as pdf:
        (page,) = pdf.pages
        assert (round(page.width), round(page.height)) == (1191, 842)
        words = page.extract_text()
        (picture,) = page.images
        inches = (picture["x1"] - picture["x0"]) / 72
        dpi = picture["srcsize"][0] / inches
    assert "1:5,000" in words
    assert f"{datetime.now().astimezone():%Y-%m-%d}" in words
    assert dpi == pytest.approx(300, rel=0.01)
    assert list(tmp_path.glob("*.part")) == []


def test_page_shows_what_the_screen_shows_or_a_round_scale(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.map_panel.view.zoom(7, (300, 200))
    dialog, view = dialog_of(qtbot, window), window.map_panel.view.view
    on_paper = dialog.viewport(300)
    assert on_paper.shows(view.bounds())
    assert (on_paper.centre_x, on_paper.centre_y) == pytest.approx((view.centre_x, view.centre_y))

    choose(dialog.scale, 2500)

    assert dialog.viewport(300).scale_number() == pytest.approx(2500)
    assert "1:2,500" in dialog.note.text()
    wide = dialog.page.size_mm
    choose(dialog.way, False)
    assert dialog.page.size_mm == (wide[1], wide[0]) == (210, 297)


def test_legend_and_light_colours_go_to_paper(qtbot: QtBot, open_dark: MainWindow) -> None:
    window = open_dark
    window.actions_table.action("view.vacant").trigger()
    dialog = dialog_of(qtbot, window)

    assert dialog.pictures.style().theme == "light"
    assert dialog.pictures.style().fills is FillTheme.VACANT
    assert [line.words for line in dialog.page.legend] == window.map_panel.legend.words
    QTest.keyClick(dialog.legend, Qt.Key.Key_Space)
    assert list(dialog.page.legend) == []


def test_a_printer_gets_the_whole_paper(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    dialog = dialog_of(qtbot, window)
    page, picture = dialog.page, dialog.preview._picture
    assert picture is not None
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageLayout(layout_of(page))

    assert paint_on(printer, page, picture.image, picture.viewport, dialog.pictures.style())

    with pdfplumber.open(tmp_path / "printed.pdf") as pdf:
        assert (round(pdf.pages[0].width), round(pdf.pages[0].height)) == (842, 595)
        assert len(pdf.pages[0].images) == 1


def test_what_cannot_be_written_is_told_and_can_be_tried_again(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = dialog_of(qtbot, window)

    dialog.save_pdf(tmp_path / "missing" / "map.pdf")

    jobs = window.context.jobs
    qtbot.waitUntil(lambda: "missing" in dialog.note.text() and not jobs.is_busy, timeout=20_000)
    assert dialog.pdf_button.isEnabled()
    assert dialog.isVisible()


@pytest.fixture
def open_dark(open_window: object, demo_folder: Path) -> MainWindow:
    """A dark window with the demo city."""
    window = open_window(demo_folder / "demo.gpkg", theme="dark")  # type: ignore[operator]
    assert isinstance(window, MainWindow)
    return window


def painted(dialog: PrintDialog) -> QImage:
    """Return the preview as it is seen."""
    return dialog.preview.grab().toImage()


def test_preview_shows_the_title_while_it_is_typed(qtbot: QtBot, window: MainWindow) -> None:
    dialog = dialog_of(qtbot, window)
    before = painted(dialog)

    dialog.title.selectAll()
    QTest.keyClicks(dialog.title, "North")

    assert painted(dialog) != before
