"""A report as one self-contained HTML page: style and pictures are inside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from gridadmin.app.check_report.model import CheckReport
from gridadmin.app.check_report.pictures import picture_note
from gridadmin.app.check_report.words import Words
from gridadmin.base.paths import RESOURCES
from gridadmin.exchange.whole_file import part_beside, switch

_TEMPLATES = RESOURCES / "reports"


def report_page(report: CheckReport, pictures: Mapping[str, bytes], lang: str) -> str:
    """Return the page; *pictures* are PNG files by the number of an issue."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    words = Words(lang)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("check.html").render(
        lang="zh-CN" if lang == "zh" else "en",
        title=words.title(report),
        report=report,
        words=words,
        say=words.say,
        obstacles=words.obstacles(report),
        details=lambda issue: words.details(report, issue),
        picture_note=picture_note(report, pictures, words),
        pictures={number: b64encode(png).decode() for number, png in pictures.items()},
    )


def write_report_page(
    path: Path, report: CheckReport, pictures: Mapping[str, bytes], lang: str
) -> None:
    """Write the page. Raises: InputError, StoreError of the disk."""
    page = report_page(report, pictures, lang)
    with part_beside(path) as part:
        part.write_text(page, encoding="utf-8")
        switch(part, path)
