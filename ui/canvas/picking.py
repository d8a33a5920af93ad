"""What lies under the pointer: areas, faces, borders, vertices. Knows no Qt.

Places are local metres, which are kernel millimetres by a thousand.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

import numpy as np

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.model import Area, BorderRow
from gridadmin.partition.base import chain_of
from gridadmin.partition.border import box_of, boxes_meet, places_of, points_of
from gridadmin.partition.faces import Face, face_at
from gridadmin.partition.planar import Partition
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import half_left_of
from ui.canvas.viewport import Box, Floats, Place


@dataclass(frozen=True)
class BorderHit:
    """The stretch of a border nearest to a place: which segment, where on it, how far."""

    border: BorderRow
    segment: int
    place: Place
    distance_m: float


@dataclass(frozen=True)
class VertexHit:
    """A vertex near a place: its point in kernel millimetres, and how many borders end in it."""

    point: tuple[int, int]
    place: Place
    distance_m: float
    ends: int

    @property
    def is_node(self) -> bool:
        """Whether borders end here, so that they all move along."""
        return self.ends > 0


def kernel_point(place: Place) -> tuple[int, int]:
    """Return a place as a kernel point."""
    return round(place[0] * 1000), round(place[1] * 1000)


def local_points(border: BorderRow) -> Floats:
    """Return the points of a border in local metres, ``(n, 2)``."""
    points: Floats = points_of(border) / 1000.0
    return points


def owner_at(snapshot: Snapshot, place: Place) -> int:
    """Return who holds the land at a place; on a border, the land to its left."""
    half = half_left_of(snapshot.partition, *kernel_point(place))
    return OUTSIDE if half is None else half.owner


def face_under(snapshot: Snapshot, place: Place) -> Face | None:
    """Return the face at a place, None beyond all land."""
    half = half_left_of(snapshot.partition, *kernel_point(place))
    face = None if half is None else face_at(snapshot.partition, half)
    return None if face is None or face.owner == OUTSIDE else face


def areas_at(snapshot: Snapshot, place: Place) -> list[Area]:
    """Return the areas that hold a place, from the root down; empty for land of no area."""
    owner = owner_at(snapshot, place)
    found = [snapshot.owning_area(oid) for oid in chain_of(owner, snapshot.partition.parents)]
    return [area for area in found if area is not None]


def border_near(
    snapshot: Snapshot, place: Place, reach_m: float, levels: Container[str] | None = None
) -> BorderHit | None:
    """Return the border nearest to a place within *reach_m*, of those that part *levels*."""
    best: BorderHit | None = None
    here = np.array(place)
    for border in borders_near(snapshot.partition, place, reach_m):
        if levels is not None and level_parted(snapshot, border) not in levels:
            continue
        points = local_points(border)
        starts, steps = points[:-1], np.diff(points, axis=0)
        lengths = np.maximum((steps**2).sum(axis=1), 1e-12)
        along = np.clip(((here - starts) * steps).sum(axis=1) / lengths, 0.0, 1.0)
        nearest = starts + steps * along[:, None]
        distances = np.hypot(*(nearest - here).T)
        at = int(distances.argmin())
        distance = float(distances[at])
        if distance <= reach_m and (best is None or distance < best.distance_m):
            x, y = nearest[at].tolist()
            best = BorderHit(border, at, (x, y), distance)
    return best


def borders_near(partition: Partition, place: Place, reach_m: float) -> list[BorderRow]:
    """Return the borders whose box comes within *reach_m* of a place."""
    x, y = kernel_point(place)
    reach = int(reach_m * 1000) + 1
    box = (x - reach, y - reach, x + reach, y + reach)
    found = partition.in_box((box[0], box[1]), (box[2], box[3]))
    return [border for border in found if boxes_meet(box_of(border), box)]


def vertex_near(
    snapshot: Snapshot, place: Place, reach_m: float, among: Iterable[BorderRow] | None = None
) -> VertexHit | None:
    """Return the vertex nearest to a place within *reach_m*, of all borders or of some."""
    partition = snapshot.partition
    borders = borders_near(partition, place, reach_m) if among is None else among
    best: tuple[float, tuple[int, int]] | None = None
    here = np.array(kernel_point(place))
    for border in borders:
        points = points_of(border)
        distances = np.hypot(*(points - here).T.astype(np.float64))
        at = int(distances.argmin())
        distance = float(distances[at]) / 1000
        if distance <= reach_m and (best is None or distance < best[0]):
            x, y = points[at].tolist()
            best = distance, (x, y)
    if best is None:
        return None
    distance, point = best
    return VertexHit(point, place_of_point(point), distance, ends_at(partition, point))


def place_of_point(point: tuple[int, int]) -> Place:
    """Return a kernel point in local metres."""
    return point[0] / 1000, point[1] / 1000


def ends_at(partition: Partition, point: tuple[int, int]) -> int:
    """Return how many ends of borders meet at a point; 0 for a vertex along a border."""
    ends = 0
    for border in partition.in_box(point, point):
        last = len(points_of(border)) - 1
        ends += sum(at in (0, last) for at in places_of(border, point))
    return ends


def level_parted(snapshot: Snapshot, border: BorderRow) -> str:
    """Return the highest level whose areas a border parts; ``frame`` at the edge of all land."""
    if OUTSIDE in (border.left, border.right):
        return "frame"
    parents = snapshot.partition.parents
    left, right = chain_of(border.left, parents), chain_of(border.right, parents)
    common = 0
    while common < min(len(left), len(right)) and left[common] == right[common]:
        common += 1
    found = [
        area
        for chain in (left, right)
        if common < len(chain) and (area := snapshot.owning_area(chain[common])) is not None
    ]
    if not found:
        return snapshot.scheme.present_levels[-1].key
    return min((area.level for area in found), key=snapshot.level_rank)


def areas_in(snapshot: Snapshot, box: Box, level: str) -> list[str]:
    """Return the uids of the areas of a level whose land lies wholly in a box, in tree order."""
    x0, y0, x1, y1 = (round(value * 1000) for value in box)
    parents = snapshot.partition.parents
    met: set[str] = set()
    for border in snapshot.partition.in_box((x0, y0), (x1, y1)):
        for side in (border.left, border.right):
            for oid in chain_of(side, parents):
                area = snapshot.owning_area(oid)
                if area is not None and area.level == level:
                    met.add(area.uid)
    inside = []
    for uid in met:
        boxes = [box_of(border) for border in snapshot.partition.outline(oid_of(uid))]
        if all(x0 <= b[0] and y0 <= b[1] and b[2] <= x1 and b[3] <= y1 for b in boxes):
            inside.append(uid)
    return sorted(inside, key=lambda uid: (snapshot.area(uid).code or "~", uid))
