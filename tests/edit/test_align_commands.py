"""A stretch of border is put on the centre line of a road."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import LineObject
from gridadmin.edit.align_commands import Align, courses_for
from gridadmin.edit.document import Document
from gridadmin.edit.stretches import Between, Whole
from gridadmin.edit.vertex_commands import AddVertex
from gridadmin.partition.border import points_of
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, line_blob, named, place
from tests.helpers.promises import check_partition

B1_B3 = Whole(place(4.5, 2))


def with_lines(store: MemoryStore, *lines: LineObject) -> Document:
    store.rows["line_object"] = {line.uid: line for line in lines}
    return document_on(store)


def between(document: Document, one: str, other: str) -> list[list[list[float]]]:
    pair = {oid_of(named(document.snapshot, key).uid) for key in (one, other)}
    found = [b for b in document.snapshot.partition if {b.left, b.right} == pair]
    lines = [(points_of(border) / 10_000).tolist() for border in found]
    return sorted(line if line[0] <= line[-1] else line[::-1] for line in lines)


def test_a_border_takes_the_course_of_the_road_and_its_nodes_slide_onto_it(
    document: Document,
) -> None:
    document.execute(Align(B1_B3, "虚构大路"))

    # The road runs from (3.7, 2.1) over (5, 2.3) to (7.9, 2.05): past (4, 2.1462) and (6, 2.2138).
    (line,) = between(document, "B1", "B3")
    assert line == [[4, 2.1462], [5, 2.3], [6, 2.2138]]
    check_partition(document.snapshot)


def test_the_border_is_named_by_two_of_its_vertices_as_well(document: Document) -> None:
    document.execute(Align(Between(place(5, 2), place(4, 2)), "虚构大路"))

    # At (5, 2) no border is in the way, so a short piece leads from the vertex to the road.
    (line,) = between(document, "B1", "B3")
    assert line[0] == [4, 2.1462]
    assert line[-2:] == [[5, 2], [6, 2]]
    check_partition(document.snapshot)


def test_pieces_of_one_name_are_one_road(store: MemoryStore) -> None:
    document = with_lines(
        store,
        LineObject("a", "road", "虚构路", line=line_blob((3.5, 2.1), (4.4, 2.1))),
        LineObject("b", "road", "虚构路", line=line_blob((6.5, 2.1), (5.3, 2.2))),
        LineObject("c", "road", "虚构路", line=line_blob((4.4, 2.1), (5.3, 2.2))),
        LineObject("d", "road", "虚构路", line=line_blob((4.4, 2.1), (4.4, 3.5))),
    )

    document.execute(Align(B1_B3, "d"))

    assert between(document, "B1", "B3") == [
        [[4, 2.1], [4.4, 2.1], [5.3, 2.2], [6, 2.1417]],
    ]


def test_roads_that_do_not_hang_together_are_none(store: MemoryStore, refused: Refused) -> None:
    document = with_lines(
        store,
        LineObject("a", "road", "虚构路", line=line_blob((3.5, 2.1), (4.4, 2.1))),
        LineObject("b", "road", "虚构路", line=line_blob((6.5, 2.1), (5.3, 2.2))),
    )

    # The foot of either end lies on the first or on the second piece: the ends are 16 m off.
    assert refused(document, Align(B1_B3, "虚构路", 10.0)).code == "edit.far_from_line"


def test_what_a_stretch_may_be_put_on_is_told_nearest_first(store: MemoryStore) -> None:
    document = with_lines(
        store,
        LineObject("far", "river", "虚构河", line=line_blob((3, 2.8), (7, 2.8))),
        LineObject("near", "road", None, line=line_blob((3, 2.1), (7, 2.1))),
        LineObject("beyond", "road", "虚构路", line=line_blob((0, 0), (1, 0))),
    )

    found = courses_for(document.snapshot, B1_B3, 20.0)

    assert [(course.uid, course.name, round(course.far_mm)) for course in found] == [
        ("near", None, 1000),
        ("far", "虚构河", 8000),
    ]


def test_a_border_is_put_on_a_road_only_once(document: Document, refused: Refused) -> None:
    document.execute(Align(B1_B3, "虚构大路"))
    x, y = 4.5, 2.1462 + (2.3 - 2.1462) / 2

    assert refused(document, Align(Whole(place(x, y)), "虚构大路")).code == "edit.lies_there"


@pytest.mark.parametrize(
    ("where", "line", "reach", "code"),
    [
        (B1_B3, "没有的路", 50.0, "edit.unknown_line"),
        (B1_B3, "虚构小路", 5.0, "edit.far_from_line"),
        (B1_B3, "虚构大路", 1.0, "edit.far_from_line"),
        (Whole(place(8, 0.5)), "虚构大路", 50.0, "edit.locked"),
        (Whole(place(4.5, 2.5)), "虚构大路", 50.0, "edit.no_stretch"),
    ],
)
def test_an_alignment_that_can_not_be_is_refused(
    document: Document, refused: Refused, where: Whole, line: str, reach: float, code: str
) -> None:
    assert refused(document, Align(where, line, reach)).code == code


def test_a_road_over_the_land_of_others_is_refused(store: MemoryStore, refused: Refused) -> None:
    road = LineObject("a", "road", "虚构路", line=line_blob((4.2, 2.1), (3.5, 2.5), (6.5, 2.1)))
    document = with_lines(store, road)

    assert refused(document, Align(B1_B3, "a")).code == "edit.third_area"


def test_undo_brings_the_border_back(store: MemoryStore) -> None:
    document = document_on(store)
    document.execute(AddVertex(place(4.5, 2), place(4.5, 1.9)))
    before = between(document, "B1", "B3")

    document.execute(Align(Whole(place(4.25, 1.95)), "虚构大路"))
    document.undo()

    assert between(document, "B1", "B3") == before


def test_a_river_drawn_as_a_line_serves_as_well(store: MemoryStore) -> None:
    road = LineObject("a", "road", "虚构路", line=line_blob((3.5, 2.1), (6.5, 2.1)))
    document = with_lines(store, replace(road, kind="river", name="虚构河"))

    document.execute(Align(B1_B3, "虚构河"))

    assert between(document, "B1", "B3") == [[[4, 2.1], [6, 2.1]]]
