"""The frozen part of a partition: borders in flat arrays with three indexes, built at once.

An index answers "which borders?" for a node, for the direct owner of a side, for the outline of an
area at any level, and for a cell of a raster about as wide as a border is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gridadmin.base.errors import StoreError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import cells_of_boxes, cells_of_segments
from gridadmin.partition.grid import Bools, Ints, pack

_KEPT = 20_000
"""So many borders are kept as rows once they were asked for."""

_CELL_SHIFTS = (4, 18)
"""Raster cells are 2**4 mm to 2**18 mm = 262 m wide."""


class Index:
    """A frozen map from a key to border rows, as sorted arrays."""

    def __init__(self, keys: Ints, rows: Ints) -> None:
        order = np.argsort(keys)
        keys = keys[order]
        is_first = _begins(keys)
        # Place of the key and row in one number each: one array is sorted much quicker than two.
        bits = int(rows.max(initial=0)).bit_length()
        entries = ((np.cumsum(is_first) - 1) << bits) | rows[order]
        entries.sort()
        entries = entries[_begins(entries)]
        self.keys = keys[is_first]
        self._rows = entries & ((1 << bits) - 1)
        self._offsets = np.append(np.nonzero(_begins(entries >> bits))[0], len(entries))

    def rows(self, key: int) -> list[int]:
        """Return the rows under *key*, ascending; empty when there is none."""
        place = int(self.keys.searchsorted(key))
        if place == len(self.keys) or self.keys[place] != key:
            return []
        rows: list[int] = self._rows[self._offsets[place] : self._offsets[place + 1]].tolist()
        return rows


def _begins(ordered: Ints) -> Bools:
    """Tell where another value begins."""
    begins = np.ones(len(ordered), dtype=bool)
    begins[1:] = ordered[1:] != ordered[:-1]
    return begins


@dataclass(frozen=True, slots=True)
class BorderArrays:
    """Borders as columns: run ``r`` is ``xy[offsets[r]:offsets[r + 1]]``, ids ascending."""

    ids: Ints
    xy: Ints
    offsets: Ints
    left: Ints
    right: Ints
    revision: Ints

    def __len__(self) -> int:
        return len(self.ids)


def arrays_of(rows: Iterable[BorderRow]) -> BorderArrays:
    """Return stored borders as columns, sorted by id.

    Raises: StoreError ``store.damaged`` when the points of a border are no whole number of points.
    """
    ordered = sorted(rows, key=lambda row: row.id)
    lengths = np.array([len(row.points) for row in ordered], dtype=np.int64)
    if (lengths % 16 != 0).any() or (lengths < 32).any():
        raise StoreError("store.damaged", detail="border points")
    xy = np.frombuffer(b"".join(row.points for row in ordered), dtype="<i8").reshape(-1, 2)
    return BorderArrays(
        np.array([row.id for row in ordered], dtype=np.int64),
        xy.astype(np.int64, copy=False),
        np.concatenate(([0], np.cumsum(lengths // 16))).astype(np.int64),
        np.array([row.left for row in ordered], dtype=np.int64),
        np.array([row.right for row in ordered], dtype=np.int64),
        np.array([row.revision for row in ordered], dtype=np.int64),
    )


class Base:
    """Frozen borders with their indexes, for the tree given by *parents* (oid → oid)."""

    def __init__(self, borders: BorderArrays, parents: Mapping[int, int]) -> None:
        self.borders = borders
        self._known: dict[int, BorderRow] = {}
        self.row_of: dict[int, int] = dict(
            zip(borders.ids.tolist(), range(len(borders)), strict=True)
        )
        low, high = _boxes(borders)
        self.cell_shift = _fitting_shift(low, high)
        """Raster cells are ``2 ** cell_shift`` mm wide."""
        sides = Sides.of(borders)
        self.nodes = self._node_index()
        self.sides = self._side_index()
        self.outlines = self._outline_index(sides, parents)
        self.cells = self._cell_index(low, high)
        self.twice_area = self._twice_areas(sides)

    def border(self, row: int) -> BorderRow:
        """Return the border of one row."""
        known = self._known.get(row)
        if known is not None:
            return known
        if len(self._known) >= _KEPT:
            self._known.clear()
        borders = self.borders
        points = borders.xy[borders.offsets[row] : borders.offsets[row + 1]]
        self._known[row] = border = BorderRow(
            int(borders.ids[row]),
            points.tobytes(),
            int(borders.left[row]),
            int(borders.right[row]),
            int(borders.revision[row]),
        )
        return border

    def west_mm(self) -> int:
        """Return the least x of all points, less one; 0 without borders."""
        return int(self.borders.xy[:, 0].min()) - 1 if len(self.borders) else 0

    def _node_index(self) -> Index:
        borders = self.borders
        ends = np.concatenate((borders.offsets[:-1], borders.offsets[1:] - 1))
        rows = np.arange(len(borders))
        return Index(pack(borders.xy[ends]), np.concatenate((rows, rows)))

    def _side_index(self) -> Index:
        rows = np.arange(len(self.borders))
        return Index(
            np.concatenate((self.borders.left, self.borders.right)), np.concatenate((rows, rows))
        )

    def _outline_index(self, sides: Sides, parents: Mapping[int, int]) -> Index:
        keys, rows = [], []
        for at_level in _ancestors(sides.owners, parents).T:
            left, right = at_level.take(sides.left), at_level.take(sides.right)
            differs = left != right
            for side in (left, right):
                here = np.nonzero(differs & (side != _ENDED))[0]
                keys.append(side[here])
                rows.append(here)
        if not keys:
            return Index(np.empty(0, np.int64), np.empty(0, np.int64))
        return Index(np.concatenate(keys), np.concatenate(rows))

    def _cell_index(self, low: Ints, high: Ints) -> Index:
        borders = self.borders
        if not len(borders):
            return Index(np.empty(0, np.int64), np.empty(0, np.int64))
        cells, rows, wide = cells_of_boxes(low, high, self.cell_shift)
        lengths = np.diff(borders.offsets)[wide] - 1
        row = np.repeat(wide, lengths)
        step = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        at = borders.offsets[row] + step
        more, source = cells_of_segments(borders.xy[at], borders.xy[at + 1], self.cell_shift)
        return Index(np.concatenate((cells, more)), np.concatenate((rows, row[source])))

    def _twice_areas(self, sides: Sides) -> dict[int, int]:
        borders = self.borders
        terms = np.zeros(len(borders.xy), dtype=np.int64)
        xy = borders.xy
        terms[:-1] = xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]
        terms[borders.offsets[1:] - 1] = 0
        swept = np.add.reduceat(terms, borders.offsets[:-1]) if len(borders) else terms
        total = np.zeros(len(sides.owners), dtype=np.int64)
        np.add.at(total, sides.left, swept)
        np.subtract.at(total, sides.right, swept)
        return dict(zip(sides.owners.tolist(), total.tolist(), strict=True))


class Sides(NamedTuple):
    """All owners, ascending, and which of them each border has on its left and on its right."""

    owners: Ints
    left: Ints
    right: Ints

    @classmethod
    def of(cls, borders: BorderArrays) -> Sides:
        """Return the owners on the sides of *borders*."""
        both = np.concatenate((borders.left, borders.right))
        order = np.argsort(both)
        is_first = _begins(both[order])
        places = np.empty(len(both), dtype=np.int64)
        places[order] = np.cumsum(is_first) - 1
        count = len(borders)
        return cls(both[order[is_first]], places[:count], places[count:])


def _ancestors(owners: Ints, parents: Mapping[int, int]) -> Ints:
    """Return the chain of each owner from the root down, a row each, then ``_ENDED``.

    Raises: ValueError when the tree goes round in circles.
    """
    count = len(parents)
    known = np.fromiter(parents.keys(), dtype=np.int64, count=count)
    above = np.fromiter(parents.values(), dtype=np.int64, count=count)
    order = np.argsort(known)
    known, above = known[order], above[order]
    climbs, there = [owners], [np.ones(len(owners), dtype=bool)]
    while count and there[-1].any():
        if len(climbs) > _DEEPEST:
            raise ValueError("tree")
        place = np.minimum(np.searchsorted(known, climbs[-1]), count - 1)
        there.append(there[-1] & (known[place] == climbs[-1]))
        climbs.append(np.where(there[-1], above[place], 0))
    length = np.stack(there, axis=1).sum(axis=1)
    step = np.arange(int(length.max(initial=0)))[None]
    missing: Bools = step >= length[:, None]
    from_root = np.where(missing, 0, length[:, None] - 1 - step)
    chains = np.take_along_axis(np.stack(climbs, axis=1), from_root, axis=1)
    return np.where(missing, _ENDED, chains)


_ENDED = np.iinfo(np.int64).min
"""Stands in the chain of an owner after the owner itself; nobody's number."""
_DEEPEST = 64
"""A tree has nine levels at most; deeper is only one that is damaged."""


def _boxes(borders: BorderArrays) -> tuple[Ints, Ints]:
    """Return the least and the greatest x and y of each border, ``(n, 2)`` each."""
    if not len(borders):
        return borders.xy, borders.xy
    low = np.minimum.reduceat(borders.xy, borders.offsets[:-1], axis=0)
    high = np.maximum.reduceat(borders.xy, borders.offsets[:-1], axis=0)
    return low, high


def _fitting_shift(low: Ints, high: Ints) -> int:
    if not len(low):
        return _CELL_SHIFTS[1]
    typical = int(np.median((high - low).max(axis=1)))
    return min(max(typical.bit_length(), _CELL_SHIFTS[0]), _CELL_SHIFTS[1])


def chain_of(owner: int, parents: Mapping[int, int]) -> tuple[int, ...]:
    """Return the owner and its ancestors, from the root down."""
    chain = [owner]
    while (parent := parents.get(chain[-1])) is not None:
        chain.append(parent)
    return tuple(reversed(chain))
