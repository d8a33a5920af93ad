"""Names on a map: none on another, each in its land, on a leader, or as a number with a list.

No name is lost: what became of each is counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.chart.occupied import Occupied
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import ASCENT, Align, Metrics, TextStyle, Words

_GAP = 0.22
"""Room around a label, of the size of its letters."""
_BETWEEN = 1.22
"""The distance of two lines of a label."""
_LEADERS_MM = (5.0, 8.0, 12.0, 17.0, 24.0, 32.0)
_ANGLES = 16
_WAYS = tuple(
    (math.cos(2 * math.pi * step / _ANGLES), -math.sin(2 * math.pi * step / _ANGLES))
    for step in range(_ANGLES)
)
_FOREIGN_MM = 4.0


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a name: lines with their styles, the upper one first."""

    lines: tuple[tuple[str, TextStyle], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Wish:
    """A name that wants a place: the places in mm, the best first, the land, ways from the best.

    ``listed`` is the name in the list of numbers, empty for a name that may be left out; it is left
    out, too, where it may neither have a leader nor a number.
    """

    uid: str
    order: str
    places: NDArray[np.float64]
    land: shapely.Geometry
    variants: Sequence[Variant]
    number_style: TextStyle
    listed: str = ""
    has_leader: bool = False
    nudge: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A name where it stands; ``leader`` are both ends of its line."""

    uid: str
    words: tuple[Words, ...]
    frame: Frame
    leader: tuple[tuple[float, float], tuple[float, float]] | None = None
    is_number: bool = False


@dataclass
class Labels:
    """What became of all names: those on the map, the list of numbers, the counts."""

    placed: list[Placed] = field(default_factory=list)
    numbers: list[tuple[int, str]] = field(default_factory=list)
    inside: int = 0
    on_leaders: int = 0
    numbered: int = 0
    only_listed: int = 0
    """In the list alone: the map had no room even for the number."""
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many names there were."""
        parts = self.inside + self.on_leaders + self.numbered + self.only_listed
        return parts + self.left_out


def together(several: Sequence[Labels]) -> Labels:
    """Return what became of the names of several maps as one value."""
    return Labels(
        [placed for one in several for placed in one.placed],
        [entry for one in several for entry in one.numbers],
        *(
            sum(getattr(one, name) for one in several)
            for name in ("inside", "on_leaders", "numbered", "only_listed", "left_out")
        ),
    )


def place_names(
    wishes: Sequence[Wish],
    taken: Occupied,
    metrics: Metrics,
    first: int = 1,
    land: shapely.Geometry | None = None,
) -> Labels:
    """Return where names stand, the most important first; what they take is taken afterwards.

    *first* is the first number of the list. Names on leaders stand beyond *land*: on that of others
    they would be taken for theirs.
    """
    labels = Labels()
    ground = None if land is None else _Ground.of(land)
    later: list[Wish] = []
    for wish in wishes:
        found = _nudged(wish, taken, metrics) or _inside(wish, taken, metrics)
        if found is None:
            later.append(wish)
        else:
            labels.inside += 1
            _keep(found, labels, taken)
    waiting = []
    for wish in later:
        found = _on_leader(wish, taken, metrics, ground) if wish.has_leader else None
        if found is None:
            waiting.append(wish)
        else:
            labels.on_leaders += 1
            _keep(found, labels, taken)
    _number(waiting, labels, taken, metrics, first, ground)
    return labels


@dataclass(frozen=True, eq=False, slots=True)
class _Ground:
    """The land over which lines to names don't run far, and its edge, both prepared."""

    land: shapely.Geometry
    edge: shapely.Geometry

    @classmethod
    def of(cls, land: shapely.Geometry) -> _Ground:
        edge = land.boundary
        shapely.prepare(land)
        shapely.prepare(edge)
        return cls(land, edge)

    def reach_mm(self, wish: Wish, anchor: tuple[float, float]) -> float:
        """Return how long a line from a place in land may be so as to run over it alone.

        Without end where it may come to the edge of all land before that.
        """
        x0, y0, x1, y1 = wish.land.bounds
        own = max(math.hypot(x - anchor[0], y - anchor[1]) for x in (x0, x1) for y in (y0, y1))
        reach = own + _FOREIGN_MM
        is_near = shapely.dwithin(self.edge, shapely.Point(anchor), reach)
        return math.inf if is_near or not shapely.intersects_xy(self.land, *anchor) else reach


def _keep(found: Placed, labels: Labels, taken: Occupied) -> None:
    labels.placed.append(found)
    taken.take(found.frame)
    if found.leader is not None:
        taken.take_line(*found.leader)


def _nudged(wish: Wish, taken: Occupied, metrics: Metrics) -> Placed | None:
    """Return a name that was moved by hand from where it stands by itself, if it is free there."""
    if wish.nudge is None or not len(wish.places):
        return None
    own = _inside(wish, taken, metrics)
    x, y = wish.places[0].tolist() if own is None else own.frame.middle
    at = (x + wish.nudge[0], y + wish.nudge[1])
    for variant in wish.variants:
        frame = _frame(variant, at, metrics)
        if taken.is_free(frame):
            return Placed(wish.uid, _words(variant, at, metrics), frame)
    return None


def _inside(wish: Wish, taken: Occupied, metrics: Metrics) -> Placed | None:
    """Return the name inside its land, in the best way that there is room for."""
    if not len(wish.places) or wish.land.is_empty:
        return None
    x0, y0, x1, y1 = wish.land.bounds
    for variant in wish.variants:
        width, height = extent(variant, metrics)
        if width > x1 - x0 or height > y1 - y0:
            continue
        half = np.array([width / 2, height / 2])
        low, high = wish.places - half, wish.places + half
        boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        fits = shapely.contains(wish.land, boxes)
        for row in np.nonzero(fits)[0].tolist():
            at = (float(wish.places[row, 0]), float(wish.places[row, 1]))
            frame = _frame(variant, at, metrics)
            if taken.is_free(frame):
                return Placed(wish.uid, _words(variant, at, metrics), frame)
    return None


def _on_leader(
    wish: Wish, taken: Occupied, metrics: Metrics, ground: _Ground | None
) -> Placed | None:
    """Return the name beside its land with a line to it."""
    anchor = _anchor(wish)
    if anchor is None or not taken.within.holds(Frame(*anchor, 0.0, 0.0)):
        return None
    if ground is not None and ground.reach_mm(wish, anchor) < math.inf:
        # In the midst of all land every line to a place beside it is too long.
        return None
    variant = wish.variants[-1]
    width, height = extent(variant, metrics)
    for x, y in _beyond(_around(anchor, width, height), width, height, ground):
        frame = Frame(x - width / 2, y - height / 2, width, height)
        if not taken.is_free(frame):
            continue
        end = _edge_towards(frame, anchor)
        if taken.is_line_free(anchor, end) and not _runs_over(anchor, end, wish, ground):
            leader = anchor, end
            return Placed(wish.uid, _words(variant, (x, y), metrics), frame, leader)
    return None


def _number(
    waiting: Sequence[Wish],
    labels: Labels,
    taken: Occupied,
    metrics: Metrics,
    first: int,
    ground: _Ground | None,
) -> None:
    listed = sorted((wish for wish in waiting if wish.listed), key=lambda wish: wish.order)
    labels.left_out += len(waiting) - len(listed)
    for number, wish in enumerate(listed, start=first):
        labels.numbers.append((number, wish.listed))
        variant = Variant(((str(number), wish.number_style),))
        found = _number_at(wish, variant, taken, metrics, ground)
        if found is None:
            labels.only_listed += 1
        else:
            labels.numbered += 1
            _keep(found, labels, taken)


def _number_at(
    wish: Wish,
    variant: Variant,
    taken: Occupied,
    metrics: Metrics,
    ground: _Ground | None,
) -> Placed | None:
    anchor = _anchor(wish)
    if anchor is None:
        return None
    for row in wish.places.tolist() or [list(anchor)]:
        at = (float(row[0]), float(row[1]))
        frame = _frame(variant, at, metrics)
        if taken.is_free(frame):
            return Placed(wish.uid, _words(variant, at, metrics), frame, is_number=True)
    width, height = extent(variant, metrics)
    reach = math.inf if ground is None else ground.reach_mm(wish, anchor)
    for x, y in _around(anchor, width, height, reach):
        frame = Frame(x - width / 2, y - height / 2, width, height)
        if not taken.is_free(frame):
            continue
        end = _edge_towards(frame, anchor)
        if taken.is_line_free(anchor, end) and not _runs_over(anchor, end, wish, ground):
            words = _words(variant, (x, y), metrics)
            return Placed(wish.uid, words, frame, (anchor, end), is_number=True)
    return None


def _anchor(wish: Wish) -> tuple[float, float] | None:
    if len(wish.places):
        x, y = wish.places[0].tolist()
        return x, y
    if wish.land.is_empty:
        return None
    point = shapely.point_on_surface(wish.land)
    return float(point.x), float(point.y)


def _around(
    anchor: tuple[float, float], width: float, height: float, reach: float = math.inf
) -> Iterator[tuple[float, float]]:
    """Yield the middles of boxes around a place, but for those to which a line is too long."""
    x, y = anchor
    # A line ends at the edge of its box, at the farthest in a corner.
    most = reach + math.hypot(width, height) / 2 * 1.02 + 0.3
    for radius in _LEADERS_MM:
        for dx, dy in _WAYS:
            across, down = dx * (radius + width / 2), dy * (radius + height / 2)
            if math.hypot(across, down) <= most:
                yield x + across, y + down


def _edge_towards(frame: Frame, point: tuple[float, float]) -> tuple[float, float]:
    """Return where a line from the middle of a frame to a point leaves the frame."""
    x, y = frame.middle
    dx, dy = point[0] - x, point[1] - y
    share = min(
        frame.width / 2 / abs(dx) if dx else math.inf,
        frame.height / 2 / abs(dy) if dy else math.inf,
        1.0,
    )
    # A hair beyond the edge, so that the line doesn't run into what its own name takes.
    return x + dx * share * 1.02 + math.copysign(0.25, dx), y + dy * share * 1.02


def _runs_over(
    start: tuple[float, float],
    end: tuple[float, float],
    wish: Wish,
    ground: _Ground | None,
) -> bool:
    """Return whether a line to a name runs far over the land of others."""
    if ground is None:
        return False
    line = shapely.LineString([start, end])
    foreign = shapely.difference(shapely.intersection(line, ground.land), wish.land)
    return bool(foreign.length > _FOREIGN_MM)


def _beyond(
    places: Iterator[tuple[float, float]],
    width: float,
    height: float,
    ground: _Ground | None,
) -> list[tuple[float, float]]:
    """Return the places at which a box of that size stands beside all land."""
    found = list(places)
    if ground is None:
        return found
    xy = np.array(found)
    x, y = xy[:, 0], xy[:, 1]
    boxes = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    is_beside = ~shapely.intersects(ground.land, boxes)
    return [found[row] for row in np.nonzero(is_beside)[0].tolist()]


def extent(variant: Variant, metrics: Metrics) -> tuple[float, float]:
    """Return how wide and high a name written in one way is in mm, with the room around it."""
    width = max(metrics.width_mm(text, style) for text, style in variant.lines)
    height = sum(style.size_mm * _BETWEEN for _, style in variant.lines)
    last = variant.lines[-1][1].size_mm
    gap = 2 * _GAP * variant.lines[0][1].size_mm
    return width + gap, height - last * (_BETWEEN - 1) + gap


def _frame(variant: Variant, at: tuple[float, float], metrics: Metrics) -> Frame:
    width, height = extent(variant, metrics)
    return Frame(at[0] - width / 2, at[1] - height / 2, width, height)


def _words(variant: Variant, at: tuple[float, float], metrics: Metrics) -> tuple[Words, ...]:
    _, height = extent(variant, metrics)
    top = at[1] - height / 2 + _GAP * variant.lines[0][1].size_mm
    found = []
    for text, style in variant.lines:
        width = metrics.width_mm(text, style)
        baseline = top + ASCENT * style.size_mm
        found.append(Words(text, at[0], baseline, style, Align.MIDDLE, width_mm=width))
        top += style.size_mm * _BETWEEN
    return tuple(found)
