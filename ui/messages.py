"""The one place through which the program speaks to its user besides dialogs.

Whoever has something to say says it here; the window shows it, the log keeps it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from gridadmin.base.errors import GridAdminError
from ui.texts import explain

_log = logging.getLogger("gridadmin.messages")

Place = tuple[float, float]


class Weight(StrEnum):
    """How much a message matters: done and forgotten, worth a look, something was refused."""

    DONE = "done"
    NOTE = "note"
    REFUSED = "refused"


@dataclass(frozen=True)
class Message:
    """A sentence; ``place`` (local metres) is where on the map it belongs, if anywhere.

    ``action`` is a word and what happens when the user clicks it.
    """

    text: str
    weight: Weight = Weight.NOTE
    place: Place | None = None
    action: tuple[str, Callable[[], object]] | None = None


class Messages(QObject):
    """What the program says; the newest stands until the next or until its time is over."""

    told = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest = ""

    def done(self, text: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say that something went as the user wanted."""
        self._tell(Message(text, Weight.DONE, action=action))

    def note(self, text: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say something worth knowing."""
        self._tell(Message(text, Weight.NOTE, action=action))

    def refuse(self, text: str, place: Place | None = None) -> None:
        """Say that something can't be done and why."""
        self._tell(Message(text, Weight.REFUSED, place))

    def refused(self, error: GridAdminError, place: Place | None = None) -> None:
        """Say why the core refused something."""
        self.refuse(explain(error), place)

    def clear(self) -> None:
        """Take the last message back: it no longer holds."""
        self._newest = ""
        self.cleared.emit()

    def withdraw(self, text: str) -> None:
        """Take a message back where it is the last one: what it says is over."""
        if text and text == self._newest:
            self.clear()

    def _tell(self, message: Message) -> None:
        _log.info("%s: %s", message.weight, message.text)
        self._newest = message.text
        self.told.emit(message)
