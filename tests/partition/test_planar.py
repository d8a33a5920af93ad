"""The overlay answers like a partition built afresh, and former states stay as they were."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely
from immutables import Map

from gridadmin.base.errors import EditError, StoreError
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition import planar
from gridadmin.partition.base import Index
from gridadmin.partition.border import cells_of, points_of
from gridadmin.partition.grid import pack_point
from gridadmin.partition.planar import Partition, node_keys, outlined
from tests.helpers.maps import box, chessboard, crowded, from_mm
from tests.helpers.random_edits import RandomEdits


@pytest.fixture(scope="module")
def edited() -> Partition:
    """A crowded map after a hundred edits."""
    partition = crowded(8, 12, 12)
    edits = RandomEdits(random.Random(8), 480)
    for _ in range(150):
        try:
            changes = edits.next(partition)
        except EditError:
            continue
        # What was looked for once goes on from state to state.
        assert partition.extent() is not None
        partition = partition.applied(changes, partition.parents)
    return partition


def meets(border: BorderRow, area: shapely.Polygon) -> bool:
    return bool(shapely.LineString(points_of(border)).intersects(area))


def test_the_overlay_lists_borders_like_a_rebuilt_base(edited: Partition) -> None:
    rebuilt = edited.compacted()

    assert edited.overlay_size() > 100
    assert rebuilt.overlay_size() == 0
    assert len(rebuilt) == len(edited)
    assert {b.id: b for b in rebuilt} == {b.id: b for b in edited}
    assert rebuilt.owners() == edited.owners()
    for owner in edited.owners() | set(edited.parents.values()):
        assert edited.outline(owner) == rebuilt.outline(owner)
        assert edited.beside(owner) == rebuilt.beside(owner)
        assert edited.own_twice_area(owner) == rebuilt.own_twice_area(owner)
        assert edited.has_land(owner) == rebuilt.has_land(owner)


def test_the_overlay_finds_places_like_a_rebuilt_base(edited: Partition) -> None:
    rebuilt = edited.compacted()

    extent = edited.extent()
    assert extent is not None
    assert extent == rebuilt.extent()
    assert (edited.west_cell() << edited.cell_shift) <= extent[0]
    for node in {key for border in edited for key in node_keys(border)}:
        assert edited.at_node(node) == rebuilt.at_node(node)
    for x in range(-50, 550, 60):
        for y in range(-50, 550, 60):
            corners = (x, y), (x + 45, y + 30)
            meeting = [b for b in edited if meets(b, shapely.box(x, y, x + 45, y + 30))]
            assert {b.id for b in meeting} <= {b.id for b in edited.in_box(*corners)}
            assert {b.id for b in meeting} <= {b.id for b in rebuilt.in_box(*corners)}


def test_a_border_is_listed_alike_in_both_parts(edited: Partition) -> None:
    rebuilt = edited.compacted()

    for border in rebuilt:
        for key in cells_of(border, rebuilt.cell_shift):
            assert border in rebuilt.in_cells([key])


def test_a_box_of_many_cells_is_searched_border_by_border(
    edited: Partition, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {b.id for b in edited.in_box((100, 100), (300, 250))}

    monkeypatch.setattr(planar, "_MANY_CELLS", 0)
    found = {b.id for b in edited.in_box((100, 100), (300, 250))}

    assert found
    assert found <= listed


def test_applying_leaves_the_former_state_alone() -> None:
    before = chessboard(2, 1)
    rows = list(before)
    (between,) = (b for b in rows if {b.left, b.right} == {1, 2})

    after = before.applied(
        [(between, BorderRow(between.id, between.points, 7, between.right))], before.parents
    )

    assert list(before) == rows
    assert after.border(between.id).left == 7
    assert before.has(between.id)


def test_a_border_taken_away_is_gone_and_comes_back() -> None:
    before = chessboard(2, 1)
    (between,) = (b for b in before if {b.left, b.right} == {1, 2})

    without = before.applied([(between, None)], before.parents)
    again = without.applied([(None, between)], before.parents)

    assert not without.has(between.id)
    with pytest.raises(KeyError):
        without.border(between.id)
    assert between not in without.beside(1)
    assert again.border(between.id) == between
    assert again.own_twice_area(1) == before.own_twice_area(1) == 20000


def test_a_border_that_was_never_in_the_base_leaves_no_trace() -> None:
    before = chessboard(1, 1)
    extra = BorderRow(99, from_mm([box(20, 20, 40, 40)]).beside(1)[0].points, 5, 1)

    with_it = before.applied([(None, extra)], before.parents)
    without = with_it.applied([(extra, None)], before.parents)

    assert with_it.has(99)
    assert not without.has(99)
    assert without.overlay_size() == 0
    assert without.owners() == {1, OUTSIDE}


def test_outlines_follow_the_tree() -> None:
    flat = chessboard(3, 1)
    tree = Map({1: 10, 2: 10, 3: 11, 10: 20, 11: 20})
    partition = Partition.of(flat, tree)
    moved = tree.set(2, 11)

    after = partition.applied([(b, b) for b in partition.outline(2)], moved)

    def sides(partition: Partition, owner: int) -> set[frozenset[int]]:
        return {frozenset((b.left, b.right)) for b in partition.outline(owner)}

    assert frozenset((2, 3)) in sides(partition, 10)
    assert frozenset((1, 2)) not in sides(partition, 10)
    assert frozenset((1, 2)) in sides(after, 10)
    assert frozenset((2, 3)) not in sides(after, 10)
    assert sides(after, 20) == sides(partition, 20)
    assert after.parents == moved


def test_the_border_of_two_siblings_is_outline_of_neither_parent() -> None:
    row = chessboard(2, 1).outline(1)[0]
    between = BorderRow(row.id, row.points, 1, 2)

    assert outlined(between, {1: 10, 2: 10}) == [1, 2]
    assert outlined(between, {1: 10, 2: 11}) == [10, 1, 11, 2]
    assert outlined(between, {1: 2}) == [1]


def ring(number: int, size_mm: int, owner: int) -> BorderRow:
    """Return a square from the origin as one closed border, its owner inside."""
    corners = [(0, 0), (size_mm, 0), (size_mm, size_mm), (0, size_mm), (0, 0)]
    return BorderRow(number, np.array(corners, dtype="<i8").tobytes(), owner, OUTSIDE)


def test_the_extent_follows_the_borders_against_the_outside() -> None:
    small, large = ring(1, 1000, 7), ring(1, 3000, 7)
    before = Partition.of([small], {})
    assert before.extent() == (0, 0, 1000, 1000)

    after = before.applied([(small, large)], before.parents)

    assert after.extent() == (0, 0, 3000, 3000)
    assert before.extent() == (0, 0, 1000, 1000)
    assert after.applied([(large, None)], after.parents).extent() is None


def test_an_empty_partition_answers() -> None:
    empty = Partition.of([], {})

    assert len(empty) == 0
    assert empty.extent() is None
    assert empty.owners() == set()
    assert empty.in_box((0, 0), (10, 10)) == []
    assert empty.at_node(pack_point(0, 0)) == []
    assert not empty.has_land(NOBODY)


def test_borders_asked_for_too_often_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    partition = chessboard(3, 3)
    first = partition.border(1)

    monkeypatch.setattr("gridadmin.partition.base._KEPT", 2)

    assert [partition.border(n).id for n in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert partition.border(1) == first


@pytest.mark.parametrize("size", [16, 40])
def test_a_border_of_broken_points_is_damage(size: int) -> None:
    with pytest.raises(StoreError, match=r"store\.damaged"):
        Partition.of([BorderRow(1, bytes(size), 1, OUTSIDE)], {})


def test_a_tree_that_goes_round_in_circles_is_an_error() -> None:
    with pytest.raises(ValueError, match="tree"):
        Partition.of(chessboard(2, 1), {1: 2, 2: 1})


def test_an_index_gives_each_row_of_a_key_once_and_in_order() -> None:
    source = np.random.default_rng(3)
    keys = source.choice(np.array([-(2**62), -1, 0, 5, 2**62], dtype=np.int64), 400)
    rows = source.integers(0, 70, 400)

    index = Index(keys, rows)

    assert index.keys.tolist() == [-(2**62), -1, 0, 5, 2**62]
    for key in index.keys.tolist():
        assert index.rows(key) == sorted(set(rows[keys == key].tolist()))
    assert index.rows(7) == []
    assert Index(keys[:0], rows[:0]).rows(5) == []
