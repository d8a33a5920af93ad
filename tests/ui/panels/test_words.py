"""Figures in words: in the unit that one reads them in."""

from __future__ import annotations

import pytest

from ui.panels import words


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (0.0, "0.00 米"),
        (0.0034, "3.4 毫米"),
        (0.058, "58 毫米"),
        (0.25, "0.25 米"),
        (6.43, "6.4 米"),
        (497.8, "498 米"),
        (12_340.0, "12.34 公里"),
    ],
)
def test_lengths_are_told_in_millimetres_metres_or_kilometres(metres: float, said: str) -> None:
    assert words.length(metres) == said
