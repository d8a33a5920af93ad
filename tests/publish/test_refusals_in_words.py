"""Folders and SFTP servers refuse by words of their own, not by the numbers of HTTP."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.base.texts import explain
from gridadmin.publish.latest import look
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.folder import FolderTarget
from gridadmin.publish.targets.opening import open_target
from gridadmin.publish.targets.target import Target
from gridadmin.publish.trying_out import try_out
from tests.servers import ssh
from tests.servers.programs import own_folder


@pytest.fixture
def server() -> Iterator[ssh.SshServed]:
    with ExitStack() as stack:
        yield stack.enter_context(ssh.openssh(stack.enter_context(own_folder())))


def opened(server: ssh.SshServed, credentials: Credentials) -> Target:
    return open_target(parse_address(server.url), credentials, host_key=server.fingerprint)


def test_a_folder_of_a_server_that_may_not_be_written_is_told(server: ssh.SshServed) -> None:
    target = opened(server, Credentials(server.user, "", key_file=server.open_key_file))
    server.folder.chmod(0o555)

    with pytest.raises(TargetError) as told:
        try_out(target)
    server.folder.chmod(0o755)
    target.close()

    assert told.value.code == "target.no_right"
    assert explain(told.value, "zh").startswith("没有权限在“127.0.0.1”里读写“gridadmin-")


def test_a_key_that_the_server_does_not_know_is_told(server: ssh.SshServed, tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    ssh.make_key(strange, "")
    known = Credentials(server.user, "", key_file=server.open_key_file)
    target = opened(server, replace(known, key_file=strange))

    with pytest.raises(TargetError) as told:
        look(target)
    target.close()

    assert told.value.code == "target.key_refused"
    assert "authorized_keys" in explain(told.value, "en")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "target.disk_full"),
        (errno.EFBIG, "target.disk_full"),
        (errno.EACCES, "target.no_right"),
        (errno.EROFS, "target.no_right"),
    ],
)
def test_a_folder_that_refuses_a_write_says_why(
    number: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    folder = tmp_path / "成果"
    folder.mkdir()

    with pytest.raises(TargetError) as told:
        try_out(FolderTarget(folder))

    assert told.value.code == code
    assert list(folder.iterdir()) == []
