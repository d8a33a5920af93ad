"""Which objects of the reference layers lie under the pointer, of those that the map shows."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import shapely

from gridadmin.partition.ground import Ground, GroundLine, Placed, is_kept
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.object_style import BUILDINGS_TO, COMPOUNDS_TO, LINES_TO, RAILWAYS_TO, ROADS_TO
from ui.canvas.viewport import Place

Thing = tuple[str, str]
"""The table of an object and its uid."""


def things_at(
    snapshot: Snapshot,
    place: Place,
    reach_m: float,
    metres_per_px: float,
    hidden: Container[str],
) -> list[Thing]:
    """Return the objects at a place that are drawn at this scale, the smallest first.

    Lines count within *reach_m*. Nothing while the objects aren't indexed yet: the pointer doesn't
    wait for that.
    """
    if not is_kept(snapshot):
        return []
    ground, found = Ground.of(snapshot), list[Thing]()
    if "buildings" not in hidden and metres_per_px <= BUILDINGS_TO:
        found += [("building", uid) for uid in _over(ground.buildings, place, reach_m)]
    found += lines_at(snapshot, place, reach_m, metres_per_px, hidden)
    if "compounds" not in hidden and metres_per_px <= COMPOUNDS_TO:
        found += [("compound", uid) for uid in _over(ground.compounds, place, 0.0)]
    if "water" not in hidden:
        found += [("line_object", uid) for uid in _over(ground.waters, place, 0.0)]
    return list(dict.fromkeys(found))


def lines_at(
    snapshot: Snapshot,
    place: Place,
    reach_m: float,
    metres_per_px: float,
    hidden: Container[str],
) -> list[Thing]:
    """Return the roads, rivers and railways near a place, the nearest first."""
    if not is_kept(snapshot):
        return []
    lines, point = Ground.of(snapshot).lines, shapely.Point(place)
    near = lines.tree.query(point.buffer(reach_m), predicate="intersects").tolist()
    near.sort(key=lambda number: float(shapely.distance(lines.shapes[number], point)))
    return [
        ("line_object", lines.objects[number].uid)
        for number in near
        if _is_drawn(lines.objects[number], metres_per_px, hidden)
    ]


def _is_drawn(line: GroundLine, metres_per_px: float, hidden: Container[str]) -> bool:
    if line.kind == "road":
        most = ROADS_TO.get(line.road_class or "side", ROADS_TO["side"])
        return "roads" not in hidden and metres_per_px <= most
    if line.kind == "railway":
        return "railways" not in hidden and metres_per_px <= RAILWAYS_TO
    return "water" not in hidden and metres_per_px <= LINES_TO


def _over(placed: Placed[Any], place: Place, reach_m: float) -> list[str]:
    """Return the uids of the shapes over a place, points within *reach_m*, the smallest first."""
    point = shapely.Point(place)
    near = placed.tree.query(point.buffer(max(reach_m, 0.01)), predicate="intersects").tolist()
    over = [
        number
        for number in near
        if shapely.get_dimensions(placed.shapes[number]) == 0
        or shapely.intersects(placed.shapes[number], point)
    ]
    over.sort(key=lambda number: float(shapely.area(placed.shapes[number])))
    return [placed.objects[number].uid for number in over]
