"""The land of polygons that cross themselves: where a way out meets an odd number of lines."""

from __future__ import annotations

import numpy as np
import shapely

from gridadmin.partition.arrange import arrange, labelled_borders
from gridadmin.partition.edges import edges_of_rings, rings_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.resolve import resolved


def even_odd_chains(polygon: shapely.Geometry, origin_mm: tuple[int, int]) -> list[Ints]:
    """Return the border of an invalid (multi)polygon in metres as chains of points in mm.

    The land of the even-odd rule lies left of each; none are left when it has no land.
    """
    edges = edges_of_rings(rings_of(np.array([polygon], dtype=object), origin_mm))
    if not len(edges):
        return []
    arrangement = arrange(resolved(edges, np.ones(len(edges), dtype=bool)))
    owner = np.array([len(claims) for claims in arrangement.claims], dtype=np.int64)
    borders, left, _ = labelled_borders(arrangement, owner)
    chains = [borders.points(run) for run in range(len(borders))]
    return [
        chain if is_land else chain[::-1].copy()
        for chain, is_land in zip(chains, (left == 1).tolist(), strict=True)
    ]
