"""Circles of reach around the facilities of a kind, and what lies in none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, Building, Land, PointObject
from gridadmin.domain.scheme import Entry
from gridadmin.partition.polygons import land_polygons
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.reach import beyond, placed, reach_m

Floats = NDArray[np.float64]

REACH = "reach"
"""The check that says how far people walk in how many minutes."""

_CORNERS = 64
"""A quarter of a circle is drawn by so many."""
_LEAST_SHARE = 0.005
"""What lies beyond is told from half a percent of a unit on: edges reach out everywhere."""


@dataclass(frozen=True, slots=True)
class UnitBeyond:
    """A community or village of which something lies in no circle.

    ``share`` is of its land, 0 to 1; ``households`` live in its buildings there.
    """

    area: Area
    share: float
    households: int


@dataclass(frozen=True)
class ReachCircles:
    """The circles around the facilities of one kind, in local metres.

    ``places`` are ``(n, 2)``; ``unplaced`` facilities have no place on the map. ``within`` and
    ``beyond`` are rings ``(m, 2)`` of the land in and outside all circles, holes among them.
    ``households`` live beyond in ``buildings``; None where that can't be told: without a circle, or
    without any building with households.
    """

    facility: Entry
    minutes: float
    radius_m: float
    places: Floats
    unplaced: int
    within: Sequence[Floats]
    beyond: Sequence[Floats]
    units: Sequence[UnitBeyond]
    households: int | None
    buildings: int


def circles_of(book: StaffBook, kind: str) -> ReachCircles:
    """Return the circles around the facilities of a kind of the scheme. Raises: StopIteration.

    As the crow flies, in the plane of the project. Units are ordered by the households that lie
    beyond, then by the share of their land, then by code; without any facility on the map nothing
    is said to lie beyond.
    """
    facility = next(one for one in book.scheme.facilities if one.key == kind)
    check = book.check(REACH)
    radius_m = reach_m(check)
    rows = book.snapshot.rows("point_object").values()
    points = placed(book, kind)
    unplaced = sum(one.kind == kind for one in rows) - len(points)
    places = _local(book, points)
    circles = shapely.union_all(
        shapely.buffer(shapely.points(places), radius_m, quad_segs=_CORNERS)
    )
    homes = [one for one in book.snapshot.rows("building").values() if one.households]
    far = beyond(points, homes, radius_m) if points and homes else []
    return ReachCircles(
        facility,
        check.param("minutes"),
        radius_m,
        places,
        unplaced,
        _rings(circles),
        _rings(shapely.difference(_whole(book), circles)) if points else (),
        _units(book, circles, far) if points else (),
        sum(one.households for one in far) if points and homes else None,
        len(far),
    )


def _local(book: StaffBook, things: Sequence[PointObject] | Sequence[Building]) -> Floats:
    """Return where things are, ``(n, 2)`` in local metres."""
    places = np.array([(one.x_mm, one.y_mm) for one in things], dtype=np.float64).reshape(-1, 2)
    local: Floats = (places - np.array(book.snapshot.origin_mm)) / 1000.0
    return local


def _units(book: StaffBook, circles: shapely.Geometry, far: Sequence[Building]) -> list[UnitBeyond]:
    lands = book.once(_unit_lands)
    units = [unit for unit in book.base_units() if unit.uid in lands]
    shapes = np.array([lands[unit.uid] for unit in units], dtype=object)
    households: Counter[int] = Counter()
    homes = shapely.points(_local(book, far))
    for home, unit in zip(*shapely.STRtree(shapes).query(homes, "intersects"), strict=True):
        households[int(unit)] += far[int(home)].households
    shares = shapely.area(shapely.difference(shapes, circles)) / shapely.area(shapes)
    found = [
        UnitBeyond(unit, share, households[at])
        for at, (unit, share) in enumerate(zip(units, shares.tolist(), strict=True))
    ]
    told = [one for one in found if one.households or one.share >= _LEAST_SHARE]
    return sorted(told, key=lambda one: (-one.households, -one.share, one.area.code or "~"))


def _unit_lands(book: StaffBook) -> Mapping[str, shapely.MultiPolygon]:
    """Return the land of communities and villages in local metres, by uid."""
    drawn = [unit for unit in book.base_units() if unit.land == Land.DRAWN]
    of = {oid_of(unit.uid): unit.uid for unit in drawn}
    found = land_polygons(book.snapshot.partition, [list(of)], lambda xy: xy / 1000.0)
    return {of[oid]: land for oid, land in found.items() if oid in of}


def _whole(book: StaffBook) -> shapely.Geometry:
    """Return the land of all areas; exempt land and what is nobody's is not in it."""
    root = oid_of(book.snapshot.root.uid)
    found = land_polygons(book.snapshot.partition, [[root]], lambda xy: xy / 1000.0)
    return found.get(root, shapely.MultiPolygon())


def _rings(land: shapely.Geometry) -> list[Floats]:
    parts = [one for one in shapely.get_parts(land) if one.geom_type == "Polygon" and one.area]
    return [
        shapely.get_coordinates(ring) for part in parts for ring in (part.exterior, *part.interiors)
    ]
