"""The best answer to a task by all goals, proven over every pair that is allowed.

Only some pairs are tried at first: the nearest doors, the paired ones, the present one. The prices
of that answer tell of every pair left out whether it could make the answer better; those that
could are added, until none is left. What comes out is the best of all answers, not of those tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.partition.grid import Ints
from gridadmin.staffing.proposals.candidates import each_once, first_pairs
from gridadmin.staffing.proposals.matching import (
    Arcs,
    Matching,
    NotProvenError,
    cheapest,
    guessed_worths,
)
from gridadmin.staffing.proposals.prices import Prices, StagePrices, entry_prices, worthwhile
from gridadmin.staffing.proposals.slots import Slots, slots_of, usual_counts
from gridadmin.staffing.proposals.task import NONE, Bools, Task
from gridadmin.staffing.proposals.tiers import NO_GOALS, Tier, stages_of

_ROUNDS = 200
_MANY_ROWS = 5000
"""From so many rows on a guess of the prices pays."""
_MOST_SLOTS = 16
"""How many slots a place gets more in one round."""
_MARGIN = 5
"""How much less than in the round before a column is taken to be worth at the start of the next."""
_STEPS = 12


@dataclass(frozen=True)
class Solution:
    """The door of each row (:data:`NONE` = no seat), and what proves that it is the best.

    ``totals`` are the amounts by goal, ``tried`` how many pairs were in the last matching, and
    ``rounds`` how many matchings it took.
    """

    door_of: Ints
    totals: tuple[int, ...]
    prices: Prices
    tried: int
    rounds: int


@dataclass(frozen=True)
class _Pairs:
    """Pairs of row and door that are tried."""

    rows: Ints
    doors: Ints

    def with_more(self, rows: Ints, doors: Ints, count: int) -> _Pairs:
        """Return these pairs and others, each once."""
        all_rows, all_doors = (np.concatenate(s) for s in ((self.rows, rows), (self.doors, doors)))
        return _Pairs(*each_once(all_rows, all_doors, count))


def solve(task: Task, progress: Progress = SILENT) -> Solution:
    """Return the best answer. Raises: Cancelled, NotProvenError."""
    pairs, slots = _Pairs(*first_pairs(task)), slots_of(task, usual_counts(task))
    answer: _Answer | None = None
    for number in range(_ROUNDS):
        checkpoint(progress, "progress.proposal", min(2 * number, _STEPS - 2), _STEPS)
        answer = _answer(task, slots, pairs, answer)
        checkpoint(progress, "progress.proposal", min(2 * number + 1, _STEPS - 1), _STEPS)
        rows, doors = worthwhile(task, answer.prices, progress)
        lacking = _lacking(task, slots, answer, doors)
        more = pairs.with_more(rows, doors, len(task.doors))
        if lacking.any():
            slots = slots_of(task, slots.counts(len(task.places)) + lacking)
        elif not len(rows):
            totals = _totals(task, slots, answer)
            return Solution(answer.door_of, totals, answer.prices, len(pairs.rows), number + 1)
        elif len(more.rows) == len(pairs.rows):
            # What the prices ask for was tried: they contradict themselves.
            break
        pairs = more
    raise NotProvenError


def _lacking(task: Task, slots: Slots, answer: _Answer, wanted: Ints) -> Ints:
    """Return how many slots more each place needs: its spare one is taken, or wanted by doors."""
    columns = np.concatenate((answer.matching.column_of, answer.prices.column_of[wanted]))
    places = slots.place_of[columns[slots.is_spare[columns]]]
    return np.minimum(np.bincount(places, minlength=len(task.places)), _MOST_SLOTS)


@dataclass(frozen=True)
class _Answer:
    slots: Slots
    worths: tuple[Ints, ...]
    """What each column is worth in each stage."""
    matching: Matching
    prices: Prices
    door_of: Ints
    pair_costs: Ints
    """``(tiers,)``: what the chosen pairs cost, without the columns."""


def _answer(task: Task, slots: Slots, pairs: _Pairs, before: _Answer | None) -> _Answer:
    """Return the best answer among pairs: goal by goal, each keeping what the ones before won."""
    rows, columns, origin, doors, costs = _arcs(task, slots, pairs)
    n = len(task.rows)
    row_count = n + len(slots.gates)
    # Gates, and columns that every best answer so far fills, have to be filled.
    is_needed = np.zeros(slots.count, dtype=bool)
    is_needed[slots.gates] = True
    wanted = is_needed | (slots.costs[[Tier.UNCOVERED, Tier.VACANT]].min(axis=0) < 0)
    found: list[StagePrices] = []
    worths: list[Ints] = []
    matching: Matching | None = None
    for number, stage in enumerate(stages_of(bounds_of(task, slots)) or [NO_GOALS]):
        column_costs = stage.cost(slots.costs) - stage.above * is_needed
        arc_costs = stage.cost(costs)[origin] + column_costs[columns]
        # Staying without a seat comes last, in the first stage all of it.
        resorts = 0 if found else n
        arcs = Arcs(rows, columns, arc_costs, row_count, slots.count, resorts)
        matching = cheapest(arcs, _guess(arcs, wanted, slots, before, number))
        left = arc_costs - matching.paid[rows] - matching.worth[columns]
        live = left == 0
        rows, columns, origin = rows[live], columns[live], origin[live]
        is_needed |= matching.worth < 0
        wanted = is_needed
        found.append(StagePrices(stage, matching.paid, column_costs - matching.worth))
        worths.append(matching.worth)
    if matching is None:
        raise NotProvenError
    chosen = columns == matching.column_of[rows]
    door_of = np.full(row_count, NONE, dtype=np.int64)
    door_of[rows[chosen]] = doors[origin[chosen]]
    prices = entry_prices(slots, found, n)
    pair_costs = costs[:, origin[chosen]].sum(axis=1)
    return _Answer(slots, tuple(worths), matching, prices, door_of[:n], pair_costs)


def _guess(
    arcs: Arcs, wanted: Bools, slots: Slots, before: _Answer | None, stage: int
) -> Ints | None:
    """Return what columns will be worth: as in the round before, else seen from their side."""
    if before is not None and stage < len(before.worths):
        worths = before.slots.carried(before.worths[stage], slots)
        return np.minimum(worths + _MARGIN, 0) * wanted
    if stage or arcs.row_count < _MANY_ROWS:
        return None
    return guessed_worths(arcs, np.flatnonzero(wanted))


def _arcs(task: Task, slots: Slots, pairs: _Pairs) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Return row, column and origin of all that may be matched; door and costs of each origin.

    An origin is a pair, a link of a gate, or (the last one) staying without a seat.
    """
    n = len(task.rows)
    counts = np.diff(slots.starts)[pairs.doors]
    pair = np.repeat(np.arange(len(pairs.rows)), counts)
    nth = np.arange(len(pair)) - np.concatenate(([0], np.cumsum(counts)))[pair]
    columns = slots.column_of[slots.starts[pairs.doors][pair] + nth]
    usual = ~slots.is_spare[columns]
    pair, columns = pair[usual], columns[usual]
    own, links = np.arange(n), len(slots.link_rows)
    first = len(pairs.rows)
    costs = task.pair_costs(pairs.rows, pairs.doors)
    none = np.zeros((len(Tier), 1), dtype=np.int64)
    return (
        np.concatenate((pairs.rows[pair], slots.link_rows, own)),
        np.concatenate((columns, slots.link_columns, slots.count - n + own)),
        np.concatenate((pair, first + np.arange(links), np.full(n, first + links))),
        np.concatenate((pairs.doors, np.full(links + 1, NONE, dtype=np.int64))),
        np.hstack((costs, slots.link_costs, none)),
    )


def bounds_of(task: Task, slots: Slots) -> Sequence[int]:
    """Return how far one exchange can change each goal.

    An exchange changes the pair of each row at most once, and fills one column instead of another.
    """
    bounds = [2 * int(np.ptp(one)) if len(one) else 0 for one in slots.costs]
    for tier in (Tier.VACANT, Tier.SURPLUS):
        bounds[tier] += int(np.abs(slots.link_costs[tier]).sum())
    if task.doors.asks_pairing.any():
        bounds[Tier.UNPAIRED] += int(np.count_nonzero(task.rows.units != NONE))
    bounds[Tier.MOVED] += int(np.count_nonzero(task.rows.homes != NONE))
    bounds[Tier.DISTANCE] += _longest(task)
    return bounds


def _longest(task: Task) -> int:
    """Return a way that all ways of one exchange together never reach."""
    here = np.vstack((task.rows.xy, task.doors.xy))
    known = here[~np.isnan(here).any(axis=1)]
    if not len(known):
        return 0
    across = np.hypot(*np.ptp(known, axis=0)) / task.step_m + 1
    return int(across) * int(np.count_nonzero(~np.isnan(task.rows.xy).any(axis=1)))


def _totals(task: Task, slots: Slots, answer: _Answer) -> tuple[int, ...]:
    totals = answer.pair_costs + slots.costs[:, answer.matching.column_of].sum(axis=1)
    # A filled slot counts -1 there; what is meant are those left empty.
    places = task.places
    totals[Tier.UNCOVERED] += np.count_nonzero(places.is_cover & (places.taken == 0))
    totals[Tier.VACANT] += np.maximum(places.required - places.taken, 0).sum()
    return tuple(totals.tolist())
