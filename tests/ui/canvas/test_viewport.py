"""The viewport: metres and pixels, zoom at the pointer, boxes fitted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.canvas.viewport import COARSEST_M_PER_PX, FINEST_M_PER_PX, Viewport

VIEW = Viewport(100.0, 200.0, 2.0, 800, 600)


def test_the_middle_of_the_view_is_its_centre() -> None:
    assert VIEW.px_of((100.0, 200.0)) == (400.0, 300.0)
    assert VIEW.place_of((400.0, 300.0)) == (100.0, 200.0)


def test_north_is_up() -> None:
    assert VIEW.px_of((100.0, 210.0)) == (400.0, 295.0)


def test_many_places_become_the_pixels_that_one_by_one_they_become() -> None:
    places = np.array([[0.0, 0.0], [100.0, 200.0], [-3.5, 7.25]])

    assert VIEW.to_px(places).tolist() == [list(VIEW.px_of((x, y))) for x, y in places.tolist()]


def test_dragging_the_map_takes_the_place_under_the_pointer_along() -> None:
    place = VIEW.place_of((10.0, 20.0))

    assert VIEW.panned(30.0, -7.0).px_of(place) == pytest.approx((40.0, 13.0))


@given(
    x=st.floats(0, 800),
    y=st.floats(0, 600),
    factor=st.floats(0.01, 100),
)
def test_zooming_keeps_the_place_under_the_pointer(x: float, y: float, factor: float) -> None:
    place = VIEW.place_of((x, y))

    assert VIEW.zoomed(factor, (x, y)).px_of(place) == pytest.approx((x, y), abs=1e-6)


def test_zooming_ends_at_the_finest_and_the_coarsest_scale() -> None:
    assert VIEW.zoomed(1e9).metres_per_px == FINEST_M_PER_PX
    assert VIEW.zoomed(1e-9).metres_per_px == COARSEST_M_PER_PX


def test_a_fitted_box_is_seen_whole_with_a_margin() -> None:
    fitted = VIEW.fitted((0.0, 0.0, 1000.0, 100.0))

    assert fitted.shows((-59.0, 0.0, 1059.0, 100.0))
    assert not fitted.shows((-61.0, 0.0, 1061.0, 100.0))
    assert (fitted.centre_x, fitted.centre_y) == (500.0, 50.0)


def test_a_sliver_is_not_magnified_beyond_recognition() -> None:
    assert VIEW.fitted((0.0, 0.0, 0.001, 0.001)).metres_per_px == pytest.approx(5.6 / 600)


def test_the_scale_number_of_a_usual_screen() -> None:
    assert Viewport(metres_per_px=1.0).scale_number() == pytest.approx(3779.5, abs=0.1)
    assert VIEW.at_scale_number(4000.0).scale_number() == pytest.approx(4000.0)


def test_a_box_is_shown_whole_between_what_is_covered_at_both_sides() -> None:
    view = Viewport(width_px=1000, height_px=500).fitted(
        (0.0, 0.0, 600.0, 100.0), margin=0.0, covered_px=(100, 300)
    )

    assert view.metres_per_px == 1.0
    assert (view.px_of((0.0, 0.0))[0], view.px_of((600.0, 0.0))[0]) == (100.0, 700.0)
