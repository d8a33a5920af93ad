"""What the pages of the inspector share, and how they act on project, map and selection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.command import Command
from gridadmin.partition.snapshot import Snapshot
from ui.actions import Actions
from ui.bridge import Bridge
from ui.context import Context
from ui.panels import words
from ui.panels.parts import ElidedButton
from ui.panels.project_index import ProjectIndex
from ui.selection import Box
from ui.texts import tr

_LEAST_SIDE_M = 30.0


@dataclass(frozen=True)
class Desk:
    """The window's context with the shared index."""

    context: Context
    actions: Actions | None
    index: ProjectIndex

    @property
    def bridge(self) -> Bridge:
        """The open project."""
        return self.context.bridge

    @property
    def snapshot(self) -> Snapshot:
        """The present state."""
        return self.context.bridge.snapshot

    def land_m2(self, area: Area) -> float | None:
        """Return the land of an area on the ellipsoid, None where it has none of its own."""
        return self.index.land_m2(area)

    def set_field(self, uid: str, field: str, value: object) -> bool:
        """Give a field of an area another value; return whether that was done."""
        return self.bridge.execute(SetField(uid, field, value)) is not None

    def attempt(self, command: Command) -> str:
        """Carry out a command; return why it is refused, in words, nothing when it was done."""
        return self.bridge.attempt(command)

    def carry_out(self, command: Command, told: str) -> bool:
        """Carry out a command and say so, with a way back; return whether it was done."""
        if self.bridge.execute(command) is None:
            return False
        self.context.messages.done(told, action=self.way_back)
        return True

    @property
    def way_back(self) -> tuple[str, Callable[[], object]]:
        """The button of a message that takes back what was just done."""
        return tr("撤销"), self._undo

    def _undo(self) -> None:
        self.bridge.undo()

    def link_to(self, uid: str) -> ElidedButton:
        """Return a button that leads to an area."""
        name = words.name_of_uid(self.snapshot, uid)
        button = ElidedButton(name, lambda: self.context.select_and_show(uid), "link")
        path = words.path_of(self.snapshot, uid)
        button.tell(f"{path}\n{tr('选中并在地图上显示')}")
        # A link stands in a line of facts and begins where their words begin.
        button.setStyleSheet(
            "QPushButton { padding: 0 1px; min-height: 0; } QPushButton:focus { padding: 0; }"
        )
        return button

    def show_issue(self, issue: Issue) -> None:
        """Let the map show where an issue lies, with room around it."""
        box = self.bridge.box_of_issue(issue)
        if box is not None:
            self.context.navigator.show_box(widened(box))

    def take_up(self, issue: Issue) -> None:
        """Select an issue, so that it can be settled, and show it."""
        self.context.selection.select_issue(issue.id)
        self.show_issue(issue)


def widened(box: Box) -> Box:
    """Return a box twice as wide and high, so that what lay in it takes a quarter of the view."""
    x0, y0, x1, y1 = box
    half_x = max(x1 - x0, _LEAST_SIDE_M / 2)
    half_y = max(y1 - y0, _LEAST_SIDE_M / 2)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return x - half_x, y - half_y, x + half_x, y + half_y
