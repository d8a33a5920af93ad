"""What pages of a report are made of: blocks that know their height and paint themselves.

Lengths are in dots of the page, :data:`MM` to the millimetre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter, QPen, QTextOption

DPI = 1270
MM = DPI / 25.4
INK, QUIET, LINE = "#1a2733", "#5a6a78", "#c9d2da"
TONES = {"error": "#b3121d", "warning": "#a04a06", "info": "#4a5a6c", "good": "#1b7a3d"}

_FAMILIES = (
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
)
"""Text from Noto comes back from a PDF as other characters, so it stands behind others."""


@cache
def _families() -> tuple[str, ...]:
    here = set(QFontDatabase.families())
    return tuple(name for name in _FAMILIES if name in here) or (QFont().family(),)


@cache
def _has_bold() -> bool:
    """Whether the font has a bold face; one that is made up is written twice, and found twice."""
    family = _families()[0]
    return any(QFontDatabase.bold(family, style) for style in QFontDatabase.styles(family))


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one size and colour."""

    words: str
    size_pt: float = 9.5
    colour: str = INK
    is_bold: bool = False
    is_right: bool = False

    def height(self, painter: QPainter, width: float) -> float:
        """Return how high the words are when they are broken to a width."""
        painter.setFont(self._font())
        room = QRectF(0, 0, width, 1e7)
        return painter.boundingRect(room, self.words or " ", self._option()).height()

    def paint(self, painter: QPainter, x: float, y: float, width: float) -> float:
        """Paint the words; return their height."""
        height = self.height(painter, width)
        painter.setPen(QColor(self.colour))
        # A hair higher and wider, so that rounding never drops the last line.
        painter.drawText(QRectF(x, y, width + 1, height + MM), self.words, self._option())
        return height

    def _font(self) -> QFont:
        font = QFont()
        font.setFamilies([*_families()])
        font.setPointSizeF(self.size_pt)
        font.setBold(self.is_bold and _has_bold())
        return font

    def _option(self) -> QTextOption:
        side = Qt.AlignmentFlag.AlignRight if self.is_right else Qt.AlignmentFlag.AlignLeft
        option = QTextOption(side)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        return option


class Block(Protocol):
    """A piece of a page that isn't broken."""

    @property
    def starts_page(self) -> bool:
        """Whether it stands at the top of a page."""

    @property
    def keeps_next(self) -> bool:
        """Whether it stands on one page with what follows."""

    @property
    def head(self) -> Block | None:
        """What is repeated above it at the top of a page: the head of its table."""

    def height(self, painter: QPainter, width: float) -> float:
        """Return how high it is."""

    def paint(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Paint it with its upper left corner at ``x``, ``y``."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words with room above and below."""

    text: Text
    above_mm: float = 0.0
    below_mm: float = 1.5
    starts_page: bool = False
    keeps_next: bool = False
    head: Block | None = None

    def height(self, painter: QPainter, width: float) -> float:
        """Return how high it is."""
        return self.text.height(painter, width) + (self.above_mm + self.below_mm) * MM

    def paint(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Paint it."""
        self.text.paint(painter, x, y + self.above_mm * MM, width)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``shares`` are the widths of its cells as shares of the whole."""

    cells: Sequence[Text]
    shares: Sequence[float]
    head: Block | None = None
    starts_page: bool = False
    keeps_next: bool = False

    def height(self, painter: QPainter, width: float) -> float:
        """Return how high it is."""
        heights = [
            cell.height(painter, share * width - 3 * MM)
            for cell, share in zip(self.cells, self.shares, strict=True)
        ]
        return max(heights) + 2.4 * MM

    def paint(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Paint it with a line below."""
        left = x
        for cell, share in zip(self.cells, self.shares, strict=True):
            cell.paint(painter, left, y + 1.2 * MM, share * width - 3 * MM)
            left += share * width
        below = y + self.height(painter, width)
        painter.setPen(QPen(QColor(LINE), 0.2 * MM))
        painter.drawLine(round(x), round(below), round(x + width), round(below))


@dataclass(frozen=True, slots=True)
class Figures:
    """Large figures with a word below each, side by side in boxes."""

    figures: Sequence[tuple[str, str]]
    starts_page: bool = False
    keeps_next: bool = False
    head: Block | None = None

    def height(self, painter: QPainter, width: float) -> float:
        """Return how high it is."""
        return 22 * MM

    def paint(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Paint the boxes."""
        gap = 3 * MM
        each = (width - gap * (len(self.figures) - 1)) / len(self.figures)
        for number, (name, value) in enumerate(self.figures):
            left = x + number * (each + gap)
            painter.setPen(QPen(QColor(LINE), 0.3 * MM))
            painter.drawRoundedRect(QRectF(left, y, each, 18 * MM), 1.5 * MM, 1.5 * MM)
            Text(value, 18, is_bold=True).paint(painter, left + 3 * MM, y + 1.5 * MM, each)
            Text(name, 9, QUIET).paint(painter, left + 3 * MM, y + 11.5 * MM, each - 4 * MM)


@dataclass(frozen=True, slots=True)
class Card:
    """An issue: its picture on the left where there is one, what is known of it on the right."""

    title: Text
    text: Text
    details: Sequence[tuple[str, str]]
    picture: QImage | None
    starts_page: bool = False
    keeps_next: bool = False
    head: Block | None = None

    def height(self, painter: QPainter, width: float) -> float:
        """Return how high it is."""
        inner = self._words_width(width)
        words = self.title.height(painter, inner) + 1 * MM
        words += self.text.height(painter, inner) + 1.5 * MM
        words += sum(self._detail_height(painter, value, inner) for _, value in self.details)
        least = 44 * MM if self.picture is not None else 0.0
        return max(words, least) + 5 * MM

    def paint(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Paint it with a line below."""
        if self.picture is not None:
            frame = QRectF(x, y + 1 * MM, 63 * MM, 42 * MM)
            painter.drawImage(frame, self.picture)
            painter.setPen(QPen(QColor(LINE), 0.2 * MM))
            painter.drawRect(frame)
        inner = self._words_width(width)
        left, top = x + width - inner, y + 0.5 * MM
        top += self.title.paint(painter, left, top, inner) + 1 * MM
        top += self.text.paint(painter, left, top, inner) + 1.5 * MM
        for name, value in self.details:
            Text(name, 8.5, QUIET).paint(painter, left, top, _NAME_MM * MM)
            Text(value, 8.5).paint(painter, left + _NAME_MM * MM, top, inner - _NAME_MM * MM)
            top += self._detail_height(painter, value, inner)
        below = y + self.height(painter, width) - 2 * MM
        painter.setPen(QPen(QColor(LINE), 0.2 * MM))
        painter.drawLine(round(x), round(below), round(x + width), round(below))

    def _words_width(self, width: float) -> float:
        return width - (68 * MM if self.picture is not None else 0.0)

    @staticmethod
    def _detail_height(painter: QPainter, value: str, inner: float) -> float:
        return Text(value, 8.5).height(painter, inner - _NAME_MM * MM) + 0.3 * MM


_NAME_MM = 22.0
