"""OpenSSH's server with a configuration of its own, for SFTP with keys."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.programs import free_port, program, running

PASSPHRASE = "kein-Geheimnis-4712"
"""The passphrase of the made-up user's key."""
_RIGHTLESS = "nobody"


@dataclass(frozen=True)
class SshServed:
    """A server: its address, the folder, who may log in with which key, and its fingerprint."""

    url: str
    folder: Path
    port: int
    user: str
    key_file: Path
    fingerprint: str
    host_key: Path
    open_key_file: Path
    """A key without a passphrase, which is quicker to read."""


@contextmanager
def openssh(root: Path) -> Iterator[SshServed]:
    """Run ``sshd`` without rights of the system; it serves SFTP alone."""
    binary = program("sshd")
    served = root / "served" / "grids"
    served.mkdir(parents=True)
    host_key, user_key = root / "host_key", root / "user_key"
    make_key(host_key, "")
    make_key(user_key, PASSPHRASE)
    open_key = root / "open_key"
    make_key(open_key, "")
    keys = (user_key, open_key)
    allowed = b"".join(key.with_suffix(".pub").read_bytes() for key in keys)
    (root / "authorized").write_bytes(allowed)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    user = _RIGHTLESS if is_root else getpass.getuser()
    port = free_port()
    (root / "sshd_config").write_text(
        f"""ListenAddress 127.0.0.1
Port {port}
HostKey {host_key}
PidFile none
AuthorizedKeysFile {root}/authorized
StrictModes no
UsePAM yes
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
ForceCommand internal-sftp
LogLevel VERBOSE
""",
        encoding="utf-8",
    )
    if is_root:
        _hand_over(root)
    command = (binary, "-D", "-e", "-f", root / "sshd_config")
    with running(command, port, root / "log", user=user if is_root else None):
        url = f"sftp://127.0.0.1:{port}{served.as_posix()}"
        print_of = fingerprint_of(host_key)
        yield SshServed(url, served, port, user, user_key, print_of, host_key, open_key)


def make_key(path: Path, passphrase: str) -> None:
    """Make a key pair with OpenSSH's own program."""
    command = [program("ssh-keygen"), "-q", "-t", "ed25519", "-N", passphrase, "-f", path]
    subprocess.run([str(word) for word in command], check=True)


def fingerprint_of(key: Path) -> str:
    """Return the fingerprint of a key as OpenSSH prints it."""
    command = [str(program("ssh-keygen")), "-l", "-f", f"{key}.pub"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return said.split()[1]


def _hand_over(root: Path) -> None:
    import pwd

    entry = pwd.getpwnam(_RIGHTLESS)
    for path in (root, *root.rglob("*")):
        if path.name not in ("user_key", "open_key"):
            os.chown(path, entry.pw_uid, entry.pw_gid)
