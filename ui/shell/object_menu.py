"""What the menu of the map offers about what lies under the pointer: compound, building, block.

A line says what it is, how many households it has and whose it is. Its outline can be taken as a
new grid or given to the selected area; the map shows what the chosen entry would do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import shapely
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gridadmin.domain.model import Area
from gridadmin.edit.command import Command
from gridadmin.edit.draw_commands import ALL
from gridadmin.edit.outline_commands import BLOCK, DrawOutline, GiveOutline, OutlineOf
from gridadmin.partition.ground import Ground, Placed
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.object_words import compound_type_words
from ui.canvas.picking import areas_at
from ui.canvas.view import MapView
from ui.canvas.viewport import Place
from ui.context import Context
from ui.panels import words
from ui.texts import tr
from ui.tips import plain_tip
from ui.tools.preview import outcome

_LEVEL = "grid"
_OVERLAY = "r outline"


@dataclass(frozen=True)
class _Found:
    """Something under the pointer: its outline, and what it is in words."""

    outline: OutlineOf
    what: str
    line: str


def add_object_entries(menu: QMenu, context: Context, view: MapView, place: Place) -> None:
    """Add to the menu of the map what can be done with what lies at *place* (local metres)."""
    bridge = context.bridge
    snapshot = bridge.snapshot
    found = _found(snapshot, place, bridge.to_plane(place))
    entries = _Entries(menu, context, view, place)
    for thing in found:
        if thing.line and thing.outline.uid is not None:
            info = menu.addAction(thing.line)
            info.setObjectName(f"see-{thing.outline.table}")
            info.triggered.connect(_shower(context, thing.outline.table, thing.outline.uid))
        entries.add(thing)
    if found:
        menu.addSeparator()
    menu.aboutToHide.connect(lambda: view.overlay.put(_OVERLAY, []))


def _shower(context: Context, table: str, uid: str) -> Callable[[], None]:
    """Return what shows all there is to say of an object beside the map."""
    return lambda: context.selection.select_thing(table, uid)


def _found(snapshot: Snapshot, place: Place, plane: Place) -> list[_Found]:
    ground, found = Ground.of(snapshot), []
    compound = _under(ground.compounds, place)
    if compound is not None:
        item = ground.compounds.objects[compound]
        kind = compound_type_words(snapshot.scheme, item.type)
        name = item.name or tr("未命名小区")
        line = words.dotted((tr("小区：{name}", name=name), kind))
        found.append(_Found(OutlineOf("compound", item.uid), tr("住宅小区").lower(), line))
    number = _under(ground.buildings, place)
    if number is not None:
        building = ground.buildings.objects[number]
        name = building.name or tr("未命名楼栋")
        holder = areas_at(snapshot, building.point)
        owner = words.name_of(holder[-1]) if holder else tr("不归任何区域")
        line = words.dotted(
            (tr("楼栋：{name}", name=name), words.households(building.households), owner)
        )
        found.append(_Found(OutlineOf("building", building.uid), tr("楼房").lower(), line))
    if snapshot.rows("line_object"):
        found.append(_Found(OutlineOf(BLOCK, None, plane), tr("街区"), ""))
    return found


def _under(placed: Placed, place: Place) -> int | None:  # type: ignore[type-arg]
    found = placed.tree.query(shapely.Point(place), predicate="intersects").tolist()
    areas = [number for number in found if shapely.get_dimensions(placed.shapes[number]) == 2]
    return min(areas, key=lambda number: float(shapely.area(placed.shapes[number])), default=None)


class _Entries:
    """Entries of one menu, each with a preview on the map."""

    def __init__(self, menu: QMenu, context: Context, view: MapView, place: Place) -> None:
        self._menu, self._context, self._view, self._place = menu, context, view, place

    def add(self, found: _Found) -> None:
        """Add what can be done with the outline of one thing."""
        parent = self._parent()
        if parent is not None and found.outline.table != "building":
            command = DrawOutline(found.outline, _LEVEL, parent.uid, take=ALL)
            self._entry(tr("以此{what}为新网格", what=found.what), command)
        to = self._selected()
        if to is not None:
            command_to = GiveOutline(found.outline, to.uid, ALL)
            words_to = tr("把此{what}划给“{name}”", what=found.what, name=words.name_of(to))
            self._entry(words_to, command_to)

    def _parent(self) -> Area | None:
        """Return the area at the place that a new grid would lie in."""
        snapshot = self._context.bridge.snapshot
        limit = snapshot.level_rank(_LEVEL)
        if snapshot.scheme.level(_LEVEL) is None:
            return None
        chain = areas_at(snapshot, self._place)
        above = [area for area in chain if snapshot.level_rank(area.level) < limit]
        return above[-1] if above else None

    def _selected(self) -> Area | None:
        areas = self._context.selection.areas
        if len(areas) != 1:
            return None
        area = self._context.bridge.snapshot.area(areas[0])
        return None if area.parent is None else area

    def _entry(self, text: str, command: Command) -> None:
        action = QAction(text, self._menu)
        why = self._context.bridge.why_not_change()
        action.setEnabled(not why)
        action.setToolTip(plain_tip(why))
        action.hovered.connect(lambda: self._show(command))
        action.triggered.connect(self._carry_out(command))
        self._menu.addAction(action)

    def _carry_out(self, command: Command) -> Callable[[], None]:
        def act() -> None:
            self._context.bridge.execute(command, place=self._place)

        return act

    def _show(self, command: Command) -> None:
        """Show on the map what a command would do, or why it would be refused."""
        things, _ = outcome(self._context, command, self._place, _LEVEL)
        self._view.overlay.put(_OVERLAY, things)
