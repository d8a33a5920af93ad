"""How areas are coloured by their staffing: gaps, load of members, cadres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gridadmin.staffing.area_marks import AreaMark, StaffState, StaffTheme, marks_of
from tests.staffing.conftest import StaffedTown, Town


def marks(town: StaffedTown, theme: StaffTheme) -> Mapping[str, AreaMark]:
    """Return the marks of the areas of a town by their keys."""
    book = town.book()
    found = marks_of(book, theme)
    rows = book.snapshot.rows("area")
    return {rows[uid].name.removeprefix("虚构"): mark for uid, mark in found.items()}


def test_gaps_count_below_and_are_many_from_a_tenth_on(town: Town) -> None:
    made = town("default")
    made.assign("B1", "grid_chief")
    made.assign("B1", "grid_member")
    made.assign("B2", "grid_chief")

    found = marks(made, StaffTheme.VACANT)

    assert found["B1"] == AreaMark(StaffState.FULL, 0)
    assert found["B2"] == AreaMark(StaffState.MANY, 1)
    assert found["B3"] == AreaMark(StaffState.BARE, 2)
    # The secretary and five seats of the other grids.
    assert found["B"] == AreaMark(StaffState.MANY, 6)


def test_one_gap_among_many_seats_is_few(town: Town) -> None:
    made = town("default")
    made.assign("B", "community_secretary")
    for grid in ("B1", "B2", "B3"):
        made.assign(grid, "grid_chief")
        made.assign(grid, "grid_member")
    made.assign("B4", "grid_chief")
    for _ in range(3):
        made.assign("B1", "grid_member")

    assert marks(made, StaffTheme.VACANT)["B"] == AreaMark(StaffState.FEW, 1)


def test_households_are_shared_among_the_members_of_a_grid(town: Town) -> None:
    made = town("dalian")
    made.assign("B2", "grid_member")
    made.assign("B2", "grid_member")

    found = marks(made, StaffTheme.LOAD)

    # Grid B2 has 28 households, community B 90.
    assert found["B2"] == AreaMark(StaffState.FULL, 14)
    assert found["B3"] == AreaMark(StaffState.BARE)
    assert found["B"] == AreaMark(StaffState.FULL, 45)


def test_more_households_than_the_ratio_allows_are_too_many(town: Town) -> None:
    made = town("dalian")
    for building in list(made.book().snapshot.rows("building").values()):
        made.put("building", replace(building, households=100 * building.households))
    made.assign("B2", "grid_member")

    assert marks(made, StaffTheme.LOAD)["B2"] == AreaMark(StaffState.MANY, 2800)


def test_the_band_of_grids_is_the_limit_where_there_is_no_ratio(town: Town) -> None:
    made = town("default")
    made.assign("B1", "grid_member")

    assert marks(made, StaffTheme.LOAD)["B1"] == AreaMark(StaffState.FULL, 15)


def test_a_community_without_a_cadre_is_bare_with_all_below_it(town: Town) -> None:
    made = town("default")
    for _ in range(2):
        made.assign("A", "cadre")
    made.assign("A1", "cadre")

    found = marks(made, StaffTheme.CADRES)

    assert found["A"] == found["A2"] == AreaMark(StaffState.FULL, 3)
    assert found["B"] == found["B1"] == AreaMark(StaffState.BARE, 0)
    assert found["root"] == AreaMark(StaffState.BARE, None, 1)
