"""The inspector: what it says of each selection, and what its fields and buttons do."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import HouseholdsState
from gridadmin.edit.area_commands import Delete, SetField
from gridadmin.edit.land_commands import MakeExempt
from gridadmin.partition.figures import households_of
from tests.ui.panels.conftest import (
    OpenContext,
    area,
    click,
    idle,
    press,
    said,
    shown,
    type_into,
)
from ui.actions import Actions
from ui.context import Context
from ui.dialogs.accept_dialog import AcceptDialog
from ui.messages import Message
from ui.panels import words as panel_words
from ui.panels.inspector import Inspector
from ui.panels.parts import BandBar, Facts
from ui.panels.settle import SettleSection
from ui.panels.way_button import WayButton


def inspect(qtbot: QtBot, context: Context) -> Inspector:
    panel = shown(qtbot, Inspector(context))
    idle(qtbot, context)
    return panel


def words(inspector: Inspector) -> list[str]:
    """Return the words of the page as it is after everything that waits."""
    inspector.refresh()
    for section in inspector.page.findChildren(SettleSection):
        section.finish()
    QApplication.processEvents()
    return said(inspector.page).splitlines()


def field(inspector: Inspector, name: str) -> QLineEdit:
    found = inspector.page.findChild(QLineEdit, name)
    assert found is not None, name
    return found


def button(inspector: Inspector, name: str) -> QPushButton:
    found = inspector.page.findChild(QPushButton, name)
    assert found is not None, name
    return found


def issue(context: Context, kind: str, *names: str) -> Issue:
    """Return the one issue of a kind that concerns the areas of these names."""
    snapshot = context.bridge.snapshot
    (found,) = [
        one
        for one in context.bridge.issues()
        if one.kind == kind and {*names} <= {snapshot.area(uid).name for uid in one.areas}
    ]
    return found


def row(told: list[str], word: str) -> str:
    """Return what stands behind a word of the facts."""
    return told[told.index(word) + 1]


# One area


def test_an_area_tells_its_facts(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([area(demo, "庚午社区", "第五网格").uid])

    told = words(inspector)

    assert field(inspector, "name").text() == "第五网格"
    assert row(told, "级别") == "网格"
    assert row(told, "编码") == "990001003002 005"
    assert row(told, "所属") == "庚午社区"
    assert row(told, "面积") == "8.71 公顷（87,075 m²）"
    assert row(told, "楼栋") == "33 栋"
    assert row(told, "下级") == "8 微网格"


def test_households_stand_against_their_band(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([area(demo, "庚午社区", "第五网格").uid])

    told = words(inspector)

    assert "户数 375 户" in told
    assert "标准 300–500" in told
    assert "在 300–500 户之内。" in told
    (bar,) = inspector.page.findChildren(BandBar)
    assert bar.accessibleName() == "375 户，标准 300–500"
    assert inspector.page.findChild(QLineEdit, "households") is None


def test_households_off_their_band_are_told_by_how_much(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    grid = area(dirty, "庚午社区", "第三网格")
    dirty.selection.select_areas([grid.uid])

    dirty.bridge.execute(SetField(grid.uid, "households", 288))
    assert "比 300 户的下限少 12 户。" in words(inspector)
    dirty.bridge.execute(SetField(grid.uid, "households", 508))
    assert "超出 500 户的上限 8 户。" in words(inspector)


def test_a_name_is_changed_in_place_and_keeps_the_keyboard(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    inspector.activateWindow()
    uid = area(demo, "子虚街道").uid
    demo.selection.select_areas([uid])
    words(inspector)

    type_into(field(inspector, "name"), "Xin An")
    press(field(inspector, "name"), Qt.Key.Key_Return)

    assert demo.bridge.snapshot.area(uid).name == "Xin An"
    words(inspector)
    assert field(inspector, "name").hasFocus()
    demo.bridge.undo()
    words(inspector)
    assert field(inspector, "name").text() == "子虚街道"


def test_escape_takes_a_half_typed_name_back(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    uid = area(demo, "子虚街道").uid
    demo.selection.select_areas([uid])
    words(inspector)

    type_into(field(inspector, "name"), "Xin")
    press(field(inspector, "name"), Qt.Key.Key_Escape)

    assert field(inspector, "name").text() == "子虚街道"
    assert demo.bridge.snapshot.area(uid).name == "子虚街道"


def test_an_empty_name_is_refused_and_the_old_one_stands_again(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([area(demo, "子虚街道").uid])
    words(inspector)
    idle(qtbot, demo)
    name = field(inspector, "name")
    name.setFocus()
    press(name, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(name, Qt.Key.Key_Delete)

    with qtbot.waitSignal(demo.messages.told):
        press(name, Qt.Key.Key_Return)

    assert name.text() == "子虚街道"


def test_the_parent_is_a_link(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas([area(demo, "庚午社区", "第五网格").uid])
    words(inspector)
    link = next(b for b in inspector.page.findChildren(QPushButton) if b.text() == "庚午社区")

    with qtbot.waitSignal(demo.navigator.box_wanted):
        click(link)

    assert demo.selection.area == area(demo, "庚午社区").uid


def test_households_can_be_typed_where_there_are_no_buildings(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    grid = area(dirty, "庚午社区", "第三网格")
    dirty.selection.select_areas([grid.uid])
    assert "户数未知" in words(inspector)

    type_into(field(inspector, "households"), "320")
    press(field(inspector, "households"), Qt.Key.Key_Return)

    assert dirty.bridge.snapshot.area(grid.uid).households_typed == 320
    assert "户数 320 户" in words(inspector)


def test_a_stale_figure_is_confirmed_with_one_click(qtbot: QtBot, dirty: Context) -> None:
    from tests.ui.panels.test_area_tree import _move_border_of

    inspector = inspect(qtbot, dirty)
    grid = area(dirty, "庚午社区", "第三网格")
    dirty.bridge.execute(SetField(grid.uid, "households", 320))
    _move_border_of(dirty, grid.uid)
    dirty.selection.select_areas([grid.uid])
    told = words(inspector)
    assert "户数 320 户*" in told
    assert "这个数字是边界调整前填写的，请确认或改正。" in told

    click(button(inspector, "save-households"))

    snapshot = dirty.bridge.snapshot
    assert households_of(snapshot, snapshot.area(grid.uid)) == (320, HouseholdsState.TYPED)
    assert "户数 320 户" in words(inspector)


def test_the_issues_of_an_area_can_be_shown_and_taken_up(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    overlap = issue(dirty, "overlap", "镜花湖公园专属网格")
    (grid,) = {*overlap.areas} - {area(dirty, "镜花湖公园专属网格").uid}
    dirty.selection.select_areas([grid])
    told = words(inspector)
    assert "重叠  第三网格与镜花湖公园专属网格" in told
    assert "298 m² · 最宽 9.0 米" in told

    with qtbot.waitSignal(dirty.navigator.box_wanted):
        click(button(inspector, f"see-{overlap.id}"))
    assert dirty.selection.area == grid

    click(button(inspector, f"settle-{overlap.id}"))
    assert dirty.selection.now.issue == overlap.id


def test_the_last_gestures_of_an_area_are_told(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    uid = area(demo, "子虚街道").uid
    demo.bridge.execute(SetField(uid, "name", "新安街道"))
    demo.bridge.execute(SetField(area(demo, "无是街道").uid, "name", "别的街道"))
    demo.bridge.undo()
    demo.selection.select_areas([uid])
    words(inspector)
    idle(qtbot, demo)

    told = words(inspector)

    assert told.count("改名：子虚街道 → 新安街道") == 1
    demo.bridge.undo()
    assert words(inspector).count("撤销") == 1


def test_a_retired_area_says_who_took_over(qtbot: QtBot, demo: Context) -> None:
    from gridadmin.edit.area_commands import Delete

    inspector = inspect(qtbot, demo)
    micro = area(demo, "庚午社区", "第五网格", "05-03微网格")
    demo.selection.select_areas([micro.uid])

    demo.bridge.execute(Delete(micro.uid))

    told = words(inspector)
    assert told[:2] == ["05-03微网格", "已撤销"]
    assert told[told.index("现在由这些区域承接：") + 1] == "第五网格"


# Several areas, borders, the project


def test_several_areas_are_added_up(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    demo.selection.select_areas(
        [area(demo, "庚午社区", name).uid for name in ("第一网格", "第五网格")]
    )

    told = words(inspector)

    assert told[0] == "已选 2 个区域"
    assert row(told, "级别") == "网格"
    assert row(told, "所属") == "庚午社区"
    assert row(told, "户数") == "797 户"


def test_an_area_and_one_within_it_count_once(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    grid = area(demo, "庚午社区", "第五网格")
    micro = area(demo, "庚午社区", "第五网格", "05-03微网格")
    demo.selection.select_areas([grid.uid, micro.uid])

    told = words(inspector)

    assert row(told, "户数") == "375 户"
    assert "其中 1 个在所选的上级之内，不重复计算。" in told


def test_many_areas_are_added_up_beside_the_window(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    grids = [one.uid for one in demo.bridge.snapshot.areas() if one.level == "grid"]
    demo.selection.select_areas(grids)
    words(inspector)
    idle(qtbot, demo)
    QApplication.processEvents()

    told = said(inspector.page).splitlines()

    assert told[0] == "已选 93 个区域"
    assert row(told, "户数") == "34,451 户"


def test_a_border_names_both_owners_and_what_it_separates(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    snapshot = demo.bridge.snapshot
    left, right = area(demo, "庚午社区"), area(demo, "己巳社区")
    shared = {b.id: b for b in snapshot.partition.outline(oid_of(left.uid))}
    border = next(b for b in snapshot.partition.outline(oid_of(right.uid)) if b.id in shared)
    demo.selection.select_border(border.id)

    told = words(inspector)

    assert told[0] == "社区边界"
    assert row(told, "级别") == "最高是社区之间的界线"
    assert row(told, "长度").endswith("米")
    owners = {snapshot.owning_area(oid).name for oid in (border.left, border.right)}  # type: ignore[union-attr]
    assert {row(told, "左侧"), row(told, "右侧")} == owners
    assert {"庚午社区", "己巳社区"} <= set(told)


def test_the_outer_border_says_that_the_frame_locks_it(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)
    border = demo.bridge.snapshot.partition.beside(OUTSIDE)[0]
    demo.selection.select_border(border.id)

    told = words(inspector)

    assert told[0] == "项目外缘"
    assert "外框，已锁定：移动它要先更换外框。" in told


def test_the_project_is_told_while_nothing_is_selected(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo)

    told = words(inspector)

    assert told[0] == "虚构市样例区"
    assert row(told, "方案") == "通用方案"
    assert row(told, "户数") == "34,451 户"
    assert row(told, "微网格") == "694 个"
    assert "已确定。外框内没有划给任何区域的土地都会列为缝隙。" in told


def test_the_outer_border_becomes_the_frame(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    assert "没有外框，只能查出四周被围住的缝隙。" in words(inspector)

    click(button(inspector, "frame"))

    assert dirty.bridge.snapshot.has_frame
    assert "没有外框，只能查出四周被围住的缝隙。" not in words(inspector)


def test_without_a_project_the_page_says_so(qtbot: QtBot, open_context: OpenContext) -> None:
    inspector = inspect(qtbot, open_context())

    assert words(inspector) == ["没有打开的项目"]


# Faces and issues


def test_a_gap_tells_its_size_and_who_may_have_it(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    gap = issue(dirty, "gap")
    assert gap.point is not None
    dirty.selection.select_face(dirty.bridge.to_local(gap.point))

    told = words(inspector)

    assert told[0] == "缝隙"
    assert row(told, "面积") == "28.59 公顷（285,902 m²）"
    assert row(told, "最大宽度") == "498 米"
    first = told.index("处理办法") + 1
    assert [one for one in told[first:] if one][:3] == [
        "处理前",
        "处理后",
        "划给镜花湖公园专属网格  ·  推荐",
    ]
    why = row(told, "划给镜花湖公园专属网格  ·  推荐")
    assert why == "甲子社区 · 与它共用的边界最长（1034.5 米）。"
    assert "按中线分界" in told
    assert "单独设为新区域" in told
    assert "另有 6 个相邻区域…" in told


def test_the_rest_of_the_neighbours_is_one_click_away(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    dirty.selection.select_issue(issue(dirty, "gap").id)
    words(inspector)

    click(button(inspector, "more-takers"))

    gives = [one for one in said(inspector.page).splitlines() if one.startswith("划给")]
    assert len(gives) == 7
    assert gives[-1] == "划给甲子学校专属网格"


def test_claimants_of_a_dispute_come_first(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    dirty.selection.select_issue(issue(dirty, "overlap", "庚午社区").id)

    told = words(inspector)

    assert told[0].startswith("争议地块（重叠）：")
    gives = [one for one in told if one.startswith("划给")]
    # The community of grid 1 claims the land through it, the other one through its grid nearby.
    assert gives == ["划给第一网格", "划给第七网格"]
    assert all("它主张这块地" in row(told, give) for give in gives)
    assert "按中线分界" in told


def test_a_dispute_is_settled_with_one_click_and_taken_back(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    overlap = issue(dirty, "overlap", "镜花湖公园专属网格")
    (grid_uid,) = {*overlap.areas} - {area(dirty, "镜花湖公园专属网格").uid}
    grid = dirty.bridge.snapshot.area(grid_uid)
    before = dirty.bridge.snapshot.land_twice_mm2(grid.uid)
    dirty.selection.select_issue(overlap.id)
    words(inspector)

    with qtbot.waitSignal(dirty.messages.told) as told:
        click(button(inspector, f"give-{grid.uid}"))

    assert told.args[0].text == "已处理：划给第三网格。"
    gained = dirty.bridge.snapshot.land_twice_mm2(grid.uid) - before
    assert gained / 2_000_000 == pytest.approx(297.584989)
    assert dirty.bridge.issue(overlap.id) is None
    title, kind_and_day = words(inspector)
    assert title == "这个问题已经解决"
    assert kind_and_day.startswith("重叠 · ")
    word, undo = told.args[0].action
    assert word == "撤销"
    undo()
    assert dirty.bridge.snapshot.land_twice_mm2(grid.uid) == before
    assert words(inspector)[0].startswith("争议地块（重叠）：")


def test_what_giving_would_mean_stands_under_each_button(
    qtbot: QtBot, open_context: OpenContext, dirty_file: Path, demo_files: Path, tmp_path: Path
) -> None:
    from gridadmin.app.importing import Request, import_file

    path = tmp_path / "mit.gpkg"
    path.write_bytes(dirty_file.read_bytes())
    import_file(path, Request(demo_files / "buildings.geojson", "buildings"))
    context = open_context(path)
    inspector = inspect(qtbot, context)
    grid = area(context, "己巳社区", "第七网格")
    context.selection.select_issue(issue(context, "overhang").id)
    inspector.refresh()

    count, _ = households_of(context.bridge.snapshot, grid)
    told = words(inspector)
    figures = told[told.index("划给第七网格") + 2]
    assert figures == f"第七网格 +470 m² · 仍为 {count} 户，在 300–500 之内"


def test_a_gap_becomes_exempt_land_with_reason_and_approver(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    gap = issue(dirty, "gap")
    assert gap.point is not None
    dirty.selection.select_face(dirty.bridge.to_local(gap.point))
    words(inspector)
    click(button(inspector, "exempt"))
    keep = button(inspector, "exempt-keep")
    assert field(inspector, "exempt-name").isVisible()
    assert not keep.isEnabled()
    assert keep.toolTip() == "请填写事由和批准人。"

    for name, text in (("name", "lake"), ("reason", "water"), ("approver", "somebody (made up)")):
        type_into(field(inspector, f"exempt-{name}"), text)
    click(keep)

    (exempt,) = dirty.bridge.snapshot.rows("exempt").values()
    assert dataclasses.astuple(exempt)[1:5] == ("water", "somebody (made up)", None, "lake")
    told = words(inspector)
    assert told[0] == "例外地块"
    assert row(told, "批准人") == "somebody (made up)"
    assert row(told, "截止日期") == "长期"


def test_a_bad_date_is_refused_and_nothing_typed_is_lost(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    dirty.selection.select_issue(issue(dirty, "gap").id)
    words(inspector)
    click(button(inspector, "exempt"))
    for name, text in (("reason", "water"), ("approver", "x"), ("until", "soon")):
        type_into(field(inspector, f"exempt-{name}"), text)

    with qtbot.waitSignal(dirty.messages.told) as told:
        click(button(inspector, "exempt-keep"))

    assert "soon" in told.args[0].text
    assert not dirty.bridge.snapshot.rows("exempt")
    dirty.bridge.issues_changed.emit()
    QApplication.processEvents()
    assert field(inspector, "exempt-reason").text() == "water"


def test_a_remainder_names_its_parent(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    dirty.selection.select_issue(issue(dirty, "remainder", "甲戌社区").id)

    told = words(inspector)

    assert told[0] == "剩余：甲戌社区"
    assert row(told, "上级") == "甲戌社区"
    assert "划给第六网格  ·  推荐" in told


def test_an_issue_without_land_of_its_own_leads_to_its_areas(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    grid = area(dirty, "庚午社区", "第三网格")
    dirty.bridge.execute(SetField(grid.uid, "households", 288))
    band = next(one for one in dirty.bridge.issues() if one.kind == "household_band")
    dirty.selection.select_issue(band.id)

    told = words(inspector)

    assert told[:2] == ["户数不合标准：第三网格", "“第三网格”有 288 户，规定为 300 至 500 户。"]
    assert "第三网格" in told[told.index("涉及的区域") :]


def test_an_issue_that_is_no_land_is_accepted_and_taken_back_on_its_page(
    qtbot: QtBot, dirty: Context
) -> None:
    inspector = inspect(qtbot, dirty)
    grid = area(dirty, "庚午社区", "第三网格")
    dirty.bridge.execute(SetField(grid.uid, "households", 288))
    band = next(one for one in dirty.bridge.issues() if one.kind == "household_band")
    dirty.selection.select_issue(band.id)
    words(inspector)

    click(button(inspector, "accept-here"))
    dialog = inspector.window().findChild(AcceptDialog)
    assert dialog is not None
    dialog.reason.setText("虚构理由")
    dialog.name.setText("示例甲")
    click(dialog.accept_button)

    assert "已认可：虚构理由（示例甲）" in words(inspector)
    click(button(inspector, "accept-here"))
    assert "已认可：虚构理由（示例甲）" not in words(inspector)
    assert not dirty.bridge.snapshot.rows("issue_mark")


def test_nothing_can_be_settled_in_a_project_that_can_only_be_read(
    qtbot: QtBot, open_context: OpenContext, dirty_file: Path
) -> None:
    context = open_context(dirty_file, write=False)
    inspector = inspect(qtbot, context)
    context.selection.select_issue(issue(context, "gap").id)
    words(inspector)

    give = next(
        b for b in inspector.page.findChildren(QPushButton) if b.objectName().startswith("give-")
    )

    assert not give.isEnabled()
    assert give.toolTip() == "项目以只读方式打开。"
    assert not inspector.focus_settle()


def test_the_first_way_to_settle_gets_the_keyboard(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    inspector.activateWindow()
    dirty.selection.select_issue(issue(dirty, "gap").id)

    assert inspector.focus_settle()

    give = QApplication.focusWidget()
    assert isinstance(give, WayButton)
    assert give.title() == "划给镜花湖公园专属网格"
    press(give, Qt.Key.Key_Space)
    assert dirty.bridge.snapshot.partition.own_twice_area(NOBODY) == 0


def test_no_page_is_wider_than_a_narrow_panel(qtbot: QtBot, dirty: Context) -> None:
    inspector = shown(qtbot, Inspector(dirty), (260, 600))
    idle(qtbot, dirty)
    grid = area(dirty, "庚午社区", "第三网格")
    dirty.bridge.execute(SetField(grid.uid, "name", "很长很长的网格名称" * 6))
    widths = {}
    gap = issue(dirty, "gap")
    assert gap.point is not None
    for name, choose in {
        "area": lambda: dirty.selection.select_areas([grid.uid]),
        "areas": lambda: dirty.selection.select_areas([grid.uid, area(dirty, "甲戌社区").uid]),
        "face": lambda: dirty.selection.select_face(dirty.bridge.to_local(gap.point or (0, 0))),
        "issue": lambda: dirty.selection.select_issue(issue(dirty, "overlap", "庚午社区").id),
        "nothing": dirty.selection.clear,
    }.items():
        choose()
        words(inspector)
        widths[name] = inspector.page.width() <= inspector._scroll.viewport().width()

    assert all(widths.values()), widths


# An issue of several pieces


@pytest.fixture
def pieces(dirty: Context) -> Context:
    """A community with two pieces of land that it hasn't given out; the larger one is a grid's."""
    dirty.bridge.execute(Delete(area(dirty, "甲戌社区", "第一网格").uid))
    return dirty


def test_an_issue_of_several_pieces_tells_both_sizes(qtbot: QtBot, pieces: Context) -> None:
    inspector = inspect(qtbot, pieces)
    whole = issue(pieces, "remainder", "甲戌社区")
    pieces.selection.select_issue(whole.id)
    assert "234 m²" not in words(inspector)

    with qtbot.waitSignal(pieces.navigator.box_wanted) as wanted:
        click(button(inspector, "next-piece"))

    told = words(inspector)
    size = panel_words.land(whole.area_m2)
    assert f"共 2 块，{size}；这一块 234 m²。" in told
    assert row(told, "面积") == "234 m²"
    assert "2 / 2" in told
    west, south, east, north = wanted.args[0]
    assert max(east - west, north - south) < 200


def test_after_one_piece_is_settled_the_issue_goes_on_with_the_next(
    qtbot: QtBot, pieces: Context
) -> None:
    inspector = inspect(qtbot, pieces)
    number = issue(pieces, "remainder", "甲戌社区").id
    pieces.selection.select_issue(number)
    words(inspector)
    click(button(inspector, "next-piece"))
    words(inspector)
    give = next(
        made
        for made in inspector.page.findChildren(QPushButton)
        if made.objectName().startswith("give-") and made.isVisible()
    )
    with qtbot.waitSignal(pieces.navigator.box_wanted):
        click(give)

    told = words(inspector)

    assert pieces.selection.now.issue == number
    assert pieces.bridge.issue(number) is not None
    assert "处理办法" in told
    assert not any("这一块" in line for line in told)
    assert row(told, "面积") != "234 m²"


def test_facts_stand_below_their_words_where_letters_are_large(qtbot: QtBot) -> None:
    facts = Facts()
    facts.add("面积", "23.757 平方公里")
    word, fact = facts.findChildren(QLabel)
    shown(qtbot, facts, (400, 100))
    assert fact.y() == word.y()
    facts.resize(100, 100)
    qtbot.waitUntil(lambda: fact.y() > word.y())
    assert fact.x() == word.x()


# Ways to settle


def ways(inspector: Inspector) -> list[WayButton]:
    return [one for one in inspector.page.findChildren(WayButton) if one.isVisible()]


def test_the_way_under_the_keyboard_is_shown_on_the_map(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    inspector.activateWindow()
    dirty.selection.select_issue(issue(dirty, "overlap", "镜花湖公园专属网格").id)
    shown_things: list[int] = []
    dirty.navigator.proposal_wanted.connect(lambda things: shown_things.append(len(things)))
    assert inspector.focus_settle()

    first = QApplication.focusWidget()
    assert isinstance(first, WayButton)
    assert shown_things[-1] == 2, "one outline and a table"
    press(first, Qt.Key.Key_Down)
    press(QApplication.focusWidget() or first, Qt.Key.Key_Down)

    last = QApplication.focusWidget()
    assert isinstance(last, WayButton)
    assert last.title() == "按中线分界"
    assert shown_things[-1] == 3, "two outlines and a table"
    press(last, Qt.Key.Key_Up)
    press(QApplication.focusWidget() or last, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is first


def test_the_way_under_the_pointer_is_shown_until_the_pointer_goes(
    qtbot: QtBot, dirty: Context
) -> None:
    inspector = inspect(qtbot, dirty)
    dirty.selection.select_issue(issue(dirty, "overlap", "镜花湖公园专属网格").id)
    words(inspector)
    shown_things: list[int] = []
    dirty.navigator.proposal_wanted.connect(lambda things: shown_things.append(len(things)))
    centre = next(one for one in ways(inspector) if one.title() == "按中线分界")

    QApplication.sendEvent(centre, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert shown_things == [3]
    QApplication.sendEvent(centre, QEvent(QEvent.Type.Leave))
    assert shown_things == [3, 0]


def test_enter_carries_the_way_out_and_goes_on_to_the_next_issue(
    qtbot: QtBot, dirty: Context
) -> None:
    window = QWidget()
    actions = Actions(window)
    qtbot.addWidget(window)
    inspector = shown(qtbot, Inspector(dirty, actions))
    idle(qtbot, dirty)
    inspector.activateWindow()
    overlap = issue(dirty, "overlap", "镜花湖公园专属网格")
    listed = [one.id for one in dirty.bridge.issues() if one.severity is not Severity.INFO]
    following = listed[listed.index(overlap.id) + 1]
    dirty.selection.select_issue(overlap.id)
    assert inspector.focus_settle()

    press(QApplication.focusWidget() or inspector, Qt.Key.Key_Return)

    assert dirty.bridge.issue(overlap.id) is None
    assert dirty.selection.now.issue == following
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), WayButton))


def exempt_gap(context: Context, until: str | None = None) -> None:
    """Make the face of the gap exempt, and select it."""
    gap = issue(context, "gap")
    assert gap.point is not None
    command = MakeExempt(gap.point, "water", "somebody (made up)", until, "lake", is_inside=True)
    context.bridge.document.execute(command)
    context.selection.select_face(context.bridge.to_local(gap.point))


def test_what_exempt_land_says_is_changed_in_a_form(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    exempt_gap(dirty)
    words(inspector)

    click(button(inspector, "exempt-edit"))
    before = field(inspector, "exempt-reason").text()
    type_into(field(inspector, "exempt-until"), "2031-12-31")
    click(button(inspector, "exempt-keep"))

    (exempt,) = dirty.bridge.snapshot.rows("exempt").values()
    assert before == "water"
    assert (exempt.until, exempt.name) == ("2031-12-31", "lake")


@pytest.mark.parametrize("name", ["exempt-nobody", "exempt-around"])
def test_exempt_land_is_given_back(qtbot: QtBot, dirty: Context, name: str) -> None:
    inspector = inspect(qtbot, dirty)
    free = dirty.bridge.snapshot.partition.own_twice_area(NOBODY)
    exempt_gap(dirty)
    words(inspector)

    click(button(inspector, name))

    assert not dirty.bridge.snapshot.rows("exempt")
    is_free = dirty.bridge.snapshot.partition.own_twice_area(NOBODY) == free
    assert is_free == (name == "exempt-nobody")


def test_exempt_land_whose_time_is_over_says_so(qtbot: QtBot, dirty: Context) -> None:
    inspector = inspect(qtbot, dirty)
    exempt_gap(dirty, until="2020-01-01")

    assert row(words(inspector), "截止日期") == "2020-01-01（已到期）"


def test_what_has_no_border_or_was_not_there_is_told_so(
    qtbot: QtBot, open_context: OpenContext, dirty_file: Path, demo_files: Path, tmp_path: Path
) -> None:
    from gridadmin.app.importing import Request, import_file

    path = tmp_path / "mit.gpkg"
    path.write_bytes(dirty_file.read_bytes())
    import_file(path, Request(demo_files / "demo-dirty.gpkg", "micro_grid", layer="micro_grid"))
    import_file(path, Request(demo_files / "buildings.geojson", "buildings"))
    context = open_context(path)
    inspector = inspect(qtbot, context)

    context.selection.select_issue(issue(context, "contained", "04-03微网格").id)
    inspector.refresh()
    told = words(inspector)
    assert any("它主张这块地，两者没有共用边界。" in one for one in told)
    assert not any("0.0 米" in one for one in told)

    remainder = next(one for one in context.bridge.issues() if one.kind == "remainder")
    context.selection.select_issue(remainder.id)
    inspector.refresh()
    (new,) = [one for one in words(inspector) if one.startswith("新微网格")]
    assert "仍为" not in new
    assert " 户" in new


def test_a_way_that_leaves_a_gap_is_never_called_settled_and_can_be_taken_back(
    qtbot: QtBot, open_context: OpenContext, dirty_file: Path, demo_files: Path, tmp_path: Path
) -> None:
    from gridadmin.app.importing import Request, import_file

    path = tmp_path / "mit.gpkg"
    path.write_bytes(dirty_file.read_bytes())
    import_file(path, Request(demo_files / "demo-dirty.gpkg", "micro_grid", layer="micro_grid"))
    context = open_context(path)
    inspector = inspect(qtbot, context)
    crossing = area(context, "自相交（误绘）")
    lobe = next(one for one in context.bridge.issues() if one.areas == (crossing.uid,))
    context.selection.select_issue(lobe.id)
    words(inspector)
    told: list[Message] = []
    context.messages.told.connect(told.append)

    click(button(inspector, "way-clip_free"))

    assert [one.text for one in told] == ["已执行，但这里还有问题：空隙 600 m²。"]
    assert told[0].action is not None
    word, undo = told[0].action
    assert word == "撤销"
    undo()
    assert context.bridge.issue(lobe.id) is not None
