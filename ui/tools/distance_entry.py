"""Distance and bearing of the next point of a line, typed in beside the pointer."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator, QKeyEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QLineEdit, QWidget

from ui.canvas.viewport import Place
from ui.texts import tr

_GAP_PX = 14
_FARTHEST_M = 1_000_000.0


class DistanceEntry(QFrame):
    """Two fields; Enter in either of them takes what they say, Escape gives it up."""

    changed = Signal(float, float)
    """Metres and degrees, while they are typed."""
    taken = Signal(float, float)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._map = parent
        self.setObjectName("distance_entry")
        self.setAccessibleName(tr("距离和方位角"))
        self.setProperty("role", "float")
        self.distance = self._field("entry_distance", tr("距离（米）"), 0.0, _FARTHEST_M, 3)
        self.bearing = self._field("entry_bearing", tr("方位角（°）"), -360.0, 360.0, 4)
        form = QFormLayout(self)
        form.setContentsMargins(10, 8, 10, 8)
        form.setSpacing(6)
        form.addRow(tr("距离（米）"), self.distance)
        form.addRow(tr("方位角（°）"), self.bearing)
        self.hide()

    def _field(self, name: str, words: str, low: float, high: float, digits: int) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.setAccessibleName(words)
        validator = QDoubleValidator(low, high, digits, field)
        validator.setNotation(QDoubleValidator.Notation.StandardNotation)
        validator.setLocale(QLocale.c())
        field.setValidator(validator)
        field.setMaximumWidth(110)
        field.textEdited.connect(lambda _: self._tell_changed())
        return field

    def open_at(self, px: Place, typed: str, bearing: float) -> None:
        """Open above a pixel with what has been typed and the bearing of the pointer."""
        self.distance.setText(typed)
        self.bearing.setText(f"{bearing:.1f}")
        self.adjustSize()
        around = self._map.size()
        x = min(px[0] + _GAP_PX, around.width() - self.width() - _GAP_PX)
        # Below the pointer stands the table of what the line would do.
        y = px[1] - self.height() - _GAP_PX
        self.move(max(round(x), 0), max(round(y), 0))
        self.show()
        self.raise_()
        self.distance.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.distance.deselect()
        self.distance.setCursorPosition(len(typed))
        self._tell_changed()

    def values(self) -> tuple[float, float] | None:
        """Return metres and degrees, None while a field holds no number."""
        try:
            return float(self.distance.text()), float(self.bearing.text()) % 360.0
        except ValueError:
            return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            values = self.values()
            if values is not None and values[0] > 0:
                self.taken.emit(*values)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
        event.accept()

    def _tell_changed(self) -> None:
        values = self.values()
        if values is not None:
            self.changed.emit(*values)
