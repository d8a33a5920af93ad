"""Tables over the map: none lies on another while they are few."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from ui.canvas.overlay import Overlay, Tag
from ui.canvas.viewport import Viewport

AT = (0.0, 0.0)


@pytest.fixture
def overlay(qapp: QApplication) -> Overlay:
    assert qapp is not None
    made = Overlay()
    made.look(Viewport(width_px=800, height_px=600))
    return made


def test_tables_at_one_place_stand_around_it_the_largest_where_it_always_stands(
    overlay: Overlay,
) -> None:
    table = Tag(AT, [("示例第一网格", "48 户"), ("示例第二网格", "57 户")])
    overlay.put("a words", [Tag(AT, [("切开楼栋 1栋",)]), Tag(AT, [("切开楼栋 2栋",)])])
    overlay.put("z table", [table])

    placed = overlay.laid_out()

    assert not any(one.intersects(other) for (_, one), (_, other) in combinations(placed, 2))
    first, box = placed[0]
    assert first is table
    assert (box.x(), box.y()) == (422.0, 318.0)


def test_many_words_at_one_place_stand_above_each_other(overlay: Overlay) -> None:
    overlay.put("a words", [Tag(AT, [(f"切开楼栋 {number}栋",)]) for number in range(12)])

    placed = overlay.laid_out()

    assert len(placed) == 12
    assert not any(one.intersects(other) for (_, one), (_, other) in combinations(placed, 2))


def test_of_very_many_those_are_left_out_that_find_no_room_until_they_are_nearer(
    overlay: Overlay,
) -> None:
    places = [(x * 30.0 - 200, y * 30.0 - 200) for x in range(14) for y in range(14)]
    overlay.put("a parts", [Tag(place, [("第 1 块", "48 户")]) for place in places])

    far = overlay.laid_out()
    assert 20 < len(far) < 196
    assert not any(one.intersects(other) for (_, one), (_, other) in combinations(far, 2))

    overlay.look(Viewport(width_px=800, height_px=600, metres_per_px=0.2))
    near = overlay.laid_out()
    inner = {place for place in places if -80 <= place[0] <= 50 and abs(place[1]) <= 60}
    assert len(inner) == 20
    assert inner <= {tag.place for tag, _ in near}


def test_a_wide_table_stands_below_the_choices_of_a_tool(overlay: Overlay) -> None:
    tools, choices = QRectF(0, 0, 300, 400), QRectF(500, 50, 290, 200)
    overlay.keep_off(tools, choices)
    overlay.put("z table", [Tag(AT, [("一张很宽的表" * 5, "48 户", "标准 300–500")])])

    ((_, box),) = overlay.laid_out()

    assert box.width() > 200
    assert not box.intersects(tools)
    assert not box.intersects(choices)
