from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.edit.area_commands import Create, Delete
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.reparent_commands import Paint, Reparent
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


def test_paint_moves_micro_grids_to_another_grid_in_one_gesture(document: Document) -> None:
    points = [place(2.5, 0.5), place(2.5, 1.5), place(2.6, 1.6)]

    done = document.execute(Paint(uid(document, "A1"), points=points))

    facts = dict(done.change.told)
    assert facts["moved"] == [uid(document, "A2-1"), uid(document, "A2-3")]
    assert (facts["given"], facts["skipped"]) == (0, 0)
    assert (cells(document, "A1"), cells(document, "A2")) == (6.0, 2.0)
    assert document.undo().revision == 2
    assert cells(document, "A1") == 4.0


def test_paint_by_name(document: Document) -> None:
    document.execute(Paint(uid(document, "A1"), [uid(document, "A2-1"), uid(document, "A1-1")]))

    assert cells(document, "A1") == 5.0


def test_paint_gives_faces_of_the_same_level(document: Document) -> None:
    done = document.execute(Paint(uid(document, "A1-2"), points=[place(3.5, 3.5)]))

    assert dict(done.change.told)["given"] == 1
    assert cells(document, "A1-2") == 2.0


def test_paint_of_a_community_takes_whole_grids(document: Document) -> None:
    document.execute(Paint(uid(document, "B"), points=[place(3.5, 0.5)]))

    assert named(document.snapshot, "A2").parent == uid(document, "B")
    assert cells(document, "B") == 17.0


def test_paint_from_free_land_leaves_the_rest(document: Document) -> None:
    points = [place(3.5, 3.5), place(3.5, 2.5), place(7.5, 2.5)]

    done = document.execute(Paint(uid(document, "A4-1"), points=points, source="free"))

    assert dict(done.change.told)["skipped"] == 1
    assert cells(document, "A4-1") == 3.0
    assert document.snapshot.partition.own_twice_area(NOBODY) == 0


def test_paint_of_the_root_takes_nobodys_land(document: Document) -> None:
    document.execute(Paint(uid(document, "root"), points=[place(7.5, 2.5)], source="free"))

    root = oid_of(uid(document, "root"))
    assert document.snapshot.partition.own_twice_area(root) == 2 * CELL_MM2


def test_paint_from_named_areas_leaves_the_rest(document: Document) -> None:
    points = [place(2.5, 0.5), place(0.5, 2.5)]
    areas = [uid(document, "A3-2"), uid(document, "A2-2")]

    done = document.execute(Paint(uid(document, "A1"), areas, points, [uid(document, "A2")]))

    assert dict(done.change.told)["skipped"] == 2
    assert (cells(document, "A1"), cells(document, "A3")) == (6.0, 4.0)


def test_paint_never_takes_exempt_land(document: Document, refused: Refused) -> None:
    refusal = refused(document, Paint(uid(document, "B3"), points=[place(6.5, 2.5)]))

    assert refusal.code == "edit.nothing_to_take"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "edit.nothing_to_take"),
        ({"points": [place(0.5, 0.5)]}, "edit.nothing_to_take"),
        ({"points": [place(20, 0.5)]}, "edit.no_face"),
        ({"points": [place(2.5, 0.5)], "source": "some"}, "edit.bad_value"),
        ({"points": [place(2.5, 0.5)], "source": ["9"]}, "edit.unknown_area"),
        ({"areas": ["990101001002"]}, "edit.wrong_parent"),
        ({"points": [place(x + 0.5, y + 0.5) for x in (2, 3) for y in (0, 1)]},
         "edit.area_vanishes"),
    ],
)  # fmt: skip
def test_paint_refuses_what_makes_no_sense(
    document: Document, refused: Refused, more: dict[str, Any], code: str
) -> None:
    assert refused(document, Paint(uid(document, "A1"), **more)).code == code
