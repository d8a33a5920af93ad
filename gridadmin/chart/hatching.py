"""Patterns as lines: hatches and dots cut to the land that they fill, sharp on every surface."""

from __future__ import annotations

import math

import numpy as np
import shapely

from gridadmin.chart.surface import Paths

_MOST_LINES = 4000


def hatched(land: shapely.Geometry, step_mm: float, angle_deg: float) -> Paths:
    """Return parallel lines *step_mm* apart inside *land* (mm); they run on from piece to piece."""
    if land.is_empty:
        return Paths.of([])
    x0, y0, x1, y1 = land.bounds
    angle = math.radians(angle_deg)
    along = np.array([math.cos(angle), -math.sin(angle)])
    across = np.array([math.sin(angle), math.cos(angle)])
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    far, off = corners @ along, corners @ across
    begin = math.ceil(off.min() / step_mm)
    count = min(max(math.floor(off.max() / step_mm) - begin + 1, 0), _MOST_LINES)
    if not count:
        return Paths.of([])
    offs = (begin + np.arange(count)) * step_mm
    starts = offs[:, None] * across + (far.min() - 1) * along
    ends = offs[:, None] * across + (far.max() + 1) * along
    lines = shapely.linestrings(np.stack((starts, ends), axis=1))
    return lines_of(shapely.intersection(lines, land))


def dotted(land: shapely.Geometry, step_mm: float, length_mm: float) -> Paths:
    """Return short strokes on a staggered grid inside *land*: dots when drawn with a round pen."""
    if land.is_empty:
        return Paths.of([])
    x0, y0, x1, y1 = land.bounds
    columns = np.arange(math.floor(x0 / step_mm), math.ceil(x1 / step_mm) + 1)
    rows = np.arange(math.floor(y0 / step_mm), math.ceil(y1 / step_mm) + 1)
    if len(columns) * len(rows) > _MOST_LINES * 10:
        return Paths.of([])
    x, y = np.meshgrid(columns.astype(np.float64), rows.astype(np.float64))
    x[rows % 2 == 1] += 0.5
    points = np.column_stack((x.ravel(), y.ravel())) * step_mm
    shapely.prepare(land)
    inside = points[shapely.contains_xy(land, points[:, 0], points[:, 1])]
    half = length_mm / 2
    return Paths.of([np.array([(px - half, py), (px + half, py)]) for px, py in inside.tolist()])


def lines_of(shapes: object) -> Paths:
    """Return all lines among shapes; points and land are left out."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    parts = parts[(shapely.get_dimensions(parts) == 1) & ~shapely.is_empty(parts)]
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    offsets = np.searchsorted(owner, np.arange(len(parts) + 1)).astype(np.int64)
    return Paths(xy, offsets)


def rings_of(shapes: object) -> Paths:
    """Return the rings of all polygons among shapes, holes after their shells."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    parts = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    rings = shapely.get_rings(parts)
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    offsets = np.searchsorted(owner, np.arange(len(rings) + 1)).astype(np.int64)
    return Paths(xy, offsets)
