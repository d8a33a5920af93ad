"""Finding the root of a new project by code or name."""

from __future__ import annotations

import pytest

from gridadmin.app.root_search import find_roots, listed_counts, root_choice

LEVELS = ("city", "district", "street", "community", "grid", "micro_grid")
NO_STREETS = ("district", "community", "grid")


def codes(text: str, levels: tuple[str, ...] = LEVELS) -> list[str]:
    return [choice.code for choice in find_roots(text, levels)]


def test_a_code_finds_the_area_and_what_lies_below_it() -> None:
    found = codes("510114")
    assert found[:3] == ["510114", "510114001", "510114003"]
    assert len(found) == 60


def test_a_name_finds_larger_areas_first() -> None:
    assert codes("新都") == ["510114", "510114004"]
    assert codes("桂湖") == ["510114008", "510114008003"]


def test_the_ending_of_a_name_does_not_matter() -> None:
    assert codes("桂湖西路社区") == codes("桂湖西路社区居民委员会") == ["510114008003"]


def test_a_longer_code_of_a_statistical_list_finds_its_area() -> None:
    assert codes("510114000000")[0] == "510114"


def test_only_levels_of_the_scheme_are_found() -> None:
    assert codes("龙港", NO_STREETS) == ["330383"]
    assert codes("新都街道", NO_STREETS) == []


def test_a_street_that_stands_for_none_is_not_offered() -> None:
    assert "330383198" not in codes("330383")


@pytest.mark.parametrize("text", ["", "  ", "没有这个地方", "11010"])
def test_what_is_no_area_finds_nothing(text: str) -> None:
    assert codes(text) == []


def test_a_code_beyond_the_list_comes_back_as_not_listed() -> None:
    (choice,) = find_roots("110101", LEVELS)
    assert (choice.code, choice.level, choice.is_listed) == ("110101", "district", False)


def test_counts_are_those_that_a_new_project_lists() -> None:
    assert dict(listed_counts("510114", LEVELS)) == {"district": 1, "street": 9, "community": 184}


def test_an_area_is_found_by_its_exact_code_alone() -> None:
    choice = root_choice("510114", LEVELS)
    assert choice is not None
    assert (choice.name, choice.above) == ("新都区", "成都市")
    assert root_choice("5101140", LEVELS) is None
