"""The scale bar is as long as it says, whatever the scale."""

from __future__ import annotations

import pytest

from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.compose import compose
from gridadmin.chart.drawing import DrawLand
from gridadmin.chart.map_furniture import bar_length
from gridadmin.chart.map_view import fitting_scale
from gridadmin.chart.template import SCALES
from gridadmin.chart.template_reading import load_template
from tests.chart.hard_facts import facts_of, squares
from tests.helpers.charts import FixedLetters


@pytest.mark.parametrize("scale", [500, 2500, 10_000, 50_000, 100_000])
def test_the_bar_has_a_round_length_that_is_true_on_paper(scale: int) -> None:
    metres, length_mm = bar_length(scale, 600.0)

    assert str(metres).rstrip("0") in {"1", "2", "4", "5"}
    assert length_mm * scale / 1000 == pytest.approx(metres)
    assert 20 < length_mm <= 140


def test_the_bar_on_the_sheet_is_true_to_two_tenths_of_a_millimetre() -> None:
    facts = facts_of(squares(9, 240.0), rows=9)

    (page,) = compose(facts, load_template("community-a3"), ChartChoice(), FixedLetters())

    assert page.view is not None
    metres, _ = bar_length(page.view.scale, page.view.frame.width)
    words = {words.text for words in page.drawing.all_words()}
    quarters = [
        call.rings.bounds
        for call in page.drawing.calls
        if isinstance(call, DrawLand) and call.fill in ("#16202B", "#FFFFFF") and call.pen
    ]
    wide = metres * 1000 / page.view.scale / 4
    found = [one for one in quarters if one is not None and abs(one.width - wide) < 0.05]
    assert f"{metres} 米" in words
    assert len(found) == 4


@pytest.mark.parametrize(
    ("metres", "scale"),
    [
        (90, 500),
        (100, 500),
        (101, 1000),
        (450, 2500),
        (1200, 10_000),
        (11_000, 75_000),
        (21_000, 150_000),
    ],
)
def test_the_largest_round_scale_that_fits_is_chosen(metres: float, scale: int) -> None:
    assert fitting_scale((0.0, 0.0, metres, metres / 2), 200.0, 200.0, SCALES) == scale
