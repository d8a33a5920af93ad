"""File names that every system takes."""

from __future__ import annotations

import pytest

from gridadmin.app.file_names import good_name, is_good_name, with_suffix


@pytest.mark.parametrize("name", ["新都区.gpkg", "a b.gpkg", "网格（草案）.gpkg", "console.gpkg"])
def test_plain_names_are_good(name: str) -> None:
    assert is_good_name(name)


@pytest.mark.parametrize(
    "name", ["", " ", ".gpkg", "a/b", "a\\b", "a:b", "con", "NUL.gpkg", "x.", "x ", "长" * 130]
)
def test_names_that_windows_refuses_are_not(name: str) -> None:
    assert not is_good_name(name)


def test_what_no_name_may_hold_is_taken_out() -> None:
    assert good_name("新都区/桂湖: 街道?", "新项目") == "新都区 桂湖 街道"
    assert good_name("???", "新项目") == "新项目"
    assert good_name("aux", "新项目") == "新项目"


def test_the_extension_is_added_once() -> None:
    assert with_suffix("甲", ".gpkg") == "甲.gpkg"
    assert with_suffix("甲.GPKG", ".gpkg") == "甲.GPKG"
