"""What a seat is worth and what each person pays: the proof over pairs that weren't tried.

With the prices of an answer, a pair could only make it better when it costs less than the person
pays for the present seat and the way in together; goal by goal in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.partition.grid import Ints
from gridadmin.staffing.proposals.slots import Slots
from gridadmin.staffing.proposals.task import NONE, Bools, Floats, Task
from gridadmin.staffing.proposals.tiers import Stage, Tier

_BLOCK = 1_000_000
"""Pairs that are looked at in one go."""
_FEWEST_PER_ROW, _MOST_PER_ROW = 8, 64
_ADDED = 100_000
"""About how many pairs are added in one go."""
_NO_WAY = 2**60
"""The entry of a door behind which there is no slot at all."""


Pairs = tuple[Ints, Ints]
"""Rows and doors."""


@dataclass(frozen=True)
class StagePrices:
    """What each row pays in a stage, and what each column asks for (door prices later on)."""

    stage: Stage
    paid: Ints
    asked: Ints


@dataclass(frozen=True)
class Prices:
    """By stage: what each row pays, and what it costs to come in by each door."""

    stages: tuple[StagePrices, ...]
    column_of: Ints
    """The column that is the cheapest behind each door; -1 = there is none."""

    def left(self, task: Task, rows: Ints, doors: Ints) -> list[Ints]:
        """Return by stage how much worse than the present seat each pair is."""
        return [
            one.stage.cost(task.pair_costs(rows, doors)) + one.asked[doors] - one.paid[rows]
            for one in self.stages
        ]


def entry_prices(slots: Slots, found: Sequence[StagePrices], row_count: int) -> Prices:
    """Return prices by door: the cheapest column behind each, looked at stage by stage."""
    doors = np.repeat(np.arange(len(slots.starts) - 1), np.diff(slots.starts))
    asked = [one.asked[slots.column_of] for one in found]
    order = np.lexsort((*reversed(asked), doors))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = doors[order][1:] != doors[order][:-1]
    best = order[is_first]
    stages = []
    for one, entries in zip(found, asked, strict=True):
        of_door = np.full(len(slots.starts) - 1, _NO_WAY, dtype=np.int64)
        of_door[doors[best]] = entries[best]
        stages.append(StagePrices(one.stage, one.paid[:row_count], of_door))
    column_of = np.full(len(slots.starts) - 1, -1, dtype=np.int64)
    column_of[doors[best]] = slots.column_of[best]
    return Prices(tuple(stages), column_of)


def worthwhile(task: Task, prices: Prices, progress: Progress = SILENT) -> Pairs:
    """Return pairs that could make the answer better, the best few of each row; none = proven.

    Raises: Cancelled.
    """
    found: list[Pairs] = []
    for block in _blocks(task, prices.stages[0]):
        checkpoint(progress, "progress.proposal", 1, 2)
        found.append(_better(task, prices, block))
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    rows, doors = (np.concatenate(side) for side in zip(*found, strict=True))
    return _best_few(task, prices, rows, doors)


def _blocks(task: Task, first: StagePrices) -> Iterator[Ints]:
    """Yield rows in groups that pay about the same and stand near each other."""
    size = max(_BLOCK // max(len(task.doors), 1), 1)
    xy = task.rows.xy
    known = ~np.isnan(xy).any(axis=1)
    strip = np.zeros(len(xy), dtype=np.int64)
    if known.any():
        low, high = xy[known].min(axis=0), xy[known].max(axis=0)
        side = max(float(np.sqrt(np.prod(high - low) * size / len(xy))), 1.0)
        strip[known] = ((xy[known, 0] - low[0]) // side).astype(np.int64) + 1
    # What is paid beyond ways: rows that pay more look further, and are best looked at together.
    beyond = min((w for t, w in first.stage.weight_of.items() if t != Tier.DISTANCE), default=1)
    paid = (first.paid + beyond // 2) // beyond
    is_homed = task.rows.homes != NONE
    order = np.lexsort((np.nan_to_num(xy[:, 1]), strip, paid, is_homed, task.rows.kinds))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _better(task: Task, prices: Prices, block: Ints) -> Pairs:
    """Return the pairs of a block of rows that cost less than is paid."""
    first = prices.stages[0]
    doors = _in_reach(task, first, block)
    left = first.asked[doors][None, :] - first.paid[block][:, None]
    tiers = first.stage.weight_of
    grid = block[:, None], doors[None, :]
    if Tier.UNPAIRED in tiers:
        left += task.unpaired(*grid) * tiers[Tier.UNPAIRED]
    if Tier.MOVED in tiers:
        left += task.moves(*grid) * tiers[Tier.MOVED]
    maybe = left <= 0
    if Tier.DISTANCE not in tiers and len(prices.stages) > 1:
        # Those that are as good so far have to be near, where ways decide what is left.
        near = np.isin(doors, _in_reach(task, prices.stages[1], block))
        maybe &= near[None, :] | (left < 0)
    row, door = np.nonzero(maybe)
    is_open = task.is_open(block[row], doors[door])
    row, door = row[is_open], door[is_open]
    value = left[row, door]
    if Tier.DISTANCE in tiers:
        value = value + task.ways(block[row], doors[door]) * tiers[Tier.DISTANCE]
        row, door, value = row[value <= 0], door[value <= 0], value[value <= 0]
    return _below(task, prices, (block[row], doors[door]), value)


def _below(task: Task, prices: Prices, pairs: Pairs, value: Ints) -> Pairs:
    """Return the pairs that are better in some stage and no worse in those before it."""
    rows, doors = pairs
    found: list[Pairs] = []
    for number, one in enumerate(prices.stages):
        if number:
            value = one.stage.cost(task.pair_costs(rows, doors)) + one.asked[doors] - one.paid[rows]
        found.append((rows[value < 0], doors[value < 0]))
        rows, doors = rows[value == 0], doors[value == 0]
    all_rows, all_doors = (np.concatenate(side) for side in zip(*found, strict=True))
    return all_rows, all_doors


def _best_few(task: Task, prices: Prices, rows: Ints, doors: Ints) -> Pairs:
    """Return the best pairs of each row."""
    if not len(rows):
        return rows, doors
    order = np.lexsort((doors, *reversed(prices.left(task, rows, doors)), rows))
    rows, doors = rows[order], doors[order]
    starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    nth = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    most = min(max(_ADDED // len(starts), _FEWEST_PER_ROW), _MOST_PER_ROW)
    return rows[nth < most], doors[nth < most]


def _in_reach(task: Task, one: StagePrices, block: Ints) -> Ints:
    """Return the doors that any row of a block could gain by, as far as one stage tells."""
    room = one.paid[block].max() - one.asked
    if (task.rows.homes[block] != NONE).all():
        # Whoever has a seat moves for any other; the present one is among the pairs already.
        room -= one.stage.weight_of.get(Tier.MOVED, 0)
    kinds = np.flatnonzero(np.bincount(task.rows.kinds[block]))
    is_open = task.doors.opens[kinds].any(axis=0)
    near: Ints = np.flatnonzero(is_open & (room >= 0))
    weight = one.stage.weight_of.get(Tier.DISTANCE)
    here = task.rows.xy[block]
    if weight is None or np.isnan(here).any():
        return near
    low, high = here.min(axis=0), here.max(axis=0)
    there = task.doors.xy[near]
    away: Floats = np.maximum(np.maximum(low - there, there - high), 0.0)
    ways = np.floor(np.hypot(away[:, 0], away[:, 1]) / task.step_m)
    is_near: Bools = np.nan_to_num(ways) * weight <= room[near]
    reached: Ints = near[is_near]
    return reached
