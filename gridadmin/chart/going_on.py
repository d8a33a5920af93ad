"""Where tables go on that a sheet has no room for: further pages, and the line that says which."""

from __future__ import annotations

from collections.abc import Sequence

from gridadmin.base.texts import sentence
from gridadmin.chart import style as look
from gridadmin.chart.blocks import Block
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.drawing import Drawing
from gridadmin.chart.facts import SheetFacts
from gridadmin.chart.flow import PlacedBlock, balanced, columns_of, flowed, forced
from gridadmin.chart.margin import (
    Edges,
    draw_edges,
    draw_foot,
    draw_secrecy,
    draw_title,
    edges_of,
    foot_items,
)
from gridadmin.chart.page import ChartPage, Note, draw_blocks, warn_of_letters
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.surface import Align, Metrics, Paths, Target, TextStyle
from gridadmin.chart.template import Side, Template
from gridadmin.chart.typeset import Typist, fitted


class GoingOn:
    """Makes the pages after the first one of a sheet."""

    def __init__(
        self, facts: SheetFacts, template: Template, choice: ChartChoice, metrics: Metrics
    ) -> None:
        self._facts = facts
        self._template = template
        self._choice = choice
        self._metrics = metrics
        self._sizes = template.sizes
        self._unit = template.sizes.label / 7

    def pointed_room(self, room: Frame) -> Frame:
        """Return what of a panel is left above the line that says where it goes on."""
        return Frame(room.x, room.y, room.width, room.height - self._sizes.body * 2.2)

    def point(self, page: ChartPage, room: Frame, left: Sequence[Block], number: int) -> None:
        """Write below a panel on which page goes on what it had no room for."""
        titles = list(dict.fromkeys(block.title for block in left))
        lang = self._choice.lang
        names = ("、" if lang == "zh" else ", ").join(titles)
        words = sentence("chart.goes_on", lang, {"number": number, "blocks": names})
        style = TextStyle(self._sizes.body, look.ACCENT, is_bold=True)
        style = fitted(words, style, room.width, self._metrics)
        top = room.bottom + self._sizes.body * 0.9
        Typist(page.drawing, self._metrics).line(words, room.right, top, style, Align.RIGHT)
        line = Frame(room.x, top, room.width, self._sizes.body * 1.2)
        page.drawing.link(line, Target(page=f"{self._facts.key}/{number}"))
        page.blocks.append(("goes_on", line))

    def pages(self, left: list[Block], sheet: Sheet, title: str) -> list[ChartPage]:
        """Return the pages on which tables go on that the sheet had no room for."""
        found: list[ChartPage] = []
        while left:
            number = len(found) + 2
            page = ChartPage(f"{self._facts.key}/{number}", title, Drawing(sheet))
            page.drawing.land(Paths.frame(sheet.media), "#FFFFFF")
            items = foot_items(self._facts.margin, "", self._choice.lang)
            edges = edges_of(sheet, self._sizes, items, self._metrics)
            placed, rest = self._filled(page, edges.body, left, number)
            draw_blocks(page, placed)
            self._finish(page, edges, title, items, number)
            left = rest
            found.append(page)
        return found

    def _filled(
        self, page: ChartPage, body: Frame, blocks: Sequence[Block], number: int
    ) -> tuple[list[PlacedBlock], list[Block]]:
        """Return what stands on a page that goes on, and what is left for the next one."""
        count = self._columns_of_continued(body.width)
        gap = self._sizes.heading * 1.15
        placed, rest = balanced(blocks, columns_of(body, count, 9.0 * self._unit), gap)
        if not rest:
            return placed, rest
        room = self.pointed_room(body)
        columns = columns_of(room, count, 9.0 * self._unit)
        placed, rest = flowed(blocks, columns, gap)
        if not placed:
            placed, rest = forced(blocks, columns)
            # What can't be parted is drawn all the same, and told.
            high = [one for one in placed if one.frame.height > room.height + 1e-6]
            page.notes += [Note("too_high", (("block", one.block.title),)) for one in high]
        if rest:
            self.point(page, room, rest, number + 1)
        return placed, rest

    def _columns_of_continued(self, width: float) -> int:
        panel = self._template.panel
        inner = self._template.sheet.inner
        per = panel.size_mm / panel.columns if panel.side in (Side.LEFT, Side.RIGHT) else 0.0
        if not per:
            per = inner.width / panel.columns
        return max(int((width + 9 * self._unit) // (per + 9 * self._unit)), 1)

    def _finish(
        self, page: ChartPage, edges: Edges, title: str, items: Sequence[str], number: int
    ) -> None:
        drawing, sizes, metrics = page.drawing, self._sizes, self._metrics
        lang = self._choice.lang
        words = sentence("chart.page_of", lang, {"title": title, "number": number})
        remark = ""
        draw_foot(drawing, items, remark, edges, sizes, metrics, lang)
        draw_title(drawing, words, self._facts.margin.secrecy, edges, sizes, metrics)
        draw_secrecy(drawing, self._facts.margin.secrecy, edges, sizes, metrics)
        draw_edges(drawing, page.sheet, sizes)
        page.blocks += [("title", edges.title), ("foot", edges.foot)]
        warn_of_letters(page, self._metrics)
