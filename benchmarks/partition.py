"""Made-up partitions as flat integer arrays, quick to make and to hold with a million areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

IntArray = npt.NDArray[np.int64]
Polygons = npt.NDArray[Any]
"""A numpy object array of shapely polygons."""

EPSG = 4544
"""Plane of the made-up data: CGCS2000, 3-degree Gauss-Kruger, central meridian 105° E, metres."""

LEVELS = ("district", "street", "community", "grid", "micro_grid")


@dataclass(frozen=True)
class Rings:
    """Simple polygons without holes, one counter-clockwise ring each.

    ``coords`` is ``(v, 2) int64`` in millimetres; ring *i* is
    ``coords[offsets[i]:offsets[i + 1]]``, its first vertex not repeated at the end.
    """

    coords: IntArray
    offsets: IntArray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def ring(self, index: int) -> IntArray:
        """Return the ``(k, 2)`` vertices of one ring."""
        return self.coords[self.offsets[index] : self.offsets[index + 1]]

    def polygons_mm(self) -> Polygons:
        """Return shapely polygons whose coordinates are whole millimetres, exact in a double."""
        return self._polygons(self.coords.astype(np.float64))

    def polygons_m(self) -> Polygons:
        """Return shapely polygons in metres, as a file holds them."""
        return self._polygons(self.coords / 1000.0)

    def _polygons(self, coords: npt.NDArray[np.float64]) -> Polygons:
        sizes = np.diff(self.offsets)
        closed = closed_index(self.offsets)
        indices = np.repeat(np.arange(len(sizes)), sizes + 1)
        polygons: Polygons = shapely.polygons(shapely.linearrings(coords[closed], indices=indices))
        return polygons


@dataclass(frozen=True)
class Partition:
    """Leaf areas that tile a frame exactly, and the tree above them.

    ``ancestor[level]`` is ``(n,)``: which area of *level* holds each leaf. ``parent[level]`` is
    ``(areas of level,)``: which area of the level above holds each of them; the district has none.
    """

    leaves: Rings
    ancestor: Mapping[str, IntArray]
    parent: Mapping[str, IntArray]

    def count(self, level: str) -> int:
        """Return how many areas *level* has."""
        return 1 if level == LEVELS[0] else len(self.parent[level])


def closed_index(offsets: IntArray) -> IntArray:
    """Return indices into the coordinates that repeat the first vertex of each ring at its end."""
    sizes = np.diff(offsets)
    return concatenated_ranges(offsets[:-1], sizes + 1, wrap=sizes)


def concatenated_ranges(
    starts: IntArray, lengths: IntArray, steps: IntArray | None = None, wrap: IntArray | None = None
) -> IntArray:
    """Return ``start, start + step, …`` of each range, one after the other.

    With *wrap* the position in range *i* starts again after ``wrap[i]`` members.
    """
    ends = np.cumsum(lengths)
    position = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    position -= np.repeat(ends - lengths, lengths)
    if wrap is not None:
        position %= np.repeat(wrap, lengths)
    if steps is not None:
        position *= np.repeat(steps, lengths)
    position += np.repeat(starts, lengths)
    return position


def doubled_areas(rings: Rings) -> IntArray:
    """Return twice the area of each ring in mm², exactly; counter-clockwise is positive."""
    offsets = rings.offsets
    local = rings.coords - np.repeat(rings.coords[offsets[:-1]], np.diff(offsets), axis=0)
    following = np.roll(local, -1, axis=0)
    # the first vertex of each ring is its local origin, so the edge that closes it adds nothing
    following[offsets[1:] - 1] = 0
    cross = local[:, 0] * following[:, 1] - local[:, 1] * following[:, 0]
    doubled: IntArray = np.add.reduceat(cross, offsets[:-1])
    return doubled
