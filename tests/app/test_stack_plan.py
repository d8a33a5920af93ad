from __future__ import annotations

import pytest

from gridadmin.app.stack_plan import Open, StackPlan
from gridadmin.base.errors import EditError
from gridadmin.domain.model import Building, Entrance
from gridadmin.edit.stack_commands import Share
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import MemoryStore, named, place, small_town

TOWER, HOUSE, SHOP = "tower", "house", "shop"


def town(*, floors: int | None = 10, entrances: int = 4) -> MemoryStore:
    """Return the town with a tower, a house and a shop alone on micro-grid A2-1."""
    store = small_town()
    at = [round(value * 1000) for value in place(2.5, 0.5)]
    for uid, one in list(store.rows["building"].items()):
        if [one.x_mm, one.y_mm] == at:
            del store.rows["building"][uid]
    figures = (
        ("tower", 2.3, 0.8, 100, floors),
        ("house", 2.5, 0.5, 8, 1),
        ("shop", 2.7, 0.2, 0, 1),
    )
    for uid, at_x, at_y, households, levels in figures:
        x, y = (round(value * 1000) for value in place(at_x, at_y))
        store.rows["building"][uid] = Building(uid, x, y, households, floors=levels, name=uid)
    for number, households in enumerate((40, 20, 25, 15)[:entrances], start=1):
        uid = f"entrance-{number}"
        store.rows["entrance"][uid] = Entrance(uid, TOWER, f"{number}单元", households)
    return store


def plan_of(snapshot: Snapshot, held: list[list[Share]] | None = None) -> StackPlan:
    return StackPlan(snapshot, named(snapshot, "A2-1").uid, held or [])


def slot(plan: StackPlan, building: str, entrance: str | None = None) -> int:
    return next(
        number
        for number, one in enumerate(plan.slots)
        if (one.building.uid, one.entrance) == (building, entrance)
    )


def test_at_first_everything_that_somebody_lives_in_is_open() -> None:
    plan = plan_of(town().snapshot())

    assert plan.still_open() == Open(5, 108)
    plan.assign(range(len(plan.slots)), 1, 99, 0)
    assert plan.still_open() == Open(0, 0)


def test_a_shop_may_be_left_out_but_half_a_shop_may_not() -> None:
    store = town()
    store.rows["building"][SHOP] = Building(SHOP, *_at(store, SHOP), 0, floors=2, name=SHOP)
    plan = plan_of(store.snapshot())
    plan.assign([n for n, s in enumerate(plan.slots) if s.building.uid != SHOP], 1, 99, 0)
    assert plan.still_open().slots == 0

    plan.assign([slot(plan, SHOP)], 1, 1, 1)

    assert plan.still_open() == Open(1, 0)


def _at(store: MemoryStore, uid: str) -> tuple[int, int]:
    row = store.rows["building"][uid]
    return row.x_mm, row.y_mm


def test_floors_of_an_entrance_go_to_two_parts() -> None:
    plan = plan_of(town().snapshot())
    first = slot(plan, TOWER, "1单元")

    plan.assign([first], 1, 4, 0)
    plan.assign([first], 5, 99, 1)

    assert plan.shares(0) == [Share(TOWER, "1单元", 1, 4)]
    assert plan.shares(1) == [Share(TOWER, "1单元", 5, 10)]
    assert [plan.households(part) for part in (0, 1)] == [16, 24]


def test_a_building_of_which_all_entrances_go_alike_is_one_share() -> None:
    plan = plan_of(town().snapshot())
    tower = [n for n, s in enumerate(plan.slots) if s.building.uid == TOWER]

    plan.assign(tower, 1, 99, 0)
    assert plan.shares(0) == [Share(TOWER)]

    plan.assign(tower, 6, 10, 1)
    assert plan.shares(0) == [Share(TOWER, None, 1, 5)]
    assert plan.shares(1) == [Share(TOWER, None, 6, 10)]


def test_floors_that_nobody_counted_keep_their_open_top() -> None:
    snapshot = town(floors=None).snapshot()
    held = [[Share(TOWER, "1单元", 1, 9)], [Share(TOWER, "1单元", 10)]]

    plan = plan_of(snapshot, held)

    assert [plan.shares(part) for part in (0, 1)] == held


def test_shares_are_compared_however_they_were_written() -> None:
    snapshot = town().snapshot()
    written = [Share(TOWER, f"entrance-{number}") for number in (1, 2, 3, 4)]
    plan = plan_of(snapshot, [written])

    assert plan.canonical(written) == [Share(TOWER)] == plan.shares(0)


def test_the_proposal_deals_entrances_out() -> None:
    plan = plan_of(town().snapshot())

    plan.propose(2)

    assert [plan.households(part) for part in (0, 1)] == [60, 48]
    assert plan.shares(0) == [Share(TOWER, "1单元"), Share(TOWER, "2单元")]
    assert plan.still_open().slots == 0


def test_the_proposal_takes_floors_where_entrances_are_too_few() -> None:
    store = town(entrances=1)
    del store.rows["building"][HOUSE], store.rows["building"][SHOP]
    plan = plan_of(store.snapshot())

    plan.propose(2)

    assert plan.shares(0) == [Share(TOWER, None, 1, 5)]
    assert plan.shares(1) == [Share(TOWER, None, 6, 10)]
    with pytest.raises(EditError, match="too_few_entrances"):
        plan.propose(11)


def test_fewer_parts_leave_open_what_the_last_one_held() -> None:
    plan = plan_of(town().snapshot())
    plan.propose(3)

    plan.drop_parts(2)

    assert plan.shares(2) == []
    assert plan.still_open().slots > 0
