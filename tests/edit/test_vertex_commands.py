from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from gridadmin.base.ids import OUTSIDE
from gridadmin.domain.model import BorderLock
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from gridadmin.edit.vertex_commands import AddVertex, DeleteVertex
from gridadmin.partition.planar import points_of
from tests.helpers.projects import MemoryStore, document_on, named, place
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


def cells(document: Document, key: str) -> float:
    area = named(document.snapshot, key)
    return document.snapshot.land_twice_mm2(area.uid) / 2 / CELL_MM2


def refusal(document: Document, command: Command) -> EditError:
    before = document.snapshot
    with pytest.raises(EditError) as refused:
        document.execute(command)
    assert document.snapshot is before
    return refused.value


def test_a_vertex_on_a_border_of_four_levels_moves_all_of_them(
    store: MemoryStore, document: Document
) -> None:
    document.execute(AddVertex(place(4, 0.5), place(4.5, 0.5)))

    assert [cells(document, key) for key in ("A2-2", "A2", "A")] == [1.25, 4.25, 16.25]
    assert [cells(document, key) for key in ("B1", "B", "root")] == [2.75, 12.75, 29]
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_undo_of_a_new_vertex_gives_the_first_map_again(
    store: MemoryStore, document: Document
) -> None:
    first = hash_of(document.snapshot)
    document.execute(AddVertex(place(4, 0.5), place(4.5, 0.5)))
    document.execute(DeleteVertex(place(4.5, 0.5)))
    assert hash_of(document.snapshot) == first

    document.undo()
    document.undo()

    assert hash_of(document.snapshot) == first
    check_same(document.snapshot, store.snapshot())


def test_a_vertex_added_to_a_line_leaves_typed_households_fresh(document: Document) -> None:
    done = document.execute(AddVertex(place(4, 0.5), place(4, 0.5)))

    assert [row.table for row in done.change.rows] == ["border"]
    assert cells(document, "A") == 16


def test_a_vertex_pulled_out_makes_typed_households_stale(document: Document) -> None:
    document.execute(AddVertex(place(4, 0.5), place(4.5, 0.5)))

    assert named(document.snapshot, "B1").is_stale
    assert named(document.snapshot, "A2").is_stale


def test_the_frame_may_get_a_vertex_but_not_move(document: Document) -> None:
    pulled = AddVertex(place(0.5, 0), place(0.5, -0.1))
    assert refusal(document, pulled).code == "edit.locked"

    document.execute(AddVertex(place(0.5, 0), place(0.5, 0)))

    assert refusal(document, DeleteVertex(place(0.5, 0))).code == "edit.locked"
    borders = document.snapshot.partition.beside(OUTSIDE)
    assert [0.5 * 10_000, 0.0] in [xy for b in borders for xy in points_of(b).tolist()]


def test_a_corner_of_the_frame_is_not_deleted(document: Document) -> None:
    assert refusal(document, DeleteVertex(place(0, 0))).code == "edit.locked"


def test_a_locked_border_may_get_a_vertex_but_not_lose_one(store: MemoryStore) -> None:
    document = document_on(store)
    document.execute(AddVertex(place(4, 0.5), place(4.1, 0.5)))
    (border,) = [b for b in document.snapshot.partition if [41_000, 5_000] in points_of(b).tolist()]
    lock = BorderLock("lock-1", "border", str(border.id), "已公告", "虚构用户", "2026-01-01")
    store.rows["border_lock"]["lock-1"] = lock
    document = document_on(store)

    assert refusal(document, DeleteVertex(place(4.1, 0.5))).code == "edit.locked"
    pulled = AddVertex(place(4.05, 0.25), place(4.2, 0.25))
    assert refusal(document, pulled).code == "edit.locked"
    document.execute(AddVertex(place(4.05, 0.25), place(4.05, 0.25)))
    assert document.snapshot.revision == 2


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (AddVertex(place(0.5, 0.5), place(0.6, 0.5)), "edit.no_stretch"),
        (AddVertex(place(1, 1), place(1.1, 1)), "edit.no_stretch"),
        (AddVertex(place(4, 0.5), place(4, 0)), "edit.nothing_moves"),
        (AddVertex(place(4, 0.5), place(5.5, 0.5)), "edit.crosses"),
        (AddVertex(place(4, 0.5), (float("nan"), 0.0)), "edit.bad_place"),
        (AddVertex((1e9, 0.0), place(4, 0.5)), "edit.bad_place"),
        (DeleteVertex(place(1, 1)), "edit.is_node"),
        (DeleteVertex(place(0.5, 0.5)), "edit.no_vertex"),
    ],
)
def test_a_vertex_command_is_refused_with_its_reason(
    document: Document, command: Command, code: str
) -> None:
    assert refusal(document, command).code == code


def test_a_refusal_says_where_in_the_plane(document: Document) -> None:
    refused = refusal(document, DeleteVertex(place(1, 1)))

    assert (refused.params["x"], refused.params["y"]) == place(1, 1)


def test_of_borders_close_together_the_one_meant_gets_the_vertex(document: Document) -> None:
    (border,) = [
        b
        for b in document.snapshot.partition
        if sorted(points_of(b).tolist()) == [[40_000, 0], [40_000, 10_000]]
    ]
    near = place(4, 0.5)[0] + 0.0004, place(4, 0.5)[1]

    assert refusal(document, AddVertex(near, near, border=border.id + 1)).code == "edit.no_stretch"
    done = document.execute(AddVertex(near, near, border=border.id))

    assert [row.key for row in done.change.rows] == [border.id]
