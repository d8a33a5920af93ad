"""Scenes of more than one map: second window, swipe, bookmarks with locator, colours, print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import fiona
from PySide6.QtTest import QTest

from docs.stage import Stage
from gridadmin.edit.plan_commands import OpenPlan
from gridadmin.edit.reparent_commands import Reparent
from gridadmin.exchange.import_source import plane_of
from ui.maps.bookmark_dialog import BookmarkDialog
from ui.maps.look import Look
from ui.maps.print_dialog import PrintDialog
from ui.maps.reference_dialog import ReferenceDialog
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


def references(stage: Stage) -> None:
    """A patrol and lots of another office over the map."""
    stage.show(stage.area("community", 5).uid)
    x, y = stage.inside(stage.area("community", 5).uid)
    route = _file(
        stage,
        stage.words("巡查路线", "Patrol"),
        [
            (
                "LineString",
                [[x - 700, y], [x - 200, y + 260], [x + 250, y - 120], [x + 600, y + 180]],
            )
        ],
    )
    lots = _file(
        stage,
        stage.words("储备地块", "Reserved land"),
        [("Polygon", [_square(x - 500 + 450 * n, y - 420 + 300 * (n % 2))]) for n in range(3)],
    )
    stage.act("map.references")
    dialog = stage.find(ReferenceDialog, "references")
    dialog.move(stage.window.pos().x() + 690, stage.window.pos().y() + 150)
    dialog.add_files([route, lots])
    layers = stage.window.maps.references
    stage.wait(lambda: not any(layers.reading(one).is_under_way for one in layers.all()))
    dialog.filled.click()


def _square(x: float, y: float) -> list[list[float]]:
    return [[x, y], [x + 260, y], [x + 260, y + 200], [x, y + 200], [x, y]]


def _file(stage: Stage, name: str, shapes: Sequence[tuple[str, list[Any]]]) -> Path:
    """Write shapes in local metres into a file of that name, called by it."""
    plane = plane_of(stage.snapshot)
    if plane is None:
        raise LookupError(name)
    dx, dy = (mm / 1000 for mm in stage.snapshot.origin_mm)
    schema = {"geometry": shapes[0][0], "properties": {"name": "str"}}
    path = stage.folder / f"{name}.fgb"
    with fiona.open(path, "w", driver="FlatGeobuf", crs=plane.crs.to_wkt(), schema=schema) as file:
        for number, (kind, lines) in enumerate(shapes, 1):
            rings = lines if kind == "Polygon" else [lines]
            moved = [[[x + dx, y + dy] for x, y in ring] for ring in rings]
            shape = {"type": kind, "coordinates": moved if kind == "Polygon" else moved[0]}
            title = f"{name} {number}" if len(shapes) > 1 else name
            file.write({"geometry": shape, "properties": {"name": title}})
    return path


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
    "references": references,
    "print": print_view,
}
