"""The kinds of planted faults by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, pi, sin

import numpy as np

from benchmarks.effects import (
    EXTRA,
    Effect,
    beside,
    claimed_corner,
    dropped_vertex,
    moved_vertex,
    needle,
    sliver,
    t_junction,
    with_vertex_at,
)
from benchmarks.sites import Sites, polygon_of

NEAR_MISS_MM = 1
"""Within the default snap of a check: the two vertices count as one."""
FAR_MISS_MM = 3

Plant = Callable[[Sites, int, np.random.Generator], Effect | None]


def pulled(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Draw a border vertex of one side alone 0.5 to 3 m into its own area: a gap."""
    return moved_vertex(sites, home, random, float(random.uniform(500, 3000)))


def pushed(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Push a border vertex of one side alone 0.5 to 3 m into the neighbour: an overlap."""
    return moved_vertex(sites, home, random, -float(random.uniform(500, 3000)))


def missed_inward(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Let a border vertex miss its twin by 3 mm, as a gap."""
    return moved_vertex(sites, home, random, FAR_MISS_MM)


def missed_outward(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Let a border vertex miss its twin by 3 mm, as an overlap."""
    return moved_vertex(sites, home, random, -FAR_MISS_MM)


def near_miss(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Let a border vertex miss its twin by 1 mm: one vertex after snapping."""
    for stretch in sites.stretches(home, random):
        if stretch.partner is None:
            continue
        x, y = stretch.middle
        for target in ((x + NEAR_MISS_MM, y), (x, y + NEAR_MISS_MM)):
            for host in (home, stretch.partner):
                effect = with_vertex_at(sites, stretch, target, host)
                if effect is not None:
                    return Effect("near_miss", effect.face, effect.areas, effect.rings)
    return None


def notch(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Draw a vertex of the outer frame inward: a gap that is open to the outside."""
    for stretch in sites.stretches(home, random):
        if stretch.partner is None:
            target = beside(stretch, float(random.uniform(500, 3000)))
            effect = with_vertex_at(sites, stretch, target, home)
            if effect is not None:
                return Effect("gap", effect.face, (home,), effect.rings, face_class="open")
    return None


def gash(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Cut 30 mm wide and metres deep into the area's own land: a gap."""
    return needle(sites, home, random, is_gap=True)


def spike(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Stick a needle 30 mm wide and metres long into the neighbour: an overlap."""
    return needle(sites, home, random, is_gap=False)


def sliver_gap(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Leave a gap of 1e-5 m², some 10 mm long."""
    return sliver(sites, home, random, is_gap=True)


def sliver_overlap(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Make an overlap of 1e-5 m², some 10 mm long."""
    return sliver(sites, home, random, is_gap=False)


def t_junction_gap(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Give one side a vertex off the other's edge by less than 1 mm: a hair of a gap."""
    return t_junction(sites, home, random, "gap")


def t_junction_overlap(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Give one side a vertex off the other's edge by less than 1 mm: a hair of overlap."""
    return t_junction(sites, home, random, "overlap")


def exact_t_junction(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Give one side a vertex exactly on the other's edge: no fault at all."""
    return t_junction(sites, home, random, "none")


def dropped_vertex_gap(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Leave out a border vertex of one side, which then misses the land beside it."""
    return dropped_vertex(sites, home, random, is_gap=True)


def dropped_vertex_overlap(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Leave out a border vertex of one side, which then cuts across the neighbour's land."""
    return dropped_vertex(sites, home, random, is_gap=False)


def missing_area(sites: Sites, home: int, _random: np.random.Generator) -> Effect | None:
    """Leave out a whole leaf: a gap as large as itself, inside the map."""
    if any(len(bearers) == 1 for bearers in sites.bearers(home)):
        return None
    around = tuple(sorted(sites.neighbours(home)))
    return Effect("gap", sites.ring(home), around, missing=home, keeps_clear=frozenset({home}))


def duplicate(sites: Sites, home: int, _random: np.random.Generator) -> Effect | None:
    """Repeat a leaf as an additional row."""
    ring = sites.ring(home)
    return Effect("duplicate", ring, (home, EXTRA), extra=ring)


def contained(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Add a twelve-cornered area wholly inside a leaf, 6 to 12 m across."""
    land = polygon_of(sites.ring(home))
    middle = land.representative_point()
    radius = float(random.uniform(3000, 6000))
    ring = [
        (round(middle.x + radius * cos(angle)), round(middle.y + radius * sin(angle)))
        for angle in (step * pi / 6 for step in range(12))
    ]
    if not land.contains_properly(polygon_of(ring)):
        return None
    return Effect("contained", ring, (home, EXTRA), extra=ring)


def three_areas(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Let both neighbours at a node claim a leaf's corner too: one face, three areas."""
    return claimed_corner(sites, home, random, extra=False)


def four_areas(sites: Sites, home: int, random: np.random.Generator) -> Effect | None:
    """Let both neighbours and an additional row claim a corner: one face, four areas."""
    return claimed_corner(sites, home, random, extra=True)


GAPS: Mapping[str, Plant] = {
    "pulled": pulled,
    "gash": gash,
    "missing_area": missing_area,
    "notch": notch,
    "near_miss_3mm": missed_inward,
    "t_junction": t_junction_gap,
    "dropped_vertex": dropped_vertex_gap,
    "sliver": sliver_gap,
}
OVERLAPS: Mapping[str, Plant] = {
    "pushed": pushed,
    "spike": spike,
    "three_areas": three_areas,
    "four_areas": four_areas,
    "duplicate": duplicate,
    "contained": contained,
    "near_miss_3mm": missed_outward,
    "t_junction": t_junction_overlap,
    "dropped_vertex": dropped_vertex_overlap,
    "sliver": sliver_overlap,
}
