"""What there is to say of one reference object: building, compound, road, river, railway."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.app.holders import Holder, holder_of
from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.cut_objects import Cut, cut_of
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import half_left_of, own_parts, to_polygon

Place = tuple[float, float]

TABLES = ("building", "compound", "line_object")
_SAMPLES = 40
"""A line is looked at in so many places."""
_SIDE_M = 3.0
"""So far to the left and right of a line its land is looked up."""


@dataclass(frozen=True)
class Share:
    """How much of an object lies on a holder's land: square metres, or metres of a line."""

    holder: Holder
    size: float


@dataclass(frozen=True)
class ObjectFacts:
    """One object of a reference layer, by the table that it stands in.

    ``kind`` is ``building``, ``compound``, or that of a line (``road``, ``river``…); ``type`` is
    the class of a road or the type of a compound. ``households`` and ``buildings`` are None where
    they make no sense. ``shares`` are the holders of land below it, the largest share first;
    ``along`` are pairs of holders whose border a line runs along. ``point`` is a place on it.
    """

    table: str
    uid: str
    kind: str
    name: str | None
    type: str | None
    households: int | None
    buildings: int | None
    entrances: int
    floors: int | None
    length_m: float | None
    land_m2: float | None
    point: Place
    shares: tuple[Share, ...]
    along: tuple[tuple[Holder, Holder], ...]
    cut: Cut | None


def facts_of_object(snapshot: Snapshot, table: str, uid: str) -> ObjectFacts | None:
    """Return the facts of one object of a reference layer, None when it is not there."""
    ground = Ground.of(snapshot)
    if table == "building":
        return _facts_of_building(snapshot, ground, uid)
    if table == "compound":
        return _facts_of_compound(snapshot, ground, uid)
    return _facts_of_line(snapshot, ground, uid) if table == "line_object" else None


def shape_of(snapshot: Snapshot, table: str, uid: str) -> shapely.Geometry | None:
    """Return the shape of an object in local metres, None when it is not there."""
    ground = Ground.of(snapshot)
    if table == "line_object":
        lakes = [s for s, o in zip(ground.waters.shapes, ground.waters.objects, strict=True)
                 if o.uid == uid]  # fmt: skip
        lines = [s for s, o in zip(ground.lines.shapes, ground.lines.objects, strict=True)
                 if o.uid == uid]  # fmt: skip
        parts = lakes or lines
        return shapely.GeometryCollection(parts) if parts else None
    placed = ground.buildings if table == "building" else ground.compounds
    number = placed.number_of(uid)
    if number is None:
        return None
    shape: shapely.Geometry = placed.shapes[number]
    return shape


def _facts_of_building(snapshot: Snapshot, ground: Ground, uid: str) -> ObjectFacts | None:
    building, row = ground.buildings.object(uid), snapshot.rows("building").get(uid)
    shape = shape_of(snapshot, "building", uid)
    if building is None or row is None or shape is None:
        return None
    entrances = sum(one.building == uid for one in snapshot.rows("entrance").values())
    is_known = shapely.get_dimensions(shape) == 2
    return ObjectFacts(
        "building", uid, "building", row.name, None, building.households, None, entrances,
        row.floors, None, float(shape.area) if is_known else None, building.point,
        (Share(_holder_at(snapshot, building.point), float(shape.area)),), (),
        cut_of(snapshot, "building", uid),
    )  # fmt: skip


def _facts_of_compound(snapshot: Snapshot, ground: Ground, uid: str) -> ObjectFacts | None:
    compound, shape = ground.compounds.object(uid), shape_of(snapshot, "compound", uid)
    if compound is None or shape is None:
        return None
    x0, y0, x1, y1 = shapely.bounds(shape).tolist()
    inside = [
        building
        for building in ground.buildings_in((x0, y0, x1, y1))
        if building.compound == uid
        or (building.compound is None and shape.intersects(shapely.Point(building.point)))
    ]
    middle = shape.representative_point()
    return ObjectFacts(
        "compound", uid, "compound", compound.name or None, compound.type,
        sum(building.households for building in inside), len(inside), 0, None, None,
        float(shape.area), (middle.x, middle.y), _shares(snapshot, shape), (),
        cut_of(snapshot, "compound", uid),
    )  # fmt: skip


def _facts_of_line(snapshot: Snapshot, ground: Ground, uid: str) -> ObjectFacts | None:
    line, shape = ground.lines.object(uid), shape_of(snapshot, "line_object", uid)
    if line is None or shape is None:
        return None
    is_land = shapely.get_dimensions(shape) == 2
    lines = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    middle = shape.representative_point() if is_land else _along(lines, 0.5)
    inside, along = _beside(snapshot, lines)
    return ObjectFacts(
        "line_object", uid, line.kind, line.name, line.road_class, None, None, 0, None,
        None if is_land else sum(part.length for part in lines),
        float(shape.area) if is_land else None, (middle.x, middle.y),
        _shares(snapshot, shape) if is_land else inside, along, None,
    )  # fmt: skip


def _along(lines: list[shapely.LineString], share: float) -> shapely.Point:
    longest = max(lines, key=lambda one: float(one.length))
    point: shapely.Point = longest.interpolate(share, normalized=True)
    return point


def _beside(
    snapshot: Snapshot, lines: list[shapely.LineString]
) -> tuple[tuple[Share, ...], tuple[tuple[Holder, Holder], ...]]:
    """Return whose land lines run through, and whose borders they run along."""
    whole = sum(line.length for line in lines)
    through, along = dict[Holder, float](), Counter[tuple[Holder, Holder]]()
    for line in lines:
        count = max(round(_SAMPLES * line.length / whole), 1)
        at = (np.arange(count) + 0.5) / count
        here = shapely.get_coordinates(shapely.line_interpolate_point(line, at, normalized=True))
        later = np.minimum(at + 0.5 / count, 1.0)
        on = shapely.get_coordinates(shapely.line_interpolate_point(line, later, normalized=True))
        way = on - here
        way /= np.maximum(np.hypot(*way.T), 1e-9)[:, None]
        aside = np.column_stack((-way[:, 1], way[:, 0])) * _SIDE_M
        for one, other in zip((here + aside).tolist(), (here - aside).tolist(), strict=True):
            left, right = (_holder_at(snapshot, (x, y)) for x, y in (one, other))
            if left == right:
                through[left] = through.get(left, 0.0) + line.length / count
            else:
                first, second = sorted((left, right), key=lambda who: (who.kind, who.uid))
                along[first, second] += 1
    longest = sorted(through.items(), key=lambda one: (-one[1], one[0].uid))
    shares = tuple(Share(holder, size) for holder, size in longest)
    return shares, tuple(pair for pair, _ in along.most_common())


def _shares(snapshot: Snapshot, shape: shapely.Geometry) -> tuple[Share, ...]:
    """Return on whose land a shape lies, in square metres, the largest share first."""
    x0, y0, x1, y1 = (shapely.bounds(shape) * 1000).tolist()
    near = snapshot.partition.in_box((int(x0), int(y0)), (int(x1) + 1, int(y1) + 1))
    point = shape.representative_point()
    oids = {side for border in near for side in (border.left, border.right)} - {OUTSIDE}
    oids.add(_oid_at(snapshot, (point.x, point.y)))
    sizes: dict[Holder, float] = {}
    for oid in oids - {OUTSIDE}:
        land = to_polygon(own_parts(snapshot.partition, oid), lambda points: points / 1000.0)
        size = float(shapely.intersection(shape, shapely.make_valid(land)).area)
        if size >= 1.0:
            holder = holder_of(snapshot, oid)
            sizes[holder] = sizes.get(holder, 0.0) + size
    largest = sorted(sizes.items(), key=lambda one: (-one[1], one[0].uid))
    return tuple(Share(holder, size) for holder, size in largest)


def _oid_at(snapshot: Snapshot, place: Place) -> int:
    half = half_left_of(snapshot.partition, round(place[0] * 1000), round(place[1] * 1000))
    return OUTSIDE if half is None else half.owner


def _holder_at(snapshot: Snapshot, place: Place) -> Holder:
    return holder_of(snapshot, _oid_at(snapshot, place))
