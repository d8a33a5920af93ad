"""Some land by itself, all else left out, to try lines on before they touch the real partition."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.ops import substring

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition.cuts import insert_line
from gridadmin.partition.grid import Ints
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderIds
from gridadmin.partition.walk import Part, land_parts, own_parts, to_polygon

_WHOLE, _LEFT, _RIGHT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Halves:
    """The land of an area on the left and on the right of a line, in mm of the kernel."""

    line: Ints
    """The line without what lies before and behind the land."""
    left: tuple[Part, ...]
    right: tuple[Part, ...]
    apart: tuple[Part, ...]
    """Pieces that the line doesn't reach."""


def land_alone(borders: Iterable[BorderRow], region_of: Callable[[int], int]) -> Partition:
    """Return the partition of regions alone; *region_of* says which one an owner is part of."""
    rows = [
        replace(border, left=region_of(border.left), right=region_of(border.right))
        for border in borders
    ]
    return Partition.of((row for row in rows if row.left != row.right), {})


def halves_of(partition: Partition, owner: int, line: Ints) -> Halves:
    """Return how *line* ``(n, 2)`` in mm cuts the land of an area with all below it.

    Raises: EditError ``edit.cuts_nothing``, ``edit.ambiguous_side``.
    """
    parts = land_parts(partition, owner)
    trimmed = within(line, in_mm(parts))
    borders = partition.outline(owner)
    is_ours = _membership(partition, owner)
    alone = land_alone(borders, lambda oid: _WHOLE if is_ours(oid) else OUTSIDE)
    sides = {"left": _LEFT, "right": _RIGHT}
    changes = insert_line(
        alone, trimmed, lambda _, side: sides[side], BorderIds("alone"), spare_outside=True
    )
    cut = alone.applied(changes, alone.parents)
    return Halves(
        trimmed,
        tuple(own_parts(cut, _LEFT)),
        tuple(own_parts(cut, _RIGHT)),
        tuple(own_parts(cut, _WHOLE)),
    )


def _membership(partition: Partition, owner: int) -> Callable[[int], bool]:
    known: dict[int, bool] = {}

    def is_ours(oid: int) -> bool:
        if oid not in known:
            current: int | None = oid
            while current is not None and current != owner:
                current = partition.parents.get(current)
            known[oid] = current == owner
        return known[oid]

    return is_ours


def in_mm(parts: Iterable[Part]) -> shapely.MultiPolygon:
    """Return pieces of land as a multipolygon in mm of the kernel."""
    return to_polygon(list(parts), lambda xy: xy.astype(np.float64))


def within(line: Ints, land: shapely.Geometry) -> Ints:
    """Return a line from where it first meets *land* to where it last does.

    What lies beyond would bend the borders of others that it crosses.
    Raises: EditError ``edit.cuts_nothing`` when it never does.
    """
    drawn = shapely.LineString(line)
    met = shapely.get_coordinates(shapely.intersection(drawn, land))
    if not len(met):
        raise EditError("edit.cuts_nothing")
    if drawn.is_closed:
        return line
    at = shapely.line_locate_point(drawn, shapely.points(met))
    piece = shapely.get_coordinates(substring(drawn, float(at.min()), float(at.max())))
    rounded: Ints = np.floor(piece + 0.5).astype(np.int64)
    fresh = np.ones(len(rounded), dtype=bool)
    fresh[1:] = (rounded[1:] != rounded[:-1]).any(axis=1)
    if fresh.sum() < 2:
        raise EditError("edit.cuts_nothing")
    trimmed: Ints = rounded[fresh]
    return trimmed
