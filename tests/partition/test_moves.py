"""Moving one vertex: what it does, and every way to be refused."""

from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from gridadmin.partition.audit import audit
from gridadmin.partition.moves import borders_at, find_vertex, move_vertex
from gridadmin.partition.planar import Partition
from tests.helpers.maps import chessboard, from_mm


def code_of(partition: Partition, old: tuple[int, int], new: tuple[int, int]) -> str:
    with pytest.raises(EditError) as caught:
        move_vertex(partition, old, new)
    return caught.value.code


def test_the_vertex_near_a_place_is_found() -> None:
    partition = chessboard(2, 1)

    assert find_vertex(partition, 100.6, 0.2) == (100, 0)
    assert find_vertex(partition, 103, 0, reach_mm=4) == (100, 0)


def test_no_vertex_near_a_place_is_an_error_with_the_place_in_metres() -> None:
    with pytest.raises(EditError) as caught:
        find_vertex(chessboard(2, 1), 50, 0)

    assert caught.value.code == "edit.no_vertex"
    assert caught.value.params == {"x": 0.05, "y": 0.0}


def test_of_two_vertices_the_one_exactly_there_is_found() -> None:
    partition = from_mm([[(0, 0), (100, 0), (101, 0), (101, 50), (0, 50)]])

    assert find_vertex(partition, 101, 0) == (101, 0)
    with pytest.raises(EditError, match=r"edit\.no_vertex"):
        find_vertex(partition, 100.5, 0)


def test_borders_at_a_vertex_are_those_that_pass_it() -> None:
    partition = chessboard(2, 1)

    assert len(borders_at(partition, (100, 0))) == 3
    assert len(borders_at(partition, (0, 0))) == 1
    assert borders_at(partition, (50, 0)) == []


def test_a_moved_node_takes_its_borders_along() -> None:
    before = chessboard(2, 1)

    after = before.applied(move_vertex(before, (100, 0), (120, 0)), {})

    assert audit(after).problems == ()
    assert after.own_twice_area(1) == 2 * 11000
    assert {old.id for old in before} == {new.id for new in after}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ((100, 0), (100, 0), "edit.nothing_moves"),
        ((50, 50), (60, 50), "edit.no_vertex"),
        ((100, 0), (100, 100), "edit.crosses"),
        ((100, 0), (250, 50), "edit.crosses"),
        ((100, 0), (100, 120), "edit.crosses"),
        ((100, 0), (-10, -10), "edit.crosses"),
    ],
)
def test_a_move_is_refused_with_its_reason(
    old: tuple[int, int], new: tuple[int, int], code: str
) -> None:
    assert code_of(chessboard(2, 1), old, new) == code


def test_a_triangle_is_not_laid_flat() -> None:
    partition = from_mm(
        [
            [(0, 0), (50, 0), (50, 100), (0, 100)],
            [(50, 0), (90, 0), (90, 100), (50, 100), (60, 50)],
            [(50, 0), (60, 50), (50, 100)],
        ]
    )

    assert code_of(partition, (60, 50), (50, 50)) == "edit.crosses"


def test_two_arms_are_not_laid_onto_each_other() -> None:
    partition = from_mm([[(0, 0), (50, 10), (100, 0), (100, 100), (0, 100)]])

    assert code_of(partition, (50, 10), (150, 0)) in {"edit.crosses", "edit.sweeps_over"}


def test_the_order_of_borders_at_the_far_end_is_kept() -> None:
    # From the node in the middle the arm to the right would come to lie below another.
    partition = from_mm(
        [
            [(0, 0), (100, 0), (60, 30), (0, 30)],
            [(100, 0), (100, 100), (60, 100), (60, 30)],
            [(60, 30), (60, 100), (0, 100), (0, 30)],
        ]
    )

    assert code_of(partition, (60, 30), (130, -5)) == "edit.crosses"


def test_a_refusal_says_where() -> None:
    with pytest.raises(EditError) as caught:
        move_vertex(chessboard(2, 1), (100, 0), (100, 100))

    assert set(caught.value.params) == {"x", "y"}


def test_a_refused_move_leaves_everything() -> None:
    partition = chessboard(2, 1)
    before = list(partition)

    code_of(partition, (100, 0), (250, 50))

    assert list(partition) == before
