"""What the change log says: which gestures stand, what each touched."""

from __future__ import annotations

import pytest

from gridadmin.app.history_facts import (
    TouchLog,
    box_of_change,
    gist_of,
    standing_of,
    touched_areas,
)
from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import Silent
from gridadmin.domain.change import Change, LogEntry
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.land_commands import Give
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.reparent_commands import Reparent
from tests.helpers.projects import document_on, named, place, small_town


def entry(
    revision: int, kind: str = "set", *, undid: int | None = None, redid: int | None = None
) -> LogEntry:
    return LogEntry(
        revision, f"g{revision}", kind, "虚构", "2026-01-05T08:00:00+00:00", "", undid, redid
    )


def test_an_undone_gesture_is_undone_until_it_is_repeated() -> None:
    log = [entry(1), entry(2), entry(3, undid=2)]
    assert standing_of(log[::-1]).undone == {2}

    log.append(entry(4, redid=2))
    assert standing_of(log[::-1]).undone == frozenset()

    log.append(entry(5, undid=2))
    assert standing_of(log[::-1]).undone == {2}


def test_undo_may_name_the_repetition_of_a_gesture() -> None:
    log = [entry(1), entry(2, undid=1), entry(3, redid=1), entry(4, undid=3)]

    standing = standing_of(log[::-1])

    assert standing.undone == {1}
    assert standing.gesture_of == {2: 1, 3: 1, 4: 1}


def test_a_new_gesture_leaves_undone_ones_undone() -> None:
    log = [entry(1), entry(2, undid=1), entry(3)]

    assert standing_of(log[::-1]).undone == {1}


def test_an_undo_of_a_gesture_beyond_the_page_is_known_by_its_number() -> None:
    assert standing_of([entry(9, undid=4)]).gesture_of == {9: 4}


def test_a_change_touches_rows_and_the_areas_beside_its_borders() -> None:
    document = document_on(small_town())
    before = document.snapshot
    gap = Give(place(7.5, 2.5), named(before, "B4").uid)

    done = document.execute(gap)

    assert touched_areas(done.after, done.change) >= {
        named(before, "B4").uid,
        named(before, "B2").uid,
    }
    assert named(before, "A1").uid not in touched_areas(done.after, done.change)
    assert box_of_change(done.change) == (60.0, 20.0, 80.0, 40.0)


def test_a_change_of_a_name_moves_no_border() -> None:
    document = document_on(small_town())
    grid = named(document.snapshot, "B1")

    done = document.execute(SetField(grid.uid, "name", "新"))

    assert touched_areas(done.after, done.change) == {grid.uid}
    assert box_of_change(done.change) is None


def test_the_log_of_an_area_names_only_what_touched_it() -> None:
    store = small_town()
    document = document_on(store)
    first, second = (named(document.snapshot, key) for key in ("B1", "B2"))
    for name in ("甲", "乙"):
        document.execute(SetField(first.uid, "name", name))
    document.execute(SetField(second.uid, "name", "丙"))
    document.undo()

    log = TouchLog.read(document.history(), store.change_at, document.snapshot)

    assert [one.revision for one in log.of_area(first.uid)] == [2, 1]
    assert [one.revision for one in log.of_area(second.uid)] == [4, 3]
    assert [one.revision for one in log.of_area(first.uid, limit=1)] == [2]


def test_a_new_gesture_comes_first_and_only_once() -> None:
    log = TouchLog(limit=2)
    for revision in (1, 2, 3, 3):
        log.add(entry(revision), {"a"})

    assert [one.revision for one in log.of_area("a")] == [3, 2]


def test_imports_are_not_read_for_single_areas() -> None:
    def change_at(revision: int) -> Change:
        raise AssertionError(revision)

    document = document_on(small_town())
    log = TouchLog.read([entry(1, "import")], change_at, document.snapshot)

    assert log.of_area(document.snapshot.root.uid) == []


def test_reading_the_log_can_be_cancelled() -> None:
    class Impatient(Silent):
        def is_cancelled(self) -> bool:
            return True

    store = small_town()
    document = document_on(store)
    document.execute(Create("grid", named(document.snapshot, "B").uid, "新网格"))

    with pytest.raises(Cancelled):
        TouchLog.read(document.history(), store.change_at, document.snapshot, Impatient())


def test_the_gist_of_a_set_field_is_the_area_before_and_after() -> None:
    document = document_on(small_town())
    uid = named(document.snapshot, "A1").uid
    done = document.execute(SetField(uid, "name", "虚构"))

    gist = gist_of(done.after, done.change)

    assert gist.before is not None
    assert gist.after is not None
    assert (gist.before.name, gist.after.name) == ("虚构A1", "虚构")
    assert gist.names == ()


def test_a_merge_touches_who_stays_and_a_move_the_old_parent_and_the_new() -> None:
    document = document_on(small_town())
    stays, goes = named(document.snapshot, "A1").uid, named(document.snapshot, "A2").uid
    child, old = (named(document.snapshot, name).uid for name in ("A3-1", "A3"))
    for area in (stays, goes, old):
        # A typed figure would go stale, and so touch the area's own row.
        document.execute(SetField(area, "households", None))
    merged = document.execute(Merge([stays, goes]))
    moved = document.execute(Reparent(child, stays))

    assert {stays, goes} <= touched_areas(merged.after, merged.change)
    assert {child, stays, old} <= touched_areas(moved.after, moved.change)
