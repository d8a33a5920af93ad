"""What the dialogs that do something have in common: pages that scroll, a strip, one row below.

Nothing is cut off on a small screen: a page that doesn't fit scrolls, the buttons stay in view. The
main button says why it can't be used. Escape stops what is going on, then closes.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.context import Context
from ui.dialogs.busy_strip import BusyStrip
from ui.dialogs.words import Banner, Sentence
from ui.jobs import Job
from ui.tips import plain_tip

_WIDTH_EM = 42
_HEIGHT_EM = 54
_SCREEN_SHARE = 0.94


class Page(QScrollArea):
    """One page: its parts stand under each other and scroll when there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        inside = QWidget()
        inside.setProperty("role", "page")
        self.setWidget(inside)
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(16, 14, 16, 14)
        self.body.setSpacing(10)

    def first_field(self) -> QWidget | None:
        """Return what gets the focus first."""
        return None


class TaskDialog(QDialog):
    """A dialog of pages with one main button, that may do long work."""

    def __init__(self, context: Context, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._closes_when_idle = False
        self.setWindowTitle(title)
        self.setSizeGripEnabled(False)
        self.pages = QStackedWidget()
        self.banner = Banner()
        self.banner.setObjectName("banner")
        self.strip = BusyStrip()
        self.reason = Sentence("quiet")
        self.reason.setObjectName("reason")
        self.reason.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.main_button = _button("main", "primary")
        self.main_button.setAutoDefault(True)
        self.main_button.setDefault(True)
        self.close_button = _button("close")
        # Enter on a button that has the focus presses that one, not the main button.
        self.close_button.setAutoDefault(True)
        self.close_button.clicked.connect(self.reject)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(16, 8, 16, 12)
        self._row.setSpacing(8)
        self._row.addWidget(self.reason, 1)
        self._row.addStretch()
        self._row.addWidget(self.close_button)
        self._row.addWidget(self.main_button)
        notes = QVBoxLayout()
        notes.setContentsMargins(16, 0, 16, 8)
        notes.setSpacing(8)
        notes.addWidget(self.banner)
        notes.addWidget(self.strip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.pages, 1)
        line = QFrame()
        line.setProperty("role", "line")
        layout.addLayout(notes)
        layout.addWidget(line)
        layout.addLayout(self._row)
        self.resize(self.sizeHint())

    def put_button(self, button: QPushButton) -> None:
        """Put a further button before the close button."""
        self._row.insertWidget(self._row.indexOf(self.close_button), button)

    def allow(self, reason: str) -> None:
        """Let the main button be used, or say why it can't (*reason* is empty when it can)."""
        self.main_button.setEnabled(not reason)
        self.main_button.setToolTip(plain_tip(reason))
        self.reason.say(reason)

    def follow(self, job: Job) -> None:
        """Show a job that this dialog started; its pages rest until it ends."""
        self.banner.say("")
        self.strip.follow(job)
        self.pages.setEnabled(False)
        self.close_button.setEnabled(False)
        job.ended.connect(self._rest_is_over)
        self.strip.stop_button.setFocus()

    def show_page(self, page: Page) -> None:
        """Turn to a page, with the focus on what is to be done first."""
        self.pages.setCurrentWidget(page)
        page.verticalScrollBar().setValue(0)
        self._focus_page()

    def _focus_page(self) -> None:
        page = self.pages.currentWidget()
        field = page.first_field() if isinstance(page, Page) else None
        (field or self.main_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def reject(self) -> None:
        """Stop what is going on; close when nothing is."""
        if self.strip.is_busy:
            self.strip.cancel()
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what is going on first, and close once it has stopped."""
        if self.strip.is_busy:
            self._closes_when_idle = True
            self.strip.cancel()
            event.ignore()
            return
        super().closeEvent(event)

    def sizeHint(self) -> QSize:
        """Ask for what a page needs to be read with ease, as far as the screen has it."""
        em = self.fontMetrics().height()
        return self._bounded(QSize(_WIDTH_EM * em, _HEIGHT_EM * em))

    def minimumSizeHint(self) -> QSize:
        """Stay usable on a small screen with large letters."""
        em = self.fontMetrics().height()
        return self._bounded(QSize(24 * em, 18 * em))

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the first thing to do."""
        super().showEvent(event)
        page = self.pages.currentWidget()
        if isinstance(page, Page):
            self.show_page(page)

    def _bounded(self, size: QSize) -> QSize:
        room = self.screen().availableGeometry().size() * _SCREEN_SHARE
        return size.boundedTo(room)

    def rested(self) -> None:
        """Take up again what waited for a job; called when it has ended."""

    def _rest_is_over(self) -> None:
        self.pages.setEnabled(True)
        self.close_button.setEnabled(True)
        self.rested()
        if self._closes_when_idle:
            self._closes_when_idle = False
            self.done(QDialog.DialogCode.Rejected)
            return
        self._focus_page()


def _button(name: str, role: str = "") -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setAutoDefault(False)
    if role:
        button.setProperty("role", role)
    return button
