"""A sheet holds every name once, nothing stands on anything else, and what is too long goes on."""

from __future__ import annotations

import pytest

from gridadmin.chart.template_reading import load_template
from tests.helpers.charts import (
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


def test_what_the_panel_has_no_room_for_goes_on_on_the_next_page() -> None:
    snapshot = demo_snapshot()

    (street,) = snapshot.bearing("990001003")
    pages = pages_of(snapshot, load_template("grid-card"), street)

    told = "".join(texts_of(page) for page in pages).replace("\n", "")
    assert [page.key for page in pages][:2] == ["990001003", "990001003/2"]
    micro_grids = [one for one in snapshot.descendants(street.uid) if one.level == "micro_grid"]
    assert len(micro_grids) > 300
    assert [area.name for area in micro_grids if area.name not in told] == []
