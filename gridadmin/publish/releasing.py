"""Find the release that says what the project says now, or make the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.release import Release, newest_release
from gridadmin.edit.document import Document, Prepared
from gridadmin.edit.plan_commands import Allowed
from gridadmin.edit.release_commands import MakeRelease, is_unchanged, release_of
from gridadmin.partition.snapshot import Snapshot


def releases_of(snapshot: Snapshot) -> list[Release]:
    """Return all releases, the newest first."""
    return sorted(snapshot.rows("release").values(), key=lambda one: -one.number)


def standing_release(snapshot: Snapshot, *, with_people: bool) -> Release | None:
    """Return the newest release when it says what the project says now, else None.

    Without people it is enough that the boundaries are the same.
    """
    newest = newest_release(snapshot.rows("release"))
    if newest is None:
        return None
    today = datetime.now(UTC).date().isoformat()
    return newest if is_unchanged(snapshot, newest, today, with_people=with_people) else None


def prepared_release(
    document: Document,
    note: str | None = None,
    allowed: Sequence[Allowed] = (),
    progress: Progress = SILENT,
    beyond: int = 0,
) -> Prepared:
    """Work out the next release; may run in a worker, see :meth:`Document.prepare`.

    Raises: EditError ``edit.release_blocked``, ``edit.release_unchanged`` and others; Cancelled.
    """
    return document.prepare(MakeRelease(note, allowed, beyond=beyond), progress)


def make_release(
    document: Document,
    note: str | None = None,
    allowed: Sequence[Allowed] = (),
    progress: Progress = SILENT,
    beyond: int = 0,
) -> Release:
    """Make the next release of the present state, durably, and return it.

    Raises: EditError ``edit.release_blocked``, ``edit.release_unchanged`` and others; StoreError.
    """
    document.execute(MakeRelease(note, allowed, beyond=beyond), progress)
    newest = newest_release(document.snapshot.rows("release"))
    if newest is None:
        raise LookupError
    return newest


__all__ = ["make_release", "prepared_release", "release_of", "releases_of", "standing_release"]
