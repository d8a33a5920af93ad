"""Borders go, labelled edges come: ids, dissolving, growing together, composing changes."""

from __future__ import annotations

import numpy as np
import pytest

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition import surrounding
from gridadmin.partition.audit import audit
from gridadmin.partition.border import points_of
from gridadmin.partition.cuts import insert_line
from gridadmin.partition.faces import faces_of
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import (
    BorderChange,
    BorderIds,
    composed,
    edges_of_borders,
    relabelled,
    rewire,
)
from tests.helpers.maps import chessboard, crowded


def given(partition: Partition, owner: int, to: int) -> list[BorderChange]:
    owner_of = {h.key: to for face in faces_of(partition, owner) for h in face.halves()}
    return relabelled(partition, owner_of, BorderIds("given"))


def applied(partition: Partition, changes: list[BorderChange]) -> Partition:
    after = partition.applied(changes, partition.parents)
    assert audit(after).problems == ()
    return after


def test_ids_of_a_gesture_are_the_same_each_time_and_differ_from_another() -> None:
    first, again, other = BorderIds("a"), BorderIds("a"), BorderIds("b")

    numbers = [first.next(), first.next()]

    assert numbers == [again.next(), again.next()]
    assert len({*numbers, other.next()}) == 3


def test_a_new_owner_keeps_ids_and_points() -> None:
    partition = chessboard(3, 3)

    changes = given(partition, 5, 77)

    assert len(changes) == 4
    assert all(a is not None and b is not None and a.id == b.id for a, b in changes)
    assert all(a.points == b.points for a, b in changes if a and b)


def test_an_area_given_to_its_neighbour_dissolves_the_border_between() -> None:
    partition = chessboard(2, 1)

    after = applied(partition, given(partition, 1, 2))

    (ring,) = list(after)
    assert points_of(ring)[0].tolist() == [0, 0]
    assert after.own_twice_area(2) == 40000
    assert not after.has_land(1)


def test_borders_that_grow_together_keep_the_id_of_the_longest() -> None:
    partition = chessboard(3, 1)
    longest = {b.id for b in partition if len(b.points) == 4 * 16}

    after = applied(partition, given(partition, 2, 1))

    kept = {b.id for b in after}
    assert kept <= {b.id for b in partition}
    assert longest <= kept


def test_chains_of_several_borders_grow_together_at_once() -> None:
    partition = chessboard(4, 4)
    owner_of = {
        half.key: 6
        for owner in (7, 10, 11)
        for face in faces_of(partition, owner)
        for half in face.halves()
    }

    after = applied(partition, relabelled(partition, owner_of, BorderIds("all")))

    assert after.own_twice_area(6) == 4 * 20000
    assert len(after.beside(6)) == 8


def test_land_given_to_all_around_leaves_no_border() -> None:
    partition = chessboard(3, 3)
    for owner in range(2, 10):
        partition = applied(partition, given(partition, owner, 1))

    (frame,) = list(partition)
    assert {frame.left, frame.right} == {1, OUTSIDE}


def test_giving_what_is_held_already_changes_nothing() -> None:
    assert given(chessboard(2, 2), 1, 1) == []


def test_borders_put_back_as_they_were_are_no_change() -> None:
    partition = chessboard(2, 2)
    some = partition.beside(1)

    assert rewire(partition, some, edges_of_borders(some), BorderIds("same")) == []


def test_borders_replaced_by_nothing_are_taken_away_with_their_ends() -> None:
    partition = chessboard(2, 1)
    between = [b for b in partition if {b.left, b.right} == {1, 2}]

    changes = rewire(partition, between, edges_of_borders([]), BorderIds("none"))

    assert (between[0], None) in changes
    assert len(partition.applied(changes, {})) == 1


def test_composed_changes_do_what_both_do() -> None:
    partition = crowded(3, 6, 6)
    first = given(partition, 8, 9)
    middle = partition.applied(first, partition.parents)
    second = given(middle, 9, 10)

    both = composed(first, second)

    def rows(partition: Partition) -> dict[int, BorderRow]:
        return {b.id: b for b in partition}

    assert rows(partition.applied(both, partition.parents)) == rows(
        middle.applied(second, partition.parents)
    )


def test_a_change_and_its_inverse_compose_to_nothing() -> None:
    partition = chessboard(2, 2)
    there = given(partition, 1, 50)

    assert composed(there, [(after, before) for before, after in there]) == []


def test_a_line_keeps_the_ids_of_borders_that_it_cuts() -> None:
    partition = chessboard(1, 1)
    line = np.array([(-10, 50), (110, 50)], dtype=np.int64)

    changes = insert_line(
        partition,
        line,
        lambda owner, side: 2 if side == "left" else owner,
        BorderIds("line"),
        spare_outside=True,
    )

    assert sum(before is None for before, _ in changes) == 2
    assert [before.id for before, _ in changes if before is not None] == [1]


def test_each_owner_and_side_is_asked_once() -> None:
    partition = chessboard(2, 1)
    asked: list[tuple[int, str]] = []

    def decide(owner: int, side: str) -> int:
        asked.append((owner, side))
        return 9 if side == "left" else owner

    zigzag = [(-10, 50), (50, 110), (80, -10), (150, 110), (210, 50)]
    insert_line(
        partition, np.array(zigzag, dtype=np.int64), decide, BorderIds("z"), spare_outside=True
    )

    assert sorted(asked) == [(1, "left"), (1, "right"), (2, "left"), (2, "right")]


def test_what_decide_refuses_is_refused() -> None:
    def decide(_owner: int, _side: str) -> int:
        raise EditError("edit.locked")

    with pytest.raises(EditError, match=r"edit\.locked"):
        insert_line(
            chessboard(1, 1),
            np.array([(-10, 50), (110, 50)], dtype=np.int64),
            decide,
            BorderIds("no"),
            spare_outside=True,
        )


def test_a_line_around_the_frame_may_claim_land_beyond_it() -> None:
    partition = chessboard(1, 1)
    line = np.array([(100, 20), (150, 50), (100, 80)], dtype=np.int64)

    changes = insert_line(
        partition, line, lambda _owner, _side: 2, BorderIds("out"), spare_outside=False
    )

    after = applied(partition, changes)
    assert after.own_twice_area(2) == 60 * 50
    assert after.own_twice_area(1) == 20000


def test_a_loop_in_the_open_is_an_area_of_its_own() -> None:
    partition = chessboard(1, 1)
    ring = np.array([(200, 20), (250, 20), (250, 60), (200, 20)], dtype=np.int64)

    changes = insert_line(
        partition,
        ring,
        lambda _, side: 2 if side == "left" else OUTSIDE,
        BorderIds("far"),
        spare_outside=False,
    )

    assert applied(partition, changes).own_twice_area(2) == 2000


def test_many_borders_near_a_line_are_sifted_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    partition = crowded(9, 8, 8)
    line = np.array([(-10, 100), (150, 160), (330, 90)], dtype=np.int64)

    def cut() -> list[BorderChange]:
        return insert_line(
            partition,
            line,
            lambda owner, side: 900 if side == "left" else owner,
            BorderIds("few"),
            spare_outside=True,
        )

    few = cut()
    monkeypatch.setattr(surrounding, "_MANY_PAIRS", 0)

    assert cut() == few
