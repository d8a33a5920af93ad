"""How many households each micro-grid is to hold, and which towers are shared floor by floor."""

from __future__ import annotations

import random
from dataclasses import dataclass

from gisdata.city.areas import Grid, Tree
from gisdata.city.division import polygon_m
from gisdata.city.subdivision import Ring

_LOWEST, _HIGHEST = 40, 60
_LARGEST_GRID = 478


@dataclass(frozen=True, slots=True)
class Tower:
    """A tower of a cell: floors, flats per floor, entrances, and its stacked micro-grids.

    ``shares`` holds (entrance number from 1, or None for all; lowest floor; highest floor).
    """

    floors: int
    flats_per_floor: int
    entrances: int
    shares: tuple[tuple[int | None, int | None, int | None], ...]

    @property
    def households(self) -> int:
        """Flats of the tower, all of them lived in."""
        return self.floors * self.flats_per_floor * self.entrances


TOWERS: tuple[tuple[Tower, ...], ...] = (
    (Tower(26, 2, 2, ((1, None, None), (2, None, None))),),
    (Tower(24, 2, 3, ((1, None, None), (2, None, None), (3, None, None))),),
    (Tower(30, 4, 1, ((None, 1, 10), (None, 11, 20), (None, 21, 30))),),
    (
        Tower(22, 2, 2, ((1, None, None), (2, None, None))),
        Tower(24, 4, 1, ((None, 1, 12), (None, 13, 24))),
    ),
    (Tower(28, 4, 1, ((None, 1, 14), (None, 15, 28))),),
)
"""The towers of each cell."""


def cells(tree: Tree) -> dict[Ring, tuple[Tower, ...]]:
    """Return the micro-grid faces that become cells, with their towers.

    They are the widest leaves of the densest grids of seven, one per community.
    """
    found: dict[Ring, tuple[Tower, ...]] = {}
    ranked = sorted(
        (polygon_m(grid.ring).area, number, grid)
        for street in tree.streets
        for number, community in enumerate(street.communities)
        for grid in community.grids
        if sum(len(block.micro_grids) for block in grid.blocks) == 7
    )
    supply = iter(TOWERS)
    served: set[int] = set()
    for _, _, grid in ranked:
        home = _home(tree, grid)
        towers = None if home in served else next(supply, None)
        if towers is None:
            continue
        served.add(home)
        leaves = [ring for block in grid.blocks for ring in block.micro_grids]
        found[max(leaves, key=lambda ring: polygon_m(ring).area)] = towers
    return found


def _home(tree: Tree, grid: Grid) -> int:
    return next(
        id(community)
        for street in tree.streets
        for community in street.communities
        if any(known is grid for known in community.grids)
    )


def targets(
    grid: Grid, towers: dict[Ring, tuple[Tower, ...]], rng: random.Random
) -> dict[Ring, int]:
    """Return the households of every drawn micro-grid of *grid*; cells bring their own."""
    leaves = [ring for block in grid.blocks for ring in block.micro_grids]
    drawn = [ring for ring in leaves if ring not in towers]
    stacked = sum(tower.households for ring in leaves for tower in towers.get(ring, ()))
    mean = min(rng.uniform(45, 55), (_LARGEST_GRID - stacked) / len(drawn) - 1)
    return {ring: min(max(round(mean + rng.uniform(-6, 6)), _LOWEST), _HIGHEST) for ring in drawn}
