"""Ways to spoil a border so that exactly one face comes of it.

All corners of a face are vertices in whole millimetres, so its area is exact. Each function returns
None where its fault does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import hypot

import numpy as np

from benchmarks.sites import Point, Sites, Stretch, doubled_area, passes_inside

EXTRA = -1
"""Stands for the additional row that a fault brings."""

SLIVER_DOUBLED_MM2 = 20
"""Slivers of 1e-5 m² are 10 mm²."""


@dataclass(frozen=True)
class Fault:
    """One planted fault and the face that a check has to find.

    ``kind`` is gap, overlap, duplicate, contained, near_miss, or none for what looks like a fault
    and is not; ``how`` names the way it was planted. ``areas`` are codes: who claims the face, or
    who borders the gap. ``point`` is inside the face (for ``none``: the place), in metres.
    """

    kind: str
    how: str
    face_class: str
    areas: tuple[str, ...]
    area_m2: float
    point: tuple[float, float]


@dataclass(frozen=True)
class Effect:
    """What planting one fault does, by leaf index: new rings, a missing leaf, an additional row."""

    kind: str
    face: list[Point]
    areas: tuple[int, ...]
    rings: Mapping[int, list[Point]] = field(default_factory=dict)
    missing: int | None = None
    extra: list[Point] | None = None
    face_class: str = "enclosed"
    keeps_clear: frozenset[int] = frozenset()
    """Leaves that must bear no other fault, beside those in ``areas``."""

    @property
    def touched(self) -> set[int]:
        """All leaves that this fault needs for itself."""
        named = set(self.areas) | set(self.rings) | set(self.keeps_clear)
        return named - {EXTRA}


def moved_vertex(
    sites: Sites, home: int, random: np.random.Generator, inward_mm: float
) -> Effect | None:
    """Move a border vertex of *home* alone: inward is a gap, negative outward an overlap."""
    for stretch in sites.stretches(home, random):
        if stretch.partner is None:
            continue
        host = home if inward_mm > 0 else stretch.partner
        effect = with_vertex_at(sites, stretch, beside(stretch, inward_mm), host)
        if effect is not None:
            return effect
    return None


def beside(stretch: Stretch, inward_mm: float) -> Point:
    """Return the place *inward_mm* left of the middle vertex, that is inside its own area."""
    along_x = stretch.after[0] - stretch.before[0]
    along_y = stretch.after[1] - stretch.before[1]
    length = hypot(along_x, along_y)
    reach = max(-0.4 * length, min(0.4 * length, inward_mm))
    x, y = stretch.middle
    return round(x - along_y / length * reach), round(y + along_x / length * reach)


def with_vertex_at(sites: Sites, stretch: Stretch, target: Point, host: int) -> Effect | None:
    """Move the middle vertex of the stretch's home to *target*, which lies in *host*."""
    path = [stretch.before, target, stretch.after]
    if not passes_inside(sites.ring(host), path):
        return None
    ring = sites.ring(stretch.home)
    ring[stretch.at] = target
    face = [stretch.before, stretch.middle, stretch.after, target]
    kind = "gap" if host == stretch.home else "overlap"
    areas = (stretch.home,) if stretch.partner is None else (stretch.home, stretch.partner)
    return Effect(kind, face, areas, {stretch.home: ring})


def needle(sites: Sites, home: int, random: np.random.Generator, *, is_gap: bool) -> Effect | None:
    """Insert a corner 30 mm wide at its base and metres long."""
    for stretch in sites.stretches(home, random):
        along_x = stretch.after[0] - stretch.middle[0]
        along_y = stretch.after[1] - stretch.middle[1]
        length = hypot(along_x, along_y)
        if stretch.partner is None or length < 1000:
            continue
        depth = float(random.uniform(0.2, 0.5)) * length * (1 if is_gap else -1)
        x, y = stretch.middle
        second = round(x + along_x / length * 30), round(y + along_y / length * 30)
        tip = round(x - along_y / length * depth), round(y + along_x / length * depth)
        effect = _inserted_corner(sites, stretch, second, tip, is_gap=is_gap)
        if effect is not None:
            return effect
    return None


def sliver(sites: Sites, home: int, random: np.random.Generator, *, is_gap: bool) -> Effect | None:
    """Insert a corner of exactly 10 mm²."""
    for stretch in sites.stretches(home, random):
        if stretch.partner is None:
            continue
        for second, tip in _sliver_corners(stretch, is_gap=is_gap):
            effect = _inserted_corner(sites, stretch, second, tip, is_gap=is_gap)
            if effect is not None:
                return effect
    return None


def _sliver_corners(stretch: Stretch, *, is_gap: bool) -> list[tuple[Point, Point]]:
    """Return pairs of corners that make triangles of exactly 10 mm² with the middle vertex."""
    x, y = stretch.middle
    along_x, along_y = stretch.after[0] - x, stretch.after[1] - y
    length = hypot(along_x, along_y)
    wanted = SLIVER_DOUBLED_MM2 if is_gap else -SLIVER_DOUBLED_MM2
    found = []
    for base in range(8, 14):
        dx, dy = round(along_x / length * base), round(along_y / length * base)
        for tip_x in range(-14, 15):
            for tip_y in range(-14, 15):
                is_far = hypot(tip_x, tip_y) > 2 and hypot(tip_x - dx, tip_y - dy) > 2
                is_over = 0 < tip_x * dx + tip_y * dy < dx * dx + dy * dy
                if is_far and is_over and dx * tip_y - dy * tip_x == wanted:
                    found.append(((x + dx, y + dy), (x + tip_x, y + tip_y)))
    return found


def _inserted_corner(
    sites: Sites, stretch: Stretch, second: Point, tip: Point, *, is_gap: bool
) -> Effect | None:
    """Give both sides the vertex *second* after the middle one, and home alone a corner between."""
    if stretch.partner is None:
        return None
    ours, theirs = sites.ring(stretch.home), sites.ring(stretch.partner)
    theirs.insert(stretch.partner_at, second)
    shared = [*ours[: stretch.at + 1], second, *ours[stretch.at + 1 :]]
    path = [stretch.middle, tip, second]
    if not passes_inside(shared if is_gap else theirs, path):
        return None
    ours[stretch.at + 1 : stretch.at + 1] = [tip, second]
    return Effect(
        "gap" if is_gap else "overlap",
        path,
        (stretch.home, stretch.partner),
        {stretch.home: ours, stretch.partner: theirs},
    )


def t_junction(sites: Sites, home: int, random: np.random.Generator, kind: str) -> Effect | None:
    """Give *home* alone the rounded middle of an edge where that makes *kind*."""
    for stretch in sites.stretches(home, random):
        (x0, y0), (x1, y1) = stretch.middle, stretch.after
        added = (x0 + x1) // 2, (y0 + y1) // 2
        face = [stretch.middle, added, stretch.after]
        # a triangle that turns right lies on the left of the edge: home lost it
        turn = doubled_area(face)
        made = "none" if turn == 0 else "gap" if turn < 0 else "overlap"
        if stretch.partner is None or made != kind:
            continue
        ring = sites.ring(home)
        ring.insert(stretch.at + 1, added)
        return Effect(kind, face, (home, stretch.partner), {home: ring})
    return None


def dropped_vertex(
    sites: Sites, home: int, random: np.random.Generator, *, is_gap: bool
) -> Effect | None:
    """Take a border vertex from *home* alone where that is worth more than 1 m²."""
    for stretch in sites.stretches(home, random):
        face = [stretch.before, stretch.middle, stretch.after]
        turn = doubled_area(face)
        if stretch.partner is None or abs(turn) < 2_000_000 or (turn > 0) != is_gap:
            continue
        host = home if is_gap else stretch.partner
        if not passes_inside(sites.ring(host), [stretch.before, stretch.after]):
            continue
        ring = sites.ring(home)
        del ring[stretch.at]
        return Effect("gap" if is_gap else "overlap", face, (home, stretch.partner), {home: ring})
    return None


def claimed_corner(
    sites: Sites, home: int, random: np.random.Generator, *, extra: bool
) -> Effect | None:
    """Let the two neighbours at a node (and an *extra* row) claim the corner of *home* too."""
    ring = sites.ring(home)
    for node in sites.nodes(home, random):
        before, corner, after = ring[node.at - 1], ring[node.at], ring[(node.at + 1) % len(ring)]
        face = [before, corner, after]
        if doubled_area(face) < 2_000_000 or not passes_inside(ring, [before, after]):
            continue
        left, right = sites.ring(node.left), sites.ring(node.right)
        # left goes on from the node to `before`; right comes from `after` to the node
        left.insert(node.left_at + 1, after)
        right.insert(node.right_at, before)
        claims = (home, node.left, node.right, *([EXTRA] if extra else []))
        return Effect(
            "overlap",
            face,
            claims,
            {node.left: left, node.right: right},
            extra=face if extra else None,
        )
    return None
