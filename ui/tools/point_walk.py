"""Going from point to point of the borders that are shown, by keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.picking import BorderHit, local_points
from ui.canvas.viewport import Place
from ui.selection import Selected
from ui.tools.point_pull import rows_at


def borders_shown(snapshot: Snapshot, now: Selected, hit: BorderHit | None) -> list[BorderRow]:
    """Return the borders whose points are shown: those selected and that under the pointer."""
    partition = snapshot.partition
    found: dict[int, BorderRow] = {}
    if now.border is not None and partition.has(now.border):
        found[now.border] = partition.border(now.border)
    for uid in now.areas:
        found.update({border.id: border for border in partition.outline(oid_of(uid))})
    if hit is not None and partition.has(hit.border.id):
        found[hit.border.id] = hit.border
    return list(found.values())


def places_along(borders: Iterable[BorderRow]) -> list[Place]:
    """Return the points of borders in the order in which keys go through them."""
    places: list[Place] = []
    for border in borders:
        for x, y in local_points(border).tolist():
            if (x, y) not in places[-2:] and (not places or (x, y) != places[0]):
                places.append((x, y))
    return list(dict.fromkeys(places))


def next_place(places: Sequence[Place], active: Place | None, *, is_back: bool) -> Place | None:
    """Return the point behind the active one, or before it; None beyond the last."""
    if active is None:
        return places[-1 if is_back else 0]
    nearest = np.hypot(*(np.array(places) - np.array(active)).T).argmin()
    at = int(nearest) + (-1 if is_back else 1)
    return places[at] if 0 <= at < len(places) else None


def middle_after(borders: Iterable[BorderRow], place: Place) -> BorderHit | None:
    """Return the middle of the stretch behind a point of borders."""
    for border in borders:
        points = local_points(border)
        for row in rows_at(points, place):
            other = row + 1 if row + 1 < len(points) else row - 1
            x, y = ((points[row] + points[other]) / 2).tolist()
            return BorderHit(border, min(row, other), (x, y), 0.0)
    return None
