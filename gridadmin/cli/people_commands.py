"""The commands about people and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridadmin.cli.arguments import Json, Project
from gridadmin.cli.console import FINE, LISTED, TerminalProgress, voice, write_json
from gridadmin.domain.export_note import Profile


def staffing_report(
    project: Project,
    day: Annotated[str | None, typer.Option("--day", metavar="DATE")] = None,
    mode: Annotated[str | None, typer.Option("--mode", metavar="MODE")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="OUT")] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="A,B")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE")] = None,
    json: Json = None,
) -> int:
    """Tell how the posts of a project are filled; return the exit code."""
    from gridadmin.cli.staff_reporting import StaffingRequest, report_staffing

    kinds = None if kind is None else [part.strip() for part in kind.split(",")]
    return report_staffing(project, StaffingRequest(day, mode, report, kinds, since), json)


def import_people(
    project: Project,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    preview_only: Annotated[bool, typer.Option("--preview-only")] = False,
    sheet: Annotated[list[str] | None, typer.Option("--sheet", metavar="NAME")] = None,
    column: Annotated[list[str] | None, typer.Option("--column", metavar="HEADING=MEANING")] = None,
    answer: Annotated[list[str] | None, typer.Option("--answer", metavar="QUESTION=CHOICE")] = None,
    post: Annotated[str | None, typer.Option("--post", metavar="POST")] = None,
    marked: Annotated[Path | None, typer.Option("--marked", metavar="OUT.xlsx")] = None,
    json: Json = None,
) -> int:
    """Look at a roster, and take it unless only a preview is wanted; return the exit code."""
    from gridadmin.app.roster import choices_of, import_roster
    from gridadmin.cli.roster_telling import tell_roster

    choices = choices_of(column or (), answer or (), sheet or (), post)
    with TerminalProgress() as progress:
        result = import_roster(
            project,
            file,
            choices,
            preview_only=preview_only,
            marked=marked,
            lang=voice.lang,
            progress=progress,
        )
    write_json(result, json)
    tell_roster(result, preview_only=preview_only)
    return LISTED if result["problems"] or result["refused_columns"] else FINE


def export_people(
    project: Project,
    out: Annotated[Path, typer.Argument(metavar="OUT")],
    profile: Annotated[Profile, typer.Option("--profile")] = Profile.PUBLIC,
    area: Annotated[str | None, typer.Option("--area", metavar="CODE")] = None,
    columns: Annotated[str | None, typer.Option("--columns", metavar="A,B")] = None,
    template: Annotated[bool, typer.Option("--template")] = False,
    json: Json = None,
) -> int:
    """Write the roster of a project, or an empty one; return the exit code."""
    from gridadmin.app.roster_export import (
        RosterRequest,
        export_project_roster,
        export_template,
    )

    if template:
        write_json(export_template(project, out), json)
        voice.say("cli.roster_template", path=out)
        return FINE
    chosen = None if columns is None else [part.strip() for part in columns.split(",")]
    with TerminalProgress() as progress:
        request = RosterRequest(profile, area, chosen)
        result = export_project_roster(project, out, request, progress)
    write_json(result, json)
    voice.say(f"cli.roster_exported_{profile}", path=out, persons=result["persons"])
    if result["unplaced"]:
        voice.say("cli.roster_unplaced", count=result["unplaced"])
    return FINE


def list_exports(project: Project, json: Json = None) -> int:
    """List what was exported of a project; return the exit code."""
    from gridadmin.app.roster_export import roster_log
    from gridadmin.cli.roster_telling import tell_exports

    result = roster_log(project)
    write_json(result, json)
    tell_exports(result)
    return FINE


def assign_people(
    project: Project,
    propose: Annotated[Path | None, typer.Option("--propose", metavar="OUT.xlsx")] = None,
    apply: Annotated[bool, typer.Option("--apply")] = False,
    day: Annotated[str | None, typer.Option("--day", metavar="DATE")] = None,
    posts: Annotated[str | None, typer.Option("--posts", metavar="A,B")] = None,
    pairs: Annotated[str | None, typer.Option("--pairs", metavar="KIND")] = None,
    json: Json = None,
) -> int:
    """Propose who takes which post, or which unit is paired with what; return the exit code."""
    from gridadmin.cli.assigning import assign, assign_pairs

    if pairs is not None:
        return assign_pairs(project, pairs, propose, json, day=day, is_applied=apply)
    chosen = None if posts is None else [part.strip() for part in posts.split(",")]
    return assign(project, propose, json, day=day, posts=chosen, is_applied=apply)
