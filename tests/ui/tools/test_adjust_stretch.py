"""Adjusting whole stretches of border by mouse and by keys, through the real canvas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, BorderRow, LineObject
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.border import points_of
from gridadmin.partition.snapshot import Snapshot
from tests.ui.mapping import LEFT, NONE, at, click, drag, hover, press_key
from ui.canvas.overlay import Handles, Mark, Outline, Role, Tag
from ui.canvas.viewport import Place
from ui.main_window import MainWindow
from ui.messages import Message
from ui.tools.adjust import AdjustTool
from ui.tools.shift_entry import ShiftEntry

SHIFT = Qt.KeyboardModifier.ShiftModifier


def sides(snapshot: Snapshot, border: BorderRow) -> list[Area]:
    owners = [snapshot.owning_area(side) for side in (border.left, border.right)]
    return [owner for owner in owners if owner is not None]


def grid_border(snapshot: Snapshot) -> BorderRow:
    """Return a border of two micro-grids that parts their grids, but no communities."""
    for border in sorted(snapshot.partition, key=lambda one: one.id):
        areas = sides(snapshot, border)
        if OUTSIDE in (border.left, border.right) or len(areas) < 2:
            continue
        parents = [snapshot.area(area.parent or "") for area in areas]
        is_micro = all(area.level == "micro_grid" for area in areas)
        are_two = parents[0].uid != parents[1].uid and parents[0].parent == parents[1].parent
        if is_micro and are_two and len(points_of(border)) >= 4:
            return border
    raise AssertionError("no such border")


@dataclass(frozen=True)
class AddLines:
    """Brings reference lines into a project, as an import does."""

    rows: tuple[LineObject, ...]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        draft = Draft(snapshot)
        for row in self.rows:
            draft.put("line_object", row)
        return draft.change("import")


@dataclass(frozen=True)
class RemoveLines:
    """Takes reference lines out of a project."""

    uids: tuple[str, ...]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        draft = Draft(snapshot)
        for uid in self.uids:
            draft.remove("line_object", uid)
        return draft.change("import")


class Stage:
    """A border in the middle of the map, with the tool in hand."""

    def __init__(self, window: MainWindow, border: BorderRow) -> None:
        self.window = window
        self.border = border
        self.points = points_of(border) / 1000.0
        line = shapely.linestrings(self.points)
        middles = (self.points[:-1] + self.points[1:]) / 2
        longest = int(np.hypot(*np.diff(self.points, axis=0).T).argmax())
        self.middle: Place = (float(middles[longest][0]), float(middles[longest][1]))
        way = self.points[-1] - self.points[0]
        self.aside = np.array([-way[1], way[0]]) / np.hypot(*way)
        self.length = float(line.length)

    @property
    def tool(self) -> AdjustTool:
        tool = self.window.map_panel.tool
        assert isinstance(tool, AdjustTool)
        return tool

    @property
    def snapshot(self) -> Snapshot:
        return self.window.context.bridge.snapshot

    @property
    def revision(self) -> int:
        return self.snapshot.revision

    def beside(self, metres: float) -> Place:
        x, y = (np.array(self.middle) + self.aside * metres).tolist()
        return x, y

    def road(self, metres: float, name: str | None, uid: str) -> LineObject:
        """Return a road beside the border that goes on at both ends."""
        way = (self.points[-1] - self.points[0]) * 0.2
        shift = self.aside * metres
        line = np.stack((self.points[0] - way, self.points[-1] + way)) + shift
        x, y = self.snapshot.origin_mm
        blob = shapely.to_wkb(shapely.linestrings(line + np.array([x, y]) / 1000))
        return LineObject(uid, "road", name, line=blob)

    def now(self) -> np.ndarray:
        return points_of(self.snapshot.partition.border(self.border.id)) / 1000.0

    def roles(self) -> list[Role]:
        things = self.window.map_panel.view.overlay.things("adjust")
        return [thing.role for thing in things if isinstance(thing, Outline)]

    def tag(self) -> Tag:
        things = self.window.map_panel.view.overlay.things("adjust")
        (tag,) = [thing for thing in things if isinstance(thing, Tag)]
        return tag

    def hint(self) -> str:
        return self.window.map_panel.hint_line.shown.text


@pytest.fixture
def stage(window: MainWindow, qtbot: QtBot) -> Stage:
    found = Stage(window, grid_border(window.context.bridge.snapshot))
    view = window.map_panel.view
    view.look(view.view.centred(found.middle).at_scale_number(1500))
    qtbot.waitUntil(view.is_sharp)
    QTest.keyClick(window, Qt.Key.Key_A)
    return found


@pytest.fixture
def told(window: MainWindow) -> list[Message]:
    found: list[Message] = []
    window.context.messages.told.connect(found.append)
    return found


def field_of(stage: Stage) -> ShiftEntry:
    found = stage.window.findChild(ShiftEntry)
    assert found is not None
    return found


def names_above(stage: Stage) -> set[str]:
    parents = {area.parent or "" for area in sides(stage.snapshot, stage.border)}
    return {stage.snapshot.area(uid).name for uid in parents}


def test_a_click_on_a_border_holds_all_of_it(stage: Stage) -> None:
    click(stage.window, stage.middle)

    assert stage.roles()[-1] == Role.SELECTED
    assert stage.hint() == "已选中一段边界"
    assert stage.window.context.selection.now.border == stage.border.id


def test_shift_drags_the_whole_stretch_and_its_nodes_stay(stage: Stage) -> None:
    drag(stage.window, stage.middle, stage.beside(2), SHIFT)

    assert (stage.now()[[0, -1]] == stage.points[[0, -1]]).all()
    moved = stage.now()[1:-1] - stage.points[1:-1]
    assert np.abs(moved - moved[0]).max() < 0.0006
    assert np.hypot(*moved[0]) == pytest.approx(2, abs=0.3)
    assert stage.revision == 1


def test_with_control_the_nodes_go_along_with_all_their_borders(stage: Stage) -> None:
    both = SHIFT | Qt.KeyboardModifier.ControlModifier

    drag(stage.window, stage.middle, stage.beside(3), both)

    moved = stage.now() - stage.points
    assert np.abs(moved - moved[0]).max() < 0.0006
    assert np.hypot(*moved[0]) == pytest.approx(3, abs=0.4)
    change = stage.window.context.bridge.document._store.change_at(1)
    assert len(change.of("border")) >= 5


def test_while_a_stretch_is_dragged_totals_and_upper_levels_are_told(stage: Stage) -> None:
    drag(stage.window, stage.middle, stage.beside(2), SHIFT, let_go=False)

    assert stage.roles() == [Role.BEFORE, Role.AFTER]
    assert "整段移动" in stage.hint()
    (sentence,) = [row[0] for row in stage.tag().rows if row[0].startswith("也改变")]
    assert all(name in sentence for name in names_above(stage))
    assert sentence.endswith("的边界")
    assert stage.revision == 0


def test_an_edit_of_a_micro_grid_border_says_which_grids_change_too(
    stage: Stage, told: list[Message]
) -> None:
    drag(stage.window, stage.middle, stage.beside(2), SHIFT)

    (message,) = told
    grids = sorted(names_above(stage))
    assert message.text in {
        f"已保存。也改变 {one} 与 {other} 的边界。" for one in grids for other in grids
    }
    assert message.action is not None
    message.action[1]()
    assert (stage.now() == stage.points).all()


def test_an_edit_within_one_grid_says_nothing_of_upper_levels(
    window: MainWindow, stage: Stage, told: list[Message], qtbot: QtBot
) -> None:
    snapshot = stage.snapshot
    inner = next(
        border
        for border in sorted(snapshot.partition, key=lambda one: one.id)
        if OUTSIDE not in (border.left, border.right)
        and len({area.parent for area in sides(snapshot, border)}) == 1
        and len(sides(snapshot, border)) == 2
        and len(points_of(border)) >= 4
    )
    here = Stage(window, inner)
    window.map_panel.view.look(window.map_panel.view.view.centred(here.middle))
    qtbot.waitUntil(window.map_panel.view.is_sharp)

    drag(window, here.middle, here.beside(2), SHIFT)

    assert here.revision == 1
    assert told == []


def test_escape_gives_the_dragged_stretch_up(stage: Stage) -> None:
    drag(stage.window, stage.middle, stage.beside(2), SHIFT, let_go=False)
    press_key(stage.window, Qt.Key.Key_Escape)
    port = stage.window.map_panel.view.viewport()
    QTest.mouseRelease(port, LEFT, NONE, at(stage.window, stage.beside(2)))

    assert stage.revision == 0


def test_a_stretch_dragged_across_another_border_is_refused_where_it_is(
    stage: Stage, told: list[Message]
) -> None:
    stage.window.map_panel.view.look(stage.window.map_panel.view.view.at_scale_number(9000))
    drag(stage.window, stage.middle, stage.beside(400), SHIFT, let_go=False)
    seen = stage.roles()
    hint = stage.window.map_panel.hint_line.shown
    port = stage.window.map_panel.view.viewport()
    QTest.mouseRelease(port, LEFT, NONE, at(stage.window, stage.beside(400)))

    assert seen == [Role.REFUSED]
    assert hint.is_refusal
    assert told[0].place is not None
    assert stage.revision == 0


def test_keys_alone_go_from_a_selected_area_to_a_moved_stretch(stage: Stage) -> None:
    stage.window.context.select_and_show(sides(stage.snapshot, stage.border)[0].uid)
    press_key(stage.window, Qt.Key.Key_Tab)
    press_key(stage.window, Qt.Key.Key_Tab)
    press_key(stage.window, Qt.Key.Key_B)
    held = stage.tool.stretch.held
    assert held is not None
    before = points_of(stage.snapshot.partition.border(held.border))

    press_key(stage.window, Qt.Key.Key_Up)

    after = points_of(stage.snapshot.partition.border(held.border))
    assert stage.revision == 1
    assert {tuple(step) for step in (after - before).tolist()} <= {(0, 0), (0, 100)}


def test_b_again_holds_the_next_border_of_a_node(stage: Stage) -> None:
    click(stage.window, (float(stage.points[0][0]), float(stage.points[0][1])))
    seen = set()
    for _ in range(3):
        press_key(stage.window, Qt.Key.Key_B)
        assert stage.tool.stretch.held is not None
        seen.add(stage.tool.stretch.held.border)

    assert len(seen) == 3
    assert stage.border.id in seen


def test_n_lets_the_nodes_go_along(stage: Stage) -> None:
    click(stage.window, stage.middle)
    press_key(stage.window, Qt.Key.Key_N)
    press_key(stage.window, Qt.Key.Key_Up, SHIFT)

    assert np.abs(stage.now() - stage.points - [0, 1]).max() < 0.0006


def test_between_two_points_only_what_lies_between_moves(stage: Stage) -> None:
    one, other = ((float(x), float(y)) for x, y in stage.points[1:3])
    click(stage.window, one)
    press_key(stage.window, Qt.Key.Key_E)
    press_key(stage.window, Qt.Key.Key_Tab)
    click(stage.window, other)
    press_key(stage.window, Qt.Key.Key_E)
    held = stage.tool.stretch.held

    press_key(stage.window, Qt.Key.Key_Right)

    assert held is not None
    assert held.ends == (one, other)
    moved = np.abs(stage.now() - stage.points).max(axis=1) > 0.05
    assert moved.tolist() == [row in (1, 2) for row in range(len(moved))]


def test_shift_click_takes_the_second_of_two_points(stage: Stage) -> None:
    one, other = ((float(x), float(y)) for x, y in stage.points[1:3])

    click(stage.window, one)
    click(stage.window, other, SHIFT)

    assert stage.tool.stretch.held is not None
    assert stage.tool.stretch.held.ends == (one, other)


def test_i_shows_the_border_straight_and_enter_makes_it_so(stage: Stage) -> None:
    click(stage.window, stage.middle)
    press_key(stage.window, Qt.Key.Key_I)
    before, roles, hint = stage.revision, stage.roles(), stage.hint()
    press_key(stage.window, Qt.Key.Key_Return)

    assert (before, stage.revision) == (0, 1)
    assert roles == [Role.BEFORE, Role.AFTER]
    assert hint == "两端之间拉直"
    assert (stage.now() == stage.points[[0, -1]]).all()


def test_i_again_takes_only_points_that_matter_little(stage: Stage) -> None:
    click(stage.window, stage.middle)
    press_key(stage.window, Qt.Key.Key_I)
    press_key(stage.window, Qt.Key.Key_I)

    assert stage.hint().startswith("去掉离新线不到 0.5 米的点") or "没有可以去掉的" in stage.hint()
    press_key(stage.window, Qt.Key.Key_Escape)
    assert stage.revision == 0
    assert stage.hint() == "已选中一段边界"


def test_k_shows_the_roads_one_by_one_and_enter_puts_the_border_on_one(
    window: MainWindow, stage: Stage, qtbot: QtBot
) -> None:
    window.context.bridge.execute(
        AddLines((stage.road(4, "虚构近路", "1"), stage.road(-9, "虚构远路", "2")))
    )
    click(window, stage.middle)
    press_key(window, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: stage.tool.attempt is not None)
    QApplication.processEvents()
    first, roles = stage.hint(), stage.roles()
    press_key(window, Qt.Key.Key_K)
    second = stage.hint()
    press_key(window, Qt.Key.Key_Tab, SHIFT)
    press_key(window, Qt.Key.Key_Return)

    assert first.startswith("贴靠到虚构近路（1/")
    assert second.startswith("贴靠到虚构远路（2/")
    assert roles == [Role.TARGET, Role.BEFORE, Role.AFTER]
    assert stage.revision == 2
    held = stage.tool.stretch.held
    assert held is not None
    line = shapely.linestrings(held.points(window.context.bridge))
    assert line.distance(shapely.points(stage.beside(4))) < 1.5


def test_where_no_road_is_near_it_is_said(
    window: MainWindow, stage: Stage, told: list[Message], qtbot: QtBot
) -> None:
    rows = stage.snapshot.rows("line_object")
    window.context.bridge.execute(RemoveLines(tuple(sorted(rows))))
    click(window, stage.middle)
    press_key(window, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: bool(told))

    assert told[0].text == "这段边界的两端 50 米内没有同一条道路、河流或铁路。"
    assert told[0].place is not None


def test_a_digit_opens_the_field_and_the_border_goes_that_far_to_the_side_named(
    stage: Stage,
) -> None:
    left, right = sides(stage.snapshot, stage.border)
    before = {uid: stage.snapshot.land_twice_mm2(uid) for uid in (left.uid, right.uid)}
    click(stage.window, stage.middle)

    QTest.keyClicks(stage.window.map_panel.view, "1")
    entry = field_of(stage)
    metres = entry.metres
    QTest.keyClicks(metres, ".5")
    words = [button.text() for button in entry.sides]
    entry.sides[0].click()
    roles, revision = stage.roles(), stage.revision
    QTest.keyClick(metres, Qt.Key.Key_Return)

    assert words == [f"移向 {left.name}", f"移向 {right.name}"]
    assert (revision, stage.revision) == (0, 1)
    assert roles == [Role.BEFORE, Role.AFTER]
    grown = (stage.snapshot.land_twice_mm2(right.uid) - before[right.uid]) / 2_000_000
    lost = (before[left.uid] - stage.snapshot.land_twice_mm2(left.uid)) / 2_000_000
    assert grown == pytest.approx(1.5 * stage.length, rel=0.1)
    assert lost == pytest.approx(grown, rel=0.01)
    assert stage.window.map_panel.view.hasFocus()


def test_arrows_in_the_field_change_the_side_and_escape_gives_it_up(stage: Stage) -> None:
    click(stage.window, stage.middle)
    QTest.keyClicks(stage.window.map_panel.view, "2")
    entry = field_of(stage)
    was_left = entry.is_left

    QTest.keyClick(entry.metres, Qt.Key.Key_Down)
    is_left = entry.is_left
    QTest.keyClick(entry.metres, Qt.Key.Key_Escape)

    assert was_left != is_left
    assert not entry.isVisible()
    assert stage.tool.attempt is None
    assert stage.revision == 0


def test_a_click_on_the_other_side_of_the_border_chooses_that_side(stage: Stage) -> None:
    click(stage.window, stage.middle)
    QTest.keyClicks(stage.window.map_panel.view, "2")
    entry = field_of(stage)

    click(stage.window, stage.beside(6))
    left = entry.is_left
    click(stage.window, stage.beside(-6))

    assert (left, entry.is_left) == (True, False)
    assert entry.far_m == 2.0


def test_a_shift_without_room_says_why_and_the_field_stays(
    stage: Stage, told: list[Message]
) -> None:
    click(stage.window, stage.middle)
    QTest.keyClicks(stage.window.map_panel.view, "9")
    entry = field_of(stage)
    QTest.keyClicks(entry.metres, "999")
    QTest.keyClick(entry.metres, Qt.Key.Key_Return)

    assert told
    assert entry.isVisible()
    assert stage.revision == 0


@pytest.mark.parametrize(
    ("key", "hint"), [("adjust.straighten", "两端之间拉直"), ("adjust.offset", "输入平移的米数")]
)
def test_buttons_of_a_borders_details_begin_the_same(
    window: MainWindow, stage: Stage, key: str, hint: str, qtbot: QtBot
) -> None:
    QTest.keyClick(window, Qt.Key.Key_V)
    window.context.selection.select_border(stage.border.id)
    qtbot.waitUntil(lambda: window.findChild(QPushButton, key) is not None)
    button = window.findChild(QPushButton, key)
    assert button is not None

    button.click()

    assert window.map_panel.tool is window.map_panel.tools["tool.adjust"]
    assert stage.tool.attempt is not None
    assert stage.hint().startswith(hint)


def test_without_a_border_the_actions_say_what_is_missing(window: MainWindow, stage: Stage) -> None:
    action = window.actions_table.action("adjust.straighten")
    window.context.selection.clear()

    assert not action.isEnabled()
    assert "请先选中一条边界。" in action.toolTip()
    window.context.selection.select_border(stage.border.id)
    assert action.isEnabled()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_over_a_border_offers_what_can_be_done_with_it(
    window: MainWindow, stage: Stage
) -> None:
    hover(window, stage.middle)
    view = window.map_panel.view
    pointer = view.pointer()
    assert pointer is not None

    view.menu_wanted.emit(pointer, QPoint(50, 50))
    menu = next(menu for menu in window.findChildren(QMenu) if menu.isVisible())
    words = [action.objectName() for action in menu.actions()[:3]]
    menu.close()

    assert words == ["adjust.straighten", "adjust.align", "adjust.offset"]
    assert stage.tool.stretch.held is not None


def test_the_frame_refuses_every_way_of_moving_it(
    window: MainWindow, stage: Stage, told: list[Message]
) -> None:
    border = next(
        b
        for b in sorted(stage.snapshot.partition.beside(OUTSIDE), key=lambda one: one.id)
        if len(points_of(b)) > 4
    )
    window.context.selection.select_border(border.id)
    press_key(window, Qt.Key.Key_Up)
    nudged = told[-1].text
    press_key(window, Qt.Key.Key_I)
    press_key(window, Qt.Key.Key_Return)

    assert "外框" in nudged
    assert "外框" in told[-1].text
    assert stage.revision == 0


def test_marks_of_a_held_stretch_go_with_the_tool(window: MainWindow, stage: Stage) -> None:
    click(window, stage.middle)
    QTest.keyClick(window, Qt.Key.Key_V)

    things = window.map_panel.view.overlay.things("adjust")
    assert not [t for t in things if isinstance(t, Handles) and t.mark is Mark.ACTIVE]
    assert things == ()
