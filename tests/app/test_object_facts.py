"""What is said of one building, compound or road."""

from __future__ import annotations

import pytest

from gridadmin.app.demo import write_demo
from gridadmin.app.object_facts import ObjectFacts, Share, facts_of_object, shape_of
from gridadmin.app.session import Session
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    with Session.open(folder / "demo.gpkg", write=False) as session:
        return session.snapshot


def facts(city: Snapshot, table: str, name: str) -> ObjectFacts:
    rows = city.rows(table)
    uid = next(uid for uid in sorted(rows) if rows[uid].name == name)
    known = facts_of_object(city, table, uid)
    assert known is not None
    return known


def names(city: Snapshot, shares: tuple[Share, ...]) -> list[tuple[str, int]]:
    return [(city.area(share.holder.uid).name, round(share.size)) for share in shares]


def test_a_compound_tells_households_land_and_in_whose_areas_it_lies(city: Snapshot) -> None:
    known = facts(city, "compound", "天地聚居点")

    assert (known.kind, known.type) == ("compound", "rural")
    assert (known.buildings, known.households) == (111, 228)
    assert names(city, known.shares) == [
        ("01-05微网格", 18305),
        ("01-04微网格", 11797),
        ("01-01微网格", 11023),
        ("01-07微网格", 9334),
    ]
    assert round(known.land_m2 or 0) == sum(size for _, size in names(city, known.shares))
    # Several micro-grids may share a compound; several grids should not, and these don't.
    assert known.cut is None


def test_a_building_tells_whose_it_is(city: Snapshot) -> None:
    known = facts(city, "building", "天地聚居点1号")

    assert (known.households, known.floors) == (2, 2)
    assert [name for name, _ in names(city, known.shares)] == ["01-01微网格"]


def test_a_road_tells_its_length_and_whose_borders_it_follows(city: Snapshot) -> None:
    known = facts(city, "line_object", "天地巷")

    assert (known.kind, known.type, round(known.length_m or 0)) == ("road", "lane", 1033)
    beside = {city.area(one.uid).name for pair in known.along for one in pair}
    assert {"01-05微网格", "01-07微网格"} <= beside


def test_a_lake_has_land_and_no_length(city: Snapshot) -> None:
    lake = next(one for one in Ground.of(city).waters.objects if one.kind == "lake")
    known = facts_of_object(city, "line_object", lake.uid)

    assert known is not None
    assert known.length_m is None
    assert (known.land_m2 or 0) > 10_000


def test_nothing_is_said_of_what_is_not_there(city: Snapshot) -> None:
    assert facts_of_object(city, "building", "gone") is None
    assert facts_of_object(city, "compound", "gone") is None
    assert facts_of_object(city, "line_object", "gone") is None
    assert facts_of_object(city, "area", "gone") is None
    assert shape_of(city, "line_object", "gone") is None
