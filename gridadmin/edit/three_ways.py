"""Land that two sides changed since one state: whose each face is now, and what both changed.

The base and what came back are laid over the present borders. A face that one side alone gave to
somebody else goes there. Where both sides moved the border between the same areas, or one ended or
made an area whose land the other changed, somebody has to choose, for all of that together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.partition.faces import faces_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.overlay import Overlay, border_changes, overlay, settle_dust
from gridadmin.partition.rewire import BorderChange, BorderIds
from gridadmin.partition.runs import OUTER
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import to_polygon

OURS, THEIRS = "ours", "theirs"
_BEND_M2 = 1.0
"""A new node bends a stretch of the frame by less land than this."""
_NO_CLAIM = -2

Choices = Mapping[str, str]
Node = tuple[str, str] | frozenset[int]


@dataclass(frozen=True)
class LandClash:
    """Borders that both sides moved: the areas between which, and the land that each side moved."""

    key: str
    areas: tuple[str, ...]
    ours_m2: float
    theirs_m2: float


@dataclass(frozen=True)
class MergedLand:
    """The changes of borders; what both sides changed; areas whose theirs is left out or taken.

    ``refused`` are areas that the other side made or ended where ours was chosen, ``given_up``
    areas that we made or ended where theirs was.
    """

    changes: tuple[BorderChange, ...]
    clashes: tuple[LandClash, ...]
    refused: frozenset[str]
    given_up: frozenset[str]


def merged_land(
    ours: Snapshot,
    base: Snapshot,
    theirs: Snapshot,
    choices: Choices,
    ids: BorderIds,
    progress: Progress = SILENT,
) -> MergedLand:
    """Return what becomes of the present land when *theirs*, which began as *base*, comes in.

    *choices* say ``ours`` or ``theirs`` by the key of a clash; without a word ours stands.
    Raises: Cancelled.
    """
    return _Merging(ours, base, theirs, progress).merged(choices, ids)


@dataclass
class _Group:
    """Changes of borders that hang together."""

    pairs: set[frozenset[int]] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    ours_m2: float = 0.0
    theirs_m2: float = 0.0

    @property
    def key(self) -> str:
        """A name that is the same for the same areas."""
        oids = sorted({oid for pair in self.pairs for oid in pair})
        return "border:" + hashlib.sha256(repr(oids).encode()).hexdigest()[:12]

    @property
    def is_clash(self) -> bool:
        """Whether both sides changed something."""
        return self.ours_m2 > 0 and self.theirs_m2 > 0


class _Merging:
    """The three states in one arrangement, face by face."""

    def __init__(
        self, ours: Snapshot, base: Snapshot, theirs: Snapshot, progress: Progress
    ) -> None:
        self._ours, self._base, self._theirs = ours, base, theirs
        self._overlaid, self._b, self._t = _laid_over(ours, base, theirs, progress)
        self._o = self._overlaid.arrangement.old_owner
        self._m2 = self._overlaid.areas_m2()
        is_same = (self._b == self._o) & (self._b == self._t)
        is_beyond = (self._b == _NO_CLAIM) & (self._t == _NO_CLAIM)
        faces = np.nonzero(~is_same & ~is_beyond)[0]
        columns = (faces, self._b[faces], self._o[faces], self._t[faces])
        self._changed: list[tuple[int, int, int, int]] = [
            row for row in zip(*(one.tolist() for one in columns), strict=True) if row[0] != OUTER
        ]
        self._structural = self._changed_areas()
        self._leads: dict[Node, Node] = {}
        self._groups = self._grouped()

    def merged(self, choices: Choices, ids: BorderIds) -> MergedLand:
        """Return the outcome with these choices."""
        owner = self._o.copy()
        clashes = {id(group): group for group in self._groups.values() if group.is_clash}
        bends = np.zeros(len(owner), dtype=bool)
        for face, b, o, t in self._changed:
            if t == _NO_CLAIM:
                bends[face] = o == b
            elif b == _NO_CLAIM:
                owner[face] = t
            elif o != t:
                group = self._group_of(b, o if t == b else t)
                # Ours stands where it alone changed the face, unless theirs is chosen for it.
                takes = id(group) not in clashes if t != b else False
                if takes or (id(group) in clashes and _is_theirs(group, choices)):
                    owner[face] = t
        owner = self._unbent(owner, bends)
        found = sorted(clashes.values(), key=lambda group: group.key)
        refused: set[str] = set()
        given_up: set[str] = set()
        for group in found:
            (given_up if _is_theirs(group, choices) else refused).update(group.areas)
        self._hand_on(owner, refused, given_up)
        changes = border_changes(
            self._ours.partition, self._overlaid, owner, ids, has_frame=self._ours.has_frame
        )
        return MergedLand(
            tuple(changes),
            tuple(self._clash(group) for group in found),
            frozenset(refused),
            frozenset(given_up),
        )

    def _hand_on(self, owner: Ints, refused: set[str], given_up: set[str]) -> None:
        """Let what an area gained beyond the package follow its land when that goes to others.

        The other side ended the area, or we made it and theirs was chosen. What a bend of the
        frame gave to an area that is refused stays as it is here.
        """
        base, ours, theirs = map(_living, (self._base, self._ours, self._theirs))
        for uid in sorted(refused & theirs - ours):
            stays = owner == oid_of(uid)
            owner[stays] = self._o[stays]
        for uid in sorted((base & ours - theirs - refused) | (given_up & ours - theirs)):
            oid = oid_of(uid)
            left = owner == oid
            heirs: dict[int, float] = {}
            held = (self._b == oid) | (self._o == oid)
            for face in np.nonzero(held & (self._t != _NO_CLAIM))[0].tolist():
                heir = int(self._t[face])
                heirs[heir] = heirs.get(heir, 0.0) + float(self._m2[face])
            heirs.pop(oid, None)
            if left.any() and heirs:
                owner[left] = max(sorted(heirs), key=lambda heir: heirs[heir])

    def _clash(self, group: _Group) -> LandClash:
        oids = {oid for pair in group.pairs for oid in pair}
        names = set(group.areas)
        for oid in oids:
            for state in (self._ours, self._theirs, self._base):
                held = state.owner(oid)
                if held is not None and held[0] == "area":
                    names.add(held[1])
        return LandClash(
            group.key, tuple(sorted(names)), round(group.ours_m2, 2), round(group.theirs_m2, 2)
        )

    def _unbent(self, owner: Ints, bends: np.ndarray) -> Ints:
        """Give the slivers that a bend of the frame leaves to the neighbour beyond it."""
        if not bends.any():
            return owner
        inside = {int(one) for one in np.unique(self._b)} | {int(one) for one in np.unique(self._t)}
        settled, _ = settle_dust(
            self._overlaid, owner, bends, _BEND_M2, lambda _, who: who not in inside
        )
        return settled

    # What hangs together

    def _changed_areas(self) -> dict[int, str]:
        """Return the areas that either side made or ended, by kernel number."""
        base = _living(self._base)
        theirs, ours = _living(self._theirs), _living(self._ours)
        inside = {int(one) for one in np.unique(self._o[self._b != _NO_CLAIM])}
        made = {uid for uid in ours - base if oid_of(uid) in inside and self._is_below(uid)}
        found = (base ^ theirs) | (base - ours) | made
        return {oid_of(uid): uid for uid in found}

    def _is_below(self, uid: str) -> bool:
        root = self._base.root.uid
        return uid == root or any(one.uid == root for one in self._ours.ancestors(uid))

    def _grouped(self) -> dict[Node, _Group]:
        moves = [(face, b, o, t) for face, b, o, t in self._changed if self._is_move(b, o, t)]
        for _, b, o, t in moves:
            self._join_move(b, o, t)
        groups: dict[Node, _Group] = {}
        for node in list(self._leads):
            group = groups.setdefault(self._lead(node), _Group())
            if isinstance(node, frozenset):
                group.pairs.add(node)
            else:
                group.areas.add(node[1])
        for face, b, o, t in moves:
            m2 = float(self._m2[face])
            if o != b:
                groups[self._lead(frozenset((b, o)))].ours_m2 += m2
            if t != b:
                groups[self._lead(frozenset((b, t)))].theirs_m2 += m2
        return groups

    @staticmethod
    def _is_move(b: int, o: int, t: int) -> bool:
        """Return whether a face within the area is somebody else's on one side alone."""
        return _NO_CLAIM not in (b, t) and o != t

    def _join_move(self, b: int, o: int, t: int) -> None:
        if b not in (o, t):
            self._join(frozenset((b, o)), frozenset((b, t)))
        for other in (o, t):
            pair = frozenset((b, other))
            if other == b:
                continue
            self._join(pair, pair)
            for oid in pair:
                if oid in self._structural:
                    self._join(pair, ("area", self._structural[oid]))

    def _group_of(self, one: int, other: int) -> _Group:
        return self._groups[self._lead(frozenset((one, other)))]

    def _join(self, one: Node, other: Node) -> None:
        self._leads.setdefault(one, one)
        self._leads.setdefault(other, other)
        first, second = self._lead(one), self._lead(other)
        if first != second:
            self._leads[second] = first

    def _lead(self, node: Node) -> Node:
        while self._leads[node] != node:
            node = self._leads[node]
        return node


def _is_theirs(group: _Group, choices: Choices) -> bool:
    return choices.get(group.key) == THEIRS


def _living(snapshot: Snapshot) -> set[str]:
    return {area.uid for area in snapshot.areas()}


def _laid_over(
    ours: Snapshot, base: Snapshot, theirs: Snapshot, progress: Progress
) -> tuple[Overlay, Ints, Ints]:
    """Return all three in one arrangement, with the owner of each face in the last two."""
    polygons: list[object] = []
    owners: list[int] = []
    ranks: list[int] = []
    for rank, state in enumerate((base, theirs)):
        for owner in sorted(state.partition.owners() - {OUTSIDE}):
            for face in faces_of(state.partition, owner):
                polygons.append(to_polygon(face.parts(), state.place))
                owners.append(owner)
                ranks.append(rank)
    shapes = np.empty(len(polygons), dtype=object)
    shapes[:] = polygons
    overlaid = overlay(
        ours.partition, shapes, ranks, origin_mm=ours.origin_mm, snap_m=0.0, progress=progress
    )
    claims = overlaid.arrangement.claims
    b, t = (_owners(claims, owners, ranks, rank) for rank in (0, 1))
    return overlaid, b, t


def _owners(
    claims: Iterable[frozenset[int]], owners: Sequence[int], ranks: Sequence[int], rank: int
) -> Ints:
    found = [
        next((owners[claim] for claim in sorted(held) if ranks[claim] == rank), _NO_CLAIM)
        for held in claims
    ]
    return np.array(found, dtype=np.int64)


__all__ = ["OURS", "THEIRS", "Choices", "LandClash", "MergedLand", "merged_land"]
