"""The base maps that there are: those of the program, and the user's own beside his settings.

A table of the user's file with the id of one of the program's changes just what it names: whether
it is shown, the type of the key, by how much it is moved.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.base.paths import RESOURCES
from gridadmin.exchange.whole_file import disk_error, part_beside, switch
from gridadmin.tiles.declaration import ID, source_of, table_of
from gridadmin.tiles.source import Source

FILE_NAME = "basemaps.toml"
SHIPPED = RESOURCES / FILE_NAME
_LARGEST_BYTES = 2**20
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

Tables = Mapping[str, Any]
"""What a file holds: a table of settings under each id; whatever else stands there is a fault."""


@dataclass(frozen=True, slots=True)
class BookFault:
    """A table that can't be used: which, in which file, and why. The others can."""

    file: str
    source_id: str
    error: InputError


@dataclass(frozen=True)
class SourceBook:
    """All sources, in order: the program's, then the user's.

    ``own`` are the tables of the user's file as they stand there, faulty ones too, so that nothing
    that he wrote is lost when the window saves.
    """

    sources: tuple[Source, ...]
    faults: tuple[BookFault, ...] = ()
    own: Tables = field(default_factory=dict)

    def source(self, id_: str) -> Source | None:
        """Return a source by its id."""
        return next((source for source in self.sources if source.id == id_), None)

    def pair_of(self, source: Source) -> Source | None:
        """Return the overlay that belongs to a base map."""
        return self.source(source.pair) if source.pair else None

    def free_id(self, wish: str) -> str:
        """Return an id near *wish* that no source has."""
        stem = "".join(letter for letter in wish if ID.fullmatch(letter))[:50] or "map"
        taken = {source.id for source in self.sources} | set(self.own)
        number, found = 1, stem
        while found in taken:
            number += 1
            found = f"{stem}-{number}"
        return found

    def declared(self, source: Source) -> SourceBook:
        """Return the book with a source added or changed.

        Raises: InputError of family ``basemap`` when it can't be as it is.
        """
        table = table_of(source)
        base = _tables_of(SHIPPED).get(source.id)
        if base is not None:
            usual = table_of(source_of(source.id, base))
            # What is as usual is not in a table, so it is told when it no longer is as shipped.
            told = {"on": source.is_on, "offset": list(source.offset_m), **table}
            before = {"on": True, "offset": [0.0, 0.0], **usual}
            table = {name: value for name, value in told.items() if value != before.get(name)}
        return _book({**self.own, source.id: table}, FILE_NAME, strict=source.id)

    def removed(self, id_: str) -> SourceBook:
        """Return the book without one of the user's sources; one of the program's is as it was."""
        return _book({name: t for name, t in self.own.items() if name != id_}, FILE_NAME)

    def shown(self, id_: str, *, is_on: bool) -> SourceBook:
        """Return the book with a source switched on or off."""
        source = self.source(id_)
        return self if source is None else self.declared(replace(source, is_on=is_on))

    def save(self, path: Path) -> None:
        """Write the user's file.

        Raises: StoreError, InputError of family ``export``.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, path) from error
        with part_beside(path) as part:
            part.write_text(_toml(self.own), encoding="utf-8")
            switch(part, path)


def read_book(path: Path | None = None) -> SourceBook:
    """Return the program's sources and those of the user's file, where there is one.

    What can't be used is among the faults of the book; a file that is no TOML is one of them.
    """
    if path is None or not path.exists():
        return _book({}, FILE_NAME)
    try:
        own = _tables_of(path)
    except InputError as error:
        return replace(_book({}, path.name), faults=(BookFault(path.name, "", error),))
    return _book(own, path.name)


def _book(own: Tables, file: str, strict: str | None = None) -> SourceBook:
    shipped = _tables_of(SHIPPED)
    sources, faults = [], []
    for id_ in dict.fromkeys((*shipped, *own)):
        try:
            sources.append(_source(id_, shipped.get(id_), own.get(id_, {})))
        except InputError as error:
            if id_ == strict:
                raise
            faults.append(BookFault(file, id_, error))
            if id_ in shipped:
                sources.append(source_of(id_, shipped[id_], is_shipped=True))
    return SourceBook(tuple(sources), tuple(faults), own)


def _source(id_: str, base: Mapping[str, Any] | None, own: Any) -> Source:
    if not ID.fullmatch(id_):
        raise InputError("basemap.bad_id", id=id_[:60])
    if not isinstance(own, Mapping):
        raise InputError("basemap.no_table", id=id_)
    return source_of(id_, {**(base or {}), **own}, is_shipped=base is not None)


def _tables_of(path: Path) -> dict[str, Any]:
    """Return the tables of a file. Raises: InputError ``basemap.unreadable``, ``basemap.not_toml``.

    The file may begin with the mark that Windows' editor sets.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise InputError("basemap.file_too_large", file=path.name)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError("basemap.unreadable", file=path.name, why=str(error)) from error
    except UnicodeDecodeError as error:
        raise InputError("basemap.not_utf8", file=path.name) from error
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("basemap.not_toml", file=path.name, why=str(error)) from error


def _toml(tables: Tables) -> str:
    """Return tables of plain values as TOML."""
    parts = ["# 自己的底图和对自带底图的改动。可以用文本编辑器修改，保存为 UTF-8。\n"]
    for id_, table in tables.items():
        if not isinstance(table, Mapping):
            parts.append(f"{_key(id_)} = {_value(table)}\n")
    for id_, table in tables.items():
        if isinstance(table, Mapping):
            lines = [f"{_key(name)} = {_value(value)}" for name, value in table.items()]
            parts.append("\n".join((f"[{_key(id_)}]", *lines)) + "\n")
    return "\n".join(parts)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return "{ " + inner + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return repr(value)


def _text(text: str) -> str:
    """Return a basic string of TOML: JSON's escapes are among its own."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
