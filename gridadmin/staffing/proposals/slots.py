"""The columns of the matching: slots of places, gates before them, and staying without a seat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridadmin.partition.grid import Ints
from gridadmin.staffing.proposals.task import NONE, Bools, Task
from gridadmin.staffing.proposals.tiers import Tier


@dataclass(frozen=True)
class Slots:
    """Columns with their costs by goal, and the rows of gates with their possibilities.

    The columns behind door ``d`` are ``column_of[starts[d]:starts[d + 1]]``; the last ``n`` columns
    are the rows' own, for who gets no seat.
    """

    costs: Ints
    """``(tiers, columns)``."""
    starts: Ints
    column_of: Ints
    place_of: Ints
    """The place of each column, :data:`NONE` for gates and for who gets none."""
    is_spare: Bools
    """Columns that are the last of a place which may have more: nobody may take them yet."""
    nth_of: Ints
    """Which of its place each column is, counted from 0; :data:`NONE` for the others."""
    link_rows: Ints
    link_columns: Ints
    link_costs: Ints
    """``(tiers, links)``, without the costs of the columns."""
    gates: Ints
    """The columns of gates: each has to be filled, by a person or by its own row."""

    def carried(self, values: Ints, after: Slots) -> Ints:
        """Return values by column as they are for *after*, where places have more slots."""
        carried = np.zeros(after.count, dtype=np.int64)
        mine, own = self.place_of != NONE, after.place_of != NONE
        starts = np.flatnonzero(own & (after.nth_of == 0))
        first = np.zeros(int(after.place_of.max(initial=0)) + 1, dtype=np.int64)
        first[after.place_of[starts]] = starts
        carried[first[self.place_of[mine]] + self.nth_of[mine]] = values[mine]
        carried[~own] = values[~mine]
        return carried

    def counts(self, places: int) -> Ints:
        """Return how many slots each place has."""
        counts: Ints = np.bincount(self.place_of[self.place_of != NONE], minlength=places)
        return counts

    @property
    def count(self) -> int:
        """How many columns there are."""
        return int(self.costs.shape[1])


def usual_counts(task: Task) -> Ints:
    """Return how many slots each place has at first: for all at home there, and one to spare."""
    places = task.places
    at_home = np.zeros(len(places), dtype=np.int64)
    homes = task.rows.homes[task.rows.homes != NONE]
    np.add.at(at_home, task.doors.places[homes], 1)
    needed = np.maximum(places.required - places.taken, 0)
    spread = -(-len(task.rows) // max(len(places), 1))
    open_ended = np.maximum(np.maximum(at_home, needed) + 1, spread) + 1
    limited = np.maximum(np.maximum(places.most - places.taken, 0), at_home)
    counts: Ints = np.where(places.most == NONE, open_ended, limited)
    return counts


def slots_of(task: Task, counts: Ints) -> Slots:
    """Return the columns when each place has so many slots."""
    return _Builder(task, counts).slots()


class _Builder:
    def __init__(self, task: Task, counts: Ints) -> None:
        self.task = task
        self.counts = counts
        self.slot_starts = np.concatenate(([0], np.cumsum(counts)))

    def slots(self) -> Slots:
        task, total = self.task, int(self.slot_starts[-1])
        gates, doors = self._gates()
        gate_count, rows = len(doors), len(task.rows)
        costs = np.zeros((len(Tier), total + gate_count + rows), dtype=np.int64)
        costs[:, :total] = self._slot_costs()
        costs[Tier.SURPLUS, total : total + gate_count] = self._is_surplus(doors, gates)
        homes = task.rows.homes
        idle = np.where(homes == NONE, int(Tier.WAITING), int(Tier.DROPPED))
        costs[idle, total + gate_count + np.arange(rows)] = 1
        starts, column_of = self._door_columns(doors, total)
        place_of = np.full(costs.shape[1], NONE, dtype=np.int64)
        place_of[:total] = np.repeat(np.arange(len(self.counts)), self.counts)
        nth_of = np.full(costs.shape[1], NONE, dtype=np.int64)
        nth_of[:total] = np.arange(total) - self.slot_starts[place_of[:total]]
        is_spare = np.zeros(costs.shape[1], dtype=bool)
        is_spare[self.slot_starts[1:][task.places.most == NONE] - 1] = True
        return Slots(
            costs,
            starts,
            column_of,
            place_of,
            is_spare,
            nth_of,
            *self._links(doors, gates, total),
            total + np.arange(gate_count),
        )

    def _slot_costs(self) -> Ints:
        places = self.task.places
        place = np.repeat(np.arange(len(self.counts)), self.counts)
        nth = np.arange(len(place)) - self.slot_starts[place] + places.taken[place]
        costs = np.zeros((len(Tier), len(place)), dtype=np.int64)
        costs[Tier.UNCOVERED] = -(places.is_cover[place] & (nth == 0)).astype(np.int64)
        costs[Tier.VACANT] = -(nth < places.required[place]).astype(np.int64)
        most = places.most[place]
        costs[Tier.SURPLUS] = (most != NONE) & (nth >= most)
        costs[Tier.LOAD] = nth if places.weight is None else nth * places.weight[place]
        return costs

    def _gates(self) -> tuple[Ints, Ints]:
        """Return of each gate which of its door's it is, from 0, and the door."""
        doors = self.task.doors
        at_home = np.zeros(len(doors), dtype=np.int64)
        np.add.at(at_home, self.task.rows.homes[self.task.rows.homes != NONE], 1)
        allowed = np.maximum(doors.gate_most - doors.gate_taken, 0)
        counts = np.where(doors.gate_required == NONE, 0, np.maximum(allowed, at_home))
        gated = np.repeat(np.arange(len(doors)), counts)
        first = np.concatenate(([0], np.cumsum(counts)))[gated]
        return np.arange(len(gated)) - first, gated

    def _is_surplus(self, doors: Ints, gates: Ints) -> Ints:
        nth = gates + self.task.doors.gate_taken[doors]
        found: Ints = (nth >= self.task.doors.gate_most[doors]).astype(np.int64)
        return found

    def _door_columns(self, gate_doors: Ints, total: int) -> tuple[Ints, Ints]:
        doors = self.task.doors
        is_direct = doors.gate_required == NONE
        gates = np.bincount(gate_doors, minlength=len(doors))
        counts = np.where(is_direct, self.counts[doors.places], gates)
        starts = np.concatenate(([0], np.cumsum(counts)))
        door = np.repeat(np.arange(len(doors)), counts)
        nth = np.arange(len(door)) - starts[door]
        gate_starts = total + np.concatenate(([0], np.cumsum(gates)))
        first = np.where(is_direct, self.slot_starts[doors.places], gate_starts[:-1])
        return starts, first[door] + nth

    def _links(self, doors: Ints, gates: Ints, total: int) -> tuple[Ints, Ints, Ints]:
        """Return what the row of each gate may take: its own column, or a slot of its place."""
        n, number = len(self.task.rows), np.arange(len(doors))
        places = self.task.doors.places[doors]
        behind = np.repeat(number, self.counts[places])
        first = np.concatenate(([0], np.cumsum(self.counts[places])))[behind]
        slots = self.slot_starts[places][behind] + np.arange(len(behind)) - first
        rows = np.concatenate((number, behind)) + n
        columns = np.concatenate((total + number, slots))
        costs = np.zeros((len(Tier), len(rows)), dtype=np.int64)
        # A gate that keeps its own column lets nobody through: a required seat stays empty.
        nth = gates + self.task.doors.gate_taken[doors]
        costs[Tier.VACANT, : len(doors)] = nth < self.task.doors.gate_required[doors]
        # Its column may stand for somebody too many, but nobody is there then.
        costs[Tier.SURPLUS, : len(doors)] = -self._is_surplus(doors, gates)
        return rows, columns, costs
