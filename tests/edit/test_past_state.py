"""Earlier states out of the log, and many gestures taken back at once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridadmin.base.errors import Cancelled, EditError
from gridadmin.domain.change import TABLES
from gridadmin.domain.model import BorderRow
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from gridadmin.edit.lock_commands import Lock, LockTarget
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.past_state import past_state
from gridadmin.edit.plan_commands import ApprovePlan, CheckPlan, OpenPlan
from gridadmin.edit.plan_locks import locking_plan
from gridadmin.edit.shifts import Shifts
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.border import points_of
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.plans import allowing_all
from tests.helpers.projects import MemoryStore, document_on, named, place, small_town
from tests.helpers.promises import RandomCommands, check_same, hash_of

MOVES = [Move(place(1, 1), place(1.1, 1)), Move(place(1.1, 1), place(1.2, 1))]


class Stopped:
    """Progress that somebody cancelled."""

    def step(self, what: str, done: int, total: int) -> None:
        """Ignore the report."""

    def is_cancelled(self) -> bool:
        """Return that it was cancelled."""
        return True


def facts(snapshot: Snapshot) -> object:
    """Return what makes a state, without the revisions of rows."""
    return hash_of(snapshot), [
        {uid: replace(row, revision=0) for uid, row in snapshot.rows(table).items()}
        for table in TABLES
        if table != "border"
    ]


def test_an_earlier_state_comes_out_of_the_log(document: Document) -> None:
    first = document.snapshot
    for move in MOVES:
        document.execute(move)
    document.execute(SetField(named(first, "B1").uid, "name", "改名"))
    document.undo()

    past = document.past(0)

    assert facts(past.snapshot) == facts(first)
    assert past.snapshot.revision == 0
    assert {row.table for row in past.since.rows} == {"border"}
    assert facts(past.snapshot.applied(past.since, 4)) == facts(document.snapshot)


def test_what_came_and_went_is_no_difference(document: Document) -> None:
    document.execute(MOVES[0])
    document.undo()

    assert document.past(0).since.rows == ()


def test_a_revision_that_never_was_is_refused(document: Document) -> None:
    with pytest.raises(EditError) as refusal:
        document.past(1)

    assert refusal.value.code == "edit.no_such_revision"


def test_reading_the_log_can_be_cancelled(store: MemoryStore, document: Document) -> None:
    document.execute(MOVES[0])

    with pytest.raises(Cancelled):
        past_state(document.snapshot, 0, store.change_at, Stopped())


def test_several_gestures_are_taken_back_at_once_and_repeated_one_by_one(
    store: MemoryStore, document: Document
) -> None:
    states = [hash_of(document.snapshot)]
    merge: Command = Merge([named(document.snapshot, key).uid for key in ("A1", "A2")])
    states += [hash_of(document.execute(command).after) for command in (*MOVES, merge)]
    assert document.gestures_after(1) == 2

    done = document.undo_to(1)

    assert (done.revision, done.change.kind, done.change.undid) == (4, "undo_to", 2)
    assert hash_of(document.snapshot) == states[1]
    check_same(document.snapshot, store.snapshot())
    again = document_on(store)
    for each in (document, again):
        assert each.gestures_after(1) == 0
        assert each.gestures_after(2) is None
        assert each.can_redo
    again.redo()
    assert hash_of(again.snapshot) == states[2]
    again.redo()
    assert hash_of(again.snapshot) == states[3]
    assert not again.can_redo
    again.undo()
    assert hash_of(again.snapshot) == states[2]
    check_same(again.snapshot, store.snapshot())


@pytest.mark.parametrize(("to", "code"), [(9, "edit.not_standing"), (2, "edit.nothing_to_undo")])
def test_going_back_to_nowhere_is_refused(document: Document, to: int, code: str) -> None:
    for move in MOVES:
        document.execute(move)

    with pytest.raises(EditError) as refusal:
        document.undo_to(to)

    assert refusal.value.code == code


def test_a_gesture_that_was_undone_is_no_place_to_go_back_to(document: Document) -> None:
    document.execute(MOVES[0])
    document.undo()
    document.execute(SetField(named(document.snapshot, "B1").uid, "name", "改名"))

    assert document.gestures_after(1) is None
    assert document.gestures_after(2) is None
    assert document.gestures_after(3) == 0


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=6, deadline=None, derandomize=True)
def test_every_earlier_state_comes_back_under_random_edits(seed: int) -> None:
    chance = random.Random(seed)
    store = small_town()
    document = document_on(store)
    commands = RandomCommands(chance)
    states = [facts(document.snapshot)]
    for _ in range(40):
        try:
            if chance.random() < 0.15:
                document.undo()
            elif chance.random() < 0.1:
                document.undo_to(chance.randint(0, len(states)))
            else:
                document.execute(commands.next(document.snapshot))
        except EditError:
            continue
        states.append(facts(document.snapshot))

    for revision in chance.sample(range(len(states)), min(len(states), 5)):
        assert facts(document.past(revision).snapshot) == states[revision]


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=6, deadline=None, derandomize=True)
def test_locks_hold_under_random_edits(seed: int) -> None:
    document = document_on(small_town())
    commands = RandomCommands(random.Random(seed))
    allowed = allowing_all(document.snapshot)
    document.execute(Lock(LockTarget(border=place(1, 0.5)), "已公告"))
    for command in (OpenPlan("甲"), CheckPlan(allowed), ApprovePlan("虚构〔2026〕5号")):
        document.execute(command)
    refusals = 0
    for _ in range(60):
        before = document.snapshot
        try:
            done = document.execute(commands.next(before))
        except EditError as refusal:
            refusals += refusal.code in {"edit.locked", "edit.borders_approved"}
            continue
        if locking_plan(before) is not None:
            shifts = Shifts(before, done.after, done.change)
            assert shifts.moved_exactly() == frozenset()
        if done.change.kind != "unlock":
            assert locked_vertices(before) <= vertices(done.after)
    assert refusals > 0


def locked_vertices(snapshot: Snapshot) -> set[tuple[int, int]]:
    locks = snapshot.rows("border_lock").values()
    numbers = [int(lock.target) for lock in locks if lock.scope == "border"]
    return vertices(snapshot, [snapshot.partition.border(number) for number in numbers])


def vertices(
    snapshot: Snapshot, borders: Sequence[BorderRow] | None = None
) -> set[tuple[int, int]]:
    chosen = list(snapshot.partition) if borders is None else borders
    return {(int(x), int(y)) for border in chosen for x, y in points_of(border).tolist()}
