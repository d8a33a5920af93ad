"""Polygons cut at the edges of map tiles made whole, with what lies twice dropped."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

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

SAME_SHARE = 0.9
"""Two shapes are one when their common land is at least this share of their land together."""
_SEAM_M = 0.3
"""So far apart the two sides of a cut may lie: the corners of map tiles are rounded."""


def joined_polygons(pieces: Sequence[Piece], progress: Progress = SILENT) -> Joined:
    """Return whole polygons made of *pieces*.

    Pieces of one id that touch are one; so are pieces of one kind and name. Of shapes that are
    nearly the same the first one stays, with the facts that the others have and it lacks.
    """
    filled = [replace(piece, shape=_valid(piece.shape)) for piece in pieces]
    filled = with_facts_of_siblings(filled)
    groups = gathered(filled, (_key(piece) for piece in filled))
    objects: list[Piece] = []
    duplicates = joined = 0
    for number, group in enumerate(groups):
        if number % 1024 == 0:
            checkpoint(progress, "progress.joining", number, len(groups))
        kept = distinct(group)
        duplicates += len(group) - len(kept)
        for cluster in clusters(kept, _SEAM_M):
            whole = [
                piece
                for place, piece in enumerate(cluster)
                if not any(_is_within(piece, other) for other in cluster[:place])
            ]
            duplicates += len(cluster) - len(whole)
            joined += len(whole) - 1
            objects.append(named_after(whole, _united([piece.shape for piece in whole])))
    kept_objects, twice = without_twins(objects)
    return Joined(tuple(kept_objects), joined, duplicates + twice)


def without_twins(objects: Sequence[Piece]) -> tuple[list[Piece], int]:
    """Return the polygons without those that are nearly an earlier one, and how many went."""
    if len(objects) < 2:
        return list(objects), 0
    shapes = np.array([piece.shape for piece in objects], dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    is_later = one > other
    one, other = one[is_later], other[is_later]
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    together = shapely.area(shapes[one]) + shapely.area(shapes[other]) - common
    twins = common >= SAME_SHARE * together
    stays = dict(zip(one[twins].tolist(), other[twins].tolist(), strict=True))
    kept = {number: piece for number, piece in enumerate(objects) if number not in stays}
    for number, first in stays.items():
        while first in stays:
            first = stays[first]  # noqa: PLW2901
        twin, piece = objects[number], kept[first]
        kept[first] = replace(
            piece,
            name=piece.name or twin.name,
            category=piece.category or twin.category,
            facts={**twin.facts, **piece.facts},
        )
    return list(kept.values()), len(stays)


def _key(piece: Piece) -> Hashable:
    if piece.source_id is not None:
        return piece.kind, piece.source_id
    if piece.name:
        return piece.kind, "", piece.category, piece.name
    return piece.kind, "", "", "", piece.row


def _is_within(piece: Piece, other: Piece) -> bool:
    common = shapely.area(shapely.intersection(piece.shape, other.shape))
    return bool(common >= SAME_SHARE * shapely.area(shapely.union(piece.shape, other.shape)))


def _united(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
    if len(shapes) == 1:
        return shapes[0]
    union = shapely.union_all(shapes)
    if shapely.get_num_geometries(union) == 1 and not _has_hairs(union):
        return union
    half = _SEAM_M / 2
    closed = union.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
    return union if closed.is_empty else closed


def _has_hairs(polygon: shapely.Geometry) -> bool:
    """Return whether a hole is a mere seam that two pieces left between them."""
    rings = shapely.get_rings(polygon)[1:]
    return any(shapely.area(shapely.polygons(ring)) < _SEAM_M * ring.length for ring in rings)


def _valid(shape: shapely.Geometry) -> shapely.Geometry:
    if shapely.is_valid(shape):
        return shape
    made = shapely.make_valid(shape)
    polygons = [part for part in shapely.get_parts(made) if part.area > 0]
    if not polygons:
        return shape
    return polygons[0] if len(polygons) == 1 else shapely.union_all(polygons)
