"""What a command is, and how it names areas and places."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area
from gridadmin.edit.draft import Desk
from gridadmin.partition.faces import Face, face_at
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Half, OnBorder, locate, to_polygon

Metres = tuple[float, float]


class Command(Protocol):
    """Something a user wants done: proposes a change or refuses with a reason; never acts itself.

    ``may_move_frame`` is true for the few that may change the outline of the root.
    """

    @property
    def may_move_frame(self) -> bool:
        """Whether the lock of the frame doesn't bind this command."""

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change that does it. Raises: EditError."""


def find_area(snapshot: Snapshot, name: str) -> Area:
    """Return the living area that *name* names, by uid or code.

    Raises: EditError ``edit.unknown_area``, ``edit.ambiguous``.
    """
    area = snapshot.rows("area").get(name)
    if area is not None and area.valid_to is None:
        found: Area = area
        return found
    bearing = snapshot.bearing(name)
    if not bearing:
        raise EditError("edit.unknown_area", area=name)
    if len(bearing) > 1:
        raise EditError("edit.ambiguous", code=name, uids=", ".join(a.uid for a in bearing))
    return bearing[0]


def label(area: Area) -> str:
    """Return how a sentence calls an area: name and code."""
    return area.name if area.code is None else f"{area.name} {area.code}"


def kernel_point(snapshot: Snapshot, point: Metres) -> tuple[int, int]:
    """Return a place in metres of the plane as a kernel point.

    Raises: EditError ``edit.bad_place`` when it is no number or out of reach.
    """
    x, y = point
    origin_x, origin_y = snapshot.origin_mm
    values = np.array([x * 1000.0 - origin_x, y * 1000.0 - origin_y])
    if not np.isfinite(values).all() or (np.abs(values) > _REACH_MM).any():
        raise EditError("edit.bad_place", x=x, y=y)
    rounded = np.floor(values + 0.5).astype(np.int64)
    return int(rounded[0]), int(rounded[1])


def kernel_place(snapshot: Snapshot, place: Metres) -> tuple[float, float]:
    """Return a place in mm of the kernel, not rounded. Raises: EditError ``edit.bad_place``."""
    kernel_point(snapshot, place)
    origin_x, origin_y = snapshot.origin_mm
    return place[0] * 1000 - origin_x, place[1] * 1000 - origin_y


_REACH_MM = 1 << 28


def in_the_plane(refusal: EditError, snapshot: Snapshot) -> EditError:
    """Return a refusal of the kernel with its place in metres of the plane."""
    x, y = refusal.params.get("x"), refusal.params.get("y")
    if not isinstance(x, float) or not isinstance(y, float) or refusal.code == "edit.bad_place":
        return refusal
    origin_x, origin_y = snapshot.origin_mm
    place = {"x": x + origin_x / 1000, "y": y + origin_y / 1000}
    return EditError(refusal.code, **{**refusal.params, **place})


def face_of_point(snapshot: Snapshot, point: Metres, *, is_inside: bool = False) -> Face:
    """Return the face that holds a place.

    With *is_inside* the place is taken as exactly as it is given, for faces narrower than the grid.
    Raises: EditError ``edit.on_border``, ``edit.no_face`` (outside), ``edit.bad_place``.
    """
    found = locate(snapshot.partition, *kernel_point(snapshot, point))
    if isinstance(found, OnBorder):
        face = _narrow_face(snapshot, point) if is_inside else None
        if face is None:
            raise EditError("edit.on_border", x=point[0], y=point[1])
        return face
    face = None if found is None else face_at(snapshot.partition, found)
    if face is None:
        raise EditError("edit.no_face", x=point[0], y=point[1])
    return face


def _narrow_face(snapshot: Snapshot, point: Metres) -> Face | None:
    x, y = kernel_point(snapshot, point)
    for border in snapshot.partition.in_box((x - 2, y - 2), (x + 2, y + 2)):
        for half in (Half(border, True), Half(border, False)):
            face = face_at(snapshot.partition, half)
            if face is not None:
                polygon = to_polygon(face.parts(), snapshot.place)
                if shapely.contains_xy(polygon, *point):
                    return face
    return None
