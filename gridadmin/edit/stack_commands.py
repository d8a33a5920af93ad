"""Divide a micro-grid by entrances or floors: stacked micro-grids above one cell, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, combinations, pairwise
from math import inf

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import (
    CELL_LEVEL,
    Area,
    AreaKind,
    Building,
    Entrance,
    Land,
    Lineage,
    StackedPart,
)
from gridadmin.edit.area_commands import checked_name
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import free_code, new_name
from gridadmin.edit.paint_commands import find_building
from gridadmin.partition.rewire import taken_over
from gridadmin.partition.snapshot import Snapshot

_LEVEL = "micro_grid"
_MOST_PARTS = 99


@dataclass(frozen=True)
class Share:
    """What a stacked micro-grid holds of a building: one entrance or all, some floors or all."""

    building: str
    entrance: str | None = None
    floor_from: int | None = None
    floor_to: int | None = None


@dataclass(frozen=True)
class StackPart:
    """One stacked micro-grid to be: what it holds, and its name (None = a made one)."""

    holds: Sequence[Share]
    name: str | None = None


@dataclass(frozen=True)
class Stack:
    """Make a cell of a micro-grid's land, and stacked micro-grids of its entrances or floors.

    The micro-grid becomes the first of them and keeps its code; the cell gets the land. *parts* is
    what each holds, or a number: then entrances are dealt out one after the other, so that
    households are as equal as can be.
    """

    area: str
    parts: Sequence[StackPart] | int
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        area = find_area(snapshot, self.area)
        if area.level != _LEVEL or area.land != Land.DRAWN or snapshot.child_uids(area.uid):
            raise EditError("edit.not_stackable", area=label(area))
        buildings = buildings_on(snapshot, area.uid)
        parts = (
            dealt_out(snapshot, buildings, self.parts)
            if isinstance(self.parts, int)
            else list(self.parts)
        )
        if not 2 <= len(parts) <= _MOST_PARTS:
            raise EditError("edit.bad_value", field="parts", value=len(parts))
        check_shares(snapshot, buildings, [part.holds for part in parts])
        draft = Draft(snapshot)
        cell = self._cell(draft, desk, area)
        heirs = {oid_of(area.uid): oid_of(cell.uid)}
        draft.borders(taken_over(snapshot.partition, heirs, desk.ids))
        made = [self._stacked(snapshot, draft, desk, area, cell, p) for p in parts[1:]]
        first = replace(
            area,
            land=Land.STACKED,
            cell=cell.uid,
            households_typed=None,
            households_as_of=None,
            is_stale=False,
        )
        if parts[0].name is not None:
            first = replace(first, name=checked_name(parts[0].name))
        draft.put("area", first)
        for one, part in zip([first, *made], parts, strict=True):
            put_shares(draft, desk, one.uid, part.holds)
        for one in made:
            draft.put(
                "lineage", Lineage(desk.new_uid(), area.uid, one.uid, "split", date=desk.today)
            )
        draft.tell(
            cell={"uid": cell.uid, "code": cell.code},
            created=[{"uid": one.uid, "code": one.code} for one in made],
        )
        return draft.change("stack")

    def _cell(self, draft: Draft, desk: Desk, area: Area) -> Area:
        name = f"{area.name}立体底图"
        cell = Area(desk.new_uid(), None, name, CELL_LEVEL, area.parent, land=Land.DRAWN)
        draft.add_area(cell, desk)
        return cell

    def _stacked(
        self,
        snapshot: Snapshot,
        draft: Draft,
        desk: Desk,
        area: Area,
        cell: Area,
        part: StackPart,
    ) -> Area:
        parent = snapshot.area(area.parent or "")
        code = free_code(snapshot, draft, _LEVEL, parent, AreaKind(area.kind))
        name = new_name(snapshot, _LEVEL, code) if part.name is None else part.name
        made = Area(
            desk.new_uid(),
            code,
            checked_name(name),
            _LEVEL,
            area.parent,
            land=Land.STACKED,
            kind=area.kind,
            area_class=area.area_class,
            cell=cell.uid,
        )
        draft.add_area(made, desk)
        return made


@dataclass(frozen=True)
class Unstack:
    """Give the land of a cell to one of its stacked micro-grids; the others and the cell retire.

    *to* is the oldest of them unless named.
    """

    cell: str
    to: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        cell = find_area(snapshot, self.cell)
        sharing = [one for one in snapshot.linked("area", cell.uid) if one.valid_to is None]
        if cell.level != CELL_LEVEL or not sharing:
            raise EditError("edit.not_a_cell", area=label(cell))
        stays: Area = min(sharing, key=lambda one: one.uid)
        if self.to is not None:
            stays = find_area(snapshot, self.to)
            if stays.uid not in {one.uid for one in sharing}:
                raise EditError("edit.into_is_none_of_them", area=label(stays))
        draft = Draft(snapshot)
        heirs = {oid_of(cell.uid): oid_of(stays.uid)}
        draft.borders(taken_over(snapshot.partition, heirs, desk.ids))
        for one in sharing:
            drop_shares(snapshot, draft, one.uid)
            if one.uid != stays.uid:
                draft.retire(one, desk)
                line = Lineage(desk.new_uid(), one.uid, stays.uid, "merge", 1.0, date=desk.today)
                draft.put("lineage", line)
        draft.retire(cell, desk)
        draft.put("area", replace(stays, land=Land.DRAWN, cell=None))
        gone = [one for one in sharing if one.uid != stays.uid]
        draft.tell(
            into={"uid": stays.uid, "code": stays.code},
            retired=[{"uid": one.uid, "code": one.code} for one in (*gone, cell)],
        )
        return draft.change("unstack")


@dataclass(frozen=True)
class SetShares:
    """Change which entrances and floors a stacked micro-grid holds."""

    area: str
    holds: Sequence[Share]
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        area = find_area(snapshot, self.area)
        if area.land != Land.STACKED or area.cell is None:
            raise EditError("edit.not_stacked", area=label(area))
        others = [
            shares_of(snapshot, one.uid)
            for one in snapshot.linked("area", area.cell)
            if one.valid_to is None and one.uid != area.uid
        ]
        buildings = buildings_on(snapshot, area.cell)
        check_shares(snapshot, buildings, [self.holds], others)
        if list(self.holds) == shares_of(snapshot, area.uid):
            raise EditError("edit.nothing_changes")
        draft = Draft(snapshot)
        drop_shares(snapshot, draft, area.uid)
        put_shares(draft, desk, area.uid, self.holds)
        return draft.change("set_shares")


def buildings_on(snapshot: Snapshot, uid: str) -> list[Building]:
    """Return the buildings on the land of an area, from north to south."""
    found = snapshot.counts.on_land(snapshot.partition, oid_of(uid))
    return sorted(found, key=lambda one: (-one.y_mm, one.x_mm, one.uid))


def entrances_of(snapshot: Snapshot, building: str) -> list[Entrance]:
    """Return the entrances of a building by name."""
    found: list[Entrance] = snapshot.linked("entrance", building)
    return sorted(found, key=lambda one: (len(one.name), one.name))


def dealt_out(snapshot: Snapshot, buildings: Sequence[Building], parts: int) -> list[StackPart]:
    """Return entrances (buildings without any: whole) dealt out to parts of equal households.

    Raises: EditError ``edit.too_few_entrances``.
    """
    units: list[tuple[Share, int]] = []
    for building in buildings:
        entrances = entrances_of(snapshot, building.uid)
        units += [(Share(building.uid, one.name), one.households) for one in entrances]
        if not entrances:
            units.append((Share(building.uid), building.households))
    if len(units) < parts or parts < 2:
        raise EditError("edit.too_few_entrances", entrances=len(units), parts=parts)
    ends = equal_runs([households for _, households in units], parts)
    shares = [share for share, _ in units]
    return [StackPart(shares[low:high]) for low, high in pairwise([0, *ends])]


def equal_runs(figures: Sequence[int], parts: int) -> list[int]:
    """Return where runs of *figures* end that are as equal as can be: least sum of squares."""
    before = [0, *accumulate(figures)]
    count = len(figures)
    best: list[float] = [0.0, *[inf] * count]
    ways: list[list[int]] = []
    for number in range(1, parts + 1):
        fresh, way = [inf] * (count + 1), [0] * (count + 1)
        for end in range(number, count + 1):
            for start in range(number - 1, end):
                cost = best[start] + (before[end] - before[start]) ** 2
                if cost < fresh[end]:
                    fresh[end], way[end] = cost, start
        best = fresh
        ways.append(way)
    ends = [count]
    for way in reversed(ways[1:]):
        ends.insert(0, way[ends[0]])
    return ends


def check_shares(
    snapshot: Snapshot,
    buildings: Iterable[Building],
    parts: Sequence[Sequence[Share]],
    others: Sequence[Sequence[Share]] = (),
) -> None:
    """Refuse shares that can't be: empty, of no such entrance or floor, or held twice.

    Raises: EditError ``edit.empty_part``, ``edit.unknown_building``, ``edit.not_on_cell``,
    ``edit.unknown_entrance``, ``edit.bad_floors``, ``edit.held_twice``.
    """
    there = {building.uid for building in buildings}
    for shares in parts:
        if not shares:
            raise EditError("edit.empty_part")
        for share in shares:
            building = find_building(snapshot, share.building)
            if share.building not in there:
                raise EditError("edit.not_on_cell", building=_name(building))
            _check_share(snapshot, building, share)
    every = [share for shares in (*parts, *others) for share in shares]
    for one, other in combinations(every, 2):
        if _overlap(one, other):
            building = find_building(snapshot, one.building)
            raise EditError("edit.held_twice", building=_name(building), what=_said(one))


def _check_share(snapshot: Snapshot, building: Building, share: Share) -> None:
    names = {key for one in entrances_of(snapshot, building.uid) for key in (one.name, one.uid)}
    if share.entrance is not None and share.entrance not in names:
        raise EditError("edit.unknown_entrance", building=_name(building), entrance=share.entrance)
    low, high = _floors(share)
    most = building.floors
    if low > high or low < 1 or (most is not None and share.floor_to is not None and high > most):
        raise EditError("edit.bad_floors", building=_name(building), floors=f"{low}–{high}")


_TOP = 10_000


def _floors(share: Share) -> tuple[int, int]:
    low = 1 if share.floor_from is None else share.floor_from
    return low, _TOP if share.floor_to is None else share.floor_to


def _overlap(one: Share, other: Share) -> bool:
    if one.building != other.building:
        return False
    if None not in (one.entrance, other.entrance) and one.entrance != other.entrance:
        return False
    (low, high), (first, last) = _floors(one), _floors(other)
    return low <= last and first <= high


def _name(building: Building) -> str:
    return building.name or building.address or building.uid


def _said(share: Share) -> str:
    floors = (
        ""
        if (share.floor_from, share.floor_to) == (None, None)
        else "{}–{}".format(*_floors(share))
    )
    return " ".join(part for part in (share.entrance or "", floors) if part)


def shares_of(snapshot: Snapshot, uid: str) -> list[Share]:
    """Return what a stacked micro-grid holds."""
    return [
        Share(part.building, part.entrance, part.floor_from, part.floor_to)
        for part in snapshot.linked("stacked_part", uid)
        if part.area == uid
    ]


def drop_shares(snapshot: Snapshot, draft: Draft, uid: str) -> None:
    """Take out of the draft all that a stacked micro-grid holds."""
    for part in snapshot.linked("stacked_part", uid):
        if part.area == uid:
            draft.remove("stacked_part", part.uid)


def put_shares(draft: Draft, desk: Desk, uid: str, shares: Sequence[Share]) -> None:
    """Put into the draft what a stacked micro-grid holds."""
    for share in shares:
        part = StackedPart(
            desk.new_uid(), uid, share.building, share.entrance, share.floor_from, share.floor_to
        )
        draft.put("stacked_part", part)
