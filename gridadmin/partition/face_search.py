"""The faces of a check with who claims them.

A second look is needed only where land is covered twice or lies beyond the frame: there the matched
edges that run through the place come in as well.
"""

from __future__ import annotations

import numpy as np
import shapely

from gridadmin.partition.conflicts import Conflicts
from gridadmin.partition.cover import (
    Claims,
    Cover,
    bounding_claims,
    claims_of,
    cover_of,
    edge_set,
)
from gridadmin.partition.edges import EdgeSet
from gridadmin.partition.face_shapes import FaceShapes
from gridadmin.partition.grid import Bools, Ints, sorted_once, unpack
from gridadmin.partition.outlines import Outlines, distinct, joined
from gridadmin.partition.resolve import gather
from gridadmin.partition.widths import widest_circles


class Twins:
    """Polygons with exactly the same outline; all but the first of each are copies."""

    def __init__(self, outlines: Outlines) -> None:
        count = len(outlines.signature)
        order = np.lexsort((np.arange(count), outlines.twice_area, outlines.signature))
        signature, area = outlines.signature[order], outlines.twice_area[order]
        is_copy = np.zeros(count, dtype=bool)
        is_copy[1:] = (signature[1:] == signature[:-1]) & (area[1:] == area[:-1]) & (area[1:] > 0)
        self.copies: Ints = np.sort(order[is_copy])
        self.same = _groups(order, is_copy)

    def are_all_one(self, claims: Claims) -> bool:
        """Return whether the claimants are the same polygon several times."""
        return self.same.get(next(iter(claims), -1)) == claims


def _groups(order: Ints, is_copy: Bools) -> dict[int, Claims]:
    same: dict[int, Claims] = {}
    heads = np.nonzero(is_copy & ~np.roll(is_copy, 1))[0]
    ends = np.nonzero(is_copy & ~np.append(is_copy[1:], False))[0]
    for head, end in zip(heads.tolist(), ends.tolist(), strict=True):
        members = frozenset(order[head - 1 : end + 1].tolist())
        same.update(dict.fromkeys(members, members))
    return same


class FaceSearch:
    """Finds the faces; looks a second time where others than the lonely edges matter."""

    def __init__(
        self,
        polygons: np.ndarray,
        outlines: Outlines,
        conflicts: Conflicts,
        twins: Twins,
        origin_mm: tuple[int, int],
        snap_m: float,
        has_frame: bool,
    ) -> None:
        self.has_frame = has_frame
        self._polygons = polygons
        self._outlines = outlines
        self._conflicts = conflicts
        self._twins = twins
        self._origin = np.asarray(origin_mm, dtype=np.float64)
        self._margin_mm = snap_m * 1000 + 3
        self._first_frame = len(polygons)

    def faces(self) -> tuple[Cover, dict[int, Claims]]:
        """Return the faces, and who claims those that are claimed twice or beyond the frame."""
        edges = edge_set(self._conflicts.edges)
        cover = cover_of(edges, self._is_suspicious(edges), self._first_frame)
        unsure = self._disputed(cover)
        for face, claims in self._bounding(cover, unsure).items():
            # Nobody but the twins has a border there, and they are as many as claim it.
            if len(claims) == cover.count[face] and self._twins.are_all_one(claims):
                unsure[face] = False
        near = np.empty(0, dtype=np.int64)
        if unsure.any():
            near, rows = self._running_through(cover, unsure)
            if len(rows):
                cover = self._with(rows)
        return cover, self._claims(cover, near)

    def _bounding(self, cover: Cover, faces: Bools) -> dict[int, Claims]:
        return bounding_claims(cover, faces, self._first_frame, self._twins.same)

    def _is_suspicious(self, edges: EdgeSet) -> Bools:
        """Return which edges lead to all conflicts.

        Those between copies alone meet others only where these are cut; a few may come in all the
        same, which is quicker than to look for what lies near the rest.
        """
        is_copy = np.zeros(self._first_frame + 1, dtype=bool)
        is_copy[self._twins.copies] = True
        others = ~is_copy[np.minimum(edges.claim, self._first_frame)]
        suspicious: Bools = np.bincount(edges.claim_edge, weights=others, minlength=len(edges)) > 0
        return suspicious if 2 * suspicious.sum() < len(edges) else np.ones_like(suspicious)

    def _disputed(self, cover: Cover) -> Bools:
        disputed = cover.count > 1
        if self.has_frame:
            disputed |= (cover.count > 0) & (cover.frames == 0)
        return disputed

    def _running_through(self, cover: Cover, faces: Bools) -> tuple[Ints, Ints]:
        """Return the polygons near these faces, and those of their edges that come to them."""
        low, high = _boxes(cover, faces)
        low, high = low - self._margin_mm, high + self._margin_mm
        corners = [(box + self._origin) / 1000 for box in (low, high)]
        tree = shapely.STRtree(shapely.box(*corners[0].T, *corners[1].T))
        polygon, face = tree.query(self._polygons)
        near = sorted_once(polygon)
        outlines = self._outlines
        rows = outlines.rows_of(near)
        owner = outlines.polygon[outlines.chain_of(rows)]
        order = np.argsort(owner, kind="stable")
        rows = rows[order]
        offsets = np.searchsorted(owner[order], np.append(near, near[-1:] + 1))
        place = np.searchsorted(near, polygon)
        shapes = FaceShapes(cover).polygons([[one] for one in np.nonzero(faces)[0].tolist()])
        shapely.prepare(shapes)
        found = [rows[:0]]
        for begin in range(0, len(place), 1 << 16):
            pairs = place[begin : begin + (1 << 16)]
            at = gather(offsets, pairs)
            box = np.repeat(face[begin : begin + (1 << 16)], offsets[pairs + 1] - offsets[pairs])
            row = rows[at]
            a, b = unpack(outlines.keys[row]), unpack(outlines.keys[row + 1])
            meets = ((np.minimum(a, b) <= high[box]) & (np.maximum(a, b) >= low[box])).all(axis=1)
            is_new = meets & ~np.isin(row, self._conflicts.rows)
            lines = shapely.linestrings(np.stack((a[is_new], b[is_new]), axis=1))
            shape = shapes[box[is_new]]
            is_inside = shapely.intersects(shape, lines)
            is_inside[is_inside] = ~shapely.touches(shape[is_inside], lines[is_inside])
            found.append(sorted_once(row[is_new][is_inside]))
        return near, sorted_once(np.concatenate(found))

    def _with(self, rows: Ints) -> Cover:
        added, _ = self._conflicts.snap.applied(self._outlines.directed(rows))
        # What matched once vertices were put in is no conflict, but a border all the same.
        edges = edge_set(distinct(joined(self._conflicts.edges, added)))
        return cover_of(edges, self._is_suspicious(edges), self._first_frame)

    def _claims(self, cover: Cover, near: Ints) -> dict[int, Claims]:
        disputed = self._disputed(cover)
        if not disputed.any():
            return {}
        shapes = FaceShapes(cover)
        candidates = self._polygons[near]
        tree = shapely.STRtree(candidates)

        def ask(faces: list[int]) -> list[list[int]]:
            centres = widest_circles(shapes.polygons([[face] for face in faces])).centre
            places = (centres + self._origin) / 1000
            place, hit = tree.query(shapely.points(places))
            holds = shapely.contains_xy(candidates[hit], places[place, 0], places[place, 1])
            claims: list[list[int]] = [[] for _ in faces]
            for at, row in zip(place[holds].tolist(), near[hit[holds]].tolist(), strict=True):
                claims[at].append(row)
            return claims

        return claims_of(cover, disputed, self._first_frame, self._twins.same, ask)


def _boxes(cover: Cover, faces: Bools) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper corners of the marked faces."""
    number = np.cumsum(faces) - 1
    run_low = np.minimum.reduceat(cover.runs.xy, cover.runs.offsets[:-1])
    run_high = np.maximum.reduceat(cover.runs.xy, cover.runs.offsets[:-1])
    low = np.full((int(faces.sum()), 2), np.inf)
    high = -low
    for side in cover.sides():
        mine = faces[side]
        np.minimum.at(low, number[side[mine]], run_low[mine])
        np.maximum.at(high, number[side[mine]], run_high[mine])
    return low, high
