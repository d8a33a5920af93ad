"""A sheet in tiles, written by the command line and read back."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
import pytest
from pypdf import PdfReader

from gridadmin.chart.drawing import DrawLines
from gridadmin.chart.surface import LEAST_LINE_MM
from gridadmin.chart.template_reading import load_template
from gridadmin.chart.tile_pages import tiled_pages
from gridadmin.chart.tiling import Paper, Tiles
from tests.cli.runner import json_of, run
from tests.helpers.charts import demo_snapshot, pages_of
from ui.chart_fonts import FONTS

MM = 72 / 25.4
_TITLE = "虚构市样例区子虚街道甲子社区网格与微网格分布图"


@pytest.fixture(scope="module")
def files(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A community of the demo city on A3: in one piece, and on A4 overlapping by 15 mm."""
    folder = tmp_path_factory.mktemp("拼接 图")
    whole, tiles = folder / "整幅.pdf", folder / "拼接.pdf"
    wish = ("--template", "community-a3", "--area", "990001001001", "--no-staff")
    project = demo_folder / "demo.gpkg"
    for out, more in ((whole, ()), (tiles, ("--tiles", "a4", "--overlap", "15"))):
        ran = run("chart", project, out, *wish, *more)
        assert ran.code == 0, ran.err
    return whole, tiles


def test_an_a3_sheet_becomes_a_plan_and_four_pages_of_a4(files: tuple[Path, Path]) -> None:
    pages = PdfReader(files[1]).pages

    # 420 x 297 on windows of 190 x 277 needs 3 x 2, of 277 x 190 needs 2 x 2.
    assert len(pages) == 1 + 4
    for page in pages:
        assert float(page.mediabox.width) / MM == pytest.approx(297, abs=0.05)
        assert float(page.mediabox.height) / MM == pytest.approx(210, abs=0.05)


def _letters(page: pdfplumber.page.Page) -> list[tuple[str, float, float]]:
    """Return the letters of a page and where they begin, in mm from its upper left corner."""
    upper = page.bbox[1]
    return [(char["text"], char["x0"] / MM, (char["top"] - upper) / MM) for char in page.chars]


def test_a_letter_stands_on_the_tile_where_the_sheet_has_it(files: tuple[Path, Path]) -> None:
    with pdfplumber.open(files[0]) as file:
        letters = [char for char in _letters(file.pages[0]) if char[0].strip()]
    with pdfplumber.open(files[1]) as file:
        tiles = [_letters(page) for page in file.pages[1:]]
    checked = 0
    for letter, x, y in letters[:: max(len(letters) // 60, 1)]:
        for number, (left, top) in enumerate([(0, 0), (262, 0), (0, 175), (262, 175)]):
            if not (5 < x - left < 272 and 5 < y - top < 185):
                continue
            there = 10 + x - left, 10 + y - top
            found = [
                other
                for other, other_x, other_y in tiles[number]
                if other == letter
                and abs(other_x - there[0]) < 0.1
                and abs(other_y - there[1]) < 0.1
            ]
            assert found, (letter, number + 1, x, y)
            checked += 1
    assert checked >= 60


def test_each_tile_says_its_row_and_column_and_the_plan_comes_first(
    files: tuple[Path, Path],
) -> None:
    texts = ["".join(page.extract_text().split()) for page in PdfReader(files[1]).pages]

    assert "拼接示意图" in texts[0]
    assert "420×297毫米，用A4纸4张：2行2列" in texts[0]
    for number in ("1-1", "1-2", "2-1", "2-2"):
        assert number in texts[0]
    assert [
        f"{_TITLE}·第{row}行第{column}列（共2行2列）" in texts[2 * row + column - 2]
        for row in (1, 2)
        for column in (1, 2)
    ] == [True] * 4


def test_no_mark_is_thinner_than_print_can_hold() -> None:
    snapshot = demo_snapshot()
    (community,) = snapshot.bearing("990001001001")
    (sheet, *_) = pages_of(snapshot, load_template("community-a3"), community)

    pages = tiled_pages(sheet, Tiles(Paper.A3, 10.0), FONTS, "zh")

    pens = [
        call.pen for page in pages for call in page.drawing.calls if isinstance(call, DrawLines)
    ]
    assert min(pen.width_mm for pen in pens) >= LEAST_LINE_MM
    crop = pages[1].drawing.calls[-1]
    assert isinstance(crop, DrawLines)
    assert len(crop.paths) == 8


def test_tiles_are_made_as_pdf_alone(project: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "图.png"

    ran = run(
        "chart", project, out, "--template", "community-a3", "--area", "990001001001", "--tiles",
        "a4",
    )  # fmt: skip

    assert ran.code == 2
    assert not out.exists()


def test_a_series_in_tiles_has_no_index(project: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "卡片.pdf"

    wish = ("--template", "grid-card", "--area", "990001001001", "--tiles", "a3")
    made = json_of("chart", project, out, *wish)

    assert made["sheets"] == 8
    assert made["pages"] == len(PdfReader(out).pages)


def test_without_marks_nothing_stands_in_the_margin_but_the_number() -> None:
    snapshot = demo_snapshot()
    (community,) = snapshot.bearing("990001001001")
    (sheet, *_) = pages_of(snapshot, load_template("community-a3"), community)

    bare = tiled_pages(sheet, Tiles(Paper.A4, 10.0, has_marks=False), FONTS, "zh")
    marked = tiled_pages(sheet, Tiles(Paper.A4, 10.0), FONTS, "zh")

    assert len(bare) == len(marked) == 5
    assert len(marked[1].drawing.calls) == len(bare[1].drawing.calls) + 2


def test_the_plan_of_tiles_without_marks_says_how_much_white_to_cut_off(
    project: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "无裁切线.pdf"
    wish = ("--template", "community-a3", "--area", "990001001001", "--no-staff", "--tiles", "a4")

    made = json_of(
        "chart", project, out, *wish, "--no-marks", "--orientation", "portrait"
    )  # fmt: skip

    plan = "".join(PdfReader(out).pages[0].extract_text().split())
    assert made["pages"] == 1 + 6
    assert "裁去每张左边和上边10毫米白边" in plan
    assert "裁切线" not in plan
    assert float(PdfReader(out).pages[1].mediabox.width) / MM == pytest.approx(210, abs=0.05)
