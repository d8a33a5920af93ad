"""What posts stand on, as far as it lies in one area: for what is exported of that area alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon
from gridadmin.staffing.anchors import area_at


class Within:
    """Tells what lies in an area; the land of the area is worked out when a road asks for it.

    A road lies in every area that it runs through or touches, a cluster in those of its members,
    a compound where its buildings are, or else the middle of its outline.
    """

    def __init__(self, snapshot: Snapshot, area: Area) -> None:
        self._snapshot = snapshot
        self._area = area
        self._areas = {area.uid, *(one.uid for one in snapshot.descendants(area.uid))}
        self._polygon: shapely.MultiPolygon | None = None
        self._compounds: dict[str, list[Any]] | None = None
        self._known: dict[tuple[str, str], bool | None] = {}

    def holds(self, table: str, uid: str) -> bool | None:
        """Return whether the row *uid* of a table that bears posts lies in the area.

        None when nobody can tell: a street without a line, a shop without a place.
        """
        key = table, uid
        if key not in self._known:
            row = self._snapshot.rows(table).get(uid)
            self._known[key] = False if row is None else self._lies(table, row)
        return self._known[key]

    def _lies(self, table: str, row: Any) -> bool | None:
        tells: dict[str, Callable[[Any], bool | None]] = {
            "area": lambda row: row.uid in self._areas,
            "building": lambda row: self._is_here(row.x_mm, row.y_mm),
            "point_object": self._has_point,
            "grouping": self._has_member,
            "compound": self._has_compound,
            "line_object": lambda row: self._meets(row.line),
        }
        return tells[table](row) if table in tells else None

    def _has_point(self, point: Any) -> bool | None:
        if point.area is not None:
            return point.area in self._areas
        return None if point.x_mm is None else self._is_here(point.x_mm, point.y_mm)

    def _has_member(self, grouping: Any) -> bool | None:
        members = [
            one
            for one in self._snapshot.linked("grouping_member", grouping.uid)
            if one.grouping == grouping.uid and one.member_kind in ("area", "building")
        ]
        is_in = any(self.holds(one.member_kind, one.member) for one in members)
        return is_in if members else None

    def _is_here(self, x_mm: int, y_mm: int) -> bool:
        area = area_at(self._snapshot, x_mm, y_mm)
        return area is not None and area.uid in self._areas

    def _has_compound(self, compound: Any) -> bool | None:
        if self._compounds is None:
            self._compounds = {}
            for one in self._snapshot.rows("building").values():
                if one.compound is not None:
                    self._compounds.setdefault(one.compound, []).append(one)
        homes = self._compounds.get(compound.uid, ())
        if homes:
            return any(self.holds("building", one.uid) for one in homes)
        if compound.outline is None:
            return None
        middle = shapely.from_wkb(compound.outline).representative_point()
        return self._is_here(round(middle.x * 1000), round(middle.y * 1000))

    def _meets(self, line: bytes | None) -> bool | None:
        if line is None:
            return None
        if self._polygon is None:
            parts = land_parts(self._snapshot.partition, oid_of(self._area.uid))
            self._polygon = to_polygon(parts, self._snapshot.place)
            shapely.prepare(self._polygon)
        return bool(shapely.intersects(self._polygon, shapely.from_wkb(line)))
