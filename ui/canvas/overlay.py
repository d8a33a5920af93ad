"""What lies over the picture of the map: hover, selection, previews, handles, tags.

Shapes are in local metres and few; they are painted anew at every mouse move, so painting them
must take a millisecond or two at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import floor, log2

import numpy as np
import pyqtgraph as pg
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem, QWidget

from ui.canvas.snap_signs import paint_sign
from ui.canvas.snapping import SnapKind
from ui.canvas.viewport import Floats, Place, Viewport
from ui.theme import DARK, Colours, colours


class Role(StrEnum):
    """What a shape means, which decides how it is painted."""

    HOVER = "hover"
    SELECTED = "selected"
    BEFORE = "before"
    AFTER = "after"
    REFUSED = "refused"
    ISSUE = "issue"
    TARGET = "target"
    COMING = "coming"
    BAND = "band"
    HANDED = "handed"
    """Land that would change hands."""
    REACH = "reach"
    """The circles that people reach on foot."""
    BEYOND = "beyond"
    """Land that lies in none of them."""


class Mark(StrEnum):
    """What a handle is: its form tells, not its colour alone."""

    VERTEX = "vertex"
    NODE = "node"
    ACTIVE = "active"
    MIDDLE = "middle"
    REFUSED = "refused"
    POINTER = "pointer"
    FACILITY = "facility"


@dataclass(frozen=True)
class Outline:
    """Lines, or rings when ``is_filled``: arrays ``(n, 2)`` in local metres."""

    lines: Sequence[Floats]
    role: Role
    is_filled: bool = False


@dataclass(frozen=True)
class Handles:
    """Marks at places ``(n, 2)`` in local metres."""

    places: Floats
    mark: Mark


@dataclass(frozen=True)
class Tag:
    """A small table at a place: rows of words; the last column is weighed ``good`` or ``bad``."""

    place: Place
    rows: Sequence[Sequence[str]]
    weights: Sequence[str] = ()


@dataclass(frozen=True)
class Ring:
    """A dashed circle around a place, for what is too small to be seen.

    It reaches *radius_px* beyond the *radius_m* of what it is about.
    """

    place: Place
    radius_px: float
    role: Role
    radius_m: float = 0.0


@dataclass(frozen=True)
class Band:
    """A rubber band between two pixels."""

    start_px: Place
    end_px: Place


@dataclass(frozen=True)
class SnapSign:
    """What the pointer snapped to: the form tells the kind."""

    place: Place
    kind: SnapKind


Thing = Outline | Handles | Tag | Ring | Band | SnapSign

_MANY_POINTS = 1500
"""Outlines of more points are thinned to what can be seen before they are painted."""
_FEW_POINTS = 64
"""Lines are stroked in parts of about so many points: far quicker than all of them as one."""
_PEN_PX = 8.0
"""No line reaches farther than this beside its middle."""
_COLUMN_GAP_PX, _PAD_PX = 12, 9
_ROWS = 8
"""So many rows of tables may stand below, and above, one place."""
_MOST_APART = 40
"""Of more tables than these, such as the numbers of a whole community, those stay that have room
where they belong; nearer, all are seen."""
_FAR_PX = 16_000.0
"""Qt's painting engine goes wrong beyond 32,767 px."""


@dataclass(frozen=True)
class _Strokes:
    """The lines of an outline in parts of few points, each with the box around it."""

    lines: list[list[Floats]]
    paths: list[QPainterPath]
    boxes: Floats


@dataclass
class _Kept:
    things: Sequence[Thing]
    strokes: dict[tuple[int, int | None], _Strokes] = field(default_factory=dict)
    """By the number of a thing and the octave of the scale that it was thinned for."""
    grounds: dict[tuple[int, int | None], QPainterPath] = field(default_factory=dict)
    """As one path, where a thing is filled."""


class Overlay(pg.GraphicsObject):  # type: ignore[misc]
    """Everything over the picture, in named sets that come and go as one."""

    def __init__(self) -> None:
        super().__init__()
        self._sets: dict[str, _Kept] = {}
        self._viewport = Viewport()
        self.is_focused = False
        self._covered = QRectF()
        self._covered_right = QRectF()
        self.setZValue(10)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def put(self, name: str, things: Sequence[Thing]) -> None:
        """Show *things* under a name, instead of those that stood under it."""
        if not things and name not in self._sets:
            return
        if things:
            self._sets[name] = _Kept(things)
        else:
            self._sets.pop(name, None)
        self.update()

    def things(self, name: str) -> Sequence[Thing]:
        """Return what is shown under a name."""
        kept = self._sets.get(name)
        return () if kept is None else kept.things

    def names(self) -> list[str]:
        """Return the names under which anything is shown."""
        return sorted(self._sets)

    def look(self, viewport: Viewport) -> None:
        """Paint for another viewport from now on."""
        if (viewport.width_px, viewport.height_px) != (
            self._viewport.width_px,
            self._viewport.height_px,
        ):
            self.prepareGeometryChange()
        self._viewport = viewport
        self.update()

    def keep_off(self, covered: QRectF, at_right: QRectF | None = None) -> None:
        """Let no table stand under what covers these pixels, at the left and at the right."""
        self._covered = covered
        self._covered_right = QRectF() if at_right is None else at_right
        self.update()

    def focus(self, *, is_focused: bool) -> None:
        """Show or hide the ring that tells that the keys go to the map."""
        self.is_focused = is_focused
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the whole map."""
        return QRectF(0, 0, self._viewport.width_px, self._viewport.height_px)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint everything, sets in the order of their names."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name in sorted(self._sets):
            kept = self._sets[name]
            for number, thing in enumerate(kept.things):
                self._paint_thing(painter, thing, kept, number)
        # Tables stand over everything else.
        for tag, box in self.laid_out():
            self._paint_tag(painter, tag, box)
        if self.is_focused:
            painter.setPen(QPen(QColor(colours().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.boundingRect().adjusted(1, 1, -1, -1))

    def _paint_thing(self, painter: QPainter, thing: Thing, kept: _Kept, number: int) -> None:
        if isinstance(thing, Outline):
            self._paint_outline(painter, thing, kept, number)
        elif isinstance(thing, Handles):
            self._paint_handles(painter, thing)
        elif isinstance(thing, Ring):
            self._paint_ring(painter, thing)
        elif isinstance(thing, Band):
            self._paint_band(painter, thing)
        elif isinstance(thing, SnapSign):
            paint_sign(painter, thing.kind, *self._viewport.px_of(thing.place))

    def _paint_outline(self, painter: QPainter, outline: Outline, kept: _Kept, number: int) -> None:
        view = self._viewport
        is_many = sum(map(len, outline.lines)) > _MANY_POINTS
        key = number, floor(log2(view.metres_per_px)) if is_many else None
        strokes = self._strokes(outline, kept, key)
        pen, brush = look_of(outline.role, colours())
        painter.save()
        painter.translate(view.width_px / 2, view.height_px / 2)
        painter.scale(1 / view.metres_per_px, -1 / view.metres_per_px)
        painter.translate(-view.centre_x, -view.centre_y)
        pen.setCosmetic(True)
        if outline.role in _HALOED:
            halo = QPen(QColor(colours().panel), pen.widthF() + 3)
            halo.setCosmetic(True)
            for path in strokes:
                painter.strokePath(path, halo)
        if outline.is_filled:
            # A pattern is drawn in the painter's units: undo the scale for it.
            transform = painter.transform().inverted()[0]
            brush.setTransform(transform)
            painter.fillPath(self._ground(outline, kept, key), brush)
        for path in strokes:
            painter.strokePath(path, pen)
        painter.restore()

    def _strokes(
        self, outline: Outline, kept: _Kept, key: tuple[int, int | None]
    ) -> list[QPainterPath]:
        """Return the lines of an outline that are seen, in parts of few points."""
        known = kept.strokes.get(key)
        if known is None:
            known = kept.strokes[key] = _in_parts(_lines_at(outline, key[1]))
        x0, y0, x1, y1 = self._viewport.bounds()
        margin_m = _PEN_PX * self._viewport.metres_per_px
        low, high = known.boxes[:, :2], known.boxes[:, 2:]
        meets = (low <= (x1 + margin_m, y1 + margin_m)) & (high >= (x0 - margin_m, y0 - margin_m))
        seen = np.nonzero(meets.all(axis=1))[0].tolist()
        if any(self._is_far(known.boxes[part].reshape(2, 2)) for part in seen):
            lines = [line for part in seen for line in known.lines[part]]
            return [_path_of(_clipped(lines, self._viewport, is_filled=False))]
        return [known.paths[part] for part in seen]

    def _ground(self, outline: Outline, kept: _Kept, key: tuple[int, int | None]) -> QPainterPath:
        """Return what an outline goes around as one path."""
        if any(map(self._is_far, outline.lines)):
            lines = _lines_at(outline, key[1])
            return _path_of(_clipped(lines, self._viewport, is_filled=True))
        known = kept.grounds.get(key)
        if known is None:
            known = kept.grounds[key] = _path_of(_lines_at(outline, key[1]))
        return known

    def _is_far(self, line: Floats) -> bool:
        pixels = np.abs(self._viewport.to_px(np.stack((line.min(axis=0), line.max(axis=0)))))
        return bool(pixels.max() > _FAR_PX)

    def _paint_handles(self, painter: QPainter, handles: Handles) -> None:
        of = colours()
        pixels = self._viewport.to_px(np.asarray(handles.places, dtype=np.float64).reshape(-1, 2))
        inside = (
            (pixels >= -10)
            & (pixels <= (self._viewport.width_px + 10, self._viewport.height_px + 10))
        ).all(axis=1)
        for x, y in pixels[inside].tolist():
            _paint_mark(painter, handles.mark, x, y, of)

    def _paint_ring(self, painter: QPainter, ring: Ring) -> None:
        x, y = self._viewport.px_of(ring.place)
        pen, _ = look_of(ring.role, colours())
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius_px = ring.radius_px + ring.radius_m / self._viewport.metres_per_px
        if radius_px < _FAR_PX:
            painter.drawEllipse(QPointF(x, y), radius_px, radius_px)

    def _paint_band(self, painter: QPainter, band: Band) -> None:
        pen, brush = look_of(Role.BAND, colours())
        painter.setPen(pen)
        painter.setBrush(brush)
        painter.drawRect(QRectF(QPointF(*band.start_px), QPointF(*band.end_px)).normalized())

    def laid_out(self) -> list[tuple[Tag, QRectF]]:
        """Return the tables with their places in pixels, none over another; few are all there."""
        tags = [one for name in sorted(self._sets) for one in self._sets[name].things]
        metrics = QFontMetricsF(QApplication.font())
        sized = [(tag, *_size_of(tag, metrics)) for tag in tags if isinstance(tag, Tag)]
        # The largest first: it is the one that the pointer has.
        sized.sort(key=lambda one: -one[1] * one[2])
        boxes: list[tuple[Tag, QRectF]] = []
        for tag, width, height in sized:
            taken = [box for _, box in boxes]
            if len(sized) <= _MOST_APART:
                box = QRectF(*self.spot(tag.place, width, height, taken), width, height)
            else:
                box = QRectF(*self.spot(tag.place, width, height), width, height)
                if not self._is_seen(tag.place) or any(map(box.intersects, taken)):
                    continue
            boxes.append((tag, box))
        return boxes

    def _is_seen(self, place: Place) -> bool:
        x, y = self._viewport.px_of(place)
        return 0 <= x <= self._viewport.width_px and 0 <= y <= self._viewport.height_px

    def _paint_tag(self, painter: QPainter, tag: Tag, box: QRectF) -> None:
        of, font = colours(), QApplication.font()
        metrics = QFontMetricsF(font)
        columns = max(len(row) for row in tag.rows)
        line, gap, pad = metrics.height() + 2, _COLUMN_GAP_PX, _PAD_PX
        widths = _column_widths(tag, columns, gap, metrics)
        x, y = box.x(), box.y()
        painter.setPen(QPen(QColor(of.line), 1))
        painter.setBrush(QColor(of.panel))
        painter.drawRoundedRect(box, 6, 6)
        for number, row in enumerate(tag.rows):
            weight = tag.weights[number] if number < len(tag.weights) else ""
            left = x + pad
            baseline = y + pad - 2 + line * number + metrics.ascent()
            for at, text in enumerate(row):
                is_last = at == columns - 1
                ink = {"good": of.good_text, "bad": of.error_text}.get(weight, of.text)
                painter.setPen(QColor(ink if is_last or at == 0 else of.text))
                bold = QFont(font)
                bold.setBold(at == 0 and (len(row) > 1 or columns == 1))
                painter.setFont(bold if at == 0 else font)
                indent = 0.0 if at == 0 else widths[at] - metrics.horizontalAdvance(text)
                painter.drawText(QPointF(left + indent, baseline), text)
                left += widths[at] + gap

    def spot(
        self, place: Place, width: float, height: float, taken: Sequence[QRectF] = ()
    ) -> Place:
        """Return the upper left corner of a tag beside a place, kept on the map.

        It stands below at the right, unless that is off the map or covers something *taken*.
        """
        x, y = self._viewport.px_of(place)
        lefts, tops = (x + 22, x - 22 - width), (y + 18, y - 18 - height)
        if x + 22 + width >= self._viewport.width_px - 8:
            lefts = lefts[1], lefts[0]
        if y + 18 + height >= self._viewport.height_px - 8:
            tops = tops[1], tops[0]
        # Four around the place, then farther and farther below and above.
        away = 1 if tops[0] > tops[1] else -1
        rows = [
            (tops[0] + away * step, tops[1] - away * step)
            for step in (number * (height + 4) for number in range(_ROWS))
        ]
        first: Place | None = None
        for top in (top for row in rows for top in row):
            for left in lefts:
                spot = self._kept_free(left, top, width, height)
                first = first or spot
                box = QRectF(*spot, width, height)
                if not any(box.intersects(other) for other in taken):
                    return spot
        return first or place

    def _kept_free(self, left: float, top: float, width: float, height: float) -> Place:
        """Return a corner moved onto the map and off what floats over it."""
        left = min(max(left, 8.0), max(self._viewport.width_px - width - 8.0, 8.0))
        top = min(max(top, 8.0), max(self._viewport.height_px - height - 8.0, 8.0))
        if QRectF(left, top, width, height).intersects(self._covered):
            left = self._covered.right() + 8.0
        elif QRectF(left, top, width, height).intersects(self._covered_right):
            left = max(self._covered_right.left() - width - 8.0, 8.0)
        if QRectF(left, top, width, height).intersects(self._covered_right):
            # Too wide for what is free between the two: below the one at the right.
            below = self._covered_right.bottom() + 8.0
            top = min(below, max(self._viewport.height_px - height - 8.0, 8.0))
        return left, top


def _size_of(tag: Tag, metrics: QFontMetricsF) -> tuple[float, float]:
    """Return how wide and high a table is."""
    columns = max(len(row) for row in tag.rows)
    widths = _column_widths(tag, columns, _COLUMN_GAP_PX, metrics)
    width = sum(widths) + _COLUMN_GAP_PX * (columns - 1) + 2 * _PAD_PX
    return width, (metrics.height() + 2) * len(tag.rows) + 2 * _PAD_PX - 4


def _column_widths(tag: Tag, columns: int, gap: float, metrics: QFontMetricsF) -> list[float]:
    """Return how wide the columns of a table are.

    A row of one cell among wider ones is a sentence: it runs over all columns.
    """
    rows = [row for row in tag.rows if len(row) > 1 or columns == 1]
    widths = [
        max((metrics.horizontalAdvance(row[at]) for row in rows if at < len(row)), default=0.0)
        for at in range(columns)
    ]
    longest = max(metrics.horizontalAdvance(row[0]) for row in tag.rows)
    widths[-1] += max(longest - sum(widths) - gap * (columns - 1), 0.0)
    return widths


_HALOED = (Role.SELECTED, Role.AFTER)


def _lines_at(outline: Outline, octave: int | None) -> Sequence[Floats]:
    """Return the lines of an outline as they are seen at an octave of the scale; None = whole."""
    return outline.lines if octave is None else _thinned(outline.lines, 2.0**octave)


def _in_parts(lines: Sequence[Floats]) -> _Strokes:
    parts: list[list[Floats]] = []
    count = _FEW_POINTS
    for line in lines:
        if len(line) < 2:
            continue
        if count >= _FEW_POINTS:
            parts.append([])
            count = 0
        parts[-1].append(line)
        count += len(line)
    ends = [np.concatenate(part) for part in parts]
    boxes = [np.concatenate((xy.min(axis=0), xy.max(axis=0))) for xy in ends]
    return _Strokes(parts, [_path_of(part) for part in parts], np.array(boxes).reshape(-1, 4))


def _path_of(lines: Sequence[Floats]) -> QPainterPath:
    path = QPainterPath()
    usable = [line for line in lines if len(line) > 1]
    if not usable:
        return path
    xy = np.concatenate(usable)
    connect = np.ones(len(xy), dtype=bool)
    connect[np.cumsum([len(line) for line in usable]) - 1] = False
    made: QPainterPath = pg.functions.arrayToQPath(xy[:, 0], xy[:, 1], connect=connect)
    return made


def _thinned(lines: Sequence[Floats], step_m: float) -> list[Floats]:
    """Return lines without the points that fall into the same square of *step_m* as the last."""
    found = []
    for line in lines:
        squares = np.floor(line / step_m)
        keep = np.ones(len(line), dtype=bool)
        keep[1:-1] = (np.diff(squares[:-1], axis=0) != 0).any(axis=1)
        found.append(line[keep])
    return found


def _clipped(lines: Sequence[Floats], viewport: Viewport, *, is_filled: bool) -> list[Floats]:
    x0, y0, x1, y1 = viewport.bounds()
    width, height = x1 - x0, y1 - y0
    window = shapely.box(x0 - width, y0 - height, x1 + width, y1 + height)
    if is_filled:
        rings = [shapely.Polygon(line) for line in lines if len(line) > 3]
        whole = rings[0] if rings else shapely.Polygon()
        for ring in rings[1:]:
            whole = whole.symmetric_difference(ring)
        found = shapely.boundary(shapely.intersection(whole, window))
    else:
        found = shapely.intersection(
            shapely.multilinestrings([shapely.LineString(line) for line in lines]), window
        )
    parts = shapely.get_parts(found)
    return [shapely.get_coordinates(part) for part in parts if part.geom_type == "LineString"]


def look_of(role: Role, of: Colours) -> tuple[QPen, QBrush]:
    """Return how a shape of a role is painted: its line, and its ground where it is filled."""
    ink = {
        Role.HOVER: of.accent,
        Role.SELECTED: "#E8590C",
        Role.BEFORE: of.quiet,
        Role.AFTER: "#9775FA" if of is DARK else "#6741D9",
        Role.REFUSED: of.error,
        Role.ISSUE: of.error,
        Role.TARGET: of.good,
        Role.COMING: "#7048E8",
        Role.BAND: of.accent,
        Role.HANDED: "#9775FA" if of is DARK else "#6741D9",
        Role.REACH: of.accent,
        Role.BEYOND: of.warning,
    }[role]
    width: Mapping[Role, float] = {
        Role.HOVER: 2.0,
        Role.BEFORE: 1.5,
        Role.BAND: 1.0,
        Role.SELECTED: 3.0,
        Role.HANDED: 0.75,
        Role.REACH: 1.5,
        Role.BEYOND: 0.75,
    }
    pen = QPen(QColor(ink), width.get(role, 2.5))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if role in (Role.BEFORE, Role.REFUSED, Role.BAND):
        pen.setStyle(Qt.PenStyle.DashLine)
    wash = QColor(ink)
    wash.setAlpha(
        {
            Role.ISSUE: 150,
            Role.TARGET: 110,
            Role.COMING: 60,
            Role.HANDED: 130,
            Role.REACH: 26,
            Role.BEYOND: 230,
        }.get(role, 48)
    )
    pattern = (
        Qt.BrushStyle.BDiagPattern
        if role in (Role.ISSUE, Role.REFUSED, Role.BEYOND)
        else Qt.BrushStyle.FDiagPattern
        if role in (Role.TARGET, Role.HANDED)
        else Qt.BrushStyle.SolidPattern
    )
    return pen, QBrush(wash, pattern)


def _paint_mark(painter: QPainter, mark: Mark, x: float, y: float, of: Colours) -> None:
    if mark is Mark.FACILITY:
        painter.setPen(QPen(QColor(of.panel), 1.5))
        painter.setBrush(QColor(of.accent))
        corners = ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y))
        painter.drawPolygon([QPointF(*corner) for corner in corners])
        return
    ink = QColor("#E8590C")
    painter.setPen(QPen(ink, 1.75))
    painter.setBrush(QColor(of.panel))
    if mark is Mark.VERTEX:
        painter.drawEllipse(QPointF(x, y), 3.5, 3.5)
    elif mark is Mark.NODE:
        painter.drawRect(QRectF(x - 4, y - 4, 8, 8))
    elif mark is Mark.MIDDLE:
        painter.drawLine(QPointF(x - 3.5, y), QPointF(x + 3.5, y))
        painter.drawLine(QPointF(x, y - 3.5), QPointF(x, y + 3.5))
    elif mark is Mark.ACTIVE:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x, y), 11, 11)
        painter.setBrush(ink)
        painter.setPen(QPen(QColor(of.panel), 2))
        painter.drawEllipse(QPointF(x, y), 6, 6)
    elif mark is Mark.REFUSED:
        painter.setPen(QPen(QColor(of.error), 2.5))
        painter.setBrush(QColor(of.panel))
        painter.drawEllipse(QPointF(x, y), 8, 8)
        painter.drawLine(QPointF(x - 4, y - 4), QPointF(x + 4, y + 4))
        painter.drawLine(QPointF(x + 4, y - 4), QPointF(x - 4, y + 4))
    else:
        painter.setPen(QPen(QColor(of.panel), 4))
        _cross(painter, x, y)
        painter.setPen(QPen(QColor(of.text), 1.5))
        _cross(painter, x, y)


def _cross(painter: QPainter, x: float, y: float) -> None:
    painter.drawLine(QPointF(x - 11, y), QPointF(x - 3, y))
    painter.drawLine(QPointF(x + 3, y), QPointF(x + 11, y))
    painter.drawLine(QPointF(x, y - 11), QPointF(x, y - 3))
    painter.drawLine(QPointF(x, y + 3), QPointF(x, y + 11))
