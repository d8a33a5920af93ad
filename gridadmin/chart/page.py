"""A page of a chart: its drawing calls, what stands where on it, what its maker should know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gridadmin.chart.drawing import Drawing
from gridadmin.chart.flow import PlacedBlock
from gridadmin.chart.map_view import MapView
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Metrics


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a page that its maker should know; the sentence is ``chart.<code>``."""

    code: str
    params: tuple[tuple[str, object], ...] = ()


@dataclass
class ChartPage:
    """A page: its calls, what stands where on it, what its maker should know.

    ``key`` is what links lead to; the pages that go on after the first of a sheet have ``/2`` and
    so on behind the key.
    """

    key: str
    title: str
    drawing: Drawing
    view: MapView | None = None
    blocks: list[tuple[str, Frame]] = field(default_factory=list)
    labels: dict[str, Frame] = field(default_factory=dict)
    """Where the name of each area stands, by uid."""
    notes: list[Note] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        """The sheet of the page."""
        return self.drawing.sheet


def draw_blocks(page: ChartPage, placed: Sequence[PlacedBlock]) -> None:
    """Draw blocks where they stand, and remember it."""
    for one in placed:
        one.block.draw(page.drawing, one.frame)
        page.blocks.append((one.block.name, one.frame))


def warn_of_letters(page: ChartPage, metrics: Metrics) -> None:
    """Tell of characters that no font has."""
    missing: dict[str, str] = {}
    for words in page.drawing.all_words():
        for letter in metrics.missing(words.text):
            missing.setdefault(letter, words.text)
    for letter, text in missing.items():
        page.notes.append(Note("no_letter", (("letter", f"U+{ord(letter):04X}"), ("text", text))))
