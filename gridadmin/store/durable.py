"""Files that are complete on the disk before they bear their name."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gridadmin.base.errors import StoreError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary name beside *path*; what is written there becomes *path* when all went well.

    Raises: StoreError ``store.disk_full``, ``store.read_only``, ``store.cannot_open``.
    """
    draft = path.with_name(f".{path.stem[:40]}.{uuid.uuid4().hex[:8]}.part{path.suffix}")
    try:
        draft.touch(exist_ok=False)
        yield draft
        _sync_file(draft)
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as cause:
        raise _told(path, cause) from cause
    finally:
        _discard(draft)


def _discard(draft: Path) -> None:
    for name in (draft.name, f"{draft.name}-journal"):
        try:
            draft.with_name(name).unlink(missing_ok=True)
        except OSError:
            # The reason why there is a draft to discard is already on its way to the user.
            continue


def _told(path: Path, cause: OSError) -> StoreError:
    if cause.errno in (errno.ENOSPC, errno.EDQUOT):
        code = "store.disk_full"
    elif cause.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        code = "store.read_only"
    else:
        code = "store.cannot_open"
    return StoreError(code, path=str(path), reason=str(cause))


def _sync_file(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # Only POSIX has descriptors of folders; elsewhere the rename itself is durable.
    flag = getattr(os, "O_DIRECTORY", None)
    if flag is None:
        return
    descriptor = os.open(folder, os.O_RDONLY | flag)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
