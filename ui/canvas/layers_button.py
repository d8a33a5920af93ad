"""The layers of the map, each with a switch, behind one button on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.canvas.object_style import LAYERS
from ui.context import Context
from ui.texts import tr
from ui.theme import icon

SWITCHES = ("view.basemap", "view.labels", *(f"view.{layer}" for layer in LAYERS))
"""The actions that show and hide what the map has beside areas and borders."""

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
        for number, key in enumerate(SWITCHES):
            if number == 2:
                menu.addSeparator()
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


def bind_layers(context: Context, actions: Actions) -> None:
    """Let the switches of the reference layers show and hide them, and be remembered."""
    settings = context.settings
    for layer in LAYERS:
        action = actions.action(f"view.{layer}")
        action.setChecked(layer not in settings.value("hidden_layers"))
        actions.bind_switch(f"view.{layer}", _switch(context, layer))

    def show(key: str) -> None:
        if key == "hidden_layers":
            for layer in LAYERS:
                actions.action(f"view.{layer}").setChecked(
                    layer not in settings.value("hidden_layers")
                )

    settings.changed.connect(show)


def _switch(context: Context, layer: str) -> Callable[[bool], None]:
    def switch(on: bool) -> None:
        hidden = {*context.settings.value("hidden_layers")} - {layer}
        if not on:
            hidden.add(layer)
        context.settings.set_value("hidden_layers", sorted(hidden))

    return switch
