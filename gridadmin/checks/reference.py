"""The land of an area against the outline that a file once gave of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import shapely

from gridadmin.checks.finding import area_issue
from gridadmin.checks.look import Look, Survey
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import ReferenceOutline
from gridadmin.partition.grid import Bools, Ints, pack, twice_area
from gridadmin.partition.rewire import from_least
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Part, to_polygon


def newest_outline(snapshot: Snapshot, uid: str) -> ReferenceOutline | None:
    """Return what a file said last of the land of an area; that of the root is the frame."""
    outlines = snapshot.linked("reference_outline", uid)
    if not outlines or uid == snapshot.root.uid:
        return None
    newest: ReferenceOutline = max(outlines, key=lambda outline: (outline.revision, outline.uid))
    return newest


def _reference(look: Look, uid: str) -> Iterator[Issue]:
    snapshot = look.snapshot
    newest = newest_outline(snapshot, uid)
    if newest is None:
        return
    outline = shapely.from_wkb(newest.outline)
    parts = look.parts(uid)
    if _is_same(snapshot, outline, parts):
        return
    land = to_polygon(parts, snapshot.place)
    # Rounding to the grid alone moves every edge by up to a millimetre.
    least = max(
        snapshot.check("reference_difference").param("min_area_m2"),
        shapely.length(land) * snapshot.snap_m,
    )
    if not outline.is_valid:
        outline = shapely.make_valid(outline)
    lost = shapely.area(shapely.difference(outline, land))
    gained = shapely.area(shapely.difference(land, outline))
    if lost + gained >= least:
        yield area_issue(
            snapshot,
            "reference_difference",
            uid,
            area_m2=float(lost + gained),
            gained_m2=round(float(gained), 2),
            lost_m2=round(float(lost), 2),
            source=newest.source,
        )


def _is_same(snapshot: Snapshot, outline: shapely.Geometry, parts: Sequence[Part]) -> bool:
    """Return whether an outline of one ring has the very vertices of the land: the usual case."""
    if len(parts) != 1 or parts[0].holes:
        return False
    rings = shapely.get_rings(shapely.get_parts(outline))
    if len(rings) != 1:
        return False
    ring = snapshot.to_kernel(shapely.get_coordinates(rings[0]))
    if twice_area(ring) < 0:
        ring = ring[::-1]
    shell = parts[0].shell
    return len(ring) == len(shell) and bool((from_least(ring) == from_least(shell)).all())


def _differing(survey: Survey) -> Collection[str]:
    """Return the areas with an outline whose land isn't the very ring that it tells."""
    outlines = _outlines(survey.snapshot)
    both = [uid for uid in survey.lands if uid in outlines] if outlines else []
    is_same = _are_same_rings(
        survey.snapshot,
        np.array([survey.lands[uid] for uid in both], dtype=object),
        shapely.from_wkb(np.array([outlines[uid] for uid in both], dtype=object)),
    )
    same = {uid for uid, is_it in zip(both, is_same.tolist(), strict=True) if is_it}
    areas = survey.snapshot.rows("area")
    return [
        uid for uid in outlines if uid not in same and uid in areas and areas[uid].valid_to is None
    ]


def _outlines(snapshot: Snapshot) -> dict[str, bytes]:
    """Return what files once said of the land of areas."""
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


CHECKS = (Check(("reference_difference",), "area", _reference, _differing),)
