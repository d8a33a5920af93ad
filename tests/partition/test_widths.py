"""The widest circle inside polygons, thick and thin."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

from gridadmin.partition.widths import widest_circles


def width_of(polygon: shapely.Geometry) -> float:
    return float(widest_circles(np.array([polygon], dtype=object)).width[0])


def test_triangle_has_its_incircle() -> None:
    assert width_of(shapely.Polygon([(0, 0), (4, 0), (0, 3)])) == pytest.approx(2.0)


def test_strip_is_as_wide_as_its_short_side() -> None:
    assert width_of(shapely.box(0, 0, 10_000, 3)) == pytest.approx(3.0, rel=0.01)


def test_circle_between_inward_corners_is_found() -> None:
    star = shapely.Polygon(
        [(0, 100), (-10, 10), (-100, 0), (-10, -10), (0, -100), (10, -10), (100, 0), (10, 10)]
    )

    assert width_of(star) == pytest.approx(2 * np.hypot(10, 10), rel=0.02)


def test_round_polygon_of_many_corners_is_as_wide_as_its_circle() -> None:
    assert width_of(shapely.Point(50, 50).buffer(10)) == pytest.approx(20.0, rel=0.02)


def test_no_polygons_have_no_widths() -> None:
    assert len(widest_circles(np.empty(0, dtype=object)).width) == 0


def test_hole_narrows_a_polygon() -> None:
    frame = shapely.box(0, 0, 30, 30).difference(shapely.box(1, 1, 25, 29))

    assert width_of(shapely.orient_polygons(frame)) == pytest.approx(5.0, rel=0.2)


@pytest.mark.parametrize("seed", range(30))
def test_widths_agree_with_geos_and_circles_lie_inside(seed: int) -> None:
    source = random.Random(seed)
    angles = sorted(source.uniform(0, 2 * np.pi) for _ in range(source.randint(3, 12)))
    stretch = source.choice([1, 20])
    polygon = shapely.orient_polygons(
        shapely.Polygon(
            [
                (stretch * reach * np.cos(angle), reach * np.sin(angle))
                for angle, reach in ((angle, source.uniform(20, 100)) for angle in angles)
            ]
        )
    )
    if not polygon.is_valid:
        polygon = shapely.orient_polygons(polygon.convex_hull)

    found = widest_circles(np.array([polygon], dtype=object))

    tolerance = polygon.area / polygon.length * 0.002
    geos = 2 * shapely.length(shapely.maximum_inscribed_circle(polygon, tolerance))
    circle = shapely.Point(found.centre[0]).buffer(found.width[0] / 2 * 0.999)
    assert found.width[0] == pytest.approx(geos, rel=0.02)
    assert polygon.contains(circle)
