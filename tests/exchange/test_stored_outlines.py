"""One outline has one stored form, however it was walked, and it is the form that GEOS gives."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridadmin.exchange.gpkg_blob import wkbs_in
from gridadmin.exchange.package_content import Geometries, Shape
from gridadmin.exchange.stored_outlines import stored_outlines

STEP = 1e-4


def by_geos(outlines: Geometries) -> list[bytes]:
    turned = shapely.orient_polygons(shapely.normalize(outlines))
    return list(shapely.to_wkb(turned, byte_order=1, output_dimension=2))


def stored(outlines: Geometries, shape: Shape = Shape.MULTIPOLYGON) -> list[bytes | None]:
    boxes = shapely.bounds(outlines).reshape(-1, 4)
    return wkbs_in(stored_outlines(outlines, shape, boxes, 4490).blobs)


def outlines_of(*wkts: str) -> Geometries:
    return np.array([shapely.from_wkt(wkt) for wkt in wkts], dtype=object)


@given(st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12),
                min_size=1, max_size=8), st.booleans())  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_stored_form_is_that_of_geos_for_all_valid_land(
    clouds: list[list[tuple[int, int]]], is_turned: bool
) -> None:
    grown = [
        shapely.union_all([shapely.box(x, y, x + 1, y + 1) for x, y in cloud]) for cloud in clouds
    ]
    grown += [shapely.convex_hull(shapely.MultiPoint(cloud)).buffer(0) for cloud in clouds]
    lands = [shapely.multipolygons(shapely.get_parts(one)) for one in grown if not one.is_empty]
    outlines = shapely.transform(np.array(lands, dtype=object), lambda xy: 104.1 + xy * STEP)
    if is_turned:
        outlines = shapely.reverse(outlines)

    assert stored(outlines) == by_geos(outlines)


@pytest.mark.parametrize(
    "wkt",
    [
        "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)))",
        "MULTIPOLYGON(((4 4,4 0,0 0,0 4,4 4)))",
        "MULTIPOLYGON(((0 4,0 0,4 0,4 4,0 4)))",
        "MULTIPOLYGON(((0 0,0 2,0 4,4 4,4 0,0 0)))",
        "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(2 2,2 4,4 4,4 2,2 2)))",
        "MULTIPOLYGON(((5 5,6 5,6 6,5 6,5 5)),((0 0,1 0,1 1,0 1,0 0)))",
        "MULTIPOLYGON(((0 0,4 0,4 4,2 2,0 4,0 0)))",
        "MULTIPOLYGON(((0 0,0 0,4 0,4 4,0 0)))",
        "MULTIPOLYGON(((2 0,0 0,1 1,0 0,2 0)))",
    ],
)
def test_every_start_and_direction_gives_one_form(wkt: str) -> None:
    outline = outlines_of(wkt)
    both = np.concatenate((outline, shapely.reverse(outline), outlines_of("MULTIPOLYGON EMPTY")))

    assert stored(both[:2]) == by_geos(both[:2])


def test_no_outlines_and_points_are_stored_too() -> None:
    nothing = np.empty(0, dtype=object)
    points = outlines_of("POINT(1 2)", "POINT(3 4)")

    assert stored(nothing) == []
    assert stored(points, Shape.POINT) == by_geos(points)
