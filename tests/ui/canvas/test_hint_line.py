"""The hint line: every key that helps is told, also in the longer words of English."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.conftest import OpenWindow
from ui.tools.tool import Hint


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_keys_of_every_tool_are_told_on_a_small_screen(
    open_window: OpenWindow, demo_folder: Path, lang: str
) -> None:
    window = open_window(demo_folder / "demo.gpkg", lang=lang)
    panel = window.map_panel
    area = window.context.bridge.snapshot.root
    window.context.selection.select_areas([area.uid])

    for key, tool in panel.tools.items():
        panel.choose_tool(key)
        line = panel.hint_line

        told = line.text().replace("&nbsp;", " ").replace("\u2060", "")
        assert all(f" {name} " in told for name, _ in tool.hint().keys), key
        assert not line.geometry().intersects(panel.palette_box.geometry())


def test_what_floats_below_never_lies_under_a_hint_and_does_not_jump_back(
    open_window: OpenWindow, demo_folder: Path
) -> None:
    panel = open_window(demo_folder / "demo.gpkg").map_panel
    panel.choose_tool("tool.draw")
    strip = panel.tool.strip()
    assert strip is not None

    panel.tool.hinted.emit(Hint("单击加点", tuple((f"键{n}", "做一件很长的事") for n in range(9))))
    under_a_long_one = strip.geometry()
    long_end = panel.hint_line.geometry().bottom()
    panel.tool.hinted.emit(Hint("单击加点"))

    assert long_end < under_a_long_one.top()
    assert panel.hint_line.geometry().bottom() < long_end
    assert strip.geometry() == under_a_long_one


def test_the_words_of_a_key_stay_together(open_window: OpenWindow, demo_folder: Path) -> None:
    line = open_window(demo_folder / "demo.gpkg", lang="en").map_panel.hint_line

    line.tell(Hint("Click", [("Shift drag", "move a whole stretch")]))

    shown = line.text().replace("\u2060", "")
    assert "&nbsp;Shift&nbsp;drag&nbsp;" in shown
    assert "move&nbsp;a&nbsp;whole&nbsp;stretch" in shown
