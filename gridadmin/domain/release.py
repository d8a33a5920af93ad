"""A release: a numbered, frozen state of the boundaries, its proof, and the files made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import category

RELEASE_GESTURE = "release"
"""The kind of the change that makes a release; no undo takes it back, for others may have it."""

_FORBIDDEN = re.compile(r'[\\/:*?"<>|#%&\x00-\x1f]')
HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Kinds of signs that have no place in a file's name: nobody sees them, and some turn it around."""
_LONGEST_STEM = 180
"""Bytes of UTF-8; names of 255 are the most, and an unfinished upload's is longer."""


@dataclass(frozen=True, slots=True)
class AllowedIssue:
    """An issue that a release was made in spite of: its number and kind, why, and who says so.

    ``areas`` names the areas that it is about, as they were called.
    """

    issue: str
    kind: str
    areas: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Release:
    """A numbered state of the boundaries: the one after ``at_revision``.

    That state is worked out of the change log; ``partition_sha256`` proves that it is the same.
    ``sha256`` is the canonical hash of what the boundaries say, ``people_sha256`` of posts and
    units; revisions of rows don't enter either. ``made_at`` is ISO 8601 with zone, ``plan`` the
    name of the plan then open or in force. ``certificate`` and ``allowed`` are JSON.
    """

    uid: str
    number: int
    at_revision: int
    date: str
    author: str
    sha256: str
    note: str | None = None
    plan: str | None = None
    made_at: str = ""
    partition_sha256: str = ""
    people_sha256: str = ""
    certificate: str = "{}"
    allowed: str = "[]"
    revision: int = 0

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the certificate says: areas, faces, gaps and overlaps in m², issues by kind."""
        said: Mapping[str, Any] = json.loads(self.certificate)
        return said

    @property
    def allowed_issues(self) -> tuple[AllowedIssue, ...]:
        """The issues that were allowed to stand, by name."""
        return tuple(AllowedIssue(**one) for one in json.loads(self.allowed))

    def to_json(self) -> dict[str, Any]:
        """Return the release as JSON values."""
        return {
            "number": self.number,
            "date": self.date,
            "made_at": self.made_at,
            "revision": self.at_revision,
            "author": self.author,
            "note": self.note,
            "plan": self.plan,
            "sha256": self.sha256,
            "people_sha256": self.people_sha256,
            "partition_sha256": self.partition_sha256,
            "certificate": dict(self.facts),
            "allowed": json.loads(self.allowed),
        }


@dataclass(frozen=True, slots=True)
class Package:
    """A file made of a release for one profile: where it lies, its size and SHA-256.

    ``content_sha256`` is the canonical hash of what it says, ``layers`` how many areas each layer
    has, ``disputed_faces`` how many pieces of land are in no area's polygon.
    """

    release: int
    profile: str
    path: Path
    size: int
    sha256: str
    content_sha256: str
    layers: tuple[tuple[str, int], ...] = ()
    disputed_faces: int = 0

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name


def package_name(stem: str, number: int, profile: str) -> str:
    """Return what the file of a release is called: ``<stem>-r0001-<profile>.gpkg``.

    What a server or a file system might take for something else is left out of *stem*.
    """
    shown = "".join(sign for sign in stem if category(sign) not in HIDDEN)
    short = shown.encode()[:_LONGEST_STEM].decode(errors="ignore")
    clean = " ".join(_FORBIDDEN.sub(" ", short).split()).strip(". ") or "gridadmin"
    return f"{clean}-r{number:04}-{profile}.gpkg"


def newest_release(releases: Mapping[str, Release]) -> Release | None:
    """Return the release with the highest number, None when there is none."""
    return max(releases.values(), key=lambda one: one.number, default=None)
