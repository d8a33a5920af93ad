"""Outlines of compounds, buildings and blocks taken as areas, or given to one."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.domain.model import Building, Compound, LineObject
from gridadmin.edit.document import Document
from gridadmin.edit.outline_commands import DrawOutline, GiveOutline, OutlineOf
from gridadmin.edit.script import ScriptReader
from tests.edit.conftest import Refused
from tests.helpers.projects import ORIGIN_MM, MemoryStore, box_m, document_on, named, place
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


def wkb(shape: shapely.Geometry) -> bytes:
    blob: bytes = shapely.to_wkb(shape, byte_order=1)
    return blob


def road(uid: str, *points: tuple[float, float]) -> LineObject:
    line = shapely.LineString([place(x, y) for x, y in points])
    return LineObject(uid, "road", None, "side", wkb(line))


@pytest.fixture
def store(store: MemoryStore) -> MemoryStore:
    """The small town with a compound in B4, one drawn 40 cm off the borders of B1, and roads."""
    compounds = (
        Compound("c-1", "虚构花园", "old", None, wkb(box_m(6.2, 3.2, 0.6, 0.6))),
        Compound("c-2", "虚构新村", None, None, wkb(box_m(4.04, 1.04, 0.94, 0.92))),
        Compound("c-3", "没有范围"),
    )
    store.rows["line_object"].clear()
    for compound in compounds:
        store.rows["compound"][compound.uid] = compound
    house = Building("h-1", ORIGIN_MM[0] + 65_000, ORIGIN_MM[1] + 35_000, name="虚构楼")
    store.rows["building"][house.uid] = house
    for line in (
        road("r-1", (2.5, -1), (2.5, 5)),
        road("r-2", (3.5, -1), (3.5, 5)),
        road("r-3", (-1, 0.5), (9, 0.5)),
        road("r-4", (-1, 1.5), (9, 1.5)),
    ):
        store.rows["line_object"][line.uid] = line
    return store


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


def cells(document: Document, area: str) -> float:
    return document.snapshot.land_twice_mm2(area) / 2 / CELL_MM2


def told(done: Any, name: str) -> Any:
    return dict(done.change.told)[name]


def test_compound_becomes_a_grid_that_bears_its_name(store: MemoryStore) -> None:
    document = document_on(store)
    before = hash_of(document.snapshot)
    parent, giver = uid(document, "B"), uid(document, "B4")

    done = document.execute(DrawOutline(OutlineOf("compound", "c-1"), "grid", parent, take=[giver]))

    (row,) = told(done, "created")
    area = document.snapshot.area(row["uid"])
    assert (area.name, area.level, area.parent, area.land) == ("虚构花园", "grid", parent, "drawn")
    assert cells(document, area.uid) == pytest.approx(0.36)
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())
    document.undo()
    assert hash_of(document.snapshot) == before


def test_outline_follows_borders_that_are_near(store: MemoryStore) -> None:
    document = document_on(store)
    parent, giver = uid(document, "B"), uid(document, "B1")

    done = document.execute(DrawOutline(OutlineOf("compound", "c-2"), "grid", parent, take=[giver]))

    (row,) = told(done, "created")
    # 40 cm beside the borders on three sides: no slivers are left there.
    assert cells(document, row["uid"]) == pytest.approx(1.0, abs=0.01)
    check_partition(document.snapshot)


def test_land_of_a_compound_is_given_to_an_area(store: MemoryStore) -> None:
    document = document_on(store)
    to, giver = uid(document, "B3"), uid(document, "B4")
    before = cells(document, to)

    done = document.execute(GiveOutline(OutlineOf("compound", "c-1"), to, [giver]))

    assert cells(document, to) == pytest.approx(before + 0.36)
    assert [(row["uid"], row["land_m2"]) for row in told(done, "taken")] == [
        (giver, pytest.approx(36))
    ]
    check_partition(document.snapshot)


def test_block_between_roads_becomes_an_area(store: MemoryStore) -> None:
    document = document_on(store)
    parent = uid(document, "A")
    outline = OutlineOf("block", point=place(3, 1))

    done = document.execute(DrawOutline(outline, "grid", parent, take=[uid(document, "A2")]))

    (row,) = told(done, "created")
    assert cells(document, row["uid"]) == pytest.approx(1.0)
    check_partition(document.snapshot)


@pytest.mark.parametrize(
    ("outline", "code"),
    [
        (OutlineOf("compound", "c-3"), "edit.no_outline"),
        (OutlineOf("compound", "nobody"), "edit.no_outline"),
        (OutlineOf("building", "h-1"), "edit.no_outline"),
        (OutlineOf("block", point=place(20, 20)), "edit.no_block"),
        (OutlineOf("block"), "edit.bad_value"),
        (OutlineOf("street", "x"), "edit.bad_value"),
    ],
)
def test_what_has_no_outline_is_refused(
    store: MemoryStore, refused: Refused, outline: OutlineOf, code: str
) -> None:
    document = document_on(store)
    command = DrawOutline(outline, "grid", uid(document, "B"))

    assert refused(document, command).code == code


def test_nothing_is_taken_from_who_was_not_named(store: MemoryStore, refused: Refused) -> None:
    document = document_on(store)
    command = GiveOutline(OutlineOf("compound", "c-1"), uid(document, "B3"))

    assert refused(document, command).code == "edit.nothing_to_take"


def test_root_has_nobody_to_take_from(store: MemoryStore, refused: Refused) -> None:
    document = document_on(store)
    command = GiveOutline(OutlineOf("compound", "c-1"), uid(document, "root"))

    assert refused(document, command).code == "edit.no_sibling"


def read(line: dict[str, Any]) -> Any:
    def no_issue(_: str) -> tuple[float, float]:
        raise EditError("edit.bad_value", field="issue", value="")

    return ScriptReader(no_issue).read(json.dumps(line))


def test_lines_name_an_outline_instead_of_a_polygon() -> None:
    compound = {"table": "compound", "uid": "c-1"}
    block = {"table": "block", "point": [1, 2]}

    drawn = read({"do": "draw", "outline": compound, "level": "grid", "parent": "P", "take": "all"})
    given = read({"do": "draw", "outline": block, "to": "T", "take": ["X"]})

    assert drawn == DrawOutline(OutlineOf("compound", "c-1"), "grid", "P", take="all")
    assert given == GiveOutline(OutlineOf("block", None, (1, 2)), "T", ["X"])
    with pytest.raises(EditError) as refusal:
        read({"do": "draw", "outline": "compound", "to": "T"})
    assert refusal.value.code == "edit.bad_value"
