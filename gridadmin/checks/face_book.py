"""The single faces that are listed: gaps and disputed land, found anew only where a change came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from immutables import Map

from gridadmin.base.ids import OUTSIDE
from gridadmin.checks.coverage import Listing, check_face, listing_of
from gridadmin.checks.finding import FaceKey, Findings
from gridadmin.domain.change import Change
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import BorderRow
from gridadmin.partition.faces import Face, face_at, faces_of
from gridadmin.partition.planar import Partition
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Half

_Halves = frozenset[FaceKey]


class _Maps(NamedTuple):
    """Owners' listings and faces; the halves of each face, the face of each half; what is found."""

    listings: Map[int, Listing] = Map()
    of_owner: Map[int, _Halves] = Map()
    halves: Map[FaceKey, _Halves] = Map()
    face_of: Map[FaceKey, FaceKey] = Map()
    found: Map[FaceKey, Findings] = Map()


class FaceBook:
    """What is found of each listed face of one snapshot; immutable."""

    __slots__ = ("_maps", "come", "gone")

    def __init__(
        self, maps: _Maps, gone: tuple[Issue, ...] = (), come: tuple[Issue, ...] = ()
    ) -> None:
        self._maps = maps
        self.gone = gone
        self.come = come

    @classmethod
    def of(cls, snapshot: Snapshot) -> FaceBook:
        """Return the book of all listed faces."""
        edit = _Edit(_Maps(), snapshot)
        for oid in snapshot.partition.owners():
            edit.list_all(oid)
        return FaceBook(edit.finished())

    def after(self, snapshot: Snapshot, change: Change, owners: Iterable[int]) -> FaceBook:
        """Return the book after *change*; *owners* are those whose listing it may have changed."""
        edit = _Edit(self._maps, snapshot)
        afresh, open_halves = [], {}
        # Everything stale goes first: a side of a border may pass from one listed owner to another.
        for oid in owners:
            if listing_of(snapshot, oid) == self._maps.listings.get(oid):
                open_halves[oid] = edit.open_touched(oid, change)
            else:
                edit.drop_all(oid)
                afresh.append(oid)
        for oid in afresh:
            edit.list_all(oid)
        for oid, halves in open_halves.items():
            edit.find_again(oid, halves)
        return FaceBook(edit.finished(), tuple(edit.gone), tuple(edit.come))

    def findings(self) -> Mapping[FaceKey, Findings]:
        """Return what is found, by face."""
        return self._maps.found


class _Edit:
    """A face book in the making."""

    def __init__(self, maps: _Maps, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._listings = maps.listings.mutate()
        self._of_owner = maps.of_owner.mutate()
        self._halves = maps.halves.mutate()
        self._face_of = maps.face_of.mutate()
        self._found = maps.found.mutate()
        self.gone: list[Issue] = []
        self.come: list[Issue] = []

    def finished(self) -> _Maps:
        """Return the maps of the book."""
        return _Maps(
            self._listings.finish(),
            self._of_owner.finish(),
            self._halves.finish(),
            self._face_of.finish(),
            self._found.finish(),
        )

    def drop_all(self, oid: int) -> None:
        """Take out all faces of an owner."""
        for key in self._of_owner.get(oid, frozenset()):
            self._drop(oid, key)

    def list_all(self, oid: int) -> None:
        """Find all faces of an owner, or none when they aren't listed."""
        listing = None if oid == OUTSIDE else listing_of(self._snapshot, oid)
        if listing is None:
            self._listings.pop(oid, None)
            return
        self._listings[oid] = listing
        for face in faces_of(self._snapshot.partition, oid):
            self._add(oid, listing, face)

    def open_touched(self, oid: int, change: Change) -> set[FaceKey]:
        """Take out the faces of an owner that a change touches; return the halves left open."""
        if oid not in self._listings:
            return set()
        open_halves: set[FaceKey] = set()
        for row in change.of("border"):
            for key in _sides(row.before, oid):
                face = self._face_of.get(key)
                if face is not None:
                    open_halves |= self._drop(oid, face)
            open_halves.update(_sides(row.after, oid))
        return open_halves

    def find_again(self, oid: int, open_halves: set[FaceKey]) -> None:
        """Find the faces of a listed owner that the halves bound, if they still are there."""
        partition = self._snapshot.partition
        while open_halves:
            number, is_along = open_halves.pop()
            if not _holds(partition, oid, number, is_along=is_along):
                continue
            found = face_at(partition, Half(partition.border(number), is_along))
            if found is None:
                # Only the outside has no bounds, and it isn't listed.
                continue
            keys = {half.key for half in found.halves()}
            open_halves -= keys
            for key in keys:
                stale = self._face_of.get(key)
                if stale is not None:
                    open_halves |= self._drop(oid, stale) - keys
            self._add(oid, self._listings[oid], found)

    def _add(self, oid: int, listing: Listing, face: Face) -> None:
        halves = frozenset(half.key for half in face.halves())
        key = min(halves)
        self._of_owner[oid] = self._of_owner.get(oid, frozenset()) | {key}
        self._halves[key] = halves
        for half in halves:
            self._face_of[half] = key
        self._found[key] = check_face(self._snapshot, listing, face)
        self.come += self._found[key].issues

    def _drop(self, oid: int, key: FaceKey) -> _Halves:
        """Take a face out and return its halves."""
        halves = self._halves.pop(key)
        for half in halves:
            del self._face_of[half]
        self.gone += self._found.pop(key).issues
        left = self._of_owner[oid] - {key}
        if left:
            self._of_owner[oid] = left
        else:
            del self._of_owner[oid]
        return halves


def _sides(border: BorderRow | None, oid: int) -> list[FaceKey]:
    """Return the halves of a border that have the owner on their left."""
    if border is None:
        return []
    sides = ((border.left, True), (border.right, False))
    return [(border.id, is_along) for owner, is_along in sides if owner == oid]


def _holds(partition: Partition, oid: int, number: int, *, is_along: bool) -> bool:
    if not partition.has(number):
        return False
    border = partition.border(number)
    return (border.left if is_along else border.right) == oid
