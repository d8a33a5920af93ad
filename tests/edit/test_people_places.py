"""Edit lines about what posts stand on beside areas: groupings, facilities, streets, teams."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.edit.document import Document
from gridadmin.edit.script import ScriptReader
from tests.helpers.projects import document_on, named, settings_rows, small_town

Line = Callable[..., Any]


class Written:
    """A document of a place that is written to by edit lines."""

    def __init__(self, scheme: str) -> None:
        store = small_town()
        store.rows["setting"].update({row.uid: row for row in settings_rows(scheme=scheme)})
        self.document: Document = document_on(store)
        self._reader = ScriptReader(lambda _: (0.0, 0.0), to_plane=lambda xy: (xy[0] + 1, xy[1]))

    def code(self, key: str) -> str:
        return str(named(self.document.snapshot, key).code)

    def line(self, **line: Any) -> Any:
        """Carry out a line and return the row that it made or changed first."""
        command = self._reader.read(json.dumps(line, ensure_ascii=False))
        assert not isinstance(command, str)
        return self.document.execute(command).change.rows[0].after  # type: ignore[arg-type]

    def rows(self, table: str) -> list[Any]:
        return list(self.document.snapshot.rows(table).values())


def test_a_cluster_gets_its_members_and_a_leader_and_goes_with_them() -> None:
    town = Written("longgang")
    town.line(do="grouping", kind="cluster", name="虚构片区")
    centre = town.line(
        do="grouping_member", grouping="虚构片区", area=town.code("A"), role="centre"
    )
    town.line(do="person", name="甲（虚构）", staff_number="1")
    (cluster,) = town.rows("grouping")
    anchor = {"table": "grouping", "uid": cluster.uid}
    town.line(do="assign", person="1", anchor=anchor, post="cluster_leader")

    assert (centre.member_kind, centre.member) == ("area", named(town.document.snapshot, "A").uid)
    town.line(do="end", table="grouping", uid=cluster.uid, date="2026-02-01")

    assert town.rows("grouping_member") == town.rows("grouping") == []
    assert [one.valid_to for one in town.rows("assignment")] == ["2026-02-01"]


def test_an_alliance_changes_nobodys_superior_unit() -> None:
    town = Written("sanming")
    town.line(do="organization", name="虚构总公司")
    town.line(do="organization", name="虚构分公司", parent="虚构总公司")
    before = {row.uid: row.parent for row in town.rows("organization")}

    town.line(do="grouping", kind="alliance", name="虚构联盟")
    for unit in ("虚构总公司", "虚构分公司"):
        town.line(do="grouping_member", grouping="虚构联盟", organization=unit)

    assert {row.uid: row.parent for row in town.rows("organization")} == before
    assert {row.member_kind for row in town.rows("grouping_member")} == {"organization"}


def test_a_facility_stands_where_its_coordinates_say_in_the_crs_of_the_script() -> None:
    town = Written("longgang")

    made = town.line(do="facility", kind="agency_point", area=town.code("A"), point=[5.5, 6.25])

    assert (made.x_mm, made.y_mm) == (6500, 6250)
    moved = town.line(do="facility", uid=made.uid, point=None)
    assert (moved.x_mm, moved.area) == (None, made.area)


def test_five_chiefs_stand_on_street_lane_patch_building_and_shop() -> None:
    town = Written("sanming")
    for number in range(4):
        town.line(do="person", name=f"{number}（虚构）", staff_number=str(number))
    street = town.line(do="street", kind="street", name="虚构路")
    lane = town.line(do="street", kind="lane", name="虚构巷")
    patch = town.line(do="grouping", kind="patch", name="虚构片")
    shop = town.line(do="facility", kind="shop", name="虚构小店")
    for number, (table, row, post) in enumerate(
        (
            ("line_object", street, "street_chief"),
            ("line_object", lane, "lane_chief"),
            ("grouping", patch, "patch_chief"),
            ("point_object", shop, "shop_chief"),
        )
    ):
        anchor = {"table": table, "uid": row.uid}
        town.line(do="assign", person=str(number), anchor=anchor, post=post)

    assert len(town.rows("assignment")) == 4
    with pytest.raises(EditError) as refused:
        town.line(
            do="assign",
            person="0",
            anchor={"table": "line_object", "uid": street.uid},
            post="lane_chief",
        )
    assert refused.value.code == "edit.post_not_here"


def test_a_team_stands_for_a_community_with_its_members() -> None:
    town = Written("xindu")
    town.line(do="person", name="甲（虚构）", staff_number="1")
    team = town.line(
        do="team", name="虚构突击队", kind="shock_team", area=town.code("A"), mode="emergency"
    )
    member = town.line(do="team_member", team="虚构突击队", person="1", role="队长")

    assert (member.team, team.anchor) == (team.uid, named(town.document.snapshot, "A").uid)
    town.line(do="end", table="team", uid=team.uid, date="2026-02-01")
    assert [one.valid_to for one in town.rows("team")] == ["2026-02-01"]
    assert town.rows("team_member") == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"do": "facility", "kind": "castle"}, "edit.bad_value"),
        ({"do": "street", "kind": "river"}, "edit.bad_value"),
        ({"do": "facility", "kind": "agency_point", "point": [1]}, "edit.bad_value"),
        ({"do": "grouping_member", "grouping": "没有"}, "edit.unknown_record"),
        ({"do": "team", "name": "虚构队", "kind": "section"}, "edit.missing_value"),
        (
            {"do": "team", "name": "虚构队", "kind": "section", "anchor": {"table": "setting"}},
            "edit.bad_value",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(line: dict[str, Any], code: str) -> None:
    with pytest.raises(EditError) as refused:
        Written("longgang").line(**line)

    assert refused.value.code == code


def test_a_name_that_two_groupings_bear_has_to_be_told_apart() -> None:
    town = Written("longgang")
    first = town.line(do="grouping", kind="cluster", name="虚构片区")
    town.line(do="grouping", kind="cluster", name="虚构片区")

    with pytest.raises(EditError) as refused:
        town.line(do="grouping_member", grouping="虚构片区", area=town.code("A"))

    assert refused.value.code == "edit.bad_value"
    member = town.line(do="grouping_member", grouping=first.uid, area=town.code("A"))
    assert member.grouping == first.uid


def test_a_neglected_building_is_a_member_by_its_uid() -> None:
    town = Written("dalian")
    town.line(do="grouping", kind="neglected_buildings", name="虚构弃管楼")
    building = min(town.document.snapshot.rows("building"))

    member = town.line(
        do="grouping_member", grouping="虚构弃管楼", building=building, role="taken_over"
    )

    assert (member.member_kind, member.member) == ("building", building)


def test_a_branch_hangs_below_a_committee() -> None:
    town = Written("dalian")
    above = town.line(do="party_node", name="虚构党委", kind="community_committee")

    below = town.line(do="party_node", name="虚构支部", kind="branch", parent=above.uid)

    assert below.parent == above.uid
    assert [one.uid for one in town.document.snapshot.linked("party_node", above.uid)] == [
        below.uid
    ]


def test_a_drawn_outline_of_a_compound_takes_the_buildings_in_it_and_lets_them_go() -> None:
    town = Written("default")
    tower = next(one for one in town.rows("building") if one.name == "虚构楼")
    x, y = tower.x_mm / 1000 - 1, tower.y_mm / 1000
    corners = [[x - 2, y - 2], [x + 2, y - 2], [x + 2, y + 2], [x - 2, y + 2]]
    made = town.line(do="compound", name="虚构院", outline=corners)
    assert shapely.from_wkb(made.outline).area == 16
    assert homes(town)[tower.uid] == made.uid

    inner = [[x - 1, y - 1], [x + 1, y - 1], [x, y + 1]]
    small = town.line(do="compound", name="虚构小院", outline=inner)
    assert homes(town)[tower.uid] == small.uid

    town.line(do="compound", uid=small.uid, outline=None)
    assert homes(town)[tower.uid] == made.uid
    town.line(do="compound", uid=made.uid, outline=[[one[0] + 99, one[1]] for one in corners])
    assert tower.uid not in homes(town)
    town.document.undo()
    assert homes(town)[tower.uid] == made.uid


@pytest.mark.parametrize(
    "corners", [[[0, 0], [4, 4], [4, 0], [0, 4]], [[0, 0], [1, 1]], [[0, 0], [1, 1], [2, 2]], []]
)
def test_an_outline_that_holds_no_land_is_refused(corners: list[list[float]]) -> None:
    with pytest.raises(EditError, match=r"edit\.bad_polygon"):
        Written("default").line(do="compound", name="虚构院", outline=corners)


def homes(town: Written) -> dict[str, str]:
    """Return the compound of each building that has one."""
    return {one.uid: one.compound for one in town.rows("building") if one.compound is not None}
