"""What each family of checks finds on the rich town, and what it leaves alone."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
import shapely

from gridadmin.checks.book import IssueBook
from gridadmin.checks.registry import all_checks
from gridadmin.domain.check_kinds import CHECK_KINDS, FAMILIES
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Building, CodePeriod, GroupingMember, Setting, StackedPart
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.exempt_commands import EndExempt, SetExempt
from gridadmin.edit.land_commands import Give, InsertLine
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.checking import suspects
from tests.helpers.play import InMemory, Play
from tests.helpers.projects import MemoryStore, box_m, document_on, named, place
from tests.helpers.promises import check_book
from tests.helpers.rich_town import rich_town


@pytest.fixture
def store() -> MemoryStore:
    return rich_town()


def found(snapshot: Snapshot, kind: str) -> list[Issue]:
    return [issue for issue in IssueBook.of(snapshot).issues() if issue.kind == kind]


def names(snapshot: Snapshot, issues: list[Issue]) -> list[str]:
    return sorted(snapshot.area(uid).name[2:] for issue in issues for uid in issue.areas)


def facts(issue: Issue) -> dict[str, object]:
    return dict(issue.params)


# The registry


def test_every_kind_on_land_has_a_check_and_every_check_a_kind() -> None:
    faces = {"gap", "overlap", "overhang", "duplicate", "contained"}
    elsewhere = {"near_miss", "reach", "channel_counts"}
    checked = {kind for check in all_checks() for kind in check.kinds}

    assert checked <= CHECK_KINDS.keys()
    staffing = set(FAMILIES["staffing"])
    assert CHECK_KINDS.keys() - checked - staffing == faces | elsewhere


def test_kept_up_book_is_that_of_a_full_check_for_every_family() -> None:
    Play(InMemory(rich_town()), 11).run(120)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_kept_up_book_is_that_of_a_full_check_after_1000_random_edits(seed: int) -> None:
    # An issue that was lost or kept wrongly stays so until something happens at its place again.
    Play(InMemory(rich_town()), seed).run(1000, check_every=10)


def test_a_set_leaves_out_what_is_not_in_it(store: MemoryStore) -> None:
    store.rows["setting"]["check_set"] = Setting("check_set", '"quick"')

    kinds = {issue.kind for issue in IssueBook.of(store.snapshot()).issues()}

    assert kinds == {"gap", "overlap", "remainder", "undivided"}


def test_a_project_may_have_a_set_of_its_own(store: MemoryStore) -> None:
    store.rows["setting"]["check_sets"] = Setting("check_sets", '{"mine": ["gap", "hole"]}')
    store.rows["setting"]["check_set"] = Setting("check_set", '"mine"')

    assert {issue.kind for issue in IssueBook.of(store.snapshot()).issues()} == {"gap"}


def test_heavy_checks_are_left_to_the_full_set(store: MemoryStore) -> None:
    store.rows["setting"]["check_set"] = Setting("check_set", '"usual"')

    assert found(store.snapshot(), "border_off_line") == []
    assert found(store.snapshot(), "building_cut") != []


def test_a_set_that_is_not_there_any_more_is_the_usual_one(store: MemoryStore) -> None:
    store.rows["setting"]["check_set"] = Setting("check_set", '"gone"')

    assert store.snapshot().check_set.key == "usual"


# Geometry


def test_land_enclosed_in_an_area_is_told_as_a_hole(store: MemoryStore) -> None:
    document = document_on(store)
    ring = [(6.3, 0.3), (6.7, 0.3), (6.7, 0.7), (6.3, 0.7), (6.3, 0.3)]
    document.execute(InsertLine([place(x, y) for x, y in ring], "990101001002003", "keep"))

    (hole,) = found(document.snapshot, "hole")

    assert names(document.snapshot, [hole]) == ["B2"]
    assert hole.area_m2 == pytest.approx(16.0)


def test_an_area_narrower_than_the_least_width_is_a_sliver(store: MemoryStore) -> None:
    document = document_on(store)
    line = [place(6.3, -0.2), place(6.3, 2.2)]
    document.execute(InsertLine(line, "new", "keep"))

    slivers = found(document.snapshot, "sliver")

    (uid,) = slivers[0].areas
    assert facts(slivers[0])["width"] == pytest.approx(3.0, rel=0.03)
    assert suspects(document.snapshot, "sliver") == {uid}


def test_a_needle_is_told_as_a_spike_in_both_areas_that_it_parts(store: MemoryStore) -> None:
    document = document_on(store)
    needle = [place(6, 0.5), place(7.5, 0.52), place(6, 0.54)]
    document.execute(InsertLine(needle, "990101001002001", "keep"))

    spikes = found(document.snapshot, "spike")

    assert names(document.snapshot, spikes) == ["B1", "B2"]
    assert spikes[0].point == pytest.approx(place(7.5, 0.52))


def test_a_neck_is_told_where_it_is(store: MemoryStore) -> None:
    document = document_on(store)
    notch = [place(6, 0.9), place(7.95, 0.9), place(7.95, 1.1), place(6, 1.1)]
    document.execute(InsertLine(notch, "990101001002001", "keep"))

    (neck,) = [i for i in found(document.snapshot, "narrow") if "B2" in names_of(document, i)]

    assert neck.point is not None
    assert neck.point[0] == pytest.approx(place(7.97, 0)[0], abs=0.5)


def names_of(document: object, issue: Issue) -> list[str]:
    return names(document.snapshot, [issue])  # type: ignore[attr-defined]


# People


def test_a_border_through_a_building_cuts_it_and_one_along_its_wall_does_not(
    store: MemoryStore,
) -> None:
    before = {i.id for i in found(store.snapshot(), "building_cut")}
    document = document_on(store)

    document.execute(InsertLine([place(4.8, -1), place(4.8, 3)], "new", "keep"))
    assert {i.id for i in found(document.snapshot, "building_cut")} == before
    document.execute(InsertLine([place(4.5, -1), place(4.5, 3)], "new", "keep"))

    cut = [i for i in found(document.snapshot, "building_cut") if i.id not in before]
    assert len(cut) == 2


def test_a_grid_border_cuts_a_compound_and_a_border_of_micro_grids_does_not(
    store: MemoryStore,
) -> None:
    cut = found(store.snapshot(), "compound_cut")

    assert [facts(issue)["compound"] for issue in cut] == ["虚构小区"] or len(cut) == 2
    assert {issue.level for issue in cut} == {"grid"}


def test_households_on_nobodys_land_are_an_inhabited_gap(store: MemoryStore) -> None:
    (gap,) = found(store.snapshot(), "inhabited_gap")

    assert (facts(gap)["buildings"], facts(gap)["households"], gap.level) == (1, 9, "district")
    assert gap.point == place(7.5, 2.5)


def test_households_on_land_not_given_on_are_told(store: MemoryStore) -> None:
    (rest,) = found(store.snapshot(), "building_unplaced")

    assert names(store.snapshot(), [rest]) == ["A4"]
    assert facts(rest)["households"] == 6


def test_a_building_on_disputed_land_belongs_to_two(store: MemoryStore) -> None:
    (twice,) = found(store.snapshot(), "building_twice")

    assert names(store.snapshot(), [twice]) == ["B1", "B2"]


def test_households_beyond_the_frame_are_told(store: MemoryStore) -> None:
    assert found(store.snapshot(), "household_unplaced") == []
    store.rows["building"]["far"] = Building("far", 900_000, 1_900_000, 7)

    (issue,) = found(store.snapshot(), "household_unplaced")

    assert facts(issue)["households"] == 7


# Sizes, codes, land


def test_a_grid_without_households_is_told_as_such(store: MemoryStore) -> None:
    store.rows["building"].clear()
    uid = named(store.snapshot(), "B3").uid
    store.rows["area"][uid] = replace(store.rows["area"][uid], households_typed=0)

    assert "B3" in names(store.snapshot(), found(store.snapshot(), "households_zero"))


def test_children_that_do_not_add_up_to_their_parent_are_told(store: MemoryStore) -> None:
    totals = {
        names(store.snapshot(), [i])[0]: facts(i)
        for i in found(store.snapshot(), "households_total")
    }

    assert totals["A4"]["households"] == 26 or "A4" in totals


def test_uneven_children_are_told_of_their_parent(store: MemoryStore) -> None:
    (balance,) = [
        i for i in found(store.snapshot(), "household_balance") if i.level == "community"
        and names(store.snapshot(), [i]) == ["A"]
    ]  # fmt: skip

    assert (facts(balance)["low"], facts(balance)["high"]) != (None, None)


def test_a_retired_code_given_to_another_area_is_told(store: MemoryStore) -> None:
    assert found(store.snapshot(), "code_reused") == []
    b2, b3 = named(store.snapshot(), "B2"), named(store.snapshot(), "B3")
    row = CodePeriod("old", b3.uid, b2.code or "", "2024-01-01", "2025-01-01")
    store.rows["code_period"]["old"] = row

    assert names(store.snapshot(), found(store.snapshot(), "code_reused")) == ["B2"]


def test_an_area_that_gets_its_own_code_back_is_fine(store: MemoryStore) -> None:
    document = document_on(store)
    code = named(document.snapshot, "B3").code
    document.execute(SetField(named(document.snapshot, "B3").uid, "code", "990101001002077"))
    document.execute(SetField(named(document.snapshot, "B3").uid, "code", code))

    assert found(document.snapshot, "code_reused") == []


def test_codes_out_of_order_are_told_of_their_parent(store: MemoryStore) -> None:
    order = found(store.snapshot(), "code_order")

    # The grids of B are numbered from south to north.
    assert facts(next(i for i in order if names(store.snapshot(), [i]) == ["B"]))["count"] == 4


def test_land_is_compared_with_the_published_figure(store: MemoryStore) -> None:
    (issue,) = found(store.snapshot(), "land_total")

    assert names(store.snapshot(), [issue]) == ["B"]
    assert facts(issue)["published_m2"] == 1000


# Borders


def test_a_border_beside_a_road_is_told_and_one_on_it_is_not(store: MemoryStore) -> None:
    def beside_the_road(snapshot: Snapshot) -> set[tuple[str, ...]]:
        issues = found(snapshot, "border_off_line")
        return {tuple(names(snapshot, [i])) for i in issues if facts(i)["line"] == "虚构road"}

    assert ("A1-2", "A2-1") in beside_the_road(store.snapshot())
    road = store.rows["line_object"]["road"]
    on_it = shapely.to_wkb(shapely.LineString([place(2, 0), place(2, 4)]))
    store.rows["line_object"]["road"] = replace(road, line=on_it)

    assert beside_the_road(store.snapshot()) == set()


def test_a_border_across_a_railway_is_told(store: MemoryStore) -> None:
    crossed = [i for i in found(store.snapshot(), "border_crosses")
               if facts(i)["line"] == "虚构railway"]  # fmt: skip

    assert ["B1", "B3"] in [names(store.snapshot(), [i]) for i in crossed]


# Groups and stacked


def test_a_cluster_in_two_pieces_is_told(store: MemoryStore) -> None:
    assert found(store.snapshot(), "cluster_adjacent") == []
    rows = store.rows["grouping_member"]
    rows["m1"] = GroupingMember("m1", "g", "area", named(store.snapshot(), "A1").uid, "centre")
    rows["m2"] = GroupingMember("m2", "g", "area", named(store.snapshot(), "B2").uid)

    (apart,) = found(store.snapshot(), "cluster_adjacent")

    assert facts(apart)["pieces"] == 2


def test_a_cluster_with_a_member_without_land_cannot_be_judged(store: MemoryStore) -> None:
    member = GroupingMember("m4", "g", "area", named(store.snapshot(), "A1-5").uid)
    store.rows["grouping_member"]["m4"] = member

    (issue,) = found(store.snapshot(), "cluster_unjudged")

    assert names(store.snapshot(), [issue]) == ["A1-5"]
    assert found(store.snapshot(), "cluster_adjacent") == []


def test_a_cluster_has_one_centre(store: MemoryStore) -> None:
    row = store.rows["grouping_member"]["m2"]
    store.rows["grouping_member"]["m2"] = replace(row, role="centre")

    (issue,) = found(store.snapshot(), "cluster_centre")

    assert facts(issue)["count"] == 2


def test_every_community_is_in_one_cluster(store: MemoryStore) -> None:
    assert found(store.snapshot(), "cluster_membership") == []
    del store.rows["grouping_member"]["m2"]

    (issue,) = found(store.snapshot(), "cluster_membership")

    assert (names(store.snapshot(), [issue]), facts(issue)["count"]) == (["B"], 0)


def test_a_net_is_compared_with_the_base_grid_in_square_metres(store: MemoryStore) -> None:
    own = json.loads(store.rows["setting"]["checks"].value)
    own["net_difference"]["params"] = {"min_area_m2": 50}
    store.rows["setting"]["checks"] = Setting("checks", json.dumps(own))

    (issue,) = found(store.snapshot(), "net_difference")

    assert names(store.snapshot(), [issue]) == ["A2"]
    assert (facts(issue)["more_m2"], facts(issue)["less_m2"]) == (80.0, 0.0)


def test_floors_in_none_or_two_stacked_micro_grids_are_told(store: MemoryStore) -> None:
    unplaced = {facts(i)["entrance"] for i in found(store.snapshot(), "entrance_unplaced")}
    assert "2单元" in unplaced
    tower = next(b for b in store.rows["building"].values() if b.floors)
    area = named(store.snapshot(), "A1-5").uid
    store.rows["stacked_part"]["more"] = StackedPart("more", area, tower.uid, "2单元", 5, 10)

    (twice,) = found(store.snapshot(), "entrance_twice")

    assert facts(twice)["entrance"] == "2单元"
    assert "2单元" not in {
        facts(i)["entrance"] for i in found(store.snapshot(), "entrance_unplaced")
    }


# The two stated numbers and the run


def test_an_edit_of_the_ground_is_followed(store: MemoryStore) -> None:
    from gridadmin.domain.change import Change, RowChange

    before = store.snapshot()
    assert before.counts is not None
    road = before.rows("line_object")["road"]
    moved = replace(road, line=shapely.to_wkb(shapely.LineString([place(4.3, 0), place(4.3, 4)])))
    compound = before.rows("compound")["c1"]
    grown = replace(compound, outline=shapely.to_wkb(box_m(3, 1, 3, 2)))
    member = before.rows("grouping_member")["m2"]
    change = Change("", (
        RowChange("line_object", road, moved), RowChange("compound", compound, grown),
        RowChange("grouping_member", member, None),
    ))  # fmt: skip
    after = before.applied(change, 1)

    check_book(IssueBook.of(before).after(after, change, ()), after)


def test_issues_that_a_change_took_and_brought_are_known(store: MemoryStore) -> None:
    document = document_on(store)
    book = IssueBook.of(document.snapshot)

    done = document.execute(Give(place(7.5, 2.5), "990101001002004"))
    following = book.after(done.after, done.change, done.touched)

    gone = Counter(issue.kind for issue in following.gone)
    assert gone["gap"] == gone["inhabited_gap"] == 1
    assert not {issue.kind for issue in following.come} & {"gap", "inhabited_gap"}


# Exempt land


def test_exempt_land_is_listed_once_its_last_day_has_passed(store: MemoryStore) -> None:
    document = document_on(store)
    (uid,) = document.snapshot.rows("exempt")
    name = document.snapshot.exempt(uid).name or document.snapshot.exempt(uid).reason
    document.execute(SetExempt(uid, {"until": "2999-12-31"}))
    assert not found(document.snapshot, "exempt_expired")

    done = document.execute(SetExempt(uid, {"until": "2001-12-31"}))

    (issue,) = found(document.snapshot, "exempt_expired")
    assert (facts(issue)["exempt"], facts(issue)["until"]) == (name, "2001-12-31")
    assert issue.severity == "warning"
    check_book(IssueBook.of(done.before).after(done.after, done.change, done.touched), done.after)
    done = document.execute(EndExempt(uid, None))
    check_book(IssueBook.of(done.before).after(done.after, done.change, done.touched), done.after)
    assert not found(document.snapshot, "exempt_expired")
