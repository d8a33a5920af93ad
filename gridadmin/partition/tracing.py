"""Trace a way along lines: the shortest path through a net of borders, roads and rivers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]
Place = tuple[float, float]

GRID_M = 0.001
"""Lines meet on the grid of the kernel."""


class _Foot(NamedTuple):
    """The point of the net nearest to a place: on which piece, how far along it, how far off."""

    piece: int
    along: float
    far: float


class _Reached(NamedTuple):
    """How a point of the net is reached: how far, from which point before, along which piece."""

    far: float
    before: Place | None
    piece: int


@dataclass(frozen=True)
class Net:
    """Lines cut wherever they meet or cross; places are in metres."""

    pieces: Sequence[shapely.LineString]
    length_m: Sequence[float]
    ends: Sequence[tuple[Place, Place]]
    tree: shapely.STRtree
    at: Mapping[Place, Sequence[int]]
    """Which pieces end in a point."""

    @classmethod
    def of(cls, lines: Iterable[Points], *, is_noded: bool = False) -> Net:
        """Return the net of lines ``(n, 2)``; those that are *is_noded* meet at their ends alone.

        Borders do, and need not be cut.
        """
        found = np.array(
            [shapely.LineString(line) for line in lines if len(line) > 1], dtype=object
        )
        if not is_noded:
            found = shapely.get_parts(shapely.union_all(found, grid_size=GRID_M))
        pieces = found[shapely.get_type_id(found) == shapely.GeometryType.LINESTRING]
        first, last = (
            shapely.get_coordinates(shapely.get_point(pieces, place)).tolist() for place in (0, -1)
        )
        ends = [((a, b), (c, d)) for (a, b), (c, d) in zip(first, last, strict=True)]
        at: dict[Place, list[int]] = {}
        for number, pair in enumerate(ends):
            for end in pair:
                at.setdefault(end, []).append(number)
        return cls(pieces, shapely.length(pieces).tolist(), ends, shapely.STRtree(pieces), at)

    def way(self, start: Place, end: Place, reach_m: float) -> Points | None:
        """Return the shortest way along the lines from *start* to *end*, both included.

        Each of them lies within *reach_m* of a line; None where one doesn't, or no way leads there.
        """
        found = self.shortest(start, end, reach_m)
        return None if found is None else found[1]

    def shortest(self, start: Place, end: Place, reach_m: float) -> tuple[float, Points] | None:
        """Return how far off the net the places lie in all, and the way; see :meth:`way`."""
        first, last = self._foot(start, reach_m), self._foot(end, reach_m)
        if first is None or last is None:
            return None
        ways = [self._across(first, last)]
        if first.piece == last.piece:
            inner = _part(self.pieces[first.piece], first.along, last.along)
            ways.append((abs(last.along - first.along), inner))
        found = [way for way in ways if way is not None]
        if not found:
            return None
        _, way = min(found, key=lambda one: one[0])
        whole = np.concatenate((np.array([start]), way, np.array([end])))
        fresh = np.ones(len(whole), dtype=bool)
        fresh[1:] = np.hypot(*np.diff(whole, axis=0).T) > GRID_M
        return first.far + last.far, whole[fresh]

    def _foot(self, place: Place, reach_m: float) -> _Foot | None:
        point = shapely.Point(place)
        near = self.tree.query_nearest(point, max_distance=max(reach_m, GRID_M), all_matches=False)
        if not len(near):
            return None
        piece = self.pieces[int(near[0])]
        along = float(shapely.line_locate_point(piece, point))
        return _Foot(int(near[0]), along, float(shapely.distance(piece, point)))

    def _across(self, first: _Foot, last: _Foot) -> tuple[float, Points] | None:
        """Return how long the shortest way from piece to piece is, and the way."""
        stops = list(zip(self.ends[last.piece], (0.0, self.length_m[last.piece]), strict=True))
        settled = self._settled(first, {node for node, _ in stops})
        homes = [
            (settled[node].far + abs(stop - last.along), node, stop)
            for node, stop in stops
            if node in settled
        ]
        if not homes:
            return None
        length, node, stop = min(homes, key=lambda home: home[0])
        steps = [_part(self.pieces[last.piece], stop, last.along)]
        at: Place | None = node
        while at is not None:
            reached = settled[at]
            steps.append(self._step(first, at, reached))
            at = reached.before
        return length, np.concatenate(steps[::-1])

    def _settled(self, first: _Foot, goals: set[Place]) -> dict[Place, _Reached]:
        """Return the points of the net by how they are reached, as far out as all *goals*."""
        begin, end = self.ends[first.piece]
        length = self.length_m[first.piece]
        ways: list[tuple[float, int, Place, Place | None, int]]
        ways = [(first.along, 0, begin, None, first.piece)]
        heappush(ways, (length - first.along, 1, end, None, first.piece))
        settled: dict[Place, _Reached] = {}
        count, missing = 2, set(goals)
        while ways and missing:
            far, _, node, before, piece = heappop(ways)
            if node in settled:
                continue
            settled[node] = _Reached(far, before, piece)
            missing.discard(node)
            for number in self.at[node]:
                start, end = self.ends[number]
                other = end if start == node else start
                heappush(ways, (far + self.length_m[number], count, other, node, number))
                count += 1
        return settled

    def _step(self, first: _Foot, node: Place, reached: _Reached) -> Points:
        """Return the last step to a point."""
        piece = self.pieces[reached.piece]
        is_back = self.ends[reached.piece][0] == node
        if reached.before is None:
            return _part(piece, first.along, 0.0 if is_back else self.length_m[reached.piece])
        xy: Points = shapely.get_coordinates(piece)
        # A ring begins and ends in one point: no shortest way leads round it.
        return xy[::-1] if is_back else xy


def traced(nets: Sequence[Net], start: Place, end: Place, reach_m: float) -> Points | None:
    """Return the way in that net whose lines lie nearest to both places, None when in none.

    So one follows a road or the borders, whichever one set out on; nets at the end of the list, of
    several kinds of lines, are for where one alone doesn't lead there.
    """
    best: tuple[float, Points] | None = None
    for net in nets:
        found = net.shortest(start, end, reach_m)
        if found is not None and (best is None or found[0] < best[0] - GRID_M):
            best = found
    return None if best is None else best[1]


def _part(piece: shapely.LineString, start: float, end: float) -> Points:
    """Return the points of a line from one distance along it to another, either way round."""
    low, high = min(start, end), max(start, end)
    xy = shapely.get_coordinates(piece)
    far = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    inner = xy[(far > low + GRID_M) & (far < high - GRID_M)]
    ends = shapely.get_coordinates(shapely.line_interpolate_point(piece, [low, high]))
    points: Points = np.concatenate((ends[:1], inner, ends[1:]))
    return points if start <= end else points[::-1]
