"""Rolling back brings the boundaries of a release back, in one gesture, and undo takes it back."""

from __future__ import annotations

from typing import Any

import pytest

from gridadmin.app.reports import verify_json
from gridadmin.app.session import Session
from gridadmin.base.errors import EditError
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.plan_commands import ApprovePlan, CheckPlan, OpenPlan
from gridadmin.edit.release_content import borders_sha256, content_sha256
from gridadmin.edit.rollback_command import RollBack
from gridadmin.edit.split_commands import SplitEqually
from gridadmin.publish.releasing import make_release
from tests.helpers.plans import allowing_all


def grids(session: Session) -> list[Any]:
    found = [a for a in session.snapshot.areas() if a.level == "grid" and a.land == "drawn"]
    return sorted(found, key=lambda a: a.code or "")


def change_much(session: Session) -> None:
    """Split a grid, merge two micro-grids, and give an area another name."""
    document = session.document
    micro = sorted(
        (a for a in session.snapshot.areas() if a.level == "micro_grid"), key=lambda a: a.code or ""
    )
    document.execute(SplitEqually(micro[0].uid, 2, "land"))
    document.execute(SetField(grids(session)[1].uid, "name", "改名网格"))
    below = sorted(session.snapshot.children(grids(session)[2].uid), key=lambda a: a.code or "")
    document.execute(Merge((below[0].uid, below[1].uid), below[0].uid))


def test_rolling_back_restores_land_and_areas_and_verify_agrees(session: Session) -> None:
    micros = (a for a in session.snapshot.areas() if a.level == "micro_grid")
    # A typed figure holds for the land of the release again, and is not stale.
    typed = min(micros, key=lambda a: a.code or "").uid
    session.document.execute(SetField(typed, "households", 77))
    release = make_release(session.document)
    change_much(session)
    assert borders_sha256(session.snapshot) != release.partition_sha256
    born = {a.uid for a in session.snapshot.areas()} - {
        a.uid for a in session.document.past(release.at_revision).snapshot.areas()
    }

    done = session.document.execute(RollBack(1))

    assert borders_sha256(session.snapshot) == release.partition_sha256
    assert content_sha256(session.snapshot) == release.sha256
    assert not session.snapshot.area(typed).is_stale
    assert dict(done.change.told)["retired"] == len(born) > 0
    assert all(session.snapshot.area(uid).valid_to is not None for uid in born)
    assert verify_json(session)["problems"] == []


def test_undo_takes_a_rollback_back_as_one_gesture(session: Session) -> None:
    make_release(session.document)
    change_much(session)
    before = content_sha256(session.snapshot)
    session.document.execute(RollBack(1))

    session.document.undo()

    assert content_sha256(session.snapshot) == before
    assert verify_json(session)["problems"] == []


def test_a_rollback_moves_no_locked_border(session: Session) -> None:
    make_release(session.document)
    change_much(session)
    document = session.document
    document.execute(OpenPlan("虚构方案"))
    document.execute(CheckPlan(allowing_all(session.snapshot)))
    document.execute(ApprovePlan("虚构 1 号"))
    with pytest.raises(EditError) as refusal:
        document.execute(RollBack(1))

    assert refusal.value.code == "edit.borders_approved"


def test_rolling_back_to_what_stands_changes_nothing(session: Session) -> None:
    make_release(session.document)
    with pytest.raises(EditError) as refusal:
        session.document.execute(RollBack(1))

    assert refusal.value.code == "edit.nothing_changes"
    with pytest.raises(EditError) as unknown:
        session.document.execute(RollBack(7))
    assert unknown.value.code == "edit.unknown_release"
