"""A full check looks closer only at areas whose land may not be as it should."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from gridadmin.domain.model import ReferenceOutline
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import Give, InsertLine
from tests.helpers.checking import found_in_area, suspects
from tests.helpers.projects import MemoryStore, box_m, document_on, named, place, small_town


@pytest.fixture
def store() -> MemoryStore:
    return small_town()


def with_outline(store: MemoryStore, key: str, shape: shapely.Geometry) -> str:
    """Give an area an outline from a made-up file and return its uid."""
    uid = named(store.snapshot(), key).uid
    row = ReferenceOutline(
        f"outline {key}", uid, shapely.to_wkb(shape), "虚构文件", "0", revision=9
    )
    store.rows["reference_outline"][row.uid] = row
    return uid


def turned(shape: shapely.Polygon, steps: int, *, is_reversed: bool) -> shapely.Polygon:
    corners = list(shape.exterior.coords)[:-1]
    corners = corners[steps:] + corners[:steps]
    return shapely.Polygon(corners[::-1] if is_reversed else corners)


@pytest.mark.parametrize("steps", [0, 1, 3])
@pytest.mark.parametrize("is_reversed", [True, False])
def test_a_ring_is_the_same_wherever_it_begins_and_whichever_way_it_runs(
    store: MemoryStore, steps: int, is_reversed: bool
) -> None:
    shape = turned(box_m(2, 2, 1, 1), steps, is_reversed=is_reversed)
    uid = with_outline(store, "A4-1", shape)

    assert uid not in suspects(store.snapshot(), "reference_difference")


@pytest.mark.parametrize(
    "shape",
    [
        box_m(2, 2, 1, 1.001),
        box_m(2, 2, 2, 1),
        shapely.MultiPolygon([box_m(2, 2, 1, 1), box_m(9, 9, 1, 1)]),
        box_m(2, 2, 1, 1).difference(box_m(2.4, 2.4, 0.1, 0.1)),
        shapely.Polygon(),
    ],
)
def test_another_outline_is_not_taken_for_the_same(
    store: MemoryStore, shape: shapely.Geometry
) -> None:
    uid = with_outline(store, "A4-1", shape)
    snapshot = store.snapshot()

    assert uid in suspects(snapshot, "reference_difference")


def test_a_ring_of_as_many_points_that_lies_elsewhere_is_told(store: MemoryStore) -> None:
    uid = with_outline(store, "A4-1", box_m(2, 2, 1, 1.1))
    snapshot = store.snapshot()

    assert uid in suspects(snapshot, "reference_difference")
    (issue,) = [i for i in found_in_area(snapshot, uid) if i.kind == "reference_difference"]
    assert dict(issue.params)["lost_m2"] == 10.0


def test_the_newest_outline_counts(store: MemoryStore) -> None:
    uid = with_outline(store, "B3", box_m(0, 0, 1, 1))

    assert uid in suspects(store.snapshot(), "reference_difference")


def test_nothing_is_compared_when_the_scheme_does_not_want_it(store: MemoryStore) -> None:
    uid = with_outline(store, "A4-1", box_m(2, 2, 1, 1.1))
    snapshot = store.snapshot()
    assert "reference_difference" in [issue.kind for issue in found_in_area(snapshot, uid)]

    check = snapshot.scheme.check("reference_difference")
    snapshot = store.snapshot()
    snapshot._scheme = replace(snapshot.scheme, checks=(replace(check, on=False),))

    assert "reference_difference" not in [issue.kind for issue in found_in_area(snapshot, uid)]


def test_land_in_parts_and_land_with_a_hole_are_told_apart(store: MemoryStore) -> None:
    document: Document = document_on(store)
    document.execute(Give(place(3.5, 3.5), named(document.snapshot, "B1").uid))
    ring = [place(x, y) for x, y in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2))]
    document.execute(InsertLine(ring, "new", "keep"))
    snapshot = document.snapshot
    b1, a1 = named(snapshot, "B1").uid, named(snapshot, "A1-1").uid

    in_parts = suspects(snapshot, "multipart")

    assert b1 in in_parts
    assert a1 not in in_parts
