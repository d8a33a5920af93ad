"""WebDAV, and plain HTTPS servers that take PUT."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote, unquote, urlsplit

from gridadmin.publish.targets.address import Address
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.http import Answer, Connection, Upload
from gridadmin.publish.targets.target import Entry, OnlyIf, Sent, own_part

_PROPFIND = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<propfind xmlns="DAV:"><prop><getcontentlength/><getetag/><resourcetype/></prop></propfind>'
)
_MOST_DIGITS = 20
"""A length with more is none."""
_NOT_OFFERED = ("target.no_method", "target.forbidden")


class WebDavTarget:
    """A collection on a WebDAV server; where MOVE is missing, files are put by their own names.

    A broken upload starts anew: a PUT of a part of a file means to most servers the whole file.
    """

    can_append = False

    def __init__(self, address: Address, connection: Connection) -> None:
        self._address = address
        self._connection = connection
        self._base = quote(address.path.rstrip("/")) + "/"
        self._offers_move: bool | None = None

    @property
    def place(self) -> str:
        """The address."""
        return self._address.place

    @property
    def can_rename(self) -> bool:
        """Whether the server offers MOVE, as it says to OPTIONS; one that says nothing has it."""
        if self._offers_move is None:
            self._offers_move = self._asks_move()
        return self._offers_move

    def entries(self) -> list[Entry] | None:
        """Return the files of the collection, None where the server has no PROPFIND."""
        headers = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
        try:
            answer = self._connection.ask(
                "PROPFIND", self._base, headers=headers, body=_PROPFIND, fine=(207,)
            )
        except TargetError as error:
            if error.code in _NOT_OFFERED:
                return None
            raise
        return _entries(answer.body, self._connection.host)

    def stat(self, name: str) -> Entry | None:
        """Return the file of that name."""
        answer = self._connection.ask("HEAD", self._path(name), name=name, fine=(200, 404))
        if answer.status == 404:
            return None
        return Entry(name, _length(answer, self._connection.host), strong_tag(answer))

    def read(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the content of a file."""
        return self._connection.read(self._path(name), name, limit)

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        """Send the file whole."""
        headers = {"Content-Type": "application/octet-stream"}
        if only_if.is_absent:
            headers["If-None-Match"] = "*"
        elif only_if.tag is not None:
            headers["If-Match"] = only_if.tag
        upload = Upload(source, size, sent)
        self._connection.ask("PUT", self._path(name), name=name, headers=headers, body=upload)

    def rename(self, old: str, new: str, only_if: OnlyIf) -> None:
        """Move the file; the tag of the goal goes along for servers that heed it."""
        goal = self._connection.origin + self._path(new)
        headers = {"Destination": goal, "Overwrite": "F" if only_if.is_absent else "T"}
        if only_if.tag is not None:
            headers["If"] = f"<{goal}> ([{only_if.tag}])"
        self._connection.ask("MOVE", self._path(old), name=new, headers=headers)

    def remove(self, name: str) -> None:
        """Remove an unfinished upload."""
        fine = (200, 202, 204, 404)
        self._connection.ask("DELETE", self._path(own_part(name)), name=name, fine=fine)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _path(self, name: str) -> str:
        return self._base + quote(name, safe="")

    def _asks_move(self) -> bool:
        try:
            answer = self._connection.ask("OPTIONS", self._base, fine=(200, 204))
        except TargetError as error:
            if error.is_passing or error.code in ("target.denied", "target.untrusted"):
                raise
            return True
        allowed = f"{answer.headers.get('Allow', '')},{answer.headers.get('Public', '')}".upper()
        return not allowed.strip(", ") or "MOVE" in allowed or "DAV" in answer.headers


def strong_tag(answer: Answer) -> str | None:
    """Return the tag of an answer; a weak one can't be put into a condition."""
    tag = answer.headers.get("ETag")
    return tag if tag and tag.startswith('"') and len(tag) < 200 else None


def _length(answer: Answer, host: str) -> int:
    said = answer.headers.get("Content-Length", "")
    if not said.isdigit():
        raise TargetError("target.bad_answer", host=host)
    return int(said)


def _entries(body: bytes, host: str) -> list[Entry]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise TargetError("target.bad_answer", host=host) from error
    found = []
    for response in root.iter("{DAV:}response"):
        name = _last_part(response.findtext("{DAV:}href") or "")
        length = response.findtext(".//{DAV:}getcontentlength") or ""
        is_number = length.isascii() and length.isdigit() and len(length) < _MOST_DIGITS
        is_folder = response.find(".//{DAV:}resourcetype/{DAV:}collection") is not None
        if name and is_number and not is_folder:
            found.append(Entry(name, int(length), response.findtext(".//{DAV:}getetag")))
    return sorted(found, key=lambda entry: entry.name)


def _last_part(href: str) -> str:
    """Return the name that an address ends in, empty when it could lead anywhere else."""
    try:
        path = urlsplit(href).path
    except ValueError:
        return ""
    name = unquote(path.rstrip("/").rpartition("/")[2])
    is_plain = name not in ("", ".", "..") and not any(sign in name for sign in "/\\")
    return name if is_plain and name.isprintable() else ""
