"""Scenes of the tools on the map, each with what it is for under way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QSpinBox, QToolButton

from docs.stage import CTRL, SHIFT, Stage, beside, place_of
from gridadmin.domain.model import AreaKind
from gridadmin.edit.area_commands import Delete
from ui.canvas.viewport import Place
from ui.dialogs.preview_dialog import PreviewDialog
from ui.tools.draw_strip import Shape, Take


def _select(stage: Stage) -> None:
    grid = stage.area("grid", 3)
    stage.show(grid.uid, stage.neighbour(grid.uid).uid)
    stage.click(stage.inside(grid.uid))
    stage.click(stage.inside(stage.neighbour(grid.uid).uid), CTRL)


def _adjust(stage: Stage) -> None:
    grid = stage.area("grid", 3)
    vertex = stage.vertex_between(grid.uid, stage.neighbour(grid.uid).uid)
    stage.show(grid.uid, margin_m=20)
    stage.act("tool.adjust")
    stage.drag(vertex, (vertex[0] + 12, vertex[1] + 30))


def _stretch(stage: Stage) -> None:
    line = _long_border(stage)
    stage.act("tool.adjust")
    start = beside(line, 0)
    stage.drag(start, beside(line, 40), SHIFT)


def _align(stage: Stage) -> None:
    line = _long_border(stage)
    stage.act("tool.adjust")
    middle = place_of(line[len(line) // 2])
    stage.drag(middle, (middle[0] + 15, middle[1] + 40), drop=True)
    stage.press(Qt.Key.Key_B)
    stage.press(Qt.Key.Key_K)


def _offset(stage: Stage) -> None:
    line = _long_border(stage)
    stage.act("tool.adjust")
    stage.click(beside(line, 0))
    stage.press(Qt.Key.Key_2)
    QTest.keyClicks(stage.find(QLineEdit, "shift_metres"), "5")


def _cut(stage: Stage) -> None:
    point, among_buildings = (494.433, -1013.621), (533.235, -1091.538)
    stage.look(point, 360)
    stage.act("tool.adjust")
    stage.drag(point, among_buildings)


def _give(stage: Stage) -> None:
    micro = stage.area("micro_grid", 8)
    place, taker = stage.inside(micro.uid), stage.inside(stage.neighbour(micro.uid).uid)
    stage.show(micro.uid)
    stage.do(Delete(micro.uid))
    stage.act("tool.give")
    stage.click(place)
    stage.hover(taker)


def _split(stage: Stage) -> None:
    micro = stage.area("micro_grid", 8)
    x0, y0, x1, y1 = stage.box(micro.uid)
    y = y0 + (y1 - y0) * 0.3
    stage.show(micro.uid)
    stage.select(micro.uid)
    stage.act("tool.split")
    stage.click((x0 - 12, y))
    stage.hover((x1 + 12, y))


def _parts(stage: Stage) -> None:
    grid = stage.area("grid", 4)
    stage.show_left(grid.uid)
    stage.select(grid.uid)
    stage.act("edit.split_parts")
    stage.find(QSpinBox, "split_parts").setValue(3)
    stage.choose("split_children", "whole")
    _wait_for_preview(stage)


def _by_roads(stage: Stage) -> None:
    grid = stage.area("grid", 3)
    stage.show_left(grid.uid)
    stage.select(grid.uid)
    stage.act("edit.split_parts")
    stage.choose("split_way", "roads")
    stage.choose("split_children", "whole")
    _wait_for_preview(stage)


def _merge(stage: Stage) -> None:
    micro = stage.area("micro_grid", 8)
    stage.show_left(micro.uid, stage.neighbour(micro.uid).uid)
    stage.select(micro.uid, stage.neighbour(micro.uid).uid)
    stage.act("edit.merge")
    _wait_for_preview(stage)


def _redraw(stage: Stage) -> None:
    line = _long_border(stage)
    stage.act("tool.redraw")
    stage.click(beside(line, 0, 0.85))
    for metres, share in ((-55, 0.7), (-70, 0.45)):
        stage.click(beside(line, metres, share))
    stage.hover(beside(line, 0, 0.2))


def _draw(stage: Stage) -> None:
    corners = _corners(stage, 4)
    stage.act("tool.draw")
    stage.choose("draw_level", "micro_grid")
    stage.choose("draw_take", Take.ALL)
    for corner in corners[:3]:
        stage.click(corner)
    stage.hover(corners[3])


def _rectangle(stage: Stage) -> None:
    corners = _corners(stage, 4)
    stage.act("tool.draw")
    stage.choose("draw_shape", Shape.RECTANGLE)
    stage.choose("draw_level", "micro_grid")
    stage.choose("draw_take", Take.ALL)
    stage.drag(corners[0], corners[2])


def _island(stage: Stage) -> None:
    corners = _corners(stage, 4)
    stage.act("tool.draw")
    stage.choose("draw_shape", Shape.SQUARE)
    stage.choose("draw_level", "grid")
    stage.choose("draw_kind", (AreaKind.EXCLUSIVE, "school"))
    stage.choose("draw_take", Take.ALL)
    for corner in corners[:3]:
        stage.click(corner)
    stage.hover(corners[3])


def _trace(stage: Stage) -> None:
    line = _long_border(stage)
    stage.act("tool.measure")
    stage.click(beside(line, 0, 0.9))
    stage.press(Qt.Key.Key_T)
    stage.hover(beside(line, 0, 0.1))


def _numbers(stage: Stage) -> None:
    line = _long_border(stage)
    stage.act("tool.split")
    stage.click(beside(line, 0, 0.5))
    stage.hover(beside(line, -60, 0.5))
    stage.press(Qt.Key.Key_8)
    QTest.keyClicks(stage.find(QLineEdit, "entry_distance"), "0")


def _measure(stage: Stage) -> None:
    corners = _corners(stage, 4)
    stage.act("tool.measure")
    for corner in corners[:3]:
        stage.click(corner)
    stage.hover(corners[3])


def _paint(stage: Stage) -> None:
    grid, other = stage.area("grid", 3), stage.neighbour(stage.area("grid", 3).uid)
    stage.show(grid.uid, other.uid, margin_m=0)
    line = stage.line_between(grid.uid, other.uid)
    stage.select(grid.uid)
    stage.act("tool.paint")
    into = 1 if stage.is_left_of(line, stage.inside(other.uid)) else -1
    stage.drag(beside(line, 60 * into, 0.3), beside(line, 60 * into, 0.8))


def _simplify(stage: Stage) -> None:
    community = stage.area("community", 0)
    stage.show_left(community.uid)
    stage.select(community.uid)
    stage.act("edit.simplify")
    _wait_for_preview(stage)


def _copy(stage: Stage) -> None:
    place = _compound(stage)
    stage.look(place, 400)
    stage.hover(place)
    stage.window.map_panel.view.menu_wanted.emit(
        stage.window.map_panel.view.pointer(), stage.on_screen(place) + QPoint(60, -260)
    )
    menu = stage.menu()
    named = [one.objectName() for one in menu.actions()]
    # The entry below the one that says what it is.
    menu.setActiveAction(menu.actions()[named.index("see-compound") + 1])


def _layers(stage: Stage) -> None:
    stage.look(_compound(stage), 420)
    button = stage.find(QToolButton, "layers_button")
    menu = button.menu()
    corner = button.mapToGlobal(QPoint(button.width(), 0))
    menu.popup(corner - QPoint(menu.sizeHint().width(), menu.sizeHint().height()))


def _lock(stage: Stage) -> None:
    line = _long_border(stage)
    stage.click(beside(line, 0))
    stage.rest()
    field = stage.find(QLineEdit, "lock-reason")
    field.setText(stage.words("有争议，暂不调整", "Under discussion"))


def _exempt(stage: Stage) -> None:
    exempt = next(iter(stage.snapshot.rows("exempt").values()))
    place = stage.inside_exempt(exempt.uid)
    stage.look(place, 700)
    stage.window.context.selection.select_face(place)
    stage.rest()
    stage.find(QPushButton, "exempt-edit").click()


def _long_border(stage: Stage) -> np.ndarray:
    """Show a border between two grids, and return it from end to end."""
    grid = stage.area("grid", 3)
    line = stage.line_between(grid.uid, stage.neighbour(grid.uid).uid)
    low, high = line.min(axis=0), line.max(axis=0)
    stage.look(place_of((low + high) / 2), float(max(high - low)) * 1.5)
    return line


def _corners(stage: Stage, count: int) -> list[Place]:
    """Show a grid, and return the corners of a slanted square inside."""
    grid = stage.area("grid", 4)
    stage.show(grid.uid, margin_m=0)
    x0, y0, x1, y1 = stage.box(grid.uid)
    middle, radius = ((x0 + x1) / 2, (y0 + y1) / 2), min(x1 - x0, y1 - y0) / 4
    turns = np.radians(np.arange(count) * 360 / count + 50)
    return [
        (middle[0] + radius * float(np.cos(turn)), middle[1] + radius * float(np.sin(turn)))
        for turn in turns
    ]


def _compound(stage: Stage) -> Place:
    """Return a place inside the largest compound."""
    shapes = stage.ground.compounds.shapes
    largest = shapes[int(shapely.area(shapes).argmax())]
    return place_of(shapely.get_coordinates(shapely.point_on_surface(largest))[0])


def _wait_for_preview(stage: Stage) -> None:
    """Wait until a dialog shows what it would do."""

    def is_shown() -> bool:
        return any(one.shown for one in stage.window.findChildren(PreviewDialog))

    stage.wait(is_shown)


TOOL_SCENES: Mapping[str, Callable[[Stage], None]] = {
    "select": _select,
    "adjust": _adjust,
    "stretch": _stretch,
    "offset": _offset,
    "align": _align,
    "cut": _cut,
    "redraw": _redraw,
    "split": _split,
    "parts": _parts,
    "by-roads": _by_roads,
    "merge": _merge,
    "draw": _draw,
    "rectangle": _rectangle,
    "island": _island,
    "trace": _trace,
    "numbers": _numbers,
    "copy": _copy,
    "paint": _paint,
    "give": _give,
    "measure": _measure,
    "simplify": _simplify,
    "layers": _layers,
    "lock": _lock,
    "exempt": _exempt,
}
