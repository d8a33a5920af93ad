"""Taking a release from a target, broken off at every moment."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import SILENT
from gridadmin.publish.abandoning import abandonable
from gridadmin.publish.delivery import deliver
from gridadmin.publish.fetching import fetch
from gridadmin.publish.latest import look
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.folder import FolderTarget
from gridadmin.publish.targets.opening import open_target
from tests.publish.parcels import hurried, made_up_parcel

SIZE = 300_000
"""Five pieces."""


class StopsAt:
    """A user who cancels at the look of that number."""

    def __init__(self, look_number: int) -> None:
        self._left = look_number

    def step(self, what: str, done: int, total: int) -> None:
        """Ignore it."""

    def is_cancelled(self) -> bool:
        self._left -= 1
        return self._left < 0


@pytest.fixture
def target(tmp_path: Path) -> FolderTarget:
    folder = tmp_path / "server"
    folder.mkdir()
    target = FolderTarget(folder)
    parcel = made_up_parcel(tmp_path, size=SIZE)
    deliver(target, parcel, look(target).digest, SILENT, hurried())
    return target


def test_a_fetch_cancelled_at_any_moment_leaves_nothing_and_can_be_done_again(
    target: FolderTarget, tmp_path: Path
) -> None:
    out = tmp_path / "收 到"
    out.mkdir()
    # One look for each piece, and one before the file gets its name.
    for looks in range(6):
        with pytest.raises(Cancelled):
            fetch(target, out, None, None, StopsAt(looks), hurried())
        assert list(out.iterdir()) == []

    file = fetch(target, out, None, None, StopsAt(6), hurried()).path

    assert list(out.iterdir()) == [file]
    standing = look(target)
    assert standing.latest is not None
    assert hashlib.sha256(file.read_bytes()).hexdigest() == standing.latest.sha256


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """A server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.mark.parametrize("scheme", ["http", "sftp"])
def test_a_server_that_never_answers_is_left_when_the_user_cancels(
    scheme: str, silent_server: socket.socket
) -> None:
    address = parse_address(f"{scheme}://127.0.0.1:{silent_server.getsockname()[1]}/a")
    target = open_target(address, timeout_s=600)
    has_begun = threading.Event()

    class Cancels:
        def step(self, what: str, done: int, total: int) -> None:
            """Ignore it."""

        def is_cancelled(self) -> bool:
            return has_begun.is_set()

    def ask() -> None:
        has_begun.set()
        look(target)

    with pytest.raises(Cancelled):
        abandonable(ask, Cancels())


def test_what_the_work_says_or_raises_comes_through() -> None:
    def fails() -> None:
        raise ZeroDivisionError

    assert abandonable(lambda: 7, SILENT) == 7
    with pytest.raises(ZeroDivisionError):
        abandonable(fails, SILENT)
