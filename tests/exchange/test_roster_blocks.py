"""Sheets that name several persons in one row: recognised and read, mistakes in their columns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gridadmin.edit.document import Document
from gridadmin.exchange.roster_columns import find_header
from gridadmin.exchange.roster_compare import RosterChoices, compare
from gridadmin.exchange.roster_file import Cell, RosterSheet
from gridadmin.exchange.roster_preview import RosterPreview
from tests.exchange.test_roster_compare import MOBILE, document, held
from tests.helpers.projects import TODAY

__all__ = ["document"]

OTHER = "139" + "0000" + "5678"
Rows = Sequence[Sequence[Cell]]

BESIDE: Rows = (
    ("序号", "社区", "网格", "网格长", "联系电话", "网格员", "联系电话"),
    (1.0, "虚构A", "虚构A1", "赵甲", MOBILE, "钱乙", OTHER),
    (2.0, "虚构A", "虚构A2", "孙丙", None, "空缺", None),
)
BEHIND: Rows = (
    ("社区", "网格", "网格长姓名", "网格长电话", "网格员姓名", "网格员电话"),
    ("虚构A", "虚构A1", "赵甲", MOBILE, "钱乙", OTHER),
    ("虚构A", "虚构A2", "孙丙", None, None, None),
)
OVER: Rows = (
    ("虚构街道网格力量一览表", None, None, None, None, None),
    ("社区", "网格", "网格长", None, "网格员", None),
    (None, None, "姓名", "电话", "姓名", "电话"),
    ("虚构A", "虚构A1", "赵甲", MOBILE, "钱乙", OTHER),
    ("虚构A", "虚构A2", "孙丙", None, "/", None),
    ("合计", None, 2.0, None, 1.0, None),
)


def looked(
    document: Document, rows: Rows, columns: dict[str, str | None] | None = None
) -> RosterPreview:
    sheet = RosterSheet("网格表", [list(row) for row in rows])
    return compare(document.snapshot, [sheet], TODAY, RosterChoices(columns or {}))


def taken(document: Document, rows: Rows) -> RosterPreview:
    preview = looked(document, rows)
    assert preview.command is not None, preview.problems
    document.execute(preview.command)
    return preview


@pytest.mark.parametrize("rows", [BESIDE, BEHIND, OVER], ids=["beside", "behind", "over"])
def test_each_person_of_a_row_gets_the_post_of_the_heading(document: Document, rows: Rows) -> None:
    preview = taken(document, rows)

    assert preview.problems == ()
    assert held(document) == [
        ("孙丙", "虚构A2", "grid_chief", None),
        ("赵甲", "虚构A1", "grid_chief", None),
        ("钱乙", "虚构A1", "grid_member", None),
    ]
    phones = {one.name: one.own_phone for one in document.snapshot.rows("person").values()}
    assert phones == {"赵甲": MOBILE, "钱乙": OTHER, "孙丙": None}
    again = looked(document, rows)
    assert (again.command, again.persons_same, again.posts_same) == (None, 3, 3)


@pytest.mark.parametrize(
    ("rows", "titles"),
    [
        (BESIDE, ["网格长", "网格长联系电话", "网格员", "网格员联系电话"]),
        (BEHIND, ["网格长姓名", "网格长电话", "网格员姓名", "网格员电话"]),
        (OVER, ["网格长姓名", "网格长电话", "网格员姓名", "网格员电话"]),
    ],
    ids=["beside", "behind", "over"],
)
def test_headings_tell_whose_they_are(rows: Rows, titles: list[str]) -> None:
    header = find_header(RosterSheet("甲", [list(row) for row in rows]))

    assert header is not None
    own = [one for one in header.columns if one.block is not None]
    assert [one.title for one in own] == titles
    assert [one.key for one in own] == ["name", "own_phone", "name", "own_phone"]
    assert header.posts == ("网格长", "网格员")


def test_a_mistake_is_placed_at_the_column_of_its_person(document: Document) -> None:
    rows = [list(row) for row in BESIDE]
    rows[1][6] = "1390000x"
    rows[2][4], rows[2][3] = OTHER, None

    preview = looked(document, rows)

    placed = [(one.row, one.place, one.column, one.code) for one in preview.problems]
    assert placed == [
        (2, 6, "网格员联系电话", "roster.bad_phone"),
        (3, 3, "网格长", "roster.no_name"),
    ]


def test_a_chief_beside_each_of_his_micro_grids_is_one_person_on_one_post(
    document: Document,
) -> None:
    taken(
        document,
        [
            ("社区", "网格", "网格长", "电话", "微网格", "微网格员", "手机号码"),
            ("虚构A", "虚构A1", "赵甲", MOBILE, "虚构A1-1", "钱乙", OTHER),
            ("虚构A", "虚构A1", "赵甲", MOBILE, "虚构A1-2", "孙丙", None),
        ],
    )

    assert held(document) == [
        ("孙丙", "虚构A1-2", "micro_grid_member", None),
        ("赵甲", "虚构A1", "grid_chief", None),
        ("钱乙", "虚构A1-1", "micro_grid_member", None),
    ]


def test_a_post_of_an_area_above_is_found_there(document: Document) -> None:
    taken(
        document,
        [
            ("社区", "网格", "社区（村）党组织书记", "电话", "网格长", "电话"),
            ("虚构A", "虚构A1", "赵甲", MOBILE, "钱乙", OTHER),
        ],
    )

    assert held(document) == [
        ("赵甲", "虚构A", "community_secretary", None),
        ("钱乙", "虚构A1", "grid_chief", None),
    ]


def test_two_members_of_a_grid_are_told_apart_by_number_or_place(document: Document) -> None:
    for headings in (
        ("社区", "网格", "网格员1姓名", "网格员1电话", "网格员2姓名", "网格员2电话"),
        ("社区", "网格", "网格员", "电话", "网格员", "电话"),
    ):
        preview = looked(document, [headings, ("虚构A", "虚构A1", "赵甲", MOBILE, "钱乙", OTHER)])
        assert preview.problems == ()
        assert (preview.persons_new, preview.posts_new) == (2, 2)


def test_one_post_alone_as_a_heading_names_the_person_and_the_post(document: Document) -> None:
    taken(document, [("社区", "网格", "网格长", "电话"), ("虚构A", "虚构A1", "赵甲", MOBILE)])

    assert held(document) == [("赵甲", "虚构A1", "grid_chief", None)]


def test_a_roster_with_a_column_of_posts_stays_one_person_a_row() -> None:
    rows: list[list[Cell]] = [
        ["社区", "网格", "网格员姓名", "岗位", "电话"],
        ["虚构A", "虚构A1", "赵甲", "网格员", MOBILE],
    ]

    header = find_header(RosterSheet("甲", rows))

    assert header is not None
    assert header.posts == ()
    assert [one.key for one in header.columns] == [
        "community", "grid", "name", "post", "own_phone",
    ]  # fmt: skip


def test_a_column_of_one_person_is_chosen_by_its_own_heading(document: Document) -> None:
    preview = looked(document, BESIDE, {"网格员联系电话": "duty_phone"})

    assert preview.command is not None
    kept = {one.values["name"]: one.values for one in preview.command.persons}
    assert kept["钱乙"].get("duty_phone") == OTHER
    assert kept["赵甲"].get("own_phone") == MOBILE
