from __future__ import annotations

from collections.abc import Collection

import pytest

from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.partition.claims import Claimants, Contest

ROOT, A, B, A1, A2, B1, A1X, LAKE, ROW = 1, 2, 3, 4, 5, 6, 7, 8, 9
PARENTS = {A: ROOT, B: ROOT, A1: A, A2: A, B1: B, A1X: A1}
RANK = {ROOT: 1, A: 3, B: 3, A1: 4, A2: 4, B1: 4, A1X: 5}


def claimants(
    outlined: Collection[int] = (), *, has_frame: bool = True, replaced: Collection[int] = ()
) -> Claimants:
    return Claimants(
        PARENTS,
        RANK,
        outlined,
        ROOT,
        has_frame,
        replaced,
        exempt={LAKE},
        disputes={ROW: frozenset({A1, A2})},
    )


@pytest.mark.parametrize(
    ("new", "old", "owner"),
    [
        ({A1}, A, A1),
        ({A, A1}, NOBODY, A1),
        ({A1X}, A1, A1X),
        ({A}, A1, A1),
        (set(), A1, A1),
        (set(), NOBODY, NOBODY),
        (set(), OUTSIDE, OUTSIDE),
        ({A1}, ROOT, A1),
        ({A1}, LAKE, LAKE),
    ],
)
def test_claims_of_one_chain_settle_a_face(new: set[int], old: int, owner: int) -> None:
    assert claimants().settle(frozenset(new), old) == owner


def test_claims_of_siblings_overlap() -> None:
    assert claimants().settle(frozenset({A2}), A1) == Contest("overlap", frozenset({A1, A2}))


def test_child_of_another_parent_overlaps_it() -> None:
    verdict = claimants().settle(frozenset({A, B1}), NOBODY)

    assert verdict == Contest("overhang", frozenset({A, B1}))


def test_cousins_overlap_with_all_that_are_in_the_way() -> None:
    verdict = claimants().settle(frozenset({A1, B1}), A)

    assert verdict == Contest("overlap", frozenset({A, A1, B1}))


def test_child_beyond_the_outline_of_its_parent_overhangs() -> None:
    verdict = claimants(outlined={A}).settle(frozenset({A1}), NOBODY)

    assert verdict == Contest("overhang", frozenset({A1}))


def test_child_of_a_parent_without_outline_brings_its_land_along() -> None:
    assert claimants().settle(frozenset({A1}), NOBODY) == A1


def test_land_beyond_the_frame_overhangs() -> None:
    verdict = claimants().settle(frozenset({A1}), OUTSIDE)

    assert verdict == Contest("overhang", frozenset({A1}))


def test_land_beyond_all_land_is_taken_without_a_frame() -> None:
    assert claimants(has_frame=False).settle(frozenset({A1}), OUTSIDE) == A1


def test_replaced_areas_lose_what_the_file_no_longer_says() -> None:
    rules = claimants(replaced={A1})

    assert rules.settle(frozenset({A2}), A1) == A2
    assert rules.settle(frozenset(), A1) == NOBODY
    assert claimants(replaced={A1}, has_frame=False).settle(frozenset(), A1) == OUTSIDE


def test_parents_with_an_outline_keep_what_replaced_children_lose() -> None:
    assert claimants(outlined={A}, replaced={A1}).settle(frozenset(), A1) == A
    assert claimants(outlined={ROOT}, replaced={ROOT}).settle(frozenset(), ROOT) == NOBODY


def test_disputed_land_beyond_the_frame_overhangs_when_one_claim_is_left() -> None:
    verdict = claimants(replaced={A2}).settle(frozenset({A1}), ROW, is_beyond=True)

    assert verdict == Contest("overhang", frozenset({A1}))


def test_disputed_land_stays_disputed_until_one_of_the_chain_claims_it_alone() -> None:
    dispute = Contest("overlap", frozenset({A1, A2}))

    assert claimants().settle(frozenset({A1}), ROW) == dispute
    assert claimants(replaced={A2}).settle(frozenset({A1}), ROW) == A1
