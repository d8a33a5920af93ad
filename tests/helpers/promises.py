"""What must hold of a project after every edit, and random commands that try to break it."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np
import shapely

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.checks.book import IssueBook
from gridadmin.domain.change import TABLES
from gridadmin.domain.model import Area, Land, PlanState
from gridadmin.edit.align_commands import Align
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.bookmark_commands import DropBookmark, KeepBookmark, RenameBookmark
from gridadmin.edit.bounds_commands import WriteBounds
from gridadmin.edit.campus_commands import JoinCampus, LeaveCampus
from gridadmin.edit.check_commands import ChangeChecks
from gridadmin.edit.code_list_commands import TakeCodeList, UnitChange
from gridadmin.edit.command import Command
from gridadmin.edit.dissolve_commands import Dissolve, area_around
from gridadmin.edit.document import lands_of
from gridadmin.edit.draw_commands import Draw
from gridadmin.edit.exempt_commands import EndExempt, SetExempt
from gridadmin.edit.field_commands import SetEach, SetFields
from gridadmin.edit.land_commands import Give, InsertLine, MakeExempt
from gridadmin.edit.lock_commands import Lock, LockTarget, Unlock
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.outline_commands import BLOCK, DrawOutline, GiveOutline, OutlineOf
from gridadmin.edit.paint_commands import Paint
from gridadmin.edit.papers import Papers, SetPapers
from gridadmin.edit.plan_commands import (
    AbandonPlan,
    Allowed,
    ApprovePlan,
    CheckPlan,
    OpenPlan,
    PutInForce,
    ReturnToDraft,
    SetPlan,
    blocking,
    open_plan,
)
from gridadmin.edit.plan_locks import locking_plan
from gridadmin.edit.redraw_commands import Redraw
from gridadmin.edit.release_commands import MakeRelease, readiness
from gridadmin.edit.renumber_commands import Renumber
from gridadmin.edit.reparent_commands import Reparent
from gridadmin.edit.restack_command import Restack
from gridadmin.edit.rollback_command import RollBack
from gridadmin.edit.simplify_commands import Simplify
from gridadmin.edit.split_commands import Split, SplitByLines, SplitEqually
from gridadmin.edit.stack_commands import Stack, Unstack, shares_of
from gridadmin.edit.stretch_commands import MoveStretch, Offset, Straighten
from gridadmin.edit.stretches import Between, Where, Whole
from gridadmin.edit.vertex_commands import AddVertex, DeleteVertex, Move
from gridadmin.partition.audit import audit, partition_sha256
from gridadmin.partition.base import chain_of
from gridadmin.partition.campus import is_part
from gridadmin.partition.faces import Face, face_at
from gridadmin.partition.planar import points_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Half, half_left_of, land_parts
from gridadmin.repair.batch import BATCHES, RepairBatch
from gridadmin.repair.takers import case_of
from gridadmin.repair.ways import ways_at
from tests.helpers.random_people import RandomPeople

Metres = tuple[float, float]
_MANY_AREAS = 1000
_OFTEN = 8
LINKED = (
    "area", "assignment", "border_lock", "code_period", "dispute", "grouping_member", "lineage",
    "pairing", "party_node", "post_seat", "reference_outline", "stacked_part", "team",
)  # fmt: skip
"""Tables whose rows point at areas."""
LINKED_TO = {
    "person": ("assignment", "team_member"),
    "organization": ("pairing",),
    "grouping": ("assignment", "grouping_member", "pairing", "post_seat"),
    "point_object": ("assignment", "pairing", "post_seat"),
    "team": ("team_member",),
    "party_node": ("party_node",),
}
"""The same of rows about people."""


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
        for table in LINKED:
            assert present.linked(table, area.uid) == fresh.linked(table, area.uid)
        if area.code is not None:
            assert present.bearing(area.code) == fresh.bearing(area.code)
            count = present.code_register.count(area.code)
            assert count == fresh.code_register.count(area.code)
    assert present.exclusive_areas() == fresh.exclusive_areas()
    assert sorted(present.code_register.below("99")) == sorted(fresh.code_register.below("99"))
    _check_links(present, fresh)


def _check_links(present: Snapshot, fresh: Snapshot) -> None:
    for table, pointing in LINKED_TO.items():
        for uid in fresh.rows(table):
            for one in pointing:
                assert present.linked(one, uid) == fresh.linked(one, uid), (one, table)


def check_book(book: IssueBook, snapshot: Snapshot) -> None:
    """Check that a book kept up by edits equals that of a full check."""
    full = IssueBook.of(snapshot)
    kept, found = set(book.issues()), set(full.issues())
    assert kept - found == set()
    assert found - kept == set(), list(found - kept)
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
    """Commands by chance on whatever a snapshot holds; those named in *often* come more often."""

    def __init__(
        self, chance: random.Random, *, far_m: float = 8.0, often: Collection[str] = ()
    ) -> None:
        self._chance = chance
        self._often = often
        self._far_m = far_m
        self._people = RandomPeople(chance)

    def next(self, snapshot: Snapshot) -> Command:
        """Return one more command, sensible or not."""
        makers: list[tuple[Callable[[Snapshot], Command], int]] = [
            (self._give, 4), (self._line, 6), (self._move, 4), (self._create, 1),
            (self._set, 2), (self._delete, 2), (self._exempt, 1), (self._set_exempt, 1),
            (self._stack, 2), (self._add_vertex, 3),
            (self._delete_vertex, 3), (self._merge, 3), (self._split, 4),
            (self._redraw, 4), (self._draw, 4), (self._outline, 3), (self._paint, 3),
            (self._dissolve, 2), (self._reparent, 3), (self._lock, 1), (self._unlock, 2),
            (self._simplify, 1),
            (self._check, 1),
            (self._set_fields, 1), (self._set_each, 1), (self._renumber, 2), (self._papers, 1),
            (self._plan, 3 if locking_plan(snapshot) is None else 40),
            (self._move_stretch, 4), (self._offset, 4), (self._straighten, 2), (self._align, 2),
            (self._four_bounds, 1), (self._code_list, 1), (self._release, 5),
            (self._repair, 4), (self._campus, 2), (self._people.next, 12),
        ]  # fmt: skip
        maker = self._chance.choices(
            [maker for maker, _ in makers],
            [weight * (_OFTEN if one.__name__ in self._often else 1) for one, weight in makers],
        )[0]
        return maker(snapshot)

    def _check(self, snapshot: Snapshot) -> Command:
        if self._chance.random() < 0.3:
            return self._bookmark()
        kind = self._chance.choice(["hole", "sliver", "household_band", "gap"])
        said = self._chance.choice([{"on": False}, {"severity": "warning"}, None])
        return ChangeChecks({kind: said})

    def _bookmark(self) -> Command:
        name = self._chance.choice(["北门", "南门"])
        keep = KeepBookmark(name, (0.0, 0.0, self._chance.choice([1.0, 2.0]), 1.0))
        rename = RenameBookmark(name, self._chance.choice(["北门", "东门"]))
        choices: list[Command] = [keep, keep, rename, DropBookmark(name)]
        return self._chance.choice(choices)

    def _release(self, snapshot: Snapshot) -> Command:
        numbers = sorted(one.number for one in snapshot.rows("release").values())
        if numbers and self._chance.random() < 0.7:
            return RollBack(self._chance.choice(numbers))
        allowed = [
            Allowed(issue.id, "虚构理由", "虚构审批人")
            for issue in readiness(snapshot, "2026-01-05").blocking
        ]
        return MakeRelease(None, allowed)

    def _area(self, snapshot: Snapshot) -> str:
        return self._chance.choice(sorted(area.uid for area in snapshot.areas()))

    def _beside(self, snapshot: Snapshot) -> list[str]:
        """Return an area by chance and a few that its land meets, at its own level or others."""
        area = self._area(snapshot)
        partition = snapshot.partition
        near = {o for b in partition.outline(oid_of(area)) for o in (b.left, b.right)}
        chains = {o for owner in near for o in chain_of(owner, partition.parents)}
        met = [snapshot.owning_area(oid) for oid in sorted(chains)]
        level = snapshot.area(area).level
        parent = snapshot.area(area).parent if self._chance.random() < 0.8 else None
        others = [
            a.uid
            for a in met
            if a is not None and a.level == level and parent in (None, a.parent) and a.uid != area
        ]
        picked = self._chance.sample(others, min(len(others), self._chance.randint(1, 3)))
        return [area, *picked]

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

    def _repair(self, snapshot: Snapshot) -> Command:
        """Return a way to settle a gap or disputed land, or a batch."""
        loose = [
            half
            for border in sorted(snapshot.partition, key=lambda border: border.id)
            for half in (Half(border, True), Half(border, False))
            if case_of(snapshot, half.owner) is not None
        ]
        if not loose or self._chance.random() < 0.2:
            return RepairBatch(self._chance.choice(BATCHES))
        face = face_at(snapshot.partition, self._chance.choice(loose))
        ways = [] if face is None else self._ways_of(snapshot, face)
        return self._chance.choice(ways) if ways else RepairBatch("dust")

    def _ways_of(self, snapshot: Snapshot, face: Face) -> list[Command]:
        x, y = face.inner_point()
        place = x / 1000 + snapshot.origin_mm[0] / 1000, y / 1000 + snapshot.origin_mm[1] / 1000
        return [way.command for way in ways_at(snapshot, place) if way.command is not None]

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

    def _merge(self, snapshot: Snapshot) -> Command:
        return Merge(self._beside(snapshot), name=self._chance.choice([None, "合并"]))

    def _dissolve(self, snapshot: Snapshot) -> Command:
        islands = [
            area.uid
            for area in snapshot.areas()
            if area.land == Land.DRAWN and area_around(snapshot, area) is not None
        ]
        return Dissolve(self._chance.choice(sorted(islands) or [self._area(snapshot)]))

    def _split(self, snapshot: Snapshot) -> Command:
        area = self._area(snapshot)
        cuts = self._chance.random() < 0.7
        if self._chance.random() < 0.3:
            by = self._chance.choice(["households", "land"])
            direction = self._chance.choice(["auto", "ns", "ew"])
            children = self._chance.choice(["keep", "cut", "cut", "whole"])
            return SplitEqually(area, self._chance.choice([2, 2, 3]), by, direction, children)
        if self._chance.random() < 0.2:
            children = self._chance.choice(["keep", "cut", "cut", "whole"])
            least_m2 = self._chance.choice([0.0, 20.0, 1000.0])
            return SplitByLines(area, "all", least_m2, self._chance.random() < 0.5, children)
        keep = self._chance.choice(["left", "right", "larger"])
        return Split([area], self._across(snapshot, area), keep, "cut" if cuts else "keep")

    def _across(self, snapshot: Snapshot, area: str) -> list[Metres]:
        """Return a line over an area, from somewhere near a vertex of its outline to another."""
        borders = snapshot.partition.outline(oid_of(area)) or list(snapshot.partition)
        line: list[Metres] = []
        for _ in range(self._chance.choice([2, 2, 3])):
            xy = points_of(self._chance.choice(borders))
            x, y = snapshot.place(xy[[self._chance.randrange(len(xy))]])[0].tolist()
            far = self._chance.choice([0.0, 0.003, self._far_m])
            reach = self._chance.uniform(-far, far), self._chance.uniform(-far, far)
            line.append((x + reach[0], y + reach[1]))
        return line

    def _draw(self, snapshot: Snapshot) -> Command:
        (x, y), far = self._near(snapshot), self._chance.choice([0.003, 2.0, 12.0, 25.0])
        corners = [(x, y), (x + far, y), (x + far, y + far * 0.7), (x, y + far)]
        if self._chance.random() < 0.3:
            corners = [(round(a, -1), round(b, -1)) for a, b in corners]
        if self._chance.random() < 0.5:
            corners.reverse()
        parent = snapshot.area(self._area(snapshot))
        holder = snapshot.owning_area(self._owner_near(snapshot, (x, y)))
        if holder is not None and self._chance.random() < 0.8:
            parent = self._chance.choice([holder, *snapshot.ancestors(holder.uid)])
        level = {"district": "community", "community": "grid"}.get(parent.level, "micro_grid")
        children = sorted(child.uid for child in snapshot.children(parent.uid))
        some = self._chance.sample(children, min(len(children), 2))
        take = self._chance.choice(["free", "all", "all", some])
        kind = self._chance.choice(["general", "exclusive"])
        return Draw(corners, level, parent.uid, take=take, kind=kind)

    def _outline(self, snapshot: Snapshot) -> Command:
        """Return a command that takes the outline of a compound, a building or a block."""
        tables = [table for table in ("compound", "building") if snapshot.rows(table)]
        table = self._chance.choice([*tables, BLOCK])
        place = self._near(snapshot)
        if table == BLOCK:
            outline = OutlineOf(BLOCK, point=place)
        else:
            uid = self._chance.choice(sorted(snapshot.rows(table)))
            outline = OutlineOf(table, uid)
            place = self._place_of(snapshot, table, uid) or place
        holder = snapshot.owning_area(self._owner_near(snapshot, place))
        chain = [] if holder is None else [holder, *snapshot.ancestors(holder.uid)]
        if self._chance.random() < 0.5 or not chain:
            to = self._area(snapshot)
            beside = [] if not chain else self._siblings(snapshot, self._chance.choice(chain))
            return GiveOutline(outline, self._chance.choice(beside or [to]), self._take())
        parent = self._chance.choice(chain)
        level = {"district": "community", "community": "grid"}.get(parent.level, "micro_grid")
        return DrawOutline(outline, level, parent.uid, take=self._take())

    def _take(self) -> str:
        return self._chance.choice(["free", "all", "all"])

    def _siblings(self, snapshot: Snapshot, area: Area) -> list[str]:
        around = [] if area.parent is None else snapshot.children(area.parent)
        return sorted(one.uid for one in around if one.uid != area.uid)

    def _place_of(self, snapshot: Snapshot, table: str, uid: str) -> Metres | None:
        """Return a place inside an object in plane metres, None where it has no outline."""
        blob = getattr(snapshot.rows(table)[uid], "outline" if table == "compound" else "footprint")
        if blob is None:
            return None
        point = shapely.from_wkb(blob).representative_point()
        return point.x, point.y

    def _owner_near(self, snapshot: Snapshot, place: Metres) -> int:
        at = snapshot.to_kernel(np.array([place]))[0]
        half = half_left_of(snapshot.partition, int(at[0]), int(at[1]))
        return OUTSIDE if half is None else half.owner

    def _paint(self, snapshot: Snapshot) -> Command:
        points = [self._near(snapshot) for _ in range(self._chance.randint(0, 4))]
        areas = [self._area(snapshot)] if self._chance.random() < 0.4 else []
        source = self._chance.choice(["free", "any", [self._area(snapshot)]])
        every = sorted(snapshot.rows("building"))
        buildings = self._chance.sample(every, min(len(every), self._chance.choice([0, 0, 1, 4])))
        blocks = [self._near(snapshot) for _ in range(self._chance.choice([0, 0, 0, 2]))]
        return Paint(self._area(snapshot), areas, points, source, buildings, blocks)

    def _reparent(self, snapshot: Snapshot) -> Command:
        area = snapshot.area(self._area(snapshot))
        rank = snapshot.level_rank
        above = sorted(a.uid for a in snapshot.areas() if rank(a.level) < rank(area.level))
        return Reparent(area.uid, self._chance.choice(above or [area.uid]))

    def _campus(self, snapshot: Snapshot) -> Command:
        """Return what joins two parts of a campus, or takes one away."""
        parts = sorted(area.uid for area in snapshot.exclusive_areas() if is_part(area))
        if len(parts) < 2 or self._chance.random() < 0.2:
            values = {"kind": "exclusive", "exclusive_type": "school"}
            return SetFields([self._area(snapshot), self._area(snapshot)], values)
        if self._chance.random() < 0.3:
            return LeaveCampus(self._chance.choice(parts))
        one, other = self._chance.sample(parts, 2)
        return JoinCampus(one, other)

    def _lock(self, snapshot: Snapshot) -> Command:
        if self._chance.random() < 0.3:
            return Lock(LockTarget(area=self._area(snapshot)), "已公告")
        xy = points_of(self._chance.choice(sorted(snapshot.partition, key=lambda b: b.id)))
        x, y = snapshot.place(xy[:2]).mean(axis=0).tolist()
        return Lock(LockTarget(border=(x, y)), "已公告")

    def _unlock(self, snapshot: Snapshot) -> Command:
        locks = sorted(snapshot.rows("border_lock").values(), key=lambda lock: lock.uid)
        if not locks:
            return self._lock(snapshot)
        lock = self._chance.choice(locks)
        if lock.scope == "area":
            return Unlock(LockTarget(area=lock.target), "重新协商")
        x, y = snapshot.place(points_of(snapshot.partition.border(int(lock.target)))[:2]).mean(
            axis=0
        )
        return Unlock(LockTarget(border=(float(x), float(y))), "重新协商")

    def _plan(self, snapshot: Snapshot) -> Command:
        """Return what takes a plan further, back, or to nowhere."""
        kinds = sorted({issue.kind for issue in blocking(IssueBook.of(snapshot).issues())})
        allowed = [Allowed(kind, "虚构理由", "虚构审批人") for kind in kinds]
        further: list[Command] = [
            OpenPlan("虚构方案"),
            CheckPlan(allowed),
            ApprovePlan("虚构〔2026〕1号"),
            PutInForce("2026-03-01"),
        ]
        others: list[Command] = [
            ReturnToDraft("虚构理由"), AbandonPlan("虚构理由"),
            SetPlan("虚构方案二"), SetPlan(document="虚构〔2026〕2号"),
        ]  # fmt: skip
        if self._chance.random() < 0.3:
            return self._chance.choice([*further, *others])
        plan = open_plan(snapshot)
        states = ("", PlanState.DRAFT, PlanState.CHECKED, PlanState.APPROVED)
        step = states.index(PlanState(plan.state) if plan is not None else "")
        return further[step]

    def _simplify(self, snapshot: Snapshot) -> Command:
        # All borders of a large map at once take seconds.
        is_large = len(snapshot.rows("area")) > _MANY_AREAS
        areas = [self._area(snapshot)] if is_large or self._chance.random() < 0.5 else []
        return Simplify(self._chance.choice([0.001, 0.1, 3.0, 20.0]), areas)

    def _redraw(self, snapshot: Snapshot) -> Command:
        """Return a detour of one border, or from one vertex of an outline to another."""
        borders = sorted(snapshot.partition, key=lambda b: b.id)
        xy = points_of(self._chance.choice(borders))
        if self._chance.random() < 0.4:
            xy = xy[[0, *sorted(self._chance.sample(range(1, len(xy)), 1))]]
        ends = snapshot.place(xy)
        start, end = ends[0], ends[-1]
        if self._chance.random() < 0.5:
            start, end = start + (end - start) * 0.3, end - (end - start) * 0.3
        far = self._chance.choice([0.002, 0.5, 4.0])
        middle = [
            tuple(start + (end - start) * share + [self._chance.uniform(-far, far)] * 2)
            for share in (0.4, 0.6)
        ]
        line = [tuple(start), *middle, tuple(end)]
        return Redraw([(float(x), float(y)) for x, y in line], self._chance.choice([0.01, 1.0]))

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

    def _stretch(self, snapshot: Snapshot) -> Where:
        border = self._chance.choice(sorted(snapshot.partition, key=lambda b: b.id))
        xy = points_of(border)
        if self._chance.random() < 0.6:
            x, y = snapshot.place(xy[:2]).mean(axis=0).tolist()
            return Whole((x, y), border.id)
        one, other = self._chance.choices(range(len(xy)), k=2)
        start, end = (tuple(place) for place in snapshot.place(xy[[one, other]]).tolist())
        return Between(start, end, self._chance.choice([None, border.id]))

    def _move_stretch(self, snapshot: Snapshot) -> Command:
        far = self._chance.choice([0.002, 0.5, 4.0])
        by = self._chance.uniform(-far, far), self._chance.uniform(-far, far)
        return MoveStretch(self._stretch(snapshot), by, self._chance.random() < 0.5)

    def _offset(self, snapshot: Snapshot) -> Command:
        far = self._chance.choice([0.002, 0.5, 4.0, self._far_m])
        into = self._area(snapshot) if self._chance.random() < 0.1 else None
        return Offset(self._stretch(snapshot), self._chance.uniform(-far, far), into)

    def _straighten(self, snapshot: Snapshot) -> Command:
        within = self._chance.choice([None, None, 0.1, 3.0])
        return Straighten(self._stretch(snapshot), within)

    def _align(self, snapshot: Snapshot) -> Command:
        lines = sorted(snapshot.rows("line_object")) or ["大路"]
        return Align(self._stretch(snapshot), self._chance.choice(lines), 4 * self._far_m)

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
            ("stale", [False]),
            ("exclusive_type", ["school", None]),
            ("note", ["甲\n乙", None]),
        ]
        field, values = self._chance.choice(fields)
        return SetField(self._area(snapshot), field, self._chance.choice(values))

    def _set_fields(self, snapshot: Snapshot) -> Command:
        values: dict[str, Any] = self._chance.choice(
            [
                {"kind": "exclusive", "exclusive_type": "school"},
                {"households": 5, "class": "rural"},
                {"stale": False},
                {"note": "甲"},
            ]
        )
        return SetFields(self._beside(snapshot), values)

    def _set_each(self, snapshot: Snapshot) -> Command:
        areas = [snapshot.area(uid) for uid in self._beside(snapshot)]
        codes = [area.code for area in areas]
        codes = [*codes[1:], *codes[:1]]
        return SetEach(
            [(area.uid, {"code": code}) for area, code in zip(areas, codes, strict=True)]
        )

    def _renumber(self, snapshot: Snapshot) -> Command:
        return Renumber(self._area(snapshot), self._chance.choice(["grid", "grid", "micro_grid"]))

    def _code_list(self, snapshot: Snapshot) -> Command:
        communities = sorted(a.uid for a in snapshot.areas() if a.level == "community")
        if not communities:
            return self._renumber(snapshot)
        area = self._chance.choice(communities)
        code = f"9901010010{self._chance.randrange(10, 99)}"
        new = UnitChange("new", None, f"{code}9", "新村", "community", snapshot.root.uid)
        return TakeCodeList(
            self._chance.choice(
                [
                    [UnitChange("recoded", area, code)],
                    [UnitChange("renamed", area, name="改名社区"), new],
                    [UnitChange("gone", area)],
                ]
            )
        )

    def _four_bounds(self, snapshot: Snapshot) -> Command:
        which = self._chance.choice(["all", "empty", "outdated"])
        if self._chance.random() < 0.5:
            return WriteBounds(self._beside(snapshot), which=which)
        return WriteBounds(below=self._area(snapshot), which=which)

    def _papers(self, snapshot: Snapshot) -> Command:
        lines = sorted(snapshot.rows("lineage").values(), key=lambda line: line.uid)
        area = self._chance.choice(lines).successor if lines else self._area(snapshot)
        return SetPapers(area, Papers("虚构民〔2026〕1号", "2026-01-05"))

    def _delete(self, snapshot: Snapshot) -> Command:
        leaves = sorted(area.uid for area in snapshot.areas() if not snapshot.child_uids(area.uid))
        return Delete(self._chance.choice(leaves))

    def _set_exempt(self, snapshot: Snapshot) -> Command:
        known = sorted(snapshot.rows("exempt"))
        if not known:
            return self._exempt(snapshot)
        which = self._chance.choice(known)
        if self._chance.random() < 0.5:
            return SetExempt(
                which, {"until": self._chance.choice([None, "2001-12-31", "2999-12-31"])}
            )
        return EndExempt(which, self._chance.choice([None, "around", self._area(snapshot)]))

    def _stack(self, snapshot: Snapshot) -> Command:
        cells = sorted(area.uid for area in snapshot.areas() if area.level == "cell")
        if cells and self._chance.random() < 0.5:
            return self._restack(snapshot, self._chance.choice(cells))
        lived = [
            area.uid
            for area in snapshot.areas()
            if area.level == "micro_grid" and snapshot.counts.buildings_of(oid_of(area.uid)) > 1
        ]
        return Stack(self._chance.choice(sorted(lived) or [self._area(snapshot)]), 2)

    def _restack(self, snapshot: Snapshot, cell: str) -> Command:
        sharing = sorted(one.uid for one in snapshot.linked("area", cell) if one.valid_to is None)
        if self._chance.random() < 0.5 or len(sharing) < 2:
            return Unstack(cell)
        held = [shares_of(snapshot, uid) for uid in sharing]
        return Restack(cell, dict(zip(sharing, (held[-1], *held[:-1]), strict=True)))

    def _exempt(self, snapshot: Snapshot) -> Command:
        return MakeExempt(self._near(snapshot), "水面", "虚构审批人")
