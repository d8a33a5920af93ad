"""One cheapest full matching of rows with columns, and the prices that prove it.

The matching is scipy's (LAPJVsp, R. Jonker and A. Volgenant); the prices are worked out here in
whole numbers, so the proof doesn't rest on the solver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridadmin.partition.grid import Ints


@dataclass(frozen=True)
class Arcs:
    """What may be matched: row, column and cost of each possibility, all ``(n,) int64``."""

    rows: Ints
    columns: Ints
    costs: Ints
    row_count: int
    column_count: int
    last_resorts: int = 0
    """How many of the last possibilities are likely to be needed by nobody."""


@dataclass(frozen=True)
class Matching:
    """The column of each row; what each row pays and each column is worth (never above 0).

    No possibility costs less than ``paid[row] + worth[column]``, those chosen cost exactly that,
    and columns left free are worth 0: so every full matching costs at least as much as this one.
    """

    column_of: Ints
    paid: Ints
    worth: Ints


class NotProvenError(Exception):
    """The prices don't settle, so the matching isn't the cheapest: a fault of the solver."""


def cheapest(arcs: Arcs, guess: Ints | None = None) -> Matching:
    """Return the cheapest matching of all rows; a *guess* of the worths makes it quicker.

    A guess helps when the columns that it gives a worth come out full and are worth a little more.

    Raises: NotProvenError, ValueError (no matching is full).
    """
    usual = len(arcs.rows) - arcs.last_resorts
    starts = [arcs.costs] if guess is None else [arcs.costs - guess[arcs.columns], arcs.costs]
    for costs in starts:
        for count in dict.fromkeys((usual, len(arcs.rows))):
            try:
                return _proven(arcs, _matched(arcs, costs, count))
            except (NotProvenError, ValueError):
                # A column that the guess gave a worth stays free, or a last resort is needed.
                continue
    return _proven(arcs, _matched(arcs, arcs.costs, len(arcs.rows)))


def _matched(arcs: Arcs, costs: Ints, count: int) -> Ints:
    """Return what the library matches among the first *count* possibilities.

    Raises: ValueError when that leaves a row without a column.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    # No cost may be zero: to the library that is no possibility at all. Each row pays once, so
    # that a number added to all changes nothing.
    costs, rows, columns = costs[:count], arcs.rows[:count], arcs.columns[:count]
    if not count:
        raise ValueError
    shifted = (costs - costs.min() + 1).astype(np.float64)
    # Its work grows with the columns, so those that nothing leads to are left out.
    used = np.flatnonzero(np.bincount(columns, minlength=arcs.column_count))
    if len(used) < arcs.row_count:
        raise ValueError
    number = np.zeros(arcs.column_count, dtype=np.int64)
    number[used] = np.arange(len(used))
    shape = (arcs.row_count, len(used))
    graph = csr_array((shifted, (rows, number[columns])), shape=shape)
    _, found = min_weight_full_bipartite_matching(graph)
    column_of: Ints = used[found]
    return column_of


def _proven(arcs: Arcs, column_of: Ints) -> Matching:
    worth = worths_of(arcs, column_of)
    return Matching(column_of, _own_costs(arcs, column_of) - worth[column_of], worth)


def guessed_worths(arcs: Arcs, wanted: Ints) -> Ints:
    """Return what *wanted* columns are worth as if all others had room for everybody.

    That is the matching seen from the other side: each wanted column takes a row or stays free.
    Where they are fewer than the rows, that answer comes several times quicker. Rows need at least
    one column that isn't wanted.
    """
    worths = np.zeros(arcs.column_count, dtype=np.int64)
    if not len(wanted):
        return worths
    number = np.full(arcs.column_count, -1, dtype=np.int64)
    number[wanted] = np.arange(len(wanted))
    is_wanted = number[arcs.columns] >= 0
    otherwise = np.full(arcs.row_count, np.iinfo(np.int64).max)
    np.minimum.at(otherwise, arcs.rows[~is_wanted], arcs.costs[~is_wanted])
    own = np.arange(len(wanted))
    rows, columns = arcs.rows[is_wanted], number[arcs.columns[is_wanted]]
    swapped = Arcs(
        np.concatenate((columns, own)),
        np.concatenate((rows, arcs.row_count + own)),
        np.concatenate((arcs.costs[is_wanted] - otherwise[rows], np.zeros_like(own))),
        len(wanted),
        arcs.row_count + len(wanted),
    )
    column_of = _matched(swapped, swapped.costs, len(swapped.costs))
    lowest = _lowest_worths(swapped, column_of)
    # One less: a column that is worth exactly its guess might as well stay free.
    worths[wanted] = np.minimum(_own_costs(swapped, column_of) - lowest[column_of] + 1, 0)
    return worths


def _lowest_worths(arcs: Arcs, column_of: Ints) -> Ints:
    """Return the lowest worths of a cheapest matching where each row has a column of its own."""
    own = _own_costs(arcs, column_of)
    worth = np.full(arcs.column_count, -(2**60), dtype=np.int64)
    is_free = np.ones(arcs.column_count, dtype=bool)
    is_free[column_of] = False
    worth[is_free] = 0
    order = np.argsort(arcs.rows, kind="stable")
    rows, columns = arcs.rows[order], arcs.columns[order]
    more = arcs.costs[order] - own[rows]
    starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    held = column_of[rows[starts]]
    while True:
        higher = np.maximum(worth[held], np.maximum.reduceat(worth[columns] - more, starts))
        if np.array_equal(higher, worth[held]):
            return worth
        worth[held] = higher


def _own_costs(arcs: Arcs, column_of: Ints) -> Ints:
    own = np.zeros(arcs.row_count, dtype=np.int64)
    chosen = arcs.columns == column_of[arcs.rows]
    own[arcs.rows[chosen]] = arcs.costs[chosen]
    return own


def worths_of(arcs: Arcs, column_of: Ints) -> Ints:
    """Return the highest worths that hold, by going along the arcs until nothing sinks any more.

    Raises: NotProvenError when they sink forever, or a free column sinks below 0: there is a
    cheaper matching then.
    """
    worth = np.zeros(arcs.column_count, dtype=np.int64)
    other = np.flatnonzero(arcs.columns != column_of[arcs.rows])
    if not len(other):
        return worth
    order = other[np.argsort(arcs.columns[other], kind="stable")]
    own = _own_costs(arcs, column_of)
    columns, more = arcs.columns[order], arcs.costs[order] - own[arcs.rows[order]]
    held = column_of[arcs.rows[order]]
    starts = np.flatnonzero(np.concatenate(([True], columns[1:] != columns[:-1])))
    reached = columns[starts]
    is_free = np.ones(arcs.column_count, dtype=bool)
    is_free[column_of] = False
    for _ in range(arcs.row_count + 1):
        lower = np.minimum(worth[reached], np.minimum.reduceat(worth[held] + more, starts))
        if np.array_equal(lower, worth[reached]):
            return worth
        worth[reached] = lower
        if (worth[is_free] != 0).any():
            break
    raise NotProvenError
