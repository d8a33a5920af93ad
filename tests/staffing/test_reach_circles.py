"""Circles of reach: their land, what lies beyond, in which communities."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import shapely

from gridadmin.domain.model import Building, PointObject
from gridadmin.staffing.reach_circles import ReachCircles, circles_of
from tests.helpers.projects import ORIGIN_MM, SIDE_M
from tests.staffing.conftest import StaffedTown, Town


def at(x: float, y: float) -> tuple[int, int]:
    """Return a place of the town, counted in cells, in mm of the plane."""
    return ORIGIN_MM[0] + round(x * SIDE_M * 1000), ORIGIN_MM[1] + round(y * SIDE_M * 1000)


def facility(town: StaffedTown, uid: str, x: float, y: float) -> None:
    x_mm, y_mm = at(x, y)
    town.put("point_object", PointObject(uid, "agency_point", x_mm=x_mm, y_mm=y_mm))


def home(town: StaffedTown, uid: str, x: float, y: float, households: int) -> None:
    x_mm, y_mm = at(x, y)
    town.put("building", Building(uid, x_mm, y_mm, households=households))


def without_homes(town: StaffedTown) -> None:
    """Take the town's own buildings away."""
    for row in list(town.book().snapshot.rows("building").values()):
        town.put("building", replace(row, households=0))


def land_of(rings: ReachCircles) -> tuple[float, float]:
    """Return the land within and beyond, m², holes taken off."""
    found = []
    for side in (rings.within, rings.beyond):
        whole = shapely.Polygon()
        for ring in side:
            whole = whole.symmetric_difference(shapely.Polygon(ring))
        found.append(whole.area)
    return found[0], found[1]


WEST = -76.0
"""From here a circle of 800 m reaches to the middle of the town, where community B begins."""


def test_land_in_no_circle_is_what_the_circles_leave(town: Town) -> None:
    longgang = town("longgang")
    facility(longgang, "f", WEST, 2.0)

    circles = circles_of(longgang.book(), "agency_point")

    assert (circles.facility.zh, circles.minutes, circles.radius_m) == (
        "便民服务代办点",
        10.0,
        800.0,
    )
    assert circles.places.tolist() == [[-760.0, 20.0]]
    within, beyond = land_of(circles)
    # A circle drawn by 256 corners is a bit smaller.
    assert within == pytest.approx(math.pi * 800**2, rel=0.001)
    assert beyond == pytest.approx(1300, abs=8)


def test_households_beyond_are_told_for_each_community(town: Town) -> None:
    longgang = town("longgang")
    without_homes(longgang)
    home(longgang, "near", 3.5, 2.0, 7)
    home(longgang, "far", 7.5, 0.5, 5)
    home(longgang, "farther", 7.5, 3.5, 6)
    facility(longgang, "f", WEST, 2.0)

    circles = circles_of(longgang.book(), "agency_point")

    assert (circles.households, circles.buildings) == (11, 2)
    told = [(one.area.name, one.households, round(one.share, 3)) for one in circles.units]
    assert told == [("虚构B", 11, 1.0)]


def test_facilities_without_a_place_have_no_circle(town: Town) -> None:
    longgang = town("longgang")
    longgang.put("point_object", PointObject("f", "agency_point"))
    home(longgang, "h", 1.0, 1.0, 7)

    circles = circles_of(longgang.book(), "agency_point")

    assert (len(circles.places), circles.unplaced) == (0, 1)
    assert (circles.within, circles.beyond, circles.units) == ([], (), ())
    assert (circles.households, circles.buildings) == (None, 0)


def test_a_project_without_buildings_says_no_households(town: Town) -> None:
    longgang = town("longgang")
    without_homes(longgang)
    facility(longgang, "f", 0.0, 0.0)

    assert circles_of(longgang.book(), "agency_point").households is None
