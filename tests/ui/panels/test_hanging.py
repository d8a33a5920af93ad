"""Areas dragged in the tree hang below another one, or the tree says why they can't."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from tests.ui.panels.conftest import area, idle, shown
from ui.context import Context
from ui.panels.area_tree import AreaTree

COMMUNITY = "庚午社区"
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_MOVE = Qt.DropAction.MoveAction


def drag(tree: AreaTree, what: Area, onto: Area, *, drops: bool) -> bool:
    """Drag a row over another one, and let it go there; return whether it may go there."""
    view, model = tree.view, tree.model
    index, target = model.index_of(what.uid), model.index_of(onto.uid)
    view.scrollTo(target)
    QApplication.processEvents()
    data = model.mimeData([index])
    at = QPointF(view.visualRect(target).center())
    port = view.viewport()
    enter = QDragEnterEvent(at.toPoint(), _MOVE, data, _LEFT, _NONE)
    QApplication.sendEvent(port, enter)
    move = QDragMoveEvent(at.toPoint(), _MOVE, data, _LEFT, _NONE)
    QApplication.sendEvent(port, move)
    if drops:
        QApplication.sendEvent(port, QDropEvent(at, _MOVE, data, _LEFT, _NONE))
    return move.isAccepted()


def shown_labels(tree: AreaTree) -> list[str]:
    return [label.text() for label in tree.findChildren(QLabel) if label.isVisible()]


def tree_with(qtbot: QtBot, context: Context) -> AreaTree:
    tree = shown(qtbot, AreaTree(context))
    idle(qtbot, context)
    return tree


def test_a_micro_grid_dropped_on_a_grid_hangs_below_it(qtbot: QtBot, demo: Context) -> None:
    tree = tree_with(qtbot, demo)
    micro = area(demo, COMMUNITY, "第五网格", "05-03微网格")
    to = area(demo, COMMUNITY, "第四网格")
    was = micro.parent

    assert drag(tree, micro, to, drops=True)

    assert demo.bridge.snapshot.area(micro.uid).parent == to.uid
    assert demo.selection.areas == (micro.uid,)
    demo.bridge.undo()
    assert demo.bridge.snapshot.area(micro.uid).parent == was


def test_a_grid_is_not_dropped_on_a_micro_grid_and_the_reason_is_said(
    qtbot: QtBot, demo: Context
) -> None:
    tree = tree_with(qtbot, demo)
    grid = area(demo, COMMUNITY, "第四网格")
    micro = area(demo, COMMUNITY, "第五网格", "05-03微网格")
    first = demo.bridge.snapshot.revision

    assert not drag(tree, grid, micro, drops=True)

    assert demo.bridge.snapshot.revision == first
    # The reason stands while the area is held there.
    drag(tree, grid, micro, drops=False)
    assert any("05-03微网格" in words for words in shown_labels(tree))


def test_where_an_area_hangs_already_it_is_not_dropped(qtbot: QtBot, demo: Context) -> None:
    tree = tree_with(qtbot, demo)
    micro = area(demo, COMMUNITY, "第五网格", "05-03微网格")

    assert not drag(tree, micro, area(demo, COMMUNITY, "第五网格"), drops=False)

    assert "已经在它下面。" in shown_labels(tree)


def test_the_root_is_not_dragged(qtbot: QtBot, demo: Context) -> None:
    tree = tree_with(qtbot, demo)
    root = tree.model.index_of(demo.bridge.snapshot.root.uid)

    assert not tree.model.flags(root) & Qt.ItemFlag.ItemIsDragEnabled
