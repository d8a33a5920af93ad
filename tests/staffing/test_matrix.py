"""Base units by posts: what is needed and there, holes, cadres of all kinds."""

from __future__ import annotations

from gridadmin.staffing.matrix import CADRES, Cell, matrix_of
from gridadmin.staffing.seats import SeatRoll, SeatState
from tests.staffing.conftest import Town


def test_a_cell_adds_up_the_unit_and_all_below_it(town: Town) -> None:
    made = town("default")
    made.assign("A1", "grid_member")
    made.assign("A2", "grid_member")
    made.assign("A2", "grid_member")

    matrix = matrix_of(made.book())

    # Two on one grid don't fill the gaps of two others.
    assert matrix.cell(made.area("A"), "grid_member") == Cell(4, 3, 2)
    assert matrix.cell(made.area("B"), "grid_member") == Cell(4, 0, 4)


def test_the_columns_are_the_posts_of_the_units_and_below(town: Town) -> None:
    matrix = matrix_of(town("default").book())

    assert [unit.name for unit in matrix.units] == ["虚构A", "虚构B"]
    assert [post.key for post in matrix.posts][:4] == [
        "community_secretary",
        "grid_chief",
        "grid_member",
        "micro_grid_member",
    ]


def test_one_first_secretary_less_is_one_hole_in_the_column_of_cadres(town: Town) -> None:
    made = town("dalian")
    made.assign("A", "cadre")
    made.assign("B1", "cadre")

    covered = matrix_of(made.book())
    without = matrix_of(town("dalian").book())

    assert [covered.cell(unit.uid, CADRES).vacant for unit in covered.units] == [0, 0]
    assert [without.cell(unit.uid, CADRES).vacant for unit in without.units] == [1, 1]
    assert all(without.has_hole(unit.uid) for unit in without.units)


def test_a_missing_officer_is_a_hole_and_a_vacant_seat_where_the_scheme_asks(town: Town) -> None:
    made = town("sanming")
    made.assign("A", "judge")
    book = made.book()

    matrix = matrix_of(book)
    vacant = [
        seat.post.key
        for seat in SeatRoll.of(book).seats
        if seat.state is SeatState.VACANT and seat.area and seat.area.uid == made.area("A")
        if seat.post and seat.post.group == "officers"
    ]

    assert matrix.cell(made.area("A"), "judge") == Cell(1, 1, 0)
    assert matrix.cell(made.area("B"), "judge") == Cell(1, 0, 1)
    assert len(vacant) == 4
    assert "judge" not in vacant
