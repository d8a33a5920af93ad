from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.domain.model import Area, Dispute
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.document import Document
from gridadmin.edit.merge_commands import Merge
from tests.edit.conftest import Refused
from tests.helpers.projects import TODAY, MemoryStore, document_on, named
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


def uids(document: Document, *keys: str) -> list[str]:
    return [named(document.snapshot, key).uid for key in keys]


def cells(document: Document, uid: str) -> float:
    return document.snapshot.land_twice_mm2(uid) / 2 / CELL_MM2


def change_area(store: MemoryStore, key: str, **fields: Any) -> None:
    area = named(store.snapshot(), key)
    store.rows["area"][area.uid] = replace(area, **fields)


def test_merge_keeps_the_oldest_and_retires_the_others(document: Document) -> None:
    first, second = uids(document, "A1", "A2")

    done = document.execute(Merge([second, first]))

    assert cells(document, first) == 8
    gone = document.snapshot.area(second)
    assert (gone.land, gone.valid_to) == ("listed", TODAY)
    facts = dict(done.change.told)
    assert facts["into"] == {"uid": first, "code": "990101001001001"}
    assert facts["retired"] == [{"uid": second, "code": "990101001001002"}]


def test_merge_records_lineage_and_ends_the_code(document: Document) -> None:
    first, second = uids(document, "A1", "A2")

    document.execute(Merge([first, second]))

    (line,) = document.snapshot.rows("lineage").values()
    assert (line.predecessor, line.successor, line.kind) == (second, first, "merge")
    assert (line.household_share, line.date) == (1.0, TODAY)
    (period,) = document.snapshot.linked("code_period", second)
    assert period.valid_to == TODAY
    assert document.snapshot.is_code_taken("990101001001002")


def test_merge_moves_the_areas_below_with_their_land(store: MemoryStore) -> None:
    document = document_on(store)
    first, second, child = uids(document, "A1", "A2", "A2-1")
    inner = document.snapshot.land_twice_mm2(child)

    document.execute(Merge([first, second]))

    assert document.snapshot.area(child).parent == first
    assert document.snapshot.area(child).valid_to is None
    assert document.snapshot.land_twice_mm2(child) == inner
    assert len(document.snapshot.children(first)) == 10
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_merge_of_communities_moves_their_grids(store: MemoryStore) -> None:
    document = document_on(store)
    first, second, grid = uids(document, "A", "B", "B3")

    document.execute(Merge([first, second], name="虚构新社区"))

    assert document.snapshot.area(first).name == "虚构新社区"
    assert document.snapshot.area(grid).parent == first
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_merge_into_a_named_one(document: Document) -> None:
    first, second = uids(document, "A1", "A2")

    document.execute(Merge([first, second], into=second))

    assert document.snapshot.area(first).valid_to == TODAY
    assert cells(document, second) == 8


def test_merge_of_three_needs_a_chain_of_neighbours_only(document: Document) -> None:
    document.execute(Merge(uids(document, "A2", "A3", "A1")))

    assert cells(document, uids(document, "A1")[0]) == 12


def test_merge_adds_up_typed_households(store: MemoryStore) -> None:
    change_area(store, "A1", households_as_of="2025-03-01")
    change_area(store, "A2", households_as_of="2024-05-01")
    document = document_on(store)

    document.execute(Merge(uids(document, "A1", "A2")))

    area = named(document.snapshot, "A1")
    assert (area.households_typed, area.households_as_of) == (800, "2024-05-01")
    assert not area.is_stale


def test_merge_with_a_stale_figure_is_stale(store: MemoryStore) -> None:
    change_area(store, "A2", is_stale=True)
    document = document_on(store)

    document.execute(Merge(uids(document, "A1", "A2")))

    assert named(document.snapshot, "A1").is_stale


def test_merge_with_an_unknown_figure_invents_none(store: MemoryStore) -> None:
    change_area(store, "A2", households_typed=None)
    document = document_on(store)

    document.execute(Merge(uids(document, "A1", "A2")))

    assert named(document.snapshot, "A1").households_typed is None


def test_merge_of_all_claimants_settles_their_dispute(document: Document) -> None:
    first, second = uids(document, "B1", "B2")

    document.execute(Merge([first, second]))

    assert dict(document.snapshot.rows("dispute")) == {}
    assert cells(document, first) == 8


def test_merge_leaves_a_dispute_with_a_third_to_the_survivor(store: MemoryStore) -> None:
    document = document_on(store)
    first, second, third = uids(document, "B1", "B3", "B2")

    document.execute(Merge([second, first], into=second))

    (dispute,) = document.snapshot.rows("dispute").values()
    assert dispute.claims == " ".join(sorted((second, third)))
    check_same(document.snapshot, store.snapshot())


def test_merge_makes_one_dispute_of_two_with_the_same_claims(store: MemoryStore) -> None:
    b1, b2, b3, b4 = (named(store.snapshot(), key).uid for key in ("B1", "B2", "B3", "B4"))
    other = Dispute("dispute-2", " ".join(sorted((b2, b4))), "overlap")
    store.rows["dispute"][other.uid] = other
    taken = {NOBODY: oid_of(other.uid)}
    for row in list(store.rows["border"].values()):
        left, right = taken.get(row.left, row.left), taken.get(row.right, row.right)
        store.rows["border"][row.id] = replace(row, left=left, right=right)
    document = document_on(store)

    document.execute(Merge([b1, b3, b4], into=b3))

    (dispute,) = document.snapshot.rows("dispute").values()
    assert dispute.claims == " ".join(sorted((b2, b3)))
    assert document.snapshot.partition.own_twice_area(oid_of(dispute.uid)) == 4 * CELL_MM2
    check_partition(document.snapshot)


def test_merge_joins_a_dispute_that_has_the_same_claims_already(store: MemoryStore) -> None:
    b1, b2, b3 = (named(store.snapshot(), key).uid for key in ("B1", "B2", "B3"))
    other = Dispute("dispute-2", " ".join(sorted((b2, b3))), "overlap")
    store.rows["dispute"][other.uid] = other
    taken = {NOBODY: oid_of(other.uid)}
    for row in list(store.rows["border"].values()):
        left, right = taken.get(row.left, row.left), taken.get(row.right, row.right)
        store.rows["border"][row.id] = replace(row, left=left, right=right)
    document = document_on(store)

    document.execute(Merge([b1, b3]))

    (dispute,) = document.snapshot.rows("dispute").values()
    assert dispute.claims == " ".join(sorted((b1, b2)))
    assert document.snapshot.partition.own_twice_area(oid_of(dispute.uid)) == 4 * CELL_MM2


def test_merge_moves_the_stacked_areas_of_a_cell(store: MemoryStore) -> None:
    change_area(store, "A1-2", level="cell")
    document = document_on(store)
    first, cell, stacked = uids(document, "A1-2", "A1-4", "A1-5")

    document.execute(Merge([cell, first]))

    assert document.snapshot.area(stacked).cell == first
    check_same(document.snapshot, store.snapshot())


def test_merge_is_taken_back_whole(store: MemoryStore) -> None:
    document = document_on(store)
    before = hash_of(document.snapshot)

    document.execute(Merge(uids(document, "A1", "A2", "A4")))
    document.undo()

    assert hash_of(document.snapshot) == before
    assert named(document.snapshot, "A2").valid_to is None
    check_same(document.snapshot, store.snapshot())


@pytest.mark.parametrize(
    ("keys", "into", "code"),
    [
        (["A1"], None, "edit.merge_of_one"),
        (["A1", "A1"], None, "edit.merge_of_one"),
        (["A1", "A"], None, "edit.two_levels"),
        (["A2", "B1"], None, "edit.two_parents"),
        (["A1", "A4"], None, "edit.not_adjacent"),
        (["A1-1", "A1-5"], None, "edit.not_drawn"),
        (["A1", "A2"], "A3", "edit.into_is_none_of_them"),
        (["A1", "A9"], None, "edit.unknown_area"),
    ],
)
def test_merge_refuses_what_makes_no_sense(
    document: Document, refused: Refused, keys: list[str], into: str | None, code: str
) -> None:
    def uid(key: str) -> str:
        return "A9" if key == "A9" else named(document.snapshot, key).uid

    command = Merge([uid(key) for key in keys], None if into is None else uid(into))

    assert refused(document, command).code == code


def test_merge_names_the_areas_that_lie_apart(document: Document, refused: Refused) -> None:
    refusal = refused(document, Merge(uids(document, "A1", "A4")))

    assert refusal.params["areas"] == "虚构A4 990101001001004"


def test_merge_of_a_listed_area_is_refused(document: Document, refused: Refused) -> None:
    done = document.execute(Create("grid", "990101001001", "虚构新网格"))
    ((_, rows),) = [fact for fact in done.change.told if fact[0] == "created"]

    refusal = refused(document, Merge([*uids(document, "A1"), rows[0]["uid"]]))

    assert refusal.code == "edit.not_drawn"


def test_merge_with_an_empty_name_is_refused(document: Document, refused: Refused) -> None:
    assert refused(document, Merge(uids(document, "A1", "A2"), name=" ")).code == "edit.bad_value"


def test_a_figure_typed_after_the_merge_stays_fresh(document: Document) -> None:
    document.execute(Merge(uids(document, "A1", "A2")))
    area: Area = named(document.snapshot, "A1")

    document.execute(SetField(area.uid, "households", 700))

    assert not named(document.snapshot, "A1").is_stale
