"""Pictures of the places of issues in the list, and of a way to settle one before and after."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPixmap
from pytestqt.qtbot import QtBot

from gridadmin.app.repairs import Proposal, proposal_of
from gridadmin.domain.issue import Issue
from gridadmin.repair.ways import ways_of
from tests.ui.panels.conftest import idle, shown
from ui.canvas.place_picture import GAIN, MARK, lands_of_issue, paint_place
from ui.context import Context
from ui.panels.before_after import BeforeAfter
from ui.panels.issue_drawer import IssueDrawer
from ui.panels.issue_model import IssueRole
from ui.panels.issue_thumbs import IssueThumbs

SIZE = QSize(60, 42)


def issue(context: Context, kind: str) -> Issue:
    return next(one for one in context.bridge.issues() if one.kind == kind)


def share_of(image: QImage | QPixmap, colour: str) -> float:
    """Return which share of a picture is nearer to a colour than to grey."""
    picture = image.toImage() if isinstance(image, QPixmap) else image
    wanted = QColor(colour).hsvHue()
    hits = 0
    for x in range(picture.width()):
        for y in range(picture.height()):
            pixel = picture.pixelColor(x, y)
            away = abs(pixel.hsvHue() - wanted)
            hits += pixel.hsvSaturation() > 40 and min(away, 360 - away) < 12
    return hits / (picture.width() * picture.height())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_of_a_gap_shows_it_filled_in_the_middle(dirty: Context, theme: str) -> None:
    gap = issue(dirty, "gap")
    box = dirty.bridge.box_of_issue(gap)
    assert box is not None
    snapshot = dirty.bridge.snapshot

    image = paint_place(snapshot, box, lands_of_issue(snapshot, gap), SIZE, 1.0, theme)

    assert (image.width(), image.height()) == (60, 42)
    middle = image.pixelColor(30, 21)
    assert middle.red() > middle.green() + 40
    assert 0.02 < share_of(image, MARK) < 0.4


def test_land_too_small_to_see_gets_a_ring(dirty: Context) -> None:
    snapshot = dirty.bridge.snapshot
    overlap = issue(dirty, "overlap")
    (land,) = lands_of_issue(snapshot, overlap)
    x, y = land.rings[0].mean(axis=0).tolist()
    small = type(land)([land.rings[0] * 0.01 + (x * 0.99, y * 0.99)])

    ringed = paint_place(
        snapshot, (x - 500, y - 500, x + 500, y + 500), [small], SIZE, 2.0, "light"
    )

    assert share_of(ringed, MARK) > 0.01


def test_the_list_draws_the_pictures_that_are_in_sight(qtbot: QtBot, dirty: Context) -> None:
    drawer = shown(qtbot, IssueDrawer(dirty), (360, 700))
    thumbs = drawer.findChild(IssueThumbs)
    assert thumbs is not None
    with qtbot.waitSignal(thumbs.drawn):
        drawer.view.viewport().update()
    idle(qtbot, dirty)

    row = drawer.view.visualRect(drawer.model.index(0))
    seen = drawer.view.viewport().grab(row.adjusted(row.width() - 70, 2, -6, -4))
    assert share_of(seen, MARK) > 0.01


def test_a_narrow_list_has_words_alone(qtbot: QtBot, dirty: Context) -> None:
    drawer = shown(qtbot, IssueDrawer(dirty), (230, 700))
    idle(qtbot, dirty)
    row = drawer.view.visualRect(drawer.model.index(0))
    assert share_of(drawer.view.viewport().grab(row.adjusted(40, 2, 0, -4)), MARK) == 0.0
    assert drawer.model.index(0).data(IssueRole.ISSUE) is not None


def test_pictures_are_kept_until_a_border_there_moves(qtbot: QtBot, dirty: Context) -> None:
    thumbs = IssueThumbs(dirty)
    gap, far = issue(dirty, "gap"), issue(dirty, "overlap")
    with qtbot.waitSignal(thumbs.drawn):
        for one in (gap, far):
            assert thumbs.picture(one, SIZE, 1.0) is None
    idle(qtbot, dirty)
    kept = thumbs.picture(far, SIZE, 1.0)
    assert kept is not None
    assert thumbs.picture(gap, SIZE, 1.0) is not None

    (way,) = [one for one in ways_of(dirty.bridge.snapshot, gap) if one.key == "longest"]
    assert way.command is not None
    dirty.bridge.execute(way.command)

    assert thumbs.picture(gap, SIZE, 1.0) is None
    again = thumbs.picture(far, SIZE, 1.0)
    assert again is not None
    assert again.cacheKey() == kept.cacheKey()


def proposal(context: Context, found: Issue, key: str) -> Proposal:
    (way,) = [one for one in ways_of(context.bridge.snapshot, found) if one.key == key]
    return proposal_of(context.bridge.document, way)


def test_before_and_after_show_what_is_wrong_and_who_gets_it(qtbot: QtBot, dirty: Context) -> None:
    gap = issue(dirty, "gap")
    pictures = BeforeAfter(dirty, gap)
    qtbot.addWidget(pictures)
    assert not pictures.isVisible()

    pictures.look_at(proposal(dirty, gap, "longest"))
    idle(qtbot, dirty)

    assert pictures.isVisible()
    before, after = pictures.before.pixmap(), pictures.after.pixmap()
    assert share_of(before, MARK) > 0.02
    assert share_of(before, GAIN) < 0.01
    assert share_of(after, GAIN) > 0.02


def test_looking_at_another_way_shows_that_one_and_comes_back_at_once(
    qtbot: QtBot, dirty: Context
) -> None:
    gap = issue(dirty, "gap")
    pictures = BeforeAfter(dirty, gap)
    qtbot.addWidget(pictures)
    first, second = proposal(dirty, gap, "longest"), proposal(dirty, gap, "centre")
    pictures.look_at(first)
    idle(qtbot, dirty)
    one = pictures.after.pixmap().toImage()
    pictures.look_at(second)
    idle(qtbot, dirty)
    other = pictures.after.pixmap().toImage()

    pictures.look_at(first)

    assert other != one
    assert pictures.after.pixmap().toImage() == one
