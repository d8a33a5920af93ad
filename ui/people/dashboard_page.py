"""The dashboard: seats by street and by kind, people sent by unit, cadres by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from gridadmin.staffing.bars import Bar, Bars, bars_of
from ui.people import words
from ui.people.bar_list import BarList
from ui.people.desk import PeopleDesk
from ui.people.late_page import LatePage
from ui.texts import tr


class DashboardPage(LatePage):
    """Four charts side by side; each bar leads to what it is about."""

    place_wanted = Signal(str)
    post_wanted = Signal(str)
    unit_wanted = Signal(str)

    def __init__(self, desk: PeopleDesk) -> None:
        super().__init__(desk)
        self._desk = desk
        seats = tr("在岗 / 全部席位")
        self.places = BarList("bars-places", tr("按街道"), seats, is_share=True)
        self.posts = BarList("bars-posts", tr("按岗位类别"), seats, is_share=True)
        self.units = BarList("bars-units", tr("按派出单位"), tr("已派 / 应派人数"))
        self.ranks = BarList("bars-ranks", tr("按职级"), tr("下沉干部人数，按人计，不按人次"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for chart in (self.places, self.posts, self.units, self.ranks):
            row.addWidget(chart, 1)
        self.places.wanted.connect(self.place_wanted)
        self.posts.wanted.connect(self.post_wanted)
        self.units.wanted.connect(self.unit_wanted)

    def read(self) -> bool:
        """Count the people as they are now."""
        if self._desk.staff.roll is None:
            for chart in (self.places, self.posts, self.units, self.ranks):
                chart.take(())
            return False
        self._desk.staff.work_out(tr("统计看板"), bars_of, self._take)
        return True

    def _take(self, found: Bars) -> None:
        book = self._desk.staff.book
        has_streets = book is not None and bool(book.areas("street"))
        self.places.heading.setText(tr("按街道") if has_streets else tr("按社区（村）"))
        self.places.take(found.places)
        self.posts.take(self._named(found.posts))
        self.units.take(found.units)
        self.ranks.take(found.ranks)

    def _named(self, bars: Sequence[Bar]) -> list[Bar]:
        """Return the bars of posts with their names in the language in use."""
        book = self._desk.staff.book
        posts = {} if book is None else book.posts
        return [replace(bar, name=words.term(posts[bar.key])) for bar in bars]
