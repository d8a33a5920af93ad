"""The tool *select*: areas, borders and faces by click, several areas by a rubber band."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gridadmin.domain.model import Area
from gridadmin.partition.faces import Face
from ui.canvas.object_picking import Thing as ObjectAt
from ui.canvas.object_picking import lines_at, things_at
from ui.canvas.overlay import Band, Role, Thing
from ui.canvas.picking import BorderHit, areas_at, areas_in, border_near, face_under
from ui.canvas.style import FRAME
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.texts import tr
from ui.tools.shapes import (
    area_outline,
    border_outline,
    face_outline,
    owners_tag,
    thing_outline,
)
from ui.tools.tool import Hint, Tool

Meant = BorderHit | Area | Face | ObjectAt

_BORDER_REACH = 0.4
"""Of the snapping distance: a click has to mean the border to get it."""


class SelectTool(Tool):
    """Click selects; another click on the same place goes one level deeper."""

    key_name = "select"

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._band_from: Place | None = None

    def hint(self) -> Hint:
        """Return what clicks and keys do."""
        return Hint(
            tr("单击选择区域或边界，再次单击选择下一级、地物"),
            (
                ("Ctrl", tr("多选")),
                (tr("Shift 拖动"), tr("框选")),
                ("F", tr("放大所选")),
                (tr("拖动"), tr("移动地图")),
            ),
        )

    def press(self, event: MapEvent) -> bool:
        """Take a drag with Shift: a rubber band."""
        if not event.is_shift or not self.is_usable:
            return False
        self._band_from = event.px
        return True

    def drag(self, event: MapEvent) -> None:
        """Stretch the rubber band."""
        if self._band_from is not None:
            self.map.overlay.put("z band", [Band(self._band_from, event.px)])

    def release(self, event: MapEvent) -> None:
        """Select what lies wholly in the rubber band."""
        start, self._band_from = self._band_from, None
        self.map.overlay.put("z band", [])
        if start is None or not self.is_usable:
            return
        (ax, ay), (bx, by) = self.map.view.place_of(start), event.place
        box = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
        found = areas_in(self.snapshot, box, self.map.shown_level)
        kept = self.context.selection.areas if event.is_ctrl else ()
        if found:
            self.context.selection.select_areas((*kept, *found))
        else:
            self.context.messages.note(tr("框里没有一个完整的区域，选择没有改变。"))

    def leave(self) -> None:
        """Keep the selection: the next tool works on it."""
        self._band_from = None
        self.map.overlay.put("z band", [])
        self.map.overlay.put(self.key_name, [])
        self.map.viewport().unsetCursor()

    def cancel(self) -> bool:
        """Give up the rubber band, else the selection."""
        if self._band_from is not None:
            self._band_from = None
            self.map.overlay.put("z band", [])
            return True
        if not self.context.selection.now.is_empty:
            self.context.selection.clear()
            return True
        return False

    def click(self, event: MapEvent) -> None:
        """Select what is under the pointer."""
        if not self.is_usable:
            return
        selection = self.context.selection
        chain = areas_at(self.snapshot, event.place)
        if event.is_ctrl and chain:
            selection.toggle_area(self._to_toggle(chain).uid)
            return
        meant = self._meant(event, chain)
        if isinstance(meant, BorderHit):
            selection.select_border(meant.border.id)
        elif isinstance(meant, Area):
            selection.select_areas([meant.uid])
        elif isinstance(meant, Face):
            selection.select_face(event.place)
        elif meant is not None:
            selection.select_thing(*meant)
        else:
            selection.clear()

    def selection_changed(self) -> None:
        """What a click took is shown as selected, no longer as what a click would take."""
        self.map.overlay.put(self.key_name, [])

    def double_click(self, event: MapEvent) -> None:
        """Show what has been selected at full size."""
        uid = self.context.selection.area
        box = None if uid is None else self.context.bridge.box_of_area(uid)
        if box is not None:
            self.map.show_box(box)

    def hover(self, event: MapEvent | None) -> None:
        """Show what a click would select."""
        shapes: list[Thing] = []
        cursor = Qt.CursorShape.ArrowCursor
        if event is not None and self.is_usable:
            meant = self._meant(event, areas_at(self.snapshot, event.place))
            if isinstance(meant, BorderHit):
                shapes = [
                    border_outline([meant.border], Role.HOVER),
                    owners_tag(self.snapshot, meant.border, event.place),
                ]
                cursor = Qt.CursorShape.PointingHandCursor
            elif isinstance(meant, Area):
                if meant.uid not in self.context.selection.areas:
                    shapes = [*area_outline(self.snapshot, [meant.uid], Role.HOVER)]
            elif isinstance(meant, Face):
                shapes = [face_outline(meant, Role.HOVER)]
            elif meant is not None:
                shapes = thing_outline(self.snapshot, meant, Role.HOVER)
        self.map.overlay.put(self.key_name, shapes)
        self.map.viewport().setCursor(cursor)

    def _border_at(self, place: Place) -> BorderHit | None:
        """Return the border that a click means: faint ones below the level shown are in the way."""
        rank = self.snapshot.level_rank
        least = rank(self.map.shown_level) if self.map.shown_level else 0
        strong = {
            level for level in self.map.shown_borders if level == FRAME or rank(level) <= least
        }
        return border_near(self.snapshot, place, self.reach_m(_BORDER_REACH), strong)

    def _to_toggle(self, chain: list[Area]) -> Area:
        """Return the area that Ctrl takes in or out: a selected one at the place goes out."""
        selected = [area for area in chain if area.uid in self.context.selection.areas]
        return selected[-1] if selected else chain[self._shown(chain)]

    def _shown(self, chain: list[Area]) -> int:
        """Return the place in a chain, from the root down, of the area of the level shown."""
        rank = self.snapshot.level_rank(self.map.shown_level)
        shown = [area for area in chain if self.snapshot.level_rank(area.level) <= rank]
        return len(shown) - 1 if shown else 0

    def _meant(self, event: MapEvent, chain: list[Area]) -> Meant | None:
        """Return what a click means: a border, an area of *chain*, a face, or an object.

        What stands on the land comes after the deepest area that holds it, a road after the border
        that follows it; another click begins anew.
        """
        now = self.context.selection.now
        hit = None if event.is_ctrl else self._border_at(event.place)
        if hit is not None:
            lines = self._lines_at(event.place) if now.border == hit.border.id else []
            return lines[0] if lines else hit
        if event.is_ctrl and chain:
            return self._to_toggle(chain)
        things = self._things_at(event.place)
        at = things.index(now.thing) + 1 if now.thing in things else 0
        if at < len(things) and (at or self._is_deepest(event.place, chain)):
            return things[at]
        return self._on_land(event.place, chain, begins_anew=at > 0)

    def _is_deepest(self, place: Place, chain: list[Area]) -> bool:
        """Return whether nothing of the partition is left that a click could mean."""
        face = self.context.selection.now.face
        if face is not None and self._is_in(face, place):
            return True
        if not chain:
            return face_under(self.snapshot, place) is None
        is_selected = self.context.selection.area == chain[-1].uid
        return is_selected and not self.snapshot.has_drawn_children(chain[-1].uid)

    def _on_land(self, place: Place, chain: list[Area], *, begins_anew: bool) -> Meant | None:
        """Return the area or face that a click means."""
        if not chain:
            return face_under(self.snapshot, place)
        if begins_anew:
            return chain[self._shown(chain)]
        is_selected = self.context.selection.area == chain[-1].uid
        if is_selected and self.snapshot.has_drawn_children(chain[-1].uid):
            return face_under(self.snapshot, place)
        return self._next_area(chain)

    def _is_in(self, face: Place, place: Place) -> bool:
        """Return whether two places lie in one face."""
        one, other = face_under(self.snapshot, face), face_under(self.snapshot, place)
        return one is not None and other is not None and one.inner_point() == other.inner_point()

    def _things_at(self, place: Place) -> list[ObjectAt]:
        hidden = self.context.settings.value("hidden_layers")
        scale = self.map.view.metres_per_px
        return things_at(self.snapshot, place, self.reach_m(_BORDER_REACH), scale, hidden)

    def _lines_at(self, place: Place) -> list[ObjectAt]:
        hidden = self.context.settings.value("hidden_layers")
        scale = self.map.view.metres_per_px
        return lines_at(self.snapshot, place, self.reach_m(_BORDER_REACH), scale, hidden)

    def _next_area(self, chain: list[Area]) -> Area:
        """Return which of the areas at a place, from the root down, a click means.

        That of the level shown by the scale; when it is selected already, the one below it.
        """
        at = self._shown(chain)
        selected = self.context.selection.area
        for place, area in enumerate(chain):
            if area.uid == selected and place >= at:
                return chain[place + 1] if place + 1 < len(chain) else chain[at]
        return chain[at]
