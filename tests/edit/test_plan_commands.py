"""Plans: their states, what each needs, what it locks, and what coming into force dates."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gridadmin.base.texts import explain
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Plan, PlanState
from gridadmin.domain.release import Release
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from gridadmin.edit.draft import Desk
from gridadmin.edit.land_commands import FrameFromUnion, Give, InsertLine
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.plan_commands import (
    AbandonPlan,
    Allowed,
    ApprovePlan,
    CheckPlan,
    OpenPlan,
    PutInForce,
    ReturnToDraft,
    SetPlan,
    open_plan,
)
from gridadmin.edit.plan_locks import locking_plan
from gridadmin.edit.vertex_commands import AddVertex, Move
from gridadmin.partition.snapshot import Snapshot
from tests.edit.conftest import Refused
from tests.helpers.plans import allowing_all
from tests.helpers.projects import TODAY, MemoryStore, document_on, named, place, small_town
from tests.helpers.promises import check_same, hash_of

MOVE = Move(place(1, 1), place(1.1, 1))
ALLOWED = allowing_all(small_town().snapshot())
DOCUMENT = "虚构〔2026〕5号"


def plan_of(document: Document) -> Plan:
    [plan] = document.snapshot.rows("plan").values()
    assert isinstance(plan, Plan)
    return plan


def carried(document: Document, *commands: Command) -> None:
    for command in commands:
        document.execute(command)


def test_a_plan_begins_as_a_draft_on_the_present_state(
    store: MemoryStore, document: Document
) -> None:
    carried(document, MOVE, OpenPlan(" 网格调整 "))

    plan = plan_of(document)
    assert (plan.name, plan.state, plan.is_open) == ("网格调整", "draft", True)
    assert (plan.base_revision, plan.base_release, plan.document) == (1, None, None)
    assert (plan.opened, plan.author) == (TODAY, "虚构用户")
    check_same(document.snapshot, store.snapshot())


def test_a_second_plan_is_refused_while_one_is_open(document: Document, refused: Refused) -> None:
    carried(document, OpenPlan("甲"))

    refusal = refused(document, OpenPlan("乙"))

    assert (refusal.code, refusal.params) == ("edit.plan_open", {"plan": "甲"})


def test_a_plan_on_a_release_begins_from_its_revision(document: Document) -> None:
    release = Release("r", 3, 1, TODAY, "虚构用户", "0")
    carried(document, MOVE, _Put("release", release), OpenPlan("甲", base_release=3))

    assert (plan_of(document).base_release, plan_of(document).base_revision) == (3, 1)


def test_an_unknown_release_is_refused(document: Document, refused: Refused) -> None:
    assert refused(document, OpenPlan("甲", base_release=7)).code == "edit.unknown_release"


def test_name_and_document_are_changed_until_it_is_approved(
    document: Document, refused: Refused
) -> None:
    carried(document, OpenPlan("甲"), SetPlan("乙"), SetPlan(document=DOCUMENT))
    assert (plan_of(document).name, plan_of(document).document) == ("乙", DOCUMENT)

    carried(document, SetPlan(document=""))
    assert plan_of(document).document is None

    carried(document, CheckPlan(ALLOWED), ApprovePlan(DOCUMENT))
    assert refused(document, SetPlan("丙")).code == "edit.plan_is_approved"


def test_issues_keep_a_plan_from_being_checked_and_are_counted(
    document: Document, refused: Refused
) -> None:
    carried(document, OpenPlan("甲"))

    refusal = refused(document, CheckPlan())

    assert explain(refusal, "en").startswith("Issues are left, ")
    assert "gap 1" in explain(refusal, "en")
    assert "空隙 1" in explain(refusal, "zh")
    assert plan_of(document).state == "draft"


def test_issues_are_allowed_by_kind_or_number_with_reason_and_name(document: Document) -> None:
    carried(document, OpenPlan("甲"))
    unused = Allowed("duplicate", "虚构理由", "虚构审批人")

    done = document.execute(CheckPlan([*ALLOWED, unused]))

    plan = plan_of(document)
    assert (plan.state, plan.checked) == ("checked", TODAY)
    assert dict(done.change.told)["allowed"] == len(ALLOWED)
    kept = json.loads(plan.allowed or "")
    assert {"what": "gap", "reason": "虚构理由", "by": "虚构审批人"} in kept
    assert "duplicate" not in {one["what"] for one in kept}


@pytest.mark.parametrize("empty", [Allowed("gap", " ", "甲"), Allowed("gap", "理由", "")])
def test_nothing_is_allowed_without_reason_and_name(
    document: Document, refused: Refused, empty: Allowed
) -> None:
    carried(document, OpenPlan("甲"))

    assert refused(document, CheckPlan([empty])).code == "edit.bad_value"


def test_an_edit_makes_a_checked_plan_a_draft_again(
    store: MemoryStore, document: Document, refused: Refused
) -> None:
    carried(document, OpenPlan("甲"), CheckPlan(ALLOWED), MOVE)

    assert (plan_of(document).state, plan_of(document).checked) == ("draft", None)
    assert refused(document, ApprovePlan(DOCUMENT)).code == "edit.plan_not_checked"
    check_same(document.snapshot, store.snapshot())
    document.undo()
    assert plan_of(document).state == "checked"


def test_approval_needs_a_check_and_a_document(document: Document, refused: Refused) -> None:
    assert refused(document, ApprovePlan(DOCUMENT)).code == "edit.no_plan"
    carried(document, OpenPlan("甲"))
    assert refused(document, ApprovePlan(DOCUMENT)).code == "edit.plan_not_checked"
    carried(document, CheckPlan(ALLOWED))
    assert refused(document, ApprovePlan()).code == "edit.plan_needs_document"
    carried(document, SetPlan(document=DOCUMENT), ApprovePlan())

    assert (plan_of(document).state, plan_of(document).approved) == ("approved", TODAY)


def test_an_approved_plan_locks_all_borders_and_says_so(
    document: Document, refused: Refused
) -> None:
    carried(document, OpenPlan("甲"), CheckPlan(ALLOWED), ApprovePlan(DOCUMENT))

    refusal = refused(document, MOVE)

    assert refusal.code == "edit.borders_approved"
    assert explain(refusal, "en") == (
        f"The plan “甲” is approved ({DOCUMENT} · 虚构用户 · {TODAY}) and its borders are locked; "
        "to change them return it to draft, with a reason."
    )
    x, y = refusal.params["x"], refusal.params["y"]
    assert isinstance(x, float)
    assert isinstance(y, float)
    assert abs(x - place(1, 1)[0]) <= 10
    assert abs(y - place(1, 1)[1]) <= 10


def test_what_moves_no_border_goes_on_while_a_plan_is_approved(document: Document) -> None:
    carried(document, OpenPlan("甲"), CheckPlan(ALLOWED), ApprovePlan(DOCUMENT))
    grid = named(document.snapshot, "A1").uid

    carried(
        document,
        SetField(grid, "name", "改名"),
        Create("grid", named(document.snapshot, "A").uid, "新网格"),
        AddVertex(place(1, 0.5), place(1, 0.5)),
    )

    assert plan_of(document).state == "approved"


def test_withdrawing_an_approval_needs_a_reason_and_is_logged(
    document: Document, refused: Refused
) -> None:
    carried(document, OpenPlan("甲"), CheckPlan(ALLOWED), ApprovePlan(DOCUMENT))
    assert refused(document, ReturnToDraft(" ")).code == "edit.bad_value"

    carried(document, ReturnToDraft("群众有异议"), MOVE)

    assert plan_of(document).reason == "群众有异议"
    entry = document.history()[1]
    assert (entry.kind, entry.note) == ("plan_draft", "甲 · 群众有异议")
    assert refused(document, ReturnToDraft("再退")).code == "edit.plan_is_draft"


def test_borders_in_force_are_moved_in_the_next_plan_alone(
    document: Document, refused: Refused
) -> None:
    carried(document, OpenPlan("甲"), CheckPlan(ALLOWED))
    assert refused(document, PutInForce()).code == "edit.plan_not_approved"
    carried(document, ApprovePlan(DOCUMENT), PutInForce("2026-03-01"))

    plan = plan_of(document)
    assert (plan.state, plan.in_force, plan.is_open) == ("in_force", "2026-03-01", False)
    assert open_plan(document.snapshot) is None
    refusal = refused(document, MOVE)
    assert refusal.code == "edit.borders_in_force"
    assert refusal.params["since"] == "2026-03-01"

    carried(document, OpenPlan("乙"), MOVE)
    assert locking_plan(document.snapshot) is None


def test_a_date_that_is_none_is_refused(document: Document, refused: Refused) -> None:
    carried(document, OpenPlan("甲"), CheckPlan(ALLOWED), ApprovePlan(DOCUMENT))

    assert refused(document, PutInForce("明天")).code == "edit.bad_value"


def test_an_import_obeys_the_lock_of_a_plan(refused: Refused) -> None:
    document = document_on(small_town(has_frame=False))
    allowed = allowing_all(document.snapshot)
    carried(document, OpenPlan("甲"), CheckPlan(allowed), ApprovePlan(DOCUMENT))

    # The frame may be moved by such a command; what a plan locks may not.
    assert refused(document, replace(MOVE, may_move_frame=True)).code == "edit.borders_approved"
    document.execute(FrameFromUnion())


def test_coming_into_force_dates_all_that_changed(store: MemoryStore, document: Document) -> None:
    snapshot = document.snapshot
    a1, a2, a3, b1 = (named(snapshot, key).uid for key in ("A1", "A2", "A3", "B1"))
    moved = named(snapshot, "A1-1").uid, named(snapshot, "A1-2").uid
    carried(
        document,
        OpenPlan("甲"),
        MOVE,
        SetField(b1, "name", "改名"),
        Merge([a2, named(document.snapshot, "A4").uid]),
    )
    gone = [a for a in document.snapshot.rows("area").values() if a.valid_to is not None]
    assert len(gone) == 1
    carried(document, CheckPlan(allowing_all(document.snapshot)), ApprovePlan(DOCUMENT))

    done = document.execute(PutInForce("2026-03-01"))

    rows = document.snapshot.rows("area")
    assert rows[moved[0]].valid_from == "2026-03-01"
    assert rows[b1].valid_from == "2026-03-01"
    assert rows[a1].valid_from is None
    assert rows[a3].valid_from is None
    assert rows[gone[0].uid].valid_to == "2026-03-01"
    [line] = document.snapshot.rows("lineage").values()
    assert (line.date, line.document) == ("2026-03-01", DOCUMENT)
    periods = document.snapshot.linked("code_period", gone[0].uid)
    assert [period.valid_to for period in periods] == ["2026-03-01"]
    assert dict(done.change.told)["dated"] > 4
    check_same(document.snapshot, store.snapshot())


def test_plan_states_are_undone_and_redone_with_the_edits_between(
    store: MemoryStore, document: Document
) -> None:
    first = hash_of(document.snapshot)
    carried(document, OpenPlan("甲"), MOVE, CheckPlan(ALLOWED), ApprovePlan(DOCUMENT), PutInForce())
    last = document.snapshot

    while document.can_undo:
        document.undo()
    assert hash_of(document.snapshot) == first
    assert dict(document.snapshot.rows("plan")) == {}
    while document.can_redo:
        document.redo()

    assert hash_of(document.snapshot) == hash_of(last)
    assert plan_of(document).state == PlanState.IN_FORCE
    check_same(document.snapshot, store.snapshot())
    again = document_on(store)
    assert locking_plan(again.snapshot) is not None


def test_an_inserted_line_is_refused_too(document: Document, refused: Refused) -> None:
    carried(document, OpenPlan("甲"), CheckPlan(ALLOWED), ApprovePlan(DOCUMENT))
    line = InsertLine([place(4.5, 2), place(4.5, 4)], "new", "keep")
    give = Give(place(7.5, 2.5), named(document.snapshot, "B4").uid)

    assert refused(document, line).code == "edit.borders_approved"
    assert refused(document, give).code == "edit.borders_approved"


class _Put:
    """Puts a row as a later program would."""

    may_move_frame = False

    def __init__(self, table: str, record: Release) -> None:
        self._row = RowChange(table, None, record)

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        del snapshot, desk
        return Change("put", (self._row,))


def test_a_draft_is_given_up_with_a_reason_and_what_it_changed_stays(
    store: MemoryStore, document: Document
) -> None:
    carried(document, OpenPlan("甲"), MOVE)
    moved = {border.id: border.points for border in document.snapshot.partition}

    carried(document, AbandonPlan(" 并入明年的调整 "))

    plan = plan_of(document)
    assert (plan.state, plan.is_open, plan.reason) == ("abandoned", False, "并入明年的调整")
    assert {border.id: border.points for border in document.snapshot.partition} == moved
    check_same(document.snapshot, store.snapshot())
    carried(document, OpenPlan("乙"))
    assert open_plan(document.snapshot) is not None


def test_only_a_draft_is_given_up(document: Document, refused: Refused) -> None:
    assert refused(document, AbandonPlan("x")).code == "edit.no_plan"
    carried(document, OpenPlan("甲"))
    assert refused(document, AbandonPlan(" ")).code == "edit.bad_value"
    carried(document, CheckPlan(ALLOWED))
    assert refused(document, AbandonPlan("x")).code == "edit.plan_is_no_draft"


def test_a_plan_given_up_locks_nothing_and_an_undo_brings_it_back(document: Document) -> None:
    carried(document, OpenPlan("甲"), AbandonPlan("x"), MOVE)
    document.undo()
    document.undo()

    assert (plan_of(document).state, plan_of(document).is_open) == ("draft", True)
