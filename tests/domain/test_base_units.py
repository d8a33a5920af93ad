"""The shipped list of base units and what a new project lists from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gridadmin.base.errors import InputError
from gridadmin.domain.base_units import (
    BaseUnit,
    ListedArea,
    UnitType,
    read_base_units,
    street_type,
    units_under,
)
from gridadmin.domain.scheme_loader import load_scheme

HEADER = "code12,name,street_code9,street_name,area_code6,area_name\n"
ROW = "990101001001,甲社区居委会,990101001,乙街道,990101,丙区\n"


def counts(code: str, levels: tuple[str, ...] | None = None) -> dict[str, int]:
    listed = units_under(code) if levels is None else units_under(code, levels)
    return dict(Counter(area.level for area in listed))


def test_the_list_has_all_rows_and_the_types_follow_from_the_names() -> None:
    units = read_base_units()

    types = Counter((unit.district_name, str(unit.unit_type)) for unit in units)

    assert len(units) == 807
    assert units[0] == BaseUnit(
        "330383198001", "金钗河社区", "330383198", "龙港县直辖村级区划", "330383", "龙港市",
        UnitType.COMMUNITY,
    )  # fmt: skip
    assert types["新都区", "community"] == 105
    assert types["新都区", "village"] == 79
    assert types["龙港市", "community"] == 102
    assert types["市南区", "community"] == 50


def test_parks_and_zones_are_neither_community_nor_village() -> None:
    others = {unit.name for unit in read_base_units() if unit.unit_type is UnitType.OTHER}

    assert others == {
        "新城建设中心管理区",
        "三元经济开发区虚拟社区",
        "高新区虚拟社区",
        "生态城虚拟社区",
    }


def test_one_row_of_longgang_is_not_counted() -> None:
    not_counted = [unit.code for unit in read_base_units() if not unit.is_counted]

    assert not_counted == ["330383198400"]


def test_a_district_lists_its_streets_and_base_units() -> None:
    assert counts("510114") == {"district": 1, "street": 9, "community": 184}
    assert counts("370202") == {"district": 1, "street": 11, "community": 50}


def test_parents_come_before_children_and_hang_on_the_level_above() -> None:
    listed = units_under("510114")

    assert listed[:3] == [
        ListedArea("510114", "新都区", "district", None),
        ListedArea("510114001", "大丰街道", "street", "510114"),
        ListedArea("510114001004", "南丰社区居委会", "community", "510114001", UnitType.COMMUNITY),
    ]
    seen: set[str | None] = {None}
    for area in listed:
        assert area.parent_code in seen
        seen.add(area.code)


def test_a_place_without_streets_hangs_its_communities_on_the_root() -> None:
    levels = tuple(level.key for level in load_scheme("longgang").present_levels)

    listed = units_under("330383", levels)

    assert counts("330383", levels) == {"district": 1, "community": 102}
    assert {area.parent_code for area in listed[1:]} == {"330383"}
    assert "330383198" not in {area.code for area in listed}


def test_the_street_that_stands_for_none_is_left_out_where_the_scheme_has_streets() -> None:
    assert counts("330383") == {"district": 1, "community": 102}


def test_a_city_lists_its_districts_and_bears_its_name() -> None:
    listed = units_under("3504")

    assert counts("3504") == {"city": 1, "district": 2, "street": 28, "community": 327}
    assert listed[0] == ListedArea("3504", "三明市", "city", None)
    assert listed[1] == ListedArea("350404", "三元区", "district", "3504")


def test_levels_that_a_scheme_lacks_are_skipped() -> None:
    listed = units_under("3504", ("city", "community"))

    assert {area.parent_code for area in listed[1:]} == {"3504"}
    assert counts("3504", ("city", "community")) == {"city": 1, "community": 327}


def test_a_street_and_a_community_can_be_the_root() -> None:
    street = units_under("510114001")
    community = units_under("510114001004")

    assert street[0] == ListedArea("510114001", "大丰街道", "street", None)
    assert len(street) == 16
    assert community == [
        ListedArea("510114001004", "南丰社区居委会", "community", None, UnitType.COMMUNITY)
    ]


def test_a_code_filled_up_with_zeros_means_the_level_above() -> None:
    assert units_under("510114001000")[0].code == "510114001"


def test_a_root_that_the_list_does_not_know_comes_alone() -> None:
    assert units_under("990101") == [ListedArea("990101", "", "district", None)]


def test_the_list_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "名录 1.csv"
    path.write_text(HEADER + ROW, encoding="utf-8-sig")

    listed = units_under("9901", units=read_base_units(path))

    assert [area.code for area in listed] == ["9901", "990101", "990101001", "990101001001"]


@pytest.mark.parametrize("code", ["", "51", "51011", "5101140", "51011A", "510114001004001"])
def test_roots_that_are_no_statistical_code_are_refused(code: str) -> None:
    with pytest.raises(InputError) as refused:
        units_under(code)

    assert refused.value.code == "input.root_code"
    assert refused.value.params == {"value": code}


def test_a_root_whose_level_the_scheme_lacks_is_refused() -> None:
    with pytest.raises(InputError) as lacking:
        units_under("510114001", ("district", "community"))
    with pytest.raises(InputError) as dummy:
        units_under("330383198")

    assert lacking.value.code == "input.root_level"
    assert dummy.value.code == "input.root_level"


@pytest.mark.parametrize(
    ("code", "found"),
    [("510114001", "street"), ("510114109203", "town"), ("350404200", "township"),
     ("350404500498", "similar"), ("330383198001", None)],
)  # fmt: skip
def test_street_type_follows_the_digits_but_for_the_street_that_is_none(
    code: str, found: str | None
) -> None:
    assert street_type(code) == found


@pytest.mark.parametrize(
    ("text", "fault", "params"),
    [
        ("", "input.list_columns", {"columns": HEADER.strip().replace(",", ", ")}),
        ("code12,name\n990101001001,甲\n", "input.list_columns",
         {"columns": "street_code9, street_name, area_code6, area_name"}),
        (HEADER + ROW + "99010100100,甲,990101001,乙,990101,丙\n", "input.list_row",
         {"row": 3, "value": "99010100100"}),
        (HEADER + "990101001001,,990101001,乙,990101,丙\n", "input.list_row",
         {"row": 2, "value": "990101001001"}),
        (HEADER + "990101001001,甲,990102001,乙,990101,丙\n", "input.list_row",
         {"row": 2, "value": "990101001001"}),
        (HEADER + "990101001001,甲,990101001,乙,990102,丙\n", "input.list_row",
         {"row": 2, "value": "990101001001"}),
        (HEADER + "990101001001,甲\n", "input.list_row", {"row": 2, "value": "990101001001"}),
    ],
)  # fmt: skip
def test_faulty_lists_name_file_and_row(
    tmp_path: Path, text: str, fault: str, params: dict[str, object]
) -> None:
    path = tmp_path / "名录.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as refused:
        read_base_units(path)

    assert refused.value.code == fault
    assert refused.value.params == {"file": str(path), **params}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'code12,name\n"a', None])
def test_unreadable_lists_are_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "名录.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InputError) as refused:
        read_base_units(path)

    assert refused.value.code == "input.unreadable_list"
    assert refused.value.params["file"] == str(path)
