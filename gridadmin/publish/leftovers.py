"""Uploads that were given up half done: remembered until their target is rid of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.target import Target
from gridadmin.store.durable import whole_file

_SUFFIX = ".left"


class Leftovers:
    """The names of unfinished uploads that nobody will go on with, by the address of the target.

    Each is ours: its name ends in a part of the hash of our own package.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, url: str, part: str) -> None:
        """Remember that *part* may lie unfinished at *url*. Raises: StoreError of the disk."""
        with whole_file(self._file_of(url, part)) as draft:
            draft.write_text(json.dumps({"url": url, "part": part}), encoding="utf-8")

    def at(self, url: str) -> list[str]:
        """Return the names that may lie at *url*, sorted."""
        found = (_read(path) for path in self._folder.glob(f"*{_SUFFIX}"))
        return sorted(part for where, part in found if where == url)

    def clear(self, target: Target, url: str, wanted: Collection[str]) -> None:
        """Remove what lies at *url* from *target*, but for what is *wanted* again.

        Raises: TargetError, Cancelled; what was not reached stays remembered.
        """
        for part in self.at(url):
            if part in wanted:
                continue
            # Without renaming nothing is ever uploaded beside.
            if target.can_rename:
                try:
                    target.remove(part)
                except TargetError as error:
                    if error.is_passing:
                        raise
            self.forget(url, part)

    def forget(self, url: str, part: str) -> None:
        """Forget a part that lies at *url* no more."""
        with suppress(OSError):
            self._file_of(url, part).unlink(missing_ok=True)

    def _file_of(self, url: str, part: str) -> Path:
        digest = hashlib.sha256(f"{url}\n{part}".encode()).hexdigest()
        return self._folder / f"{digest[:32]}{_SUFFIX}"


def _read(path: Path) -> tuple[str, str]:
    """Return address and name that a note holds, both empty for one that can't be ours."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return str(said["url"]), str(said["part"])
    except (OSError, ValueError, TypeError, KeyError):
        return "", ""
