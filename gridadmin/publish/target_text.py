"""The text of ``targets.toml`` with one target changed and all that people wrote there kept.

The file is cut at its headers. Tables of other targets, comments and foreign tables stay as they
are; in the table of the changed target the lines of unchanged settings stay.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HEADER = re.compile(r"^\s*\[[^\[].*\]\s*(#.*)?$")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_FAMILY = "targets"
_MAPPING = "mapping"

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Block:
    """A header with the lines below it; ``path`` is where it stands, empty for what is before."""

    path: tuple[str, ...]
    text: str

    def is_of(self, name: str) -> bool:
        return self.path[:2] == (_FAMILY, name)


def target_text(name: str, table: Table) -> str:
    """Return the TOML of one target; *table* holds text, lists of text, and tables of them."""
    return _tables((_FAMILY, name), table, is_first=True)


def with_target(text: str, name: str | None, new_name: str, table: Table) -> str:
    """Return *text* with a target in the place of the one called *name*, or at the end.

    Raises: ValueError when *text* isn't written with a header for each target.
    """
    blocks = _blocks(text)
    places = [place for place, one in enumerate(blocks) if name and one.is_of(name)]
    if not places:
        if name is not None:
            raise ValueError(name)
        blocks.append(_Block((), _apart(text) + target_text(new_name, table)))
        return "".join(one.text for one in blocks)
    assert name is not None  # noqa: S101 - it was found
    old = _table_in("".join(blocks[place].text for place in places), name)
    kept: list[_Block] = []
    for place, block in enumerate(blocks):
        if place == places[0]:
            kept.append(_Block(block.path, _changed(block, new_name, old, table)))
            if old.get(_MAPPING) != table.get(_MAPPING) and table.get(_MAPPING):
                path = (_FAMILY, new_name, _MAPPING)
                kept.append(_Block(path, "\n" + _tables(path, table[_MAPPING]) + "\n"))
        elif place not in places:
            kept.append(block)
        elif old.get(_MAPPING) == table.get(_MAPPING):
            kept.append(_Block(block.path, _renamed(block, new_name)))
    return "".join(one.text for one in kept)


def without_target(text: str, name: str) -> str:
    """Return *text* without a target. Raises: ValueError as :func:`with_target`."""
    blocks = _blocks(text)
    if not any(one.is_of(name) for one in blocks):
        raise ValueError(name)
    return "".join(one.text for one in blocks if not one.is_of(name))


def _blocks(text: str) -> list[_Block]:
    """Cut at the headers; comments right above a header belong to it."""
    found: list[tuple[tuple[str, ...], list[str]]] = [((), [])]
    for line in text.splitlines(keepends=True):
        if _HEADER.match(line):
            before = found[-1][1]
            at = len(before)
            while at and before[at - 1].lstrip().startswith("#"):
                at -= 1
            # A comment at the head of the file is about the file, unless it touches the header.
            found.append((_path_of(line), [*before[at:], line]))
            del before[at:]
        else:
            found[-1][1].append(line)
    return [_Block(path, "".join(lines)) for path, lines in found]


def _path_of(header: str) -> tuple[str, ...]:
    path = []
    table: Any = tomllib.loads(header)
    while isinstance(table, dict) and table:
        (key, table), *_ = table.items()
        path.append(key)
    return tuple(path)


def _table_in(text: str, name: str) -> Table:
    found: Table = tomllib.loads(text)[_FAMILY][name]
    return found


def _changed(block: _Block, new_name: str, old: Table, new: Table) -> str:
    """Return the own table of a target: lines of unchanged settings stay, others are written."""
    if block.path != (_FAMILY, block.path[1]):
        raise ValueError(block.path)
    kept, told = [], set()
    for line in _renamed(block, new_name).splitlines(keepends=True):
        key = _key_of(line)
        if key is None:
            kept.append(line)
            continue
        told.add(key)
        if key in new and old.get(key) == new[key]:
            kept.append(line)
        elif key in new:
            kept.append(_line(key, new[key], _comment_of(line)))
    at = len(kept)
    while at and not kept[at - 1].strip():
        at -= 1
    if at and not kept[at - 1].endswith("\n"):
        kept[at - 1] += "\n"
    more = [_line(key, new[key]) for key in new if key not in told and key != _MAPPING]
    return "".join(kept[:at] + more + kept[at:])


def _renamed(block: _Block, new_name: str) -> str:
    if block.path[1] == new_name:
        return block.text
    lines = block.text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if _HEADER.match(line):
            lines[place] = _header((_FAMILY, new_name, *block.path[2:]), _comment_of(line))
            break
    return "".join(lines)


def _key_of(line: str) -> str | None:
    """Return which setting a line tells. Raises: ValueError when it goes on in the next line."""
    if not line.strip() or line.lstrip().startswith("#") or _HEADER.match(line):
        return None
    (key,) = tomllib.loads(line)
    return str(key)


def _comment_of(line: str) -> str:
    """Return the comment at the end of a line, with the blanks before it."""
    for place, sign in enumerate(line):
        if sign != "#":
            continue
        try:
            tomllib.loads(line[:place])
        except tomllib.TOMLDecodeError:
            continue
        before = line[:place]
        return before[len(before.rstrip()) :] + line[place:].rstrip("\n")
    return ""


def _apart(text: str) -> str:
    if not text.strip():
        return ""
    return "\n" if text.endswith("\n") else "\n\n"


def _tables(path: tuple[str, ...], table: Table, *, is_first: bool = False) -> str:
    plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    parts = []
    if plain or is_first:
        lines = [_line(key, value) for key, value in plain.items()]
        parts.append(_header(path) + "".join(lines))
    parts += [
        _tables((*path, key), value)
        for key, value in table.items()
        if isinstance(value, Mapping) and value
    ]
    return "\n".join(part for part in parts if part)


def _header(path: tuple[str, ...], comment: str = "") -> str:
    return f"[{'.'.join(map(_key, path))}]{comment}\n"


def _line(key: str, value: Any, comment: str = "") -> str:
    return f"{_key(key)} = {_text(value)}{comment}\n"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _text(value: Any) -> str:
    """Return TOML: JSON's strings, numbers and lists are TOML's as well."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
