"""SFTP, with host keys that are known or refused."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from gridadmin.publish.targets.address import Address
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.host_keys import HostKeys
from gridadmin.publish.targets.reasons import why_unreachable
from gridadmin.publish.targets.target import CHUNK, Entry, OnlyIf, Sent, own_part

if TYPE_CHECKING:
    import paramiko

_TIMEOUT_S = 30.0


class SftpTarget:
    """A folder on an SSH server. It connects at the first need, and anew after a break."""

    can_rename = True
    can_append = True

    def __init__(
        self,
        address: Address,
        credentials: Credentials,
        host_keys: HostKeys,
        *,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        self._address = address
        self._credentials = credentials
        self._host_keys = host_keys
        self._timeout_s = timeout_s
        self._transport: paramiko.Transport | None = None
        self._client: paramiko.SFTPClient | None = None

    @property
    def place(self) -> str:
        """The address."""
        return self._address.place

    def entries(self) -> list[Entry] | None:
        """Return the files of the folder."""
        with self._telling("") as client:
            found = client.listdir_attr(self._address.path)
            return sorted(
                (Entry(one.filename, one.st_size or 0) for one in found if one.st_size is not None),
                key=lambda entry: entry.name,
            )

    def stat(self, name: str) -> Entry | None:
        """Return the file of that name."""
        try:
            with self._telling(name) as client:
                return Entry(name, client.stat(self._path(name)).st_size or 0)
        except TargetError as error:
            if error.code == "target.missing":
                return None
            raise

    def read(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the content of a file."""
        done = 0
        with self._telling(name) as client, client.open(self._path(name), "rb") as file:
            size = min(file.stat().st_size or 0, limit)
            file.prefetch(size)
            while chunk := file.read(CHUNK):
                done += len(chunk)
                if done > limit:
                    raise TargetError("target.answer_too_large", host=self._address.host, name=name)
                yield chunk

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        """Write the file, from *start* on where it began before."""
        mode = "r+b" if start else ("xb" if only_if.is_absent else "wb")
        with self._telling(name) as client, client.open(self._path(name), mode) as file:
            file.set_pipelined(True)
            file.seek(start)
            source.seek(start)
            done = start
            while chunk := source.read(min(CHUNK, size - done)):
                file.write(chunk)
                done += len(chunk)
                sent(done)
            # Answers to writes that were sent ahead are not looked at; the size tells.
            if file.stat().st_size != size:
                raise OSError

    def rename(self, old: str, new: str, only_if: OnlyIf) -> None:
        """Rename in one step; a plain rename of SFTP never goes over a file that is there."""
        with self._telling(new) as client:
            source, goal = self._path(old), self._path(new)
            if not only_if.is_absent:
                client.posix_rename(source, goal)
                return
            try:
                client.rename(source, goal)
            except OSError:
                # The protocol has one word for all that may be wrong here.
                if self._exists(client, goal):
                    raise FileExistsError(errno.EEXIST, "taken") from None
                raise

    def remove(self, name: str) -> None:
        """Remove an unfinished upload."""
        try:
            with self._telling(name) as client:
                client.remove(self._path(own_part(name)))
        except TargetError as error:
            if error.code != "target.missing":
                raise

    def close(self) -> None:
        """Let go of the connection."""
        if self._transport is not None:
            self._transport.close()
        self._transport = self._client = None

    def _path(self, name: str) -> str:
        if "/" in name or name in ("", ".", ".."):
            raise TargetError("target.bad_name", name=name)
        return f"{self._address.path.rstrip('/')}/{name}"

    @staticmethod
    def _exists(client: paramiko.SFTPClient, path: str) -> bool:
        try:
            client.stat(path)
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def _telling(self, name: str) -> Iterator[paramiko.SFTPClient]:
        import paramiko

        host = self._address.host
        try:
            yield self._connected()
        except FileExistsError as error:
            raise TargetError("target.changed", host=host, name=name) from error
        except FileNotFoundError as error:
            raise TargetError("target.missing", host=host, name=name) from error
        except PermissionError as error:
            raise TargetError("target.no_right", host=host, name=name) from error
        except TimeoutError as error:
            self.close()
            raise TargetError("target.timeout", is_passing=True, host=host) from error
        except ConnectionRefusedError as error:
            raise self._told(error, name) from error
        except (paramiko.SSHException, EOFError, ConnectionError) as error:
            self.close()
            raise TargetError("target.broken_off", is_passing=True, host=host) from error
        except OSError as error:
            raise self._told(error, name) from error

    def _told(self, error: OSError, name: str) -> TargetError:
        """Return the error for what SFTP calls a failure: a full disk, most of the time."""
        host = self._address.host
        is_alive = self._transport is not None and self._transport.is_active()
        if error.errno == errno.ENOSPC or (is_alive and error.errno is None):
            return TargetError("target.refused_write", host=host, name=name)
        self.close()
        why = why_unreachable(error)
        return TargetError("target.unreachable", is_passing=True, host=host, why=why)

    def _connected(self) -> paramiko.SFTPClient:
        import paramiko

        if self._client is not None and self._transport is not None and self._transport.is_active():
            return self._client
        self.close()
        # What goes wrong is raised and told in words; its own lines would go to the terminal.
        logging.getLogger("paramiko").setLevel(logging.CRITICAL)
        host, port = self._address.host, self._address.port
        channel = socket.create_connection((host, port), timeout=self._timeout_s)
        self._transport = paramiko.Transport(channel)
        self._transport.banner_timeout = self._transport.auth_timeout = self._timeout_s
        self._host_keys.prefer_known(self._transport, host, port)
        self._transport.start_client(timeout=self._timeout_s)
        self._host_keys.require_known(host, port, self._transport.get_remote_server_key())
        self._authenticate(self._transport)
        client = paramiko.SFTPClient.from_transport(self._transport)
        if client is None:
            raise paramiko.SSHException
        client.get_channel().settimeout(self._timeout_s)
        self._client = client
        return client

    def _authenticate(self, transport: paramiko.Transport) -> None:
        import paramiko

        user, secret = self._credentials.user, self._credentials.secret
        host = self._address.host
        if not user:
            raise TargetError("target.no_credentials", host=host)
        try:
            if self._credentials.key_file is not None:
                transport.auth_publickey(user, self._private_key())
            else:
                transport.auth_password(user, secret)
        except paramiko.AuthenticationException as error:
            # A connection that ended under the exchange tells nothing about the secret.
            if not transport.is_active():
                raise EOFError from error
            self.close()
            has_key = self._credentials.key_file is not None
            code = "target.key_refused" if has_key else "target.login_refused"
            raise TargetError(code, host=host) from error

    def _private_key(self) -> Any:
        import paramiko

        file = self._credentials.key_file
        try:
            return paramiko.PKey.from_path(
                str(file), (self._credentials.secret or None) and self._credentials.secret.encode()
            )
        except (OSError, ValueError, paramiko.SSHException, paramiko.UnknownKeyType) as error:
            raise TargetError("target.bad_key", file=str(file)) from error
