from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import shapely

from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Building, Compound, LineObject
from gridadmin.edit.land_commands import Give
from gridadmin.partition.ground import Ground, is_kept
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import (
    ORIGIN_MM,
    MemoryStore,
    box_m,
    document_on,
    named,
    place,
    small_town,
)


def line(*points: tuple[float, float]) -> shapely.LineString:
    """Return a line through places given in cells of the town."""
    return shapely.LineString([place(x, y) for x, y in points])


def wkb(shape: shapely.Geometry) -> bytes:
    blob: bytes = shapely.to_wkb(shape, byte_order=1)
    return blob


ROAD = LineObject("l-road", "road", "人民路", "main", wkb(line((0, 1), (8, 1))))
TWO_LANES = LineObject(
    "l-lane",
    "road",
    None,
    "lane",
    wkb(shapely.MultiLineString([line((0, 3), (1, 3)), line((2, 3), (3, 3))])),
)
RAIL = LineObject("l-rail", "railway", "虚构铁路", None, wkb(line((5, 0), (5, 4))))
LAKE = LineObject(
    "l-lake", "lake", "虚构湖", None, wkb(box_m(6, 2, 1, 1).difference(box_m(6.4, 2.4, 0.2, 0.2)))
)
BROKEN = LineObject("l-broken", "road", "坏", None, b"\x01\x02")
EMPTY = LineObject("l-empty", "road", "空")
HOUSE = Building(
    "h-1",
    ORIGIN_MM[0] + 5_000,
    ORIGIN_MM[1] + 5_000,
    12,
    compound="c-1",
    name="虚构1幢",
    footprint=wkb(box_m(0.25, 0.25, 0.5, 0.5)),
)
ESTATE = Compound("c-1", "虚构小区", "老旧小区", None, wkb(box_m(0, 0, 2, 1)))


def town_with(*records: Any) -> tuple[MemoryStore, Snapshot]:
    store = small_town()
    store.rows["building"].clear()
    store.rows["line_object"].clear()
    store.rows["entrance"].clear()
    store.rows["stacked_part"].clear()
    for record in records:
        table = {LineObject: "line_object", Building: "building", Compound: "compound"}
        store.rows[table[type(record)]][record.uid] = record
    return store, store.snapshot()


def uids(found: Sequence[Any]) -> list[str]:
    return [item.uid for item in found]


def test_lines_are_found_near_a_place_in_local_metres() -> None:
    _, town = town_with(ROAD, TWO_LANES, RAIL)
    (road,) = Ground.of(town).lines_near((0, 9, 1, 11))
    assert (road.uid, road.kind, road.name, road.road_class) == (
        "l-road",
        "road",
        "人民路",
        "main",
    )
    assert road.points.tolist() == [[0, 10], [80, 10]]
    assert not road.is_shore


def test_a_box_beside_a_slanting_line_finds_nothing_though_their_boxes_meet() -> None:
    slanting = replace(ROAD, line=wkb(line((0, 0), (4, 4))))
    _, town = town_with(slanting)
    assert Ground.of(town).lines_near((30, 0, 40, 10)) == []


def test_lines_are_found_by_kind() -> None:
    _, town = town_with(ROAD, TWO_LANES, RAIL)
    everything = (0, 0, 80, 40)
    ground = Ground.of(town)
    assert uids(ground.lines_near(everything)) == ["l-lane", "l-lane", "l-rail", "l-road"]
    assert uids(ground.lines_near(everything, {"railway"})) == ["l-rail"]


def test_a_lake_gives_its_shores() -> None:
    _, town = town_with(LAKE)
    shores = Ground.of(town).lines_near((0, 0, 80, 40))
    assert uids(shores) == ["l-lake", "l-lake"]
    assert all(shore.is_shore for shore in shores)
    outer, island = (min(shore.points.tolist()) for shore in shores)
    assert outer == [60, 20]
    assert island == pytest.approx([64, 24])


def test_lines_that_are_absent_or_broken_are_left_out() -> None:
    _, town = town_with(BROKEN, EMPTY, ROAD)
    assert uids(Ground.of(town).lines_near((0, 0, 80, 40))) == ["l-road"]


def test_building_is_found_by_its_footprint_and_knows_its_point() -> None:
    _, town = town_with(HOUSE, ESTATE)
    (house,) = Ground.of(town).buildings_in((2.6, 2.6, 3, 3))
    assert house.point == (5, 5)
    assert house.footprint is not None
    assert sorted(house.footprint[:4].tolist()) == [[2.5, 2.5], [2.5, 7.5], [7.5, 2.5], [7.5, 7.5]]
    assert (house.households, house.compound, house.name) == (12, "c-1", "虚构1幢")
    assert Ground.of(town).buildings_in((8, 8, 9, 9)) == []


def test_building_without_footprint_is_found_at_its_point() -> None:
    _, town = town_with(replace(HOUSE, footprint=None))
    (house,) = Ground.of(town).buildings_in((4, 4, 6, 6))
    assert house.footprint is None
    assert Ground.of(town).buildings_in((2, 2, 4, 4)) == []


def test_building_of_several_parts_shows_the_largest() -> None:
    parts = shapely.MultiPolygon([box_m(0, 0, 0.1, 0.1), box_m(0.25, 0.25, 0.5, 0.5)])
    _, town = town_with(replace(HOUSE, footprint=wkb(parts)))
    (house,) = Ground.of(town).buildings_in((4, 4, 6, 6))
    assert house.footprint is not None
    assert house.footprint.max(axis=0).tolist() == [7.5, 7.5]


def test_compound_gives_its_rings_and_type() -> None:
    ring = box_m(0, 0, 2, 1).difference(box_m(0.5, 0.5, 0.1, 0.1))
    _, town = town_with(replace(ESTATE, outline=wkb(ring)), Compound("c-2", "没有范围"))
    (estate,) = Ground.of(town).compounds_in((1, 1, 2, 2))
    assert (estate.uid, estate.name, estate.type) == ("c-1", "虚构小区", "老旧小区")
    assert [len(ring) for ring in estate.rings] == [5, 5]


def test_compound_of_several_parts_gives_the_rings_of_all() -> None:
    parts = shapely.MultiPolygon([box_m(0, 0, 2, 1), box_m(5, 0, 1, 1)])
    _, town = town_with(replace(ESTATE, outline=wkb(parts)))
    (estate,) = Ground.of(town).compounds_in((0, 0, 9, 9))
    assert [len(ring) for ring in estate.rings] == [5, 5]


def test_ground_is_kept_while_other_tables_change() -> None:
    store, town = town_with(ROAD, HOUSE, ESTATE)
    ground = Ground.of(town)
    document = document_on(store)
    first = document.snapshot
    before = Ground.of(first)
    document.execute(Give(place(7.5, 2.5), named(first, "B4").uid))
    after = Ground.of(document.snapshot)
    assert document.snapshot is not first
    assert after.lines is before.lines
    assert after.buildings is before.buildings
    assert after.compounds is before.compounds
    assert ground.lines is not before.lines


def test_only_the_table_that_changed_is_indexed_anew() -> None:
    _, town = town_with(ROAD, HOUSE, ESTATE)
    before = Ground.of(town)
    moved = replace(HOUSE, households=13)
    later = town.applied(Change("made_up", (RowChange("building", HOUSE, moved),)), 1)
    after = Ground.of(later)
    assert [b.households for b in after.buildings_in((0, 0, 10, 10))] == [13]
    assert [b.households for b in before.buildings_in((0, 0, 10, 10))] == [12]
    assert after.lines is before.lines
    assert after.compounds is before.compounds


def test_ground_that_was_never_asked_for_is_not_at_hand() -> None:
    _, town = town_with(ROAD)
    assert not is_kept(town)
    Ground.of(town)
    assert is_kept(town)


def test_project_without_reference_objects_has_an_empty_ground() -> None:
    _, town = town_with()
    ground = Ground.of(town)
    everything = (0, 0, 80, 40)
    assert ground.lines_near(everything) == []
    assert ground.buildings_in(everything) == []
    assert ground.compounds_in(everything) == []
