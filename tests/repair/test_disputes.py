"""Land that several claim: who may keep it, and what becomes of what reaches too far."""

from __future__ import annotations

import pytest

from gridadmin.checks.book import IssueBook
from tests.helpers.promises import check_partition
from tests.repair.conftest import Town, gains, issue_of, proposal, proposals


@pytest.fixture
def contested(town: Town) -> Town:
    """Grids W and E with 10 by 40 m between them that both claim."""
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (5, 0, 4, 4))
    town.dispute("overlap", ["W", "E"], 4, 0, 1, 4)
    return town


def test_an_overlap_may_be_kept_by_either_or_parted_halfway(contested: Town) -> None:
    document = contested.opened()
    found = proposals(document, issue_of(document, "overlap"))

    assert {(one.way.key, one.way.to) for one in found} == {
        ("keep", contested.uid("W")),
        ("keep", contested.uid("E")),
        ("centre", ""),
    }
    assert gains(proposal(document, issue_of(document, "overlap"), "centre")) == {
        "E": 200.0,
        "W": 200.0,
    }


def test_the_buildings_say_who_keeps_an_overlap(contested: Town) -> None:
    contested.building(4.9, 2, 10)
    contested.building(5.5, 2, 10)
    contested.building(1, 2, 10)
    document = contested.opened()
    first = proposals(document, issue_of(document, "overlap"))[0]

    assert (first.way.key, first.way.to) == ("majority", contested.uid("E"))
    assert gains(first) == {"E": 400.0}


def test_a_compound_keeps_its_building_with_its_others(contested: Town) -> None:
    contested.building(4.9, 2, 10, compound="compound-1")
    contested.building(5.5, 2, 10)
    contested.building(3, 2, 10, compound="compound-1")
    document = contested.opened()
    first = proposals(document, issue_of(document, "overlap"))[0]

    assert (first.way.key, first.way.to) == ("majority", contested.uid("W"))


def test_the_newer_source_keeps_an_overlap(contested: Town) -> None:
    contested.source("W", "旧图（虚构）", "2019-05-01")
    contested.source("E", "新图（虚构）", "2025-03-01")
    document = contested.opened()
    first = proposals(document, issue_of(document, "overlap"))[0]

    assert (first.way.key, first.way.to) == ("newer", contested.uid("E"))
    assert first.way.facts["date"] == "2025-03-01"


def test_sources_of_one_day_say_nothing(contested: Town) -> None:
    contested.source("W", "甲图（虚构）", "2025-03-01")
    contested.source("E", "乙图（虚构）", "2025-03-01")
    document = contested.opened()

    ways = [one.way.key for one in proposals(document, issue_of(document, "overlap"))]
    assert "newer" not in ways


def test_whoever_keeps_an_overlap_no_issue_of_land_is_left(contested: Town) -> None:
    document = contested.opened()
    for one in proposals(document, issue_of(document, "overlap")):
        assert one.done is not None
        check_partition(one.done.after)
        kinds = {issue.kind for issue in IssueBook.of(one.done.after).issues()}
        assert not kinds & {"gap", "overlap", "overhang", "remainder"}, one.way.key


def test_what_reaches_beyond_its_parent_is_clipped_or_the_parent_enlarged(town: Town) -> None:
    town.area("D", "990101001002", "community", "root")
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (5, 0, 4, 4), parent="D")
    town.dispute("overhang", ["W", "D"], 4, 0, 1, 4)
    document = town.opened()
    issue = issue_of(document, "overhang")

    found = proposals(document, issue)
    assert [(one.way.key, one.way.to) for one in found] == [
        ("clip", town.uid("E")),
        ("enlarge", town.uid("W")),
    ]
    assert gains(found[0]) == {"E": 400.0}
    done = document.execute(found[1].way.command)  # type: ignore[arg-type]
    assert done.after.land_twice_mm2(town.uid("C")) == 2 * 2_000_000_000


def test_land_beyond_its_parent_that_nobody_else_claims_is_free_once_clipped(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.dispute("overhang", ["W"], 4, 0, 1, 4)
    document = town.opened()
    found = proposals(document, issue_of(document, "overhang"))

    assert [one.way.key for one in found] == ["clip_free", "enlarge"]
    assert found[0].done is not None
    # Clipped land is not covered now: that is told, not hidden.
    kinds = [one.kind for one in IssueBook.of(found[0].done.after).issues()]
    assert "gap" in kinds
