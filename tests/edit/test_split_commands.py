from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, Building, LineObject
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.document import Document, Done
from gridadmin.edit.split_commands import Split, SplitByLines, SplitEqually
from tests.edit.conftest import Refused
from tests.helpers.projects import (
    ORIGIN_MM,
    TODAY,
    MemoryStore,
    box_m,
    document_on,
    named,
    place,
    small_town,
)
from tests.helpers.promises import check_partition, check_same, hash_of

CELL_MM2 = 10_000 * 10_000


A2_MICRO_GRIDS = ("A2-1", "A2-2", "A2-3", "A2-4")


def cells(document: Document, uid: str) -> float:
    return document.snapshot.land_twice_mm2(uid) / 2 / CELL_MM2


def created(document: Document, done: Done) -> list[Area]:
    rows = dict(done.change.told)["created"]
    return [document.snapshot.area(row["uid"]) for row in rows]


def uid(document: Document, key: str) -> str:
    return named(document.snapshot, key).uid


def line(*places: tuple[float, float]) -> list[tuple[float, float]]:
    return [place(x, y) for x, y in places]


def test_split_gives_one_side_to_a_new_sibling(document: Document) -> None:
    area = uid(document, "B3")

    done = document.execute(Split([area], line((4.5, 1), (4.5, 5)), keep="right"))

    (fresh,) = created(document, done)
    assert (fresh.level, fresh.code, fresh.parent) == (
        "grid",
        "990101001002005",
        uid(document, "B"),
    )
    assert (cells(document, fresh.uid), cells(document, area)) == (1.0, 3.0)
    check_partition(document.snapshot)


def test_split_keeps_the_left_side_when_asked(document: Document) -> None:
    area = uid(document, "B3")

    document.execute(Split([area], line((4.5, 1), (4.5, 5)), keep="left"))

    assert cells(document, area) == 1.0


@pytest.mark.parametrize("x", [4.5, 5.5])
def test_split_keeps_the_larger_side_unless_told(document: Document, x: float) -> None:
    area = uid(document, "B3")

    document.execute(Split([area], line((x, 1), (x, 5)), name="虚构新网格"))

    assert cells(document, area) == 3.0
    assert cells(document, uid(document, "新网格")) == 1.0


def test_split_records_lineage_with_the_share_of_households(document: Document) -> None:
    area = uid(document, "B3")

    done = document.execute(Split([area], line((5, 1), (5, 5)), keep="left"))

    (fresh,) = created(document, done)
    (row,) = document.snapshot.rows("lineage").values()
    assert (row.predecessor, row.successor, row.kind, row.date) == (area, fresh.uid, "split", TODAY)
    # Households are the sum of column and row of each cell: 7 + 8 against 6 + 7.
    assert row.household_share == round(15 / 28, 6)


def test_split_records_the_share_of_land_where_nobody_lives(store: MemoryStore) -> None:
    store.rows["building"].clear()
    document = document_on(store)

    document.execute(Split([uid(document, "B3")], line((4.5, 1), (4.5, 5))))

    (row,) = document.snapshot.rows("lineage").values()
    assert row.household_share == 0.25


def test_split_leaves_the_neighbours_of_a_long_line_as_they_are(document: Document) -> None:
    before = {b.id: b.points for b in document.snapshot.partition}

    document.execute(Split([uid(document, "B3")], line((4.512, -3), (4.523, 9))))

    after = document.snapshot.partition
    below = [b for b in after if b.id in before and b.points == before[b.id]]
    assert len(before) - len(below) <= 2


def test_split_between_the_areas_below_moves_them(store: MemoryStore) -> None:
    document = document_on(store)
    area = uid(document, "A2")

    done = document.execute(Split([area], line((3, -1), (3, 3)), keep="left"))

    (fresh,) = created(document, done)
    assert fresh.code == "990101001001005"
    assert document.snapshot.area(uid(document, "A2-2")).parent == fresh.uid
    assert document.snapshot.area(uid(document, "A2-1")).parent == area
    assert (cells(document, fresh.uid), cells(document, area)) == (2.0, 2.0)
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_split_moves_stacked_areas_with_their_cell(document: Document) -> None:
    done = document.execute(Split([uid(document, "A1")], line((1, -1), (1, 3)), keep="left"))

    (fresh,) = created(document, done)
    for key in ("A1-4", "A1-5", "A1-6"):
        assert document.snapshot.area(uid(document, key)).parent == fresh.uid


def test_split_through_areas_below_names_them(document: Document, refused: Refused) -> None:
    refusal = refused(document, Split([uid(document, "A2")], line((2.5, -1), (2.5, 3))))

    assert refusal.code == "edit.cuts_children"
    assert refusal.params["areas"] == "虚构A2-1 99010100100100201, 虚构A2-3 99010100100100203"


def test_split_of_a_community_names_the_grids_that_it_cuts(
    document: Document, refused: Refused
) -> None:
    refusal = refused(document, Split([uid(document, "A")], line((2.5, -1), (2.5, 5))))

    assert refusal.params["areas"] == "虚构A2 990101001001002, 虚构A4 990101001001004"


def test_split_cuts_the_areas_below_when_allowed(store: MemoryStore) -> None:
    document = document_on(store)
    cut = Split([uid(document, "A2")], line((2.5, -1), (2.5, 3)), "right", children="cut")

    done = document.execute(cut)

    grid, *micros = created(document, done)
    assert grid.level == "grid"
    assert [(m.code, m.parent) for m in micros] == [
        ("99010100100100501", grid.uid),
        ("99010100100100502", grid.uid),
    ]
    assert [cells(document, m.uid) for m in micros] == [0.5, 0.5]
    assert cells(document, uid(document, "A2-1")) == 0.5
    assert len(document.snapshot.rows("lineage")) == 3
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_split_leaves_the_areas_below_whole_when_asked(store: MemoryStore) -> None:
    document = document_on(store)
    cut = Split([uid(document, "A2")], line((2.75, -1), (2.75, 3)), "right", children="whole")

    done = document.execute(cut)

    # Both that the line meets have their one house west of it.
    (fresh,) = created(document, done)
    parents = {key: document.snapshot.area(uid(document, key)).parent for key in A2_MICRO_GRIDS}
    assert parents == {
        "A2-1": fresh.uid,
        "A2-2": uid(document, "A2"),
        "A2-3": fresh.uid,
        "A2-4": uid(document, "A2"),
    }
    assert [cells(document, uid(document, key)) for key in A2_MICRO_GRIDS] == [1.0] * 4
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_split_that_leaves_one_side_without_a_whole_area_is_refused(
    document: Document, refused: Refused
) -> None:
    cut = Split([uid(document, "A2")], line((2.25, -1), (2.25, 3)), children="whole")

    assert refused(document, cut).code == "edit.cuts_nothing"


def test_split_keeps_the_side_with_more_households_when_asked(document: Document) -> None:
    cut = Split([uid(document, "B4")], line((7.4, 1), (7.4, 5)), keep="households")

    document.execute(cut)

    # Ten live in the east on the smaller piece, nine in the west.
    assert cells(document, uid(document, "B4")) == 0.6


def test_split_of_a_community_goes_through_two_levels(store: MemoryStore) -> None:
    document = document_on(store)
    community = uid(document, "A")

    document.execute(Split([community], line((2.5, -1), (2.5, 5)), "left", children="cut"))

    assert cells(document, community) == 10.0
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())
    first = hash_of(document_on(small_town()).snapshot)
    document.undo()
    assert hash_of(document.snapshot) == first


def test_split_of_land_that_a_grid_keeps_itself(document: Document) -> None:
    grid = uid(document, "A4")

    done = document.execute(Split([grid], line((3, 1), (3, 3), (3.5, 3), (3.5, 5)), "left"))

    (fresh,) = created(document, done)
    assert cells(document, fresh.uid) == 1.5
    assert document.snapshot.partition.own_twice_area(oid_of(fresh.uid)) == CELL_MM2
    assert document.snapshot.area(fresh.uid).parent == uid(document, "A")


def test_split_by_a_closed_line_cuts_an_island_out(document: Document) -> None:
    ring = line((4.2, 2.2), (4.8, 2.2), (4.8, 2.8), (4.2, 2.8), (4.2, 2.2))

    (fresh,) = created(document, document.execute(Split([uid(document, "B3")], ring)))

    assert cells(document, fresh.uid) == 0.36
    check_partition(document.snapshot)


def test_split_records_the_share_of_land_of_areas_below_where_nobody_lives(
    store: MemoryStore,
) -> None:
    store.rows["building"].clear()
    document = document_on(store)

    document.execute(
        Split([uid(document, "A2")], line((2.25, -1), (2.25, 3)), "right", children="cut")
    )

    shares = [row.household_share for row in document.snapshot.rows("lineage").values()]
    assert sorted(s for s in shares if s is not None) == [0.125, 0.25, 0.25]


def test_split_of_several_areas_by_one_line(document: Document) -> None:
    areas = [uid(document, "B3"), uid(document, "B4")]

    done = document.execute(Split(areas, line((3, 3.5), (9, 3.5)), keep="right"))

    assert [area.code for area in created(document, done)] == ["990101001002005", "990101001002006"]
    assert [cells(document, area) for area in areas] == [3.0, 1.0]


def test_split_of_a_multi_part_area_leaves_what_the_line_misses(document: Document) -> None:
    area = uid(document, "B1")

    document.execute(Split([area], line((4.5, -1), (4.5, 0.4), (3.9, 0.4)), keep="right"))

    assert cells(document, area) == pytest.approx(3 - 0.2, abs=1e-6)


def test_split_marks_a_typed_figure_as_stale(document: Document) -> None:
    document.execute(Split([uid(document, "B3")], line((4.5, 1), (4.5, 5))))

    assert named(document.snapshot, "B3").is_stale


def test_split_of_a_divided_area_leaves_both_divided(document: Document) -> None:
    done = document.execute(Split([uid(document, "A")], line((2, -1), (2, 5))))

    (fresh,) = created(document, done)
    assert fresh.is_divided
    assert fresh.valid_from == TODAY


def test_split_keeps_the_kind_of_an_exclusive_area(document: Document) -> None:
    area = uid(document, "B3")
    document.execute(SetField(area, "kind", "exclusive"))

    (fresh,) = created(document, document.execute(Split([area], line((4.5, 1), (4.5, 5)))))

    assert (fresh.kind, fresh.code) == ("exclusive", "990101001002901")


@pytest.mark.parametrize(
    ("keys", "places", "code"),
    [
        (["B3"], [(0.5, 0), (0.5, 1)], "edit.cuts_nothing"),
        (["B3"], [(4.5, 2.2), (4.5, 2.4)], "edit.cuts_nothing"),
        (["B3"], [(4, 1), (4, 5)], "edit.cuts_nothing"),
        (["B3"], [(4.5, 2)], "edit.cuts_nothing"),
        (["B3"], [(3, 3), (4, 3)], "edit.cuts_nothing"),
        (["root"], [(4.5, -1), (4.5, 5)], "edit.no_sibling"),
        (["A1-5"], [(4.5, -1), (4.5, 5)], "edit.not_drawn"),
        (["B", "B3"], [(4.5, -1), (4.5, 5)], "edit.nested_areas"),
        ([], [(4.5, -1), (4.5, 5)], "edit.bad_value"),
    ],
)
def test_split_refuses_what_makes_no_sense(
    document: Document,
    refused: Refused,
    keys: Sequence[str],
    places: Sequence[tuple[float, float]],
    code: str,
) -> None:
    command = Split([uid(document, key) for key in keys], line(*places))

    assert refused(document, command).code == code


def test_split_keeping_no_side_is_refused(document: Document, refused: Refused) -> None:
    command = Split([uid(document, "B3")], line((4.5, 1), (4.5, 5)), keep="both")

    assert refused(document, command).code == "edit.bad_value"


def test_parts_of_equal_land_are_equal(document: Document) -> None:
    area = uid(document, "B3")

    done = document.execute(SplitEqually(area, 3, "land", "ew"))

    fresh = created(document, done)
    assert [a.code for a in fresh] == ["990101001002005", "990101001002006"]
    lands = [cells(document, uid) for uid in (area, *(a.uid for a in fresh))]
    assert lands == pytest.approx([4 / 3] * 3, rel=0.001)
    shares = sorted(row.household_share for row in document.snapshot.rows("lineage").values())
    assert len(shares) == 2
    check_partition(document.snapshot)


def test_parts_follow_from_north_to_south(document: Document) -> None:
    area = uid(document, "B3")

    document.execute(SplitEqually(area, 2, "land", "ns"))

    bounds = shapely.from_wkb(stored(document, area)).bounds
    assert (bounds[1], bounds[3]) == (place(0, 3)[1], place(0, 4)[1])


def stored(document: Document, area: str) -> bytes:
    from gridadmin.edit.document import lands_of

    blob = lands_of(document.snapshot, [oid_of(area)])[oid_of(area)]
    assert blob is not None
    return blob


def test_parts_lie_along_the_longer_axis_unless_told(document: Document) -> None:
    micro = uid(document, "A4")
    document.execute(Split([micro], line((3, 1), (3, 5)), "left"))

    document.execute(SplitEqually(micro, 2, "land", children="cut"))

    bounds = shapely.from_wkb(stored(document, micro)).bounds
    assert (bounds[2] - bounds[0], bounds[3] - bounds[1]) == (10.0, 10.0)
    assert bounds[3] == place(0, 4)[1]


def with_buildings(
    store: MemoryStore, rows: Sequence[tuple[float, float, int]], half_m: float | None = None
) -> Document:
    """Return a document with buildings at places in cells, their footprints squares."""
    store.rows["building"].clear()
    for number, (x, y, households) in enumerate(rows):
        footprint = None
        if half_m is not None:
            size = half_m / 10
            footprint = shapely.to_wkb(box_m(x - size, y - size, 2 * size, 2 * size))
        mm = np.floor(np.array([x, y]) * 10_000 + 0.5).astype(int)
        building = Building(
            f"b{number}",
            ORIGIN_MM[0] + int(mm[0]),
            ORIGIN_MM[1] + int(mm[1]),
            households,
            footprint=footprint,
        )
        store.rows["building"][building.uid] = building
    return document_on(store)


def households(document: Document, area: str) -> int:
    return document.snapshot.counts.households_of(oid_of(area))


def test_parts_of_equal_households_are_equal_within_a_building(store: MemoryStore) -> None:
    rows = [(4.1 + 0.2 * n, 2.3 + 0.1 * (n % 7), 10 + n) for n in range(9)]
    document = with_buildings(store, rows)
    area = uid(document, "B3")

    done = document.execute(SplitEqually(area, 3, "households", "ew"))

    figures = [households(document, a) for a in (area, *(x.uid for x in created(document, done)))]
    assert sum(figures) == sum(row[2] for row in rows)
    assert all(abs(figure - 42) <= 18 for figure in figures)
    shares = [row.household_share for row in document.snapshot.rows("lineage").values()]
    assert sorted(shares) == sorted(round(figure / 126, 6) for figure in figures[1:])


def test_a_cut_gives_way_to_a_building(store: MemoryStore) -> None:
    document = with_buildings(store, [(4.98, 3.0, 10)], half_m=0.5)
    for row in list(store.rows["building"].values()):
        assert row.footprint is not None
    area = uid(document, "B3")

    document.execute(SplitEqually(area, 2, "land", "ew"))

    # 4.98 ± 0.05 cells are shut; 1 % of a part's land is 0.01 cells, so it can't give way.
    assert cells(document, area) == pytest.approx(2.0, rel=0.001)


def test_a_cut_between_households_gives_way_to_a_building(store: MemoryStore) -> None:
    rows = [(4.2, 3.0, 10), (5.0, 3.5, 0), (5.8, 3.0, 10)]
    document = with_buildings(store, rows, half_m=0.5)
    area = uid(document, "B3")

    document.execute(SplitEqually(area, 2, "households", "ew"))

    east = shapely.from_wkb(stored(document, area)).bounds[2]
    shut = place(5.0, 0)[0] - 0.5, place(5.0, 0)[0] + 0.5
    assert not shut[0] < east < shut[1]
    assert abs(east - place(5.0, 0)[0]) < 1.0


def test_a_cut_through_a_row_of_buildings_stays_where_it_is_best(store: MemoryStore) -> None:
    rows = [(4.2, 3.0, 10), (5.0, 3.5, 0), (5.8, 3.0, 10)]
    document = with_buildings(store, rows, half_m=7.0)
    area = uid(document, "B3")

    document.execute(SplitEqually(area, 2, "households", "ew"))

    assert shapely.from_wkb(stored(document, area)).bounds[2] == place(5.0, 0)[0]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SplitEqually("B3", 5), "edit.too_few_buildings"),
        (SplitEqually("B3", 4, "households", "ew"), "edit.too_few_buildings"),
        (SplitEqually("B3", 1), "edit.bad_value"),
        (SplitEqually("B3", 100), "edit.bad_value"),
        (SplitEqually("B3", 2, "people"), "edit.bad_value"),
        (SplitEqually("B3", 2, "land", "up"), "edit.bad_value"),
        (SplitEqually("A1-5", 2), "edit.not_drawn"),
        (SplitEqually("A2", 3, "land"), "edit.cuts_children"),
    ],
)
def test_equal_parts_refuse_what_makes_no_sense(
    document: Document, refused: Refused, command: SplitEqually, code: str
) -> None:
    assert isinstance(command.areas, str)
    command = replace(command, areas=uid(document, command.areas))

    assert refused(document, command).code == code


def test_split_of_a_listed_area_is_refused(document: Document, refused: Refused) -> None:
    done = document.execute(Create("grid", "990101001001", "虚构空网格"))
    (fresh,) = created(document, done)

    assert refused(document, SplitEqually(fresh.uid, 2, "land")).code == "edit.not_drawn"


def test_equal_parts_keep_areas_below_whole_when_told(store: MemoryStore) -> None:
    document = document_on(store)
    area = uid(document, "A2")

    done = document.execute(SplitEqually(area, 3, "land", "ew", children="whole"))

    # Two columns of micro-grids can't make three parts: one gets none of them and is left out.
    assert [a.level for a in created(document, done)] == ["grid"]
    micro = [named(document.snapshot, f"A2-{n}") for n in (1, 2, 3, 4)]
    assert all(cells(document, one.uid) == 1.0 for one in micro)
    assert len({one.parent for one in micro}) == 2
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_equal_parts_cut_areas_below_when_told(document: Document) -> None:
    area = uid(document, "A2")

    done = document.execute(SplitEqually(area, 3, "land", "ew", children="cut"))

    grids = [a.uid for a in created(document, done) if a.level == "grid"]
    lands = [cells(document, one) for one in (area, *grids)]
    assert lands == pytest.approx([4 / 3] * 3, rel=0.001)
    check_partition(document.snapshot)


def test_equal_parts_of_several_areas_with_names(document: Document) -> None:
    areas = [uid(document, "B3"), uid(document, "B4")]

    done = document.execute(SplitEqually(areas, 2, "land", "ew", names=["虚构东三", "虚构东四"]))

    assert [area.name for area in created(document, done)] == ["虚构东三", "虚构东四"]
    assert [cells(document, area) for area in areas] == [2.0, 1.0]
    assert [len(parts) for parts in dict(done.change.told)["parts"]] == [2, 2]


def test_equal_parts_keep_the_part_that_is_wanted(store: MemoryStore) -> None:
    document = with_buildings(store, [(4.2, 3.0, 1), (5.8, 3.0, 10)])
    area = uid(document, "B3")

    done = document.execute(SplitEqually(area, 2, "land", "ew", keep="households"))

    assert households(document, area) == 10
    (fresh,) = created(document, done)
    assert dict(done.change.told)["parts"] == [[fresh.uid, area]]


def with_line(store: MemoryStore, *places: tuple[float, float], kind: str = "road") -> None:
    shape = shapely.to_wkb(shapely.LineString([place(x, y) for x, y in places]))
    # The roads that the town has of its own are left out.
    ours = {k: v for k, v in store.rows["line_object"].items() if str(k).startswith("line-")}
    store.rows["line_object"] = ours
    number = len(ours)
    road = LineObject(f"line-{number}", kind, "虚构路", line=shape)
    store.rows["line_object"][road.uid] = road


def test_an_area_is_cut_along_the_roads_through_it(store: MemoryStore) -> None:
    with_line(store, (5.25, 1), (5.25, 5))
    with_line(store, (4.5, 2.2), (4.5, 2.8))
    with_line(store, (3, 3), (7, 3), kind="river")
    document = document_on(store)
    area = uid(document, "B3")

    done = document.execute(SplitByLines(area, least_m2=10))

    (fresh,) = created(document, done)
    assert (cells(document, area), cells(document, fresh.uid)) == (2.5, 1.5)
    assert fresh.code == "990101001002005"
    check_partition(document.snapshot)
    check_same(document.snapshot, store.snapshot())


def test_roads_and_rivers_meet_and_cut_together(store: MemoryStore) -> None:
    with_line(store, (5.25, 1), (5.25, 5))
    with_line(store, (3, 3), (7, 3), kind="river")
    document = document_on(store)
    first = hash_of(document.snapshot)
    area = uid(document, "B3")

    done = document.execute(SplitByLines(area, "all", least_m2=10, keep="households"))

    lands = sorted(cells(document, a) for a in (area, *(x.uid for x in created(document, done))))
    assert lands == [0.75, 0.75, 1.25, 1.25]
    check_partition(document.snapshot)
    document.undo()
    assert hash_of(document.snapshot) == first


@pytest.mark.parametrize(("least_m2", "left"), [(10, 3), (15, 2)])
def test_small_parts_go_to_the_neighbour_with_the_longest_border(
    store: MemoryStore, least_m2: float, left: int
) -> None:
    with_line(store, (5, 1), (5, 5))
    # A corner of 0.5 by 0.25 cells that borders the eastern half along 0.75 cells.
    with_line(store, (5.5, 2), (5.5, 2.25), (6, 2.25))
    document = with_buildings(store, [(4.5, 3, 5), (5.2, 3, 5), (5.8, 2.1, 5)])
    area = uid(document, "B3")

    document.execute(SplitByLines(area, least_m2=least_m2))

    siblings = [a for a in document.snapshot.areas() if a.parent == uid(document, "B")]
    assert len(siblings) - 4 + 1 == left
    check_partition(document.snapshot)


def test_a_part_that_rounding_leaves_no_land_is_nobody(store: MemoryStore) -> None:
    # Two lines of one road, 0.3 mm apart, and a part of that width between them.
    with_line(store, (5, 1), (5, 5))
    with_line(store, (5.00003, 1), (5.00003, 5))
    document = document_on(store)
    area = uid(document, "B3")

    done = document.execute(SplitByLines(area, least_m2=0, keeps_empty=True))

    (fresh,) = created(document, done)
    assert (cells(document, area), cells(document, fresh.uid)) == (2.0, 2.0)
    check_partition(document.snapshot)


def test_a_part_without_buildings_is_joined_unless_kept(store: MemoryStore) -> None:
    with_line(store, (5, 1), (5, 5))
    document = with_buildings(store, [(4.5, 3, 5)])
    area = uid(document, "B3")

    with pytest.raises(EditError, match="no_lines_through"):
        document.execute(SplitByLines(area, least_m2=10))
    document.execute(SplitByLines(area, least_m2=10, keeps_empty=True))

    assert cells(document, area) == 2.0


def test_a_road_through_areas_below_cuts_them_or_leaves_them_whole(store: MemoryStore) -> None:
    with_line(store, (2.75, -1), (2.75, 5))
    document = document_on(store)
    area = uid(document, "A2")

    with pytest.raises(EditError, match="cuts_children"):
        document.execute(SplitByLines(area, least_m2=10, keeps_empty=True))
    document.execute(SplitByLines(area, least_m2=10, keeps_empty=True, children="cut"))

    assert cells(document, area) == 2.5
    assert cells(document, uid(document, "A2-1")) == 0.75
    check_partition(document.snapshot)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SplitByLines("B3"), "edit.no_lines_through"),
        (SplitByLines("B3", "walls"), "edit.bad_value"),
        (SplitByLines("B3", keep="first"), "edit.bad_value"),
        (SplitByLines("B3", children="some"), "edit.bad_value"),
        (SplitByLines("A1-5"), "edit.not_drawn"),
        (SplitByLines("root", least_m2=10), "edit.no_sibling"),
    ],
)
def test_splits_by_roads_refuse_what_makes_no_sense(
    store: MemoryStore, refused: Refused, command: SplitByLines, code: str
) -> None:
    if code != "edit.no_lines_through":
        with_line(store, (5, 1), (5, 5))
    document = document_on(store)
    assert isinstance(command.areas, str)
    command = replace(command, least_m2=10, areas=uid(document, command.areas))

    assert refused(document, command).code == code
