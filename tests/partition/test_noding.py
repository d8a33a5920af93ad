"""Snap rounding: whatever goes in, what comes out meets only at ends."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridadmin.partition import box_join, noding
from gridadmin.partition.grid import Ints, meets_pixel
from gridadmin.partition.noding import NodingError, node_segments

grid_points = st.tuples(st.integers(0, 30), st.integers(0, 30))
segments = st.lists(st.tuples(grid_points, grid_points), min_size=1, max_size=25)


def columns(pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> tuple[Ints, Ints]:
    both = np.array(pairs, dtype=np.int64)
    return both[:, 0], both[:, 1]


def assert_noded(starts: Ints, ends: Ints) -> None:
    ends_of_all = np.unique(np.concatenate((starts, ends)), axis=0)
    for start, end in zip(starts, ends, strict=True):
        met = ends_of_all[meets_pixel(start[None], end[None], ends_of_all)]
        assert {tuple(p) for p in met.tolist()} <= {tuple(start.tolist()), tuple(end.tolist())}
    lines = shapely.linestrings(np.stack((starts, ends), axis=1).astype(np.float64))
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert not len(one), [(lines[i].wkt, lines[j].wkt) for i, j in zip(one, other, strict=True)]


@given(segments)
def test_no_piece_crosses_another_or_meets_a_foreign_pixel(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    starts, ends, _ = node_segments(*columns(pairs))

    assert_noded(starts, ends)


@given(segments)
def test_pieces_chain_from_the_start_of_their_segment_to_its_end(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    starts, ends, source = node_segments(*columns(pairs))

    for number, (a, b) in enumerate(pairs):
        mine = source == number
        followers = {
            tuple(s): tuple(e)
            for s, e in zip(starts[mine].tolist(), ends[mine].tolist(), strict=True)
        }
        at = a
        while at in followers:
            at = followers.pop(at)
        assert at == b
        assert not followers


@given(segments)
def test_pieces_stay_within_a_few_bends_of_their_segment(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    a, b = columns(pairs)
    starts, ends, source = node_segments(a, b)

    whole = shapely.linestrings(np.stack((a, b), axis=1).astype(np.float64))
    for start, end, number in zip(starts, ends, source, strict=True):
        for point in (start, end):
            assert shapely.distance(whole[number], shapely.points(point.astype(float))) <= 3


@given(segments, st.tuples(grid_points, grid_points))
def test_a_fresh_segment_joins_noded_ones_as_if_all_were_fresh(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
    fresh: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    starts, ends, _ = node_segments(*columns(pairs))
    starts = np.concatenate((starts, columns([fresh])[0]))
    ends = np.concatenate((ends, columns([fresh])[1]))
    is_fresh = np.arange(len(starts)) == len(starts) - 1

    apart = node_segments(starts, ends, is_fresh)
    at_once = node_segments(starts, ends)

    assert_noded(apart[0], apart[1])
    assert sorted(np.concatenate(apart[:2], axis=1).tolist()) == sorted(
        np.concatenate(at_once[:2], axis=1).tolist()
    )


def test_segments_of_no_length_vanish() -> None:
    starts, _, source = node_segments(*columns([((1, 1), (1, 1)), ((0, 0), (5, 5))]))

    assert source.tolist() == [1]
    assert starts.tolist() == [[0, 0]]


def test_many_segments_are_noded_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    a, b = rng.integers(0, 300, (80, 2)), rng.integers(0, 300, (80, 2))
    few = node_segments(a, b)

    monkeypatch.setattr(box_join, "_FEW", 0)
    many = node_segments(a, b)

    assert sorted(np.concatenate(few[:2], axis=1).tolist()) == sorted(
        np.concatenate(many[:2], axis=1).tolist()
    )


def test_noding_that_does_not_settle_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noding, "_ROUNDS", 1)

    with pytest.raises(NodingError):
        node_segments(*columns([((0, 0), (9, 9)), ((0, 9), (9, 0))]))


def test_a_bent_segment_is_not_pulled_over_one_that_passes_the_same_pixel() -> None:
    # Both long segments pass the pixel of (49, 1) without touching it; only one of them is bent.
    fresh = ((76, -50), (76, 1))
    lower, upper = ((0, 0), (101, 2)), ((0, 0), (100, 2))
    starts, ends = columns([fresh, lower, upper, ((49, 1), (49, 40))])

    noded = node_segments(starts, ends, np.array([True, False, False, False]))

    assert_noded(noded[0], noded[1])
    through = [noded[2][i] for i, end in enumerate(noded[1].tolist()) if end == [49, 1]]
    assert through == [1, 2]


def test_a_segment_that_nothing_bends_stays_though_it_passes_a_pixel() -> None:
    fresh = ((10, -50), (10, -40))
    starts, ends = columns([fresh, ((0, 0), (101, 2)), ((49, 1), (49, 40))])

    noded = node_segments(starts, ends, np.array([True, False, False]))

    assert noded[2].tolist() == [0, 1, 2]
