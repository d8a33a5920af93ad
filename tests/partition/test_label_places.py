"""Places for names lie in the land, where it is widest, and in the part that is seen."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridadmin.partition.label_places import Places, best_places


def places_in(*shapes: tuple[int, shapely.Polygon], box: tuple[float, ...] | None = None) -> Places:
    rings = [(region, np.array(ring.coords)) for region, shape in shapes
             for ring in (shape.exterior, *shape.interiors)]  # fmt: skip
    xy = np.concatenate([points for _, points in rings])
    offsets = np.cumsum([0, *(len(points) for _, points in rings)])
    regions = np.array([region for region, _ in rings])
    return best_places(regions, xy, offsets, box)  # type: ignore[arg-type]


def test_the_middle_of_a_rectangle_is_its_best_place() -> None:
    places = places_in((5, shapely.box(10, 20, 40, 30)))

    assert places.regions.tolist() == [5]
    assert places.xy[0, 0].tolist() == pytest.approx([25, 25])
    assert places.room_m[0].tolist() == pytest.approx([30] * 9)
    assert places.boxes[0].tolist() == [10, 20, 40, 30]


def test_a_name_goes_into_the_broad_end() -> None:
    bottle = shapely.Polygon(
        [(0, 0), (40, 0), (40, 20), (22, 20), (22, 60), (18, 60), (18, 20), (0, 20)]
    )

    places = places_in((1, bottle))

    assert places.xy[0, 0, 1] < 20
    assert places.room_m[0, 0] == pytest.approx(40)


def test_a_hole_is_no_place_for_a_name() -> None:
    ring = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 2, 28, 28))

    places = places_in((1, ring))

    assert ring.contains(shapely.Point(places.xy[0, 0]))
    assert places.room_m[0, 0] == pytest.approx(10)


def test_several_regions_are_looked_at_at_once() -> None:
    places = places_in((7, shapely.box(0, 0, 10, 10)), (3, shapely.box(20, 0, 60, 10)))

    assert places.regions.tolist() == [3, 7]
    assert places.xy[:, 0].tolist() == [pytest.approx([40, 5]), pytest.approx([5, 5])]


def test_only_the_part_that_is_seen_counts() -> None:
    places = places_in((1, shapely.box(0, 0, 100, 100)), box=(60, 80, 200, 200))

    assert places.xy[0, 0].tolist() == pytest.approx([80, 90])
    assert places.room_m[0, 0] == pytest.approx(40)
    assert places.boxes[0].tolist() == [0, 0, 100, 100]


def test_what_is_not_seen_has_no_room() -> None:
    places = places_in((1, shapely.box(0, 0, 10, 10)), box=(60, 80, 200, 200))

    assert places.room_m.tolist() == [[0] * 9]


def test_nothing_has_no_places() -> None:
    empty = np.empty(0, dtype=np.int64)

    assert len(best_places(empty, np.empty((0, 2)), np.zeros(1, dtype=np.int64))) == 0
