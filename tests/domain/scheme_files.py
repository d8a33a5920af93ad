"""Small scheme files for tests."""

from __future__ import annotations

import textwrap
from pathlib import Path

MINIMAL = """\
zh = "甲"
en = "A"
version = 3

[source]
title = "虚构"
place = "某地"

[levels.community]
zh = "社区"
en = "Community"

[levels.grid]
zh = "网格"
en = "Grid"
"""


def write_scheme(folder: Path, name: str, text: str) -> Path:
    """Write *text* as the scheme file *name* and return its path."""
    path = folder / f"{name}.toml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path
