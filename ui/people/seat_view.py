"""The table of seats as a widget: rows are chosen, dragged and dropped on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from gridadmin.staffing.seats import Seat
from ui.people.cells import CellTable
from ui.people.seat_model import SEATS, Column, SeatModel
from ui.texts import tr

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


class SeatView(CellTable):
    """The table of seats."""

    chosen_changed = Signal()
    entered_row = Signal()
    """Enter or a double click on a row."""
    dropped = Signal(object, object)
    """Keys of seats that were dropped on a seat, and that seat."""

    def __init__(self, model: SeatModel, parent: QWidget | None = None) -> None:
        super().__init__(model, [_WIDTHS[column] for column in Column], parent)
        self._model = model
        self._is_quiet = False
        self.setAccessibleName(tr("岗位和人员"))
        self.setModel(model)
        self.setSortingEnabled(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDragDropOverwriteMode(True)
        head = self.horizontalHeader()
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorClearable(True)
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        self.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        self.doubleClicked.connect(lambda _: self.entered_row.emit())
        self._kept: list[str] = []
        self._kept_current = ""
        self._place = 0

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
        self.span_heads()
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
