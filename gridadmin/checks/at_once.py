"""What a full check finds out of all areas at once, far quicker than one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.ids import oid_of
from gridadmin.checks.areas import allowed_parts, newest_outline
from gridadmin.checks.finding import is_on
from gridadmin.partition.grid import Bools, Ints, pack
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Known:
    """The areas whose land has several parts, and those whose land is the very ring of a file."""

    in_parts: frozenset[str]
    as_in_file: frozenset[str]


def known_at_once(snapshot: Snapshot) -> Known:
    """Return what can be known of all areas at once."""
    outlines = _outlines(snapshot)
    levels: dict[str, list[int]] = {}
    uids: dict[int, str] = {}
    for area in snapshot.areas():
        if area.uid in outlines or allowed_parts(snapshot, area):
            oid = oid_of(area.uid)
            uids[oid] = area.uid
            levels.setdefault(area.level, []).append(oid)
    found = land_polygons(snapshot.partition, levels.values(), lambda xy: xy.astype(np.float64))
    lands = {uids[oid]: land for oid, land in found.items()}
    in_parts = frozenset(uid for uid, land in lands.items() if len(land.geoms) > 1)
    both = [uid for uid in lands if uid in outlines]
    is_same = _are_same_rings(
        snapshot,
        np.array([lands[uid] for uid in both], dtype=object),
        shapely.from_wkb(np.array([outlines[uid] for uid in both], dtype=object)),
    )
    same = (uid for uid, is_it in zip(both, is_same.tolist(), strict=True) if is_it)
    return Known(in_parts, frozenset(same))


def _outlines(snapshot: Snapshot) -> dict[str, bytes]:
    """Return what files once said of the land of areas, where that is checked."""
    if not is_on(snapshot, "reference_difference"):
        return {}
    uids = {row.area for row in snapshot.rows("reference_outline").values()}
    newest = {uid: newest_outline(snapshot, uid) for uid in uids}
    return {uid: outline.outline for uid, outline in newest.items() if outline is not None}


def _are_same_rings(snapshot: Snapshot, lands: np.ndarray, outlines: np.ndarray) -> Bools:
    """Return which lands in mm and outlines in plane metres are one and the same ring."""
    is_same = np.zeros(len(lands), dtype=bool)
    rows = np.nonzero(
        _is_one_ring(lands)
        & _is_one_ring(outlines)
        & (shapely.get_num_coordinates(lands) == shapely.get_num_coordinates(outlines))
    )[0]
    if len(rows):
        sizes = shapely.get_num_coordinates(lands[rows]).astype(np.int64)
        ours = shapely.get_coordinates(lands[rows]).astype(np.int64)
        theirs = snapshot.to_kernel(shapely.get_coordinates(outlines[rows]))
        is_equal = _canonical(ours, sizes) == _canonical(theirs, sizes)
        begins = np.cumsum(sizes - 1) - (sizes - 1)
        is_same[rows] = np.logical_and.reduceat(is_equal, begins)
    return is_same


def _is_one_ring(shapes: np.ndarray) -> Bools:
    """Return which (multi)polygons are a single ring without holes."""
    first = shapely.get_geometry(shapes, 0)
    one: Bools = (
        (shapely.get_num_geometries(shapes) == 1)
        & (shapely.get_num_interior_rings(first) == 0)
        & ~shapely.is_empty(shapes)
    )
    return one


def _canonical(xy: Ints, sizes: Ints) -> Ints:
    """Return the packed points of closed rings, each counter-clockwise from its least point.

    The points of ring ``r`` are ``sizes[r]`` of *xy*, last = first; the last is left out.
    """
    lasts = np.cumsum(sizes) - 1
    terms = np.zeros(len(xy), dtype=np.int64)
    terms[:-1] = xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]
    terms[lasts] = 0
    step = np.where(np.add.reduceat(terms, lasts + 1 - sizes) < 0, -1, 1)
    is_kept = np.ones(len(xy), dtype=bool)
    is_kept[lasts] = False
    keys = pack(xy[is_kept])
    counts = sizes - 1
    begins = np.cumsum(counts) - counts
    ring = np.repeat(np.arange(len(sizes)), counts)
    first = np.lexsort((keys, ring))[begins] - begins
    place = np.arange(len(keys)) - begins[ring]
    turned: Ints = keys[begins[ring] + (first[ring] + step[ring] * place) % counts[ring]]
    return turned
