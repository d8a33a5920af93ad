"""Make edges meet only at their ends, touching no more of them than must be.

In clean data each edge is matched: as many polygons lie left of it as right, one each, and where a
finer level covers the land its polygons have the edge too. Only unmatched edges, those of invalid
polygons, and what lies near them can be in conflict; the rest is never looked at. A polygon whose
matched edge turns out to be in conflict brings all its edges in, so a conflict spreads exactly as
far as the overlap behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from gridadmin.partition.edges import NONE, EdgeSet, merged
from gridadmin.partition.grid import Bools, Ints, pack, unpack
from gridadmin.partition.noding import node_segments


def unmatched(edges: EdgeSet, level_of_claim: Ints) -> Bools:
    """Return which edges ``(n,)`` lack one polygon to the left and one to the right at each level.

    An edge of a coarser level that a finer level present in the data does not have counts as
    unmatched; so does an edge of only one of existing borders and claims when both are there.
    """
    level = level_of_claim[edges.claim]
    count = len(edges)
    is_odd = np.zeros(count, dtype=bool)
    finest = int(level_of_claim.max()) if len(level_of_claim) else 0
    has_coarser = np.zeros(count, dtype=bool)
    for depth in range(finest + 1):
        here = level == depth
        if not here.any():
            continue
        left = np.bincount(edges.claim_edge[here & edges.is_left], minlength=count)
        right = np.bincount(edges.claim_edge[here & ~edges.is_left], minlength=count)
        is_odd |= (left != right) | (left > 1)
        is_odd |= has_coarser & (left + right == 0)
        has_coarser |= left + right > 0
    has_border = edges.left != NONE
    if has_border.any() and not has_border.all():
        claimed = np.bincount(edges.claim_edge, minlength=count) > 0
        only_old, only_new = has_border & ~claimed, ~has_border
        # Every conflict between old and new has one partner of each side: the smaller side will do.
        is_odd |= only_old if only_old.sum() <= only_new.sum() else only_new
    return is_odd


def resolved(edges: EdgeSet, suspicious: Bools) -> EdgeSet:
    """Return the edges snap-rounded: no two cross, touch but at ends, or pass a foreign end.

    *suspicious* ``(n,)`` must hold one partner of each conflict or lead to it (see the module).
    Raises: NodingError.
    """
    start, end = unpack(edges.start), unpack(edges.end)
    offsets = edges.claim_offsets()
    polygons = _EdgesOfPolygons(edges)
    is_in = suspicious.copy()
    looked_at = np.zeros(len(edges), dtype=bool)
    while True:
        fresh = is_in & ~looked_at
        if fresh.any() and not is_in.all():
            is_in |= _near(start, end, fresh, margin_mm=2)
        looked_at |= fresh
        rows = np.nonzero(is_in)[0]
        pieces = node_segments(start[rows], end[rows])
        source = rows[pieces[2]]
        is_cut = _cut_edges(source, len(edges))
        newly_cut = is_cut & ~looked_at
        if not newly_cut.any():
            break
        is_in |= newly_cut
        is_in[polygons.of(np.unique(_claims_of(newly_cut, edges, offsets)))] = True
        if not (is_in & ~looked_at).any():
            break
    if not is_cut.any():
        return edges
    return _rebuilt(edges, offsets, ~is_in, (pieces[0], pieces[1], source))


def _cut_edges(source: Ints, count: int) -> Bools:
    cut: Bools = np.bincount(source, minlength=count) > 1
    return cut


def _claims_of(rows: Bools, edges: EdgeSet, offsets: Ints) -> Ints:
    at = gather(offsets, np.nonzero(rows)[0])
    claims: Ints = edges.claim[at]
    return claims


def gather(offsets: Ints, rows: Ints) -> Ints:
    """Return the positions of all entries of *rows* in a CSR layout, row after row."""
    lengths = offsets[rows + 1] - offsets[rows]
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    positions: Ints = np.arange(total) + np.repeat(offsets[rows] - (ends - lengths), lengths)
    return positions


class _EdgesOfPolygons:
    """The edges of each claimant, sorted out only when somebody asks."""

    def __init__(self, edges: EdgeSet) -> None:
        self._edges = edges
        self._order: Ints | None = None
        self._offsets: Ints | None = None

    def of(self, claims: Ints) -> Ints:
        """Return the rows of all edges on the rings of *claims*."""
        if not len(claims):
            return claims
        if self._order is None or self._offsets is None:
            self._order = np.argsort(self._edges.claim, kind="stable")
            count = int(self._edges.claim.max()) + 1
            self._offsets = np.concatenate(
                ([0], np.cumsum(np.bincount(self._edges.claim, minlength=count)))
            )
        rows: Ints = self._edges.claim_edge[self._order[gather(self._offsets, claims)]]
        return rows


_RASTER = 1024


def _near(start: Ints, end: Ints, chosen: Bools, margin_mm: int) -> Bools:
    """Return which segments have a box that comes within *margin_mm* of the box of a chosen one."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    candidates = np.nonzero(_in_marked_cells(low, high, chosen))[0]
    boxes = shapely.box(
        low[candidates, 0], low[candidates, 1], high[candidates, 0], high[candidates, 1]
    )
    wide = shapely.box(
        low[chosen, 0] - margin_mm,
        low[chosen, 1] - margin_mm,
        high[chosen, 0] + margin_mm,
        high[chosen, 1] + margin_mm,
    )
    result = np.zeros(len(start), dtype=bool)
    # The tree stands on the fewer boxes.
    if len(wide) < len(boxes):
        hits = shapely.STRtree(wide).query(boxes)[0]
    else:
        hits = shapely.STRtree(boxes).query(wide)[1]
    result[candidates[hits]] = True
    return result


def _in_marked_cells(low: Ints, high: Ints, chosen: Bools) -> Bools:
    """Return which boxes share a coarse raster cell with a chosen one: more than are near."""
    corner = low.min(axis=0)
    size = max(int((high.max(axis=0) - corner).max()) // _RASTER + 1, 4)
    # A margin of one cell on each side keeps boxes that merely come near.
    first, last = (low - corner) // size, (high - corner) // size
    marked = np.zeros((_RASTER + 3, _RASTER + 3), dtype=bool)
    for x0, y0, x1, y1 in np.unique(
        np.concatenate((first[chosen], last[chosen]), axis=1), axis=0
    ).tolist():
        marked[x0 : x1 + 3, y0 : y1 + 3] = True
    spans = (last - first).max(axis=1) > 1
    hit: Bools = (
        marked[first[:, 0] + 1, first[:, 1] + 1]
        | marked[last[:, 0] + 1, last[:, 1] + 1]
        | marked[first[:, 0] + 1, last[:, 1] + 1]
        | marked[last[:, 0] + 1, first[:, 1] + 1]
        | spans
    )
    return hit


def _rebuilt(
    edges: EdgeSet, offsets: Ints, kept: Bools, pieces: tuple[Ints, Ints, Ints]
) -> EdgeSet:
    piece_start, piece_end, source = pieces
    keep = np.nonzero(kept)[0]
    keep_claims = gather(offsets, keep)
    claims = gather(offsets, source)
    owner = np.repeat(np.arange(len(source)), offsets[source + 1] - offsets[source])
    parts: Sequence[tuple[Ints, Ints, Ints, Bools, Ints, Ints]] = (
        _claimed_rows(edges, edges.claim_edge[keep_claims], keep_claims),
        (
            pack(piece_start)[owner],
            pack(piece_end)[owner],
            edges.claim[claims],
            edges.is_left[claims],
            np.full(len(claims), NONE, dtype=np.int64),
            np.full(len(claims), NONE, dtype=np.int64),
        ),
        _owned_rows(edges.start, edges.end, edges.left, edges.right, keep),
        _owned_rows(
            pack(piece_start),
            pack(piece_end),
            edges.left[source],
            edges.right[source],
            np.arange(len(source)),
        ),
    )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return merged(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5])


def _claimed_rows(
    edges: EdgeSet, rows: Ints, claims: Ints
) -> tuple[Ints, Ints, Ints, Bools, Ints, Ints]:
    none = np.full(len(rows), NONE, dtype=np.int64)
    return (
        edges.start[rows],
        edges.end[rows],
        edges.claim[claims],
        edges.is_left[claims],
        none,
        none,
    )


def _owned_rows(
    start: Ints, end: Ints, left: Ints, right: Ints, rows: Ints
) -> tuple[Ints, Ints, Ints, Bools, Ints, Ints]:
    rows = rows[left[rows] != NONE]
    return (
        start[rows],
        end[rows],
        np.full(len(rows), -1, dtype=np.int64),
        np.zeros(len(rows), dtype=bool),
        left[rows],
        right[rows],
    )
