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
from gridadmin.cli.picture_commands import draw_charts, render_map
from gridadmin.cli.publishing import fetch_release, publish_project
from gridadmin.cli.release_commands import (
    compare_states,
    hand_out_package,
    list_releases,
    take_in_package,
)
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
    "render": render_map,
    "chart": draw_charts,
    "publish": publish_project,
    "fetch": fetch_release,
    "assign": assign_people,
    "releases": list_releases,
    "diff": compare_states,
    "handout": hand_out_package,
    "takein": take_in_package,
    "demo": _demo,
}
_GROUPS: Mapping[str, Functions] = {
    "roster": {"import": import_people, "export": export_people, "log": list_exports},
    "staffing": {"report": staffing_report},
}
"""Commands that have commands of their own."""
