"""Areas in parts, narrow areas, and buildings that a border cuts."""

from __future__ import annotations

import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.checks.book import IssueBook
from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.issue import Issue
from gridadmin.edit.document import Document
from gridadmin.partition.walk import land_parts
from gridadmin.repair.lines import RepairIssue
from gridadmin.repair.ways import why_none
from tests.helpers.projects import box_m
from tests.helpers.promises import check_partition
from tests.repair.conftest import Town, gains, issue_of, proposals


def issue_about(kind: str, *areas: str, **params: object) -> Issue:
    return Issue("0", kind, Severity.WARNING, "grid", areas=areas, params=tuple(params.items()))


def test_the_small_part_of_an_area_goes_to_the_sibling_around_it(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4), (6, 1, 1, 1))
    town.area("E", "990101001002", "grid", "C")
    town.land_of("E", shapely.difference(box_m(4, 0, 4, 4), box_m(6, 1, 1, 1)))
    document = town.opened()
    issue = issue_of(document, "multipart")
    (found,) = proposals(document, issue)

    assert (found.way.key, found.way.to) == ("give_part", town.uid("E"))
    assert gains(found) == {"E": 100.0}
    document.execute(found.way.command)  # type: ignore[arg-type]
    assert len(land_parts(document.snapshot.partition, oid_of(town.uid("W")))) == 1
    assert "multipart" not in [one.kind for one in IssueBook.of(document.snapshot).issues()]


def test_a_part_with_no_sibling_beside_it_is_left_to_people(town: Town) -> None:
    town.area("D", "990101001002", "community", "root")
    town.grid("W", (0, 0, 4, 4), (6, 1, 1, 1))
    town.area("E", "990101001002001", "grid", "D")
    town.land_of("E", shapely.difference(box_m(4, 0, 4, 4), box_m(6, 1, 1, 1)))
    document = town.opened()

    issue = issue_of(document, "multipart")
    assert proposals(document, issue) == []
    assert why_none(document.snapshot, issue) == "edit.no_heir_of_part"
    with pytest.raises(EditError) as refusal:
        document.execute(RepairIssue(issue))
    assert refusal.value.code == "edit.no_heir_of_part"


def test_parts_that_have_areas_of_their_own_are_moved_with_these_and_not_alone(town: Town) -> None:
    town.area("W", "990101001001001", "grid", "C")
    town.area("E", "990101001001002", "grid", "C")
    town.area("w1", "99010100100100101", "micro_grid", "W")
    town.area("w2", "99010100100100102", "micro_grid", "W")
    town.area("e1", "99010100100100201", "micro_grid", "E")
    town.land_of("w1", box_m(0, 0, 4, 4))
    town.land_of("w2", box_m(6, 1, 1, 1))
    town.land_of("e1", shapely.difference(box_m(4, 0, 4, 4), box_m(6, 1, 1, 1)))
    document = town.opened()
    (issue,) = [
        one
        for one in IssueBook.of(document.snapshot).issues()
        if one.kind == "multipart" and one.areas == (town.uid("W"),)
    ]

    assert proposals(document, issue) == []
    assert why_none(document.snapshot, issue) == "edit.parts_have_children"


def test_a_narrow_area_dissolves_into_the_sibling_it_borders_most(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.grid("S", (4, 0, 0.05, 4))
    town.grid("E", (4.05, 0, 4, 2))
    town.grid("N", (4.05, 2, 4, 2))
    document = town.opened()
    (found,) = proposals(document, issue_about("sliver", town.uid("S")))
    done = document.execute(found.way.command)  # type: ignore[arg-type]

    assert (found.way.key, found.way.to) == ("dissolve", town.uid("W"))
    assert done.after.area(town.uid("S")).valid_to == "2026-01-05"
    assert done.after.land_twice_mm2(town.uid("W")) == 2 * 1_620_000_000


@pytest.fixture
def cut_building(town: Town) -> tuple[Document, Town, str]:
    """A building of 8 by 10 m, a quarter of it east of the border of W and E."""
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4, 0, 4, 4))
    footprint = shapely.to_wkb(box_m(3.4, 1, 0.8, 1))
    uid = town.building(3.8, 1.5, 20, footprint=footprint)
    return town.opened(), town, uid


def test_the_border_goes_around_a_building_for_the_side_that_has_most_of_it(
    cut_building: tuple[Document, Town, str],
) -> None:
    document, town, building = cut_building
    issue = issue_about("building_cut", town.uid("W"), town.uid("E"), building=building)
    found = proposals(document, issue)

    assert [(one.way.to, one.way.facts["percent"]) for one in found] == [
        (town.uid("W"), 75),
        (town.uid("E"), 25),
    ]
    assert gains(found[0]) == {"W": 20.0}
    assert gains(found[1]) == {"E": 60.0}
    document.execute(found[0].way.command)  # type: ignore[arg-type]
    check_partition(document.snapshot)


def test_the_check_of_cut_buildings_leads_to_its_building(
    cut_building: tuple[Document, Town, str],
) -> None:
    document, town, _ = cut_building
    issue = issue_of(document, "building_cut")

    assert [one.way.to for one in proposals(document, issue)] == [town.uid("W"), town.uid("E")]
    document.execute(proposals(document, issue)[0].way.command)  # type: ignore[arg-type]
    kinds = [one.kind for one in IssueBook.of(document.snapshot).issues()]
    assert "building_cut" not in kinds


def test_a_building_without_a_footprint_can_t_be_led_around(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4, 0, 4, 4))
    building = town.building(3.8, 1.5, 20)
    document = town.opened()

    assert proposals(document, issue_about("building_cut", building=building)) == []


def test_an_issue_that_no_repair_answers_has_no_ways(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    document = town.opened()

    assert proposals(document, issue_about("household_band", town.uid("W"))) == []
