"""Finding the face at a point, walking rings, polygons one by one: against shapely."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.partition import faces
from gridadmin.partition.faces import Face, face_at, faces_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.planar import Partition
from gridadmin.partition.walk import (
    Half,
    OnBorder,
    first_clockwise,
    half_left_of,
    land_parts,
    locate,
    own_parts,
    parts_of,
    simple_rings,
    to_polygon,
)
from tests.helpers.maps import box, chessboard, crowded, from_mm
from tests.helpers.random_edits import RandomEdits


def as_is(points: Ints) -> np.ndarray:
    return points.astype(np.float64)


def nested() -> Partition:
    """Return 1 with the island 2 that holds the island 3, and beside it a hole of nobody's."""
    return from_mm_with_hole(
        shapely.Polygon(box(0, 0, 200, 100), [box(20, 20, 80, 80), box(120, 20, 180, 80)]),
        shapely.Polygon(box(20, 20, 80, 80), [box(40, 40, 60, 60)]),
        shapely.Polygon(box(40, 40, 60, 60)),
    )


def from_mm_with_hole(*polygons: shapely.Polygon) -> Partition:
    from tests.helpers.maps import from_polygons

    return from_polygons(
        [shapely.transform(polygon, lambda xy: xy / 1000) for polygon in polygons], {}
    )


@pytest.fixture(scope="module")
def edited() -> Partition:
    partition = crowded(4, 10, 10)
    edits = RandomEdits(random.Random(4), 400)
    for _ in range(150):
        try:
            changes = edits.next(partition)
        except EditError:
            continue
        partition = partition.applied(changes, partition.parents)
    return partition


def test_a_point_is_located_in_the_polygon_that_holds_it(edited: Partition) -> None:
    polygons = {
        owner: to_polygon(own_parts(edited, owner), as_is)
        for owner in sorted(edited.owners() - {OUTSIDE})
    }
    rng = random.Random(1)
    for _ in range(400):
        x, y = rng.randint(-30, 430), rng.randint(-30, 430)

        found = locate(edited, x, y)

        point = shapely.Point(x, y)
        holders = {owner for owner, polygon in polygons.items() if polygon.intersects(point)}
        if isinstance(found, OnBorder):
            line = shapely.LineString(np.frombuffer(found.border.points, "<i8").reshape(-1, 2))
            assert line.distance(point) <= 0.7072
        elif found is None or found.owner == OUTSIDE:
            assert holders == set()
        else:
            assert holders == {found.owner}


def test_a_point_on_a_border_is_told_but_has_a_half_to_its_left() -> None:
    partition = chessboard(2, 1)

    assert isinstance(locate(partition, 100, 50), OnBorder)
    beside = half_left_of(partition, 100, 50)
    assert isinstance(beside, Half)
    assert beside.owner == 1
    assert locate(partition, 100, 50, ignore_contact=True) == beside
    assert locate(partition, -5, 50) is None
    to_the_right = locate(partition, 300, 50)
    assert isinstance(to_the_right, Half)
    assert to_the_right.owner == OUTSIDE


@pytest.mark.parametrize(
    ("point", "owner", "area_mm2", "rings"),
    [
        ((10, 50), 1, 20000 - 3600 - 3600, 3),
        ((30, 50), 2, 3600 - 400, 2),
        ((50, 50), 3, 400, 1),
        ((150, 50), NOBODY, 3600, 1),
        ((100, 50), 1, 20000 - 3600 - 3600, 3),
    ],
)
def test_a_face_knows_its_holes(
    point: tuple[int, int], owner: int, area_mm2: int, rings: int
) -> None:
    partition = nested()
    half = locate(partition, *point)
    assert isinstance(half, Half)

    face = face_at(partition, half)

    assert face is not None
    assert face.owner == owner
    assert face.twice_area() == 2 * area_mm2
    assert len(face.rings) == rings
    assert face.part().twice_area() == 2 * area_mm2


def test_the_unbounded_outside_is_no_face() -> None:
    partition = chessboard(1, 1)
    half = locate(partition, 150, 50)
    assert isinstance(half, Half)

    assert face_at(partition, half) is None
    assert faces_of(partition, OUTSIDE) == []


def keys(face: Face) -> frozenset[tuple[int, bool]]:
    return frozenset(half.key for half in face.halves())


def test_all_faces_of_an_owner_are_those_found_one_by_one(edited: Partition) -> None:
    for owner in edited.owners() - {OUTSIDE}:
        found = {keys(face) for face in faces_of(edited, owner)}

        halves = [Half(b, way) for b in edited.beside(owner) for way in (True, False)]
        one_by_one = {
            keys(face)
            for half in halves
            if half.owner == owner and (face := face_at(edited, half)) is not None
        }
        assert found == one_by_one


def test_islands_of_several_faces_of_one_owner_go_to_their_own_face() -> None:
    partition = from_mm_with_hole(
        shapely.Polygon(box(0, 0, 100, 100), [box(20, 20, 40, 40), box(60, 60, 80, 80)]),
        shapely.Polygon(box(100, 0, 120, 100)),
        shapely.Polygon(box(120, 0, 220, 100), [box(150, 50, 160, 60)]),
        shapely.Polygon(box(20, 20, 40, 40)),
    )
    rows = [
        (b, type(b)(b.id, b.points, *(1 if o == 3 else o for o in (b.left, b.right))))
        for b in partition.beside(3)
    ]
    joined = partition.applied(rows, {})

    found = faces_of(joined, 1)

    assert sorted((len(face.rings), face.twice_area()) for face in found) == [
        (2, 19800),
        (3, 18400),
    ]


def test_holes_that_touch_each_other_at_a_point_are_one_ring() -> None:
    partition = from_mm_with_hole(
        shapely.Polygon(box(0, 0, 100, 100), [[(20, 20), (20, 40), (40, 40), (40, 20)]]).difference(
            shapely.Polygon(box(40, 40, 60, 60))
        ),
        shapely.Polygon(box(20, 20, 40, 40)),
        shapely.Polygon(box(40, 40, 60, 60)),
    )
    half = locate(partition, 5, 5)
    assert isinstance(half, Half)

    face = face_at(partition, half)

    assert face is not None
    assert face.twice_area() == 2 * (10000 - 400 - 400)
    assert len(face.part().holes) == 2
    assert face.neighbours() == {OUTSIDE: 400.0, 2: 80.0, 3: 80.0}


def test_a_face_of_an_owner_with_many_borders_finds_its_holes_by_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    partition = nested()
    half = locate(partition, 10, 50)
    assert isinstance(half, Half)
    expected = face_at(partition, half)

    monkeypatch.setattr(faces, "_FEW_BORDERS", 1)

    assert face_at(partition, half) == expected


def test_the_inner_point_lies_in_the_face() -> None:
    partition = nested()
    for point, owner in (((10, 50), 1), ((30, 50), 2), ((50, 50), 3)):
        half = locate(partition, *point)
        assert isinstance(half, Half)
        face = face_at(partition, half)
        assert face is not None

        x, y = face.inner_point()

        found = locate(partition, round(x), round(y))
        assert isinstance(found, Half)
        assert found.owner == owner


def test_the_land_of_a_parent_is_that_of_its_children_together() -> None:
    partition = crowded(2, 8, 8)
    for parent in set(partition.parents.values()):
        children = [child for child, above in partition.parents.items() if above == parent]

        land = sum(part.twice_area() for part in land_parts(partition, parent))

        assert land == sum(partition.own_twice_area(child) for child in children)


def test_a_ring_that_touches_itself_is_cut_there() -> None:
    ring = np.array([(0, 0), (10, 0), (5, 5), (10, 10), (0, 10), (5, 5), (0, 0)], dtype=np.int64)

    pieces = simple_rings(ring)

    assert sorted(len(piece) for piece in pieces) == [4, 4]
    assert sum(shapely.Polygon(piece).area for piece in pieces) == 50


def test_a_ring_that_runs_out_and_back_loses_the_way() -> None:
    ring = np.array([(0, 0), (10, 0), (20, 0), (10, 0), (10, 10), (0, 0)], dtype=np.int64)

    assert [piece.tolist() for piece in simple_rings(ring)] == [[[0, 0], [10, 0], [10, 10], [0, 0]]]


def test_holes_go_to_the_smallest_shell_around_them() -> None:
    rings = [
        np.array([*box(0, 0, 100, 100), (0, 0)]),
        np.array([*box(10, 10, 90, 90), (10, 10)])[::-1],
        np.array([*box(20, 20, 80, 80), (20, 20)]),
        np.array([*box(30, 30, 40, 40), (30, 30)])[::-1],
        np.array([(0, 0), (5, 5), (0, 0)]),
    ]

    parts = parts_of(rings)

    assert sorted((part.twice_area() // 2, len(part.holes)) for part in parts) == [
        (3500, 1),
        (3600, 1),
    ]


def test_straight_back_is_the_last_way_to_turn() -> None:
    ways = [(1, 0), (0, 1), (-1, 0), (0, -1)]

    assert [first_clockwise(back, ways) for back in ways] == [3, 0, 1, 2]
    assert first_clockwise((1, 0), [(1, 0), (0, 1)]) == 1
    assert first_clockwise((2, 0), [(1, 0)]) == 0


def test_a_face_in_millimetres_has_a_point_to_stand_for_it() -> None:
    partition = from_mm([[(0, 0), (1000, 1), (2000, 0), (1000, 2)]])
    (face,) = faces_of(partition, 1)

    x, y = face.inner_point()

    assert shapely.Polygon([(0, 0), (1000, 1), (2000, 0), (1000, 2)]).contains(shapely.Point(x, y))


def test_a_hole_without_a_shell_is_no_land() -> None:
    hole = np.array([*box(0, 0, 10, 10), (0, 0)])[::-1]

    assert parts_of([hole]) == []


def test_a_face_that_hangs_together_at_a_point_has_two_parts() -> None:
    partition = from_mm_with_hole(
        shapely.Polygon(box(0, 0, 100, 100), [[(0, 0), (30, 60), (100, 100), (60, 30)]]),
        shapely.Polygon([(0, 0), (30, 60), (100, 100), (60, 30)]),
    )
    found = faces_of(partition, 1)

    assert sum(face.twice_area() for face in found) == partition.own_twice_area(1)
    assert sum(len(face.parts()) for face in found) == 2
