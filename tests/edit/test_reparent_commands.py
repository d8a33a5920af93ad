from __future__ import annotations

from dataclasses import replace

import pytest

from gridadmin.edit.area_commands import Create, Delete
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.reparent_commands import Reparent, ReparentAll
from gridadmin.edit.split_commands import Split
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named, place
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


def cells(document: Document, key: str) -> float:
    return document.snapshot.land_twice_mm2(uid(document, key)) / 2 / CELL_MM2


def test_reparent_takes_the_land_along(store: MemoryStore) -> None:
    document = document_on(store)

    done = document.execute(Reparent(uid(document, "A1-2"), uid(document, "A2")))

    assert (cells(document, "A1"), cells(document, "A2")) == (3.0, 5.0)
    assert done.change.told == (("code_no_longer_fits", True),)
    assert named(document.snapshot, "A1-2").code == "99010100100100102"
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_reparent_marks_typed_figures_of_both_parents_as_stale(document: Document) -> None:
    document.execute(Reparent(uid(document, "A1-2"), uid(document, "A2")))

    assert named(document.snapshot, "A1").is_stale
    assert named(document.snapshot, "A2").is_stale


def test_reparent_of_a_grid_takes_all_below_it_along(store: MemoryStore) -> None:
    document = document_on(store)
    first = hash_of(document.snapshot)

    document.execute(Reparent(uid(document, "A2"), uid(document, "B")))

    assert (cells(document, "A"), cells(document, "B")) == (12.0, 17.0)
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())
    document.undo()
    assert hash_of(document.snapshot) == first
    check_same(document.snapshot, store.snapshot())


def test_reparent_says_when_the_new_parent_lies_elsewhere(document: Document) -> None:
    done = document.execute(Reparent(uid(document, "A1-1"), uid(document, "A4")))

    assert dict(done.change.told) == {"not_adjacent": True, "code_no_longer_fits": True}


def test_reparent_below_an_area_without_land_is_no_matter_of_place(document: Document) -> None:
    done = document.execute(Create("grid", uid(document, "A"), "虚构空网格"))
    to = dict(done.change.told)["created"][0]["uid"]

    done = document.execute(Reparent(uid(document, "A1-1"), to))

    assert done.change.told == ()
    assert document.snapshot.area(to).land == "drawn"


def test_reparent_of_a_cell_takes_its_stacked_areas_along(store: MemoryStore) -> None:
    document = document_on(store)

    document.execute(Reparent(uid(document, "A1-4"), uid(document, "A2")))

    parents = {named(document.snapshot, key).parent for key in ("A1-4", "A1-5", "A1-6")}
    assert parents == {uid(document, "A2")}
    check_same(document.snapshot, store.snapshot())


@pytest.mark.parametrize("way", ["reparent", "split", "merge"])
def test_a_stacked_area_that_retired_stays_where_it_was(store: MemoryStore, way: str) -> None:
    cell = named(store.snapshot(), "A1-2")
    store.rows["area"][cell.uid] = replace(cell, level="cell")
    document = document_on(store)
    gone, old = uid(document, "A1-5"), uid(document, "A1")
    document.execute(Delete(gone))

    commands: dict[str, Command] = {
        "reparent": Reparent(uid(document, "A1-4"), uid(document, "A2")),
        "split": Split([old], [place(1, -1), place(1, 3)], keep="left"),
        "merge": Merge([uid(document, "A1-4"), cell.uid], into=cell.uid),
    }
    document.execute(commands[way])

    retired, living = document.snapshot.area(gone), named(document.snapshot, "A1-6")
    assert (retired.parent, retired.cell) == (old, uid(document, "A1-4"))
    assert (living.parent, living.cell) != (old, uid(document, "A1-4"))


@pytest.mark.parametrize(
    ("area", "to", "code"),
    [
        ("root", "A", "edit.root_stays"),
        ("A", "A1", "edit.wrong_parent"),
        ("A1", "A1", "edit.wrong_parent"),
        ("A1", "A2-1", "edit.wrong_parent"),
        ("A1-5", "A2", "edit.hangs_with_cell"),
        ("A1", "A", "edit.nothing_changes"),
    ],
)
def test_reparent_refuses_what_makes_no_sense(
    document: Document, refused: Refused, area: str, to: str, code: str
) -> None:
    assert refused(document, Reparent(uid(document, area), uid(document, to))).code == code


def test_reparent_of_the_last_land_is_refused(document: Document, refused: Refused) -> None:
    for key in ("A2-1", "A2-2", "A2-3"):
        document.execute(Reparent(uid(document, key), uid(document, "A1")))

    refusal = refused(document, Reparent(uid(document, "A2-4"), uid(document, "A1")))

    assert refusal.code == "edit.area_vanishes"


def test_several_areas_hang_below_one_in_one_step(document: Document) -> None:
    first, second = (named(document.snapshot, key).uid for key in ("A1-1", "A2-1"))
    to = named(document.snapshot, "A3").uid

    done = document.execute(ReparentAll([first, second], to))

    assert {document.snapshot.area(uid).parent for uid in (first, second)} == {to}
    assert done.change.kind == "reparent"
    document.undo()
    assert document.snapshot.area(first).parent == named(document.snapshot, "A1").uid
