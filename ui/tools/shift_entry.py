"""How far a stretch of border is shifted aside, and to which side, typed in beside it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFormLayout, QFrame, QLineEdit, QRadioButton, QWidget

from ui.canvas.viewport import Place
from ui.texts import tr

_GAP_PX = 16
_FARTHEST_M = 10_000.0


class ShiftEntry(QFrame):
    """A field for metres and the two sides by name; Enter takes it, Escape gives it up."""

    changed = Signal()
    taken = Signal()
    left = Signal()

    def __init__(self, parent: QWidget, sides: tuple[str, str]) -> None:
        super().__init__(parent)
        self._map = parent
        self.setObjectName("shift_entry")
        self.setAccessibleName(tr("平行移动边界"))
        self.setProperty("role", "float")
        self.metres = QLineEdit(self)
        self.metres.setObjectName("shift_metres")
        self.metres.setAccessibleName(tr("平移（米）"))
        validator = QDoubleValidator(0.0, _FARTHEST_M, 3, self.metres)
        validator.setNotation(QDoubleValidator.Notation.StandardNotation)
        validator.setLocale(QLocale.c())
        self.metres.setValidator(validator)
        self.metres.setMaximumWidth(110)
        self.metres.textEdited.connect(lambda _: self.changed.emit())
        form = QFormLayout(self)
        form.setContentsMargins(10, 8, 10, 8)
        form.setSpacing(6)
        form.addRow(tr("平移（米）"), self.metres)
        self._group = QButtonGroup(self)
        self.sides = [QRadioButton(tr("移向 {area}", area=side), self) for side in sides]
        for number, button in enumerate(self.sides):
            button.setObjectName(("shift_left", "shift_right")[number])
            button.setAccessibleName(button.text())
            self._group.addButton(button, number)
            form.addRow(button)
        self._group.idToggled.connect(self._side_taken)
        self.hide()

    @property
    def is_left(self) -> bool:
        """Whether the border goes to its left."""
        return self.sides[0].isChecked()

    @property
    def far_m(self) -> float | None:
        """The distance, None while the field holds no number."""
        try:
            return float(self.metres.text())
        except ValueError:
            return None

    def open_at(self, px: Place, typed: str, *, is_left: bool) -> None:
        """Open beside a pixel with what has been typed."""
        self.sides[0 if is_left else 1].setChecked(True)
        self.metres.setText(typed)
        self.adjustSize()
        around = self._map.size()
        x = min(px[0] - self.width() - _GAP_PX, around.width() - self.width() - _GAP_PX)
        # Above the border: the table of what changes stands below it.
        y = min(px[1] - self.height() - _GAP_PX, around.height() - self.height() - _GAP_PX)
        self.move(max(round(x), _GAP_PX), max(round(y), _GAP_PX))
        self.show()
        self.raise_()
        self.metres.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.metres.deselect()
        self.metres.setCursorPosition(len(typed))
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter, Escape, and the arrows up and down for the side."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.sides[1 if self.is_left else 0].setChecked(True)
        else:
            super().keyPressEvent(event)
        event.accept()

    def _side_taken(self, _: int, is_taken: bool) -> None:
        if is_taken:
            self.changed.emit()
