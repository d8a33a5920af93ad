"""Hard sheets: long names, rare letters, one grid, hundreds of them, an island, long tables."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import InputError
from gridadmin.chart.blocks import TextBlock
from gridadmin.chart.choice import ChartChoice, Moves
from gridadmin.chart.compose import compose
from gridadmin.chart.drawing import Drawing, DrawLand
from gridadmin.chart.facts import SheetFacts, TableColumn, TableRow
from gridadmin.chart.map_furniture import MARK_ROOM
from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.table_block import TableBlock
from gridadmin.chart.template import TextSizes
from gridadmin.chart.template_reading import load_template
from gridadmin.partition.ground import Ground, GroundLine, Placed
from tests.chart.hard_facts import facts_of, squares
from tests.helpers.charts import (
    FixedLetters,
    demo_snapshot,
    pages_of,
    texts_of,
    words_on_words,
    words_outside,
)


def _sheet(
    facts: SheetFacts, key: str = "community-a3", choice: ChartChoice | None = None,
    letters: FixedLetters | None = None,
) -> list[ChartPage]:  # fmt: skip
    pages = compose(facts, load_template(key), choice or ChartChoice(), letters or FixedLetters())
    for page in pages:
        assert words_outside(page) == []
        assert words_on_words(page) == []
    return pages


def _counts(page: ChartPage) -> dict[str, object]:
    (note,) = [note for note in page.notes if note.code == "names"]
    return dict(note.params)


def test_one_grid_fills_the_sheet() -> None:
    (page,) = _sheet(facts_of(squares(1, 400.0), rows=1))

    assert page.view is not None
    assert page.view.scale == 2000
    assert "第1网格" in texts_of(page)


def test_of_three_hundred_grids_no_name_is_lost() -> None:
    pages = _sheet(facts_of(squares(300, 60.0, "东方红第{n}综合网格"), rows=300))

    told = "".join(texts_of(page) for page in pages).replace("\n", "")
    counts = _counts(pages[0])
    assert counts["count"] == 300
    assert sum(int(str(counts[key])) for key in ("inside", "leaders", "numbered", "listed")) == 300
    assert [n for n in range(1, 301) if f"东方红第{n}综合网格" not in told] == []


def test_a_short_name_takes_two_lines_on_narrow_land_with_the_mark_of_a_cadre_or_without() -> None:
    plain = facts_of(squares(225, 50.0), rows=4)
    (land,) = plain.maps
    sent = replace(land, areas=tuple(replace(area, cadres=1) for area in land.areas))

    (page,) = _sheet(plain)
    (marked,) = _sheet(replace(plain, maps=(sent,)))

    assert [one for one in texts_of(page).split("\n") if one in ("第9", "第10")] == ["第9", "第10"]
    assert f"{MARK_ROOM}第9\n网格" in texts_of(marked)


def test_names_become_a_little_smaller_rather_than_lose_their_figures() -> None:
    (page,) = _sheet(facts_of(squares(144, 60.0), rows=4))

    told = texts_of(page)
    assert sum(f"{300 + n} 户 · 1/1 人" in told for n in range(144)) >= 130


def test_names_too_long_for_their_land_stand_on_leaders_or_in_the_list() -> None:
    name = "虚构市样例区示例街道示例社区特别长的名称第{n}综合治理网格"
    lands = squares(36, 50.0, name)
    big = ("外围网格", shapely.box(1500, 0, 2400, 900))

    pages = _sheet(facts_of([*lands, big], rows=4))

    counts = _counts(pages[0])
    told = "".join(texts_of(page) for page in pages).replace("\n", "")
    assert counts["count"] == 37
    assert int(str(counts["leaders"])) + int(str(counts["numbered"])) > 0
    assert [n for n in range(1, 37) if name.format(n=n) not in told] == []


def test_a_very_long_title_becomes_smaller_and_stays_in_the_frame() -> None:
    title = (
        "虚构市样例区非常非常长的街道名称非常非常长的社区名称网格与微网格分布及网格力量配备情况图"
    )

    (page,) = _sheet(facts_of(squares(4, 200.0), rows=4), choice=ChartChoice(title=title))

    assert title in texts_of(page).replace("\n", "")


def test_a_letter_that_no_font_has_is_told_with_its_words() -> None:
    (page,) = _sheet(
        facts_of([("𠮷祥网格", shapely.box(0, 0, 300, 300))], rows=1), letters=FixedLetters("𠮷")
    )

    told = [dict(note.params) for note in page.notes if note.code == "no_letter"]
    assert told == [{"letter": "U+20BB7", "text": "𠮷祥网格"}]


def test_a_table_of_sixty_rows_stands_on_the_sheet_whole() -> None:
    (page,) = _sheet(facts_of(squares(4, 200.0), rows=60))

    told = texts_of(page)
    assert [n for n in range(60) if f"示例{n}" not in told] == []


def test_a_longer_table_goes_on_on_further_pages_and_repeats_its_head() -> None:
    pages = _sheet(facts_of(squares(4, 200.0), rows=420))

    told = "".join(texts_of(page) for page in pages).replace("\n", "")
    for page in pages:
        assert "户数" in texts_of(page)
    assert [page.key for page in pages[:2]] == ["9900010010", "9900010010/2"]
    assert [n for n in range(420) if f"示例{n}" not in told] == []


def test_without_staff_the_sheet_says_that_there_is_none() -> None:
    (page,) = _sheet(facts_of(squares(4, 200.0), rows=0))

    assert "（无）" in texts_of(page)


def test_an_island_far_off_does_not_make_the_mainland_a_speck() -> None:
    island = ("海岛网格", shapely.box(40_000, 30_000, 40_300, 30_300))

    (page,) = _sheet(facts_of([*squares(16, 300.0), island], rows=4))

    assert page.view is not None
    assert page.view.scale <= 10_000
    told = texts_of(page)
    assert "海岛网格" in told
    assert [name for name, _ in page.blocks if name.startswith("inset")] == ["inset1"]


@pytest.mark.parametrize("key", ["grid-card", "wall-a0", "wall-787", "roll-610"])
def test_the_same_facts_make_a_sheet_of_every_kind(key: str) -> None:
    page = _sheet(facts_of(squares(25, 150.0), rows=25), key)[0]

    assert len(page.labels) == 25


def test_a_name_that_was_moved_by_hand_stands_there() -> None:
    facts = facts_of(squares(4, 300.0), rows=4)
    (before,) = _sheet(facts)

    (after,) = _sheet(facts, choice=ChartChoice(moves=Moves(nudges_mm={"u0": (12.0, -9.0)})))

    moved = after.labels["u0"].middle
    was = before.labels["u0"].middle
    assert moved[0] - was[0] == pytest.approx(12.0)
    assert moved[1] - was[1] == pytest.approx(-9.0)


def test_a_row_higher_than_a_page_goes_on_line_by_line_and_loses_nothing() -> None:
    facts = facts_of(squares(4, 200.0), rows=3)
    assert facts.staff is not None
    names = "、".join(f"第{n:05}号" for n in range(900))
    rows = (*facts.staff.rows[:1], TableRow(("大网格", "9", names)), *facts.staff.rows[1:])
    facts = replace(facts, staff=replace(facts.staff, rows=rows))

    pages = _sheet(facts, "grid-card")

    told = "".join(texts_of(page) for page in pages).replace("\n", "")
    assert len(pages) > 1
    assert [n for n in range(900) if f"{n:05}号" not in told] == []
    assert "示例2" in told
    assert [note for page in pages for note in page.notes if note.code == "too_high"] == []


def test_a_list_of_words_higher_than_a_page_goes_on_line_by_line() -> None:
    bounds = "，".join(f"东至第{n:05}号界桩" for n in range(900))
    facts = replace(facts_of(squares(4, 200.0), rows=1), bounds=bounds)

    pages = _sheet(facts, "grid-card")

    told = "".join(texts_of(page) for page in pages).replace("\n", "")
    assert [n for n in range(900) if f"{n:05}号" not in told] == []


@pytest.mark.parametrize("key", ["wall-a1", "wall-a0", "wall-787", "roll-610", "roll-1067"])
def test_long_tables_leave_the_map_the_main_thing_and_say_where_they_go_on(key: str) -> None:
    pages = _sheet(facts_of(squares(25, 300.0), rows=420), key)

    page = pages[0]
    assert page.view is not None
    frame, sheet = page.view.frame, page.sheet.inner
    assert frame.width * frame.height >= 0.62 * sheet.width * sheet.height
    assert {(one.sheet.width_mm, one.sheet.height_mm) for one in pages} == {
        (sheet.width + 30, sheet.height + 30)
    }
    for number, one in enumerate(pages[:-1], start=2):
        assert f"下接“续 {number}”页：网格力量一览表" in texts_of(one)
    assert "下接" not in texts_of(pages[-1])
    told = "".join(texts_of(one) for one in pages).replace("\n", "")
    assert [n for n in range(420) if f"示例{n}" not in told] == []


def test_a_roll_becomes_longer_for_its_tables_instead_of_a_second_page() -> None:
    short = _sheet(facts_of(squares(25, 300.0), rows=5), "roll-914")
    long = _sheet(facts_of(squares(25, 300.0), rows=240), "roll-914")

    assert len(short) == len(long) == 1
    assert long[0].sheet.width_mm == short[0].sheet.width_mm == 914
    assert long[0].sheet.height_mm > short[0].sheet.height_mm


def test_the_columns_of_a_roster_poster_end_at_about_the_same_height() -> None:
    (page,) = _sheet(facts_of(squares(4, 200.0), rows=90), "roster-poster")

    feet: dict[float, float] = {}
    for name, frame in page.blocks:
        if name not in ("title", "foot"):
            feet[frame.x] = max(feet.get(frame.x, 0.0), frame.bottom)
    assert len(feet) >= 2
    assert max(feet.values()) - min(feet.values()) < 40.0


def test_land_that_a_chosen_scale_cuts_off_is_told_with_the_number_of_areas() -> None:
    facts = facts_of(squares(16, 300.0), rows=4)

    (fitting,) = _sheet(facts)
    (cut,) = _sheet(facts, choice=ChartChoice(scale=4000))

    assert [note for note in fitting.notes if note.code == "land_cut"] == []
    (note,) = [note for note in cut.notes if note.code == "land_cut"]
    assert dict(note.params) == {"scale": "1:4,000", "count": 0}
    (closer,) = _sheet(facts, choice=ChartChoice(scale=2000))
    (note,) = [note for note in closer.notes if note.code == "land_cut"]
    assert dict(note.params) == {"scale": "1:2,000", "count": 12}


def test_an_island_far_off_that_is_half_of_the_land_gets_a_box_of_its_own() -> None:
    island = ("大岛网格", shapely.box(40_000, 0, 40_800, 700))

    (page,) = _sheet(facts_of([*squares(9, 240.0), island], rows=4))

    assert page.view is not None
    assert page.view.scale == 5000
    assert [name for name, _ in page.blocks if name.startswith("inset")] == ["inset1"]
    assert _counts(page)["inside"] == 10


def test_an_island_in_a_box_of_its_own_is_not_cut_off() -> None:
    island = ("离岛网格", shapely.box(40_000, 0, 40_300, 300))

    (page,) = _sheet(facts_of([*squares(16, 300.0), island], rows=4))

    assert [note.code for note in page.notes] == ["names"]


def test_a_long_address_makes_a_larger_code_and_one_too_long_is_refused() -> None:
    facts = facts_of(squares(4, 300.0), rows=4)

    (page,) = _sheet(facts, choice=ChartChoice(qr_address="https://example.org/" + "a" * 400))

    (frame,) = [frame for name, frame in page.blocks if name == "qr"]
    assert frame.height > (77 + 6) * 0.4
    with pytest.raises(InputError) as refusal:
        _sheet(facts, choice=ChartChoice(qr_address="https://example.org/" + "a" * 2400))
    assert (refusal.value.code, refusal.value.params["length"]) == ("chart.qr_too_long", 2420)


def test_a_long_name_of_a_community_stands_in_its_land_and_not_on_that_of_others() -> None:
    facts = facts_of(squares(36, 100.0), rows=4)
    (land,) = facts.maps
    name = "虚构市样例区示例街道特别特别长的示例社区"
    town = replace(land.areas[14], uid="town", name=name, level="community")

    (page,) = _sheet(replace(facts, maps=(replace(land, coarser=(town,)),)))

    assert page.view is not None
    shape = page.view.shape(town.land)
    frame = page.labels["town"]
    assert shape.covers(shapely.box(frame.x, frame.y, frame.right, frame.bottom))
    assert f"{name[:10]}\n{name[10:]}" in texts_of(page)


def test_of_very_many_names_the_large_ones_keep_their_halo_and_others_get_plates() -> None:
    facts = facts_of(squares(3025, 300.0, "{n}格"))
    land = facts.maps[0]
    street = replace(land.areas[0], uid="s", name="甲街道", level="street", land=land.about)
    points = np.array([(0.0, -600.0), (16_500.0, -600.0)])
    road = GroundLine("r", "road", "文化路", "main", points)
    roads = Placed.of([shapely.LineString(points)], [road])
    bare = land.ground
    ground = Ground(roads, bare.buildings, bare.compounds, bare.waters)
    facts = replace(facts, maps=(replace(land, coarser=(street,), ground=ground),))

    page = compose(facts, load_template("wall-a0"), ChartChoice(), FixedLetters())[0]

    halos = {words.text: words.style.halo for words in page.drawing.all_words()}
    assert halos["甲街道"] == "#FFFFFF"
    assert halos["文化路"] == "#FFFFFF"
    assert halos["9格"] == ""
    plates = [
        call for call in page.drawing.calls
        if isinstance(call, DrawLand) and call.fill == "#B4FFFFFF"
    ]  # fmt: skip
    assert len(plates) > 1000


def test_on_a_portrait_the_panel_takes_empty_paper_of_the_map_and_no_scale() -> None:
    snapshot = demo_snapshot()
    (district,) = snapshot.bearing("990001")
    template = load_template("wall-a0-portrait")

    usual = pages_of(snapshot, template, district, ChartChoice(has_staff=False))[0]
    told = pages_of(snapshot, template, district)

    assert len(told) == 1
    assert usual.view is not None
    assert told[0].view is not None
    assert told[0].view.scale == usual.view.scale == 10_000
    assert told[0].view.frame.height < usual.view.frame.height - 100
    words = {words.text: words for words in told[0].drawing.all_words()}
    # The letters of its tables are no smaller than the template says.
    assert words["郑秋云"].style.size_mm >= template.sizes.body


def test_a_figure_almost_as_short_as_its_half_of_a_block_becomes_smaller_and_stays_whole() -> None:
    sizes = TextSizes(8, 4, 2.5, 2.3, 3.4, 1.5)
    letters, surface = FixedLetters(), Drawing(Sheet(420, 297))
    items = ("社区（村）党组织书记：11 / 12", "网格：93")
    # 14.92 characters of 2.3 mm are 34.3 mm; each half has room for 28.5 mm.
    block = TextBlock("totals", "合计", items, sizes, letters, "", 2)
    block.draw(surface, Frame(0, 0, 60, block.height(60)))

    words = {words.text: words for words in surface.all_words()}
    assert words["网格：93"].style.size_mm == pytest.approx(2.3)
    assert words[items[0]].style.size_mm == pytest.approx(1.91, abs=0.02)
    assert words[items[0]].frame.right <= 28.5 + 1e-6


def test_words_of_a_heading_of_a_table_are_never_broken_inside() -> None:
    facts = facts_of(squares(4, 200.0))
    assert facts.staff is not None
    columns = tuple(TableColumn(f"Neighbourhood {n}") for n in range(4))
    table = replace(facts.staff, columns=columns, rows=(TableRow(("一",) * 4),))
    block = TableBlock.of("staff", table, TextSizes(8, 4, 2.6, 2.3, 3.4, 1.5), FixedLetters(), "")
    surface = Drawing(Sheet(420, 297))

    # Narrower they are tight, which no sheet chooses.
    width = next(width for width in range(40, 200) if not block.is_tight(width))
    block.draw(surface, Frame(0, 0, width, block.height(width)))

    heads = [words.text for words in surface.all_words() if words.style.is_bold]
    assert heads.count("Neighbourhood") == 4


def _told(rows: int, name: str = "0{n}-01微网格") -> SheetFacts:
    """Return a sheet with totals, bounds and so many rows of staff with these names."""
    facts = facts_of(squares(9, 90.0), rows=rows)
    assert facts.staff is not None
    named = tuple(
        replace(row, cells=(name.format(n=n), *row.cells[1:]))
        for n, row in enumerate(facts.staff.rows)
    )
    totals = tuple((what, "12 / 12") for what in ("微网格", "户数", "网格员", "面积"))
    staff = replace(facts.staff, rows=named)
    return replace(facts, totals=totals, staff=staff, bounds="东至文化路，南至人民路" * 3)


def test_a_table_that_a_column_has_room_for_is_not_parted() -> None:
    (page,) = _sheet(_told(9), "grid-card")

    assert [name for name, _ in page.blocks if name == "staff"] == ["staff"]


def test_a_column_in_which_short_cells_would_be_broken_is_too_narrow() -> None:
    table = _told(8).staff
    assert table is not None
    letters, sizes = FixedLetters(), load_template("grid-card").sizes
    block = TableBlock.of("staff", table, sizes, letters, "（续）")

    widths = [width for width in range(20, 60) if not block.is_tight(width)]

    for width in (widths[0], widths[0] + 1):
        lines = block.measures.cell_lines(table.rows[0], width)
        assert lines[0] == ["00-01微网格"]
    long = replace(table, rows=tuple(replace(row, cells=("甲" * 20, *row.cells[1:]))
                                     for row in table.rows))  # fmt: skip
    assert not TableBlock.of("staff", long, sizes, letters, "（续）").is_tight(40.0)


def test_a_panel_with_room_to_spare_has_larger_letters_and_higher_rows() -> None:
    (some,), (few,) = _sheet(_told(45), "wall-a0"), _sheet(_told(30), "wall-a0")

    for page, air in ((some, 1.0), (few, 1.2)):
        rows = [one for one in page.drawing.all_words() if one.text.endswith("-01微网格")]
        steps = {round(low.y - high.y, 1) for high, low in pairwise(rows) if low.y > high.y}
        assert rows[0].style.size_mm == pytest.approx(1.45 * 5.0)
        assert min(steps) >= air * 1.7 * rows[0].style.size_mm


def test_a_poster_of_few_rows_has_one_wide_table_and_rows_as_high_as_their_lines() -> None:
    facts = _told(6)
    assert facts.staff is not None
    first, *rest = facts.staff.rows
    many = "、".join(f"示例甲{n}（虚构）" for n in range(12))
    staff = replace(facts.staff, rows=(replace(first, cells=(*first.cells[:2], many)), *rest))

    (page,) = _sheet(replace(facts, staff=staff, maps=()), "roster-poster")

    ((_, frame),) = [one for one in page.blocks if one[0] == "staff"]
    assert frame.width > 0.9 * page.sheet.inner.width
    words = page.drawing.all_words()
    tops = [one.y for one in words if one.text.endswith("-01微网格")]
    lines = sum("示例甲" in one.text for one in words)
    size = next(one.style.size_mm for one in words if one.text.endswith("-01微网格"))
    # Six lines are as high as they are; the room above and below is that of a row of one line.
    assert lines > 1
    usual = tops[3] - tops[2]
    assert 2 * (tops[1] - tops[0]) - usual == pytest.approx(
        usual + (lines - 1) * 1.38 * size, abs=0.1
    )
