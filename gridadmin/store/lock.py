"""One writer per project file: an operating-system lock that dies with its process.

The lock sits on a descriptor of the project file itself, so no side file is left behind, and it is
of a kind that doesn't collide with SQLite's own locks: ``flock`` beside its ``fcntl`` byte locks on
POSIX; on Windows one byte beyond them and beyond the end of any project file.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from gridadmin.base.errors import StoreError

WINDOWS_LOCK_BYTE = 0x7FFF_0000
"""SQLite locks 510 bytes from 0x40000000 on; the C library's locking takes 31-bit positions."""

_FileKey = tuple[int, int]
_held: set[_FileKey] = set()
_guard = threading.Lock()


@dataclass(slots=True)
class FileLock:
    """A lock that this process holds until :meth:`release`."""

    _descriptor: int
    _key: _FileKey

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._descriptor < 0:
            return
        with _guard:
            _unlock(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1
            _held.discard(self._key)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def take_lock(path: Path) -> FileLock | None:
    """Return the lock of *path*, or None when this or another process holds it.

    Raises: StoreError ``store.cannot_lock`` where the file system has no locks.
    """
    with _guard:
        # Asked before anything is opened: closing a second descriptor of a file drops all fcntl
        # locks that this process has on it, SQLite's too.
        try:
            key = _key_of(path)
            if key in _held:
                return None
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as cause:
            raise StoreError("store.cannot_lock", path=str(path), reason=str(cause)) from cause
        try:
            is_ours = _try_lock(descriptor)
        except OSError as cause:
            os.close(descriptor)
            raise StoreError("store.cannot_lock", path=str(path), reason=str(cause)) from cause
        if not is_ours:
            os.close(descriptor)
            return None
        _held.add(key)
        return FileLock(descriptor, key)


def _key_of(path: Path) -> _FileKey:
    status = path.stat()
    return status.st_dev, status.st_ino


if sys.platform == "win32":

    def _try_lock(descriptor: int) -> bool:
        import msvcrt

        os.lseek(descriptor, WINDOWS_LOCK_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        import msvcrt

        os.lseek(descriptor, WINDOWS_LOCK_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    def _try_lock(descriptor: int) -> bool:
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_UN)
