"""Groups of faces as polygons."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import shapely

from gridadmin.partition.grid import Bools, Ints
from gridadmin.partition.runs import Faces, Runs, successors
from gridadmin.partition.walk import parts_of, simple_rings


class Faced(Protocol):
    """Runs with the faces between them: a cover, an arrangement."""

    @property
    def runs(self) -> Runs:
        """The runs."""

    @property
    def faces(self) -> Faces:
        """The faces."""


class FaceShapes:
    """Turns groups of faces of one cover into polygons; coordinates are mm from its origin."""

    def __init__(self, cover: Faced) -> None:
        self._cover = cover
        face = cover.faces.face
        self._order = np.argsort(face, kind="stable")
        self._offsets: list[int] = np.searchsorted(
            face[self._order], np.arange(len(cover.faces) + 1)
        ).tolist()
        self._following: list[int] = successors(cover.runs).tolist() if len(cover.runs) else []
        self._face: list[int] = face.tolist()

    def border(self, group: list[int]) -> list[int]:
        """Return the halves around a group of faces, with its land on their left."""
        members = set(group)
        face = self._face
        return [
            half
            for number in group
            for half in self._order[self._offsets[number] : self._offsets[number + 1]].tolist()
            if face[half ^ 1] not in members
        ]

    def polygons(self, groups: list[list[int]]) -> np.ndarray:
        """Return one (multi)polygon per group."""
        rings: list[list[int]] = []
        group_of_ring: list[int] = []
        for number, group in enumerate(groups):
            for ring in self._rings(group):
                rings.append(ring)
                group_of_ring.append(number)
        points, offsets = self._points(rings)
        of_ring = np.array(group_of_ring, dtype=np.int64)
        is_plain = (np.bincount(of_ring, minlength=len(groups)) == 1) & ~_is_pinched(
            points, offsets, of_ring, len(groups)
        )
        found = np.empty(len(groups), dtype=object)
        plain = np.nonzero(is_plain[of_ring])[0]
        if len(plain):
            keep = np.repeat(is_plain[of_ring], np.diff(offsets))
            number_of = np.repeat(np.arange(len(plain)), np.diff(offsets)[plain])
            found[of_ring[plain]] = shapely.polygons(
                shapely.linearrings(points[keep].astype(np.float64), indices=number_of)
            )
        for number in np.nonzero(~is_plain)[0].tolist():
            mine = np.nonzero(of_ring == number)[0].tolist()
            found[number] = _polygon([points[offsets[at] : offsets[at + 1]] for at in mine])
        return found

    def _rings(self, group: list[int]) -> list[list[int]]:
        members, following, face = set(group), self._following, self._face
        left = dict.fromkeys(self.border(group))
        rings = []
        while left:
            half = next(iter(left))
            ring = []
            while half in left:
                del left[half]
                ring.append(half)
                half = following[half]
                while face[half ^ 1] in members:
                    half = following[half ^ 1]
            rings.append(ring)
        return rings

    def _points(self, rings: list[list[int]]) -> tuple[Ints, Ints]:
        """Return the closed points of rings of halves with their offsets."""
        halves = np.array([half for ring in rings for half in ring], dtype=np.int64)
        ring = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
        runs = self._cover.runs
        run, is_along = halves >> 1, (halves & 1) == 0
        steps = runs.offsets[run + 1] - runs.offsets[run] - 1
        first = np.where(is_along, runs.offsets[run], runs.offsets[run + 1] - 1)
        size = np.bincount(ring, weights=steps, minlength=len(rings)).astype(np.int64)
        total = int(steps.sum())
        within = np.arange(total) - np.repeat(np.cumsum(steps) - steps, steps)
        at = np.repeat(first, steps) + within * np.repeat(np.where(is_along, 1, -1), steps)
        offsets = np.concatenate(([0], np.cumsum(size + 1)))
        closed = np.empty((int(offsets[-1]), 2), dtype=np.int64)
        closed[np.arange(total) + np.repeat(ring, steps)] = runs.xy[at]
        closed[offsets[1:] - 1] = closed[offsets[:-1]]
        return closed, offsets


def _is_pinched(points: Ints, offsets: Ints, of_ring: Ints, count: int) -> Bools:
    """Return which groups have a ring that passes a point twice."""
    is_open = np.ones(len(points), dtype=bool)
    is_open[offsets[1:] - 1] = False
    group = np.repeat(of_ring, np.diff(offsets))[is_open]
    x, y = points[is_open, 0], points[is_open, 1]
    order = np.lexsort((y, x, group))
    group, x, y = group[order], x[order], y[order]
    twice = (group[1:] == group[:-1]) & (x[1:] == x[:-1]) & (y[1:] == y[:-1])
    pinched = np.zeros(count, dtype=bool)
    pinched[group[1:][twice]] = True
    return pinched


def _polygon(rings: list[Ints]) -> shapely.Geometry:
    parts = parts_of(simple for ring in rings for simple in simple_rings(ring))
    polygons = [shapely.Polygon(part.shell, part.holes) for part in parts]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
