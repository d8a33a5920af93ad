"""The middle of the window: what isn't seen takes no room from the panels beside it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow


@pytest.mark.parametrize("name", ["boundaries", "people", "publish"])
def test_panels_beside_the_map_keep_their_width_on_a_small_screen(
    window: MainWindow, qtbot: QtBot, name: str
) -> None:
    window.resize(1180, 720)
    window.choose_workspace("charts")

    window.choose_workspace(name)

    panels = window.docks["tree"], window.docks["inspector"]
    qtbot.waitUntil(lambda: [panel.width() for panel in panels] == [268, 312])


def test_the_sheets_have_the_room_that_they_need_while_they_are_seen(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1180, 720)

    window.choose_workspace("charts")

    panel = window.charts.panel
    qtbot.waitUntil(lambda: panel.width() >= panel.minimumSizeHint().width())
    assert panel.choices.width() >= 270
