"""The tools at the left edge of the map: all of them are in sight on a small screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QApplication, QToolButton

from tests.ui.conftest import OpenWindow
from ui.main_window import MainWindow


def buttons(window: MainWindow) -> list[QToolButton]:
    found: list[QToolButton] = window.map_panel.palette_box.findChildren(QToolButton)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_tools_are_in_sight_with_letters_of_any_size(
    open_window: OpenWindow, qapp: QApplication, demo_folder: Path, lang: str
) -> None:
    window = open_window(demo_folder / "demo.gpkg", lang=lang)
    box = window.map_panel.palette_box

    for scale in (80, 130, 200):
        window.context.settings.set_value("font_scale", scale)
        settle(qapp)

        assert len(buttons(window)) == len(window.map_panel.tools)
        assert window.map_panel.rect().contains(box.geometry())
        for button in buttons(window):
            assert box.rect().contains(button.geometry())
            assert button.width() >= button.sizeHint().width()
        assert window.map_panel.width() > 450


def test_a_low_map_has_the_tools_in_two_columns_by_their_order(
    open_window: OpenWindow, qapp: QApplication, demo_folder: Path
) -> None:
    window = open_window(demo_folder / "demo.gpkg")
    window.map_panel.setFixedHeight(360)
    settle(qapp)

    columns = sorted({button.x() for button in buttons(window)})
    first = [button.text() for button in buttons(window) if button.x() == columns[0]]

    assert len(columns) == 2
    assert first[:2] == ["选择", "调整边界"]
    assert {button.toolButtonStyle() for button in buttons(window)} == {
        Qt.ToolButtonStyle.ToolButtonTextUnderIcon
    }


def settle(qapp: QApplication) -> None:
    for _ in range(5):
        qapp.processEvents()


def test_all_land_is_shown_beside_the_tools(window: MainWindow) -> None:
    window.map_panel.zoom_all()

    extent = window.context.bridge.extent()
    assert extent is not None
    x0, y0, x1, y1 = extent
    view = window.map_panel.view.view
    (left, top), (right, bottom) = view.px_of((x0, y1)), view.px_of((x1, y0))
    land = QRectF(left, top, right - left, bottom - top)
    assert QRectF(window.map_panel.rect()).contains(land)
    assert not land.intersects(QRectF(window.map_panel.palette_box.geometry()))
