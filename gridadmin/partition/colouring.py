"""Which colour an area has, so that no two neighbours have the same one.

Colours are numbers; the first :data:`WELL_APART` of them are the palette's, which always suffice
for a map without tricks. The same map always gets the same colours; after an edit only areas that
now clash get others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from gridadmin.base.giving_way import give_way
from gridadmin.partition.grid import Bools, Ints

WELL_APART = 8
_BREATH = 1000
_FEW_NEIGHBOURS = 5
"""A plane map always has an area with so few neighbours (Euler)."""


def colours_of(regions: Ints, pairs: Ints, like: Mapping[int, int] | None = None) -> dict[int, int]:
    """Return a colour for each of *regions* (sorted) by smallest-last colouring.

    *pairs* ``(n, 2)`` are neighbours. Where *like* has colours of an earlier map they are kept,
    unless two neighbours would share one.
    """
    if not len(regions):
        return {}
    first, second = np.searchsorted(regions, pairs[:, 0]), np.searchsorted(regions, pairs[:, 1])
    count = len(regions)
    source = np.concatenate((first, second))
    target = np.concatenate((second, first))
    order = np.argsort(source, kind="stable")
    neighbours = target[order].tolist()
    begins = np.searchsorted(source[order], np.arange(count + 1)).tolist()
    known = [-1] * count if like is None else [like.get(oid, -1) for oid in regions.tolist()]
    numbers = regions.tolist()
    colour = [-1] * count
    for number, place in enumerate(_order(first, second, count).tolist()):
        if not number % _BREATH:
            give_way()
        used = 0
        for other in neighbours[begins[place] : begins[place + 1]]:
            if colour[other] >= 0:
                used |= 1 << colour[other]
        wish = known[place]
        if wish < 0 or used >> wish & 1:
            wish = _free(numbers[place], used)
        colour[place] = wish
    return dict(zip(numbers, colour, strict=True))


def _order(first: Ints, second: Ints, count: int) -> Ints:
    """Return the order of colouring: who is peeled off the map last, with few neighbours left.

    All areas with few neighbours are peeled off together, round by round; whoever is coloured then
    meets at most five coloured neighbours on a plane map.
    """
    is_left = np.ones(count, dtype=bool)
    rounds = np.zeros(count, dtype=np.int64)
    number = 0
    while is_left.any():
        degree = np.bincount(first, minlength=count) + np.bincount(second, minlength=count)
        limit = max(_FEW_NEIGHBOURS, int(degree[is_left].min()))
        goes: Bools = is_left & (degree <= limit)
        rounds[goes] = number
        is_left &= ~goes
        keep = is_left[first] & is_left[second]
        first, second = first[keep], second[keep]
        number += 1
    # Numbers of areas are hashes of their uids: a fixed order that favours nobody.
    return np.lexsort((np.arange(count), -rounds))


def _free(number: int, used: int) -> int:
    """Return a colour that is not among the bits of *used*.

    Which one is tried first depends on the area's number, so all are about equally frequent.
    """
    start = number % WELL_APART
    for step in range(WELL_APART):
        colour = (start + step) % WELL_APART
        if not used >> colour & 1:
            return colour
    colour = WELL_APART
    while used >> colour & 1:
        colour += 1
    return colour


def recoloured(
    colours: Mapping[int, int],
    regions: Iterable[int],
    neighbours_of: Callable[[int], Iterable[int]],
) -> dict[int, int]:
    """Return new colours for those of *regions* that have none or clash with a neighbour.

    *regions* are all whose neighbours changed.
    """
    fresh: dict[int, int] = {}
    # Areas that are new come first: perhaps nobody else has to change then.
    for region in sorted(regions, key=lambda region: (region in colours, region)):
        used = 0
        for other in neighbours_of(region):
            colour = fresh.get(other, colours.get(other, -1))
            if colour >= 0:
                used |= 1 << colour
        known = colours.get(region, -1)
        if known < 0 or used >> known & 1:
            fresh[region] = _free(region, used)
    return fresh
