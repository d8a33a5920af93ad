"""Land that the map marks: gaps, disputes, exempt land, what a parent keeps. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.partition.base import BorderArrays, arrays_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.level_ground import LevelGround, is_remainder
from gridadmin.partition.region_rings import join_halves, lines_between, rings_around
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.level_map import ring_areas
from ui.canvas.style import SpecialKind
from ui.canvas.thinning import thinned, tolerance_m

Floats = NDArray[np.float64]

_MM_PER_M = 1000.0


@dataclass(frozen=True)
class SpecialDrawing:
    """Closed rings in local metres: their points, kinds, boxes ``(n, 4)`` and signed areas."""

    xy: Floats
    offsets: Ints
    kinds: list[SpecialKind]
    boxes: Floats
    areas_m2: Floats

    def ring(self, number: int) -> Floats:
        """Return the points of one ring."""
        return self.xy[self.offsets[number] : self.offsets[number + 1]]


class SpecialMap:
    """All special land of a snapshot, kept up owner by owner."""

    def __init__(self, snapshot: Snapshot, ground: LevelGround) -> None:
        self._rings: dict[int, tuple[Ints, Ints]] = {}
        self._kinds: dict[int, SpecialKind] = {}
        self._drawings: dict[int, SpecialDrawing] = {}
        self._enter(snapshot, ground.specials | ground.remainders, ground.borders)

    def __len__(self) -> int:
        return len(self._rings)

    def renew(self, snapshot: Snapshot, owners: Iterable[int]) -> None:
        """Follow an edit that changed the land of *owners*, or what they are."""
        asked = set(owners) - {OUTSIDE}
        for owner in asked:
            self._rings.pop(owner, None)
            self._kinds.pop(owner, None)
        special = {
            owner
            for owner in asked
            if (snapshot.owning_area(owner) is None and snapshot.partition.beside(owner))
            or is_remainder(snapshot, owner)
        }
        borders = {b.id: b for owner in special for b in snapshot.partition.beside(owner)}
        self._enter(snapshot, special, arrays_of(borders.values()))
        self._drawings.clear()

    def _enter(self, snapshot: Snapshot, owners: Iterable[int], borders: BorderArrays) -> None:
        wanted = np.array(sorted(owners), dtype=np.int64)
        if not len(wanted):
            return
        left = np.where(np.isin(borders.left, wanted), borders.left, OUTSIDE)
        right = np.where(np.isin(borders.right, wanted), borders.right, OUTSIDE)
        lines = lines_between(borders, left, right)
        rings = rings_around(lines)
        xy, offsets = join_halves(lines.xy, lines.offsets, rings.halves, rings.offsets)
        order = np.argsort(rings.region, kind="stable")
        found, begins = np.unique(rings.region[order], return_index=True)
        for owner, mine in zip(found.tolist(), np.split(order, begins[1:]), strict=True):
            parts = [xy[offsets[ring] : offsets[ring + 1]] for ring in mine.tolist()]
            lengths = [0, *(len(part) for part in parts)]
            self._rings[owner] = np.concatenate(parts), np.cumsum(lengths)
            self._kinds[owner] = _kind(snapshot, owner)

    def drawing(self, octave: int) -> SpecialDrawing:
        """Return all rings as they are drawn at the scales of an octave."""
        known = self._drawings.get(octave)
        if known is None:
            if len(self._drawings) > 2:
                self._drawings.clear()
            known = self._drawings[octave] = self._drawn(octave)
        return known

    def _drawn(self, octave: int) -> SpecialDrawing:
        if not self._rings:
            nothing = np.empty((0, 4))
            return SpecialDrawing(nothing[:, :2], np.zeros(1, np.int64), [], nothing, nothing[:, 0])
        xy = np.concatenate([points for points, _ in self._rings.values()]) / _MM_PER_M
        counts = np.concatenate([np.diff(offsets) for _, offsets in self._rings.values()])
        full = np.concatenate(([0], np.cumsum(counts)))
        kinds = [
            self._kinds[owner]
            for owner, (_, offsets) in self._rings.items()
            for _ in range(len(offsets) - 1)
        ]
        areas = ring_areas(xy, full)
        low = np.minimum.reduceat(xy, full[:-1], axis=0)
        high = np.maximum.reduceat(xy, full[:-1], axis=0)
        points, offsets = thinned(xy, full, tolerance_m(octave))
        return SpecialDrawing(points, offsets, kinds, np.hstack((low, high)), areas)


def _kind(snapshot: Snapshot, owner: int) -> SpecialKind:
    held = snapshot.owner(owner)
    if owner == NOBODY or held is None:
        return SpecialKind.GAP
    if held[0] == "exempt":
        return SpecialKind.EXEMPT
    return SpecialKind.DISPUTE if held[0] == "dispute" else SpecialKind.REMAINDER
