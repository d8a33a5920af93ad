"""The commands and their options; each hands over to the service that does the work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gridadmin import __version__
from gridadmin.base.errors import InputError
from gridadmin.cli.arguments import Json, Project
from gridadmin.cli.console import FINE, LISTED, TerminalProgress, voice, write_json
from gridadmin.cli.people_commands import (
    assign_people,
    export_people,
    import_people,
    list_exports,
    staffing_report,
)
from gridadmin.cli.publishing import fetch_release, publish_project
from gridadmin.cli.words import Command, Group, examples, translate_options, word
from gridadmin.domain.export_note import Profile

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class TextEncoding(StrEnum):
    """What the text of a Shapefile may be in."""

    UTF_8 = "utf-8"
    GBK = "gbk"


Functions = Mapping[str, Callable[..., int]]


def build() -> Callable[..., object]:
    """Return the command tree with its help in the language of this run."""
    app.registered_commands.clear()
    app.registered_callback = None
    app.callback(cls=Group, help=word("app"), invoke_without_command=True)(_root)
    app.registered_groups.clear()
    for name, function in _COMMANDS.items():
        app.command(name, cls=Command, help=word(name), epilog=examples(name))(function)
    for name, functions in _GROUPS.items():
        group = _group(name, functions)
        app.add_typer(group, name=name, cls=Group, help=word(name), epilog=examples(name))
    tree = typer.main.get_command(app)
    if isinstance(tree, Group):
        translate_options(tree)
    return tree


def _group(name: str, functions: Functions) -> typer.Typer:
    """Return a command that has commands of its own."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)
    for own, function in functions.items():
        key = f"{name}_{own}"
        group.command(own, cls=Command, help=word(key), epilog=examples(key))(function)
    return group


def _root(
    version: Annotated[bool, typer.Option("--version")] = False,
    lang: Annotated[str, typer.Option("--lang", metavar="zh|en")] = "",
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
) -> None:
    """Options that may stand before or after any command; the last two are read beforehand."""
    del lang, quiet
    if version:
        sys.stdout.write(f"gridadmin {__version__}\n")
        raise typer.Exit


Layer = Annotated[str | None, typer.Option("--layer", metavar="LAYER")]
Crs = Annotated[str | None, typer.Option("--crs", metavar="CRS")]
Snap = Annotated[
    float | None,
    typer.Option("--snap", metavar="M", min=0.0, max=10.0),
]


def _new(
    project: Project,
    scheme: Annotated[str, typer.Option("--scheme", metavar="SCHEME")],
    root: Annotated[str | None, typer.Option("--root", metavar="CODE")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME")] = None,
    no_units: Annotated[bool, typer.Option("--no-units")] = False,
    package: Annotated[Path | None, typer.Option("--package", metavar="FILE")] = None,
) -> int:
    if package is not None:
        from gridadmin.app.receiving import new_project_of, read_package

        with TerminalProgress() as progress:
            new_project_of(project, read_package(package, progress), scheme, progress)
        voice.say("cli.created", path=project)
        return FINE
    from gridadmin.app.creation import new_project

    new_project(project, scheme, root=root, name=name, with_units=not no_units)
    voice.say("cli.created", path=project)
    return FINE


def _import(
    project: Project,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    level: Annotated[str, typer.Option("--level", metavar="LEVEL")],
    layer: Layer = None,
    code: Annotated[str | None, typer.Option("--code", metavar="COL")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="COL")] = None,
    parent: Annotated[str | None, typer.Option("--parent", metavar="COL")] = None,
    crs: Crs = None,
    swap_xy: Annotated[bool, typer.Option("--swap-xy")] = False,
    snap: Snap = None,
    replace: Annotated[bool, typer.Option("--replace")] = False,
    preview_only: Annotated[bool, typer.Option("--preview-only")] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT")] = None,
    approver: Annotated[str | None, typer.Option("--approver", metavar="NAME")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE")] = None,
    json: Json = None,
) -> int:
    if level == "reference":
        from gridadmin.cli.packages import take_reference

        return take_reference(project, file, json, preview_only=preview_only)
    if level == "ledger":
        return _import_ledger(project, file, json, preview_only=preview_only)
    from gridadmin.app.importing import Request, import_file
    from gridadmin.cli.telling import tell_import

    request = Request(
        file,
        level,
        layer=layer,
        code=code,
        name=name,
        parent=parent,
        crs=crs,
        swap_xy=swap_xy,
        snap_m=snap,
        replaces=replace,
        reason=reason,
        approver=approver,
        until=until,
    )
    with TerminalProgress() as progress:
        result = import_file(project, request, preview_only=preview_only, progress=progress)
    write_json(result, json)
    tell_import(result)
    return LISTED if result["disputed"] or result["left_out"] else FINE


def _import_ledger(project: Path, file: Path, json: str | None, *, preview_only: bool) -> int:
    from gridadmin.app.ledger import import_ledger
    from gridadmin.cli.telling import tell_ledger

    with TerminalProgress() as progress:
        result = import_ledger(project, file, preview_only=preview_only, progress=progress)
    write_json(result, json)
    tell_ledger(result)
    return LISTED if result["problems"] else FINE


def _info(project: Project, json: Json = None) -> int:
    from gridadmin.app.reports import info_json
    from gridadmin.app.session import Session
    from gridadmin.cli.telling import tell_info

    with Session.open(project, write=False) as session:
        result = info_json(session)
    write_json(result, json)
    tell_info(result)
    return FINE


def _check(
    file: Annotated[Path, typer.Argument(metavar="FILE_OR_PROJECT")],
    layer: Layer = None,
    id_column: Annotated[str | None, typer.Option("--id", metavar="COL")] = None,
    crs: Crs = None,
    parent: Annotated[Path | None, typer.Option("--parent", metavar="FILE")] = None,
    parent_layer: Annotated[str | None, typer.Option("--parent-layer", metavar="LAYER")] = None,
    min_area: Annotated[float | None, typer.Option("--min-area", metavar="M2", min=0.0)] = None,
    snap: Snap = None,
    check_set: Annotated[str | None, typer.Option("--set", metavar="NAME")] = None,
    json: Json = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="OUT")] = None,
) -> int:
    from gridadmin.app.checking import CheckRequest, checked
    from gridadmin.cli.telling import tell_check

    if report is not None:
        from gridadmin.app.check_report.writing import refuse_target

        refuse_target(report, file, parent)
    with TerminalProgress() as progress:
        request = CheckRequest(
            file, layer, id_column, crs, parent, parent_layer, min_area, snap, check_set
        )
        done = checked(request, lang=voice.lang, progress=progress)
        if report is not None:
            from gridadmin.cli.reporting import write_check_report

            write_check_report(report, request, done, progress)
    write_json(done.result, json)
    tell_check(done.result, done.remarks)
    if report is not None:
        voice.say("cli.reported", path=report)
    return done.code


class Policy(StrEnum):
    """Who gets land that nobody has or several claim."""

    LONGEST = "longest"
    MAJORITY = "majority"
    CENTRE = "centre"


def _repair(
    file: Annotated[Path, typer.Argument(metavar="FILE_OR_PROJECT")],
    out: Annotated[Path, typer.Argument(metavar="OUT")],
    policy: Annotated[Policy, typer.Option("--policy", metavar="POLICY")],
    max_area: Annotated[float | None, typer.Option("--max-area", metavar="M2", min=0.0)] = None,
    layer: Layer = None,
    crs: Crs = None,
    json: Json = None,
) -> int:
    from gridadmin.app.repairing import RepairRequest, repair_path
    from gridadmin.cli.telling import tell_repair

    request = RepairRequest(file, out, str(policy), max_area, layer, crs)
    with TerminalProgress() as progress:
        result, remarks, code = repair_path(request, lang=voice.lang, progress=progress)
    write_json(result, json)
    tell_repair(result, remarks, out)
    return code


def _edit(
    project: Project,
    script: Annotated[str, typer.Argument(metavar="[SCRIPT|-]")] = "-",
    crs: Crs = None,
    stop_on_error: Annotated[bool, typer.Option("--stop-on-error")] = False,
) -> int:
    from gridadmin.app.scripting import run_script

    return run_script(
        project,
        _lines_of(script),
        _answer,
        crs=crs,
        stop=stop_on_error,
        lang=voice.lang,
        notice=voice.say,
    )


def _lines_of(script: str) -> Iterable[str]:
    """Return the lines of a script, or of stdin as they come.

    Raises: InputError ``cli.cannot_read``.
    """
    if script == "-":
        # The lines are UTF-8 whatever the system's own encoding is.
        return (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    try:
        return Path(script).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError("cli.cannot_read", path=script, why=str(fault)) from fault


def _answer(line: str) -> None:
    sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


def _plan(
    project: Project,
    table: Annotated[Path | None, typer.Option("--table", metavar="OUT.xlsx")] = None,
    json: Json = None,
) -> int:
    from gridadmin.app.plan_report import compared, comparison_json
    from gridadmin.app.session import Session
    from gridadmin.cli.telling import tell_plan

    with Session.open(project, write=False) as session, TerminalProgress() as progress:
        comparison = compared(session, progress)
        result = comparison_json(session.snapshot, comparison)
        if table is not None:
            from gridadmin.app.plan_table import write_plan_table

            write_plan_table(table, session.snapshot, comparison)
    write_json(result, json)
    tell_plan(result)
    return FINE


def _codes(
    project: Project,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    take: Annotated[str | None, typer.Option("--take", metavar="A,B")] = None,
    preview_only: Annotated[bool, typer.Option("--preview-only")] = False,
    json: Json = None,
) -> int:
    from gridadmin.app.code_list import update_codes
    from gridadmin.cli.telling import tell_codes

    kinds = None if take is None else [part.strip() for part in take.split(",")]
    with TerminalProgress() as progress:
        result = update_codes(
            project, file, take=kinds, preview_only=preview_only, progress=progress
        )
    write_json(result, json)
    tell_codes(result)
    return LISTED if any(one["refused"] for one in result["differences"]) else FINE


def _verify(project: Project, json: Json = None) -> int:
    from gridadmin.app.reports import verify_json
    from gridadmin.app.session import Session
    from gridadmin.cli.telling import tell_verify

    with Session.open(project, write=False) as session:
        result = verify_json(session)
    write_json(result, json)
    tell_verify(result)
    return FINE if result["ok"] else LISTED


def _export(
    project: Project,
    out: Annotated[Path, typer.Argument(metavar="OUT")],
    profile: Annotated[Profile, typer.Option("--profile")] = Profile.PUBLIC,
    levels: Annotated[str | None, typer.Option("--levels", metavar="A,B")] = None,
    area: Annotated[str | None, typer.Option("--area", metavar="CODE")] = None,
    extras: Annotated[str | None, typer.Option("--with", metavar="A,B")] = None,
    encoding: Annotated[TextEncoding, typer.Option("--encoding")] = TextEncoding.UTF_8,
    json: Json = None,
) -> int:
    from gridadmin.app.exporting import export_project
    from gridadmin.app.session import Session

    # Writing is for the log of exports alone; boundaries go out without it where it can't be kept.
    opened, refusal = Session.open_for_window(project)
    with opened as session, TerminalProgress() as progress:
        done = export_project(
            session,
            out,
            levels=None if levels is None else [part.strip() for part in levels.split(",")],
            area_code=area,
            extras=() if extras is None else [part.strip() for part in extras.split(",")],
            profile=profile,
            encoding=encoding.upper(),
            progress=progress,
        )
    if refusal is not None:
        voice.say("cli.export_not_logged")
    write_json(
        {
            "files": [str(path) for path in done.files],
            "layers": dict(done.layers),
            "disputed_faces": done.disputed_faces,
            "content_sha256": done.content_sha256,
            "lost_letters": done.lost_letters,
        },
        json,
    )
    voice.say("cli.exported", path=out, areas=sum(n for _, n in done.layers))
    if done.lost_letters:
        voice.say("cli.export_lost_letters", count=done.lost_letters)
    if done.disputed_faces:
        voice.say("cli.export_disputed", count=done.disputed_faces)
        return LISTED
    return FINE


def _render(
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


def _chart(
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
    from gridadmin.chart.choice import ChartChoice
    from gridadmin.cli.charting import ChartRequest, layers_of, make_chart, size_of, tiles_of

    width, height = size_of(size)
    choice = ChartChoice(
        profile=str(profile),
        lang=str(chart_lang),
        day=day,
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


def _releases(
    project: Project,
    target: Annotated[str | None, typer.Option("--target", metavar="TARGET")] = None,
    json: Json = None,
) -> int:
    from gridadmin.cli.releasing import tell_releases

    return tell_releases(project, target, json)


def _diff(
    project: Project,
    before: Annotated[str, typer.Argument(metavar="A")],
    after: Annotated[str, typer.Argument(metavar="B")],
    table: Annotated[Path | None, typer.Option("--table", metavar="OUT.xlsx")] = None,
    json: Json = None,
) -> int:
    from gridadmin.cli.releasing import tell_difference

    return tell_difference(project, before, after, table, json)


def _handout(
    project: Project,
    out: Annotated[Path, typer.Argument(metavar="OUT")],
    area: Annotated[str, typer.Option("--area", metavar="CODE")],
    json: Json = None,
) -> int:
    from gridadmin.cli.packages import hand_out

    return hand_out(project, out, area, json)


def _takein(
    project: Project,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    choose: Annotated[list[str] | None, typer.Option("--choose", metavar="[KEY=]SIDE")] = None,
    preview_only: Annotated[bool, typer.Option("--preview-only")] = False,
    json: Json = None,
) -> int:
    from gridadmin.cli.packages import take_in

    return take_in(project, file, choose or (), json, preview_only=preview_only)


def _demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    place: Annotated[str | None, typer.Option("--place", metavar="PLACE")] = None,
) -> int:
    from gridadmin.app.demo import write_demo

    with TerminalProgress() as progress:
        files = write_demo(folder, progress, place)
    code = "cli.demo_written" if place is None else "cli.place_written"
    voice.say(code, folder=folder, count=len(files), place=place)
    return FINE


_COMMANDS: Functions = {
    "new": _new,
    "import": _import,
    "info": _info,
    "check": _check,
    "repair": _repair,
    "edit": _edit,
    "codes": _codes,
    "plan": _plan,
    "verify": _verify,
    "export": _export,
    "render": _render,
    "chart": _chart,
    "publish": publish_project,
    "fetch": fetch_release,
    "assign": assign_people,
    "releases": _releases,
    "diff": _diff,
    "handout": _handout,
    "takein": _takein,
    "demo": _demo,
}
_GROUPS: Mapping[str, Functions] = {
    "roster": {"import": import_people, "export": export_people, "log": list_exports},
    "staffing": {"report": staffing_report},
}
"""Commands that have commands of their own."""
