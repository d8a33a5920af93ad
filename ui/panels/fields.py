"""Fields that are changed in place: a choice, a line, several lines; each says what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.panels.parts import label
from ui.texts import tr

_LINES = 3

Attempt = Callable[[Any], str]
"""Tries to keep a value; returns why it is refused, in words, or nothing."""


class Kept(QWidget):
    """A field with room below it for the reason why a value was refused."""

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(field)
        self.refusal = label("", "warning", wraps=True)
        self.refusal.hide()
        column.addWidget(self.refusal)
        self.setFocusProxy(field)

    def say(self, refusal: str) -> None:
        """Say why a value was refused; nothing when it was kept."""
        if refusal != self.refusal.text():
            self.refusal.setText(refusal)
            self.refusal.setVisible(bool(refusal))


class Choice(QComboBox):
    """One of a few values. Where several areas differ nothing is chosen, and it says so."""

    def __init__(
        self,
        name: str,
        words: str,
        options: Sequence[tuple[str, Any]],
        current: Sequence[Any],
        attempt: Attempt,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._options: list[tuple[str, Any]] = []
        self._at = -1
        self.setPlaceholderText(tr("（各不相同）"))
        self._attempt = attempt
        self.kept = Kept(self)
        self.tell(options, current)
        self.activated.connect(self._take)

    def tell(self, options: Sequence[tuple[str, Any]], current: Sequence[Any]) -> None:
        """Show what is so now, and what it can be."""
        if options != self._options:
            self.clear()
            for text, value in options:
                self.addItem(text, value)
            self._options = list(options)
        values = [value for _, value in options]
        self._at = values.index(current[0]) if set(current) <= {*current[:1]} else -1
        self.setCurrentIndex(self._at)
        self.kept.say("")

    def _take(self, at: int) -> None:
        if at == self._at:
            return
        refusal = self._attempt(self._options[at][1])
        self.kept.say(refusal)
        if refusal:
            self.setCurrentIndex(self._at)
        else:
            self._at = at

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll: a value must not change because the pointer passed over it."""
        event.ignore()


class Line(QLineEdit):
    """A value in one line: Enter or leaving the field keeps it, Esc takes it back."""

    def __init__(self, name: str, words: str, text: str, attempt: Attempt) -> None:
        super().__init__(text)
        self._text = text
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._attempt = attempt
        self.kept = Kept(self)
        self.editingFinished.connect(self._take)

    def tell(self, text: str, *, is_other: bool) -> None:
        """Show what is so now; what somebody types stays unless it is of something else now."""
        if is_other or not self.isModified() or text != self._text:
            self.setText(text)
            self.kept.say("")
        self._text = text

    def _take(self) -> None:
        text = self.text().strip()
        if not self.isModified() or self.isReadOnly():
            return
        self.setModified(False)
        if text == self._text:
            return
        refusal = self._attempt(text)
        self.kept.say(refusal)
        if not refusal:
            self._text = text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take back what was typed with Esc."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._text:
            self.setText(self._text)
            self.kept.say("")
            return
        super().keyPressEvent(event)


class Lines(QPlainTextEdit):
    """A text of several lines: Ctrl+Enter or leaving the field keeps it, Esc takes it back."""

    def __init__(self, name: str, words: str, text: str, attempt: Attempt) -> None:
        super().__init__(text)
        self._text = text
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setTabChangesFocus(True)
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 14)
        self._attempt = attempt
        self.kept = Kept(self)

    @property
    def is_modified(self) -> bool:
        """Whether something stands there that isn't kept yet."""
        return not self.isReadOnly() and self.toPlainText().strip() != self._text

    def tell(self, text: str, *, is_other: bool) -> None:
        """Show what is so now; what somebody types stays unless it is of something else now."""
        if is_other or not self.is_modified or text != self._text:
            if text != self.toPlainText():
                self.setPlainText(text)
            self.kept.say("")
        self._text = text

    def _take(self) -> None:
        if not self.is_modified:
            return
        text = self.toPlainText().strip()
        refusal = self._attempt(text)
        self.kept.say(refusal)
        if not refusal:
            self._text = text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the text with Ctrl+Enter, take it back with Esc."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._take()
            return
        if event.key() == Qt.Key.Key_Escape and self.is_modified:
            self.setPlainText(self._text)
            self.kept.say("")
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the text."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._take()
