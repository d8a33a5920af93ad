"""A report of a check written to a file; the extension says in which form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from gridadmin.app.check_report.ground import Ground
from gridadmin.app.check_report.model import CheckReport
from gridadmin.app.check_report.package import write_report_package
from gridadmin.app.check_report.page import write_report_page
from gridadmin.app.check_report.table import write_report_table
from gridadmin.app.exporting import refuse_project, refuse_report_target
from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress
from gridadmin.exchange.whole_file import part_beside, switch

SUFFIXES = (".html", ".pdf", ".xlsx", ".gpkg")
PAINTED = (".html", ".pdf")
"""Forms that hold pictures."""


class Painter(Protocol):
    """Who paints pictures and pages; the core itself draws nothing."""

    def pictures(self, report: CheckReport, ground: Ground, progress: Progress) -> dict[str, bytes]:
        """Return PNG files of the places of issues by their number."""

    def pdf(
        self, report: CheckReport, pictures: Mapping[str, bytes], lang: str, progress: Progress
    ) -> bytes:
        """Return the report as PDF."""


def refuse_target(out: Path, *inputs: Path | None) -> None:
    """Refuse what a report can't be written to, before the check takes its time.

    Raises: InputError ``report.unknown_format``, ``report.onto_input``, ``export.onto_project``,
    ``export.no_folder``, ``export.target_is_folder``.
    """
    refuse_report_target(out, SUFFIXES)
    for source in inputs:
        if source is not None and source.exists() and out.exists() and out.samefile(source):
            raise InputError("report.onto_input", file=str(out))
    refuse_project(out)


def write_report(
    out: Path,
    report: CheckReport,
    ground: Ground,
    lang: str,
    painter: Painter | None = None,
    progress: Progress = SILENT,
) -> None:
    """Write a report; a file that stood there before stays until the new one is whole.

    Without a *painter* a page has no pictures, and says so; a PDF can't be made.
    Raises: Cancelled; InputError ``report.…``, ``render.cannot_paint``, ``export.…``; StoreError.
    """
    refuse_target(out, report.subject.path)
    suffix = out.suffix.lower()
    if suffix == ".xlsx":
        write_report_table(out, report, lang)
        return
    if suffix == ".gpkg":
        write_report_package(out, report, ground, lang, progress)
        return
    pictures = {} if painter is None else painter.pictures(report, ground, progress)
    if suffix == ".html":
        write_report_page(out, report, pictures, lang)
        return
    if painter is None:
        raise InputError("render.cannot_paint", why="PySide6")
    content = painter.pdf(report, pictures, lang, progress)
    with part_beside(out) as part:
        part.write_bytes(content)
        switch(part, out)
