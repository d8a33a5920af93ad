"""What every part of one window shares."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QObject

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
        return cls(settings, jobs, messages, Bridge(jobs, messages, parent))

    def select_and_show(self, uid: str) -> None:
        """Select an area and let the map show it, where it has land."""
        self.selection.select_areas([uid])
        box = self.bridge.box_of_area(uid)
        if box is not None:
            self.navigator.show_box(box)
