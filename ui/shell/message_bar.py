"""Shows what the program says, over the lower edge of the map."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from ui.context import Context
from ui.messages import Message, Weight
from ui.texts import tr
from ui.theme import icon

_SIGNS = {
    Weight.DONE: ("good", "good_text", "good"),
    Weight.NOTE: ("info", "accent", "float"),
    Weight.REFUSED: ("error", "error_text", "error"),
}
"""Icon, its colour and the role of the frame."""

_SHOWN_MS = {Weight.DONE: 6000, Weight.NOTE: 10_000}
_WIDEST_PX = 560
_MARGIN_PX = 16


class MessageBar(QFrame):
    """The newest message. What was done fades by itself; a refusal stays until the next click."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._message: Message | None = None
        self._sign = QLabel()
        self.text = QLabel()
        self.text.setObjectName("message_text")
        self.text.setWordWrap(True)
        # Names and what servers say come from elsewhere: they are words, never markup.
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.setObjectName("message_action")
        self.button.setProperty("role", "link")
        self.button.clicked.connect(self._act)
        self.close_button = QToolButton()
        self.close_button.setObjectName("message_close")
        self.close_button.setAccessibleName(tr("关闭提示"))
        self.close_button.setToolTip(tr("关闭提示"))
        self.close_button.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 8, 7)
        row.setSpacing(9)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        parent.installEventFilter(self)
        self.hide()
        self._messages = context.messages
        context.messages.told.connect(self.tell)
        context.messages.cleared.connect(self.dismiss)

    @property
    def message(self) -> Message | None:
        """The message that is shown, or None."""
        return self._message

    def tell(self, message: Message) -> None:
        """Show a message instead of the one before."""
        self._message = message
        name, colour, role = _SIGNS[message.weight]
        self.setProperty("role", role)
        self.style().unpolish(self)
        self.style().polish(self)
        self._sign.setPixmap(icon(name, colour).pixmap(QSize(20, 20)))
        self.close_button.setIcon(icon("cross", "quiet"))
        self.text.setText(message.text)
        self.text.setAccessibleName(message.text)
        self.setAccessibleName(message.text)
        self.button.setVisible(message.action is not None)
        if message.action is not None:
            self.button.setText(message.action[0])
            self.button.setAccessibleName(message.action[0])
        self._place()
        self.show()
        self.raise_()
        self._start_timer()
        self._watch_clicks(is_on=message.weight is Weight.REFUSED)
        self._announce(message)

    def dismiss(self) -> None:
        """Take the message away, and with it the mark that it has on the map."""
        had_one, self._message = self._message is not None, None
        self._timer.stop()
        self._watch_clicks(is_on=False)
        self.hide()
        if had_one:
            self._messages.clear()

    def _act(self) -> None:
        action = self._message.action if self._message is not None else None
        self.dismiss()
        if action is not None:
            action[1]()

    def _start_timer(self) -> None:
        self._timer.stop()
        if self._message is not None and self._message.weight in _SHOWN_MS:
            self._timer.start(_SHOWN_MS[self._message.weight])

    def _announce(self, message: Message) -> None:
        event = QAccessibleAnnouncementEvent(self, message.text)
        event.setPoliteness(
            QAccessible.AnnouncementPoliteness.Assertive
            if message.weight is Weight.REFUSED
            else QAccessible.AnnouncementPoliteness.Polite
        )
        QAccessible.updateAccessibility(event)

    # Where it stands, and until when

    def _place(self) -> None:
        home = self.parentWidget()
        if home is None:
            return
        room = max(home.width() - 2 * _MARGIN_PX, 120)
        natural = self.text.fontMetrics().horizontalAdvance(self.text.text()) + 8
        around = self.layout_width()
        self.text.setMinimumWidth(min(natural, max(min(room, _WIDEST_PX) - around, 80)))
        self.text.setMaximumWidth(self.text.minimumWidth())
        self.adjustSize()
        x = max((home.width() - self.width()) // 2, 0)
        self.move(x, max(self._floor_px(home, x) - self.height() - _MARGIN_PX, 0))

    def _floor_px(self, home: QWidget, x: int) -> int:
        """Return what the message stands on: the edge, choices of the tool, what it would cover.

        Whose base map it is must always be seen, and its button be in reach.
        """
        tops = [home.height()]
        for one in home.findChildren(QWidget):
            edge = one.property("edge")
            if edge in ("bottom", "corner") and one.isVisible():
                at = one.mapTo(home, QPoint(0, 0))
                is_beside = at.x() >= x + self.width() or at.x() + one.width() <= x
                if edge == "bottom" or not is_beside:
                    tops.append(at.y())
        return min(tops)

    def layout_width(self) -> int:
        """Return the width of everything but the words, in pixels."""
        parts = [20, self.close_button.sizeHint().width()]
        if self._message is not None and self._message.action is not None:
            parts.append(self.button.sizeHint().width())
        return sum(parts) + 9 * len(parts) + 22

    def _watch_clicks(self, *, is_on: bool) -> None:
        application = QApplication.instance()
        if application is None:
            return
        application.removeEventFilter(self)
        if is_on:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the edge of the map; let a click beside it or Escape take a refusal away."""
        kind = event.type()
        if kind == QEvent.Type.Resize and watched is self.parentWidget():
            if self.isVisible():
                self._place()
        elif self._message is None or not isinstance(watched, QWidget):
            return False
        elif kind == QEvent.Type.MouseButtonPress:
            if not self._is_mine(watched):
                self.dismiss()
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        return False

    def _is_mine(self, widget: QWidget) -> bool:
        return widget is self or self.isAncestorOf(widget)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Wait while the pointer rests on the message."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Fade again."""
        self._start_timer()
        super().leaveEvent(event)
