"""Made-up tasks, small enough to try every answer, and large ones as the published places are."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import numpy as np
from numpy.random import Generator
from scipy.optimize import Bounds, LinearConstraint, milp

from gridadmin.partition.grid import Ints
from gridadmin.staffing.proposals.task import NONE, Doors, Places, Rows, Task
from gridadmin.staffing.proposals.tiers import Tier


def small_task(chance: Generator) -> Task:
    """Return a task of up to five persons and four places with everything that a task can have."""
    n, p = int(chance.integers(1, 6)), int(chance.integers(1, 4))
    has_gates = chance.random() < 0.5
    places_of = np.concatenate((np.arange(p), np.arange(p))) if has_gates else np.arange(p)
    m = len(places_of)
    is_gate = np.arange(m) >= p
    kinds, units = 2, 2
    opens = np.zeros((kinds, m), dtype=bool)
    opens[0, :p] = chance.random(p) < 0.8
    opens[1] = is_gate if has_gates else chance.random(m) < 0.6
    row_kinds = chance.integers(0, kinds, n)
    homes = np.full(n, NONE)
    for row in range(n):
        open_doors = np.flatnonzero(opens[row_kinds[row]])
        if len(open_doors) and chance.random() < 0.6:
            homes[row] = chance.choice(open_doors)
    door_xy = (chance.integers(0, 9, (m, 2)) * 100).astype(np.float64)
    door_xy[p:] = door_xy[: m - p]
    row_xy = (chance.integers(0, 9, (n, 2)) * 100).astype(np.float64)
    row_xy[homes != NONE] = door_xy[homes[homes != NONE]]
    row_xy[chance.random(n) < 0.2] = np.nan
    required = chance.integers(0, 3, p)
    most = np.where(chance.random(p) < 0.5, NONE, required + chance.integers(0, 2, p))
    if has_gates:
        most[:] = NONE
    return Task(
        Rows(row_kinds, chance.integers(-1, units, n), homes, row_xy),
        Doors(
            places_of,
            opens,
            chance.random((units, m)) < 0.5,
            chance.random(m) < 0.7,
            door_xy,
            np.where(is_gate, chance.integers(0, 2, m), NONE),
            np.where(is_gate, chance.integers(1, 3, m), NONE),
            np.where(is_gate, chance.integers(0, 2, m), 0),
        ),
        Places(chance.integers(0, 2, p), required, most, chance.random(p) < 0.6),
    )


def side_by_side(one: Task, other: Task) -> Task:
    """Return two tasks as one, with nothing in common but the goals."""
    doors, kinds, units = len(one.doors), len(one.doors.opens), len(one.doors.paired)

    def both(name: str, table: str, shift: int = 0) -> Any:
        left, right = (getattr(getattr(task, table), name) for task in (one, other))
        return np.concatenate(
            (left, np.where(right == NONE, NONE, right + shift) if shift else right)
        )

    def apart(name: str) -> Any:
        left, right = getattr(one.doors, name), getattr(other.doors, name)
        return np.block(
            [
                [left, np.zeros((len(left), right.shape[1]), dtype=bool)],
                [np.zeros((len(right), left.shape[1]), dtype=bool), right],
            ]
        )

    return Task(
        Rows(
            both("kinds", "rows", kinds),
            both("units", "rows", units),
            both("homes", "rows", doors),
            both("xy", "rows"),
        ),
        Doors(
            both("places", "doors", len(one.places)),
            apart("opens"),
            apart("paired"),
            both("asks_pairing", "doors"),
            both("xy", "doors"),
            both("gate_required", "doors"),
            both("gate_most", "doors"),
            both("gate_taken", "doors"),
        ),
        Places(
            both("taken", "places"),
            both("required", "places"),
            both("most", "places"),
            both("is_cover", "places"),
        ),
    )


def district(chance: Generator, persons: int, places: int, units: int) -> Task:
    """Return cadres of some units and base units in a square of 20 km, most of them with a seat.

    One in eight is a first secretary, of whom a place has one at most.
    """
    door_xy = chance.random((places, 2)) * 20_000
    is_first = np.arange(persons) % 8 == 0
    homes = chance.integers(0, places, persons)
    homes[is_first] = places + chance.permutation(places)[np.arange(is_first.sum()) % places]
    homes[chance.random(persons) < 0.2] = NONE
    unit_xy = chance.random((units, 2)) * 20_000
    row_units = chance.integers(0, units, persons)
    both = np.concatenate((door_xy, door_xy))
    row_xy = np.where((homes == NONE)[:, None], unit_xy[row_units], both[homes])
    opens = np.arange(2 * places)[None, :] // places == np.arange(2)[:, None]
    paired = np.tile(chance.random((units, places)) < 3 / units, 2)
    gates = np.arange(2 * places) >= places
    nothing = np.zeros(2 * places, dtype=np.int64)
    return Task(
        Rows(is_first.astype(np.int64), row_units, homes, row_xy),
        Doors(
            np.tile(np.arange(places), 2),
            opens,
            paired,
            np.ones(2 * places, dtype=bool),
            both,
            np.where(gates, 0, NONE),
            np.where(gates, 1, NONE),
            nothing,
        ),
        Places(
            (chance.random(places) < 0.1).astype(np.int64),
            np.zeros(places, dtype=np.int64),
            np.full(places, NONE),
            np.ones(places, dtype=bool),
        ),
    )


def totals_of(task: Task, door_of: list[int]) -> tuple[int, ...]:
    """Return the amounts by goal of an answer, counted as their words say."""
    rows, doors, places = task.rows, task.doors, task.places
    totals = [0] * len(Tier)
    for row, door in enumerate(door_of):
        home, unit = rows.homes[row], rows.units[row]
        if door == NONE:
            totals[Tier.WAITING if home == NONE else Tier.DROPPED] += 1
            continue
        is_paired = unit == NONE or not doors.asks_pairing[door] or doors.paired[unit, door]
        totals[Tier.UNPAIRED] += not is_paired
        totals[Tier.MOVED] += home not in (NONE, door)
        away = np.hypot(*(rows.xy[row] - doors.xy[door]))
        totals[Tier.DISTANCE] += 0 if np.isnan(away) else int(np.rint(away / task.step_m))
    by_place = Counter(int(doors.places[door]) for door in door_of if door != NONE)
    for place in range(len(places)):
        taken, there = int(places.taken[place]), by_place[place]
        totals[Tier.UNCOVERED] += bool(places.is_cover[place] and taken + there == 0)
        totals[Tier.VACANT] += max(int(places.required[place]) - taken - there, 0)
        totals[Tier.LOAD] += sum(range(taken, taken + there))
        if places.most[place] != NONE:
            usual = max(int(places.most[place]) - taken, 0)
            totals[Tier.SURPLUS] += max(there - usual, 0)
    for door in np.flatnonzero(doors.gate_required != NONE).tolist():
        inside = int(doors.gate_taken[door]) + door_of.count(int(door))
        totals[Tier.VACANT] += max(int(doors.gate_required[door]) - inside, 0)
        beyond = max(int(doors.gate_most[door]) - int(doors.gate_taken[door]), 0)
        totals[Tier.SURPLUS] += max(door_of.count(int(door)) - beyond, 0)
    return tuple(totals)


def best_of_all(task: Task) -> tuple[int, ...]:
    """Return the best totals of all answers, found by trying them all."""
    choices = [[NONE, *np.flatnonzero(task.doors.opens[kind]).tolist()] for kind in task.rows.kinds]
    answers = (list(answer) for answer in itertools.product(*choices))
    return min(totals_of(task, answer) for answer in answers if is_allowed(task, answer))


def best_by_highs(task: Task) -> tuple[int, ...]:
    """Return the best totals as HiGHS finds them, goal by goal, with no matching in it.

    Whole numbers: who goes through which door, and for each slot and gate whether it is filled.
    """
    model = _Model(task)
    fixed: list[LinearConstraint] = []
    totals = []
    for tier in Tier:
        best = milp(
            model.goals[tier],
            integrality=np.ones(model.size),
            bounds=Bounds(0, 1),
            constraints=[*model.constraints, *fixed],
            options={"mip_rel_gap": 0},
        )
        assert best.success
        value = round(float(best.fun))
        fixed.append(LinearConstraint(model.goals[tier][None, :], value, value))
        totals.append(value + model.constants[tier])
    return tuple(totals)


class _Model:
    """The variables: pairs, then slots of places, then slots of gates; a pair fills both."""

    def __init__(self, task: Task) -> None:
        n, p = len(task.rows), len(task.places)
        rows, doors = np.nonzero(task.doors.opens[task.rows.kinds])
        pairs, slots = len(rows), n + 1
        gates = np.flatnonzero(task.doors.gate_required != NONE)
        self.size = pairs + p * slots + len(gates) * slots
        self.goals = np.zeros((len(Tier), self.size))
        self.constants = [0] * len(Tier)
        self.goals[:, :pairs] = task.pair_costs(rows, doors)
        is_homed = task.rows.homes[rows] != NONE
        self.goals[Tier.DROPPED, :pairs] = -is_homed.astype(float)
        self.goals[Tier.WAITING, :pairs] = -(~is_homed).astype(float)
        homed = int(np.count_nonzero(task.rows.homes != NONE))
        self.constants[Tier.DROPPED], self.constants[Tier.WAITING] = homed, n - homed
        one_each = np.zeros((n, self.size))
        one_each[rows, np.arange(pairs)] = 1
        filled = np.zeros((p + len(gates), self.size))
        filled[task.doors.places[doors], np.arange(pairs)] = 1
        for number, gate in enumerate(gates):
            filled[p + number, np.flatnonzero(doors == gate)] = 1
        self.constraints = [LinearConstraint(one_each, 0, 1)]
        for number in range(p + len(gates)):
            own = pairs + number * slots + np.arange(slots)
            filled[number, own] = -1
            if number < p:
                self._place(task, number, own)
            else:
                self._gate(task, int(gates[number - p]), own)
        self.constraints.append(LinearConstraint(filled, 0, 0))

    def _place(self, task: Task, place: int, own: Ints) -> None:
        taken, required = int(task.places.taken[place]), int(task.places.required[place])
        assert task.places.most[place] == NONE
        nth = taken + np.arange(len(own))
        self.goals[Tier.LOAD, own] = nth
        self.goals[Tier.VACANT, own[nth < required]] = -1
        self.constants[Tier.VACANT] += max(required - taken, 0)
        if task.places.is_cover[place] and not taken:
            self.goals[Tier.UNCOVERED, own[0]] = -1
            self.constants[Tier.UNCOVERED] += 1

    def _gate(self, task: Task, gate: int, own: Ints) -> None:
        doors = task.doors
        nth = int(doors.gate_taken[gate]) + np.arange(len(own))
        at_home = int(np.count_nonzero(task.rows.homes == gate))
        usual = max(int(doors.gate_most[gate] - doors.gate_taken[gate]), 0)
        self.goals[Tier.VACANT, own[nth < doors.gate_required[gate]]] = -1
        self.constants[Tier.VACANT] += max(
            int(doors.gate_required[gate]) - int(doors.gate_taken[gate]), 0
        )
        self.goals[Tier.SURPLUS, own[nth >= doors.gate_most[gate]]] = 1
        limit = np.zeros((1, self.size))
        limit[0, own] = 1
        self.constraints.append(LinearConstraint(limit, 0, max(usual, at_home)))


def is_allowed(task: Task, door_of: list[int]) -> bool:
    """Return whether nobody comes in beyond what is allowed; who is there already may stay."""
    doors, places, homes = task.doors, task.places, task.rows.homes.tolist()
    for door in np.flatnonzero(doors.gate_required != NONE).tolist():
        usual = max(int(doors.gate_most[door]) - int(doors.gate_taken[door]), 0)
        if door_of.count(door) > max(usual, homes.count(door)):
            return False
    for place in np.flatnonzero(places.most != NONE).tolist():
        behind = np.flatnonzero(doors.places == place).tolist()
        usual = max(int(places.most[place]) - int(places.taken[place]), 0)
        there = sum(door_of.count(door) for door in behind)
        if there > max(usual, sum(homes.count(door) for door in behind)):
            return False
    return True
