"""How the area tree looks: sign, name, marks and households of an area in one line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from ui.panels.area_model import AREAS, AreaModel, AreaRole, AreaRow
from ui.panels.marks import draw_state
from ui.texts import tr
from ui.theme import colours, icon
from ui.turns import take_turn

Index = QModelIndex | QPersistentModelIndex
WhyNotHang = Callable[[tuple[str, ...], str], str]

_GAP_PX = 7
_WIDEST_STEP_PX = 20
_LEAST_NAME = 5
"""So many characters of a name matter more than the unit behind the households."""


class AreaView(QTreeView):
    """The tree itself. Rows are painted here; Enter and double clicks ask to show an area."""

    show_wanted = Signal(QModelIndex)
    copy_wanted = Signal()
    hang_wanted = Signal(object, str)
    """Areas (uids) that were dropped on another one (its uid)."""
    hang_refused = Signal(str)
    """Why what is dragged can't hang where it is; empty when it can, and when the drag is over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bare")
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setAnimated(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIndentation(min(self.fontMetrics().height(), _WIDEST_STEP_PX))
        self.setItemDelegate(_Delegate(self))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.doubleClicked.connect(self.show_wanted)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.why_not_hang: WhyNotHang = lambda _uids, _to: ""
        """Says why areas can't hang below another one; set by whoever knows the project."""
        self._over: tuple[tuple[str, ...], str] | None = None
        self._why = ""
        self._painted: dict[int, AreaRow | None] = {}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the current area, Copy takes its code."""
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_editing:
            if self.currentIndex().isValid():
                self.show_wanted.emit(self.currentIndex())
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
            return
        super().keyPressEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Say while areas are dragged over another one whether, and why not, they may go there."""
        super().dragMoveEvent(event)
        uids, index = _dragged(event), self.indexAt(event.position().toPoint())
        to = index.data(AreaRole.UID) if index.isValid() else None
        if not uids or to is None:
            self._look_over(None)
            event.ignore()
            return
        self._look_over((uids, to))
        if self._why:
            event.ignore()
        else:
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()

    def _look_over(self, over: tuple[tuple[str, ...], str] | None) -> None:
        """Ask once for each row that the pointer comes over."""
        if over == self._over:
            return
        self._over = over
        self._why = "" if over is None else self.why_not_hang(*over)
        self.hang_refused.emit(self._why)
        self.viewport().update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget where areas were dragged over."""
        super().dragLeaveEvent(event)
        self._look_over(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for what was dropped on an area to hang below it."""
        uids, index = _dragged(event), self.indexAt(event.position().toPoint())
        to = index.data(AreaRole.UID) if index.isValid() else None
        if uids and to is not None:
            self._look_over((uids, to))
        is_refused = not uids or to is None or bool(self._why)
        self._look_over(None)
        if is_refused:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.hang_wanted.emit(uids, to)

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line from edge to edge."""
        take_turn()
        row = QRect(0, options.rect.top(), self.viewport().width(), options.rect.height())
        has_mouse = bool(options.state & QStyle.StateFlag.State_MouseOver)
        index = _plain(index)
        self._draw_ground(painter, row, index, has_mouse=has_mouse)
        shown = self._painted[index.internalId()] = self._row_of(index)
        if shown is None:
            return
        item = self.visualRect(index)
        if shown.has_children:
            _draw_arrow(painter, self._arrow_box(item), is_open=self.isExpanded(index))
        _draw_area(painter, self.font(), item.adjusted(2, 0, -10, 0), shown)

    def paint_news(self) -> None:
        """Paint the rows in view that show something else than they did."""
        take_turn()
        port, before, self._painted = self.viewport(), self._painted, {}
        index = self.indexAt(QPoint(0, 0))
        while index.isValid():
            box = self.visualRect(index)
            if box.top() > port.height():
                break
            known = before.get(index.internalId())
            if known is None or known != self._row_of(index):
                port.update(0, box.top(), port.width(), box.height())
            else:
                self._painted[index.internalId()] = known
            index = self.indexBelow(index)

    def _row_of(self, index: QModelIndex) -> AreaRow | None:
        model = self.model()
        return model.row_of(index) if isinstance(model, AreaModel) else None

    def _draw_ground(
        self, painter: QPainter, row: QRect, index: QModelIndex, *, has_mouse: bool
    ) -> None:
        of = colours()
        if self.selectionModel().isSelected(index):
            painter.fillRect(row, QColor(of.accent_ground))
            painter.fillRect(row.x(), row.y(), 3, row.height(), QColor(of.accent))
        elif has_mouse:
            painter.fillRect(row, QColor(of.ground))
        if self._over is not None and index.data(AreaRole.UID) == self._over[1]:
            colour = QColor(of.error if self._why else of.accent)
            painter.setPen(
                QPen(colour, 2, Qt.PenStyle.DashLine if self._why else Qt.PenStyle.SolidLine)
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(row.adjusted(1, 1, -2, -2))
        if self.hasFocus() and index == self.currentIndex():
            painter.setPen(QPen(QColor(of.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(row.adjusted(0, 0, -1, -1))

    def _arrow_box(self, item: QRect) -> QRectF:
        step = self.indentation()
        return QRectF(item.left() - step, item.top(), step, item.height())


def _dragged(event: QDropEvent) -> tuple[str, ...]:
    """Return the uids of the areas that are dragged."""
    data = bytes(event.mimeData().data(AREAS).data()).decode()
    return tuple(data.splitlines())


class _Delegate(QStyledItemDelegate):
    """How high a row is, and the field in which an area is renamed."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line of text with air around it."""
        return QSize(60, option.fontMetrics.height() + 9)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a field for the name."""
        field = QLineEdit(parent)
        field.setAccessibleName(tr("区域名称"))
        # A field in a row has no room for the padding of other fields.
        field.setStyleSheet("QLineEdit { padding: 0 4px; min-height: 0; border-radius: 3px; }")
        return field

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the field where the name stands."""
        left = _dot_px(option.fontMetrics) + _GAP_PX
        editor.setGeometry(option.rect.adjusted(left, 1, -6, -1))


def _plain(index: Index) -> QModelIndex:
    if isinstance(index, QModelIndex):
        return index
    return index.model().index(index.row(), index.column(), index.parent())


def _dot_px(metrics: QFontMetrics) -> int:
    return max(round(metrics.height() * 0.56), 8)


def _draw_arrow(painter: QPainter, box: QRectF, *, is_open: bool) -> None:
    size = min(box.width(), box.height()) * 0.22
    middle = box.center()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colours().quiet), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    ways = ((-1, -0.5), (0, 0.5), (1, -0.5)) if is_open else ((-0.5, -1), (0.5, 0), (-0.5, 1))
    painter.drawPolyline([QPointF(middle.x() + x * size, middle.y() + y * size) for x, y in ways])
    painter.restore()


def _draw_area(painter: QPainter, font: QFont, box: QRect, row: AreaRow) -> None:
    """Paint sign, name, marks and households of an area into *box*."""
    name_font = QFont(font)
    name_font.setItalic(row.is_listed)
    metrics = QFontMetrics(name_font)
    dot = _dot_px(metrics)
    sign = QRectF(box.left(), box.center().y() - dot / 2 + 0.5, dot, dot)
    draw_state(painter, sign, row.state, is_hollow=row.is_listed)

    left = box.left() + dot + _GAP_PX
    whole, marks = row.name, _marks_px(row, metrics)
    least = min(metrics.horizontalAdvance(whole), _LEAST_NAME * metrics.height()) + marks + _GAP_PX
    right = _draw_households(painter, font, box.adjusted(left - box.left(), 0, 0, 0), row, least)
    room = max(right - left - marks - _GAP_PX, 0)
    # The end of a name tells most of it, but of a few characters the first ones do.
    is_short = room < _LEAST_NAME * metrics.height()
    elide = Qt.TextElideMode.ElideRight if is_short else Qt.TextElideMode.ElideMiddle
    name = metrics.elidedText(whole, elide, room)
    painter.setFont(name_font)
    painter.setPen(QColor(colours().quiet if row.is_listed else colours().text))
    painter.drawText(
        QRect(left, box.top(), right - left, box.height()), Qt.AlignmentFlag.AlignVCenter, name
    )
    _draw_marks(painter, font, QRect(left, box.top(), right - left, box.height()), row, name)


def _draw_households(painter: QPainter, font: QFont, box: QRect, row: AreaRow, least: int) -> int:
    """Paint the households at the right edge and return where they begin.

    Where less than *least* is left for the name they stand without their unit.
    """
    words, metrics = row.households, QFontMetrics(font)
    if metrics.horizontalAdvance(words) > box.width() - least:
        words = row.figure
    width = metrics.horizontalAdvance(words)
    if not words or width > box.width():
        return box.right()
    painter.setFont(font)
    painter.setPen(QColor(colours().quiet))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(box, flags, words)
    return box.right() - width


def _marks_px(row: AreaRow, metrics: QFontMetrics) -> int:
    width = 0
    if row.is_stacked:
        width += _icon_px(metrics) + 4
    if row.is_exclusive:
        width += _chip_px(metrics) + 4
    return width


def _icon_px(metrics: QFontMetrics) -> int:
    return max(metrics.height() - 3, 12)


def _chip_px(metrics: QFontMetrics) -> int:
    return metrics.horizontalAdvance(_exclusive_word()) + 6


def _exclusive_word() -> str:
    return tr("专")


def _draw_marks(painter: QPainter, font: QFont, box: QRect, row: AreaRow, name: str) -> None:
    """Paint what tells stacked areas and exclusive grids apart, behind the name."""
    metrics = QFontMetrics(font)
    left = box.left() + metrics.horizontalAdvance(name) + 5
    if row.is_stacked:
        side = _icon_px(metrics)
        icon("stack", "quiet").paint(
            painter, QRect(left, box.center().y() - side // 2 + 1, side, side)
        )
        left += side + 4
    if row.is_exclusive:
        chip = QRectF(left, box.center().y() - metrics.height() / 2 + 1, _chip_px(metrics), 0)
        chip.setHeight(metrics.height() - 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours().quiet), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        small = QFont(font)
        small.setPixelSize(max(round(QFontMetrics(font).height() * 0.62), 8))
        painter.setFont(small)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, _exclusive_word())
        painter.restore()
