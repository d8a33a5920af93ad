"""Bring equal rows together: one sort of hashes that carry their row, checked on the full keys."""

from __future__ import annotations

import numpy as np

from gridadmin.partition.grid import Bools, Ints

_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_FEW = 2000


def grouped(*columns: Ints) -> tuple[Ints, Bools]:
    """Return ``(order, is_first)``: an order that brings rows equal in all *columns* together.

    Equal rows keep their order. ``is_first`` marks, in that order, where each group begins.
    """
    count = len(columns[0])
    if count < _FEW:
        order = np.lexsort(columns)
        return order, _differ(columns, order)
    mixed = columns[0].astype(np.uint64) * _MIX[0]
    for column, factor in zip(columns[1:], _MIX[1:], strict=False):
        mixed ^= column.astype(np.uint64) * factor
        mixed ^= mixed >> np.uint64(29)
    # Sorting whole words is twice as quick as sorting row numbers by them.
    bits = np.uint64((count - 1).bit_length())
    tagged = (mixed >> bits << bits) | np.arange(count, dtype=np.uint64)
    tagged.sort()
    order = (tagged & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    mixed = tagged >> bits
    is_first = _differ(columns, order)
    strangers = np.nonzero(is_first[1:] & (mixed[1:] == mixed[:-1]))[0]
    if len(strangers):
        for value in np.unique(mixed[strangers]):
            begin, end = np.searchsorted(mixed, value), np.searchsorted(mixed, value, side="right")
            rows = order[begin:end]
            order[begin:end] = rows[np.lexsort([column[rows] for column in columns])]
        is_first = _differ(columns, order)
    return order, is_first


def _differ(columns: tuple[Ints, ...], order: Ints) -> Bools:
    """Return which rows, taken in *order*, differ from the one before."""
    is_first = np.zeros(len(order), dtype=bool)
    is_first[:1] = True
    for column in columns:
        values = column[order]
        is_first[1:] |= values[1:] != values[:-1]
    return is_first
