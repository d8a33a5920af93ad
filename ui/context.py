"""What every part of one window shares."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from gridadmin.edit.document import Done
from ui.bridge import Bridge
from ui.jobs import Jobs
from ui.messages import Messages
from ui.selection import Navigator, Selection
from ui.settings import Settings


@dataclass
class Context:
    """The settings, the project, the selection, long jobs, messages and where the map looks."""

    settings: Settings
    jobs: Jobs
    messages: Messages
    bridge: Bridge
    selection: Selection = field(default_factory=Selection)
    navigator: Navigator = field(default_factory=Navigator)

    @classmethod
    def made(cls, settings: Settings, parent: QObject | None = None) -> Context:
        """Return a context with a worker and no project."""
        jobs, messages = Jobs(parent), Messages(parent)
        context = cls(settings, jobs, messages, Bridge(jobs, messages, parent))
        # Before all others hear of a change: they look at what is selected then.
        context.bridge.changed.connect(context.keep_selection)
        return context

    def keep_selection(self, done: Done) -> None:
        """Drop from the selection what a change (an undone one too) took away.

        One retired area alone stays selected: its page says what became of it.
        """
        rows, uids = done.after.rows("area"), self.selection.areas
        there = [uid for uid in uids if uid in rows]
        alive = [uid for uid in there if rows[uid].valid_to is None]
        self.selection.keep_areas(alive or there)

    def select_and_show(self, uid: str) -> None:
        """Select an area and let the map show it, where it has land."""
        self.selection.select_areas([uid])
        box = self.bridge.box_of_area(uid)
        if box is not None:
            self.navigator.show_box(box)
