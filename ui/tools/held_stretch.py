"""The stretch that keys and buttons act on: a whole border, or what lies between two points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.domain.model import BorderRow
from gridadmin.edit.stretches import Between, BorderStretch, Where, Whole
from ui.bridge import Bridge
from ui.canvas.picking import local_points
from ui.canvas.viewport import Floats, Place


@dataclass(frozen=True)
class HeldStretch:
    """A border by its id; *ends* are two of its points when what lies between them is meant."""

    border: int
    ends: tuple[Place, Place] | None = None

    def where(self, bridge: Bridge) -> Where:
        """Return how a command names it."""
        if self.ends is not None:
            start, end = self.ends
            return Between(bridge.to_plane(start), bridge.to_plane(end), self.border)
        border = bridge.snapshot.partition.border(self.border)
        x, y = _middle_of_first(local_points(border))
        return Whole(bridge.to_plane((x, y)), self.border)

    def found(self, bridge: Bridge) -> BorderStretch | None:
        """Return the stretch as it is now, None when it isn't there any more."""
        if not bridge.snapshot.partition.has(self.border):
            return None
        try:
            return self.where(bridge).found(bridge.snapshot)
        except EditError:
            return None

    def points(self, bridge: Bridge) -> Floats:
        """Return its points in local metres, none when it isn't there any more."""
        stretch = self.found(bridge)
        if stretch is None:
            return np.empty((0, 2))
        points: Floats = stretch.points / 1000.0
        return points

    def has_inner_points(self, bridge: Bridge) -> bool:
        """Return whether anything of it can move while the nodes at its ends stay."""
        stretch = self.found(bridge)
        if stretch is None:
            return False
        inner = {tuple(point) for point in stretch.points.tolist()}
        return bool(inner - stretch.nodes(bridge.snapshot.partition))


def _middle_of_first(points: Floats) -> Place:
    x, y = points[:2].mean(axis=0).tolist()
    return x, y


def between(one: Place, other: Place, through: list[BorderRow]) -> int | None:
    """Return which of the borders *through* one point has the other as well, None for none."""
    for border in through:
        points = local_points(border)
        if (np.abs(points - np.array(other)) < _SAME_M).all(axis=1).any() and one != other:
            return border.id
    return None


_SAME_M = 0.0005
