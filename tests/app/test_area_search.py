"""The filter of areas: what one may type for a name, and how it keeps up."""

from __future__ import annotations

import dataclasses

import pytest

from gridadmin.app.area_search import AreaIndex
from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import Silent
from gridadmin.domain.change import RowChange
from gridadmin.domain.model import Area

AREAS = (
    Area("a", "990101001", "桂湖街道", "street", "root"),
    Area("b", "990101001001", "重庆路社区", "community", "a"),
    Area("c", "990101001001001", "第五网格", "grid", "b"),
    Area("d", None, "05-03 微网格", "micro_grid", "c"),
    Area("e", "990101002", "王府街道", "street", "root"),
)


@pytest.fixture
def index() -> AreaIndex:
    made = AreaIndex()
    made.follow(RowChange("area", None, area) for area in AREAS)
    return made


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("桂湖", "a"),
        ("guihu", "a"),
        ("GHJD", "a"),
        ("chongqing", "b"),
        ("cqlsq", "b"),
        ("990101001001001", "c"),
        ("05-03", "d"),
        ("０５-０３", "d"),
        ("wangfu", "e"),
        ("街道 002", "e"),
        ("jiedao 桂", "a"),
    ],
)
def test_an_area_is_found_by(index: AreaIndex, typed: str, found: str) -> None:
    assert index.find(typed, 10) == ([found], 1)


@pytest.mark.parametrize("typed", ["", "   ", "anfu", "uihu", "桂湖 002"])
def test_nothing_is_found_by(index: AreaIndex, typed: str) -> None:
    assert index.find(typed, 10) == ([], 0)


def test_more_than_are_wanted_are_counted_and_those_that_begin_so_come_first(
    index: AreaIndex,
) -> None:
    assert index.find("9901", 1)[1] == 4
    assert index.find("w", 1) == (["e"], 3)


def test_the_index_follows_new_names_and_retired_areas(index: AreaIndex) -> None:
    renamed = dataclasses.replace(AREAS[0], name="新安街道")
    retired = dataclasses.replace(AREAS[4], valid_to="2026-01-01")

    index.follow([RowChange("area", AREAS[0], renamed), RowChange("area", AREAS[4], retired)])

    assert index.find("guihu", 5) == ([], 0)
    assert index.find("xinan", 5) == (["a"], 1)
    assert index.find("王府", 5) == ([], 0)
    assert len(index) == 4


def test_levels_are_counted_through_changes(index: AreaIndex) -> None:
    assert dict(index.counts) == {"street": 2, "community": 1, "grid": 1, "micro_grid": 1}

    index.follow([RowChange("area", AREAS[4], None)])
    index.follow([RowChange("area", AREAS[3], dataclasses.replace(AREAS[3], level="grid"))])

    assert {key: count for key, count in index.counts.items() if count} == {
        "street": 1,
        "community": 1,
        "grid": 2,
    }


def test_making_it_can_be_cancelled() -> None:
    from tests.helpers.projects import small_town

    class Impatient(Silent):
        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        AreaIndex.of(small_town().snapshot(), Impatient())
