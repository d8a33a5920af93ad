"""The proof finds each kind of fault on a map broken on purpose, and the hash what differs."""

from __future__ import annotations

import numpy as np
import pytest

from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition.audit import audit, partition_sha256
from gridadmin.partition.planar import Partition
from tests.helpers.maps import chessboard


def border(number: int, points: list[tuple[int, int]], left: int, right: int) -> BorderRow:
    return BorderRow(number, np.array(points, dtype="<i8").tobytes(), left, right)


SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]


def problems(*borders: BorderRow) -> tuple[str, ...]:
    return audit(Partition.of(borders, {})).problems


def test_a_sound_map_has_no_problems() -> None:
    proof = audit(chessboard(3, 2))

    assert proof.problems == ()
    assert proof.faces == 6
    assert proof.twice_area == dict.fromkeys(range(1, 7), 20000)


def test_a_map_of_nothing_is_sound() -> None:
    proof = audit(Partition.of([], {}))

    assert proof.problems == ()
    assert proof.faces == 0


@pytest.mark.parametrize(
    ("borders", "problem"),
    [
        ([border(1, SQUARE, 1, 1)], "a border with one owner on both sides"),
        ([border(1, [(0, 0), (0, 0), *SQUARE[1:]], 1, OUTSIDE)], "a border with a repeated point"),
        (
            [border(1, SQUARE, 1, OUTSIDE), border(2, [(0, 0), (50, 50), (100, 100)], 1, 2)],
            "borders touch at a point that is no node of both",
        ),
        (
            [border(1, SQUARE[:3], 1, OUTSIDE), border(2, SQUARE[2:], 1, OUTSIDE)],
            "a node where fewer than three border ends meet",
        ),
        (
            [border(1, SQUARE, 1, OUTSIDE), border(2, [(0, 0), (50, 50)], 1, 2)],
            "a node where fewer than three border ends meet",
        ),
        (
            [
                border(1, SQUARE, 1, OUTSIDE),
                border(2, [(50, 50), (150, 50), (150, 80), (50, 50)], 2, OUTSIDE),
            ],
            "borders cross or touch beside a node",
        ),
        (
            [
                border(1, SQUARE, 1, OUTSIDE),
                border(2, [(100, 50), (150, 40), (150, 60), (100, 50)], 2, OUTSIDE),
            ],
            "borders cross or touch beside a node",
        ),
        (
            [border(1, [(0, 0), (50, 0), (100, 0), (20, 0), (0, 100), (0, 0)], 1, OUTSIDE)],
            "borders lie on each other",
        ),
        (
            [
                border(1, SQUARE, 1, OUTSIDE),
                border(2, [(20, 20), (40, 20), (30, 40), (20, 20)], 2, 3),
            ],
            "a face with two owners",
        ),
        ([border(1, SQUARE, OUTSIDE, 1)], "the unbounded face has an owner"),
    ],
)
def test_each_kind_of_fault_is_found(borders: list[BorderRow], problem: str) -> None:
    assert problem in problems(*borders)


def test_a_kept_area_that_went_wrong_is_found() -> None:
    partition = chessboard(2, 1)
    between = next(b for b in partition if {b.left, b.right} == {1, 2})
    wrong = BorderRow(between.id, between.points, between.right, between.left)

    # The row that is taken away is not the one that stood there, so the sums go astray.
    broken = partition.applied([(wrong, between)], {})

    assert "kept area of owner 1 differs from its faces" in audit(broken).problems


def digest(partition: Partition) -> str:
    return partition_sha256(partition, str, (0, 0))


def test_the_hash_does_not_see_how_borders_are_cut_or_turned() -> None:
    whole = Partition.of([border(1, SQUARE, 1, OUTSIDE)], {})
    pieces = Partition.of(
        [border(9, SQUARE[:3], 1, OUTSIDE), border(4, SQUARE[2:][::-1], OUTSIDE, 1)], {}
    )

    assert digest(whole) == digest(pieces)


def test_the_hash_sees_owners_places_and_origin() -> None:
    square = Partition.of([border(1, SQUARE, 1, OUTSIDE)], {})
    other = Partition.of([border(1, SQUARE, 2, OUTSIDE)], {})
    moved = Partition.of([border(1, [(x + 1, y) for x, y in SQUARE], 1, OUTSIDE)], {})

    assert len({digest(square), digest(other), digest(moved)}) == 3
    assert partition_sha256(square, str, (1, 0)) == digest(moved)
    assert partition_sha256(square, str, (0, 0)) == digest(square)


def test_a_map_of_nothing_has_a_hash() -> None:
    assert len(digest(Partition.of([], {}))) == 64
