from __future__ import annotations

import random

from gridadmin.base.portions import sorted_in_portions


def test_portions_are_sorted_as_the_whole_and_equal_ones_stay_in_order() -> None:
    chance = random.Random(4)
    values = [(chance.randrange(9), number) for number in range(200)]

    found = sorted_in_portions(values, lambda one: one[0], at_once=17)

    assert found == sorted(values, key=lambda one: one[0])
    assert sorted_in_portions([], lambda one: one) == []
