"""Words on the map as small pictures with a halo, made once and kept."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from ui.canvas.sheet import colour

_MOST_KEPT = 3000
_HALO_PX = 2.0
_DIRECTIONS = 12


@dataclass(frozen=True)
class Lettering:
    """A line of text as it is to look; ``spacing_px`` is the extra room between letters."""

    text: str
    size_px: float
    is_bold: bool
    ink: str
    halo: str
    families: tuple[str, ...]
    spacing_px: float = 0.0


@dataclass(frozen=True)
class Word:
    """A picture of a line of text, and its size without the halo in logical pixels."""

    image: QImage
    width_px: float
    height_px: float
    margin_px: float


class Letterer:
    """Makes words, and keeps those used last. One thread at a time."""

    def __init__(self) -> None:
        self._words: OrderedDict[tuple[Lettering, float], Word] = OrderedDict()
        self._widths: dict[Lettering, float] = {}

    def width_px(self, letters: Lettering) -> float:
        """Return how wide a line of text is."""
        known = self._widths.get(letters)
        if known is None:
            if len(self._widths) > 4 * _MOST_KEPT:
                self._widths.clear()
            metrics = QFontMetricsF(_font(letters))
            known = metrics.horizontalAdvance(letters.text) - letters.spacing_px
            self._widths[letters] = known
        return known

    def word(self, letters: Lettering, ratio: float) -> Word:
        """Return the picture of a line of text for screens of that pixel ratio."""
        key = letters, ratio
        known = self._words.get(key)
        if known is None:
            known = self._words[key] = self._written(letters, ratio)
            if len(self._words) > _MOST_KEPT:
                self._words.popitem(last=False)
        else:
            self._words.move_to_end(key)
        return known

    def _written(self, letters: Lettering, ratio: float) -> Word:
        font = _font(letters)
        metrics = QFontMetricsF(font)
        width, height = self.width_px(letters), metrics.height()
        margin = math.ceil(_HALO_PX) + 1
        size = math.ceil((width + 2 * margin) * ratio), math.ceil((height + 2 * margin) * ratio)
        place = QPointF(margin, margin + metrics.ascent())
        halo = _blank(*size, ratio)
        ink = colour(letters.halo)
        solid = QColor(ink)
        solid.setAlpha(255)
        painter = _painter(halo, font, solid)
        for step in range(_DIRECTIONS):
            angle = 2 * math.pi * step / _DIRECTIONS
            way = QPointF(math.cos(angle), math.sin(angle))
            painter.drawText(place + way * _HALO_PX, letters.text)
            painter.drawText(place + way * (_HALO_PX / 2), letters.text)
        painter.end()
        image = _blank(*size, ratio)
        painter = _painter(image, font, colour(letters.ink))
        # Strokes of the halo lie over each other, so only the whole of it is made transparent.
        painter.setOpacity(ink.alphaF())
        painter.drawImage(QPointF(0, 0), halo)
        painter.setOpacity(1.0)
        painter.drawText(place, letters.text)
        painter.end()
        return Word(image, width, height, margin)


def _font(letters: Lettering) -> QFont:
    font = QFont()
    if letters.families:
        font.setFamilies(list(letters.families))
    font.setPixelSize(max(round(letters.size_px), 6))
    font.setBold(letters.is_bold)
    if letters.spacing_px:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, letters.spacing_px)
    return font


def _blank(width: int, height: int, ratio: float) -> QImage:
    image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _painter(image: QImage, font: QFont, ink: QColor) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setFont(font)
    painter.setPen(ink)
    return painter
