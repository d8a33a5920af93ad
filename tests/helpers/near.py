"""The proof that land is a partition, for what lies around a change alone: quick on large maps."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.change import RESTORING_GESTURE
from gridadmin.domain.model import BorderRow, Land
from gridadmin.edit.document import Done
from gridadmin.edit.shifts import Edge, Shifts
from gridadmin.partition.border import box_of, node_keys, points_of
from gridadmin.partition.grid import Ints, cross, pack, unpack
from gridadmin.partition.planar import Partition
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Half, face_ring, land_parts, to_polygon

_MANY = 400
"""A change of more borders is looked at as a whole by whoever asks."""


def is_small(done: Done) -> bool:
    return len(done.change.of("border")) <= _MANY


def frame_bend(done: Done) -> int:
    """Return by how much all land grows, twice and in mm², by the edges beyond which lies nothing.

    Where there is a frame that is no more than the bends that new nodes put into it: a rounded
    crossing lies within half the diagonal of a square millimetre of the old line. A return to a
    release takes bends back and may put others in anew. Undo and redo may do anything here: whoever
    plays them proves that the state is the former one.
    """
    shift = Shifts(done.before, done.after, done.change).of(OUTSIDE)
    grown = _swept(shift.lost) - _swept(shift.gained)
    is_repeated = done.change.undid is not None or done.change.redid is not None
    if done.before.has_frame and done.after.has_frame and not is_repeated:
        returns = done.change.kind == RESTORING_GESTURE
        assert returns or shift.is_bend
        moved_mm = _length_mm(shift.lost) + (_length_mm(shift.gained) if returns else 0.0)
        assert abs(grown) <= 2 * _PIXEL_MM * moved_mm + 1e-6
    return grown


_PIXEL_MM = 0.5**0.5


def _ends(edges: frozenset[Edge]) -> Ints:
    keys = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
    return np.stack((unpack(keys[:, 0]), unpack(keys[:, 1])), axis=1)


def _swept(edges: frozenset[Edge]) -> int:
    ends = _ends(edges)
    return int((ends[:, 0, 0] * ends[:, 1, 1] - ends[:, 1, 0] * ends[:, 0, 1]).sum())


def _length_mm(edges: frozenset[Edge]) -> float:
    step = np.diff(_ends(edges), axis=1)[:, 0].astype(np.float64)
    return float(np.hypot(step[:, 0], step[:, 1]).sum())


def check_near(done: Done) -> None:
    """Check contacts, labels and land around what a change touched."""
    partition = done.after.partition
    changed = [row.after for row in done.change.of("border") if row.after is not None]
    for border in changed:
        assert partition.border(border.id).points == border.points
        assert border.left != border.right
    near = {b.id: b for border in changed for b in _beside(partition, border)}
    _check_contacts(changed, list(near.values()))
    for border in changed:
        _check_nodes(partition, border)
        for half in (Half(border, True), Half(border, False)):
            ring = face_ring(partition, half)
            assert {one.owner for one in ring} == {half.owner}, "a face with two owners"
    for oid in sorted(done.touched):
        _check_land(done.after, oid)


def _beside(partition: Partition, border: BorderRow) -> Iterable[BorderRow]:
    x0, y0, x1, y1 = box_of(border)
    return partition.in_box((x0, y0), (x1, y1))


def _check_nodes(partition: Partition, border: BorderRow) -> None:
    for node in node_keys(border):
        ends = [key for other in partition.at_node(node) for key in node_keys(other)]
        is_island = len(ends) == 2 and node_keys(border) == (node, node)
        assert ends.count(node) >= 3 or is_island, "a node where fewer than three ends meet"


def _check_contacts(changed: list[BorderRow], near: list[BorderRow]) -> None:
    """Check that changed borders meet those near them at common nodes alone, and not themselves."""
    if not changed:
        return
    ids = {border.id for border in changed}
    start, end, who = _segments(near)
    assert (start != end).any(axis=1).all(), "a border with a repeated point"
    boxes = shapely.box(
        *np.minimum(start, end).T.astype(float), *np.maximum(start, end).T.astype(float)
    )
    own = np.nonzero(np.isin(who, list(ids)))[0]
    rows, others = shapely.STRtree(boxes).query(boxes[own])
    one, other = own[rows], others
    once = (one != other) & (~np.isin(who[other], list(ids)) | (one < other))
    a, b, c, d = start[one[once]], end[one[once]], start[other[once]], end[other[once]]
    turns = np.sign(np.stack((cross(a, b, c), cross(a, b, d), cross(c, d, a), cross(c, d, b))))
    meet = (turns[0] * turns[1] <= 0) & (turns[2] * turns[3] <= 0)
    shares = np.sum([(p == q).all(axis=1) for p in (a, b) for q in (c, d)], axis=0)
    assert (shares[meet] == 1).all(), "borders cross or touch beside a point of both"
    flat = meet & (turns == 0).all(axis=0)
    # In a line and with one end in common they may only lead away from each other.
    common = np.where(_is_any(a, c, d)[:, None], a, b)
    far_one, far_other = a + b - common, c + d - common
    ahead = ((far_one - common) * (far_other - common)).sum(axis=1)
    assert (ahead[flat] < 0).all(), "borders lie on each other"
    _check_inner(changed, near)


def _is_any(point: Ints, one: Ints, other: Ints) -> Ints:
    found: Ints = (point == one).all(axis=1) | (point == other).all(axis=1)
    return found


def _check_inner(changed: list[BorderRow], near: list[BorderRow]) -> None:
    """Check that no point along a changed border is one of another, and no point twice on it."""
    ids = {border.id for border in changed}
    everywhere = np.concatenate([pack(points_of(b)) for b in near if b.id not in ids] or [_NONE])
    ends = np.concatenate([pack(points_of(b)[[0, -1]]) for b in near])
    inner = np.concatenate([pack(points_of(b)[1:-1]) for b in changed])
    assert len(np.unique(inner)) == len(inner), "borders touch beside a node"
    assert not np.isin(inner, everywhere).any(), "borders touch beside a node"
    assert not np.isin(inner, ends).any(), "borders touch beside a node"
    fixed = np.concatenate([pack(points_of(b)[1:-1]) for b in near if b.id not in ids] or [_NONE])
    assert not np.isin(fixed, ends).any(), "a node lies along a border"


_NONE = np.empty(0, dtype=np.int64)


def _segments(borders: list[BorderRow]) -> tuple[Ints, Ints, Ints]:
    xy = [points_of(border) for border in borders]
    who = np.repeat([border.id for border in borders], [len(points) - 1 for points in xy])
    return (
        np.concatenate([points[:-1] for points in xy]),
        np.concatenate([points[1:] for points in xy]),
        who,
    )


def _check_land(snapshot: Snapshot, oid: int) -> None:
    """Check that an owner's land is valid, and for areas the sum of children and of its own."""
    if oid == OUTSIDE:
        return
    parts = land_parts(snapshot.partition, oid)
    land = sum(part.twice_area() for part in parts)
    assert all(part.twice_area() > 0 for part in parts)
    assert land == snapshot.partition.land_twice_area(oid)
    polygon = to_polygon(parts, lambda xy: xy.astype(np.float64))
    assert polygon.is_valid, shapely.is_valid_reason(polygon)
    area = snapshot.owning_area(oid)
    if area is None:
        return
    assert area.valid_to is None or not parts
    children = sum(snapshot.land_twice_mm2(child.uid) for child in snapshot.children(area.uid))
    assert land == snapshot.partition.own_twice_area(oid_of(area.uid)) + children
    if area.valid_to is None:
        assert bool(parts) == (area.land == Land.DRAWN)
