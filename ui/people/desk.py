"""What the pages of the people workspace share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from ui.actions import Actions
from ui.bridge import Bridge
from ui.context import Context
from ui.people.staff import Staff


@dataclass(frozen=True)
class PeopleDesk:
    """The window's context, its actions and the people of today."""

    context: Context
    actions: Actions
    staff: Staff

    @property
    def bridge(self) -> Bridge:
        """The open project."""
        return self.context.bridge


@dataclass(frozen=True)
class PageSpec:
    """A page of the drawer of people: made when it is first looked at."""

    key: str
    title: str
    """Chinese, for ``tr``."""
    make: Callable[[PeopleDesk], QWidget]
