"""A folder of this computer or of a network share."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.reasons import why_unreachable
from gridadmin.publish.targets.target import CHUNK, Entry, OnlyIf, Sent, own_part

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.EINVAL}


class FolderTarget:
    """Files in one folder.

    With *makes_folder* a folder that isn't there counts as an empty one, and is made by the first
    write where the folder above it exists. Without, a share that is away isn't taken for a new one.
    """

    can_rename = True
    can_append = True

    def __init__(self, folder: Path, *, makes_folder: bool = False) -> None:
        self._folder = folder
        self._makes_folder = makes_folder

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def entries(self) -> list[Entry] | None:
        """Return the files in the folder, without folders inside."""
        with self._telling(""):
            self._require_folder()
            if not self._folder.is_dir():
                return []
            files = [path for path in self._folder.iterdir() if path.is_file()]
            return [Entry(path.name, path.stat().st_size) for path in sorted(files)]

    def stat(self, name: str) -> Entry | None:
        """Return the file of that name."""
        with self._telling(name):
            self._require_folder()
            try:
                return Entry(name, self._path(name).stat().st_size)
            except FileNotFoundError:
                return None

    def read(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the content of a file."""
        done = 0
        with self._telling(name):
            self._require_folder()
            with self._path(name).open("rb") as file:
                while chunk := file.read(CHUNK):
                    done += len(chunk)
                    if done > limit:
                        raise TargetError("target.answer_too_large", name=name, host=self.place)
                    yield chunk

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        """Write the file, and have it durable on return."""
        mode = "r+b" if start else ("xb" if only_if.is_absent else "wb")
        with self._telling(name):
            self._require_folder()
            if self._makes_folder:
                self._folder.mkdir(exist_ok=True)
            with self._path(name).open(mode) as file:
                file.truncate(start)
                file.seek(start)
                source.seek(start)
                done = start
                while chunk := source.read(min(CHUNK, size - done)):
                    file.write(chunk)
                    done += len(chunk)
                    sent(done)
                file.flush()
                os.fsync(file.fileno())

    def rename(self, old: str, new: str, only_if: OnlyIf) -> None:
        """Give a file another name; a name that has to be new is taken by no two programs."""
        with self._telling(new):
            self._require_folder()
            source, goal = self._path(old), self._path(new)
            if not only_if.is_absent:
                source.replace(goal)
            elif not _linked(source, goal):
                if goal.exists():
                    raise FileExistsError(errno.EEXIST, "taken", str(goal))
                source.rename(goal)
            _make_durable(self._folder)

    def remove(self, name: str) -> None:
        """Remove an unfinished upload."""
        with self._telling(name):
            self._path(own_part(name)).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is open."""

    def _path(self, name: str) -> Path:
        if name != Path(name).name or name in ("", ".", ".."):
            raise TargetError("target.bad_name", name=name)
        return self._folder / name

    def _require_folder(self) -> None:
        is_new = self._makes_folder and self._folder.parent.is_dir()
        if not self._folder.is_dir() and not is_new:
            raise TargetError("target.no_folder", place=self.place)

    @contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileExistsError as error:
            raise TargetError("target.changed", host=self.place, name=name) from error
        except FileNotFoundError as error:
            raise TargetError("target.missing", host=self.place, name=name) from error
        except OSError as error:
            raise self._told(error, name) from error

    def _told(self, error: OSError, name: str) -> TargetError:
        if error.errno in _FULL:
            return TargetError("target.disk_full", host=self.place, name=name)
        if error.errno in _FORBIDDEN:
            return TargetError("target.no_right", host=self.place, name=name)
        why = why_unreachable(error)
        return TargetError("target.unreachable", is_passing=True, host=self.place, why=why)


def _linked(source: Path, goal: Path) -> bool:
    """Give *source* the new name *goal* in one step, or return False where there are no links."""
    try:
        os.link(source, goal)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in _NO_LINKS:
            return False
        raise
    source.unlink()
    return True


def _make_durable(folder: Path) -> None:
    # Only POSIX has descriptors of folders; elsewhere the rename itself is durable.
    flag = getattr(os, "O_DIRECTORY", None)
    if flag is None:
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | flag)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # some network file systems refuse it
    finally:
        os.close(descriptor)
