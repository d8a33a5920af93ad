from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gridadmin.base.ids import NOBODY
from gridadmin.domain.model import BorderLock
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.redraw_commands import Redraw
from gridadmin.partition.planar import points_of
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named, place, small_town
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


def redraw(*places: tuple[float, float], reach_m: float = 1.0) -> Redraw:
    return Redraw([place(x, y) for x, y in places], reach_m)


def cells(document: Document, key: str) -> float:
    snapshot = document.snapshot
    return snapshot.land_twice_mm2(named(snapshot, key).uid) / 2 / CELL_MM2


BULGE = (1, 0.2), (1.3, 0.5), (1, 0.8)
DENT = (1, 0.2), (0.7, 0.5), (1, 0.8)


@pytest.mark.parametrize(
    ("places", "west", "east"),
    [(BULGE, 1.09, 0.91), (BULGE[::-1], 1.09, 0.91), (DENT, 0.91, 1.09), (DENT[::-1], 0.91, 1.09)],
)
def test_the_stretch_between_the_ends_is_replaced(
    document: Document, places: Any, west: float, east: float
) -> None:
    document.execute(redraw(*places))

    assert (cells(document, "A1-1"), cells(document, "A1-2")) == (west, east)
    check_partition(document.snapshot)


def test_the_old_stretch_is_gone(document: Document) -> None:
    document.execute(redraw(*BULGE))

    (x, y), origin = place(1, 0.5), document.snapshot.origin_mm
    middle = round(x * 1000) - origin[0], round(y * 1000) - origin[1]
    assert not any(
        (points_of(border) == middle).all(axis=1).any()
        for border in document.snapshot.partition.in_box(middle, middle)
    )
    assert len(document.snapshot.partition.in_box(middle, middle)) > 0


def test_ends_near_the_border_are_put_on_it(document: Document) -> None:
    document.execute(redraw((1.05, 0.2), (1.3, 0.5), (0.96, 0.8)))

    assert (cells(document, "A1-1"), cells(document, "A1-2")) == (1.09, 0.91)


def test_ends_out_of_reach_are_refused(document: Document, refused: Refused) -> None:
    command = redraw((1.05, 0.2), (1.3, 0.5), (0.96, 0.8), reach_m=0.3)

    assert refused(document, command).code == "edit.no_common_border"


def test_a_line_on_both_sides_moves_land_both_ways(document: Document) -> None:
    document.execute(redraw((1, 0.1), (0.8, 0.3), (1.1, 0.6), (1, 0.9)))

    assert cells(document, "A1-1") + cells(document, "A1-2") == 2.0
    assert cells(document, "A1-1") < 1.0
    check_partition(document.snapshot)


def test_a_border_of_grids_moves_with_the_micro_grids_on_it(store: MemoryStore) -> None:
    document = document_on(store)

    document.execute(redraw((2, 0.2), (2.3, 0.5), (2.3, 1.5), (2, 1.8)))

    assert cells(document, "A1") == 4.39
    assert (cells(document, "A1-2"), cells(document, "A1-4")) == (1.195, 1.195)
    assert (cells(document, "A2-1"), cells(document, "A2-3")) == (0.805, 0.805)
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_a_border_of_communities_moves_at_all_four_levels(document: Document) -> None:
    document.execute(redraw((4, 0.2), (3.7, 0.5), (3.7, 3.5), (4, 3.8)))

    assert (cells(document, "A"), cells(document, "B")) == (15.01, 13.99)
    assert cells(document, "A2") + cells(document, "A4") == 3.505 * 2
    check_partition(document.snapshot)


def test_a_border_against_what_the_grid_keeps_itself(document: Document) -> None:
    document.execute(redraw((3, 3.2), (3.3, 3.5), (3, 3.8)))

    assert (cells(document, "A4-3"), cells(document, "A4")) == (1.09, 4.0)


def test_a_border_against_exempt_and_nobodys_land(document: Document) -> None:
    document.execute(redraw((6, 2.2), (6.3, 2.5), (6, 2.8)))
    document.execute(redraw((7, 2.2), (6.7, 2.5), (7, 2.8)))

    assert cells(document, "B3") == 4.09
    assert document.snapshot.partition.own_twice_area(NOBODY) == 218_000_000


def test_around_a_closed_border_the_shorter_stretch_is_replaced(document: Document) -> None:
    island = [place(x, y) for x, y in ((4.2, 2.2), (4.8, 2.2), (4.8, 2.8), (4.2, 2.8), (4.2, 2.2))]
    done = document.execute(InsertLine(island, "new", "keep"))
    fresh = dict(done.change.told)["created"][0]["uid"]

    document.execute(redraw((4.8, 2.3), (4.9, 2.5), (4.8, 2.7)))
    document.execute(redraw((4.3, 2.8), (4.2, 2.9), (4.1, 2.9), (4.1, 2.7), (4.2, 2.7)))

    land = document.snapshot.land_twice_mm2(fresh) / 2 / CELL_MM2
    assert land == pytest.approx(0.36 + 0.02 + 0.025, abs=1e-6)
    check_partition(document.snapshot)


def test_redrawing_is_one_gesture(document: Document) -> None:
    first = hash_of(document.snapshot)

    document.execute(redraw((2, 0.2), (2.3, 0.5), (2.3, 1.5), (2, 1.8)))
    document.undo()

    assert hash_of(document.snapshot) == first


def test_the_outer_border_can_be_redrawn_while_there_is_no_frame() -> None:
    document = document_on(small_town(has_frame=False))

    document.execute(redraw((0, 0.2), (-0.3, 0.5), (0, 0.8)))
    document.execute(redraw((0.2, 0), (0.5, 0.2), (0.8, 0)))

    assert cells(document, "A1-1") == pytest.approx(1.09 - 0.06)
    check_partition(document.snapshot)


@pytest.mark.parametrize(
    ("places", "code", "params"),
    [
        (((1, 0.2), (1.2, 1.5), (1.3, 0.5), (1, 0.8)), "edit.third_area", "虚构A1-4"),
        (((6, 2.2), (7.5, 2.5), (6, 2.8)), "edit.third_land", ""),
        (((4, 0.2), (2.7, 0.5), (2.7, 3.5), (4, 3.8)), "edit.swallows", ""),
        (((1, 0.2), (0.7, -0.5), (1, 0.8)), "edit.locked", "frame"),
        (((0, 0.2), (0.3, 0.5), (0, 0.8)), "edit.locked", "frame"),
        (((1, 0.2), (1.4, 0.4)), "edit.no_common_border", ""),
        (((1, 0.2), (1.3, 0.5), (3, 0.2)), "edit.no_common_border", ""),
        (((1, 0.2), (1, 0.8)), "edit.cuts_nothing", ""),
        (((1, 0.2), (1.3, 0.5), (1, 0.2)), "edit.cuts_nothing", ""),
        (((1, 0.2),), "edit.cuts_nothing", ""),
        (((1, 0.2), (1.02, 0.2)), "edit.cuts_nothing", ""),
        (((1, 0.2), (1.4, 0.2), (1.4, 0.4), (1, 0.2)), "edit.cuts_nothing", ""),
        (((1, 0), (0, 0), (0, 1), (1, 1)), "edit.cuts_nothing", ""),
    ],
)
def test_redraw_refuses_what_would_break_something(
    document: Document, refused: Refused, places: Any, code: str, params: str
) -> None:
    refusal = refused(document, redraw(*places))

    assert refusal.code == code
    assert params in str(refusal.params)


def test_a_loop_of_the_line_off_the_border_is_refused(document: Document, refused: Refused) -> None:
    loop = (
        (1, 0.2),
        (1.6, 0.2),
        (1.6, 0.6),
        (1.4, 0.6),
        (1.4, 0.1),
        (1.2, 0.1),
        (1.2, 0.8),
        (1, 0.8),
    )

    assert refused(document, redraw(*loop)).code == "edit.ambiguous_side"


def test_a_locked_border_says_who_locked_it(store: MemoryStore, refused: Refused) -> None:
    document = document_on(store)
    border = next(
        b
        for b in document.snapshot.partition
        if {document.snapshot.owner_name(b.left), document.snapshot.owner_name(b.right)}
        == {named(document.snapshot, "A1-1").uid, named(document.snapshot, "A1-2").uid}
    )
    lock = BorderLock("lock-1", "border", str(border.id), "已公告", "虚构用户", "2026-01-01")
    store.rows["border_lock"][lock.uid] = replace(lock)
    document = document_on(store)

    refusal = refused(document, redraw(*BULGE))

    assert refusal.params["reason"] == "已公告 · 虚构用户 · 2026-01-01"
    assert refusal.params["author"] == "虚构用户"
