"""A tool that is lent to a dialog: a click on the map picks a place or an area for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal

from gridadmin.domain.model import Area
from ui.canvas.overlay import Role, Thing
from ui.canvas.picking import areas_at
from ui.canvas.view import MapEvent, MapView
from ui.context import Context
from ui.texts import tr
from ui.tools.shapes import area_outline
from ui.tools.tool import Hint, Tool


class PickTool(Tool):
    """Every click is told; Esc gives up. *levels* are those of the areas that are wanted."""

    picked = Signal(object, object)
    """The place in local metres, and the area there of a wanted level (None for none)."""
    given_up = Signal()

    key_name = "pick"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self,
        context: Context,
        map_view: MapView,
        words: str,
        levels: Sequence[str] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(context, map_view, parent)
        self._words = words
        self._levels = levels

    def hint(self) -> Hint:
        """Return what a click does."""
        return Hint(self._words, (("Esc", tr("结束点选")), (tr("拖动"), tr("移动地图"))))

    def cancel(self) -> bool:
        """Give up picking."""
        self.given_up.emit()
        return True

    def leave(self) -> None:
        """End: another tool was chosen."""
        self.map.overlay.put(self.key_name, [])
        self.map.viewport().unsetCursor()
        self.given_up.emit()

    def click(self, event: MapEvent) -> None:
        """Tell the place and its area."""
        if self.is_usable:
            self.picked.emit(event.place, self._area(event))

    def hover(self, event: MapEvent | None) -> None:
        """Show which area a click would mean."""
        area = None if event is None or not self.is_usable else self._area(event)
        shapes: list[Thing] = []
        if area is not None and self._levels:
            shapes = [*area_outline(self.snapshot, [area.uid], Role.HOVER)]
        self.map.overlay.put(self.key_name, shapes)

    def _area(self, event: MapEvent) -> Area | None:
        chain = areas_at(self.snapshot, event.place)
        wanted = [area for area in chain if not self._levels or area.level in self._levels]
        return wanted[-1] if wanted else None
