"""Insert lines: they become borders, and each face that they cut through is given out anew.

Lines and the borders near them are snap-rounded together; ends that hang loose are trimmed; what
runs along an existing border adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from itertools import pairwise

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import points_of
from gridadmin.partition.faces import Face, face_at, faces_of
from gridadmin.partition.grid import Ints, pack, unpack, unpack_point
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import (
    BorderChange,
    BorderIds,
    LabelledEdges,
    composed,
    relabelled,
    rewire,
)
from gridadmin.partition.surrounding import Edge, Surrounding, without_loose_ends
from gridadmin.partition.walk import Half, first_clockwise, half_left_of

Decide = Callable[[int, str], int]
"""Who gets a part of a face: ``(owner of the cut face, "left" or "right") -> owner``."""


def insert_line(
    partition: Partition, line: Ints, decide: Decide, ids: BorderIds, *, spare_outside: bool
) -> list[BorderChange]:
    """Return the border changes that insert *line* ``(n, 2)`` in mm.

    *decide* is asked once for each owner cut and side. With *spare_outside* the line ends at the
    frame.
    Raises: EditError ``edit.cuts_nothing``, ``edit.ambiguous_side``, and what *decide* raises.
    """
    surrounding = Surrounding(partition, line)
    fresh = without_loose_ends(surrounding.drawn, surrounding.standing)
    owners = _owners_cut(partition, surrounding, fresh)
    if spare_outside:
        # What hangs together has one owner, so what stays hangs as firmly as before.
        fresh = [edge for edge in fresh if owners[edge] != OUTSIDE]
    if not fresh:
        raise EditError("edit.cuts_nothing")
    provisional = _provisional(partition, surrounding, fresh, owners, ids)
    cut = partition.applied(provisional, partition.parents)
    owner_of = _given_out(cut, fresh, provisional, decide)
    return composed(provisional, relabelled(cut, owner_of, ids))


def insert_what_cuts(
    partition: Partition, line: Ints, decide: Decide, ids: BorderIds, *, spare_outside: bool
) -> list[BorderChange]:
    """Return the changes of :func:`insert_line`; none when the line cuts nothing.

    For lines that may run along borders which are there already.
    """
    try:
        return insert_line(partition, line, decide, ids, spare_outside=spare_outside)
    except EditError as refusal:
        if refusal.code != "edit.cuts_nothing":
            raise
        return []


def insert_lines(
    partition: Partition,
    lines: Sequence[Ints],
    among: Container[int],
    decide: Callable[[Face], int],
    ids: BorderIds,
) -> list[BorderChange]:
    """Return the border changes that insert *lines*, ``(n, 2)`` in mm each, all at once.

    Only land of the owners *among* is cut. *decide* says who gets each face beside a line; where
    that is one on both sides of it, nothing of the line is left.
    """
    if not lines:
        return []
    surrounding = Surrounding(partition, *lines)
    fresh = without_loose_ends(surrounding.drawn, surrounding.standing)
    owners = _owners_cut(partition, surrounding, fresh)
    # What hangs together has one owner, so what stays hangs as firmly as before.
    fresh = [edge for edge in fresh if owners[edge] in among]
    if not fresh:
        return []
    provisional = _provisional(partition, surrounding, fresh, owners, ids)
    cut = partition.applied(provisional, partition.parents)
    inner = [new for _, new in provisional if new is not None and new.left == new.right]
    owner_of = {(b.id, way): b.left for b in inner for way in (True, False)}
    faces, face_of = _faces_beside(cut, inner)
    for number in sorted({face_of[border.id, way] for border in inner for way in (True, False)}):
        face = faces[number]
        if face is not None:
            owner = decide(face)
            owner_of.update((half.key, owner) for half in face.halves())
    return composed(provisional, relabelled(cut, owner_of, ids))


def _owners_cut(
    partition: Partition, surrounding: Surrounding, edges: list[Edge]
) -> dict[Edge, int]:
    """Return whose face each edge of the line runs through."""
    standing = surrounding.standing
    at: dict[int, list[Edge]] = {}
    for edge in edges:
        for key in edge:
            at.setdefault(key, []).append(edge)
    owner: dict[Edge, int] = {}
    bent: Partition | None = None
    for edge in edges:
        if edge in owner:
            continue
        group, anchor = _connected(edge, at, standing)
        if anchor is not None:
            mine = _owner_at(anchor, standing)
        else:
            bent = bent or _bent(partition, surrounding)
            found = half_left_of(bent, *unpack_point(edge[0]))
            mine = OUTSIDE if found is None else found.owner
        owner.update((member, mine) for member in group)
    return owner


def _bent(partition: Partition, surrounding: Surrounding) -> Partition:
    """Return the partition with its borders noded, but without the line."""
    removed, edges = surrounding.rewired(())
    changes = rewire(partition, removed, edges, BorderIds("bent"))
    return partition.applied(changes, partition.parents)


def _connected(
    first: Edge, at: dict[int, list[Edge]], standing: dict[int, list[tuple[int, int]]]
) -> tuple[set[Edge], tuple[int, int] | None]:
    """Return the edges that hang together off the borders, and ``(anchor vertex, way out)``."""
    group = {first}
    queue = [first]
    anchor: tuple[int, int] | None = None
    while queue:
        edge = queue.pop()
        for key, other in (edge, edge[::-1]):
            if key in standing:
                anchor = anchor or (key, other)
                continue
            for member in at[key]:
                if member not in group:
                    group.add(member)
                    queue.append(member)
    return group, anchor


def _owner_at(anchor: tuple[int, int], standing: dict[int, list[tuple[int, int]]]) -> int:
    """Return who holds the sector at the anchor into which the way leads."""
    x, y = unpack_point(anchor[0])
    to_x, to_y = unpack_point(anchor[1])
    ways = []
    for other, _ in standing[anchor[0]]:
        other_x, other_y = unpack_point(other)
        ways.append((other_x - x, other_y - y))
    return standing[anchor[0]][first_clockwise((to_x - x, to_y - y), ways)][1]


def _provisional(
    partition: Partition,
    surrounding: Surrounding,
    fresh: list[Edge],
    owners: dict[Edge, int],
    ids: BorderIds,
) -> list[BorderChange]:
    """Put the line in with the owner of each face on both sides."""
    removed, edges = surrounding.rewired(fresh)
    ends = np.array(fresh, dtype=np.int64)
    mine = np.array([owners[edge] for edge in fresh], dtype=np.int64)
    line = LabelledEdges(unpack(ends[:, 0]), unpack(ends[:, 1]), mine, mine)
    return rewire(partition, removed, edges, ids, line=line)


def _given_out(
    cut: Partition, fresh: list[Edge], provisional: list[BorderChange], decide: Decide
) -> dict[tuple[int, bool], int]:
    """Return the owner of every half whose face is given out or whose border parts nothing."""
    inner = [new for _, new in provisional if new is not None and new.left == new.right]
    faces, face_of = _faces_beside(cut, inner)
    sides: list[set[str]] = [set() for _ in faces]
    directed = set(fresh)
    for border in inner:
        left, right = face_of[border.id, True], face_of[border.id, False]
        # A bridge to an island has one face on both sides and parts nothing.
        if left != right:
            for side in _sides(border, directed):
                sides[left].add(side)
                sides[right].add("right" if side == "left" else "left")
    owner_of = {(b.id, way): b.left for b in inner for way in (True, False)}
    answers: dict[tuple[int, str], int] = {}
    is_given = False
    for face, mine in zip(faces, sides, strict=True):
        if face is None or not mine:
            continue
        if len(mine) == 2:
            raise EditError("edit.ambiguous_side")
        question = face.owner, mine.pop()
        if question not in answers:
            answers[question] = decide(*question)
        is_given |= answers[question] != face.owner
        owner_of.update((half.key, answers[question]) for half in face.halves())
    if not is_given:
        raise EditError("edit.cuts_nothing")
    return owner_of


_FEW_BORDERS = 300
"""An owner with so few borders has all its faces found at once; else one by one."""


def _faces_beside(
    cut: Partition, inner: list[BorderRow]
) -> tuple[list[Face | None], dict[tuple[int, bool], int]]:
    """Return the faces along *inner* borders and which one each half bounds; None = unbounded."""
    faces: list[Face | None] = [None]
    face_of: dict[tuple[int, bool], int] = {}
    for owner in sorted({border.left for border in inner}):
        if owner != OUTSIDE and len(cut.beside(owner)) <= _FEW_BORDERS:
            for face in faces_of(cut, owner):
                face_of.update((half.key, len(faces)) for half in face.halves())
                faces.append(face)
    for border in inner:
        for half in (Half(border, True), Half(border, False)):
            if half.key in face_of:
                continue
            found = face_at(cut, half)
            if found is None:
                face_of[half.key] = 0
                continue
            face_of.update((h.key, len(faces)) for h in found.halves())
            faces.append(found)
    return faces, face_of


def _sides(border: BorderRow, directed: set[Edge]) -> set[str]:
    """Return on which sides of the line the left of a border lies: both if the line turns back."""
    keys = pack(points_of(border)).tolist()
    return {"left" if edge in directed else "right" for edge in pairwise(keys)}
