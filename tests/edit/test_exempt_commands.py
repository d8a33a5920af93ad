from __future__ import annotations

from collections.abc import Mapping

import pytest

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.domain.model import Exempt
from gridadmin.edit.document import Document
from gridadmin.edit.exempt_commands import EndExempt, SetExempt
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named, place
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000
LAKE = place(6.5, 2.5)


def lake(document: Document) -> Exempt:
    (found,) = document.snapshot.rows("exempt").values()
    exempt: Exempt = found
    return exempt


def test_what_exempt_land_says_is_changed(store: MemoryStore) -> None:
    document = document_on(store)
    before = hash_of(document.snapshot)

    document.execute(SetExempt(LAKE, {"until": "2030-12-31", "approver": "虚构另一人"}))

    after = lake(document)
    assert (after.reason, after.approver, after.until) == ("水面", "虚构另一人", "2030-12-31")
    assert after.name == "虚构湖"
    assert hash_of(document.snapshot) == before
    document.execute(SetExempt(after.uid, {"until": None, "name": None}))
    assert (lake(document).until, lake(document).name) == (None, None)
    check_same(document.snapshot, store.snapshot())


@pytest.mark.parametrize(
    ("which", "values", "code"),
    [
        (LAKE, {"reason": " "}, "edit.exempt_needs_reason"),
        (LAKE, {"approver": None}, "edit.exempt_needs_reason"),
        (LAKE, {"until": "明年"}, "edit.bad_date"),
        (LAKE, {"size": "1"}, "edit.unknown_field"),
        (LAKE, {"reason": "水面"}, "edit.nothing_changes"),
        (place(0.5, 0.5), {"until": None}, "edit.not_exempt"),
        ("9", {"until": None}, "edit.not_exempt"),
    ],
)
def test_changes_that_make_no_sense_are_refused(
    document: Document,
    refused: Refused,
    which: str | tuple[float, float],
    values: Mapping[str, str | None],
    code: str,
) -> None:
    assert refused(document, SetExempt(which, values)).code == code


def test_exempt_land_goes_back_to_an_area(store: MemoryStore) -> None:
    document = document_on(store)
    before = hash_of(document.snapshot)
    grid = named(document.snapshot, "B4").uid

    document.execute(EndExempt(LAKE, grid))

    assert document.snapshot.land_twice_mm2(grid) == 2 * 3 * CELL_MM2
    assert not document.snapshot.rows("exempt")
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())
    document.undo()
    assert hash_of(document.snapshot) == before


def test_exempt_land_goes_back_to_nobody_as_a_gap(document: Document) -> None:
    document.execute(EndExempt(lake(document).uid, None))

    assert document.snapshot.partition.own_twice_area(NOBODY) == 2 * 2 * CELL_MM2


def test_exempt_land_goes_back_to_the_area_that_has_all_around_it(document: Document) -> None:
    document.execute(EndExempt(LAKE, "around"))

    community = named(document.snapshot, "B")
    assert document.snapshot.partition.own_twice_area(oid_of(community.uid)) == 2 * CELL_MM2


def test_land_that_is_not_exempt_cannot_be_given_back(document: Document, refused: Refused) -> None:
    assert refused(document, EndExempt(place(0.5, 0.5), None)).code == "edit.not_exempt"
