"""One planted map for each trap that an edit can fall into; every outcome is audited."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderRow
from gridadmin.partition.audit import audit
from gridadmin.partition.border import places_of, points_of
from gridadmin.partition.cuts import Decide, insert_line
from gridadmin.partition.faces import faces_of
from gridadmin.partition.grid import pack_point
from gridadmin.partition.moves import borders_at, move_vertex
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderIds, edges_of_borders, relabelled, rewire
from gridadmin.partition.walk import Half, OnBorder, locate, own_parts, to_polygon
from tests.helpers.maps import box, chessboard, from_mm, from_polygons

Line = list[tuple[int, int]]
NEW = 500


def cut(
    partition: Partition, line: Line, left: int | None = NEW, right: int | None = None
) -> Partition:
    """Return the audited partition after a line; None keeps the owner on that side."""

    def decide(owner: int, side: str) -> int:
        chosen = left if side == "left" else right
        return owner if chosen is None else chosen

    return cut_by(partition, line, decide)


def cut_apart(partition: Partition, line: Line) -> Partition:
    """Return the audited partition after a line whose left goes to a new owner for each face's."""
    return cut_by(partition, line, lambda owner, side: owner + NEW if side == "left" else owner)


def cut_by(partition: Partition, line: Line, decide: Decide) -> Partition:
    """Return the audited partition after a line."""
    xy = np.array(line, dtype=np.int64)
    changes = insert_line(partition, xy, decide, BorderIds("trap"), spare_outside=True)
    return audited(partition.applied(changes, partition.parents))


def moved(partition: Partition, old: tuple[int, int], new: tuple[int, int]) -> Partition:
    return audited(partition.applied(move_vertex(partition, old, new), partition.parents))


def audited(partition: Partition) -> Partition:
    assert audit(partition).problems == ()
    return partition


def mm2(partition: Partition, owner: int) -> float:
    return partition.own_twice_area(owner) / 2


def refusal(partition: Partition, old: tuple[int, int], new: tuple[int, int]) -> str:
    with pytest.raises(EditError) as caught:
        move_vertex(partition, old, new)
    return caught.value.code


def holding(partition: Partition, x: int, y: int) -> int:
    found = locate(partition, x, y)
    assert isinstance(found, Half)
    return found.owner


# A hot pixel on an otherwise unchanged border


def test_a_border_is_cut_at_its_own_vertex_where_a_line_ends() -> None:
    partition = from_mm(
        [box(0, 0, 100, 100), [(100, 0), (200, 0), (200, 100), (100, 100), (100, 50)]]
    )

    after = cut(partition, [(0, 50), (100, 50)])

    assert len(after.at_node(pack_point(100, 50))) == 3
    assert mm2(after, NEW) == mm2(after, 1) == 5000
    assert mm2(after, 2) == 10000


def test_two_borders_that_touch_at_a_vertex_of_both_become_four() -> None:
    left = [(0, 0), (40, 0), (50, 50), (40, 100), (0, 100)]
    right = [(60, 0), (100, 0), (100, 100), (60, 100), (50, 50)]
    partition = from_mm([left, right])

    after = cut(partition, [(0, 50), (100, 50)])

    assert len(after.at_node(pack_point(50, 50))) == 6
    assert mm2(after, NEW) == 4500


# A rounded crossing bends a border over a neighbour's vertex


def near_miss(island: Line) -> Partition:
    """Return a map whose slanting border passes just clear of the pixel of an island's tip."""
    line = [(0, 0), (1001, 4)]
    upper = [*line, (1001, 500), (0, 500)]
    lower = [(0, -500), (1001, -500), line[1], line[0]]
    return from_polygons(
        [
            shapely.Polygon(np.array(upper) / 1000),
            shapely.Polygon(np.array(lower) / 1000, [np.array(island) / 1000]),
            shapely.Polygon(np.array(island) / 1000),
        ],
        {},
    )


def test_a_bent_border_is_led_through_the_vertex_that_it_comes_near_to() -> None:
    partition = near_miss([(376, 1), (300, -200), (450, -200)])
    assert len(borders_at(partition, (376, 1))) == 1

    after = cut_apart(partition, [(370, 600), (370, -600)])

    assert len(after.at_node(pack_point(370, 1))) == 4
    tip = after.at_node(pack_point(376, 1))
    assert {501, 503} <= {owner for border in tip for owner in (border.left, border.right)}


def test_a_bend_far_from_the_line_is_led_through_the_vertex_there() -> None:
    # The island's tip is out of the line's reach; only the bent border comes near it.
    partition = near_miss([(376, 1), (375, -200), (450, -200)])

    after = cut_apart(partition, [(370, 600), (370, -600)])

    tip = after.at_node(pack_point(376, 1))
    assert {owner for border in tip for owner in (border.left, border.right)} == {3, 501, 502}


# Both edges of a pixel count


def test_a_crossing_on_the_corner_of_four_pixels_is_rounded_up_for_both() -> None:
    partition = from_mm([box(0, 0, 99, 100), box(99, 0, 200, 100)])

    after = cut_apart(partition, [(98, 25), (100, 26), (150, 26), (150, 100)])

    # At 25.5 the line meets the border; the pixel above takes it.
    assert len(after.at_node(pack_point(99, 26))) == 3
    assert after.at_node(pack_point(99, 25)) == []


def test_a_crossing_at_a_half_goes_up_and_right() -> None:
    partition = from_mm([[(0, 0), (101, 0), (0, 101)], [(101, 0), (101, 101), (0, 101)]])

    after = cut_apart(partition, [(0, 0), (101, 101)])

    assert len(after.at_node(pack_point(51, 51))) == 4


# A vertex dropped exactly on a foreign vertex


def test_a_vertex_is_not_dropped_on_a_foreign_vertex() -> None:
    partition = with_island(box(40, 40, 60, 60))

    assert refusal(partition, (40, 40), (0, 0)) == "edit.crosses"


def test_a_vertex_is_not_dropped_on_its_old_neighbour() -> None:
    partition = chessboard(2, 1)

    assert refusal(partition, (100, 0), (100, 100)) == "edit.crosses"


def test_a_vertex_is_not_dropped_on_a_foreign_border() -> None:
    partition = from_mm([box(0, 0, 100, 100), [(100, 0), (200, 0), (200, 100), (100, 100)]])

    assert refusal(partition, (100, 100), (150, 0)) == "edit.crosses"


# Turned inside out


def lens() -> Partition:
    """Return 1 and 2 with the 1 mm sliver 3 between them, all from one node to another."""
    return from_mm(
        [
            [(0, 0), (50, 0), (50, 100), (0, 100)],
            [(50, 0), (100, 0), (100, 100), (50, 100), (51, 50)],
            [(50, 0), (51, 50), (50, 100)],
        ]
    )


def test_a_sliver_between_two_nodes_is_not_turned_inside_out() -> None:
    assert refusal(lens(), (51, 50), (49, 50)) in {"edit.turns_over", "edit.crosses"}


def test_a_sliver_may_be_widened() -> None:
    after = moved(lens(), (51, 50), (55, 50))

    assert mm2(after, 3) == 250


def test_an_island_is_not_pulled_through_its_far_side() -> None:
    island = [(40, 40), (60, 40), (50, 60)]
    partition = with_island(island)

    assert refusal(partition, (50, 60), (50, 20)) == "edit.turns_over"


def with_island(island: Line) -> Partition:
    return from_polygons(
        [
            shapely.Polygon(np.array(box(0, 0, 100, 100)) / 1000, [np.array(island) / 1000]),
            shapely.Polygon(np.array(island) / 1000),
        ],
        {},
    )


def test_an_island_of_one_border_keeps_its_pseudo_node_at_its_least_point() -> None:
    partition = with_island([(40, 40), (60, 40), (50, 60)])

    after = moved(partition, (50, 60), (30, 60))

    (ring,) = after.beside(2)
    assert points_of(ring)[0].tolist() == [30, 60]


def test_a_border_is_not_pulled_over_a_whole_island() -> None:
    island = [(60, 40), (70, 40), (65, 60)]
    left = [(0, 0), (50, 0), (50, 50), (50, 100), (0, 100)]
    right = shapely.Polygon(box(50, 0, 200, 100), [island])
    partition = from_polygons(
        [
            shapely.Polygon(np.array(left) / 1000),
            shapely.transform(right, lambda xy: xy / 1000),
            shapely.Polygon(np.array(island) / 1000),
        ],
        {},
    )

    assert refusal(partition, (50, 50), (190, 50)) == "edit.sweeps_over"


def test_ends_keep_their_order_around_a_node() -> None:
    partition = chessboard(2, 2)

    with pytest.raises(EditError):
        move_vertex(partition, (100, 100), (100, -50))


# An area touches itself at a point


def test_an_area_that_touches_itself_keeps_a_valid_polygon() -> None:
    pinched = [(0, 0), (100, 0), (50, 50), (100, 100), (0, 100)]
    partition = from_mm([pinched, [(100, 0), (100, 100), (50, 50)]])

    after = cut(partition, [(50, 50), (0, 50)], left=NEW)

    assert to_polygon(own_parts(after, 1), lambda xy: xy.astype(float)).is_valid
    assert mm2(after, NEW) + mm2(after, 1) == 7500


def test_a_line_that_returns_to_its_beginning_pinches_the_land_around() -> None:
    partition = chessboard(1, 1)

    after = cut(partition, [(0, 50), (30, 30), (30, 70), (0, 50)])

    whole = to_polygon(own_parts(after, 1), lambda xy: xy.astype(float))
    assert whole.is_valid
    assert mm2(after, NEW) == 600
    assert mm2(after, 1) == 9400


# Along a border, through a node, one millimetre beside one


def test_a_line_along_a_border_adds_nothing_there() -> None:
    partition = chessboard(2, 2)

    after = cut(partition, [(100, 0), (100, 150), (0, 150)])

    assert mm2(after, NEW) == 5000
    assert mm2(after, 1) == 10000


def test_a_line_that_is_a_border_cuts_nothing() -> None:
    with pytest.raises(EditError, match=r"edit\.cuts_nothing"):
        cut(chessboard(2, 1), [(100, 0), (100, 100)])


def test_a_line_through_a_node_cuts_the_faces_on_both_sides() -> None:
    after = cut(chessboard(2, 2), [(50, 50), (50, 0), (150, 200), (200, 100)], left=NEW)

    assert audit(after).faces > 4


def test_a_line_a_millimetre_beside_a_border_leaves_a_sliver_of_a_millimetre() -> None:
    after = cut(chessboard(2, 1), [(99, 0), (99, 100)], left=None, right=NEW)

    assert mm2(after, NEW) == 100
    assert mm2(after, 2) == 10000


def test_a_sliver_that_collapses_gives_its_neighbours_one_border() -> None:
    # The sliver 3 is 0.5 mm wide where the line runs through both its borders.
    sliver = [(100, 0), (101, 300), (100, 600)]
    partition = from_mm(
        [
            box(0, 0, 100, 600),
            [(100, 0), (200, 0), (200, 600), (100, 600), (101, 300)],
            sliver,
        ]
    )
    land = sum(audit(partition).twice_area.values())

    after = cut(partition, [(0, 150), (200, 150)])

    assert sum(audit(after).twice_area.values()) == land


@pytest.mark.parametrize("x", [10, 190])
@pytest.mark.parametrize("is_upside_down", [False, True])
def test_land_that_collapses_within_one_owner_leaves_no_border_behind(
    x: int, is_upside_down: bool
) -> None:
    # A band of 2 across 1, less than a pixel wide where the line passes.
    rings = [
        box(0, 0, 200, 100),
        [(0, 100), (100, 100), (200, 100), (100, 101)],
        [(0, 100), (100, 101), (200, 100), (200, 200), (0, 200)],
    ]
    if is_upside_down:
        rings = [[(a, 200 - b) for a, b in reversed(ring)] for ring in rings]
    partition = from_mm(rings)
    rows = [
        (b, BorderRow(b.id, b.points, *(1 if o == 3 else o for o in (b.left, b.right))))
        for b in partition.beside(3)
    ]
    merged = audited(partition.applied(rows, {}))

    after = cut(merged, [(x, 0), (x, 200)], left=None, right=NEW)

    assert holding(after, x - 5, 50) == holding(after, x - 5, 150) == 1
    assert holding(after, x + 5, 50) == holding(after, x + 5, 150) == NEW
    assert not isinstance(locate(after, x + (-5 if x == 10 else 5), 100), OnBorder)


# Overshoot and undershoot


def test_an_overshoot_is_trimmed() -> None:
    after = cut(chessboard(2, 1), [(-30, 50), (130, 50)])

    assert mm2(after, NEW) == mm2(after, 1) == 5000
    assert mm2(after, 2) == 10000


def test_a_line_that_stops_short_cuts_nothing() -> None:
    with pytest.raises(EditError, match=r"edit\.cuts_nothing"):
        cut(chessboard(1, 1), [(-10, 50), (90, 50)])


def test_a_line_beyond_the_frame_cuts_nothing() -> None:
    with pytest.raises(EditError, match=r"edit\.cuts_nothing"):
        cut(chessboard(1, 1), [(100, 20), (150, 50), (100, 80)])


def test_giving_both_sides_back_cuts_nothing() -> None:
    with pytest.raises(EditError, match=r"edit\.cuts_nothing"):
        cut(chessboard(1, 1), [(-10, 50), (110, 50)], left=None, right=None)


def test_a_line_that_crosses_itself_has_no_sides() -> None:
    with pytest.raises(EditError, match=r"edit\.ambiguous_side"):
        cut(chessboard(1, 1), [(-10, 20), (110, 80), (110, 20), (-10, 80)])


# Loops and islands


def test_a_loop_within_a_face_becomes_an_island() -> None:
    after = cut(chessboard(1, 1), [*box(40, 40, 60, 60), (40, 40)])

    assert mm2(after, NEW) == 400
    assert len(own_parts(after, 1)[0].holes) == 1


def test_a_loop_with_a_tail_loses_the_tail() -> None:
    after = cut(chessboard(1, 1), [(20, 20), *box(40, 40, 60, 60), (40, 40)])

    assert mm2(after, NEW) == 400
    assert len(after) == 2


def test_a_bridge_to_a_loop_dissolves() -> None:
    after = cut(chessboard(1, 1), [(0, 20), *box(40, 40, 60, 60), (40, 40)])

    assert mm2(after, NEW) == 400
    assert mm2(after, 1) == 9600


def test_a_loop_around_an_island_takes_the_ring_between() -> None:
    partition = with_island(box(40, 40, 60, 60))

    after = cut(partition, [*box(30, 30, 70, 70), (30, 30)])

    assert mm2(after, NEW) == 1600 - 400
    assert mm2(after, 2) == 400


def test_an_island_goes_with_the_face_that_it_lies_in() -> None:
    partition = with_island(box(40, 40, 60, 60))

    after = cut(partition, [(20, -10), (20, 110)], left=NEW, right=None)

    assert mm2(after, NEW) == 2000
    (rest,) = own_parts(after, 1)
    assert len(rest.holes) == 1


def test_a_face_given_away_takes_its_holes_along() -> None:
    partition = with_island(box(40, 40, 60, 60))
    (face,) = faces_of(partition, 1)

    changes = relabelled(partition, {h.key: 7 for h in face.halves()}, BorderIds("give"))
    after = audited(partition.applied(changes, {}))

    assert mm2(after, 7) == 9600
    assert {b.left for b in after.beside(2)} | {b.right for b in after.beside(2)} == {2, 7}


def test_a_loop_where_an_island_collapses_belongs_to_the_owner_around() -> None:
    # Every edge of the island runs through the pixels of its corners and of the loop's.
    around = [(-100, -100), (300, -100), (300, 200), (-100, 200), (-100, -100)]
    sliver = [(0, 0), (50, 0), (101, 1), (0, 0)]
    partition = Partition.of(
        [
            BorderRow(1, np.array(around, dtype="<i8").tobytes(), 1, OUTSIDE),
            BorderRow(2, np.array(sliver, dtype="<i8").tobytes(), 2, 1),
        ],
        {},
    )
    asked: list[int] = []

    def decide(owner: int, side: str) -> int:
        asked.append(owner)
        return NEW if side == "right" else owner

    after = cut_by(audited(partition), [(20, 0), (10, 40), (30, 40), (20, 0)], decide)

    assert set(asked) == {1}
    assert not after.has_land(2)
    assert mm2(after, NEW) == 400
    assert mm2(after, 1) == 400 * 300 - 400


# Huge outlines, long borders, hundreds of tiny faces


def test_a_border_of_thousands_of_vertices_is_cut_where_it_is_met() -> None:
    steps = [(x, 500 + (x % 2) * 3) for x in range(4000)]
    lower = [(0, 0), (3999, 0), *reversed(steps)]
    upper = [*steps, (3999, 1000), (0, 1000)]
    partition = from_mm([lower, upper])
    whole = mm2(partition, 1)

    after = cut(partition, [(2000, -10), (2000, 1010)], left=NEW)

    assert holding(after, 1000, 100) == NEW
    assert holding(after, 3000, 100) == 1
    assert mm2(after, NEW) + mm2(after, 1) + mm2(after, 2) == whole + mm2(partition, 2)


def test_a_nearly_straight_line_cuts_hundreds_of_tiny_faces() -> None:
    partition = chessboard(200, 2, size_mm=4)

    after = cut(partition, [(-1, 2), (801, 3)], left=NEW)

    assert audit(after).faces == 1 + 400
    assert sum(audit(after).twice_area.values()) == 2 * 800 * 8


def test_a_parent_with_the_rest_of_all_land_is_cut_like_any_other() -> None:
    holes = [box(x, y, x + 20, y + 20) for x in range(20, 1000, 50) for y in range(20, 1000, 50)]
    around = shapely.Polygon(box(0, 0, 1020, 1020), holes)
    partition = from_polygons(
        [
            shapely.transform(p, lambda xy: xy / 1000)
            for p in (around, *map(shapely.Polygon, holes))
        ],
        {},
    )

    after = cut(partition, [(-5, 510), (1030, 510)], left=NEW)

    assert mm2(after, NEW) == mm2(after, 1) == 510 * 1020 - 200 * 400


def test_borders_taken_in_at_one_node_count_at_the_next() -> None:
    # Two borders go at once; between their nodes stand short ones that have to grow together.
    before = chessboard(4, 1)
    rows = [
        (b, BorderRow(b.id, b.points, *(o if o in {OUTSIDE, 4} else 1 for o in (b.left, b.right))))
        for b in before
    ]
    between = [row for _, row in rows if row.left == row.right]
    partition = before.applied(rows, {})

    changes = rewire(partition, between, edges_of_borders([]), BorderIds("gone"))

    after = audited(partition.applied(changes, {}))
    assert len(after) == 3


# What shapely's coverage test doesn't see


def test_the_audit_sees_a_triangle_turned_over() -> None:
    partition = with_island([(40, 40), (60, 40), (50, 60)])
    (ring,) = partition.beside(2)
    turned = BorderRow(ring.id, ring.points, ring.right, ring.left)

    problems = audit(partition.applied([(ring, turned)], {})).problems

    assert "a face with two owners" in problems or "kept area of owner 2 differs" in str(problems)


def test_a_vertex_at_which_two_borders_meet_moves_both() -> None:
    partition = chessboard(2, 1)

    after = moved(partition, (100, 100), (120, 100))

    assert mm2(after, 1) == 11000
    assert all(places_of(b, (120, 100)) for b in after.at_node(pack_point(120, 100)))
    assert OUTSIDE in after.owners()
