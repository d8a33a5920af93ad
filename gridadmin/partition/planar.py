"""The partition: an immutable set of labelled borders that cuts the plane into owned faces.

A frozen :class:`~gridadmin.partition.base.Base` holds most borders; a small persistent overlay
holds what changed since. Applying a change costs what the change touches, and every former state
stays valid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from immutables import Map, MapMutation

from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition.base import Base, BorderArrays, Index, arrays_of, chain_of
from gridadmin.partition.border import (
    Box,
    box_of,
    boxes_meet,
    cells_of,
    cells_of_segments,
    node_keys,
    points_of,
    swept_twice,
)
from gridadmin.partition.grid import Ints, pack_point

__all__ = ["Parents", "Partition", "node_keys", "outlined", "points_of"]

Parents = Mapping[int, int]
_Ids = frozenset[int]
_NO_IDS: _Ids = frozenset()
_NO_LANDS: Map[int, int] = Map()


class Partition:
    """Labelled borders with look-ups by id, node, owner, outline and place; never changes."""

    __slots__ = (
        "_base",
        "_borders",
        "_cells",
        "_extent",
        "_lands",
        "_nodes",
        "_outlines",
        "_sides",
        "_twice",
        "_west",
        "parents",
    )

    def __init__(
        self,
        base: Base,
        parents: Parents,
        borders: Map[int, BorderRow | None],
        indexes: Sequence[Map[int, _Ids]],
        twice: Map[int, int],
        west_mm: int,
        lands: Map[int, int] = _NO_LANDS,
        extent: tuple[Box | None] | None = None,
    ) -> None:
        self._base = base
        self.parents = parents
        self._borders = borders
        self._nodes, self._sides, self._outlines, self._cells = indexes
        self._twice = twice
        self._west = west_mm
        # Asked for at every step of a drag; what is known goes on from state to state.
        self._lands = lands
        self._extent = extent

    @classmethod
    def of(cls, rows: Iterable[BorderRow], parents: Parents) -> Partition:
        """Return the partition of stored borders, for the area tree *parents* (oid → oid)."""
        return cls.of_arrays(arrays_of(rows), parents)

    @classmethod
    def of_arrays(cls, borders: BorderArrays, parents: Parents) -> Partition:
        """Return the partition of borders given as columns."""
        base = Base(borders, parents)
        return cls(base, parents, Map(), (Map(),) * 4, Map(), base.west_mm())

    def __len__(self) -> int:
        base = len(self._base.borders)
        alive = sum(border is not None for border in self._borders.values())
        hidden = sum(number in self._base.row_of for number in self._borders)
        return base + alive - hidden

    def __iter__(self) -> Iterator[BorderRow]:
        for row, number in enumerate(self._base.borders.ids.tolist()):
            if number not in self._borders:
                yield self._base.border(row)
        for border in self._borders.values():
            if border is not None:
                yield border

    def border(self, number: int) -> BorderRow:
        """Return the border of that id. Raises: KeyError."""
        if number in self._borders:
            border = self._borders[number]
            if border is None:
                raise KeyError(number)
            return border
        return self._base.border(self._base.row_of[number])

    def has(self, number: int) -> bool:
        """Return whether a border of that id exists."""
        if number in self._borders:
            return self._borders[number] is not None
        return number in self._base.row_of

    def at_node(self, key: int) -> list[BorderRow]:
        """Return the borders that start or end at a packed node, by id."""
        return self._found(self._base.nodes, self._nodes, key)

    def beside(self, owner: int) -> list[BorderRow]:
        """Return the borders that have *owner* itself on a side, by id."""
        return self._found(self._base.sides, self._sides, owner)

    def outline(self, owner: int) -> list[BorderRow]:
        """Return the borders between the land of *owner* and its descendants and other land."""
        return self._found(self._base.outlines, self._outlines, owner)

    @property
    def cell_shift(self) -> int:
        """Raster cells are ``2 ** cell_shift`` mm wide."""
        return self._base.cell_shift

    def along(self, starts: Ints, ends: Ints, margin_mm: int = 1) -> list[BorderRow]:
        """Return the borders in the raster cells within *margin_mm* of segments, by id."""
        keys, _ = cells_of_segments(starts, ends, self.cell_shift, margin_mm)
        return self.in_cells(np.unique(keys).tolist())

    def in_cells(self, keys: Iterable[int]) -> list[BorderRow]:
        """Return the borders that run through any of the raster cells, by id."""
        found: dict[int, BorderRow] = {}
        for key in keys:
            for border in self._found(self._base.cells, self._cells, key):
                found[border.id] = border
        return [found[number] for number in sorted(found)]

    def in_box(self, low: tuple[int, int], high: tuple[int, int]) -> list[BorderRow]:
        """Return the borders that may come into a box of mm coordinates, by id."""
        shift = self.cell_shift
        x0, y0, x1, y1 = low[0] >> shift, low[1] >> shift, high[0] >> shift, high[1] >> shift
        if (x1 - x0 + 1) * (y1 - y0 + 1) > _MANY_CELLS:
            return [border for border in self if boxes_meet(box_of(border), (*low, *high))]
        return self.in_cells(pack_point(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1))

    def has_land(self, owner: int) -> bool:
        """Return whether *owner* itself or a descendant has any land."""
        if self._outlines.get(owner):
            return True
        rows, changed = self._base.outlines.rows(owner), self._borders
        if not changed:
            return bool(rows)
        ids = self._base.borders.ids
        return any(int(ids[row]) not in changed for row in rows)

    def own_twice_area(self, owner: int) -> int:
        """Return twice the land in mm² that *owner* holds itself, without children, exactly."""
        if owner in self._twice:
            return self._twice[owner]
        return self._base.twice_area.get(owner, 0)

    def land_twice_area(self, owner: int) -> int:
        """Return twice the land in mm² of *owner* with its descendants, exactly."""
        known = self._lands.get(owner)
        if known is not None:
            return known
        total = 0
        is_within: dict[int, bool] = {}
        for border in self.outline(owner):
            left = border.left
            if left not in is_within:
                is_within[left] = owner in chain_of(left, self.parents)
            total += swept_twice(border) if is_within[left] else -swept_twice(border)
        self._lands = self._lands.set(owner, total)
        return total

    def owners(self) -> set[int]:
        """Return everything that holds land itself, with OUTSIDE and NOBODY when they do."""
        untouched = set(self._base.sides.keys.tolist()) - set(self._twice)
        return untouched | {owner for owner in self._twice if self.beside(owner)}

    def extent(self) -> tuple[int, int, int, int] | None:
        """Return ``(x0, y0, x1, y1)`` in mm over all borders that meet OUTSIDE, or None."""
        if self._extent is None:
            # Asked for with every selection: looked for once, as long as no such border changes.
            self._extent = (self._measured(),)
        return self._extent[0]

    def _measured(self) -> Box | None:
        borders = self.beside(OUTSIDE)
        if not borders:
            return None
        xy = np.concatenate([points_of(border) for border in borders])
        low, high = xy.min(axis=0), xy.max(axis=0)
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

    def west_cell(self) -> int:
        """Return a raster column that no border lies to the west of."""
        return self._west >> self.cell_shift

    def arrays(self) -> BorderArrays:
        """Return all borders as columns, ids ascending."""
        return arrays_of(self) if self._borders else self._base.borders

    def overlay_size(self) -> int:
        """Return how many borders changed since the frozen part was built."""
        return len(self._borders)

    def compacted(self) -> Partition:
        """Return the same partition with everything in the frozen part."""
        return Partition.of(self, self.parents)

    def applied(
        self, changes: Iterable[tuple[BorderRow | None, BorderRow | None]], parents: Parents
    ) -> Partition:
        """Return the partition after border changes ``(before, after)`` and with a new tree.

        Areas that got another parent must have their outline among the changes, as it stays if
        need be, for outlines are indexed by the tree.
        """
        changes = list(changes)
        borders, twice = self._borders.mutate(), self._twice.mutate()
        indexes = (self._nodes, self._sides, self._outlines, self._cells)
        relisting = _Relisting(indexes, self.cell_shift)
        west = self._west
        for before, _ in changes:
            if before is None:
                continue
            if borders.get(before.id) is not None:
                relisting.discard(before, self.parents)
            if before.id in self._base.row_of:
                borders[before.id] = None
            else:
                borders.pop(before.id, None)
            self._count(twice, before, -1)
        for _, after in changes:
            if after is None:
                continue
            borders[after.id] = after
            relisting.add(after, parents)
            self._count(twice, after, 1)
            west = min(west, box_of(after)[0] - 1)
        return Partition(
            self._base,
            parents,
            borders.finish(),
            relisting.finished(),
            twice.finish(),
            west,
            self._lands_after(changes) if parents is self.parents else _NO_LANDS,
            None if any(map(_meets_outside, changes)) else self._extent,
        )

    def _count(self, twice: MapMutation[int, int], border: BorderRow, sign: int) -> None:
        swept = sign * swept_twice(border)
        for owner, share in ((border.left, swept), (border.right, -swept)):
            known = twice.get(owner)
            if known is None:
                known = self._base.twice_area.get(owner, 0)
            twice[owner] = known + share

    def _lands_after(
        self, changes: Iterable[tuple[BorderRow | None, BorderRow | None]]
    ) -> Map[int, int]:
        """Return the lands known so far, as border changes leave them."""
        if not self._lands:
            return self._lands
        lands = self._lands.mutate()
        for change in changes:
            for border, sign in zip(change, (-1, 1), strict=True):
                if border is None:
                    continue
                for side, share in ((border.left, sign), (border.right, -sign)):
                    # On both sides of a border inside an area the shares cancel out.
                    for owner in chain_of(side, self.parents):
                        known = lands.get(owner)
                        if known is not None:
                            lands[owner] = known + share * swept_twice(border)
        return lands.finish()

    def _found(self, index: Index, overlay: Map[int, _Ids], key: int) -> list[BorderRow]:
        changed = self._borders
        base = self._base
        found = [base.border(row) for row in index.rows(key)]
        if changed:
            found = [border for border in found if border.id not in changed]
        extra = overlay.get(key)
        if extra:
            found += [border for number in extra if (border := changed[number]) is not None]
            found.sort(key=lambda border: border.id)
        return found


_MANY_CELLS = 4000


def _meets_outside(change: tuple[BorderRow | None, BorderRow | None]) -> bool:
    return any(row is not None and OUTSIDE in (row.left, row.right) for row in change)


def outlined(border: BorderRow, parents: Parents) -> list[int]:
    """Return the areas, of every level, whose outline the border is part of."""
    left, right = chain_of(border.left, parents), chain_of(border.right, parents)
    common = 0
    while common < len(left) and common < len(right) and left[common] == right[common]:
        common += 1
    return [*left[common:], *right[common:]]


class _Relisting:
    """Entries of borders in the overlay indexes that come and go, each key written once."""

    def __init__(self, indexes: Sequence[Map[int, _Ids]], shift: int) -> None:
        self._indexes = indexes
        self._shift = shift
        self._fresh: list[dict[int, set[int]]] = [{} for _ in indexes]

    def add(self, border: BorderRow, parents: Parents) -> None:
        """List a border under its keys."""
        for ids in self._entries(border, parents):
            ids.add(border.id)

    def discard(self, border: BorderRow, parents: Parents) -> None:
        """Take a border off its keys."""
        for ids in self._entries(border, parents):
            ids.discard(border.id)

    def finished(self) -> list[Map[int, _Ids]]:
        """Return the indexes with all entries."""
        done = []
        for index, fresh in zip(self._indexes, self._fresh, strict=True):
            changed = index.mutate()
            for key, ids in fresh.items():
                if ids:
                    changed[key] = frozenset(ids)
                else:
                    changed.pop(key, None)
            done.append(changed.finish())
        return done

    def _entries(self, border: BorderRow, parents: Parents) -> Iterator[set[int]]:
        """Yield the sets of all keys of a border, in the order nodes, sides, outlines, cells."""
        keys_of_each = (
            node_keys(border),
            (border.left, border.right),
            outlined(border, parents),
            cells_of(border, self._shift),
        )
        for index, fresh, keys in zip(self._indexes, self._fresh, keys_of_each, strict=True):
            for key in keys:
                ids = fresh.get(key)
                if ids is None:
                    ids = fresh[key] = set(index.get(key, _NO_IDS))
                yield ids
