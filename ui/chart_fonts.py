"""The letters of charts: which fonts there are, how wide words are, what no font has.

A font is taken when words written with it into a PDF can be read out of it again, so that a chart
can be searched; some come back as other characters.
"""

from __future__ import annotations

import io
from functools import cache, lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QSizeF
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextLayout,
)

from gridadmin.chart.surface import TextStyle
from gridadmin.chart.typeset import SEARCH_SAMPLE

STAND_IN = "〓"
"""Printed for a character that no font has: the sign of printers for a missing letter."""

_WISHED = (
    "Microsoft YaHei",
    "PingFang SC",
    "Source Han Sans SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "SimHei",
    "Droid Sans Fallback",
)
_BEHIND = ("SimSun-ExtB", "SimSun", "HanaMinA", "HanaMinB", "Droid Sans Fallback", "DejaVu Sans")
"""Fonts for rare characters that the first one lacks."""
_MEASURE_PX = 500
_BOLD_EM = 0.022
"""So much thicker strokes are where a font has no bold face: more would fill close ones."""


@cache
def families() -> tuple[str, ...]:
    """Return the fonts for charts, the first one that can be searched first."""
    here = set(QFontDatabase.families())
    wished = [name for name in _WISHED if name in here]
    best = next((name for name in wished if _survives(name)), None)
    first = [best] if best is not None else []
    rest = [name for name in (*wished, *_BEHIND) if name in here and name != best]
    return tuple(dict.fromkeys([*first, *rest])) or (QFont().family(),)


def can_be_searched() -> bool:
    """Return whether words written with the first font can be read out of a PDF."""
    return _survives(families()[0])


@cache
def _survives(family: str) -> bool:
    """Return whether words of a font come out of a PDF as they went in."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QSizeF(200, 50), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(300)
    painter = QPainter(writer)
    font = QFont(family)
    font.setPixelSize(40)
    painter.setFont(font)
    painter.drawText(QPointF(50, 200), SEARCH_SAMPLE)
    painter.end()
    buffer.close()
    try:
        read = PdfReader(io.BytesIO(bytes(content.data()))).pages[0].extract_text()
    except (PyPdfError, ValueError, KeyError):
        return False
    return "".join(read.split()) == "".join(SEARCH_SAMPLE.split())


@cache
def has_bold() -> bool:
    """Return whether the first font has a bold face of its own."""
    family = families()[0]
    return any(QFontDatabase.bold(family, style) for style in QFontDatabase.styles(family))


def bolder_em(style: TextStyle) -> float:
    """Return how much thicker strokes are made by drawing their edge, of the size of the words."""
    return _BOLD_EM if style.is_bold and not has_bold() else 0.0


@lru_cache(maxsize=512)
def font_of(style: TextStyle, size_px: int) -> QFont:
    """Return the font of a style at a size in whole units of the painter, without spacing."""
    font = QFont()
    font.setFamilies([*families()])
    font.setPixelSize(max(size_px, 1))
    font.setBold(style.is_bold and has_bold())
    font.setItalic(style.is_italic)
    # Letters are as wide in every size: a sheet measured is the sheet that is painted.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.PreferOutline)
    return font


def shown(text: str) -> str:
    """Return a text as it is printed: characters that no font has become a stand-in."""
    absent = FONTS.missing(text)
    for character in absent:
        text = text.replace(character, STAND_IN)
    return text


class FontMetrics:
    """The metrics of a chart by the fonts of this computer."""

    def __init__(self) -> None:
        self._widths: dict[tuple[str, bool, bool], float] = {}
        self._absent: dict[str, bool] = {}

    def width_mm(self, text: str, style: TextStyle) -> float:
        """Return how wide one line of words is, spacing included."""
        key = text, style.is_bold, style.is_italic
        known = self._widths.get(key)
        if known is None:
            plain = TextStyle(1.0, is_bold=style.is_bold, is_italic=style.is_italic)
            metrics = QFontMetricsF(font_of(plain, _MEASURE_PX))
            known = metrics.horizontalAdvance(shown(text)) / _MEASURE_PX
            self._widths[key] = known
        return known * style.size_mm + style.spacing_mm * len(text)

    def missing(self, text: str) -> str:
        """Return the characters of a text that no font at hand has, each once."""
        return "".join(one for one in dict.fromkeys(text) if self._is_absent(one))

    def _is_absent(self, character: str) -> bool:
        known = self._absent.get(character)
        if known is None:
            known = self._absent[character] = _is_absent(character)
        return known


def _is_absent(character: str) -> bool:
    """Return whether no font gives a glyph for a character that should show."""
    if character.isascii() or character.isspace() or not character.isprintable():
        return False
    layout = QTextLayout(character, font_of(TextStyle(1.0), _MEASURE_PX))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    indexes = [index for run in layout.glyphRuns() for index in run.glyphIndexes()]
    return not indexes or 0 in indexes


FONTS = FontMetrics()
"""The metrics of this computer, which remember what was measured."""
