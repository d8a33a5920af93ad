"""Persons dropped on the map: the area under the pointer shows, and its posts are asked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from gridadmin.domain.model import Area
from ui.canvas.overlay import Role
from ui.canvas.picking import areas_at
from ui.canvas.view import MapView
from ui.context import Context
from ui.people.seat_model import SEATS
from ui.people.seat_view import keys_in
from ui.tools.shapes import area_outline

_NAME = "p drop"


class MapDrop(QObject):
    """Lets dragged rows of the table of seats be dropped on an area."""

    dropped = Signal(object, str)
    """Keys of seats, and the uid of the area."""

    def __init__(self, context: Context, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._view = view
        self._over: str | None = None
        view.setAcceptDrops(True)
        view.viewport().setAcceptDrops(True)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take dragged seats; everything else is left to the map and the window."""
        if event.type() == QEvent.Type.DragLeave:
            self._show(None)
            return False
        if not isinstance(event, QDropEvent) or not event.mimeData().hasFormat(SEATS):
            return False
        area = self._area(event.position())
        if event.type() == QEvent.Type.Drop:
            self._show(None)
            if area is not None:
                event.acceptProposedAction()
                self.dropped.emit(keys_in(event), area.uid)
            return True
        if isinstance(event, QDragMoveEvent):
            self._show(area)
            if area is None:
                event.ignore()
            else:
                event.acceptProposedAction()
            return True
        return False

    def _area(self, at: QPointF) -> Area | None:
        """Return the area under the pointer, of the lowest level that is drawn there."""
        bridge = self._context.bridge
        if not bridge.is_open:
            return None
        snapshot = bridge.snapshot
        found = areas_at(snapshot, self._view.view.place_of((at.x(), at.y())))
        limit = snapshot.level_rank(self._view.shown_level)
        shown = [area for area in found if snapshot.level_rank(area.level) <= limit]
        return shown[-1] if shown else None

    def _show(self, area: Area | None) -> None:
        uid = None if area is None else area.uid
        if uid == self._over:
            return
        self._over = uid
        snapshot = self._context.bridge.snapshot
        things = [] if uid is None else area_outline(snapshot, [uid], Role.COMING)
        self._view.overlay.put(_NAME, things)
