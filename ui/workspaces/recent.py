"""The projects that the user worked on lately, as the settings keep them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ui.settings import Settings

KEPT = 12
_KEY = "recent"


@dataclass(frozen=True)
class Recent:
    """A project, what it was called and when it was last opened (None: not known)."""

    path: Path
    name: str
    time: datetime | None


def recent(settings: Settings) -> list[Recent]:
    """Return the projects, the last opened first; entries that make no sense are left out."""
    found = [_read(entry) for entry in settings.value(_KEY)]
    return [entry for entry in found if entry is not None]


def remember(settings: Settings, path: Path, name: str) -> None:
    """Put a project at the head of the list."""
    now = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - the clock on the user's wall
    entry = {"path": str(path), "name": name, "time": now.isoformat()}
    settings.set_value(_KEY, [entry, *_others(settings, path)][:KEPT])


def forget(settings: Settings, path: Path) -> None:
    """Take a project off the list; its file stays."""
    settings.set_value(_KEY, _others(settings, path))


def _others(settings: Settings, path: Path) -> list[Any]:
    gone = os.path.normcase(path)
    return [
        entry
        for entry in settings.value(_KEY)
        if isinstance(entry, dict) and os.path.normcase(str(entry.get("path"))) != gone
    ]


def _read(entry: Any) -> Recent | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        return None
    path = Path(entry["path"])
    try:
        time = datetime.fromisoformat(str(entry.get("time")))
    except ValueError:
        time = None
    return Recent(path, str(entry.get("name") or path.stem), time)
