"""Projects on a network share: worked on in a local copy, written back whole on closing.

SQLite's locks and syncs can't be trusted across a network. So what is acknowledged is durable in
the copy; the share gets the whole file when the work ends, and a copy that could not be written
back is continued the next time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from gridadmin.base.errors import StoreError
from gridadmin.store.durable import whole_file

SHARES_VARIABLE = "GRIDADMIN_SHARES"
"""Folders to treat as network shares where the system doesn't tell, divided as in PATH."""

_NETWORK_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.davfs", "davfs", "afs", "9p"}
)
_REMOTE_DRIVE = 4
_RECORD = "origin.json"


def is_on_share(path: Path) -> bool:
    """Return whether *path* lies on a network share, as far as the system tells."""
    resolved = path.absolute()
    named = [Path(part) for part in os.environ.get(SHARES_VARIABLE, "").split(os.pathsep) if part]
    if any(resolved.is_relative_to(folder.absolute()) for folder in named):
        return True
    if sys.platform == "win32":
        return _is_remote_drive(resolved)
    return _mount_type(resolved) in _NETWORK_TYPES


if sys.platform == "win32":

    def _is_remote_drive(path: Path) -> bool:
        import ctypes

        if path.drive.startswith("\\\\"):
            return True
        kind: int = ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\")
        return kind == _REMOTE_DRIVE


def _mount_type(path: Path) -> str:
    """Return the file system type of the mount that holds *path*; empty where nobody tells."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines.splitlines():
        fields = line.split(" ")
        point = fields[1].replace("\\040", " ")
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


@dataclass(frozen=True)
class WorkingCopy:
    """A local copy of a project on a share; ``is_continued``: it holds work not written back."""

    original: Path
    local: Path
    base_sha256: str
    is_continued: bool


def check_out(original: Path) -> WorkingCopy:
    """Copy a project from its share, or continue the copy that was not written back.

    Raises: StoreError ``store.share_conflict`` when both the copy and the original have changed,
    ``store.cannot_open``, ``store.disk_full``.
    """
    folder = _folder_of(original)
    local, record = folder / original.name, folder / _RECORD
    known = _recorded(record)
    if known is not None and local.is_file() and _sha256(local) != known:
        if _sha256(original) != known:
            raise StoreError("store.share_conflict", path=str(original), copy=str(local))
        return WorkingCopy(original, local, known, is_continued=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    base = _sha256(original)
    with whole_file(local) as draft:
        shutil.copyfile(original, draft)
    journal = original.with_name(f"{original.name}-journal")
    if journal.is_file():
        # What a killed program left: the copy needs it to be rolled back.
        shutil.copyfile(journal, local.with_name(journal.name))
    record.write_text(json.dumps({"path": str(original), "sha256": base}), encoding="utf-8")
    return WorkingCopy(original, local, base, is_continued=False)


def write_back(copy: WorkingCopy) -> None:
    """Put the copy in the place of the original, whole, and forget it; an unchanged one just goes.

    Raises: StoreError ``store.share_conflict`` when somebody changed the original meanwhile,
    ``store.share_kept`` when the share can't be written: the copy stays and is continued later.
    """
    try:
        is_changed = _sha256(copy.local) != copy.base_sha256
        is_rival = is_changed and _sha256(copy.original) != copy.base_sha256
        if is_changed and not is_rival:
            with whole_file(copy.original) as draft:
                shutil.copyfile(copy.local, draft)
    except (OSError, StoreError) as fault:
        raise StoreError(
            "store.share_kept", path=str(copy.original), copy=str(copy.local), reason=str(fault)
        ) from fault
    if is_rival:
        raise StoreError("store.share_conflict", path=str(copy.original), copy=str(copy.local))
    shutil.rmtree(copy.local.parent, ignore_errors=True)


def _folder_of(original: Path) -> Path:
    name = hashlib.sha256(str(original.absolute()).encode()).hexdigest()[:16]
    return platformdirs.user_data_path("gridadmin", appauthor=False) / "shares" / name


def _recorded(record: Path) -> str | None:
    try:
        found = json.loads(record.read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
