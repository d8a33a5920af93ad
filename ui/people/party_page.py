"""The party tree: organisations below one another, linked to areas, with secretaries and counts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from gridadmin.domain.people import PartyNode
from gridadmin.staffing.book import StaffBook
from ui.panels.parts import ElidedButton, label
from ui.panels.words import UNKNOWN, dotted, name_of_uid
from ui.people import words
from ui.people.body_reasons import why_not
from ui.people.desk import PeopleDesk
from ui.people.late_page import LatePage
from ui.texts import mark, tr
from ui.tips import plain_tip

KINDS = {
    "work_committee": mark("街道党工委"),
    "community_committee": mark("社区党组织"),
    "branch": mark("网格党支部"),
    "group": mark("楼院党小组"),
}
_UID = int(Qt.ItemDataRole.UserRole) + 1
_HEADS = (
    mark("党组织"),
    mark("类别"),
    mark("书记或组长"),
    mark("所在区域"),
    mark("联系户数"),
)
_OPEN_DEPTH = 2


class PartyTree(QTreeWidget):
    """The tree; an organisation can be dragged below another."""

    moved = Signal(object, object)
    """The item that was dragged, and the one that it was dropped on (None: on no other)."""
    gone_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setExpandsOnDoubleClick(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take rows of a tree alone."""
        if set(self.mimeTypes()) & set(event.mimeData().formats()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take the dragged organisation anywhere but on itself."""
        super().dragMoveEvent(event)
        over = self.itemAt(event.position().toPoint())
        if over is None or over is self.currentItem():
            event.ignore()
        else:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say what was dropped where: the tree follows the project, not the mouse."""
        over, moved = self.itemAt(event.position().toPoint()), self.currentItem()
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if moved is not None and over is not None and over is not moved:
            self.moved.emit(moved, over)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks for the end of the current organisation."""
        if event.key() == Qt.Key.Key_Delete:
            self.gone_wanted.emit()
        else:
            super().keyPressEvent(event)


class PartyPage(LatePage):
    """The second tree; a chosen organisation selects its area."""

    new_wanted = Signal(object)
    """A new organisation, below the one given (None: for the selected area)."""
    edit_wanted = Signal(object)
    end_wanted = Signal(object)
    move_wanted = Signal(object, object)
    """An organisation, and the one that it is to hang below."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._is_telling = False
        self._items: dict[str, QTreeWidgetItem] = {}
        self.tree = PartyTree()
        self.tree.setObjectName("party_tree")
        self.tree.setProperty("role", "bare")
        self.tree.setAccessibleName(tr("党组织"))
        self.tree.setHeaderLabels([tr(said) for said in _HEADS])
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        head = self.tree.header()
        head.setAccessibleName(tr("列"))
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setStretchLastSection(False)
        for column in range(1, len(_HEADS)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(column, 10 * self.fontMetrics().height())
        self._said = label("", "quiet")
        self._said.setContentsMargins(12, 8, 12, 6)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.setSpacing(0)
        column_box.addLayout(self._made_tools())
        column_box.addWidget(self.tree, 1)
        self.tree.currentItemChanged.connect(lambda now, _: self._select(now))
        self.tree.itemActivated.connect(lambda item, _: self._show(item))
        self.tree.currentItemChanged.connect(lambda *_: self._judge())
        self.tree.moved.connect(self._move)
        self.tree.gone_wanted.connect(self._end)
        desk.context.selection.changed.connect(self._show_selection)
        desk.actions.refreshed.connect(self._judge)

    def _made_tools(self) -> QHBoxLayout:
        self.new_button = ElidedButton(tr("新增…"), lambda: self.new_wanted.emit(None))
        self.new_button.setObjectName("party-new")
        self.below_button = ElidedButton(tr("新增下级…"), self._new_below)
        self.below_button.setObjectName("party-below")
        self.edit_button = ElidedButton(tr("修改…"), self._edit)
        self.edit_button.setObjectName("party-edit")
        self.edit_button.tell(tr("也可以把一个党组织拖到另一个之上，改换上级。"))
        self.end_button = ElidedButton(tr("停用…"), self._end)
        self.end_button.setObjectName("party-end")
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 10, 2)
        row.setSpacing(8)
        row.addWidget(self._said, 1)
        for button in (self.new_button, self.below_button, self.edit_button, self.end_button):
            row.addWidget(button)
        return row

    def read(self) -> bool:
        """Show the organisations as they are now."""
        book = self._desk.staff.book
        if book is None:
            return False
        kept = self._node(self.tree.currentItem())
        self._is_telling = True
        try:
            self._fill(book)
            if kept is not None and kept.uid in self._items:
                # It may hang below one now that is shut.
                self.tree.scrollToItem(self._items[kept.uid])
                self.tree.setCurrentItem(self._items[kept.uid])
        finally:
            self._is_telling = False
        self._show_selection()
        self._judge()
        return True

    def _fill(self, book: StaffBook) -> None:
        opened = {uid for uid, item in self._items.items() if item.isExpanded()}
        was_filled = bool(self._items)
        self.tree.clear()
        self._items = {}
        nodes = sorted(book.party_nodes(), key=lambda one: _place_in_list(book, one))
        for node in nodes:
            self._items[node.uid] = self._item(book, node)
        tops = []
        for node in nodes:
            above = self._items.get(node.parent or "")
            if above is None:
                tops.append(self._items[node.uid])
            else:
                above.addChild(self._items[node.uid])
        self.tree.addTopLevelItems(tops)
        if was_filled:
            for uid in opened & self._items.keys():
                self._items[uid].setExpanded(True)
        else:
            self.tree.expandToDepth(_OPEN_DEPTH - 1)
        self._tell(nodes)

    def _item(self, book: StaffBook, node: PartyNode) -> QTreeWidgetItem:
        kinds = {one.key: words.term(one) for one in book.scheme.organizations}
        kind = KINDS.get(node.kind, node.kind)
        secretary = book.persons.get(node.secretary or "")
        area = node.area
        cells = (
            node.name,
            dotted((tr(kind), kinds.get(node.branch_type or "", ""))),
            UNKNOWN if secretary is None else secretary.name,
            UNKNOWN if area is None else name_of_uid(book.snapshot, area),
            UNKNOWN if node.households_linked is None else f"{node.households_linked:,}",
        )
        item = QTreeWidgetItem(list(cells))
        item.setData(0, _UID, node.uid)
        for column, text in enumerate(cells):
            item.setToolTip(column, plain_tip(text))
        return item

    def _tell(self, nodes: list[PartyNode]) -> None:
        led = sum(node.secretary is not None for node in nodes)
        linked = sum(node.households_linked or 0 for node in nodes)
        if not nodes:
            self._said.setText(tr("还没有登记党组织。"))
            return
        told = (
            tr("{n} 个党组织", n=f"{len(nodes):,}"),
            tr("{n} 个有书记或组长", n=f"{led:,}"),
            tr("联系 {n} 户", n=f"{linked:,}"),
        )
        self._said.setText(dotted(told))

    # Changing

    def _judge(self) -> None:
        why, node = why_not(self._desk), self._node(self.tree.currentItem())
        self.new_button.forbid(why)
        one = why or ("" if node is not None else tr("请先选一个党组织。"))
        for button in (self.below_button, self.edit_button, self.end_button):
            button.forbid(one)

    def _new_below(self) -> None:
        node = self._node(self.tree.currentItem())
        if node is not None:
            self.new_wanted.emit(node)

    def _edit(self) -> None:
        node = self._node(self.tree.currentItem())
        if node is not None:
            self.edit_wanted.emit(node)

    def _end(self) -> None:
        node = self._node(self.tree.currentItem())
        if node is not None and self.end_button.isEnabled():
            self.end_wanted.emit(node)

    def _move(self, moved: QTreeWidgetItem, over: QTreeWidgetItem) -> None:
        node, above = self._node(moved), self._node(over)
        if node is not None and above is not None:
            self.move_wanted.emit(node, above)

    # Choosing

    def item_of(self, uid: str) -> QTreeWidgetItem | None:
        """Return the row of an organisation, None for one that isn't shown."""
        return self._items.get(uid)

    def _node(self, item: QTreeWidgetItem | None) -> Any:
        uid = None if item is None else item.data(0, _UID)
        if uid is None or not self._desk.bridge.is_open:
            return None
        return self._desk.bridge.snapshot.rows("party_node").get(uid)

    def _select(self, item: QTreeWidgetItem | None) -> None:
        node = self._node(item)
        if node is None or node.area is None or self._is_telling:
            return
        self._is_telling = True
        try:
            self._desk.context.selection.select_areas([node.area])
        finally:
            self._is_telling = False

    def _show(self, item: QTreeWidgetItem | None) -> None:
        node = self._node(item)
        if node is not None and node.area is not None:
            self._desk.context.select_and_show(node.area)

    def _show_selection(self) -> None:
        """Go to the organisation of the area that is selected elsewhere."""
        uid = self._desk.context.selection.area
        if self._is_telling or uid is None or not self.isVisible():
            return
        now = self._node(self.tree.currentItem())
        if now is not None and now.area == uid:
            return
        for item in self._items.values():
            node = self._node(item)
            if node is not None and node.area == uid:
                self._is_telling = True
                try:
                    self.tree.setCurrentItem(item)
                finally:
                    self._is_telling = False
                return


def _place_in_list(book: StaffBook, node: PartyNode) -> tuple[str, str, str]:
    """Return what sorts organisations as their areas are listed, by code; then by name."""
    area = "" if node.area is None else book.snapshot.area(node.area).code or "~"
    return area, node.name, node.uid
