"""Scenes of more than one map: second window, swipe, bookmarks with locator, colours, print."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtTest import QTest

from docs.stage import Stage
from gridadmin.edit.plan_commands import OpenPlan
from gridadmin.edit.reparent_commands import Reparent
from ui.maps.bookmark_dialog import BookmarkDialog
from ui.maps.look import Look
from ui.maps.print_dialog import PrintDialog
from ui.maps.states import BASE


def _change_of_plan(stage: Stage) -> None:
    """Open a plan and let a micro-grid change its grid."""
    stage.do(OpenPlan(stage.words("西片调整", "West side")))
    grid = stage.area("grid")
    heir = stage.neighbour(grid.uid)
    lots = [a for a in stage.snapshot.areas() if a.parent == grid.uid]
    near = sorted(lots, key=lambda lot: _distance(stage, lot.uid, heir.uid))
    stage.do(Reparent(near[0].uid, heir.uid))
    stage.show(grid.uid, heir.uid)


def _distance(stage: Stage, one: str, other: str) -> float:
    (x, y), (x0, y0, x1, y1) = stage.inside(one), stage.box(other)
    return abs(x - (x0 + x1) / 2) + abs(y - (y0 + y1) / 2)


def second_map(stage: Stage) -> None:
    """The borders as they were before the plan, beside the present ones."""
    _change_of_plan(stage)
    second = stage.window.maps.open_second()
    second.resize(720, 330)
    second.move(stage.window.pos().x() + 440, stage.window.pos().y() + 370)
    look = Look(BASE)
    second.bar.show_look(look)
    second.map.show_look(look)
    second.begin()
    stage.wait(lambda: second.map.pictures.snapshot is not None and second.map.view.is_sharp())


def swipe(stage: Stage) -> None:
    """Before and after a plan in one map."""
    _change_of_plan(stage)
    stage.act("map.swipe")
    QTest.qWait(500)
    stage.rest()


def bookmarks(stage: Stage) -> None:
    """Named views, and all land in the corner."""
    marks = stage.window.maps.bookmarks.marks
    stage.act("map.locator")
    for number in (0, 3):
        stage.show(stage.area("community", number).uid)
        marks.keep_view(marks.suggested_name(), is_own=False)
    stage.look(stage.inside(stage.area("grid", 4).uid), 900)
    marks.keep_view(stage.words("河边路口", "Crossing at the river"), is_own=True)
    stage.act("map.bookmarks")
    dialog = stage.find(BookmarkDialog, "bookmarks")
    dialog.move(stage.window.pos().x() + 130, stage.window.pos().y() + 160)


def colours(stage: Stage) -> None:
    """Areas by the type of compound in which most live."""
    for key in ("view.compound", "view.basemap", "view.roads", "view.buildings"):
        stage.act(key)
    stage.rest()


def print_view(stage: Stage) -> None:
    """The page before it is printed."""
    stage.show(stage.area("community").uid)
    stage.act("map.print")
    dialog = stage.find(PrintDialog, "print_view")
    dialog.move(stage.window.pos().x() + 240, stage.window.pos().y() + 130)
    stage.wait(lambda: dialog.preview.has_picture)


MAP_SCENES: Mapping[str, Callable[[Stage], None]] = {
    "second-map": second_map,
    "swipe": swipe,
    "bookmarks": bookmarks,
    "colours": colours,
    "print": print_view,
}
