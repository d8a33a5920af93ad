from __future__ import annotations

from dataclasses import replace

import pytest

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import BorderLock
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.document import Document, Done
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import Give, InsertLine
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import MemoryStore, document_on, named, place
from tests.helpers.promises import check_same, hash_of


def refusal(document: Document, command: object) -> str:
    before = document.snapshot
    with pytest.raises(EditError) as refused:
        document.execute(command)  # type: ignore[arg-type]
    assert document.snapshot is before
    return refused.value.code


def with_lock(store: MemoryStore, scope: str, target: str) -> Document:
    lock = BorderLock("lock-1", scope, target, "已公告", "虚构用户", "2026-01-01")
    store.rows["border_lock"]["lock-1"] = lock
    return document_on(store)


def test_a_store_that_fails_leaves_everything_as_it_was(
    store: MemoryStore, document: Document
) -> None:
    document.execute(Give(place(3.5, 3.5), None))
    before = document.snapshot
    store.fails = True

    for act in (document.undo, lambda: document.execute(Give(place(3.5, 2.5), None))):
        with pytest.raises((OSError, EditError)):
            act()

    assert document.snapshot is before
    store.fails = False
    assert document.undo().revision == 2


def test_preview_stores_nothing(store: MemoryStore, document: Document) -> None:
    done = document.preview(Give(place(3.5, 3.5), None))

    assert done.after.revision == 1
    assert (document.snapshot.revision, store.changes) == (0, [])


def test_undo_and_redo_raise_the_revision_and_give_the_same_partition(
    store: MemoryStore, document: Document
) -> None:
    first = hash_of(document.snapshot)
    document.execute(InsertLine([place(0.5, -1), place(0.5, 2)], "new", "keep"))
    second = hash_of(document.snapshot)

    undone, redone = document.undo(), document.redo()

    assert (undone.revision, redone.revision) == (2, 3)
    assert (hash_of(undone.after), hash_of(redone.after)) == (first, second)
    check_same(document.snapshot, store.snapshot())


def test_undo_goes_on_after_reopening(store: MemoryStore, document: Document) -> None:
    first = hash_of(document.snapshot)
    document.execute(Move(place(1, 1), place(1.2, 1)))
    document.execute(Delete(named(document.snapshot, "A2-1").uid))
    document.execute(SetField(named(document.snapshot, "B1").uid, "code", "X1"))
    document.undo()

    again = document_on(store)
    assert again.can_redo
    again.undo()
    again.undo()

    assert not again.can_undo
    assert hash_of(again.snapshot) == first
    check_same(again.snapshot, store.snapshot())


def test_undo_behind_the_first_state_is_refused(document: Document) -> None:
    with pytest.raises(EditError, match=r"edit\.nothing_to_undo"):
        document.undo()
    with pytest.raises(EditError, match=r"edit\.nothing_to_redo"):
        document.redo()


def test_a_new_edit_forgets_what_could_be_redone(document: Document) -> None:
    document.execute(Give(place(3.5, 3.5), None))
    document.undo()
    document.execute(Move(place(1, 1), place(1.2, 1)))

    assert not document.can_redo


def test_listeners_hear_of_edits_undo_and_redo(document: Document) -> None:
    heard: list[str] = []
    document.on_change(lambda done: heard.append(done.change.kind))

    document.execute(Give(place(3.5, 3.5), None))
    document.undo()
    document.redo()

    assert heard == ["give", "undo", "redo"]
    assert [entry.kind for entry in document.history()] == ["redo", "undo", "give"]


def test_typed_households_go_stale_when_the_border_moves(document: Document) -> None:
    document.execute(Move(place(4, 1), place(4.2, 1)))

    stale = {a.name for a in document.snapshot.areas() if a.is_stale}
    assert stale == {"虚构A2", "虚构B1"}


def test_typed_households_stay_when_a_border_only_gets_a_node(document: Document) -> None:
    document.execute(InsertLine([place(4, 0.4), place(5, 0.4)], "new", "keep"))

    stale = {a.name for a in document.snapshot.areas() if a.is_stale}
    assert stale == {"虚构B1"}


def test_typed_households_are_fresh_again_when_typed_again(document: Document) -> None:
    document.execute(Move(place(4, 1), place(4.2, 1)))
    document.execute(SetField(named(document.snapshot, "B1").uid, "households", 410))

    assert not named(document.snapshot, "B1").is_stale
    document.undo()
    assert named(document.snapshot, "B1").is_stale


def test_an_area_with_its_first_land_is_drawn_and_again_listed_after_undo(
    document: Document,
) -> None:
    parent = named(document.snapshot, "B4").uid
    document.execute(Create("micro_grid", parent, "甲"))
    (child,) = document.snapshot.child_uids(parent)

    document.execute(Give(place(6.5, 3.5), child))
    assert document.snapshot.area(child).land == "drawn"

    document.undo()
    assert document.snapshot.area(child).land == "listed"


def test_locked_border_refuses_a_move(store: MemoryStore, document: Document) -> None:
    locked = with_lock(store, "border", _long_border(document))

    assert refusal(locked, Move(place(4, 1), place(4.2, 1))) == "edit.locked"


def _long_border(document: Document) -> str:
    return border_at(document, *place(4, 1))


def border_at(document: Document, x: float, y: float) -> str:
    from gridadmin.edit.command import kernel_point
    from gridadmin.partition.moves import borders_at

    point = kernel_point(document.snapshot, (x, y))
    a2, b1 = (oid_of(named(document.snapshot, key).uid) for key in ("A2-2", "B1"))
    (found,) = [
        b for b in borders_at(document.snapshot.partition, point) if {b.left, b.right} == {a2, b1}
    ]
    return str(found.id)


def test_locked_border_stays_locked_where_a_line_cuts_it(
    store: MemoryStore, document: Document
) -> None:
    locked = with_lock(store, "border", _long_border(document))

    locked.execute(InsertLine([place(4, 0.4), place(5, 0.4)], "new", "keep"))

    assert len(locked.snapshot.rows("border_lock")) == 2
    assert refusal(locked, Move(place(4, 0.4), place(4.1, 0.4))) == "edit.locked"
    locked.undo()
    assert len(locked.snapshot.rows("border_lock")) == 1


def test_locked_area_refuses_whatever_moves_its_outline(
    store: MemoryStore, document: Document
) -> None:
    target = named(document.snapshot, "A2").uid
    locked = with_lock(store, "area", target)

    assert refusal(locked, Move(place(4, 1), place(4.2, 1))) == "edit.locked"
    give = Give(place(3.5, 0.5), named(document.snapshot, "A1-1").uid)
    assert refusal(locked, give) in {"edit.locked", "edit.area_vanishes"}


def test_locked_area_lets_its_inside_be_redrawn(store: MemoryStore, document: Document) -> None:
    locked = with_lock(store, "area", named(document.snapshot, "A2").uid)

    locked.execute(Move(place(3, 1), place(3.2, 1)))
    locked.execute(InsertLine([place(2, 0.4), place(3.1, 0.4)], "new", "keep"))

    assert locked.snapshot.revision == 2


def test_lock_of_the_frame_lets_lines_end_on_it(document: Document) -> None:
    document.execute(InsertLine([place(0.5, -1), place(0.5, 1)], "new", "keep"))

    assert document.snapshot.revision == 1


def test_large_overlay_is_folded_away_without_a_difference(
    document: Document, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridadmin.edit.document._LARGE_OVERLAY", 3)
    heard: list[Done] = []
    document.on_change(heard.append)

    document.execute(InsertLine([place(0.5, -1), place(0.5, 2)], "new", "keep"))

    assert document.snapshot.partition.overlay_size() == 0
    assert len(heard) == 1
    check_same(document.snapshot, store.snapshot())


def test_area_hung_on_another_parent_takes_its_land_along(store: MemoryStore) -> None:
    document = document_on(store)
    area = named(document.snapshot, "A2-2")
    parent = named(document.snapshot, "A1")

    document.execute(Rehang(area.uid, parent.uid))

    after = document.snapshot
    assert after.land_twice_mm2(parent.uid) == 2 * 5 * 100_000_000
    assert after.area(parent.uid).is_stale
    assert not after.area(named(after, "A").uid).is_stale
    check_same(after, store.snapshot())
    document.undo()
    check_same(document.snapshot, store.snapshot())


class Rehang:
    """A command of the kind that later parts of the program bring."""

    may_move_frame = False

    def __init__(self, area: str, parent: str) -> None:
        self.area, self.parent = area, parent

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        draft = Draft(snapshot)
        area = draft.now("area", self.area)
        draft.put("area", replace(area, parent=self.parent))
        return draft.change("rehang")


def test_undo_and_redo_tell_when_they_may_take_long(store: MemoryStore, document: Document) -> None:
    nothing = (document.is_undo_long, document.is_redo_long)
    document.execute(SetField(document.snapshot.root.uid, "name", "甲"))
    fresh = document.is_undo_long
    reopened = document_on(store)
    from_the_log = reopened.is_undo_long
    reopened.undo()

    assert nothing == (False, False)
    assert not fresh
    assert from_the_log
    assert reopened.is_redo_long


def test_who_stops_listening_hears_nothing_more(document: Document) -> None:
    heard: list[Done] = []
    document.on_change(heard.append)

    document.forget_listeners()
    document.execute(SetField(document.snapshot.root.uid, "name", "甲"))

    assert heard == []
