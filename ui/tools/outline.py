"""A tool that is lent to a dialog: an outline drawn on the map goes to it, nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from PySide6.QtCore import QObject, Signal

from ui.canvas.overlay import Outline, Role, Tag
from ui.canvas.view import MapView
from ui.canvas.viewport import Place
from ui.context import Context
from ui.panels.words import square_metres
from ui.texts import tr
from ui.tools.drawing import DrawingTool
from ui.tools.preview import Preview
from ui.tools.tool import Hint


class OutlineTool(DrawingTool):
    """Corners one after the other; Esc gives the outline up, and once more the whole drawing."""

    drawn_whole = Signal(list)
    """The corners in local metres."""
    given_up = Signal()

    key_name = "outline"
    is_ring = True

    def __init__(
        self, context: Context, map_view: MapView, words: str, parent: QObject | None = None
    ) -> None:
        super().__init__(context, map_view, parent)
        self._words = words

    def begin_hint(self) -> Hint:
        """Return what the first click does."""
        return Hint(self._words, ((tr("方向键+空格"), tr("用键盘加点")), ("Esc", tr("结束绘制"))))

    def cancel(self) -> bool:
        """Give up what is drawn, else the drawing."""
        if not super().cancel():
            self.given_up.emit()
        return True

    def leave(self) -> None:
        """End: another tool was chosen."""
        super().leave()
        self.given_up.emit()

    def preview(self, line: Sequence[Place], place: Place) -> Preview:
        """Return the land inside, or that the line crosses itself."""
        shape = Outline([np.array([*line, line[0]])], Role.BAND, is_filled=True)
        polygon = shapely.Polygon(line)
        if not polygon.is_valid:
            return Preview(why_not=tr("范围线自己交叉了，请退回去改。"))
        return Preview([shape], Tag(place, [(tr("面积"), square_metres(polygon.area))]))

    def finish(self, line: Sequence[Place]) -> bool:
        """Hand the corners over."""
        polygon = shapely.Polygon(line)
        if not polygon.is_valid or not polygon.area:
            self.context.messages.refuse(tr("范围线自己交叉了，请退回去改。"), line[-1])
            return False
        self.drawn_whole.emit([*line])
        return True
