"""The spatial index of a layer, packed at once instead of grown row by row.

SQLite documents how an R-tree lies in its three shadow tables and promises to keep it. Nodes are
filled here by sort-tile-recursive packing, which is quicker to write and tighter to search.
SQLite's own ``rtreecheck`` has the last word on the finished file; where it objects, or SQLite
won't have its tables filled, the index is built row by row.

Source: https://www.sqlite.org/rtree.html, "Shadow Tables"; Leutenegger et al. 1997 for the packing.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridadmin.exchange.insertion import insert_rows
from gridadmin.exchange.sql_names import quoted

CELLS_PER_NODE = 51
"""SQLite's own limit for pages of 2 KiB and more."""
_CELL = np.dtype([("id", ">i8"), ("box", ">f4", (4,))])
_NODE = np.dtype([("depth", ">u2"), ("count", ">u2"), ("cells", _CELL, (CELLS_PER_NODE,))])
_ROOT = 1

Boxes = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PackedTree:
    """The rows of the shadow tables: (node, blob), (node, parent node), (row id, leaf node)."""

    nodes: list[tuple[int, bytes]]
    parents: list[tuple[int, int]]
    rows: list[tuple[int, int]]


Packer = Callable[[Ids, Boxes], PackedTree]


def outward(boxes: Boxes) -> NDArray[np.float32]:
    """Return ``(n, 4)`` min x, max x, min y, max y in single precision that surely contain *boxes*.

    ``boxes`` is ``(n, 4)``: min x, min y, max x, max y.
    """
    low, high = boxes[:, :2], boxes[:, 2:]
    low32, high32 = low.astype(np.float32), high.astype(np.float32)
    low32 = np.where(low32 > low, np.nextafter(low32, np.float32(-np.inf)), low32)
    high32 = np.where(high32 < high, np.nextafter(high32, np.float32(np.inf)), high32)
    sides = (low32[:, 0], high32[:, 0], low32[:, 1], high32[:, 1])
    return np.stack(sides, axis=1).astype(np.float32)


def pack(ids: Ids, boxes: Boxes) -> PackedTree:
    """Return the shadow tables of an index over *boxes* ``(n, 4)``, n ≥ 1."""
    sizes = _level_sizes(len(ids))
    first_number = _first_numbers(sizes)
    tree = PackedTree([], [], [])
    entry_ids, entry_boxes = ids, outward(boxes)
    for level, node_count in enumerate(sizes):
        order = _tiled(entry_boxes, node_count)
        entry_ids, entry_boxes = entry_ids[order], entry_boxes[order]
        starts = np.arange(node_count + 1) * len(entry_ids) // node_count
        owner = np.repeat(np.arange(node_count), np.diff(starts))
        numbers = first_number[level] + np.arange(node_count)
        nodes = np.zeros(node_count, dtype=_NODE)
        nodes["count"] = np.diff(starts)
        slot = np.arange(len(entry_ids)) - starts[owner]
        nodes["cells"]["id"][owner, slot] = entry_ids
        nodes["cells"]["box"][owner, slot] = entry_boxes
        if node_count == 1:
            nodes["depth"] = level
        tree.nodes.extend(zip(numbers.tolist(), (node.tobytes() for node in nodes), strict=True))
        by_id = np.argsort(entry_ids)
        links = zip(entry_ids[by_id].tolist(), numbers[owner[by_id]].tolist(), strict=True)
        (tree.rows if level == 0 else tree.parents).extend(links)
        entry_ids, entry_boxes = numbers.astype(np.int64), _unions(entry_boxes, starts[:-1])
    tree.nodes.sort()
    tree.parents.sort()
    return tree


def write_index(
    connection: sqlite3.Connection, name: str, ids: Ids, boxes: Boxes, packer: Packer | None = pack
) -> bool:
    """Create the R-tree *name* over *boxes* and return whether it was packed.

    It is built row by row where SQLite doesn't let its tables be filled, or *packer* is None.
    A packed one is yet to be judged by ``rtreecheck``.
    """
    _create(connection, name)
    if not len(ids):
        return True
    if packer is not None:
        if _fill_packed(connection, name, packer(ids, boxes)):
            return True
        connection.execute(f"DROP TABLE {quoted(name)}")
        _create(connection, name)
    order = np.argsort(ids)
    rows = np.column_stack((boxes[:, 0], boxes[:, 2], boxes[:, 1], boxes[:, 3]))[order].tolist()
    connection.executemany(
        f"INSERT INTO {quoted(name)} VALUES (?,?,?,?,?)",  # noqa: S608 - quoted
        ((key, *row) for key, row in zip(ids[order].tolist(), rows, strict=True)),
    )
    return False


def damage_of(connection: sqlite3.Connection, name: str) -> str | None:
    """Return what ``rtreecheck`` finds wrong with the R-tree *name*, None when it is sound.

    Raises: sqlite3.Error when it can't be read.
    """
    (verdict,) = connection.execute("SELECT rtreecheck(?)", (name,)).fetchone()
    return None if verdict == "ok" else str(verdict)


def leaf_cells(connection: sqlite3.Connection, name: str) -> tuple[Ids, NDArray[np.float32]]:
    """Return the ids ``(n,)`` and boxes ``(n, 4)`` min x, max x, min y, max y of a sound index.

    Read from the nodes themselves: as a table, an R-tree gives its rows one by one.
    """
    node, parent = quoted(name + "_node"), quoted(name + "_parent")
    leaves = connection.execute(
        f"SELECT data FROM {node} WHERE nodeno NOT IN (SELECT parentnode FROM {parent})"  # noqa: S608 - quoted
    ).fetchall()
    heads = np.dtype(">u2")
    cells = [
        np.frombuffer(data, dtype=_CELL, offset=4, count=np.frombuffer(data, heads, 2)[1])
        for (data,) in leaves
    ]
    joined = np.concatenate(cells) if cells else np.zeros(0, dtype=_CELL)
    return joined["id"].astype(np.int64), joined["box"].astype(np.float32)


def _create(connection: sqlite3.Connection, name: str) -> None:
    columns = "id, minx, maxx, miny, maxy"
    connection.execute(f"CREATE VIRTUAL TABLE {quoted(name)} USING rtree({columns})")


def _fill_packed(connection: sqlite3.Connection, name: str, tree: PackedTree) -> bool:
    node = f"{name}_node"
    try:
        (size,) = connection.execute(f"SELECT length(data) FROM {quoted(node)}").fetchone()  # noqa: S608 - quoted
        if size != _NODE.itemsize:
            return False
        connection.execute(f"DELETE FROM {quoted(node)}")  # noqa: S608 - quoted
        insert_rows(connection, node, 2, tree.nodes)
        insert_rows(connection, f"{name}_parent", 2, tree.parents)
        insert_rows(connection, f"{name}_rowid", 2, tree.rows)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_ERROR":
            # Shadow tables are write-protected here.
            return False
        raise
    return True


def _level_sizes(entries: int) -> list[int]:
    sizes = [math.ceil(entries / CELLS_PER_NODE)]
    while sizes[-1] > 1:
        sizes.append(math.ceil(sizes[-1] / CELLS_PER_NODE))
    return sizes


def _first_numbers(sizes: list[int]) -> list[int]:
    """Return the first number of each level, leaves first; nodes count from the root down."""
    number, firsts = _ROOT, []
    for size in reversed(sizes):
        firsts.append(number)
        number += size
    return firsts[::-1]


def _tiled(boxes: NDArray[np.float32], node_count: int) -> NDArray[np.int64]:
    centre_x = boxes[:, 0].astype(np.float64) + boxes[:, 1]
    centre_y = boxes[:, 2].astype(np.float64) + boxes[:, 3]
    strips = math.ceil(math.sqrt(node_count))
    rank = np.empty(len(boxes), dtype=np.int64)
    rank[np.argsort(centre_x, kind="stable")] = np.arange(len(boxes))
    return np.lexsort((centre_y, rank * strips // len(boxes)))


def _unions(boxes: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    low = np.minimum.reduceat(boxes, starts, axis=0)
    high = np.maximum.reduceat(boxes, starts, axis=0)
    return np.stack((low[:, 0], high[:, 1], low[:, 2], high[:, 3]), axis=1)
