"""The town's area tree, from the frame down to the micro-grids, all cut from one subdivision."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from gisdata.city import outline
from gisdata.city.division import Cell, Cut, Divider, Road, polygon_m, sampled, to_mm
from gisdata.city.field import CrossField
from gisdata.city.outline import Curve
from gisdata.city.subdivision import Anchor, Point, Ring, Subdivision

COMMUNITIES = 12
GENERAL_GRIDS = 84
_BLOCKS = {7: (4, 3), 8: (4, 4), 9: (3, 3, 3)}
_PARK_DEPTH_M = 150.0

_EXCLUSIVE_BY_DENSITY_RANK = {
    0: ("hospital", 0.5),
    1: ("market", 0.4),
    2: ("school", 0.45),
    4: ("school", 0.4),
    6: ("business_park", 0.3),
    9: ("factory", 0.3),
    10: ("school", 0.16),
    11: ("factory", 0.3),
}
"""Type and size, in general grids, of the exclusive grid of the n-th densest community."""


@dataclass(slots=True)
class Block:
    """Land between roads that becomes one compound; its micro-grids lie side by side in it."""

    ring: Ring
    micro_grids: list[Ring]


@dataclass(slots=True)
class Grid:
    """A general grid with its blocks, or an exclusive one without."""

    ring: Ring
    exclusive_type: str | None = None
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Community:
    """A community with its grids."""

    ring: Ring
    grids: list[Grid]


@dataclass(slots=True)
class Street:
    """A street with its communities."""

    ring: Ring
    communities: list[Community]


@dataclass(slots=True)
class Tree:
    """All areas without codes; every ring carries the vertices of its neighbours."""

    frame: Ring
    lake: Ring
    streets: list[Street]
    roads: list[Road]


def grow(rng: random.Random) -> Tree:
    """Return the town's areas and the roads that bound them."""
    divider = Divider(Subdivision(), CrossField())
    frame = to_mm(outline.frame())
    street_cells, lake = _streets(divider, sampled(frame))
    counts = _shares([cell.weight for cell in street_cells], COMMUNITIES)
    communities = [
        divider.divide(cell, [1.0] * count, lambda _: "main")
        for cell, count in zip(street_cells, counts, strict=True)
    ]
    flat = [cell for cells in communities for cell in cells]
    grids = iter(_shares([cell.weight for cell in flat], GENERAL_GRIDS))
    exclusive = _exclusive_of(flat)
    park = max(range(len(flat)), key=lambda i: len(set(flat[i].ring) & set(lake)))
    streets = []
    for street_cell, cells in zip(street_cells, communities, strict=True):
        grown = []
        for cell in cells:
            index = next(i for i, known in enumerate(flat) if known is cell)
            shore = lake if index == park else ()
            grown.append(_community(divider, cell, next(grids), exclusive.get(index), shore, rng))
        streets.append(Street(street_cell.ring, grown))
    tree = Tree(frame, lake, streets, divider.roads)
    _complete(tree, divider.mesh)
    return tree


def _streets(divider: Divider, town: Cell) -> tuple[list[Cell], Ring]:
    """Cut the frame along the river, the trunk road and the lake's shores."""
    north, south = divider.cut(town, _across(divider, town.ring, outline.river()))
    shore = to_mm(outline.lake())
    lake = polygon_m(shore)
    upper = shapely.LineString(outline.trunk_north()).difference(lake)
    lower = shapely.LineString(outline.trunk_south()).difference(lake)
    on_shore = shapely.points(np.array(shore) / 1000)
    top, bottom = (int(shapely.distance(on_shore, line).argmin()) for line in (upper, lower))
    east = _walk(shore, top, bottom)
    west = _walk(shore, bottom, top)[::-1]
    full = divider.mesh.full_ring(north.ring)
    polygon = polygon_m(full)
    upper_points = to_mm(shapely.get_coordinates(upper.intersection(polygon)))[:-1]
    lower_points = to_mm(shapely.get_coordinates(lower.intersection(polygon)))[1:]
    start = _anchor(divider, full, upper_points[0])
    end = _anchor(divider, full, lower_points[-1])
    inner = (*upper_points[1:], *west, *lower_points[:-1])
    north_east, north_west = divider.cut(north, Cut(start, inner, end))
    divider.roads.append(Road("trunk", (start.point, *upper_points[1:], shore[top])))
    divider.roads.append(Road("trunk", (shore[bottom], *lower_points[:-1], end.point)))
    banks = Cut(Anchor(shore[top], None), east[1:-1], Anchor(shore[bottom], None))
    divided, _ = divider.cut(north_east, banks)
    return [north_west, divided, south], shore


def _across(divider: Divider, ring: Ring, curve: Curve) -> Cut:
    full = divider.mesh.full_ring(ring)
    inside = shapely.intersection(shapely.LineString(curve), polygon_m(full))
    points = to_mm(shapely.get_coordinates(inside))
    return Cut(_anchor(divider, full, points[0]), points[1:-1], _anchor(divider, full, points[-1]))


def _anchor(divider: Divider, full: Ring, place: Point) -> Anchor:
    return divider.mesh.anchor(full, place, vertex_m=8.0, junction_m=0.0)


def _walk(ring: Ring, start: int, end: int) -> Ring:
    return ring[start : end + 1] if start <= end else ring[start:] + ring[: end + 1]


def _community(
    divider: Divider,
    cell: Cell,
    grids: int,
    exclusive: tuple[str, float] | None,
    shore: Ring,
    rng: random.Random,
) -> Community:
    made: list[Grid] = []
    rest = cell
    if shore:
        park, rest = _park(divider, cell, shore)
        made.append(Grid(park.ring, "park"))
    parts = [1.0] * grids + ([exclusive[1]] if exclusive else [])
    cells = divider.divide(rest, parts, lambda n: "main" if n > 4 else "side")
    made += [_general_grid(divider, part, rng) for part in cells[:grids]]
    if exclusive:
        made.append(Grid(cells[-1].ring, exclusive[0]))
    return Community(cell.ring, made)


def _park(divider: Divider, cell: Cell, shore: Ring) -> tuple[Cell, Cell]:
    """Cut a strip along the lake's shore off a community."""
    full = divider.mesh.full_ring(cell.ring)
    on_shore = [point in set(shore) for point in full]
    first = next(i for i in range(len(full)) if on_shore[i] and not on_shore[i - 1])
    turned = full[first:] + full[:first]
    bank = turned[: next(i for i, p in enumerate(turned) if p not in set(shore))][2:-2]
    line = shapely.LineString(np.array(bank, dtype=np.float64) / 1000)
    away = shapely.offset_curve(line, _PARK_DEPTH_M, join_style="round").simplify(4.0)
    points = to_mm(shapely.get_coordinates(away))
    cut = Cut(Anchor(bank[0], None), points[1:-1], Anchor(bank[-1], None))
    left, right = divider.cut(cell, cut)
    divider.roads.append(Road("side", cut.line))
    return (left, right) if set(bank[1:-1]) <= set(left.ring) else (right, left)


def _general_grid(divider: Divider, cell: Cell, rng: random.Random) -> Grid:
    sizes = _BLOCKS[rng.choice((7, 8, 8, 8, 9, 9))]
    blocks = []
    for part, size in zip(
        divider.divide(cell, [float(s) for s in sizes], lambda _: "side"), sizes, strict=True
    ):
        leaves = divider.divide(part, [1.0] * size, lambda _: "lane")
        blocks.append(Block(part.ring, [leaf.ring for leaf in leaves]))
    return Grid(cell.ring, None, blocks)


def _exclusive_of(cells: Sequence[Cell]) -> dict[int, tuple[str, float]]:
    ranked = sorted(range(len(cells)), key=lambda i: (-float(cells[i].weights.mean()), i))
    return {ranked[rank]: what for rank, what in _EXCLUSIVE_BY_DENSITY_RANK.items()}


def _shares(weights: Sequence[float], total: int) -> list[int]:
    """Return whole numbers in proportion to *weights* that add up to *total*."""
    exact = [weight * total / sum(weights) for weight in weights]
    floors = [int(value) for value in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for index in by_rest[: total - sum(floors)]:
        floors[index] += 1
    return floors


def _complete(tree: Tree, mesh: Subdivision) -> None:
    """Give every ring and road the vertices that later cuts put into its edges."""
    tree.frame = mesh.full_ring(tree.frame)
    tree.lake = mesh.full_ring(tree.lake)
    tree.roads = [Road(road.road_class, mesh.full_line(road.line)) for road in tree.roads]
    for street in tree.streets:
        street.ring = mesh.full_ring(street.ring)
        for community in street.communities:
            community.ring = mesh.full_ring(community.ring)
            for grid in community.grids:
                grid.ring = mesh.full_ring(grid.ring)
                for block in grid.blocks:
                    block.ring = mesh.full_ring(block.ring)
                    block.micro_grids = [mesh.full_ring(ring) for ring in block.micro_grids]
