"""The pairs that are tried first: the present seat, near doors, doors that want, paired ones."""

from __future__ import annotations

import numpy as np

from gridadmin.partition.grid import Ints
from gridadmin.staffing.proposals.task import NONE, Bools, Floats, Task

ALL_PAIRS = 60_000
"""Up to so many pairs all are tried at once."""
_ARCS = 120_000
_FEWEST, _MOST = 16, 24
_SETTLED = 3
"""How many doors are tried for a person whose seat needs nobody else."""
_FROM_DOORS = 2
_PAIRED = 8

Pairs = tuple[Ints, Ints]


def first_pairs(task: Task) -> Pairs:
    """Return rows and doors of pairs, each once, in their order."""
    n, m = len(task.rows), len(task.doors)
    if n * m <= ALL_PAIRS:
        rows, doors = np.nonzero(task.doors.opens[task.rows.kinds])
        return rows, doors
    near = min(max(_ARCS // n, _FEWEST), _MOST)
    homed = np.flatnonzero(task.rows.homes != NONE)
    found = [(homed, task.rows.homes[homed])]
    is_spare, is_wanting = _spare_rows(task), _wanting_doors(task)
    for kind in np.unique(task.rows.kinds):
        rows = np.flatnonzero(task.rows.kinds == kind)
        doors = np.flatnonzero(task.doors.opens[kind])
        if not len(doors):
            continue
        spare, wanting = rows[is_spare[rows]], doors[is_wanting[doors]]
        found += [
            *_nearest(task, spare, doors, near),
            *_nearest(task, spare, wanting, near),
            *_nearest(task, rows[~is_spare[rows]], doors, min(_SETTLED, near)),
            *_paired(task, rows, doors),
        ]
    pairs = [np.concatenate(side) for side in zip(*found, strict=True)]
    return each_once(pairs[0], pairs[1], m)


def each_once(rows: Ints, doors: Ints, door_count: int) -> Pairs:
    """Return pairs in their order, each once."""
    keys = np.sort(rows * door_count + doors)
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
    return keys // door_count, keys % door_count


def _at_home(task: Task) -> Ints:
    """Return how many people each place has now."""
    homes = task.rows.homes[task.rows.homes != NONE]
    there: Ints = np.bincount(task.doors.places[homes], minlength=len(task.places))
    return there + task.places.taken


def _spare_rows(task: Task) -> Bools:
    """Return who has no seat, or one at a place that needs fewer people than it has."""
    homes = task.rows.homes
    needed = np.maximum(task.places.required, task.places.is_cover)
    has_more = _at_home(task) > needed
    spare: Bools = (homes == NONE) | has_more[task.doors.places[homes]]
    return spare


def _wanting_doors(task: Task) -> Bools:
    """Return the doors of places that have fewer people than they need."""
    needed = np.maximum(task.places.required, task.places.is_cover)
    wanting: Bools = (_at_home(task) < needed)[task.doors.places]
    return wanting


def _nearest(task: Task, rows: Ints, doors: Ints, near: int) -> list[Pairs]:
    """Return the nearest doors of each row, and the nearest rows of each door.

    Where ways are unknown, rows get doors in turn.
    """
    from scipy.spatial import cKDTree

    if not len(rows) or not len(doors):
        return []
    is_row = _is_known(task.rows.xy[rows])
    lost = rows[~is_row]
    count = min(near, len(doors))
    # Every door is somebody's, so that nobody has to be looked for there later.
    turn = (np.arange(len(lost))[:, None] * count + np.arange(count)) % len(doors)
    found = [(np.repeat(lost, count), doors[turn].ravel())]
    known, there = rows[is_row], doors[_is_known(task.doors.xy[doors])]
    if len(known) and len(there):
        count = min(near, len(there))
        _, nth = cKDTree(task.doors.xy[there]).query(task.rows.xy[known], count)
        found.append((np.repeat(known, count), there[nth.ravel()]))
        # And seen from the doors, so that none stays empty for want of a pair.
        count = min(_FROM_DOORS, len(known))
        _, nth = cKDTree(task.rows.xy[known]).query(task.doors.xy[there], count)
        found.append((known[nth.ravel()], np.repeat(there, count)))
    return found


def _paired(task: Task, rows: Ints, doors: Ints) -> list[Pairs]:
    """Return for each row the nearest of the doors that its unit is paired with."""
    found = []
    asked = doors[task.doors.asks_pairing[doors]]
    for unit in np.unique(task.rows.units[rows]):
        there = asked[task.doors.paired[unit, asked]] if unit != NONE else asked[:0]
        if not len(there):
            continue
        own = rows[task.rows.units[rows] == unit]
        count = min(_PAIRED, len(there))
        ways = task.ways(own[:, None], there[None, :])
        nth = np.argsort(ways, axis=1, kind="stable")[:, :count]
        found.append((np.repeat(own, count), there[nth].ravel()))
    return found


def _is_known(xy: Floats) -> Bools:
    known: Bools = np.logical_not(np.isnan(xy).any(axis=1))
    return known
