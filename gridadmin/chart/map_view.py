"""Which land a map frame shows, at which scale: from local metres to mm of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Paths

_BEYOND_MM = 20.0

Bounds = tuple[float, float, float, float]
"""West, south, east, north in local metres."""


@dataclass(frozen=True, slots=True)
class MapView:
    """A frame of a sheet, the scale, and the point of the land (local metres) in its middle."""

    frame: Frame
    scale: int
    centre_m: tuple[float, float]

    @property
    def mm_per_m(self) -> float:
        """How many mm of the sheet a metre takes."""
        return 1000.0 / self.scale

    @property
    def bounds(self) -> Bounds:
        """The land that the frame shows."""
        half_w = self.frame.width / self.mm_per_m / 2
        half_h = self.frame.height / self.mm_per_m / 2
        x, y = self.centre_m
        return x - half_w, y - half_h, x + half_w, y + half_h

    def to_mm(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points ``(n, 2)`` in local metres as mm of the sheet."""
        x, y = self.frame.middle
        found = np.empty_like(xy, dtype=np.float64)
        found[:, 0] = x + (xy[:, 0] - self.centre_m[0]) * self.mm_per_m
        found[:, 1] = y - (xy[:, 1] - self.centre_m[1]) * self.mm_per_m
        return found

    def to_m(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points in mm of the sheet as local metres."""
        x, y = self.frame.middle
        found = np.empty_like(xy, dtype=np.float64)
        found[:, 0] = self.centre_m[0] + (xy[:, 0] - x) / self.mm_per_m
        found[:, 1] = self.centre_m[1] - (xy[:, 1] - y) / self.mm_per_m
        return found

    def shapes(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapes in mm, cut to the frame; what lies outside comes back empty."""
        if not len(shapes):
            return shapes
        x0, y0, x1, y1 = self.bounds
        bounds = shapely.bounds(shapes)
        is_in = (bounds[:, 0] >= x0) & (bounds[:, 1] >= y0)
        is_in &= (bounds[:, 2] <= x1) & (bounds[:, 3] <= y1)
        cut = shapes.copy()
        cut[~is_in] = shapely.clip_by_rect(cut[~is_in], x0, y0, x1, y1)
        moved: NDArray[np.object_] = shapely.transform(cut, self.to_mm)
        return moved

    def shape(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return one shape in mm, cut to the frame."""
        array = np.empty(1, dtype=object)
        array[0] = shape
        return self.shapes(array)[0]

    def lines(self, paths: Paths) -> Paths:
        """Return lines in mm, those that come into the frame; far beyond it they are cut."""
        if not len(paths):
            return paths
        x0, y0, x1, y1 = self.bounds
        begins = paths.offsets[:-1]
        low = np.minimum.reduceat(paths.xy, begins, axis=0)
        high = np.maximum.reduceat(paths.xy, begins, axis=0)
        seen = (low[:, 0] <= x1) & (high[:, 0] >= x0) & (low[:, 1] <= y1) & (high[:, 1] >= y0)
        rows = np.nonzero(seen)[0].tolist()
        xy = paths.xy
        reach = _BEYOND_MM / self.mm_per_m
        is_far: NDArray[np.bool_] = np.any(low < (x0 - reach, y0 - reach), axis=1)
        is_far |= np.any(high > (x1 + reach, y1 + reach), axis=1)
        parts: list[NDArray[np.float64]] = []
        for row in rows:
            part = xy[paths.offsets[row] : paths.offsets[row + 1]]
            if not is_far[row]:
                parts.append(part)
                continue
            # Painters of pixels stumble over lines that go on for metres beyond the sheet.
            box = (x0 - reach, y0 - reach, x1 + reach, y1 + reach)
            cut = shapely.clip_by_rect(shapely.LineString(part), *box)
            parts += [
                shapely.get_coordinates(one)
                for one in shapely.get_parts(cut).tolist()
                if one.geom_type == "LineString" and not one.is_empty
            ]
        found = Paths.of(parts)
        return Paths(self.to_mm(found.xy), found.offsets) if len(found) else found


def fitting_scale(bounds: Bounds, width_mm: float, height_mm: float, scales: Sequence[int]) -> int:
    """Return the largest of the scales at which the land fits; beyond the last its multiples."""
    needed = max(
        (bounds[2] - bounds[0]) * 1000 / width_mm, (bounds[3] - bounds[1]) * 1000 / height_mm
    )
    for scale in scales:
        if scale >= needed:
            return scale
    scale, is_half = scales[-1], False
    while scale < needed:
        # By a half and by a third in turn: 50,000 is followed by 75,000, 100,000, 150,000.
        scale = scale * 4 // 3 if is_half else scale * 3 // 2
        is_half = not is_half
    return scale


def fitted_view(
    bounds: Bounds,
    frame: Frame,
    scales: Sequence[int],
    scale: int | None = None,
    padding: float = 0.025,
    shift_m: tuple[float, float] = (0.0, 0.0),
) -> MapView:
    """Return the view that shows land in the middle of a frame, with some room around it."""
    room_w, room_h = frame.width * (1 - 2 * padding), frame.height * (1 - 2 * padding)
    chosen = scale or fitting_scale(bounds, room_w, room_h, scales)
    centre = (bounds[0] + bounds[2]) / 2 + shift_m[0], (bounds[1] + bounds[3]) / 2 + shift_m[1]
    return MapView(frame, chosen, centre)
