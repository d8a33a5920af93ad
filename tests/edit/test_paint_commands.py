from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.domain.model import Building, LineObject
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.paint_commands import Paint
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, box_m, document_on, named, place, small_town
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


def cells(document: Document, key: str) -> float:
    return document.snapshot.land_twice_mm2(uid(document, key)) / 2 / CELL_MM2


def test_paint_moves_micro_grids_to_another_grid_in_one_gesture(document: Document) -> None:
    points = [place(2.5, 0.5), place(2.5, 1.5), place(2.6, 1.6)]

    done = document.execute(Paint(uid(document, "A1"), points=points))

    facts = dict(done.change.told)
    assert facts["moved"] == [uid(document, "A2-1"), uid(document, "A2-3")]
    assert (facts["given"], facts["skipped"]) == (0, 0)
    assert (cells(document, "A1"), cells(document, "A2")) == (6.0, 2.0)
    assert document.undo().revision == 2
    assert cells(document, "A1") == 4.0


def test_paint_by_name(document: Document) -> None:
    document.execute(Paint(uid(document, "A1"), [uid(document, "A2-1"), uid(document, "A1-1")]))

    assert cells(document, "A1") == 5.0


def test_paint_gives_faces_of_the_same_level(document: Document) -> None:
    done = document.execute(Paint(uid(document, "A1-2"), points=[place(3.5, 3.5)]))

    assert dict(done.change.told)["given"] == 1
    assert cells(document, "A1-2") == 2.0


def test_paint_of_a_community_takes_whole_grids(document: Document) -> None:
    document.execute(Paint(uid(document, "B"), points=[place(3.5, 0.5)]))

    assert named(document.snapshot, "A2").parent == uid(document, "B")
    assert cells(document, "B") == 17.0


def test_paint_from_free_land_leaves_the_rest(document: Document) -> None:
    points = [place(3.5, 3.5), place(3.5, 2.5), place(7.5, 2.5)]

    done = document.execute(Paint(uid(document, "A4-1"), points=points, source="free"))

    assert dict(done.change.told)["skipped"] == 1
    assert cells(document, "A4-1") == 3.0
    assert document.snapshot.partition.own_twice_area(NOBODY) == 0


def test_paint_of_the_root_takes_nobodys_land(document: Document) -> None:
    document.execute(Paint(uid(document, "root"), points=[place(7.5, 2.5)], source="free"))

    root = oid_of(uid(document, "root"))
    assert document.snapshot.partition.own_twice_area(root) == 2 * CELL_MM2


def test_paint_from_named_areas_leaves_the_rest(document: Document) -> None:
    points = [place(2.5, 0.5), place(0.5, 2.5)]
    areas = [uid(document, "A3-2"), uid(document, "A2-2")]

    done = document.execute(Paint(uid(document, "A1"), areas, points, [uid(document, "A2")]))

    assert dict(done.change.told)["skipped"] == 2
    assert (cells(document, "A1"), cells(document, "A3")) == (6.0, 4.0)


def test_paint_never_takes_exempt_land(document: Document, refused: Refused) -> None:
    refusal = refused(document, Paint(uid(document, "B3"), points=[place(6.5, 2.5)]))

    assert refusal.code == "edit.nothing_to_take"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "edit.nothing_to_take"),
        ({"points": [place(0.5, 0.5)]}, "edit.nothing_to_take"),
        ({"points": [place(20, 0.5)]}, "edit.no_face"),
        ({"points": [place(2.5, 0.5)], "source": "some"}, "edit.bad_value"),
        ({"points": [place(2.5, 0.5)], "source": ["9"]}, "edit.unknown_area"),
        ({"areas": ["990101001002"]}, "edit.wrong_parent"),
        ({"points": [place(x + 0.5, y + 0.5) for x in (2, 3) for y in (0, 1)]},
         "edit.area_vanishes"),
    ],
)  # fmt: skip
def test_paint_refuses_what_makes_no_sense(
    document: Document, refused: Refused, more: dict[str, Any], code: str
) -> None:
    assert refused(document, Paint(uid(document, "A1"), **more)).code == code


def building_at(store: MemoryStore, x: float, y: float) -> str:
    at = [round(value * 1000) for value in place(x, y)]
    return str(next(b.uid for b in store.rows["building"].values() if [b.x_mm, b.y_mm] == at))


def test_paint_of_a_building_takes_the_micro_grid_it_stands_in(store: MemoryStore) -> None:
    document = document_on(store)

    done = document.execute(Paint(uid(document, "A1"), buildings=[building_at(store, 2.5, 0.5)]))

    assert dict(done.change.told) == {"moved": [uid(document, "A2-1")], "given": 0, "skipped": 0}
    assert cells(document, "A1") == 5.0


def test_paint_of_buildings_takes_the_land_nearer_to_them_than_to_others(
    store: MemoryStore,
) -> None:
    document = document_on(store)
    first = hash_of(document.snapshot)
    chosen = [building_at(store, 5.5, 2.5), building_at(store, 5.5, 3.5)]

    done = document.execute(Paint(uid(document, "B4"), buildings=chosen))

    assert dict(done.change.told) == {"moved": [], "given": 1, "skipped": 0}
    assert (cells(document, "B3"), cells(document, "B4")) == (2.0, 4.0)
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())
    document.undo()
    assert hash_of(document.snapshot) == first


def test_paint_of_all_buildings_of_a_face_takes_it_whole(store: MemoryStore) -> None:
    document = document_on(store)

    document.execute(Paint(uid(document, "A4-1"), buildings=[building_at(store, 3.5, 3.5)]))

    assert (cells(document, "A4-1"), cells(document, "A4")) == (2.0, 4.0)


def test_paint_of_the_last_building_of_an_area_is_refused(
    store: MemoryStore, refused: Refused
) -> None:
    document = document_on(store)
    chosen = [building_at(store, 6.5, 3.5), building_at(store, 7.5, 3.5)]

    refusal = refused(document, Paint(uid(document, "B3"), buildings=chosen))

    assert refusal.code == "edit.area_vanishes"


def test_a_cut_for_buildings_keeps_clear_of_their_footprints() -> None:
    store = small_town()
    wide = shapely.to_wkb(box_m(4.4, 2.4, 0.9, 0.2))
    long = next(b for b in store.rows["building"].values() if b.uid == building_at(store, 4.5, 2.5))
    store.rows["building"][long.uid] = Building(
        long.uid, long.x_mm, long.y_mm, long.households, footprint=wide
    )
    document = document_on(store)

    document.execute(Paint(uid(document, "B4"), buildings=[building_at(store, 5.5, 2.5)]))

    cut = [
        shapely.LineString(document.snapshot.place(np.frombuffer(b.points, "<i8").reshape(-1, 2)))
        for b in document.snapshot.partition
    ]
    assert not any(shapely.crosses(line, box_m(4.4, 2.4, 0.9, 0.2)) for line in cut)
    assert 0.4 < cells(document, "B4") - 2.0 < 0.95
    check_partition(document.snapshot)


def test_paint_of_buildings_leaves_an_island_in_their_face_alone(store: MemoryStore) -> None:
    document = document_on(store)
    island = [(4.9, 2.9), (5.1, 2.9), (5.1, 3.1), (4.9, 3.1), (4.9, 2.9)]
    document.execute(InsertLine([place(x, y) for x, y in island], "new", "keep"))

    document.execute(Paint(uid(document, "B4"), buildings=[building_at(store, 4.5, 2.5)]))

    assert cells(document, "B3") == pytest.approx(2.97)
    assert cells(document, "B4") == pytest.approx(2.99)
    check_partition(document.snapshot)


def test_paint_skips_buildings_of_others_and_refuses_unknown_ones(
    store: MemoryStore, refused: Refused
) -> None:
    document = document_on(store)
    chosen = [building_at(store, 4.5, 2.5), building_at(store, 0.5, 0.5)]

    done = document.execute(
        Paint(uid(document, "B4"), buildings=chosen, source=[uid(document, "B3")])
    )

    assert dict(done.change.told)["skipped"] == 1
    unknown = refused(document, Paint(uid(document, "B4"), buildings=["9"]))
    assert unknown.code == "edit.unknown_building"


def with_road(store: MemoryStore, *places: tuple[float, float], kind: str = "road") -> None:
    line = shapely.to_wkb(shapely.LineString([place(x, y) for x, y in places]))
    # The roads that the town has of its own are left out.
    ours = {k: v for k, v in store.rows["line_object"].items() if str(k).startswith("road-")}
    store.rows["line_object"] = ours
    number = len(ours)
    road = LineObject(f"road-{number}", kind, "虚构路", line=line)
    store.rows["line_object"][road.uid] = road


def test_paint_of_a_block_takes_what_lies_between_border_and_roads(store: MemoryStore) -> None:
    with_road(store, (5.25, 1.5), (5.25, 5))
    with_road(store, (3, 3.5), (5.25, 3.5))
    with_road(store, (4.5, 2.2), (4.5, 2.8))  # ends on both sides within the land
    document = document_on(store)

    done = document.execute(Paint(uid(document, "B4"), blocks=[place(5.5, 2.5)]))

    assert dict(done.change.told)["given"] == 1
    assert cells(document, "B4") == pytest.approx(2 + 0.75 * 2)
    document.execute(Paint(uid(document, "B4"), blocks=[place(4.5, 3.9)]))
    assert cells(document, "B3") == pytest.approx(1.25 * 1.5)
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_a_block_without_roads_is_the_whole_face(store: MemoryStore, refused: Refused) -> None:
    store.rows["line_object"].clear()
    document = document_on(store)
    refusal = refused(document, Paint(uid(document, "B4"), blocks=[place(4.5, 2.5)]))

    assert refusal.code == "edit.area_vanishes"
