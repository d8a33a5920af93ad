"""Adding and deleting one vertex: what it does, and every way to be refused."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.partition.audit import audit
from gridadmin.partition.border import points_of
from gridadmin.partition.moves import add_vertex, delete_vertex, find_stretch
from gridadmin.partition.planar import Partition
from gridadmin.partition.walk import land_parts
from tests.helpers.maps import box, chessboard, from_mm, from_polygons

Point = tuple[int, int]


def island(outer: list[Point], inner: list[Point]) -> Partition:
    """Return a map in which owner 2 fills a hole of owner 1: its border meets no other."""
    ring, hole = np.array(outer) / 1000, np.array(inner) / 1000
    return from_polygons([shapely.Polygon(ring, [hole]), shapely.Polygon(hole)], {})


def square_island() -> Partition:
    return island(box(0, 0, 200, 200), box(50, 50, 150, 150))


def added(partition: Partition, at: tuple[float, float], new: Point) -> Partition:
    border, segment = find_stretch(partition, *at)
    changes = add_vertex(partition, border, segment, new)
    assert [b.id for b, _ in changes if b is not None] == [border.id]
    return applied(partition, changes)


def deleted(partition: Partition, at: Point) -> Partition:
    return applied(partition, delete_vertex(partition, at))


def applied(
    partition: Partition, changes: list[tuple[BorderRow | None, BorderRow | None]]
) -> Partition:
    after = partition.applied(changes, partition.parents)
    assert audit(after).problems == ()
    assert {border.id for border in after} == {border.id for border in partition}
    return after


def code_of_add(partition: Partition, at: tuple[float, float], new: Point) -> str:
    border, segment = find_stretch(partition, *at)
    with pytest.raises(EditError) as caught:
        add_vertex(partition, border, segment, new)
    return caught.value.code


def code_of_delete(partition: Partition, at: Point) -> str:
    with pytest.raises(EditError) as caught:
        delete_vertex(partition, at)
    return caught.value.code


def vertices(partition: Partition, owner: int) -> int:
    (part,) = land_parts(partition, owner)
    return len(part.shell) - 1


# Finding a stretch


def test_the_stretch_near_a_place_is_found_with_its_segment() -> None:
    partition = from_mm([[(0, 0), (50, 10), (100, 0), (100, 100), (0, 100)]])

    border, segment = find_stretch(partition, 75, 5.9)

    xy = points_of(border)[segment : segment + 2].tolist()
    assert sorted(xy) == [[50, 10], [100, 0]]


def test_a_place_away_from_all_borders_has_no_stretch() -> None:
    with pytest.raises(EditError) as caught:
        find_stretch(chessboard(2, 1), 50, 50)

    assert (caught.value.code, caught.value.params) == ("edit.no_stretch", {"x": 0.05, "y": 0.05})


@pytest.mark.parametrize("place", [(100, 0), (0, 0), (-0.5, -0.5)])
def test_a_place_at_a_vertex_has_no_stretch(place: tuple[float, float]) -> None:
    with pytest.raises(EditError, match=r"edit\.no_stretch"):
        find_stretch(chessboard(2, 1), *place)


def test_of_two_stretches_close_together_the_nearer_or_the_named_one_is_found() -> None:
    partition = from_mm([box(0, 0, 100, 100), box(100, 0, 101, 100), box(101, 0, 200, 100)])
    near, _ = find_stretch(partition, 100.4, 50)
    (far,) = [b for b in partition if {b.left, b.right} == {2, 3}]

    assert {near.left, near.right} == {1, 2}
    assert find_stretch(partition, 100.4, 50, border=far.id)[0] == far


# Adding


def test_a_vertex_pulled_out_of_a_stretch_takes_land_along() -> None:
    after = added(chessboard(2, 1), (100, 50), (120, 50))

    assert after.own_twice_area(1) == 2 * (10_000 + 1_000)
    assert after.own_twice_area(2) == 2 * (10_000 - 1_000)


def test_a_vertex_on_the_stretch_itself_changes_no_land() -> None:
    after = added(chessboard(2, 1), (100, 50), (100, 50))

    assert after.own_twice_area(1) == 2 * 10_000
    assert vertices(after, 1) == 5


def test_a_vertex_may_be_added_to_a_border_that_is_closed() -> None:
    after = added(square_island(), (50, 100), (20, 100))

    assert after.own_twice_area(2) == 2 * (10_000 + 1_500)
    (closed,) = after.beside(2)
    assert points_of(closed)[0].tolist() == [20, 100]


@pytest.mark.parametrize("at_end", [(100, 0), (100, 100)])
def test_a_vertex_at_the_end_of_its_stretch_is_refused(at_end: Point) -> None:
    assert code_of_add(chessboard(2, 1), (100, 50), at_end) == "edit.nothing_moves"


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ((200, 50), "edit.crosses"),  # onto the border beyond
        ((250, 50), "edit.crosses"),  # through it
        ((100, 150), "edit.crosses"),  # beyond its own end
        ((100, -1), "edit.crosses"),  # beyond the other
        ((0, 100), "edit.crosses"),  # onto another vertex
    ],
)
def test_a_new_vertex_is_refused_where_its_stretch_would_meet_others(new: Point, code: str) -> None:
    assert code_of_add(chessboard(2, 1), (100, 50), new) == code


def test_a_new_vertex_is_not_pulled_over_an_island() -> None:
    partition = island(box(0, 0, 400, 200), box(100, 90, 110, 110))

    assert code_of_add(partition, (0, 100), (390, 100)) == "edit.sweeps_over"


def test_a_new_vertex_is_not_pulled_past_the_next_border_at_a_node() -> None:
    partition = from_mm(
        [
            [(0, 0), (100, 0), (60, 30), (0, 30)],
            [(100, 0), (100, 100), (60, 100), (60, 30)],
            [(60, 30), (60, 100), (0, 100), (0, 30)],
        ]
    )

    assert code_of_add(partition, (80, 15), (50, 60)) == "edit.crosses"
    added(partition, (80, 15), (61, 99))


def test_a_new_vertex_is_not_pulled_along_the_line_beyond_a_corner() -> None:
    assert code_of_add(square_island(), (100, 50), (160, 50)) == "edit.crosses"


# Deleting


def test_a_deleted_vertex_lets_the_border_run_straight() -> None:
    bent = added(chessboard(2, 1), (100, 50), (120, 50))

    after = deleted(bent, (120, 50))

    assert after.own_twice_area(1) == 2 * 10_000
    assert vertices(after, 1) == 4


@pytest.mark.parametrize("vertex", [(50, 50), (50, 150), (150, 150), (150, 50)])
def test_any_vertex_of_a_closed_border_may_be_deleted(vertex: Point) -> None:
    after = deleted(square_island(), vertex)

    assert after.own_twice_area(2) == 10_000
    (closed,) = after.beside(2)
    assert points_of(closed)[0].tolist() == min(points_of(closed).tolist())


@pytest.mark.parametrize("vertex", [(50, 50), (150, 50), (100, 150)])
def test_a_closed_border_keeps_three_vertices(vertex: Point) -> None:
    partition = island(box(0, 0, 200, 200), [(50, 50), (150, 50), (100, 150)])

    assert code_of_delete(partition, vertex) == "edit.too_few"


def test_the_last_corner_of_a_face_between_two_nodes_is_kept() -> None:
    partition = from_mm(
        [
            [(0, 0), (100, 0), (100, 100), (0, 100)],
            [(100, 0), (150, 50), (100, 100)],
        ]
    )

    assert code_of_delete(partition, (150, 50)) == "edit.too_few"


@pytest.mark.parametrize("node", [(100, 0), (100, 100)])
def test_a_node_of_three_borders_is_not_deleted(node: Point) -> None:
    assert code_of_delete(chessboard(2, 1), node) == "edit.is_node"


def test_a_node_where_a_closed_border_meets_others_is_not_deleted() -> None:
    partition = from_mm([box(0, 0, 100, 100), box(100, 100, 200, 200)])

    assert code_of_delete(partition, (100, 100)) == "edit.is_node"


def test_a_place_without_a_vertex_has_none_to_delete() -> None:
    assert code_of_delete(chessboard(2, 1), (50, 50)) == "edit.no_vertex"


def test_a_border_does_not_spring_back_over_an_island() -> None:
    bulge = [(0, 0), (100, 0), (200, 50), (100, 100), (0, 100)]
    partition = island(bulge, box(120, 45, 130, 55))

    assert code_of_delete(partition, (200, 50)) == "edit.sweeps_over"


def test_a_border_does_not_spring_back_through_another_one() -> None:
    bay = [(0, 0), (100, 0), (60, 50), (100, 100), (0, 100)]
    needle = [(70, 50), (180, 52), (180, 48)]

    assert code_of_delete(from_mm([bay, needle]), (60, 50)) == "edit.crosses"


def test_a_border_does_not_spring_back_onto_a_vertex() -> None:
    bay = [(0, 0), (100, 0), (60, 50), (100, 100), (0, 100)]
    tip_on_the_chord = [(100, 50), (140, 80), (140, 20)]

    assert code_of_delete(from_mm([bay, tip_on_the_chord]), (60, 50)) == "edit.crosses"


def test_a_border_beside_a_neighbour_keeps_both_whole_when_a_bay_goes() -> None:
    partition = from_mm(
        [
            [(0, 0), (100, 0), (60, 50), (100, 100), (0, 100)],
            [(100, 0), (300, 0), (300, 100), (100, 100), (60, 50)],
        ]
    )

    after = deleted(partition, (60, 50))

    assert (after.own_twice_area(1), after.own_twice_area(2)) == (2 * 10_000, 2 * 20_000)


def test_what_is_added_and_deleted_again_leaves_the_border_as_it_was() -> None:
    partition = chessboard(2, 1)
    before = {border.id: border for border in partition}

    after = deleted(added(partition, (100, 50), (120, 60)), (120, 60))

    assert {border.id: border for border in after} == before
