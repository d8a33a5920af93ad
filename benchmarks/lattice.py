"""A brick lattice of cells, bent by smooth waves into something that looks surveyed.

Bricks meet in threes like real areas do. Each border's vertices are computed once and both
neighbours point at them, so they share them to the millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
import numpy.typing as npt

from benchmarks.partition import IntArray, Partition, Rings, concatenated_ranges

FloatArray = npt.NDArray[np.float64]

ACROSS = 6
"""Edges of a horizontal stretch between two nodes; a cell has about four stretches."""
UPWARD = 8
"""Edges of a border between two cells of one row; a cell has two: 4·6 + 2·8 = 40 vertices."""
CELL_MM = 210_000
"""Width of a cell before bending: 10,161 of them fill 496 km², a district."""
CENTRE_MM = (500_000_000, 3_400_000_000)
ROWS_PER_GRID, COLUMNS_PER_GRID = 3, 3
GRIDS_PER_COMMUNITY = (3, 2)
COMMUNITIES_PER_STREET = (4, 5)


@dataclass(frozen=True)
class _Row:
    """Cell borders of one row: ``cuts`` are the u of all its borders, both ends included."""

    cuts: FloatArray


@dataclass(frozen=True)
class _Line:
    """The horizontal line under a row: u of its vertices, and which of them are nodes."""

    u: FloatArray
    node_u: FloatArray

    def vertex_of(self, cuts: FloatArray) -> IntArray:
        """Return the positions of the nodes that lie at *cuts*."""
        return np.searchsorted(self.node_u, cuts).astype(np.int64) * ACROSS


def bricks(count: int, seed: int) -> Partition:
    """Return a partition of exactly *count* leaves, the same for the same seed."""
    random = np.random.default_rng(seed)
    rows = _rows(count, random)
    width = float(rows[0].cuts[-1])
    lines = _lines(rows)
    coords, line_starts, upright_starts = _vertices(rows, lines, width, random)
    leaves = _rings(rows, lines, coords, line_starts, upright_starts)
    return Partition(leaves, *_tree(rows))


def _rows(count: int, random: np.random.Generator) -> list[_Row]:
    number = max(1, round(sqrt(count)))
    columns = ceil(count / number)
    missing = number * columns - count
    with_a_wide_cell = set(random.permutation(number)[:missing].tolist())
    rows = []
    for index in range(number):
        shift = 0.25 if index % 2 else -0.25
        inner = np.arange(1, columns) + shift + random.uniform(-0.12, 0.12, columns - 1)
        if index in with_a_wide_cell:
            inner = np.delete(inner, random.integers(len(inner)))
        rows.append(_Row(np.concatenate([[0.0], inner, [float(columns)]])))
    return rows


def _lines(rows: list[_Row]) -> list[_Line]:
    lines = []
    for index in range(len(rows) + 1):
        beside = [row.cuts for row in rows[max(0, index - 1) : index + 1]]
        nodes = np.unique(np.concatenate(beside))
        stretches = len(nodes) - 1
        u = np.interp(np.arange(stretches * ACROSS + 1) / ACROSS, np.arange(stretches + 1), nodes)
        lines.append(_Line(u, nodes))
    return lines


def _vertices(
    rows: list[_Row], lines: list[_Line], width: float, random: np.random.Generator
) -> tuple[IntArray, IntArray, IntArray]:
    """Return all vertices in mm, where each line's begin, and where each row's uprights begin."""
    inner = np.arange(1, UPWARD) / UPWARD
    u = [line.u for line in lines] + [np.repeat(row.cuts, UPWARD - 1) for row in rows]
    v = [np.full(len(line.u), float(index)) for index, line in enumerate(lines)]
    v += [np.tile(index + inner, len(row.cuts)) for index, row in enumerate(rows)]
    starts = np.concatenate([[0], np.cumsum([len(part) for part in u])]).astype(np.int64)
    coords = _bent(np.concatenate(u), np.concatenate(v), width, float(len(rows)), random)
    return coords, starts[: len(lines)], starts[len(lines) : -1]


def _bent(
    u: FloatArray, v: FloatArray, width: float, height: float, random: np.random.Generator
) -> IntArray:
    """Return the place in mm of lattice points: waves of three lengths, then a dense centre.

    The waves' slopes add up to less than one and the pull to the centre is monotone: nothing folds.
    """
    x, y = u.copy(), v.copy()
    for length, height_of_wave in ((9.0, 0.30), (2.8, 0.10), (0.8, 0.022)):
        for _ in range(2):
            x += _wave(u, v, length, height_of_wave / 2, random)
            y += _wave(u, v, length, height_of_wave / 2, random)
    # each vertex also leaves its line a little, by itself: far less than the way to the next one
    x += random.uniform(-0.012, 0.012, len(x))
    y += random.uniform(-0.012, 0.012, len(y))
    x -= width / 2
    y -= height / 2
    # a norm between circle and square, so that the corners are not drawn out
    pull = (x * (2 / width)) ** 4
    pull += (y * (2 / height)) ** 4
    np.sqrt(pull, out=pull)
    pull *= 0.55 * CELL_MM
    pull += 0.45 * CELL_MM
    x *= pull
    y *= pull
    coords = np.empty((len(x), 2), dtype=np.int64)
    coords[:, 0] = np.rint(x)
    coords[:, 1] = np.rint(y)
    coords += CENTRE_MM
    return coords


def _wave(
    u: FloatArray, v: FloatArray, length: float, height: float, random: np.random.Generator
) -> FloatArray:
    angle, phase = random.uniform(0.0, 2 * np.pi, 2)
    along: FloatArray = u * np.cos(angle)
    along += v * np.sin(angle)
    along *= 2 * np.pi / length
    along += phase
    np.sin(along, out=along)
    along *= height
    return along


def _rings(
    rows: list[_Row],
    lines: list[_Line],
    coords: IntArray,
    line_starts: IntArray,
    uprights: IntArray,
) -> Rings:
    """Return each cell's ring: along its floor, up its right side, back along its ceiling, down."""
    pieces, sizes = [], []
    for index, row in enumerate(rows):
        floor = line_starts[index] + lines[index].vertex_of(row.cuts)
        ceiling = line_starts[index + 1] + lines[index + 1].vertex_of(row.cuts)
        sides = uprights[index] + np.arange(len(row.cuts), dtype=np.int64) * (UPWARD - 1)
        cells = len(row.cuts) - 1
        side_lengths = np.full(cells, UPWARD - 1)
        starts = [floor[:-1], sides[1:], ceiling[1:], sides[:-1] + UPWARD - 2]
        lengths = [np.diff(floor) + 1, side_lengths, np.diff(ceiling) + 1, side_lengths]
        steps = [np.full(cells, step) for step in (1, 1, -1, -1)]
        pieces.append(
            concatenated_ranges(
                np.stack(starts, axis=1).ravel(),
                np.stack(lengths, axis=1).ravel(),
                np.stack(steps, axis=1).ravel(),
            )
        )
        sizes.append(np.sum(lengths, axis=0))
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64)
    return Rings(coords[np.concatenate(pieces)], offsets)


def _tree(rows: list[_Row]) -> tuple[dict[str, IntArray], dict[str, IntArray]]:
    """Group the cells into blocks, the blocks into larger blocks, by where their middles lie."""
    row = np.repeat(np.arange(len(rows)), [len(row.cuts) - 1 for row in rows])
    middle = np.concatenate([(row.cuts[1:] + row.cuts[:-1]) / 2 for row in rows])
    down, along = row // ROWS_PER_GRID, (middle // COLUMNS_PER_GRID).astype(np.int64)
    ancestor, parent = {}, {}
    finer = np.arange(len(row), dtype=np.int64)
    finer_level = "micro_grid"
    for level, (high, wide) in (
        ("grid", (1, 1)),
        ("community", GRIDS_PER_COMMUNITY),
        ("street", COMMUNITIES_PER_STREET),
        ("district", (len(rows), len(row))),
    ):
        down, along = down // high, along // wide
        block = np.unique(down * (len(row) + 1) + along, return_inverse=True)[1].astype(np.int64)
        ancestor[level] = block
        of_finer = np.empty(int(finer.max()) + 1, dtype=np.int64)
        of_finer[finer] = block
        parent[finer_level] = of_finer
        finer, finer_level = block, level
    ancestor["micro_grid"] = np.arange(len(row), dtype=np.int64)
    return ancestor, parent
