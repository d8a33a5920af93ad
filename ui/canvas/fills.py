"""Fills of areas: calm colours of which neighbours never share one, or the state of households."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QColor, QPainter, QPainterPath

from gridadmin.partition.figures import households_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.region_rings import places_of_rows
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.level_map import Chunk, Drawing, LevelMap
from ui.canvas.patterns import fill_with_pattern
from ui.canvas.scene import BANDS, Prepared
from ui.canvas.sheet import Sheet, clipped_path, colour, path_of
from ui.canvas.style import BandState, FillTheme, Palette

_BANDS = list(BandState)


def paint_fills(sheet: Sheet, prepared: Prepared, level_map: LevelMap) -> None:
    """Paint the fills of all regions that are seen."""
    painter = sheet.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    is_plain = sheet.style.fills is FillTheme.PLAIN
    for number in level_map.seen(sheet.box):
        chunk = level_map.chunk(number)
        if is_plain:
            key, classes = ("plain",), _colours(level_map)
        else:
            key, classes = (BANDS,), _bands(prepared.snapshot)
        for kind, path in _paths(sheet, chunk, key, classes):
            sheet.pause()
            if is_plain:
                _paint_plain(sheet, path, kind)
            else:
                _paint_band(sheet, path, kind)
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _paint_plain(sheet: Sheet, path: QPainterPath, number: int) -> None:
    sheet.painter.setTransform(sheet.to_px)
    sheet.painter.fillPath(path, fill_colour(sheet.palette, number, sheet.fill_strength))


def _paint_band(sheet: Sheet, path: QPainterPath, number: int) -> None:
    fill = sheet.palette.bands[_BANDS[number]]
    sheet.painter.setTransform(sheet.to_px)
    sheet.painter.fillPath(path, colour(fill.colour, sheet.fill_strength))
    if fill.pattern is not None:
        sheet.painter.resetTransform()
        fill_with_pattern(sheet, sheet.to_px.map(path), fill.pattern)


def fill_colour(palette: Palette, number: int, strength: float = 1.0) -> QColor:
    """Return the colour of a number; those beyond the palette are its colours, darker."""
    rounds, place = divmod(number, len(palette.fills))
    found = colour(palette.fills[place], strength)
    return found.darker(100 + 18 * rounds) if rounds else found


def _paths(
    sheet: Sheet, chunk: Chunk, key: tuple[str, ...], classes: Callable[[Ints], Ints]
) -> list[tuple[int, QPainterPath]]:
    """Return the rings of a chunk by class, in local metres; kept when they are whole."""
    drawing = chunk.drawing(sheet.octave)
    if not sheet.chunk_is_whole(chunk):
        return [
            (kind, clipped_path(xy, offsets, sheet.reach))
            for kind, xy, offsets in _by_class(drawing, classes)
        ]
    known: list[tuple[int, QPainterPath]] | None = drawing.made.get(key)
    if known is None:
        known = drawing.made[key] = [
            (kind, path_of(xy, offsets)) for kind, xy, offsets in _by_class(drawing, classes)
        ]
    return known


def _by_class(
    drawing: Drawing, classes: Callable[[Ints], Ints]
) -> list[tuple[int, np.ndarray, Ints]]:
    region, xy, offsets = drawing.rings
    if not len(region):
        return []
    kinds = classes(region)
    found = []
    for kind in np.unique(kinds).tolist():
        at, picked = places_of_rows(offsets, np.nonzero(kinds == kind)[0])
        found.append((kind, xy[at], picked))
    return found


def _colours(level_map: LevelMap) -> Callable[[Ints], Ints]:
    colours = level_map.colours
    return lambda regions: np.array([colours[r] for r in regions.tolist()], dtype=np.int64)


def _bands(snapshot: Snapshot) -> Callable[[Ints], Ints]:
    def classes(regions: Ints) -> Ints:
        states = {region: band_state(snapshot, region) for region in np.unique(regions).tolist()}
        return np.array([_BANDS.index(states[r]) for r in regions.tolist()], dtype=np.int64)

    return classes


def band_state(snapshot: Snapshot, region: int) -> BandState:
    """Return how the households of a region compare with the band of its level."""
    area = snapshot.owning_area(region)
    if area is None:
        return BandState.UNKNOWN
    band = snapshot.scheme.band_of(area.level, area.kind, area.area_class)
    households, _ = households_of(snapshot, area)
    if band is None or households is None:
        return BandState.UNKNOWN
    if households < band.low:
        return BandState.BELOW
    return BandState.ABOVE if households > band.high else BandState.INSIDE
