"""TOML files that say what they are in tables: reading one, and laying one over another."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from gridadmin.base.errors import SchemeError

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises: SchemeError ``scheme.no_file``, ``scheme.not_utf8``, ``scheme.bad_toml``,
    ``scheme.unreadable``.
    """
    try:
        # utf-8-sig: editors on Windows put a byte order mark in front, which TOML doesn't know.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as fault:
        raise SchemeError("scheme.no_file", file=str(path)) from fault
    except UnicodeDecodeError as fault:
        raise SchemeError("scheme.not_utf8", file=str(path)) from fault
    except tomllib.TOMLDecodeError as fault:
        raise _bad_toml(path, str(fault)) from fault
    except (OSError, ValueError, RecursionError) as fault:
        raise SchemeError("scheme.unreadable", file=str(path), reason=str(fault)) from fault


def _bad_toml(path: Path, said: str) -> SchemeError:
    """Return the fault with its place, which the reader of TOML tells at the end in English."""
    found = _PLACE.search(said)
    line, column = found.groups() if found else ("?", "?")
    reason = said[: found.start()] if found else said
    return SchemeError("scheme.bad_toml", file=str(path), line=line, column=column, reason=reason)


def laid_over(
    base: Mapping[str, Any], upper: Mapping[str, Any], *, whole: Collection[str] = ()
) -> dict[str, Any]:
    """Return *base* with the entries of *upper* changed and added; lists are replaced.

    So are tables whose name is in *whole*; of others just the entries that *upper* names.
    """
    found = dict(base)
    for key, value in upper.items():
        under = found.get(key)
        if isinstance(value, Mapping) and isinstance(under, Mapping) and key not in whole:
            found[key] = laid_over(under, value, whole=whole)
        else:
            found[key] = value
    return found


def origins_of(values: Mapping[str, Any], file: str, path: str = "") -> dict[str, str]:
    """Return for each key, by its dotted path, the file that it stands in."""
    found = {path: file}
    for key, value in values.items():
        at = f"{path}.{key}" if path else key
        found |= origins_of(value, file, at) if isinstance(value, Mapping) else {at: file}
    return found
