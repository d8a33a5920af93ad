"""A task taken apart where posts have nothing to do with each other, and put together again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gridadmin.base.progress import SILENT, Progress
from gridadmin.partition.grid import Ints
from gridadmin.staffing.proposals.slots import slots_of, usual_counts
from gridadmin.staffing.proposals.solve import Solution, bounds_of, solve
from gridadmin.staffing.proposals.task import NONE, Bools, Places, Task
from gridadmin.staffing.proposals.tiers import DISTANCE_M, stages_of

_STEPS_M = (DISTANCE_M, 20.0, 50.0, 100.0)
"""In which steps ways may be counted: the finest with which all goals fit into one number."""


@dataclass(frozen=True)
class Part:
    """Rows and doors that have to do with each other (numbers of the whole task), and the best."""

    task: Task
    rows: Ints
    doors: Ints
    solution: Solution


@dataclass(frozen=True)
class Answer:
    """The door of each row of the whole task, and the parts that prove it."""

    door_of: Ints
    parts: tuple[Part, ...]

    @property
    def tried(self) -> int:
        """How many pairs were looked at closely."""
        return sum(part.solution.tried for part in self.parts)

    @property
    def rounds(self) -> int:
        """How many matchings the longest part took."""
        return max((part.solution.rounds for part in self.parts), default=0)


def solve_parts(task: Task, progress: Progress = SILENT) -> Answer:
    """Return the best answer. Raises: Cancelled, NotProvenError."""
    door_of = np.full(len(task.rows), NONE, dtype=np.int64)
    parts = []
    for rows, doors in _groups(task):
        own = _with_steps(_part(task, rows, doors))
        solution = solve(own, progress)
        has_seat = solution.door_of != NONE
        door_of[rows[has_seat]] = doors[solution.door_of[has_seat]]
        parts.append(Part(own, rows, doors, solution))
    return Answer(door_of, tuple(parts))


def _groups(task: Task) -> Iterator[tuple[Ints, Ints]]:
    """Yield rows and doors that hang together: by kinds of rows that may go to the same places."""
    left = set(range(len(task.doors.opens)))
    at_place = _opens_by_place(task)
    while left:
        group = {min(left)}
        while True:
            places: Bools = np.asarray(at_place[sorted(group)].any(axis=0))
            wider = {kind for kind in left if at_place[kind, places].any()} | group
            if wider == group:
                break
            group = wider
        left -= group
        rows = np.flatnonzero(np.isin(task.rows.kinds, sorted(group)))
        doors = np.flatnonzero(places[task.doors.places])
        if len(rows) and len(doors):
            yield rows, doors


def _opens_by_place(task: Task) -> Bools:
    at_place = np.zeros((len(task.doors.opens), len(task.places)), dtype=bool)
    for kind, opens in enumerate(task.doors.opens):
        at_place[kind, task.doors.places[opens]] = True
    return at_place


def _part(task: Task, rows: Ints, doors: Ints) -> Task:
    door = np.full(len(task.doors) + 1, NONE, dtype=np.int64)
    door[doors] = np.arange(len(doors))
    all_doors, all_rows = task.doors, task.rows
    used, places = np.unique(all_doors.places[doors], return_inverse=True)
    whole = task.places
    return replace(
        task,
        rows=replace(
            all_rows,
            kinds=all_rows.kinds[rows],
            units=all_rows.units[rows],
            homes=door[all_rows.homes[rows]],
            xy=all_rows.xy[rows],
        ),
        doors=replace(
            all_doors,
            places=places.astype(np.int64),
            opens=all_doors.opens[:, doors],
            paired=all_doors.paired[:, doors],
            asks_pairing=all_doors.asks_pairing[doors],
            xy=all_doors.xy[doors],
            gate_required=all_doors.gate_required[doors],
            gate_most=all_doors.gate_most[doors],
            gate_taken=all_doors.gate_taken[doors],
        ),
        places=Places(
            whole.taken[used],
            whole.required[used],
            whole.most[used],
            whole.is_cover[used],
            None if whole.weight is None else whole.weight[used],
        ),
    )


def _with_steps(task: Task) -> Task:
    """Return the task with ways in the finest steps that keep it one number, or usual ones."""
    for step_m in _STEPS_M:
        stepped = replace(task, step_m=step_m)
        if len(stages_of(bounds_of(stepped, slots_of(stepped, usual_counts(stepped))))) <= 1:
            return stepped
    return task
