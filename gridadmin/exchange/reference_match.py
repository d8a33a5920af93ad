"""Which object of a file is one that the project has already: by its id, else by its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.exchange.pieces import Piece

NEAR_M = 50.0
"""An object of the same id that lies farther off is another: ids of two makers may agree."""
_SAME_SPOT_M = 0.5
_ROUNDED_M = 0.01
_LEAST_SHARE = 0.5
_BESIDE_M = 2.0


@dataclass(frozen=True)
class KnownObject:
    """An object of the project, its shape in plane metres (None = it has none)."""

    uid: str
    shape: shapely.Geometry | None
    kind: str
    name: str | None
    source_id: str | None


def matched(pieces: Sequence[Piece], known: Sequence[KnownObject]) -> list[str | None]:
    """Return for each piece the uid of the object that it is, None for a new one.

    No object is taken twice. An id decides first, then the best fitting shape of the same kind;
    compounds without an outline are known by their name.
    """
    found: list[str | None] = [None] * len(pieces)
    taken: set[str] = set()
    by_uid = {item.uid: item for item in known}
    by_id: dict[str, list[KnownObject]] = {}
    for item in known:
        if item.source_id is not None:
            by_id.setdefault(item.source_id, []).append(item)
    for number, piece in enumerate(pieces):
        if piece.source_id is None:
            continue
        own = [by_uid[piece.source_id]] if piece.source_id in by_uid else []
        for item in (*own, *by_id.get(piece.source_id, ())):
            if item.uid not in taken and item.kind == piece.kind and _is_near(piece, item):
                found[number] = item.uid
                taken.add(item.uid)
                break
    _match_shapes(pieces, known, found, taken)
    _match_names(pieces, known, found, taken)
    return found


def kept_shape(old: bytes | None, shape: shapely.Geometry) -> bytes:
    """Return the stored shape where the new one is the same to 1 cm, else the new one, as WKB.

    Degrees are rounded, so a file written from a project never comes back to the millimetre.
    """
    if old is not None:
        known = shapely.from_wkb(old)
        pair = shapely.normalize([known, shape])
        if shapely.equals_exact(pair[0], pair[1], tolerance=_ROUNDED_M):
            return old
    blob: bytes = shapely.to_wkb(shape, byte_order=1)
    return blob


def _is_near(piece: Piece, item: KnownObject) -> bool:
    if item.shape is None:
        return True
    same = shapely.get_dimensions(piece.shape) == shapely.get_dimensions(item.shape)
    is_area = min(shapely.get_dimensions(piece.shape), shapely.get_dimensions(item.shape)) != 1
    return bool((same or is_area) and shapely.dwithin(piece.shape, item.shape, NEAR_M))


def _match_shapes(
    pieces: Sequence[Piece],
    known: Sequence[KnownObject],
    found: list[str | None],
    taken: set[str],
) -> None:
    placed = [item for item in known if item.shape is not None and item.uid not in taken]
    left = [number for number, uid in enumerate(found) if uid is None]
    if not placed or not left:
        return
    tree = shapely.STRtree([item.shape for item in placed])
    shapes = np.array([pieces[number].shape for number in left], dtype=object)
    one, other = tree.query(shapes, predicate="dwithin", distance=_SAME_SPOT_M)
    scored = []
    for place, target in zip(one.tolist(), other.tolist(), strict=True):
        piece, item = pieces[left[place]], placed[target]
        score = _alikeness(piece, item)
        if score >= _LEAST_SHARE:
            scored.append((-score, left[place], target))
    for _, number, target in sorted(scored):
        item = placed[target]
        if found[number] is None and item.uid not in taken:
            found[number] = item.uid
            taken.add(item.uid)


def _match_names(
    pieces: Sequence[Piece],
    known: Sequence[KnownObject],
    found: list[str | None],
    taken: set[str],
) -> None:
    nameless = {item.name: item.uid for item in known if item.shape is None and item.name}
    for number, piece in enumerate(pieces):
        uid = nameless.get(piece.name or "")
        if found[number] is None and uid is not None and uid not in taken:
            found[number] = uid
            taken.add(uid)


def _alikeness(piece: Piece, item: KnownObject) -> float:
    """Return from 0 to 1 how much a piece is a known object, by shape, kind and name."""
    if piece.kind != item.kind:
        return 0.0
    shapes = piece.shape, item.shape
    dimensions = [shapely.get_dimensions(shape) for shape in shapes]
    if dimensions == [2, 2]:
        common = shapely.area(shapely.intersection(*shapes))
        return float(common / max(shapely.area(shapely.union(*shapes)), 1e-9))
    if dimensions == [1, 1]:
        return _line_alikeness(piece, item)
    if 1 in dimensions:
        return 0.0
    # A point on a footprint, or a point where the other one stands.
    return 0.9 if shapely.dwithin(*shapes, _SAME_SPOT_M) else 0.0


def _line_alikeness(piece: Piece, item: KnownObject) -> float:
    if piece.name and item.name and piece.name != item.name:
        return 0.0
    beside = shapely.intersection(piece.shape, shapely.buffer(item.shape, _BESIDE_M))
    shorter = min(shapely.length(piece.shape), shapely.length(item.shape))
    return float(min(shapely.length(beside) / max(shorter, 1e-9), 1.0))
