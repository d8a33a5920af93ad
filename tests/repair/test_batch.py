"""Dust and slivers settled at once: counts first, one gesture, what is left is told."""

from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from gridadmin.checks.book import IssueBook
from gridadmin.edit.document import Document
from gridadmin.repair.batch import DUST, SLIVERS, RepairBatch, plan_batch
from tests.helpers.promises import check_partition, hash_of
from tests.repair.conftest import Town


@pytest.fixture
def crumbs(town: Town) -> Town:
    """Two specks of 0.0025 m² and two strips of 0.5 m × 10 m between W and E; one is lived on."""
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4.05, 0, 4, 4))
    town.gap(4, 0, 0.05, 1)
    town.grid("F", (4, 1, 0.05, 0.995))
    town.gap(4, 1.995, 0.05, 0.0005)
    town.grid("G", (4, 1.9955, 0.05, 0.9995))
    town.dispute("overlap", ["W", "E"], 4, 2.995, 0.05, 0.0005)
    town.grid("H", (4, 2.9955, 0.05, 0.0045))
    town.gap(4, 3, 0.05, 1)
    town.building(4.02, 3.5, 3)
    return town


def dust(document: Document) -> int:
    return sum(IssueBook.of(document.snapshot).dust()[0].values())


def kinds(document: Document) -> list[str]:
    found = [one.kind for one in IssueBook.of(document.snapshot).issues()]
    return sorted(kind for kind in found if kind in ("gap", "overlap"))


def test_the_plan_of_dust_counts_what_is_too_small_to_list(crumbs: Town) -> None:
    document = crumbs.opened()
    plan = plan_batch(document.snapshot, DUST)

    assert dust(document) == 2
    assert plan.counts() == {"gap": 1, "overlap": 1}
    assert plan.land_m2 == pytest.approx(0.005)
    assert plan.left == {}


def test_dust_is_settled_as_one_gesture_that_one_undo_takes_back(crumbs: Town) -> None:
    document = crumbs.opened()
    before = hash_of(document.snapshot)
    done = document.execute(RepairBatch(DUST))

    assert dict(done.change.told)["settled"] == {"gap": 1, "overlap": 1}
    assert dust(document) == 0
    assert kinds(document) == ["gap", "gap"]
    check_partition(document.snapshot)
    document.undo()
    assert hash_of(document.snapshot) == before


def test_slivers_that_people_live_on_are_left(crumbs: Town) -> None:
    document = crumbs.opened()
    done = document.execute(RepairBatch(SLIVERS))

    assert dict(done.change.told) == {"settled": {"gap": 1}, "land_m2": 5.0, "left": {}}
    assert kinds(document) == ["gap"]


def test_what_a_lock_holds_is_left_and_told(crumbs: Town) -> None:
    crumbs.lock("W")
    crumbs.lock("E")
    document = crumbs.opened()
    plan = plan_batch(document.snapshot, SLIVERS)

    assert [one.taker.area.name for one in plan.settled] == ["虚构F"]
    for key in "FGH":
        crumbs.lock(key)
    assert plan_batch(crumbs.opened().snapshot, DUST).left == {"locked": 2}


def test_with_nothing_to_settle_a_batch_is_refused(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    document = town.opened()

    with pytest.raises(EditError) as refusal:
        document.execute(RepairBatch(DUST))
    assert refusal.value.code == "edit.nothing_to_settle"
