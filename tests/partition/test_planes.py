from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS

from gridadmin.base.errors import InputError
from gridadmin.partition.planes import (
    crosses_zone_border,
    is_metric_plane,
    plane_for,
    transform_geometries,
)


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (104.16, 30.82, 4544),  # 新都
        (120.55, 27.58, 4549),  # 龙港
        (120.41, 36.07, 4549),  # 市南
        (121.61, 38.91, 4550),  # 大连
        (117.63, 26.26, 4548),  # 三明
        (73.6, 39.5, 4534),
        (135.0, 48.3, 4554),
    ],
)
def test_plane_in_china_is_the_three_degree_zone(lon: float, lat: float, epsg: int) -> None:
    assert plane_for(lon, lat).to_epsg() == epsg


def test_plane_abroad_is_the_files_own_metric_crs_else_a_local_one() -> None:
    utm, feet, mercator = CRS.from_epsg(26916), CRS.from_epsg(3435), CRS.from_epsg(3857)

    assert plane_for(-87.6, 41.9, own=utm) == utm
    assert not is_metric_plane(feet)
    assert not is_metric_plane(mercator)
    for own in (feet, mercator, CRS.from_epsg(4326), None):
        assert plane_for(-87.6, 41.9, own=own).name == "WGS 84 / transverse Mercator -87.6 41.9"


def test_local_plane_measures_true_metres() -> None:
    plane = plane_for(-87.6, 41.9)
    points = np.array([shapely.Point(-87.6, 41.9), shapely.Point(-87.6, 41.91)], dtype=object)

    start, north = transform_geometries(points, CRS.from_epsg(4326), plane)

    assert (start.x, start.y) == pytest.approx((0, 0), abs=1e-6)
    assert north.y == pytest.approx(1110.714, abs=0.001)


def test_extent_over_a_zone_border_is_noticed() -> None:
    assert crosses_zone_border((121.2, 38.7, 121.9, 39.2))
    assert not crosses_zone_border((121.51, 38.7, 121.9, 39.2))
    assert not crosses_zone_border((-88.6, 41.0, -87.0, 42.0))


def test_transformed_geometries_keep_order_holes_and_missing_ones() -> None:
    ring = "(120 36, 120.1 36, 120.1 36.1, 120 36.1, 120 36)"
    hole = "(120.02 36.02, 120.04 36.02, 120.04 36.04, 120.02 36.02)"
    given = np.array([shapely.from_wkt(f"POLYGON ({ring}, {hole})"), None], dtype=object)

    moved = transform_geometries(given, CRS.from_epsg(4490), CRS.from_epsg(4549))

    x, y = shapely.get_coordinates(moved)[0]
    assert (x, y) == pytest.approx((500_000, 3_985_542.670), abs=0.001)
    assert shapely.get_num_interior_rings(moved[0]) == 1
    assert moved[1] is None


def test_swapped_axes_are_exchanged_first() -> None:
    given = np.array([shapely.from_wkt("POLYGON ((36 120, 36 121, 37 121, 36 120))")], dtype=object)
    same = CRS.from_epsg(4490)

    moved = transform_geometries(given, same, same, swap_xy=True)

    assert shapely.get_coordinates(moved)[0].tolist() == [120.0, 36.0]


def test_points_beyond_a_crs_are_refused() -> None:
    given = np.array([shapely.from_wkt("POLYGON ((4e8 0, 5e8 0, 5e8 1e8, 4e8 0))")], dtype=object)

    with pytest.raises(InputError) as caught:
        transform_geometries(given, CRS.from_epsg(4549), CRS.from_epsg(4490))

    assert caught.value.code == "input.outside_crs"
