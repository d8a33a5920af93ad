"""Lay polygons over a partition: one arrangement of both, then new borders in place of the old.

Clean data take the quick way by themselves: nothing is noded but what doesn't match.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.base.progress import Progress, checkpoint
from gridadmin.domain.model import BorderRow
from gridadmin.partition.arrange import (
    Arrangement,
    arrange,
    enclosed_as_nobodys,
    labelled_borders,
    neighbours,
    run_lengths_mm,
)
from gridadmin.partition.base import BorderArrays
from gridadmin.partition.edges import (
    NONE,
    EdgeSet,
    Rings,
    edges_of_rings,
    merged,
    rings_of,
    rounded,
)
from gridadmin.partition.grid import Ints, pack
from gridadmin.partition.near_misses import NearMiss, near_misses_in
from gridadmin.partition.planar import Partition
from gridadmin.partition.resolve import resolved, unmatched
from gridadmin.partition.rewire import BorderChange, BorderIds, canonical_shape
from gridadmin.partition.runs import OUTER, Runs
from gridadmin.partition.snapping import snapped


@dataclass(frozen=True)
class Overlay:
    """Polygons and borders in one arrangement.

    ``moved_mm`` is how far snapping moved each polygon. ``near_misses`` of polygons, standing
    borders among them as -1, are None when the lines are too dense for them to mean anything.
    """

    arrangement: Arrangement
    moved_mm: Mapping[int, float]
    near_misses: Sequence[NearMiss] | None = ()

    def areas_m2(self) -> np.ndarray:
        """Return the exact land of each face in m²."""
        return self.arrangement.faces.twice_area / 2_000_000.0


def overlay(
    partition: Partition,
    polygons: np.ndarray,
    ranks: Sequence[int],
    *,
    origin_mm: tuple[int, int],
    snap_m: float,
    near_m: float = 0.0,
    progress: Progress,
) -> Overlay:
    """Return the arrangement of *polygons* (plane metres) over *partition*.

    *ranks* say how deep the level of each polygon stands; claims are indices into *polygons*.
    Near misses are looked for up to *near_m*; 0 = not at all.
    Raises: InputError ``partition.too_large``, Cancelled.
    """
    checkpoint(progress, "progress.matching", 0, 4)
    rings = rings_of(polygons, origin_mm)
    level = np.unique(np.array(ranks, dtype=np.int64), return_inverse=True)[1]
    borders = partition.arrays()
    edges = _with_borders(edges_of_rings(rings), borders)
    suspicious = _suspicious(edges, level, polygons)
    checkpoint(progress, "progress.matching", 1, 4)
    points = snapped(rings, edges, suspicious, snap_m * 1000)
    moved = _moved_mm(rings, points)
    if moved:
        edges = _with_borders(edges_of_rings(rings, points), borders)
        suspicious = _suspicious(edges, level, polygons)
    misses = near_misses_in(edges, suspicious, snap_m * 1000, near_m * 1000) if near_m else []
    edges = resolved(edges, suspicious)
    checkpoint(progress, "progress.matching", 2, 4)
    arrangement = arrange(edges)
    checkpoint(progress, "progress.matching", 3, 4)
    return Overlay(arrangement, moved, misses)


def _moved_mm(rings: Rings, points: Ints) -> dict[int, float]:
    """Return how far snapping moved each polygon at most, beyond mere rounding."""
    is_moved = (points != rounded(rings.raw)).any(axis=1)
    if not is_moved.any():
        return {}
    ring = np.repeat(np.arange(len(rings.polygon)), np.diff(rings.offsets))[is_moved]
    step = points[is_moved] - rings.raw[is_moved]
    farthest = np.zeros(rings.count)
    np.maximum.at(farthest, rings.polygon[ring], np.hypot(step[:, 0], step[:, 1]))
    return {int(place): float(farthest[place]) for place in np.nonzero(farthest)[0]}


def _suspicious(edges: EdgeSet, level: Ints, polygons: np.ndarray) -> np.ndarray:
    suspicious = unmatched(edges, level)
    broken = np.nonzero(~shapely.is_valid(polygons))[0]
    if len(broken):
        suspicious[edges.claim_edge[np.isin(edges.claim, broken)]] = True
    return suspicious


def _with_borders(edges: EdgeSet, borders: BorderArrays) -> EdgeSet:
    """Return the edges of polygons and of standing borders as one set."""
    if not len(borders):
        return edges
    inner = np.ones(len(borders.xy), dtype=bool)
    inner[borders.offsets[1:] - 1] = False
    at = np.nonzero(inner)[0]
    row = np.repeat(np.arange(len(borders)), np.diff(borders.offsets) - 1)
    keys = pack(borders.xy)
    claims = edges.claim_edge
    none = np.full(len(claims), NONE, dtype=np.int64)
    return merged(
        np.concatenate((edges.start[claims], keys[at])),
        np.concatenate((edges.end[claims], keys[at + 1])),
        np.concatenate((edges.claim, np.full(len(at), -1, dtype=np.int64))),
        np.concatenate((edges.is_left, np.zeros(len(at), dtype=bool))),
        np.concatenate((none, borders.left[row])),
        np.concatenate((none, borders.right[row])),
    )


def settle_dust(
    overlaid: Overlay,
    owner: Ints,
    is_unsettled: np.ndarray,
    min_area_m2: float,
    fits: Callable[[int, int], bool],
) -> tuple[Ints, list[int]]:
    """Give each small unsettled face to the owner it shares the longest border with.

    *owner* and *is_unsettled* run over the faces; ``fits(face, owner)`` says who may have a face
    before others are asked. Returns the new owners and the faces settled.
    """
    areas = overlaid.areas_m2()
    small = np.nonzero(is_unsettled & (areas < min_area_m2))[0]
    small = small[small != OUTER]
    if not len(small):
        return owner, []
    owner = owner.copy()
    around = neighbours(overlaid.arrangement.faces)
    lengths = run_lengths_mm(overlaid.arrangement.runs)
    pending = dict.fromkeys(small[np.argsort(areas[small], kind="stable")].tolist())
    settled: list[int] = []
    while pending:
        progress_made = False
        for face in list(pending):
            shares: dict[int, float] = {}
            for other, run in around(face):
                if other not in pending:
                    who = int(owner[other])
                    shares[who] = shares.get(who, 0.0) + float(lengths[run])
            chosen = _longest(face, shares, fits)
            if chosen is not None:
                owner[face] = chosen
                settled.append(face)
                del pending[face]
                progress_made = True
        if not progress_made:
            break
    return owner, settled


def _longest(
    face: int, shares: Mapping[int, float], fits: Callable[[int, int], bool]
) -> int | None:
    fitting = {who: length for who, length in shares.items() if fits(face, who)}
    if not fitting:
        fitting = {who: length for who, length in shares.items() if who not in (NOBODY, OUTSIDE)}
    return max(fitting, key=lambda who: (fitting[who], who)) if fitting else None


def border_changes(
    partition: Partition, overlaid: Overlay, owner: Ints, ids: BorderIds, *, has_frame: bool
) -> list[BorderChange]:
    """Return the changes that give the faces of an overlay their *owner*.

    Without a frame, land that the outside can't reach is nobody's and not outside.
    """
    if not has_frame:
        owner = enclosed_as_nobodys(overlaid.arrangement, owner)
    runs, left, right = labelled_borders(overlaid.arrangement, owner)
    return _difference(partition, runs, left, right, ids)


def _difference(
    partition: Partition, runs: Runs, left: Ints, right: Ints, ids: BorderIds
) -> list[BorderChange]:
    standing = {canonical_shape(b.points, b.left, b.right): b for b in partition}
    changes: list[BorderChange] = []
    lefts, rights = left.tolist(), right.tolist()
    for run in range(len(runs)):
        points = runs.points(run).tobytes()
        if (
            standing
            and standing.pop(canonical_shape(points, lefts[run], rights[run]), None) is not None
        ):
            continue
        changes.append((None, BorderRow(ids.next(), points, lefts[run], rights[run])))
    return [(border, None) for border in standing.values()] + changes
