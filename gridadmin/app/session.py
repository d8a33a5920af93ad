"""A project opened for work: file, snapshot, document and issues together."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from pyproj.exceptions import CRSError

from gridadmin.base.errors import GridAdminError, StoreError
from gridadmin.base.memory import collector_paused
from gridadmin.base.progress import SILENT, Progress
from gridadmin.checks.book import IssueBook
from gridadmin.checks.scopes import needs_full_check
from gridadmin.domain.change import TABLES
from gridadmin.edit.document import Document, Done
from gridadmin.exchange.import_source import plane_of
from gridadmin.partition.audit import audit
from gridadmin.partition.base import BorderArrays
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.kept import KeptFindings
from gridadmin.store.lock import FileLock, take_lock
from gridadmin.store.project_file import ProjectFile
from gridadmin.store.share import WorkingCopy, check_out, is_on_share, write_back


class Session:
    """An open project; a context manager that closes it."""

    def __init__(
        self, store: ProjectFile, share: tuple[WorkingCopy, FileLock] | None = None
    ) -> None:
        self.store = store
        self._book: IssueBook | None = None
        self._staffing: KeptFindings | None = None
        self.document = Document(store, read_snapshot(store), author(), book=lambda: self._book)
        self._share = share
        self.document.on_change(self._follow)

    @classmethod
    def open(cls, path: Path, *, write: bool) -> Session:
        """Open a project. With *write* a file that can't be written now is refused.

        Raises: InputError, StoreError (``store.locked`` names who works on it).
        """
        if write and path.is_file() and is_on_share(path):
            return cls._open_on_share(path)
        return cls._open_here(path, write=write)

    @classmethod
    def open_for_window(cls, path: Path) -> tuple[Session, StoreError | None]:
        """Open a project for writing, or for reading with the refusal that says why.

        Raises: InputError, StoreError for what can't be read either.
        """
        try:
            return cls.open(path, write=True), None
        except StoreError as refusal:
            if refusal.code not in _STILL_READABLE:
                raise
            return cls.open(path, write=False), refusal

    @classmethod
    def _open_on_share(cls, path: Path) -> Session:
        """Open a local copy; the original stays locked until the copy is written back."""
        try:
            lock = take_lock(path)
            if lock is None:
                raise StoreError("store.locked", path=str(path), holder="?")
            try:
                copy = check_out(path)
                return cls._open_here(copy.local, write=True, share=(copy, lock))
            except BaseException:
                lock.release()
                raise
        except OSError as fault:
            raise StoreError("store.cannot_open", path=str(path), reason=str(fault)) from fault

    @classmethod
    def _open_here(
        cls, path: Path, *, write: bool, share: tuple[WorkingCopy, FileLock] | None = None
    ) -> Session:
        store = ProjectFile.open(path, write=write)
        refusal = store.why_read_only if write else None
        if refusal is not None:
            store.close()
            raise refusal
        try:
            return cls(store, share)
        except BaseException:
            store.close()
            raise

    @property
    def snapshot(self) -> Snapshot:
        """The present state."""
        return self.document.snapshot

    def book(self, progress: Progress = SILENT) -> IssueBook:
        """Return the issues of the present state; a full check when first asked for."""
        if self._book is None:
            self._book = IssueBook.of(self.snapshot, progress)
        return self._book

    def staffing(self, day: str) -> KeptFindings:
        """Return what is found on the people on a day, ISO 8601; kept up by edits once asked for.

        The first time, or on another day, everything is looked at.
        """
        if self._staffing is None or self._staffing.book.day != day:
            self._staffing = KeptFindings.of(self.snapshot, day)
        return self._staffing

    @property
    def has_book(self) -> bool:
        """Whether the issues of the present state are known, so that :meth:`book` is quick."""
        return self._book is not None

    def take_book(self, book: IssueBook, dones: Sequence[Done] = ()) -> bool:
        """Take over the issues of a check made elsewhere, brought up to date by *dones* since.

        Return False when that takes another full check: they changed too much, or one is missing.
        """
        for done in dones:
            if needs_full_check(done.change):
                return False
            book = book.after(done.after, done.change, done.touched)
        if book.snapshot.revision != self.snapshot.revision:
            return False
        self._book = book
        return True

    @property
    def continues_copy(self) -> bool:
        """Whether this is work on a network share that an earlier run could not write back."""
        return self._share is not None and self._share[0].is_continued

    def close(self) -> None:
        """Close the file; work on a network share is written back whole.

        Raises: StoreError ``store.share_conflict``, ``store.share_kept``; the copy stays then.
        """
        # Session and document hold each other, out of the collector's sight since they were read.
        self.document.forget_listeners()
        self.store.close()
        if self._share is not None:
            copy, lock = self._share
            self._share = None
            # A file that is open can't be replaced everywhere; the hash guards what follows.
            lock.release()
            write_back(copy)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if isinstance(error, Exception) and not isinstance(error, GridAdminError):
                self._blame_the_file(error)
        finally:
            self.close()

    def _blame_the_file(self, fault: Exception) -> None:
        """Say that the file is damaged when that is why the program stumbled.

        Raises: StoreError ``store.damaged``.
        """
        problems = audit(read_snapshot(self.store).partition).problems
        if problems:
            path = str(self.store.path)
            raise StoreError("store.damaged", path=path, reason=problems[0]) from fault

    def _follow(self, done: Done) -> None:
        if self._staffing is not None:
            self._staffing = self._staffing.after(self.snapshot, done.change, done.touched)
        if self._book is None:
            return
        if needs_full_check(done.change):
            # Whoever asks next has it made; a window does that beside its work.
            self._book = None
            return
        self._book = (
            self._book.after(self.snapshot, done.change, done.touched)
            if done.book is None
            else done.book.on(self.snapshot)
        )


_STILL_READABLE = {
    "store.locked",
    "store.read_only",
    "store.cannot_lock",
    "store.cannot_open",
    "store.disk_full",
    "store.share_conflict",
}
"""Refusals to open for writing that leave the file to be read."""


def author() -> str:
    """Return the name under which changes are logged: the account's."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def today() -> str:
    """Return the day that it is here, ISO 8601."""
    return datetime.now().astimezone().date().isoformat()


def read_snapshot(store: ProjectFile) -> Snapshot:
    """Return the present state of a project file.

    Raises: StoreError ``store.damaged``.
    """
    with collector_paused(lasting=True):
        return _read_snapshot(store)


def _read_snapshot(store: ProjectFile) -> Snapshot:
    with store.one_state():
        revision = store.revision
        ids, lefts, rights, blobs = store.read_borders_columns()
        records: dict[str, list[Any]] = {
            table: store.read_all(table, in_order=False) for table in TABLES if table != "border"
        }
    try:
        borders = border_arrays(store.path, ids, lefts, rights, blobs)
        snapshot = Snapshot.of(revision, records, borders)
        _check_readable(snapshot)
    except (ValueError, TypeError, LookupError, AttributeError, CRSError) as fault:
        raise StoreError("store.damaged", path=str(store.path), reason=repr(fault)) from fault
    return snapshot


def _check_readable(snapshot: Snapshot) -> None:
    """Look at what everything else relies on: settings that parse, areas that hang on areas.

    Raises: ValueError, LookupError, CRSError.
    """
    for name in snapshot.rows("setting"):
        snapshot.setting(name)
    plane_of(snapshot)
    # What hangs on a retired area is loose and yet in order.
    rows, rooted = snapshot.rows("area"), {snapshot.root.uid}
    for area in snapshot.loose_areas():
        line: list[str] = []
        current = area.uid
        while current not in rooted:
            if current in line or rows[current].parent is None:
                raise ValueError(f"area {current}")
            line.append(current)
            current = rows[current].parent
        rooted.update(line)


def border_arrays(
    path: Path,
    ids: Sequence[int],
    lefts: Sequence[int],
    rights: Sequence[int],
    blobs: Sequence[bytes],
) -> BorderArrays:
    """Return borders read by column as arrays, ids ascending.

    Raises: StoreError ``store.damaged`` when the points of a border are no whole points.
    """
    lengths = np.fromiter(map(len, blobs), dtype=np.int64, count=len(blobs))
    if (lengths % 16 != 0).any() or (lengths < 32).any():
        raise StoreError("store.damaged", path=str(path), reason="border points")
    xy = np.frombuffer(b"".join(blobs), dtype="<i8").reshape(-1, 2).astype(np.int64, copy=False)
    return BorderArrays(
        np.array(ids, dtype=np.int64),
        xy,
        np.concatenate(([0], np.cumsum(lengths // 16))).astype(np.int64),
        np.array(lefts, dtype=np.int64),
        np.array(rights, dtype=np.int64),
        np.zeros(len(ids), dtype=np.int64),
    )
