"""Whatever happens on the way: one release whole on the server, and a client that is true."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gridadmin.base.progress import SILENT
from gridadmin.publish.delivery import deliver
from gridadmin.publish.latest import LATEST, look
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.folder import FolderTarget
from gridadmin.publish.targets.opening import open_target
from tests.publish.parcels import hurried, made_up_parcel
from tests.servers import http, ssh
from tests.servers.fault_runs import SERVERS, bed, run_once
from tests.servers.programs import own_folder

RUNS = 12
"""Runs on each of the five kinds of servers; the benchmark ``faults`` makes over 500."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", SERVERS)
def test_sixty_deliveries_that_go_wrong_leave_one_release_whole(kind: str, tmp_path: Path) -> None:
    named = os.environ.get("GRIDADMIN_FAULT_SEED")
    seed = int(named) if named else random.SystemRandom().randrange(2**31)
    print(f"GRIDADMIN_FAULT_SEED={seed}")  # noqa: T201 (what repeats this very test)

    with bed(kind) as made:
        told = [run_once(made, tmp_path, seed + number) for number in range(RUNS)]

    assert len(told) == RUNS


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 512 KiB."""
    with ExitStack() as stack:
        folder = stack.enter_context(own_folder())
        mount = ["mount", "-t", "tmpfs", "-o", "size=512k,mode=0777", "tmpfs", str(folder)]
        if os.name == "nt" or os.geteuid() != 0:
            pytest.skip("only root can mount a small disk")
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("a small disk can't be mounted here")
        stack.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)
        yield folder


def test_a_full_disk_leaves_the_old_release_and_is_explained(
    small_disk: Path, tmp_path: Path
) -> None:
    target = FolderTarget(small_disk)
    first = made_up_parcel(tmp_path, 1)
    deliver(target, first, "", SILENT, hurried())
    before = (small_disk / LATEST).read_bytes()

    with pytest.raises(TargetError, match=r"target\.disk_full"):
        deliver(
            target,
            made_up_parcel(tmp_path, 2, size=600_000),
            look(target).digest,
            SILENT,
            hurried(),
        )

    assert (small_disk / LATEST).read_bytes() == before
    assert (small_disk / first.release.file).read_bytes() == first.path.read_bytes()


@pytest.mark.parametrize(
    ("kind", "code"), [("apache", r"target\.full"), ("openssh", r"target\.refused_write")]
)
def test_a_full_disk_of_a_server_leaves_the_old_release_and_is_explained(
    kind: str, code: str, small_disk: Path, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        root = stack.enter_context(own_folder())
        if kind == "apache":
            served = stack.enter_context(http.apache(root, None))
            url, folder, host_key = served.url, served.folder, ""
            credentials = Credentials(http.USER, http.SECRET)
        else:
            shell = stack.enter_context(ssh.openssh(root))
            url, folder, host_key = shell.url, shell.folder, shell.fingerprint
            credentials = Credentials(shell.user, key_file=shell.open_key_file)
        subprocess.run(["mount", "--bind", str(small_disk), str(folder)], check=True)
        stack.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)
        target = open_target(parse_address(url), credentials, host_key=host_key)
        stack.callback(target.close)
        first = made_up_parcel(tmp_path, 1)
        deliver(target, first, "", SILENT, hurried())
        before = (folder / LATEST).read_bytes()

        with pytest.raises(TargetError, match=code):
            deliver(
                target,
                made_up_parcel(tmp_path, 2, size=600_000),
                look(target).digest,
                SILENT,
                hurried(),
            )

        assert (folder / LATEST).read_bytes() == before
        assert (folder / first.release.file).read_bytes() == first.path.read_bytes()


@pytest.mark.parametrize("kind", ["apache", "nginx"])
def test_a_server_that_takes_no_large_files_is_explained(kind: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        root = stack.enter_context(own_folder())
        if kind == "apache":
            served = stack.enter_context(http.apache(root, None, limit=100_000))
        else:
            served = stack.enter_context(http.nginx(root, None, limit="100k"))
        target = open_target(parse_address(served.url), Credentials(http.USER, http.SECRET))
        stack.callback(target.close)

        with pytest.raises(TargetError, match=r"target\.too_large"):
            deliver(target, made_up_parcel(tmp_path), "", SILENT, hurried())

        assert not (served.folder / LATEST).exists()
