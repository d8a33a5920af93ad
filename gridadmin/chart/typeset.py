"""Words on a sheet: broken into lines, made to fit, never beyond their room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gridadmin.chart.surface import ASCENT, Align, Metrics, Surface, TextStyle, Words

LEADING = 1.38
"""The distance of two lines, of the height of a character."""
SEARCH_SAMPLE = "网格立长人里行见车门一二三 0123456789 2026-11"
"""Words that fonts have to give back out of a PDF: radicals and figures are what some lose."""
_NO_START = "，。、；：！？）》”’】·%％…,.;:!?)]}"
_NO_END = "（《“‘【([{"
_PIECES = re.compile(r"[A-Za-z0-9_.,:/*+\-–'’()%²]+|\s+|.", re.DOTALL)
_SMALLEST_SHARE = 0.55


@dataclass(frozen=True)
class Typist:
    """Writes on a surface with the metrics of its letters."""

    surface: Surface
    metrics: Metrics

    def width(self, text: str, style: TextStyle) -> float:
        """Return how wide words are."""
        return self.metrics.width_mm(text, style)

    def line(
        self, text: str, x: float, top: float, style: TextStyle, align: Align = Align.LEFT
    ) -> None:
        """Write one line with its upper edge at *top*."""
        width = self.metrics.width_mm(text, style)
        self.surface.words(
            Words(text, x, top + ASCENT * style.size_mm, style, align, width_mm=width)
        )

    def paragraph(self, lines: Sequence[str], x: float, top: float, style: TextStyle) -> float:
        """Write lines below each other; return the lower edge."""
        for line in lines:
            self.line(line, x, top, style)
            top += LEADING * style.size_mm
        return top


def height_of(lines: int, style: TextStyle) -> float:
    """Return how high so many lines are."""
    return lines * LEADING * style.size_mm


def wrapped(text: str, style: TextStyle, width: float, metrics: Metrics) -> list[str]:
    """Return a text broken into lines no wider than *width*.

    Chinese breaks anywhere but before closing and after opening marks; words and figures stay whole
    while they fit.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrapped(paragraph, style, width, metrics)
    return lines


def _wrapped(text: str, style: TextStyle, width: float, metrics: Metrics) -> list[str]:
    if metrics.width_mm(text, style) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, style, width, metrics):
        if not line or metrics.width_mm(line + piece, style) <= width:
            line += piece.lstrip() if not line else piece
            continue
        head, line = _parted(line, piece)
        lines.append(head.rstrip())
    return [*lines, line.rstrip()] if line.strip() else lines


def pieces_of(text: str) -> list[str]:
    """Return what a text may be broken into: Chinese by characters, words and figures whole."""
    found: list[str] = _PIECES.findall(text)
    return found


def _pieces(text: str, style: TextStyle, width: float, metrics: Metrics) -> list[str]:
    found: list[str] = []
    for piece in _PIECES.findall(text):
        is_long = len(piece) > 1 and metrics.width_mm(piece, style) > width
        found += list(piece) if is_long else [piece]
    return found


def _parted(line: str, piece: str) -> tuple[str, str]:
    """Return what stays on a line and what begins the next one, with marks where they belong."""
    following = piece.lstrip()
    head = line
    if following[:1] in _NO_START and following and len(head) > 1:
        following, head = head[-1] + following, head[:-1]
    while head[-1:] in _NO_END and len(head) > 1:
        following, head = head[-1] + following, head[:-1]
    return head, following


def fitted(
    text: str, style: TextStyle, width: float, metrics: Metrics, least_mm: float = 0.0
) -> TextStyle:
    """Return the style made so small that one line fits into *width*, but not below *least_mm*."""
    room = metrics.width_mm(text, style)
    if room <= width or room <= 0:
        return style
    least = max(least_mm, style.size_mm * 0.05)
    share = max(width / room, least / style.size_mm)
    return replace(
        style,
        size_mm=style.size_mm * share,
        spacing_mm=style.spacing_mm * share,
        halo_mm=style.halo_mm * share,
    )


def set_into(
    text: str, style: TextStyle, width: float, height: float, metrics: Metrics
) -> tuple[list[str], TextStyle]:
    """Return lines and a style with which a text fits into a box, as large as that goes."""
    share = 1.0
    while True:
        smaller = replace(style, size_mm=style.size_mm * share, spacing_mm=style.spacing_mm * share)
        lines = wrapped(text, smaller, width, metrics)
        if height_of(len(lines), smaller) <= height or share < _SMALLEST_SHARE / 4:
            return lines, smaller
        share *= 0.93
