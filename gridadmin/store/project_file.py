"""An open project file: what is in it, and the one way to change it.

Opening never changes the file, but for rolling back what a killed program left. A file of an older
program is read through a migrated copy in memory; the first write migrates it, after a backup.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, select

from gridadmin.base.errors import InputError, StoreError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import Change, LogEntry
from gridadmin.domain.delivery import Delivery
from gridadmin.domain.export_note import ExportNote
from gridadmin.store import change_log, deliveries, export_notes, meta
from gridadmin.store.change_data import pack_change
from gridadmin.store.connection import (
    BUSY_TIMEOUT_S,
    connect_file,
    engine_over,
    reading,
    telling,
    transaction,
)
from gridadmin.store.creation import PLANE_SETTING, create_project
from gridadmin.store.geopackage import (
    mark_layers_changed,
    plane_of,
    set_plane,
    unpack_land,
    write_lands,
)
from gridadmin.store.integrity import FileProblem, find_problems
from gridadmin.store.lock import FileLock
from gridadmin.store.migrations import (
    STEPS,
    Step,
    check_version,
    memory_copy,
    migrate,
    migrate_file,
    newest_version,
)
from gridadmin.store.opening import drop_leftover_journal, lock_for, schema_version_of
from gridadmin.store.records import apply_rows, read_columns, read_records
from gridadmin.store.tables import LAND

__all__ = ["ProjectFile", "create_project", "is_project"]

_SHOWN_IN_LAYERS = {"area", "exempt"}


def is_project(path: Path) -> bool:
    """Return whether *path* is a project file, of whatever version.

    Raises: StoreError when the file can't be read: damaged, busy, on a failing disk.
    """
    try:
        with ProjectFile.open(path, write=False):
            return True
    except InputError:
        return False
    except StoreError as error:
        if error.code != "store.newer_program":
            raise
        return True


class ProjectFile:
    """An open project file; a context manager that closes it.

    May be used from any thread, one call at a time.
    """

    def __init__(
        self,
        path: Path,
        lock: FileLock | None,
        refusal: str,
        steps: Sequence[Step] = STEPS,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self.path = path
        self._lock = lock
        self._refusal = refusal
        self._steps = steps
        self._busy_timeout_s = busy_timeout_s
        self._guard = threading.RLock()
        self._shared_reading: Connection | None = None
        self._has_written = False
        with telling(path):
            self._version, self._engine = self._opened()
        try:
            with self._reading() as connection:
                self._revision = meta.read_revision(connection)
                holder = meta.read_lock_holder(connection)
        except BaseException:
            self._engine.dispose()
            raise
        is_locked = lock is None and refusal == "store.locked"
        self._lock_holder = str(holder or "?") if is_locked else None

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        write: bool,
        steps: Sequence[Step] = STEPS,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> ProjectFile:
        """Open *path*; for reading alone when asked, when locked, or when it can't be written.

        Raises: InputError ``store.not_found``, ``store.not_a_database``,
            ``store.not_a_geopackage``, ``store.not_a_project``; StoreError ``store.damaged``,
            ``store.newer_program``, ``store.needs_recovery``, ``store.busy``.
        """
        if not path.is_file():
            raise InputError("store.not_found", path=str(path))
        lock, refusal = lock_for(path, write=write)
        try:
            return cls(path, lock, refusal, steps, busy_timeout_s)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    @property
    def is_read_only(self) -> bool:
        """Whether :meth:`write` refuses."""
        return self._lock is None

    @property
    def why_read_only(self) -> StoreError | None:
        """What :meth:`write` would raise: locked, read-only, no locks here, opened for reading."""
        if self._lock is not None:
            return None
        return StoreError(self._refusal, path=str(self.path), holder=self._lock_holder or "")

    @property
    def lock_holder(self) -> str | None:
        """Who keeps us from writing; ``?`` = somebody who hasn't written yet, None = nobody."""
        return self._lock_holder

    @property
    def revision(self) -> int:
        """The number of the last change; a reader sees those of the writer too."""
        if not self.is_read_only:
            return self._revision
        with self._reading() as connection:
            return meta.read_revision(connection)

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Let all reading inside see the state that the first of it sees, whoever writes meanwhile.

        Keeps a writer waiting, so be brief; :meth:`write` doesn't go inside.
        """
        with self._reading():
            yield

    def read_all(self, table: str, *, in_order: bool = True) -> list[Any]:
        """Return the records of one logged table: by key, or as is quickest."""
        with self._reading() as connection:
            return read_records(connection, table, in_order=in_order)

    def read_borders_columns(
        self,
    ) -> tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[bytes]]:
        """Return ids, left owners, right owners and points of all borders, by id."""
        with self._reading() as connection:
            ids, lefts, rights, points = read_columns(
                connection, "border", ("id", "left", "right", "points")
            )
        return ids, lefts, rights, points

    def read_lands(self) -> dict[int, bytes]:
        """Return the polygons of areas and exempt land as WKB, plane metres, by kernel number."""
        with self._reading() as connection:
            rows = connection.execute(select(LAND.c.oid, LAND.c.geom))
            return {oid: unpack_land(blob) for oid, blob in rows}

    def write(
        self,
        change: Change,
        *,
        gesture: str,
        lands: Mapping[int, bytes | None],
        author: str,
        time: str,
        progress: Progress = SILENT,
    ) -> int:
        """Store *change* in one transaction and return the new revision; durable when it returns.

        The rows carry their new revision already. *lands* are WKB polygons in plane metres by
        kernel number, None = no land any more; *time* is ISO 8601.

        Raises: StoreError ``store.locked``, ``store.read_only``, ``store.opened_for_reading``,
            ``store.changed_elsewhere``, ``store.disk_full``, ``store.busy``, ``store.bad_land``,
            ``store.bad_plane`` and others of the disk; Cancelled. Nothing is kept then.
        """
        refused = self.why_read_only
        if refused is not None:
            raise refused
        data = pack_change(change)
        with self._guard, telling(self.path):
            self._prepare_to_write()
            with transaction(self._engine) as connection:
                revision = self._checked_revision(connection) + 1
                entry = LogEntry(
                    revision=revision,
                    gesture=gesture,
                    kind=change.kind,
                    author=author,
                    time=time,
                    note=change.note,
                    undid=change.undid,
                    redid=change.redid,
                )
                _apply(connection, change, lands, progress)
                change_log.append_entry(connection, entry, data)
                meta.write_meta(connection, "revision", str(revision))
                if not self._has_written:
                    meta.write_lock_holder(connection, meta.this_process())
                checkpoint(progress, "progress.saving", 1, 1)
            self._has_written = True
            self._revision = revision
        return revision

    def note_export(self, note: ExportNote) -> None:
        """Add a line to the log of exports; the revision stays.

        Raises: StoreError, as :meth:`write`.
        """
        self._write_aside(lambda connection: export_notes.append_note(connection, note))

    def export_notes(self, limit: int | None = None) -> list[ExportNote]:
        """Return the log of exports, the newest line first."""
        with self._reading() as connection:
            return export_notes.read_notes(connection, limit)

    def keep_delivery(self, delivery: Delivery) -> None:
        """Add a delivery, or bring the one that bears its uid on; the revision stays.

        Raises: StoreError, as :meth:`write`.
        """
        self._write_aside(lambda connection: deliveries.keep_delivery(connection, delivery))

    def deliveries(self, limit: int | None = None) -> list[Delivery]:
        """Return all deliveries, the newest first."""
        with self._reading() as connection:
            return deliveries.read_deliveries(connection, limit)

    def _write_aside(self, write: Callable[[Connection], None]) -> None:
        """Write what is no part of the history."""
        refused = self.why_read_only
        if refused is not None:
            raise refused
        with self._guard, telling(self.path):
            self._prepare_to_write()
            with transaction(self._engine) as connection:
                write(connection)

    def log(self, limit: int | None = None) -> list[LogEntry]:
        """Return the change log without its rows, the newest entry first."""
        with self._reading() as connection:
            return change_log.read_entries(connection, limit)

    def log_entry(self, revision: int) -> LogEntry | None:
        """Return the entry of the change log that made *revision*, None when there is none."""
        with self._reading() as connection:
            return change_log.read_entry(connection, revision)

    def change_at(self, revision: int) -> Change:
        """Return the change that made *revision*.

        Raises: StoreError ``store.no_revision``, ``store.log_unreadable``.
        """
        with self._reading() as connection:
            return change_log.read_change(connection, revision)

    def history_state(self) -> tuple[list[int], list[int]]:
        """Return the revisions that can be undone and those that can be redone, the next one last.

        A gesture keeps the revision that made it first, however often it was undone and redone.
        """
        with self._reading() as connection:
            return change_log.read_history(connection)

    def integrity_problems(self, owners: Collection[int] | None = None) -> list[FileProblem]:
        """Return what is wrong with the file; *owners*: see :func:`integrity.find_problems`."""
        try:
            with self._reading() as connection:
                return find_problems(connection, owners)
        except StoreError as error:
            if error.code != "store.damaged":
                raise
            return [FileProblem("store.problem_sqlite", {"reason": error.params["reason"]})]

    def close(self) -> None:
        """Close the file and give the lock back; a second call does nothing."""
        with self._guard:
            if self._has_written:
                # Who wrote last is a courtesy: no reason to fail on a full disk now.
                with (
                    suppress(StoreError),
                    telling(self.path),
                    transaction(self._engine) as connection,
                ):
                    meta.clear_lock_holder(connection)
                self._has_written = False
            self._engine.dispose()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._guard:
            if self._shared_reading is not None:
                yield self._shared_reading
                return
            with telling(self.path), reading(self._engine) as connection:
                self._shared_reading = connection
                try:
                    yield connection
                finally:
                    self._shared_reading = None

    def _opened(self) -> tuple[int, Engine]:
        """Return the schema version of the file and an engine on it, or on a migrated copy."""
        database = connect_file(self.path, busy_timeout_s=self._busy_timeout_s)
        try:
            version = schema_version_of(database, self.path)
            check_version(version, self._steps, self.path)
            if not self.is_read_only:
                drop_leftover_journal(database)
            if version == newest_version(self._steps):
                return version, engine_over(database, is_query_only=self.is_read_only)
            copy = memory_copy(database)
        except BaseException:
            database.close()
            raise
        database.close()
        engine = engine_over(copy)
        with transaction(engine) as connection:
            migrate(connection, version, self._steps)
        return version, engine

    def _prepare_to_write(self) -> None:
        """Leave the copy of an older file for the migrated file, and WAL mode for a single file."""
        if self._version != newest_version(self._steps):
            engine = engine_over(connect_file(self.path, busy_timeout_s=self._busy_timeout_s))
            try:
                migrate_file(engine, self.path, self._version, self._steps)
            except BaseException:
                engine.dispose()
                raise
            self._engine.dispose()
            self._engine = engine
            self._version = newest_version(self._steps)
        if not self._has_written:
            # Another program may have left the file in WAL mode, which keeps side files.
            with self._engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA journal_mode = DELETE")

    def _checked_revision(self, connection: Connection) -> int:
        found = meta.read_revision(connection)
        if found != self._revision:
            raise StoreError(
                "store.changed_elsewhere",
                path=str(self.path),
                expected=self._revision,
                found=found,
            )
        return found


def _apply(
    connection: Connection,
    change: Change,
    lands: Mapping[int, bytes | None],
    progress: Progress,
) -> None:
    for row in change.of("setting"):
        if row.key == PLANE_SETTING:
            set_plane(connection, None if row.after is None else plane_of(row.after.value))
    apply_rows(connection, change.rows, progress)
    write_lands(connection, lands)
    if lands or any(row.table in _SHOWN_IN_LAYERS for row in change.rows):
        mark_layers_changed(connection)
