"""A long command is worked out and stored in a worker, while memory follows where it is used."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gridadmin.app.creation import new_project
from gridadmin.app.session import Session
from gridadmin.base.errors import Cancelled, EditError, StoreError
from gridadmin.base.progress import Silent
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.document import Document, Done
from gridadmin.edit.land_commands import Give
from gridadmin.edit.vertex_commands import Move
from tests.helpers.projects import MemoryStore, named, place
from tests.helpers.promises import check_same

GIVE = Give(place(3.5, 3.5), None)


@pytest.fixture
def session(chinese_dir: Path) -> Iterator[Session]:
    path = chinese_dir / "项目.gpkg"
    new_project(path, "default", name="虚构区")
    with Session.open(path, write=True) as opened:
        yield opened


class Gate(Silent):
    """A progress that stops the work at its first step until somebody opens."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def step(self, what: str, done: int, total: int) -> None:
        self.reached.set()
        assert self.opened.wait(20)


class Stopped(Silent):
    def is_cancelled(self) -> bool:
        return True


def root(session: Session) -> Area:
    return session.snapshot.root


def code(act: Callable[[], object]) -> str:
    with pytest.raises(EditError) as refused:
        act()
    return refused.value.code


def test_preparing_moves_nothing(store: MemoryStore, document: Document) -> None:
    before = document.snapshot

    prepared = document.prepare(GIVE)

    assert prepared.done.after.revision == 1
    assert document.snapshot is before
    assert (store.changes, document.can_undo) == ([], False)


def test_memory_follows_only_when_what_is_stored_is_adopted(
    store: MemoryStore, document: Document
) -> None:
    heard: list[Done] = []
    document.on_change(heard.append)
    before = document.snapshot
    prepared = document.prepare(GIVE)

    document.store_prepared(prepared)
    assert (len(store.changes), document.snapshot is before, heard) == (1, True, [])

    done = document.adopt(prepared)
    assert heard == [done]
    assert document.can_undo
    check_same(document.snapshot, store.snapshot())


def test_undo_and_redo_go_in_two_steps_too(store: MemoryStore, document: Document) -> None:
    document.execute(GIVE)

    for prepare in (document.prepare_undo, document.prepare_redo):
        prepared = prepare()
        document.store_prepared(prepared)
        document.adopt(prepared)
        check_same(document.snapshot, store.snapshot())

    assert (document.can_undo, document.can_redo) == (True, False)


def test_what_was_prepared_for_another_state_is_not_stored(
    store: MemoryStore, document: Document
) -> None:
    prepared = document.prepare(GIVE)
    document.execute(Move(place(1, 1), place(1.2, 1)))
    before = document.snapshot

    assert code(lambda: document.store_prepared(prepared)) == "edit.meanwhile"
    assert document.snapshot is before
    assert len(store.changes) == 1


def test_what_was_not_stored_is_not_adopted(document: Document) -> None:
    prepared = document.prepare(GIVE)

    with pytest.raises(ValueError, match="not stored"):
        document.adopt(prepared)


def test_until_the_stored_change_is_adopted_all_others_are_refused(document: Document) -> None:
    document.execute(Move(place(1, 1), place(1.2, 1)))
    document.undo()
    prepared = document.prepare(GIVE)
    other = document.prepare(Move(place(1, 1), place(1.3, 1)))
    document.store_prepared(prepared)

    acts = (
        lambda: document.execute(GIVE),
        document.undo,
        document.redo,
        lambda: document.store_prepared(other),
    )
    assert [code(act) for act in acts] == ["edit.busy"] * 4
    assert document.preview(Move(place(1, 1), place(1.2, 1))).revision == 3

    document.adopt(prepared)
    assert document.undo().revision == 4


def test_a_store_that_fails_leaves_the_document_free(
    store: MemoryStore, document: Document
) -> None:
    prepared = document.prepare(GIVE)
    store.fails = True
    with pytest.raises(OSError, match="full"):
        document.store_prepared(prepared)
    store.fails = False

    assert not document.is_busy
    document.store_prepared(prepared)
    assert document.adopt(prepared).revision == 1


def test_a_listener_may_edit_at_once(document: Document) -> None:
    def follow(done: Done) -> None:
        if done.revision == 1:
            document.execute(Move(place(1, 1), place(1.2, 1)))

    document.on_change(follow)
    document.execute(GIVE)

    assert document.snapshot.revision == 2


def test_a_worker_stores_while_others_are_refused_and_nobody_waits(session: Session) -> None:
    document, gate = session.document, Gate()
    prepared = document.prepare(Create("street", root(session).uid, "虚构街道"))
    rename = SetField(root(session).uid, "name", "甲")
    with ThreadPoolExecutor(1) as worker:
        storing = worker.submit(document.store_prepared, prepared, gate)
        assert gate.reached.wait(20)

        assert code(lambda: document.execute(rename)) == "edit.busy"
        assert code(document.undo) == "edit.busy"
        assert document.undo_entry() is None
        gate.opened.set()
        storing.result(20)

    document.adopt(prepared)
    document.execute(rename)
    with Session.open(session.store.path, write=False) as again:
        assert again.snapshot.revision == 2
        assert {area.name for area in again.snapshot.areas()} == {"甲", "虚构街道"}


def test_a_cancelled_store_keeps_nothing(session: Session) -> None:
    document, before = session.document, session.snapshot
    prepared = document.prepare(SetField(root(session).uid, "name", "甲"))

    with pytest.raises(Cancelled):
        document.store_prepared(prepared, Stopped())

    assert document.snapshot is before
    with Session.open(session.store.path, write=False) as again:
        assert again.snapshot.revision == 0
    assert document.execute(SetField(root(session).uid, "name", "乙")).revision == 1


def test_cancelling_while_it_is_worked_out_stops_it(document: Document) -> None:
    with pytest.raises(Cancelled):
        document.prepare(GIVE, Stopped())


def test_a_file_that_refuses_leaves_the_document_free(session: Session) -> None:
    prepared = session.document.prepare(SetField(root(session).uid, "name", "甲"))
    with Session.open(session.store.path, write=False) as reader:
        again = reader.document.prepare(SetField(root(session).uid, "name", "甲"))
        with pytest.raises(StoreError):
            reader.document.store_prepared(again)
        assert not reader.document.is_busy

    session.document.store_prepared(prepared)
    session.document.adopt(prepared)


def test_the_entries_of_what_undo_and_redo_would_take_are_known(session: Session) -> None:
    document, uid = session.document, root(session).uid
    assert (document.undo_entry(), document.redo_entry()) == (None, None)
    document.execute(SetField(uid, "name", "甲"))
    document.execute(Create("street", uid, "虚构街道"))

    document.undo()
    undo, redo = document.undo_entry(), document.redo_entry()

    assert undo is not None
    assert redo is not None
    assert [(e.kind, e.revision) for e in (undo, redo)] == [("set", 1), ("create", 2)]
    with_history = document.history()[0]
    assert (with_history.kind, with_history.undid) == ("undo", 2)


def test_undo_of_recent_gestures_asks_nothing_of_the_log(
    store: MemoryStore, document: Document
) -> None:
    document.execute(Move(place(1, 1), place(1.2, 1)))
    document.execute(GIVE)
    # A log that can't be read any more.
    store.change_at = None  # type: ignore[assignment]

    document.undo()
    document.undo()
    document.redo()

    assert document.snapshot.revision == 5
    check_same(document.snapshot, store.snapshot())


def test_undo_reaches_behind_the_gestures_at_hand(
    store: MemoryStore, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridadmin.edit.document._RECENT_CHANGES", 2)
    uid = named(document.snapshot, "B1").uid
    for name in ("甲", "乙", "丙", "丁"):
        document.execute(SetField(uid, "name", name))
    assert len(document._recent) == 2

    while document.can_undo:
        document.undo()

    assert document.snapshot.area(uid).name == "虚构B1"
    check_same(document.snapshot, store.snapshot())
