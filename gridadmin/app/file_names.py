"""File names that every system takes, Windows first."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
)
_LONGEST = 120


def is_good_name(name: str) -> bool:
    """Return whether *name* (without folder) may be a file's name on Windows, macOS and Linux."""
    stem = name.partition(".")[0].strip().lower()
    return (
        bool(stem)
        and len(name) <= _LONGEST
        and _FORBIDDEN.search(name) is None
        and not name.endswith((".", " "))
        and not name.startswith(" ")
        and stem not in _DEVICES
    )


def good_name(text: str, otherwise: str) -> str:
    """Return *text* with what no file name may hold taken out; *otherwise* when nothing is left."""
    name = " ".join(_FORBIDDEN.sub(" ", text).split()).strip(". ")[:_LONGEST]
    return name if is_good_name(name) else otherwise


def with_suffix(name: str, suffix: str) -> str:
    """Return *name* ending in *suffix* (with its point), which is added where it is missing."""
    return name if name.lower().endswith(suffix) else name + suffix
