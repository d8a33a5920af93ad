"""Publishing and fetching by the command line, as schedulers do it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.base.texts import explain
from gridadmin.cli.arguments import Json
from gridadmin.cli.console import FINE, TerminalProgress, voice, write_json
from gridadmin.domain.export_note import Profile


def publish_project(
    project: Annotated[Path, typer.Argument(metavar="PROJECT")],
    target: Annotated[str, typer.Option("--target", metavar="NAME_OR_URL")],
    profile: Annotated[Profile | None, typer.Option("--profile")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT")] = None,
    allow: Annotated[list[str] | None, typer.Option("--allow", metavar="ISSUE")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME")] = "",
    after: Annotated[int, typer.Option("--after", metavar="N", min=0)] = 0,
    host_key: Annotated[str, typer.Option("--host-key", metavar="SHA256:…")] = "",
    json: Json = None,
) -> int:
    """Publish to a target, or tell what that would change there."""
    from dataclasses import replace

    from gridadmin.app import publishing
    from gridadmin.app.session import Session
    from gridadmin.edit.plan_commands import Allowed
    from gridadmin.publish.outbox import Outbox, Work
    from gridadmin.publish.patience import Patience
    from gridadmin.publish.target_book import TargetBook
    from gridadmin.publish.targets.address import readable

    setting = TargetBook().find(target)
    if host_key:
        setting = replace(setting, host_key=host_key)
    allowed = [Allowed(issue, reason, by) for issue in allow or ()]
    order = publishing.Order(profile or setting.profile, note, allowed, after)
    outbox = Outbox()
    with Session.open(project, write=True) as session, TerminalProgress() as progress:
        work = Work(progress, Patience(), _say)
        try:
            if dry_run:
                told = publishing.dry_run(session, setting, order, work)
            else:
                told = publishing.publish(session, setting, order, outbox, work)
        except GridAdminError:
            if not dry_run and publishing.is_waiting(outbox, session.store.path, setting):
                voice.say("publish.waits")
            raise
    write_json(told.to_json(), json)
    one = told.release
    place = readable(told.place)
    voice.say(f"publish.{told.outcome}", file=one.file, number=one.number, place=place)
    for line in told.changes:
        voice.tell(f"  {line}")
    return FINE


def fetch_release(
    target: Annotated[str, typer.Argument(metavar="TARGET")],
    out: Annotated[Path, typer.Argument(metavar="OUT")],
    release: Annotated[int | None, typer.Option("--release", metavar="N", min=1)] = None,
    profile: Annotated[Profile | None, typer.Option("--profile")] = None,
    host_key: Annotated[str, typer.Option("--host-key", metavar="SHA256:…")] = "",
    json: Json = None,
) -> int:
    """Take a release from a target to this computer, checked."""
    from dataclasses import asdict, replace

    from gridadmin.publish.fetching import fetch
    from gridadmin.publish.leavable_target import leavable
    from gridadmin.publish.patience import Patience
    from gridadmin.publish.target_book import TargetBook

    setting = TargetBook().find(target)
    if host_key:
        setting = replace(setting, host_key=host_key)
    if not out.is_dir() and not out.parent.is_dir():
        raise InputError("export.no_folder", folder=str(out.parent), file=str(out))
    with TerminalProgress() as progress:
        source = leavable(setting.open(), progress)
        try:
            fetched = fetch(source, out, release, profile, progress, Patience())
        finally:
            source.close()
    write_json({"path": str(fetched.path), **asdict(fetched.release)}, json)
    voice.say("publish.fetched", path=fetched.path, number=fetched.release.number)
    return FINE


def _say(error: GridAdminError) -> str:
    return explain(error, voice.lang)
