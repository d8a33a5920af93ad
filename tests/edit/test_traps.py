"""The known traps of other editors, each with the commands that staff would meet it by."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import BorderRow
from gridadmin.edit.document import Document
from gridadmin.edit.draw_commands import Draw
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.redraw_commands import Redraw
from gridadmin.edit.split_commands import Split
from gridadmin.edit.stretch_commands import Offset
from gridadmin.edit.stretches import Whole
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.border import points_of
from gridadmin.partition.rewire import canonical_shape
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts
from tests.edit.conftest import Refused
from tests.helpers.play import InMemory, in_memory
from tests.helpers.projects import MemoryStore, document_on, named, place
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


def line(*places: tuple[float, float]) -> list[tuple[float, float]]:
    return [place(x, y) for x, y in places]


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


def cells(document: Document, area: str) -> float:
    return document.snapshot.land_twice_mm2(area) / 2 / CELL_MM2


def fresh(document: Document, command: Split | Draw | InsertLine) -> str:
    (row,) = dict(document.execute(command).change.told)["created"]
    return str(row["uid"])


def test_three_neighbours_at_one_node_move_with_it(document: Document) -> None:
    # A2-1 and A2-3 on the east, A1-2 and A1-4 on the west, of grids 1 and 2.
    document.execute(Move(place(2, 1), place(2.3, 1.2)))

    assert cells(document, uid(document, "A1")) + cells(document, uid(document, "A2")) == 8.0
    check_partition(document.snapshot)


def test_a_vertex_that_a_split_made_moves_for_all_who_share_it(document: Document) -> None:
    new = fresh(document, Split([uid(document, "B3")], line((4.5, 1), (4.5, 5)), "right"))
    below = cells(document, uid(document, "B1"))

    document.execute(Move(place(4.5, 2), place(4.5, 1.9)))

    assert cells(document, uid(document, "B1")) < below
    assert cells(document, new) > 1.0
    check_partition(document.snapshot)


def test_reshaping_across_two_areas_moves_the_border_of_both(document: Document) -> None:
    document.execute(Redraw(line((2, 0.5), (2.2, 0.5), (2.2, 1.5), (2, 1.5))))

    assert cells(document, uid(document, "A1")) == 4.2
    assert cells(document, uid(document, "A2-1")) == 0.9
    assert cells(document, uid(document, "A2-3")) == 0.9
    check_partition(document.snapshot)


def test_a_line_that_touches_a_border_without_crossing_cuts_nothing(
    document: Document, refused: Refused
) -> None:
    touching = line((4.2, 3.5), (4, 3), (4.2, 2.5))

    assert refused(document, Split([uid(document, "B3")], touching)).code == "edit.cuts_nothing"


def test_a_line_through_a_node_cuts_the_areas_that_meet_there_clean(store: MemoryStore) -> None:
    document = document_on(store)
    through = line((2, 0), (3, 1), (4, 2))

    document.execute(Split([uid(document, "A2")], through, "left", children="cut"))

    assert cells(document, uid(document, "A2")) == 2.0
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_an_outline_that_starts_elsewhere_is_the_same_outline(document: Document) -> None:
    corners = line((4.2, 2.2), (4.8, 2.2), (4.8, 2.8), (4.2, 2.8))
    parent, giver = uid(document, "B"), uid(document, "B3")
    shapes = set()

    for start in range(4):
        polygon = corners[start:] + corners[:start]
        area = fresh(document, Draw(polygon, "grid", parent, take=[giver]))
        (border,) = document.snapshot.partition.beside(oid_of(area))
        shapes.add(canonical_shape(border.points, 0, 0))
        document.undo()

    assert len(shapes) == 1


def test_an_island_inside_a_hole_keeps_its_land(store: MemoryStore) -> None:
    document = document_on(store)
    parent, giver = uid(document, "B"), uid(document, "B3")
    ring = line((4.2, 2.2), (4.8, 2.2), (4.8, 2.8), (4.2, 2.8))
    inner = line((4.4, 2.4), (4.6, 2.4), (4.6, 2.6), (4.4, 2.6))
    outer_area = fresh(document, Draw(ring, "grid", parent, take=[giver]))
    inner_area = fresh(document, Draw(inner, "grid", parent, take=[outer_area]))

    document.execute(Merge([giver, outer_area]))

    assert (cells(document, giver), cells(document, inner_area)) == (3.96, 0.04)
    (part,) = land_parts(document.snapshot.partition, oid_of(giver))
    assert len(part.holes) == 1
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_a_border_of_four_levels_moves_at_all_of_them(document: Document) -> None:
    document.execute(Redraw(line((4, 0.2), (3.8, 0.5), (4, 0.8))))

    lost = [16 - cells(document, uid(document, "A"))]
    lost += [4 - cells(document, uid(document, "A2")), 1 - cells(document, uid(document, "A2-2"))]
    assert lost == pytest.approx([0.06] * 3)
    assert cells(document, uid(document, "root")) == 29.0
    check_partition(document.snapshot)


@pytest.mark.slow
def test_a_border_shared_by_four_levels_moves_at_all_of_them(demo_once: Path) -> None:
    document = InMemory(in_memory(demo_once)).opened(1)
    snapshot = document.snapshot
    border = next(b for b in sorted(snapshot.partition, key=lambda b: b.id) if parts(snapshot, b))
    lefts, rights = (chain(snapshot, side) for side in (border.left, border.right))
    x, y = snapshot.place(points_of(border)[:2]).mean(axis=0).tolist()

    done = document.execute(Offset(Whole((x, y), border.id), 1.0))

    moved = [
        {done.after.land_twice_mm2(uid) - snapshot.land_twice_mm2(uid) for uid in uids}
        for uids in (lefts, rights)
    ]
    levels = ["micro_grid", "grid", "community", "street"]
    assert [[snapshot.area(uid).level for uid in uids] for uids in (lefts, rights)] == [levels] * 2
    # By a bend of less than a millimetre at the neighbours' borders they may differ.
    lost, won = (sorted(values) for values in moved)
    assert lost[0] == pytest.approx(lost[-1], rel=1e-3)
    assert won[0] == pytest.approx(-lost[0], rel=1e-3)
    assert lost[0] < 0
    check_partition(document.snapshot)


def chain(snapshot: Snapshot, owner: int) -> list[str]:
    """Return the uids of an owner and of all above it below the root."""
    area = snapshot.owning_area(owner)
    if area is None:
        return []
    return [area.uid, *(above.uid for above in snapshot.ancestors(area.uid) if above.parent)]


def parts(snapshot: Snapshot, border: BorderRow) -> bool:
    """Return whether a border of several points parts two streets with all levels below them."""
    chains = [chain(snapshot, side) for side in (border.left, border.right)]
    return (
        all(len(uids) == 4 for uids in chains)
        and not set(chains[0]) & set(chains[1])
        and len(points_of(border)) > 3
    )


def test_a_drag_across_another_border_is_refused(document: Document, refused: Refused) -> None:
    assert refused(document, Move(place(1, 1), place(2.5, 1.2))).code in {
        "edit.crosses",
        "edit.sweeps_over",
    }


def test_an_area_that_would_vanish_is_refused(document: Document, refused: Refused) -> None:
    everything = Draw(
        line((3.5, 1.5), (6.5, 1.5), (6.5, 4.5), (3.5, 4.5)), "grid", uid(document, "B"), take="all"
    )

    refusal = refused(document, everything)

    assert refusal.code == "edit.area_vanishes"
    assert refusal.params["area"] == "虚构B3 990101001002003"


def test_lines_a_millimetre_apart_keep_their_sliver(store: MemoryStore) -> None:
    document = document_on(store)
    grid = uid(document, "B3")
    east = fresh(document, Split([grid], line((4.5, 1), (4.5, 5)), "left"))

    sliver = fresh(document, Split([east], line((4.5001, 1), (4.5001, 5)), "right"))

    assert document.snapshot.land_twice_mm2(sliver) == 2 * 1 * 20_000
    check_partition(document.snapshot)
    first = hash_of(document.snapshot)
    document.execute(Merge([east, sliver]))
    document.undo()
    assert hash_of(document.snapshot) == first
    check_same(document.snapshot, store.snapshot())
