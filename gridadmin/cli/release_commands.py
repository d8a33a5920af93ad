"""The commands about releases, and about work packages that go out and come back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridadmin.cli.arguments import Json, Project


def list_releases(
    project: Project,
    target: Annotated[str | None, typer.Option("--target", metavar="TARGET")] = None,
    json: Json = None,
) -> int:
    """List the releases of the project, or those that a target holds."""
    from gridadmin.cli.releasing import tell_releases

    return tell_releases(project, target, json)


def compare_states(
    project: Project,
    before: Annotated[str, typer.Argument(metavar="A")],
    after: Annotated[str, typer.Argument(metavar="B")],
    table: Annotated[Path | None, typer.Option("--table", metavar="OUT.xlsx")] = None,
    json: Json = None,
) -> int:
    """Tell what two states differ in."""
    from gridadmin.cli.releasing import tell_difference

    return tell_difference(project, before, after, table, json)


def hand_out_package(
    project: Project,
    out: Annotated[Path, typer.Argument(metavar="OUT")],
    area: Annotated[str, typer.Option("--area", metavar="CODE")],
    json: Json = None,
) -> int:
    """Write the work package of an area."""
    from gridadmin.cli.packages import hand_out

    return hand_out(project, out, area, json)


def take_in_package(
    project: Project,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    choose: Annotated[list[str] | None, typer.Option("--choose", metavar="[KEY=]SIDE")] = None,
    preview_only: Annotated[bool, typer.Option("--preview-only")] = False,
    json: Json = None,
) -> int:
    """Merge a work package that came back."""
    from gridadmin.cli.packages import take_in

    return take_in(project, file, choose or (), json, preview_only=preview_only)
