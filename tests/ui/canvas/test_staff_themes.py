"""The colours of people on the map: fills, the line below a name, the legend."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gridadmin.edit.assign_commands import Unassign
from gridadmin.staffing.area_marks import AreaMark, StaffState
from tests.ui.conftest import rest
from tests.ui.mapping import inner_place
from ui.canvas.staff_marks import WORDS, told
from ui.canvas.style import LIGHT, FillTheme
from ui.main_window import MainWindow

STAFF = (FillTheme.VACANT, FillTheme.LOAD, FillTheme.CADRES)


@pytest.mark.parametrize("theme", STAFF)
def test_each_theme_has_its_legend_in_words(window: MainWindow, theme: FillTheme) -> None:
    window.actions_table.action(f"view.{theme}").trigger()

    legend = window.map_panel.legend
    assert legend.isVisible()
    assert legend.words == list(WORDS[theme].values())


def test_the_legend_changes_from_theme_to_theme_as_a_whole(window: MainWindow) -> None:
    for theme in STAFF:
        window.actions_table.action(f"view.{theme}").trigger()
    legend = window.map_panel.legend

    assert legend.height() > len(WORDS[FillTheme.CADRES]) * 15
    window.actions_table.action("view.plain").trigger()
    assert not legend.isVisible()


def test_states_can_be_told_without_colour() -> None:
    patterns = [LIGHT.staff[state].pattern for state in StaffState]

    shapes = [None if one is None else one.kind for one in patterns]
    # Full and unknown have none: their words and figures tell them apart.
    assert len({*shapes}) == len(shapes) - 1


def colour_at(window: MainWindow, qtbot: QtBot, uid: str) -> QColor:
    """Return the most common colour around a place inside an area."""
    rest(qtbot, window)
    view = window.map_panel.view
    snapshot = window.context.bridge.snapshot
    x, y = view.view.px_of(inner_place(snapshot, snapshot.area(uid)))
    image = view.grab().toImage()
    found: dict[int, int] = {}
    for dx in range(-12, 13):
        for dy in range(-12, 13):
            pixel = image.pixel(round(x) + dx, round(y) + dy)
            found[pixel] = found.get(pixel, 0) + 1
    return QColor(max(found, key=lambda pixel: found[pixel]))


def test_a_grid_turns_red_when_its_seats_are_vacated_and_back_by_undo(
    window: MainWindow, qtbot: QtBot
) -> None:
    bridge = window.context.bridge
    snapshot = bridge.snapshot
    grid = next(
        area
        for area in sorted(snapshot.areas(), key=lambda one: one.code or "")
        if area.level == "micro_grid"
        and any(one.anchor == area.uid for one in snapshot.linked("assignment", area.uid))
    )
    (one, *_) = snapshot.linked("assignment", grid.uid)
    box = bridge.box_of_area(grid.uid)
    assert box is not None
    window.map_panel.view.show_box(box)
    window.context.settings.set_value("show_basemap", False)
    window.actions_table.action("view.labels").trigger()
    window.actions_table.action("view.vacant").trigger()

    def is_green() -> bool:
        colour = colour_at(window, qtbot, grid.uid)
        return colour.green() > colour.red() + 10

    # People are read beside the window: the map is plain until then.
    qtbot.waitUntil(is_green, timeout=10_000)
    before = colour_at(window, qtbot, grid.uid)

    bridge.execute(Unassign(one.uid, "2026-01-01"))
    qtbot.waitUntil(
        lambda: colour_at(window, qtbot, grid.uid).red() > before.red() + 20, timeout=10_000
    )
    bridge.undo()
    qtbot.waitUntil(lambda: colour_at(window, qtbot, grid.uid) == before, timeout=10_000)


@pytest.mark.parametrize(
    ("theme", "mark", "words"),
    [
        (FillTheme.VACANT, AreaMark(StaffState.FEW, 3), "空缺 3"),
        (FillTheme.VACANT, AreaMark(StaffState.FULL, 0), "满员"),
        (FillTheme.LOAD, AreaMark(StaffState.FULL, 438), "438 户/人"),
        (FillTheme.LOAD, AreaMark(StaffState.BARE), "网格员空缺"),
        (FillTheme.CADRES, AreaMark(StaffState.FULL, 2), "2 名干部"),
        (FillTheme.CADRES, AreaMark(StaffState.BARE, 0), "没有干部"),
        (FillTheme.CADRES, AreaMark(StaffState.BARE, None, 2), "2 个未覆盖"),
        (FillTheme.VACANT, None, ""),
    ],
)
def test_the_line_below_a_name_says_what_the_colour_means(
    theme: FillTheme, mark: AreaMark | None, words: str
) -> None:
    assert told(theme, mark) == words
