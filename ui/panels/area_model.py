"""The area tree as an item model: children are fetched when somebody looks at them.

After a change only the rows that it touches are taken out, put in, or told to be read again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, Land
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from ui.bridge import Bridge
from ui.panels import words
from ui.panels.area_words import AreaWords
from ui.panels.marks import State
from ui.panels.project_index import ProjectIndex
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex

AREAS = "application/x-gridadmin-areas"
"""Kind of data of dragged areas: their uids, a line each."""

_MANY = 1500
"""Above this many touched areas it is quicker to read the tree anew."""

_CHOSEN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_CHANGED = _CHOSEN | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDropEnabled
_MOVED = _CHANGED | Qt.ItemFlag.ItemIsDragEnabled


class AreaRow(NamedTuple):
    """All that the row of an area shows."""

    name: str
    state: State
    households: str
    figure: str
    """Households without their unit, for narrow rows."""
    is_listed: bool
    is_stacked: bool
    is_exclusive: bool
    has_children: bool


class AreaRole(IntEnum):
    """What the model tells beside the usual roles."""

    UID = Qt.ItemDataRole.UserRole + 1
    STATE = Qt.ItemDataRole.UserRole + 2
    HOUSEHOLDS = Qt.ItemDataRole.UserRole + 3
    """Households in words, empty for cells."""
    FIGURE = Qt.ItemDataRole.UserRole + 7
    """Households without their unit, for narrow rows."""
    IS_LISTED = Qt.ItemDataRole.UserRole + 4
    IS_STACKED = Qt.ItemDataRole.UserRole + 5
    IS_EXCLUSIVE = Qt.ItemDataRole.UserRole + 6


@dataclass
class _Node:
    """A row: ``children`` is None until somebody looked."""

    number: int
    uid: str
    parent: _Node | None
    row: int
    children: list[_Node] | None = field(default=None)


class AreaModel(QAbstractItemModel):
    """The living areas of the open project."""

    def __init__(self, bridge: Bridge, index: ProjectIndex, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._shown: Collection[str] | None = None
        self._next_number = 1
        self._nodes: dict[int, _Node] = {}
        self._by_uid: dict[str, _Node] = {}
        self._root = _Node(0, "", None, 0)
        self._words = AreaWords(bridge, index)
        self._tellers: Mapping[int, Callable[[Area], Any]] = {
            Qt.ItemDataRole.DisplayRole: words.name_of,
            Qt.ItemDataRole.EditRole: lambda area: area.name,
            Qt.ItemDataRole.ToolTipRole: lambda area: plain_tip(self._words.tip(area)),
            Qt.ItemDataRole.AccessibleTextRole: self._words.spoken,
            AreaRole.UID: lambda area: area.uid,
            AreaRole.STATE: self._words.state_of,
            AreaRole.HOUSEHOLDS: self._words.households,
            AreaRole.FIGURE: self._words.figure,
            AreaRole.IS_LISTED: lambda area: area.land == Land.LISTED,
            AreaRole.IS_STACKED: lambda area: area.land == Land.STACKED or area.level == CELL_LEVEL,
            AreaRole.IS_EXCLUSIVE: lambda area: area.kind == AreaKind.EXCLUSIVE,
        }
        self.read_anew()

    # What is shown

    def read_anew(self) -> None:
        """Forget all rows and read the roots of the open project."""
        self.beginResetModel()
        self._nodes.clear()
        self._by_uid.clear()
        self._root = _Node(0, "", None, 0)
        self._root.children = self._made(self._root, self._children_of(None))
        self.endResetModel()

    def show_only(self, uids: Collection[str] | None) -> None:
        """Show these areas alone (their ancestors must be among them); None = all."""
        if uids is self._shown:
            return
        self._shown = uids
        self.read_anew()

    @property
    def is_filtered(self) -> bool:
        """Whether only some areas are shown."""
        return self._shown is not None

    def follow(self, done: Done) -> bool:
        """Take over a change; return whether the tree had to be read anew."""
        touched = done.changed_areas()
        if len(touched) > _MANY or done.change.of("setting"):
            self.read_anew()
            return True
        parents: set[str | None] = set()
        for row in done.change.of("area"):
            if _place(row.before) == _place(row.after):
                continue
            for area in (row.before, row.after):
                if area is not None:
                    parents.add(area.parent)
        for parent in parents:
            self._set_right(parent)
        if done.change.of("building") or done.change.of("entrance"):
            self.refresh_all()
        else:
            self.refresh(touched)
        return False

    def refresh(self, uids: Iterable[str]) -> None:
        """Have the rows of areas and of all above them read again, where there are any."""
        rows = self._bridge.snapshot.rows("area")
        concerned: set[str] = set()
        for uid in uids:
            current: str | None = uid
            while current is not None and current not in concerned:
                concerned.add(current)
                area = rows.get(current)
                current = None if area is None else area.parent
        for uid in concerned:
            node = self._by_uid.get(uid)
            if node is not None:
                index = self._index_of(node)
                self.dataChanged.emit(index, index)

    def refresh_all(self) -> None:
        """Have all rows that were looked at read again."""
        for node in (self._root, *self._nodes.values()):
            if node.children:
                self.dataChanged.emit(
                    self._index_of(node.children[0]), self._index_of(node.children[-1])
                )

    # Between areas and rows

    def index_of(self, uid: str) -> QModelIndex:
        """Return the row of an area, fetching what leads to it; invalid when it isn't shown."""
        known = self._by_uid.get(uid)
        if known is not None:
            return self._index_of(known)
        if not self._bridge.is_open or uid not in self._bridge.snapshot.rows("area"):
            return QModelIndex()
        chain = [area.uid for area in self._bridge.snapshot.ancestors(uid)]
        for above in reversed(chain):
            node = self._by_uid.get(above)
            if node is None:
                return QModelIndex()
            self.fetchMore(self._index_of(node))
        found = self._by_uid.get(uid)
        return QModelIndex() if found is None else self._index_of(found)

    def uid_of(self, index: Index) -> str | None:
        """Return the area of a row."""
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        return None if node is None else node.uid

    def area_of(self, index: Index) -> Area | None:
        """Return the area of a row as it is now."""
        uid = self.uid_of(index)
        if uid is None or not self._bridge.is_open:
            return None
        found: Area | None = self._bridge.snapshot.rows("area").get(uid)
        return found

    def row_of(self, index: Index) -> AreaRow | None:
        """Return what a row shows now: asking for one role after the other takes much longer."""
        area = self.area_of(index)
        if area is None:
            return None
        return AreaRow(
            words.name_of(area),
            self._words.state_of(area),
            *self._words.households_and_figure(area),
            area.land == Land.LISTED,
            area.land == Land.STACKED or area.level == CELL_LEVEL,
            area.kind == AreaKind.EXCLUSIVE,
            self.hasChildren(index),
        )

    # QAbstractItemModel

    def columnCount(self, parent: Index | None = None) -> int:
        """One column: everything of an area stands in one line."""
        return 1

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Return the index of a child."""
        children = self._node(parent).children
        if column != 0 or children is None or not 0 <= row < len(children):
            return QModelIndex()
        return self._index_of(children[row])

    def parent(self, index: Index | None = None) -> Any:
        """Return the index of the parent; without *index* the parent of the model."""
        if index is None:
            return super().parent()
        above = self._node(index).parent
        if above is None or above is self._root:
            return QModelIndex()
        return self._index_of(above)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many children have been fetched."""
        return len(self._node(parent).children or ())

    def hasChildren(self, parent: Index | None = None) -> bool:
        """Return whether there are children, fetched or not."""
        node = self._node(parent)
        if node.children is not None:
            return bool(node.children)
        uids = self._bridge.snapshot.child_uids(node.uid)
        return bool(uids) if self._shown is None else any(uid in self._shown for uid in uids)

    def canFetchMore(self, parent: Index) -> bool:
        """Return whether there are children that haven't been fetched."""
        return self._node(parent).children is None and self.hasChildren(parent)

    def fetchMore(self, parent: Index) -> None:
        """Fetch the children."""
        node = self._node(parent)
        if node.children is not None:
            return
        uids = self._children_of(node.uid)
        if not uids:
            node.children = []
            return
        self.beginInsertRows(self._index_of(node), 0, len(uids) - 1)
        node.children = self._made(node, uids)
        self.endInsertRows()

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Areas can be chosen, and renamed where the project can be changed."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self._bridge.why_not_change():
            return _CHOSEN
        area = self.area_of(index)
        return _CHANGED if area is None or area.parent is None else _MOVED

    def mimeTypes(self) -> list[str]:
        """Areas are dragged by their uids."""
        return [AREAS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the uids of dragged rows."""
        data = QMimeData()
        uids = [uid for uid in map(self.uid_of, indexes) if uid is not None]
        data.setData(AREAS, "\n".join(uids).encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        """Areas are moved, never copied."""
        return Qt.DropAction.MoveAction

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        area = self.area_of(index)
        if area is None:
            return None
        tell = self._tellers.get(int(role))
        return None if tell is None else tell(area)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename an area."""
        area = self.area_of(index)
        if role != Qt.ItemDataRole.EditRole or area is None or str(value).strip() == area.name:
            return False
        return self._bridge.execute(SetField(area.uid, "name", str(value))) is not None

    # Rows

    def _node(self, index: Index | None) -> _Node:
        if index is None or not index.isValid():
            return self._root
        return self._nodes[index.internalId()]

    def _index_of(self, node: _Node) -> QModelIndex:
        if node is self._root:
            return QModelIndex()
        return self.createIndex(node.row, 0, node.number)

    def _children_of(self, uid: str | None) -> list[str]:
        if not self._bridge.is_open:
            return []
        snapshot: Snapshot = self._bridge.snapshot
        uids = snapshot.child_uids(uid)
        shown = uids if self._shown is None else [child for child in uids if child in self._shown]
        return [area.uid for area in sorted(map(snapshot.area, shown), key=words.sibling_order)]

    def _made(self, parent: _Node, uids: list[str]) -> list[_Node]:
        return [self._new_node(parent, uid, row) for row, uid in enumerate(uids)]

    def _new_node(self, parent: _Node, uid: str, row: int) -> _Node:
        node = _Node(self._next_number, uid, parent, row)
        self._next_number += 1
        self._nodes[node.number] = node
        self._by_uid[uid] = node
        return node

    def _drop(self, node: _Node) -> None:
        for child in node.children or ():
            self._drop(child)
        del self._nodes[node.number]
        if self._by_uid.get(node.uid) is node:
            del self._by_uid[node.uid]

    def _set_right(self, parent: str | None) -> None:
        """Give a parent the children that it has now, if they were ever looked at."""
        node = self._root if parent is None else self._by_uid.get(parent)
        if node is None:
            return
        if node.children is None:
            # Whether it can be opened may have changed, and views ask that only on such occasions.
            self.fetchMore(self._index_of(node))
            if not node.children:
                node.children = None
                self.layoutChanged.emit()
            return
        wanted = self._children_of(parent)
        self._take_out(node, set(wanted))
        self._put_in(node, wanted)
        if not node.children:
            # So that it is asked again when it gets children.
            node.children = None if node is not self._root else []

    def _take_out(self, node: _Node, wanted: set[str]) -> None:
        children = node.children or []
        for row in range(len(children) - 1, -1, -1):
            if children[row].uid not in wanted:
                self.beginRemoveRows(self._index_of(node), row, row)
                self._drop(children.pop(row))
                _number(children, row)
                self.endRemoveRows()

    def _put_in(self, node: _Node, wanted: list[str]) -> None:
        """Bring the children into the wanted order; those that are missing are made."""
        children = node.children if node.children is not None else []
        for row, uid in enumerate(wanted):
            if row < len(children) and children[row].uid == uid:
                continue
            place = next((n for n in range(row, len(children)) if children[n].uid == uid), None)
            above = self._index_of(node)
            if place is None:
                self.beginInsertRows(above, row, row)
                children.insert(row, self._new_node(node, uid, row))
                _number(children, row)
                self.endInsertRows()
            else:
                self.beginMoveRows(above, place, place, above, row)
                children.insert(row, children.pop(place))
                _number(children, row)
                self.endMoveRows()


def _number(children: list[_Node], begin: int) -> None:
    for row in range(begin, len(children)):
        children[row].row = row


def _place(area: Area | None) -> tuple[object, ...] | None:
    """Return what decides where the row of an area stands, None for one that has no row."""
    if area is None or area.valid_to is not None:
        return None
    return area.parent, words.sibling_order(area)
