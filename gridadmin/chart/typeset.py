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
_UNITS = (
    "平方公里|平方米|公里|毫米|单元|km²|m²|mm|km|[层栋幢户人个米岁页幅张号楼室处条期年月日万亩]"
)
_WORD = r"[A-Za-z0-9_.,:/*+\-–'’()%²]"
_RANGE = r"(?:\s*[/–—~～×]\s*\d[\d,.]*)*"
_PIECES = re.compile(
    rf"{_WORD}*\d{_RANGE}\s?(?:{_UNITS})|{_WORD}*\d{_RANGE}{_WORD}*|{_WORD}+|\s+|.", re.DOTALL
)
"""A number stays with its unit, and both ends of a range (11 / 12, 15–28 层) with each other."""
_FINER = re.compile(rf"{_WORD}+|\s+|.", re.DOTALL)
_SLACK_MM = 1e-6
"""A width that was measured may come back a bit smaller."""
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

    Chinese breaks anywhere but before closing and after opening marks; words, ranges of numbers and
    numbers with their units stay whole while they fit.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrapped(paragraph, style, width, metrics)
    return lines


def wrapped_names(text: str, style: TextStyle, width: float, metrics: Metrics) -> list[str]:
    """Return a list of names (between 、) broken into lines, each name whole where all may be."""
    names = [f"{name}、" for name in text.split("、")]
    names[-1] = names[-1][:-1]
    room = width + _SLACK_MM
    if len(names) == 1 or any(metrics.width_mm(name, style) > room for name in names):
        return wrapped(text, style, width, metrics)
    lines = [""]
    for name in names:
        if lines[-1] and metrics.width_mm(lines[-1] + name, style) > room:
            lines.append("")
        lines[-1] += name
    return lines


def _wrapped(text: str, style: TextStyle, width: float, metrics: Metrics) -> list[str]:
    width += _SLACK_MM
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
    """Return the pieces of a text; one that no line has room for comes in smaller ones."""
    found: list[str] = []
    for piece in _PIECES.findall(text):
        if metrics.width_mm(piece, style) <= width:
            found.append(piece)
            continue
        for finer in _FINER.findall(piece):
            is_long = len(finer) > 1 and metrics.width_mm(finer, style) > width
            found += list(finer) if is_long else [finer]
    return found


def _parted(line: str, piece: str) -> tuple[str, str]:
    """Return what stays on a line and what begins the next one, with marks where they belong."""
    following = piece.lstrip()
    head = line
    while following[:1] in _NO_START and following and len(head) > 1:
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
