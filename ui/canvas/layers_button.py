"""The layers of the map, each with a switch, behind one button on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.canvas.object_style import LAYERS
from ui.canvas.style import FillTheme
from ui.context import Context
from ui.texts import tr
from ui.theme import icon

SWITCHES = ("view.basemap", "view.labels", *(f"view.{layer}" for layer in LAYERS))
"""The actions that show and hide what the map has beside areas and borders."""

OVER = ("view.pairings", "view.reach")
"""The actions that lay more over the map; switched off at first."""

_HIDDEN = "hidden_layers"
COLOURINGS = tuple(f"view.{theme}" for theme in FillTheme)
"""The actions that say what the colours of areas tell."""

_BUTTON_GAP_PX = 8


class LayersButton(QFrame):
    """Opens the switches of the layers; stands at the lower right of the map."""

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        super().__init__(parent)
        self.setObjectName("layers_box")
        self.setProperty("role", "float")
        self.button = button = QToolButton(self)
        button.setObjectName("layers_button")
        button.setText(tr("图层"))
        button.setToolTip(tr("选择地图上显示哪些图层"))
        button.setAccessibleName(tr("图层"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(18, 18))
        button.setAutoRaise(True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.addWidget(button)
        menu = QMenu(button)
        menu.setObjectName("layers_menu")
        menu.setToolTipsVisible(True)
        for keys in (SWITCHES[:2], SWITCHES[2:], OVER, COLOURINGS):
            if not menu.isEmpty():
                menu.addSeparator()
            for key in keys:
                menu.addAction(actions.action(key))
        button.setMenu(menu)
        self.renew()

    def switches(self) -> Sequence[QAction]:
        """Return the switches, from the top down."""
        return [action for action in self.button.menu().actions() if not action.isSeparator()]

    def renew(self) -> None:
        """Draw the icon anew in the colours of the theme."""
        self.button.setIcon(icon("layers"))

    def place(self) -> None:
        """Stand at the lower right, above the line that says whose base map it is."""
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None:
            bottom = parent.height() - self.height() - 4 * _BUTTON_GAP_PX
            self.move(parent.width() - self.width() - _BUTTON_GAP_PX, bottom)


class LayerSwitches(QObject):
    """Lets the switches of the reference layers show and hide them, and be remembered."""

    def __init__(self, context: Context, actions: Actions) -> None:
        super().__init__(actions)
        self._settings = context.settings
        self._actions = actions
        for layer in LAYERS:
            actions.bind_switch(f"view.{layer}", _switch(context, layer))
        self._follow(_HIDDEN)
        # A function of its own would hold the settings, which hold it: neither would ever end.
        self._settings.changed.connect(self._follow)

    def _follow(self, key: str) -> None:
        if key != _HIDDEN:
            return
        for layer in LAYERS:
            is_shown = layer not in self._settings.value(_HIDDEN)
            self._actions.action(f"view.{layer}").setChecked(is_shown)


def _switch(context: Context, layer: str) -> Callable[[bool], None]:
    def switch(on: bool) -> None:
        hidden = {*context.settings.value(_HIDDEN)} - {layer}
        if not on:
            hidden.add(layer)
        context.settings.set_value(_HIDDEN, sorted(hidden))

    return switch
