"""A server that falls silent holds up no command and no queue once the user cancels."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import SILENT
from gridadmin.publish import leavable_target
from gridadmin.publish.delivery import Outcome, deliver
from gridadmin.publish.latest import look
from gridadmin.publish.leavable_target import leavable
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.folder import FolderTarget
from gridadmin.publish.targets.opening import open_target
from gridadmin.publish.targets.target import Serving
from tests.cli.runner import child_environment, run
from tests.publish.parcels import hurried, made_up_parcel


class StopsAt:
    """A user who cancels once so many bytes went out."""

    def __init__(self, done: int) -> None:
        self._limit = done
        self._is_cancelled = False

    def step(self, what: str, done: int, total: int) -> None:
        """Look how far it has come."""
        self._is_cancelled = self._is_cancelled or done >= self._limit

    def is_cancelled(self) -> bool:
        return self._is_cancelled


class Cancelling:
    """A user who has cancelled."""

    def step(self, what: str, done: int, total: int) -> None:
        """Ignore it."""

    def is_cancelled(self) -> bool:
        return True


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """A server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(120)
        yield server


def test_all_goes_through_to_the_target(tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    target = leavable(FolderTarget(tmp_path / "server"), SILENT)
    parcel = made_up_parcel(tmp_path)

    done = deliver(target, parcel, look(target).digest, SILENT, hurried())
    target.close()

    assert done == Outcome.CONFIRMED
    there = tmp_path / "server" / parcel.release.file
    assert there.read_bytes() == parcel.path.read_bytes()
    assert not isinstance(target, Serving)


def test_a_target_that_serves_maps_still_does() -> None:
    address = parse_address("geoserver+http://127.0.0.1:9/geoserver?workspace=x")

    assert isinstance(leavable(open_target(address), SILENT), Serving)


def test_an_upload_that_is_cancelled_is_taken_off_a_server_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is: this server does answer.
    monkeypatch.setattr(leavable_target, "_GRACE_S", 60.0)
    server = tmp_path / "server"
    server.mkdir()
    progress = StopsAt(100_000)
    target = leavable(FolderTarget(server), progress)

    with pytest.raises(Cancelled):
        deliver(target, made_up_parcel(tmp_path), "", progress, hurried())

    assert list(server.iterdir()) == []


def test_a_silent_server_is_left_and_asked_nothing_more(silent_server: socket.socket) -> None:
    url = f"http://127.0.0.1:{silent_server.getsockname()[1]}/a"
    target = leavable(open_target(parse_address(url), timeout_s=600), Cancelling())

    with pytest.raises(Cancelled):
        look(target)
    with pytest.raises(Cancelled):
        _ = target.can_rename
    target.close()

    # The first question alone has made a connection.
    connection, _ = silent_server.accept()
    connection.close()
    silent_server.settimeout(0)
    with pytest.raises(BlockingIOError):
        silent_server.accept()


def test_the_question_whether_a_silent_server_can_rename_is_left_too(
    silent_server: socket.socket,
) -> None:
    url = f"http://127.0.0.1:{silent_server.getsockname()[1]}/a"
    target = leavable(open_target(parse_address(url), timeout_s=600), Cancelling())

    with pytest.raises(Cancelled):
        _ = target.can_rename
    target.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no Ctrl+C to one process")
@pytest.mark.parametrize("command", ["fetch", "publish", "rehearse"])
def test_the_first_ctrl_c_ends_a_command_whose_server_is_silent(
    command: str, silent_server: socket.socket, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{silent_server.getsockname()[1]}/grids"
    project = tmp_path / "项 目.gpkg"
    said = {
        "fetch": ["fetch", url, str(tmp_path)],
        "publish": ["publish", str(project), "--target", url],
        "rehearse": ["publish", str(project), "--target", url, "--dry-run"],
    }[command]
    if command != "fetch":
        made = run("new", project, "--scheme", "default", "--name", "虚构区")
        assert made.code == 0, made.err
    child = subprocess.Popen(
        [sys.executable, "-m", "gridadmin", *said],
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    connection, _ = silent_server.accept()
    child.send_signal(signal.SIGINT)
    # The program itself waits a minute for an answer.
    _, told = child.communicate(timeout=30)
    connection.close()

    assert child.returncode == 130, told
    assert b"Traceback" not in told
