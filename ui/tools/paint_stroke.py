"""One stroke of the paint brush: what it has gone over so far. Knows no Qt.

Everything is looked up once and kept with its outline, so that a brush may pass over the same
place many times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.edit.paint_commands import Brush, Paint, key_of
from gridadmin.partition.blocks import block_at
from gridadmin.partition.faces import Face, face_at
from gridadmin.partition.ground import Ground, GroundBuilding
from gridadmin.partition.land_alone import in_mm
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Half, land_parts
from ui.canvas.picking import face_under
from ui.canvas.viewport import Box, Floats, Place

_MOST_IN_BOX = 400
"""So many blocks are looked for in a rectangle at most."""


class What(StrEnum):
    """What a brush takes where no lower level holds the land."""

    FACES = "faces"
    BLOCKS = "blocks"
    BUILDINGS = "buildings"


@dataclass(frozen=True)
class Painted:
    """One thing that is painted: an area, a face, a block or a building, with its land."""

    kind: str
    key: object
    place: Place
    """A place inside, in local metres."""
    land: shapely.Geometry
    """In local metres; a point for a building without footprint."""

    def rings(self) -> list[Floats]:
        """Return its outline, closed rings ``(n, 2)`` in local metres."""
        polygons = [p for p in shapely.get_parts(self.land) if p.geom_type == "Polygon"]
        return [shapely.get_coordinates(ring) for p in polygons for ring in shapely.get_rings(p)]


class Stroke:
    """What one stroke gives to an area, of what *source* allows."""

    def __init__(
        self, snapshot: Snapshot, to: str, what: What, source: str | Sequence[str]
    ) -> None:
        self.items: dict[tuple[str, object], Painted] = {}
        self.skipped = 0
        self._snapshot = snapshot
        self._to = snapshot.area(to)
        self._what = what
        self._source = source
        self._inside: dict[tuple[int, bool], Place | None] = {}
        self._known: dict[Place, tuple[Painted | None, int]] = {}

    def begin_anew(self) -> None:
        """Give up what was taken; what was looked up stays."""
        self.items, self.skipped = {}, 0

    def touch(self, place: Place, reach_m: float) -> bool:
        """Take what lies at a place; return whether anything new was taken."""
        if any(_holds(item, place) for item in self.items.values()):
            return False
        found = self.under(place, reach_m)
        if found is None or (found.kind, found.key) in self.items:
            return False
        self.items[found.kind, found.key] = found
        return True

    def untouch(self, place: Place, reach_m: float) -> bool:
        """Take back what lies at a place; return whether there was anything."""
        here = shapely.Point(place)
        gone = [
            key
            for key, item in self.items.items()
            if _holds(item, place)
            or (item.kind == What.BUILDINGS and item.land.distance(here) <= reach_m)
        ]
        for key in gone:
            del self.items[key]
        return bool(gone)

    def touch_box(self, box: Box) -> None:
        """Take everything that lies wholly in a box of local metres."""
        frame = shapely.box(*box)
        for place in self._places_in(box):
            found = self._looked_up(place)
            if found is not None and (found.kind, found.key) not in self.items:
                whole = found.kind == What.BUILDINGS or shapely.covers(frame, found.land)
                if whole:
                    self.items[found.kind, found.key] = found

    def _looked_up(self, place: Place) -> Painted | None:
        """Return what a touch of just this place takes; a rectangle grows over it many times."""
        if place not in self._known:
            before = self.skipped
            found = self.under(place, 0.0)
            self._known[place] = found, self.skipped - before
            self.skipped = before
        found, skipped = self._known[place]
        self.skipped += skipped
        return found

    def under(self, place: Place, reach_m: float) -> Painted | None:
        """Return what a touch of a place would take, None for nothing."""
        if self._what is What.BUILDINGS:
            building = self._building_near(place, reach_m)
            return None if building is None else self._of_building(building)
        face = face_under(self._snapshot, place)
        return None if face is None else self._of_face(face, place)

    def command(self, to_plane: Callable[[Place], Place]) -> Paint:
        """Return the command that gives it all; *to_plane* turns local metres into the plane's."""
        by_kind: dict[str, list[Painted]] = {}
        for item in self.items.values():
            by_kind.setdefault(item.kind, []).append(item)
        points = {
            kind: [to_plane(item.place) for item in by_kind.get(kind, [])]
            for kind in (What.FACES, What.BLOCKS)
        }
        return Paint(
            self._to.uid,
            areas=[str(item.key) for item in by_kind.get("areas", [])],
            points=points[What.FACES],
            source=self._source,
            buildings=[str(item.key) for item in by_kind.get(What.BUILDINGS, [])],
            blocks=points[What.BLOCKS],
        )

    def _brush(self) -> Brush:
        return Brush(self._snapshot, self._to, self._source)

    def _of_face(self, face: Face, place: Place) -> Painted | None:
        brush = self._brush()
        brush.take_face(face)
        self.skipped += brush.skipped
        if brush.areas:
            return self._of_area(next(iter(brush.areas)))
        if brush.is_dry:
            return None
        if self._what is What.BLOCKS:
            land = block_at(self._snapshot, face, (place[0] * 1000, place[1] * 1000))
            middle = land.representative_point()
            key: object = (round(middle.x), round(middle.y))
            return Painted(What.BLOCKS, key, (middle.x / 1000, middle.y / 1000), _metres(land))
        x, y = face.inner_point()
        land = _metres(in_mm(face.parts()))
        return Painted(What.FACES, key_of(face), (x / 1000, y / 1000), land)

    def _of_area(self, uid: str) -> Painted:
        land = _metres(in_mm(land_parts(self._snapshot.partition, oid_of(uid))))
        middle = land.representative_point()
        return Painted("areas", uid, (middle.x, middle.y), land)

    def _of_building(self, building: GroundBuilding) -> Painted | None:
        brush = self._brush()
        brush.take_building(self._snapshot.rows("building")[building.uid])
        self.skipped += brush.skipped
        if brush.areas:
            return self._of_area(next(iter(brush.areas)))
        if brush.is_dry:
            return None
        land = (
            shapely.Point(building.point)
            if building.footprint is None
            else shapely.Polygon(building.footprint)
        )
        return Painted(What.BUILDINGS, building.uid, building.point, land)

    def _building_near(self, place: Place, reach_m: float) -> GroundBuilding | None:
        """Return the building at a place, or the nearest one whose point lies within reach."""
        x, y = place
        box = (x - reach_m, y - reach_m, x + reach_m, y + reach_m)
        here = shapely.Point(place)

        def distance(building: GroundBuilding) -> float:
            if building.footprint is not None:
                return float(shapely.Polygon(building.footprint).distance(here))
            return float(shapely.Point(building.point).distance(here))

        near = [b for b in Ground.of(self._snapshot).buildings_in(box) if distance(b) <= reach_m]
        return min(near, key=lambda b: (distance(b), b.uid), default=None)

    def _places_in(self, box: Box) -> list[Place]:
        """Return places inside all faces, blocks or buildings that reach into a box."""
        if self._what is What.BUILDINGS:
            x0, y0, x1, y1 = box
            found = Ground.of(self._snapshot).buildings_in(box)
            points = [building.point for building in found]
            return [p for p in points if x0 <= p[0] <= x1 and y0 <= p[1] <= y1]
        if self._what is What.BLOCKS:
            # Blocks have no list of their own: a fine raster meets each of those worth a touch.
            side = max((box[2] - box[0]) * (box[3] - box[1]) / _MOST_IN_BOX, 1.0) ** 0.5
            xs = np.arange(box[0] + side / 2, box[2], side)
            ys = np.arange(box[1] + side / 2, box[3], side)
            return [(float(x), float(y)) for x in xs for y in ys]
        return self._faces_in(box)

    def _faces_in(self, box: Box) -> list[Place]:
        x0, y0, x1, y1 = (round(value * 1000) for value in box)
        partition = self._snapshot.partition
        for border in partition.in_box((x0, y0), (x1, y1)):
            for half in (Half(border, is_along=True), Half(border, is_along=False)):
                if half.owner != OUTSIDE and half.key not in self._inside:
                    self._keep_inner_point(half)
        keys = {
            key
            for border in partition.in_box((x0, y0), (x1, y1))
            for key in ((border.id, True), (border.id, False))
        }
        found = {self._inside[key] for key in keys if key in self._inside}
        return sorted(place for place in found if place is not None)

    def _keep_inner_point(self, half: Half) -> None:
        """Note a place inside the face on the left of *half* for all halves around it."""
        face = face_at(self._snapshot.partition, half)
        if face is None:
            self._inside[half.key] = None
            return
        x, y = face.inner_point()
        self._inside.update((each.key, (x / 1000, y / 1000)) for each in face.halves())


def _holds(item: Painted, place: Place) -> bool:
    return bool(shapely.intersects_xy(item.land, *place))


def _metres(land: shapely.Geometry) -> shapely.Geometry:
    found = shapely.transform(land, lambda xy: xy / 1000.0)
    shapely.prepare(found)
    return found
