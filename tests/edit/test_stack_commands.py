from __future__ import annotations

from collections.abc import Sequence

import pytest

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Building, Entrance
from gridadmin.edit.document import Document
from gridadmin.edit.restack_command import Restack
from gridadmin.edit.stack_commands import (
    SetShares,
    Share,
    Stack,
    StackPart,
    Unstack,
    shares_of,
)
from gridadmin.partition.figures import households_of
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named, place
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000
TOWER, HOUSE = "tower", "house"


@pytest.fixture
def tall(store: MemoryStore) -> MemoryStore:
    """The town with a tower of four entrances and a house, alone on micro-grid A2-1."""
    at = [round(value * 1000) for value in place(2.5, 0.5)]
    for uid, one in list(store.rows["building"].items()):
        if [one.x_mm, one.y_mm] == at:
            del store.rows["building"][uid]
    x, y = (round(value * 1000) for value in place(2.3, 0.7))
    store.rows["building"][TOWER] = Building(TOWER, x, y, 100, floors=10, name="虚构塔楼")
    x, y = (round(value * 1000) for value in place(2.7, 0.3))
    store.rows["building"][HOUSE] = Building(HOUSE, x, y, 8, name="虚构平房")
    for number, households in enumerate((40, 20, 25, 15), start=1):
        uid = f"entrance-{number}"
        store.rows["entrance"][uid] = Entrance(uid, TOWER, f"{number}单元", households)
    return store


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


def households(document: Document, area: str) -> int | None:
    return households_of(document.snapshot, document.snapshot.area(area))[0]


def halves() -> list[StackPart]:
    return [
        StackPart([Share(TOWER, "1单元"), Share(HOUSE)]),
        StackPart([Share(TOWER, f"{n}单元") for n in (2, 3, 4)], "虚构高层微网格"),
    ]


def test_a_micro_grid_is_divided_by_entrances(tall: MemoryStore) -> None:
    document = document_on(tall)
    first = hash_of(document.snapshot)
    area = uid(document, "A2-1")

    done = document.execute(Stack(area, halves()))

    told = dict(done.change.told)
    (other,) = told["created"]
    assert other["code"] == "99010100100100205"
    assert [households(document, one) for one in (area, other["uid"])] == [48, 60]
    kept, fresh = (document.snapshot.area(one) for one in (area, other["uid"]))
    assert (kept.land, kept.code, kept.cell) == (
        "stacked",
        "99010100100100201",
        told["cell"]["uid"],
    )
    assert (fresh.land, fresh.name, fresh.cell) == ("stacked", "虚构高层微网格", kept.cell)
    assert document.snapshot.land_twice_mm2(told["cell"]["uid"]) == 2 * CELL_MM2
    check_partition(document.snapshot)
    check_same(document.snapshot, tall.snapshot())
    document.undo()
    assert hash_of(document.snapshot) == first
    check_same(document.snapshot, tall.snapshot())


def test_entrances_are_dealt_out_to_equal_parts(tall: MemoryStore) -> None:
    document = document_on(tall)
    area = uid(document, "A2-1")

    done = document.execute(Stack(area, 3))

    created = [row["uid"] for row in dict(done.change.told)["created"]]
    assert [households(document, one) for one in (area, *created)] == [40, 45, 23]


def test_floors_divide_a_building(tall: MemoryStore) -> None:
    document = document_on(tall)
    area = uid(document, "A2-1")
    parts = [
        StackPart([Share(TOWER, None, 1, 4), Share(HOUSE)]),
        StackPart([Share(TOWER, None, 5, None)]),
    ]

    done = document.execute(Stack(area, parts))

    (other,) = dict(done.change.told)["created"]
    assert [households(document, one) for one in (area, other["uid"])] == [48, 60]


def test_unstacking_gives_the_land_to_one_of_them(tall: MemoryStore) -> None:
    document = document_on(tall)
    area = uid(document, "A2-1")
    done = document.execute(Stack(area, halves()))
    told = dict(done.change.told)
    other, cell = told["created"][0]["uid"], told["cell"]["uid"]

    document.execute(Unstack(cell, other))

    snapshot = document.snapshot
    assert snapshot.land_twice_mm2(other) == 2 * CELL_MM2
    assert (snapshot.area(other).land, snapshot.area(other).cell) == ("drawn", None)
    assert snapshot.area(area).valid_to is not None
    assert snapshot.area(cell).valid_to is not None
    assert not [p for p in snapshot.rows("stacked_part").values() if p.building == TOWER]
    assert households(document, other) == 108
    check_partition(snapshot)
    check_same(snapshot, tall.snapshot())


def test_shares_of_a_stacked_micro_grid_are_changed(tall: MemoryStore) -> None:
    document = document_on(tall)
    area = uid(document, "A2-1")
    done = document.execute(Stack(area, halves()))
    other = dict(done.change.told)["created"][0]["uid"]

    document.execute(SetShares(other, [Share(TOWER, "2单元"), Share(TOWER, "3单元")]))
    document.execute(SetShares(area, [Share(TOWER, "1单元"), Share(TOWER, "4单元"), Share(HOUSE)]))

    assert [households(document, one) for one in (area, other)] == [63, 45]


def test_two_stacked_micro_grids_swap_what_they_hold_in_one_gesture(tall: MemoryStore) -> None:
    document = document_on(tall)
    area = uid(document, "A2-1")
    told = dict(document.execute(Stack(area, halves())).change.told)
    other, cell = told["created"][0]["uid"], told["cell"]["uid"]
    before = hash_of(document.snapshot)
    mine, theirs = (shares_of(document.snapshot, one) for one in (area, other))

    document.execute(Restack(cell, {area: theirs, other: mine}))

    assert [households(document, one) for one in (area, other)] == [60, 48]
    check_same(document.snapshot, tall.snapshot())
    document.undo()
    assert hash_of(document.snapshot) == before


def test_what_cannot_be_held_by_two_is_refused_when_all_are_changed(
    tall: MemoryStore, refused: Refused
) -> None:
    document = document_on(tall)
    area = uid(document, "A2-1")
    told = dict(document.execute(Stack(area, halves())).change.told)
    other, cell = told["created"][0]["uid"], told["cell"]["uid"]

    twice = Restack(cell, {area: [Share(TOWER)]})
    assert refused(document, twice).code == "edit.held_twice"
    same = Restack(cell, {other: shares_of(document.snapshot, other)})
    assert refused(document, same).code == "edit.nothing_changes"
    stranger = uid(document, "A1-5")
    strange = Restack(cell, {stranger: [Share(HOUSE)]})
    assert refused(document, strange).code == "edit.not_stacked"
    assert refused(document, Restack(area, {})).code == "edit.not_a_cell"


def test_the_cell_of_the_town_is_unstacked_into_the_oldest(document: Document) -> None:
    document.execute(Unstack(uid(document, "A1-4")))

    oldest = uid(document, "A1-5")
    assert document.snapshot.partition.has_land(oid_of(oldest))
    assert document.snapshot.area(uid(document, "A1-6")).valid_to is not None


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([StackPart([Share(TOWER)])], "edit.bad_value"),
        ([StackPart([Share(TOWER)]), StackPart([])], "edit.empty_part"),
        ([StackPart([Share(TOWER)]), StackPart([Share("none")])], "edit.unknown_building"),
        ([StackPart([Share(TOWER)]), StackPart([Share(TOWER, "1单元")])], "edit.held_twice"),
        (
            [StackPart([Share(TOWER, None, 1, 5)]), StackPart([Share(TOWER, "1单元", 5, 6)])],
            "edit.held_twice",
        ),
        ([StackPart([Share(TOWER)]), StackPart([Share(TOWER, "9单元")])], "edit.unknown_entrance"),
        ([StackPart([Share(HOUSE)]), StackPart([Share(TOWER, None, 9, 11)])], "edit.bad_floors"),
        ([StackPart([Share(HOUSE)]), StackPart([Share(TOWER, None, 4, 3)])], "edit.bad_floors"),
        (6, "edit.too_few_entrances"),
        (1, "edit.too_few_entrances"),
    ],
)
def test_stacks_that_make_no_sense_are_refused(
    tall: MemoryStore, refused: Refused, parts: Sequence[StackPart] | int, code: str
) -> None:
    document = document_on(tall)

    assert refused(document, Stack(uid(document, "A2-1"), parts)).code == code


def test_buildings_elsewhere_are_refused(tall: MemoryStore, refused: Refused) -> None:
    document = document_on(tall)
    parts = [StackPart([Share(TOWER)]), StackPart([Share(HOUSE)])]

    assert refused(document, Stack(uid(document, "A2-2"), parts)).code == "edit.not_on_cell"


@pytest.mark.parametrize("key", ["A2", "A1-4", "A1-5"])
def test_only_drawn_micro_grids_are_stacked(document: Document, refused: Refused, key: str) -> None:
    assert refused(document, Stack(uid(document, key), 2)).code == "edit.not_stackable"


def test_only_cells_are_unstacked_into_their_own(document: Document, refused: Refused) -> None:
    assert refused(document, Unstack(uid(document, "A2-1"))).code == "edit.not_a_cell"
    into = Unstack(uid(document, "A1-4"), uid(document, "A2-1"))
    assert refused(document, into).code == "edit.into_is_none_of_them"
    assert refused(document, SetShares(uid(document, "A2-1"), [])).code == "edit.not_stacked"
