"""The table of seats as a widget: rows are chosen, dragged and dropped on."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QResizeEvent,
)
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

from gridadmin.staffing.seats import Seat
from ui.people.seat_model import SEATS, Column, SeatModel
from ui.texts import tr
from ui.theme import colours

_WIDTHS = {
    Column.NAME: 7,
    Column.POST: 10,
    Column.UNIT: 11,
    Column.BASE_UNIT: 9,
    Column.PLACE: 9,
    Column.SINCE: 7,
    Column.UNTIL: 7,
    Column.PHONE: 8,
    Column.STATE: 8,
}
"""Shares of the width; at least so many heights of a line of text, times ``_LEAST``."""
_LEAST = 0.8
_LEFT_PX, _SIGN_PX = 8, 14


class SeatView(QTableView):
    """The table. Its rows are equally high, so that thousands of them scroll at once."""

    chosen_changed = Signal()
    entered_row = Signal()
    """Enter or a double click on a row."""
    dropped = Signal(object, object)
    """Keys of seats that were dropped on a seat, and that seat."""

    def __init__(self, model: SeatModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._is_quiet = False
        self.setProperty("role", "bare")
        self.setAccessibleName(tr("岗位和人员"))
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDragDropOverwriteMode(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        line = self.fontMetrics().height()
        rows.setDefaultSectionSize(line + 12)
        head = self.horizontalHeader()
        head.setAccessibleName(tr("列"))
        head.setHighlightSections(False)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorClearable(True)
        head.setStretchLastSection(True)
        self._is_fitting = self._is_own_width = False
        head.sectionResized.connect(lambda *_: self._keep_widths())
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        self.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        self.doubleClicked.connect(lambda _: self.entered_row.emit())
        self._kept: list[str] = []
        self._kept_current = ""
        self._place = 0

    # Columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns, until somebody sets one by hand."""
        super().resizeEvent(event)
        if self._is_own_width:
            return
        line = self.fontMetrics().height()
        # The last column takes what is left; a pixel too many would bring a scroll bar.
        share = (self.viewport().width() - 4) / sum(_WIDTHS.values())
        policies = Qt.ScrollBarPolicy
        has_room = share >= line * _LEAST
        self.setHorizontalScrollBarPolicy(
            policies.ScrollBarAlwaysOff if has_room else policies.ScrollBarAsNeeded
        )
        share = max(share, line * _LEAST)
        self._is_fitting = True
        for column, wide in _WIDTHS.items():
            self.setColumnWidth(column, int(wide * share))
        self._is_fitting = False

    def _keep_widths(self) -> None:
        # The last column follows the others by itself; a hand is at the mouse.
        if not self._is_fitting and QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._is_own_width = True
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    # Choosing

    def chosen(self) -> list[Seat]:
        """Return the chosen seats, from the top down."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        found = (self._model.seat_of(self._model.index(row, 0)) for row in rows)
        return [seat for seat in found if seat is not None]

    def choose_rows(self, rows: list[int], *, scrolls: bool = True) -> None:
        """Choose rows instead of whatever was chosen, without telling anybody."""
        selection = self.selectionModel()
        self._is_quiet = True
        try:
            flags = selection.SelectionFlag
            selection.clearSelection()
            for row in rows:
                index = self._model.index(row, 0)
                selection.select(index, flags.Select | flags.Rows)
            if rows:
                first = self._model.index(rows[0], 0)
                selection.setCurrentIndex(first, flags.NoUpdate)
                if scrolls:
                    self.scrollTo(first)
        finally:
            self._is_quiet = False

    def _tell(self) -> None:
        if not self._is_quiet:
            self.chosen_changed.emit()

    def _before_reset(self) -> None:
        self._kept = [seat.key for seat in self.chosen()]
        current = self._model.seat_of(self.currentIndex())
        self._kept_current = "" if current is None else current.key
        self._place = self.verticalScrollBar().value()
        self._is_quiet = True

    def _after_reset(self) -> None:
        self.clearSpans()
        for row in self._model.heads:
            self.setSpan(row, 0, 1, len(Column))
        found = (self._model.row_of(key) for key in self._kept)
        self.choose_rows(sorted(row for row in found if row is not None), scrolls=False)
        current = self._model.row_of(self._kept_current)
        if current is not None:
            flags = self.selectionModel().SelectionFlag
            self.selectionModel().setCurrentIndex(self._model.index(current, 0), flags.NoUpdate)
        self.verticalScrollBar().setValue(self._place)
        self._is_quiet = False

    # Keys and drops

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter acts on the chosen rows; Tab leaves the table."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.chosen():
                self.entered_row.emit()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take dragged seats."""
        if event.mimeData().hasFormat(SEATS):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Let persons be dropped on seats alone."""
        super().dragMoveEvent(event)
        seat = self._model.seat_of(self.indexAt(event.position().toPoint()))
        if seat is None or seat.post is None or not event.mimeData().hasFormat(SEATS):
            event.ignore()
        else:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the dragged person to be put on the seat."""
        seat = self._model.seat_of(self.indexAt(event.position().toPoint()))
        keys = keys_in(event)
        if seat is None or seat.post is None or not keys:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(keys, seat)


def keys_in(event: QDropEvent) -> list[str]:
    """Return the keys of the seats that are dragged."""
    data = event.mimeData().data(SEATS).data()
    return bytes(data).decode().splitlines()


class _Delegate(QStyledItemDelegate):
    """Paints cells by hand: the style sheet would take four times as long for each of them."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a cell: the ground of a chosen row, the sign of a state, words."""
        model = index.model()
        if not isinstance(model, SeatModel):
            return
        row, column, of = index.row(), index.column(), colours()
        box, is_head = option.rect, model.is_head(row)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(of.accent_ground))
        elif is_head:
            painter.fillRect(box, QColor(of.ground))
        room = box.adjusted(_LEFT_PX, 0, -_LEFT_PX, 0)
        font, ink = option.font, of.text
        if is_head:
            font = QFont(font)
            font.setBold(True)
        seat = model.seat_of(index)
        if seat is not None and column == Column.STATE:
            icon = model.icon_of(seat)
            side = _SIGN_PX
            top = box.center().y() - side // 2
            icon.paint(painter, room.left(), top, side, side)
            room.setLeft(room.left() + side + 6)
            ink = getattr(of, model.ink_of(seat))
        elif seat is not None and column == Column.NAME and seat.person is None:
            ink = of.quiet
        metrics = QFontMetrics(font)
        text = metrics.elidedText(
            model.text_at(row, column), Qt.TextElideMode.ElideRight, max(room.width(), 0)
        )
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        is_current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if is_current and not option.state & QStyle.StateFlag.State_Selected:
            painter.drawRect(box.adjusted(0, 0, -1, -1))
