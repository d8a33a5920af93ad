"""Finding the parts of a window by their names."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject

Part = TypeVar("Part", bound=QObject)


def part(of: QObject, kind: type[Part], name: str) -> Part:
    """Return the part of *of* that bears *name*; there must be one."""
    found = of.findChild(kind, name)
    assert found is not None, name
    return found
