"""A bar chart that is a list: each row a name, a bar of what is there and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.staffing.bars import Bar
from ui.panels.parts import ElidedLabel
from ui.panels.row_list import RowList
from ui.texts import tr
from ui.theme import colours
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex

BAR = Qt.ItemDataRole.UserRole + 1
_BAR_PX = 9


class _Model(QAbstractListModel):
    def __init__(self, *, is_share: bool) -> None:
        super().__init__()
        self.bars: Sequence[Bar] = ()
        self._is_share = is_share
        self._most = 1

    def take(self, bars: Sequence[Bar]) -> None:
        """Show other bars."""
        self.beginResetModel()
        self.bars = bars
        self._most = max((bar.held + bar.missing for bar in bars), default=1) or 1
        self.endResetModel()

    def most(self, bar: Bar) -> int:
        """Return what the whole width of a bar stands for."""
        return max(bar.held + bar.missing, 1) if self._is_share else self._most

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many bars there are."""
        return 0 if parent is not None and parent.isValid() else len(self.bars)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        if not index.isValid():
            return None
        bar = self.bars[index.row()]
        if role == BAR:
            return bar
        if role == Qt.ItemDataRole.DisplayRole:
            return bar.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            told = tr("{name}：{figure}", name=bar.name, figure=figure(bar))
            if bar.missing:
                told = f"{told} · {tr('缺 {n}', n=f'{bar.missing:,}')}"
            return plain_tip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        return None


def figure(bar: Bar) -> str:
    """Return the figures of a bar: how many of how many."""
    return f"{bar.held:,}" if bar.due is None else f"{bar.held:,} / {bar.due:,}"


class BarList(QWidget):
    """A chart under its heading; Enter or a click goes to what a bar is about.

    With *is_share* each bar is as wide as all that it should be; else they share one scale.
    """

    wanted = Signal(str)
    """The key of a bar."""

    def __init__(self, name: str, heading: str, aside: str = "", *, is_share: bool = False) -> None:
        super().__init__()
        self._model = _Model(is_share=is_share)
        self.view = RowList(_Delegate())
        self.view.setModel(self._model)
        self.view.setObjectName(name)
        self.view.setAccessibleName(heading)
        self.heading = ElidedLabel(heading, "heading")
        self.aside = ElidedLabel(aside, "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 6, 4)
        column.setSpacing(2)
        column.addWidget(self.heading)
        column.addWidget(self.aside)
        column.addWidget(self.view, 1)
        self.view.entered_row.connect(self._go)
        self.view.clicked.connect(self._go)

    @property
    def bars(self) -> Sequence[Bar]:
        """The bars that are shown."""
        return self._model.bars

    def take(self, bars: Sequence[Bar]) -> None:
        """Show other bars."""
        self._model.take(bars)

    def _go(self, index: QModelIndex) -> None:
        bar = index.data(BAR)
        if isinstance(bar, Bar) and bar.key:
            self.wanted.emit(bar.key)


class _Delegate(QStyledItemDelegate):
    """Paints a name with its figures, and the bar below them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a line of text and the bar."""
        return QSize(80, option.fontMetrics.height() + _BAR_PX + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a bar."""
        bar, model, of = index.data(BAR), index.model(), colours()
        if not isinstance(bar, Bar) or not isinstance(model, _Model):
            return
        box = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(of.accent_ground))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(of.ground))
        metrics = QFontMetrics(option.font)
        room = box.adjusted(6, 4, -8, 0)
        room.setHeight(metrics.height())
        told = figure(bar)
        painter.setFont(option.font)
        painter.setPen(QColor(of.error_text if bar.missing else of.quiet))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, told)
        wide = room.width() - metrics.horizontalAdvance(told) - 10
        name = metrics.elidedText(
            bar.name or tr("未登记"), Qt.TextElideMode.ElideRight, max(wide, 0)
        )
        painter.setPen(QColor(of.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        self._draw(painter, QRectF(room.x(), room.bottom() + 4, room.width(), _BAR_PX), bar, model)

    def _draw(self, painter: QPainter, track: QRectF, bar: Bar, model: _Model) -> None:
        of = colours()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(of.ground))
        painter.drawRect(track)
        most = model.most(bar)
        held = track.width() * bar.held / most
        painter.setBrush(QColor(of.accent))
        painter.drawRect(QRectF(track.x(), track.y(), held, track.height()))
        if bar.missing:
            wide = track.width() * bar.missing / most
            gap = QRectF(track.x() + held, track.y(), wide, track.height())
            painter.fillRect(gap, QColor(of.error_ground))
            # What is missing is hatched, so that colour isn't its only sign.
            painter.fillRect(gap, QBrush(QColor(of.error), Qt.BrushStyle.BDiagPattern))
