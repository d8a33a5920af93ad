"""The four promises of the partition, for any sequence of edits on clean, dirty and crowded maps.

``GRIDADMIN_STEPS`` (a number of edits, a few hundred or thousands) makes the runs as long as
wished.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition.audit import audit, partition_sha256
from gridadmin.partition.border import points_of
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderChange
from gridadmin.partition.walk import land_parts
from tests.helpers.maps import chessboard, crowded, dirty
from tests.helpers.random_edits import RandomEdits

STEPS = int(os.environ.get("GRIDADMIN_STEPS", "0"))

MAPS: dict[str, tuple[Callable[[int], Partition], int]] = {
    "clean": (lambda _: chessboard(8, 8, 40), 320),
    "dirty": (dirty, 600),
    "small crowded": (lambda seed: crowded(seed, 10, 10), 400),
    "crowded": (crowded, 800),
}


def digest(partition: Partition) -> str:
    return partition_sha256(partition, str, (0, 0))


def rows(partition: Partition) -> dict[int, BorderRow]:
    return {border.id: border for border in partition}


def undone(changes: list[BorderChange]) -> list[BorderChange]:
    return [(after, before) for before, after in changes]


def frame_bend_twice_mm2(changes: list[BorderChange]) -> float:
    """Return twice the most that bends of the frame can add or take, 0 when the frame stayed."""
    old = [b for b, _ in changes if b is not None and OUTSIDE in (b.left, b.right)]
    new = [b for _, b in changes if b is not None and OUTSIDE in (b.left, b.right)]

    def segments(borders: list[BorderRow]) -> set[tuple[tuple[int, int], ...]]:
        found: set[tuple[tuple[int, int], ...]] = set()
        for border in borders:
            points = [(int(x), int(y)) for x, y in points_of(border).tolist()]
            found.update(tuple(sorted(pair)) for pair in pairwise(points))
        return found

    bent = segments(old) - segments(new)
    return sum(2 * float(np.hypot(b[0] - a[0], b[1] - a[1])) * 0.71 for a, b in bent)


def assert_kept(before: Partition, changes: list[BorderChange], after: Partition) -> None:
    """Assert the promises that one edit can break: a sound graph and the land."""
    proof = audit(after)
    assert proof.problems == ()
    drift = abs(before.own_twice_area(OUTSIDE) - after.own_twice_area(OUTSIDE))
    assert drift <= frame_bend_twice_mm2(changes)
    assert sum(proof.twice_area.values()) == -after.own_twice_area(OUTSIDE)


def assert_parents_are_sums(partition: Partition) -> None:
    """Assert that a parent's land is its children's, no more and no less."""
    below: dict[int, int] = {}
    for child, parent in partition.parents.items():
        below[parent] = below.get(parent, 0) + partition.own_twice_area(child)
    for parent, twice in below.items():
        assert sum(part.twice_area() for part in land_parts(partition, parent)) == twice


class Editing(RuleBasedStateMachine):
    """Edits, undo and redo in any order."""

    @initialize(kind=st.sampled_from(["clean", "dirty", "small crowded"]), seed=st.integers(0, 9))
    def open(self, kind: str, seed: int) -> None:
        make, self.reach = MAPS[kind]
        self.states = [make(seed)]
        self.done: list[list[BorderChange]] = []
        self.future: list[list[BorderChange]] = []
        self.count = 0

    @rule(seed=st.integers(0, 1 << 20))
    def edit(self, seed: int) -> None:
        self.count += 1
        edits = RandomEdits(random.Random(seed), self.reach, f"g{self.count}/")
        before = self.states[-1]
        rows_before = rows(before)
        try:
            changes = edits.next(before)
        except EditError:
            assert rows(before) == rows_before
            return
        after = before.applied(changes, before.parents)
        assert_kept(before, changes, after)
        self.states.append(after)
        self.done.append(changes)
        self.future.clear()

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        changes = self.done.pop()
        former = self.states.pop()
        back = former.applied(undone(changes), former.parents)
        assert rows(back) == rows(self.states[-1])
        self.states[-1] = back
        self.future.append(changes)

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        changes = self.future.pop()
        again = self.states[-1].applied(changes, self.states[-1].parents)
        assert audit(again).problems == ()
        self.states.append(again)
        self.done.append(changes)

    def teardown(self) -> None:
        if not hasattr(self, "states"):
            return
        first, now = digest(self.states[0]), self.states[-1]
        for changes in reversed(self.done):
            now = now.applied(undone(changes), now.parents)
        assert digest(now) == first
        assert_parents_are_sums(self.states[-1])


def test_edits_undo_and_redo_keep_the_promises_in_any_order() -> None:
    run_state_machine_as_test(
        Editing,
        settings=settings(
            max_examples=max(20, STEPS // 20),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(
    ("kind", "seed", "steps"),
    [
        ("clean", 1, 60),
        ("dirty", 2, 60),
        ("dirty", 3, 60),
        ("small crowded", 4, 150),
        ("crowded", 5, 100),
    ],
)
def test_a_long_run_of_edits_keeps_the_promises(kind: str, seed: int, steps: int) -> None:
    make, reach = MAPS[kind]
    partition = first = make(seed)
    edits = RandomEdits(random.Random(seed), reach, f"{kind}{seed}/")
    done: list[list[BorderChange]] = []

    for _ in range(STEPS or steps):
        try:
            changes = edits.next(partition)
        except EditError:
            continue
        after = partition.applied(changes, partition.parents)
        assert_kept(partition, changes, after)
        done.append(changes)
        partition = after

    last = digest(partition)
    assert len(done) > (STEPS or steps) // 4
    assert_parents_are_sums(partition)
    for changes in reversed(done):
        partition = partition.applied(undone(changes), partition.parents)
    assert rows(partition) == rows(first)
    assert digest(partition) == digest(first)
    for changes in done:
        partition = partition.applied(changes, partition.parents)
    assert digest(partition) == last


def test_land_left_to_nobody_shows_as_nobodys() -> None:
    partition = crowded(1, 6, 6)
    edits = RandomEdits(random.Random(1), 240)
    given = 0
    for _ in range(200):
        try:
            changes = edits.next(partition)
        except EditError:
            continue
        partition = partition.applied(changes, partition.parents)
        given += any(b is not None and NOBODY in (b.left, b.right) for _, b in changes)

    assert given > 0
    assert audit(partition).twice_area.get(NOBODY, 0) == partition.own_twice_area(NOBODY)
