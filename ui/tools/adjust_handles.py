"""The points of borders that can be taken hold of, as the map shows them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridadmin.domain.model import BorderRow
from ui.canvas.overlay import Handles, Mark, Thing
from ui.canvas.picking import BorderHit, VertexHit, local_points
from ui.canvas.viewport import Box, Floats, Place

_MOST_HANDLES = 1500


def handles(
    borders: Sequence[BorderRow],
    bounds: Box,
    hit: BorderHit | None,
    vertex: VertexHit | None,
    active: Place | None,
) -> list[Thing]:
    """Return the points of borders inside *bounds*, that under the pointer, the active one."""
    vertices = [points for border in borders if len(points := _seen(border, bounds))]
    things: list[Thing] = []
    if vertices and sum(map(len, vertices)) <= _MOST_HANDLES:
        things.append(Handles(np.concatenate(vertices), Mark.VERTEX))
        nodes = [local_points(border)[[0, -1]] for border in borders]
        things.append(Handles(np.concatenate(nodes), Mark.NODE))
    if vertex is not None:
        things.append(Handles(np.array([vertex.place]), Mark.ACTIVE))
    elif hit is not None:
        things.append(Handles(np.array([hit.place]), Mark.MIDDLE))
    if active is not None:
        things.append(Handles(np.array([active]), Mark.ACTIVE))
    return things


def _seen(border: BorderRow, bounds: Box) -> Floats:
    x0, y0, x1, y1 = bounds
    points = local_points(border)
    x, y = points.T
    seen: Floats = points[(x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)]
    return seen
