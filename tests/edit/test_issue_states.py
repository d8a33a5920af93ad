"""Issues that are accepted, settled, exempt, back again; what a project says of its checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gridadmin.app.reports import book_json, fails
from gridadmin.app.scripting import run_script
from gridadmin.app.session import Session
from gridadmin.base.errors import EditError
from gridadmin.checks.book import IssueBook
from gridadmin.checks.states import settled, state_of
from gridadmin.domain.issue import Issue
from gridadmin.edit.accept_commands import Accept, Unaccept
from gridadmin.edit.area_commands import Delete, SetField
from gridadmin.edit.check_commands import (
    ChangeChecks,
    ChangeLimits,
    DefineCheckSet,
    PublishLand,
    UseCheckSet,
)
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import Give, InsertLine, MakeExempt
from tests.helpers.projects import NOW, TODAY, MemoryStore, place, small_town


class Kept:
    """A document with its issues kept up, as a session keeps them."""

    def __init__(self, store: MemoryStore) -> None:
        self.book: IssueBook | None = None
        self.document = Document(
            store, store.snapshot(), "虚构用户", now=lambda: NOW, book=lambda: self.book
        )
        self.book = IssueBook.of(self.document.snapshot)
        self.document.on_change(lambda done: self._follow(done.book, done))

    def _follow(self, known: IssueBook | None, done: object) -> None:
        snapshot = self.document.snapshot
        self.book = IssueBook.of(snapshot) if known is None else known.on(snapshot)

    def one(self, kind: str) -> Issue:
        (found,) = [issue for issue in self.issues() if issue.kind == kind]
        return found

    def issues(self) -> list[Issue]:
        assert self.book is not None
        return self.book.issues()

    def settled(self) -> dict[str, str]:
        assert self.book is not None
        return {mark.kind: str(state) for mark, state in settled(self.book)}

    def state(self, issue: Issue, today: str = TODAY) -> str:
        return str(state_of(self.document.snapshot, issue, today))


@pytest.fixture
def town() -> Kept:
    return Kept(small_town())


def test_an_accepted_issue_tells_who_and_why_and_undo_takes_it_back(town: Kept) -> None:
    rest = town.one("building_twice")

    town.document.execute(Accept(rest, "虚构理由", "虚构负责人", "2026-02-01"))

    mark = town.document.snapshot.rows("issue_mark")[rest.id]
    assert (mark.reason, mark.name, mark.until) == ("虚构理由", "虚构负责人", "2026-02-01")
    assert town.state(rest) == "accepted"
    town.document.undo()
    assert town.state(rest) == "open"
    town.document.redo()
    town.document.execute(Unaccept(rest.id))
    assert town.state(rest) == "open"


def test_an_acceptance_ends_with_its_day(town: Kept) -> None:
    issue = town.one("building_twice")

    town.document.execute(Accept(issue, "虚构理由", "虚构负责人", "2026-02-01"))

    assert town.state(issue, "2026-02-01") == "accepted"
    assert town.state(issue, "2026-02-02") == "open"


@pytest.mark.parametrize("kind", ["gap", "overlap", "remainder"])
def test_land_is_not_accepted_but_settled_or_exempt(town: Kept, kind: str) -> None:
    with pytest.raises(EditError, match="accept_land"):
        town.document.execute(Accept(town.one(kind), "虚构理由", "虚构负责人"))


@pytest.mark.parametrize(
    ("reason", "name", "until", "code"),
    [
        (" ", "虚构", None, "bad_value"),
        ("虚构", " ", None, "bad_value"),
        ("虚构", "虚构", "明天", "bad_value"),
        ("虚构", "虚构", "2025-01-01", "until_passed"),
    ],
)
def test_an_acceptance_needs_reason_name_and_a_day_to_come(
    town: Kept, reason: str, name: str, until: str | None, code: str
) -> None:
    with pytest.raises(EditError, match=code):
        town.document.execute(Accept(town.one("building_twice"), reason, name, until))


def test_what_an_edit_settles_is_fixed_in_the_same_change(town: Kept) -> None:
    gap = town.one("gap")

    done = town.document.execute(Give(place(7.5, 2.5), "990101001002004"))

    assert [row.after.uid for row in done.change.of("issue_mark") if row.after.kind == "gap"] == [
        gap.id
    ]
    assert town.settled()["gap"] == "fixed"


def test_fixed_is_never_shown_for_what_a_check_still_finds(town: Kept) -> None:
    """A gap that is only made smaller has another number, and is not fixed."""
    town.document.execute(InsertLine([place(7.5, 1.9), place(7.5, 3.1)], "keep", "990101001002004"))

    assert [issue.kind for issue in town.issues()].count("gap") == 1
    assert "gap" not in town.settled()


def test_a_settled_issue_that_is_found_again_has_reappeared(town: Kept) -> None:
    gap = town.one("gap")
    town.document.execute(Give(place(7.5, 2.5), "990101001002004"))

    made = _cut_out(town)
    town.document.execute(Delete(made))
    town.document.execute(Give(place(7.5, 2.5), None))

    again = town.one("gap")
    assert again.id == gap.id
    assert town.state(again) == "reappeared"
    assert "gap" not in town.settled()


def _cut_out(town: Kept) -> str:
    """Cut the land of the former gap out of B4 as an area of its own."""
    line = [place(6.9, 2), place(7, 2), place(7, 3), place(8.1, 3)]
    done = town.document.execute(InsertLine(line, "keep", "new"))
    created = dict(done.change.told)["created"]
    return str(created[0]["uid"])


def test_undo_takes_the_memory_of_what_was_settled_with_it(town: Kept) -> None:
    gap = town.one("gap")
    town.document.execute(Give(place(7.5, 2.5), "990101001002004"))

    town.document.undo()

    assert town.state(town.one("gap")) == "open"
    assert town.one("gap").id == gap.id
    assert dict(town.document.snapshot.rows("issue_mark")) == {}


def test_a_gap_made_exempt_land_is_told_as_exempt(town: Kept) -> None:
    town.document.execute(MakeExempt(place(7.5, 2.5), "虚构理由", "虚构审批人", None, None))

    assert town.settled()["gap"] == "exempt"


def test_filling_a_gap_that_opens_another_tells_both(town: Kept) -> None:
    """The first is fixed, and the second is open under a number of its own."""
    gap = town.one("gap")
    town.document.execute(Give(place(7.5, 2.5), "990101001002004"))
    done = town.document.execute(InsertLine([place(7, -0.5), place(7, 2.5)], "keep", "new"))
    town.document.execute(Delete(str(dict(done.change.told)["created"][0]["uid"])))

    new = town.one("gap")
    assert new.id != gap.id
    assert town.state(new) == "open"
    assert town.settled()["gap"] == "fixed"


# What a project says of its checks


def test_a_project_switches_checks_weighs_them_and_changes_their_numbers(town: Kept) -> None:
    town.document.execute(ChangeChecks({"gap": {"severity": "warning"}, "overlap": {"on": False}}))
    town.document.execute(ChangeChecks({"sliver": {"params": {"width_m": 2.5}}}))

    snapshot = town.document.snapshot
    assert town.one("gap").severity == "warning"
    assert "overlap" not in {issue.kind for issue in town.issues()}
    assert snapshot.check("sliver").param("width_m") == 2.5
    town.document.undo()
    assert town.document.snapshot.check("sliver").param("width_m") == 1.0
    town.document.execute(ChangeChecks({"overlap": None}))
    assert "overlap" in {issue.kind for issue in town.issues()}


@pytest.mark.parametrize(
    "said",
    [
        {"on": 1},
        {"severity": "bad"},
        {"params": {"width_m": -1}},
        {"params": {"what": 1}},
        {"params": [1]},
    ],
)
def test_what_makes_no_sense_is_refused(town: Kept, said: dict[str, object]) -> None:
    with pytest.raises(EditError, match="bad_value"):
        town.document.execute(ChangeChecks({"sliver": said}))


def test_kinds_and_sets_that_do_not_exist_are_refused(town: Kept) -> None:
    with pytest.raises(EditError, match="unknown_check"):
        town.document.execute(ChangeChecks({"nothing": {"on": True}}))
    with pytest.raises(EditError, match="unknown_check"):
        town.document.execute(DefineCheckSet("mine", ["nothing"]))
    with pytest.raises(EditError, match="unknown_check_set"):
        town.document.execute(UseCheckSet("mine"))


def test_a_set_is_made_used_and_taken_away(town: Kept) -> None:
    town.document.execute(DefineCheckSet("mine", ["gap"]))
    town.document.execute(UseCheckSet("mine"))
    assert {issue.kind for issue in town.issues()} == {"gap"}

    town.document.execute(DefineCheckSet("mine", None))

    assert town.document.snapshot.check_set.key == "usual"


def test_published_land_is_compared_until_it_is_forgotten(town: Kept) -> None:
    code = "990101001002"
    town.document.execute(PublishLand(code, 10.0))
    assert town.one("land_total").severity == "warning"

    town.document.execute(PublishLand(code, None))

    assert "land_total" not in {issue.kind for issue in town.issues()}


def test_the_smallest_listed_defect_is_changed_and_dust_counted(town: Kept) -> None:
    town.document.execute(ChangeLimits(99.0))
    assert town.one("gap").area_m2 == 100.0
    with pytest.raises(EditError, match="bad_value"):
        town.document.execute(ChangeLimits(101.0))


# The command line


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    from gridadmin.app.demo import write_demo

    write_demo(tmp_path)
    return tmp_path / "demo.gpkg"


def test_states_outlive_a_restart_and_opening_leaves_the_file(demo: Path) -> None:
    with Session.open(demo, write=True) as session:
        leaf = next(a for a in session.snapshot.areas() if a.level == "micro_grid" and a.code)
        session.book()
        session.document.execute(SetField(leaf.uid, "code", "9"))
        wrong = next(i for i in session.book().issues() if i.kind == "code_form")
    answers: list[str] = []
    line = {"do": "accept", "issue": wrong.id, "reason": "虚构理由", "name": "虚构"}
    run_script(demo, [json.dumps(line)], answers.append)
    before = demo.read_bytes()

    with Session.open(demo, write=False) as session:
        told = book_json(session.snapshot, session.book(), read_s=0.0, check_s=0.0)

    (issue,) = [i for i in told["issues"] if i["kind"] == "code_form"]
    assert json.loads(answers[0])["ok"]
    assert (issue["id"], issue["state"]) == (wrong.id, "accepted")
    assert issue["accepted"]["name"] == "虚构"
    assert not fails(told["issues"])
    assert demo.read_bytes() == before


def test_check_lines_change_and_take_back(demo: Path) -> None:
    answers: list[str] = []
    lines = [
        {"do": "check", "kind": "hole", "on": False},
        {"do": "check", "kind": "hole"},
        {"do": "check_set", "name": "mine", "checks": ["gap"]},
        {"do": "check_set", "use": "mine"},
        {"do": "check_set", "name": "mine", "checks": None},
        {"do": "limits", "min_area_m2": 0.5},
        {"do": "published_land", "area": "990001", "m2": 5e7},
        {"do": "unaccept", "issue": "nothing"},
        {"do": "undo"},
    ]

    run_script(demo, [json.dumps(line) for line in lines], answers.append)

    results = [json.loads(answer) for answer in answers]
    assert [result.get("code", "") for result in results] == [*[""] * 7, "edit.not_accepted", ""]
