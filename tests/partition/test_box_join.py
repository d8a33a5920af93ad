"""Joining boxes and points on a raster finds what comparing all with all finds."""

from __future__ import annotations

import numpy as np
import pytest

from gridadmin.partition.box_join import points_in_boxes, touching_boxes
from gridadmin.partition.grid import Ints

COUNT = 900


def boxes(random: np.random.Generator, longest: int) -> tuple[Ints, Ints]:
    low = random.integers(-400, 400, (COUNT, 2))
    return low, low + random.integers(0, longest, (COUNT, 2))


def pairs_one_by_one(low: Ints, high: Ints, rows: Ints) -> set[tuple[int, int]]:
    asking = set(rows.tolist())
    return {
        (one, other)
        for one in asking
        for other in range(len(low))
        if one != other
        and (one < other or other not in asking)
        and (low[one] <= high[other]).all()
        and (low[other] <= high[one]).all()
    }


def test_few_boxes_are_compared_all_with_all() -> None:
    low = np.array([(0, 0), (2, 0), (8, 8), (3, 3)])
    high = np.array([(4, 4), (2, 9), (9, 9), (8, 8)])
    one, other = touching_boxes(low, high, np.array([0, 3]))
    assert sorted(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 1), (0, 3), (3, 2)]


@pytest.mark.parametrize("longest", [3, 40, 700])
def test_each_pair_of_touching_boxes_is_found_once(longest: int) -> None:
    low, high = boxes(np.random.default_rng(longest), longest)
    first, other = touching_boxes(low, high, np.arange(COUNT))
    found = list(zip(first.tolist(), other.tolist(), strict=True))
    assert len(found) == len(set(found)) > 0
    assert set(found) == pairs_one_by_one(low, high, np.arange(COUNT))


def test_boxes_that_are_not_asked_for_are_only_ever_the_other_one() -> None:
    low, high = boxes(np.random.default_rng(5), 60)
    rows = np.arange(0, COUNT, 9)
    first, other = touching_boxes(low, high, rows)
    found = set(zip(first.tolist(), other.tolist(), strict=True))
    assert found == pairs_one_by_one(low, high, rows)
    assert set(first.tolist()) <= set(rows.tolist())


@pytest.mark.parametrize("share", [1, 30])
def test_points_on_the_edge_of_a_box_lie_in_it(share: int) -> None:
    random = np.random.default_rng(share)
    low, high = boxes(random, 50)
    points = np.concatenate((low[::share], high[::share], random.integers(-400, 400, (70, 2))))
    box, point = points_in_boxes(low, high, points)
    inside = (low[:, None] <= points[None]) & (points[None] <= high[:, None])
    assert set(zip(box.tolist(), point.tolist(), strict=True)) == set(
        zip(*(column.tolist() for column in np.nonzero(inside.all(axis=2))), strict=True)
    )
    assert len(box) >= 2 * len(low[::share])


def test_one_huge_box_among_tiny_ones_is_found_too() -> None:
    low, high = boxes(np.random.default_rng(8), 2)
    low[0], high[0] = (-5_000, -5_000), (5_000, 5_000)
    first, _ = touching_boxes(low, high, np.arange(COUNT))
    assert (first == 0).sum() == COUNT - 1
    box, _ = points_in_boxes(low, high, low)
    assert (box == 0).sum() == COUNT


def test_no_points_lie_in_no_boxes() -> None:
    low, high = boxes(np.random.default_rng(8), 2)
    assert len(points_in_boxes(low, high, low[:0])[0]) == 0
    assert len(points_in_boxes(low[:0], high[:0], low)[0]) == 0
