"""Tables that go on in the next column, and base maps that have nothing of the place."""

from __future__ import annotations

from dataclasses import replace

from gridadmin.chart.blocks import Solid, TextBlock
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.compose import compose
from gridadmin.chart.facts import TableRow
from gridadmin.chart.flow import balanced, columns_of
from gridadmin.chart.map_view import MapView
from gridadmin.chart.sheet import Frame
from gridadmin.chart.template import TextSizes
from gridadmin.chart.template_reading import load_template
from tests.chart.hard_facts import facts_of, squares
from tests.helpers.charts import FixedLetters, texts_of, words_on_words, words_outside


def test_a_table_that_goes_on_says_again_under_which_heading() -> None:
    facts = facts_of(squares(4, 200.0))
    assert facts.staff is not None
    rows = tuple(
        TableRow((f"第{n // 100}社区",), is_group=True)
        if n % 100 == 0
        else TableRow((f"第{n}号网格", "300", f"示例{n}"))
        for n in range(400)
    )
    facts = replace(facts, staff=replace(facts.staff, rows=rows))

    pages = compose(facts, load_template("grid-card"), ChartChoice(), FixedLetters())

    for page in pages:
        assert words_outside(page) == []
        assert words_on_words(page) == []
        words = texts_of(page).splitlines()
        heads = [place for place, word in enumerate(words) if word == "网格员"]
        assert heads
        assert all("社区" in words[place + 1] for place in heads)
    told = "\n".join(texts_of(page) for page in pages)
    assert "第0社区（续）" in told
    assert [n for n in range(400) if n % 100 and f"示例{n}\n" not in f"{told}\n"] == []


class _Elsewhere:
    """A base map that has nothing of the place."""

    def raster(self, view: MapView) -> None:
        """Return no picture."""


def test_a_base_map_of_another_place_is_told() -> None:
    facts = facts_of(squares(4, 300.0), rows=4)

    pages = compose(
        facts, load_template("community-a3"), ChartChoice(), FixedLetters(), _Elsewhere()
    )

    assert "base_elsewhere" in [note.code for note in pages[0].notes]


def test_no_block_is_lost_where_those_in_one_piece_need_room_kept_for_them() -> None:
    sizes, letters = TextSizes(8, 4, 2.5, 2.3, 3.4, 1.5), FixedLetters()
    words = TextBlock("words", "", tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯"), sizes, letters)
    first = Solid("map", "", sizes, letters, lambda _: 60.0, lambda *_: None)
    second = Solid("qr", "", sizes, letters, lambda _: 45.0, lambda *_: None)
    columns = columns_of(Frame(0, 0, 205, 100), 2, 5)

    placed, left = balanced([words, first, second], columns, 5)

    assert left == []
    assert sorted({one.block.name for one in placed}) == ["map", "qr", "words"]
    lines = [one.block for one in placed if isinstance(one.block, TextBlock)]
    assert sum(len(one.rows(100)) for one in lines) == 14
