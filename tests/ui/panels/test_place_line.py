"""The text twin of the map: what it says of a place."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Land
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import MemoryStore, place, small_town
from tests.ui.mapping import inner_place
from tests.ui.panels.conftest import shown
from ui.context import Context
from ui.panels.place_line import PlaceLine, words_of_place
from ui.texts import set_language


@pytest.fixture(params=["zh"])
def town(request: pytest.FixtureRequest) -> Snapshot:
    set_language(request.param)
    store: MemoryStore = small_town()
    snapshot = store.snapshot()
    assert snapshot.counts
    return snapshot


def at(snapshot: Snapshot, x: float, y: float) -> tuple[float, float]:
    """Return a place given in cells from the town's corner, in local metres."""
    plane_x, plane_y = place(x, y)
    origin_x, origin_y = snapshot.origin_mm
    return plane_x - origin_x / 1000, plane_y - origin_y / 1000


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (0.5, 0.5, "虚构A › 虚构A1 › 虚构A1-1，0 户；离边界 5.0 米"),
        (0.9, 0.5, "虚构A › 虚构A1 › 虚构A1-1，0 户；离边界 1.0 米"),
        (4.5, 2.5, "虚构B › 虚构B3，28 户；离边界 5.0 米"),
        (7.5, 2.5, "缝隙 100 m²；离边界 5.0 米"),
        (6.5, 2.5, "例外地块“虚构湖”；离边界 5.0 米"),
        (5.5, 0.5, "虚构B1、虚构B2的争议地块 100 m²；离边界 5.0 米"),
        (3.5, 3.5, "虚构A › 虚构A4，没有划给下级的地块 100 m²；离边界 5.0 米"),
        (9.0, 2.0, "项目范围之外；离边界 10.0 米"),
        (1.0, 0.5, "在虚构A1-1与虚构A1-2的边界上"),
        (4.0, 2.5, "在虚构A4-2与虚构B3的边界上"),
        (0.0, 0.5, "在虚构A1-1的外缘上"),
    ],
)
def test_a_place_is_told_in_words(town: Snapshot, x: float, y: float, said: str) -> None:
    assert words_of_place(town, *at(town, x, y)) == said


def test_a_border_in_reach_counts_as_there(town: Snapshot) -> None:
    x, y = at(town, 0.99, 0.5)

    assert words_of_place(town, x, y).startswith("虚构A › 虚构A1")
    assert words_of_place(town, x, y, reach_m=0.2) == "在虚构A1-1与虚构A1-2的边界上"


def test_a_place_far_from_everything_has_no_border_near(town: Snapshot) -> None:
    assert words_of_place(town, 5e6, 5e6) == "项目范围之外"


def test_households_are_left_out_until_they_are_counted() -> None:
    set_language("zh")
    town = small_town().snapshot()
    assert not town.knows_counts

    assert words_of_place(town, *at(town, 4.5, 2.5)) == "虚构B › 虚构B3；离边界 5.0 米"


def test_the_line_follows_the_pointer(qtbot: QtBot, demo: Context) -> None:
    line = shown(qtbot, PlaceLine(demo), (500, 24))
    # Others bear the name too, one of them stacked: the code says which is meant.
    named = [a for a in demo.bridge.snapshot.areas() if a.name == "05-03微网格"]
    micro = min((a for a in named if a.land == Land.DRAWN), key=lambda a: a.code or "")

    line.show_place(inner_place(demo.bridge.snapshot, micro))
    qtbot.waitUntil(lambda: "05-03微网格" in line.whole_text())
    assert line.accessibleDescription() == line.whole_text()
    assert line.accessibleName() == "指针处的内容"

    line.show_place(None)
    assert line.whole_text() == ""


def test_a_long_line_ends_in_dots_and_tells_all_in_its_tip(qtbot: QtBot, demo: Context) -> None:
    line = shown(qtbot, PlaceLine(demo), (120, 24))
    line.setText("桂湖街道 › 桂中社区 › 第五网格 › 05-03 微网格，47 户")

    assert line.text().endswith("…")
    assert line.toolTip() == "桂湖街道 › 桂中社区 › 第五网格 › 05-03 微网格，47 户"
