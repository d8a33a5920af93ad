"""Work done in portions: while one call is under way no other thread of Python's gets its turn.

Measured: 100,000 rings of 40 points keep a window waiting for a quarter of a second, and so does
letting go of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, pairwise
from typing import TypeVar

import numpy as np
import shapely
from immutables import Map

from gridadmin.base.giving_way import give_way
from gridadmin.partition.grid import Ints

_POINTS = 50_000
_SHAPES = 5_000
_ENTRIES = 10_000

K = TypeVar("K")
V = TypeVar("V")


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


def multipolygons_in_portions(polygons: np.ndarray, indices: Ints) -> np.ndarray:
    """Return ``shapely.multipolygons(polygons, indices=indices)``; indices rise by one from 0."""
    return _by_index(shapely.multipolygons, polygons, indices, _SHAPES)


def slices_of(shapes: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield where each portion of *shapes* begins, and the portion."""
    for at in _slices(len(shapes), _SHAPES):
        yield at.start, shapes[at]


def let_go(shapes: np.ndarray) -> None:
    """Put nothing in the place of all *shapes*: those that nobody else holds end now."""
    for at in _slices(len(shapes), _SHAPES):
        shapes[at] = None


def map_in_portions(entries: Mapping[K, V]) -> Map[K, V]:
    """Return ``Map(entries)``."""
    made = Map[K, V]().mutate()
    items = iter(entries.items())
    while portion := dict(islice(items, _ENTRIES)):
        give_way()
        made.update(portion)
    return made.finish()


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
    parts = []
    for start, end in pairwise(cuts):
        give_way()
        parts.append(make(xy[start:end], indices=indices[start:end] - indices[start]))
    return _joined(parts)


def _slices(count: int, at_once: int) -> Iterator[slice]:
    for start in range(0, max(count, 1), at_once):
        give_way()
        yield slice(start, start + at_once)


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    if not parts:
        return np.empty(0, dtype=object)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
