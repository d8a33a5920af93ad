"""Which SSH servers are known: by keys that the user or the system has confirmed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from gridadmin.publish.own_folders import config_folder
from gridadmin.publish.targets.faults import TargetError
from gridadmin.store.durable import whole_file

if TYPE_CHECKING:
    import paramiko


_REVOKED = "@revoked"
"""Marks a line of a key that nobody may be known by any more."""


def own_file() -> Path:
    """Return the file of the keys that were confirmed in this program."""
    return config_folder() / "known_hosts"


def fingerprint(key: paramiko.PKey) -> str:
    """Return the fingerprint as ``ssh-keygen -l`` prints it: ``SHA256:…``."""
    digest = hashlib.sha256(key.asbytes()).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


class HostKeys:
    """The known keys of the system (read) and of this program (read and added to).

    *accepted* is a fingerprint that the administrator has told the user: a key that has it is
    remembered without asking.
    """

    def __init__(
        self, accepted: str = "", own: Path | None = None, others: tuple[Path, ...] | None = None
    ) -> None:
        self._accepted = accepted.strip()
        self._own = own or own_file()
        usual = (Path.home() / ".ssh" / "known_hosts",)
        self._others = usual if others is None else others

    def require_known(self, host: str, port: int, key: paramiko.PKey) -> None:
        """Refuse a server whose key isn't known, or isn't the one that is known.

        Raises: TargetError ``target.host_unknown``, ``target.host_changed``,
        ``target.host_revoked``.
        """
        if key.asbytes() in self._revoked(host, port):
            raise TargetError("target.host_revoked", host=host, fingerprint=fingerprint(key))
        known = self._known(host, port)
        if known.get(key.get_name()) == key.asbytes():
            return
        said = fingerprint(key)
        if known:
            raise TargetError("target.host_changed", host=host, fingerprint=said)
        if said != self._accepted:
            raise TargetError("target.host_unknown", host=host, fingerprint=said)
        self._remember(host, port, key)

    def prefer_known(self, transport: paramiko.Transport, host: str, port: int) -> None:
        """Ask the server for a key of the kinds that are known of it."""
        known = self._known(host, port)
        if known:
            options = transport.get_security_options()
            kinds = list(options.key_types)
            options.key_types = sorted(kinds, key=lambda kind: _plain_kind(kind) not in known)

    def _known(self, host: str, port: int) -> dict[str, bytes]:
        import paramiko

        found: dict[str, bytes] = {}
        for path in (*self._others, self._own):
            keys = paramiko.HostKeys()
            for hosts, key in _entries(path):
                for name in hosts:
                    keys.add(name, key.get_name(), key)
            of_host = keys.lookup(_name(host, port)) or {}
            found |= {kind: of_host[kind].asbytes() for kind in of_host.keys()}  # noqa: SIM118
        return found

    def _revoked(self, host: str, port: int) -> set[bytes]:
        """Return the keys that no server of this name may have any more."""
        return {
            key.asbytes()
            for path in (*self._others, self._own)
            for hosts, key in _entries(path, _REVOKED)
            if _is_meant(hosts, _name(host, port))
        }

    def _remember(self, host: str, port: int, key: paramiko.PKey) -> None:
        self._own.parent.mkdir(parents=True, exist_ok=True)
        before = self._own.read_bytes() if self._own.is_file() else b""
        line = f"{_name(host, port)} {key.get_name()} {key.get_base64()}\n"
        with whole_file(self._own) as draft:
            draft.write_bytes(before + line.encode())


def _entries(path: Path, marker: str = "") -> Iterator[tuple[list[str], paramiko.PKey]]:
    """Yield the hosts and the key of each line that has *marker*, or none.

    Lines that can't be understood are passed over.
    """
    from paramiko.hostkeys import HostKeyEntry

    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    for line in map(str.strip, text.splitlines()):
        said, plain = "", line
        if line.startswith("@"):
            said, _, plain = line.replace("\t", " ").partition(" ")
        if not plain or plain.startswith("#") or said != marker:
            continue
        # The library raises several kinds of errors for a damaged line.
        with suppress(Exception):
            entry = HostKeyEntry.from_line(plain.strip())
            if entry is not None and entry.key is not None:
                yield entry.hostnames, entry.key


def _is_meant(hosts: list[str], name: str) -> bool:
    """Return whether the patterns of a line (``*``, ``?``, ``!`` before one, hashes) say *name*."""
    if any(one.startswith("!") and _is_like(name, one[1:]) for one in hosts):
        return False
    return any(_is_like(name, one) for one in hosts)


def _is_like(name: str, pattern: str) -> bool:
    if pattern.startswith("|"):
        from paramiko import HostKeys as Known

        # The library raises several kinds of errors for a damaged hash.
        with suppress(Exception):
            return str(Known.hash_host(name, pattern)) == pattern
        return False
    # A port is written in brackets, which have no meaning of their own here.
    return fnmatchcase(name.lower(), pattern.lower().replace("[", "[[]"))


def _name(host: str, port: int) -> str:
    return host if port == 22 else f"[{host}]:{port}"


def _plain_kind(kind: str) -> str:
    # RSA keys sign in several ways and are one kind of key.
    return "ssh-rsa" if kind.startswith("rsa-sha2") else kind
