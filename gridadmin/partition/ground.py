"""What lies on the land beside the partition: roads, water, railways, buildings, compounds.

Found by place, in local metres (plane metres less the project's origin, that is kernel mm / 1000).
Each table is indexed once and kept as long as the project keeps that very table: an edit of borders
or areas costs nothing here.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.domain.model import Building, Compound, LineObject
from gridadmin.partition.snapshot import Snapshot

Points = NDArray[np.float64]
Shapes = NDArray[np.object_]
Box = tuple[float, float, float, float]
"""West, south, east, north in local metres."""


class _Named(Protocol):
    @property
    def uid(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


@dataclass(frozen=True, eq=False, slots=True)
class GroundLine:
    """One line of a road, river, railway…; an object of several lines gives several.

    ``points`` is ``(n, 2)`` float64. A lake, or a river drawn as an area, gives its shores, and
    ``is_shore`` is true.
    """

    uid: str
    kind: str
    name: str | None
    road_class: str | None
    points: Points
    is_shore: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class GroundBuilding:
    """A building: the point that decides whose it is, and its outer ring (closed) when known."""

    uid: str
    point: tuple[float, float]
    footprint: Points | None
    households: int
    compound: str | None
    name: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class GroundCompound:
    """A compound with the rings of its outline, each closed: outer ones and holes alike."""

    uid: str
    name: str
    type: str | None
    rings: tuple[Points, ...]


@dataclass(frozen=True, eq=False)
class Placed(Generic[_T]):
    """Shapes with the objects that they belong to, found by place.

    ``shapes`` are in local metres, one beside each of ``objects``.
    """

    shapes: Shapes
    objects: Sequence[_T]
    tree: shapely.STRtree
    numbers: Mapping[str, int]
    """The first place of each uid."""

    @classmethod
    def of(cls, shapes: Sequence[shapely.Geometry] | Shapes, objects: Sequence[_T]) -> Placed[_T]:
        """Return the shapes and their objects with an index."""
        array = np.empty(len(shapes), dtype=object)
        array[:] = shapes
        numbers: dict[str, int] = {}
        for number, item in enumerate(objects):
            numbers.setdefault(item.uid, number)
        return cls(array, objects, shapely.STRtree(array), numbers)

    def number_of(self, uid: str) -> int | None:
        """Return the first place in ``objects`` of an object, None when it isn't there."""
        return self.numbers.get(uid)

    def object(self, uid: str) -> _T | None:
        """Return an object (of a line its first part), None when it isn't there."""
        number = self.numbers.get(uid)
        return None if number is None else self.objects[number]

    def numbers_in(self, box: Box) -> list[int]:
        """Return the places in ``objects`` of the shapes that reach into *box*, sorted."""
        found = self.tree.query(shapely.box(*box), predicate="intersects")
        return sorted(found.tolist())

    def found_in(self, box: Box) -> list[_T]:
        """Return the objects whose shapes reach into *box*, in the order of the index."""
        return [self.objects[number] for number in self.numbers_in(box)]


class Ground:
    """All reference objects of one state of a project."""

    __slots__ = ("buildings", "compounds", "lines", "waters")

    def __init__(
        self,
        lines: Placed[GroundLine],
        buildings: Placed[GroundBuilding],
        compounds: Placed[GroundCompound],
        waters: Placed[GroundLine],
    ) -> None:
        self.lines = lines
        self.buildings = buildings
        self.compounds = compounds
        self.waters = waters
        """The polygons of lakes and wide rivers; ``points`` are those of the outer ring."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> Ground:
        """Return what lies on the land in *snapshot*."""
        return cls(
            _kept(snapshot, "line_object", _lines),
            _kept(snapshot, "building", _buildings),
            _kept(snapshot, "compound", _compounds),
            _kept(snapshot, "line_object", _waters),
        )

    def lines_near(self, box: Box, kinds: Collection[str] | None = None) -> list[GroundLine]:
        """Return the lines that reach into *box*, of these kinds or of all."""
        found = self.lines.found_in(box)
        return found if kinds is None else [line for line in found if line.kind in kinds]

    def buildings_in(self, box: Box) -> list[GroundBuilding]:
        """Return the buildings whose footprint (or point) reaches into *box*."""
        return self.buildings.found_in(box)

    def compounds_in(self, box: Box) -> list[GroundCompound]:
        """Return the compounds whose land reaches into *box*."""
        return self.compounds.found_in(box)


def is_kept(snapshot: Snapshot) -> bool:
    """Return whether the ground of a snapshot is at hand and need not be indexed first."""
    return all(
        _at_hand(snapshot.rows(table), snapshot.origin_mm, make) is not None
        for table, make in (
            ("line_object", _lines),
            ("building", _buildings),
            ("compound", _compounds),
        )
    )


# What is kept lives as long as the table that it was made from.
_KEPT: dict[
    tuple[int, tuple[int, int], Callable[..., Any]], tuple[weakref.ref[Any], Placed[Any]]
] = {}

_Maker = Callable[[Iterable[Any], tuple[int, int]], Placed[_T]]


def _kept(snapshot: Snapshot, table: str, make: _Maker[_T]) -> Placed[_T]:
    rows, origin = snapshot.rows(table), snapshot.origin_mm
    found = _at_hand(rows, origin, make)
    if found is None:
        key = id(rows), origin, make
        found = make([rows[uid] for uid in sorted(rows)], origin)
        _KEPT[key] = weakref.ref(rows, lambda _: _KEPT.pop(key, None)), found
    return found


def _at_hand(
    rows: Mapping[str, Any], origin: tuple[int, int], make: Callable[..., Any]
) -> Placed[Any] | None:
    entry = _KEPT.get((id(rows), origin, make))
    return None if entry is None or entry[0]() is not rows else entry[1]


def _lines(rows: Iterable[LineObject], origin: tuple[int, int]) -> Placed[GroundLine]:
    objects = [row for row in rows if row.line]
    shapes: list[shapely.Geometry] = []
    lines: list[GroundLine] = []
    for row, shape in zip(objects, _read([row.line for row in objects], origin), strict=True):
        for part, is_shore in _line_parts(shape):
            shapes.append(part)
            points = shapely.get_coordinates(part)
            lines.append(GroundLine(row.uid, row.kind, row.name, row.road_class, points, is_shore))
    return Placed.of(shapes, lines)


def _line_parts(shape: shapely.Geometry | None) -> Iterable[tuple[shapely.Geometry, bool]]:
    for part in () if shape is None else shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            for ring in shapely.get_rings(part):
                yield shapely.LineString(ring), True
        elif isinstance(part, shapely.LineString) and not part.is_empty:
            yield part, False


def _waters(rows: Iterable[LineObject], origin: tuple[int, int]) -> Placed[GroundLine]:
    objects = [row for row in rows if row.line]
    shapes: list[shapely.Geometry] = []
    found: list[GroundLine] = []
    for row, shape in zip(objects, _read([row.line for row in objects], origin), strict=True):
        for part in () if shape is None else shapely.get_parts(shape):
            if isinstance(part, shapely.Polygon) and not part.is_empty:
                shapes.append(part)
                points = shapely.get_coordinates(part.exterior)
                found.append(GroundLine(row.uid, row.kind, row.name, row.road_class, points, True))
    return Placed.of(shapes, found)


def _buildings(rows: Iterable[Building], origin: tuple[int, int]) -> Placed[GroundBuilding]:
    objects = list(rows)
    points = np.array([(row.x_mm, row.y_mm) for row in objects], np.float64).reshape(-1, 2)
    points = (points - np.array(origin)) / 1000.0
    shapes = _read([row.footprint for row in objects], origin)
    bare = shapely.get_type_id(shapes) != shapely.GeometryType.POLYGON
    for number in np.flatnonzero(bare).tolist():
        shapes[number] = _largest_polygon(shapes[number])
    has_none = shapely.is_missing(shapes)
    shapes[has_none] = shapely.points(points[has_none])
    found = [
        GroundBuilding(
            row.uid,
            (x, y),
            None if is_bare else shapely.get_coordinates(shape.exterior),
            row.households,
            row.compound,
            row.name,
        )
        for row, (x, y), shape, is_bare in zip(
            objects, points.tolist(), shapes, has_none.tolist(), strict=True
        )
    ]
    return Placed.of(shapes, found)


def _largest_polygon(shape: shapely.Geometry | None) -> shapely.Polygon | None:
    parts = () if shape is None else shapely.get_parts(shape)
    polygons = [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]
    return max(polygons, key=lambda polygon: float(polygon.area), default=None)


def _compounds(rows: Iterable[Compound], origin: tuple[int, int]) -> Placed[GroundCompound]:
    objects = [row for row in rows if row.outline]
    shapes: list[shapely.Geometry] = []
    found: list[GroundCompound] = []
    for row, shape in zip(objects, _read([row.outline for row in objects], origin), strict=True):
        if shape is None or shape.is_empty:
            continue
        outlines = shapely.get_rings(shapely.get_parts(shape))
        rings = tuple(shapely.get_coordinates(ring) for ring in outlines)
        shapes.append(shape)
        found.append(GroundCompound(row.uid, row.name, row.compound_type, rings))
    return Placed.of(shapes, found)


def _read(blobs: Sequence[bytes | None], origin: tuple[int, int]) -> Shapes:
    """Return stored shapes in local metres; None for what is not there or can't be read."""
    array = np.empty(len(blobs), dtype=object)
    array[:] = blobs
    shapes = shapely.force_2d(shapely.from_wkb(array, on_invalid="ignore"))
    low = np.array(origin) / 1000.0
    moved: Shapes = shapely.transform(shapes, lambda xy: xy - low)
    return moved
