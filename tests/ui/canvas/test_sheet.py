"""What is handed to Qt stays within what Qt can paint."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from ui.canvas.sheet import Sheet, StoppedError, clipped_path, path_of
from ui.canvas.style import MapStyle
from ui.canvas.viewport import Viewport

VIEW = Viewport(0.0, 0.0, 1.0, 800, 600)


def sheet(view: Viewport = VIEW, *, stops: bool = False) -> Sheet:
    return Sheet(QPainter(), view, MapStyle(), lambda: stops)


def test_land_within_reach_is_painted_as_it_is() -> None:
    assert not sheet().is_too_wide(np.array([-10_000, -10_000, 10_000, 10_000]))


@pytest.mark.parametrize(
    "box", [(-13_000, 0, 1, 1), (0, -13_000, 1, 1), (0, 0, 13_000, 1), (0, 0, 1, 13_000)]
)
def test_land_that_reaches_farther_is_cut(box: tuple[float, ...]) -> None:
    assert sheet().is_too_wide(np.array(box))


def test_a_high_resolution_screen_reaches_half_as_far() -> None:
    box = np.array([-10_000, 0, 1, 1])

    assert sheet(replace(VIEW, ratio=2.0)).is_too_wide(box)


def test_places_become_pixels_as_the_viewport_says() -> None:
    view = Viewport(429_876.5, -3_345.25, 0.37, 801, 600)

    point = sheet(view).to_px.map(429_900.0, -3_300.0)

    assert point == pytest.approx(view.px_of((429_900.0, -3_300.0)))


def test_what_is_cut_keeps_what_lies_in_the_box() -> None:
    ring = np.array(shapely.box(-1e6, -1e6, 1e6, 10).exterior.coords)

    path = clipped_path(ring, np.array([0, len(ring)]), (0, 0, 100, 100))

    assert path.boundingRect().getRect() == (0, 0, 100, 10)


def test_a_hole_stays_a_hole() -> None:
    land = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6)).normalize()
    rings = [np.array(ring.coords) for ring in (land.exterior, *land.interiors)]

    path = path_of(np.concatenate(rings), np.array([0, 5, 10]))

    assert path.contains(QPointF(1, 1))
    assert not path.contains(QPointF(5, 5))


def test_a_picture_that_nobody_waits_for_is_given_up() -> None:
    sheet().pause()
    with pytest.raises(StoppedError):
        sheet(stops=True).pause()
