"""Gaps: who may get them, along which line they are parted, and what is never touched."""

from __future__ import annotations

import pytest
import shapely

from gridadmin.app.repairs import left_after
from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.checks.book import IssueBook
from gridadmin.edit.document import Document
from gridadmin.partition.walk import land_parts
from tests.helpers.projects import box_m, place
from tests.helpers.promises import check_partition
from tests.repair.conftest import Town, gains, issue_of, proposal, proposals


def keys(document: Document, kind: str = "gap") -> list[str]:
    return [one.way.key for one in proposals(document, issue_of(document, kind))]


def test_a_gap_may_go_to_the_longest_border_be_parted_become_an_area_or_exempt(
    strip: Town,
) -> None:
    assert keys(strip.opened()) == ["longest", "centre", "own_area", "chosen", "exempt"]


def test_borders_that_miss_each_other_by_a_hair_are_put_together(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4.006, 0, 4, 4))
    town.gap(4, 0, 0.006, 4)
    document = town.opened()
    found = proposal(document, issue_of(document, "gap"), "snap")

    assert keys(document)[0] == "snap"
    assert "longest" not in keys(document)
    assert found.way.facts["width_mm"] == pytest.approx(60.0, abs=0.5)
    assert gains(found) in ({"E": 2.4}, {"W": 2.4})


def test_a_gap_wider_than_a_near_miss_is_no_matter_of_snapping(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4.02, 0, 4, 4))
    town.gap(4, 0, 0.02, 4)
    assert "snap" not in keys(town.opened())


def test_the_longest_shared_border_gets_the_gap(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (5, 0, 4, 2), (5, 2, 4, 2))
    town.grid("N", (4, 4, 1, 1))
    town.gap(4, 0, 1, 4)
    document = town.opened()
    found = proposal(document, issue_of(document, "gap"), "longest")

    assert gains(found) in ({"E": 400.0}, {"W": 400.0})
    assert found.way.facts["length_m"] == 40.0


def test_the_centre_line_gives_each_neighbour_what_lies_nearest(strip: Town) -> None:
    document = strip.opened()
    found = proposal(document, issue_of(document, "gap"), "centre")

    assert gains(found) == {"E": 120.0, "W": 120.0}


def test_the_centre_line_runs_halfway_and_straight(strip: Town) -> None:
    document = strip.opened()
    found = proposal(document, issue_of(document, "gap"), "centre")
    assert found.done is not None
    (part,) = land_parts(found.done.after.partition, oid_of(strip.uid("W")))
    east = max(x for x, _ in part.shell.tolist())

    assert east == 43_000
    assert len(part.shell) <= 8


def test_the_centre_line_of_a_wedge_halves_its_angle(town: Town) -> None:
    wedge = shapely.Polygon([place(4, 0), place(4, 4), place(6, 4)])
    town.grid("W", (0, 0, 4, 4))
    town.area("E", "990101001001002", "grid", "C")
    town.land_of("E", shapely.difference(box_m(4, 0, 5, 4), wedge))
    town.gap_of(wedge)
    document = town.opened()
    found = proposal(document, issue_of(document, "gap"), "centre")
    got = gains(found)

    # tan of half the angle atan(1/2) is 0.2361: W gets 40 m × 9.44 m / 2 of 400 m².
    assert got["W"] == pytest.approx(188.9, abs=1.0)
    assert got["E"] == pytest.approx(211.1, abs=1.0)
    assert proposal(document, issue_of(document, "gap"), "centre").refusal is None


def test_a_gap_between_three_is_parted_in_three_that_meet(town: Town) -> None:
    town.grid("W", (0, 0, 4, 6))
    town.grid("E", (6, 0, 4, 6))
    town.grid("S", (4, 0, 2, 2))
    town.gap(4, 2, 2, 4)
    document = town.opened()
    found = proposal(document, issue_of(document, "gap"), "centre")
    document.execute(found.way.command)  # type: ignore[arg-type]

    got = gains(found)
    assert got["S"] == pytest.approx(100.0, abs=3.0)
    assert got["W"] == pytest.approx(got["E"], abs=3.0)
    assert sum(got.values()) == pytest.approx(800.0, abs=0.01)
    check_partition(document.snapshot)
    assert left_after(IssueBook.of(document.snapshot), issue_of(town.opened(), "gap")) == []


def test_a_road_that_runs_through_the_gap_parts_it(strip: Town) -> None:
    strip.road("人民路（虚构）", (4.2, -1), (4.2, 5))
    document = strip.opened()
    found = proposal(document, issue_of(document, "gap"), "along_road")

    assert gains(found) == {"E": 160.0, "W": 80.0}
    assert found.way.facts["road"] == "人民路（虚构）"


def test_a_road_that_ends_inside_the_gap_is_led_on(strip: Town) -> None:
    strip.road("断头路（虚构）", (4.3, 0.5), (4.3, 3.5))
    document = strip.opened()
    found = proposal(document, issue_of(document, "gap"), "along_road")

    assert gains(found) == {"E": 120.0, "W": 120.0}


def test_a_road_across_the_gap_is_no_line_to_part_it_along(strip: Town) -> None:
    strip.road("横街（虚构）", (3, 2), (6, 2))

    assert "along_road" not in keys(strip.opened())


def test_the_side_with_fewer_households_may_have_it(strip: Town) -> None:
    strip.building(1, 1, 30)
    strip.building(6, 1, 20)
    document = strip.opened()
    issue = issue_of(document, "gap")
    fewer = [one for one in proposals(document, issue) if one.way.to == strip.uid("E")]

    assert [one.way.key for one in fewer] == ["fewer_households"]
    assert fewer[0].way.facts["households"] == 20


def test_buildings_on_the_gap_speak_for_the_side_that_their_footprint_reaches_into(
    strip: Town,
) -> None:
    footprint = shapely.to_wkb(box_m(4.3, 1, 0.8, 0.5))
    strip.building(4.5, 1.2, 12, footprint=footprint)
    document = strip.opened()
    first = proposals(document, issue_of(document, "gap"))[0]

    assert (first.way.key, first.way.to) == ("majority", strip.uid("E"))


def test_what_keeps_areas_in_their_band_comes_first(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4.6, 0, 4, 3.8))
    town.grid("N", (4.6, 3.8, 4, 0.2))
    town.gap(4, 0, 0.6, 4)
    town.building(3.5, 1, 490)
    town.building(6, 1, 350)
    town.building(4.1, 1, 31)
    document = town.opened()
    found = proposals(document, issue_of(document, "gap"))

    # The building stands nearest to W, which would have 521 of at most 500 households then.
    (majority,) = [one for one in found if one.way.key == "majority"]
    assert majority.way.to == town.uid("W")
    assert [one.name for one in majority.leaving] == ["虚构W"]
    assert found[0].leaving == []
    assert found.index(majority) > 0


def test_a_new_area_takes_the_gap(strip: Town) -> None:
    document = strip.opened()
    found = proposal(document, issue_of(document, "gap"), "own_area")
    done = document.execute(found.way.command)  # type: ignore[arg-type]
    (created,) = dict(done.change.told)["created"]

    assert created["code"] == "990101001001003"
    assert document.snapshot.land_twice_mm2(created["uid"]) == 2 * 240_000_000
    assert document.snapshot.area(created["uid"]).level == "grid"


def test_exempt_land_beside_a_gap_gets_and_loses_nothing(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.exempt(4.6, 0, 4, 4)
    town.gap(4, 0, 0.6, 4)
    document = town.opened()
    found = proposals(document, issue_of(document, "gap"))

    assert [one.way.key for one in found] == ["longest", "own_area", "chosen", "exempt"]
    assert found[0].way.to == town.uid("W")


def test_a_way_that_would_move_a_locked_border_is_refused_with_the_reason(strip: Town) -> None:
    strip.lock("W")
    document = strip.opened()
    found = proposals(document, issue_of(document, "gap"))
    refused = {one.way.key: one.refusal for one in found if one.refusal is not None}

    # W and E share borders of one length with the gap: whoever W's lock leaves comes first.
    assert {fault.code for fault in refused.values()} == {"edit.locked"}
    assert "centre" in refused
    assert "已公告" in str(refused["centre"].params["reason"])
    assert found[0].refusal is None


def test_a_gap_below_a_divided_parent_stays_below_it(town: Town) -> None:
    town.area("D", "990101001002", "community", "root")
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4.6, 0, 4, 4), parent="D")
    town.held("C", 4, 0, 0.6, 4)
    document = town.opened()
    found = proposals(document, issue_of(document, "gap"))

    assert {one.way.to for one in found if one.way.to} == {town.uid("W")}
    assert "centre" not in [one.way.key for one in found]


def test_filling_one_gap_opens_no_other(strip: Town) -> None:
    document = strip.opened()
    issue = issue_of(document, "gap")
    for one in proposals(document, issue):
        if one.done is not None:
            kinds = {i.kind for i in IssueBook.of(one.done.after).issues()}
            assert not kinds & {"gap", "overlap", "overhang", "remainder"}, one.way.key


def test_another_gap_stays_when_one_is_parted(town: Town) -> None:
    town.grid("W", (0, 0, 4, 4))
    town.grid("M", (4.6, 0, 4, 4))
    town.grid("E", (9.2, 0, 4, 4))
    town.gap(4, 0, 0.6, 4)
    town.gap(8.6, 0, 0.6, 4)
    document = town.opened()
    gaps = [one for one in IssueBook.of(document.snapshot).issues() if one.kind == "gap"]
    document.execute(proposal(document, gaps[0], "centre").way.command)  # type: ignore[arg-type]

    left = [one for one in IssueBook.of(document.snapshot).issues() if one.kind == "gap"]
    assert [one.id for one in left] == [gaps[1].id]


def test_a_hair_of_land_has_no_centre_line(town: Town) -> None:
    # 4 mm by 40 m: halfway there is no room for a line of whole millimetres.
    town.grid("W", (0, 0, 4, 4))
    town.grid("E", (4.0004, 0, 4, 4))
    town.gap(4, 0, 0.0004, 4)

    assert keys(town.opened()) == ["snap", "own_area", "chosen", "exempt"]


def test_a_place_that_is_settled_is_refused_as_a_gap(strip: Town) -> None:
    document = strip.opened()
    found = proposal(document, issue_of(document, "gap"), "centre")
    document.execute(found.way.command)  # type: ignore[arg-type]

    with pytest.raises(EditError):
        document.execute(found.way.command)  # type: ignore[arg-type]
