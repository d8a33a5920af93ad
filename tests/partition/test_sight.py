"""Many points at once get the owner that each gets alone; beyond the box of a change none moves."""

from __future__ import annotations

import random

import numpy as np
import pytest

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import box_of_changes
from gridadmin.partition.sight import owner_at, owners_at
from tests.helpers.maps import box, chessboard, crowded, dirty, from_mm
from tests.helpers.random_edits import RandomEdits

LEFT, RIGHT, OTHER = 1, 2, 3


def packed(points: list[tuple[int, int]]) -> bytes:
    return np.array(points, dtype="<i8").tobytes()


@pytest.mark.parametrize("partition", [crowded(3), dirty(5), chessboard(6, 6)])
def test_many_points_see_what_each_sees_alone(partition: Partition) -> None:
    # Every point of the raster: on borders, on nodes, level with them, and beyond all land.
    points = [(x, y) for x in range(-20, 640, 13) for y in range(-20, 640, 11)]
    points += [(x, y) for x in range(0, 200, 10) for y in range(0, 200, 10)]

    assert owners_at(partition, points) == [owner_at(partition, x, y) for x, y in points]


def test_a_point_far_right_of_the_only_edges_is_seen_exactly() -> None:
    partition = from_mm([box(0, 0, 900_000, 100)])
    points = [(x, 50) for x in (-5, 10, 400_000, 650_000, 899_999, 900_001)]

    owners = owners_at(partition, points)

    assert owners[0] == owners[-1] != owners[1]
    assert owners[1:5] == [owners[1]] * 4


def test_no_owner_changes_beyond_the_box_of_what_changed() -> None:
    partition = crowded(4, 10, 10)
    edits = RandomEdits(random.Random(4), 400)
    points = [(x, y) for x in range(-10, 420, 9) for y in range(-10, 420, 9)]
    before = owners_at(partition, points)
    is_beyond_some = 0
    for _ in range(120):
        try:
            changes = edits.next(partition)
        except EditError:
            continue
        partition = partition.applied(changes, partition.parents)
        after = owners_at(partition, points)
        found = box_of_changes(changes)
        moved = [point for point, one, two in zip(points, before, after, strict=True) if one != two]
        assert found is not None or not moved
        if found is not None:
            x0, y0, x1, y1 = found
            assert all(x0 <= x <= x1 + 1 and y0 <= y <= y1 + 1 for x, y in moved)
            is_beyond_some += x1 - x0 < 400
        before = after

    assert is_beyond_some > 50


def test_the_box_holds_the_edges_that_changed_and_no_others() -> None:
    line = [(0, 0), (10, 5), (20, 0), (30, 5), (40, 0)]
    bent = [(0, 0), (10, 5), (20, -3), (30, 5), (40, 0)]
    before, after, back = (
        BorderRow(number, packed(points), LEFT, RIGHT)
        for number, points in ((1, line), (2, bent), (3, line))
    )
    turned = BorderRow(4, packed(line[::-1]), RIGHT, LEFT)
    other = BorderRow(5, packed(line), LEFT, OTHER)

    assert box_of_changes([(before, after)]) == (10, -3, 30, 5)
    assert box_of_changes([(before, None), (None, back)]) is None
    assert box_of_changes([(before, None), (None, turned)]) is None
    assert box_of_changes([(before, other)]) == (0, 0, 40, 5)
    # The same row on both sides: who owns the land hangs elsewhere now.
    assert box_of_changes([(before, before)]) == (0, 0, 40, 5)
    assert box_of_changes([]) is None
