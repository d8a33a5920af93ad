"""Which compound a building belongs to: the smallest one in whose outline it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from gridadmin.domain.model import Building, Compound
from gridadmin.edit.draft import Draft
from gridadmin.partition.snapshot import Snapshot


def homes_of(buildings: Sequence[Building], compounds: Sequence[Compound]) -> dict[str, str]:
    """Return the compound that each building's point lies in, by uid; the smallest of several."""
    placed = [compound for compound in compounds if compound.outline]
    if not placed or not buildings:
        return {}
    shapes = shapely.from_wkb(np.array([compound.outline for compound in placed], dtype=object))
    points = shapely.points([(b.x_mm / 1000, b.y_mm / 1000) for b in buildings])
    point, shape = shapely.STRtree(shapes).query(points, predicate="within")
    largest_first = np.argsort(-shapely.area(shapes[shape]), kind="stable")
    return {buildings[int(point[n])].uid: placed[int(shape[n])].uid for n in largest_first.tolist()}


def rehouse(draft: Draft, snapshot: Snapshot, before: Compound | None, after: Compound) -> None:
    """Let buildings follow the outline of a compound, which is another one now.

    Those inside come to it, unless they belong to one that has no outline of its own; those that
    stood inside before and no longer do go to another compound around them, or to none.
    """
    new, old = _outline(after), _outline(before)
    rows = snapshot.rows("compound")
    inside: list[Building] = []
    for one in snapshot.rows("building").values():
        x, y = one.x_mm / 1000, one.y_mm / 1000
        if _holds(new, x, y):
            home = rows.get(one.compound or "")
            if home is None or home.uid == after.uid or home.outline is not None:
                inside.append(one)
        elif one.compound == after.uid and _holds(old, x, y):
            inside.append(one)
    others = [row for uid, row in rows.items() if uid != after.uid]
    homes = homes_of(inside, [*others, after])
    for one in inside:
        if homes.get(one.uid) != one.compound:
            draft.put("building", replace(one, compound=homes.get(one.uid)))


def _outline(compound: Compound | None) -> shapely.Geometry | None:
    if compound is None or compound.outline is None:
        return None
    shape = shapely.from_wkb(compound.outline)
    shapely.prepare(shape)
    return shape


def _holds(shape: shapely.Geometry | None, x: float, y: float) -> bool:
    if shape is None:
        return False
    x0, y0, x1, y1 = shape.bounds
    return x0 <= x <= x1 and y0 <= y <= y1 and bool(shapely.contains_xy(shape, x, y))
