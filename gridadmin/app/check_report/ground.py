"""The land around the issues of a check: their faces, and what lies beside them in a plain file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import shapely
from pyproj import CRS

from gridadmin.app.check_report.model import OVERLAPS, ReportedIssue
from gridadmin.base.errors import EditError
from gridadmin.domain.check_kinds import LAND_KINDS
from gridadmin.edit.command import face_of_point
from gridadmin.exchange.file_check import CheckedLand
from gridadmin.exchange.import_source import CGCS2000, export_crs, plane_of
from gridadmin.exchange.package_content import SrsId
from gridadmin.exchange.source import Geometries
from gridadmin.partition.faces import faces_of
from gridadmin.partition.planes import WGS84, transform_geometries
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import to_polygon

_REACH = 0.02
_LIKE = 1e-3
"""A face made anew counts when its land differs by no more than this share from what was found."""


class Ground(Protocol):
    """Where the issues of a check lie."""

    def face(self, issue: ReportedIssue) -> shapely.MultiPolygon | None:
        """Return the land that an issue is about, in metres; None where it isn't known."""

    def lon_lat(self, shapes: Geometries) -> tuple[Geometries, SrsId]:
        """Return shapes in metres as lon, lat, and their EPSG code; -1 where no CRS is known."""

    def metres(self, issue: ReportedIssue) -> tuple[float, float] | None:
        """Return the point of an issue in metres, None where it has none."""


@dataclass(frozen=True)
class ProjectGround:
    """The land of a project; metres are those of its plane."""

    snapshot: Snapshot

    def face(self, issue: ReportedIssue) -> shapely.MultiPolygon | None:
        """Return the gap, the disputed land, or the whole remainder of a parent."""
        if issue.kind not in LAND_KINDS or issue.point is None:
            return None
        try:
            face = face_of_point(self.snapshot, issue.point, is_inside=True)
        except EditError:
            return None
        faces = [face]
        if issue.params.get("faces", 1) > 1:
            faces = faces_of(self.snapshot.partition, face.owner)
        return to_polygon([part for one in faces for part in one.parts()], self.snapshot.place)

    def lon_lat(self, shapes: Geometries) -> tuple[Geometries, SrsId]:
        """Return shapes as an export of the project has them."""
        plane = plane_of(self.snapshot)
        if plane is None:
            return shapes, -1
        crs = export_crs(plane)
        return (
            transform_geometries(shapes, plane.crs, crs),
            CGCS2000 if crs.to_epsg() == CGCS2000 else WGS84,
        )

    def metres(self, issue: ReportedIssue) -> tuple[float, float] | None:
        """Return the point of an issue, which is in the plane already."""
        return issue.point


@dataclass(frozen=True)
class FileGround:
    """The polygons of a plain file, in the metres of its check."""

    land: CheckedLand

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Finds the polygons around a place."""
        return shapely.STRtree(self.land.polygons)

    def around(self, box: shapely.Polygon) -> list[int]:
        """Return the rows whose land comes near a box, in their order."""
        return sorted(int(row) for row in self.tree.query(box))

    def face(self, issue: ReportedIssue) -> shapely.MultiPolygon | None:
        """Return the face of a gap or overlap, made anew from the polygons around it.

        None where that isn't the land that the check found, as beside polygons that cross
        themselves.
        """
        point, box = self.metres(issue), self.box(issue)
        if point is None or box is None or not issue.area_m2:
            return None
        near = [self._mended(self.land.polygons[row]) for row in self.around(box)]
        parts = _parts(self._land(issue, box, near))
        holding = [part for part in parts if part.covers(shapely.Point(point))]
        if len(holding) != 1 or abs(holding[0].area - issue.area_m2) > _LIKE * issue.area_m2:
            return None
        return shapely.MultiPolygon(holding)

    def _land(
        self, issue: ReportedIssue, box: shapely.Polygon, near: list[shapely.Geometry]
    ) -> shapely.Geometry:
        if issue.kind == "gap":
            within = box if self.land.frame is None else box.intersection(self._whole_frame)
            return within.difference(shapely.union_all(near))
        if issue.kind == "overhang" and self.land.frame is not None:
            return shapely.union_all(near).intersection(box).difference(self._whole_frame)
        if issue.kind in OVERLAPS:
            wanted = {area.name for area in issue.areas}
            rows = [row for row in self.around(box) if self.land.names[row] in wanted]
            shapes = [self._mended(self.land.polygons[row]) for row in rows]
            return shapely.intersection_all(shapes) if shapes else shapely.Polygon()
        return shapely.Polygon()

    @cached_property
    def _whole_frame(self) -> shapely.Geometry:
        shapes = (
            [] if self.land.frame is None else [self._mended(shape) for shape in self.land.frame]
        )
        return shapely.union_all(shapes)

    @staticmethod
    def _mended(shape: shapely.Geometry) -> shapely.Geometry:
        return shape if shapely.is_valid(shape) else shapely.make_valid(shape)

    def lon_lat(self, shapes: Geometries) -> tuple[Geometries, SrsId]:
        """Return shapes in WGS 84, or as they are where the file says no CRS."""
        plane = self.land.plane.plane or self.land.plane.crs
        if plane is None:
            return shapes, -1
        if self.land.plane.unit_m != 1.0:
            shapes = shapely.transform(shapes, lambda xy: xy / self.land.plane.unit_m)
        return transform_geometries(shapes, plane, CRS.from_epsg(WGS84)), WGS84

    def metres(self, issue: ReportedIssue) -> tuple[float, float] | None:
        """Return the point of an issue in the metres of the check."""
        if issue.point is None:
            return None
        moved = self.land.plane.metres(np.array([shapely.Point(issue.point)], dtype=object))[0]
        return moved.x, moved.y

    def box(self, issue: ReportedIssue) -> shapely.Polygon | None:
        """Return the box of an issue in metres, a little wider than its land."""
        if issue.bbox is None:
            return None
        box = np.array([shapely.box(*issue.bbox)], dtype=object)
        x0, y0, x1, y1 = self.land.plane.metres(box)[0].bounds
        reach = max(x1 - x0, y1 - y0) * _REACH + 0.01
        return shapely.box(x0 - reach, y0 - reach, x1 + reach, y1 + reach)


def _parts(shape: shapely.Geometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
