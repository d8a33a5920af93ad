"""The lock is complete, hashed and free of addresses."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import dev
from gridadmin.base.paths import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRIES = re.split(r"\n(?=[a-z0-9])", LOCK.strip())


def _wanted() -> set[str]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return {re.split(r"[<>=\[]", line)[0].lower() for line in wanted}


def test_lock_names_no_address() -> None:
    assert re.findall(r"https?:|--[a-z-]*(?:index|find-links|host)\S*", LOCK) == []


def test_every_entry_is_pinned_and_hashed() -> None:
    loose = [
        entry.splitlines()[0]
        for entry in ENTRIES
        if "==" not in entry or not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)
    ]

    assert loose == []


def test_lock_holds_every_library_once() -> None:
    names = [entry.split("==")[0] for entry in ENTRIES]

    assert _wanted() - set(names) == set()
    assert len(names) == len(set(names))


def test_lock_leaves_out_what_cannot_be_built() -> None:
    names = {entry.split("==")[0] for entry in ENTRIES}

    assert "gdal-utils" in names
    assert "gdal" not in names


def test_every_lintable_folder_is_named() -> None:
    folders = {path.parent.name for path in ROOT.glob("[a-z]*/*.py")}

    assert folders - set(dev.SOURCES) == set()
