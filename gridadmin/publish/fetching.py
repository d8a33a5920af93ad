"""A release taken from a target, checked against what its ``latest.json`` says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.progress import Progress, checkpoint
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.publish.latest import Published, Standing, look
from gridadmin.publish.patience import Patience
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.target import Target


@dataclass(frozen=True, slots=True)
class Fetched:
    """A package that was taken from a target, and where it lies now."""

    path: Path
    release: Published


def fetch(
    target: Target,
    out: Path,
    number: int | None,
    profile: str | None,
    progress: Progress,
    patience: Patience,
) -> Fetched:
    """Take a release, the latest unless *number* is given, to *out* (a file, or a folder for it).

    What arrives is whole and has the size and SHA-256 that were announced, or there is no file.

    Raises: TargetError, ``delivery.nothing_there`` and ``delivery.no_release`` among them;
    InputError ``delivery.out_exists``; StoreError of the disk; Cancelled.
    """
    standing = patience.carry_out(lambda: look(target), progress)
    release = chosen(standing, number, profile, target.place)
    path = out / release.file if out.is_dir() else out
    if path.exists():
        raise InputError("delivery.out_exists", file=str(path))

    def attempt() -> None:
        with part_beside(path) as part:
            with part.open("wb") as file:
                for chunk in _checked(target, release, progress):
                    file.write(chunk)
            if path.exists():
                raise InputError("delivery.out_exists", file=str(path))
            if progress.is_cancelled():
                raise Cancelled
            switch(part, path)

    patience.carry_out(attempt, progress)
    return Fetched(path, release)


def lies_there(path: Path, release: Published) -> bool:
    """Return whether the file at *path* is the package of a release, byte by byte."""
    if not path.is_file() or path.stat().st_size != release.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == release.sha256


def chosen(standing: Standing, number: int | None, profile: str | None, place: str) -> Published:
    """Return the release that is meant.

    Raises: TargetError ``delivery.nothing_there``, ``delivery.no_release``.
    """
    if standing.latest is None:
        raise TargetError("delivery.nothing_there", place=place)
    if number is not None:
        found = standing.find(number, profile)
    else:
        found = standing.latest if profile is None else standing.latest_of(profile)
    if found is None:
        raise TargetError("delivery.no_release", number=number or profile, place=place)
    return found


def _checked(target: Target, release: Published, progress: Progress) -> Iterator[bytes]:
    hasher = hashlib.sha256()
    done = 0
    for chunk in target.read(release.file, release.size):
        hasher.update(chunk)
        done += len(chunk)
        checkpoint(progress, "progress.download", done, release.size)
        yield chunk
    if (done, hasher.hexdigest()) != (release.size, release.sha256):
        # Cut short on the way is worth another try; whole and different is not.
        raise TargetError(
            "delivery.arrived_damaged",
            is_passing=done != release.size,
            file=release.file,
            place=target.place,
        )
