"""The file of a release: made of the frozen state, proved to be it, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from gridadmin.base.errors import StoreError
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.checks.book import IssueBook
from gridadmin.domain.export_note import Profile
from gridadmin.domain.release import Package, Release, package_name
from gridadmin.edit.command import find_area
from gridadmin.edit.document import Document
from gridadmin.edit.release_content import borders_sha256
from gridadmin.exchange.geopackage_writer import write_package
from gridadmin.exchange.package_content import AttributeTable, Metadata
from gridadmin.exchange.package_content import Package as Content
from gridadmin.exchange.people_tables import organizations_table, posts_table
from gridadmin.exchange.project_package import naming_nobody, project_package
from gridadmin.partition.faces import faces_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.publish.choice import WHOLE, Choice
from gridadmin.publish.mapping import mapped
from gridadmin.publish.relations import relations_of

_GRIDADMIN = "urn:gridadmin:release"
"""The standard of our own metadata documents; a name, nothing lies there."""


class ProjectStore(Protocol):
    """What is asked of the project's file."""

    path: Path


class Project(Protocol):
    """What making a package needs of an open project; a session is one."""

    document: Document

    @property
    def store(self) -> ProjectStore:
        """The project's file."""


def state_of_release(document: Document, release: Release, progress: Progress = SILENT) -> Snapshot:
    """Return the frozen state of a release; takes long, for a worker.

    Raises: StoreError ``release.not_the_same`` when the log doesn't lead to what was frozen,
    ``store.log_unreadable``; Cancelled.
    """
    state = document.past(release.at_revision, progress).snapshot
    if borders_sha256(state) != release.partition_sha256:
        raise StoreError("release.not_the_same", release=release.number)
    return state


def make_package(
    project: Project,
    release: Release,
    profile: str,
    choice: Choice = WHOLE,
    folder: Path = Path(),
    progress: Progress = SILENT,
) -> Package:
    """Write the file of a release for a profile into *folder* and return what it is.

    The same release, profile and choice give the same bytes. A file of that name that stood there
    is replaced only by a whole one.

    Raises: StoreError ``release.not_the_same`` and others of the disk; InputError ``export.…``;
    EditError ``edit.unknown_area``; Cancelled.
    """
    state = state_of_release(project.document, release, progress)
    content = package_content(state, release, profile, choice, progress)
    path = folder / package_name(project.store.path.stem, release.number, profile)
    written = write_package(path, content, progress)
    return Package(
        release.number,
        str(profile),
        path,
        written.size,
        written.sha256,
        written.content_hash,
        tuple((layer.name, len(layer.values)) for layer in content.layers),
        sum(len(faces_of(state.partition, oid_of(uid))) for uid in state.rows("dispute")),
    )


def package_content(
    state: Snapshot,
    release: Release,
    profile: str,
    choice: Choice = WHOLE,
    progress: Progress = SILENT,
) -> Content:
    """Return what the file of a release holds, with the names that the receiver knows.

    Raises: InputError ``export.…``, EditError ``edit.unknown_area``, Cancelled.
    """
    area = None if choice.area is None else find_area(state, choice.area)
    issues = IssueBook.of(state, progress).issues() if "issues" in choice.tables else None
    makers = {"posts": posts_table, "organizations": organizations_table}

    def tables() -> Iterator[AttributeTable]:
        for name, make in makers.items():
            if name in choice.tables:
                yield make(state, release.date, profile, area)

    content = project_package(
        state,
        levels=choice.levels,
        area=area,
        issues=issues,
        more=tables(),
        last_change=release.made_at,
    )
    if profile != Profile.INTERNAL:
        content = naming_nobody(content)
    content = replace(
        content,
        metadata=(*content.metadata, *documents(state, release, profile)),
        relations=relations_of(content),
    )
    return mapped(content, choice.mapping)


def documents(state: Snapshot, release: Release, profile: str) -> Iterator[Metadata]:
    """Give what a package says of the release that it was made of.

    The public profile names nobody: neither who made the release nor who allowed an issue.
    """
    said = release.to_json()
    if profile != Profile.INTERNAL:
        del said["author"]
        said["allowed"] = [
            {name: one[name] for name in ("issue", "kind", "areas", "reason")}
            for one in said["allowed"]
        ]
    certificate = said.pop("certificate")
    said["profile"] = str(profile)
    said["plane"] = state.setting("plane")
    said["scheme"] = state.scheme.key
    for key, document in (("release", said), ("certificate", certificate)):
        text = json.dumps({key: document}, ensure_ascii=False, sort_keys=True)
        yield Metadata("dataset", _GRIDADMIN, "application/json", text)
    if release.plan is not None:
        yield Metadata("dataset", _GRIDADMIN, "text/plain", f"方案：{release.plan}")


__all__ = ["Profile", "Project", "documents", "make_package", "package_content", "state_of_release"]
