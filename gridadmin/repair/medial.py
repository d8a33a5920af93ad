"""The centre line of a piece of land between those who lie beside it.

Points along its sides, each with the one who lies there: the centre lines run halfway between the
points of one and those of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.partition.faces import Face
from gridadmin.partition.grid import Ints

Floats = NDArray[np.float64]

_MOST_SAMPLES = 3000
_LEAST_STEP_MM = 4.0
_SAMPLE_DIGITS = 2
"""Points that come out twice must be one: a hundredth of a millimetre tells them apart."""
_OVERSHOOT_MM = 3.0
"""A line that ends between whole millimetres must reach over the border; loose ends are trimmed."""


def sides_of(face: Face, who: Mapping[int, int]) -> dict[int, list[Ints]]:
    """Return the stretches of a face's border by who lies beyond: ``who[owner]``, others left out.

    Stretches that follow each other with one beyond are one.
    """
    sides: dict[int, list[Ints]] = {}
    for ring in face.rings:
        runs: list[tuple[int | None, list[Ints]]] = []
        for half in ring:
            beyond = who.get(half.opposite_owner)
            if runs and runs[-1][0] == beyond:
                runs[-1][1].append(half.points())
            else:
                runs.append((beyond, [half.points()]))
        if len(runs) > 1 and runs[0][0] == runs[-1][0]:
            runs[0] = (runs[0][0], runs.pop()[1] + runs[0][1])
        for beyond, parts in runs:
            if beyond is not None:
                joined = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
                sides.setdefault(beyond, []).append(joined)
    return sides


def centre_lines(face: Face, sides: Mapping[int, Sequence[Ints]]) -> list[Ints]:
    """Return the lines ``(n, 2)`` in mm halfway between the *sides* of a face, for cutting it.

    They may reach a little over its border. None when fewer than two lie beside it, or when it is
    too narrow.
    """
    if len(sides) < 2:
        return []
    part = face.part()
    low = part.shell.min(axis=0)
    polygon = shapely.Polygon(part.shell - low, [hole - low for hole in part.holes])
    step = _step_mm(polygon)
    if step is None:
        return []
    moved = {one: [(side - low).astype(np.float64) for side in mine] for one, mine in sides.items()}
    points, beside = _samples(moved, step)
    lines = _inside(_halfway(points, beside, polygon.length), polygon)
    joints = _joints(moved)
    fitted = [_fitted(line, polygon, joints, step) for line in lines]
    return [np.rint(line).astype(np.int64) + low for line in fitted if len(line) > 1]


def _step_mm(polygon: shapely.Polygon) -> float | None:
    """Return how far the points along the sides stand from each other: a quarter of the width.

    None when the land is too narrow for its length: a line would zigzag over its border.
    """
    length = float(polygon.length)
    width = 2 * float(polygon.area) / length
    step = max(width / 4, length / _MOST_SAMPLES, _LEAST_STEP_MM)
    return step if step <= width / 2 else None


def _samples(sides: Mapping[int, Sequence[Floats]], step: float) -> tuple[Floats, Ints]:
    """Return points ``(n, 2)`` along all sides, and who lies beside each."""
    shortest = min(_length(side) for mine in sides.values() for side in mine)
    # Seen from where two sides meet, both have their first point equally far.
    first = max(min(step / 2, shortest / 4), 0.25)
    samples, owners = [], []
    for one, mine in sides.items():
        for side in mine:
            samples.append(_sampled(side, step, first))
            owners += [one] * len(samples[-1])
    rounded = np.round(np.concatenate(samples), _SAMPLE_DIGITS).astype(np.float64)
    _, index = np.unique(rounded, axis=0, return_index=True)
    return rounded[index], np.array(owners, dtype=np.int64)[index]


def _sampled(side: Floats, step: float, first: float) -> Floats:
    """Return points along a stretch, counted from both of its ends."""
    length = _length(side)
    line = shapely.LineString(side)
    half = np.arange(first, max(length / 2, first * 1.5), step)
    places = np.unique(np.round(np.concatenate((half, length - half)), _SAMPLE_DIGITS))
    points: Floats = shapely.get_coordinates(shapely.line_interpolate_point(line, places))
    return points


def _length(side: Floats) -> float:
    steps = np.diff(side, axis=0)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def _halfway(points: Floats, beside: Ints, reach: float) -> Floats:
    """Return the segments ``(n, 2, 2)`` halfway between points of different sides.

    They are the edges of the Voronoi diagram between such points: each joins the centres of the
    two triangles that the points have in common. At the hull it leads *reach* outwards.
    """
    triangles = shapely.delaunay_triangles(shapely.MultiPoint(points))
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    if not len(corners):
        return np.empty((0, 2, 2))
    order = {tuple(point): number for number, point in enumerate(points.tolist())}
    number = np.array([order[tuple(c)] for c in corners.reshape(-1, 2).tolist()]).reshape(-1, 3)
    centre = _centres(corners, reach)
    segments = []
    known: dict[tuple[int, int], int] = {}
    for row, (a, b, c) in enumerate(number.tolist()):
        for p, q in ((a, b), (b, c), (c, a)):
            if beside[p] == beside[q]:
                continue
            other = known.pop((min(p, q), max(p, q)), None)
            if other is None:
                known[min(p, q), max(p, q)] = row
            else:
                segments.append((centre[row], centre[other]))
    for (p, q), row in known.items():
        segments.append((centre[row], _outward(points[[p, q]], corners[row], centre[row], reach)))
    return np.array(segments, dtype=np.float64).reshape(-1, 2, 2)


def _centres(corners: Floats, reach: float) -> Floats:
    """Return the centres of the circles around triangles, none farther off than *reach*."""
    a = corners[:, 0]
    b, c = corners[:, 1] - a, corners[:, 2] - a
    double = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    double = np.where(np.abs(double) < 1e-9, 1e-9, double)
    bb, cc = (b * b).sum(axis=1), (c * c).sum(axis=1)
    x = (c[:, 1] * bb - b[:, 1] * cc) / double
    y = (b[:, 0] * cc - c[:, 0] * bb) / double
    far = np.hypot(x, y)
    share = np.minimum(1.0, 4 * reach / np.maximum(far, 1e-9))
    found: Floats = np.round(a + np.column_stack((x, y)) * share[:, None], _SAMPLE_DIGITS)
    return found


def _outward(edge: Floats, corners: Floats, centre: Floats, reach: float) -> Floats:
    """Return a place far out on the bisector of an edge of the hull."""
    along = edge[1] - edge[0]
    across = np.array([along[1], -along[0]]) / max(float(np.hypot(*along)), 1e-9)
    if (corners.mean(axis=0) - edge[0]) @ across > 0:
        across = -across
    found: Floats = centre + across * 4 * reach
    return found


def _inside(segments: Floats, polygon: shapely.Polygon) -> list[shapely.LineString]:
    """Return segments joined to lines, as far as they run through the polygon."""
    lengths = np.abs(segments[:, 0] - segments[:, 1]).max(axis=1)
    lines = shapely.linestrings(segments[lengths > 0])
    shapely.prepare(polygon)
    lines = lines[shapely.intersects(polygon, lines)]
    pieces = [
        piece
        for piece in shapely.get_parts(shapely.intersection(lines, polygon))
        if piece.geom_type == "LineString" and piece.length > 0
    ]
    if not pieces:
        return []
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(pieces))))


def _joints(sides: Mapping[int, Sequence[Floats]]) -> Floats:
    """Return the places where the sides of two meet."""
    ends: dict[tuple[float, float], set[int]] = {}
    for one, mine in sides.items():
        for side in mine:
            for end in (side[0], side[-1]):
                ends.setdefault((float(end[0]), float(end[1])), set()).add(one)
    found = [end for end, those in ends.items() if len(those) > 1]
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _fitted(
    line: shapely.LineString, polygon: shapely.Polygon, joints: Floats, step: float
) -> Floats:
    """Return a line with few points whose ends reach the border."""
    simple = shapely.simplify(line, step / 4)
    if not shapely.covers(shapely.buffer(polygon, 0.5), simple):
        simple = line
    xy: Floats = shapely.get_coordinates(simple)
    border = shapely.boundary(polygon)
    for end in (0, -1):
        xy = _reaching(xy, end, border, joints, step)
    return xy


def _reaching(
    xy: Floats, end: int, border: shapely.Geometry, joints: Floats, step: float
) -> Floats:
    """Return a line led to the joint near one of its ends, or a little over the border there."""
    point = xy[end]
    if shapely.distance(border, shapely.Point(point)) > 1e-3:
        # It meets other lines there.
        return xy
    if len(joints):
        far = np.hypot(*(joints - point).T)
        if far.min() <= 2 * step:
            xy = xy.copy()
            xy[end] = joints[int(far.argmin())]
            return xy
    return overshot(xy, end, _OVERSHOOT_MM)


def overshot(xy: Floats, end: int, by_mm: float) -> Floats:
    """Return a line with one end (0 or -1) led straight on by some millimetres."""
    before = xy[1] if end == 0 else xy[-2]
    way = xy[end] - before
    length = float(np.hypot(*way))
    beyond = xy[end] + way / max(length, 1e-9) * by_mm
    led: Floats = np.concatenate((beyond[None], xy) if end == 0 else (xy, beyond[None]))
    return led
