from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import Cancelled
from gridadmin.domain.model import BorderRow
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import FrameFromUnion, InsertLine
from gridadmin.edit.lock_commands import Lock, LockTarget
from gridadmin.edit.redraw_commands import Redraw
from gridadmin.edit.simplify_commands import Simplify
from gridadmin.partition.planar import points_of
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named, place, small_town
from tests.helpers.promises import check_partition, check_same, hash_of


@pytest.fixture
def store() -> MemoryStore:
    return small_town()


@pytest.fixture
def document(store: MemoryStore) -> Document:
    """Return a document on the town with no vertex on a straight stretch any more."""
    document = document_on(store)
    document.execute(Simplify(0.001))
    return document


def bent(document: Document, *places: tuple[float, float]) -> None:
    document.execute(Redraw([place(x, y) for x, y in places]))


def between(document: Document, *keys: str) -> BorderRow:
    snapshot = document.snapshot
    uids = {named(snapshot, key).uid for key in keys}
    (found,) = [
        border
        for border in snapshot.partition
        if {snapshot.owner_name(border.left), snapshot.owner_name(border.right)} == uids
    ]
    return found


def count(document: Document, *keys: str) -> int:
    return len(points_of(between(document, *keys)))


WIGGLES = (1, 0.1), (1.02, 0.3), (1.01, 0.5), (1.05, 0.7), (1, 0.9)


def test_vertices_go_as_far_as_the_distance_allows(document: Document) -> None:
    bent(document, *WIGGLES)
    assert count(document, "A1-1", "A1-2") == 7

    done = document.execute(Simplify(0.25))
    assert dict(done.change.told) == {
        "vertices_removed": 3, "borders": 1, "greatest_shift_m": 0.164,
    }  # fmt: skip

    document.execute(Simplify(1.0))
    assert count(document, "A1-1", "A1-2") == 2
    check_partition(document.snapshot)


def test_no_vertex_lies_farther_from_the_new_line_than_stated(document: Document) -> None:
    places = [(1 + 0.03 * np.sin(9 * n), 0.05 + n * 0.9 / 30) for n in range(31)]
    bent(document, (1, 0.05), *[(float(x), float(y)) for x, y in places[1:-1]], (1, 0.95))
    old = points_of(between(document, "A1-1", "A1-2"))

    document.execute(Simplify(0.2))

    new = points_of(between(document, "A1-1", "A1-2"))
    far = shapely.distance(shapely.LineString(new), shapely.points(old.astype(float)))
    assert len(new) < len(old)
    assert far.max() <= 200.0


def test_a_border_of_four_levels_stays_one_line(store: MemoryStore, document: Document) -> None:
    bent(document, (4, 0.2), (4.03, 0.5), (4, 0.8))

    document.execute(Simplify(0.5))

    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())
    assert document.snapshot.land_twice_mm2(named(document.snapshot, "A").uid) == 32 * 10**8


def test_simplify_is_one_gesture(document: Document) -> None:
    bent(document, *WIGGLES)
    bent(document, (4, 0.2), (4.03, 0.5), (4, 0.8))
    before = hash_of(document.snapshot)

    done = document.execute(Simplify(1.0))
    assert dict(done.change.told)["borders"] == 2

    document.undo()
    assert hash_of(document.snapshot) == before


def test_only_the_areas_named_are_simplified(document: Document) -> None:
    bent(document, *WIGGLES)
    bent(document, (4, 0.2), (4.03, 0.5), (4, 0.8))

    document.execute(Simplify(1.0, [named(document.snapshot, "B").uid]))

    assert count(document, "A1-1", "A1-2") == 7
    assert count(document, "A2-2", "B1") == 2


def test_locked_borders_stay(document: Document, refused: Refused) -> None:
    bent(document, *WIGGLES)
    document.execute(Lock(LockTarget(border=place(1, 0.05)), "已公告"))

    assert refused(document, Simplify(1.0)).code == "edit.nothing_changes"


def test_locked_outlines_stay(document: Document, refused: Refused) -> None:
    bent(document, *WIGGLES)
    document.execute(Lock(LockTarget(area=named(document.snapshot, "A1-1").uid), "已公告"))

    assert refused(document, Simplify(1.0)).code == "edit.nothing_changes"


@pytest.mark.parametrize("has_frame", [True, False])
def test_the_frame_stays_and_an_outer_border_that_is_none_doesn_t(has_frame: bool) -> None:
    document = document_on(small_town(has_frame=False))
    bent(document, (0, 0.2), (0.02, 0.5), (0, 0.8))
    bent(document, *WIGGLES)
    if has_frame:
        document.execute(FrameFromUnion())

    document.execute(Simplify(1.0))

    dents = [b for b in document.snapshot.partition if (points_of(b) == (200, 5000)).all(1).any()]
    assert len(dents) == has_frame


def test_a_vertex_stays_where_borders_would_touch(document: Document) -> None:
    # A detour around an island that stands 1 cm off the border.
    island = [(0.95, 0.45), (0.995, 0.45), (0.995, 0.55), (0.95, 0.55), (0.95, 0.45)]
    document.execute(InsertLine([place(x, y) for x, y in island], "new", "keep"))
    bent(document, (1, 0.2), (1.02, 0.3), (1.02, 0.7), (1, 0.8))
    document.execute(Redraw([place(x, y) for x, y in ((1.02, 0.4), (1.03, 0.5), (1.02, 0.6))]))

    document.execute(Simplify(3.0))

    check_partition(document.snapshot)
    ring = next(b for b in document.snapshot.partition if is_ring(b))
    assert len(points_of(ring)) >= 4


def is_ring(border: BorderRow) -> bool:
    xy = points_of(border)
    return bool((xy[0] == xy[-1]).all())


@pytest.mark.parametrize(
    ("within_m", "areas", "code"),
    [
        (0.0001, (), "edit.bad_value"),
        (0.5, (), "edit.nothing_changes"),
        (0.5, ("9",), "edit.unknown_area"),
    ],
)
def test_simplify_refuses_what_makes_no_sense(
    document: Document, refused: Refused, within_m: float, areas: Sequence[str], code: str
) -> None:
    assert refused(document, Simplify(within_m, areas)).code == code


class Impatient:
    """A progress whose user gives up after some steps."""

    def __init__(self, patience: int) -> None:
        self.steps: list[tuple[str, int, int]] = []
        self._patience = patience

    def step(self, what: str, done: int, total: int) -> None:
        self.steps.append((what, done, total))

    def is_cancelled(self) -> bool:
        return len(self.steps) >= self._patience


def test_simplify_tells_its_progress(document: Document) -> None:
    bent(document, *WIGGLES)
    progress = Impatient(99)

    document.execute(Simplify(1.0, progress=progress))

    borders = len(document.snapshot.partition)
    assert progress.steps[0][:2] == ("simplify", 0)
    assert 0 < progress.steps[0][2] < borders


def test_simplify_that_is_cancelled_changes_nothing(document: Document) -> None:
    bent(document, *WIGGLES)
    before = document.snapshot

    with pytest.raises(Cancelled):
        document.execute(Simplify(1.0, progress=Impatient(1)))

    assert document.snapshot is before
