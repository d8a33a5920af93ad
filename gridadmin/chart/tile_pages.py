"""The pages of a sheet in tiles: a plan of how they are put together, then each tile with marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gridadmin.base.texts import sentence
from gridadmin.chart.drawing import (
    Drawing,
    DrawLand,
    DrawLines,
    DrawRaster,
    DrawWords,
    MakeLink,
    SetClip,
    frame_of,
)
from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Align, Metrics, Paths, Pen, Raster, TextStyle
from gridadmin.chart.tiling import MARGIN_MM, Tile, Tiles, Tiling, tiling_of
from gridadmin.chart.typeset import Typist, fitted, wrapped

_CROP = Pen("#000000", 0.15)
_EDGE = Pen("#000000", 0.15, (1.0, 0.6))
"""Up to where the neighbour lies on this tile."""
_OUTLINE, _TILE = Pen("#1A2430", 0.4), Pen("#1A2430", 0.2)
_PART = Pen("#8A97A6", 0.15)
_GAP_MM, _MARK_MM = 1.0, 5.0
_NUMBER = TextStyle(2.8, "#404A56")
_TITLE, _BODY = TextStyle(6.0, is_bold=True), TextStyle(3.8)
_PAPER, _SHARED = "#FFFFFF", "#E4E9EF"


def tiled_pages(page: ChartPage, tiles: Tiles, metrics: Metrics, lang: str) -> list[ChartPage]:
    """Return the pages on which a page is printed in tiles: the plan, then the tiles by rows.

    Everything keeps its size on paper. What the knife takes away (bleed) is left out, and links.
    """
    tiling = tiling_of(page.sheet, tiles)
    parts = [_tile_page(page, tiling, tile, metrics, lang) for tile in tiling.tiles()]
    if tiles.has_marks:
        for part, tile in zip(parts, tiling.tiles(), strict=True):
            _edges(part.drawing, tiling, tile)
            _crop_marks(part.drawing, tiling.window)
    return [plan_page(page, tiles, metrics, lang), *parts]


def plan_page(page: ChartPage, tiles: Tiles, metrics: Metrics, lang: str) -> ChartPage:
    """Return the page that shows how the tiles of a page are put together."""
    return _Plan(page, tiling_of(page.sheet, tiles), tiles, metrics, lang).page()


# Tiles


def _tile_page(
    page: ChartPage, tiling: Tiling, tile: Tile, metrics: Metrics, lang: str
) -> ChartPage:
    drawing = Drawing(tiling.page)
    drawing.land(Paths.frame(tiling.page.media), _PAPER)
    window = tiling.window
    drawing.clip(window)
    _copy(page.drawing, tile.frame, window, drawing)
    drawing.clip(None)
    words = sentence(
        "chart.tile",
        lang,
        {
            "title": page.title,
            "row": tile.row,
            "column": tile.column,
            "rows": tiling.rows,
            "columns": tiling.columns,
        },
    )
    style = fitted(words, _NUMBER, window.width - 4 * tiling.overlap_mm - 10, metrics, 1.8)
    # The number stands in the lower margin, clear of the marks at the corners.
    top = window.bottom + _GAP_MM + 1.2
    Typist(drawing, metrics).line(words, window.middle[0], top, style, Align.MIDDLE)
    return ChartPage(f"{page.key}#{tile.number}", f"{page.title} {tile.number}", drawing)


def _copy(source: Drawing, part: Frame, window: Frame, target: Drawing) -> None:
    """Draw what lies in a part of a sheet into a window of the same size."""
    dx, dy = window.x - part.x, window.y - part.y
    shift = np.array([dx, dy])
    calls = target.calls
    for call in source.calls:
        frame = frame_of(call)
        if isinstance(call, MakeLink) or (frame is not None and not frame.meets(part)):
            continue
        if isinstance(call, SetClip):
            inner = part if call.frame is None else _common(call.frame, part)
            calls.append(SetClip(inner.moved(dx, dy)))
        elif isinstance(call, DrawLines):
            near = _near(call.paths, part.inset(-call.pen.width_mm), shift)
            target.lines(near, call.pen)
        elif isinstance(call, DrawLand):
            width = 0.0 if call.pen is None else call.pen.width_mm
            target.land(_near(call.rings, part.inset(-width), shift), call.fill, call.pen)
        elif isinstance(call, DrawWords):
            words = call.words
            calls.append(DrawWords(replace(words, x=words.x + dx, y=words.y + dy)))
        else:
            inner = _common(call.frame, part).moved(dx, dy)
            calls.append(DrawRaster(inner, _Moved(call.raster, dx, dy)))


def _common(one: Frame, other: Frame) -> Frame:
    """Return what two frames have in common; without width or height where that is nothing."""
    x, y = max(one.x, other.x), max(one.y, other.y)
    right, bottom = min(one.right, other.right), min(one.bottom, other.bottom)
    return Frame(x, y, max(right - x, 0.0), max(bottom - y, 0.0))


def _near(paths: Paths, part: Frame, shift: NDArray[np.float64]) -> Paths:
    """Return those lines or rings that reach into a part, moved.

    A ring that stays outside says nothing of what is filled inside.
    """
    sizes = np.diff(paths.offsets)
    if not len(sizes) or not sizes.all():
        return Paths(paths.xy + shift, paths.offsets)
    low = np.minimum.reduceat(paths.xy, paths.offsets[:-1], axis=0)
    high = np.maximum.reduceat(paths.xy, paths.offsets[:-1], axis=0)
    is_near = (high >= (part.x, part.y)).all(axis=1) & (low <= (part.right, part.bottom)).all(
        axis=1
    )
    if is_near.all():
        return Paths(paths.xy + shift, paths.offsets)
    offsets = np.concatenate([[0], np.cumsum(sizes[is_near])]).astype(np.int64)
    return Paths(paths.xy[np.repeat(is_near, sizes)] + shift, offsets)


@dataclass(frozen=True)
class _Moved:
    """A raster of the sheet as a tile shows it."""

    source: Raster
    dx: float
    dy: float

    @property
    def effective_dpi(self) -> float:
        return self.source.effective_dpi

    @property
    def attribution(self) -> str:
        return self.source.attribution

    def piece(self, frame: Frame, width_px: int, height_px: int) -> NDArray[np.uint8]:
        return self.source.piece(frame.moved(-self.dx, -self.dy), width_px, height_px)


def _crop_marks(drawing: Drawing, window: Frame) -> None:
    """Draw where the tile is cut: two strokes outside each of its corners."""
    marks = []
    for x, out_x in ((window.x, -1.0), (window.right, 1.0)):
        for y, out_y in ((window.y, -1.0), (window.bottom, 1.0)):
            marks.append([(x + out_x * _GAP_MM, y), (x + out_x * _MARK_MM, y)])
            marks.append([(x, y + out_y * _GAP_MM), (x, y + out_y * _MARK_MM)])
    drawing.lines(Paths.of(np.array(mark) for mark in marks), _CROP)


def _edges(drawing: Drawing, tiling: Tiling, tile: Tile) -> None:
    """Draw in the margin up to where the tiles at the right and below lie on this one."""
    window, overlap = tiling.window, tiling.overlap_mm
    marks = []
    if overlap and tile.column < tiling.columns:
        x = window.right - overlap
        marks.append([(x, window.y - _GAP_MM), (x, window.y - _MARK_MM)])
        marks.append([(x, window.bottom + _GAP_MM), (x, window.bottom + _MARK_MM)])
    if overlap and tile.row < tiling.rows:
        y = window.bottom - overlap
        marks.append([(window.x - _GAP_MM, y), (window.x - _MARK_MM, y)])
        marks.append([(window.right + _GAP_MM, y), (window.right + _MARK_MM, y)])
    drawing.lines(Paths.of(np.array(mark) for mark in marks), _EDGE)


# The plan


class _Plan:
    """The page that says how many tiles there are, where each belongs and what to do."""

    def __init__(
        self, page: ChartPage, tiling: Tiling, tiles: Tiles, metrics: Metrics, lang: str
    ) -> None:
        self._page, self._tiling, self._tiles = page, tiling, tiles
        self._metrics, self._lang = metrics, lang
        self._drawing = Drawing(tiling.page)
        self._typist = Typist(self._drawing, metrics)

    def page(self) -> ChartPage:
        """Return the page."""
        room = self._tiling.window.inset(5.0)
        self._drawing.land(Paths.frame(self._tiling.page.media), _PAPER)
        top = self._words(room)
        self._draw_sheet(Frame(room.x, top + 4, room.width, room.bottom - top - 4))
        return ChartPage(f"{self._page.key}#plan", self._page.title, self._drawing)

    def _words(self, room: Frame) -> float:
        """Write what the plan is and what to do; return the lower edge."""
        heading = sentence("chart.tiles_plan", self._lang)
        style = fitted(self._page.title, _TITLE, room.width, self._metrics, 3.0)
        top = self._typist.paragraph([heading], room.x, room.y, _BODY) + 1
        lines = wrapped(self._page.title, style, room.width, self._metrics)
        top = self._typist.paragraph(lines, room.x, top, style) + 1
        tiling = self._tiling
        params = {
            "width": round(tiling.sheet.width_mm),
            "height": round(tiling.sheet.height_mm),
            "paper": self._tiles.paper.upper(),
            "count": tiling.count,
            "rows": tiling.rows,
            "columns": tiling.columns,
            "overlap": f"{tiling.overlap_mm:g}",
            "margin": f"{MARGIN_MM:g}",
        }
        how = "tiles_glue" if tiling.overlap_mm else "tiles_cut"
        for code in ("tiles_count", "tiles_true", how if self._tiles.has_marks else f"{how}_bare"):
            text = sentence(f"chart.{code}", self._lang, params)
            lines = wrapped(text, _BODY, room.width, self._metrics)
            top = self._typist.paragraph(lines, room.x, top, _BODY)
        return top

    def _draw_sheet(self, room: Frame) -> None:
        """Draw the sheet small: its parts, the tiles over it with their numbers."""
        tiling = self._tiling
        wide = max(tiling.sheet.width_mm, tiling.tile(1, tiling.columns).frame.right)
        high = max(tiling.sheet.height_mm, tiling.tile(tiling.rows, 1).frame.bottom)
        scale = min(room.width / wide, room.height / high)
        x = room.x + (room.width - scale * wide) / 2

        def small(frame: Frame) -> Frame:
            return Frame(
                x + scale * frame.x,
                room.y + scale * frame.y,
                scale * frame.width,
                scale * frame.height,
            )

        drawing, overlap = self._drawing, tiling.overlap_mm
        for column in range(2, tiling.columns + 1):
            left = tiling.tile(1, column).frame.x
            drawing.land(Paths.frame(small(Frame(left, 0, overlap, high))), _SHARED)
        for row in range(2, tiling.rows + 1):
            upper = tiling.tile(row, 1).frame.y
            drawing.land(Paths.frame(small(Frame(0, upper, wide, overlap))), _SHARED)
        self._draw_parts(small)
        drawing.lines(Paths.of(Paths.frame(small(t.frame)).xy for t in tiling.tiles()), _TILE)
        style = TextStyle(min(7.0, 0.3 * scale * min(tiling.window.width, tiling.window.height)))
        halo = replace(style, is_bold=True, halo=_PAPER, halo_mm=0.6)
        for tile in tiling.tiles():
            wide = self._metrics.width_mm(tile.number, halo) / scale
            middle_x, middle_y = small(_clear(tiling, tile, wide, style.size_mm / scale)).middle
            top = middle_y - style.size_mm / 2
            self._typist.line(tile.number, middle_x, top, halo, Align.MIDDLE)
        drawing.lines(Paths.frame(small(tiling.sheet.whole)), _OUTLINE)

    def _draw_parts(self, small: Callable[[Frame], Frame]) -> None:
        """Draw the outlines of map and tables, by which one finds one's way."""
        parts = [frame for _, frame in self._page.blocks]
        if self._page.view is not None:
            parts.append(self._page.view.frame)
        self._drawing.lines(Paths.of(Paths.frame(small(part)).xy for part in parts), _PART)


def _clear(tiling: Tiling, tile: Tile, width: float, height: float) -> Frame:
    """Return the part of a tile on which its number stands on no line.

    That is what no other tile shares, on the sheet where it has room for it. A last row or column
    that shows little of the sheet has more room beyond its edge.
    """
    frame, overlap, sheet = tile.frame, tiling.overlap_mm, tiling.sheet.whole
    left = frame.x + (overlap if tile.column > 1 else 0.0)
    right = frame.right - (overlap if tile.column < tiling.columns else 0.0)
    top = frame.y + (overlap if tile.row > 1 else 0.0)
    bottom = frame.bottom - (overlap if tile.row < tiling.rows else 0.0)
    left, right = _roomier(left, right, sheet.right, width)
    top, bottom = _roomier(top, bottom, sheet.bottom, height)
    return Frame(left, top, right - left, bottom - top)


def _roomier(low: float, high: float, edge: float, wanted: float) -> tuple[float, float]:
    """Return what lies before an edge where that is enough or more than beyond it."""
    before, beyond = min(high, edge) - low, max(high - edge, 0.0)
    if before >= min(wanted * 1.2, beyond):
        return low, low + before
    return edge, high
