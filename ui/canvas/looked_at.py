"""A file that is only looked at, with how it looks; as plain data. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gridadmin.exchange.shown_file import ShownFile

INKS: Mapping[str, tuple[str, str]] = {
    "red": ("#C62828", "#FF8A80"),
    "blue": ("#1257B0", "#82B4FF"),
    "green": ("#1B7A3D", "#7BD88F"),
    "orange": ("#B85600", "#FFB368"),
    "purple": ("#7B2FA8", "#D3A4F5"),
    "black": ("#1F2933", "#F0F3F6"),
}
"""The colours that can be chosen, on a light and on a dark map."""
DASHES: Mapping[str, tuple[float, ...]] = {"solid": (), "dashed": (7.0, 4.0), "dotted": (1.5, 3.5)}
"""The strokes and gaps of lines in pixels."""
WIDTHS = (1.0, 8.0)
"""The narrowest and the widest line in pixels."""


@dataclass(frozen=True)
class FileLook:
    """How the points, lines and areas of a file look: keys of ``INKS`` and ``DASHES``."""

    ink: str = "red"
    dash: str = "solid"
    width_px: float = 2.0
    is_filled: bool = False
    has_names: bool = True

    def colour(self, theme: Literal["light", "dark"]) -> str:
        """Return the colour in a theme of the map."""
        return INKS[self.ink][theme == "dark"]


@dataclass(frozen=True, eq=False)
class LookedAt:
    """A file as it lies over the map."""

    file: ShownFile
    look: FileLook
