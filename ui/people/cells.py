"""Tables of very many rows: equally high, painted by hand, columns that share the width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.texts import tr
from ui.theme import colours

LEAST = 0.8
"""A column is at least as wide as its share of so many heights of a line of text."""
_LEFT_PX, _SIGN_PX = 8, 14


class Cells(Protocol):
    """What a table model says of its cells beside the usual roles, without a detour over Qt."""

    @property
    def heads(self) -> Sequence[int]:
        """The rows that are heads of groups."""

    def is_head(self, row: int) -> bool:
        """Return whether a row is the head of a group."""

    def text_at(self, row: int, column: int) -> str:
        """Return what a cell says; the title of a group in its first column."""

    def sign_at(self, row: int, column: int) -> QIcon | None:
        """Return the sign before the words of a cell, if any."""

    def ink_at(self, row: int, column: int) -> str:
        """Return the colour of the words of a cell: a field of Colours."""


class CellTable(QTableView):
    """The table; *shares* are the widths of the columns in proportion."""

    def __init__(
        self, cells: Cells, shares: Sequence[float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._cells = cells
        self._shares = shares
        self.setProperty("role", "bare")
        self.setItemDelegate(_Delegate(cells, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, head = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setAccessibleName(tr("列"))
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        self._is_fitting = self._is_own_width = False
        head.sectionResized.connect(lambda *_: self._keep_widths())
        self._fit_rows()

    def share_width(self, shares: Sequence[float]) -> None:
        """Share the width otherwise, for other columns."""
        self._shares = shares
        self._is_own_width = False
        self._fit_columns()

    def span_heads(self) -> None:
        """Let the heads of groups go over all columns; after the model was read anew."""
        self.clearSpans()
        for row in self._cells.heads:
            self.setSpan(row, 0, 1, len(self._shares))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns, until somebody sets one by hand."""
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Follow letters of another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rows()
            self._fit_columns()

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)

    def _fit_columns(self) -> None:
        if self._is_own_width:
            return
        line = self.fontMetrics().height()
        # The last column takes what is left; a pixel too many would bring a scroll bar.
        share = (self.viewport().width() - 4) / sum(self._shares)
        policies = Qt.ScrollBarPolicy
        has_room = share >= line * LEAST
        self.setHorizontalScrollBarPolicy(
            policies.ScrollBarAlwaysOff if has_room else policies.ScrollBarAsNeeded
        )
        share = max(share, line * LEAST)
        self._is_fitting = True
        for column, wide in enumerate(self._shares):
            self.setColumnWidth(column, int(wide * share))
        self._is_fitting = False

    def _keep_widths(self) -> None:
        # The last column follows the others by itself; a hand is at the mouse, and over the heads:
        # a press on the tab of a page shows the page while the button is still down.
        is_by_hand = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if not self._is_fitting and is_by_hand and self.horizontalHeader().viewport().underMouse():
            self._is_own_width = True
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)


class _Delegate(QStyledItemDelegate):
    """Paints cells by hand: the style sheet would take four times as long for each of them."""

    def __init__(self, cells: Cells, parent: QWidget) -> None:
        super().__init__(parent)
        self._cells = cells

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a cell: the ground of a chosen row, its sign, its words."""
        row, column, of = index.row(), index.column(), colours()
        box, is_head = option.rect, self._cells.is_head(row)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or is_head:
            painter.fillRect(box, QColor(of.accent_ground if is_chosen else of.ground))
        room = box.adjusted(_LEFT_PX, 0, -_LEFT_PX, 0)
        font = option.font
        if is_head:
            font = QFont(font)
            font.setBold(True)
        sign = self._cells.sign_at(row, column)
        if sign is not None:
            sign.paint(painter, room.left(), box.center().y() - _SIGN_PX // 2, _SIGN_PX, _SIGN_PX)
            room.setLeft(room.left() + _SIGN_PX + 6)
        text = QFontMetrics(font).elidedText(
            self._cells.text_at(row, column), Qt.TextElideMode.ElideRight, max(room.width(), 0)
        )
        painter.setFont(font)
        painter.setPen(QColor(getattr(of, self._cells.ink_at(row, column))))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if option.state & QStyle.StateFlag.State_HasFocus and not is_chosen:
            painter.setPen(QColor(of.accent))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
