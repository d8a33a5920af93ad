"""Put labelled edges in the place of some borders, keeping the graph canonical.

Whatever an edit does, it ends here: borders go, labelled edges come, edges with one owner on both
sides dissolve, and borders run from node to node again. Borders nearby that now pass through a
former node are taken in; borders that come out as they were stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.partition.border import Box, node_keys, points_of
from gridadmin.partition.edges import merged
from gridadmin.partition.grid import Ints, pack, unpack
from gridadmin.partition.planar import Partition
from gridadmin.partition.runs import chain_edges
from gridadmin.partition.walk import Half, outgoing_at

BorderChange = tuple[BorderRow | None, BorderRow | None]


class BorderIds:
    """Fresh border ids that no other gesture, here or in a copy of the project, will make."""

    def __init__(self, gesture: str) -> None:
        self._gesture = gesture
        self._count = 0

    def next(self) -> int:
        """Return the next id."""
        self._count += 1
        return oid_of(f"{self._gesture}/{self._count}")


@dataclass(frozen=True, slots=True)
class LabelledEdges:
    """Directed edges ``(n, 2)`` each, with the owners ``(n,)`` left and right of them."""

    start: Ints
    end: Ints
    left: Ints
    right: Ints

    def __len__(self) -> int:
        return len(self.start)


def edges_of_borders(borders: Sequence[BorderRow]) -> LabelledEdges:
    """Return the edges of whole borders."""
    if not borders:
        none = np.empty((0, 2), dtype=np.int64)
        return LabelledEdges(none, none, none[:, 0], none[:, 0])
    points = [points_of(border) for border in borders]
    counts = [len(xy) - 1 for xy in points]
    return LabelledEdges(
        np.concatenate([xy[:-1] for xy in points]),
        np.concatenate([xy[1:] for xy in points]),
        np.repeat(np.array([border.left for border in borders], dtype=np.int64), counts),
        np.repeat(np.array([border.right for border in borders], dtype=np.int64), counts),
    )


def joined(parts: Iterable[LabelledEdges]) -> LabelledEdges:
    """Return several sets of edges as one."""
    collected = list(parts)
    return LabelledEdges(
        np.concatenate([part.start for part in collected]),
        np.concatenate([part.end for part in collected]),
        np.concatenate([part.left for part in collected]),
        np.concatenate([part.right for part in collected]),
    )


def box_of_changes(changes: Sequence[BorderChange]) -> Box | None:
    """Return the box of the edges that are new, gone, or have other owners; None for no edge.

    Edges of a border that stands on both sides of its change as the same row count as well.
    """
    kept = [row for row, after in changes if row is not None and row is after]
    gone = [row for row, after in changes if row is not None and row is not after]
    come = [row for before, row in changes if row is not None and row is not before]
    edges = _alike(edges_of_borders([*gone, *come]))
    rows, counts = np.unique(edges, axis=0, return_counts=True)
    # What was there before and after stands twice.
    changed = rows[counts == 1][:, :4].reshape(-1, 2)
    points = np.concatenate([changed, *(points_of(row) for row in kept)])
    if not len(points):
        return None
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return x0, y0, x1, y1


def _alike(edges: LabelledEdges) -> Ints:
    """Return edges as rows ``x0 y0 x1 y1 left right``, all in the one of two directions."""
    start, end = edges.start, edges.end
    turns = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ends = np.where(turns[:, None], np.hstack((end, start)), np.hstack((start, end)))
    sides = np.column_stack((edges.left, edges.right))
    return np.hstack((ends, np.where(turns[:, None], sides[:, ::-1], sides)))


def rewire(
    partition: Partition,
    removed: Sequence[BorderRow],
    edges: LabelledEdges,
    ids: BorderIds,
    *,
    line: LabelledEdges | None = None,
) -> list[BorderChange]:
    """Return the border changes that replace *removed* by *edges*.

    *edges* meet each other and the remaining borders only at common ends; those that lie on each
    other become one. The edges of *line*, which lie on no other, stay although one owner is on
    both sides.
    """
    gone = {border.id: border for border in removed}
    vital = _parting(edges)
    if line is not None:
        vital = joined((vital, line))
    vital = _absorbing(partition, gone, vital)
    nodes = _standing_nodes(partition, gone, vital)
    runs = chain_edges(vital.start, vital.end, nodes)
    left = np.where(runs.is_along, vital.left[runs.edge], vital.right[runs.edge]).tolist()
    right = np.where(runs.is_along, vital.right[runs.edge], vital.left[runs.edge]).tolist()
    fresh = [(runs.points(run).tobytes(), left[run], right[run]) for run in range(len(runs))]
    return _matched(list(gone.values()), fresh, ids)


def _parting(edges: LabelledEdges) -> LabelledEdges:
    """Return the edges once each, without those that have one owner on both sides."""
    distinct = merged(
        pack(edges.start),
        pack(edges.end),
        np.full(len(edges), -1, dtype=np.int64),
        np.zeros(len(edges), dtype=bool),
        edges.left,
        edges.right,
    )
    rows = np.nonzero(distinct.left != distinct.right)[0]
    return LabelledEdges(
        unpack(distinct.start[rows]),
        unpack(distinct.end[rows]),
        distinct.left[rows],
        distinct.right[rows],
    )


def _absorbing(
    partition: Partition, gone: dict[int, BorderRow], edges: LabelledEdges
) -> LabelledEdges:
    """Take in the borders that end at a node where only two ends will be left."""
    degree = Counter(pack(edges.start).tolist())
    degree.update(pack(edges.end).tolist())
    former = {node for border in gone.values() for node in node_keys(border)}
    taken: list[BorderRow] = []
    for node in sorted(former | {key for key, count in degree.items() if count != 2}):
        standing = [b for b in partition.at_node(node) if b.id not in gone]
        ends = [key for border in standing for key in node_keys(border)]
        if standing and ends.count(node) + degree[node] == 2:
            taken += standing
            gone.update((border.id, border) for border in standing)
            degree.update(ends)
    return joined((edges, edges_of_borders(taken))) if taken else edges


def _standing_nodes(partition: Partition, gone: dict[int, BorderRow], edges: LabelledEdges) -> Ints:
    """Return the vertices of the new edges at which a border that stays ends."""
    keys = set(pack(edges.start).tolist()) | set(pack(edges.end).tolist())
    nodes = [key for key in sorted(keys) if any(b.id not in gone for b in partition.at_node(key))]
    return np.array(nodes, dtype=np.int64)


def _matched(
    gone: list[BorderRow], fresh: list[tuple[bytes, int, int]], ids: BorderIds
) -> list[BorderChange]:
    """Pair old borders with new ones: unchanged ones drop out, likely heirs keep the id."""
    by_shape = {
        canonical_shape(border.points, border.left, border.right): border for border in gone
    }
    left_over: list[tuple[bytes, int, int]] = []
    for points, left, right in fresh:
        known = by_shape.pop(canonical_shape(points, left, right), None)
        if known is None:
            left_over.append((points, left, right))
        else:
            gone.remove(known)
    heirs = _Heirs(gone)
    changes: list[BorderChange] = []
    for points, left, right in left_over:
        old = heirs.of(points, left, right)
        if old is None:
            changes.append((None, BorderRow(ids.next(), points, left, right)))
        elif _runs_against(old, points):
            changes.append((old, BorderRow(old.id, _reversed(points), right, left)))
        else:
            changes.append((old, BorderRow(old.id, points, left, right)))
    changes += [(border, None) for border in heirs.rest()]
    return changes


def canonical_shape(points: bytes, left: int, right: int) -> tuple[bytes, int, int]:
    """Return a border's points and owners the same whichever way it runs."""
    backwards = _reversed(points)
    return (points, left, right) if points <= backwards else (backwards, right, left)


def _reversed(points: bytes) -> bytes:
    return np.frombuffer(points, dtype="<i8").reshape(-1, 2)[::-1].tobytes()


def _runs_against(old: BorderRow, points: bytes) -> bool:
    ends, fresh = _ends(old.points), _ends(points)
    return ends[0] != fresh[0] and (ends[0] == fresh[1] or ends[1] == fresh[0])


def _ends(points: bytes) -> tuple[bytes, bytes]:
    return points[:16], points[-16:]


class _Heirs:
    """Which old border a new one continues: same ends and owners first, then same owners."""

    def __init__(self, gone: Sequence[BorderRow]) -> None:
        self._gone = {border.id: border for border in sorted(gone, key=lambda border: border.id)}
        self._by_trait: dict[Hashable, list[int]] = {}
        for border in self._gone.values():
            for trait in _traits(border.points, border.left, border.right):
                self._by_trait.setdefault(trait, []).append(border.id)

    def of(self, points: bytes, left: int, right: int) -> BorderRow | None:
        """Return and use up the best match, or None."""
        *ends, owners = _traits(points, left, right)
        score: Counter[int] = Counter()
        for end in ends:
            score.update(self._alive(end))
        like = {*self._alive(owners)[:1], *(n for n in score if self._is_between(n, owners))}
        for number in like:
            score[number] += 2
        best = min(score, key=lambda number: (-score[number], number), default=None)
        if best is None or score[best] < 2:
            return None
        return self._gone.pop(best)

    def rest(self) -> list[BorderRow]:
        """Return the old borders that nothing continues."""
        return list(self._gone.values())

    def _alive(self, trait: Hashable) -> list[int]:
        alive = [number for number in self._by_trait.get(trait, ()) if number in self._gone]
        self._by_trait[trait] = alive
        return alive

    def _is_between(self, number: int, owners: Hashable) -> bool:
        border = self._gone[number]
        return frozenset((border.left, border.right)) == owners


def _traits(points: bytes, left: int, right: int) -> tuple[Hashable, Hashable, Hashable]:
    start, end = _ends(points)
    return start, end, frozenset((left, right))


def relabelled(
    partition: Partition,
    owner_of: dict[tuple[int, bool], int],
    ids: BorderIds,  # noqa: ARG001 - every edit brings its ids; this one may not need them
) -> list[BorderChange]:
    """Return the changes that give the left side of halves (id, is_along) other owners.

    Every side of a face must be among them, or none. Borders with one owner on both sides dissolve.
    """
    fresh: dict[int, BorderRow] = {}
    gone: list[BorderRow] = []
    for number in sorted({number for number, _ in owner_of}):
        border = partition.border(number)
        left = owner_of.get((number, True), border.left)
        right = owner_of.get((number, False), border.right)
        if left == right:
            gone.append(border)
        elif (left, right) != (border.left, border.right):
            fresh[number] = BorderRow(number, border.points, left, right)
    if not gone:
        return [(partition.border(number), row) for number, row in fresh.items()]
    joining = _Joining(partition, gone, fresh)
    return joining.changes()


def taken_over(
    partition: Partition, heirs: Mapping[int, int], ids: BorderIds
) -> list[BorderChange]:
    """Return the changes that give all land that each owner holds itself to its heir."""
    owner_of: dict[tuple[int, bool], int] = {}
    for owner in heirs:
        for border in partition.beside(owner):
            owner_of[border.id, True] = heirs.get(border.left, border.left)
            owner_of[border.id, False] = heirs.get(border.right, border.right)
    return relabelled(partition, owner_of, ids)


class _Joining:
    """Borders that grow together where others dissolve; the longest of a chain keeps its id."""

    def __init__(
        self, partition: Partition, gone: Sequence[BorderRow], fresh: dict[int, BorderRow]
    ) -> None:
        self._partition = partition
        self._fresh = fresh
        self._gone = {border.id: border for border in gone}
        self._joints: dict[int, list[Half]] = {}
        for node in {node for border in gone for node in node_keys(border)}:
            left_over = [b for b in partition.at_node(node) if b.id not in self._gone]
            outgoing = outgoing_at(left_over, node)
            if len(outgoing) == 2:
                self._joints[node] = outgoing

    def changes(self) -> list[BorderChange]:
        """Return all border changes."""
        done: dict[int, BorderRow | None] = dict.fromkeys(self._gone)
        done.update(self._fresh)
        seen: set[int] = set()
        for node in sorted(self._joints):
            half = self._joints[node][0]
            if half.border.id not in seen:
                chain = self._chain(half)
                seen.update(part.border.id for part in chain)
                done.update(dict.fromkeys(part.border.id for part in chain))
                joined_row = self._joined(chain)
                done[joined_row.id] = joined_row
        before = {number: self._partition.border(number) for number in done}
        return [
            (before[number], after)
            for number, after in sorted(done.items())
            if not _is_same(before[number], after)
        ]

    def _chain(self, half: Half) -> list[Half]:
        """Return the halves that join into one border, *half* among them."""
        chain = [half]
        while (following := self._following(chain[-1])) is not None:
            if following.border.id == chain[0].border.id:
                return chain
            chain.append(following)
        while (before := self._following(chain[0].twin())) is not None:
            chain.insert(0, before.twin())
        return chain

    def _following(self, half: Half) -> Half | None:
        joint = self._joints.get(half.target())
        if joint is None:
            return None
        twin = half.twin().key
        return joint[1] if joint[0].key == twin else joint[0]

    def _joined(self, chain: list[Half]) -> BorderRow:
        keeper = max(chain, key=lambda half: (len(half.border.points), -half.border.id))
        points = [half.points() for half in chain]
        xy = np.concatenate([points[0], *(more[1:] for more in points[1:])])
        row = self._fresh.get(chain[0].border.id, chain[0].border)
        left, right = (row.left, row.right) if chain[0].is_along else (row.right, row.left)
        if not keeper.is_along:
            xy, left, right = xy[::-1], right, left
        if (xy[0] == xy[-1]).all() and chain[0].origin() in self._joints:
            xy = from_least(xy)
        return BorderRow(keeper.border.id, xy.tobytes(), left, right)


def from_least(ring: Ints) -> Ints:
    """Return a closed ring begun at its least point, where the pseudo node of a ring stands."""
    begin = int(np.lexsort((ring[:-1, 1], ring[:-1, 0]))[0])
    return np.concatenate((ring[begin:-1], ring[: begin + 1]))


def composed(first: Sequence[BorderChange], second: Sequence[BorderChange]) -> list[BorderChange]:
    """Return the one set of changes that does *first* and then *second*."""
    before: dict[int, BorderRow | None] = {}
    after: dict[int, BorderRow | None] = {}
    for old, new in (*first, *second):
        for row in (old, new):
            if row is not None:
                before.setdefault(row.id, old)
                after[row.id] = new
    return [
        (before[number], after[number])
        for number in before
        if not _is_same(before[number], after[number])
    ]


def _is_same(one: BorderRow | None, other: BorderRow | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.points, one.left, one.right) == (other.points, other.left, other.right)
