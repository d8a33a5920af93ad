"""A template: what kind of sheet it is, how large, what stands on it. Data, never code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gridadmin.chart.sheet import Sheet

SCALES = (500, 1000, 2000, 2500, 3000, 5000, 10000, 25000, 50000)
"""The round scales; beyond the last come its multiples by 1.5, 2, 3, 4, 6 and so on."""
LEAST_MAP = 0.65
"""The map is the main thing of a sheet."""


class Maps(StrEnum):
    """How many maps stand on the sheet."""

    ONE = "one"
    BEFORE_AFTER = "before_after"
    NONE = "none"


class Side(StrEnum):
    """Where the panel stands beside the map."""

    RIGHT = "right"
    LEFT = "left"
    BOTTOM = "bottom"
    NONE = "none"


class BlockKind(StrEnum):
    """What can stand in the panel."""

    STAFF = "staff"
    """Who is where: the areas of the detail level with households and posts."""
    TEAM = "team"
    """Who holds the posts of what the sheet is about."""
    TOTALS = "totals"
    LEGEND = "legend"
    LOCATOR = "locator"
    QR = "qr"
    NUMBERS = "numbers"
    """The names of areas that had only room for a number on the map."""
    BOUNDS = "bounds"
    """四至 of what the sheet shows."""
    STACKS = "stacks"
    """Stacked micro-grids with their codes, cell by cell."""
    FACILITIES = "facilities"
    CHANGES = "changes"
    """What a plan changes, area by area."""
    SIGNATURES = "signatures"


@dataclass(frozen=True, slots=True)
class TextSizes:
    """Heights of Chinese characters in mm."""

    title: float
    heading: float
    body: float
    note: float
    label: float
    """Names of the detail level on the map; other names follow from it."""
    least_label: float
    """Below this a name becomes a number with the name in a list."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands beside the map: its side and size in mm, its columns, its blocks in order.

    It grows where the map leaves room and tables are long, but never so far that the map has less
    than ``least_map`` of what the neat line encloses.
    """

    side: Side
    size_mm: float
    columns: int
    blocks: tuple[BlockKind, ...]
    least_map: float = LEAST_MAP


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of sheet.

    ``about`` are the levels of areas that it is made for, empty = any; ``series`` is the level of
    which it makes one sheet each when nobody says otherwise. ``detail`` is the level that is
    filled, listed and named, empty = the next below that is drawn; ``finer`` whether the level
    below it is drawn and named too. A sheet whose ``most_height_mm`` is not 0 comes off a roll:
    it is as long as its map needs.
    """

    key: str
    zh: str
    en: str
    path: Path
    is_shipped: bool
    sheet: Sheet
    sizes: TextSizes
    panel: Panel
    maps: Maps = Maps.ONE
    about: tuple[str, ...] = ()
    series: str = ""
    detail: str = ""
    finer: bool = True
    title_zh: str = "{place}{levels}分布图"
    title_en: str = "{levels} of {place}"
    scales: tuple[int, ...] = SCALES
    most_height_mm: float = 0.0

    def name(self, lang: str) -> str:
        """Return the name of the template."""
        return self.zh if lang == "zh" else self.en
