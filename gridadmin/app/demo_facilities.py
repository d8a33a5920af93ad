"""The service points of the demo city: not every community has one, one isn't on the map yet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from gridadmin.base.ids import UidMaker
from gridadmin.domain.model import Area, PointObject
from gridadmin.exchange.demo_city import DemoCity

KIND = "service_point"
_WITHOUT = 3
"""So many communities, the last by code, are left for the planner."""


def demo_facilities(city: DemoCity, areas: Mapping[str, Area], uid: UidMaker) -> list[PointObject]:
    """Return a service point in the midst of communities; *areas* by code."""
    communities = sorted(
        (one for one in city.areas if one.level == "community" and one.polygon_mm is not None),
        key=lambda one: one.code,
    )
    homes = shapely.points([(one.x_mm, one.y_mm) for one in city.buildings])
    found = []
    for number, one in enumerate(communities[:-_WITHOUT]):
        inside = np.nonzero(shapely.intersects(one.polygon_mm, homes))[0]
        middle = shapely.centroid(one.polygon_mm)
        nearest = inside[int(np.argmin(shapely.distance(homes[inside], middle)))]
        building = city.buildings[int(nearest)]
        # One is announced, and nobody has said where.
        is_placed = number != len(communities) // 2
        found.append(
            PointObject(
                uid(),
                KIND,
                f"{one.name}便民服务点（虚构）",
                areas[one.code].uid,
                building.x_mm if is_placed else None,
                building.y_mm if is_placed else None,
            )
        )
    return found
