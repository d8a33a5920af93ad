"""Plants faults into a clean partition, each one face by itself, and keeps the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import numpy as np

from benchmarks import faults
from benchmarks.effects import EXTRA, Effect, Fault
from benchmarks.faults import Plant
from benchmarks.package import made_up_codes
from benchmarks.partition import EPSG, IntArray, Partition, Polygons, Rings
from benchmarks.sites import Point, Sites, doubled_area, polygon_of


@dataclass(frozen=True)
class Planted:
    """Rows with faults in them and the list of what is wrong; row *i* is ``codes[i]``."""

    rings: Rings
    codes: list[str]
    truth: list[Fault]

    @property
    def polygons(self) -> Polygons:
        """The rows as shapely polygons in metres."""
        return self.rings.polygons_m()


def plant(
    partition: Partition,
    seed: int,
    gaps: int = 0,
    overlaps: int = 0,
    *,
    near_misses: int = 0,
    exact_t_junctions: int = 0,
    gap_kinds: Mapping[str, Plant] = faults.GAPS,
    overlap_kinds: Mapping[str, Plant] = faults.OVERLAPS,
) -> Planted:
    """Return the leaves with that many faults of each sort, taken in turn from the kinds.

    No leaf takes part in two faults. Duplicates and contained areas count as overlaps. Near misses
    of 1 mm and T-junctions exactly on an edge are no gaps or overlaps and come on top.

    Raises: ValueError when the map has no room for so many.
    """
    wanted = [
        *islice(cycle(gap_kinds.items()), gaps),
        *islice(cycle(overlap_kinds.items()), overlaps),
        *[("near_miss", faults.near_miss)] * near_misses,
        *[("exact_t_junction", faults.exact_t_junction)] * exact_t_junctions,
    ]
    # what needs most room is planted first
    wanted.sort(key=lambda item: item[0] != "missing_area")
    bed = _Bed(partition.leaves, np.random.default_rng(seed))
    for how, kind in wanted:
        bed.plant(how, kind)
    return bed.harvested()


def truth_json(planted: Planted, layer: str = "micro_grid") -> dict[str, Any]:
    """Return the truth in the layout of a demo's ``truth.json``, plus ``how`` and ``class``."""
    return {
        "crs": f"EPSG:{EPSG}",
        "faults": [
            {
                "kind": fault.kind,
                "how": fault.how,
                "class": fault.face_class,
                "layer": layer,
                "areas": list(fault.areas),
                "area_m2": fault.area_m2,
                "point": list(fault.point),
            }
            for fault in planted.truth
        ],
    }


@dataclass
class _Bed:
    """Leaves that fill up with faults, one at a time."""

    leaves: Rings
    random: np.random.Generator
    used: set[int] = field(default_factory=set)
    effects: list[tuple[str, Effect]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sites = Sites(self.leaves)
        self.homes: dict[Plant, Iterator[int]] = {}

    def plant(self, how: str, kind: Plant) -> None:
        if kind not in self.homes:
            self.homes[kind] = self._homes_for(kind)
        for home in self.homes[kind]:
            if home in self.used:
                continue
            effect = kind(self.sites, home, self.random)
            if effect is not None and self.used.isdisjoint(effect.touched):
                self.used |= effect.touched
                self.effects.append((how, effect))
                return
        raise ValueError(f"no room for another {how} among {len(self.leaves)} areas")

    def _homes_for(self, kind: Plant) -> Iterator[int]:
        pool: IntArray = (
            self.sites.on_frame() if kind is faults.notch else np.arange(len(self.leaves))
        )
        return iter(self.random.permutation(pool).tolist())

    def harvested(self) -> Planted:
        rings: dict[int, list[Point]] = {}
        missing: set[int] = set()
        extras: list[list[Point]] = []
        codes = made_up_codes(len(self.leaves) + len(self.effects))
        truth = []
        for how, effect in self.effects:
            rings.update(effect.rings)
            if effect.missing is not None:
                missing.add(effect.missing)
            extra_row = len(self.leaves) + len(extras)
            if effect.extra is not None:
                extras.append(effect.extra)
            rows = [extra_row if area == EXTRA else area for area in effect.areas]
            truth.append(_fault(how, effect, tuple(codes[row] for row in rows)))
        kept = [leaf for leaf in range(len(self.leaves)) if leaf not in missing]
        pieces = [
            np.array(rings[leaf], dtype=np.int64) if leaf in rings else self.leaves.ring(leaf)
            for leaf in kept
        ]
        pieces += [np.array(extra, dtype=np.int64) for extra in extras]
        offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])])
        kept_codes = [codes[leaf] for leaf in kept]
        kept_codes += codes[len(self.leaves) : len(self.leaves) + len(extras)]
        return Planted(Rings(np.concatenate(pieces), offsets.astype(np.int64)), kept_codes, truth)


def _fault(how: str, effect: Effect, codes: tuple[str, ...]) -> Fault:
    doubled = doubled_area(effect.face)
    if doubled == 0:
        x, y = effect.face[1]
        return Fault(effect.kind, how, effect.face_class, codes, 0.0, (x / 1000, y / 1000))
    inside = polygon_of(effect.face).representative_point()
    return Fault(
        effect.kind,
        how,
        effect.face_class,
        codes,
        abs(doubled) / 2 / 1e6,
        (inside.x / 1000, inside.y / 1000),
    )
