"""``latest.json``: what a target says of the releases it holds, read with care."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from unicodedata import category

from gridadmin.domain.release import HIDDEN
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.target import OnlyIf, Target, read_small

LATEST = "latest.json"
LIMIT = 1024 * 1024
"""Bytes beyond which a ``latest.json`` is none of ours."""
KEPT = 500
"""Releases that are remembered in the file, the newest ones."""

_NAME = re.compile(r"[^\\/:*?\"<>|\x00-\x1f\x7f]{1,200}\.gpkg")
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Published:
    """A release as a target holds it for one profile.

    ``content`` is the canonical hash of what the package says, ``date`` ISO 8601; ``author`` and
    ``plan`` are for people.
    """

    number: int
    file: str
    size: int
    sha256: str
    profile: str = ""
    content: str = ""
    date: str = ""
    author: str = ""
    plan: str = ""

    def is_same_file(self, other: Published) -> bool:
        """Return whether both are one package, byte by byte."""
        return (self.file, self.size, self.sha256) == (other.file, other.size, other.sha256)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a target holds: its releases, the newest first, and how to notice a change.

    ``raw`` is the file as it was read, None when there is none; ``tag`` is the server's for it.
    """

    releases: tuple[Published, ...] = ()
    raw: bytes | None = None
    tag: str | None = None

    @property
    def latest(self) -> Published | None:
        """The release that the target points to."""
        return self.releases[0] if self.releases else None

    @property
    def digest(self) -> str:
        """SHA-256 of the file, empty when there is none: equal means nothing happened since."""
        return "" if self.raw is None else hashlib.sha256(self.raw).hexdigest()

    @property
    def only_if(self) -> OnlyIf:
        """What has to be true for this standing to be still the last word."""
        return OnlyIf(is_absent=self.raw is None, tag=self.tag)

    def latest_of(self, profile: str) -> Published | None:
        """Return the newest release of one profile."""
        return next((one for one in self.releases if one.profile == profile), None)

    def find(self, number: int, profile: str | None) -> Published | None:
        """Return a release by number, of that profile if one is named."""
        for one in self.releases:
            if one.number == number and profile in (None, one.profile):
                return one
        return None

    def points_to(self, release: Published) -> bool:
        """Return whether the target points to exactly this package."""
        return self.latest is not None and self.latest.is_same_file(release)

    def with_latest(self, release: Published) -> bytes:
        """Return the file that points to *release* and remembers those before."""
        others = [one for one in self.releases if one.file != release.file]
        kept = [release, *others][:KEPT]
        said: dict[str, Any] = asdict(release) | {"releases": [asdict(one) for one in kept]}
        return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def look(target: Target) -> Standing:
    """Return what the target holds.

    Raises: TargetError; ``delivery.bad_latest`` when the file can't be understood.
    """
    entry = target.stat(LATEST)
    raw = None if entry is None else read_small(target, LATEST, LIMIT)
    if raw is None:
        return Standing()
    try:
        return Standing(_releases(json.loads(raw)), raw, None if entry is None else entry.tag)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TargetError("delivery.bad_latest", place=target.place) from error


def _releases(said: Any) -> tuple[Published, ...]:
    latest = _published(said)
    listed = said.get("releases", [])
    if not isinstance(listed, list):
        raise TypeError
    before = [_published(one) for one in listed]
    return latest, *(one for one in before if one.file != latest.file)


def _published(said: Mapping[str, Any]) -> Published:
    values = {field.name: said[field.name] for field in fields(Published) if field.name in said}
    release = Published(**values)
    if not _is_sound(release):
        raise ValueError
    return replace(
        release,
        profile=_plain(release.profile),
        content=_plain(release.content),
        date=_plain(release.date),
        author=_plain(release.author),
        plan=_plain(release.plan),
    )


def _is_sound(release: Published) -> bool:
    return (
        type(release.number) is int
        and release.number > 0
        and type(release.size) is int
        and release.size >= 0
        and is_package_name(release.file)
        and _SHA.fullmatch(release.sha256) is not None
    )


def is_package_name(name: str) -> bool:
    """Return whether *name* can be a file in a folder, and nothing that leads out of it."""
    is_plain = not any(category(sign) in HIDDEN for sign in name)
    return _NAME.fullmatch(name) is not None and is_plain and not name.startswith((".", " "))


def _plain(words: object) -> str:
    """Return what a server says as one short line without control characters."""
    if not isinstance(words, str):
        raise TypeError
    return "".join(sign for sign in words[:200] if category(sign) not in HIDDEN)
