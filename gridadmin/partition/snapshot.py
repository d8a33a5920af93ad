"""The whole project at one revision, immutable: rows, the area tree, the partition, counts.

Checks, repairs, drawing and commands read it; only a change makes the next one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from immutables import Map

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of, oids_of
from gridadmin.domain.change import TABLES, Change, RowChange
from gridadmin.domain.check_settings import (
    CHECKS_SETTING,
    SET_SETTING,
    SETS_SETTING,
    USUAL_SET,
    CheckSet,
    check_sets,
    effective_checks,
)
from gridadmin.domain.model import CELL_LEVEL, Area, BorderRow, Dispute, Exempt, Land
from gridadmin.domain.scheme import LEVELS, Check, Scheme
from gridadmin.domain.scheme_copy import from_json
from gridadmin.partition.base import BorderArrays, arrays_of
from gridadmin.partition.code_register import CodeRegister
from gridadmin.partition.grid import Ints
from gridadmin.partition.households import BuildingCounts
from gridadmin.partition.links import BY_CODE, EXCLUSIVE, Links
from gridadmin.partition.planar import Parents, Partition

_Keys = frozenset[str]
_NONE: _Keys = frozenset()

_MANY_ROWS = 3000
"""Above this many rows it is quicker to index everything anew."""

BorderChange = tuple[BorderRow | None, BorderRow | None]

LAND_OWNERS = ("area", "exempt", "dispute")
"""Tables whose objects can hold land."""


class _Tree(NamedTuple):
    """Who holds land under which number, living children by parent."""

    owners: Map[int, tuple[str, str]]
    children: Map[str | None, _Keys]


class Snapshot:
    """One state of a project. Areas are asked for by uid, owners of land by kernel number (oid)."""

    __slots__ = (
        "_checks",
        "_counts",
        "_links",
        "_origin",
        "_register",
        "_scheme",
        "_tables",
        "_tree",
        "partition",
        "revision",
    )

    def __init__(
        self,
        revision: int,
        partition: Partition,
        tables: Map[str, Map[str, Any]],
        tree: _Tree,
        scheme: Scheme,
        links: Links,
        counts: BuildingCounts | None = None,
        register: CodeRegister | None = None,
    ) -> None:
        self.revision = revision
        self.partition = partition
        self._tables = tables
        self._tree = tree
        self._scheme = scheme
        self._links = links
        self._counts = counts
        self._register = register
        self._checks: dict[str, Check] | None = None
        x, y = self.setting("origin", [0, 0])
        self._origin = int(x), int(y)

    @classmethod
    def of(
        cls, revision: int, records: Mapping[str, Iterable[Any]], borders: BorderArrays
    ) -> Snapshot:
        """Return the snapshot of stored *records* by table (without borders) and *borders*."""
        tables: dict[str, dict[str, Any]] = {
            table: {row.uid: row for row in records.get(table, ())}
            for table in TABLES
            if table != "border"
        }
        return cls._indexed(revision, tables, borders)

    @classmethod
    def _indexed(
        cls, revision: int, tables: Mapping[str, Mapping[str, Any]], borders: BorderArrays
    ) -> Snapshot:
        owners: dict[int, tuple[str, str]] = {}
        oids: dict[str, int] = {}
        for table in LAND_OWNERS:
            uids = list(tables[table])
            numbers = oids_of(uids)
            oids.update(zip(uids, numbers, strict=True))
            owners.update(zip(numbers, zip(repeat(table), uids), strict=False))
        children: defaultdict[str | None, list[str]] = defaultdict(list)
        for area in tables["area"].values():
            if area.valid_to is None:
                children[area.parent].append(area.uid)
        parents: dict[int, int] = {}
        for parent, below in children.items():
            if parent is not None:
                parents.update(
                    zip(map(oids.__getitem__, below), repeat(oids[parent]), strict=False)
                )
        scheme = from_json(json.loads(tables["setting"]["scheme"].value)["copy"])
        return cls(
            revision,
            Partition.of_arrays(borders, Map(parents)),
            Map({table: Map(rows) for table, rows in tables.items()}),
            _Tree(
                Map(owners),
                Map({key: frozenset(keys) for key, keys in children.items()}),
            ),
            scheme,
            Links(),
        )

    # Rows

    def rows(self, table: str) -> Mapping[str, Any]:
        """Return the records of a logged table by uid."""
        found: Mapping[str, Any] = self._tables[table]
        return found

    def linked(self, table: str, target: str) -> list[Any]:
        """Return the records of *table* that point at the object of uid *target*, by uid.

        Tables: ``area`` (by the cell they share), ``assignment`` (by anchor and person),
        ``border_lock``, ``code_period``, ``dispute`` (by claim), ``entrance``, ``grouping_member``
        (by grouping and member), ``lineage`` (by both areas), ``pairing`` (by unit and anchor),
        ``party_node`` (by area and parent), ``post_seat`` (by anchor), ``reference_outline``,
        ``stacked_part`` (by area and building), ``team`` (by anchor), ``team_member`` (by team and
        person).
        """
        records = self._tables[table]
        return [records[uid] for uid in self._links.to(table, records, target)]

    def setting(self, name: str, otherwise: Any = None) -> Any:
        """Return one setting of the project, parsed, or *otherwise*."""
        row = self._tables["setting"].get(name)
        return otherwise if row is None else json.loads(row.value)

    @property
    def scheme(self) -> Scheme:
        """The project's own copy of its scheme."""
        return self._scheme

    @property
    def origin_mm(self) -> tuple[int, int]:
        """The point of the plane, in mm, from which the kernel counts."""
        return self._origin

    @property
    def has_frame(self) -> bool:
        """Whether the outline of the root is given."""
        return bool(self.setting("frame", False))

    @property
    def min_area_m2(self) -> float:
        """The smallest defect that is listed, in m²."""
        return float(self.setting("min_area_m2", 0.01))

    @property
    def snap_m(self) -> float:
        """Vertices this near are one, in metres."""
        return float(self.setting("snap_m", 0.001))

    # Checks

    def check(self, kind: str) -> Check:
        """Return what holds for a kind of check in this project. Raises: KeyError.

        That is the scheme's word, changed by what the project says of it; kinds that are not in
        the project's check set are off.
        """
        if self._checks is None:
            own = self.setting(CHECKS_SETTING, {})
            self._checks = effective_checks(self._scheme, own, self.check_set.kinds)
        return self._checks[kind]

    @property
    def check_sets(self) -> dict[str, CheckSet]:
        """The named sets of checks that can be asked for."""
        return check_sets(self._scheme, self.setting(SETS_SETTING, {}))

    @property
    def check_set(self) -> CheckSet:
        """The set of checks that the project uses all the time."""
        sets = self.check_sets
        return sets.get(str(self.setting(SET_SETTING, USUAL_SET)), sets[USUAL_SET])

    # Areas

    def area(self, uid: str) -> Area:
        """Return the area of that uid, retired ones too. Raises: KeyError."""
        found: Area = self._tables["area"][uid]
        return found

    def areas(self) -> Iterator[Area]:
        """Yield the living areas."""
        for area in self._tables["area"].values():
            if area.valid_to is None:
                yield area

    def children(self, uid: str | None) -> list[Area]:
        """Return the living children of an area (None: the roots), by code and name."""
        found = [self.area(child) for child in self._tree.children.get(uid, _NONE)]
        return sorted(found, key=lambda area: (area.code or "~", area.name, area.uid))

    def descendants(self, uid: str) -> Iterator[Area]:
        """Yield all living areas below one."""
        for child in self._tree.children.get(uid, _NONE):
            yield self.area(child)
            yield from self.descendants(child)

    def loose_areas(self) -> list[Area]:
        """Return the living areas that hang on the root by no chain of living areas."""
        loose = set[str]().union(*self._tree.children.values())
        waiting = list(self._tree.children.get(None, _NONE))
        loose.difference_update(waiting)
        while waiting:
            below = self.child_uids(waiting.pop())
            waiting += below
            loose -= below
        return [self.area(uid) for uid in loose]

    def ancestors(self, uid: str) -> Iterator[Area]:
        """Yield parent, grandparent… of an area."""
        parent = self.area(uid).parent
        while parent is not None:
            area = self.area(parent)
            yield area
            parent = area.parent

    @property
    def root(self) -> Area:
        """The root of the area tree."""
        (uid,) = self._tree.children[None]
        return self.area(uid)

    def bearing(self, code: str) -> list[Area]:
        """Return the living areas that bear *code*."""
        areas = self._tables["area"]
        return [self.area(uid) for uid in self._links.to(BY_CODE, areas, code)]

    def exclusive_areas(self) -> list[Area]:
        """Return the living exclusive areas, by uid."""
        areas = self._tables["area"]
        return [self.area(uid) for uid in self._links.to(EXCLUSIVE, areas, EXCLUSIVE)]

    def child_uids(self, uid: str | None) -> frozenset[str]:
        """Return the uids of the living children of an area, in no order."""
        return self._tree.children.get(uid, _NONE)

    @property
    def code_register(self) -> CodeRegister:
        """Every code that is or was borne; worked out when first asked for."""
        if self._register is None:
            self._register = CodeRegister.of(self._tables)
        return self._register

    def is_code_taken(self, code: str, *, but_by: str | None = None) -> bool:
        """Return whether an area bears or bore *code*; what area *but_by* bears doesn't count."""
        count = self.code_register.count(code)
        if but_by is not None and count:
            own = [*self.linked("code_period", but_by), self._tables["area"].get(but_by)]
            count -= len([row for row in own if row is not None and row.code == code])
        return count > 0

    def level_rank(self, level: str) -> int:
        """Return how deep a level stands; a cell stands with micro-grids."""
        return LEVELS.index("micro_grid" if level == CELL_LEVEL else level)

    # Land

    def owner(self, oid: int) -> tuple[str, str] | None:
        """Return ``(table, uid)`` of who holds land under that number; None for nobody, outside."""
        return self._tree.owners.get(oid)

    def owner_name(self, oid: int) -> str:
        """Return the lasting name of an owner of land, for hashes."""
        if oid in (NOBODY, OUTSIDE):
            return "nobody" if oid == NOBODY else "outside"
        found = self._tree.owners.get(oid)
        if found is None:
            return f"?{oid}"
        table, uid = found
        if table == "dispute":
            return f"dispute {self.dispute(uid).kind} {self.dispute(uid).claims}"
        return uid

    def owning_area(self, oid: int) -> Area | None:
        """Return the area that holds land under that number, or None."""
        found = self._tree.owners.get(oid)
        return self.area(found[1]) if found is not None and found[0] == "area" else None

    def numbered_areas(self) -> tuple[list[int], list[Area]]:
        """Return the kernel numbers of all areas, retired ones too, and the areas."""
        areas = self._tables["area"]
        held = [(oid, uid) for oid, (table, uid) in self._tree.owners.items() if table == "area"]
        return [oid for oid, _ in held], [areas[uid] for _, uid in held]

    def exempt(self, uid: str) -> Exempt:
        """Return the exempt land of that uid. Raises: KeyError."""
        found: Exempt = self._tables["exempt"][uid]
        return found

    def dispute(self, uid: str) -> Dispute:
        """Return the dispute of that uid. Raises: KeyError."""
        found: Dispute = self._tables["dispute"][uid]
        return found

    def has_drawn_children(self, uid: str) -> bool:
        """Return whether any child of an area has land of its own outline."""
        children = self._tree.children.get(uid, _NONE)
        return any(self.area(child).land == Land.DRAWN for child in children)

    def land_twice_mm2(self, uid: str) -> int:
        """Return twice the land of an area with its descendants in mm², in the plane, exactly."""
        return self.partition.land_twice_area(oid_of(uid))

    def place(self, points: Ints) -> np.ndarray:
        """Return kernel points ``(n, 2)`` as plane coordinates in metres."""
        coordinates: np.ndarray = (points + np.array(self.origin_mm, dtype=np.int64)) / 1000.0
        return coordinates

    def to_kernel(self, metres: np.ndarray) -> Ints:
        """Return plane coordinates ``(n, 2)`` in metres as rounded kernel points."""
        shifted = np.asarray(metres, dtype=np.float64) * 1000.0 - np.array(self.origin_mm)
        rounded: Ints = np.floor(shifted + 0.5).astype(np.int64)
        return rounded

    # Households

    @property
    def counts(self) -> BuildingCounts:
        """Buildings and households by the land they stand on; worked out when first asked for."""
        if self._counts is None:
            self._counts = BuildingCounts.of(
                self.partition, self._tables["building"].values(), self.origin_mm
            )
        return self._counts

    @property
    def knows_counts(self) -> bool:
        """Whether :attr:`counts` is at hand and need not be worked out first."""
        return self._counts is not None or not self._tables["building"]

    # The next state

    def applied(self, change: Change, revision: int) -> Snapshot:
        """Return the snapshot after *change*."""
        if len(change.rows) > _MANY_ROWS:
            return self._applied_at_once(change, revision)
        tables, hanging = self._tables.mutate(), _Hanging(self._tree, self.partition.parents)
        for row in change.rows:
            if row.table != "border":
                key, records = str(row.key), tables[row.table]
                is_gone = row.after is None
                tables[row.table] = records.delete(key) if is_gone else records.set(key, row.after)
                hanging.take(row)
        borders = [(row.before, row.after) for row in change.of("border")]
        partition = self._partition_after(borders, hanging)
        register = self._register
        following = Snapshot(
            revision,
            partition,
            tables.finish(),
            hanging.finished(),
            _scheme_after(self._scheme, change),
            self._links.after(change.rows),
            self._counts_after(change, partition, borders, hanging.rehung),
            None if register is None else register.after(change.rows),
        )
        if not change.of("setting"):
            following._checks = self._checks
        return following

    def _partition_after(self, borders: Sequence[BorderChange], hanging: _Hanging) -> Partition:
        partition = self.partition
        parents = hanging.parents()
        if not borders and parents is partition.parents:
            return partition
        changed = {row.id for pair in borders for row in pair if row is not None}
        # All at once: a border is taken off the lists of the tree that it was put on them by.
        moved = {
            border.id: border
            for oid in hanging.rehung
            for border in partition.outline(oid)
            if border.id not in changed
        }
        return partition.applied([*borders, *((row, row) for row in moved.values())], parents)

    def _counts_after(
        self,
        change: Change,
        partition: Partition,
        borders: Sequence[BorderChange],
        rehung: Iterable[int],
    ) -> BuildingCounts | None:
        if self._counts is None or any(row.key == "origin" for row in change.of("setting")):
            return None
        outlines = [border for oid in rehung for border in self.partition.outline(oid)]
        near = [*borders, *((border, border) for border in outlines)]
        return self._counts.after(self.partition, partition, near, change.of("building"))

    def _applied_at_once(self, change: Change, revision: int) -> Snapshot:
        """Return the snapshot after a large change: everything is indexed anew."""
        tables = dict(self._tables)
        borders = {border.id: border for border in self.partition}
        by_table: dict[str, list[RowChange]] = {}
        for row in change.rows:
            by_table.setdefault(row.table, []).append(row)
        for row in by_table.pop("border", ()):
            if row.before is not None:
                borders.pop(row.before.id, None)
            if row.after is not None:
                borders[row.after.id] = row.after
        for table, rows in by_table.items():
            records = tables[table].mutate()
            for row in rows:
                if row.after is None:
                    records.pop(str(row.key), None)
                else:
                    records[str(row.key)] = row.after
            tables[table] = records.finish()
        return Snapshot._indexed(revision, tables, arrays_of(borders.values()))

    def compacted(self) -> Snapshot:
        """Return the same state with the partition's overlay folded into its frozen part."""
        same = Snapshot(
            self.revision,
            self.partition.compacted(),
            self._tables,
            self._tree,
            self._scheme,
            self._links,
            self._counts,
            self._register,
        )
        same._checks = self._checks
        return same


def _scheme_after(scheme: Scheme, change: Change) -> Scheme:
    for row in change.of("setting"):
        if row.key == "scheme" and row.after is not None:
            scheme = from_json(json.loads(row.after.value)["copy"])
    return scheme


class _Hanging:
    """The tree in the making: areas are taken off their place and hung on another."""

    def __init__(self, tree: _Tree, parents: Parents) -> None:
        self._owners = tree.owners.mutate()
        self._children = tree.children.mutate()
        self._parents = parents
        self._moves: dict[int, int | None] = {}
        self.rehung: set[int] = set()
        """Areas that live before and after and got another parent, by kernel number."""

    def take(self, row: RowChange) -> None:
        """Follow the change of one row."""
        if row.table not in LAND_OWNERS:
            return
        uid = str(row.key)
        if row.after is None:
            self._owners.pop(oid_of(uid), None)
        else:
            self._owners[oid_of(uid)] = (row.table, uid)
        if row.table == "area":
            self._hang(oid_of(uid), _alive(row.before), _alive(row.after))

    def _hang(self, oid: int, before: Area | None, after: Area | None) -> None:
        if before is not None:
            _take(self._children, before.parent, before.uid)
        if after is not None:
            children = self._children.get(after.parent, _NONE)
            self._children[after.parent] = children | {after.uid}
        old = None if before is None else before.parent
        new = None if after is None else after.parent
        if old != new:
            self._moves[oid] = None if new is None else oid_of(new)
            if before is not None and after is not None:
                self.rehung.add(oid)

    def parents(self) -> Parents:
        """Return the parent of each area by kernel number: the very map from before if it stays."""
        if not self._moves:
            return self._parents
        known: Any = self._parents
        parents = known.mutate()
        for oid, parent in self._moves.items():
            if parent is None:
                parents.pop(oid, None)
            else:
                parents[oid] = parent
        finished: Parents = parents.finish()
        return finished

    def finished(self) -> _Tree:
        """Return the tree."""
        return _Tree(self._owners.finish(), self._children.finish())


def _take(index: Any, key: str | None, uid: str) -> None:
    left = index.get(key, _NONE) - {uid}
    if left:
        index[key] = left
    else:
        index.pop(key, None)


def _alive(area: Area | None) -> Area | None:
    return area if area is not None and area.valid_to is None else None
