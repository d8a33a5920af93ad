"""Locked borders on the picture: ticks for those locked by hand, padlocks for a plan's."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage

from gridadmin.app.plan_comparison import compare_with_base
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import Give
from gridadmin.edit.lock_commands import Lock, LockTarget, Unlock
from gridadmin.edit.plan_commands import ApprovePlan, CheckPlan, OpenPlan
from tests.helpers.plans import allowing_all
from tests.helpers.projects import ORIGIN_MM, document_on, named, place, small_town
from tests.ui.canvas.test_picture import VIEW, colours_in, painted
from ui.canvas.compared import ComparedMap
from ui.canvas.picture import paint_picture
from ui.canvas.scene import MapScene
from ui.canvas.style import MapStyle

pytestmark = pytest.mark.usefixtures("qapp")

BARE = MapStyle(has_labels=False)


@pytest.fixture
def document() -> Document:
    return document_on(small_town(has_frame=False))


def picture_of(document: Document) -> QImage:
    return painted(MapScene.of(document.snapshot))


def ink(picture: QImage, x0: float, y0: float, x1: float, y1: float) -> int:
    """Return how many pixels have the ink of ticks and padlocks, that of names, or nearly so."""
    found = colours_in(picture, VIEW, x0, y0, x1, y1)
    dark = (QColor(name) for name in found.elements())
    return sum(of.red() < 70 and of.green() < 70 and of.blue() < 80 for of in dark)


def test_a_border_locked_by_hand_bears_ticks_across_it_until_it_is_unlocked(
    document: Document,
) -> None:
    # The border between grids A1 and A2 runs north at x = 20 m.
    above = 19.4, 1.0, 20.6, 9.0
    assert ink(picture_of(document), *above) == 0

    document.execute(Lock(LockTarget(border=place(2, 0.5)), "已公告"))
    assert ink(picture_of(document), *above) > 20
    assert ink(picture_of(document), 39.4, 1.0, 40.6, 9.0) == 0

    document.execute(Unlock(LockTarget(border=place(2, 0.5)), "重新协商"))
    assert ink(picture_of(document), *above) == 0


def test_an_outline_locked_by_hand_is_marked_all_around(document: Document) -> None:
    before = picture_of(document)
    document.execute(Lock(LockTarget(area=named(document.snapshot, "A1").uid), "已公告"))

    picture = picture_of(document)

    for box in ((-0.6, 1, 0.6, 9), (1, -0.6, 9, 0.6), (19.4, 1, 20.6, 9), (1, 19.4, 9, 20.6)):
        marked = colours_in(before, VIEW, *box) - colours_in(picture, VIEW, *box)
        assert marked.total() > 40, box
    inside = 2, 2, 8, 8
    assert colours_in(before, VIEW, *inside) == colours_in(picture, VIEW, *inside)


def test_an_approved_plan_puts_padlocks_on_all_borders(document: Document) -> None:
    for command in (OpenPlan("甲"), CheckPlan(allowing_all(document.snapshot))):
        document.execute(command)
    assert ink(picture_of(document), 0, 0, 80, 40) == 0

    document.execute(ApprovePlan("虚构〔2026〕5号"))

    assert ink(picture_of(document), -1, -1, 81, 41) > 100


def test_the_comparison_hatches_what_changed_hands_and_dashes_the_old_border(
    document: Document,
) -> None:
    document.execute(OpenPlan("甲"))
    document.execute(Give(place(6.5, 1.5), named(document.snapshot, "B1").uid))
    comparison = compare_with_base(document.past(0), document.snapshot)
    compared = ComparedMap(comparison, (ORIGIN_MM[0] / 1000, ORIGIN_MM[1] / 1000))

    picture = paint_picture(MapScene.of(document.snapshot), VIEW, BARE, compared=compared)
    assert picture is not None

    assert colours_in(picture, VIEW, 61, 1, 79, 19)["#b4460f"] > 500
    assert colours_in(picture, VIEW, 1, 1, 39, 39)["#b4460f"] == 0
    assert colours_in(picture, VIEW, 59.8, 11, 60.2, 19)["#b4460f"] > 20
