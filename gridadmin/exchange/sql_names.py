"""Names in SQL text."""

from __future__ import annotations


def quoted(name: str) -> str:
    """Return *name* as an SQL identifier, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return *text* as an SQL string, for statements that can't take parameters."""
    return "'" + text.replace("'", "''") + "'"
