"""The full proof: borders meet only at nodes, every face has one owner, sums are exact.

It trusts nothing that the edits maintain; ``verify`` and the property tests use it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.base import BorderArrays
from gridadmin.partition.grid import Bools, Ints, cross, pack
from gridadmin.partition.planar import Partition
from gridadmin.partition.runs import OUTER, Runs, find_faces


@dataclass(frozen=True, slots=True)
class Audit:
    """What the proof found: problems in words, faces, twice the land of each owner in mm²."""

    problems: tuple[str, ...]
    faces: int
    twice_area: dict[int, int]


def audit(partition: Partition) -> Audit:
    """Return the full proof of *partition*."""
    borders = partition.arrays()
    problems = [*_shape_problems(borders), *_contact_problems(borders)]
    if problems:
        return Audit(tuple(problems), 0, {})
    runs = Runs(
        borders.xy,
        borders.offsets,
        np.arange(len(borders)),
        np.ones(len(borders), dtype=bool),
    )
    faces = find_faces(runs)
    label_problems, owner = _face_owners(borders, faces.face, len(faces))
    problems += label_problems
    land: dict[int, int] = {}
    for who, area in zip(owner.tolist(), faces.twice_area.tolist(), strict=True):
        land[who] = land.get(who, 0) + area
    land.pop(OUTSIDE, None)
    for who, area in land.items():
        if partition.own_twice_area(who) != area:
            problems.append(f"kept area of owner {who} differs from its faces")
    return Audit(tuple(problems), len(faces) - 1, land)


def _shape_problems(borders: BorderArrays) -> list[str]:
    problems = []
    if (borders.left == borders.right).any():
        problems.append("a border with one owner on both sides")
    inner = _segment_rows(borders)
    if (borders.xy[inner] == borders.xy[inner + 1]).all(axis=1).any():
        problems.append("a border with a repeated point")
    return problems


def _segment_rows(borders: BorderArrays) -> Ints:
    is_inner = np.ones(len(borders.xy), dtype=bool)
    if len(borders):
        is_inner[borders.offsets[1:] - 1] = False
    return np.nonzero(is_inner)[0]


def _contact_problems(borders: BorderArrays) -> list[str]:
    if not len(borders):
        return []
    keys = pack(borders.xy)
    is_end = np.zeros(len(keys), dtype=bool)
    is_end[borders.offsets[:-1]] = True
    is_end[borders.offsets[1:] - 1] = True
    inner = keys[~is_end]
    problems = []
    if len(np.unique(inner)) != len(inner) or np.isin(inner, keys[is_end]).any():
        problems.append("borders touch at a point that is no node of both")
    nodes, degree = np.unique(keys[is_end], return_counts=True)
    ring = keys[borders.offsets[:-1]] == keys[borders.offsets[1:] - 1]
    ring_nodes = keys[borders.offsets[:-1]][ring]
    if (degree == 1).any() or np.isin(nodes[degree == 2], ring_nodes, invert=True).any():
        problems.append("a node where fewer than three border ends meet")
    return problems + _crossing_problems(borders)


def _crossing_problems(borders: BorderArrays) -> list[str]:
    at = _segment_rows(borders)
    start, end = borders.xy[at], borders.xy[at + 1]
    low, high = np.minimum(start, end), np.maximum(start, end)
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    one, other = shapely.STRtree(boxes).query(boxes)
    once = one < other
    one, other = one[once], other[once]
    a, b, c, d = start[one], end[one], start[other], end[other]
    turns = np.stack((cross(a, b, c), cross(a, b, d), cross(c, d, a), cross(c, d, b)), axis=1)
    turns = np.sign(turns)
    meet = (turns[:, 0] * turns[:, 1] <= 0) & (turns[:, 2] * turns[:, 3] <= 0)
    a, b, c, d, turns = a[meet], b[meet], c[meet], d[meet], turns[meet]
    shares = (
        (a == c).all(axis=1) | (a == d).all(axis=1) | (b == c).all(axis=1) | (b == d).all(axis=1)
    )
    is_flat = (turns == 0).all(axis=1)
    problems = []
    if (~shares).any():
        problems.append("borders cross or touch beside a node")
    if (shares & is_flat & _overlaps(a, b, c, d)).any():
        problems.append("borders lie on each other")
    return problems


def _overlaps(a: Ints, b: Ints, c: Ints, d: Ints) -> Bools:
    """Return which collinear segments share more than a point."""
    low = np.maximum(np.minimum(a, b), np.minimum(c, d))
    high = np.minimum(np.maximum(a, b), np.maximum(c, d))
    x, y = (high - low).T
    longer: Bools = (x >= 0) & (y >= 0) & (x + y > 0)
    return longer


def _face_owners(borders: BorderArrays, face: Ints, count: int) -> tuple[list[str], Ints]:
    owner = np.full(count, OUTSIDE, dtype=np.int64)
    owner[face[0::2]] = borders.left
    owner[face[1::2]] = borders.right
    problems = []
    if (owner[face[0::2]] != borders.left).any() or (owner[face[1::2]] != borders.right).any():
        problems.append("a face with two owners")
    if owner[OUTER] != OUTSIDE:
        problems.append("the unbounded face has an owner")
    return problems, owner


def partition_sha256(
    partition: Partition, name_of: Callable[[int], str], origin_mm: tuple[int, int]
) -> str:
    """Return the canonical hash over all edges and the owners beside them.

    *name_of* gives the lasting name of an owner (its uid). The hash doesn't see how borders are cut
    into pieces or in which order they are stored.
    """
    borders = partition.arrays()
    at = _segment_rows(borders)
    start, end = borders.xy[at], borders.xy[at + 1]
    row = np.repeat(np.arange(len(borders)), np.diff(borders.offsets) - 1)
    owners = np.unique(np.concatenate((borders.left, borders.right)))
    names = {owner: name_of(owner) for owner in owners.tolist()}
    rank_of = {name: rank for rank, name in enumerate(sorted(set(names.values())))}
    rank = np.array([rank_of[names[owner]] for owner in owners.tolist()], dtype=np.int64)
    left = rank[np.searchsorted(owners, borders.left)][row] if len(row) else row
    right = rank[np.searchsorted(owners, borders.right)][row] if len(row) else row
    first, second = pack(start), pack(end)
    flip = first > second
    low, high = np.where(flip, second, first), np.where(flip, first, second)
    left, right = np.where(flip, right, left), np.where(flip, left, right)
    order = np.lexsort((high, low))
    shift = np.array(origin_mm, dtype=np.int64)
    from_xy, to_xy = np.where(flip[:, None], end, start), np.where(flip[:, None], start, end)
    table = np.concatenate((from_xy + shift, to_xy + shift, left[:, None], right[:, None]), axis=1)[
        order
    ]
    digest = hashlib.sha256()
    digest.update("\n".join(sorted(rank_of)).encode())
    digest.update(np.ascontiguousarray(table, dtype="<i8").tobytes())
    return digest.hexdigest()
