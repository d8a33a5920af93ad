"""What every check family needs: the inputs of a run and how a face becomes an issue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gridadmin.base.ids import OUTSIDE
from gridadmin.checks.look import canonical
from gridadmin.domain.issue import Issue, issue_id
from gridadmin.partition.faces import Face
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.widths import widest_circles

Scope = tuple[str, str]
"""What a set of issues hangs on: ``(kind of scope, key)``; re-checked as a whole."""

FaceKey = tuple[int, bool]
"""The least half of a face, which tells it from all others of one partition."""


@dataclass
class Findings:
    """The issues of one scope, or that its face is dust: below the smallest listed defect."""

    issues: list[Issue] = field(default_factory=list)
    dust: str = ""
    """The kind of dust that the face of this scope is; empty for none."""
    dust_m2: float = 0.0


def face_area_m2(face: Face) -> float:
    """Return the exact land of a face in the plane, in m²."""
    return face.twice_area() / 2_000_000


def face_issue(
    snapshot: Snapshot,
    kind: str,
    face: Face,
    *,
    level: str,
    areas: Iterable[str],
    **params: Any,
) -> Issue:
    """Return the issue of one face with its size, greatest width and place."""
    polygon = _polygon(snapshot, face)
    width = _width_m(polygon)
    x, y = _place(polygon)
    uids = tuple(sorted(areas))
    is_open = any(half.opposite_owner == OUTSIDE for half in face.halves())
    x0, y0, x1, y1 = polygon.bounds
    return Issue(
        issue_id(kind, level, uids, (x, y)),
        kind,
        snapshot.check(kind).severity,
        level,
        "open" if is_open else "enclosed",
        face_area_m2(face),
        width,
        uids,
        (x, y),
        (x0, y0, x1, y1),
        tuple(params.items()),
    )


def _polygon(snapshot: Snapshot, face: Face) -> shapely.Polygon:
    """Return a face as a polygon that is the same wherever the walk around it began."""
    part = canonical(face.part())
    return shapely.Polygon(snapshot.place(part.shell), [snapshot.place(h) for h in part.holes])


def _width_m(polygon: shapely.Polygon) -> float:
    """Return the diameter of the greatest circle inside, to 2 %."""
    if polygon.area > _FAT * polygon.length**2:
        tolerance = 0.04 * polygon.area / polygon.length
        circle = shapely.maximum_inscribed_circle(polygon, tolerance)
        return float(2 * shapely.length(circle))
    return float(widest_circles(np.array([polygon], dtype=object)).width[0])


_FAT = 0.01
"""Area by the square of the border's length above which GEOS is quick by itself."""


def _place(polygon: shapely.Polygon) -> tuple[float, float]:
    """Return a point inside that stays where it is when the border only gets more nodes."""
    for shape in (shapely.simplify(polygon, _BEND_M), polygon):
        point = shape.representative_point()
        if polygon.contains(point):
            return point.x, point.y
    circle = shapely.maximum_inscribed_circle(polygon)
    x, y = shapely.get_coordinates(circle)[0].tolist()
    return x, y


_BEND_M = 0.002
"""A new node bends a border by less than a millimetre; two may do it to one stretch."""


def area_issue(
    snapshot: Snapshot, kind: str, uid: str, *, area_m2: float | None = None, **params: Any
) -> Issue:
    """Return an issue about an area as a whole."""
    area = snapshot.area(uid)
    return Issue(
        issue_id(kind, area.level, (uid,), None),
        kind,
        snapshot.check(kind).severity,
        area.level,
        area_m2=area_m2,
        areas=(uid,),
        params=(("area", area.name), ("code", area.code or ""), *params.items()),
    )


def placed_issue(
    snapshot: Snapshot,
    kind: str,
    place: shapely.Geometry,
    *,
    level: str = "",
    areas: Iterable[str] = (),
    about: str = "",
    area_m2: float | None = None,
    width_m: float | None = None,
    **params: Any,
) -> Issue:
    """Return an issue that lies where *place* does, in plane metres.

    *about* is the uid of the building, border… that it is about, where it isn't an area: the
    number of the issue then hangs on that and not on the place.
    """
    uids = tuple(sorted(areas))
    point = place.representative_point()
    x0, y0, x1, y1 = place.bounds
    number = (
        issue_id(kind, level, (about, *uids), None)
        if about
        else issue_id(kind, level, uids, (point.x, point.y))
    )
    return Issue(
        number,
        kind,
        snapshot.check(kind).severity,
        level,
        area_m2=area_m2,
        width_m=width_m,
        areas=uids,
        point=(point.x, point.y),
        bbox=(x0, y0, x1, y1),
        params=tuple(params.items()),
    )


def is_on(snapshot: Snapshot, kind: str) -> bool:
    """Return whether the project wants this check."""
    return snapshot.check(kind).on
