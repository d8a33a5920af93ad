"""Tables over the map: none lies on another while they are few."""

from __future__ import annotations

from itertools import combinations

import pytest
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


def test_a_table_beyond_the_four_places_stands_all_the_same(overlay: Overlay) -> None:
    overlay.put("a words", [Tag(AT, [(f"切开楼栋 {number}栋",)]) for number in range(6)])

    assert len(overlay.laid_out()) == 6
