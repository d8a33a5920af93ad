"""Fills of areas: calm colours of which neighbours never share one, or the state of households."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtGui import QColor, QPainter, QPainterPath

from gridadmin.partition.figures import households_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.region_rings import places_of_rows
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.area_marks import UNKNOWN, StaffState
from ui.canvas.group_fills import NONE, THEMES, Group, fill_of, groups_of, keys_of_areas
from ui.canvas.level_map import Chunk, Drawing, LevelMap
from ui.canvas.patterns import fill_with_pattern
from ui.canvas.scene import BANDS, Prepared
from ui.canvas.sheet import Sheet, clipped_path, colour, path_of
from ui.canvas.staff_marks import marks
from ui.canvas.style import BandFill, BandState, FillTheme, Palette

_BANDS = list(BandState)
_STATES = list(StaffState)
_STAFF = "staff"


def paint_fills(sheet: Sheet, prepared: Prepared, level_map: LevelMap) -> None:
    """Paint the fills of all regions that are seen."""
    painter = sheet.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    is_plain = sheet.style.fills is FillTheme.PLAIN
    is_of_groups = sheet.style.fills in THEMES
    groups = groups_of(prepared.snapshot, sheet.style) if is_of_groups else []
    for number in level_map.seen(sheet.box):
        chunk = level_map.chunk(number)
        key: tuple[str, ...]
        if is_plain:
            key, classes = ("plain",), _colours(level_map)
        elif sheet.style.fills is FillTheme.HOUSEHOLDS:
            key, classes = (BANDS,), _bands(prepared.snapshot)
        elif groups:
            key, classes = _group_key(sheet, prepared), _groups(sheet, prepared, groups)
            _forget_older(chunk.drawing(sheet.octave), key)
        else:
            key, classes = _staff_key(sheet, prepared), _staff(sheet, prepared)
            _forget_older(chunk.drawing(sheet.octave), key)
        for kind, path in _paths(sheet, chunk, key, classes):
            sheet.pause()
            if is_plain:
                _paint_plain(sheet, path, kind)
            elif sheet.style.fills is FillTheme.HOUSEHOLDS:
                _paint_band(sheet, path, sheet.palette.bands[_BANDS[kind]])
            elif groups:
                fill = fill_of(kind, groups[kind], sheet.palette, sheet.style.theme)
                _paint_band(sheet, path, fill)
            else:
                _paint_band(sheet, path, sheet.palette.staff[_STATES[kind]])
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _paint_plain(sheet: Sheet, path: QPainterPath, number: int) -> None:
    sheet.painter.setTransform(sheet.to_px)
    sheet.painter.fillPath(path, fill_colour(sheet.palette, number, sheet.fill_strength))


def _paint_band(sheet: Sheet, path: QPainterPath, fill: BandFill) -> None:
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


def _staff_key(sheet: Sheet, prepared: Prepared) -> tuple[str, ...]:
    """Return what the classes of a theme of people depend on: anything may change them."""
    is_known = str(prepared.households_known())
    return _STAFF, sheet.style.fills, str(prepared.snapshot.revision), is_known


def _group_key(sheet: Sheet, prepared: Prepared) -> tuple[str, ...]:
    style, snapshot = sheet.style, prepared.snapshot
    return _STAFF, style.fills, style.net, str(snapshot.revision)


def _groups(sheet: Sheet, prepared: Prepared, groups: Sequence[Group]) -> Callable[[Ints], Ints]:
    keys = keys_of_areas(prepared.snapshot, sheet.style)
    places = {group.key: place for place, group in enumerate(groups)}
    none = places[NONE]

    def classes(regions: Ints) -> Ints:
        found = [places.get(keys.get(r, NONE), none) for r in regions.tolist()]
        return np.array(found, dtype=np.int64)

    return classes


def _forget_older(drawing: Drawing, key: tuple[str, ...]) -> None:
    for other in [made for made in drawing.made if made[0] == _STAFF and made != key]:
        del drawing.made[other]


def _staff(sheet: Sheet, prepared: Prepared) -> Callable[[Ints], Ints]:
    snapshot = prepared.snapshot
    found = marks(snapshot, sheet.style.fills, has_households=prepared.households_known())

    def state(region: int) -> int:
        area = snapshot.owning_area(region)
        return _STATES.index(UNKNOWN.state if area is None else found.get(area.uid, UNKNOWN).state)

    return lambda regions: np.array([state(r) for r in regions.tolist()], dtype=np.int64)


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
