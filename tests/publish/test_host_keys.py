"""An SSH server is known by its key, or nothing is said to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko
import pytest

from gridadmin.publish.latest import look
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.host_keys import HostKeys, fingerprint
from gridadmin.publish.targets.opening import open_target
from gridadmin.publish.targets.sftp import SftpTarget
from tests.servers.programs import own_folder
from tests.servers.ssh import SshServed, openssh

SECRET = "kein-Geheimnis-99"


@pytest.fixture(scope="module")
def server() -> Iterator[SshServed]:
    with own_folder() as folder, openssh(folder) as served:
        yield served


@contextmanager
def target_at(served: SshServed, host_key: str = "") -> Iterator[SftpTarget]:
    target = open_target(
        parse_address(served.url),
        Credentials(served.user, key_file=served.open_key_file),
        host_key=host_key,
    )
    assert isinstance(target, SftpTarget)
    yield target
    target.close()


def test_an_unknown_server_is_refused_with_the_fingerprint_that_openssh_prints(
    server: SshServed,
) -> None:
    with target_at(server) as target, pytest.raises(TargetError) as refused:
        look(target)

    assert refused.value.code == "target.host_unknown"
    assert refused.value.params["fingerprint"] == server.fingerprint


def test_a_confirmed_server_is_remembered(server: SshServed, user_folder: Path) -> None:
    with target_at(server, server.fingerprint) as target:
        assert look(target).latest is None

    with target_at(server) as target:
        assert look(target).latest is None
    assert "ssh-ed25519" in (user_folder / "config" / "known_hosts").read_text(encoding="ascii")


def test_a_wrong_fingerprint_confirms_nothing(server: SshServed, user_folder: Path) -> None:
    with (
        target_at(server, "SHA256:" + "A" * 43) as target,
        pytest.raises(TargetError, match=r"target\.host_unknown"),
    ):
        look(target)

    assert not (user_folder / "config" / "known_hosts").exists()


def test_a_server_whose_key_has_changed_is_refused_even_when_confirmed(
    server: SshServed, user_folder: Path
) -> None:
    other = paramiko.RSAKey.generate(2048)
    known = user_folder / "config" / "known_hosts"
    known.parent.mkdir(parents=True)
    known.write_text(f"[127.0.0.1]:{server.port} ssh-rsa {other.get_base64()}\n", encoding="ascii")

    with (
        target_at(server, server.fingerprint) as target,
        pytest.raises(TargetError, match=r"target\.host_changed"),
    ):
        look(target)


class PasswordOnly(paramiko.ServerInterface):  # type: ignore[misc]
    """Lets in who has the password, and writes down what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_auth_password(self, username: str, password: str) -> int:
        self.told.append(password)
        is_right = password == SECRET
        return int(paramiko.common.AUTH_SUCCESSFUL if is_right else paramiko.common.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.common.OPEN_SUCCEEDED)


class OneFolder(paramiko.SFTPServerInterface):  # type: ignore[misc]
    """A folder in which nothing lies."""

    def stat(self, path: str) -> int:
        return int(paramiko.SFTP_NO_SUCH_FILE)


@contextmanager
def password_server() -> Iterator[tuple[int, paramiko.PKey, PasswordOnly]]:
    key, judge = paramiko.RSAKey.generate(2048), PasswordOnly()
    opened: list[paramiko.Transport] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                transport = paramiko.Transport(connection)
                transport.add_server_key(key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, OneFolder)
                opened.append(transport)
                transport.start_server(event=threading.Event(), server=judge)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], key, judge
        for transport in opened:
            transport.close()
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(60)


def test_a_password_lets_in_and_a_wrong_one_is_explained() -> None:
    with password_server() as (port, key, _):
        address = parse_address(f"sftp://127.0.0.1:{port}/grids")
        keys = HostKeys(fingerprint(key), others=())
        right = SftpTarget(address, Credentials("u", SECRET), keys)
        wrong = SftpTarget(address, Credentials("u", "falsch"), keys)

        assert look(right).latest is None
        with pytest.raises(TargetError, match=r"target\.login_refused"):
            look(wrong)
        right.close()
        wrong.close()


def test_a_server_that_is_not_known_hears_no_password() -> None:
    with password_server() as (port, _, judge):
        address = parse_address(f"sftp://127.0.0.1:{port}/grids")
        target = SftpTarget(address, Credentials("u", SECRET), HostKeys(others=()))

        with pytest.raises(TargetError, match=r"target\.host_unknown"):
            look(target)

    assert judge.told == []


@pytest.mark.parametrize(
    "hosts",
    [
        "host",
        "*",
        "h?st",
        "other,HOST",
        "!elsewhere,*",
        # Another hash each time, which must not be the name of the test.
        pytest.param(paramiko.HostKeys.hash_host("host"), id="hashed"),
    ],
)
def test_a_revoked_key_is_refused_though_it_is_known_and_confirmed(
    hosts: str, tmp_path: Path
) -> None:
    key = paramiko.ECDSAKey.generate()
    theirs, own = tmp_path / "known_hosts", tmp_path / "own"
    said = f"{key.get_name()} {key.get_base64()}"
    own.write_text(f"host {said}\n", encoding="ascii")
    theirs.write_text(f"@revoked\t{hosts} {said}\n", encoding="ascii")

    with pytest.raises(TargetError) as refused:
        HostKeys(fingerprint(key), own, (theirs,)).require_known("host", 22, key)

    assert refused.value.code == "target.host_revoked"
    assert refused.value.params["fingerprint"] == fingerprint(key)


@pytest.mark.parametrize("hosts", ["elsewhere", "!host,*", "[host]:2222", "|1|abc|def"])
def test_a_key_that_is_revoked_for_other_servers_is_still_known(hosts: str, tmp_path: Path) -> None:
    key = paramiko.ECDSAKey.generate()
    theirs = tmp_path / "known_hosts"
    said = f"{key.get_name()} {key.get_base64()}"
    theirs.write_text(f"@revoked {hosts} {said}\nhost {said}\n", encoding="ascii")

    HostKeys("", tmp_path / "own", (theirs,)).require_known("host", 22, key)


def test_a_revoked_server_hears_no_password(tmp_path: Path) -> None:
    with password_server() as (port, key, judge):
        theirs = tmp_path / "known_hosts"
        line = f"@revoked [127.0.0.1]:* {key.get_name()} {key.get_base64()}\n"
        theirs.write_text(line, encoding="ascii")
        keys = HostKeys(fingerprint(key), others=(theirs,))
        address = parse_address(f"sftp://127.0.0.1:{port}/grids")
        target = SftpTarget(address, Credentials("u", SECRET), keys)

        with pytest.raises(TargetError, match=r"target\.host_revoked"):
            look(target)

    assert judge.told == []


DAMAGED = {
    "a key cut short": b"host ssh-ed25519 AAAA\n",
    "no base64": b"host ssh-rsa !!!!\n",
    "a comment in GBK": "# 注释\n".encode("gbk"),
    "a broken hash": b"|1|abc|def ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==\n",
    "a mark": b"@revoked host ssh-rsa AAAA\n",
    "bytes": b"\xff\xfe\x00\n",
}


@pytest.mark.parametrize("line", DAMAGED.values(), ids=DAMAGED)
def test_damaged_lines_of_known_hosts_are_passed_over(line: bytes, tmp_path: Path) -> None:
    key = paramiko.ECDSAKey.generate()
    theirs, own = tmp_path / "known_hosts", tmp_path / "own"
    theirs.write_bytes(line + f"host {key.get_name()} {key.get_base64()}\n".encode())
    own.write_bytes(line)

    HostKeys("", own, (theirs,)).require_known("host", 22, key)

    other = paramiko.ECDSAKey.generate()
    HostKeys(fingerprint(other), own, ()).require_known("other", 22, other)
    assert own.read_bytes().startswith(line)
