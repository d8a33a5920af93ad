"""The one attempt that a tool has on its way: begun, looked at, given up, carried out."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from gridadmin.edit.document import Done
from ui.context import Context
from ui.tools.attempt import Attempt


class Ends(Enum):
    """What carries an attempt out."""

    BUTTON = 1
    KEY = 2
    ENTER = 3


class Undertaking:
    """Holds the attempt and what will carry it out.

    *show* is called when there is another thing to be seen, *succeeded* after a change was stored,
    *closed* when the attempt is over, either way.
    """

    def __init__(
        self,
        context: Context,
        show: Callable[[], None],
        succeeded: Callable[[Attempt, Done], None],
        closed: Callable[[], None],
    ) -> None:
        self._context = context
        self._show = show
        self._succeeded = succeeded
        self._closed = closed
        self._ends_by = Ends.BUTTON
        self.attempt: Attempt | None = None
        """What is on its way."""

    def begin(self, attempt: Attempt, ends_by: Ends) -> None:
        """Begin an attempt instead of the last one."""
        self.attempt, self._ends_by = attempt, ends_by

    def ends_by(self, what: Ends) -> bool:
        """Return whether there is an attempt that *what* carries out."""
        return self.attempt is not None and self._ends_by is what

    @property
    def is_proposed(self) -> bool:
        """Whether an attempt waits for Enter."""
        return self.ends_by(Ends.ENTER)

    def look(self) -> None:
        """Find out and show what the change on its way would do."""
        if self.attempt is not None:
            if not self.attempt.is_nothing:
                self.attempt.look(self._context.bridge)
            self._show()

    def drop(self) -> None:
        """Give up the change on its way."""
        self.attempt = None
        self._closed()

    def carry_out(self) -> None:
        """Do what is on its way, or say why it can't be."""
        attempt, was_proposed = self.attempt, self.is_proposed
        if attempt is None or (was_proposed and attempt.is_nothing):
            return
        bridge = self._context.bridge
        attempt.look(bridge)
        if attempt.refusal is not None:
            if attempt.refusal.code != "edit.nothing_moves" or was_proposed:
                self._context.messages.refused(attempt.refusal, attempt.place)
            if not was_proposed:
                self.drop()
            self._show()
            return
        self.attempt = None
        done = bridge.execute(attempt.command(bridge), place=attempt.place)
        self._closed()
        if done is not None:
            self._succeeded(attempt, done)
        self._show()

    def finish_nudge(self) -> None:
        """Store a nudge whose key may not be heard going up."""
        if self.attempt is None or not self.ends_by(Ends.KEY):
            return
        if self.attempt.is_nothing:
            self.drop()
        else:
            self.carry_out()
