"""Which areas may have a name on a picture, where in them, and which cells are still free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridadmin.domain.model import Area
from gridadmin.partition.label_places import Places, best_places
from gridadmin.partition.level_ground import is_remainder, rank_of
from gridadmin.partition.region_rings import places_of_rows
from ui.canvas.level_map import Chunk, LevelMap
from ui.canvas.scene import Prepared
from ui.canvas.sheet import Sheet
from ui.canvas.viewport import Box, Place

Floats = NDArray[np.float64]

_LEAST_ROOM_PX = 20.0
_CELL_PX = 4


@dataclass(frozen=True)
class Candidate:
    """An area with places for its name in pixels, the best first, and the room at each.

    ``is_remainder``: the land is only what the area keeps beside its children.
    """

    area: Area
    places_px: Floats
    rooms_px: list[float]
    height_px: float
    land_m2: float
    is_remainder: bool


def candidates(sheet: Sheet, prepared: Prepared, level_map: LevelMap) -> list[Candidate]:
    """Return the regions of a map that may have room for a name, the largest first."""
    found: list[Candidate] = []
    for number in level_map.seen(sheet.viewport.bounds()):
        sheet.pause()
        found += _in_chunk(sheet, prepared, level_map, level_map.chunk(number))
    found.sort(key=lambda one: (-one.land_m2, one.area.uid))
    return found


def _in_chunk(
    sheet: Sheet, prepared: Prepared, level_map: LevelMap, chunk: Chunk
) -> list[Candidate]:
    snapshot = prepared.snapshot
    places, xy, room = _places(sheet, chunk)
    pixels = sheet.viewport.to_px(xy.reshape(-1, 2)).reshape(xy.shape)
    found = []
    for row in np.nonzero(room[:, 0] >= _LEAST_ROOM_PX)[0].tolist():
        region = int(places.regions[row])
        area = snapshot.owning_area(region)
        if area is None:
            continue
        is_kept = rank_of(area.level) < level_map.rank and is_remainder(snapshot, region)
        height_px = sheet.size_px(float(places.boxes[row, 3] - places.boxes[row, 1]))
        land_m2 = chunk.land_m2.get(region, 0.0)
        found.append(Candidate(area, pixels[row], room[row].tolist(), height_px, land_m2, is_kept))
    return found


def _places(sheet: Sheet, chunk: Chunk) -> tuple[Places, Floats, Floats]:
    """Return the places in a chunk, with middles cut to the view and the room in pixels.

    Those of areas that are wholly seen are the same in every view, so that names stay where they
    are while the map moves.
    """
    drawing = chunk.drawing(sheet.octave)
    known: Places | None = drawing.made.get(("places",))
    if known is None:
        known = drawing.made["places",] = best_places(*drawing.rings)
    xy, room = known.xy, known.room_m
    x0, y0, x1, y1 = view = sheet.viewport.bounds()
    low, high = known.boxes[:, :2], known.boxes[:, 2:]
    is_whole = np.asarray(np.hstack((low >= (x0, y0), high <= (x1, y1))).all(axis=1))
    if not is_whole.all():
        xy, room = xy.copy(), np.where(is_whole[:, None], room, 0.0)
        is_cut = np.hstack((low < (x1, y1), high > (x0, y0))).all(axis=1) & ~is_whole
        if is_cut.any():
            # Only these: a chunk may hold ten times as many that aren't seen at all.
            region, points, offsets = drawing.rings
            rings = np.nonzero(np.isin(region, known.regions[is_cut]))[0]
            at, picked = places_of_rows(offsets, rings)
            cut = best_places(region[rings], points[at], picked, view)
            xy[is_cut], room[is_cut] = cut.xy, cut.room_m
    return known, xy, room / sheet.viewport.metres_per_px


class Occupied:
    """Which cells of a picture are taken.

    Cells hang on *origin_px*, where a fixed place of the land is seen: so what is free doesn't
    depend on how far the map was dragged.
    """

    def __init__(self, width_px: int, height_px: int, origin_px: Place = (0.0, 0.0)) -> None:
        self._size = width_px, height_px
        self._shift = origin_px[0] % _CELL_PX - _CELL_PX, origin_px[1] % _CELL_PX - _CELL_PX
        shape = height_px // _CELL_PX + 3, width_px // _CELL_PX + 3
        self._cells = np.zeros(shape, dtype=bool)

    def take(self, box_px: Box) -> bool:
        """Take a box of pixels if it lies in the picture and is free all over."""
        x0, y0, x1, y1 = box_px
        if x0 < 0 or y0 < 0 or x1 > self._size[0] or y1 > self._size[1]:
            return False
        dx, dy = self._shift
        cells = self._cells[
            int(y0 - dy) // _CELL_PX : int(y1 - dy) // _CELL_PX + 1,
            int(x0 - dx) // _CELL_PX : int(x1 - dx) // _CELL_PX + 1,
        ]
        if cells.any():
            return False
        cells[:] = True
        return True
