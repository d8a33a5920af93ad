from __future__ import annotations

import pytest
import shapely

from gridadmin.domain.model import LineObject
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.bounds_commands import WriteBounds
from gridadmin.edit.document import Document
from gridadmin.edit.vertex_commands import Move
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore, document_on, named, place, small_town

A = "990101001001"


@pytest.fixture
def store() -> MemoryStore:
    """The small town without the streets that others need."""
    bare = small_town()
    bare.rows["line_object"].clear()
    return bare


def road(store: MemoryStore, name: str | None, *cells: tuple[float, float]) -> None:
    """Put a road into a project, given in cells of 10 m."""
    line = shapely.LineString([place(x, y) for x, y in cells])
    row = LineObject(f"road-{name}", "road", name, "secondary", shapely.to_wkb(line))
    store.rows["line_object"][row.uid] = row


def bounds(document: Document, key: str) -> str | None:
    area = named(document.snapshot, key)
    document.execute(WriteBounds([area.uid]))
    return document.snapshot.area(area.uid).four_bounds


def test_neighbours_bound_an_area_where_nothing_else_does(document: Document) -> None:
    # Beyond the border of the community the community is named, not its grid.
    assert bounds(document, "A4") == "东至虚构B，南至虚构A2，西至虚构A3，北至虚构root界"


def test_a_road_along_the_outline_comes_before_the_neighbour(store: MemoryStore) -> None:
    road(store, "示例路", (1, 1.9), (5, 1.9))

    assert bounds(document_on(store), "A4") == "东至虚构B，南至示例路，西至虚构A3，北至虚构root界"


def test_a_road_that_crosses_the_outline_does_not_bound_it(store: MemoryStore) -> None:
    road(store, "横路", (1, 1), (5, 5))

    assert bounds(document_on(store), "A4") == "东至虚构B，南至虚构A2，西至虚构A3，北至虚构root界"


def test_a_road_without_a_name_and_one_too_far_away_do_not_count(store: MemoryStore) -> None:
    road(store, None, (1, 1.9), (5, 1.9))
    road(store, "远路", (-3, 2.05), (-1, 2.05))

    assert bounds(document_on(store), "A4") == "东至虚构B，南至虚构A2，西至虚构A3，北至虚构root界"


def test_without_a_frame_nothing_is_said_to_be_the_border_of_the_whole() -> None:
    store = small_town(has_frame=False)
    store.rows["line_object"].clear()

    assert bounds(document_on(store), "A4") == "东至虚构B，南至虚构A2，西至虚构A3，北至已绘范围之外"


def test_the_nearest_of_two_roads_is_named(store: MemoryStore) -> None:
    road(store, "近路", (1, 1.9), (5, 1.9))
    road(store, "远路", (1, 1.5), (5, 1.5))

    assert (bounds(document_on(store), "A4") or "").startswith("东至虚构B，南至近路，")


def test_a_side_with_two_neighbours_names_both(document: Document) -> None:
    assert (bounds(document, "A") or "").startswith("东至虚构B，南至虚构root界，")
    # The lake lies beyond the lower half of its east, a grid beyond the upper.
    assert bounds(document, "B3") == "东至虚构B4、虚构湖，南至虚构B1，西至虚构A，北至虚构root界"


def test_a_stacked_micro_grid_has_the_bounds_of_its_cell(document: Document) -> None:
    assert bounds(document, "A1-5") == "东至虚构A2，南至虚构A1-2，西至虚构A1-3，北至虚构A3"


def test_land_that_the_parent_keeps_is_named_so(document: Document) -> None:
    assert (bounds(document, "A4-3") or "").startswith("东至虚构A4未划分地块，")


def test_a_whole_level_is_written_in_one_step(document: Document) -> None:
    done = document.execute(WriteBounds(below=A, level="grid"))

    told = dict(done.change.told)["texts"]
    assert [row["code"] for row in told] == [A + n for n in ("001", "002", "003", "004")]
    assert told[0]["old"] is None
    assert told[0]["new"] == "东至虚构A2，南至虚构root界，西至虚构root界，北至虚构A3"
    document.undo()
    assert named(document.snapshot, "A1").four_bounds is None


def move_border_of_a4(document: Document) -> None:
    document.execute(Move(place(3, 3), (place(3, 3)[0] + 1, place(3, 3)[1])))
    document.execute(Move(place(2, 3), (place(2, 3)[0] + 1, place(2, 3)[1])))


def test_bounds_are_out_of_date_once_the_border_moved(document: Document) -> None:
    document.execute(WriteBounds(below=A, level="grid"))

    move_border_of_a4(document)

    stale = {key: named(document.snapshot, key).is_bounds_stale for key in ("A1", "A3", "A4")}
    assert stale == {"A1": False, "A3": True, "A4": True}
    document.undo()
    assert not named(document.snapshot, "A4").is_bounds_stale


def test_writing_and_setting_the_same_text_bring_them_up_to_date(document: Document) -> None:
    document.execute(WriteBounds(below=A, level="grid"))
    move_border_of_a4(document)
    first, second = named(document.snapshot, "A3"), named(document.snapshot, "A4")

    document.execute(WriteBounds([first.uid]))
    document.execute(SetField(second.uid, "four_bounds", second.four_bounds))

    assert not named(document.snapshot, "A3").is_bounds_stale
    assert not named(document.snapshot, "A4").is_bounds_stale


@pytest.mark.parametrize(
    ("which", "written"), [("empty", {"A2"}), ("outdated", {"A2", "A3", "A4"})]
)
def test_only_those_that_need_it_are_written(
    document: Document, which: str, written: set[str]
) -> None:
    document.execute(WriteBounds(below=A, level="grid"))
    document.execute(SetField(A + "002", "four_bounds", None))
    move_border_of_a4(document)

    done = document.execute(WriteBounds(below=A, level="grid", which=which))

    assert {row.after.name.removeprefix("虚构") for row in done.change.of("area")} == written


def test_an_area_without_land_is_refused(document: Document, refused: Refused) -> None:
    document.execute(Create("grid", A, "虚构A0"))

    refusal = refused(document, WriteBounds([named(document.snapshot, "A0").uid]))

    assert refusal.code == "edit.not_drawn"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (WriteBounds(below=A, level="planet"), "edit.unknown_level"),
        (WriteBounds(below=A, which="some"), "edit.bad_value"),
        (WriteBounds(below=A, level="street"), "edit.nothing_changes"),
    ],
)
def test_what_makes_no_sense_is_refused(
    document: Document, refused: Refused, command: WriteBounds, code: str
) -> None:
    assert refused(document, command).code == code
