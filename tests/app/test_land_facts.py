"""Facts of borders, faces and places: whose land it is, and what it is."""

from __future__ import annotations

import dataclasses

import pytest
import shapely

from gridadmin.app.border_facts import LockFact, LockKind, facts_of_border
from gridadmin.app.face_facts import FaceKind, face_kind, facts_of_face, takers_of
from gridadmin.app.holders import Holder, HolderKind, chain_above, holder_of
from gridadmin.app.issue_facts import coverage_of
from gridadmin.app.place_facts import facts_of_place, nearest_border
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.checks.book import IssueBook
from gridadmin.domain.model import BorderLock, BorderRow
from gridadmin.edit.command import face_of_point
from gridadmin.partition.border import points_of
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import named, place, small_town


@pytest.fixture
def town() -> Snapshot:
    return small_town().snapshot()


def between(town: Snapshot, one: int, other: int) -> BorderRow:
    """Return the one border between two owners."""
    (found,) = [b for b in town.partition.beside(one) if {b.left, b.right} == {one, other}]
    return found


def oid(town: Snapshot, key: str) -> int:
    return oid_of(named(town, key).uid)


# Borders


def test_a_border_between_communities_separates_up_to_the_community(town: Snapshot) -> None:
    facts = facts_of_border(town, between(town, oid(town, "A4-2"), oid(town, "B3")))

    assert facts.level == "community"
    assert set(facts.separated) == {named(town, "A").uid, named(town, "B").uid}
    assert {facts.left.uid, facts.right.uid} == {named(town, "A4-2").uid, named(town, "B3").uid}
    assert facts.length_m == 10.0
    assert facts.vertices == 2
    assert not facts.is_outer
    assert facts.locks == ()


def test_a_border_inside_a_grid_separates_micro_grids(town: Snapshot) -> None:
    facts = facts_of_border(town, between(town, oid(town, "A1-1"), oid(town, "A1-2")))

    assert facts.level == "micro_grid"


def test_a_border_against_land_of_the_parent_separates_the_child(town: Snapshot) -> None:
    facts = facts_of_border(town, between(town, oid(town, "A4-3"), oid(town, "A4")))

    assert facts.level == "micro_grid"
    assert set(facts.separated) == {named(town, "A4-3").uid, None}


def test_the_outer_border_is_locked_by_the_frame(town: Snapshot) -> None:
    border = next(
        b for b in town.partition.beside(OUTSIDE) if oid(town, "A1-1") in (b.left, b.right)
    )

    facts = facts_of_border(town, border)

    assert facts.is_outer
    assert facts.level == "district"
    assert facts.locks == (LockFact(LockKind.FRAME),)


def test_locks_of_a_border_and_of_an_area_around_it_are_told() -> None:
    store = small_town(has_frame=False)
    town = store.snapshot()
    border = between(town, oid(town, "A4-2"), oid(town, "B3"))
    inner = between(town, oid(town, "A1-1"), oid(town, "A1-2"))
    for number, (scope, target, reason) in enumerate(
        [("border", str(border.id), "已批准"), ("area", named(town, "B").uid, "生效中")]
    ):
        lock = BorderLock(f"l{number}", scope, target, reason, "虚构", "2026-01-01")
        store.rows["border_lock"][lock.uid] = lock
    town = store.snapshot()

    locks = facts_of_border(town, border).locks
    assert [lock.reason for lock in locks] == ["已批准", "生效中"]
    assert facts_of_border(town, inner).locks == ()


# Faces


@pytest.mark.parametrize(
    ("x", "y", "kind"),
    [
        (7.5, 2.5, FaceKind.GAP),
        (6.5, 2.5, FaceKind.EXEMPT),
        (5.5, 0.5, FaceKind.DISPUTE),
        (3.5, 3.5, FaceKind.REMAINDER),
        (4.5, 2.5, FaceKind.PLAIN),
        (0.5, 0.5, FaceKind.PLAIN),
    ],
)
def test_the_kind_of_a_face(town: Snapshot, x: float, y: float, kind: FaceKind) -> None:
    facts = facts_of_face(town, face_of_point(town, place(x, y)))

    assert facts.kind is kind


def test_land_of_a_divided_parent_is_a_gap(town: Snapshot) -> None:
    store = small_town()
    parent = named(town, "A4")
    store.rows["area"][parent.uid] = dataclasses.replace(parent, is_divided=True)

    assert face_kind(store.snapshot(), oid_of(parent.uid)) is FaceKind.GAP


def test_the_outside_is_no_land(town: Snapshot) -> None:
    assert face_kind(town, OUTSIDE) is FaceKind.OUTSIDE
    assert holder_of(town, OUTSIDE) == Holder(HolderKind.OUTSIDE)
    assert holder_of(town, NOBODY) == Holder(HolderKind.NOBODY)


def test_a_face_is_measured_exactly(town: Snapshot) -> None:
    facts = facts_of_face(town, face_of_point(town, place(7.5, 2.5)))

    assert facts.land_m2 == 100.0
    assert facts.width_m == pytest.approx(10.0, rel=0.02)
    assert shapely.box(*facts.box).equals(shapely.box(*place(7, 2), *place(8, 3)))
    assert shapely.box(*facts.box).contains(shapely.Point(facts.place))


def test_neighbours_may_take_a_gap_the_longest_border_first(town: Snapshot) -> None:
    takers = takers_of(town, face_of_point(town, place(7.5, 2.5)))

    # The lake and the outside are no areas.
    assert [(taker.area.name, taker.shared_m) for taker in takers] == [
        ("虚构B2", 10.0),
        ("虚构B4", 10.0),
    ]


def test_claimants_come_before_longer_borders(town: Snapshot) -> None:
    takers = takers_of(town, face_of_point(town, place(5.5, 0.5)))

    assert {taker.area.name for taker in takers[:2]} == {"虚构B1", "虚构B2"}
    assert [taker.is_claimant for taker in takers] == [True, True]
    assert {taker.area.name: taker.shared_m for taker in takers} == {"虚构B1": 20.0, "虚构B2": 10.0}


def test_children_of_the_parent_come_before_strangers(town: Snapshot) -> None:
    takers = takers_of(town, face_of_point(town, place(3.5, 3.5)))

    names = [taker.area.name for taker in takers]
    assert set(names[:2]) == {"虚构A4-2", "虚构A4-3"}
    assert names[2:] == ["虚构B3"]


# Places


def test_a_place_knows_the_areas_from_below_the_root_down(town: Snapshot) -> None:
    x, y = (
        value - origin / 1000 for value, origin in zip(place(0.5, 0.5), town.origin_mm, strict=True)
    )

    facts = facts_of_place(town, x, y)

    assert [area.name for area in facts.areas] == ["虚构A", "虚构A1", "虚构A1-1"]
    assert facts.border is None
    assert facts.border_m == 5.0
    assert facts.face is None
    assert chain_above(town, facts.areas[-1].uid)[0] == town.root.uid


def test_the_nearest_border_is_found_however_far(town: Snapshot) -> None:
    found = nearest_border(town.partition, -300_000, 5_000)

    assert found is not None
    border, metres = found
    assert metres == 300.0
    assert points_of(border)[:, 0].min() == 0
    assert nearest_border(town.partition, -3_000_000, 0) is None


# Coverage


def test_coverage_is_what_no_issue_of_land_is_about(town: Snapshot) -> None:
    issues = IssueBook.of(town).issues()

    # Of 3,100 m² without the lake 300 m² are a gap, a dispute and a remainder.
    assert coverage_of(town, issues, 0.0) == pytest.approx(1 - 300 / 3100)
    assert coverage_of(town, [], 31.0) == pytest.approx(0.99)


def test_without_land_nothing_is_covered() -> None:
    store = small_town(has_frame=False)
    for number in list(store.rows["border"]):
        del store.rows["border"][number]
    store.rows["dispute"].clear()

    assert coverage_of(store.snapshot(), [], 0.0) is None
