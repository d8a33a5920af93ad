"""The goals of a proposal, one before the other, and how they become whole numbers.

A goal further down never outweighs one further up: not a hundred kilometres one cadre in a village.
Goals are put together into one number as long as that stays exact; else into several *stages*,
solved one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from gridadmin.partition.grid import Ints


class Tier(IntEnum):
    """What a proposal looks at, the most important first; each is counted, and less is better."""

    UNCOVERED = 0
    """Base units without a cadre."""
    VACANT = 1
    """Required seats that stay empty."""
    DROPPED = 2
    """Persons who have a seat and would lose it."""
    SURPLUS = 3
    """Persons beyond what a post allows."""
    WAITING = 4
    """Persons without a seat who get none."""
    UNPAIRED = 5
    """Persons whose unit isn't paired with their place; places whose unit isn't the present one."""
    MOVED = 6
    """Persons who have to leave their present seat."""
    LOAD = 7
    """How unevenly people are spread: the second on a place counts 1, the third 2…"""
    DISTANCE = 8
    """Way from the present place, else from the unit, in steps of metres."""


DISTANCE_M = 10.0
"""The steps in which ways are usually counted, in metres."""
_EXACT = 2**51
"""Costs below this are exact in the floating numbers of the solver, sums of a few of them too."""

Bounds = Sequence[int]


@dataclass(frozen=True)
class Stage:
    """Goals that are looked at together: each with its weight in the one number they become."""

    tiers: tuple[int, ...]
    weights: tuple[int, ...]
    above: int
    """The weight of what must not be lost for any of the goals here."""

    @property
    def weight_of(self) -> dict[int, int]:
        """The weight of each goal."""
        return dict(zip(self.tiers, self.weights, strict=True))

    def cost(self, by_tier: Ints) -> Ints:
        """Return the one number of each column of ``(tiers, n)`` costs."""
        total = np.zeros(by_tier.shape[1:], dtype=np.int64)
        for tier, weight in zip(self.tiers, self.weights, strict=True):
            total += by_tier[tier] * weight
        return total

    def parts(self, value: int) -> list[tuple[int, int]]:
        """Return tier and amount of what a difference of two answers is made of, no zeros.

        A tier of -1 stands for goals of an earlier stage.
        """
        found: list[tuple[int, int]] = []
        rest = value
        for tier, weight in zip((-1, *self.tiers), (self.above, *self.weights), strict=True):
            # Half a weight either way: lower goals never make up as much.
            amount = (rest + weight // 2) // weight
            rest -= amount * weight
            if amount:
                found.append((tier, int(amount)))
        return found


NO_GOALS = Stage((), (), 1)
"""What is left when all answers are equally good."""


def stages_of(bounds: Bounds) -> list[Stage]:
    """Return the stages for goals, given how far one exchange of seats can change each.

    An exchange is a chain of persons of whom each takes the seat of the next. A goal with bound 0
    is the same in all answers and is left out.
    """
    groups: list[list[int]] = [[]]
    size = 1
    for tier, bound in enumerate(bounds):
        if not bound:
            continue
        radix = 2 * bound + 1
        if groups[-1] and size * radix > _EXACT:
            groups.append([])
            size = 1
        groups[-1].append(tier)
        size *= radix
    return [_stage(group, bounds) for group in groups if group]


def _stage(tiers: Sequence[int], bounds: Bounds) -> Stage:
    weights: list[int] = []
    weight = 1
    for tier in reversed(tiers):
        weights.insert(0, weight)
        weight *= 2 * bounds[tier] + 1
    return Stage(tuple(tiers), tuple(weights), weight)
