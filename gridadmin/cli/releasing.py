"""The commands ``releases`` and ``diff``: what was released, and how two states differ."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from gridadmin.app.release_comparison import compared_sides, side_of, sides_json
from gridadmin.app.session import Session
from gridadmin.base.texts import sentence
from gridadmin.cli.console import FINE, TerminalProgress, voice, write_json
from gridadmin.domain.delivery import Delivery
from gridadmin.domain.release import Release
from gridadmin.publish.releasing import releases_of
from gridadmin.publish.targets.address import readable


def tell_releases(project: Path, target: str | None, json: str | None) -> int:
    """List the releases of a project, with the deliveries of each (to *target* alone)."""
    with Session.open(project, write=False) as session:
        releases = releases_of(session.snapshot)
        sent = [one for one in session.store.deliveries() if target in (None, one.target, one.url)]
    if target is not None:
        numbers = {one.release for one in sent}
        releases = [one for one in releases if one.number in numbers]
    write_json({"version": 1, "releases": [_json(one, sent) for one in releases]}, json)
    if not releases:
        voice.say("cli.no_releases")
    for release in releases:
        _tell(release, [one for one in sent if one.release == release.number])
    return FINE


def _json(release: Release, sent: list[Delivery]) -> dict[str, object]:
    mine = [one.to_json() for one in sent if one.release == release.number]
    return {**release.to_json(), "deliveries": mine}


def _tell(release: Release, sent: list[Delivery]) -> None:
    said = {
        "number": release.number,
        "date": release.date,
        "author": release.author,
        "areas": release.facts.get("areas", 0),
        "sha256": release.sha256[:12],
    }
    note = " · ".join(filter(None, (release.plan, release.note)))
    voice.say("cli.release_noted" if note else "cli.release", note=note, **said)
    for one in sent:
        state = sentence(f"delivery_state.{one.state}", voice.lang)
        profile = sentence(f"export_note.{one.profile}", voice.lang)
        time = f"{datetime.fromisoformat(one.changed).astimezone():%Y-%m-%d %H:%M}"
        said = {"target": readable(one.target), "profile": profile, "state": state, "time": time}
        voice.say("cli.release_sent", **said)


def tell_difference(
    project: Path, before: str, after: str, table: Path | None, json: str | None
) -> int:
    """Tell how two states differ: releases by number, ``now``, or package files."""
    with Session.open(project, write=False) as session, TerminalProgress() as progress:
        sides = side_of(session.snapshot, before), side_of(session.snapshot, after)
        comparison = compared_sides(session.document, *sides, progress)
        result = sides_json(session.snapshot, *sides, comparison)
        if table is not None:
            from gridadmin.app.plan_table import write_plan_table

            write_plan_table(table, session.snapshot, comparison)
    write_json(result, json)
    counts = {kind: count for kind, count in result["counts"].items() if count}
    if not counts and not result["handovers"]:
        voice.say("cli.no_difference")
    for kind, count in counts.items():
        voice.say("cli.plan_kind", kind=sentence(f"plan.{kind}", voice.lang), count=count)
    if result["handovers"]:
        voice.say(
            "cli.plan_moved",
            m2=f"{result['land_m2']:,.2f}",
            households=f"{result['households']:,}",
            buildings=f"{result['buildings']:,}",
        )
    return FINE
