"""The party tree: organisations below one another, linked to areas, with secretaries and counts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.domain.people import PartyNode
from gridadmin.staffing.book import StaffBook
from ui.panels.parts import label
from ui.panels.words import UNKNOWN, dotted, name_of_uid
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.texts import mark, tr

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


class PartyPage(QWidget):
    """The second tree; a chosen organisation selects its area."""

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__()
        self._desk = desk
        self._is_stale = True
        self._is_telling = False
        self._items: dict[str, QTreeWidgetItem] = {}
        self.tree = QTreeWidget()
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
        column_box.addWidget(self._said)
        column_box.addWidget(self.tree, 1)
        self.tree.currentItemChanged.connect(lambda now, _: self._select(now))
        self.tree.itemActivated.connect(lambda item, _: self._show(item))
        desk.staff.renewed.connect(self._follow)
        desk.context.selection.changed.connect(self._show_selection)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while nobody looked."""
        super().showEvent(event)
        self._read()

    def _follow(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        book = self._desk.staff.book
        if not self._is_stale or book is None:
            return
        self._is_stale = False
        self._is_telling = True
        try:
            self._fill(book)
        finally:
            self._is_telling = False
        self._show_selection()

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
            item.setToolTip(column, text)
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

    # Choosing

    def _node(self, item: QTreeWidgetItem | None) -> Any:
        uid = None if item is None else item.data(0, _UID)
        return None if uid is None else self._desk.bridge.snapshot.rows("party_node").get(uid)

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
