from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.checks.book import IssueBook
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import Delete
from gridadmin.edit.document import Document, Done
from gridadmin.edit.land_commands import FrameFromUnion, Give, InsertLine, MakeExempt
from gridadmin.edit.vertex_commands import Move
from tests.helpers.projects import document_on, named, place, small_town
from tests.helpers.promises import enclosed_outside

CELL_MM2 = 10_000 * 10_000


@pytest.fixture
def document() -> Document:
    return document_on(small_town())


@pytest.fixture
def open_document() -> Document:
    return document_on(small_town(has_frame=False))


def land_cells(document: Document, key: str) -> float:
    area = named(document.snapshot, key)
    return document.snapshot.land_twice_mm2(area.uid) / 2 / CELL_MM2


def refusal(document: Document, command: object) -> str:
    before = document.snapshot
    with pytest.raises(EditError) as refused:
        document.execute(command)  # type: ignore[arg-type]
    assert document.snapshot is before
    return refused.value.code


def created(document: Document, done: Done) -> Area:
    ((_, rows),) = [fact for fact in done.change.told if fact[0] == "created"]
    assert len(rows) == 1
    return document.snapshot.area(rows[0]["uid"])


def test_give_moves_a_face_to_another_parent_and_keeps_all_land(document: Document) -> None:
    to = named(document.snapshot, "B3").code

    document.execute(Give(place(3.5, 3.5), to))

    assert land_cells(document, "A") == 15
    assert land_cells(document, "B3") == 5
    assert land_cells(document, "root") == 29


def test_give_tells_the_areas_whose_outline_is_another_one(document: Document) -> None:
    to = named(document.snapshot, "A1-2").uid

    done = document.execute(Give(place(3.5, 3.5), to))

    wanted = [named(document.snapshot, key).uid for key in ("A1", "A1-2", "A4")]
    assert done.changed_areas() == sorted(wanted)


def test_give_to_nobody_shows_as_a_gap_at_once(document: Document) -> None:
    done = document.execute(Give(place(3.5, 3.5), None))

    gaps = [i for i in IssueBook.of(done.after).issues() if i.kind == "gap"]
    assert [gap.area_m2 for gap in gaps] == [100.0, 100.0]


def test_give_on_a_border_is_refused(document: Document) -> None:
    assert refusal(document, Give(place(1, 0.5), None)) == "edit.on_border"


def test_give_outside_is_refused(document: Document) -> None:
    assert refusal(document, Give(place(20, 20), None)) == "edit.no_face"


def test_give_at_a_place_that_is_no_number_is_refused(document: Document) -> None:
    assert refusal(document, Give((float("nan"), 0.0), None)) == "edit.bad_place"


def test_give_to_its_holder_is_refused(document: Document) -> None:
    to = named(document.snapshot, "A1-1").uid
    assert refusal(document, Give(place(0.5, 0.5), to)) == "edit.already_there"


def test_give_of_the_last_land_is_refused(document: Document) -> None:
    to = named(document.snapshot, "A1-2").uid
    assert refusal(document, Give(place(0.5, 0.5), to)) == "edit.area_vanishes"


def test_give_to_a_stacked_area_is_refused(document: Document) -> None:
    to = named(document.snapshot, "A1-5").uid
    assert refusal(document, Give(place(3.5, 3.5), to)) == "edit.is_stacked"


def test_give_settles_a_dispute_and_its_row_goes(document: Document) -> None:
    to = named(document.snapshot, "B1").uid

    document.execute(Give(place(5.5, 0.5), to))

    assert dict(document.snapshot.rows("dispute")) == {}
    assert land_cells(document, "B1") == 4


def test_give_by_issue_reaches_a_face_narrower_than_the_grid(document: Document) -> None:
    (x, y), (_, top) = place(3.2, 3), place(3.2, 4)
    line = [(x, y), (x, top)], [(x + 0.001, y), (x + 0.001, top)]
    document.execute(InsertLine(line[0], "new", "keep"))
    document.execute(InsertLine(line[1], named(document.snapshot, "A1-3").uid, "keep"))
    inside = x + 0.0005, (y + top) / 2
    to = named(document.snapshot, "A4-1").uid

    assert refusal(document, Give(inside, to)) == "edit.on_border"
    done = document.execute(Give(inside, to, is_inside=True))

    assert done.after.land_twice_mm2(to) == 2 * (CELL_MM2 + 1 * 10_000)


def test_line_with_new_makes_a_sibling_with_the_next_code(document: Document) -> None:
    done = document.execute(InsertLine([place(0.5, -1), place(0.5, 2)], "new", "keep"))

    area = created(document, done)
    assert (area.level, area.code, area.land) == ("micro_grid", "99010100100100107", "drawn")
    assert area.parent == named(document.snapshot, "A1").uid
    assert document.snapshot.land_twice_mm2(area.uid) == 2 * CELL_MM2


def test_line_never_gives_a_retired_code_again(document: Document) -> None:
    line = InsertLine([place(0.5, -1), place(0.5, 2)], "new", "keep")
    document.execute(line)
    document.undo()
    done = document.execute(line)
    first = created(document, done)

    document.execute(Delete(first.uid))
    again = document.execute(InsertLine([place(1.5, -1), place(1.5, 1)], "new", "keep"))

    assert first.code == "99010100100100107"
    assert created(document, again).code == "99010100100100108"


def test_line_that_cuts_a_cell_makes_a_micro_grid(document: Document) -> None:
    done = document.execute(InsertLine([place(1.5, 1), place(1.5, 2)], "new", "keep"))

    assert created(document, done).level == "micro_grid"


def test_line_with_new_across_two_parents_is_refused(document: Document) -> None:
    across = InsertLine([place(1.0, 0.5), place(3.0, 0.5)], "new", "keep")
    assert refusal(document, across) == "edit.two_parents"


def test_line_with_new_through_exempt_land_is_refused(document: Document) -> None:
    line = InsertLine([place(6.5, 2), place(6.5, 3)], "new", "keep")
    assert refusal(document, line) == "edit.no_sibling"


def test_line_that_ends_before_a_border_is_refused(document: Document) -> None:
    line = InsertLine([place(0.2, 0.2), place(0.4, 0.4)], "new", "keep")
    assert refusal(document, line) == "edit.cuts_nothing"


def test_line_of_one_place_is_refused(document: Document) -> None:
    line = InsertLine([place(0.2, 0.2), place(0.2, 0.2)], "new", "keep")
    assert refusal(document, line) == "edit.cuts_nothing"


def test_line_that_encloses_the_outside_makes_a_gap_without_a_frame(
    open_document: Document,
) -> None:
    to = named(open_document.snapshot, "A1-1").code or ""
    ring = [place(x, y) for x, y in ((0, -0.5), (0.2, -1), (1.8, -1), (2, -0.5), (2, 0.5))]
    inner = [place(1.5, 0), place(1.5, -0.5), place(0.5, -0.5), place(0.5, 0)]
    band = [place(0, 0), *ring[:4], place(2, 0), *inner, place(0, 0)]

    open_document.execute(InsertLine(band, to, "keep"))

    snapshot = open_document.snapshot
    assert not any(enclosed_outside(snapshot))
    assert snapshot.partition.own_twice_area(NOBODY) == 2 * CELL_MM2 + CELL_MM2


def test_move_to_where_the_frame_stands_is_refused(document: Document) -> None:
    assert refusal(document, Move(place(1, 0), place(1.1, 0))) == "edit.locked"


def test_move_of_no_vertex_is_refused(document: Document) -> None:
    assert refusal(document, Move(place(0.3, 0.3), place(0.4, 0.3))) == "edit.no_vertex"


def test_move_takes_land_from_one_neighbour_to_the_other(document: Document) -> None:
    document.execute(Move(place(4, 1), place(4.5, 1)))

    assert land_cells(document, "A2") == 4.5
    assert land_cells(document, "root") == 29


def test_exempt_land_is_kept_with_reason_and_approver(document: Document) -> None:
    document.execute(MakeExempt(place(3.5, 3.5), "水面", "虚构审批人", "2030-01-01"))

    assert {e.until for e in document.snapshot.rows("exempt").values()} == {None, "2030-01-01"}


def test_exempt_land_without_reason_is_refused(document: Document) -> None:
    command = MakeExempt(place(3.5, 3.5), " ", "虚构审批人")
    assert refusal(document, command) == "edit.exempt_needs_reason"


def test_exempt_land_given_to_an_area_is_exempt_no_more(document: Document) -> None:
    document.execute(Give(place(6.5, 2.5), named(document.snapshot, "B4").uid))

    assert dict(document.snapshot.rows("exempt")) == {}


def test_frame_is_the_union_of_all_land(open_document: Document) -> None:
    open_document.execute(FrameFromUnion())

    assert open_document.snapshot.has_frame
    assert refusal(open_document, Move(place(1, 0), place(1.1, 0))) == "edit.locked"
    assert refusal(open_document, FrameFromUnion()) == "edit.frame_stands"


def test_giving_land_at_the_frame_to_nobody_leaves_a_gap_inside_it(document: Document) -> None:
    document.execute(Give(place(3.5, 3.5), None))

    assert document.snapshot.partition.own_twice_area(NOBODY) == 4 * CELL_MM2


def test_one_gesture_has_each_row_once(document: Document) -> None:
    done = document.execute(InsertLine([place(0.5, -1), place(0.5, 2)], "new", "keep"))

    keys = [(row.table, row.key) for row in done.change.rows]
    assert len(keys) == len(set(keys))
    assert all(row.before != row.after for row in done.change.rows)
    assert all(row.after.revision == 1 for row in done.change.rows if row.after is not None)
    assert oid_of(created(document, done).uid) in done.touched
