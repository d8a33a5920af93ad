"""Buildings that a border would cut are marked on the map while the border is dragged."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gridadmin.partition.ground import Ground
from tests.ui.conftest import rest
from tests.ui.mapping import drag, press_key
from ui.canvas.overlay import Outline, Role, Tag
from ui.main_window import MainWindow

CORNER = (494.433, -1013.621)
"""A point between the micro-grids 06-03 and 06-05 of the demo city…"""
BUILDINGS = (533.235, -1091.538)
"""…and a place among the buildings of 06-05, which the border would run through."""


def shown(window: MainWindow) -> list[object]:
    overlay = window.map_panel.view.overlay
    return [thing for name in overlay.names() for thing in overlay.things(name)]


def test_cut_buildings_are_outlined_and_named_while_a_border_is_dragged(
    window: MainWindow, qtbot: QtBot
) -> None:
    x, y = CORNER
    window.map_panel.show_box((x - 150, y - 150, x + 150, y + 100))
    press_key(window, Qt.Key.Key_A)
    rest(qtbot, window)
    Ground.of(window.context.bridge.snapshot)

    drag(window, CORNER, BUILDINGS, let_go=False)

    things = shown(window)
    cut = [t for t in things if isinstance(t, Outline) and t.role is Role.ISSUE and t.is_filled]
    said = [row[0] for t in things if isinstance(t, Tag) for row in t.rows]
    assert len(cut) == 3
    assert {word for word in said if word.startswith("切开楼栋")} == {
        "切开楼栋 致雨聚居点35栋",
        "切开楼栋 致雨聚居点40栋",
        "切开楼栋 致雨聚居点46栋",
    }
    assert "切开 3 栋楼" in said

    press_key(window, Qt.Key.Key_Escape)
    left = [t for t in shown(window) if isinstance(t, Outline) and t.role is Role.ISSUE]
    assert left == []
    assert window.context.bridge.snapshot.revision == 0
