"""What frames a sheet: neat line, title, mark of secrecy, the lines at the foot, the check bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.base.texts import sentence
from gridadmin.chart import style as look
from gridadmin.chart.facts import Margin
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Align, Metrics, Paths, Pen, Surface, TextStyle
from gridadmin.chart.template import TextSizes
from gridadmin.chart.typeset import Typist, fitted, height_of, set_into, wrapped

CHECK_BAR_MM = 100.0
_ROW = 1.62
"""The distance of the lines at the foot, of the size of their letters."""
_BAR_GAP = 0.4
"""What is free above the check bar."""


@dataclass(frozen=True, slots=True)
class Edges:
    """The frames of a sheet: inside the neat line, for the title, for the rest, for the foot."""

    neat: Frame
    title: Frame
    body: Frame
    foot: Frame


def foot_rows(
    items: Sequence[str], width: float, style: TextStyle, metrics: Metrics
) -> list[list[str]]:
    """Return what stands at the foot as rows, each item whole where it fits."""
    rows: list[list[str]] = [[]]
    used = 0.0
    gap = style.size_mm * 1.6
    for item in items:
        for part in wrapped(item, style, width, metrics):
            wide = metrics.width_mm(part, style)
            if rows[-1] and used + gap + wide > width:
                rows.append([])
                used = 0.0
            used += wide + (gap if rows[-1] else 0.0)
            rows[-1].append(part)
    return rows


def edges_of(sheet: Sheet, sizes: TextSizes, items: Sequence[str], metrics: Metrics) -> Edges:
    """Return where title, body and foot stand on a sheet."""
    unit = sizes.label / 7
    neat = sheet.inner.inset(4.2 * unit)
    pad = 3.0 * unit
    inner = neat.inset(pad)
    style = TextStyle(sizes.note, look.QUIET)
    rows = foot_rows(items, inner.width, style, metrics)
    foot_height = (len(rows) + 1) * sizes.note * _ROW + sizes.note * (0.4 + _BAR_GAP)
    title_height = sizes.title * 1.55
    title = Frame(inner.x, inner.y, inner.width, title_height)
    foot = Frame(inner.x, inner.bottom - foot_height, inner.width, foot_height)
    gap = sizes.note
    body = Frame(inner.x, title.bottom, inner.width, foot.y - gap * 0.8 - title.bottom)
    return Edges(neat, title, body, foot)


def draw_edges(surface: Surface, sheet: Sheet, sizes: TextSizes) -> None:
    """Draw the neat line: a thick frame and a thin one inside."""
    unit = sizes.label / 7
    outer, neat = sheet.inner, sheet.inner.inset(4.2 * unit)
    thick = max(1.5 * unit, 0.5)
    surface.land(Paths.frame(outer.inset(thick / 2)), "", Pen(look.INK, thick))
    surface.land(Paths.frame(neat), "", Pen(look.INK, max(0.35 * unit, 0.15)))


def draw_title(
    surface: Surface, title: str, mark: str, edges: Edges, sizes: TextSizes, metrics: Metrics
) -> None:
    """Write the title in the middle, spaced, as large as its size and the sheet allow.

    Right of it there is room for the mark of secrecy.
    """
    typist = Typist(surface, metrics)
    style = TextStyle(sizes.title, look.INK, is_bold=True, spacing_mm=sizes.title * 0.22)
    beside = _mark_frame(mark, edges, sizes, metrics)[0].width if mark else 0.0
    room = edges.title.width - 2 * beside - sizes.title * 0.6
    if metrics.width_mm(title, style) > room:
        style = TextStyle(sizes.title, look.INK, is_bold=True, spacing_mm=sizes.title * 0.06)
    lines = [title]
    narrow = fitted(title, style, room, metrics, sizes.title * 0.62)
    if metrics.width_mm(title, narrow) > room:
        lines, narrow = set_into(title, style, room, edges.title.height * 0.96, metrics)
    high = height_of(len(lines) - 1, narrow) + narrow.size_mm
    y = edges.title.y + (edges.title.height - high) / 2
    for line in lines:
        one = fitted(line, narrow, room, metrics)
        typist.line(line, edges.title.middle[0], y, one, Align.MIDDLE)
        y += height_of(1, narrow)


def draw_secrecy(
    surface: Surface, words: str, edges: Edges, sizes: TextSizes, metrics: Metrics
) -> None:
    """Write the mark of secrecy into the upper right corner."""
    if not words:
        return
    frame, style = _mark_frame(words, edges, sizes, metrics)
    pad = style.size_mm * 0.3
    surface.land(Paths.frame(frame), "", Pen(look.ALARM, max(0.05 * style.size_mm, 0.15)))
    Typist(surface, metrics).line(words, frame.x + pad, frame.y + pad, style)


def _mark_frame(
    words: str, edges: Edges, sizes: TextSizes, metrics: Metrics
) -> tuple[Frame, TextStyle]:
    """Return the box of the mark of secrecy and how its words look."""
    style = TextStyle(sizes.heading, look.ALARM, is_bold=True)
    style = fitted(words, style, edges.title.width * 0.065, metrics, sizes.note * 0.8)
    pad = style.size_mm * 0.3
    width = metrics.width_mm(words, style) + 2 * pad
    return Frame(edges.title.right - width, edges.title.y, width, style.size_mm + 2 * pad), style


def foot_items(margin: Margin, scale_words: str, lang: str) -> list[str]:
    """Return what the foot of a sheet tells, item by item."""

    def told(code: str, value: str) -> list[str]:
        return [sentence(f"chart.{code}", lang, {"value": value})] if value else []

    return [
        *([scale_words] if scale_words else []),
        *told("foot_plane", margin.plane),
        *told("foot_data_date", margin.data_date),
        *told("foot_version", margin.version),
        *([margin.check] if margin.check else []),
        *told("foot_approval", margin.approval),
        *([margin.disclaimer] if margin.disclaimer else []),
        *([margin.secrecy] if margin.secrecy else []),
        *told("foot_maker", margin.maker),
        *told("foot_made_on", margin.made_on),
    ]


def draw_foot(
    surface: Surface,
    items: Sequence[str],
    remark: str,
    edges: Edges,
    sizes: TextSizes,
    metrics: Metrics,
    lang: str,
) -> None:
    """Write the foot: the items in rows, then the check bar and a remark."""
    typist = Typist(surface, metrics)
    style = TextStyle(sizes.note, look.INK)
    foot = edges.foot
    unit = sizes.label / 7
    rule = Pen(look.QUIET, max(0.25 * unit, 0.12))
    surface.lines(Paths.line((foot.x, foot.y), (foot.right, foot.y)), rule)
    y = foot.y + sizes.note * 0.6
    for row in foot_rows(items, foot.width, TextStyle(sizes.note), metrics):
        widths = [metrics.width_mm(one, style) for one in row]
        gap = (foot.width - sum(widths)) / max(len(row) - 1, 1)
        gap = min(gap, sizes.note * 14) if len(row) > 1 else 0.0
        x = foot.x
        for one, width in zip(row, widths, strict=True):
            typist.line(one, x, y, style)
            x += width + gap
        y += sizes.note * _ROW
    y += sizes.note * _BAR_GAP
    _check_bar(surface, typist, foot.x, y, sizes, lang)
    if remark:
        quiet = TextStyle(sizes.note, look.QUIET)
        words = sentence("chart.check_bar", lang)
        left = foot.x + CHECK_BAR_MM + metrics.width_mm(words, style) + sizes.note * 2
        narrow = fitted(remark, quiet, foot.right - left, metrics)
        typist.line(remark, foot.right, y, narrow, Align.RIGHT)


def _check_bar(
    surface: Surface, typist: Typist, x: float, y: float, sizes: TextSizes, lang: str
) -> None:
    """Draw a bar of exactly 100 mm: who measures it knows whether the printer kept the scale."""
    high = sizes.note * 0.5
    middle = y + sizes.note * 0.52
    pen = Pen(look.INK, max(0.05 * sizes.note, 0.12))
    bar = Paths.of(
        [
            *Paths.line((x, middle), (x + CHECK_BAR_MM, middle)),
            *(
                part
                for tenth in range(11)
                for part in Paths.line(
                    (x + tenth * 10, middle - high * (1 if tenth % 5 == 0 else 0.5)),
                    (x + tenth * 10, middle),
                )
            ),
        ]
    )
    surface.lines(bar, pen)
    words = sentence("chart.check_bar", lang)
    typist.line(words, x + CHECK_BAR_MM + sizes.note * 0.6, y, TextStyle(sizes.note, look.INK))
