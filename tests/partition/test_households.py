from __future__ import annotations

from dataclasses import replace

import pytest

from gridadmin.base.ids import OUTSIDE, oid_of
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Building, StackedPart
from gridadmin.edit.land_commands import Give
from gridadmin.partition.faces import faces_of
from gridadmin.partition.figures import households_of, typed_beside
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import ORIGIN_MM, MemoryStore, document_on, named, place, small_town


@pytest.fixture
def store() -> MemoryStore:
    return small_town()


@pytest.fixture
def town(store: MemoryStore) -> Snapshot:
    return store.snapshot()


def at(x: float, y: float, households: int = 5) -> Building:
    """Return a building at a place given in cells of the town."""
    return Building(
        "b-new", ORIGIN_MM[0] + round(x * 10_000), ORIGIN_MM[1] + round(y * 10_000), households
    )


def holder(store: MemoryStore, building: Building) -> str:
    store.rows["building"][building.uid] = building
    town = store.snapshot()
    owner = town.counts.owner_of(building.uid)
    area = town.owning_area(owner)
    return "outside" if owner == OUTSIDE else "none" if area is None else area.name[2:]


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [
        (0.5, 0.5, "A1-1"),
        (6.5, 2.5, "none"),
        (7.5, 2.5, "none"),
        (9.0, 1.0, "outside"),
        (1.0, 0.5, "A1-1"),
        (0.5, 1.0, "A1-3"),
        (1.0, 1.0, "A1-3"),
        (4.0, 3.0, "A4"),
    ],
)
def test_building_belongs_to_the_face_that_holds_its_point(
    store: MemoryStore, x: float, y: float, name: str
) -> None:
    assert holder(store, at(x, y)) == name


def test_households_of_a_parent_are_those_of_all_below(town: Snapshot) -> None:
    counts = town.counts
    a1 = named(town, "A1")

    children = [counts.households_of(oid_of(child.uid)) for child in town.children(a1.uid)]
    assert counts.households_of(oid_of(a1.uid)) == sum(children) == 0 + 1 + 1 + 2 + 30 + 9
    assert counts.buildings_of(oid_of(a1.uid)) == 6
    assert len(counts) == 34


def test_building_that_moves_is_counted_where_it_stands(town: Snapshot) -> None:
    old = next(b for b in town.rows("building").values() if b.households == 30)
    assert town.counts.building(old.uid) == old
    new = replace(old, x_mm=at(7.5, 0.5).x_mm, y_mm=at(7.5, 0.5).y_mm, households=31)

    after = town.applied(Change("", (RowChange("building", old, new),)), 1)

    b2, a1 = (oid_of(named(town, key).uid) for key in ("B2", "A1"))
    assert after.counts.households_of(b2) == town.counts.households_of(b2) + 31
    assert after.counts.households_of(a1) == town.counts.households_of(a1) - 30
    assert after.counts.building(old.uid) == new


def test_many_buildings_at_once_are_counted_afresh(
    town: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridadmin.partition.households._MANY", 1)
    rows = [RowChange("building", b, None) for b in town.rows("building").values()]
    assert len(town.counts) == 34

    after = town.applied(Change("", tuple(rows[:-1])), 1)

    assert len(after.counts) == 1
    assert town.applied(Change("", tuple(rows)), 1).counts.buildings_of(OUTSIDE) == 0


def test_buildings_of_single_faces_add_up_to_those_of_their_owner(store: MemoryStore) -> None:
    # B4 gets a second face elsewhere; one building stands on a border.
    document = document_on(store)
    document.execute(Give(place(3.5, 3.5), named(document.snapshot, "B4").uid))
    town = document.snapshot
    counts = town.counts

    found = {}
    for oid in town.partition.owners() - {OUTSIDE}:
        faces = [counts.in_face(town.partition, face) for face in faces_of(town.partition, oid)]
        found[oid] = sum(count for count, _ in faces), sum(homes for _, homes in faces)

    standing: dict[int, tuple[int, int]] = dict.fromkeys(found, (0, 0))
    for building in town.rows("building").values():
        oid = counts.owner_of(building.uid)
        count, homes = standing[oid]
        standing[oid] = count + 1, homes + building.households
    assert found == standing
    assert found[oid_of(named(town, "A1-3").uid)] == (2, 10)
    b4 = faces_of(town.partition, oid_of(named(town, "B4").uid))
    assert sorted(counts.in_face(town.partition, face) for face in b4) == [(1, 6), (2, 19)]


def test_counted_households_come_before_typed_ones(town: Snapshot) -> None:
    assert households_of(town, named(town, "A1")) == (43, "counted")


def test_typed_households_count_where_no_building_stands(store: MemoryStore) -> None:
    store.rows["building"].clear()
    town = store.snapshot()

    assert households_of(town, named(town, "A1")) == (400, "typed")
    assert households_of(town, replace(named(town, "A1"), is_stale=True)) == (400, "stale")
    assert households_of(town, named(town, "A1-1")) == (None, "unknown")


def test_stacked_households_are_those_of_entrances_and_floors(town: Snapshot) -> None:
    assert households_of(town, named(town, "A1-5")) == (15, "counted")
    assert households_of(town, named(town, "A1-6")) == (7, "counted")


@pytest.mark.parametrize(
    ("floors", "households"),
    [((1, 10), 30), ((6, 10), 15), ((-1, 3), 9), ((9, 20), 6), ((None, 5), 15), ((6, None), 15)],
)
def test_floors_share_the_households_of_a_building_evenly(
    store: MemoryStore, floors: tuple[int | None, int | None], households: int
) -> None:
    uid = named(store.snapshot(), "A1-5").uid
    tower = next(b for b in store.rows["building"].values() if b.households == 30)
    store.rows["stacked_part"] = {"p": StackedPart("p", uid, tower.uid, None, *floors)}
    town = store.snapshot()

    assert households_of(town, named(town, "A1-5")) == (households, "counted")


def test_stacked_part_of_a_building_that_is_gone_counts_nothing(store: MemoryStore) -> None:
    store.rows["building"] = {
        uid: b for uid, b in store.rows["building"].items() if b.households != 30
    }
    town = store.snapshot()

    assert households_of(town, named(town, "A1-5")) == (0, "counted")


def test_stacked_area_without_parts_is_unknown(store: MemoryStore) -> None:
    store.rows["stacked_part"].clear()
    town = store.snapshot()

    assert households_of(town, named(town, "A1-5")) == (None, "unknown")


def test_typed_figure_that_differs_from_the_buildings_is_told_beside_them(
    store: MemoryStore,
) -> None:
    grid = named(store.snapshot(), "B3")
    store.rows["area"][grid.uid] = replace(grid, households_typed=7)
    town = store.snapshot()
    counted, state = households_of(town, town.area(grid.uid))
    assert (state, counted != 7) == ("counted", True)
    assert typed_beside(town, town.area(grid.uid)) == 7

    store.rows["area"][grid.uid] = replace(grid, households_typed=counted)
    assert typed_beside(store.snapshot(), store.snapshot().area(grid.uid)) is None


def test_typed_figure_alone_stands_beside_nothing(store: MemoryStore) -> None:
    store.rows["building"].clear()
    town = store.snapshot()
    assert typed_beside(town, named(town, "B3")) is None
