"""Reports of a check, with pictures where this computer can paint."""

from __future__ import annotations

from pathlib import Path

from gridadmin.app.check_report.ground import FileGround, Ground, ProjectGround
from gridadmin.app.check_report.model import report_of
from gridadmin.app.check_report.subject import file_subject, project_subject
from gridadmin.app.check_report.writing import PAINTED, Painter, write_report
from gridadmin.app.checking import Checked, CheckRequest
from gridadmin.base.errors import InputError
from gridadmin.base.progress import Progress
from gridadmin.cli.console import voice
from gridadmin.partition.snapshot import Snapshot
from gridadmin.tiles.local import BASEMAP_NAME


def write_check_report(out: Path, request: CheckRequest, done: Checked, progress: Progress) -> None:
    """Write the report of a check.

    Raises: InputError ``render.cannot_paint`` for a PDF where Qt is missing; what
    ``write_report`` raises.
    """
    ground: Ground
    if isinstance(done.land, Snapshot):
        subject, ground = project_subject(request.path, done.land), ProjectGround(done.land)
    else:
        subject, ground = file_subject(request.path, request.layer), FileGround(done.land)
    report = report_of(done.result, subject, remarks=done.remarks)
    write_report(out, report, ground, voice.lang, _painter(out, request.path), progress)


def _painter(out: Path, checked: Path) -> Painter | None:
    """Return who paints, over the base map beside a project.

    A page does without where that is impossible.
    """
    if out.suffix.lower() not in PAINTED:
        return None
    try:
        from ui.reports.painter import ReportPainter
    except ImportError as fault:
        if out.suffix.lower() == ".pdf":
            raise InputError("render.cannot_paint", why=str(fault)) from fault
        return None
    basemap = checked.parent / BASEMAP_NAME
    return ReportPainter(basemap if basemap.is_file() else None)
