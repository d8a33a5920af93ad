from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from gridadmin.exchange.packed_rtree import (
    Boxes,
    Ids,
    PackedTree,
    damage_of,
    leaf_cells,
    outward,
    pack,
    write_index,
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def boxes_of(count: int) -> tuple[Ids, Boxes]:
    source = np.random.default_rng(7)
    low = source.random((count, 2)) * 5 + (103.0, 30.0)
    ids = source.permutation(np.arange(1, count + 1, dtype=np.int64)) * 3
    return ids, np.hstack((low, low + source.random((count, 2)) / 50))


def test_boxes_in_single_precision_contain_the_double_ones() -> None:
    _, boxes = boxes_of(1000)

    held = outward(boxes).astype(np.float64)

    assert (held[:, [0, 2]] <= boxes[:, :2]).all()
    assert (held[:, [1, 3]] >= boxes[:, 2:]).all()
    assert np.abs(held[:, [0, 2, 1, 3]] - boxes).max() < 1.6e-5


@pytest.mark.parametrize("count", [1, 51, 52, 2601, 2602, 6000])
def test_sqlite_accepts_packed_index_and_finds_what_a_scan_finds(
    connection: sqlite3.Connection, count: int
) -> None:
    ids, boxes = boxes_of(count)

    was_packed = write_index(connection, "rtree_网格_geom", ids, boxes)

    window = (104.0, 104.5, 31.0, 31.5)
    found = connection.execute(
        'SELECT id FROM "rtree_网格_geom"'
        " WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ? ORDER BY id",
        window,
    ).fetchall()
    held = outward(boxes)
    meets = (held[:, 1] >= 104.0) & (held[:, 0] <= 104.5)
    meets &= (held[:, 3] >= 31.0) & (held[:, 2] <= 31.5)
    assert was_packed
    assert connection.execute("SELECT rtreecheck('rtree_网格_geom')").fetchone() == ("ok",)
    assert [row[0] for row in found] == sorted(ids[meets].tolist())


def test_packed_index_takes_later_edits(connection: sqlite3.Connection) -> None:
    ids, boxes = boxes_of(3000)
    write_index(connection, "r", ids, boxes)

    connection.execute("DELETE FROM r WHERE id % 2 = 0")
    connection.execute("INSERT INTO r VALUES (100001, 103, 104, 30, 31)")

    assert connection.execute("SELECT rtreecheck('r')").fetchone() == ("ok",)
    assert connection.execute("SELECT COUNT(*) FROM r").fetchone() == (1501,)


def test_empty_index_is_sound(connection: sqlite3.Connection) -> None:
    nothing = np.zeros(0, dtype=np.int64)

    assert write_index(connection, "r", nothing, np.zeros((0, 4)))
    assert connection.execute("SELECT rtreecheck('r')").fetchone() == ("ok",)
    assert len(leaf_cells(connection, "r")[0]) == 0


def test_damage_of_a_packed_index_is_told_and_it_can_be_built_row_by_row(
    connection: sqlite3.Connection,
) -> None:
    def forgetful(ids: Ids, boxes: Boxes) -> PackedTree:
        tree = pack(ids, boxes)
        return PackedTree(tree.nodes, tree.parents, tree.rows[:-1])

    ids, boxes = boxes_of(500)

    write_index(connection, "damaged", ids, boxes, forgetful)
    was_packed = write_index(connection, "r", ids, boxes, None)

    assert "Wrong number of entries in %_rowid table" in str(damage_of(connection, "damaged"))
    assert not was_packed
    assert damage_of(connection, "r") is None
    assert connection.execute("SELECT COUNT(*) FROM r").fetchone() == (500,)


def test_leaf_cells_are_the_rows_of_the_index(connection: sqlite3.Connection) -> None:
    ids, boxes = boxes_of(3000)
    write_index(connection, "r", ids, boxes)

    read_ids, read_boxes = leaf_cells(connection, "r")

    order = np.argsort(read_ids)
    rows = connection.execute("SELECT * FROM r ORDER BY id").fetchall()
    assert read_ids[order].tolist() == [row[0] for row in rows]
    assert read_boxes[order].tolist() == [list(row[1:]) for row in rows]
