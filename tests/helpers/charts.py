"""Charts in tests: letters of fixed widths, the demo city as a source, what stands on what."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from gridadmin.app.area_facts import plane_crs
from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.compose import compose
from gridadmin.chart.gathering import ChartSource
from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import TextStyle, Words
from gridadmin.chart.template import Template
from gridadmin.domain.model import Area
from gridadmin.partition.snapshot import Snapshot

DAY = "2026-11-20"


class FixedLetters:
    """Chinese characters as wide as they are high, others a little more than half as wide."""

    def __init__(self, absent: str = "") -> None:
        self._absent = absent

    def width_mm(self, text: str, style: TextStyle) -> float:
        """Return the width of one line of words."""
        ems = sum(0.56 if ord(letter) < 0x2000 else 1.0 for letter in text)
        return ems * style.size_mm + style.spacing_mm * len(text)

    def missing(self, text: str) -> str:
        """Return the characters that were said to be absent."""
        return "".join(one for one in dict.fromkeys(text) if one in self._absent)


@cache
def demo_snapshot() -> Snapshot:
    """Return the demo city."""
    with TemporaryDirectory() as folder:
        write_demo(Path(folder))
        with Session.open(Path(folder) / "demo.gpkg", write=False) as session:
            return session.snapshot


def source_of(snapshot: Snapshot, choice: ChartChoice | None = None) -> ChartSource:
    """Return what charts of a snapshot are made of."""
    return ChartSource(
        snapshot,
        choice or ChartChoice(),
        day=DAY,
        data_date=DAY,
        plane=plane_crs(snapshot),
    )


def pages_of(
    snapshot: Snapshot, template: Template, about: Area, choice: ChartChoice | None = None
) -> list[ChartPage]:
    """Return the pages of one sheet, written in letters of fixed widths."""
    choice = choice or ChartChoice()
    facts = source_of(snapshot, choice).facts(about, template)
    return compose(facts, template, choice, FixedLetters())


def texts_of(page: ChartPage) -> str:
    """Return all words of a page, line by line."""
    return "\n".join(words.text for words in page.drawing.all_words())


def words_on_words(page: ChartPage) -> list[tuple[str, str]]:
    """Return pairs of words that stand on each other; frames that only touch don't count."""
    placed = [(words.text, frame) for words in page.drawing.all_words() for frame in _parts(words)]
    found = []
    cells: dict[tuple[int, int], list[tuple[str, Frame]]] = {}
    for text, frame in placed:
        for column in range(int(frame.x // 20), int(frame.right // 20) + 1):
            for row in range(int(frame.y // 20), int(frame.bottom // 20) + 1):
                cells.setdefault((column, row), []).append((text, frame))
    for members in cells.values():
        for (one, first), (other, second) in combinations(members, 2):
            if one != other and first.meets(second):
                found.append((one, other))
    return found


def words_outside(page: ChartPage) -> list[str]:
    """Return the words that reach beyond the neat line."""
    inner = page.sheet.inner
    return [
        words.text
        for words in page.drawing.all_words()
        for frame in _parts(words)
        if not inner.holds(frame)
    ]


def _parts(words: Words) -> list[Frame]:
    """Return the frame of words, a little smaller than the letters; of turned ones several."""
    size = words.style.size_mm
    if not words.angle_deg:
        frame = words.frame
        return [Frame(frame.x, frame.y + size * 0.08, frame.width, size * 0.84)]
    angle = math.radians(words.angle_deg)
    count = max(round(words.width_mm / size), 1)
    found = []
    for number in range(count):
        off = ((number + 0.5) / count - 0.5) * words.width_mm
        x = words.x + math.cos(angle) * off - math.sin(angle) * 0.36 * size
        y = words.y - math.sin(angle) * off - math.cos(angle) * 0.36 * size
        found.append(Frame(x - size * 0.3, y - size * 0.3, size * 0.6, size * 0.6))
    return found
