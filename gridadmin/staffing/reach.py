"""The circle that people reach on foot around the facilities of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from gridadmin.domain.model import Building, PointObject
from gridadmin.domain.scheme import Check
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import StaffFinding, on_whole


@on_whole("building", "point_object")
def reach(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Households farther from every facility of a kind than somebody walks in so many minutes.

    As the crow flies. Facilities without a place on the map are left out; so is a kind without any.
    """
    limit_m = reach_m(check)
    buildings = [one for one in book.snapshot.rows("building").values() if one.households]
    for entry in book.scheme.facilities:
        points = placed(book, entry.key)
        if not points or not buildings:
            continue
        far = beyond(points, buildings, limit_m)
        if far:
            yield StaffFinding(
                check.key,
                check.severity,
                book.snapshot.root.uid,
                subject=entry.key,
                params={
                    "facility": entry.key,
                    "households": sum(one.households for one in far),
                    "buildings": len(far),
                    "metres": round(limit_m),
                },
            )


def reach_m(check: Check) -> float:
    """Return how far somebody walks in the minutes that the check names, in metres."""
    return check.param("minutes") * check.param("metres_per_minute")


def placed(book: StaffBook, kind: str) -> list[PointObject]:
    """Return the facilities of a kind that have a place on the map, by uid."""
    rows = book.snapshot.rows("point_object")
    found = (rows[uid] for uid in sorted(rows))
    return [one for one in found if one.kind == kind and one.x_mm is not None]


def beyond(
    points: Sequence[PointObject], buildings: Sequence[Building], limit_m: float
) -> list[Building]:
    """Return the buildings farther than *limit_m* from every point, in their order."""
    tree = shapely.STRtree([shapely.Point(one.x_mm or 0, one.y_mm or 0) for one in points])
    homes = shapely.points([(one.x_mm, one.y_mm) for one in buildings])
    (near, _), away_mm = tree.query_nearest(homes, return_distance=True, all_matches=False)
    far = np.zeros(len(buildings), dtype=bool)
    far[near] = away_mm > limit_m * 1000
    return [one for one, is_far in zip(buildings, far.tolist(), strict=True) if is_far]
