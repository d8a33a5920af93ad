"""The commands that paint: pictures of the map, and charts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gridadmin.base.errors import InputError
from gridadmin.cli.arguments import Json, Project
from gridadmin.cli.console import FINE, TerminalProgress, voice
from gridadmin.domain.export_note import Profile


def render_map(
    project: Project,
    out: Annotated[Path, typer.Argument(metavar="OUT.png")],
    size: Annotated[str, typer.Option("--size", metavar="WxH")],
    area: Annotated[str | None, typer.Option("--area", metavar="CODE")] = None,
    bbox: Annotated[
        tuple[float, float, float, float] | None, typer.Option("--bbox", metavar="X0 Y0 X1 Y1")
    ] = None,
    basemap: Annotated[Path | None, typer.Option("--basemap", metavar="FILE")] = None,
    basemap_crs: Annotated[str, typer.Option("--basemap-crs", metavar="CRS")] = "",
    theme: Annotated[str, typer.Option("--theme", metavar="THEME")] = "plain",
) -> int:
    """Paint the map, or an area of it, as a picture."""
    try:
        from ui.canvas.render import Wanted, render_project
    except ImportError as fault:
        raise InputError("render.cannot_paint", why=str(fault)) from fault

    wanted = Wanted(size, area, bbox, basemap, theme, basemap_crs)
    with TerminalProgress() as progress:
        done = render_project(project, out, wanted, progress)
    voice.say("cli.rendered", path=out, width=done.width_px, height=done.height_px)
    if basemap is not None and not done.shows_basemap:
        voice.say("cli.basemap_elsewhere", file=basemap.name)
    return FINE


class ChartLanguage(StrEnum):
    """The languages of charts."""

    ZH = "zh"
    EN = "en"


class PrinterPaper(StrEnum):
    """The paper of printers for which large sheets are cut into tiles."""

    A4 = "a4"
    A3 = "a3"


class PaperLies(StrEnum):
    """How the paper of tiles lies."""

    AUTO = "auto"
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


def draw_charts(
    project: Project,
    out: Annotated[Path, typer.Argument(metavar="OUT")],
    template: Annotated[str, typer.Option("--template", metavar="TEMPLATE")],
    area: Annotated[str | None, typer.Option("--area", metavar="CODE")] = None,
    series: Annotated[str, typer.Option("--series", metavar="LEVEL")] = "",
    profile: Annotated[Profile, typer.Option("--profile")] = Profile.PUBLIC,
    chart_lang: Annotated[ChartLanguage, typer.Option("--chart-lang")] = ChartLanguage.ZH,
    scale: Annotated[
        int | None, typer.Option("--scale", metavar="N", min=50, max=10_000_000)
    ] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="WxH")] = None,
    bleed: Annotated[float | None, typer.Option("--bleed", metavar="MM", min=0.0, max=25.0)] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT")] = "",
    maker: Annotated[str, typer.Option("--maker", metavar="TEXT")] = "",
    secrecy: Annotated[str, typer.Option("--secrecy", metavar="TEXT")] = "",
    approval: Annotated[str, typer.Option("--approval", metavar="TEXT")] = "",
    qr: Annotated[str, typer.Option("--qr", metavar="URL")] = "",
    grid: Annotated[bool, typer.Option("--grid")] = False,
    no_staff: Annotated[bool, typer.Option("--no-staff")] = False,
    hide: Annotated[str, typer.Option("--hide", metavar="A,B")] = "",
    day: Annotated[str, typer.Option("--day", metavar="DATE")] = "",
    dpi: Annotated[float, typer.Option("--dpi", metavar="N", min=20.0, max=600.0)] = 150.0,
    basemap: Annotated[Path | None, typer.Option("--basemap", metavar="FILE")] = None,
    basemap_crs: Annotated[str, typer.Option("--basemap-crs", metavar="CRS")] = "",
    tiles: Annotated[PrinterPaper | None, typer.Option("--tiles")] = None,
    overlap: Annotated[float, typer.Option("--overlap", metavar="MM", min=0.0, max=50.0)] = 10.0,
    orientation: Annotated[PaperLies, typer.Option("--orientation")] = PaperLies.AUTO,
    no_marks: Annotated[bool, typer.Option("--no-marks")] = False,
    json: Json = None,
) -> int:
    """Make charts of an area, or one for each area of a level."""
    from gridadmin.chart.choice import ChartChoice
    from gridadmin.cli.charting import (
        ChartRequest,
        day_of,
        layers_of,
        make_chart,
        size_of,
        tiles_of,
    )

    width, height = size_of(size)
    choice = ChartChoice(
        profile=str(profile),
        lang=str(chart_lang),
        day=day_of(day),
        width_mm=width,
        height_mm=height,
        bleed_mm=bleed,
        scale=scale,
        title=title,
        maker=maker,
        secrecy=secrecy,
        approval=approval,
        qr_address=qr,
        has_grid=grid,
        has_staff=not no_staff,
        hidden=layers_of(hide),
    )
    request = ChartRequest(
        template,
        choice,
        area,
        series,
        dpi,
        basemap,
        basemap_crs,
        tiles_of(tiles, overlap, orientation, has_marks=not no_marks),
    )
    return make_chart(project, out, request, json)
