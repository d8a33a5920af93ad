"""The row of a form that says what is marked on the map, with the buttons to mark and unmark it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout

from ui.panels.parts import ElidedButton, label


class PlaceRow(QHBoxLayout):
    """Words, what is marked, a button that begins to mark, and one that takes the mark away."""

    def __init__(
        self,
        said: str,
        begin: tuple[str, Callable[[], object]],
        clear: tuple[str, Callable[[], object]],
    ) -> None:
        super().__init__()
        self.setSpacing(8)
        self._said = label("", "quiet")
        self.map_button, self.none_button = ElidedButton(*begin), ElidedButton(*clear)
        self.map_button.setObjectName("pick-on-map")
        self.none_button.setObjectName("no-point")
        self.addWidget(label(said))
        self.addWidget(self._said, 1)
        for button in (self.map_button, self.none_button):
            button.setAutoDefault(False)
            self.addWidget(button)

    def tell(self, text: str, *, is_marked: bool) -> None:
        """Say what is marked; what isn't can't be taken away."""
        self._said.setText(text)
        self.none_button.setVisible(is_marked)
