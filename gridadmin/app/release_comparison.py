"""Two states of the boundaries beside each other: releases, the present, package files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gridadmin.app.package_sides import Drawn, compare_drawn, drawn_package, drawn_state
from gridadmin.app.plan_comparison import Comparison, compare_with_base
from gridadmin.app.plan_report import comparison_json
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.release import Release
from gridadmin.edit.document import Document
from gridadmin.edit.past_state import Past, present_row
from gridadmin.edit.release_commands import release_of
from gridadmin.partition.snapshot import Snapshot

NOW = "now"


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a release, a package file, or the present where both are None."""

    release: Release | None = None
    file: Path | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the side as JSON values."""
        if self.file is not None:
            return {"file": str(self.file)}
        if self.release is not None:
            return {"release": self.release.number, "revision": self.release.at_revision}
        return {"now": True}


PRESENT = Side()


def side_of(snapshot: Snapshot, said: str) -> Side:
    """Return the side that a word names: ``now``, the number of a release, or a package file.

    Raises: EditError ``edit.unknown_release``; InputError ``release.no_side``.
    """
    if said == NOW:
        return PRESENT
    number = said[1:] if said[:1] == "r" else said
    if number.isdecimal() and len(number) < 10:
        return Side(release=release_of(snapshot, int(number)))
    if Path(said).is_file():
        return Side(file=Path(said))
    raise InputError("release.no_side", side=said)


def compared_sides(
    document: Document, before: Side, after: Side, progress: Progress = SILENT
) -> Comparison:
    """Return how *after* differs from *before*; takes long, for a worker.

    Raises: InputError ``release.not_a_package`` and those of reading; StoreError, Cancelled.
    """
    if before.file is None and after.file is None:
        return _compared_states(document, before, after, progress)
    sides = [_drawn(document, side, progress) for side in (before, after)]
    return compare_drawn(sides[0], sides[1], document.snapshot, progress)


def sides_json(
    snapshot: Snapshot, before: Side, after: Side, comparison: Comparison
) -> dict[str, Any]:
    """Return a comparison as JSON values, with what was compared."""
    said = comparison_json(snapshot, comparison)
    del said["plan"]
    return {"version": said.pop("version"), "from": before.to_json(), "to": after.to_json(), **said}


def _state(document: Document, side: Side, progress: Progress) -> Snapshot:
    if side.release is None:
        return document.snapshot
    return document.past(side.release.at_revision, progress).snapshot


def _drawn(document: Document, side: Side, progress: Progress) -> Drawn:
    if side.file is not None:
        return drawn_package(side.file, document.snapshot, progress)
    return drawn_state(_state(document, side, progress))


def _compared_states(
    document: Document, before: Side, after: Side, progress: Progress
) -> Comparison:
    now = document.snapshot
    past = Past(now, Change("since", ()))
    if before.release is not None:
        past = document.past(before.release.at_revision, progress)
    if after.release is None:
        return compare_with_base(past, now, None, progress)
    base = past.snapshot
    target = document.past(after.release.at_revision, progress)
    keys = _keys(target.since) | _keys(past.since)
    rows = []
    for table, key in sorted(keys, key=str):
        one, other = present_row(base, table, key), present_row(target.snapshot, table, key)
        if not _is_same(one, other):
            rows.append(RowChange(table, one, other))
    return compare_with_base(
        Past(base, Change("since", tuple(rows))), target.snapshot, None, progress
    )


def _keys(change: Change) -> set[tuple[str, str | int]]:
    return {(row.table, row.key) for row in change.rows}


def _is_same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(replace(one, revision=0) == replace(other, revision=0))
