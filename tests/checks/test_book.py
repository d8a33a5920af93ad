from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from gridadmin.base.errors import Cancelled
from gridadmin.base.ids import oid_of
from gridadmin.checks.book import IssueBook
from gridadmin.checks.finding import area_issue
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Building, Dispute, Setting
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import Give, InsertLine
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import MemoryStore, document_on, named, place, small_town
from tests.helpers.promises import check_book


def found(snapshot: Snapshot, kind: str) -> list[Issue]:
    return [issue for issue in IssueBook.of(snapshot).issues() if issue.kind == kind]


def names(snapshot: Snapshot, issues: list[Issue]) -> list[str]:
    return sorted(snapshot.area(uid).name[2:] for issue in issues for uid in issue.areas)


@pytest.fixture
def store() -> MemoryStore:
    return small_town()


@pytest.fixture
def document(store: MemoryStore) -> Document:
    return document_on(store)


def set_scheme_check(store: MemoryStore, **checks: tuple[bool, str]) -> Snapshot:
    import json

    from gridadmin.domain.check_kinds import Severity
    from gridadmin.domain.scheme import Check
    from gridadmin.domain.scheme_copy import to_json

    scheme = store.snapshot().scheme
    for key, (on, severity) in checks.items():
        usual = scheme.check(key)
        check = Check(key, on, Severity(severity), usual.params)
        others = tuple(c for c in scheme.checks if c.key != key)
        scheme = replace(scheme, checks=(*others, check))
    value = json.dumps({"copy": to_json(scheme)})
    store.rows["setting"]["scheme"] = Setting("scheme", value)
    return store.snapshot()


def test_town_has_just_the_planted_issues(store: MemoryStore) -> None:
    kinds = Counter(issue.kind for issue in IssueBook.of(store.snapshot()).issues())

    assert {kind: kinds[kind] for kind in ("gap", "overlap", "remainder", "undivided")} == {
        "gap": 1,
        "overlap": 1,
        "remainder": 1,
        "undivided": 4,
    }


def test_gap_tells_size_width_class_and_neighbours(store: MemoryStore) -> None:
    (gap,) = found(store.snapshot(), "gap")

    assert (gap.level, gap.face_class, gap.area_m2) == ("community", "open", 100.0)
    assert gap.width_m == pytest.approx(10.0, rel=0.02)
    assert gap.bbox == (*place(7, 2), *place(8, 3))
    assert names(store.snapshot(), [gap]) == ["B"]


def test_overlap_names_all_claimants(store: MemoryStore) -> None:
    (overlap,) = found(store.snapshot(), "overlap")

    assert names(store.snapshot(), [overlap]) == ["B1", "B2"]
    assert (overlap.level, overlap.area_m2) == ("grid", 100.0)


def test_claimants_without_other_land_make_a_duplicate(document: Document) -> None:
    b1, b2, b3 = (named(document.snapshot, key).uid for key in ("B1", "B2", "B3"))
    claims = " ".join(sorted((b1, b2)))
    (dispute,) = document.snapshot.rows("dispute").values()
    oids = {oid_of(b1): oid_of(dispute.uid), oid_of(b2): oid_of(b3)}

    change = relabelled_change(document.snapshot, {oid_of(b2): oids[oid_of(b2)]})
    contained = document.snapshot.applied(change, 1)
    b2_row = contained.area(b2)
    listed = Change("", (RowChange("area", b2_row, replace(b2_row, land="listed")),))
    contained = contained.applied(listed, 2)

    assert dispute.claims == claims
    assert names(contained, found(contained, "contained")) == ["B1", "B2"]


def relabelled_change(snapshot: Snapshot, heirs: dict[int, int]) -> Change:
    from gridadmin.partition.rewire import BorderIds, relabelled

    owner_of = {}
    for oid in heirs:
        for border in snapshot.partition.beside(oid):
            owner_of[border.id, True] = heirs.get(border.left, border.left)
            owner_of[border.id, False] = heirs.get(border.right, border.right)
    rows = relabelled(snapshot.partition, owner_of, BorderIds("test"))
    return Change("", tuple(RowChange("border", old, new) for old, new in rows))


def test_remainder_is_one_issue_per_parent_with_its_households(store: MemoryStore) -> None:
    (remainder,) = found(store.snapshot(), "remainder")

    assert names(store.snapshot(), [remainder]) == ["A4"]
    assert remainder.area_m2 == 100.0
    assert dict(remainder.params)["households"] == 6


def test_divided_parent_has_gaps_instead_of_a_remainder(document: Document) -> None:
    done = document.execute(SetField(named(document.snapshot, "A4").uid, "divided", True))

    assert found(done.after, "remainder") == []
    assert sorted(gap.level for gap in found(done.after, "gap")) == ["community", "micro_grid"]


def test_before_publishing_what_a_parent_has_not_given_out_is_a_gap(store: MemoryStore) -> None:
    usual = {issue.id for issue in found(store.snapshot(), "gap")}
    store.rows["setting"]["check_set"] = Setting("check_set", '"publish"')
    snapshot = store.snapshot()

    assert found(snapshot, "remainder") == []
    (more,) = [gap for gap in found(snapshot, "gap") if gap.id not in usual]
    assert (more.level, more.area_m2, more.severity) == ("micro_grid", 100.0, "error")


def test_parent_without_drawn_children_is_one_line(document: Document) -> None:
    lines = found(document.snapshot, "undivided")

    assert names(document.snapshot, lines) == ["B1", "B2", "B3", "B4"]
    assert {line.severity for line in lines} == {"info"}


def test_exclusive_grids_need_not_be_divided(document: Document) -> None:
    done = document.execute(SetField(named(document.snapshot, "B1").uid, "kind", "exclusive"))

    assert names(done.after, found(done.after, "undivided")) == ["B2", "B3", "B4"]


def test_exempt_land_is_no_gap(document: Document) -> None:
    (gap,) = found(document.snapshot, "gap")

    assert gap.point is not None
    assert gap.point[0] > place(7, 0)[0]


def test_gaps_below_the_least_size_are_dust(store: MemoryStore) -> None:
    store.rows["setting"]["min_area_m2"] = Setting("min_area_m2", "150")
    snapshot = store.snapshot()

    counts, total = IssueBook.of(snapshot).dust()

    assert found(snapshot, "gap") == found(snapshot, "overlap") == []
    assert (counts, total) == ({"gap": 1, "overlap": 1}, 200.0)


def test_issue_ids_stay_through_edits_elsewhere_and_reopening(
    store: MemoryStore, document: Document
) -> None:
    before = {
        i.id for i in IssueBook.of(document.snapshot).issues() if i.kind in {"gap", "overlap"}
    }

    document.execute(Move(place(1, 1), place(1.2, 1)))
    document.execute(InsertLine([place(6, 0.5), place(8, 0.5)], "new", "keep"))

    after = {i.id for i in IssueBook.of(store.snapshot()).issues()}
    assert before <= after


def test_an_issue_is_found_by_its_number_alone(document: Document) -> None:
    book = IssueBook.of(document.snapshot)

    for issue in book.issues():
        assert book.issue(issue.id) == issue
    assert book.issue("nothing") is None


def test_issues_alike_to_the_metre_are_told_apart(document: Document) -> None:
    x, y = place(3.5, 3.5)
    for dx in (0.05, 0.15):
        ring = [(x + dx, y), (x + dx + 0.05, y), (x + dx + 0.05, y + 0.3), (x + dx, y + 0.3)]
        document.execute(InsertLine([*ring, ring[0]], "new", "keep"))
        area = document.snapshot.rows("area")
        made = max(area.values(), key=lambda a: (a.revision, a.uid))
        document.execute(Delete(made.uid))
    document.execute(SetField(named(document.snapshot, "A4").uid, "divided", True))

    numbers = [issue.id for issue in IssueBook.of(document.snapshot).issues()]

    assert len(numbers) == len(set(numbers))


def test_errors_come_first_and_the_largest_before_smaller(document: Document) -> None:
    severities = [issue.severity for issue in IssueBook.of(document.snapshot).issues()]

    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def test_scheme_switches_checks_off_and_sets_their_weight(store: MemoryStore) -> None:
    snapshot = set_scheme_check(
        store, gap=(False, "error"), overlap=(True, "warning"), undivided=(False, "info")
    )

    assert found(snapshot, "gap") == found(snapshot, "undivided") == []
    assert found(snapshot, "overlap")[0].severity == "warning"


def test_cancelled_check_gives_no_book(document: Document) -> None:
    class Stopped:
        def step(self, what: str, done: int, total: int) -> None: ...

        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        IssueBook.of(document.snapshot, Stopped())


EDITS = [
    Give(place(7.5, 2.5), "990101001002004"),
    Give(place(3.5, 3.5), None),
    Give(place(5.5, 0.5), "990101001002001"),
    Give(place(6.5, 2.5), "990101001002004"),
    InsertLine([place(7.3, 1), place(7.3, 4)], "keep", "990101001002003"),
    InsertLine([place(7.2, 2.2), place(7.8, 2.2), place(7.5, 2.8), place(7.2, 2.2)],
               "990101001002004", "keep"),
    SetField("990101001001", "divided", False),
    SetField("990101001001004", "divided", True),
    SetField("990101001001001", "code", "X"),
    SetField("990101", "code", None),
    SetField("990101001001001", "name", "虚构A2"),
    SetField("990101001002001", "households", 9),
    Create("micro_grid", "990101001001001", "虚构A1-1", "990101001001001077"),
    Delete("99010100100100105"),
    Delete("990101001002002"),
    Delete("99010100100100401"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(EDITS)))
def test_kept_up_book_is_that_of_a_full_check(document: Document, number: int) -> None:
    book = IssueBook.of(document.snapshot)

    done = document.execute(EDITS[number])  # type: ignore[arg-type]
    book = book.after(done.after, done.change, done.touched)
    check_book(book, done.after)
    undone = document.undo()
    check_book(book.after(undone.after, undone.change, undone.touched), undone.after)


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("building", "households", 99),
        ("building", "x_mm", 1_075_000),
        ("entrance", "households", 4),
        ("stacked_part", "floor_to", 3),
        ("setting", "value", "5"),
    ],
)
def test_kept_up_book_follows_buildings_and_settings(
    document: Document, table: str, field: str, value: object
) -> None:
    before = document.snapshot
    if table == "setting":
        rows = [RowChange("setting", None, Setting("min_area_m2", str(value)))]
    else:
        rows = [
            RowChange(table, row, replace(row, **{field: value}))
            for row in before.rows(table).values()
        ]
    assert before.counts is not None
    change = Change("set", tuple(rows))
    after = before.applied(change, 1)

    check_book(IssueBook.of(before).after(after, change, ()), after)


def test_kept_up_book_follows_a_building_that_comes_or_goes(document: Document) -> None:
    before = document.snapshot
    new = Building("b-new", 1_005_000, 2_005_000, 60)
    gone = next(iter(before.rows("building").values()))
    assert before.counts is not None
    change = Change("set", (RowChange("building", None, new), RowChange("building", gone, None)))
    after = before.applied(change, 1)

    check_book(IssueBook.of(before).after(after, change, ()), after)


def test_kept_up_book_follows_an_area_hung_elsewhere(document: Document) -> None:
    before = document.snapshot
    area = named(before, "A2-2")
    change = Change("", (RowChange("area", area, replace(area, parent=named(before, "A1").uid)),))
    after = before.applied(change, 1)

    check_book(IssueBook.of(before).after(after, change, ()), after)


def test_issue_of_an_area_names_it(document: Document) -> None:
    area = named(document.snapshot, "B1")
    issue = area_issue(document.snapshot, "code_missing", area.uid)

    assert dict(issue.params) == {"area": "虚构B1", "code": "990101001002001"}


def test_disputes_of_one_claimant_are_overhangs(store: MemoryStore) -> None:
    ((uid, dispute),) = store.rows["dispute"].items()
    b1 = named(store.snapshot(), "B1").uid
    store.rows["dispute"][uid] = Dispute(dispute.uid, b1, "overhang")

    (issue,) = found(store.snapshot(), "overhang")
    assert issue.areas == (b1,)
