"""One way to settle something: what it is called, why, and what it would do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout

from ui.panels.parts import label
from ui.texts import tr
from ui.tips import plain_tip

_AROUND_PX = 24
"""Margins and borders left and right of the lines."""
_ABOVE_AND_BELOW_PX = 16


class WayButton(QPushButton):
    """A button of several lines; pointed at or focused it is *looked at*.

    Arrow keys lead to the next one, Enter and Space press it.
    """

    looked_at = Signal(bool)
    """Whether the pointer or the keyboard is on it now."""
    stepped = Signal(int)
    """Up (-1) or down (1) was pressed."""

    def __init__(
        self, title: str, why: str, figures: str, act: Callable[[], object], *, is_first: bool
    ) -> None:
        super().__init__()
        self._lines: list[QLabel] = []
        self.setProperty("role", "way")
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{why} {figures}".strip())
        self._title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 6, 9, 6)
        column.setSpacing(2)
        head = f"{title}  ·  {tr('推荐')}" if is_first else title
        body = "\n".join(part for part in (why, figures) if part)
        self._lines = [label(head, "strong", wraps=True), label(body, "quiet", wraps=True)]
        for one in self._lines:
            one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(one)
        column.addStretch(1)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda *_: act())

    def title(self) -> str:
        """Return what the way is called."""
        return self._title

    def forbid(self, why: str) -> None:
        """Disable the button and say why; an empty reason enables it."""
        self.setEnabled(not why)
        self.setToolTip(plain_tip(why))

    def hasHeightForWidth(self) -> bool:
        """Return that the lines wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        heights = [one.heightForWidth(width - _AROUND_PX) for one in self._lines]
        return sum(heights) + 2 * (len(heights) - 1) + _ABOVE_AND_BELOW_PX

    def sizeHint(self) -> QSize:
        """Return the size at the present width."""
        wide = max(self.width(), 120)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Return the least size: any width, the height that the lines take at it."""
        return QSize(60, self.heightForWidth(max(self.width(), 120)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as all lines need at this width."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        """Fit the lines anew when letters are others."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit(self.width())

    def _fit(self, width: int) -> None:
        for one in self._lines:
            one.setFixedHeight(one.heightForWidth(width - _AROUND_PX))
        high = self.heightForWidth(width)
        if high != self.height():
            self.setFixedHeight(high)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the pointer is here."""
        super().enterEvent(event)
        self.looked_at.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the pointer went."""
        super().leaveEvent(event)
        self.looked_at.emit(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard is here."""
        super().focusInEvent(event)
        self.looked_at.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard went."""
        super().focusOutEvent(event)
        self.looked_at.emit(self.underMouse())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by the arrows, press by Enter."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
