"""Addresses of targets: what they may look like, and what they must never hold."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit
from urllib.request import url2pathname

from gridadmin.base.errors import InputError


class Kind(StrEnum):
    """The kinds of targets."""

    FOLDER = "folder"
    WEBDAV = "webdav"
    GEOSERVER = "geoserver"
    SFTP = "sftp"
    S3 = "s3"


_KINDS = {
    "file": Kind.FOLDER,
    "https": Kind.WEBDAV,
    "http": Kind.WEBDAV,
    "geoserver+https": Kind.GEOSERVER,
    "geoserver+http": Kind.GEOSERVER,
    "sftp": Kind.SFTP,
    "s3": Kind.S3,
}
_OPTIONS = {
    Kind.GEOSERVER: {"workspace", "store"},
    Kind.S3: {"endpoint", "region"},
}
_PORTS = {"https": 443, "http": 80, "sftp": 22}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a target is. ``url`` is fit to be shown and stored: it has no user name and no secret.

    ``scheme`` is that of the connection (``https`` for GeoServer), ``path`` begins with ``/`` and
    has its escapes taken out; ``options`` are those after the question mark.
    """

    kind: Kind
    url: str
    scheme: str
    host: str = ""
    port: int = 0
    path: str = "/"
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Who gets the credentials: scheme, host and port, for S3 those of its endpoint."""
        if self.kind is Kind.S3:
            return s3_endpoint(self)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def place(self) -> str:
        """The address as people write it."""
        return readable(self.url)

    @property
    def folder(self) -> Path:
        """The folder of a ``file://`` address."""
        return Path(url2pathname(self.path))


def looks_like_url(text: str) -> bool:
    """Return whether *text* is an address rather than the name of a target."""
    return "://" in text


def folder_url(path: str) -> str:
    """Return the address of a folder whose path is written as the system writes it.

    Raises: InputError ``target.bad_folder``, where the path doesn't begin at a drive or a share.
    """
    folder = Path(path)
    if not folder.is_absolute():
        raise InputError("target.bad_folder", folder=path)
    return folder.as_uri()


def readable(url: str) -> str:
    """Return an address as people write it, without escapes."""
    plain = unquote(url)
    return plain if plain.isprintable() else url


def parse_address(url: str) -> Address:
    """Return what *url* names.

    ``http://`` is taken for a loopback address alone (127.0.0.0/8, ::1, written as a number): what
    goes there never leaves the computer. Everything else has to be encrypted.

    Raises: InputError ``target.bad_url``, ``target.secret_in_url``, ``target.not_encrypted``.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        # A label that is empty or too long can't even be looked up.
        (parts.hostname or "").encode("idna")
    except ValueError as error:
        raise InputError("target.bad_url", url=_without_secrets(url)) from error
    if "@" in parts.netloc:
        raise InputError("target.secret_in_url", url=_without_secrets(url))
    kind = _KINDS.get(parts.scheme.lower())
    if kind is None or parts.fragment or _has_controls(url):
        raise InputError("target.bad_url", url=_without_secrets(url))
    if kind is Kind.FOLDER:
        return _folder_address(parts.netloc, parts.path)
    if not parts.hostname:
        raise InputError("target.bad_url", url=_without_secrets(url))
    scheme = parts.scheme.lower().rpartition("+")[2]
    if scheme == "http" and not is_loopback(parts.hostname):
        raise InputError("target.not_encrypted", url=_without_secrets(url))
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if set(options) - _OPTIONS.get(kind, set()):
        raise InputError("target.bad_url", url=_without_secrets(url))
    path = unquote(parts.path)
    if ".." in path.split("/"):
        raise InputError("target.bad_url", url=_without_secrets(url))
    clean = urlunsplit(
        (parts.scheme.lower(), parts.netloc, parts.path.rstrip("/"), parts.query, "")
    )
    address = Address(
        kind,
        clean,
        scheme,
        parts.hostname,
        port or _PORTS.get(scheme, 0),
        "/" + path.strip("/"),
        options,
    )
    if kind is Kind.S3:
        s3_endpoint(address)
    return address


def s3_endpoint(address: Address) -> str:
    """Return the address of the S3 service, that of AWS in the region unless the URL names one.

    Raises: InputError ``target.not_encrypted``, ``target.bad_url``, ``target.secret_in_url``.
    """
    named = address.options.get("endpoint")
    if not named:
        region = address.options.get("region") or "us-east-1"
        ending = "com.cn" if region.startswith("cn-") else "com"
        return f"https://s3.{region}.amazonaws.{ending}"
    endpoint = parse_address(named)
    if endpoint.kind is not Kind.WEBDAV:
        raise InputError("target.bad_url", url=named)
    return endpoint.url


def is_loopback(host: str) -> bool:
    """Return whether *host* is this computer by its number; names may lead elsewhere."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _folder_address(netloc: str, path: str) -> Address:
    if netloc not in ("", "localhost"):
        if os.name != "nt":
            raise InputError("target.bad_url", url=f"file://{netloc}{path}")
        path = f"//{netloc}{path}"
    if not path.strip("/"):
        raise InputError("target.bad_url", url=f"file://{path}")
    return Address(Kind.FOLDER, f"file://{path.rstrip('/')}", "file", "", 0, path)


def _has_controls(url: str) -> bool:
    return any(ord(sign) < 32 or ord(sign) == 127 for sign in url)


def _without_secrets(url: str) -> str:
    """Return *url* as it may stand in an error: without what is before ``@`` or after ``?``."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path.partition('?')[0]}"
