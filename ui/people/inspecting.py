"""Which page about people the inspector shows of a selection."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gridadmin.staffing.seats import SeatRoll
from ui.panels.inspector import Inspector
from ui.panels.page import Page
from ui.people.body_words import BODIES, LISTED, posts
from ui.people.desk import PeopleDesk
from ui.people.works import Works
from ui.selection import Selected


class PeopleInspecting(QObject):
    """Makes the pages while the workspace of people is in use."""

    def __init__(self, inspector: Inspector, desk: PeopleDesk, works: Works) -> None:
        super().__init__(inspector)
        self._inspector = inspector
        self._desk = desk
        self._works = works
        self._is_in_use = False
        desk.staff.renewed.connect(self._follow)

    def enter(self, *, is_in_use: bool) -> None:
        """Show pages about people, or the usual ones."""
        self._is_in_use = is_in_use
        self._inspector.use_pages(self.made if is_in_use else None)

    def _follow(self) -> None:
        if self._is_in_use:
            self._inspector.refresh_soon()

    def made(self, now: Selected) -> Page | None:
        """Return the page of a selection, None where it isn't about people."""
        roll = self._desk.staff.roll
        if roll is None:
            return None
        desk, people, works = self._inspector.desk, self._desk, self._works
        book = roll.book
        if now.person is not None and now.person in book.persons:
            from ui.people.person_page import PersonPage

            return PersonPage(desk, people, roll, works, book.persons[now.person])
        if now.organization is not None and now.organization in book.organizations:
            from ui.people.unit_page import UnitPage

            return UnitPage(desk, people, roll, works, book.organizations[now.organization])
        if now.thing is not None:
            return self._body_page(now.thing, roll)
        return self._page_of_areas(now, roll)

    def _page_of_areas(self, now: Selected, roll: SeatRoll) -> Page | None:
        """Return the page of one area, or of the whole project while nothing is selected."""
        desk, people, works = self._inspector.desk, self._desk, self._works
        if now.is_empty:
            from ui.people.overview_page import OverviewPage

            return OverviewPage(desk, people, roll, works)
        area = desk.snapshot.rows("area").get(now.areas[0]) if len(now.areas) == 1 else None
        if area is None or area.valid_to is not None:
            return None
        from ui.people.team_page import TeamPage

        return TeamPage(desk, people, roll, works, area)

    def _body_page(self, thing: tuple[str, str], roll: SeatRoll) -> Page | None:
        """Return the page of a body, or of an object of the map that a post may stand on."""
        table, uid = thing
        row = self._desk.bridge.snapshot.rows(table).get(uid)
        if row is None or getattr(row, "valid_to", None) is not None:
            return None
        if table not in BODIES and not posts(roll.book, table, row):
            return None
        if table == "line_object" and row.kind not in LISTED and not posts(roll.book, table, row):
            return None
        from ui.people.body_page import BodyPage

        return BodyPage(self._inspector.desk, self._desk, roll, self._works, thing)
