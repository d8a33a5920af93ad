"""What of a page can be taken by the mouse: its names, the edges of its map, the land in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from PySide6.QtCore import QPointF, Qt

from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame
from ui.charts.region import Place
from ui.texts import tr

_EDGE_PX = 5.0
_LEAST_MM = 40.0
_SHAPES = {
    "lt": Qt.CursorShape.SizeFDiagCursor,
    "rb": Qt.CursorShape.SizeFDiagCursor,
    "lb": Qt.CursorShape.SizeBDiagCursor,
    "rt": Qt.CursorShape.SizeBDiagCursor,
}


class Hold(Enum):
    """What the mouse has taken hold of."""

    NOTHING = auto()
    SHEET = auto()
    NAME = auto()
    FRAME = auto()
    LAND = auto()


@dataclass
class Drag:
    """A drag with the mouse: what is held, from where to where in pixels of the window."""

    hold: Hold = Hold.NOTHING
    begin: QPointF = field(default_factory=QPointF)
    now: QPointF = field(default_factory=QPointF)
    what: str = ""
    """The uid of a name, or which sides of the frame move: letters of lrtb, all for the whole."""

    @property
    def shift_px(self) -> QPointF:
        """How far it was dragged."""
        return self.now - self.begin


def under(page: ChartPage, place: Place, point: QPointF) -> tuple[Hold, str]:
    """Return what of the page can be taken at a place of the window."""
    for uid, frame in page.labels.items():
        if place.rect(frame).adjusted(-2, -2, 2, 2).contains(point):
            return Hold.NAME, uid
    if page.view is None:
        return Hold.NOTHING, ""
    rect = place.rect(page.view.frame)
    if not rect.adjusted(-_EDGE_PX, -_EDGE_PX, _EDGE_PX, _EDGE_PX).contains(point):
        return Hold.NOTHING, ""
    sides = "".join(
        side
        for side, far in (
            ("l", point.x() - rect.left()),
            ("r", point.x() - rect.right()),
            ("t", point.y() - rect.top()),
            ("b", point.y() - rect.bottom()),
        )
        if abs(far) <= _EDGE_PX
    )
    if len(sides) == 2:
        return Hold.FRAME, sides
    return (Hold.FRAME, "lrtb") if sides else (Hold.NOTHING, "")


def dragged_frame(page: ChartPage, frame: Frame, drag: Drag, place: Place) -> Frame:
    """Return the frame with the sides that are dragged moved; it stays on the sheet."""
    sides, room = drag.what, page.sheet.whole
    dx, dy = drag.shift_px.x() / place.px_per_mm, drag.shift_px.y() / place.px_per_mm
    if len(sides) == 4:
        dx = min(max(dx, room.x - frame.x), room.right - frame.right)
        dy = min(max(dy, room.y - frame.y), room.bottom - frame.bottom)
        return frame.moved(dx, dy)
    left, top, right, bottom = frame.x, frame.y, frame.right, frame.bottom
    if "l" in sides:
        left = min(max(left + dx, room.x), right - _LEAST_MM)
    if "r" in sides:
        right = max(min(right + dx, room.right), left + _LEAST_MM)
    if "t" in sides:
        top = min(max(top + dy, room.y), bottom - _LEAST_MM)
    if "b" in sides:
        bottom = max(min(bottom + dy, room.bottom), top + _LEAST_MM)
    return Frame(left, top, right - left, bottom - top)


def cursor_of(held: Hold, hold: Hold, what: str) -> Qt.CursorShape:
    """Return the pointer over something that can be taken, while something is *held* or not."""
    if held in (Hold.SHEET, Hold.LAND):
        return Qt.CursorShape.ClosedHandCursor
    if hold is Hold.NAME:
        return Qt.CursorShape.PointingHandCursor
    if hold is Hold.FRAME:
        return _SHAPES.get(what, Qt.CursorShape.SizeAllCursor)
    return Qt.CursorShape.OpenHandCursor


def hint_of(hold: Hold, chosen: str) -> str:
    """Return what can be done with something, and with the name that is chosen."""
    if hold is Hold.NAME:
        return tr("拖动移开名称；Delete 放回原处。")
    if hold is Hold.FRAME:
        return tr("拖动边线移动图框，拖动角点改变大小。")
    if chosen:
        return tr("方向键移动选中的名称，Shift 一次移得更多；Delete 放回原处。")
    return tr("拖动平移，滚轮缩放；按住 Shift 拖动移动图中的地；Tab 选名称。")


def in_reading_order(page: ChartPage) -> list[str]:
    """Return the names of a page line by line, as one reads."""
    return sorted(page.labels, key=lambda uid: (round(page.labels[uid].y / 12), page.labels[uid].x))
