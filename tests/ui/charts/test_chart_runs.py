"""Runs that are cancelled and go on, base maps, approvals, many files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple, Self

import pytest
from pypdf import PdfReader

from gridadmin.app.charting import ChartOrder, ChartsMade, make_charts, sheets_waiting
from gridadmin.app.session import Session
from gridadmin.base.errors import Cancelled
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.template_reading import load_template
from tests.cli.runner import edit, json_of, run
from ui.chart_making import QtChartPainter


class Usage(NamedTuple):
    """What the system says of a disk, in bytes."""

    total: int
    used: int
    free: int


class CancelsAt:
    """A progress that is cancelled when so many sheets are done."""

    def __init__(self, sheets: int | None) -> None:
        self._limit = sheets
        self._done = 0

    def step(self, what: str, done: int, total: int) -> None:
        """Remember how many sheets are done."""
        if what == "progress.chart_sheets":
            self._done = done

    def is_cancelled(self) -> bool:
        """Return whether enough are done."""
        return self._limit is not None and self._done >= self._limit

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def _made(project: Path, out: Path, progress: CancelsAt, maker: str = "") -> ChartsMade:
    order = ChartOrder(
        load_template("grid-card"), ChartChoice(maker=maker), "990001001001", series="grid"
    )
    with Session.open(project, write=True) as session:
        return make_charts(session, order, out, QtChartPainter(), None, progress)


def test_a_cancelled_series_goes_on_where_it_was(project: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "卡片.pdf"

    with pytest.raises(Cancelled):
        _made(project, out, CancelsAt(5))
    assert not out.exists()
    made = _made(project, out, CancelsAt(None))

    assert (made.sheets, made.kept) == (9, 5)
    assert len(PdfReader(out).pages) == made.pages
    assert sorted(path.name for path in chinese_dir.iterdir()) == ["卡片.pdf", "演示.gpkg"]


def test_a_cancelled_command_says_where_its_sheets_wait(
    project: Path, chinese_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = chinese_dir / "卡片.pdf"
    wish = ("chart", project, out, "--template", "grid-card", "--area", "990001001001")

    with monkeypatch.context() as patch:
        patch.setattr("gridadmin.cli.charting.TerminalProgress", lambda: CancelsAt(3))
        stopped = run(*wish, lang="zh")
    gone_on = run(*wish, lang="zh")

    assert stopped.code == 130
    assert f"已做好的 3 幅留在“{out}.sheets”里" in stopped.err
    assert gone_on.code == 0
    assert "3 幅沿用了上次中断前做好的" in gone_on.err
    assert sheets_waiting(out) == (chinese_dir / "卡片.pdf.sheets", 0)


def test_a_day_that_is_none_is_refused(project: Path, chinese_dir: Path) -> None:
    wish = ("--template", "grid-card", "--area", "990001001001001")

    ran = run("chart", project, chinese_dir / "图.pdf", *wish, "--day", "2026-13-40")

    assert ran.code == 2
    assert "“2026-13-40” is no date" in ran.err
    assert not (chinese_dir / "图.pdf").exists()


def test_what_was_made_for_other_words_is_made_anew(project: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "卡片.pdf"
    with pytest.raises(Cancelled):
        _made(project, out, CancelsAt(5))

    made = _made(project, out, CancelsAt(None), maker="乙局（虚构）")

    assert (made.sheets, made.kept) == (9, 0)


def test_a_folder_gets_a_file_for_each_sheet(project: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "分幅"

    made = json_of(
        "chart", project, out, "--template", "community-a3", "--area", "990001001", "--no-staff"
    )

    assert sorted(path.name for path in out.iterdir()) == [
        "990001001001 甲子社区.pdf",
        "990001001002 乙丑社区.pdf",
        "index 子虚街道.pdf",
    ]
    assert made["sheets"] == 3
    # Files of their own have names, and no page numbers.
    (index,) = PdfReader(out / "index 子虚街道.pdf").pages
    told = "".join(index.extract_text().split())
    assert "编码名称户数" in told
    assert "页编码" not in told


def test_the_index_tells_the_pages_on_which_sheets_begin(project: Path, chinese_dir: Path) -> None:
    out = chinese_dir / "卡片.pdf"

    json_of("chart", project, out, "--template", "grid-card", "--area", "990001001001")

    reader = PdfReader(out)
    titles = [item["/Title"] for item in reader.outline]  # type: ignore[call-overload]
    index = reader.pages[0].extract_text()
    for code, name in (("990001001001001", "第一网格"), ("990001001001005", "第五网格")):
        (page,) = [n for n, title in enumerate(titles, start=1) if str(title).endswith(name)]
        (line,) = [line for line in index.splitlines() if code in line]
        assert line.split()[0] == str(page)


def test_a_base_map_lies_below_and_a_blurred_one_is_told(
    project: Path, demo_folder: Path, chinese_dir: Path
) -> None:
    out = chinese_dir / "底图.pdf"

    made = json_of(
        "chart", project, out, "--template", "grid-card", "--area", "990001003005003",
        "--basemap", demo_folder / "basemap.mbtiles",
    )  # fmt: skip

    blurred = [note for note in made["notes"] if note["code"] == "blurred"]
    assert [note["least"] for note in blurred] == [150]
    assert 0 < blurred[0]["dpi"] < 150
    assert len(list(PdfReader(out).pages[0].images)) >= 1


def test_an_approval_of_earlier_borders_is_told(project: Path, chinese_dir: Path) -> None:
    common = ("--template", "grid-card", "--area", "990001001001001", "--no-staff")
    edit(project, {"do": "map_approval", "number": "示例S（2026）012号"})

    first = json_of("chart", project, chinese_dir / "一.pdf", *common)
    micro_grids = ["99000100100100101", "99000100100100102"]
    merged = edit(project, {"do": "merge", "areas": micro_grids})
    second = json_of("chart", project, chinese_dir / "二.pdf", *common)

    assert merged.answers[0]["ok"]
    text = "".join(PdfReader(chinese_dir / "一.pdf").pages[0].extract_text().split())
    assert "审图号：示例S（2026）012号" in text
    assert [note for note in first["notes"] if note["code"] == "approval_old"] == []
    assert [note["number"] for note in second["notes"] if note["code"] == "approval_old"] == [
        "示例S（2026）012号"
    ]
    ran = run("chart", project, chinese_dir / "三.pdf", *common, lang="zh")
    assert "审图号" in ran.err


def test_a_disk_without_room_is_told_before_anything_is_painted(
    project: Path, chinese_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 10_000))

    ran = run("chart", project, chinese_dir / "图.pdf", "--template", "wall-a0", lang="zh")

    assert ran.code == 2
    assert "图.pdf" in ran.err or "0001.pdf" in ran.err
    assert [path.name for path in chinese_dir.iterdir()] == ["演示.gpkg"]


def test_a_template_of_the_user_is_known_by_its_name(
    project: Path, chinese_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = chinese_dir / "设置"
    (folder / "charts").mkdir(parents=True)
    (folder / "charts" / "ours.toml").write_text(
        'extends = "grid-card"\nzh = "我们的卡片"\nen = "Ours"\ntitle_zh = "{place}卡片"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("GRIDADMIN_CONFIG", str(folder))
    out = chinese_dir / "卡片.pdf"

    json_of("chart", project, out, "--template", "ours", "--area", "990001001001001")

    text = "".join(PdfReader(out).pages[0].extract_text().split())
    assert "第一网格卡片" in text
