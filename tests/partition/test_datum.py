from __future__ import annotations

import numpy as np
import pytest

from gridadmin.partition.datum import (
    bd09_from_gcj02,
    bd09_from_wgs84,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)

PUBLISHED = [
    # WGS 84 lon, lat, GCJ-02 lon, lat: reference points of the open tool eviltransform
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
    # of the open tool coordtransform
    (116.404, 39.915, 116.41024449916938, 39.91640428150164),
]


@pytest.mark.parametrize(("lon", "lat", "gcj_lon", "gcj_lat"), PUBLISHED)
def test_gcj02_agrees_with_published_points(
    lon: float, lat: float, gcj_lon: float, gcj_lat: float
) -> None:
    assert gcj02_from_wgs84(lon, lat) == pytest.approx((gcj_lon, gcj_lat), abs=1e-12)
    assert wgs84_from_gcj02(gcj_lon, gcj_lat) == pytest.approx((lon, lat), abs=1e-9)


def test_bd09_agrees_with_published_point() -> None:
    # Source: reference point of the open tool coordtransform
    there = (116.41036949371029, 39.92133699351021)

    assert bd09_from_gcj02(116.404, 39.915) == pytest.approx(there, abs=1e-12)
    assert gcj02_from_bd09(*there) == pytest.approx((116.404, 39.915), abs=1e-9)


def test_both_shifts_are_taken_back_all_over_china() -> None:
    lon, lat = (
        grid.ravel() for grid in np.meshgrid(np.linspace(73, 137, 300), np.linspace(3, 54, 300))
    )

    from_gcj02 = wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))
    from_bd09 = wgs84_from_bd09(*bd09_from_wgs84(lon, lat))

    for x, y in (from_gcj02, from_bd09):
        assert np.abs(x - lon).max() < 1e-9
        assert np.abs(y - lat).max() < 1e-9


def test_points_abroad_stay() -> None:
    lon, lat = np.array([-87.6, 139.7, 151.2]), np.array([41.9, 35.7, -33.9])

    for move in (gcj02_from_wgs84, wgs84_from_gcj02, bd09_from_wgs84, wgs84_from_bd09):
        x, y = move(lon, lat)
        assert x.tolist() == lon.tolist()
        assert y.tolist() == lat.tolist()
