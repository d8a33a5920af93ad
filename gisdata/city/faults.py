"""A dirty copy of the areas: planted faults and the truth about them.

Each fault is a face of its own, far from the others, made of points that are vertices already or
lie inside one area, so nothing else changes by it. Where a fault of one level makes another one
show at the next level, both are in the truth.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gisdata.city.division import polygon_m
from gisdata.city.numbering import DISTRICT_CODE, Area
from gisdata.city.sites import Edge, FarPoint, Layer, edges_of, fits
from gisdata.city.subdivision import Point, Ring

_APART_MM = 230_000.0
_SEEN_SHIFT_MM = 3.0
_UNSEEN_SHIFT_MM = 0.4
_LAYERS = ("district", "street", "community", "grid", "micro_grid", "cell")

T = TypeVar("T")
Rings = tuple[tuple[FarPoint, ...], ...]


@dataclass(frozen=True, slots=True)
class DirtyRow:
    """A row of the dirty copy that differs from the clean one; *of* = None is an additional row."""

    layer: str
    of: str | None
    code: str | None
    name: str
    polygons: tuple[Rings, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check is to find, or (``silent``) what it is not to speak of."""

    kind: str
    layer: str
    areas: tuple[str, ...]
    face: Rings
    fault_class: str | None = None
    is_silent: bool = False
    name: str | None = None


class Planter:
    """Plants faults one after another, each far from the others and in areas not yet touched."""

    def __init__(self, areas: Sequence[Area], rng: random.Random) -> None:
        self.rows: list[DirtyRow] = []
        self.faults: list[Fault] = []
        self._layers = {level: Layer(level, areas) for level in _LAYERS}
        self._rng = rng
        self._places: list[Point] = []
        self._touched: set[str] = set()
        self._frame = {edge for ring in areas[0].rings[:1] for edge in edges_of(ring)}
        self._exclusive = {a.code: a for a in areas if a.kind == "exclusive"}

    def plant_all(self) -> None:
        """Plant every kind of fault."""
        for depth in (2_000, 4_000, 6_000, 9_000, 12_000, 14_000):
            self.gap("micro_grid", depth)
        for depth in (3_000, 7_000, 11_000):
            self.open_gap("micro_grid", depth)
        for depth in (2_500, 5_000, 8_000, 11_000, 13_000):
            self.overlap("micro_grid", depth)
        self.overlap_of_three()
        self.overlap_of_three()
        for depth in (5_000, 8_000):
            self.overhang_beyond_frame(depth)
            self.overhang_into_exclusive(depth)
        for shift in (_SEEN_SHIFT_MM, -_SEEN_SHIFT_MM, _SEEN_SHIFT_MM):
            self.near_miss(shift)
        for shift in (_UNSEEN_SHIFT_MM, -_UNSEEN_SHIFT_MM, _UNSEEN_SHIFT_MM):
            self.near_miss(shift)
        for _ in range(2):
            self.duplicate()
            self.contained()
            self.multipart()
            self.missing_code()
        self.bow_tie()
        for level in ("grid", "community"):
            self.gap(level, 10_000)
            self.overlap(level, 9_000)
        self.open_gap("grid", 8_000)

    def gap(self, level: str, depth_mm: int) -> None:
        """Take a bay out of one of two siblings."""
        layer = self._layers[level]
        edge = self._pick(layer.shared(), lambda e: self._is_site(layer, e, depth_mm))
        self._take_bay(layer, edge, depth_mm, "enclosed")

    def open_gap(self, level: str, depth_mm: int) -> None:
        """Take a bay at the frame out of an area."""
        layer = self._layers[level]
        edge = self._pick(
            layer.lonely(),
            lambda e: (e.end, e.start) in self._frame and self._is_site(layer, e, depth_mm),
        )
        self._take_bay(layer, edge, depth_mm, "open")

    def overlap(self, level: str, depth_mm: int) -> None:
        """Let one of two siblings reach into the other."""
        layer = self._layers[level]
        edge = self._pick(layer.shared(), lambda e: self._is_site(layer, e, depth_mm))
        near, far = edge.bay(depth_mm)
        self._detour(layer, edge.left, edge.start, (near, far))
        face = (edge.start, near, far, edge.end)
        self._found("overlap", level, (edge.left, edge.right), face)

    def overlap_of_three(self) -> None:
        """Let two areas reach over the corner of a third."""
        layer = self._layers["micro_grid"]

        def is_site(site: tuple[Point, Point, Point, str, str, str]) -> bool:
            corner, before, after, code, *_ = site
            ring = layer.areas[code].rings[0]
            sides = math.dist(corner, before), math.dist(corner, after)
            face = (corner, after, before)
            wide = 60.0 < polygon_m(face).area < 1_200.0 and min(sides) > 15_000
            return wide and self._is_free(corner, site[3:]) and fits(face, ring, ())

        corner, before, after, code, one, other = self._pick(layer.corners(), is_site)
        self._detour(layer, one, corner, (after,))
        self._detour(layer, other, after, (before,))
        self._touched.add(code)
        self._found("overlap", "micro_grid", (code, one, other), (corner, after, before))

    def overhang_beyond_frame(self, depth_mm: int) -> None:
        """Let a micro-grid reach beyond the frame, and so beyond its grid."""
        self._overhang(lambda edge: (edge.start, edge.end) in self._frame, depth_mm)

    def overhang_into_exclusive(self, depth_mm: int) -> None:
        """Let a micro-grid reach beyond its grid into an exclusive grid."""
        grids = self._layers["grid"]

        def is_site(edge: Edge) -> bool:
            beyond = grids.owner(edge.end, edge.start)
            if beyond not in self._exclusive:
                return False
            near, far = edge.bay(depth_mm)
            ring = self._exclusive[beyond].rings[0]
            return fits((edge.start, near, far, edge.end), ring, (near, far))

        self._overhang(is_site, depth_mm)

    def near_miss(self, shift_mm: float) -> None:
        """Shift a vertex in one of the two areas that share it, into that area if positive."""
        layer = self._layers["micro_grid"]
        is_silent = abs(shift_mm) < 1.0

        def is_site(site: tuple[Edge, Point]) -> bool:
            edge, after = site
            is_long = edge.length_mm > 30_000 and 30_000 < math.dist(edge.end, after) < 200_000
            return is_long and self._is_free(edge.end, edge.sides)

        edge, after = self._pick(self._bends(layer), is_site)
        dx, dy = after[0] - edge.start[0], after[1] - edge.start[1]
        length = math.hypot(dx, dy)
        moved = (edge.end[0] + dy / length * shift_mm, edge.end[1] - dx / length * shift_mm)
        moved = (round(moved[0], 4), round(moved[1], 4))
        area = layer.areas[edge.right]
        ring = tuple(moved if point == edge.end else point for point in area.rings[0])
        self._replace(area, (ring, *area.rings[1:]))
        self._touched.add(edge.left)
        self._places.append(edge.end)
        areas = tuple(sorted((edge.left, edge.right)))
        face = ((edge.start, edge.end, after, moved),)
        kind = "gap" if shift_mm > 0 else "overlap"
        self.faults.append(Fault("near_miss", "micro_grid", areas, face, kind, is_silent))

    def duplicate(self) -> None:
        """Add a micro-grid a second time under another code."""
        area = self._pick_area(4_000.0)
        code, name = self._spare(area, 81), f"{area.name}（重复）"
        self.rows.append(DirtyRow("micro_grid", None, code, name, (area.rings,)))
        self._found("duplicate", "micro_grid", (area.code, code), area.rings[0])

    def contained(self) -> None:
        """Add a small area that lies inside a micro-grid."""
        area, square = self._pick_square(24_000)
        code = self._spare(area, 82)
        self.rows.append(DirtyRow("micro_grid", None, code, f"{area.name}（内含）", ((square,),)))
        self._found("contained", "micro_grid", (area.code, code), square)

    def multipart(self) -> None:
        """Give a piece from inside one micro-grid to a sibling that does not touch it."""
        layer = self._layers["micro_grid"]
        giver, square = self._pick_square(18_000)
        taker = next(
            area
            for area in layer.areas.values()
            if area.parent_code == giver.parent_code and area.code not in self._touched
        )
        self._touched.add(taker.code)
        self._replace(giver, (*giver.rings, square[::-1]))
        self._replace(taker, taker.rings, (square,))
        self._found("multipart", "micro_grid", (taker.code,), square)

    def missing_code(self) -> None:
        """Take the code from a micro-grid."""
        area = self._pick_area(3_000.0)
        self.rows.append(DirtyRow("micro_grid", area.code, None, area.name, (area.rings,)))
        self.faults.append(
            Fault("missing_code", "micro_grid", (), (area.rings[0],), name=area.name)
        )

    def bow_tie(self) -> None:
        """Add a ring that crosses itself, beyond the frame where it disturbs nothing else."""
        x, y = max(self._frame)[0]
        x += 300_000
        ring = ((x, y), (x + 60_000, y + 40_000), (x + 60_000, y), (x, y + 40_000))
        code = f"{DISTRICT_CODE}00100100183"
        self.rows.append(DirtyRow("micro_grid", None, code, "自相交（误绘）", ((ring,),)))
        self.faults.append(Fault("invalid", "micro_grid", (code,), (ring,)))

    def _overhang(self, is_place: Callable[[Edge], bool], depth_mm: int) -> None:
        layer = self._layers["micro_grid"]
        turned = (Edge(e.end, e.start, "", e.right) for e in layer.lonely())

        def is_site(edge: Edge) -> bool:
            near, far = edge.bay(depth_mm)
            middle = ((near[0] + far[0]) // 2, (near[1] + far[1]) // 2)
            fine = 18_000 < edge.length_mm < 140_000 and self._is_free(middle, (edge.left,))
            return fine and is_place(edge)

        edge = self._pick(turned, is_site)
        near, far = edge.bay(depth_mm)
        self._detour(layer, edge.left, edge.start, (near, far))
        self._found("overhang", "micro_grid", (edge.left,), (edge.start, near, far, edge.end))

    def _take_bay(self, layer: Layer, edge: Edge, depth_mm: int, fault_class: str) -> None:
        near, far = edge.bay(depth_mm)
        level = layer.areas[edge.right].level
        self._detour(layer, edge.right, edge.end, (far, near))
        face = (edge.start, near, far, edge.end)
        self._found("gap", level, edge.sides, face, fault_class)
        below = _LAYERS[_LAYERS.index(level) + 1]
        child = None if level == "micro_grid" else self._layers[below].owner(edge.end, edge.start)
        if child is not None:
            self._found("overhang", below, (child,), face)

    def _is_site(self, layer: Layer, edge: Edge, depth_mm: int) -> bool:
        """Return whether a bay finds room in one area of this level and in one child of it."""
        if not 18_000 < edge.length_mm < 140_000:
            return False
        near, far = edge.bay(depth_mm)
        sides = list(edge.sides)
        rings = [layer.areas[edge.right].rings[0]]
        for below in _LAYERS[_LAYERS.index(layer.areas[edge.right].level) + 1 :]:
            child = self._layers[below].owner(edge.end, edge.start)
            if child is not None:
                sides.append(child)
                rings.append(self._layers[below].areas[child].rings[0])
        face = (edge.start, near, far, edge.end)
        return self._is_free(near, sides) and all(fits(face, ring, (near, far)) for ring in rings)

    def _is_free(self, place: Point, codes: Iterable[str]) -> bool:
        far = all(math.dist(place, other) > _APART_MM for other in self._places)
        return far and self._touched.isdisjoint(codes)

    def _bends(self, layer: Layer) -> Iterator[tuple[Edge, Point]]:
        """Yield the edges at whose end their two areas alone meet, and where the border goes on."""
        for edge in layer.shared():
            is_alone = layer.around[edge.end] == {edge.left, edge.right}
            if is_alone and not self._layers["grid"].around.get(edge.end):
                ring = layer.areas[edge.left].rings[0]
                yield edge, ring[(ring.index(edge.end) + 1) % len(ring)]

    def _pick(self, sites: Iterable[T], is_site: Callable[[T], bool]) -> T:
        known = list(sites)
        self._rng.shuffle(known)
        return next(site for site in known if is_site(site))

    def _pick_area(self, least_m2: float) -> Area:
        def is_site(area: Area) -> bool:
            polygon = polygon_m(area.rings[0])
            middle = _middle(area.rings[0])
            return least_m2 < polygon.area < 40_000 and self._is_free(middle, (area.code,))

        area = self._pick(self._layers["micro_grid"].areas.values(), is_site)
        self._touched.add(area.code)
        self._places.append(_middle(area.rings[0]))
        return area

    def _pick_square(self, side_mm: int) -> tuple[Area, Ring]:
        """Return a micro-grid and a square well inside it."""
        area = self._pick_area(9_000.0)
        x, y = _middle(area.rings[0])
        h = side_mm // 2
        square = ((x - h, y - h), (x + h, y - h), (x + h, y + h), (x - h, y + h))
        return (area, square) if fits(square, area.rings[0], square) else self._pick_square(side_mm)

    def _spare(self, area: Area, number: int) -> str:
        return f"{area.parent_code}{number:02}"

    def _detour(self, layer: Layer, code: str, after: Point, by: tuple[Point, ...]) -> None:
        """Lead the ring of an area over other points between the vertex *after* and its next."""
        area = layer.areas[code]
        ring = area.rings[0]
        at = ring.index(after)
        self._replace(area, ((*ring[: at + 1], *by, *ring[at + 1 :]), *area.rings[1:]))

    def _replace(self, area: Area, *polygons: Rings) -> None:
        self.rows.append(DirtyRow(area.level, area.code, area.code, area.name, polygons))
        self._touched.add(area.code)

    def _found(
        self,
        kind: str,
        layer: str,
        areas: tuple[str, ...],
        face: Ring,
        fault_class: str | None = None,
    ) -> None:
        self.faults.append(Fault(kind, layer, tuple(sorted(areas)), (face,), fault_class))
        self._touched.update(areas)
        self._places.append(face[0])


def _middle(ring: Ring) -> Point:
    place = polygon_m(ring).representative_point()
    return round(place.x * 1000), round(place.y * 1000)
