"""The command ``chart``: options to an order, what was made in sentences."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gridadmin.app.charting import (
    ChartOrder,
    ChartsMade,
    base_map_of,
    make_charts,
    sheets_waiting,
    user_templates,
)
from gridadmin.app.session import Session
from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.texts import sentence
from gridadmin.chart.choice import LAYERS, ChartChoice
from gridadmin.chart.template_reading import load_template
from gridadmin.chart.tiling import Orientation, Paper, Tiles
from gridadmin.cli.console import FINE, TerminalProgress, voice, write_json
from gridadmin.cli.telling import MOST_LINES, tell_rest
from gridadmin.tiles.opening import open_local

_QUIET = frozenset({"names"})
"""Notes that are figures and no warnings."""


@dataclass(frozen=True)
class ChartRequest:
    """What the command line asks for."""

    template: str
    choice: ChartChoice
    area: str | None = None
    series: str = ""
    dpi: float = 150.0
    basemap: Path | None = None
    basemap_crs: str = ""
    tiles: Tiles | None = None


def make_chart(project: Path, out: Path, request: ChartRequest, json: str | None) -> int:
    """Make charts, say what was made; return the exit code.

    Raises: InputError ``chart.…``, ``render.cannot_paint``, SchemeError, EditError, StoreError,
    Cancelled.
    """
    template = load_template(request.template, user_templates())
    try:
        from ui.chart_making import QtChartPainter
    except ImportError as fault:
        raise InputError("render.cannot_paint", why=str(fault)) from fault
    painter = QtChartPainter()
    # Writing is for the log of exports alone.
    opened, _ = Session.open_for_window(project)
    order = ChartOrder(
        template, request.choice, request.area, request.series, request.dpi, request.tiles
    )
    with opened as session, TerminalProgress() as progress, ExitStack() as files:
        rasters = None
        if request.basemap is not None:
            tiles = files.enter_context(open_local(request.basemap, request.basemap_crs))
            rasters = base_map_of(session, tiles)
        try:
            made = make_charts(session, order, out, painter, rasters, progress)
        except Cancelled:
            folder, count = sheets_waiting(out)
            if count:
                voice.say("cli.charts_wait", count=count, folder=folder)
            raise
    write_json(made_json(made), json)
    _tell(made, out)
    return FINE


def tiles_of(
    paper: str | None, overlap_mm: float, orientation: str = "auto", *, has_marks: bool = True
) -> Tiles | None:
    """Return how sheets are cut for a printer. Raises: InputError ``chart.bad_overlap``."""
    if paper is None:
        return None
    return Tiles(Paper(str(paper)), overlap_mm, Orientation(str(orientation)), has_marks)


def layers_of(hide: str) -> frozenset[str]:
    """Return the layers that aren't shown. Raises: InputError ``chart.unknown_layer``."""
    hidden = [word.strip() for word in hide.split(",") if word.strip()]
    for word in hidden:
        if word not in LAYERS:
            raise InputError("chart.unknown_layer", layer=word, known=", ".join(LAYERS))
    return frozenset(hidden)


def day_of(text: str) -> str:
    """Return a day in ISO 8601, empty as it is. Raises: InputError ``input.bad_day``."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as fault:
        raise InputError("input.bad_day", day=text) from fault


def size_of(text: str | None) -> tuple[float | None, float | None]:
    """Return width and height in mm. Raises: InputError ``chart.bad_size``."""
    if text is None:
        return None, None
    parts = text.lower().replace("×", "x").replace("*", "x").split("x")
    try:
        width, height = (float(part) for part in parts)
    except ValueError as fault:
        raise InputError("chart.bad_size", size=text) from fault
    if not all(100 <= side <= 5000 for side in (width, height)):
        raise InputError("chart.bad_size", size=text)
    return width, height


def made_json(made: ChartsMade) -> dict[str, Any]:
    """Return what was made as JSON values."""
    return {
        "files": [str(path) for path in made.files],
        "sheets": made.sheets,
        "pages": made.pages,
        "kept": made.kept,
        "notes": [
            {"page": key, "code": note.code, **dict(note.params)} for key, note in made.notes
        ],
    }


def _tell(made: ChartsMade, out: Path) -> None:
    told = [(key, note) for key, note in made.notes if note.code not in _QUIET]
    for key, note in told[:MOST_LINES]:
        voice.tell(f"{key}  {sentence(f'chart.{note.code}', voice.lang, dict(note.params))}")
    tell_rest(len(told))
    if made.kept:
        voice.say("cli.charts_kept", count=made.kept)
    voice.say("cli.charts_made", path=out, sheets=made.sheets, pages=made.pages)
