"""A look at a target before anything depends on it: can we read, write, rename and remove there."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from gridadmin.base.errors import Cancelled
from gridadmin.publish.latest import Published, look
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.target import ANYWAY, PART, Target, read_small


@dataclass(frozen=True, slots=True)
class Tried:
    """What a test of the connection found: all of it works, and what is published there now.

    ``lists`` tells whether the server lists its files, which fetching doesn't need.
    """

    place: str
    renames: bool
    resumes: bool
    lists: bool
    latest: Published | None


def try_out(target: Target) -> Tried:
    """Write a few bytes under a ``.part`` name, read them back, rename and remove them.

    Nothing is left behind. Raises: TargetError, which says in words what doesn't work; Cancelled.
    """
    latest = look(target).latest
    lists = target.entries() is not None
    name, other = (f"gridadmin-{os.urandom(4).hex()}{PART}" for _ in range(2))
    content = os.urandom(1024)
    with _leaving_none(target, name, other):
        target.put(name, io.BytesIO(content), len(content), ANYWAY, lambda _: None)
        if target.can_rename:
            target.rename(name, other, ANYWAY)
            name, other = other, name
        if read_small(target, name, len(content)) != content:
            raise TargetError("delivery.damaged", file=name, place=target.place)
        target.remove(name)
    return Tried(target.place, target.can_rename, target.can_append, lists, latest)


@contextmanager
def _leaving_none(target: Target, *names: str) -> Iterator[None]:
    """Remove the files of a test that fails: a write that was refused may have begun."""
    try:
        yield
    except (TargetError, Cancelled):
        for name in names:
            with suppress(TargetError, Cancelled):
                target.remove(name)
        raise
