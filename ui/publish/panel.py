"""The drawer of publishing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QToolButton, QWidget

from ui.panels.page_drawer import DrawerPage, DrawerWords, PageDrawer, bar_button
from ui.publish.desk import PageSpec, PublishDesk
from ui.publish.pages import PAGES
from ui.texts import tr

BUTTONS: tuple[str, ...] = ("publish.release",)
"""The actions that have a button in the title of the drawer."""
_NAME = "publish"


class PublishPanel(PageDrawer):
    """The drawer; its pages share the release that is chosen."""

    def __init__(
        self, desk: PublishDesk, pages: Sequence[PageSpec] = PAGES, parent: QWidget | None = None
    ) -> None:
        words = DrawerWords(_NAME, tr("发布"), tr("发布视图"), tr("收起发布面板"))
        made = [DrawerPage(spec.key, spec.title, partial(spec.make, desk)) for spec in pages]
        super().__init__(words, made, parent)
        self._desk = desk

    def bar_buttons(self) -> list[QToolButton]:
        """Return the buttons that stand in the title."""
        return [action_button(self._desk, key) for key in BUTTONS]

    def showEvent(self, event: QShowEvent) -> None:
        """Read the deliveries when somebody looks at them."""
        self._desk.records.read()
        super().showEvent(event)


def action_button(desk: PublishDesk, key: str) -> QToolButton:
    """Return a button with words and icon for an action."""
    return bar_button(desk.actions, key, _NAME)
