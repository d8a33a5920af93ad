"""The panel of the change log: what was done, when and by whom; undone gestures stay visible."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QMessageBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.history_facts import (
    Box,
    Standing,
    box_of_change,
    standing_of,
    touched_areas,
)
from gridadmin.base.errors import GridAdminError
from gridadmin.domain.change import LogEntry
from gridadmin.edit.document import Done
from ui.actions import Actions
from ui.bridge import Bridge
from ui.context import Context
from ui.jobs import JobProgress
from ui.panels import words
from ui.panels.desk import widened
from ui.panels.gesture_words import gesture_about
from ui.panels.history_filter_bar import HistoryFilterBar
from ui.panels.history_search import HistorySearch
from ui.panels.parts import ElidedButton, Panel, label
from ui.panels.project_index import ProjectIndex
from ui.panels.row_list import RowList
from ui.texts import tr
from ui.theme import colours
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex

PAGE = 200
_MOST_SELECTED = 300


class HistoryRole(IntEnum):
    """What the model tells beside the usual roles."""

    ASIDE = Qt.ItemDataRole.UserRole + 1
    """When and by whom."""
    IS_UNDONE = Qt.ItemDataRole.UserRole + 2


class HistoryModel(QAbstractListModel):
    """The change log, newest first, read page by page."""

    def __init__(self, bridge: Bridge, index: ProjectIndex, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._index = index
        self._entries: list[LogEntry] = []
        self._undone: frozenset[int] = frozenset()
        self._gesture_of: dict[int, int] = {}
        self._older: dict[int, LogEntry | None] = {}
        self._is_whole = True

    def show_only(self, entries: list[LogEntry], standing: Standing) -> None:
        """Show these entries alone; *standing* is that of the whole log."""
        self.beginResetModel()
        self._entries, self._is_whole = entries, True
        self._undone, self._gesture_of = standing.undone, dict(standing.gesture_of)
        self.endResetModel()

    def read_anew(self) -> None:
        """Read the first page of the open project."""
        self.beginResetModel()
        self._older.clear()
        self._entries = self._bridge.document.history(PAGE) if self._bridge.is_open else []
        self._is_whole = len(self._entries) < PAGE
        self._look_at_standing()
        self.endResetModel()

    def take_new(self, done: Done) -> None:
        """Put the entry of a change at the top."""
        newest = self._bridge.newest_entry()
        if newest is None or newest.revision != done.revision:
            self.read_anew()
            return
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._entries.insert(0, newest)
        self.endInsertRows()
        undone = self._undone
        self._look_at_standing()
        changed = undone ^ self._undone
        for row, entry in enumerate(self._entries):
            if entry.revision in changed:
                self.dataChanged.emit(self.index(row), self.index(row))

    def entry_of(self, index: Index) -> LogEntry | None:
        """Return the entry of a row."""
        return self._entries[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many entries have been read."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def canFetchMore(self, parent: Index) -> bool:
        """Return whether there are older entries; nobody waits for a store that is at work."""
        return not self._is_whole and self._bridge.is_open and not self._bridge.document.is_busy

    def fetchMore(self, parent: Index) -> None:
        """Read the next page."""
        known = len(self._entries)
        entries = self._bridge.document.history(known + PAGE)
        self._is_whole = len(entries) < known + PAGE
        if len(entries) > known:
            self.beginInsertRows(QModelIndex(), known, len(entries) - 1)
            self._entries = entries
            self.endInsertRows()
            self._look_at_standing()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        entry = self.entry_of(index)
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._what(entry)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            said = tr("，").join((self._what(entry), self._aside(entry)))
            return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said
        if role == HistoryRole.ASIDE:
            return self._aside(entry)
        return entry.revision in self._undone if role == HistoryRole.IS_UNDONE else None

    def _what(self, entry: LogEntry) -> str:
        about = self._about(entry)
        # Asked for the rows that are seen alone, so it costs nothing to have a long log.
        said = gesture_about(entry, about, self._index.gist_of(about or entry))
        if entry.note:
            said = tr("{what}：{note}", what=said, note=entry.note)
        return tr("{what}（已撤销）", what=said) if entry.revision in self._undone else said

    def _aside(self, entry: LogEntry) -> str:
        return words.dotted((words.clock(entry.time), entry.author))

    def _about(self, entry: LogEntry) -> LogEntry | None:
        """Return the gesture that an undo or redo took up."""
        revision = self._gesture_of.get(entry.revision)
        if revision is None:
            return None
        place = self._entries[0].revision - revision if self._entries else -1
        if 0 <= place < len(self._entries) and self._entries[place].revision == revision:
            return self._entries[place]
        if revision not in self._older:
            if self._bridge.document.is_busy:
                return None
            self._older[revision] = self._bridge.session.store.log_entry(revision)
        return self._older[revision]

    def _look_at_standing(self) -> None:
        standing = standing_of(self._entries)
        self._undone, self._gesture_of = standing.undone, dict(standing.gesture_of)


class HistoryPanel(Panel):
    """The change log; a click selects and shows what a gesture touched."""

    def __init__(
        self, context: Context, actions: Actions | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("变更记录"), parent)
        self._context = context
        self._bridge = context.bridge
        self._wanted = 0
        self.model = HistoryModel(self._bridge, ProjectIndex.of(context), self)
        self._note = label("", "quiet", wraps=True)
        self._note.setContentsMargins(12, 6, 12, 6)
        self.view = RowList(_Delegate())
        self.view.setModel(self.model)
        self.view.setAccessibleName(tr("变更记录"))
        self.view.clicked.connect(self._show)
        self.view.entered_row.connect(self._show)
        self.filter = HistoryFilterBar()
        self.filter.changed.connect(self._apply)
        self.undo_button = ElidedButton(tr("撤销到这里…"), self._ask_undo)
        self.undo_button.setObjectName("undo-to")
        self.view.selectionModel().currentChanged.connect(lambda *_: self._judge())
        self._search = HistorySearch(context, self)
        self._search.ready.connect(self._apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        self.heading.setContentsMargins(12, 0, 12, 0)
        column.addWidget(self.heading)
        column.addWidget(self.filter)
        column.addWidget(self._note)
        column.addWidget(self.view, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 4, 10, 6)
        foot.addWidget(self.undo_button)
        column.addLayout(foot)
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)
        self._begin()

    def _begin(self) -> None:
        self._wanted += 1
        self._search.forget()
        self.filter.clear()
        self.filter.setEnabled(self._bridge.is_open)
        self.model.read_anew()
        self._tell()

    def _follow(self, done: Done) -> None:
        if self.filter.now.is_empty:
            self.model.take_new(done)
        self._search.follow(done)
        if not self.filter.now.is_empty:
            self._apply()
        self._tell()

    def show_area(self, uid: str) -> None:
        """Show what touched one area alone."""
        self.filter.set_area(uid, words.name_of_uid(self._bridge.snapshot, uid))

    def _apply(self) -> None:
        """Show what passes the filter; the first time the log is read for that in a worker."""
        wanted = self.filter.now
        if not self._bridge.is_open:
            return
        if wanted.is_empty:
            self.model.read_anew()
        elif self._search.index is not None:
            index = self._search.index
            self.model.show_only(index.matching(wanted), index.standing)
            self.filter.show_authors(index.authors())
        else:
            self._search.read()
        self._tell()

    def _tell(self) -> None:
        is_empty = self.model.rowCount() == 0
        said = tr("还没有改动。") if self._bridge.is_open else tr("没有打开的项目。")
        if not self.filter.now.is_empty:
            said = tr("没有符合条件的记录。")
            if self._search.is_reading:
                said = tr("正在读取全部记录…")
        self._note.setText(said)
        self._note.setVisible(is_empty or self._search.is_reading)
        self._judge()

    # Back to an entry

    def _judge(self) -> None:
        """Say why one can't go back to the current entry, or how many steps that is."""
        why, count = self._why_no_undo()
        self.undo_button.forbid(why)
        self.undo_button.tell(tr("撤销这之后的 {n} 步操作。", n=f"{count:,}"))

    def _why_no_undo(self) -> tuple[str, int]:
        why = self._bridge.why_not_change()
        entry = self.model.entry_of(self.view.currentIndex())
        if why or entry is None:
            return why or tr("先选一条记录。"), 0
        count = self._bridge.document.gestures_after(entry.revision)
        if count is None:
            return tr("这一步已撤销，或本身是撤销、重做，不能退到这里。"), 0
        return ("" if count else tr("这就是最近的一步。")), count

    def _ask_undo(self) -> None:
        entry = self.model.entry_of(self.view.currentIndex())
        why, count = self._why_no_undo()
        if entry is None or why:
            return
        what = str(self.model.data(self.view.currentIndex()))
        said = tr("将一次撤销这之后的 {n} 步操作，回到：{what}", n=f"{count:,}", what=what)
        box = QMessageBox(QMessageBox.Icon.Question, tr("撤销到这里"), said, parent=self)
        box.setInformativeText(tr("撤销的操作留在记录里，可以逐步重做；方案的状态也一起退回。"))
        act = box.addButton(tr("撤销 {n} 步", n=f"{count:,}"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(tr("不撤销"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        act.clicked.connect(lambda *_: self._bridge.undo_to(entry.revision))
        box.open()

    def _show(self, index: QModelIndex) -> None:
        """Select the areas that a gesture touched and let the map show them."""
        entry = self.model.entry_of(index)
        if entry is None:
            return
        self._wanted += 1
        wanted, store, snapshot = self._wanted, self._bridge.session.store, self._bridge.snapshot

        def read(_: JobProgress) -> _Touched:
            change = store.change_at(entry.revision)
            return _Touched(touched_areas(snapshot, change), box_of_change(change))

        def take(touched: _Touched) -> None:
            if wanted == self._wanted:
                self._take(touched)

        def fail(error: BaseException) -> None:
            if wanted == self._wanted:
                self._fail(error)

        self._context.jobs.start(
            tr("读取变更记录"), read, on_done=take, on_failed=fail, is_quiet=True
        )

    def _take(self, touched: _Touched) -> None:
        rows = self._bridge.snapshot.rows("area")
        alive = sorted(uid for uid in touched.areas if uid in rows and rows[uid].valid_to is None)
        if len(alive) <= _MOST_SELECTED:
            self._context.selection.select_areas(alive)
        else:
            self._context.messages.note(
                tr("这次改动涉及 {n} 个区域，没有逐个选中。", n=f"{len(alive):,}")
            )
        boxes = [touched.box] if touched.box is not None else []
        if not boxes:
            found = [self._bridge.box_of_area(uid) for uid in alive[:_MOST_SELECTED]]
            boxes = [box for box in found if box is not None]
        if boxes:
            west, south, east, north = zip(*boxes, strict=True)
            box = min(west), min(south), max(east), max(north)
            self._context.navigator.show_box(widened(box))
        if not alive and not boxes:
            self._context.messages.note(tr("这次改动没有涉及现有的区域。"))

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._context.messages.refused(error)


@dataclass(frozen=True)
class _Touched:
    areas: frozenset[str]
    box: Box | None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return two lines of text with air around them."""
        return QSize(80, 2 * option.fontMetrics.height() + 13)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint what was done, and below it when and by whom."""
        of, box = colours(), option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(of.accent_ground))
            painter.fillRect(box.x(), box.y(), 3, box.height(), QColor(of.accent))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(of.ground))
        painter.setPen(QPen(QColor(of.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        is_undone = bool(index.data(HistoryRole.IS_UNDONE))
        font = QFont(option.font)
        font.setStrikeOut(is_undone)
        high = QFontMetrics(font).height()
        room = QRect(box.left() + 13, box.top() + 5, box.width() - 21, high)
        painter.setPen(QColor(of.quiet if is_undone else of.text))
        _draw_elided(painter, font, room, str(index.data()))
        room.translate(0, high + 2)
        painter.setPen(QColor(of.quiet))
        _draw_elided(painter, QFont(option.font), room, str(index.data(HistoryRole.ASIDE)))


def _draw_elided(painter: QPainter, font: QFont, room: QRect, text: str) -> None:
    painter.setFont(font)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(room.width(), 0))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
