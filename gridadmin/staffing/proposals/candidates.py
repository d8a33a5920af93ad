"""The pairs that are tried first: the present seat, the nearest doors, the paired ones."""

from __future__ import annotations

import numpy as np

from gridadmin.partition.grid import Ints
from gridadmin.staffing.proposals.task import NONE, Bools, Floats, Task

ALL_PAIRS = 60_000
"""Up to so many pairs all are tried at once."""
_ARCS = 120_000
_FEWEST, _MOST = 16, 24
_FROM_DOORS = 2
_PAIRED = 8


def first_pairs(task: Task) -> tuple[Ints, Ints]:
    """Return rows and doors of pairs, each once, in their order."""
    n, m = len(task.rows), len(task.doors)
    if n * m <= ALL_PAIRS:
        rows, doors = np.nonzero(task.doors.opens[task.rows.kinds])
        return rows, doors
    near = min(max(_ARCS // n, _FEWEST), _MOST)
    homed = np.flatnonzero(task.rows.homes != NONE)
    found = [(homed, task.rows.homes[homed])]
    for kind in np.unique(task.rows.kinds):
        rows = np.flatnonzero(task.rows.kinds == kind)
        doors = np.flatnonzero(task.doors.opens[kind])
        if len(doors):
            found.append(_nearest(task, rows, doors, near))
            found += _paired(task, rows, doors)
    pairs = [np.concatenate(side) for side in zip(*found, strict=True)]
    keys = np.unique(pairs[0] * m + pairs[1])
    return keys // m, keys % m


def _nearest(task: Task, rows: Ints, doors: Ints, near: int) -> tuple[Ints, Ints]:
    """Return the nearest doors of each row; where ways are unknown, doors in turn."""
    from scipy.spatial import cKDTree

    count = min(near, len(doors))
    is_row = _is_known(task.rows.xy[rows])
    lost = rows[~is_row]
    # Every door is somebody's, so that nobody has to be looked for there later.
    turn = (np.arange(len(lost))[:, None] * count + np.arange(count)) % len(doors)
    row_parts, door_parts = [np.repeat(lost, count)], [doors[turn].ravel()]
    known, there = rows[is_row], doors[_is_known(task.doors.xy[doors])]
    if len(known) and len(there):
        count = min(near, len(there))
        _, nth = cKDTree(task.doors.xy[there]).query(task.rows.xy[known], count)
        row_parts.append(np.repeat(known, count))
        door_parts.append(there[nth.ravel()])
        # And seen from the doors, so that none stays empty for want of a pair.
        count = min(_FROM_DOORS, len(known))
        _, nth = cKDTree(task.rows.xy[known]).query(task.doors.xy[there], count)
        row_parts.append(known[nth.ravel()])
        door_parts.append(np.repeat(there, count))
    return np.concatenate(row_parts), np.concatenate(door_parts)


def _paired(task: Task, rows: Ints, doors: Ints) -> list[tuple[Ints, Ints]]:
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
