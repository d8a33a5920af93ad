"""Real files: written by the command line, read back by other libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest
from pypdf import PdfReader

from tests.cli.runner import json_of, run
from tests.helpers.charts import demo_snapshot

MM = 72 / 25.4


@pytest.fixture(scope="module")
def sheet(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community of the demo city on A3, for the public."""
    out = tmp_path_factory.mktemp("图") / "社区.pdf"
    project = demo_folder / "demo.gpkg"
    ran = run("chart", project, out, "--template", "community-a3", "--area", "990001001001")
    assert ran.code == 0, ran.err
    return out


def _fonts(reader: PdfReader) -> Iterator[tuple[bool, bool]]:
    """Yield whether each font is embedded, and whether its words can be searched."""
    for page in reader.pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = reference.get_object()
            inner = font["/DescendantFonts"][0].get_object()
            yield "/FontFile2" in inner["/FontDescriptor"].get_object(), "/ToUnicode" in font


def _text(path: Path) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(path).pages)


def test_a_sheet_has_its_size_to_a_tenth_of_a_millimetre(sheet: Path) -> None:
    (page,) = PdfReader(sheet).pages

    assert float(page.mediabox.width) / MM == pytest.approx(420, abs=0.1)
    assert float(page.mediabox.height) / MM == pytest.approx(297, abs=0.1)


def test_fonts_are_embedded_and_words_can_be_searched(sheet: Path) -> None:
    reader = PdfReader(sheet)

    found = list(_fonts(reader))

    assert found
    assert set(found) == {(True, True)}
    assert reader.metadata is not None
    assert reader.metadata.title == "虚构市样例区子虚街道甲子社区网格与微网格分布图"


def test_title_and_every_grid_name_are_found_as_text(sheet: Path) -> None:
    text = _text(sheet)

    snapshot = demo_snapshot()
    (community,) = snapshot.bearing("990001001001")
    grids = [area.name for area in snapshot.children(community.uid)]
    assert "虚构市样例区子虚街道甲子社区网格与微网格分布图" in text
    assert len(grids) == 8
    assert [name for name in grids if name not in text] == []


def test_no_letter_stands_outside_the_frame(sheet: Path) -> None:
    with pdfplumber.open(sheet) as file:
        page = file.pages[0]
        inner = (10 * MM, 10 * MM, 410 * MM, 287 * MM)
        letters = [letter for letter in page.chars if letter["text"].strip()]
        outside = [
            letter["text"]
            for letter in letters
            if letter["x0"] < inner[0]
            or letter["x1"] > inner[2]
            or letter["top"] < inner[1]
            or letter["bottom"] > inner[3]
        ]

    assert len(letters) > 500
    assert outside == []


def test_the_check_bar_is_a_hundred_millimetres_long(sheet: Path) -> None:
    with pdfplumber.open(sheet) as file:
        page = file.pages[0]
        flat = [
            line["x1"] - line["x0"]
            for line in [*page.lines, *page.curves]
            if abs(line["top"] - line["bottom"]) < 4 * MM and line["top"] > 270 * MM
        ]

    assert any(abs(length / MM - 100) < 0.2 for length in flat)


def test_a_public_chart_holds_no_whole_phone_of_anybodys_own(
    project: Path, chinese_dir: Path
) -> None:
    public, internal = chinese_dir / "公开.pdf", chinese_dir / "内部.pdf"
    common = ("--template", "grid-card", "--area", "990001001001001")

    first = run("chart", project, public, *common)
    second = run("chart", project, internal, *common, "--profile", "internal")

    assert (first.code, second.code) == (0, 0)
    phone = re.compile(r"100-\d{4}")
    assert phone.findall(_text(public)) == []
    # Nothing of these short numbers may be shown, so they have no column at all.
    assert "****" not in _text(public)
    assert "联系电话" not in _text(public)
    assert "联系电话" in _text(internal)
    assert len(phone.findall(_text(internal))) >= 8
    assert "内部资料" in _text(internal)
    log = json_of("roster", "log", project)
    assert [(line["what"], line["profile"]) for line in log["exports"]][:2] == [
        ("chart", "internal"),
        ("chart", "public"),
    ]


def test_a_series_has_an_index_whose_rows_lead_to_its_pages(
    project: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "街道.pdf"

    made = json_of("chart", project, out, "--template", "street-communities", "--area", "990001001")

    assert (made["sheets"], made["pages"], made["kept"]) == (3, 3, 0)
    reader = PdfReader(out)
    assert [item["/Title"] for item in reader.outline] == [  # type: ignore[call-overload]
        "虚构市样例区子虚街道图幅索引",
        "虚构市样例区子虚街道甲子社区网格与微网格分布图",
        "虚构市样例区子虚街道乙丑社区网格与微网格分布图",
    ]
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}  # type: ignore[union-attr]
    links = [one.get_object() for one in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    # Each sheet is led to from its row and from its name on the map.
    leads = [numbers[link["/Dest"][0].idnum] for link in links if "/Dest" in link]
    assert sorted(leads) == [1, 1, 2, 2]
    assert not list(chinese_dir.glob("*.sheets"))


def test_bleed_is_written_as_boxes(project: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "出血.pdf"

    ran = run(
        "chart", project, out, "--template", "wall-a1", "--size", "700x500", "--bleed", "3",
        "--area", "990001002", "--no-staff",
    )  # fmt: skip

    assert ran.code == 0, ran.err
    page = PdfReader(out).pages[0]
    assert float(page.mediabox.width) / MM == pytest.approx(706, abs=0.1)
    assert float(page.trimbox.width) / MM == pytest.approx(700, abs=0.1)
    assert float(page.trimbox.height) / MM == pytest.approx(500, abs=0.1)
    assert float(page.trimbox.left - page.mediabox.left) / MM == pytest.approx(3, abs=0.1)


def test_a_picture_is_written_strip_by_strip_and_whole(project: Path, chinese_dir: Path) -> None:
    from PIL import Image

    out = chinese_dir / "卡片.png"

    ran = run(
        "chart", project, out, "--template", "grid-card", "--area", "990001001001002",
        "--dpi", "100",
    )  # fmt: skip

    assert ran.code == 0, ran.err
    with Image.open(out) as image:
        assert image.size == (827, 1169)
        assert image.crop((0, 1100, 827, 1135)).convert("L").getextrema()[0] < 100  # type: ignore[operator]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--template", "wall-ao"), "wall-a"),
        (("--template", "wall-a0", "--area", "123"), "123"),
        (("--template", "wall-a0", "--series", "floor"), "floor"),
        (("--template", "wall-a0", "--size", "10x10"), "10x10"),
        (("--template", "wall-a0", "--hide", "raods"), "raods"),
        (("--template", "community-a3", "--area", "990001001001001"), "第一网格"),
        (("--template", "before-after"), "方案"),
    ],
)
def test_what_can_not_be_made_is_said_and_nothing_is_written(
    project: Path, chinese_dir: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = run("chart", project, chinese_dir / "图.pdf", *arguments, lang="zh")

    assert ran.code == 2
    assert said in ran.err
    assert {path.name for path in chinese_dir.iterdir()} == {"演示.gpkg"}
