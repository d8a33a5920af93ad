"""What the pointer snaps to, on the small town with a road, a railway and a house.

Its cells are 10 m wide and begin at (0, 0).
"""

from __future__ import annotations

import pytest
import shapely

from gridadmin.domain.model import Building, LineObject
from gridadmin.partition.ground import Ground
from tests.helpers.projects import MemoryStore, box_m, place, small_town
from ui.canvas.snapping import Snap, SnapKind, Surroundings, ray_foot, snap, snap_moved
from ui.canvas.viewport import Place

REACH_M = 1.0


def wkb(shape: shapely.Geometry) -> bytes:
    blob: bytes = shapely.to_wkb(shape, byte_order=1)
    return blob


def line(*cells: tuple[float, float]) -> bytes:
    return wkb(shapely.LineString([place(x, y) for x, y in cells]))


ROAD = LineObject("l-1", "road", "虚构路", "main", line((0, 0.45), (8, 0.45)))
STREAM = LineObject("l-2", "river", "虚构河", None, line((2.3, 0), (2.3, 4)))
RAIL = LineObject("l-3", "railway", None, None, line((3.7, 0), (3.7, 4)))
HOUSE = Building("h-1", 0, 0, 3, footprint=wkb(box_m(0.6, 1.6, 0.2, 0.2)))


@pytest.fixture(scope="module")
def around() -> Surroundings:
    """The town with what stands on it."""
    store: MemoryStore = small_town()
    for row in (ROAD, STREAM, RAIL):
        store.rows["line_object"][row.uid] = row
    store.rows["building"][HOUSE.uid] = HOUSE
    snapshot = store.snapshot()
    return Surroundings(snapshot, Ground.of(snapshot))


def found(around: Surroundings, place: Place, *drawn: Place, way: Place | None = None) -> Snap:
    snapped = snap(around, place, REACH_M, drawn, way)
    assert snapped is not None
    return snapped


@pytest.mark.parametrize(
    ("pointer", "kind", "place"),
    [
        ((10.3, 10.4), SnapKind.NODE, (10.0, 10.0)),
        ((0.3, 0.4), SnapKind.VERTEX, (0.0, 0.0)),
        ((10.2, 4.1), SnapKind.INTERSECTION, (10.0, 4.5)),
        ((23.2, 4.2), SnapKind.INTERSECTION, (23.0, 4.5)),
        ((6.2, 16.1), SnapKind.CORNER, (6.0, 16.0)),
        ((10.6, 15.2), SnapKind.MIDDLE, (10.0, 15.0)),
        ((10.6, 13.0), SnapKind.BORDER, (10.0, 13.0)),
        ((4.0, 4.9), SnapKind.ROAD, (4.0, 4.5)),
        ((23.4, 13.0), SnapKind.RIVER, (23.0, 13.0)),
        ((37.4, 13.0), SnapKind.RAILWAY, (37.0, 13.0)),
        ((7.0, 15.8), SnapKind.WALL, (7.0, 16.0)),
    ],
)
def test_each_kind_of_thing_is_snapped_to(
    around: Surroundings, pointer: Place, kind: SnapKind, place: Place
) -> None:
    snapped = found(around, pointer)

    assert snapped.kind is kind
    assert snapped.place == pytest.approx(place)


def test_a_road_and_a_node_tell_what_they_are(around: Surroundings) -> None:
    assert found(around, (4.0, 4.9)).name == "虚构路"
    assert found(around, (10.3, 10.4)).ends == 4


def test_nothing_is_within_reach(around: Surroundings) -> None:
    assert snap(around, (5.0, 13.0), REACH_M) is None


def test_a_node_farther_off_goes_before_the_border_under_the_pointer(
    around: Surroundings,
) -> None:
    assert found(around, (10.0, 10.9)).kind is SnapKind.NODE
    assert found(around, (10.0, 11.1)).kind is SnapKind.BORDER


def test_the_next_stretch_meets_a_border_at_a_right_angle(around: Surroundings) -> None:
    snapped = found(around, (10.2, 12.4), (4.0, 12.0))

    assert snapped.kind is SnapKind.SQUARE
    assert snapped.place == pytest.approx((10.0, 12.0))


def test_the_next_stretch_turns_off_the_last_one_at_a_right_angle(around: Surroundings) -> None:
    snapped = found(around, (5.4, 14.0), (2.0, 12.0), (5.0, 12.0))

    assert snapped.kind is SnapKind.SQUARE
    assert snapped.place == pytest.approx((5.0, 14.0))


def test_a_right_angle_that_meets_a_border_ends_on_it(around: Surroundings) -> None:
    snapped = found(around, (7.4, 19.6), (4.0, 13.0), (7.0, 13.0))

    assert snapped.kind is SnapKind.SQUARE
    assert snapped.place == pytest.approx((7.0, 20.0))


def test_the_line_being_drawn_crosses_a_border(around: Surroundings) -> None:
    snapped = found(around, (10.3, 13.2), (8.0, 11.0), (12.0, 15.0), (12.0, 18.0))

    assert snapped.kind is SnapKind.INTERSECTION
    assert snapped.place == pytest.approx((10.0, 13.0))


def test_a_line_that_may_only_go_one_way_ends_where_it_meets_a_border(
    around: Surroundings,
) -> None:
    snapped = found(around, (9.6, 14.0), (4.0, 12.0), way=(1.0, 0.5))

    assert snapped.kind is SnapKind.INTERSECTION
    assert snapped.place == pytest.approx((10.0, 15.0))


def test_a_line_that_may_only_go_one_way_is_not_drawn_off_it(around: Surroundings) -> None:
    assert snap(around, (7.0, 13.0), REACH_M, [(4.0, 12.0)], (1.0, 0.0)) is None
    assert ray_foot((4.0, 12.0), (2.0, 0.0), (7.0, 13.0)) == (7.0, 12.0)
    assert ray_foot((4.0, 12.0), (2.0, 0.0), (1.0, 13.0)) == (4.0, 12.0)


def test_borders_that_move_along_do_not_count(around: Surroundings) -> None:
    snapshot = around.snapshot
    moving = {border.id for border in snapshot.partition}

    assert snap(Surroundings(snapshot, spared=moving), (10.3, 10.4), REACH_M) is None


def test_borders_that_are_not_drawn_do_not_count(around: Surroundings) -> None:
    snapshot = around.snapshot
    only_frame = Surroundings(snapshot, levels=frozenset({"frame"}))

    assert snap(only_frame, (10.6, 13.0), REACH_M) is None
    assert found(only_frame, (0.6, 13.0)).kind is SnapKind.BORDER


@pytest.mark.parametrize(
    ("pointer", "kind", "place"),
    [
        ((15.0, 4.2), SnapKind.ROAD, (15.0, 4.5)),
        ((23.2, 4.2), SnapKind.INTERSECTION, (23.0, 4.5)),
        ((6.2, 16.1), SnapKind.CORNER, (6.0, 16.0)),
    ],
)
def test_a_point_of_a_border_snaps_to_the_ground(
    around: Surroundings, pointer: Place, kind: SnapKind, place: Place
) -> None:
    snapped = snap_moved(around, pointer, REACH_M)

    assert snapped is not None
    assert snapped.kind is kind
    assert snapped.place == pytest.approx(place)


@pytest.mark.parametrize("pointer", [(10.3, 10.4), (10.2, 15.0), (10.2, 12.0)])
def test_a_point_of_a_border_does_not_snap_to_another_border(
    around: Surroundings, pointer: Place
) -> None:
    assert snap_moved(around, pointer, REACH_M) is None


def test_a_point_of_a_border_does_not_snap_to_where_a_road_crosses_another_border(
    around: Surroundings,
) -> None:
    snapped = snap_moved(around, (10.0, 4.2), REACH_M)

    assert snapped is None or snapped.place != pytest.approx((10.0, 4.5))


def test_a_point_of_a_border_snaps_to_a_right_angle_of_what_leads_to_it(
    around: Surroundings,
) -> None:
    snapped = snap_moved(around, (14.4, 18.0), REACH_M, [[(11.0, 13.0), (14.0, 13.0)]])

    assert snapped is not None
    assert (snapped.kind, snapped.place) == (SnapKind.SQUARE, (14.0, 18.0))
