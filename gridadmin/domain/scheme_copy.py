"""The copy of its scheme that a project carries: JSON, a hash, and what another version says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any

from gridadmin.base.errors import SchemeError
from gridadmin.domain.scheme import Scheme
from gridadmin.domain.scheme_reading import scheme_from_tables

FORMAT = 1
"""Rises when an older program could no longer understand a copy."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two schemes say differently, by dotted path; None = not said."""

    path: str
    before: Any
    after: Any


def to_json(scheme: Scheme) -> str:
    """Return *scheme* as JSON text, without what has its usual value."""
    document = {"format": FORMAT, "key": scheme.key, "scheme": _tables(scheme)}
    return json.dumps(document, ensure_ascii=False, indent=1)


def from_json(text: str, origin: str = "scheme.json") -> Scheme:
    """Return the scheme of a copy; errors name *origin* as the file.

    Raises: SchemeError ``scheme.bad_copy``, ``scheme.newer_copy``, and those of a scheme file.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise SchemeError("scheme.bad_copy", file=origin) from fault
    match document:
        case {"format": int(number)} if number > FORMAT:
            raise SchemeError("scheme.newer_copy", file=origin, format=number)
        case {"format": int(), "key": str(key), "scheme": dict(values)}:
            return scheme_from_tables(key, values, {"": origin})
        case _:
            raise SchemeError("scheme.bad_copy", file=origin)


def scheme_sha256(scheme: Scheme) -> str:
    """Return the hash of what *scheme* says, whatever the order in which its file says it."""
    plain = json.dumps(_tables(scheme), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def differences(before: Scheme, after: Scheme) -> list[Difference]:
    """Return what two schemes say differently, by path; empty exactly when their hashes are equal.

    A table that only one of them has is one difference, with the whole table as its value.
    """
    return _compared("", _tables(before), _tables(after))


def _compared(path: str, before: Any, after: Any) -> list[Difference]:
    if before == after:
        return []
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return [Difference(path, before, after)]
    found = []
    for key in sorted({*before, *after}):
        at = f"{path}.{key}" if path else key
        found += _compared(at, before.get(key), after.get(key))
    return found


def _tables(record: Any) -> dict[str, Any]:
    """Return a record as the table that a scheme file would hold, without its ``key``."""
    table = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name != "key" and (field.default is MISSING or value != field.default):
            table[field.name] = _plain(value)
    return table


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _tables(value)
    if not isinstance(value, tuple):
        return value
    if is_dataclass(value[0]):
        return {item.key: _tables(item) for item in value}
    if isinstance(value[0], tuple):
        return {name: _plain(item) for name, item in value}
    return list(value)
