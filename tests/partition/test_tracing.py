"""Ways along nets of lines that can be worked out by hand."""

from __future__ import annotations

import numpy as np

from gridadmin.partition.tracing import Net, Place, traced


def line(*points: Place) -> np.ndarray:
    return np.array(points, dtype=np.float64)


LADDER = Net.of(
    [
        line((0, 0), (100, 0)),
        line((100, 0), (100, 50), (0, 50), (0, 0)),
        line((50, -20), (50, 70)),
    ]
)
"""A rectangle with a rung across it that no line of it has a node for."""


def way(net: Net, start: Place, end: Place, reach_m: float = 1.0) -> list[Place]:
    found = net.way(start, end, reach_m)
    assert found is not None
    return [(x, y) for x, y in found.tolist()]


def test_the_way_round_the_nearer_end_is_taken() -> None:
    assert way(LADDER, (20, 0), (20, 50)) == [(20, 0), (0, 0), (0, 50), (20, 50)]


def test_lines_that_cross_without_a_node_are_joined() -> None:
    assert way(LADDER, (45, 0), (45, 50)) == [(45, 0), (50, 0), (50, 50), (45, 50)]


def test_along_one_line_the_way_has_its_points_in_between() -> None:
    bent = Net.of([line((0, 0), (10, 0), (10, 10), (20, 10))])

    assert way(bent, (4, 0), (16, 10)) == [(4, 0), (10, 0), (10, 10), (16, 10)]
    assert way(bent, (16, 10), (4, 0)) == [(16, 10), (10, 10), (10, 0), (4, 0)]


def test_around_a_ring_the_shorter_way_is_taken_over_its_seam() -> None:
    ring = Net.of([line((0, 0), (10, 0), (10, 10), (0, 10), (0, 0))])

    assert way(ring, (1, 0), (0, 1)) == [(1, 0), (0, 0), (0, 1)]
    assert way(ring, (1, 0), (9, 0)) == [(1, 0), (9, 0)]


def test_the_ends_are_those_asked_for_though_they_lie_beside_the_line() -> None:
    assert way(LADDER, (20, 0.4), (30, -0.3)) == [(20, 0.4), (20, 0), (30, 0), (30, -0.3)]


def test_no_way_leads_from_off_the_lines_or_to_a_line_apart() -> None:
    apart = Net.of([line((0, 0), (10, 0)), line((20, 0), (30, 0))])

    assert LADDER.way((20, 20), (30, 0), 1.0) is None
    assert apart.way((1, 0), (29, 0), 1.0) is None


def test_the_line_on_which_one_set_out_is_followed_though_another_is_shorter() -> None:
    road = line((0, 0), (0, 30), (100, 30), (100, 0))
    border = line((0, 1), (100, 1))
    nets = [Net.of([border]), Net.of([road]), Net.of([border, road])]

    found = traced(nets, (0, 0), (100, 0), 2.0)

    assert found is not None
    assert found.tolist() == [[0, 0], [0, 30], [100, 30], [100, 0]]


def test_where_one_kind_of_line_does_not_lead_there_all_together_do() -> None:
    road, border = line((0, 0), (50, 0)), line((50, -10), (50, 40))
    nets = [Net.of([border]), Net.of([road]), Net.of([border, road])]

    found = traced(nets, (10, 0), (50, 30), 1.0)

    assert found is not None
    assert found.tolist() == [[10, 0], [50, 0], [50, 30]]
