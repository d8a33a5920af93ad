"""The second map: another state, base map or colouring; linked or free; remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from gridadmin.edit.release_commands import MakeRelease
from gridadmin.edit.reparent_commands import Reparent
from tests.ui.conftest import OpenWindow, rest
from tests.ui.hands import tap
from tests.ui.mapping import area_named, first_drawn, inner_place
from tests.ui.maps.choosing import choose, click, drag, hover, second_map
from ui.canvas.overlay import Handles
from ui.canvas.style import FillTheme
from ui.main_window import MainWindow
from ui.maps.look import NONE
from ui.maps.states import OPENED, RELEASE
from ui.texts import tr


def pixels(second: object) -> bytes:
    return bytes(second.map.view.picture.image.constBits())  # type: ignore[attr-defined]


def give_away(qtbot: QtBot, window: MainWindow) -> tuple[str, str, tuple[float, float]]:
    """Give a micro-grid to the grid beside its own; return both grids and a place in it."""
    bridge = window.context.bridge
    old = area_named(bridge.snapshot, "第一网格", "甲子社区")
    new = area_named(bridge.snapshot, "第二网格", "甲子社区")
    lot = first_drawn(bridge.snapshot, "micro_grid")
    assert lot.parent == old.uid
    place = inner_place(bridge.snapshot, lot)
    assert bridge.execute(Reparent(lot.uid, new.uid)) is not None
    rest(qtbot, window)
    return old.uid, new.uid, place


def test_second_map_keeps_the_borders_that_an_edit_moved(qtbot: QtBot, window: MainWindow) -> None:
    second = second_map(qtbot, window)
    old, new, place = give_away(qtbot, window)
    choose(second.bar.state, OPENED)
    qtbot.waitUntil(
        lambda: (
            second.map.pictures.snapshot is not None
            and second.map.pictures.snapshot is not window.context.bridge.snapshot
            and second.map.view.is_sharp()
        ),
        timeout=20_000,
    )
    x, y = place
    window.map_panel.show_box((x - 700, y - 500, x + 700, y + 500))
    qtbot.waitUntil(second.map.view.is_sharp, timeout=20_000)
    assert second.map.view.shown_level == "grid"

    click(second.map.view, place)
    before = window.context.selection.area
    click(window.map_panel.view, place)

    assert (before, window.context.selection.area) == (old, new)


def test_second_map_of_the_present_follows_an_edit(qtbot: QtBot, window: MainWindow) -> None:
    second = second_map(qtbot, window)
    before = pixels(second)

    give_away(qtbot, window)

    revision = window.context.bridge.snapshot.revision
    view = second.map.view
    qtbot.waitUntil(
        lambda: view.picture is not None and view.picture.revision == revision, timeout=20_000
    )
    assert pixels(second) != before


def test_linked_maps_go_together_and_free_ones_do_not(qtbot: QtBot, window: MainWindow) -> None:
    window.map_panel.view.zoom(3, (200, 300))
    before = window.map_panel.view.view
    second = second_map(qtbot, window)
    there, here = second.map.view, window.map_panel.view
    assert here.view == before
    assert there.view.centre_x == before.centre_x
    drag(there, QPoint(300, 200), QPoint(60, -40))
    assert (here.view.centre_x, here.view.centre_y) == (there.view.centre_x, there.view.centre_y)
    window.actions_table.action("view.zoom_in").trigger()
    assert there.view.metres_per_px == here.view.metres_per_px

    tap(second.link)
    stays = here.view
    drag(there, QPoint(300, 200), QPoint(60, -40))

    assert here.view == stays
    assert there.view.centre_x != here.view.centre_x


def test_second_map_has_its_own_colours_and_base_map(qtbot: QtBot, window: MainWindow) -> None:
    second = second_map(qtbot, window)
    assert second.map.attribution.text() == window.map_panel.attribution.text() != ""
    choose(second.bar.fills, FillTheme.HOUSEHOLDS)
    choose(second.bar.base_map, NONE)
    qtbot.waitUntil(second.map.view.is_sharp, timeout=20_000)

    assert second.map.legend.isVisible()
    assert not window.map_panel.legend.isVisible()
    assert not second.map.attribution.isVisible()
    assert second.map.pictures.style().fills is FillTheme.HOUSEHOLDS
    assert window.map_panel.style_now().fills is FillTheme.PLAIN


def test_second_map_comes_back_as_it_was_left(
    qtbot: QtBot, window: MainWindow, open_window: OpenWindow
) -> None:
    second = second_map(qtbot, window)
    choose(second.bar.fills, FillTheme.LOAD)
    choose(second.bar.base_map, NONE)
    tap(second.link)
    second.resize(741, 503)
    project = window.context.bridge.path
    window.close()
    assert window.maps.second is None

    later = open_window(project)

    again = later.maps.second
    assert again is not None
    assert (again.bar.look.fills, again.bar.look.base_map) == (FillTheme.LOAD, NONE)
    assert not again.is_linked
    assert (again.width(), again.height()) == (741, 503)


def test_closed_second_map_stays_closed(
    qtbot: QtBot, window: MainWindow, open_window: OpenWindow
) -> None:
    second = second_map(qtbot, window)
    second.close()
    assert window.maps.second is None
    assert not window.actions_table.action("map.second").isChecked()
    project = window.context.bridge.path
    window.close()

    assert open_window(project).maps.second is None


def test_pointer_is_shown_in_the_other_map_and_named(qtbot: QtBot, window: MainWindow) -> None:
    second = second_map(qtbot, window)
    grid = area_named(window.context.bridge.snapshot, "第一网格", "甲子社区")
    place = inner_place(window.context.bridge.snapshot, grid)
    x, y = place
    window.map_panel.show_box((x - 900, y - 600, x + 900, y + 600))
    hover(second.map.view, place)

    assert "甲子社区 › 第一网格" in second.under.text()
    (mark,) = window.map_panel.view.overlay.things("zz other pointer")
    assert isinstance(mark, Handles)
    assert abs(mark.places[0] - place).max() < second.map.view.view.metres_per_px
    second.close()
    assert window.map_panel.view.overlay.things("zz other pointer") == ()


def test_narrow_second_map_leaves_its_choices_their_words(qtbot: QtBot, window: MainWindow) -> None:
    second = second_map(qtbot, window)
    bar = second.bar
    words = [label for label in bar.findChildren(QLabel) if label.buddy() is not None]
    assert [label.text() for label in words] == ["状态", "底图", "着色"]

    second.resize(1100, 400)
    qtbot.waitUntil(lambda: all(label.isVisible() for label in words))
    # As narrow as the longer words of another language would make it.
    bar.state.setItemText(0, "W" * 60)
    bar.base_map.setItemText(0, "W" * 60)
    second.resize(640, 400)
    qtbot.waitUntil(lambda: not any(label.isVisible() for label in words))
    second.resize(1100, 400)
    qtbot.waitUntil(lambda: all(label.isVisible() for label in words))


def test_without_a_plan_there_is_no_state_before_it(window: MainWindow) -> None:
    keys = [state.key for state in window.maps.states.choices()]

    assert keys == ["now", "opened"]
    assert tr("现在") == window.maps.states.choices()[0].words


def test_release_is_seen_beside_what_became_of_it(qtbot: QtBot, window: MainWindow) -> None:
    bridge = window.context.bridge
    second = second_map(qtbot, window)
    assert bridge.execute(MakeRelease("第一次")) is not None
    rest(qtbot, window)
    date = next(iter(bridge.snapshot.rows("release").values())).date
    assert [second.bar.state.itemText(row) for row in range(second.bar.state.count())] == [
        "现在",
        f"第 1 号发布版本（{date}）",
        "本次打开项目时",
    ]
    old, new, place = give_away(qtbot, window)
    choose(second.bar.state, RELEASE + "1")
    x, y = place
    window.map_panel.show_box((x - 700, y - 500, x + 700, y + 500))
    qtbot.waitUntil(
        lambda: (
            second.map.pictures.snapshot is not None
            and second.map.pictures.snapshot is not bridge.snapshot
            and second.map.view.is_sharp()
        ),
        timeout=20_000,
    )
    click(second.map.view, place)
    before = window.context.selection.area
    click(window.map_panel.view, place)

    assert (before, window.context.selection.area) == (old, new)
    assert f"第 1 号发布版本（{date}）" in second.windowTitle()


def test_file_that_can_not_be_shown_here_is_told(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "没有坐标系.png"
    Image.new("RGB", (40, 30), "green").save(path)
    asked: list[str] = []

    def answer(_: object, __: str, ___: str, masks: str) -> tuple[str, str]:
        asked.append(masks)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    second = second_map(qtbot, window)
    before = second.map.attribution.text()
    assert before
    box = second.bar.base_map
    box.setCurrentIndex(box.findData("file"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: window.message_bar.message is not None, timeout=20_000)

    assert "没有位置信息" in window.message_bar.text.text().replace("\u200b", "")
    assert "*.tif" in asked[0]
    assert "*.kml" in asked[0]
