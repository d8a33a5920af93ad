"""The report of the open project: asked for by name, written in a worker."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gridadmin.app.file_names import good_name
from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.checks.book import IssueBook
from ui.context import Context
from ui.dialogs.place_field import usual_folder
from ui.texts import language, mark, tr

_FORMS = {
    ".pdf": mark("PDF 文件"),
    ".html": mark("网页"),
    ".xlsx": mark("Excel 文件"),
    ".gpkg": mark("GeoPackage 图层（用于 QGIS）"),
}


def ask_and_report(context: Context, parent: QWidget, basemap: Path | None = None) -> None:
    """Ask where the report goes and in which form, and write it."""
    name = good_name(tr("{name}-检查报告", name=context.bridge.name), tr("检查报告"))
    forms = {f"{tr(words)} (*{suffix})": suffix for suffix, words in _FORMS.items()}
    chosen, form = QFileDialog.getSaveFileName(
        parent,
        tr("检查报告"),
        str(usual_folder(context.settings) / f"{name}.pdf"),
        ";;".join(forms),
    )
    if chosen:
        path = Path(chosen)
        is_known = path.suffix.lower() in _FORMS
        out = path if is_known else Path(f"{chosen}{forms.get(form, '.pdf')}")
        write(context, out, basemap)


def write(context: Context, out: Path, basemap: Path | None = None) -> None:
    """Write the report of the present state, with a full check first where it isn't known.

    Its pictures lie over *basemap*.
    """
    bridge = context.bridge
    snapshot, project, lang = bridge.snapshot, bridge.path, language()
    known = bridge.session.book() if bridge.session.has_book else None
    context.settings.set_value("last_folder", str(out.parent))

    def work(progress: Progress) -> None:
        from gridadmin.app.check_report.ground import ProjectGround
        from gridadmin.app.check_report.model import report_of
        from gridadmin.app.check_report.subject import project_subject
        from gridadmin.app.check_report.writing import refuse_target, write_report
        from gridadmin.app.reports import book_json
        from ui.reports.painter import ReportPainter

        refuse_target(out, project)
        book = known or IssueBook.of(snapshot, progress)
        result = book_json(snapshot, book, read_s=0.0, check_s=0.0)
        report = report_of(result, project_subject(project, snapshot))
        write_report(out, report, ProjectGround(snapshot), lang, ReportPainter(basemap), progress)

    context.jobs.start(
        tr("检查报告"),
        work,
        on_done=lambda _: context.messages.done(tr("检查报告已写入{file}。", file=out.name)),
        on_failed=lambda error: _failed(context, error),
        on_cancelled=lambda: context.messages.note(tr("已停止，没有写入报告。")),
    )


def _failed(context: Context, error: BaseException) -> None:
    if not isinstance(error, GridAdminError):
        raise error
    context.messages.refused(error)
