"""What the fills of the map mean, where they tell more than where areas end."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.canvas.patterns import fill_with_pattern
from ui.canvas.sheet import Sheet
from ui.canvas.staff_marks import WORDS as STAFF_WORDS
from ui.canvas.style import BandFill, BandState, FillTheme, MapStyle
from ui.canvas.viewport import Viewport
from ui.texts import mark, tr
from ui.theme import colours

_WORDS = {
    BandState.BELOW: mark("户数少于标准"),
    BandState.INSIDE: mark("在标准之内"),
    BandState.ABOVE: mark("户数多于标准"),
    BandState.UNKNOWN: mark("户数未知或没有标准"),
}
_SWATCH_PX, _GAP_PX = 30, 8


class Legend(QFrame):
    """The key to the colours and patterns of the map; hidden where fills mean nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("legend")
        self.setProperty("role", "float")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.setSpacing(4)
        self._lines: list[_Line] = []
        self.hide()

    @property
    def words(self) -> list[str]:
        """What it says, from the top down."""
        return [line.words for line in self._lines]

    def show_style(self, style: MapStyle) -> None:
        """Explain the fills of a style."""
        for line in self._lines:
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines = []
        if style.fills is FillTheme.HOUSEHOLDS:
            self._lines = [
                _Line(self, tr(words), style.palette.bands[state], style)
                for state, words in _WORDS.items()
            ]
        elif style.fills in STAFF_WORDS:
            self._lines = [
                _Line(self, tr(words), style.palette.staff[state], style)
                for state, words in STAFF_WORDS[style.fills].items()
            ]
        for line in self._lines:
            self._column.addWidget(line)
            line.show()
        self.setAccessibleName(tr("图例：{words}", words=tr("、").join(self.words)))
        self.setVisible(bool(self._lines))
        self.place()

    below_px = 0
    """Where what stands above it ends."""
    least_px = 56
    """So far from the top it stands at least: the hint line has its room."""

    def place(self) -> None:
        """Stand at the upper right, below the hint line."""
        self._column.activate()
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None:
            self.move(parent.width() - self.width() - 12, max(self.below_px, self.least_px))


class _Line(QWidget):
    """One swatch and what it means."""

    def __init__(self, parent: QWidget, words: str, fill: BandFill, style: MapStyle) -> None:
        super().__init__(parent)
        self.words = words
        self._fill = fill
        self._style = style

    def sizeHint(self) -> QSize:
        """Return the room for swatch and words."""
        metrics = QFontMetrics(self.font())
        width = _SWATCH_PX + _GAP_PX + metrics.horizontalAdvance(self.words) + 2
        return QSize(width, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the swatch as the map has it."""
        painter = QPainter(self)
        box = QRectF(0.5, 2.5, _SWATCH_PX - 1, self.height() - 5)
        painter.fillRect(box, QColor(self._fill.colour))
        if self._fill.pattern is not None:
            path = QPainterPath()
            path.addRect(box)
            view = Viewport(width_px=self.width(), height_px=self.height())
            sheet = Sheet(painter, view, self._style, lambda: False)
            fill_with_pattern(sheet, path, self._fill.pattern)
        painter.setPen(QPen(QColor(colours().quiet), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        painter.setPen(QColor(colours().text))
        left = _SWATCH_PX + _GAP_PX
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self.words,
        )
