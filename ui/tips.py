"""Tips that say words of others: names from files, sentences of servers."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import Qt


def plain_tip(words: str) -> str:
    """Return a tip that shows *words* as they are: Qt takes a tip that looks like HTML for HTML."""
    if not Qt.mightBeRichText(words):
        return words
    return f"<span>{escape(words)}</span>".replace("\n", "<br>")
