"""The list below the field that finds everything: its rows, where it stands, how they look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.search import Found
from ui.texts import tr
from ui.theme import colours, icon

ROW = Qt.ItemDataRole.UserRole
"""Under this role an item holds its :class:`Row`."""
_ROWS_SEEN = 11
_NARROWEST_PX = 440


@dataclass(frozen=True)
class Row:
    """A line of the list: a heading, something found, a command or a remark."""

    title: str
    quiet: str = ""
    right: str = ""
    sign: str = ""
    found: Found | None = None
    command: str = ""
    is_heading: bool = False
    is_off: bool = False
    act: Callable[[], object] | None = None
    """What choosing it does, where it is neither found land nor a command."""


class SearchPopup(QFrame):
    """The list below the field; a part of the window, so that the field keeps the keyboard."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field.window())
        self._field = field
        self.setObjectName("search_popup")
        self.setProperty("role", "float")
        self.list = QListWidget()
        self.list.setObjectName("search_results")
        self.list.setProperty("role", "bare")
        self.list.setAccessibleName(tr("查找结果"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 3, 3, 3)
        column.addWidget(self.list)
        self.hide()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """List *rows* with the first that can be chosen marked."""
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(row.title)
            item.setData(ROW, row)
            spoken = [row.title, row.quiet, row.right]
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in spoken if part)
            )
            if row.is_heading:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self._stand()
        self.show()
        self.raise_()
        self.list.setCurrentRow(-1)
        self.move_by(1)

    def move_by(self, step: int) -> None:
        """Mark the entry *step* further on; headings are stepped over, the ends hold."""
        row, way = self.list.currentRow(), 1 if step > 0 else -1
        for _ in range(abs(step)):
            further = row + way
            while 0 <= further < self.list.count() and self._row(further).is_heading:
                further += way
            if not 0 <= further < self.list.count():
                break
            row = further
        self.list.setCurrentRow(row)
        if 0 <= row < self.list.count():
            above = row - 1
            if above == 0 and self._row(0).is_heading:
                self.list.scrollToTop()

    def _row(self, number: int) -> Row:
        row: Row = self.list.item(number).data(ROW)
        return row

    def _stand(self) -> None:
        """Stand below the field, as wide as it or wider, and inside the window."""
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        corner = self._field.mapTo(window, QPoint(0, self._field.height() + 4))
        width = max(self._field.width(), min(_NARROWEST_PX, window.width() - 16))
        count = self.list.count()
        heights = [self.list.sizeHintForRow(row) for row in range(count)]
        height = sum(heights[:_ROWS_SEEN]) + 12
        x = min(corner.x(), window.width() - width - 8)
        self.setGeometry(
            max(x, 8), corner.y(), width, min(height, window.height() - corner.y() - 8)
        )


class _RowDelegate(QStyledItemDelegate):
    """An icon, the title with a code or shortcut at its right, and a quieter line below."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Be as high as the lines of the row need."""
        row: Row = index.data(ROW)
        line = option.fontMetrics.height()
        if row.is_heading:
            return QSize(100, line + 8)
        return QSize(100, line * (2 if row.quiet else 1) + (10 if row.quiet else 12))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the ground by the style and the words by hand."""
        row: Row = index.data(ROW)
        if not row.is_heading:
            self._ground(painter, option, index)
        painter.save()
        if row.is_heading:
            self._heading(painter, option, row)
        else:
            self._words(painter, option, row)
        painter.restore()

    def _ground(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        ground: Any = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        ground.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget
        )

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        painter.setPen(colours().quiet)
        box = option.rect.adjusted(10, 2, -10, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, row.title)

    def _words(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        metrics, line = option.fontMetrics, option.fontMetrics.height()
        box = option.rect.adjusted(40, 5 if row.quiet else 6, -12, -5)
        upper = QRect(box.left(), box.top(), box.width(), line)
        sign = icon(row.sign, "quiet").pixmap(QSize(18, 18))
        painter.setOpacity(0.5 if row.is_off else 1.0)
        painter.drawPixmap(option.rect.left() + 13, option.rect.center().y() - 8, sign)
        painter.setOpacity(1.0)
        painter.setPen(colours().quiet)
        right = metrics.elidedText(row.right, Qt.TextElideMode.ElideLeft, box.width() // 2)
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        bold = QFont(option.font)
        bold.setBold(not row.is_off and row.found is not None)
        painter.setFont(bold)
        painter.setPen(colours().quiet if row.is_off else colours().text)
        room = box.width() - metrics.horizontalAdvance(right) - 12
        title = QFontMetrics(bold).elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(upper, left, title)
        if row.quiet:
            painter.setFont(option.font)
            painter.setPen(colours().warning_text if row.is_off else colours().quiet)
            lower = QRect(box.left(), box.top() + line, box.width(), line)
            quiet = metrics.elidedText(row.quiet, Qt.TextElideMode.ElideMiddle, box.width())
            painter.drawText(lower, left, quiet)
