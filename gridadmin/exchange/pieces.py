"""Rows of a reference file as pieces, and the groups of pieces that are one thing in the world.

Extracts of map data come tile by tile: a road in many pieces, a house cut at the edge of a tile,
the same house twice. Pieces that bear one id, or one name close by, are joined.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

NO_FACTS: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Piece:
    """A usable row: its shape in plane metres and what the file says of it.

    ``category`` is the class of a road or the type of a compound.
    """

    row: str
    shape: shapely.Geometry
    kind: str
    name: str | None = None
    category: str | None = None
    source_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: NO_FACTS)


@dataclass(frozen=True)
class Joined:
    """What the pieces of a file make: the objects, how many rows went into others, how many twice.

    ``joined`` pieces became part of an object that another piece began; ``duplicates`` lay on
    another piece and were dropped.
    """

    objects: tuple[Piece, ...]
    joined: int = 0
    duplicates: int = 0


def with_facts_of_siblings(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces; what one lacks and another of the same id has is filled in."""
    best: dict[str, dict[str, Any]] = {}
    for piece in pieces:
        if piece.source_id is None:
            continue
        known = best.setdefault(piece.source_id, {"name": None, "category": None, "facts": {}})
        known["name"] = known["name"] or piece.name
        known["category"] = known["category"] or piece.category
        known["facts"] = {**piece.facts, **known["facts"]}
    return [
        piece if piece.source_id is None else _filled(piece, best[piece.source_id])
        for piece in pieces
    ]


def _filled(piece: Piece, known: Mapping[str, Any]) -> Piece:
    return replace(
        piece,
        name=piece.name or known["name"],
        category=piece.category or known["category"],
        facts={**known["facts"], **piece.facts},
    )


def gathered(pieces: Iterable[Piece], keys: Iterable[Hashable]) -> list[list[Piece]]:
    """Return the pieces by key, in the order in which each key first came."""
    groups: dict[Hashable, list[Piece]] = {}
    for piece, key in zip(pieces, keys, strict=True):
        groups.setdefault(key, []).append(piece)
    return list(groups.values())


def clusters(pieces: Sequence[Piece], reach_m: float) -> list[list[Piece]]:
    """Return groups of pieces in which each is within reach of another, in order."""
    if len(pieces) == 1:
        return [list(pieces)]
    shapes = np.array([piece.shape for piece in pieces], dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach_m)
    root = list(range(len(pieces)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        first, second = sorted((find(a), find(b)))
        root[second] = first
    return gathered(pieces, (find(number) for number in range(len(pieces))))


def distinct(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces without those whose shape is that of an earlier one, to 1 cm."""
    seen: set[bytes] = set()
    kept = []
    shapes = np.array([piece.shape for piece in pieces], dtype=object)
    rounded = shapely.transform(shapes, lambda xy: np.floor(xy * 100 + 0.5))
    for piece, blob in zip(pieces, shapely.to_wkb(shapely.normalize(rounded)), strict=True):
        if blob not in seen:
            seen.add(blob)
            kept.append(piece)
    return kept


def named_after(pieces: Sequence[Piece], shape: shapely.Geometry) -> Piece:
    """Return one object of several pieces: the facts of the first, the least id, this shape."""
    ids = [piece.source_id for piece in pieces if piece.source_id is not None]
    return replace(
        pieces[0],
        shape=shape,
        name=next((piece.name for piece in pieces if piece.name), None),
        category=next((piece.category for piece in pieces if piece.category), None),
        source_id=min(ids, default=None, key=lambda text: (len(text), text)),
    )
