"""The frozen part of a partition: borders in flat arrays with three indexes, built at once.

An index answers "which borders?" for a node, for the direct owner of a side, for the outline of an
area at any level, and for a cell of a raster about as wide as a border is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
        order = np.lexsort((rows, keys))
        keys, rows = keys[order], rows[order]
        distinct = np.ones(len(keys), dtype=bool)
        distinct[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
        keys, self._rows = keys[distinct], rows[distinct]
        is_first = np.ones(len(keys), dtype=bool)
        is_first[1:] = keys[1:] != keys[:-1]
        begins = np.nonzero(is_first)[0]
        self.keys = keys[begins]
        self._offsets = np.append(begins, len(keys))

    def rows(self, key: int) -> list[int]:
        """Return the rows under *key*, ascending; empty when there is none."""
        place = int(self.keys.searchsorted(key))
        if place == len(self.keys) or self.keys[place] != key:
            return []
        rows: list[int] = self._rows[self._offsets[place] : self._offsets[place + 1]].tolist()
        return rows


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
        self.cell_shift = _fitting_shift(borders)
        """Raster cells are ``2 ** cell_shift`` mm wide."""
        self.nodes = self._node_index()
        self.sides = self._side_index()
        self.outlines = self._outline_index(parents)
        self.cells = self._cell_index()
        self.twice_area = self._twice_areas()

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

    def _outline_index(self, parents: Mapping[int, int]) -> Index:
        owners = np.unique(np.concatenate((self.borders.left, self.borders.right)))
        ancestors, missing = _ancestors(owners, parents)
        depth = ancestors.shape[1]
        left = np.searchsorted(owners, self.borders.left)
        right = np.searchsorted(owners, self.borders.right)
        keys, rows = [], []
        for level in range(depth):
            is_common: Bools = (
                (ancestors[left, level] == ancestors[right, level])
                & ~missing[left, level]
                & ~missing[right, level]
            )
            for side in (left, right):
                here = np.nonzero(~is_common & ~missing[side, level])[0]
                keys.append(ancestors[side[here], level])
                rows.append(here)
        if not keys:
            return Index(np.empty(0, np.int64), np.empty(0, np.int64))
        return Index(np.concatenate(keys), np.concatenate(rows))

    def _cell_index(self) -> Index:
        borders = self.borders
        if not len(borders):
            return Index(np.empty(0, np.int64), np.empty(0, np.int64))
        low = np.minimum.reduceat(borders.xy, borders.offsets[:-1], axis=0)
        high = np.maximum.reduceat(borders.xy, borders.offsets[:-1], axis=0)
        cells, rows, wide = cells_of_boxes(low, high, self.cell_shift)
        lengths = np.diff(borders.offsets)[wide] - 1
        row = np.repeat(wide, lengths)
        step = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        at = borders.offsets[row] + step
        more, source = cells_of_segments(borders.xy[at], borders.xy[at + 1], self.cell_shift)
        return Index(np.concatenate((cells, more)), np.concatenate((rows, row[source])))

    def _twice_areas(self) -> dict[int, int]:
        borders = self.borders
        terms = np.zeros(len(borders.xy), dtype=np.int64)
        xy = borders.xy
        terms[:-1] = xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]
        terms[borders.offsets[1:] - 1] = 0
        swept = np.add.reduceat(terms, borders.offsets[:-1]) if len(borders) else terms
        owners, place = np.unique(
            np.concatenate((borders.left, borders.right)), return_inverse=True
        )
        total = np.zeros(len(owners), dtype=np.int64)
        np.add.at(total, place, np.concatenate((swept, -swept)))
        return dict(zip(owners.tolist(), total.tolist(), strict=True))


def _ancestors(owners: Ints, parents: Mapping[int, int]) -> tuple[Ints, Bools]:
    """Return the chain of each owner from the root down, a row each, and where a row has ended.

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
    return np.take_along_axis(np.stack(climbs, axis=1), from_root, axis=1), missing


_DEEPEST = 64
"""A tree has nine levels at most; deeper is only one that is damaged."""


def _fitting_shift(borders: BorderArrays) -> int:
    if not len(borders):
        return _CELL_SHIFTS[1]
    low = np.minimum.reduceat(borders.xy, borders.offsets[:-1], axis=0)
    high = np.maximum.reduceat(borders.xy, borders.offsets[:-1], axis=0)
    typical = int(np.median((high - low).max(axis=1)))
    return min(max(typical.bit_length(), _CELL_SHIFTS[0]), _CELL_SHIFTS[1])


def chain_of(owner: int, parents: Mapping[int, int]) -> tuple[int, ...]:
    """Return the owner and its ancestors, from the root down."""
    chain = [owner]
    while (parent := parents.get(chain[-1])) is not None:
        chain.append(parent)
    return tuple(reversed(chain))
