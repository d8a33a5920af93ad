"""The commands ``handout`` and ``takein``: a work package for somebody, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gridadmin.app.receiving import read_package, reference_of
from gridadmin.app.session import Session
from gridadmin.app.work_package import clashes_json, hand_out_and_note, read_returned
from gridadmin.base.errors import InputError
from gridadmin.cli.console import FINE, LISTED, TerminalProgress, voice, write_json
from gridadmin.edit.take_in_command import OURS, THEIRS, Clashes, TakeIn, clashes_of

_SIDES = (OURS, THEIRS)


def hand_out(project: Path, out: Path, area: str, json: str | None) -> int:
    """Write the work package of an area and note it in the project."""
    with Session.open(project, write=True) as session, TerminalProgress() as progress:
        made = hand_out_and_note(session, area, out, progress)
        revision = session.snapshot.revision
    write_json({"version": 1, "file": str(out), "areas": made.areas, "revision": revision}, json)
    voice.say("cli.handed_out", file=out, areas=made.areas)
    return FINE


def take_in(
    project: Path,
    file: Path,
    choices: Sequence[str],
    json: str | None,
    *,
    preview_only: bool,
) -> int:
    """Take a work package in; what both sides changed is listed until it is chosen."""
    chosen = dict(_choice(one) for one in choices)
    with Session.open(project, write=not preview_only) as session, TerminalProgress() as progress:
        package = read_returned(file, session.snapshot, progress)
        clashes = clashes_of(session.snapshot, package)
        given = {key: chosen.get(key) or chosen.get("*") for key in clashes.keys}
        made = {key: side for key, side in given.items() if side is not None}
        left = [key for key in clashes.keys if key not in made]
        result: dict[str, Any] = {
            "version": 1,
            "clashes": clashes_json(clashes, session.snapshot, package),
            "taken": False,
            "revision": session.snapshot.revision,
        }
        if not left and not preview_only:
            done = session.document.execute(TakeIn(package, made))
            result |= {"taken": True, "revision": done.revision, **dict(done.change.told)}
    write_json(result, json)
    _tell(result, clashes)
    if left:
        voice.say("cli.take_in_left", count=len(left))
        return LISTED
    return FINE


def _choice(said: str) -> tuple[str, str]:
    key, _, side = said.rpartition("=")
    if side not in _SIDES:
        raise InputError("cli.bad_choice", choice=said)
    return key or "*", side


def _tell(result: dict[str, Any], clashes: Clashes) -> None:
    for one in result["clashes"]:
        if one["kind"] == "border":
            names = ", ".join(area["name"] for area in one["areas"])
            voice.say(
                "cli.border_clash",
                key=one["key"],
                names=names,
                ours=f"{one['ours_m2']:,.2f}",
                theirs=f"{one['theirs_m2']:,.2f}",
            )
        else:
            voice.say("cli.field_clash", **{name: one[name] for name in _FIELD_PARAMS})
    if result["taken"]:
        voice.say("cli.taken_in", revision=result["revision"], clashes=len(clashes.keys))


_FIELD_PARAMS = ("key", "area", "field", "base", "ours", "theirs")


def take_reference(project: Path, file: Path, json: str | None, *, preview_only: bool) -> int:
    """Keep the outlines of a published package as references of the project's areas."""
    with Session.open(project, write=not preview_only) as session, TerminalProgress() as progress:
        command = reference_of(read_package(file, progress), session.snapshot)
        done = session.document.preview(command)
        if not preview_only:
            done = session.document.execute(command)
        areas = dict(done.change.told)["areas"]
        revision = session.snapshot.revision
    write_json({"version": 1, "level": "reference", "areas": areas, "revision": revision}, json)
    voice.say("cli.reference_taken", areas=areas, file=file)
    return FINE
