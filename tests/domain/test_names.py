"""Names of base units, however a list writes them."""

from __future__ import annotations

import pytest

from gridadmin.domain.base_units import read_base_units
from gridadmin.domain.names import alike, normal_name, same_place, stem


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("南丰社区", "南丰社区"),
        ("南丰社区居委会", "南丰社区"),
        ("南丰社区居民委员会", "南丰社区"),
        ("南丰居委会", "南丰社区"),
        ("南丰居民委员会", "南丰社区"),
        ("香秀社会居委会", "香秀社区"),
        ("南丰社区社区居委会", "南丰社区"),
        ("福元村", "福元村"),
        ("福元村委会", "福元村"),
        ("福元村村委会", "福元村"),
        ("福元村民委员会", "福元村"),
        ("福元村村民委员会", "福元村"),
        ("中村村委会", "中村"),
        ("中村", "中村"),
        ("福元村社区居委会", "福元村社区"),
        (" 南丰　社区\u200b居委会\n", "南丰社区"),
        ("南丰（东）社区居委会", "南丰(东)社区"),
        ("Ａ１社区", "A1社区"),
        ("新城建设中心管理区", "新城建设中心管理区"),
        ("南丰", "南丰"),
    ],
)
def test_every_way_to_write_a_name_has_one_normal_form(text: str, normal: str) -> None:
    assert normal_name(text) == normal


@pytest.mark.parametrize(
    "text",
    ["", "村", "社区", "居委会", "村委会", "社区居委会", "社会居委会", "居民委员会", "村民委员会",
     "村居委会", "村村委会"],
)  # fmt: skip
def test_a_name_that_is_only_an_ending_stays_as_it_is(text: str) -> None:
    assert normal_name(text) == text


def test_community_and_village_of_one_name_are_two_places() -> None:
    assert same_place("吉口社区居民委员会", "吉口居委会")
    assert same_place("吉口村委会", "吉口村")
    assert not same_place("吉口社区居民委员会", "吉口村委会")


def test_a_blank_name_is_no_place() -> None:
    assert not same_place("", " ")


@pytest.mark.parametrize(
    ("name", "common"),
    [
        ("吉口社区居委会", "吉口"),
        ("吉口村委会", "吉口"),
        ("吉口", "吉口"),
        ("村", "村"),
        ("社区", "社区"),
    ],
)
def test_stem_is_what_all_endings_have_in_common(name: str, common: str) -> None:
    assert stem(name) == common


def test_alike_prefers_the_same_place_to_the_same_stem() -> None:
    candidates = ["吉口社区居民委员会", "吉口村委会", "岩前村委会"]

    assert alike("吉口村", candidates) == ["吉口村委会"]
    assert alike("岩前社区", candidates) == ["岩前村委会"]
    assert alike("吉口", candidates) == ["吉口社区居民委员会", "吉口村委会"]
    assert alike("星桥", candidates) == []
    assert alike("", [*candidates, ""]) == []


def test_no_two_units_of_one_street_become_equal() -> None:
    units = read_base_units()

    keys = {(unit.street_code, normal_name(unit.name)) for unit in units}

    assert len(keys) == 807


def test_the_normal_form_of_every_listed_name_is_final() -> None:
    for unit in read_base_units():
        normal = normal_name(unit.name)
        assert normal_name(normal) == normal
        assert normal.endswith(("社区", "村", "管理区"))
