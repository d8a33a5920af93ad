"""Where the faces lie that were disputed before an import: what their claims mean depends on it."""

from __future__ import annotations

import numpy as np
import shapely

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import ReferenceOutline
from gridadmin.edit.land_commands import frame_outline
from gridadmin.partition.face_shapes import FaceShapes
from gridadmin.partition.overlay import Overlay
from gridadmin.partition.snapshot import Snapshot


def disputed_places(snapshot: Snapshot, overlaid: Overlay) -> dict[int, shapely.Point]:
    """Return a point (plane metres) inside each face of an overlay that a dispute holds so far."""
    disputes = [oid_of(uid) for uid in snapshot.rows("dispute")]
    faces = np.nonzero(np.isin(overlaid.arrangement.old_owner, disputes))[0].tolist()
    if not faces:
        return {}
    shapes = FaceShapes(overlaid.arrangement).polygons([[face] for face in faces])
    inner = shapely.point_on_surface(shapes)
    origin = np.array(snapshot.origin_mm)
    places = shapely.transform(inner, lambda xy: (xy + origin) / 1000.0)
    return dict(zip(faces, places.tolist(), strict=True))


def beyond_frame(snapshot: Snapshot, places: dict[int, shapely.Point]) -> set[int]:
    """Return the disputed faces that lie beyond the frame; empty without one."""
    frame = frame_outline(snapshot)
    if frame is None:
        return set()
    return {face for face, place in places.items() if not frame.intersects(place)}


def may_hold(snapshot: Snapshot, uid: str, place: shapely.Point) -> bool:
    """Return whether all ancestors of an area that have an outline of their own claim a place."""
    newest: dict[str, ReferenceOutline] = {}
    for outline in snapshot.rows("reference_outline").values():
        known = newest.get(outline.area)
        if known is None or (known.revision, known.uid) < (outline.revision, outline.uid):
            newest[outline.area] = outline
    above = [area.uid for area in snapshot.ancestors(uid) if area.parent is not None]
    return all(
        shapely.intersects(shapely.make_valid(shapely.from_wkb(newest[one].outline)), place)
        for one in above
        if one in newest
    )
