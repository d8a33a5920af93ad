"""What lies under a place of the map: the text twin of what the eye sees there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridadmin.app.face_facts import FaceKind, face_kind
from gridadmin.app.holders import Holder, chain_above, holder_of
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.domain.model import Area, BorderRow
from gridadmin.partition.border import points_of
from gridadmin.partition.faces import Face, face_at
from gridadmin.partition.grid import Ints
from gridadmin.partition.planar import Partition
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import half_left_of

_FIRST_REACH_MM = 4_000
_LAST_REACH_MM = 1_024_000
_LOOSE = (FaceKind.GAP, FaceKind.DISPUTE, FaceKind.REMAINDER, FaceKind.EMPTY)


@dataclass(frozen=True)
class PlaceFacts:
    """What lies under a place.

    ``areas`` lead from below the root to the one that holds it; ``border`` is the border that the
    place lies on, if it does; ``border_m`` how far the nearest one is, None when none is near.
    ``face`` is there for land that no area holds for good.
    """

    kind: FaceKind
    holder: Holder
    areas: tuple[Area, ...]
    border: BorderRow | None = None
    border_m: float | None = None
    face: Face | None = None


def facts_of_place(snapshot: Snapshot, x_m: float, y_m: float, reach_m: float = 0.0) -> PlaceFacts:
    """Return what lies under a place in local metres; a border within *reach_m* counts as there."""
    x, y = round(x_m * 1000), round(y_m * 1000)
    near = nearest_border(snapshot.partition, x, y)
    half = half_left_of(snapshot.partition, x, y)
    oid = OUTSIDE if half is None else half.owner
    holder = holder_of(snapshot, oid)
    kind = face_kind(snapshot, oid)
    is_on = near is not None and near[1] <= max(reach_m, 0.001)
    face = None
    if half is not None and not is_on and kind in _LOOSE:
        face = face_at(snapshot.partition, half)
    return PlaceFacts(
        kind=kind,
        holder=holder,
        areas=_areas(snapshot, oid),
        border=near[0] if near is not None and is_on else None,
        border_m=None if near is None else near[1],
        face=face,
    )


def nearest_border(partition: Partition, x: int, y: int) -> tuple[BorderRow, float] | None:
    """Return the border nearest to a kernel point and how far it is in metres; None = none near."""
    reach = _FIRST_REACH_MM
    here = np.array([x, y], dtype=np.float64)
    while reach <= _LAST_REACH_MM:
        borders = partition.in_box((x - reach, y - reach), (x + reach, y + reach))
        best = min(
            ((_distance_mm(points_of(border), here), border.id, border) for border in borders),
            default=None,
        )
        if best is not None and best[0] <= reach:
            return best[2], best[0] / 1000
        reach *= 4
    return None


def _distance_mm(xy: Ints, here: np.ndarray) -> float:
    start = xy[:-1].astype(np.float64)
    way = np.diff(xy, axis=0).astype(np.float64)
    along = ((here - start) * way).sum(axis=1) / np.maximum((way * way).sum(axis=1), 1e-9)
    foot = start + np.clip(along, 0.0, 1.0)[:, None] * way
    return float(np.hypot(*(foot - here).T).min())


def _areas(snapshot: Snapshot, oid: int) -> tuple[Area, ...]:
    area = None if oid in (NOBODY, OUTSIDE) else snapshot.owning_area(oid)
    if area is None:
        return ()
    chain = chain_above(snapshot, area.uid)
    return tuple(snapshot.area(uid) for uid in (chain[1:] or chain))
