"""What the fills of the map mean, where they tell more than where areas end."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gridadmin.partition.snapshot import Snapshot
from ui.canvas.group_fills import THEMES as GROUP_THEMES
from ui.canvas.group_fills import fill_of, groups_of
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
_MOST_LINES = 14


@dataclass(frozen=True)
class LegendLine:
    """One fill and what it means."""

    words: str
    fill: BandFill


def legend_lines(style: MapStyle, snapshot: Snapshot | None) -> list[LegendLine]:
    """Return what the fills of a style mean, from the top down; nothing where they mean nothing."""
    palette = style.palette
    if style.fills is FillTheme.HOUSEHOLDS:
        return [LegendLine(tr(words), palette.bands[state]) for state, words in _WORDS.items()]
    if style.fills in STAFF_WORDS:
        states = STAFF_WORDS[style.fills]
        return [LegendLine(tr(words), palette.staff[state]) for state, words in states.items()]
    if style.fills not in GROUP_THEMES or snapshot is None:
        return []
    groups = groups_of(snapshot, style)
    lines = [
        LegendLine(group.name, fill_of(place, group, palette, style.theme))
        for place, group in enumerate(groups)
    ]
    if len(lines) <= _MOST_LINES:
        return lines
    more = tr("另有 {n} 个", n=len(lines) - _MOST_LINES + 1)
    return [*lines[: _MOST_LINES - 3], LegendLine(more, BandFill("#00000000")), *lines[-2:]]


def paint_swatch(
    painter: QPainter, box: QRectF, fill: BandFill, style: MapStyle, ratio: float = 1.0
) -> None:
    """Paint a fill as the map has it; *ratio* is how many pixels one of the map is."""
    painter.fillRect(box, QColor(fill.colour))
    if fill.pattern is not None:
        path = QPainterPath()
        path.addRect(QRectF(0, 0, box.width() / ratio, box.height() / ratio))
        view = Viewport(width_px=round(box.width()), height_px=round(box.height()), ratio=ratio)
        painter.save()
        painter.translate(box.topLeft())
        painter.scale(ratio, ratio)
        sheet = Sheet(painter, view, style, lambda: False)
        fill_with_pattern(sheet, path, fill.pattern)
        painter.restore()
    painter.setPen(QPen(QColor(style.palette.lettering.figure), ratio))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


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

    def show_style(self, style: MapStyle, snapshot: Snapshot | None = None) -> None:
        """Explain the fills of a style; groups have the names that they bear in *snapshot*."""
        for line in self._lines:
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines = [
            _Line(self, one.words, one.fill, style) for one in legend_lines(style, snapshot)
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
        paint_swatch(painter, box, self._fill, self._style)
        painter.setPen(QColor(colours().text))
        left = _SWATCH_PX + _GAP_PX
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self.words,
        )
