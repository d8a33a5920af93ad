"""A list to type into and to choose from: a title, what stands beside it, and a line of reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.area_search import folded
from gridadmin.app.pinyin import pattern_of
from gridadmin.app.seat_search import Spellings
from ui.panels.parts import label
from ui.panels.row_list import RowList
from ui.texts import tr
from ui.theme import colours, icon
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex

CHOICE = Qt.ItemDataRole.UserRole + 1
_PAUSE_MS = 100
_GAP_PX = 10


@dataclass(frozen=True)
class Choice:
    """One row. ``for_it`` is said in the colour of good things, ``against`` in that of warnings."""

    key: str
    title: str
    aside: str = ""
    for_it: str = ""
    against: str = ""
    found_by: str = ""
    """What it is found by beside its title."""
    note: str = ""
    """What the second line begins with, said quietly: where it is, say."""


class _Model(QAbstractListModel):
    def __init__(self, spellings: Spellings) -> None:
        super().__init__()
        self.rows: Sequence[Choice] = ()
        self._spellings = spellings
        self._all: Sequence[Choice] = ()
        self._spelled: dict[str, tuple[str, str]] = {}

    def take(self, choices: Sequence[Choice], typed: str) -> None:
        """Take other rows."""
        self._all = choices
        self.narrow(typed)

    def narrow(self, typed: str) -> None:
        """Show the rows that typed words may mean."""
        self.beginResetModel()
        found = list(self._all)
        for word in folded(typed).split():
            search = re.compile(pattern_of(word)).search if word.isascii() else None
            found = [one for one in found if self._fits(one, word, search)]
        self.rows = found
        self.endResetModel()

    def _fits(self, one: Choice, word: str, search: Any) -> bool:
        spelled = self._spelled.get(one.key)
        if spelled is None:
            known, full = self._spellings.of(one.title)
            more = folded(f"{one.aside}\n{one.note}\n{one.found_by}")
            spelled = self._spelled[one.key] = f"{known}\n{more}", full
        text, full = spelled
        return word in text or (search is not None and search(full) is not None)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        one = self.rows[index.row()] if index.isValid() else None
        if one is None:
            return None
        if role == CHOICE:
            return one
        said = (one.title, one.aside, one.note, one.for_it, one.against)
        parts = [part for part in said if part]
        if role == Qt.ItemDataRole.DisplayRole:
            return one.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(parts))
        return tr("，").join(parts) if role == Qt.ItemDataRole.AccessibleTextRole else ""


class ChoiceList(QWidget):
    """The field and the list; arrows walk through the list while one types, Enter takes a row."""

    changed = Signal()
    """Another row is the current one."""
    taken = Signal()
    """Enter or a double click on a row."""

    def __init__(self, name: str, said: str, hint: str, spellings: Spellings | None = None) -> None:
        super().__init__()
        self._model = _Model(spellings or Spellings())
        self.field = QLineEdit()
        self.field.setObjectName(f"{name}-field")
        self.field.setAccessibleName(hint)
        self.field.setPlaceholderText(hint)
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self.view = RowList(_Delegate())
        self.view.setProperty("role", "")
        self.view.setObjectName(f"{name}-list")
        self.view.setAccessibleName(said)
        self.view.setModel(self._model)
        self._none = label("", "quiet", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self._none)
        column.addWidget(self.view, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._narrow)
        self.field.textChanged.connect(lambda _: self._pause.start())
        self.view.selectionModel().currentChanged.connect(lambda *_: self.changed.emit())
        self.view.entered_row.connect(lambda _: self.taken.emit())
        self.view.doubleClicked.connect(lambda _: self.taken.emit())
        self.say(tr("正在排序…"))

    @property
    def chosen(self) -> Choice | None:
        """The current row, None when there is none."""
        found = self.view.currentIndex().data(CHOICE)
        return found if isinstance(found, Choice) else None

    @property
    def rows(self) -> Sequence[Choice]:
        """The rows that are shown."""
        return self._model.rows

    def say(self, said: str) -> None:
        """Say why the list is empty; nothing takes the words away."""
        self._none.setText(said)
        self._none.setVisible(bool(said))

    def take(self, choices: Sequence[Choice]) -> None:
        """Show other rows, the first one chosen."""
        self._model.take(choices, self.field.text())
        self._to_first()

    def finish_typing(self) -> None:
        """Narrow the list at once by what is typed."""
        if self._pause.isActive():
            self._pause.stop()
            self._narrow()

    def _narrow(self) -> None:
        self._model.narrow(self.field.text())
        self._to_first()

    def _to_first(self) -> None:
        self.say("" if self._model.rows else tr("没有符合的。"))
        self.view.setCurrentIndex(self._model.index(0, 0))
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk through the list while one types."""
        keys = Qt.Key
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (keys.Key_Up, keys.Key_Down):
                step = 1 if event.key() == keys.Key_Down else -1
                row = min(max(self.view.currentIndex().row() + step, 0), len(self.rows) - 1)
                self.view.setCurrentIndex(self._model.index(row, 0))
                return True
            if event.key() in (keys.Key_Return, keys.Key_Enter):
                self.finish_typing()
                self.taken.emit()
                return True
        return super().eventFilter(watched, event)


class _Delegate(QStyledItemDelegate):
    """Paints a row in two lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return two lines of text with air around them."""
        return QSize(80, 2 * option.fontMetrics.height() + 13)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        one, of, box = index.data(CHOICE), colours(), option.rect
        if not isinstance(one, Choice):
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(of.accent_ground))
            painter.fillRect(box.x(), box.y(), 3, box.height(), QColor(of.accent))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(of.ground))
        painter.setPen(QColor(of.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        font = QFont(option.font)
        bold = QFont(font)
        bold.setBold(True)
        line = QFontMetrics(font).height()
        room = QRect(box.left() + 12, box.top() + 5, box.width() - 22, line)
        _write(painter, bold, room, ((one.title, of.text),), font, (one.aside, of.quiet))
        room.translate(0, line + 2)
        against = f"⚠ {one.against}" if one.against else ""
        parts = ((one.note, of.quiet), (one.for_it, of.good_text), (against, of.warning_text))
        _write(painter, font, room, parts)


def _write(
    painter: QPainter,
    font: QFont,
    room: QRect,
    parts: Sequence[tuple[str, str]],
    aside_font: QFont | None = None,
    aside: tuple[str, str] = ("", ""),
) -> None:
    """Write words one behind the other, each in its colour, cut off at the end of the line."""
    written = [(font, *part) for part in parts] + [(aside_font or font, *aside)]
    left = room.left()
    for used, text, ink in written:
        metrics = QFontMetrics(used)
        space = room.right() - left
        if not text or space <= 0:
            continue
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, space)
        painter.setFont(used)
        painter.setPen(QColor(ink))
        painter.drawText(
            QRect(left, room.top(), space, room.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        left += metrics.horizontalAdvance(shown) + _GAP_PX
