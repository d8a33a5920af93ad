"""Blocks in columns: in their order while all fit; what is too long goes on on the next sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.chart.blocks import Block
from gridadmin.chart.sheet import Frame

_HALVINGS = 10


@dataclass(frozen=True, eq=False, slots=True)
class PlacedBlock:
    """A block and where it stands."""

    block: Block
    frame: Frame


def columns_of(frame: Frame, count: int, gap: float) -> list[Frame]:
    """Return so many columns beside each other."""
    width = (frame.width - gap * (count - 1)) / count
    return [
        Frame(frame.x + place * (width + gap), frame.y, width, frame.height)
        for place in range(count)
    ]


def flowed(
    blocks: Sequence[Block], columns: Sequence[Frame], gap: float
) -> tuple[list[PlacedBlock], list[Block]]:
    """Return blocks in columns and what is left over.

    Blocks that stand in one piece are all on the sheet if that is possible at all: long ones give
    way to them.
    """
    placed, left = _in_order(blocks, columns, gap)
    if not left:
        return _spread(placed, columns, gap), []
    rigid = [block for block in blocks if block.is_rigid]
    reserved, free = _from_below(rigid, columns, gap)
    kept = {id(one.block) for one in reserved}
    rest = [block for block in blocks if id(block) not in kept]
    placed, left = _in_order(rest, free, gap)
    return [*placed, *reserved], left


def balanced(
    blocks: Sequence[Block], columns: Sequence[Frame], gap: float
) -> tuple[list[PlacedBlock], list[Block]]:
    """Return blocks in columns that end at about the same height, and what is left over.

    What is left below is shared out between them. Where not all of them fit the columns are full.
    A block that a column has room for is not parted while all fit without that.
    """
    if not _in_order(blocks, columns, gap, keeps_whole=True)[1]:
        return _even(blocks, columns, gap, keeps_whole=True), []
    placed, left = flowed(blocks, columns, gap)
    # Columns of which some are kept for blocks in one piece end where they must.
    if left or len(columns) < 2 or _in_order(blocks, columns, gap)[1]:
        return placed, left
    return _even(blocks, columns, gap, keeps_whole=False), []


def _even(
    blocks: Sequence[Block], columns: Sequence[Frame], gap: float, *, keeps_whole: bool
) -> list[PlacedBlock]:
    """Return blocks in columns as low as holds all of them."""
    most = columns[0].height
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        cut = _cut(columns, middle)
        if _in_order(blocks, cut, gap, keeps_whole=keeps_whole, most=most)[1]:
            low = middle
        else:
            high = middle
    cut = _cut(columns, high)
    placed, _ = _in_order(blocks, cut, gap, keeps_whole=keeps_whole, most=most)
    return _spread(placed, columns, gap)


def is_parted(blocks: Sequence[Block], columns: Sequence[Frame], gap: float) -> bool:
    """Return whether a block must be parted that a column has room for."""
    return bool(_in_order(blocks, columns, gap, keeps_whole=True)[1])


def forced(
    blocks: Sequence[Block], columns: Sequence[Frame]
) -> tuple[list[PlacedBlock], list[Block]]:
    """Return blocks that no sheet has room for, one in each column, and what is left over.

    Rows and words that are higher than a column go on in the next one.
    """
    placed: list[PlacedBlock] = []
    waiting = list(blocks)
    for column in columns:
        if not waiting:
            break
        fits, rest = waiting.pop(0).forced(column.width, column.height)
        frame = Frame(column.x, column.y, column.width, fits.height(column.width))
        placed.append(PlacedBlock(fits, frame))
        if rest is not None:
            waiting.insert(0, rest)
    return placed, waiting


def _cut(columns: Sequence[Frame], height: float) -> list[Frame]:
    return [Frame(one.x, one.y, one.width, height) for one in columns]


def _in_order(
    blocks: Sequence[Block],
    columns: Sequence[Frame],
    gap: float,
    *,
    keeps_whole: bool = False,
    most: float | None = None,
) -> tuple[list[PlacedBlock], list[Block]]:
    """Return blocks in columns in their order, and what is left over.

    With *keeps_whole* what is no higher than *most* (a whole column unless given) isn't parted.
    """
    placed: list[PlacedBlock] = []
    waiting = list(blocks)
    for column in columns:
        y = column.y
        while waiting:
            block = waiting[0]
            fits, rest = block.parted(column.width, column.bottom - y)
            whole = column.height if most is None else most
            if keeps_whole and rest is not None and block.height(column.width) <= whole + 1e-6:
                break
            if fits is None:
                break
            high = fits.height(column.width)
            placed.append(PlacedBlock(fits, Frame(column.x, y, column.width, high)))
            y += high + gap
            waiting.pop(0)
            if rest is not None:
                waiting.insert(0, rest)
                break
    return placed, waiting


def _from_below(
    blocks: Sequence[Block], columns: Sequence[Frame], gap: float
) -> tuple[list[PlacedBlock], list[Frame]]:
    """Return blocks that stand at the foot of the last columns, and what is free above them."""
    placed: list[PlacedBlock] = []
    free = list(columns)
    place = len(columns) - 1
    for block in reversed(blocks):
        while place >= 0:
            column = free[place]
            high = block.height(column.width)
            if high <= column.height:
                frame = Frame(column.x, column.bottom - high, column.width, high)
                placed.insert(0, PlacedBlock(block, frame))
                room = max(column.height - high - gap, 0.0)
                free[place] = Frame(column.x, column.y, column.width, room)
                break
            place -= 1
    return placed, free


def _spread(
    placed: Sequence[PlacedBlock], columns: Sequence[Frame], gap: float
) -> list[PlacedBlock]:
    """Give the blocks of a column a little of the room that is left below them."""
    found: list[PlacedBlock] = []
    for column in columns:
        mine = [one for one in placed if abs(one.frame.x - column.x) < 1e-6]
        if not mine:
            continue
        spare = column.bottom - mine[-1].frame.bottom
        each = min(spare / max(len(mine), 1), gap * 1.6)
        found += [
            PlacedBlock(one.block, one.frame.moved(0.0, each * place))
            for place, one in enumerate(mine)
        ]
    return found
