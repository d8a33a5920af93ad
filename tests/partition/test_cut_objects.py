from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import shapely

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Building, Compound
from gridadmin.edit.command import Command
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.cut_objects import (
    Cut,
    CutChange,
    cut_buildings,
    cut_change,
    cut_compounds,
)
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import (
    MemoryStore,
    box_m,
    document_on,
    named,
    place,
    small_town,
)


def house(uid: str, x: float, y: float, width: float, height: float) -> Building:
    """Return a building whose south-west corner and size are given in cells of the town."""
    shape = box_m(x, y, width, height)
    return Building(
        uid,
        round(shape.centroid.x * 1000),
        round(shape.centroid.y * 1000),
        24,
        name=f"虚构{uid}",
        footprint=shapely.to_wkb(shape, byte_order=1),
    )


def estate(uid: str, x: float, y: float, width: float, height: float) -> Compound:
    outline = shapely.to_wkb(box_m(x, y, width, height), byte_order=1)
    return Compound(uid, f"虚构小区{uid}", "old", None, outline)


def town(*records: Building | Compound) -> MemoryStore:
    store = small_town()
    for table in ("building", "entrance", "stacked_part"):
        store.rows[table].clear()
    for record in records:
        store.rows["building" if isinstance(record, Building) else "compound"][record.uid] = record
    return store


def uids(cuts: Sequence[Cut]) -> list[str]:
    return [cut.uid for cut in cuts]


def change_of(store: MemoryStore, command: Command) -> CutChange:
    done = document_on(store).preview(command)
    changes = [(row.before, row.after) for row in done.change.of("border")]
    return cut_change(done.before, done.after, changes)


def test_building_across_a_border_is_cut_and_one_beside_it_is_not() -> None:
    snapshot = town(
        house("across", 0.5, 0.2, 1, 0.5), house("beside", 0.2, 0.2, 0.5, 0.5)
    ).snapshot()
    (cut,) = cut_buildings(snapshot)
    assert (cut.table, cut.uid, cut.name, cut.households) == (
        "building",
        "across",
        "虚构across",
        24,
    )
    assert cut.owners == tuple(sorted(oid_of(named(snapshot, key).uid) for key in ("A1-1", "A1-2")))
    assert cut.point == pytest.approx((10, 4.5))
    (border,) = cut.borders
    assert {snapshot.partition.border(border).left, snapshot.partition.border(border).right} == set(
        cut.owners
    )


@pytest.mark.parametrize(("inside_m", "is_cut"), [(0.0, False), (0.4, False), (0.7, True)])
def test_border_along_a_wall_cuts_nothing(inside_m: float, is_cut: bool) -> None:
    snapshot = town(house("h", 0.5, 0.2, 0.5 + inside_m / 10, 0.5)).snapshot()
    assert bool(cut_buildings(snapshot)) is is_cut


def test_building_known_as_a_point_is_never_cut() -> None:
    point = replace(house("h", 0.5, 0.2, 1, 0.5), footprint=None)
    assert cut_buildings(town(point).snapshot()) == []


def test_the_frame_and_disputed_land_cut_nothing() -> None:
    snapshot = town(
        house("frame", -0.5, 0.2, 1, 0.5), house("dispute", 4.5, 0.2, 1, 0.5)
    ).snapshot()
    assert cut_buildings(snapshot) == []


def test_exempt_land_and_land_of_nobody_cut_a_building() -> None:
    snapshot = town(house("lake", 5.5, 2.2, 1, 0.5), house("gap", 7.2, 1.5, 0.5, 1)).snapshot()
    assert sorted(uids(cut_buildings(snapshot))) == ["gap", "lake"]


def test_compound_may_hold_several_micro_grids_but_lies_in_one_grid() -> None:
    snapshot = town(
        estate("micro", 0.2, 0.2, 1.5, 1.5), estate("grid", 1.5, 2.2, 1, 0.5)
    ).snapshot()
    (cut,) = cut_compounds(snapshot)
    assert (cut.table, cut.uid, cut.households) == ("compound", "grid", 0)


def test_compound_may_reach_over_a_border_by_the_width_of_a_fence() -> None:
    assert cut_compounds(town(estate("c", 1.2, 2.2, 0.95, 0.5)).snapshot()) == []
    assert uids(cut_compounds(town(estate("c", 1.2, 2.2, 1.05, 0.5)).snapshot())) == ["c"]


def test_only_the_asked_borders_are_looked_at() -> None:
    snapshot = town(house("a", 0.5, 0.2, 1, 0.5), house("b", 2.5, 0.2, 1, 0.5)).snapshot()
    assert uids(cut_buildings(snapshot)) == ["a", "b"]
    border = next(row for row in snapshot.partition if row.id in cut_buildings(snapshot)[1].borders)
    assert uids(cut_buildings(snapshot, [border])) == ["b"]


def test_change_tells_what_it_cuts_and_what_it_leaves_whole() -> None:
    store = town(house("old", 1.2, 0.2, 1, 0.5), house("new", 4.6, 2.4, 0.7, 0.3))
    found = change_of(store, InsertLine((place(3.9, 2.5), place(6.1, 2.5)), "new", "keep"))
    assert uids(found.new) == ["new"]
    assert uids(found.of("building")) == ["new"]
    assert found.of("compound") == ()
    assert found.healed == ()


def test_merge_heals_what_the_border_cut() -> None:
    store = town(house("h", 0.5, 0.2, 1, 0.5))
    snapshot = store.snapshot()
    pair = (named(snapshot, "A1-1").uid, named(snapshot, "A1-2").uid)
    found = change_of(store, Merge(pair))
    assert found.new == ()
    assert uids(found.healed) == ["h"]


def test_border_that_was_cutting_before_is_not_told_again() -> None:
    store = town(house("h", 4.5, 1.8, 1, 0.5))
    found = change_of(store, Move(place(4, 2), place(3.9, 2.05)))
    assert uids(cut_buildings(store.snapshot())) == ["h"]
    assert found == CutChange()


def test_change_without_borders_cuts_nothing() -> None:
    snapshot: Snapshot = town(house("h", 0.5, 0.2, 1, 0.5)).snapshot()
    assert cut_change(snapshot, snapshot, []) == CutChange()
