"""A sheet holds every name once, nothing stands on anything else, and what is too long goes on."""

from __future__ import annotations

import pytest

from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.compose import compose
from gridadmin.chart.template_reading import load_template
from gridadmin.domain.export_note import Profile
from tests.chart.hard_facts import facts_of, squares
from tests.helpers.charts import (
    FixedLetters,
    demo_snapshot,
    pages_of,
    texts_of,
    words_on_words,
    words_outside,
)

CODES = {
    "wall-a0": "990001",
    "wall-a0-portrait": "990001",
    "wall-787": "990001",
    "wall-a1": "990001002",
    "roll-610": "990001001",
    "roll-914": "990001",
    "community-a3": "990001001001",
    "grid-card": "990001001001003",
    "roster-poster": "990001001001",
    "district-overview": "990001",
}


@pytest.mark.parametrize("key", CODES)
def test_words_stand_inside_the_sheet_and_not_on_each_other(key: str) -> None:
    snapshot = demo_snapshot()
    (about,) = snapshot.bearing(CODES[key])

    pages = pages_of(snapshot, load_template(key), about)

    for page in pages:
        assert words_outside(page) == []
        assert words_on_words(page) == []


@pytest.mark.parametrize("key", ["wall-a0", "wall-a0-portrait", "wall-787", "roll-914"])
def test_every_grid_is_named_on_the_map(key: str) -> None:
    snapshot = demo_snapshot()

    page = pages_of(snapshot, load_template(key), snapshot.root)[0]

    grids = {area.uid for area in snapshot.areas() if area.level == "grid"}
    assert len(grids) == 93
    assert grids - set(page.labels) == set()


def test_blocks_come_closer_before_a_page_begins_for_the_last_row() -> None:
    snapshot = demo_snapshot()
    (community,) = snapshot.bearing("990001003003")
    choice = ChartChoice(qr_address="https://example.org/grids")

    pages = pages_of(snapshot, load_template("community-a3"), community, choice)

    assert [page.key for page in pages] == ["990001003003"]
    assert words_outside(pages[0]) == []
    assert words_on_words(pages[0]) == []
    blocks = dict(pages[0].blocks)
    assert {"staff", "bounds", "stacks", "facilities", "locator", "qr"} <= set(blocks)


def test_what_the_panel_has_no_room_for_goes_on_on_the_next_page() -> None:
    snapshot = demo_snapshot()

    (street,) = snapshot.bearing("990001003")
    pages = pages_of(snapshot, load_template("grid-card"), street)

    told = "".join(texts_of(page) for page in pages).replace("\n", "")
    assert [page.key for page in pages][:2] == ["990001003", "990001003/2"]
    micro_grids = [one for one in snapshot.descendants(street.uid) if one.level == "micro_grid"]
    assert len(micro_grids) > 300
    assert [area.name for area in micro_grids if area.name not in told] == []


@pytest.mark.parametrize(
    ("key", "code", "zh", "en"),
    [
        ("wall-a0", "990001001", "子虚街道网格与微网格分布图", "Grids and micro-grids of 子虚街道"),
        ("grid-card", "990001001001003", "甲子社区第三网格", "第三网格, 甲子社区"),
        ("district-overview", "990001", "样例区社区与网格总览图", "Communities and grids of"),
    ],
)
def test_the_title_says_what_is_drawn(key: str, code: str, zh: str, en: str) -> None:
    (about,) = demo_snapshot().bearing(code)

    titles = [
        pages_of(demo_snapshot(), load_template(key), about, ChartChoice(lang=lang))[0].title
        for lang in ("zh", "en")
    ]

    assert titles[0].endswith(zh)
    assert titles[1].startswith(en)


def test_the_title_of_land_with_one_level_names_that_alone() -> None:
    (page,) = compose(
        facts_of(squares(4, 200.0)), load_template("wall-a0"), ChartChoice(), FixedLetters()
    )

    assert page.title == "虚构市样例区示例社区网格分布图"


def test_an_english_sheet_tells_bounds_and_stacks_in_english_forms() -> None:
    (about,) = demo_snapshot().bearing("990001003003")

    page = pages_of(demo_snapshot(), load_template("community-a3"), about, ChartChoice(lang="en"))[
        0
    ]

    told = texts_of(page)
    assert (
        "East: 宇字大街、黄字大街; South: 乌有街道、宇字大街; West: 地字大道; North: 地字大街"
        in told
    )
    assert "05-03微网格: 藏余聚居点5栋 floors 1–10" in told


def test_a_public_sheet_leaves_room_for_a_map_approval_number() -> None:
    (about,) = demo_snapshot().bearing("990001001001")
    template = load_template("community-a3")

    told = {
        choice.profile: texts_of(pages_of(demo_snapshot(), template, about, choice)[0])
        for choice in (ChartChoice(), ChartChoice(profile=Profile.INTERNAL))
    }

    assert "审图号：______________" in told[Profile.PUBLIC]
    assert "审图号" not in told[Profile.INTERNAL]
