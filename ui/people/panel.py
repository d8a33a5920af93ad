"""The drawer of people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QToolButton, QWidget

from ui.panels.page_drawer import DrawerPage, DrawerWords, PageDrawer, bar_button
from ui.people.desk import PageSpec, PeopleDesk
from ui.people.pages import PAGES
from ui.texts import tr

if TYPE_CHECKING:
    from ui.people.found import Found

BUTTONS: tuple[str, ...] = ("people.assign", "people.end")
"""The actions that have a button in the title of the drawer."""
_NAME = "people"
_FINDINGS = "findings"


class PeoplePanel(PageDrawer):
    """The drawer; its pages share the seats that are chosen."""

    def __init__(
        self, desk: PeopleDesk, pages: Sequence[PageSpec] = PAGES, parent: QWidget | None = None
    ) -> None:
        words = DrawerWords(_NAME, tr("人员"), tr("人员视图"), tr("收起人员面板"))
        made = [DrawerPage(spec.key, spec.title, partial(spec.make, desk)) for spec in pages]
        super().__init__(words, made, parent)
        self._desk = desk
        self._found: Found | None = None
        self._titles = {spec.key: spec.title for spec in pages}
        desk.staff.renewed.connect(self._look)

    def bar_buttons(self) -> list[QToolButton]:
        """Return the buttons that stand in the title."""
        return [bar_button(self._desk.actions, key, _NAME) for key in BUTTONS]

    def showEvent(self, event: QShowEvent) -> None:
        """Read the people when somebody first looks at them."""
        self._desk.staff.wake()
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the findings rest while nobody looks."""
        super().hideEvent(event)
        if self._found is not None:
            self._found.watch(is_watched=False)

    # Findings

    def _look(self) -> None:
        """Have the people looked at once they are read: the tab says how much weighs."""
        if not self.isVisible() or not self._desk.staff.is_up_to_date:
            return
        if self._found is None:
            # Only here: the rules take their time to come in.
            from ui.people.found import Found

            self._found = Found.of(self._desk.context)
            self._found.renewed.connect(self._count)
        self._found.watch(is_watched=True)
        self._count()

    def _count(self) -> None:
        count = None if self._found is None else self._found.weighing
        if _FINDINGS in self._titles:
            title = tr(self._titles[_FINDINGS])
            self.retitle(_FINDINGS, f"{title} {count:,}" if count else title)
