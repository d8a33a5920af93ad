from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

from gridadmin.partition.audit import audit
from gridadmin.partition.planar import points_of
from gridadmin.partition.simplify import simplified
from tests.helpers.maps import crowded, from_mm

WAVE = [(100, 0), (103, 20), (98, 40), (104, 60), (99, 80), (100, 100)]


def wave() -> list[list[tuple[int, int]]]:
    west = [(0, 0), *WAVE, (0, 100)]
    east = [(200, 0), (200, 100), *WAVE[::-1]]
    return [west, east]


@pytest.mark.parametrize(("within_mm", "left"), [(1, 6), (3, 5), (4, 4), (5, 2)])
def test_vertices_go_as_far_as_the_distance_allows(within_mm: int, left: int) -> None:
    board = from_mm(wave())
    (border,) = [b for b in board if {b.left, b.right} == {1, 2}]

    changes = simplified(board, [border], within_mm)

    after = board.applied(changes, board.parents).border(border.id)
    assert len(points_of(after)) == left
    assert len(changes) == (left < 6)


def test_nothing_is_crossed_on_a_crowded_map() -> None:
    board = crowded(3, columns=8, rows=8)
    chance = random.Random(3)

    changes = simplified(board, chance.sample(list(board), len(board)), 6)

    after = board.applied(changes, board.parents)
    assert audit(after).problems == ()
    assert changes
    for before, fresh in changes:
        assert before is not None
        assert fresh is not None
        line = shapely.LineString(points_of(fresh))
        far = shapely.distance(line, shapely.points(points_of(before).astype(np.float64)))
        assert far.max() <= 6.0


def test_a_ring_keeps_three_corners() -> None:
    ring = [(40, 40), (50, 39), (60, 40), (61, 50), (60, 60), (50, 61), (40, 60), (39, 50)]
    board = from_mm([ring, [(0, 0), (100, 0), (100, 100), (0, 100)]])
    (border,) = [b for b in board if {b.left, b.right} == {1, 2}]

    changes = simplified(board, [border], 1000)

    after = board.applied(changes, board.parents)
    assert len(points_of(after.border(border.id))) == 4
    assert audit(after).problems == ()


def test_a_vertex_that_holds_borders_apart_stays() -> None:
    # Without its dent the border of 1 and 2 would run over island 3.
    dent = [(100, 0), (100, 40), (120, 50), (100, 60), (100, 100)]
    west = [(0, 0), *dent, (0, 100)]
    east = [(200, 0), (200, 100), *dent[::-1]]
    island = [(98, 49), (112, 49), (112, 51), (98, 51)]
    board = from_mm([island, west, east])
    (border,) = [b for b in board if {b.left, b.right} == {2, 3}]

    changes = simplified(board, [border], 1000)

    after = board.applied(changes, board.parents)
    assert (120, 50) in [tuple(p) for p in points_of(after.border(border.id)).tolist()]
    assert audit(after).problems == ()
