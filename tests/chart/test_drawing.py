"""A drawing remembers its calls and gives them back, whole or strip by strip."""

from __future__ import annotations

import pytest

from gridadmin.chart.drawing import Drawing, paint
from gridadmin.chart.listing import listing
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Paths, Pen, TextStyle, Words

SHEET = Sheet(420, 297, margin_mm=10, bleed_mm=3)


def _drawing() -> Drawing:
    drawing = Drawing(SHEET)
    drawing.land(Paths.frame(Frame(10, 10, 100, 50)), "#ffffff")
    drawing.lines(Paths.line((0, 200), (100, 200)), Pen("#000000", 0.5, (4, 2)))
    drawing.words(Words("甲", 20, 30, TextStyle(5), width_mm=5))
    drawing.lines(Paths.of([]), Pen("#000000", 0.5))
    drawing.words(Words(" ", 20, 30, TextStyle(5)))
    return drawing


def test_a_listing_names_every_call_but_empty_ones() -> None:
    assert listing(_drawing()) == [
        "sheet 420 x 297 bleed 3",
        "land 1 of 5 points in 10.00 10.00 100.00 50.00 384fa168 #ffffff",
        "lines 1 of 2 points in 0.00 200.00 100.00 0.00 a3f30f25 pen #000000 0.50 dash 4 2",
        "words 20.00 30.00 left 5.00 #1A2430 甲",
    ]


def test_a_strip_gets_only_what_reaches_into_it() -> None:
    strip = Drawing(SHEET)

    paint(_drawing(), strip, Frame(0, 150, 420, 100))

    assert [type(call).__name__ for call in strip.calls] == ["DrawLines"]


def test_no_line_is_thinner_than_a_tenth_of_a_millimetre() -> None:
    with pytest.raises(ValueError, match=r"0\.09"):
        Pen("#000000", 0.09)


def test_media_reach_beyond_the_finished_sheet_by_the_bleed() -> None:
    assert SHEET.media == Frame(-3, -3, 426, 303)
    assert Sheet(420, 297, 10, binding="left").inner == Frame(35, 10, 375, 277)
