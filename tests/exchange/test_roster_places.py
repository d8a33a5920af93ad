"""Posts of a roster on streets, shops, compounds, clusters and buildings of the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import shapely

from gridadmin.domain.people import Assignment
from gridadmin.edit.document import Document
from gridadmin.edit.draft import Draft
from gridadmin.exchange.people_tables import posts_table
from gridadmin.exchange.roster_columns import BY_KEY, PLACE_LEVELS
from gridadmin.exchange.roster_compare import RosterChoices, compare
from gridadmin.exchange.roster_file import Cell, RosterSheet
from gridadmin.exchange.roster_sheet import columns_for, people_sheet
from gridadmin.staffing.within import Within
from tests.edit.test_people_places import Written
from tests.exchange.test_roster_compare import found, looked, taken
from tests.helpers.projects import TODAY, box_m, named


@pytest.fixture
def town() -> Written:
    made = Written("sanming")
    made.line(do="street", kind="street", name="虚构大街")
    made.line(do="street", kind="lane", name="虚构01巷")
    made.line(do="facility", kind="shop", name="虚构小店", area=made.code("A"))
    made.line(do="facility", kind="shop", name="虚构小店", area=made.code("B"))
    made.line(do="facility", kind="shop", name="虚构药店", area=made.code("B"))
    made.line(do="grouping", kind="patch", name="虚构东片")
    return made


def held(document: Document) -> dict[str, Assignment]:
    """Return the one post of each person, by name."""
    names = {uid: one.name for uid, one in document.snapshot.rows("person").items()}
    return {names[one.person]: one for one in document.snapshot.rows("assignment").values()}


def of_name(document: Document, table: str, name: str) -> list[Any]:
    rows = document.snapshot.rows(table).values()
    return sorted((one for one in rows if one.name == name), key=lambda one: one.area or "")


def test_chiefs_of_a_street_a_lane_and_a_patch_are_taken_from_columns_of_their_own(
    town: Written,
) -> None:
    preview = taken(
        town.document,
        {"name": "甲", "line_object": "虚构大街", "post": "街长"},
        {"name": "乙", "line_object": "虚构1巷", "post": "巷长"},
        {"name": "丙", "grouping": "虚构东片", "post": "片长"},
    )

    assert preview.posts_new == 3
    anchors = {name: (one.anchor_kind, one.post) for name, one in held(town.document).items()}
    assert anchors == {
        "甲": ("line_object", "street_chief"),
        "乙": ("line_object", "lane_chief"),
        "丙": ("grouping", "patch_chief"),
    }


def test_of_two_shops_of_one_name_that_in_the_named_community_is_meant(town: Written) -> None:
    area = named(town.document.snapshot, "B")

    taken(
        town.document,
        {"name": "甲", "area_code": area.code, "point_object": "虚构小店", "post": "店长"},
    )

    (shop,) = [one for one in of_name(town.document, "point_object", "虚构小店")
               if one.area == area.uid]  # fmt: skip
    assert held(town.document)["甲"].anchor == shop.uid


def test_without_a_community_it_is_asked_which_of_the_two(town: Written) -> None:
    row = {"name": "甲", "point_object": "虚构小店", "post": "店长"}

    asked = looked(town.document, row)

    assert found(asked) == [(2, "所属店铺设施", "roster.ask_object")]
    options = asked.questions[0].ask.options
    assert [one.text for one in options] == ["虚构小店（店铺，虚构A）", "虚构小店（店铺，虚构B）"]
    taken(town.document, row, object=options[1].key)
    assert held(town.document)["甲"].anchor == options[1].key


def test_a_near_name_is_offered_and_an_unknown_one_is_a_mistake(town: Written) -> None:
    near = looked(town.document, {"name": "甲", "point_object": "虚构药点", "post": "店长"})
    unknown = looked(town.document, {"name": "甲", "point_object": "没有的店", "post": "店长"})

    assert found(near) == [(2, "所属店铺设施", "roster.ask_object")]
    assert [one.text for one in near.questions[0].ask.options] == ["虚构药店（店铺，虚构B）"]
    assert found(unknown) == [(2, "所属店铺设施", "roster.unknown_object")]


def test_a_street_that_stands_beside_a_post_of_the_community_is_no_matter(town: Written) -> None:
    area = named(town.document.snapshot, "A")

    taken(
        town.document,
        {"name": "甲", "area_code": area.code, "line_object": "没有的街", "post": "法官"},
    )

    one = held(town.document)["甲"]
    assert (one.anchor_kind, one.anchor, one.post) == ("area", area.uid, "judge")


def test_a_post_that_the_place_has_none_of_is_a_mistake_that_names_those_it_has(
    town: Written,
) -> None:
    preview = looked(town.document, {"name": "甲", "line_object": "虚构大街", "post": "店长"})

    (problem,) = preview.problems
    assert problem.code == "roster.post_not_here"
    assert problem.params == {"post": "店长", "area": "虚构大街", "known": "街长"}


def test_two_chiefs_of_one_street_are_one_too_many(town: Written) -> None:
    preview = looked(
        town.document,
        {"name": "甲", "line_object": "虚构大街", "post": "街长"},
        {"name": "乙", "line_object": "虚构大街", "post": "街长"},
    )

    assert found(preview) == [(3, "所属岗位", "roster.post_taken")]


def test_a_building_of_the_map_gets_its_chief_by_name(town: Written) -> None:
    building = min(town.document.snapshot.rows("building").values(), key=lambda one: str(one.uid))
    assert building.name or building.source_id
    name = building.name or building.source_id

    taken(town.document, {"name": "甲", "building": name, "post": "楼长"})

    one = held(town.document)["甲"]
    assert (one.anchor_kind, one.anchor) == ("building", building.uid)


def test_what_an_export_says_changes_nothing_when_it_comes_back(town: Written) -> None:
    taken(
        town.document,
        {"name": "甲", "own_phone": "13800000001", "line_object": "虚构大街", "post": "街长"},
        {"name": "乙", "own_phone": "13800000002", "point_object": "虚构药店", "post": "店长"},
        {"name": "丙", "own_phone": "13800000003", "grouping": "虚构东片", "post": "片长"},
        {
            "name": "丁",
            "own_phone": "13800000004",
            "area_code": town.code("A"),
            "post": "法官",
        },
        {"name": "戊", "own_phone": "13800000005", "building": "虚构楼", "post": "楼长"},
    )
    snapshot = town.document.snapshot

    written = people_sheet(snapshot, TODAY, "internal")

    titles = [one.title for one in written.columns]
    assert len(written.rows) == 5
    lines: list[list[Cell]] = [[*titles]]
    lines += [[*row] for row in written.rows]
    again = RosterSheet("名册", lines)
    preview = compare(snapshot, [again], TODAY, RosterChoices())
    assert (preview.problems, preview.posts_same, preview.command) == ((), 5, None)


def test_within_an_area_only_the_objects_that_lie_there_are_written(town: Written) -> None:
    taken(
        town.document,
        {"name": "甲", "line_object": "虚构大街", "post": "街长"},
        {"name": "乙", "point_object": "虚构药店", "post": "店长"},
    )
    area = named(town.document.snapshot, "B")

    written = people_sheet(town.document.snapshot, TODAY, "internal", area=area)

    at = [one.key for one in written.columns].index("name")
    assert [row[at] for row in written.rows] == ["乙"]
    assert written.unplaced == 1


def names_in(town: Written, area: str) -> list[str]:
    """Return the names that the roster of an area holds."""
    snapshot = town.document.snapshot
    written = people_sheet(snapshot, TODAY, "public", area=named(snapshot, area))
    at = [one.key for one in written.columns].index("name")
    return sorted(row[at] or "" for row in written.rows)


def test_roads_and_buildings_are_in_the_roster_of_each_area_in_which_they_lie(
    town: Written,
) -> None:
    taken(
        town.document,
        {"name": "甲", "line_object": "虚构大路", "post": "街长"},
        {"name": "乙", "building": "虚构楼", "post": "楼长"},
    )

    assert names_in(town, "A") == ["乙", "甲"]
    assert names_in(town, "A1") == ["乙"]
    assert names_in(town, "A4") == ["甲"]
    assert names_in(town, "B3") == ["甲"]
    assert names_in(town, "B1") == []
    posts = posts_table(town.document.snapshot, TODAY, "public", named(town.document.snapshot, "B"))
    at = [one.name for one in posts.columns].index("person_name")
    assert [row[at] for row in posts.rows] == ["甲"]


def test_a_building_is_told_with_the_area_on_whose_land_it_stands(town: Written) -> None:
    taken(town.document, {"name": "乙", "building": "虚构楼", "post": "楼长"})

    written = people_sheet(town.document.snapshot, TODAY, "public")

    [row] = written.rows
    said = {one.key: cell for one, cell in zip(written.columns, row, strict=True)}
    assert (said["community"], said["building"]) == ("虚构A", "虚构楼")
    assert said["area_code"] == "990101001001001"


def test_a_compound_lies_where_its_buildings_are_and_else_by_its_outline(town: Written) -> None:
    east = town.line(do="compound", name="虚构东院", compound_type=None)
    west = town.line(do="compound", name="虚构西院", compound_type=None)
    bare = town.line(do="compound", name="虚构空院", compound_type=None)
    snapshot = town.document.snapshot
    tower = next(one for one in snapshot.rows("building").values() if one.name == "虚构楼")
    outline = shapely.to_wkb(box_m(6, 1, 1, 1))
    changed = Draft(snapshot)
    changed.put("building", replace(tower, compound=west.uid))
    changed.put("compound", replace(east, outline=outline))
    after = snapshot.applied(changed.change("people"), snapshot.revision + 1)

    found = {
        area: [
            Within(after, named(after, area)).holds("compound", one.uid)
            for one in (east, west, bare)
        ]
        for area in ("A", "B")
    }

    assert found == {"A": [False, True, None], "B": [True, False, None]}


def test_a_scheme_without_such_posts_has_no_such_columns() -> None:
    keys = {one.key for one in columns_for(Written("default").document.snapshot, "internal")}

    objects = {"line_object", "compound", "grouping", "point_object"}
    assert not keys & objects
    assert objects & {*BY_KEY} == objects
    assert not objects & {*PLACE_LEVELS}
