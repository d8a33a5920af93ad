"""Reports of a check: what stands in the page, the PDF, the workbook and the package."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from openpyxl import load_workbook
from pypdf import PdfReader

from gridadmin.exchange.gpkg_blob import wkb_in
from gridadmin.exchange.package_check import problems_of
from tests.cli.boundaries import boundary_file, box, quarters
from tests.cli.runner import edited, json_of, run


class Page(HTMLParser):
    """The words of a page by tag and class, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loaded: list[str] = []
        self.pictures = 0
        self.cards = 0
        self._is_style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._is_style = tag == "style"
        self.cards += tag == "article"
        source = values.get("src") or values.get("href") or ""
        if source.startswith("data:image/png;base64,"):
            self.pictures += 1
        elif source:
            self.loaded.append(source)

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_style:
            self.words.append(data.strip())

    def after(self, words: str) -> str:
        """The words that follow others, as in a table of two columns."""
        return self.words[self.words.index(words) + 1]


def page_of(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


@pytest.fixture
def faulty(chinese_dir: Path) -> tuple[Path, Path]:
    """Four grids with an overlap of 50 m² and a gap of 1,000 m², and their frame of 200 × 200 m."""
    rows = quarters()
    rows[0] = ({"code": "=1+1", "name": "<b>&样例"}, box(0, 100, 100.5, 200))
    rows[3] = (rows[3][0], box(100, 0, 190, 100))
    grids = boundary_file(chinese_dir / "网格 甲.gpkg", rows)
    street = [({"code": "990001001"}, box(0, 0, 200, 200))]
    return grids, boundary_file(chinese_dir / "街道.gpkg", street)


def reported(faulty: tuple[Path, Path], name: str, *options: object, lang: str = "en") -> Path:
    grids, street = faulty
    out = grids.parent / name
    ran = run("check", grids, "--parent", street, "--report", out, *options, lang=lang)
    assert ran.code == 1, ran.err
    return out


def framed(project: Path) -> Path:
    edited(project, {"do": "frame", "from": "union"})
    return project


def test_the_page_lists_what_is_wrong_and_proves_nothing(faulty: tuple[Path, Path]) -> None:
    page = page_of(reported(faulty, "报告.html", "--id", "name"))

    assert "Coverage is not proved" in page.words
    assert page.words[page.words.index("gaps") - 1] == "1"
    assert page.words[page.words.index("overlaps") - 1] == "1"
    assert "Gaps that are left: 1." in page.words
    assert "Overlaps that are left (duplicate and contained areas among them): 1." in page.words
    assert "1,000.0000 m², at most 10.000 m wide" in page.words
    assert "50.0000 m², at most 0.500 m wide" in page.words
    assert page.after("Snap distance") == "0.001 m"
    assert page.after("Smallest listed defect") == "0.01 m²"
    assert page.after("File name") == "网格 甲.gpkg"
    assert page.cards == 2


def test_the_page_needs_nothing_else_and_shows_each_place(faulty: tuple[Path, Path]) -> None:
    out = reported(faulty, "报告.html", "--id", "name")

    page = page_of(out)
    assert page.pictures == 2
    assert page.loaded == []
    assert "<b>&样例, 样例2" in page.words, "a name is text and no markup"
    assert "<b>&样例" not in out.read_text(encoding="utf-8")


def test_a_framed_project_without_faults_is_proved_with_the_hash_of_verify(
    four_grids: Path,
) -> None:
    out = framed(four_grids).parent / "证书.html"

    ran = run("check", four_grids, "--report", out)

    page = page_of(out)
    assert ran.code == 0
    assert "Proved: no gap, no overlap" in page.words
    assert page.after("Revision") == "3"
    assert page.after("Plan") == "no plan is open"
    sha256 = json_of("verify", four_grids)["partition_sha256"]
    assert page.after("Hash of the boundaries") == sha256


def test_without_a_frame_nothing_is_proved(four_grids: Path) -> None:
    out = four_grids.parent / "证书.html"

    run("check", four_grids, "--report", out)

    page = page_of(out)
    assert "Coverage is not proved" in page.words
    assert (
        "There is no frame: only enclosed gaps are proved, those open to the outside can't be."
        in page.words
    )


def test_the_open_plan_is_named_with_its_state(four_grids: Path) -> None:
    edited(four_grids, {"do": "plan", "open": "西片调整"})
    out = four_grids.parent / "方案.html"

    run("check", four_grids, "--report", out, lang="zh")

    assert page_of(out).after("调整方案") == "西片调整（草案）"


def test_exempt_land_stands_with_reason_and_approver(four_grids: Path) -> None:
    lake = boundary_file(four_grids.parent / "湖.gpkg", [({"code": ""}, box(0, 0, 50, 40))])
    options = ("--reason", "水面", "--approver", "张三（示例）", "--until", "2031-12-31")
    ran = run("import", framed(four_grids), lake, "--level", "exempt", *options)
    assert ran.code == 0, ran.err
    out = four_grids.parent / "例外.html"

    run("check", four_grids, "--report", out, lang="zh")

    page = page_of(out)
    start = page.words.index("水面")
    assert page.words[start : start + 4] == ["水面", "张三（示例）", "2031-12-31", "2,000.0000"]
    assert page.words[page.words.index("例外地块") - 1] == "1"


def test_the_workbook_has_a_row_per_issue_and_no_formula(faulty: tuple[Path, Path]) -> None:
    book = load_workbook(reported(faulty, "报告.xlsx", "--id", "code"))

    sheet = book["Issues"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [(row[1], row[2], row[5]) for row in rows[1:]] == [
        ("Gap", "error", pytest.approx(1000.0, abs=1e-6)),
        ("Overlap", "error", pytest.approx(50.0, abs=1e-6)),
    ]
    assert rows[2][7] == "=1+1, 990001001002"
    assert {cell.data_type for cell in sheet["H"]} == {"s"}
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:L3"
    facts = dict(book["Coverage certificate"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert facts["Coverage certificate"] == "Coverage is not proved"
    assert facts["Result"] == "gaps 1, overlaps 1, exempt 0"


def test_codes_of_a_project_stay_text(four_grids: Path) -> None:
    out = four_grids.parent / "报告.xlsx"

    run("check", four_grids, "--report", out)

    sheet = load_workbook(out)["Issues"]
    codes = {cell.value: cell.data_type for cell in sheet["I"][1:]}
    assert codes["990001001001001"] == "s"


def test_the_package_holds_points_and_land_with_styles(faulty: tuple[Path, Path]) -> None:
    out = reported(faulty, "报告.gpkg", "--id", "code")

    assert problems_of(out) == []
    with closing(sqlite3.connect(out)) as connection:
        points = connection.execute("SELECT kind, geom FROM issue ORDER BY kind").fetchall()
        faces = connection.execute("SELECT kind, geom FROM issue_face ORDER BY kind").fetchall()
        styled = connection.execute("SELECT f_table_name FROM layer_styles ORDER BY 1").fetchall()
        facts = connection.execute("SELECT item, value FROM certificate LIMIT 2").fetchall()
    assert [kind for kind, _ in points] == ["gap", "overlap"]
    assert [kind for kind, _ in faces] == ["gap", "overlap"]
    for (_, point), (_, face) in zip(points, faces, strict=True):
        assert shapely.from_wkb(wkb_in(face)).contains(shapely.from_wkb(wkb_in(point)))
    x, y = shapely.get_coordinates(shapely.from_wkb(wkb_in(points[0][1])))[0]
    assert (round(x, 2), round(y, 2)) == (120.34, 36.08)
    assert styled == [("issue",), ("issue_face",)]
    assert facts == [
        ("Coverage certificate", "Coverage is not proved"),
        ("Result", "gaps 1, overlaps 1, exempt 0"),
    ]


def test_a_file_without_a_system_keeps_its_own_numbers(chinese_dir: Path) -> None:
    rows = quarters()
    rows[3] = (rows[3][0], box(95, 0, 200, 100))
    grids = boundary_file(chinese_dir / "网格.shp", rows, crs=None, driver="ESRI Shapefile")
    out = chinese_dir / "报告.gpkg"

    ran = run("check", grids, "--report", out)

    assert ran.code == 1, ran.err
    assert problems_of(out) == []
    with closing(sqlite3.connect(out)) as connection:
        contents = "SELECT srs_id, round(min_x), round(max_x) FROM gpkg_contents"
        found = connection.execute(f"{contents} WHERE table_name = 'issue_face'").fetchone()
    assert found == (-1, 530_095.0, 530_100.0)


def test_a_report_of_nothing_is_a_sound_package(four_grids: Path) -> None:
    out = four_grids.parent / "报告.gpkg"

    run("check", four_grids, "--set", "quick", "--report", out)

    assert problems_of(out) == []
    with closing(sqlite3.connect(out)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM issue_elsewhere").fetchone()
    assert count == 4, "each grid is a note: nothing is drawn below it"


def test_the_pdf_can_be_searched_in_chinese_and_counts_its_pages(
    faulty: tuple[Path, Path],
) -> None:
    out = reported(faulty, "报告.pdf", "--id", "code", lang="zh")

    reader = PdfReader(BytesIO(out.read_bytes()))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) == 2
    assert pages[0].count("未证明覆盖完整") == 1
    assert "还有 1 处空隙。" in pages[0]
    assert "第 1 页，共 2 页" in pages[0]
    assert "无主地块：1,000.0000 平方米" in pages[1]
    assert len(reader.pages[1].images) == 2
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (
        595,
        842,
    )


def test_fonts_are_inside_the_pdf(faulty: tuple[Path, Path]) -> None:
    reader = PdfReader(BytesIO(reported(faulty, "报告.pdf").read_bytes()))

    fonts: dict[str, Any] = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    for font in fonts.values():
        below = font.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in below["/FontDescriptor"].get_object()


def test_invalid_rows_come_before_the_issues(chinese_dir: Path) -> None:
    crossing = shapely.Polygon([(530_000, 3_994_000), (530_100, 3_994_100),
                                (530_100, 3_994_000), (530_000, 3_994_100)])  # fmt: skip
    rows = [*quarters()[:2], ({"code": "5", "name": "样例5"}, crossing)]
    grids = boundary_file(chinese_dir / "网格.gpkg", rows)
    page_path, table_path = chinese_dir / "报告.html", chinese_dir / "报告.xlsx"

    run("check", grids, "--report", page_path)
    run("check", grids, "--report", table_path)

    page = page_of(page_path)
    assert page.words.index("Invalid rows") < page.words.index("Issues by kind")
    assert "Invalid rows: 1; see “Invalid rows”." in page.words
    assert load_workbook(table_path).sheetnames[:3] == [
        "Coverage certificate",
        "Invalid rows",
        "Issues",
    ]


@pytest.mark.parametrize("name", ["报告.docx", "报告", "报告.json"])
def test_an_unknown_extension_is_refused_with_the_list(four_grids: Path, name: str) -> None:
    ran = run("check", four_grids, "--report", four_grids.parent / name)

    assert ran.code == 2
    assert ".html .pdf .xlsx .gpkg" in ran.err
    assert not (four_grids.parent / name).exists()


def test_neither_project_nor_input_is_written_over(
    four_grids: Path, faulty: tuple[Path, Path]
) -> None:
    grids, street = faulty
    before = [path.read_bytes() for path in (four_grids, grids, street)]

    onto_itself = run("check", four_grids, "--report", four_grids)
    onto_project = run("check", grids, "--report", four_grids)
    onto_input = run("check", grids, "--report", grids)
    onto_parent = run("check", grids, "--parent", street, "--report", street)

    codes = [ran.code for ran in (onto_itself, onto_project, onto_input, onto_parent)]
    assert codes == [2, 2, 2, 2]
    assert "is a project" in onto_project.err
    assert "is what is being checked" in onto_input.err
    assert [path.read_bytes() for path in (four_grids, grids, street)] == before


def test_a_missing_folder_is_told_before_the_check(four_grids: Path) -> None:
    ran = run("check", four_grids, "--report", four_grids.parent / "无此 文件夹" / "报告.html")

    assert ran.code == 2
    assert "doesn't exist" in ran.err
    assert "Checked" not in ran.err


def test_a_new_report_takes_the_place_of_an_older_one(faulty: tuple[Path, Path]) -> None:
    out = faulty[0].parent / "报告.xlsx"
    out.write_bytes(b"older")

    reported(faulty, "报告.xlsx")

    assert load_workbook(out).sheetnames == ["Coverage certificate", "Issues"]
    assert list(out.parent.glob("*.part")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a thing of POSIX")
@pytest.mark.parametrize("name", ["报告.html", "报告.pdf", "报告.xlsx"])
def test_a_full_disk_is_told_and_leaves_the_older_report(
    faulty: tuple[Path, Path], name: str
) -> None:
    import resource

    out = faulty[0].parent / name
    out.write_bytes(b"older")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, usual[1]))
    try:
        ran = run("check", *faulty[:1], "--report", out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    assert ran.code == 2
    assert "disk is full" in ran.err
    assert out.read_bytes() == b"older"
    assert list(out.parent.glob("*.part")) == []
