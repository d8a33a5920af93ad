from __future__ import annotations

from typing import Any

import pytest

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.model import Area
from gridadmin.edit.document import Document, Done
from gridadmin.edit.draw_commands import Draw
from gridadmin.edit.land_commands import Give
from gridadmin.edit.merge_commands import Merge
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named, place, small_town
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


def cells(document: Document, area: str) -> float:
    return document.snapshot.land_twice_mm2(area) / 2 / CELL_MM2


def box(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
    return [place(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]


def created(document: Document, done: Done) -> Area:
    (row,) = dict(done.change.told)["created"]
    return document.snapshot.area(row["uid"])


def taken(done: Done) -> dict[str | None, float]:
    return {row["uid"]: row["land_m2"] for row in dict(done.change.told)["taken"]}


def test_draw_takes_only_free_land_unless_told(store: MemoryStore) -> None:
    document = document_on(store)
    parent = uid(document, "A4")

    done = document.execute(Draw(box(2.5, 3.2, 5, 3.8), "micro_grid", parent))

    fresh = created(document, done)
    assert cells(document, fresh.uid) == 0.6
    assert (fresh.code, fresh.name) == ("99010100100100404", "新微网格99010100100100404")
    assert (fresh.parent, fresh.land) == (parent, "drawn")
    assert taken(done) == {parent: 60.0}
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_draw_takes_what_nobody_holds(document: Document) -> None:
    done = document.execute(Draw(box(6.5, 1.5, 8, 2.5), "grid", uid(document, "B")))

    assert cells(document, created(document, done).uid) == 0.5
    assert taken(done) == {None: 50.0}
    assert document.snapshot.partition.own_twice_area(NOBODY) == CELL_MM2


def test_draw_takes_from_the_areas_named(document: Document) -> None:
    parent, giver = uid(document, "B"), uid(document, "B3")

    done = document.execute(Draw(box(3.5, 2.5, 4.5, 4.5), "grid", parent, "990101001002050",
                                 "虚构校园", [giver]))  # fmt: skip

    fresh = created(document, done)
    assert (fresh.code, fresh.name) == ("990101001002050", "虚构校园")
    assert (cells(document, fresh.uid), cells(document, giver)) == (0.75, 3.25)
    assert taken(done) == {giver: 75.0}
    assert document.snapshot.has_frame
    check_partition(document.snapshot)


def test_draw_takes_whole_areas_below_an_area_named(document: Document, refused: Refused) -> None:
    parent = uid(document, "A")
    command = Draw(box(2, 0, 3.5, 1), "grid", parent, take=[uid(document, "A2")])

    assert refused(document, command).code == "edit.area_vanishes"


def test_draw_takes_from_all_but_exempt_land_and_other_parents(document: Document) -> None:
    done = document.execute(Draw(box(3, 1.5, 7.5, 2.5), "grid", uid(document, "B"), take="all"))

    fresh = created(document, done)
    # 4 cells wide less the lake, half a cell above and below; nobody's cell too.
    assert cells(document, fresh.uid) == 3.5 - 0.5
    assert cells(document, uid(document, "A")) == 16.0
    assert len(document.snapshot.rows("exempt")) == 1
    check_partition(document.snapshot)


def test_draw_along_borders_takes_the_face_between_them(document: Document) -> None:
    done = document.execute(Draw(box(3, 3, 4, 4), "micro_grid", uid(document, "A4")))

    assert cells(document, created(document, done).uid) == 1.0
    assert document.snapshot.partition.own_twice_area(oid_of(uid(document, "A4"))) == 0


def test_an_island_is_cut_out_and_merged_back(store: MemoryStore) -> None:
    document = document_on(store)
    area = uid(document, "B3")
    first = hash_of(document.snapshot)
    school = Draw(box(4.4, 2.4, 4.6, 2.6)[::-1], "grid", uid(document, "B"), name="示例学校",
                  take=[area], kind="exclusive", exclusive_type="school")  # fmt: skip

    fresh = created(document, document.execute(school))
    assert (fresh.kind, fresh.exclusive_type) == ("exclusive", "school")
    assert (fresh.code, cells(document, fresh.uid)) == ("990101001002901", 0.04)
    check_partition(document.snapshot)

    document.execute(Merge([area, fresh.uid]))
    assert hash_of(document.snapshot) == first
    check_same(document.snapshot, store.snapshot())


def test_an_island_can_t_be_given_back_whole_without_a_merge(
    document: Document, refused: Refused
) -> None:
    area = uid(document, "B3")
    document.execute(Draw(box(4.4, 2.4, 4.6, 2.6), "grid", uid(document, "B"), take=[area]))

    assert refused(document, Give(place(4.5, 2.5), area)).code == "edit.area_vanishes"


def test_draw_around_small_areas_takes_them_in_only_if_they_keep_land(document: Document) -> None:
    parent = uid(document, "B")
    island = document.execute(
        Draw(box(4.4, 2.4, 4.6, 2.6), "grid", parent, take=[uid(document, "B3")])
    )
    around = document.execute(
        Draw(box(4.2, 2.2, 4.8, 2.8), "grid", parent, take=[uid(document, "B3")])
    )

    assert cells(document, created(document, island).uid) == 0.04
    assert cells(document, created(document, around).uid) == pytest.approx(0.32)
    check_partition(document.snapshot)


def test_draw_over_the_edge_of_all_land_ends_at_the_frame(document: Document) -> None:
    done = document.execute(
        Draw(box(7.5, 3.5, 9, 5), "grid", uid(document, "B"), take=[uid(document, "B4")])
    )

    assert cells(document, created(document, done).uid) == 0.25
    assert cells(document, uid(document, "root")) == 29.0


def test_draw_without_a_frame_takes_new_land() -> None:
    document = document_on(small_town(has_frame=False))

    done = document.execute(Draw(box(7.5, 3.5, 9, 5), "grid", uid(document, "B")))

    assert cells(document, created(document, done).uid) == 2.0
    check_partition(document.snapshot)
    assert document.snapshot.partition.has_land(OUTSIDE)


def test_draw_is_taken_back_whole(document: Document) -> None:
    first = hash_of(document.snapshot)

    document.execute(Draw(box(3, 1.5, 7.5, 2.5), "grid", uid(document, "B"), take="all"))
    document.undo()

    assert hash_of(document.snapshot) == first


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"polygon": box(0.2, 0.2, 0.8, 0.8)}, "edit.nothing_to_take"),
        ({"polygon": box(20, 20, 21, 21)}, "edit.nothing_to_take"),
        ({"polygon": box(6.2, 2.2, 6.8, 2.8), "take": "all"}, "edit.nothing_to_take"),
        ({"polygon": box(3, 3, 4, 4)[:2]}, "edit.bad_polygon"),
        ({"polygon": [place(0, 0), place(1, 1), place(1, 0), place(0, 1)]}, "edit.bad_polygon"),
        ({"level": "planet"}, "edit.unknown_level"),
        ({"level": "district"}, "edit.wrong_parent"),
        ({"parent": "999"}, "edit.unknown_area"),
        ({"take": "some"}, "edit.bad_value"),
        ({"take": ["990101001002003"]}, "edit.not_below_parent"),
        ({"code": "990101001001001"}, "edit.duplicate_code"),
        ({"code": " "}, "edit.bad_value"),
        ({"name": " "}, "edit.bad_value"),
        ({"kind": "royal"}, "edit.bad_value"),
        ({"exclusive_type": "castle"}, "edit.bad_value"),
    ],
)
def test_draw_refuses_what_makes_no_sense(
    document: Document, refused: Refused, changes: dict[str, Any], code: str
) -> None:
    fields: dict[str, Any] = {
        "polygon": box(3.2, 3.2, 3.8, 3.8),
        "level": "micro_grid",
        "parent": uid(document, "A4"),
        **changes,
    }

    assert refused(document, Draw(**fields)).code == code
