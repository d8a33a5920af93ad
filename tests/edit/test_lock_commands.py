from __future__ import annotations

import pytest

from gridadmin.base.texts import explain
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.lock_commands import Lock, LockTarget, Unlock
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.vertex_commands import Move
from tests.edit.conftest import Refused
from tests.helpers.projects import TODAY, MemoryStore, named, place
from tests.helpers.promises import check_same


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


BORDER = LockTarget(border=place(1, 0.5))
MOVE = Move(place(1, 1), place(1.1, 1))


def test_a_locked_border_stays_and_says_who_locked_it_and_why(
    store: MemoryStore, document: Document, refused: Refused
) -> None:
    document.execute(Lock(BORDER, " 已公告 "))

    refusal = refused(document, MOVE)

    assert refusal.code == "edit.locked"
    assert explain(refusal, "en") == (
        f"The border is locked (已公告 · 虚构用户 · {TODAY}) and stays where it is; "
        "unlock it first, or edit inside it."
    )
    check_same(document.snapshot, store.snapshot())


def test_a_locked_outline_stays(document: Document, refused: Refused) -> None:
    document.execute(Lock(LockTarget(area=uid(document, "A1")), "已公告"))

    assert refused(document, Move(place(2, 1), place(2.1, 1))).code == "edit.locked"
    assert (
        refused(document, Merge([uid(document, "A1"), uid(document, "A2")])).code == "edit.locked"
    )


def test_what_is_unlocked_moves_again_and_the_log_keeps_it(
    store: MemoryStore, document: Document
) -> None:
    document.execute(Lock(BORDER, "已公告"))

    document.execute(Unlock(BORDER, "重新协商"))

    assert document.execute(MOVE).revision == 3
    assert [entry.kind for entry in document.history()] == ["move", "unlock", "lock"]
    assert document.history()[1].note == "重新协商"
    check_same(document.snapshot, store.snapshot())


def test_a_lock_is_taken_back_by_undo(document: Document) -> None:
    document.execute(Lock(BORDER, "已公告"))
    document.undo()

    assert dict(document.snapshot.rows("border_lock")) == {}
    document.execute(MOVE)


def test_both_pieces_of_a_locked_border_are_unlocked_by_themselves(
    document: Document, refused: Refused
) -> None:
    document.execute(Lock(BORDER, "已公告"))
    document.execute(InsertLine([place(0.5, 0.5), place(0.5, 1), place(0.5, 0)][1:], "new", "keep"))
    document.execute(InsertLine([place(1, 0.5), place(2, 0.5)], "new", "keep"))
    assert len(document.snapshot.rows("border_lock")) == 2

    document.execute(Unlock(LockTarget(border=place(1, 0.25)), "重新协商"))

    assert len(document.snapshot.rows("border_lock")) == 1
    assert refused(document, MOVE).code == "edit.locked"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (LockTarget(), "edit.missing_value"),
        (LockTarget(area="9"), "edit.unknown_area"),
        (LockTarget(area="99010100100100105"), "edit.not_drawn"),
        (LockTarget(border=place(0.5, 0.5)), "edit.no_stretch"),
        (LockTarget(border=place(1, 1)), "edit.no_stretch"),
        (LockTarget(border=(float("nan"), 0.0)), "edit.bad_place"),
    ],
)
def test_a_lock_on_nothing_is_refused(
    document: Document, refused: Refused, target: LockTarget, code: str
) -> None:
    assert refused(document, Lock(target, "已公告")).code == code


def test_a_second_lock_is_refused_and_says_who_has_the_first(
    document: Document, refused: Refused
) -> None:
    document.execute(Lock(BORDER, "已公告"))

    refusal = refused(document, Lock(BORDER, "再锁"))

    assert refusal.code == "edit.already_locked"
    assert refusal.params == {"reason": "已公告", "author": "虚构用户"}


def test_a_lock_without_a_reason_is_refused(document: Document, refused: Refused) -> None:
    assert refused(document, Lock(BORDER, " ")).code == "edit.bad_value"


def test_unlocking_what_isn_t_locked_is_refused(document: Document, refused: Refused) -> None:
    assert refused(document, Unlock(BORDER, "重新协商")).code == "edit.not_locked"


def test_unlocking_without_a_reason_is_refused(document: Document, refused: Refused) -> None:
    document.execute(Lock(BORDER, "已公告"))

    assert refused(document, Unlock(BORDER, " ")).code == "edit.bad_value"


def test_the_refusal_says_where_the_locked_border_would_move(
    document: Document, refused: Refused
) -> None:
    document.execute(Lock(BORDER, "已公告"))

    refusal = refused(document, MOVE)

    assert (refusal.params["x"], refusal.params["y"]) == place(1, 0.5)
