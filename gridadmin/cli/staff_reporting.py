"""The command ``staffing report``: figures and findings, and a report as Excel or PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridadmin.app.session import Session
from gridadmin.app.staff_reports.making import document_of
from gridadmin.app.staff_reports.writing import Painter, refuse_target, write_document
from gridadmin.app.staffing import book_on, has_faults, report_json
from gridadmin.base.errors import InputError
from gridadmin.base.progress import Progress
from gridadmin.cli.console import FINE, LISTED, TerminalProgress, voice, write_json
from gridadmin.cli.telling import tell_staffing
from gridadmin.staffing.report import report_of


@dataclass(frozen=True)
class StaffingRequest:
    """What is asked for: the day, the mode, and a report with some parts compared with a day."""

    day: str | None = None
    mode: str | None = None
    report: Path | None = None
    kinds: list[str] | None = None
    since: str | None = None


def report_staffing(project: Path, request: StaffingRequest, json: str | None) -> int:
    """Tell the staffing of a project and write its report; return the exit code."""
    if request.report is not None:
        refuse_target(request.report)
    with Session.open(project, write=request.report is not None) as session:
        book = book_on(session, request.day, request.mode)
        result = report_json(book, report_of(book), voice.lang)
        if request.report is not None:
            with TerminalProgress() as progress:
                _write(session, book.day, request, progress)
    write_json(result, json)
    tell_staffing(result)
    if request.report is not None:
        voice.say("cli.reported", path=request.report)
    return LISTED if has_faults(result) else FINE


def _write(session: Session, day: str, request: StaffingRequest, progress: Progress) -> None:
    out = request.report
    if out is None:
        return
    painter = _painter(out)
    document = document_of(
        session.snapshot,
        book_on(session, day, request.mode),
        voice.lang,
        request.kinds,
        request.since,
        progress,
    )
    write_document(out, document, session.store, painter, progress)


def _painter(out: Path) -> Painter | None:
    if out.suffix.lower() != ".pdf":
        return None
    try:
        from ui.reports.staff_painter import StaffPainter
    except ImportError as fault:
        raise InputError("render.cannot_paint", why=str(fault)) from fault
    return StaffPainter()
