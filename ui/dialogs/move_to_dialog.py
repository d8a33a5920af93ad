"""Below which area the selected ones are to hang: a list to type into and to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.area_search import folded
from gridadmin.app.pinyin import keys_of
from gridadmin.domain.model import CELL_LEVEL, Area
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.words import Sentence, label
from ui.panels import words
from ui.panels.hanging import hang, why_not_hang
from ui.texts import tr
from ui.tips import plain_tip

_KEYS = int(Qt.ItemDataRole.UserRole)
_UID = _KEYS + 1


class _Candidates(QAbstractListModel):
    """Areas that others may hang below."""

    def __init__(self, snapshot: Snapshot, areas: Sequence[Area]) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._areas = areas
        self._keys: dict[int, str] = {}

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Return how many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._areas)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the path of an area, what it is found by, or its uid."""
        area = self._areas[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            code = f"  {words.spaced_code(area.code)}" if area.code else ""
            return words.path_of(self._snapshot, area.uid) + code
        if role == _UID:
            return area.uid
        if role == _KEYS:
            found = self._keys.get(index.row())
            if found is None:
                spelled = keys_of(folded(area.name))
                found = " ".join(
                    (folded(area.name), area.code or "", spelled.initials, spelled.full)
                )
                self._keys[index.row()] = found
            return found
        return None


class MoveToDialog(QDialog):
    """Choose the new parent of areas; Enter moves them there."""

    def __init__(
        self, context: Context, uids: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("移到…"))
        self._context = context
        self._uids = tuple(uids)
        snapshot = context.bridge.snapshot
        names = [words.name_of_uid(snapshot, uid) for uid in uids]
        told = (
            names[0] if len(names) == 1 else tr("{names} 等 {n} 个", names=names[0], n=len(names))
        )
        self.field = QLineEdit()
        self.field.setObjectName("move-filter")
        self.field.setAccessibleName(tr("筛选区域"))
        self.field.setPlaceholderText(tr("筛选：名称、编码、拼音"))
        self.field.installEventFilter(self)
        self._model = _Candidates(snapshot, candidates(snapshot, uids))
        self._shown = QSortFilterProxyModel()
        self._shown.setSourceModel(self._model)
        self._shown.setFilterRole(_KEYS)
        self.list = QListView()
        self.list.setObjectName("move-list")
        self.list.setAccessibleName(tr("新的上级"))
        self.list.setUniformItemSizes(True)
        self.list.setModel(self._shown)
        self.fault = Sentence()
        self.fault.setObjectName("fault")
        buttons = QDialogButtonBox()
        self.main_button = buttons.addButton(tr("移动"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.main_button.setObjectName("main")
        self.main_button.setProperty("role", "primary")
        self.main_button.setDefault(True)
        buttons.addButton(tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        column.addWidget(label(tr("把{names}移到：", names=told)))
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.fault)
        column.addWidget(buttons)
        self.field.textChanged.connect(self._filter)
        self.list.doubleClicked.connect(lambda _: self._move())
        buttons.accepted.connect(self._move)
        buttons.rejected.connect(self.reject)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._judge())
        em = self.fontMetrics().height()
        self.resize(30 * em, 30 * em)
        self._filter("")
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk through the list while one types."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        ):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = min(max(self.list.currentIndex().row() + step, 0), self._shown.rowCount() - 1)
            self.list.setCurrentIndex(self._shown.index(row, 0))
            return True
        return super().eventFilter(watched, event)

    def _filter(self, typed: str) -> None:
        self._shown.setFilterFixedString(folded(typed.strip()))
        self.list.setCurrentIndex(self._shown.index(0, 0))
        self._judge()

    def _judge(self) -> None:
        """Say at once why the areas can't go where the mark stands."""
        to = self.list.currentIndex().data(_UID)
        why = tr("没有符合的区域。") if to is None else self._why_not(to)
        self.main_button.setEnabled(not why)
        self.main_button.setToolTip(plain_tip(why))
        self.fault.say(why)

    def _why_not(self, to: str) -> str:
        return why_not_hang(self._context.bridge, self._uids, to)

    def _move(self) -> None:
        to = self.list.currentIndex().data(_UID)
        if to is not None and not self._why_not(to) and hang(self._context, self._uids, to):
            self.accept()


def candidates(snapshot: Snapshot, uids: Sequence[str]) -> list[Area]:
    """Return the areas that all of these may hang below, in the order of the tree."""
    areas = [snapshot.area(uid) for uid in uids]
    wanted: set[str] | None = None
    for area in areas:
        level = "micro_grid" if area.level == CELL_LEVEL else area.level
        known = snapshot.scheme.level(level)
        above = set() if known is None else set(known.parents)
        wanted = above if wanted is None else wanted & above
    parents = {area.parent for area in areas}
    only = parents.pop() if len(parents) == 1 else None
    found = [a for a in snapshot.areas() if a.level in (wanted or ()) and a.uid != only]
    return sorted(found, key=lambda area: (area.code or "~", area.name, area.uid))
