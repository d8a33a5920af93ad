"""Rows of a boundary file as areas: which are known, which are new, and where each hangs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely

from gridadmin.base.errors import InputError
from gridadmin.base.ids import oid_of
from gridadmin.domain.base_units import units_under
from gridadmin.domain.codes import ancestor_codes, read_code, short_code
from gridadmin.domain.model import Area, AreaKind, Land
from gridadmin.domain.names import normal_name
from gridadmin.edit.draft import Desk
from gridadmin.exchange.columns import ColumnGuess, guess_columns
from gridadmin.exchange.import_source import Brought
from gridadmin.exchange.source import RowProblem
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class ColumnChoice:
    """Columns that the user named; None = guess, empty = there is no such column."""

    code: str | None = None
    name: str | None = None
    parent: str | None = None


def chosen_columns(brought: Brought, choice: ColumnChoice) -> ColumnGuess:
    """Return the columns to use: those named, else those that look right.

    Raises: InputError ``import.no_column``.
    """
    columns = brought.table.columns
    for name in (choice.code, choice.name, choice.parent):
        if name and name not in columns:
            raise InputError(
                "import.no_column",
                column=name,
                file=brought.table.path.name,
                columns=", ".join(columns),
            )
    guess = guess_columns(columns)
    return replace(
        guess,
        code=_chosen(choice.code, guess.code),
        name=_chosen(choice.name, guess.name),
        parent=_chosen(choice.parent, guess.parent),
    )


def _chosen(wanted: str | None, guessed: str | None) -> str | None:
    return guessed if wanted is None else wanted or None


@dataclass(frozen=True)
class Row:
    """One row: its area, whether that is new, and whether the row's land is taken."""

    row_id: str
    index: int
    area: Area
    is_new: bool
    takes_land: bool


@dataclass
class Matching:
    """All rows sorted out."""

    rows: list[Row] = field(default_factory=list)
    made: list[Area] = field(default_factory=list)
    """Missing parents known by code, made as listed."""
    left_out: list[RowProblem] = field(default_factory=list)
    adopted: list[Area] = field(default_factory=list)
    """Known areas as they hang under the new ones."""
    known: int = 0
    outside_root: int = 0


class RowMatcher:
    """Matches the rows of one file with the areas of a project, at one level."""

    def __init__(
        self,
        snapshot: Snapshot,
        brought: Brought,
        columns: ColumnGuess,
        level: str,
        desk: Desk,
        *,
        replaces: bool,
    ) -> None:
        self._snapshot = snapshot
        self._brought = brought
        self._columns = columns
        self._level = level
        self._desk = desk
        self._replaces = replaces
        self._fresh: dict[str, Area] = {}
        self._found = Matching()
        self._matched: set[str] = set()

    def match(self) -> Matching:
        """Return the rows sorted out."""
        codes, names, parents = (
            self._texts(self._columns.code),
            self._texts(self._columns.name),
            self._texts(self._columns.parent),
        )
        kinds = self._texts(self._columns.kind)
        for index, row_id in enumerate(self._brought.table.row_ids):
            try:
                self._match_row(
                    index, row_id, codes[index], names[index], parents[index], kinds[index]
                )
            except InputError as fault:
                self._leave_out(row_id, fault.code, **fault.params)
        self._found.adopted = self._adopted()
        return self._found

    def _adopted(self) -> list[Area]:
        """Return the known areas that came before their parents, hung under the new ones."""
        snapshot, rank = self._snapshot, self._snapshot.level_rank(self._level)
        new = [row for row in self._found.rows if row.is_new]
        waiting = [
            area
            for area in (snapshot.areas() if new else ())
            if area.parent is not None
            and snapshot.level_rank(snapshot.area(area.parent).level)
            < rank
            < snapshot.level_rank(area.level)
        ]
        if not waiting:
            return []
        by_code = {row.area.code: row.area for row in new if row.area.code is not None}
        landed = [row for row in new if row.takes_land]
        tree = shapely.STRtree(polygons_of(self._brought, landed))
        groups: dict[str, list[int]] = {}
        for area in waiting:
            groups.setdefault(area.level, []).append(oid_of(area.uid))
        lands = land_polygons(snapshot.partition, groups.values(), snapshot.place)
        adopted = []
        for area in waiting:
            above = _named_by_code(area, by_code, snapshot)
            land = lands.get(oid_of(area.uid))
            if above is None and land is not None:
                hits = tree.query(land.representative_point(), predicate="intersects").tolist()
                above = landed[hits[0]].area if len(hits) == 1 else None
            if above is not None and self._may_adopt(above, area):
                adopted.append(replace(area, parent=above.uid))
        return adopted

    def _may_adopt(self, above: Area, area: Area) -> bool:
        """Return whether the new area lies below the present parent of a known one."""
        made = {fresh.uid: fresh.parent for fresh in self._found.made}
        current = above.parent
        while current is not None and current != area.parent:
            current = made[current] if current in made else self._snapshot.area(current).parent
        return current is not None

    def _texts(self, column: str | None) -> list[str | None]:
        table = self._brought.table
        return [None] * len(table) if column is None else table.texts(column)

    def _match_row(
        self,
        index: int,
        row_id: str,
        code: str | None,
        name: str | None,
        parent: str | None,
        kind: str | None,
    ) -> None:
        code = None if code is None else short_code(read_code(code))
        has_land = self._brought.polygons[index] is not None
        root = self._snapshot.root
        if not has_land and code and root.code and not code.startswith(root.code):
            self._found.outside_root += 1
            return
        known = self._known(code, name, parent, index)
        if known is not None:
            self._add_known(index, row_id, known, has_land)
            return
        if code is None and not name:
            name = f"{self._level_name()}{row_id}"
        hangs_on = self._parent_of(code, parent, index)
        area = Area(
            self._desk.new_uid(),
            code,
            name or code or row_id,
            self._level,
            hangs_on,
            land=Land.DRAWN if has_land else Land.LISTED,
            kind=AreaKind.EXCLUSIVE if _is_exclusive(kind) else AreaKind.GENERAL,
        )
        self._found.rows.append(Row(row_id, index, area, is_new=True, takes_land=has_land))

    def _level_name(self) -> str:
        level = self._snapshot.scheme.level(self._level)
        return self._level if level is None else level.zh

    def _add_known(self, index: int, row_id: str, known: Area, has_land: bool) -> None:
        if known.uid in self._matched:
            self._leave_out(row_id, "import.row_same_area", area=known.name)
            return
        self._matched.add(known.uid)
        self._found.known += 1
        takes = has_land and (self._replaces or not self._has_outline(known))
        self._found.rows.append(Row(row_id, index, known, is_new=False, takes_land=takes))

    def _has_outline(self, area: Area) -> bool:
        """Return whether the land of an area was said by itself, and not only by its children."""
        oid = oid_of(area.uid)
        return self._snapshot.partition.own_twice_area(oid) > 0 or (
            area.uid in self._outlined and self._snapshot.partition.has_land(oid)
        )

    @cached_property
    def _outlined(self) -> set[str]:
        return {outline.area for outline in self._snapshot.rows("reference_outline").values()}

    def _leave_out(self, row_id: str, code: str, /, **params: object) -> None:
        self._found.left_out.append(RowProblem(row_id, code, params))

    def _known(
        self, code: str | None, name: str | None, parent: str | None, index: int
    ) -> Area | None:
        if code is not None:
            bearing = [a for a in self._snapshot.bearing(code) if a.level == self._level]
            return bearing[0] if bearing else None
        if not name:
            return None
        same = self._by_name.get(normal_name(name), [])
        if parent is not None:
            wanted = {area.uid for area in self._named_parents(parent)}
            same = [area for area in same if area.parent in wanted]
        elif len(same) > 1:
            above = self._by_place(index)
            same = [area for area in same if area.parent == above]
        return same[0] if len(same) == 1 else None

    @cached_property
    def _by_name(self) -> dict[str, list[Area]]:
        found: dict[str, list[Area]] = {}
        for area in self._snapshot.areas():
            if area.level == self._level:
                found.setdefault(normal_name(area.name), []).append(area)
        return found

    def _parent_of(self, code: str | None, parent: str | None, index: int) -> str:
        """Return the uid of the area that a new one hangs on: by column, code prefix, or place."""
        if parent is not None:
            named = self._named_parents(parent)
            if len(named) == 1:
                return named[0].uid
        if code is not None:
            by_code = self._by_code(code)
            if by_code is not None:
                return by_code
        return self._by_place(index) or self._snapshot.root.uid

    def _named_parents(self, text: str) -> list[Area]:
        code = short_code(text)
        rank = self._snapshot.level_rank(self._level)
        found = self._snapshot.bearing(code) or self._parents_by_name.get(normal_name(text), [])
        return [area for area in found if self._snapshot.level_rank(area.level) < rank]

    @cached_property
    def _parents_by_name(self) -> dict[str, list[Area]]:
        found: dict[str, list[Area]] = {}
        for area in self._snapshot.areas():
            found.setdefault(normal_name(area.name), []).append(area)
        return found

    def _by_code(self, code: str) -> str | None:
        snapshot, rank = self._snapshot, self._snapshot.level_rank(self._level)
        missing: list[str] = []
        for above in ancestor_codes(code, snapshot.scheme.templates):
            known = [a for a in snapshot.bearing(above) if snapshot.level_rank(a.level) < rank]
            if above in self._fresh:
                known = [self._fresh[above]]
            if known:
                return self._made(missing, known[0]).uid
            missing.append(above)
        return None

    def _made(self, missing: list[str], above: Area) -> Area:
        """Make the missing parents that the list of base units knows, from the top down."""
        for code in reversed(missing):
            unit = _listed_unit(code, tuple(l.key for l in self._snapshot.scheme.present_levels))
            if unit is None:
                continue
            level, name = unit
            rank = self._snapshot.level_rank(level)
            if (
                not self._snapshot.level_rank(above.level)
                < rank
                < self._snapshot.level_rank(self._level)
            ):
                continue
            above = Area(self._desk.new_uid(), code, name, level, above.uid)
            self._fresh[code] = above
            self._found.made.append(above)
        return above

    def _by_place(self, index: int) -> str | None:
        """Return the finest known area above the level in which the row's land lies."""
        polygon = self._brought.polygons[index]
        if polygon is None:
            return None
        uids, tree = self._land_above
        hits = tree.query(polygon.representative_point(), predicate="intersects").tolist()
        rank = self._snapshot.level_rank
        found = sorted(
            (uids[hit] for hit in hits), key=lambda u: rank(self._snapshot.area(u).level)
        )
        return found[-1] if found else None

    @cached_property
    def _land_above(self) -> tuple[list[str], shapely.STRtree]:
        snapshot, limit = self._snapshot, self._snapshot.level_rank(self._level)
        groups: dict[str, list[int]] = {}
        for area in snapshot.areas():
            if snapshot.level_rank(area.level) < limit and area.kind == AreaKind.GENERAL:
                groups.setdefault(area.level, []).append(oid_of(area.uid))
        lands = land_polygons(snapshot.partition, groups.values(), snapshot.place)
        owners = [(oid, snapshot.owner(oid)) for oid in lands]
        kept = [(oid, owner[1]) for oid, owner in owners if owner is not None]
        return [uid for _, uid in kept], shapely.STRtree([lands[oid] for oid, _ in kept])


def _named_by_code(area: Area, by_code: Mapping[str, Area], snapshot: Snapshot) -> Area | None:
    """Return the area whose code is the nearest above that of another, or None."""
    above = () if area.code is None else ancestor_codes(area.code, snapshot.scheme.templates)
    return next((by_code[code] for code in above if code in by_code), None)


def _is_exclusive(kind: str | None) -> bool:
    return kind is not None and kind.strip().lower() in {"exclusive", "专属", "专属网格"}


def _listed_unit(code: str, levels: tuple[str, ...]) -> tuple[str, str] | None:
    """Return ``(level, name)`` of a code that the list of base units knows, or None."""
    try:
        unit = units_under(code, levels)[0]
    except InputError:
        return None
    return (unit.level, unit.name) if unit.name else None


def polygons_of(brought: Brought, rows: list[Row]) -> np.ndarray:
    """Return the land of rows, in their order."""
    return np.array([brought.polygons[row.index] for row in rows], dtype=object)
