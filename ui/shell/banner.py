"""A notice above the map that stands until its reason is gone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ui.texts import tr
from ui.theme import icon


class Banner(QFrame):
    """Says why the project can only be read, and offers to try again."""

    retried = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("role", "notice")
        self._sign = QLabel()
        self.text = QLabel()
        self.text.setObjectName("banner_text")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton(tr("重试"))
        self.button.setObjectName("banner_retry")
        self.button.clicked.connect(self.retried)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self._draw_sign()
        self.tell("")

    def tell(self, reason: str) -> None:
        """Say why the project can only be read; an empty reason takes the notice away."""
        words = tr("{reason}现在可以查看，不能修改。", reason=reason) if reason else ""
        self._say(words, has_button=True)

    def note(self, words: str) -> None:
        """Say something else that stands for a while; empty words take it away."""
        self._say(words, has_button=False)

    def _say(self, words: str, *, has_button: bool) -> None:
        self.text.setText(words)
        self.text.setAccessibleName(words)
        self.button.setVisible(has_button)
        self.setVisible(bool(words))

    def _draw_sign(self) -> None:
        self._sign.setPixmap(icon("warning", "warning_text").pixmap(QSize(20, 20)))

    def changeEvent(self, event: QEvent) -> None:
        """Draw the sign in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_sign"):
            self._draw_sign()
