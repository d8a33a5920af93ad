"""What every kind of target can do, and no more than delivery needs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol, runtime_checkable

from gridadmin.publish.targets.faults import TargetError

PART = ".part"
"""What the name of an unfinished upload ends in; nothing else is ever removed from a target."""
CHUNK = 64 * 1024
"""Bytes that are read or written between two looks at whether the user cancelled."""

Sent = Callable[[int], None]
"""Told how many bytes have gone out so far; stops the upload by raising."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file on a target: its name, size in bytes, and the tag by which a change is noticed.

    Where the kind of target has no tags, or only weak ones, the tag is None.
    """

    name: str
    size: int
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """What has to be true on the server for a write to happen."""

    is_absent: bool = False
    tag: str | None = None


ANYWAY = OnlyIf()
IF_ABSENT = OnlyIf(is_absent=True)


class Target(Protocol):
    """A folder on a server (or of this computer) that takes files by name.

    All methods raise :class:`TargetError`. A write is whole on return or has raised; whether it
    happened all the same after it raised, the caller has to look up.
    """

    @property
    def place(self) -> str:
        """Where it is, for people: never with a user name or secret."""

    @property
    def can_rename(self) -> bool:
        """Whether a file can be uploaded beside and then switched by name."""

    @property
    def can_append(self) -> bool:
        """Whether an upload can be continued where it broke off."""

    def entries(self) -> list[Entry] | None:
        """Return the files there, None where the server doesn't list them."""

    def stat(self, name: str) -> Entry | None:
        """Return the file of that name, None when there is none."""

    def read(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the content of a file.

        Raises: TargetError ``target.missing``; ``target.answer_too_large`` beyond *limit* bytes.
        """

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        """Write *size* bytes of *source* under *name*; the first *start* are there already.

        Raises: TargetError ``target.changed`` when *only_if* isn't true and the server looks.
        """

    def rename(self, old: str, new: str, only_if: OnlyIf) -> None:
        """Give a file another name in one step, over what bears it unless *only_if* says no.

        Raises: TargetError ``target.changed`` when *only_if* isn't true and the server looks.
        """

    def remove(self, name: str) -> None:
        """Remove an unfinished upload, named ``….part``; one that isn't there is fine."""

    def close(self) -> None:
        """Let go of the connection."""


@runtime_checkable
class Serving(Protocol):
    """A target that also shows a package as map layers."""

    def service_plan(self, name: str) -> list[str]:
        """Return what :meth:`serve` would make or change, by text code and name."""

    def serve(self, name: str, layers: Mapping[str, str], label: str = "name") -> None:
        """Let the map service show the layers of the package *name*, in place of those before.

        *layers* says of each what it is, a level for one: that decides on title and style. *label*
        is the column that a new style writes beside each area, empty for none.
        """


def read_small(target: Target, name: str, limit: int) -> bytes | None:
    """Return a small file whole, None when there is none.

    Raises: TargetError, ``target.answer_too_large`` beyond *limit* bytes.
    """
    try:
        return b"".join(target.read(name, limit))
    except TargetError as error:
        if error.code == "target.missing":
            return None
        raise


def digest_of(target: Target, name: str, size: int, seen: Sent) -> tuple[int, str]:
    """Return size and SHA-256 of a file, read back from the target.

    Raises: TargetError; more than *size* bytes count as a wrong size.
    """
    hasher = hashlib.sha256()
    done = 0
    for chunk in target.read(name, size + 1):
        hasher.update(chunk)
        done += len(chunk)
        seen(done)
    return done, hasher.hexdigest()


def own_part(name: str) -> str:
    """Return *name* when it is that of an unfinished upload: nothing else may be removed.

    Raises: ValueError, a fault of the program.
    """
    if not name.endswith(PART) or "/" in name or "\\" in name:
        raise ValueError(name)
    return name
