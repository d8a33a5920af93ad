"""The workspace of charts: the sheet itself, moved and chosen by hand, kept, made into files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gridadmin.chart.drawing import DrawRaster
from gridadmin.chart.sheet import Frame
from gridadmin.edit.area_commands import Delete, SetField
from gridadmin.edit.chart_commands import kept_approval
from tests.ui.charts.gestures import SHIFT, choose, commit, drag, settle, words_of
from tests.ui.conftest import OpenWindow
from tests.ui.finding import part
from tests.ui.mapping import area_named, first_drawn
from ui.charts.panel import ChartPanel
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.tiles.basemaps import BaseMaps


def test_the_sheet_stands_where_the_map_was_and_the_map_comes_back(
    window: MainWindow, charts: ChartPanel
) -> None:
    page = window.charts.sheets.page

    assert page is not None
    assert (page.sheet.width_mm, page.sheet.height_mm) == (1189, 841)
    assert "虚构市样例区网格与微网格分布图" in words_of(window.charts.sheets)
    assert charts.isVisible()
    assert not window.map_panel.isVisible()
    image = charts.view.grab().toImage()
    paper = charts.view.place.to_px(0, 0).toPoint() + QPoint(3, 3)
    assert image.pixelColor(paper).name() == "#ffffff"

    window.choose_workspace("boundaries")

    assert window.map_panel.isVisible()
    assert not charts.isVisible()


def test_the_status_line_tells_the_scale_of_the_map_only_while_the_map_is_seen(
    window: MainWindow, charts: ChartPanel
) -> None:
    line = window.status_line
    assert not line.scale.isVisible()
    assert not line.position.isVisible()
    assert line.plane.isVisible()
    assert "1:10,000" in charts.facts.whole_text()

    window.choose_workspace("boundaries")

    assert line.scale.isVisible()
    assert line.position.isVisible()


def test_buttons_above_the_sheet_show_icons_where_their_words_have_no_room(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    buttons = [part(charts, QToolButton, f"button_chart.{key}") for key in ("print", "save")]
    beside, alone = (
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon,
        Qt.ToolButtonStyle.ToolButtonIconOnly,
    )
    window.resize(1800, 800)
    qtbot.waitUntil(lambda: {one.toolButtonStyle() for one in buttons} == {beside})
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in buttons))

    window.docks["tree"].show()
    window.resize(1180, 760)
    qtbot.waitUntil(lambda: {one.toolButtonStyle() for one in buttons} == {alone})
    assert all(one.width() >= one.iconSize().width() + 8 for one in buttons)
    assert all(one.accessibleName() and one.toolTip() for one in buttons)


def test_a_worker_for_charts_is_there_from_the_first_sheet_on(
    window: MainWindow, qtbot: QtBot
) -> None:
    sheets = window.charts.sheets
    assert sheets.findChildren(Jobs) == []

    QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)

    assert len(sheets.findChildren(Jobs)) == 1


def test_a_series_lists_its_sheets_by_code_and_shows_the_one_chosen(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    choose(charts, "chart_template", "社区图 A3")
    settle(window, qtbot)
    pages = part(charts, QListWidget, "chart_pages")
    rows = [pages.item(row).text().split("\n") for row in range(pages.count())]

    assert rows[0] == ["图幅索引"]
    codes = [row[1] for row in rows[1:]]
    assert len(codes) == 12
    assert codes == sorted(codes)

    pages.setFocus()
    QTest.keyClick(pages, Qt.Key.Key_Down)
    QTest.keyClick(pages, Qt.Key.Key_Down)
    settle(window, qtbot)

    assert "虚构市样例区子虚街道乙丑社区网格与微网格分布图" in words_of(window.charts.sheets)
    assert pages.currentItem().text() == "乙丑社区\n990001001002"


def test_a_name_that_is_dragged_stays_there_and_goes_back_by_delete(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    sheets, view = window.charts.sheets, charts.view
    uid = area_named(window.context.bridge.snapshot, "乙丑社区", "子虚街道").uid
    assert sheets.page is not None
    before = sheets.page.labels[uid]

    drag(charts, view.place.rect(before).center(), QPoint(40, 30))
    settle(window, qtbot)

    moved = sheets.page.labels[uid]
    far = 40 / view.place.px_per_mm, 30 / view.place.px_per_mm
    assert (moved.x - before.x, moved.y - before.y) == pytest.approx(far, abs=1.0)
    assert view.chosen == uid

    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    settle(window, qtbot)
    assert sheets.page.labels[uid].x - moved.x == pytest.approx(5.0, abs=0.1)

    QTest.keyClick(view, Qt.Key.Key_Delete)
    settle(window, qtbot)
    assert sheets.page.labels[uid] == before


def test_a_name_moved_on_one_sheet_of_a_series_stands_where_it_was_on_the_others(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    choose(charts, "chart_template", "社区图 A3")
    choose(charts, "chart_area", "子虚街道")
    settle(window, qtbot)
    sheets, view = window.charts.sheets, charts.view
    sheets.look_at(1)
    settle(window, qtbot)
    assert sheets.page is not None
    lake = next(uid for uid in sheets.page.labels if name_of(window, uid) == "镜花湖公园专属网格")
    before = sheets.page.labels[lake]
    sheets.look_at(2)
    settle(window, qtbot)
    other = dict(sheets.page.labels)

    sheets.look_at(1)
    settle(window, qtbot)
    view.chosen = lake
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    settle(window, qtbot)

    now = sheets.page.labels[lake].middle
    assert now == pytest.approx((before.middle[0] + 5.0, before.middle[1]), abs=0.01)
    kept = sheets.wish.choice
    assert list(kept.moves_of) == ["990001001001"]
    assert part(charts, QPushButton, "chart_reset").isEnabled()
    sheets.look_at(2)
    settle(window, qtbot)
    assert sheets.page.labels == other
    assert not part(charts, QPushButton, "chart_reset").isEnabled()


def name_of(window: MainWindow, uid: str) -> str:
    """Return the name of an area."""
    return window.context.bridge.snapshot.area(uid).name


def test_the_frame_of_the_map_is_resized_at_its_corner_and_put_back(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    sheets, view = window.charts.sheets, charts.view
    assert sheets.page is not None
    assert sheets.page.view is not None
    before: Frame = sheets.page.view.frame

    drag(charts, view.place.to_px(before.x, before.y), QPoint(60, 50))
    settle(window, qtbot)

    after = sheets.page.view.frame
    far = 60 / view.place.px_per_mm, 50 / view.place.px_per_mm
    assert (after.x - before.x, after.y - before.y) == pytest.approx(far, abs=1.0)
    assert (after.right, after.bottom) == pytest.approx((before.right, before.bottom), abs=0.01)

    part(charts, QPushButton, "chart_reset").click()
    settle(window, qtbot)
    assert sheets.page.view.frame == before


def test_shift_drags_the_land_inside_the_frame(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    sheets, view = window.charts.sheets, charts.view
    assert sheets.page is not None
    assert sheets.page.view is not None
    before = sheets.page.view
    corner = view.place.to_px(before.frame.x, before.frame.y)

    drag(charts, corner + QPointF(30, 30), QPoint(50, 0), SHIFT)
    settle(window, qtbot)

    after = sheets.page.view
    metres = 50 / view.place.px_per_mm * before.scale / 1000
    assert after.centre_m[0] - before.centre_m[0] == pytest.approx(-metres, rel=0.02)
    assert after.centre_m[1] == pytest.approx(before.centre_m[1])


def test_words_typed_stand_on_the_sheet_and_are_there_the_next_time(
    window: MainWindow,
    charts: ChartPanel,
    qtbot: QtBot,
    open_window: OpenWindow,
    demo_folder: Path,
) -> None:
    title = part(charts, QLineEdit, "chart_title")
    title.setFocus()
    commit(title, "甲乙丙网格图")
    QTest.keyClick(title, Qt.Key.Key_Return)
    part(charts, QCheckBox, "chart_layer_roads").click()
    choose(charts, "chart_scale", "1:25,000")
    settle(window, qtbot)

    assert "甲乙丙网格图" in words_of(window.charts.sheets)
    assert window.charts.sheets.page is not None
    assert window.charts.sheets.page.view is not None
    assert window.charts.sheets.page.view.scale == 25_000

    window.close()
    qtbot.waitUntil(window.isHidden)
    again = open_window(demo_folder / "demo.gpkg")
    again.choose_workspace("charts")
    settle(again, qtbot)
    assert "甲乙丙网格图" in words_of(again.charts.sheets)
    assert not part(again.charts.panel, QCheckBox, "chart_layer_roads").isChecked()


def test_a_size_that_makes_no_sense_is_told_and_the_sheet_stays(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    paper = part(charts, QLineEdit, "chart_size")
    paper.setFocus()
    QTest.keyClicks(paper, "12 by 9")
    QTest.keyClick(paper, Qt.Key.Key_Return)

    notes = part(charts, QLabel, "chart_notes")
    assert "1200×900" in notes.text()

    paper.clear()
    QTest.keyClicks(paper, "1500x600")
    QTest.keyClick(paper, Qt.Key.Key_Return)
    settle(window, qtbot)
    page = window.charts.sheets.page
    assert page is not None
    assert (page.sheet.width_mm, page.sheet.height_mm) == (1500, 600)
    assert "1200×900" not in notes.text()


def test_an_approval_number_is_kept_and_a_later_edit_is_told(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot
) -> None:
    bridge = window.context.bridge
    number = part(charts, QLineEdit, "chart_approval")
    number.setFocus()
    commit(number, "京S（2026）001号")
    part(charts, QPushButton, "chart_keep_approval").click()

    kept = kept_approval(bridge.snapshot)
    assert kept is not None
    assert (kept.number, kept.is_current) == ("京S（2026）001号", True)

    assert bridge.execute(Delete(first_drawn(bridge.snapshot, "micro_grid").uid)) is not None

    kept = kept_approval(bridge.snapshot)
    assert kept is not None
    assert not kept.is_current
    settle(window, qtbot)
    number.clear()
    QTest.keyClick(number, Qt.Key.Key_Return)
    notes = part(charts, QLabel, "chart_notes")
    qtbot.waitUntil(lambda: "京S（2026）001号" in notes.text(), timeout=60_000)
    settle(window, qtbot)


def test_the_sheets_are_made_into_one_pdf_with_progress(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(charts, "chart_template", "社区图 A3")
    choose(charts, "chart_area", "子虚街道")
    settle(window, qtbot)
    out = tmp_path / "社区 图.pdf"

    window.charts.write(out)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=90_000)

    reader = PdfReader(out)
    assert len(reader.pages) == len(window.charts.sheets.orders) == 3
    text = "".join(reader.pages[1].extract_text().split())
    assert "甲子社区" in text
    width = float(reader.pages[1].mediabox.width) * 25.4 / 72
    assert width == pytest.approx(420, abs=0.1)


def test_a_template_of_the_user_that_is_wrong_is_named_with_its_fault(
    window: MainWindow, qtbot: QtBot
) -> None:
    folder = window.context.settings.folder / "charts"
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text('extends = "wall-a0"\nnonsense = 1\n', encoding="utf-8")
    window.choose_workspace("charts")
    settle(window, qtbot)

    choose(window.charts.panel, "chart_template", "own（不能用）")
    settle(window, qtbot)

    assert window.charts.sheets.page is None
    assert "nonsense" in window.charts.sheets.fault


def test_keys_zoom_and_turn_pages(window: MainWindow, charts: ChartPanel, qtbot: QtBot) -> None:
    view, sheets = charts.view, window.charts.sheets
    whole = view.place.px_per_mm

    QTest.keyClick(view, Qt.Key.Key_1)
    assert view.place.px_per_mm == pytest.approx(view.true_px_per_mm)
    settle(window, qtbot)
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.place.px_per_mm == pytest.approx(whole)

    choose(charts, "chart_template", "社区图 A3")
    settle(window, qtbot)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    settle(window, qtbot)
    assert sheets.number == 1


@pytest.mark.usefixtures("charts")
def test_an_edit_made_meanwhile_is_on_the_sheet(window: MainWindow, qtbot: QtBot) -> None:
    uid = area_named(window.context.bridge.snapshot, "乙丑社区", "子虚街道").uid
    window.context.bridge.execute(SetField(uid, "name", "新名社区"))
    settle(window, qtbot)

    assert any("新名社区" in words for words in words_of(window.charts.sheets))


def test_a_base_map_is_on_the_sheet_once_a_file_is_chosen_on_the_map(
    window: MainWindow, charts: ChartPanel, qtbot: QtBot, demo_folder: Path
) -> None:
    maps = BaseMaps.of(window.context)
    maps.choose_base("")
    notes = part(charts, QLabel, "chart_notes")
    part(charts, QCheckBox, "chart_base").click()
    settle(window, qtbot)
    assert "地图上没有选底图" in notes.text()

    maps.choose_base(str(demo_folder / "basemap.mbtiles"))
    sheets = window.charts.sheets
    qtbot.waitUntil(lambda: "地图上没有选底图" not in notes.text(), timeout=60_000)
    qtbot.waitUntil(
        lambda: (
            sheets.page is not None
            and any(isinstance(call, DrawRaster) for call in sheets.page.drawing.calls)
        ),
        timeout=60_000,
    )

    assert " dpi" in " ".join(words_of(sheets))
    # The sheet tells whose map it is in the words of the map on screen.
    assert window.map_panel.attribution.text() == "虚构样例，非真实地图"
    assert "虚构样例，非真实地图" in " ".join(words_of(sheets))
    settle(window, qtbot)
