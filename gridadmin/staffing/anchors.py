"""What posts stand on beside areas, and how many seats somebody set on an object by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gridadmin.domain.model import Area
from gridadmin.partition.sight import owner_at
from gridadmin.partition.snapshot import Snapshot

STREET, LANE = "street", "lane"
"""Kinds of lines listed for their chiefs; an imported road may have one, but needs none."""

OBJECT_TABLES = ("line_object", "building", "compound", "point_object", "grouping")
"""Tables, beside the areas, on whose objects posts may stand."""

_LINES = {STREET: "street_line", LANE: "lane_line"}
_SMALL_ROADS = frozenset({"lane", "path"})


@dataclass(frozen=True, slots=True)
class PostObject:
    """Something that is no area and bears posts: a street, shop, compound, cluster, building.

    ``level`` is the word by which a scheme's posts name it, ``area`` the uid of the area that it
    lies in, where somebody said so. It has no code.
    """

    table: str
    uid: str
    name: str
    level: str
    area: str | None = None
    code: str | None = None


Stand = Area | PostObject
"""What a post stands on."""


def table_of(stand: Stand) -> str:
    """Return the table of what a post stands on."""
    return stand.table if isinstance(stand, PostObject) else "area"


def area_of(snapshot: Snapshot, table: str, uid: str) -> str | None:
    """Return the uid of the living area that an object is, or lies in; None where nobody said so.

    A cluster lies in its centre, a building on the land under it.
    """
    areas = snapshot.rows("area")
    found = uid if table == "area" else None
    if table == "point_object":
        row = snapshot.rows(table).get(uid)
        found = None if row is None else row.area
    elif table == "grouping":
        rows = [one for one in snapshot.linked("grouping_member", uid)
                if one.grouping == uid and one.member_kind == "area"]  # fmt: skip
        rows.sort(key=lambda one: (one.role != "centre", one.member))
        found = rows[0].member if rows else None
    elif table == "building":
        row = snapshot.rows(table).get(uid)
        area = None if row is None else area_at(snapshot, row.x_mm, row.y_mm)
        found = None if area is None else area.uid
    row = None if found is None else areas.get(found)
    return None if row is None or row.valid_to is not None else found


def area_at(snapshot: Snapshot, x_mm: int, y_mm: int) -> Area | None:
    """Return the area that holds the land at a point, plane millimetres."""
    x0, y0 = snapshot.origin_mm
    return snapshot.owning_area(owner_at(snapshot.partition, x_mm - x0, y_mm - y0))


def level_of_object(table: str, row: Any) -> str:
    """Return the word by which a scheme's posts name what an object is.

    For an area that is its level; a road counts as a street, a small one as a lane; points and
    groupings go by their kind.
    """
    if table == "area":
        return str(row.level)
    if table == "line_object":
        if row.kind == "road":
            return _LINES[LANE if row.road_class in _SMALL_ROADS else STREET]
        return _LINES.get(row.kind, str(row.kind))
    return table if table in ("building", "compound") else str(row.kind)


def is_listed_for_posts(table: str, row: Any) -> bool:
    """Return whether the posts of an object have to be filled, and not only may be."""
    if table == "building":
        # The scheme's buildings are areas; those that were imported come beside them.
        return False
    return table != "line_object" or row.kind in _LINES


def seats_by_hand(snapshot: Snapshot, table: str, anchor: str, post: str) -> int | None:
    """Return how many seats somebody gave a post of an object, None where nobody did."""
    for row in snapshot.linked("post_seat", anchor):
        if row.anchor_kind == table and row.post == post:
            return int(row.seats)
    return None
