from __future__ import annotations

import pytest

from gridadmin.edit.dissolve_commands import Dissolve, area_around
from gridadmin.edit.document import Document
from gridadmin.edit.draw_commands import Draw
from tests.edit.conftest import Refused
from tests.helpers.projects import TODAY, named, place
from tests.helpers.promises import check_partition, hash_of


def cut_out(document: Document, parent: str, x: float, y: float, side: float = 0.6) -> str:
    """Cut a school of *side* cells, at a place given in cells, out of what lies there."""
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    draw = Draw(
        [place(*corner) for corner in corners],
        "grid",
        named(document.snapshot, parent).uid,
        name="虚构学校",
        take="all",
        kind="exclusive",
    )
    done = document.execute(draw)
    uid: str = dict(done.change.told)["created"][0]["uid"]
    return uid


def cells(document: Document, uid: str) -> float:
    return document.snapshot.land_twice_mm2(uid) / 200_000_000


def test_an_island_goes_back_to_the_grid_around_it(document: Document) -> None:
    before = hash_of(document.snapshot)
    school = cut_out(document, "B", 6.2, 0.2)
    around = named(document.snapshot, "B2")
    taken = cells(document, around.uid)

    done = document.execute(Dissolve(school))

    assert (taken, cells(document, around.uid)) == (3.64, 4)
    assert document.snapshot.area(school).valid_to == TODAY
    assert hash_of(document.snapshot) == before
    facts = dict(done.change.told)
    assert facts["into"] == {"uid": around.uid, "code": around.code}
    assert [row["uid"] for row in facts["retired"]] == [school]


def test_in_a_divided_grid_the_micro_grid_around_it_gets_the_land(document: Document) -> None:
    before = hash_of(document.snapshot)
    school = cut_out(document, "A", 0.2, 0.2)

    document.execute(Dissolve(school))

    assert cells(document, named(document.snapshot, "A1-1").uid) == 1
    assert hash_of(document.snapshot) == before


def test_of_two_micro_grids_the_one_with_most_of_the_border_gets_it(document: Document) -> None:
    school = cut_out(document, "A", 0.5, 0.2)

    document.execute(Dissolve(school))

    assert cells(document, named(document.snapshot, "A1-1").uid) == pytest.approx(1.06)
    assert cells(document, named(document.snapshot, "A1-2").uid) == pytest.approx(0.94)
    check_partition(document.snapshot)


def test_lineage_says_what_the_island_went_into(document: Document) -> None:
    school = cut_out(document, "B", 6.2, 0.2)

    document.execute(Dissolve(school))

    rows = document.snapshot.rows("lineage").values()
    (row,) = [row for row in rows if row.predecessor == school]
    assert (row.successor, row.kind) == (named(document.snapshot, "B2").uid, "merge")


def test_undo_gives_the_island_back(document: Document) -> None:
    school = cut_out(document, "B", 6.2, 0.2)
    before = hash_of(document.snapshot)
    document.execute(Dissolve(school))

    document.undo()

    assert hash_of(document.snapshot) == before
    assert cells(document, school) == pytest.approx(0.36)


def test_an_area_between_several_is_refused(document: Document, refused: Refused) -> None:
    between = named(document.snapshot, "A1-1")

    refusal = refused(document, Dissolve(between.uid))

    assert refusal.code == "edit.not_enclosed"
    assert area_around(document.snapshot, between) is None


def test_an_area_without_land_of_its_own_is_refused(document: Document, refused: Refused) -> None:
    assert refused(document, Dissolve(named(document.snapshot, "A1-5").uid)).code == (
        "edit.not_drawn"
    )
