"""Many vertices move together as on rubber: nothing is crossed, touched or swept over."""

from __future__ import annotations

import random

import pytest

from gridadmin.base.errors import EditError
from gridadmin.partition.audit import audit
from gridadmin.partition.border import points_of
from gridadmin.partition.joint_moves import move_together
from gridadmin.partition.planar import Partition
from tests.helpers.maps import box, chessboard, crowded, from_mm

Point = tuple[int, int]


def moved(partition: Partition, vertices: set[Point], by: Point) -> Partition:
    changes = move_together(partition, vertices, by)
    after = partition.applied(changes, partition.parents)
    assert audit(after).problems == ()
    return after


def code(partition: Partition, vertices: set[Point], by: Point) -> str:
    with pytest.raises(EditError) as caught:
        move_together(partition, vertices, by)
    return caught.value.code


def vertices(partition: Partition) -> set[Point]:
    return {(int(x), int(y)) for border in partition for x, y in points_of(border).tolist()}


def test_both_nodes_of_a_border_move_with_all_that_meets_there() -> None:
    after = moved(chessboard(3, 3), {(100, 100), (100, 200)}, (40, 30))

    assert {(140, 130), (140, 230)} <= vertices(after)
    assert not {(100, 100), (100, 200)} & vertices(after)


def test_a_step_longer_than_the_stretch_between_two_moving_vertices_is_allowed() -> None:
    # One after the other the first would be dropped on the second.
    partition = from_mm([[(0, 0), (200, 0), (200, 100), (120, 100), (100, 100), (0, 100)]])

    after = moved(partition, {(120, 100), (100, 100)}, (20, 0))

    assert {(140, 100), (120, 100)} <= vertices(after)


def test_an_island_moves_whole_but_not_over_another() -> None:
    island, other = box(40, 40, 60, 60), box(80, 40, 90, 60)
    ring = [(0, 0), (200, 0), (200, 100), (0, 100)]
    partition = from_mm([island, other, ring])
    whole = set(box(40, 40, 60, 60))

    assert set(box(40, 60, 60, 80)) <= vertices(moved(partition, whole, (0, 20)))
    assert code(partition, whole, (20, 0)) in ("edit.crosses", "edit.sweeps_over")
    # Free at its end, but not on the way.
    assert code(partition, whole, (80, 0)) in ("edit.crosses", "edit.sweeps_over")


def test_a_rigid_segment_is_not_pushed_over_a_vertex_between_its_ends() -> None:
    # The spike from below comes between the two vertices of the stretch.
    partition = from_mm(
        [
            [(0, 0), (50, 90), (100, 0)],
            [(0, 100), (100, 100), (100, 200), (0, 200)],
        ]
    )

    assert code(partition, {(0, 100), (100, 100)}, (0, -20)) == "edit.sweeps_over"
    assert {(0, 95), (100, 95)} <= vertices(moved(partition, {(0, 100), (100, 100)}, (0, -5)))


def test_a_moving_vertex_is_not_led_through_a_segment_that_another_pulls() -> None:
    # (60, 0) stays; the segment from there to (60, 100) sinks to the right, and (20, 50) under it.
    partition = from_mm([[(0, 0), (60, 0), (60, 100), (20, 50), (0, 100)]])

    assert code(partition, {(20, 50), (60, 100)}, (60, -50)) == "edit.sweeps_over"
    assert {(30, 42), (70, 92)} <= vertices(moved(partition, {(20, 50), (60, 100)}, (10, -8)))


@pytest.mark.parametrize("by", [(100, 0), (-100, 0), (0, 100), (0, -100)])
def test_a_vertex_is_not_dropped_on_the_vertex_that_it_is_joined_to(by: Point) -> None:
    assert code(chessboard(3, 3), {(100, 100)}, by) in ("edit.crosses", "edit.sweeps_over")


def test_nothing_moves_by_nothing() -> None:
    assert code(chessboard(2, 2), {(100, 100)}, (0, 0)) == "edit.nothing_moves"
    assert code(chessboard(2, 2), set(), (1, 0)) == "edit.nothing_moves"


def test_everything_moves_together_without_touching_anything() -> None:
    partition = crowded(3, columns=4, rows=4)

    after = moved(partition, vertices(partition), (1000, -500))

    assert vertices(after) == {(x + 1000, y - 500) for x, y in vertices(partition)}


@pytest.mark.parametrize("seed", range(4))
def test_on_a_crowded_map_every_move_that_is_allowed_keeps_the_partition(seed: int) -> None:
    chance = random.Random(seed)
    partition = crowded(seed, columns=8, rows=8)
    done = 0
    for _ in range(250):
        border = chance.choice(sorted(partition, key=lambda b: b.id))
        points = [(int(x), int(y)) for x, y in points_of(border).tolist()]
        chosen = set(points if chance.random() < 0.5 else points[1:-1] or points[:1])
        if chance.random() < 0.3:
            chosen |= {(int(x), int(y)) for x, y in points_of(next(iter(partition))).tolist()}
        far = chance.choice([1, 3, 12])
        by = chance.randint(-far, far), chance.randint(-far, far)
        try:
            changes = move_together(partition, chosen, by)
        except EditError:
            continue
        partition = partition.applied(changes, partition.parents)
        assert audit(partition).problems == (), (chosen, by)
        done += 1
    assert done > 40
