"""Groupings and teams with their members in one line, and party organisations below each other."""

from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from tests.edit.test_people_places import Written
from tests.helpers.projects import named


def _members(town: Written, table: str = "grouping_member") -> set[tuple[str, str | None]]:
    if table == "team_member":
        names = {uid: row.name for uid, row in town.document.snapshot.rows("person").items()}
        return {(names[row.person], row.role) for row in town.rows(table)}
    areas = town.document.snapshot.rows("area")
    return {(areas[row.member].code, row.role) for row in town.rows(table)}


def test_a_cluster_comes_with_all_its_members_in_one_step() -> None:
    town = Written("longgang")
    a, b = town.code("A"), town.code("B")

    town.line(
        do="grouping",
        kind="cluster",
        name="虚构片区",
        members=[{"area": a, "role": "centre"}, {"area": b}],
    )

    assert _members(town) == {(a, "centre"), (b, None)}
    town.document.undo()
    assert town.rows("grouping") == town.rows("grouping_member") == []


def test_members_that_are_named_again_keep_their_rows_and_those_left_out_go() -> None:
    town = Written("longgang")
    a, b, c = (town.code(key) for key in ("A", "B", "A1"))
    made = town.line(
        do="grouping",
        kind="cluster",
        name="虚构片区",
        members=[{"area": a, "role": "centre"}, {"area": b}],
    )
    before = {row.member: row.uid for row in town.rows("grouping_member")}

    town.line(do="grouping", uid=made.uid, members=[{"area": b, "role": "centre"}, {"area": c}])

    assert _members(town) == {(b, "centre"), (c, None)}
    uid = named(town.document.snapshot, "B").uid
    after = {row.member: row.uid for row in town.rows("grouping_member")}
    assert after[uid] == before[uid]


def test_a_member_named_twice_or_nothing_new_is_refused() -> None:
    town = Written("longgang")
    a = town.code("A")
    with pytest.raises(EditError) as twice:
        town.line(
            do="grouping", kind="cluster", name="虚构片区", members=[{"area": a}, {"area": a}]
        )
    made = town.line(do="grouping", kind="cluster", name="虚构片区", members=[{"area": a}])
    with pytest.raises(EditError) as same:
        town.line(do="grouping", uid=made.uid, members=[{"area": a}])
    with pytest.raises(EditError) as nobody:
        town.line(do="grouping", uid=made.uid, members=[{"role": "centre"}])

    codes = (twice.value.code, same.value.code, nobody.value.code)
    assert codes == ("edit.member_twice", "edit.nothing_changes", "edit.missing_value")


def test_a_team_comes_with_its_people_and_their_roles() -> None:
    town = Written("xindu")
    for number in ("1", "2"):
        town.line(do="person", name=f"{number}（虚构）", staff_number=number)

    made = town.line(
        do="team",
        name="虚构突击队",
        kind="shock_team",
        area=town.code("A"),
        mode="emergency",
        members=[{"person": "1", "role": "队长"}, {"person": "2"}],
    )

    assert _members(town, "team_member") == {("1（虚构）", "队长"), ("2（虚构）", None)}
    town.line(do="team", uid=made.uid, members=[{"person": "2"}])
    assert _members(town, "team_member") == {("2（虚构）", None)}


def test_a_party_organisation_hangs_neither_below_itself_nor_below_what_hangs_below_it() -> None:
    town = Written("dalian")
    above = town.line(do="party_node", name="虚构党委", kind="community_committee")
    branch = town.line(do="party_node", name="虚构总支", kind="branch", parent=above.uid)
    group = town.line(do="party_node", name="虚构小组", kind="group", parent=branch.uid)

    for node, parent in ((branch, branch), (branch, group), (above, group)):
        with pytest.raises(EditError) as refused:
            town.line(do="party_node", uid=node.uid, parent=parent.uid)
        assert refused.value.code == "edit.party_circle"
    moved = town.line(do="party_node", uid=group.uid, parent=above.uid)

    assert moved.parent == above.uid


def test_with_a_compound_end_the_posts_and_pairings_on_it() -> None:
    town = Written("sanming")
    compound = town.line(do="compound", name="虚构小区", has_property_company=False)
    town.line(do="organization", name="虚构单位")
    anchor = {"table": "compound", "uid": compound.uid}
    town.line(do="pair", organization="虚构单位", anchor=anchor, kind="compound_unit")

    town.line(do="end", table="compound", uid=compound.uid, date="2030-02-01")

    assert town.rows("compound") == []
    assert [one.valid_to for one in town.rows("pairing")] == ["2030-02-01"]
