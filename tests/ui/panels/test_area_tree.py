"""The area tree: what its rows say, how it is filtered, edited and bound to the selection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Land
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.partition.border import points_of
from tests.ui.panels.conftest import OpenContext, area, idle, press, shown
from ui.context import Context
from ui.panels.area_model import AreaRole
from ui.panels.area_tree import AreaTree
from ui.panels.marks import State
from ui.panels.parts import ElidedLabel


@pytest.fixture
def tree(qtbot: QtBot, demo: Context) -> AreaTree:
    panel = shown(qtbot, AreaTree(demo))
    idle(qtbot, demo)
    return panel


def rows(tree: AreaTree, parent: QModelIndex | None = None) -> list[str]:
    """Return the names of the rows that can be seen, below *parent*, indented by dots."""
    parent = parent or QModelIndex()
    found = []
    for row in range(tree.model.rowCount(parent)):
        index = tree.model.index(row, 0, parent)
        found.append(str(index.data()))
        if tree.view.isExpanded(index):
            found += [f".{name}" for name in rows(tree, index)]
    return found


def index_of(tree: AreaTree, *names: str) -> QModelIndex:
    return tree.model.index_of(area(tree._context, *names).uid)


def click_row(tree: AreaTree, index: QModelIndex, keys: Qt.KeyboardModifier | None = None) -> None:
    tree.view.scrollTo(index)
    QTest.mouseClick(
        tree.view.viewport(),
        Qt.MouseButton.LeftButton,
        keys or Qt.KeyboardModifier.NoModifier,
        tree.view.visualRect(index).center(),
    )
    QApplication.processEvents()


def type_filter(qtbot: QtBot, tree: AreaTree, text: str) -> None:
    """Type into the filter, and wait until the tree follows."""
    tree._field.setText(text)
    qtbot.waitUntil(lambda: not tree._pause.isActive())


def everything(tree: AreaTree) -> Iterator[QModelIndex]:
    waiting = [QModelIndex()]
    while waiting:
        index = waiting.pop()
        for row in range(tree.model.rowCount(index)):
            child = tree.model.index(row, 0, index)
            waiting.append(child)
            yield child


def test_the_root_stands_open_and_nothing_deeper_is_fetched(tree: AreaTree) -> None:
    assert rows(tree) == ["虚构市样例区", ".子虚街道", ".乌有街道", ".无是街道"]
    assert len(list(everything(tree))) == 4


def test_the_head_tells_how_many_grids_there_are(tree: AreaTree) -> None:
    assert "93 网格 · 694 微网格" in [one.whole_text() for one in tree.findChildren(ElidedLabel)]


def test_households_roll_up_to_the_root(tree: AreaTree) -> None:
    told = [
        index.data(AreaRole.HOUSEHOLDS)
        for index in (index_of(tree, "虚构市样例区"), index_of(tree, "无是街道"))
    ]

    assert told == ["34,451 户", "21,407 户"]


def test_unknown_households_are_a_dash_and_stale_ones_have_a_star(
    qtbot: QtBot, dirty: Context
) -> None:
    # Without buildings only typed figures are known.
    tree = shown(qtbot, AreaTree(dirty))
    grid = area(dirty, "庚午社区", "第三网格")
    assert tree.model.index_of(grid.uid).data(AreaRole.HOUSEHOLDS) == "—"

    dirty.bridge.execute(SetField(grid.uid, "households", 300))
    assert tree.model.index_of(grid.uid).data(AreaRole.HOUSEHOLDS) == "300 户"

    _move_border_of(dirty, grid.uid)
    assert tree.model.index_of(grid.uid).data(AreaRole.HOUSEHOLDS) == "300 户*"


def _move_border_of(context: Context, uid: str) -> None:
    """Move one inner vertex of an area's outline by a little."""
    from gridadmin.edit.vertex_commands import Move

    snapshot = context.bridge.snapshot
    for border in snapshot.partition.outline(oid_of(uid)):
        points = points_of(border)
        if len(points) > 2 and -1 not in (border.left, border.right):
            x, y = snapshot.place(points[1:2])[0].tolist()
            assert context.bridge.execute(Move((x, y), (x + 0.01, y + 0.01))) is not None
            return
    raise AssertionError("no inner vertex")


def test_a_state_shows_the_worst_issue_below(qtbot: QtBot, dirty: Context) -> None:
    tree = shown(qtbot, AreaTree(dirty))

    states = {
        name: index_of(tree, *name.split("/")).data(AreaRole.STATE)
        for name in ("样例区", "乙亥社区", "丁卯社区")
    }

    assert states == {"样例区": State.ERROR, "乙亥社区": State.WARNING, "丁卯社区": State.FINE}


def test_states_are_unknown_until_the_check_is_done(tree: AreaTree, demo: Context) -> None:
    index = index_of(tree, "子虚街道")
    assert index.data(AreaRole.STATE) == State.FINE

    demo.bridge.session._book = None

    assert index.data(AreaRole.STATE) == State.UNKNOWN
    assert "尚未检查" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_a_row_is_spoken_with_level_households_and_state(tree: AreaTree) -> None:
    index = index_of(tree, "庚午社区", "第五网格")

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "第五网格，网格，375 户，没有问题"


def test_a_tip_takes_no_name_for_markup(tree: AreaTree, demo: Context) -> None:
    uid = area(demo, "庚午社区", "第五网格").uid
    demo.bridge.execute(SetField(uid, "name", "<b>五</b>"))

    tip = str(tree.model.index_of(uid).data(Qt.ItemDataRole.ToolTipRole))

    assert tip.startswith("<span>&lt;b&gt;五&lt;/b&gt;<br>网格<br>")


def test_a_tip_tells_code_and_what_lies_below(tree: AreaTree) -> None:
    tip = str(index_of(tree, "庚午社区", "第五网格").data(Qt.ItemDataRole.ToolTipRole))

    assert tip.splitlines() == [
        "第五网格",
        "网格",
        "编码 990001003002005",
        "375 户",
        "下级 8 个",
        "没有问题",
    ]


def test_exclusive_and_stacked_areas_are_marked(tree: AreaTree, demo: Context) -> None:
    stacked = min(
        (a for a in demo.bridge.snapshot.areas() if a.land == Land.STACKED), key=lambda a: a.uid
    )

    assert tree.model.index_of(stacked.uid).data(AreaRole.IS_STACKED)
    assert index_of(tree, "甲子学校专属网格").data(AreaRole.IS_EXCLUSIVE)
    assert not index_of(tree, "庚午社区", "第五网格").data(AreaRole.IS_EXCLUSIVE)


# Selection


def test_a_click_selects_and_ctrl_adds(tree: AreaTree, demo: Context) -> None:
    first, second = area(demo, "子虚街道"), area(demo, "无是街道")

    click_row(tree, tree.model.index_of(first.uid))
    assert list(demo.selection.areas) == [first.uid]

    click_row(tree, tree.model.index_of(second.uid), Qt.KeyboardModifier.ControlModifier)
    assert list(demo.selection.areas) == [first.uid, second.uid]


def test_shift_selects_everything_between(tree: AreaTree, demo: Context) -> None:
    click_row(tree, index_of(tree, "子虚街道"))
    click_row(tree, index_of(tree, "无是街道"), Qt.KeyboardModifier.ShiftModifier)

    assert set(demo.selection.areas) == {
        area(demo, name).uid for name in ("子虚街道", "乌有街道", "无是街道")
    }


def test_what_is_selected_elsewhere_is_opened_and_chosen(tree: AreaTree, demo: Context) -> None:
    micro = area(demo, "庚午社区", "第五网格", "05-03微网格")

    demo.selection.select_areas([micro.uid])

    index = tree.model.index_of(micro.uid)
    assert tree.view.selectionModel().selectedIndexes() == [index]
    assert tree.view.viewport().rect().contains(tree.view.visualRect(index).center())


def test_selecting_a_border_leaves_no_area_chosen(tree: AreaTree, demo: Context) -> None:
    click_row(tree, index_of(tree, "子虚街道"))

    demo.selection.select_border(next(iter(demo.bridge.snapshot.partition)).id)

    assert tree.view.selectionModel().selectedIndexes() == []
    assert demo.selection.now.border is not None


def test_enter_and_double_click_show_the_area_on_the_map(
    qtbot: QtBot, tree: AreaTree, demo: Context
) -> None:
    index = index_of(tree, "子虚街道")
    box = demo.bridge.box_of_area(area(demo, "子虚街道").uid)
    tree.view.setCurrentIndex(index)

    with qtbot.waitSignal(demo.navigator.box_wanted) as wanted:
        press(tree.view, Qt.Key.Key_Return)
    assert wanted.args == [box]

    with qtbot.waitSignal(demo.navigator.box_wanted) as wanted:
        at: QPoint = tree.view.visualRect(index).center()
        QTest.mouseClick(tree.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseDClick(tree.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert wanted.args == [box]
    assert not tree.view.isExpanded(index)


# Filter


@pytest.mark.parametrize("typed", ["子虚街", "ZiXuJie", "zxjd", "990001001 zxj"])
def test_the_filter_finds_by_name_pinyin_initials_and_code(
    qtbot: QtBot, tree: AreaTree, typed: str
) -> None:
    type_filter(qtbot, tree, typed)

    assert rows(tree) == ["虚构市样例区", ".子虚街道"]


def test_matches_stand_under_their_ancestors(qtbot: QtBot, tree: AreaTree) -> None:
    type_filter(qtbot, tree, "99000100300200503")

    assert rows(tree) == [
        "虚构市样例区",
        ".无是街道",
        "..庚午社区",
        "...第五网格",
        "....05-03微网格",
    ]


def test_a_filter_that_nothing_fits_says_so(qtbot: QtBot, tree: AreaTree) -> None:
    type_filter(qtbot, tree, "nowhere")

    assert rows(tree) == []
    assert tree._notice.isVisible()
    assert tree._notice.text() == "没有符合的区域。"


def test_more_matches_than_are_listed_are_told(qtbot: QtBot, tree: AreaTree) -> None:
    type_filter(qtbot, tree, "微网格")

    assert tree._notice.text() == "共 694 个，只列出 200 个。"


def test_down_leads_from_the_filter_to_the_first_match(tree: AreaTree) -> None:
    tree.activateWindow()
    tree.focus_filter()
    QTest.keyClicks(tree._field, "zxjd")
    press(tree._field, Qt.Key.Key_Down)

    assert tree.view.hasFocus()
    assert tree.view.currentIndex().data() == "子虚街道"


def test_escape_clears_the_filter_and_opens_what_was_open(qtbot: QtBot, tree: AreaTree) -> None:
    tree.view.expand(index_of(tree, "子虚街道"))
    chosen = area(tree._context, "无是街道").uid
    tree._context.selection.select_areas([chosen])
    before = rows(tree)
    type_filter(qtbot, tree, "zxjd")
    assert rows(tree) != before

    press(tree._field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not tree._pause.isActive())

    assert tree._field.text() == ""
    assert rows(tree) == before
    assert tree.view.selectionModel().selectedIndexes() == [tree.model.index_of(chosen)]


def test_a_new_name_is_found_at_once(qtbot: QtBot, tree: AreaTree, demo: Context) -> None:
    demo.bridge.execute(SetField(area(demo, "子虚街道").uid, "name", "新安街道"))

    type_filter(qtbot, tree, "xajd")

    assert rows(tree) == ["虚构市样例区", ".新安街道"]


# Editing


def test_f2_renames_an_area_and_undo_takes_it_back(tree: AreaTree, demo: Context) -> None:
    uid = area(demo, "子虚街道").uid
    tree.view.setCurrentIndex(tree.model.index_of(uid))
    tree.view.setFocus()
    press(tree.view, Qt.Key.Key_F2)
    field = tree.view.viewport().findChild(QLineEdit)
    assert field is not None
    assert field.text() == "子虚街道"

    field.setText("Xin An")
    press(field, Qt.Key.Key_Return)

    assert demo.bridge.snapshot.area(uid).name == "Xin An"
    assert rows(tree)[1] == ".Xin An"
    demo.bridge.undo()
    assert rows(tree)[1] == ".子虚街道"


def test_an_empty_name_is_refused_in_words(qtbot: QtBot, tree: AreaTree, demo: Context) -> None:
    index = index_of(tree, "子虚街道")

    with qtbot.waitSignal(demo.messages.told) as told:
        assert not tree.model.setData(index, "  ")

    assert "name" in told.args[0].text
    assert rows(tree)[1] == ".子虚街道"


def test_open_branches_and_selection_survive_edits_undo_and_redo(
    tree: AreaTree, demo: Context
) -> None:
    grid = area(demo, "庚午社区", "第五网格")
    demo.selection.select_areas([grid.uid])
    tree.view.expand(tree.model.index_of(grid.uid))
    open_rows = rows(tree)
    assert "....05-03微网格" in open_rows

    demo.bridge.execute(Create("micro_grid", grid.uid, "05-09微网格", "99000100300200509"))
    assert [name for name in rows(tree) if name not in open_rows] == ["....05-09微网格"]
    assert demo.selection.area == grid.uid

    demo.bridge.undo()
    assert rows(tree) == open_rows
    demo.bridge.redo()
    assert "....05-09微网格" in rows(tree)
    assert tree.view.selectionModel().selectedIndexes() == [tree.model.index_of(grid.uid)]


def test_a_new_code_moves_a_row_to_its_place(tree: AreaTree, demo: Context) -> None:
    demo.bridge.execute(SetField(area(demo, "子虚街道").uid, "code", "990001009"))

    assert rows(tree) == ["虚构市样例区", ".乌有街道", ".无是街道", ".子虚街道"]


def test_a_deleted_area_leaves_the_tree_and_comes_back_with_undo(
    tree: AreaTree, demo: Context
) -> None:
    grid = area(demo, "庚午社区", "第五网格")
    demo.selection.select_areas([grid.uid])
    micro = area(demo, "庚午社区", "第五网格", "05-03微网格")
    tree.view.expand(tree.model.index_of(grid.uid))

    demo.bridge.execute(Delete(micro.uid))
    assert "....05-03微网格" not in rows(tree)
    assert not tree.model.index_of(micro.uid).isValid()

    demo.bridge.undo()
    assert "....05-03微网格" in rows(tree)


def test_the_first_child_of_a_leaf_gives_it_an_arrow(tree: AreaTree, demo: Context) -> None:
    school = area(demo, "甲子学校专属网格")
    demo.selection.select_areas([school.uid])
    index = tree.model.index_of(school.uid)
    assert not tree.model.hasChildren(index)

    demo.bridge.execute(Create("micro_grid", school.uid, "东楼"))

    tree.view.expand(tree.model.index_of(school.uid))
    assert "....东楼" in rows(tree)


def test_nothing_is_renamed_in_a_project_that_can_only_be_read(
    qtbot: QtBot, open_context: OpenContext, demo_files: Path
) -> None:
    context = open_context(demo_files / "demo.gpkg", write=False)
    tree = shown(qtbot, AreaTree(context))

    assert not tree.model.flags(index_of(tree, "子虚街道")) & Qt.ItemFlag.ItemIsEditable
    menu = tree.menu_of(index_of(tree, "子虚街道"))
    rename = next(action for action in menu.actions() if action.text() == "重命名…")
    assert not rename.isEnabled()
    assert rename.toolTip() == "项目以只读方式打开。"


def test_the_menu_marks_an_area_as_fully_divided(qtbot: QtBot, dirty: Context) -> None:
    tree = shown(qtbot, AreaTree(dirty))
    community = area(dirty, "乙亥社区")
    menu = tree.menu_of(tree.model.index_of(community.uid))
    divided = next(action for action in menu.actions() if action.text() == "下级已划分完")
    assert not divided.isChecked()

    divided.trigger()

    assert dirty.bridge.snapshot.area(community.uid).is_divided
    assert "gap" in {i.kind for i in dirty.bridge.issues() if i.level == "grid"}


def test_codes_are_copied_one_a_line(tree: AreaTree, demo: Context) -> None:
    demo.selection.select_areas([area(demo, "子虚街道").uid, area(demo, "无是街道").uid])

    tree.copy_code()

    assert QGuiApplication.clipboard().text() == "990001001\n990001003"


def test_another_project_starts_a_tree_of_its_own(
    qtbot: QtBot, tree: AreaTree, demo: Context
) -> None:
    tree.view.expand(index_of(tree, "子虚街道"))

    demo.bridge.close()
    assert rows(tree) == []
    idle(qtbot, demo)


def test_siblings_without_codes_stand_by_their_numbers(tree: AreaTree, demo: Context) -> None:
    root = demo.bridge.snapshot.root.uid
    for name in ("虚构10", "虚构2", "虚构1", "虚构100"):
        demo.bridge.execute(Create("street", root, name))
    tree.model.read_anew()
    top = tree.model.index(0, 0)
    tree.model.fetchMore(top)

    names = [str(tree.model.index(row, 0, top).data()) for row in range(tree.model.rowCount(top))]

    assert names[-4:] == ["虚构1", "虚构2", "虚构10", "虚构100"]


def test_a_narrow_row_has_its_households_without_the_unit(tree: AreaTree) -> None:
    top = tree.model.index(0, 0)

    assert (top.data(AreaRole.HOUSEHOLDS), top.data(AreaRole.FIGURE)) == ("34,451 户", "34,451")


class Painted(QObject):
    """Remembers what of a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False


def test_only_rows_that_tell_something_else_are_painted_anew(qtbot: QtBot, dirty: Context) -> None:
    tree = shown(qtbot, AreaTree(dirty))
    idle(qtbot, dirty)
    tree.view.expand(index_of(tree, "无是街道"))
    tree.view.viewport().repaint()
    painted = Painted(tree.view.viewport())
    tree.view.paint_news()
    QApplication.processEvents()
    assert painted.region.isEmpty()

    grid = area(dirty, "庚午社区", "第三网格")
    dirty.bridge.execute(SetField(grid.uid, "households", 300))
    tree.view.paint_news()
    QApplication.processEvents()

    telling = tree.view.visualRect(index_of(tree, "庚午社区"))
    quiet = tree.view.visualRect(index_of(tree, "乌有街道"))
    assert painted.region.contains(telling.center())
    assert not painted.region.contains(quiet.center())
