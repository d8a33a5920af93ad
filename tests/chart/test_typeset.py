"""Words are broken where a reader would break them."""

from __future__ import annotations

import pytest

from gridadmin.chart.surface import TextStyle
from gridadmin.chart.typeset import pieces_of, wrapped, wrapped_names
from tests.helpers.charts import FixedLetters

STYLE = TextStyle(10.0)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("社区（村）党组织书记：11 / 12", "11 / 12"),
        ("宇宙聚居点5栋 15–28 层", "15–28 层"),
        ("网格面积23.76 km²", "23.76 km²"),
        ("甲子社区2,543 户", "2,543 户"),
        ("图幅 1189×841 mm", "1189×841 mm"),
        ("示例路12号", "12号"),
    ],
)
def test_a_number_stays_with_its_unit_and_a_range_with_its_ends(text: str, whole: str) -> None:
    assert whole in pieces_of(text)
    for width in range(45, 200, 5):
        lines = wrapped(text, STYLE, float(width), FixedLetters())
        is_roomy = FixedLetters().width_mm(whole, STYLE) <= width
        assert not is_roomy or any(whole in line for line in lines)


def test_what_no_line_has_room_for_is_broken_all_the_same() -> None:
    lines = wrapped("第11 / 12号", STYLE, 20.0, FixedLetters())

    assert "".join(lines).replace(" ", "") == "第11/12号"
    assert len(lines) > 2


def test_words_of_exactly_the_width_stand_on_one_line() -> None:
    width = sum([0.1] * 3) * 100

    assert wrapped("甲子社", STYLE, width - 1e-12, FixedLetters()) == ["甲子社"]


def test_no_line_begins_with_a_closing_mark_however_many_stand_in_a_row() -> None:
    text = "何沐岳（虚构）、沈新淮（虚构）、蒋宜恒（虚构））。赵青清（虚构）"

    for width in range(40, 200, 5):
        lines = wrapped(text, STYLE, float(width), FixedLetters())
        assert "".join(lines) == text
        assert [line for line in lines if line[0] in "）、。"] == []


def test_names_of_a_list_stay_whole_where_each_has_room() -> None:
    names = "何沐岳、沈新淮、赵青清"

    assert wrapped_names(names, STYLE, 65.0, FixedLetters()) == ["何沐岳、", "沈新淮、", "赵青清"]
    assert wrapped_names(names, STYLE, 85.0, FixedLetters()) == ["何沐岳、沈新淮、", "赵青清"]
    assert wrapped_names(names, STYLE, 30.0, FixedLetters()) == [
        "何沐",
        "岳、沈",
        "新淮、",
        "赵青清",
    ]
