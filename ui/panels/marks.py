"""The signs of a state: each has a shape and a colour of its own, so that colour is never alone."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from gridadmin.domain.check_kinds import Severity
from ui.texts import mark, tr
from ui.theme import colours


class State(StrEnum):
    """How something stands."""

    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"
    """Not checked yet."""


_WORDS = {
    State.FINE: mark("没有问题"),
    State.NOTE: mark("有提示"),
    State.WARNING: mark("有警告"),
    State.ERROR: mark("有错误"),
    State.UNKNOWN: mark("尚未检查"),
}

_COLOURS = {
    State.FINE: "good",
    State.NOTE: "accent",
    State.WARNING: "warning",
    State.ERROR: "error",
    State.UNKNOWN: "quiet",
}


def state_of(severity: Severity | None) -> State:
    """Return the state of what has issues of that severity at worst, or none."""
    if severity is None:
        return State.FINE
    return {
        Severity.ERROR: State.ERROR,
        Severity.WARNING: State.WARNING,
        Severity.INFO: State.NOTE,
    }[severity]


def words_of(state: State) -> str:
    """Return a state in words."""
    return tr(_WORDS[state])


def draw_state(painter: QPainter, box: QRectF, state: State, *, is_hollow: bool = False) -> None:
    """Draw a state into a square: circle, diamond, triangle, square, or a ring when unknown.

    A hollow sign stands for an area without land.
    """
    colour = QColor(getattr(colours(), _COLOURS[state]))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_hollow = is_hollow or state is State.UNKNOWN
    pen = QPen(colour, 1.4)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen if is_hollow else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if is_hollow else colour)
    inner = box.adjusted(0.7, 0.7, -0.7, -0.7) if is_hollow else box
    if state in (State.FINE, State.UNKNOWN):
        painter.drawEllipse(inner)
    elif state is State.WARNING:
        painter.drawPolygon(_triangle(inner))
    elif state is State.NOTE:
        painter.drawPolygon(_diamond(inner))
    else:
        painter.drawRect(inner.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()


def _triangle(box: QRectF) -> QPolygonF:
    return QPolygonF(
        [
            QPointF(box.center().x(), box.top() - 0.5),
            QPointF(box.right() + 0.8, box.bottom()),
            QPointF(box.left() - 0.8, box.bottom()),
        ]
    )


def _diamond(box: QRectF) -> QPolygonF:
    middle = box.center()
    return QPolygonF(
        [
            QPointF(middle.x(), box.top() - 0.5),
            QPointF(box.right() + 0.5, middle.y()),
            QPointF(middle.x(), box.bottom() + 0.5),
            QPointF(box.left() - 0.5, middle.y()),
        ]
    )


def state_pixmap(state: State, size_px: int, ratio: float) -> QPixmap:
    """Return a state as a picture of *size_px* logical pixels."""
    pixmap = QPixmap(QSize(size_px, size_px) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_state(painter, QRectF(1.5, 1.5, size_px - 3, size_px - 3), state)
    painter.end()
    return pixmap


class StateMark(QWidget):
    """The sign of a state as a widget, as high as a line of text."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        side = self._side()
        self.setFixedSize(side + 4, self.fontMetrics().height())
        self.setAccessibleName(words_of(state))
        self.setToolTip(words_of(state))

    def _side(self) -> int:
        return max(self.fontMetrics().height() // 2, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign in the middle."""
        side = self._side()
        painter = QPainter(self)
        draw_state(painter, QRectF(2, (self.height() - side) / 2, side, side), self._state)
        painter.end()
