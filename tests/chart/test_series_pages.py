"""The sheets of a series page by page: the numbers of the index, what is moved on one sheet."""

from __future__ import annotations

from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.series import orders_of
from gridadmin.chart.series_pages import SheetSeries
from gridadmin.chart.template_reading import load_template
from tests.helpers.charts import FixedLetters, demo_snapshot, source_of


def _series() -> SheetSeries:
    snapshot = demo_snapshot()
    (street,) = snapshot.bearing("990001003")
    source, template = source_of(snapshot), load_template("community-a3")
    return SheetSeries(source, template, orders_of(source, template, street))


def test_the_index_tells_on_which_page_each_sheet_begins() -> None:
    series = _series()
    assert [order.key for order in series.orders][:3] == [
        "index",
        "990001003001",
        "990001003002",
    ]

    (page,) = series.pages(series.orders[0], FixedLetters(), counts=[3, 1, 1, 1, 1, 1, 1])

    words = {words.text for words in page.drawing.all_words()}
    assert {"2", "5", "6", "10"} <= words
    assert not {"3", "4", "11"} & words


def test_moves_of_one_sheet_leave_the_others_as_they_were() -> None:
    series = _series()
    one, other = series.orders[1], series.orders[2]
    before = [series.pages(order, FixedLetters())[0].labels for order in (one, other)]
    uid = next(iter(before[0]))

    choice = ChartChoice().moved(one.key, map_shift_m=(100.0, 0.0))
    moved = series.with_choice(choice)

    after = [moved.pages(order, FixedLetters())[0].labels for order in (one, other)]
    assert after[0].get(uid) != before[0][uid]
    assert after[1] == before[1]
    assert series.source.choice == ChartChoice()


def test_another_profile_masks_phones_of_what_is_gathered_already() -> None:
    series = _series()
    internal = series.with_choice(ChartChoice(profile="internal"))

    told = [
        {words.text for page in one.pages(one.orders[1], FixedLetters()) for words in
         page.drawing.all_words()}
        for one in (series, internal)
    ]  # fmt: skip

    assert "公开" in told[0]
    assert "内部资料" in told[1]
