"""Blocks: the pieces that roads, rivers and railways cut some land into."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
import shapely

from gridadmin.partition.faces import Face
from gridadmin.partition.grid import Ints
from gridadmin.partition.ground import Ground
from gridadmin.partition.land_alone import in_mm
from gridadmin.partition.snapshot import Snapshot

BY = ("roads", "rivers", "railways", "all")
_ROADS = ("road", "street", "lane")
_RAILWAYS = ("railway",)
_NEAR_MM = 2.0
"""What runs this near to the edge of the land runs along it."""


def lines_through(
    snapshot: Snapshot, land: shapely.Geometry, by: Collection[str]
) -> list[shapely.LineString]:
    """Return the lines of the ground that run through *land*, cut off at its edge; all in mm."""
    if land.is_empty:
        return []
    box = tuple(value / 1000 for value in land.bounds)
    near = [
        shapely.LineString(line.points * 1000.0)
        for line in Ground.of(snapshot).lines_near((box[0], box[1], box[2], box[3]))
        if _is_wanted(line.kind, by)
    ]
    inside = shapely.intersection(shapely.union_all(near), land)
    parts = shapely.get_parts(shapely.line_merge(shapely.union_all(_lines_of(inside))))
    return [part for part in parts if part.geom_type == "LineString" and not part.is_empty]


def _is_wanted(kind: str, by: Collection[str]) -> bool:
    if "all" in by:
        return True
    family = "roads" if kind in _ROADS else "railways" if kind in _RAILWAYS else "rivers"
    return family in by


def _lines_of(shape: shapely.Geometry) -> list[shapely.Geometry]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]


def pieces_between(
    land: shapely.Geometry, lines: Sequence[shapely.LineString]
) -> list[shapely.Polygon]:
    """Return the pieces that *lines* cut *land* into; what ends in the land cuts nothing."""
    edges = shapely.union_all([shapely.boundary(land), *lines])
    shapely.prepare(land)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    return [face for face in faces if shapely.contains(land, face.representative_point())]


def block_at(
    snapshot: Snapshot, face: Face, place: tuple[float, float], by: Collection[str] = ("all",)
) -> shapely.Polygon:
    """Return the block of a face that holds a place (mm of the kernel), all in mm."""
    land = in_mm(face.parts())
    pieces = pieces_between(land, lines_through(snapshot, land, by))
    here = shapely.Point(place)
    return min(pieces, key=here.distance, default=land)


def cut_lines(land: shapely.Geometry, *parts: shapely.Geometry) -> list[Ints]:
    """Return the lines (mm) that part some pieces of *land* from each other and the rest of it."""
    edge = shapely.boundary(land)
    outlines = shapely.union_all([shapely.boundary(part) for part in parts])
    inner = shapely.difference(outlines, shapely.buffer(edge, _NEAR_MM))
    lines = [rounded(_led_to(shapely.get_coordinates(line), edge)) for line in _merged(inner)]
    return [line for line in lines if len(line) > 1]


def _merged(shape: shapely.Geometry) -> list[shapely.LineString]:
    return _lines_of(shapely.line_merge(shape))


def _led_to(line: np.ndarray, edge: shapely.Geometry) -> np.ndarray:
    """Return a line with those ends led on to the edge that were cut off a little before it."""
    feet = [
        shapely.get_coordinates(shapely.shortest_line(edge, shapely.Point(end)))[:1]
        if edge.distance(shapely.Point(end)) < 2 * _NEAR_MM
        else np.empty((0, 2))
        for end in (line[0], line[-1])
    ]
    return np.concatenate((feet[0], line, feet[1]))


def rounded(line: np.ndarray) -> Ints:
    """Return a line in whole millimetres, repeats left out."""
    whole = np.floor(line + 0.5).astype(np.int64)
    fresh = np.ones(len(whole), dtype=bool)
    fresh[1:] = (whole[1:] != whole[:-1]).any(axis=1)
    kept: Ints = whole[fresh]
    return kept


def joined_pieces(
    pieces: Sequence[shapely.Polygon], is_too_small: Callable[[shapely.Geometry], bool]
) -> list[shapely.Geometry]:
    """Return pieces with those that are too small joined to whom they border most.

    The smallest goes first; the last piece of all stays whatever its size.
    """
    left: dict[int, shapely.Geometry] = dict(enumerate(pieces))
    shared: dict[int, dict[int, float]] = {number: {} for number in left}
    tree = shapely.STRtree(list(pieces))
    for one, other in zip(*tree.query(list(pieces), predicate="touches"), strict=True):
        edge = shapely.intersection(shapely.boundary(pieces[one]), shapely.boundary(pieces[other]))
        if edge.length > 0:
            shared[int(one)][int(other)] = float(edge.length)
    small = {number for number, piece in left.items() if is_too_small(piece)}
    while small and len(left) > 1:
        number = min(small, key=lambda one: (left[one].area, one))
        small.discard(number)
        if not shared[number]:
            continue
        into = max(shared[number], key=lambda one: (shared[number][one], -one))
        left[into] = shapely.union(left[into], left.pop(number))
        for beside, length in shared.pop(number).items():
            del shared[beside][number]
            if beside != into:
                shared[into][beside] = shared[beside][into] = shared[into].get(beside, 0.0) + length
        small.discard(into)
        if is_too_small(left[into]):
            small.add(into)
    return list(left.values())
