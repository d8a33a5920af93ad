"""Pieces of roads, rivers and railways joined to whole lines, with what lies twice dropped."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import shapely

from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.pieces import (
    Joined,
    Piece,
    clusters,
    distinct,
    gathered,
    named_after,
    with_facts_of_siblings,
)

NEAR_M = 1.0
"""A piece that runs within this of another of the same road is the same line twice."""
REACH_M = 40.0
"""Pieces of one name this near are one road: its two carriageways, its parts across a junction."""
_TOUCH_M = 1.0
"""Pieces without a name must touch."""
_SNAP_M = 0.3
"""Ends this near are one: the corners of map tiles are rounded."""


def joined_lines(pieces: Sequence[Piece], progress: Progress = SILENT) -> Joined:
    """Return whole lines made of *pieces*.

    Pieces of one kind, class and name that lie near each other are one line; so are pieces of one
    id. A piece without name and id stays by itself, unless it lies on another one.
    """
    filled = with_facts_of_siblings(pieces)
    groups = gathered(filled, (_key(piece) for piece in filled))
    objects: list[Piece] = []
    duplicates = joined = 0
    for number, group in enumerate(groups):
        if number % 256 == 0:
            checkpoint(progress, "progress.joining", number, len(groups))
        reach = REACH_M if group[0].name else _TOUCH_M
        for cluster in clusters(group, reach):
            kept = _without_twice(cluster)
            duplicates += len(cluster) - len(kept)
            joined += len(kept) - 1
            objects.append(named_after(kept, _merged([piece.shape for piece in kept])))
    nameless, twice = _off_others(objects)
    return Joined(tuple(nameless), joined, duplicates + twice)


def _key(piece: Piece) -> Hashable:
    if piece.name:
        return piece.kind, piece.category, piece.name
    if piece.source_id is not None:
        return piece.kind, piece.category, "", piece.source_id
    return piece.kind, piece.category, "", "", piece.row


def _without_twice(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that add to the line, the longest first; what others cover is cut off."""
    left = distinct(pieces)
    if len(left) == 1:
        return left
    left.sort(key=lambda piece: -float(piece.shape.length))
    shapes = np.array([piece.shape for piece in left], dtype=object)
    tree = shapely.STRtree(shapes)
    kept: list[Piece] = []
    rests: dict[int, shapely.Geometry] = {}
    for number, piece in enumerate(left):
        near = tree.query(piece.shape, predicate="dwithin", distance=NEAR_M)
        others = [rests[other] for other in sorted(near.tolist()) if other in rests]
        rest = _rest_of(piece.shape, others)
        if rest is not None:
            rests[number] = rest
            kept.append(piece if rest is piece.shape else _with_shape(piece, rest))
    return kept


def _with_shape(piece: Piece, shape: shapely.Geometry) -> Piece:
    return named_after([piece], shape)


def _rest_of(line: shapely.Geometry, others: Sequence[shapely.Geometry]) -> shapely.Geometry | None:
    """Return what of a line runs beside the others, joined to them; None when nothing does."""
    if not others:
        return line
    near_m = min(NEAR_M, float(line.length) / 4)
    covers = shapely.union_all(others)
    rest = line.difference(covers.buffer(near_m))
    if rest.length <= 2 * near_m:
        # An end of another line covers the end of this one: that alone makes no double.
        return None if rest.is_empty else line
    if line.length - rest.length <= 4 * near_m:
        return line
    parts = [_reaching(part, covers, near_m) for part in shapely.get_parts(rest)]
    return shapely.multilinestrings(parts) if len(parts) > 1 else parts[0]


def _reaching(part: shapely.Geometry, covers: shapely.Geometry, near_m: float) -> shapely.Geometry:
    """Return a rest of a line lengthened to the line that covers what is missing of it."""
    points = shapely.get_coordinates(part)
    for end in (0, -1):
        place = shapely.Point(points[end])
        if 0 < shapely.distance(place, covers) <= near_m * 1.1:
            foot = shapely.get_coordinates(shapely.shortest_line(place, covers))[1:]
            points = np.concatenate((foot, points) if end == 0 else (points, foot))
    return shapely.LineString(points)


def _merged(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
    """Return lines as one, those that meet end to end without a break."""
    parts = shapely.get_parts(np.array(shapes, dtype=object))
    if len(parts) == 1:
        return parts[0]
    merged = shapely.line_merge(shapely.multilinestrings(_ends_together(parts)))
    return shapely.get_parts(merged)[0] if shapely.get_num_geometries(merged) == 1 else merged


def _ends_together(parts: np.ndarray) -> list[shapely.Geometry]:
    """Return lines with ends that are nearly one made one."""
    points = [shapely.get_coordinates(part) for part in parts]
    ends = np.array([xy[end] for xy in points for end in (0, -1)])
    dots = shapely.points(ends)
    one, other = shapely.STRtree(dots).query(dots, predicate="dwithin", distance=_SNAP_M)
    first = np.arange(len(ends))
    np.minimum.at(first, one, other)
    for number, xy in enumerate(points):
        for place, end in ((2 * number, 0), (2 * number + 1, -1)):
            xy[end] = ends[first[place]]
    return [shapely.LineString(xy) for xy in points if len(np.unique(xy, axis=0)) > 1]


def _off_others(objects: Sequence[Piece]) -> tuple[list[Piece], int]:
    """Return the lines without nameless ones that lie on another of their kind all along."""
    if len(objects) < 2:
        return list(objects), 0
    shapes = np.array([piece.shape for piece in objects], dtype=object)
    tree = shapely.STRtree(shapes)
    kept: list[Piece] = []
    gone: set[int] = set()
    for number, piece in enumerate(objects):
        if not piece.name and _lies_on_another(number, piece, objects, tree, gone):
            gone.add(number)
        else:
            kept.append(piece)
    return kept, len(gone)


def _lies_on_another(
    number: int,
    piece: Piece,
    objects: Sequence[Piece],
    tree: shapely.STRtree,
    gone: set[int],
) -> bool:
    near_m = min(NEAR_M, float(piece.shape.length) / 4)
    for other in tree.query(piece.shape, predicate="dwithin", distance=near_m).tolist():
        if other == number or other in gone or objects[other].kind != piece.kind:
            continue
        if objects[other].shape.buffer(near_m).covers(piece.shape):
            return True
    return False
