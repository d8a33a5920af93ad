"""How a sheet is cut into pages of a small printer."""

from __future__ import annotations

import pytest

from gridadmin.base.errors import InputError
from gridadmin.chart.drawing import Drawing, DrawLines, DrawWords
from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Frame, Sheet
from gridadmin.chart.tile_pages import plan_page
from gridadmin.chart.tiling import Orientation, Paper, Tiles, tiling_of
from tests.helpers.charts import FixedLetters

A0 = Sheet(1189, 841)


def test_a0_lies_on_25_pages_of_a4_and_15_of_a3() -> None:
    upright = tiling_of(A0, Tiles(Paper.A4, orientation=Orientation.PORTRAIT))
    across = tiling_of(A0, Tiles(Paper.A4, orientation=Orientation.LANDSCAPE))

    assert (upright.columns, upright.rows) == (7, 4)
    assert (across.columns, across.rows) == (5, 5)
    assert tiling_of(A0, Tiles(Paper.A4)) == across
    assert tiling_of(A0, Tiles(Paper.A3)).count == 15


@pytest.mark.parametrize("overlap", [0.0, 10.0, 35.0])
@pytest.mark.parametrize("paper", [Paper.A4, Paper.A3])
def test_tiles_cover_the_sheet_and_share_exactly_the_overlap(paper: Paper, overlap: float) -> None:
    tiling = tiling_of(Sheet(1000, 700, bleed_mm=3), Tiles(paper, overlap))

    first, last = tiling.tile(1, 1).frame, tiling.tile(tiling.rows, tiling.columns).frame
    assert (first.x, first.y) == (0, 0)
    assert last.right >= 1000
    assert last.bottom >= 700
    # No row or column too many: the last ones show more than the ones before them.
    assert last.x + overlap < 1000
    assert last.y + overlap < 700
    for tile in tiling.tiles():
        if tile.column > 1:
            left = tiling.tile(tile.row, tile.column - 1).frame
            assert left.right - tile.frame.x == pytest.approx(overlap)
        if tile.row > 1:
            above = tiling.tile(tile.row - 1, tile.column).frame
            assert above.bottom - tile.frame.y == pytest.approx(overlap)


def test_a_sheet_of_exactly_two_windows_needs_two_pages() -> None:
    tiling = tiling_of(Sheet(370, 277), Tiles(Paper.A4, orientation=Orientation.PORTRAIT))

    assert [tile.number for tile in tiling.tiles()] == ["1-1", "1-2"]
    assert tiling.tile(1, 2).frame == Frame(180, 0, 190, 277)


@pytest.mark.parametrize("overlap", [-1.0, 50.5])
def test_an_overlap_that_makes_no_sense_is_refused(overlap: float) -> None:
    with pytest.raises(InputError) as fault:
        Tiles(Paper.A4, overlap)

    assert fault.value.code == "chart.bad_overlap"


@pytest.mark.parametrize(
    ("width", "height"),
    [(1000, 560), (400, 560), (400, 548), (400, 542), (378, 820), (841, 1189)],
)
def test_on_the_plan_no_number_of_a_tile_stands_on_a_line_of_tiles(
    width: float, height: float
) -> None:
    tiles = Tiles(Paper.A4, 10.0, Orientation.PORTRAIT)
    page = ChartPage("a", "示例图", Drawing(Sheet(width, height)))

    calls = plan_page(page, tiles, FixedLetters(), "zh").drawing.calls

    edges = next(call.paths.xy for call in calls if isinstance(call, DrawLines))
    numbers = {tile.number for tile in tiling_of(page.sheet, tiles).tiles()}
    words = [call for call in calls if isinstance(call, DrawWords) and call.words.text in numbers]
    assert len(words) == len(numbers) > 1
    for call in words:
        frame = call.words.frame
        assert not [x for x in edges[:, 0] if frame.x < x < frame.right], call.words.text
        assert not [y for y in edges[:, 1] if frame.y < y < frame.bottom], call.words.text
