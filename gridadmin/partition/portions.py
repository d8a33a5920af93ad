"""Shapes made in portions: while shapely makes them, no other thread of Python's gets its turn.

Measured: 100,000 rings of 40 points keep a window waiting for a quarter of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import shapely

from gridadmin.partition.grid import Ints

_POINTS = 50_000
_SHAPES = 5_000


def points_in_portions(xy: np.ndarray) -> np.ndarray:
    """Return the points at *xy* ``(n, 2)``, as ``shapely.points`` does."""
    return _joined([shapely.points(xy[at]) for at in _slices(len(xy), _SHAPES)])


def rings_in_portions(xy: np.ndarray, ring_of_point: Ints, at_once: int = _POINTS) -> np.ndarray:
    """Return ``shapely.linearrings(xy, indices=ring_of_point)``; indices rise by one from 0."""
    return _by_index(shapely.linearrings, xy, ring_of_point, at_once)


def lines_in_portions(xy: np.ndarray, line_of_point: Ints, at_once: int = _POINTS) -> np.ndarray:
    """Return ``shapely.linestrings(xy, indices=line_of_point)``; indices rise by one from 0."""
    return _by_index(shapely.linestrings, xy, line_of_point, at_once)


def polygons_in_portions(shells: np.ndarray) -> np.ndarray:
    """Return the polygons without holes in *shells*, as ``shapely.polygons`` does."""
    return _joined([shapely.polygons(shells[at]) for at in _slices(len(shells), _SHAPES)])


def _by_index(
    make: Callable[..., np.ndarray], xy: np.ndarray, indices: Ints, at_once: int
) -> np.ndarray:
    cuts = [0]
    while cuts[-1] < len(xy):
        far = cuts[-1] + at_once
        if far >= len(xy):
            cuts.append(len(xy))
            break
        # A shape is made whole: where one begins before the cut, the cut comes before or after it.
        before = int(np.searchsorted(indices, indices[far], side="left"))
        after = int(np.searchsorted(indices, indices[far], side="right"))
        cuts.append(before if before > cuts[-1] else after)
    parts = [
        make(xy[start:end], indices=indices[start:end] - indices[start])
        for start, end in pairwise(cuts)
    ]
    return _joined(parts)


def _slices(count: int, at_once: int) -> Iterator[slice]:
    for start in range(0, max(count, 1), at_once):
        yield slice(start, start + at_once)


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    if not parts:
        return np.empty(0, dtype=object)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
