"""Where the programs of the servers are: installed, or unpacked into the environment by dev.py."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

UNPACKED = Path(sys.prefix) / "servers"
"""What ``dev.py test`` unpacks the Debian packages of the servers into: nothing is installed."""
_LEAST_PORT, _PORTS = 20_011, 12_000
_given = count()
_FOLDERS = ("usr/sbin", "usr/bin", "usr/lib/openssh")


def program(name: str) -> Path:
    """Return the program; the test is skipped by the program's name where there is none."""
    found = shutil.which(name, path=os.pathsep.join(("/usr/sbin", os.environ.get("PATH", ""))))
    if found is not None:
        return Path(found)
    for folder in _FOLDERS:
        path = UNPACKED / folder / name
        if path.exists():
            return path
    pytest.skip(f"{name} is not installed here; dev.py test unpacks it on Debian and Ubuntu")


def library_environment() -> dict[str, str]:
    """Return the environment in which unpacked programs find their libraries."""
    folders = [str(path) for path in (UNPACKED / "usr" / "lib").glob("*-linux-*")]
    before = os.environ.get("LD_LIBRARY_PATH")
    return {
        **os.environ,
        "LD_LIBRARY_PATH": os.pathsep.join([*folders, *([before] if before else [])]),
    }


@contextmanager
def own_folder() -> Iterator[Path]:
    """Give a folder that a server's own user can reach, as it can't those of the tests."""
    with tempfile.TemporaryDirectory(prefix="gridadmin-server-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on, another one at each call.

    The ports that systems give to whoever asks for any port lie above: nobody takes this one
    before its server begins, nor do tests of another process, which begin elsewhere.
    """
    while True:
        port = _LEAST_PORT + (os.getpid() * 101 + next(_given)) % _PORTS
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def running(
    command: Sequence[object],
    port: int,
    log: Path,
    *,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a server until the body ends; it listens on *port* before the body begins."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**library_environment(), **(environment or {})},
            user=user,
            start_new_session=True,
        )
    try:
        _wait(lambda: _listens(port), process, log)
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(is_ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while not is_ready():
        if process.poll() is not None or time.monotonic() > until:
            said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            message = f"{process.args!r} did not start: {said}"
            raise RuntimeError(message)
        time.sleep(0.02)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
