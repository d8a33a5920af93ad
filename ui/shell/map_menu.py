"""The menu of the map: what the tool offers there, what lies there, and what else can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from ui.actions import Actions
from ui.canvas.map_panel import MapPanel
from ui.canvas.view import MapEvent
from ui.context import Context
from ui.shell.object_menu import add_object_entries

_VIEWS = ("view.zoom_selection", "view.zoom_all")
_WORK = (
    "tool.select",
    "tool.adjust",
    "tool.give",
    "tool.paint",
    "tool.split",
    "edit.split_parts",
    "edit.stack",
    "edit.merge",
    "edit.campus",
    "edit.dissolve",
    "edit.simplify",
)
_STEPS = ("edit.undo", "edit.redo")


def map_menu(
    context: Context, actions: Actions, panel: MapPanel, event: MapEvent, parent: QWidget
) -> QMenu:
    """Return the menu for a place on the map; it goes when it is closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    first = panel.tool.menu_keys(event)
    for key in first:
        menu.addAction(actions.action(key))
    if first:
        menu.addSeparator()
    add_object_entries(menu, context, panel.view, event.place)
    for keys in (_VIEWS, _WORK, _STEPS):
        if keys is not _VIEWS:
            menu.addSeparator()
        for key in keys:
            menu.addAction(actions.action(key))
    return menu
