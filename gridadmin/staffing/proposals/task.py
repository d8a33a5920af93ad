"""The question of a proposal in numbers: rows (persons), doors (posts on areas), places (slots).

A *door* is a post on an area; it leads to a *place*, whose slots fill one after the other. Several
doors may lead to one place: all cadres of a base unit share its slots, whatever post they have. A
door with seats of its own in a shared place has a *gate* before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridadmin.partition.grid import Ints
from gridadmin.staffing.proposals.tiers import DISTANCE_M, Tier

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

NONE = -1
"""No door, no unit, no limit."""


@dataclass(frozen=True)
class Rows:
    """Who looks for a seat, ``(n,)`` each; coordinates in metres, NaN where unknown."""

    kinds: Ints
    """Which doors are open: a row of :attr:`Doors.opens`."""
    units: Ints
    """The row of :attr:`Doors.paired`, or :data:`NONE`."""
    homes: Ints
    """The door of the present seat, or :data:`NONE`."""
    xy: Floats

    def __len__(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True)
class Doors:
    """Posts on areas, ``(m,)`` each.

    ``gate_required`` is :data:`NONE` for a door that leads to its place directly; with a gate it
    is how many must pass, ``gate_most`` how many may, ``gate_taken`` how many are inside for good.
    """

    places: Ints
    opens: Bools
    paired: Bools
    asks_pairing: Bools
    xy: Floats
    gate_required: Ints
    gate_most: Ints
    gate_taken: Ints

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True)
class Places:
    """Slots, ``(p,)`` each: how many are taken for good, required, allowed (:data:`NONE` = any)."""

    taken: Ints
    required: Ints
    most: Ints
    is_cover: Bools
    """Whether the first one there covers a base unit."""
    weight: Ints | None = None
    """What each further one there weighs in the spread, None = 1 everywhere."""

    def __len__(self) -> int:
        return len(self.taken)


@dataclass(frozen=True)
class Task:
    """Everything that decides an answer."""

    rows: Rows
    doors: Doors
    places: Places
    step_m: float = DISTANCE_M
    """The unit in which ways are counted, in metres."""

    def ways(self, rows: Ints, doors: Ints) -> Ints:
        """Return the ways of pairs in steps, 0 where unknown.

        The two are broadcast against each other.
        """
        away = self.rows.xy[rows] - self.doors.xy[doors]
        ways = np.rint(np.hypot(away[..., 0], away[..., 1]) / self.step_m)
        return np.nan_to_num(ways).astype(np.int64)

    def unpaired(self, rows: Ints, doors: Ints) -> Bools:
        """Return which pairs send a person to a place that the person's unit isn't paired with."""
        units = self.rows.units[rows]
        is_asked: Bools = self.doors.asks_pairing[doors] & (units != NONE)
        if not len(self.doors.paired):
            return np.zeros_like(is_asked)
        return is_asked & ~self.doors.paired[units, doors]

    def moves(self, rows: Ints, doors: Ints) -> Bools:
        """Return which pairs take a person from the present seat to another."""
        homes = self.rows.homes[rows]
        moved: Bools = (homes != NONE) & (homes != doors)
        return moved

    def is_open(self, rows: Ints, doors: Ints) -> Bools:
        """Return which pairs are allowed at all."""
        found: Bools = self.doors.opens[self.rows.kinds[rows], doors]
        return found

    def pair_costs(self, rows: Ints, doors: Ints) -> Ints:
        """Return what pairs cost by goal, ``(tiers, n)``."""
        costs = np.zeros((len(Tier), len(rows)), dtype=np.int64)
        costs[Tier.UNPAIRED] = self.unpaired(rows, doors)
        costs[Tier.MOVED] = self.moves(rows, doors)
        costs[Tier.DISTANCE] = self.ways(rows, doors)
        return costs
