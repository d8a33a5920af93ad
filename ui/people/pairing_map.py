"""The lines of pairings over the map: of the selected unit or place, or of all when switched on."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.pairing_lines import PairingStar, stars_of
from ui.canvas.overlay import Handles, Mark, Outline, Role, Tag, Thing
from ui.canvas.view import MapView
from ui.people.desk import PeopleDesk
from ui.texts import tr

_NAME = "r pairings"
_MOST_LINES = 600
_MOST_NAMES = 6
"""More names than this would cover the map."""


class PairingMap(QObject):
    """Keeps the lines up with selection, people and switch; in the workspace of people alone."""

    def __init__(self, desk: PeopleDesk, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._view = view
        self._is_in_use = self._is_on = False
        self.shown: list[PairingStar] = []
        """The units whose lines are shown."""
        desk.actions.bind_switch("view.pairings", self._switch)
        desk.staff.renewed.connect(self.refresh)
        desk.context.selection.changed.connect(self.refresh)

    def enter(self, *, is_in_use: bool) -> None:
        """Show lines while the workspace of people is in use."""
        self._is_in_use = is_in_use
        self.refresh()

    def _switch(self, is_on: bool) -> None:
        self._is_on = is_on
        self._desk.staff.wake()
        self.refresh()

    def refresh(self) -> None:
        """Show the lines of what is selected now."""
        book = self._desk.staff.book
        self.shown = [] if book is None else self._stars(book)
        self._view.overlay.put(_NAME, self._things())

    def _stars(self, book: StaffBook) -> list[PairingStar]:
        now = self._desk.context.selection.now
        if now.organization is not None and (self._is_in_use or self._is_on):
            return stars_of(book, [now.organization])
        if not self._is_on:
            return []
        here = [one.organization for uid in now.areas for one in book.pairings_on(uid)]
        return stars_of(book, here or None)

    def _things(self) -> list[Thing]:
        lines, count = [], 0
        things: list[Thing] = []
        for star in self.shown:
            for place in star.places:
                if place != star.hub and count < _MOST_LINES:
                    lines.append(np.array([star.hub, place]))
                    count += 1
        if lines:
            things.append(Outline(lines, Role.COMING))
        ends = [place for star in self.shown for place in star.places][:_MOST_LINES]
        if ends:
            things.append(Handles(np.array(ends), Mark.NODE))
        if len(self.shown) <= _MOST_NAMES:
            for star in self.shown:
                count = len(star.places)
                told = [star.organization.name, tr("结对 {n} 处", n=count)]
                things.append(Tag(star.hub, [told]))
        return things
