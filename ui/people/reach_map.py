"""The circles of reach over the map: around the facilities of one kind at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gridadmin.staffing.reach_circles import ReachCircles, circles_of
from ui.canvas.map_panel import MapPanel
from ui.canvas.overlay import Handles, Mark, Outline, Role, Thing
from ui.people import words
from ui.people.desk import PeopleDesk
from ui.people.reach_box import ReachBox
from ui.texts import tr

_NAME = "q reach"


class ReachMap(QObject):
    """Keeps the circles and what they say up with the people, while they are switched on."""

    def __init__(self, desk: PeopleDesk, panel: MapPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._panel = panel
        self._is_on = False
        self._kind = ""
        self.shown: ReachCircles | None = None
        """The circles over the map."""
        self.box: ReachBox | None = None
        """Made when the circles are first shown."""
        desk.actions.bind_switch("view.reach", self._switch, self._why_not)
        desk.staff.renewed.connect(self.refresh)

    def _why_not(self) -> str:
        bridge = self._desk.bridge
        if not bridge.is_open:
            return tr("没有打开的项目。")
        return "" if bridge.snapshot.scheme.facilities else tr("方案没有便民点、服务站这类设施。")

    def _switch(self, is_on: bool) -> None:
        self._is_on = is_on
        self._desk.staff.wake()
        self.refresh()

    def _close(self) -> None:
        self._desk.actions.action("view.reach").setChecked(False)
        self._switch(is_on=False)

    def _choose(self, kind: str) -> None:
        self._kind = kind
        self.refresh()

    def refresh(self) -> None:
        """Show the circles of the present state, or none."""
        book = self._desk.staff.book
        if not self._is_on or self._why_not():
            self._clear()
            return
        if book is None:
            return
        kinds = {one.key: words.term(one) for one in book.scheme.facilities}
        kind = self._kind if self._kind in kinds else next(iter(kinds))
        self._desk.staff.work_out(
            tr("计算步行圈"), lambda roll: circles_of(roll.book, kind), self._take
        )

    def _take(self, circles: ReachCircles) -> None:
        book = self._desk.staff.book
        if not self._is_on or book is None:
            return
        self.shown = circles
        box = self._made_box()
        names = {one.key: words.term(one) for one in book.scheme.facilities}
        box.offer(names, circles.facility.key)
        box.tell(circles, names[circles.facility.key])
        self._panel.view.overlay.put(_NAME, _things(circles))

    def _made_box(self) -> ReachBox:
        if self.box is None:
            self.box = ReachBox(self._panel)
            self.box.kind_chosen.connect(self._choose)
            self.box.unit_wanted.connect(self._desk.context.select_and_show)
            self.box.closed.connect(self._close)
        return self.box

    def _clear(self) -> None:
        self.shown = None
        if self.box is not None:
            self.box.hide()
        self._panel.view.overlay.put(_NAME, [])


def _things(circles: ReachCircles) -> list[Thing]:
    things: list[Thing] = []
    if circles.beyond:
        things.append(Outline(circles.beyond, Role.BEYOND, is_filled=True))
    if circles.within:
        things.append(Outline(circles.within, Role.REACH, is_filled=True))
    if len(circles.places):
        things.append(Handles(circles.places, Mark.FACILITY))
    return things
