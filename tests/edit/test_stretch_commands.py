"""A whole stretch of border is moved, shifted aside, straightened; all levels on it follow."""

from __future__ import annotations

import pytest

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.edit.document import Document
from gridadmin.edit.draw_commands import Draw
from gridadmin.edit.lock_commands import Lock, LockTarget
from gridadmin.edit.stretch_commands import MoveStretch, Offset, Straighten
from gridadmin.edit.stretches import Between, Whole
from gridadmin.edit.vertex_commands import AddVertex
from gridadmin.partition.border import points_of
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named, place
from tests.helpers.promises import check_partition, check_same, hash_of


def cells(document: Document, key: str) -> float:
    area = named(document.snapshot, key)
    return document.snapshot.land_twice_mm2(area.uid) / 200_000_000


def between(document: Document, one: str, other: str) -> list[list[list[float]]]:
    """Return the borders between two areas as points in cells."""
    pair = {oid_of(named(document.snapshot, key).uid) for key in (one, other)}
    found: list[BorderRow] = [b for b in document.snapshot.partition if {b.left, b.right} == pair]
    lines = [(points_of(border) / 10_000).tolist() for border in found]
    return sorted(line if line[0] <= line[-1] else line[::-1] for line in lines)


# B1 lies south of B3: their border runs from (4, 2) over (5, 2) to (6, 2).
B1_B3 = Whole(place(4.5, 2))


def test_the_vertices_of_a_stretch_move_together_and_its_nodes_stay(document: Document) -> None:
    document.execute(AddVertex(place(4.5, 2), place(4.5, 2.2)))

    document.execute(MoveStretch(B1_B3_BENT, (1.0, 2.0)))

    assert between(document, "B1", "B3") == [[[4, 2], [4.6, 2.4], [5.1, 2.2], [6, 2]]]
    check_partition(document.snapshot)


B1_B3_BENT = Whole(place(4.25, 2.1))


def test_nodes_that_move_along_take_all_their_borders_with_them(document: Document) -> None:
    document.execute(MoveStretch(B1_B3, (0.5, 1.0), moves_nodes=True))

    assert between(document, "B1", "B3") == [[[4.05, 2.1], [5.05, 2.1], [6.05, 2.1]]]
    assert between(document, "A2-4", "B1") == [[[4, 1], [4.05, 2.1]]]
    assert between(document, "A4-2", "B3") == [[[4, 3], [4.05, 2.1]]]
    check_partition(document.snapshot)


def test_a_stretch_between_two_vertices_moves_alone(document: Document) -> None:
    document.execute(AddVertex(place(4.5, 2), place(4.5, 2.1)))

    document.execute(MoveStretch(Between(place(4.5, 2.1), place(5, 2)), (0.0, 1.0)))

    assert between(document, "B1", "B3") == [[[4, 2], [4.5, 2.2], [5, 2.1], [6, 2]]]


def test_what_moved_goes_back_by_one_undo(store: MemoryStore) -> None:
    document = document_on(store)
    first = hash_of(document.snapshot)

    document.execute(MoveStretch(B1_B3, (0.5, 1.0), moves_nodes=True))
    document.undo()

    assert hash_of(document.snapshot) == first
    check_same(document.snapshot, store.snapshot())


def test_a_move_of_a_community_border_moves_the_grids_and_micro_grids_on_it(
    document: Document,
) -> None:
    # From (4, 1) to (4, 2): community A with grid A2 and micro-grid A2-4 west, community B east.
    document.execute(MoveStretch(Whole(place(4, 1.5)), (2.0, 0.0), moves_nodes=True))

    assert cells(document, "A") == pytest.approx(16.4)
    assert cells(document, "A2") == pytest.approx(4.3)
    assert cells(document, "A2-4") == pytest.approx(1.2)
    assert cells(document, "B1") == pytest.approx(2.7)
    check_partition(document.snapshot)


@pytest.mark.parametrize(
    ("where", "by", "code"),
    [
        (Whole(place(4, 1.5)), (2.0, 0.0), "edit.only_nodes"),
        (B1_B3, (0.0, 0.0), "edit.nothing_moves"),
        (B1_B3, (-12.0, 0.5), "edit.crosses"),
        (B1_B3, (0.0, 25.0), "edit.sweeps_over"),
        (Whole(place(4.5, 2.5)), (0.0, 1.0), "edit.no_stretch"),
        (Between(place(4, 2), place(9, 9)), (0.0, 1.0), "edit.no_vertex"),
        (Between(place(4, 2), place(8, 4)), (0.0, 1.0), "edit.no_common_border"),
        (Between(place(4, 2), place(4, 2)), (0.0, 1.0), "edit.no_common_border"),
        (Whole(place(8, 0.5)), (1.0, 0.0), "edit.locked"),
    ],
)
def test_a_move_that_can_not_be_is_refused(
    document: Document, refused: Refused, where: Whole | Between, by: tuple[float, float], code: str
) -> None:
    assert refused(document, MoveStretch(where, by)).code == code


def test_a_stretch_dragged_over_a_node_says_where(document: Document, refused: Refused) -> None:
    refusal = refused(document, MoveStretch(B1_B3, (0.0, 25.0), moves_nodes=True))

    assert refusal.code == "edit.sweeps_over"
    assert (refusal.params["x"], refusal.params["y"]) in {place(4, 3), place(5, 4), place(6, 3)}


def test_the_border_shifts_aside_and_its_nodes_slide_along_the_neighbours(
    document: Document,
) -> None:
    document.execute(Offset(B1_B3, 2.0, named(document.snapshot, "B3").uid))

    assert between(document, "B1", "B3") == [[[4, 2.2], [6, 2.2]]]
    assert cells(document, "B1") == pytest.approx(3.4)
    assert cells(document, "B3") == pytest.approx(3.6)
    # The neighbours keep their land to the square millimetre.
    assert (cells(document, "A2-4"), cells(document, "A4-2")) == (1.0, 1.0)
    check_partition(document.snapshot)


def test_left_and_right_are_seen_along_the_stretch(document: Document) -> None:
    document.execute(Offset(Between(place(6, 2), place(4, 2)), -2.0))

    assert between(document, "B1", "B3") == [[[4, 2.2], [6, 2.2]]]


def test_a_shift_of_a_bent_border_keeps_its_corners(document: Document) -> None:
    document.execute(AddVertex(place(4.5, 2), place(5, 2.5)))

    document.execute(Offset(Whole(place(4.5, 2.25)), 1.0, named(document.snapshot, "B1").uid))

    (line,) = between(document, "B1", "B3")
    assert len(line) == 5
    assert line[0][0] == 4
    assert line[-1][0] == 6


def test_where_no_neighbour_is_in_the_way_a_short_piece_leads_back(document: Document) -> None:
    # The border A4-2 | B3 runs straight on at (4, 3), where the micro-grids of A4 meet in the west.
    document.execute(Offset(Whole(place(4, 2.5)), 2.0, named(document.snapshot, "B3").uid))

    assert between(document, "A4-2", "B3") == [[[4, 3], [4.2, 3], [4.2, 2]]]
    assert cells(document, "A4-2") == pytest.approx(1.2)
    check_partition(document.snapshot)


def test_an_island_grows_and_shrinks_by_a_shift(document: Document) -> None:
    giver, parent = named(document.snapshot, "B3").uid, named(document.snapshot, "B").uid
    ring = [place(x, y) for x, y in ((4.2, 2.2), (4.8, 2.2), (4.8, 2.8), (4.2, 2.8))]
    (made,) = dict(document.execute(Draw(ring, "grid", parent, take=[giver])).change.told)[
        "created"
    ]

    document.execute(Offset(Whole(place(4.5, 2.2)), 1.0, giver))
    grown = document.snapshot.land_twice_mm2(made["uid"]) / 2_000_000
    document.execute(Offset(Whole(place(4.5, 2.1)), 2.0, made["uid"]))
    shrunk = document.snapshot.land_twice_mm2(made["uid"]) / 2_000_000

    assert (grown, shrunk) == (64.0, 16.0)
    check_partition(document.snapshot)


def test_a_closed_border_has_no_ends_to_be_led_straight_between(
    document: Document, refused: Refused
) -> None:
    giver, parent = named(document.snapshot, "B3").uid, named(document.snapshot, "B").uid
    ring = [place(x, y) for x, y in ((4.2, 2.2), (4.8, 2.2), (4.9, 2.5), (4.8, 2.8), (4.2, 2.8))]
    (made,) = dict(document.execute(Draw(ring, "grid", parent, take=[giver])).change.told)[
        "created"
    ]

    assert refused(document, Straighten(Whole(place(4.5, 2.2)))).code == "edit.closed_border"
    document.execute(Straighten(Between(place(4.8, 2.8), place(4.8, 2.2))))

    assert document.snapshot.land_twice_mm2(made["uid"]) / 2_000_000 == 36.0


def test_an_island_moves_as_a_whole(document: Document) -> None:
    giver, parent = named(document.snapshot, "B3").uid, named(document.snapshot, "B").uid
    ring = [place(x, y) for x, y in ((4.2, 2.2), (4.8, 2.2), (4.8, 2.8), (4.2, 2.8))]
    (made,) = dict(document.execute(Draw(ring, "grid", parent, take=[giver])).change.told)[
        "created"
    ]

    document.execute(MoveStretch(Whole(place(4.5, 2.2)), (-1.5, 4.0)))

    (border,) = document.snapshot.partition.beside(oid_of(made["uid"]))
    assert (points_of(border).min(axis=0) / 10_000).tolist() == [4.05, 2.6]
    assert document.snapshot.land_twice_mm2(made["uid"]) / 2_000_000 == 36.0
    check_partition(document.snapshot)


@pytest.mark.parametrize(
    ("where", "by", "into", "code"),
    [
        (B1_B3, 0.0, "B1", "edit.nothing_moves"),
        (B1_B3, 2.0, "A1", "edit.not_beside"),
        (B1_B3, 2.0, "B", "edit.not_beside"),
        (B1_B3, 25.0, "B1", "edit.locked"),
        (Whole(place(8, 0.5)), 1.0, "B2", "edit.locked"),
        (Whole(place(1.5, 1)), 10.0, "A1-4", "edit.too_far_aside"),
        (Whole(place(1.5, 1)), 10.5, "A1-4", "edit.third_area"),
    ],
)
def test_a_shift_that_can_not_be_is_refused(
    document: Document, refused: Refused, where: Whole, by: float, into: str, code: str
) -> None:
    area = named(document.snapshot, into).uid

    assert refused(document, Offset(where, by, area)).code == code


def test_a_stretch_is_led_straight_from_end_to_end(document: Document) -> None:
    document.execute(AddVertex(place(4.5, 2), place(4.5, 2.2)))
    border = next(b for b in document.snapshot.partition if len(points_of(b)) == 4)

    document.execute(Straighten(B1_B3_BENT))

    assert between(document, "B1", "B3") == [[[4, 2], [6, 2]]]
    assert document.snapshot.partition.has(border.id)
    check_partition(document.snapshot)


def test_a_stretch_between_two_vertices_is_led_straight(document: Document) -> None:
    document.execute(AddVertex(place(4.5, 2), place(4.5, 2.2)))

    document.execute(Straighten(Between(place(4.5, 2.2), place(6, 2))))

    assert between(document, "B1", "B3") == [[[4, 2], [4.5, 2.2], [6, 2]]]


def test_vertices_near_the_line_go_and_others_stay(document: Document) -> None:
    document.execute(AddVertex(place(4.5, 2), place(4.5, 2.2)))
    document.execute(AddVertex(place(5.5, 2), place(5.5, 2.01)))

    document.execute(Straighten(B1_B3_BENT, 0.5))

    (line,) = between(document, "B1", "B3")
    assert [4.5, 2.2] in line
    assert [5.5, 2.01] not in line


@pytest.mark.parametrize(
    ("where", "within", "code"),
    [
        (Whole(place(4, 1.5)), None, "edit.straight_already"),
        (Whole(place(4, 1.5)), 1.0, "edit.straight_already"),
        (Between(place(4, 2), place(6, 2)), 1.0, "edit.bad_value"),
        (B1_B3, 0.0001, "edit.bad_value"),
        (Whole(place(8, 0.5)), None, "edit.locked"),
    ],
)
def test_a_straightening_that_can_not_be_is_refused(
    document: Document,
    refused: Refused,
    where: Whole | Between,
    within: float | None,
    code: str,
) -> None:
    assert refused(document, Straighten(where, within)).code == code


def test_a_locked_border_refuses_all_of_it_and_says_why(
    document: Document, refused: Refused
) -> None:
    document.execute(AddVertex(place(4.5, 2), place(4.5, 2.2)))
    document.execute(Lock(LockTarget(border=place(4.25, 2.1)), "已公告"))
    into = named(document.snapshot, "B1").uid

    for command in (
        MoveStretch(B1_B3_BENT, (0.0, 1.0)),
        Offset(B1_B3_BENT, 1.0, into),
        Straighten(B1_B3_BENT),
    ):
        refusal = refused(document, command)
        assert refusal.code == "edit.locked"
        assert "已公告" in str(refusal.params["reason"])
