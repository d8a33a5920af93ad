"""The labels that dialogs are made of: headings, quiet words, sentences that come and go."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.tips import plain_tip


def label(text: str, role: str = "", buddy: QWidget | None = None) -> QLabel:
    """Return words that wrap; ``role`` as in the style sheet, ``buddy`` the field they name."""
    made = QLabel(text)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if buddy is not None:
        made.setBuddy(buddy)
    return made


def card(*parts: QWidget) -> tuple[QFrame, QVBoxLayout]:
    """Return a box around parts, one under the other, and its layout."""
    frame = QFrame()
    frame.setProperty("role", "card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(12, 10, 12, 12)
    layout.setSpacing(8)
    for part in parts:
        layout.addWidget(part)
    return frame, layout


def discard(widget: QWidget) -> None:
    """Take a widget away for good: it is nobody's child from now on."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


class HintedChoices(QFrame):
    """A box of buttons to choose from, each with a sentence beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 10, 12, 10)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def add(self, button: QAbstractButton, hint: str) -> None:
        """Put a further button below the others."""
        row = self._grid.rowCount()
        button.setAccessibleDescription(hint)
        words = label(hint, "quiet")
        words.setMinimumWidth(self.fontMetrics().height() * 8)
        words.setContentsMargins(0, 4, 0, 4)
        self._grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(words, row, 1)

    def clear(self) -> None:
        """Take all buttons out."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                discard(widget)


def restyle(widget: QWidget, role: str) -> None:
    """Give a widget another role of the style sheet."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


_LONGEST = 32


def shortened(text: str) -> str:
    """Return a name that is short enough for a button, its middle left out where it is long."""
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]}…{text[-half + 1 :]}"


_LONG_RUN = re.compile(r"[!-~]{24,}")
_BREAK = "\u200b"


def breakable(text: str) -> str:
    """Return *text* with places where long paths may go on in the next line."""

    def broken(run: re.Match[str]) -> str:
        return re.sub(r"([\\/_.\-]|.{16})", rf"\1{_BREAK}", run[0])

    return _LONG_RUN.sub(broken, text)


class Sentence(QLabel):
    """A sentence that takes room only while there is something to say."""

    def __init__(self, role: str = "error", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setProperty("role", role)
        self.said = ""
        """What it says, without the places to break."""
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence; nothing when it is empty."""
        self.said = text
        self.setText(breakable(text))
        self.setVisible(bool(text))


class Banner(QFrame):
    """A box with a sentence that must not be missed; there only while it has something to say."""

    def __init__(self, role: str = "error", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self._words = Sentence(role)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self._words)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.said

    def say(self, text: str, role: str = "") -> None:
        """Show a sentence, in another role where one is given; nothing when it is empty."""
        if role:
            restyle(self, role)
            restyle(self._words, role)
        self._words.say(text)
        self.setVisible(bool(text))


class ElidedLabel(QLabel):
    """One line that is shortened in the middle; the whole of it is in the tip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.say(text)

    def say(self, text: str) -> None:
        """Show a text."""
        self.setText(text)
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        """Ask for little width."""
        return QSize(self.fontMetrics().height() * 4, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shortened text."""
        painter = QPainter(self)
        inside = self.contentsRect()
        shown = QFontMetrics(self.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, inside.width()
        )
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
