"""What the pages of the publishing workspace share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from ui.actions import Actions
from ui.bridge import Bridge
from ui.context import Context
from ui.publish.post import Post
from ui.publish.records import Records


@dataclass(frozen=True)
class PublishDesk:
    """The window's context, its actions, what is kept of releases and deliveries, and the post."""

    context: Context
    actions: Actions
    records: Records
    post: Post

    @property
    def bridge(self) -> Bridge:
        """The open project."""
        return self.context.bridge


@dataclass(frozen=True)
class PageSpec:
    """A page of the drawer of publishing: made when it is first looked at."""

    key: str
    title: str
    """Chinese, for ``tr``."""
    make: Callable[[PublishDesk], QWidget]
