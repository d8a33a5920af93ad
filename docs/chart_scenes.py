"""Scenes of the workspace of charts: the sheet, a series, the size on paper, moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from docs.stage import NONE, Stage
from gridadmin.chart.tiling import Tiles
from ui.charts.panel import ChartPanel
from ui.charts.tiles_dialog import TilesDialog, WantedSheets
from ui.charts.view import SheetView

_LEFT = Qt.MouseButton.LeftButton
_MAKER = ("样例区民政局（虚构）", "Sample district (made up)")
_COMMUNITY, _GRID = "990001003006", "990001003005003"
_NUMBER = "示例S（2026）012号"


def _charts(stage: Stage, template: str = "") -> ChartPanel:
    """Go to the workspace of charts; the first sheet of a template stands."""
    stage.window.choose_workspace("charts")
    stage.window.docks["tree"].hide()
    _made(stage)
    if template:
        stage.choose("chart_template", template)
        box = stage.window.charts.panel.choices.template
        box.activated.emit(box.currentIndex())
        _made(stage)
    return stage.window.charts.panel


def _made(stage: Stage) -> None:
    """Wait until the sheet is made and painted."""
    sheets, view = stage.window.charts.sheets, stage.window.charts.panel.view
    stage.wait(lambda: sheets.page is not None and not sheets.is_busy and view.is_sharp)


def _look_at(stage: Stage, panel: ChartPanel, code: str) -> None:
    """Choose the sheet of an area in the list of pages."""
    rows = panel.pages.list
    row = next(n for n in range(rows.count()) if rows.item(n).text().endswith(f"\n{code}"))
    rows.setCurrentRow(row)
    sheets = stage.window.charts.sheets
    stage.wait(lambda: bool(sheets.pages) and sheets.orders[sheets.number].area.code == code)
    _made(stage)


def _wall(stage: Stage) -> None:
    """A wall chart of the whole project."""
    _charts(stage)


def _series(stage: Stage) -> None:
    """One sheet for each community, with an index."""
    panel = _charts(stage, "community-a3")
    _look_at(stage, panel, _COMMUNITY)


def _true_size(stage: Stage) -> None:
    """The sheet as large as on paper, and a name that is being moved."""
    panel = _charts(stage, "community-a3")
    _look_at(stage, panel, _COMMUNITY)
    stage.act("chart.true_size")
    _made(stage)
    view = panel.view
    page = stage.window.charts.sheets.page
    if page is None:
        raise LookupError("page")
    room = QPointF(view.rect().center())
    grids = {area.uid for area in stage.snapshot.areas() if area.level == "grid"}
    uid = min(
        page.labels.keys() & grids,
        key=lambda one: (view.place.rect(page.labels[one]).center() - room).manhattanLength(),
    )
    begin = view.place.rect(page.labels[uid]).center().toPoint()
    _hold(view, begin, QPoint(64, -46))


def _frame(stage: Stage) -> None:
    """The corner of the map's frame is being dragged."""
    panel = _charts(stage, "grid-card")
    _look_at(stage, panel, _GRID)
    page = stage.window.charts.sheets.page
    if page is None or page.view is None:
        raise LookupError("page")
    corner = panel.view.place.rect(page.view.frame).bottomRight().toPoint()
    _hold(panel.view, corner, QPoint(-60, -50))


def _hold(view: SheetView, begin: QPoint, shift: QPoint) -> None:
    """Drag and don't let go."""
    QTest.mouseMove(view, begin)
    QTest.mousePress(view, _LEFT, NONE, begin)
    for step in range(1, 5):
        QTest.mouseMove(view, begin + shift * step / 4)


def _words(stage: Stage) -> None:
    """What stands on the sheet: who made it, the approval, the address of the QR code."""
    panel = _charts(stage)
    for name, text in (
        ("chart_maker", stage.words(*_MAKER)),
        ("chart_approval", _NUMBER),
        ("chart_qr", "https://example.org/grids"),
    ):
        edit = stage.find(QLineEdit, name)
        edit.setText(text)
        edit.textEdited.emit(text)
        edit.editingFinished.emit()
    _made(stage)
    stage.find(QPushButton, "chart_keep_approval").click()
    stage.rest()
    _made(stage)
    bar = panel.choices.verticalScrollBar()
    bar.setValue(bar.maximum())


def _tiles(stage: Stage) -> None:
    """A large sheet on small paper."""
    _charts(stage)
    sheets = stage.window.charts.sheets
    wanted = WantedSheets(sheets.pages, 1, sheets.wish.choice.lang)
    dialog = TilesDialog(wanted, Tiles(), stage.window)
    dialog.show()
    dialog.move(stage.window.pos() + QPoint(250, 130))
    stage.rest()


CHART_SCENES: Mapping[str, Callable[[Stage], None]] = {
    "chart-wall": _wall,
    "chart-series": _series,
    "chart-name": _true_size,
    "chart-frame": _frame,
    "chart-words": _words,
    "chart-tiles": _tiles,
}
