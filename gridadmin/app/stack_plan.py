"""Who shall hold which entrances and floors of the buildings of one cell, while it is decided.

A slot is an entrance of a building, or a building without known entrances; each of its floors goes
to a part (a number) or to none. Where the number of floors isn't known a slot has one floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from gridadmin.base.errors import EditError
from gridadmin.domain.model import Building, StackedPart
from gridadmin.edit.stack_commands import (
    Share,
    buildings_on,
    dealt_out,
    entrances_of,
    equal_runs,
)
from gridadmin.partition.figures import part_households
from gridadmin.partition.snapshot import Snapshot

NOBODY = None


@dataclass(frozen=True)
class Slot:
    """An entrance (None: the whole of a building without entrances) and its keys in shares."""

    building: Building
    entrance: str | None
    keys: frozenset[str]
    floors: int
    """How many floors there are; 1 where that isn't known and nothing names any."""


@dataclass(frozen=True)
class Run:
    """Floors *low* to *high* of a slot that go to one part, or to none."""

    slot: int
    low: int
    high: int
    part: int | None


@dataclass(frozen=True)
class Open:
    """What isn't assigned yet of what has to be: slots, wholly or in part, and households."""

    slots: int
    households: int


class StackPlan:
    """The slots of one cell, and to which part each floor of them goes."""

    def __init__(
        self,
        snapshot: Snapshot,
        land: str,
        held: Sequence[Sequence[Share]],
        slots: Sequence[Slot] | None = None,
    ) -> None:
        """Begin with what *held* says of the buildings on the land of the area *land*."""
        self._snapshot, self._land = snapshot, land
        self.buildings = buildings_on(snapshot, land)
        self.slots = list(slots or ())
        for building in () if slots is not None else self.buildings:
            self.slots += _slots(snapshot, building, held)
        self._owners: list[list[int | None]] = [[NOBODY] * slot.floors for slot in self.slots]
        self._take(held)

    def _take(self, held: Sequence[Sequence[Share]]) -> None:
        for part, shares in enumerate(held):
            for share in shares:
                for number, slot in enumerate(self.slots):
                    if _is_of(share, slot):
                        low = share.floor_from or 1
                        self.assign([number], low, share.floor_to or slot.floors, part)

    # Changing it

    def assign(self, slots: Iterable[int], low: int, high: int, part: int | None) -> None:
        """Give the floors *low* to *high* of some slots, as far as they have them, to a part."""
        for number in slots:
            owners = self._owners[number]
            for floor in range(max(low, 1), min(high, len(owners)) + 1):
                owners[floor - 1] = part

    def drop_parts(self, count: int) -> None:
        """Take away what parts from number *count* on hold."""
        for owners in self._owners:
            owners[:] = [part if part is not None and part < count else NOBODY for part in owners]

    def propose(self, parts: int) -> None:
        """Deal everything out to parts of equal households, by entrances or, too few, by floors.

        Raises: EditError ``edit.too_few_entrances`` when there are too few floors as well.
        """
        try:
            held: list[Sequence[Share]] = [
                part.holds for part in dealt_out(self._snapshot, self.buildings, parts)
            ]
        except EditError:
            self._deal_floors(parts)
            return
        self.drop_parts(0)
        self._take(held)

    def _deal_floors(self, parts: int) -> None:
        floors = [(n, f) for n, slot in enumerate(self.slots) for f in range(1, slot.floors + 1)]
        if len(floors) < parts:
            raise EditError("edit.too_few_entrances", entrances=len(floors), parts=parts)
        figures = [self.households_of(Run(n, floor, floor, NOBODY)) for n, floor in floors]
        ends = equal_runs(figures, parts)
        for part, (start, end) in enumerate(pairwise([0, *ends])):
            for number, floor in floors[start:end]:
                self.assign([number], floor, floor, part)

    # What it comes to

    def canonical(self, shares: Sequence[Share]) -> list[Share]:
        """Return *shares* as this plan would write them, so that both can be compared."""
        return StackPlan(self._snapshot, self._land, [shares], self.slots).shares(0)

    def runs(self, slot: int) -> list[Run]:
        """Return the floors of a slot by who gets them, from the ground up."""
        found = []
        floor = 1
        for part, same in groupby(self._owners[slot]):
            count = len(list(same))
            found.append(Run(slot, floor, floor + count - 1, part))
            floor += count
        return found

    def share_of(self, run: Run) -> Share:
        """Return a run as a share of its building."""
        slot = self.slots[run.slot]
        if (run.low, run.high) == (1, slot.floors):
            return Share(slot.building.uid, slot.entrance)
        # Above the highest floor that is named there may be more of them.
        is_open = not slot.building.floors and run.high == slot.floors
        return Share(slot.building.uid, slot.entrance, run.low, None if is_open else run.high)

    def households_of(self, run: Run) -> int:
        """Return the households of a run."""
        return share_households(self._snapshot, self.share_of(run))

    def shares(self, part: int) -> list[Share]:
        """Return what a part holds, in the order of the buildings; whole ones in one share."""
        found: list[Share] = []
        for _, of_one in groupby(range(len(self.slots)), lambda n: self.slots[n].building.uid):
            numbers = list(of_one)
            mine = [[run for run in self.runs(n) if run.part == part] for n in numbers]
            spans = [[(run.low, run.high) for run in runs] for runs in mine]
            is_alike = all(span == spans[0] for span in spans)
            told = [self.share_of(run) for runs in (mine[:1] if is_alike else mine) for run in runs]
            found += [replace(share, entrance=None) for share in told] if is_alike else told
        return found

    def households(self, part: int) -> int:
        """Return the households of a part."""
        return sum(share_households(self._snapshot, share) for share in self.shares(part))

    def still_open(self) -> Open:
        """Return what has no part yet and must have one.

        A building without households may be left out as long as nothing of it is assigned.
        """
        runs = list(self._open_runs())
        households = sum(self.households_of(run) for run in runs)
        return Open(len({run.slot for run in runs}), households)

    def _open_runs(self) -> Iterator[Run]:
        touched = {
            self.slots[n].building.uid
            for n, owners in enumerate(self._owners)
            if any(part is not None for part in owners)
        }
        for number, slot in enumerate(self.slots):
            if slot.building.households or slot.building.uid in touched:
                yield from (run for run in self.runs(number) if run.part is NOBODY)


def share_households(snapshot: Snapshot, share: Share) -> int:
    """Return the households of a share, as they count for the micro-grid that holds it."""
    part = StackedPart("", "", share.building, share.entrance, share.floor_from, share.floor_to)
    return part_households(snapshot, part)


def _slots(
    snapshot: Snapshot, building: Building, held: Sequence[Sequence[Share]]
) -> Iterator[Slot]:
    of_it = [share for shares in held for share in shares if share.building == building.uid]
    named = [f for share in of_it for f in (share.floor_from, share.floor_to) if f is not None]
    floors = building.floors or max([1, *named])
    entrances = entrances_of(snapshot, building.uid)
    for one in entrances:
        yield Slot(building, one.name, frozenset({one.name, one.uid}), floors)
    if not entrances:
        yield Slot(building, None, frozenset(), floors)


def _is_of(share: Share, slot: Slot) -> bool:
    if share.building != slot.building.uid:
        return False
    return share.entrance is None or share.entrance in slot.keys
