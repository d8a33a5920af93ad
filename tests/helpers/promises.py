"""What must hold of a project after every edit, and random commands that try to break it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import shapely

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.checks.book import IssueBook
from gridadmin.domain.change import TABLES
from gridadmin.domain.model import Land
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.command import Command
from gridadmin.edit.document import lands_of
from gridadmin.edit.land_commands import Give, InsertLine, MakeExempt
from gridadmin.edit.vertex_commands import AddVertex, DeleteVertex, Move
from gridadmin.partition.audit import audit, partition_sha256
from gridadmin.partition.faces import Face, face_at
from gridadmin.partition.planar import points_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Half, land_parts

Metres = tuple[float, float]


def hash_of(snapshot: Snapshot) -> str:
    return partition_sha256(snapshot.partition, snapshot.owner_name, snapshot.origin_mm)


def check_partition(snapshot: Snapshot) -> dict[int, int]:
    """Check that the land is a partition at every level; return twice the land of each owner."""
    proof = audit(snapshot.partition)
    assert proof.problems == ()
    for oid in proof.twice_area:
        owner = snapshot.owner(oid)
        assert oid == NOBODY or owner is not None, oid
        if owner is not None and owner[0] == "area":
            assert snapshot.area(owner[1]).valid_to is None
    if not snapshot.has_frame:
        assert not any(enclosed_outside(snapshot)), "land cut off from the outside is nobody's"
    for area in snapshot.areas():
        oid = oid_of(area.uid)
        parts = land_parts(snapshot.partition, oid)
        children = sum(snapshot.land_twice_mm2(child.uid) for child in snapshot.children(area.uid))
        own = proof.twice_area.get(oid, 0)
        assert sum(part.twice_area() for part in parts) == own + children
        assert snapshot.partition.has_land(oid) == (area.land == Land.DRAWN), area.name
    return dict(proof.twice_area)


def enclosed_outside(snapshot: Snapshot) -> Iterator[Face]:
    """Yield the bounded faces that count as outside."""
    for border in snapshot.partition.beside(OUTSIDE):
        face = face_at(snapshot.partition, Half(border, border.left == OUTSIDE))
        if face is not None:
            yield face


def check_same(present: Snapshot, fresh: Snapshot) -> None:
    """Check that a snapshot kept up by edits equals one read from the store."""
    assert present.revision == fresh.revision
    for table in TABLES:
        if table != "border":
            assert dict(present.rows(table)) == dict(fresh.rows(table)), table
    old, new = present.partition, fresh.partition
    assert {b.id: (b.points, b.left, b.right) for b in old} == {
        b.id: (b.points, b.left, b.right) for b in new
    }
    assert dict(old.parents) == dict(new.parents)
    assert old.owners() == new.owners()
    everybody = [OUTSIDE, NOBODY, *(oid_of(a.uid) for a in fresh.rows("area").values())]
    for oid in everybody:
        assert [b.id for b in old.outline(oid)] == [b.id for b in new.outline(oid)]
        assert [b.id for b in old.beside(oid)] == [b.id for b in new.beside(oid)]
        assert old.own_twice_area(oid) == new.own_twice_area(oid)
        assert old.land_twice_area(oid) == new.land_twice_area(oid)
        assert present.owner(oid) == fresh.owner(oid)
        assert present.counts.households_of(oid) == fresh.counts.households_of(oid)
        assert present.counts.buildings_of(oid) == fresh.counts.buildings_of(oid)
    for building in fresh.rows("building"):
        assert present.counts.owner_of(building) == fresh.counts.owner_of(building)
    for area in fresh.rows("area").values():
        assert present.children(area.uid) == fresh.children(area.uid)
        for table in ("area", "code_period", "dispute", "reference_outline", "stacked_part"):
            assert present.linked(table, area.uid) == fresh.linked(table, area.uid)
        if area.code is not None:
            assert present.bearing(area.code) == fresh.bearing(area.code)
            count = present.code_register.count(area.code)
            assert count == fresh.code_register.count(area.code)
    assert sorted(present.code_register.below("99")) == sorted(fresh.code_register.below("99"))


def check_book(book: IssueBook, snapshot: Snapshot) -> None:
    """Check that a book kept up by edits equals that of a full check."""
    full = IssueBook.of(snapshot)
    kept, found = set(book.issues()), set(full.issues())
    assert kept - found == set()
    assert found - kept == set()
    assert [issue.id for issue in book.issues()] == [issue.id for issue in full.issues()]
    assert book.dust() == full.dust()


def stored_lands(snapshot: Snapshot) -> dict[int, bytes]:
    """Return the polygons that a store should hold."""
    owners = [oid_of(uid) for table in ("area", "exempt") for uid in snapshot.rows(table)]
    return {oid: blob for oid, blob in lands_of(snapshot, owners).items() if blob is not None}


def check_lands(lands: Mapping[int, bytes], snapshot: Snapshot) -> None:
    """Check that the stored polygons are those of the present state."""
    wanted = stored_lands(snapshot)
    assert lands.keys() == wanted.keys()
    for oid, blob in wanted.items():
        stored = shapely.normalize(shapely.from_wkb(lands[oid]))
        assert shapely.equals_exact(stored, shapely.normalize(shapely.from_wkb(blob))), oid


class RandomCommands:
    """Commands by chance on whatever a snapshot holds."""

    def __init__(self, chance: random.Random, *, far_m: float = 8.0) -> None:
        self._chance = chance
        self._far_m = far_m

    def next(self, snapshot: Snapshot) -> Command:
        """Return one more command, sensible or not."""
        makers: list[tuple[Callable[[Snapshot], Command], int]] = [
            (self._give, 4), (self._line, 6), (self._move, 4), (self._create, 1),
            (self._set, 2), (self._delete, 2), (self._exempt, 1), (self._add_vertex, 3),
            (self._delete_vertex, 3),
        ]  # fmt: skip
        maker = self._chance.choices(
            [maker for maker, _ in makers], [weight for _, weight in makers]
        )[0]
        return maker(snapshot)

    def _area(self, snapshot: Snapshot) -> str:
        return self._chance.choice(sorted(area.uid for area in snapshot.areas()))

    def _vertex(self, snapshot: Snapshot) -> Metres:
        xy = points_of(self._chance.choice(sorted(snapshot.partition, key=lambda b: b.id)))
        x, y = snapshot.place(xy[[self._chance.randrange(len(xy))]])[0].tolist()
        return x, y

    def _near(self, snapshot: Snapshot, far_m: float | None = None) -> Metres:
        (x, y), far = self._vertex(snapshot), far_m or self._far_m
        return (
            round(x + self._chance.uniform(-far, far), 3),
            round(y + self._chance.uniform(-far, far), 3),
        )

    def _give(self, snapshot: Snapshot) -> Command:
        to = None if self._chance.random() < 0.15 else self._area(snapshot)
        return Give(self._near(snapshot), to)

    def _line(self, snapshot: Snapshot) -> Command:
        near, vertex = self._near, self._vertex
        kind = self._chance.randrange(5)
        if kind == 0:
            line = [near(snapshot), near(snapshot)]
        elif kind == 1:
            start = np.array(vertex(snapshot))
            steps = np.array([(0, 0), (3, 0), (3, 3), (0, 3), (0, 0)]) * self._chance.random()
            line = [(float(x), float(y)) for x, y in start + steps]
        elif kind == 2:
            line = [vertex(snapshot), near(snapshot), vertex(snapshot)]
        elif kind == 3:
            x, y = vertex(snapshot)
            line = [(x + dx, y + dy) for dx, dy in ((-60, 1), (-20, -2), (30, 3), (80, 0.5))]
        else:
            x, y = vertex(snapshot)
            line = [(x + 0.5, y - 60), (x + 1, y), (x, y + 60)]
        left, right = self._chance.choice(
            [("new", "keep"), ("keep", "new"), (self._area(snapshot), "keep"), ("new", "new")]
        )
        return InsertLine(line, left, right)

    def _move(self, snapshot: Snapshot) -> Command:
        x, y = self._vertex(snapshot)
        far = self._chance.choice([0.002, 0.5, 4.0])
        return Move(
            (x, y), (x + self._chance.uniform(-far, far), y + self._chance.uniform(-far, far))
        )

    def _add_vertex(self, snapshot: Snapshot) -> Command:
        border = self._chance.choice(sorted(snapshot.partition, key=lambda b: b.id))
        xy = points_of(border)
        at = self._chance.randrange(len(xy) - 1)
        x, y = snapshot.place(xy[at : at + 2]).mean(axis=0).tolist()
        far = self._chance.choice([0.0, 0.001, 0.5, 4.0])
        to = x + self._chance.uniform(-far, far), y + self._chance.uniform(-far, far)
        return AddVertex((x, y), to, self._chance.choice([None, border.id]))

    def _delete_vertex(self, snapshot: Snapshot) -> Command:
        return DeleteVertex(self._vertex(snapshot))

    def _create(self, snapshot: Snapshot) -> Command:
        parent = snapshot.area(self._area(snapshot))
        level = self._chance.choice(["community", "grid", "micro_grid", "cell"])
        level = {"district": "community", "community": "grid"}.get(parent.level, level)
        code = self._chance.choice([None, str(self._chance.randrange(10**6))])
        return Create(level, parent.uid, "新建", code)

    def _set(self, snapshot: Snapshot) -> Command:
        fields: list[tuple[str, list[Any]]] = [
            ("name", ["甲", "乙"]),
            ("code", ["990101001001009", "7", None]),
            ("kind", ["general", "exclusive"]),
            ("class", ["rural", None]),
            ("households", [5, 350, None]),
            ("divided", [True, False]),
        ]
        field, values = self._chance.choice(fields)
        return SetField(self._area(snapshot), field, self._chance.choice(values))

    def _delete(self, snapshot: Snapshot) -> Command:
        leaves = sorted(area.uid for area in snapshot.areas() if not snapshot.child_uids(area.uid))
        return Delete(self._chance.choice(leaves))

    def _exempt(self, snapshot: Snapshot) -> Command:
        return MakeExempt(self._near(snapshot), "水面", "虚构审批人")
