"""The same calls on other surfaces: a printer, SVG, a picture of a strip; letters and fonts."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.compose import compose
from gridadmin.chart.page import ChartPage
from gridadmin.chart.surface import TextStyle, Words
from gridadmin.chart.template_reading import load_template
from tests.chart.hard_facts import facts_of, squares
from ui.chart_fonts import FONTS, STAND_IN, can_be_searched, shown
from ui.chart_painting import page_image, paint_svg, picture_size, print_pages
from ui.surfaces import UNITS, QtSurface

MM = 72 / 25.4


@pytest.fixture(scope="module")
def page() -> ChartPage:
    """A made-up community on A3."""
    facts = facts_of(squares(9, 240.0), rows=9)
    return compose(facts, load_template("community-a3"), ChartChoice(), FONTS)[0]


def test_a_printer_gets_the_sheet_at_its_true_size(page: ChartPage, chinese_dir: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(chinese_dir / "打印.pdf"))

    print_pages([page], printer)

    (printed,) = PdfReader(chinese_dir / "打印.pdf").pages
    assert float(printed.mediabox.width) / MM == pytest.approx(420, abs=0.3)
    assert float(printed.mediabox.height) / MM == pytest.approx(297, abs=0.3)
    assert "第5网格" in "".join(printed.extract_text().split())


def test_words_stay_words_in_svg(page: ChartPage, chinese_dir: Path) -> None:
    paint_svg(page, chinese_dir / "图.svg")

    text = (chinese_dir / "图.svg").read_text(encoding="utf-8")
    assert "第5网格" in text
    assert 'width="420' in text


def test_an_svg_cuts_the_map_at_its_frame(page: ChartPage, chinese_dir: Path) -> None:
    paint_svg(page, chinese_dir / "图.svg")

    text = (chinese_dir / "图.svg").read_text(encoding="utf-8")
    assert page.view is not None
    frame = page.view.frame
    shapes = re.findall(r'<clipPath id="(\w+)">\s*<path [^>]*d="M([\d.]+),([\d.]+) ', text)
    name, x, y = shapes[0]
    assert (float(x) / UNITS, float(y) / UNITS) == pytest.approx((frame.x, frame.y), abs=0.05)
    assert text.count(f'clip-path="url(#{name})"') > 5


def test_a_strip_is_the_same_as_that_part_of_the_whole(page: ChartPage) -> None:
    whole, strip = page_image(page, 50.0), page_image(page, 50.0, (200, 100))

    assert (whole.width(), whole.height()) == picture_size(page.sheet, 50.0)
    part = whole.copy(0, 200, whole.width(), 100)
    different = sum(
        part.pixel(x, y) != strip.pixel(x, y)
        for x in range(0, part.width(), 3)
        for y in range(0, 100, 3)
    )
    assert different == 0


def test_a_letter_that_no_font_has_is_printed_as_the_stand_in() -> None:
    absent = FONTS.missing("\U00020bb7网格")

    assert shown("\U00020bb7网格") == ("\U00020bb7网格" if not absent else f"{STAND_IN}网格")
    assert FONTS.missing("网格 A1") == ""


def test_widths_grow_with_the_letters_and_their_spacing() -> None:
    plain = FONTS.width_mm("网格", TextStyle(10.0))

    assert plain == pytest.approx(20.0, rel=0.1)
    assert FONTS.width_mm("网格", TextStyle(20.0)) == pytest.approx(2 * plain)
    assert FONTS.width_mm("网格", TextStyle(10.0, spacing_mm=3.0)) == pytest.approx(plain + 6.0)


def strokes(letter: str, *, is_bold: bool) -> int:
    """How many dark strokes a line down through a letter of 20 mm crosses."""
    image = QImage(260, 260, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.scale(10 / UNITS, 10 / UNITS)
    QtSurface(painter).words(Words(letter, 2.0, 20.0, TextStyle(20.0, "#000000", is_bold)))
    painter.end()
    dark = [image.pixelColor(90, y).lightness() < 128 for y in range(260)]
    return sum(here and not above for above, here in pairwise(dark))


@pytest.mark.parametrize("letter", ["量", "警", "图"])
def test_bold_letters_keep_the_space_between_their_strokes(letter: str) -> None:
    assert strokes(letter, is_bold=True) == strokes(letter, is_bold=False) > 2


def test_the_font_of_charts_gives_its_words_back() -> None:
    assert can_be_searched()
