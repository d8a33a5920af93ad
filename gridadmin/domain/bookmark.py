"""Named views of a project: a name, and the land that is seen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

BOOKMARKS_SETTING = "bookmarks"
"""Name of the setting that holds the views of a project."""
LONGEST_NAME = 60

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Bookmark:
    """``box`` is west, south, east, north in metres of the project plane."""

    name: str
    box: Box

    def stored(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"name": self.name, "box": [round(value, 3) for value in self.box]}


def restored(kept: Iterable[Mapping[str, Any]]) -> list[Bookmark]:
    """Return bookmarks from plain JSON values, without what can't be one."""
    found = []
    for one in kept:
        name: Any = one.get("name")
        box: Any = one.get("box")
        if isinstance(name, str) and name and is_box(box):
            x0, y0, x1, y1 = box
            found.append(Bookmark(name, (float(x0), float(y0), float(x1), float(y1))))
    return found


def is_box(value: Any) -> bool:
    """Return whether a value is a box that has land in it."""
    if not isinstance(value, list | tuple) or len(value) != 4:
        return False
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
        return False
    x0, y0, x1, y1 = value
    return all(map(math.isfinite, value)) and x0 < x1 and y0 < y1


def with_bookmark(known: Iterable[Bookmark], new: Bookmark) -> list[Bookmark]:
    """Return the bookmarks with a further one, in the place of the one of its name."""
    marks = list(known)
    for place, one in enumerate(marks):
        if one.name == new.name:
            marks[place] = new
            return marks
    return [*marks, new]
