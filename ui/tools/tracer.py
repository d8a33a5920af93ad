"""The nets of lines that can be traced on the map: borders, roads, water, and all of them."""

from __future__ import annotations

from gridadmin.partition.ground import Ground, is_kept
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.tracing import Net, traced
from ui.canvas.picking import level_parted, local_points
from ui.canvas.view import MapView
from ui.canvas.viewport import Box, Floats, Place

_MOST_LINES = 2500
"""More than can be put into a net in a moment."""


class Tracer:
    """Finds ways along the lines that are seen; what it made of them is kept while they stay."""

    def __init__(self, map_view: MapView) -> None:
        self._map = map_view
        self._of: tuple[int, Box, frozenset[str]] | None = None
        self._snapshot: Snapshot | None = None
        self._nets: list[Net] = []
        self._all: list[Floats] = []
        self._mixed: list[Net] = []
        self.is_too_much = False
        """Whether so many lines are seen that none can be traced."""

    def way(
        self, snapshot: Snapshot, start: Place, end: Place, reach_m: float
    ) -> list[Place] | None:
        """Return the places from *start* to *end* along lines, None where no way leads there."""
        self._look(snapshot)
        found = traced(self._nets, start, end, reach_m)
        if found is None and self._all:
            # From a road on to a border: roads and borders are cut where they cross.
            if not self._mixed:
                self._mixed.append(Net.of(self._all))
            found = traced(self._mixed, start, end, reach_m)
        return None if found is None else [(x, y) for x, y in found.tolist()]

    def _look(self, snapshot: Snapshot) -> None:
        view = self._map.view
        x0, y0, x1, y1 = view.bounds()
        width, height = x1 - x0, y1 - y0
        box = (x0 - width / 4, y0 - height / 4, x1 + width / 4, y1 + height / 4)
        of = (id(snapshot), box, self._map.shown_borders)
        if of == self._of:
            return
        self._of, self._snapshot = of, snapshot
        borders, ground = self._borders(snapshot, box), _ground_lines(snapshot, box)
        whole = [*borders, *(line for group in ground for line in group)]
        self.is_too_much = len(whole) > _MOST_LINES
        self._nets, self._all, self._mixed = [], [], []
        if self.is_too_much:
            return
        self._nets = [Net.of(group) for group in ground if group]
        if borders:
            self._nets.insert(0, Net.of(borders, is_noded=True))
        self._all = whole if len(self._nets) > 1 else []

    def _borders(self, snapshot: Snapshot, box: Box) -> list[Floats]:
        low = round(box[0] * 1000), round(box[1] * 1000)
        high = round(box[2] * 1000), round(box[3] * 1000)
        return [
            local_points(border)
            for border in snapshot.partition.in_box(low, high)
            if level_parted(snapshot, border) in self._map.shown_borders
        ]


def _ground_lines(snapshot: Snapshot, box: Box) -> list[list[Floats]]:
    """Return the roads, and the water and railways, of a box."""
    if not is_kept(snapshot):
        return []
    roads: list[Floats] = []
    others: list[Floats] = []
    for line in Ground.of(snapshot).lines_near(box):
        (roads if line.kind == "road" else others).append(line.points)
    return [roads, others]
