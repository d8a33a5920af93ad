"""Tables of a sheet: measured once, in columns that share the width, going on where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gridadmin.chart import style as look
from gridadmin.chart.blocks import Block, draw_heading, heading_height
from gridadmin.chart.facts import Table, TableRow
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Align, Metrics, Paths, Pen, Surface, Target, TextStyle
from gridadmin.chart.template import TextSizes
from gridadmin.chart.typeset import (
    LEADING,
    Typist,
    fitted,
    height_of,
    pieces_of,
    wrapped,
    wrapped_names,
)

_LEAST_CELL = 4.2
"""Cells that are wider than so many characters give way first."""
_SHORT_CELL = 7.0
"""What is no wider than so many characters stands in one line."""


class TableMeasures:
    """How wide the columns of a table are and how high its rows, each measured once.

    Rows of one line are *air* times as high as they need; others get as much room more.
    """

    def __init__(
        self,
        table: Table,
        sizes: TextSizes,
        metrics: Metrics,
        natural: Sequence[float] | None = None,
        air: float = 1.0,
    ) -> None:
        self._air = air
        self._table = table
        self._sizes, self._body = sizes, sizes.body
        self._metrics = metrics
        self._natural = natural
        self._shared: dict[float, tuple[list[float], float]] = {}
        self._heights: dict[float, list[float]] = {}
        self._heads: dict[float, float] = {}
        self.pad = sizes.body * 0.42

    def style(self, share: float = 1.0, *, is_bold: bool = False) -> TextStyle:
        """Return how the words of a cell look."""
        return TextStyle(self._body * share, look.INK, is_bold)

    def widths(self, width: float) -> tuple[list[float], float]:
        """Return the widths of the columns, and by how much the letters are made smaller."""
        known = self._shared.get(width)
        if known is None:
            known = self._shared[width] = self._shared_out(width)
        return known

    def is_tight(self, width: float) -> bool:
        """Return whether cells get less than the least that they need, or short ones are broken."""
        if sum(self._wishes()) <= width:
            return False
        _, least, _ = self._limits(width)
        return sum(least) > width + 1e-6 or self._breaks_short(width)

    def _breaks_short(self, width: float) -> bool:
        widths, share = self.widths(width)
        style = self.style(share)
        for place, one in enumerate(widths):
            room = one - 2 * self.pad + 1e-6
            short = _SHORT_CELL * self._body * share
            if room < short and any(
                room < self._metrics.width_mm(text, style) <= short
                for text in {row.cells[place] for row in self._table.rows if not row.is_group}
            ):
                return True
        return False

    def _shared_out(self, width: float) -> tuple[list[float], float]:
        natural = self._wishes()
        total = sum(natural)
        if total <= width:
            spare = (width - total) / len(natural)
            return [one + spare for one in natural], 1.0
        wanted, least, share = self._limits(width)
        return _squeezed(wanted, least, width), share

    def _limits(self, width: float) -> tuple[list[float], list[float], float]:
        """Return what columns want and need at least, and how much smaller the letters are."""
        natural, pad = self._wishes(), 2 * self.pad
        share = max(width / sum(natural), 0.82)
        wanted = [(one - pad) * share + pad for one in natural]
        bold = self.style(share, is_bold=True)
        least = [
            wish
            if column.is_number
            else min(
                wish, max(_LEAST_CELL * self._body * share, self._word(column.head, bold)) + pad
            )
            for column, wish in zip(self._table.columns, wanted, strict=True)
        ]
        return wanted, least, share

    def _word(self, head: str, style: TextStyle) -> float:
        """Return how wide the longest word of a heading is: none is broken inside."""
        return max((self._metrics.width_mm(one, style) for one in pieces_of(head)), default=0.0)

    def of(self, table: Table) -> TableMeasures:
        """Return the measures of another table in columns of the same widths."""
        return TableMeasures(table, self._sizes, self._metrics, self._wishes(), self._air)

    def cell_lines(self, row: TableRow, width: float) -> list[list[str]]:
        """Return the lines of each cell of a row."""
        widths, share = self.widths(width)
        return self._lines(row, widths, share)

    def _lines(self, row: TableRow, widths: Sequence[float], share: float) -> list[list[str]]:
        style = self.style(share)
        return [
            wrapped_names(cell, style, one - 2 * self.pad, self._metrics)
            for cell, one in zip(row.cells, widths, strict=True)
        ]

    def lines_in(self, width: float, height: float) -> int:
        """Return how many lines a row of that height has room for, one at least."""
        style = self.style(self.widths(width)[1])
        room = height - self._room_more(self.widths(width)[1]) - self.pad * 0.8
        return max(int(room / height_of(1, style) + 1e-6), 1)

    def _wishes(self) -> Sequence[float]:
        """Return how wide each column wants to be."""
        if self._natural is None:
            style, bold = self.style(), self.style(is_bold=True)
            rows = [row.cells for row in self._table.rows if not row.is_group]
            found: list[float] = []
            for place, column in enumerate(self._table.columns):
                head = self._metrics.width_mm(column.head, bold)
                # A long heading stands in two lines.
                words = [self._metrics.width_mm(one, bold) for one in pieces_of(column.head)]
                wish = max(min(head, max(head * 0.58, 4 * self._body)), *words)
                texts = {cells[place] for cells in rows}
                wide = max((self._metrics.width_mm(text, style) for text in texts), default=0.0)
                found.append(max(wish, wide) + 2 * self.pad)
            self._natural = found
        return self._natural

    def head_height(self, width: float) -> float:
        """Return how high the head of the table is."""
        known = self._heads.get(width)
        if known is None:
            known = self._heads[width] = self._head_height(width)
        return known

    def _head_height(self, width: float) -> float:
        widths, share = self.widths(width)
        style = self.style(share, is_bold=True)
        lines = max(
            len(wrapped(column.head, style, one - 2 * self.pad, self._metrics))
            for column, one in zip(self._table.columns, widths, strict=True)
        )
        return height_of(lines, style) + self.pad

    def heights(self, width: float) -> list[float]:
        """Return how high each row of the whole table is."""
        known = self._heights.get(width)
        if known is None:
            widths, share = self.widths(width)
            known = [self._height(row, widths, share) for row in self._table.rows]
            self._heights[width] = known
        return known

    def group_height(self, row: TableRow, width: float) -> float:
        """Return how high a heading inside the table is."""
        widths, share = self.widths(width)
        return self._height(row, widths, share)

    @cached_property
    def groups(self) -> list[int]:
        """The place of the heading under which each row stands, -1 where there is none."""
        found, last = [], -1
        for place, row in enumerate(self._table.rows):
            last = place if row.is_group else last
            found.append(last)
        return found

    def _height(self, row: TableRow, widths: Sequence[float], share: float) -> float:
        style = self.style(share)
        if row.is_group:
            heading = self.group_lines(row, sum(widths), share)
            return height_of(len(heading), style) + self.pad + self._room_more(share)
        lines = max(len(cell) for cell in self._lines(row, widths, share))
        return height_of(lines, style) + self.pad * 0.8 + self._room_more(share)

    def _room_more(self, share: float) -> float:
        """Return how much higher than it needs a row is."""
        return (self._air - 1.0) * (height_of(1, self.style(share)) + self.pad * 0.8)

    def group_lines(self, row: TableRow, width: float, share: float) -> list[str]:
        """Return the words of a heading inside the table as lines."""
        style = self.style(share, is_bold=True)
        return wrapped(row.cells[0], style, width - 2 * self.pad, self._metrics)


@dataclass(frozen=True, eq=False)
class TableBlock:
    """A table that goes on in the next column or on the next sheet, its head repeated."""

    name: str
    table: Table
    sizes: TextSizes
    metrics: Metrics
    continued: str
    measures: TableMeasures
    first: int = 0
    last: int | None = None
    is_rigid: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        table: Table,
        sizes: TextSizes,
        metrics: Metrics,
        continued: str,
        air: float = 1.0,
    ) -> TableBlock:
        """Return the whole table as a block."""
        measures = TableMeasures(table, sizes, metrics, air=air)
        return cls(name, table, sizes, metrics, continued, measures)

    @property
    def title(self) -> str:
        """The heading of the table."""
        return self.table.title

    @property
    def _rows(self) -> Sequence[TableRow]:
        rows = self.table.rows[self.first : self.last]
        group = self._carried
        return rows if group is None else (group, *rows)

    def _heights(self, width: float) -> Sequence[float]:
        heights = self.measures.heights(width)[self.first : self.last]
        group = self._carried
        return heights if group is None else [self.measures.group_height(group, width), *heights]

    @property
    def _carried(self) -> TableRow | None:
        """The heading inside the table under which a part goes on; None at a beginning."""
        if not self._carried_rows:
            return None
        group = self.table.rows[self.measures.groups[self.first]]
        # Which area it is will do: who is in charge there has been said.
        name = group.cells[0].split(" · ")[0]
        return replace(group, cells=(name + self.continued, *group.cells[1:]))

    @property
    def _carried_rows(self) -> int:
        rows, first = self.table.rows, self.first
        if not 0 < first < len(rows) or rows[first].is_group:
            return 0
        return int(self.measures.groups[first] >= 0)

    def is_tight(self, width: float) -> bool:
        """Return whether cells have less room than they need."""
        return self.measures.is_tight(width)

    def height(self, width: float) -> float:
        """Return how high what is left of the table is."""
        return self._top(width) + sum(self._heights(width)) + self._note_height(width)

    def _top(self, width: float) -> float:
        return heading_height(self.sizes) + self.measures.head_height(width)

    def _note_height(self, width: float) -> float:
        if not self.table.note or self.last is not None:
            return 0.0
        style = TextStyle(self.sizes.note, look.QUIET)
        return height_of(len(wrapped(self.table.note, style, width, self.metrics)), style)

    def parted(self, width: float, height: float) -> tuple[Block | None, Block | None]:
        """Return the rows that fit into a height, and the rest."""
        if self.height(width) <= height + 1e-6:
            return self, None
        room = height - self._top(width)
        taken = 0
        for high in self._heights(width):
            room -= high
            if room < 0:
                break
            taken += 1
        # A heading inside the table doesn't stand last.
        while taken and self._rows[taken - 1].is_group:
            taken -= 1
        if taken < min(3, len(self._rows)):
            return None, self
        middle = self.first + taken - self._carried_rows
        return self._part(self.first, middle), self._part(middle, self.last)

    def forced(self, width: float, height: float) -> tuple[Block, Block | None]:
        """Return the rows that fit, however few; of a row higher than all there is the lines."""
        fits, rest = self.parted(width, height)
        if fits is not None:
            return fits, rest
        room, taken = height - self._top(width), 0
        for high in self._heights(width):
            if high > room:
                break
            room -= high
            taken += 1
        begins_group = taken == 1 and self._rows[0].is_group
        if taken and not begins_group:
            middle = self.first + taken - self._carried_rows
            return self._part(self.first, middle), self._part(middle, self.last)
        return self._row_parted(taken, width, room)

    def _row_parted(self, before: int, width: float, room: float) -> tuple[Block, Block | None]:
        """Return the rows up to one, and of that one the lines that fit; then the rest."""
        rows, at = self.table.rows, self.first + before - self._carried_rows
        lines = self.measures.cell_lines(rows[at], width)
        count = self.measures.lines_in(width, room)
        begun = replace(rows[at], cells=tuple("\n".join(cell[:count]) for cell in lines))
        going_on = replace(rows[at], cells=tuple("\n".join(cell[count:]) for cell in lines))
        if not any(going_on.cells):
            return self._part(self.first, at + 1), self._part(at + 1, self.last)
        table = replace(self.table, rows=(*rows[:at], begun, going_on, *rows[at + 1 :]))
        last = None if self.last is None else self.last + 1
        whole = replace(self, table=table, measures=self.measures.of(table), last=last)
        return replace(whole, last=at + 1), replace(whole, first=at + 1)

    def _part(self, first: int, last: int | None) -> TableBlock:
        return replace(self, first=first, last=last)

    def draw(self, surface: Surface, frame: Frame) -> None:
        """Draw heading, head and rows."""
        typist = Typist(surface, self.metrics)
        title = self.table.title + (self.continued if self.first else "")
        draw_heading(typist, title, frame, self.sizes)
        widths, share = self.measures.widths(frame.width)
        y = frame.y + heading_height(self.sizes)
        y = self._draw_head(typist, frame, y, widths, share)
        top = y
        rule = Pen(look.RULE, max(0.025 * self.sizes.body, 0.1))
        heights = self._heights(frame.width)
        for place, (row, high) in enumerate(zip(self._rows, heights, strict=True)):
            box = Frame(frame.x, y, frame.width, high)
            if row.is_group:
                surface.land(Paths.frame(box), look.GROUP_FILL)
            elif place % 2:
                surface.land(Paths.frame(box), look.ZEBRA)
            self._draw_row(typist, row, box, widths, share)
            if row.page:
                surface.link(box, Target(page=row.page))
            y += high
            surface.lines(Paths.line((frame.x, y), (frame.right, y)), rule)
        edge = Pen(look.ACCENT, max(0.06 * self.sizes.body, 0.12))
        surface.lines(Paths.line((frame.x, top), (frame.right, top)), edge)
        surface.lines(Paths.line((frame.x, y), (frame.right, y)), edge)
        if self._note_height(frame.width):
            style = TextStyle(self.sizes.note, look.QUIET)
            lines = wrapped(self.table.note, style, frame.width, self.metrics)
            typist.paragraph(lines, frame.x, y + self.sizes.note * 0.2, style)

    def _draw_head(
        self, typist: Typist, frame: Frame, y: float, widths: Sequence[float], share: float
    ) -> float:
        high = self.measures.head_height(frame.width)
        typist.surface.land(Paths.frame(Frame(frame.x, y, frame.width, high)), look.HEAD_FILL)
        style = self.measures.style(share, is_bold=True)
        x = frame.x
        for column, width in zip(self.table.columns, widths, strict=True):
            self._cell(typist, column.head, Frame(x, y, width, high), style, column.is_number)
            x += width
        return y + high

    def _draw_row(
        self, typist: Typist, row: TableRow, box: Frame, widths: Sequence[float], share: float
    ) -> None:
        if row.is_group:
            style = self.measures.style(share, is_bold=True)
            lines = self.measures.group_lines(row, box.width, share)
            top = box.y + (box.height - height_of(len(lines) - 1, style) - style.size_mm) / 2
            typist.paragraph(lines, box.x + self.measures.pad, top, style)
            return
        x = box.x
        for place, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
            colour = look.ALARM if place in row.vacant else look.INK
            style = TextStyle(self.sizes.body * share, colour)
            is_number = self.table.columns[place].is_number
            self._cell(typist, cell, Frame(x, box.y, width, box.height), style, is_number)
            x += width

    def _cell(
        self, typist: Typist, text: str, box: Frame, style: TextStyle, is_number: bool
    ) -> None:
        room = box.width - 2 * self.measures.pad
        lines = wrapped_names(text, style, room, self.metrics)
        high = (len(lines) - 1) * LEADING * style.size_mm + style.size_mm
        top = box.y + (box.height - high) / 2
        for line in lines:
            narrow = fitted(line, style, room, self.metrics)
            if is_number:
                typist.line(line, box.right - self.measures.pad, top, narrow, Align.RIGHT)
            else:
                typist.line(line, box.x + self.measures.pad, top, narrow)
            top += LEADING * style.size_mm


def _squeezed(wanted: Sequence[float], least: Sequence[float], width: float) -> list[float]:
    """Return widths that fill *width*: the wide ones give way, none below its least."""
    widths = list(wanted)
    for place in sorted(range(len(widths)), key=lambda place: least[place] - widths[place]):
        over = sum(widths) - width
        if over <= 1e-6:
            break
        # The one with most to give comes first, and gives what the others need not.
        widths[place] -= min(over, max(widths[place] - least[place], 0.0))
    if sum(widths) > width + 1e-6:
        return [one * width / sum(widths) for one in widths]
    spare = (width - sum(widths)) / len(widths)
    return [one + spare for one in widths]
