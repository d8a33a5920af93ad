"""Export of the boundaries: format, levels, how much of it, where to; then what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from gridadmin.app.export_choices import ExportChoices, export_choices, standing_files
from gridadmin.app.export_log import NoteStore, refuse_unlogged
from gridadmin.app.exporting import (
    Exported,
    People,
    export_snapshot,
    last_change,
    note_boundaries,
)
from gridadmin.app.file_names import good_name
from gridadmin.base.errors import EditError, GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.checks.book import IssueBook
from gridadmin.domain.issue import Issue
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.export_choice_page import ExportChoicePage
from ui.dialogs.export_done_page import ExportDonePage
from ui.dialogs.place_field import usual_folder
from ui.dialogs.task_dialog import TaskDialog
from ui.texts import explain, tr


class ExportDialog(TaskDialog):
    """Writes the boundaries of the open project to files; ``exported`` is what was written."""

    written = Signal(object)
    """An :class:`Exported`."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("导出边界"), parent)
        self.exported: Exported | None = None
        self._choices: ExportChoices | None = None
        folder = usual_folder(context.settings)
        self.choice_page = ExportChoicePage(context, folder)
        self.done_page = ExportDonePage()
        self.pages.addWidget(self.choice_page)
        self.pages.addWidget(self.done_page)
        page = self.choice_page
        page.place.propose(good_name(tr("{name}-边界", name=context.bridge.name), tr("边界")))
        self.main_button.setText(tr("导出"))
        self.close_button.setText(tr("取消"))
        self.main_button.clicked.connect(self._act)
        self.done_page.folder_button.clicked.connect(self._open_folder)
        page.changed.connect(self._judge)
        page.scope_changed.connect(self._count)
        context.bridge.issues_changed.connect(self._judge)
        context.bridge.opened.connect(self._project_gone)
        self._count()

    def _count(self) -> None:
        """Count what there is to export, beside the window."""
        self._choices = None
        snapshot, uid = self._context.bridge.snapshot, self.choice_page.area
        self._context.jobs.start(
            tr("统计可以导出的区域"),
            lambda _: (uid, export_choices(snapshot, uid)),
            on_done=self._take_choices,
            is_quiet=True,
        )
        self._judge()

    def _take_choices(self, counted: tuple[str | None, ExportChoices]) -> None:
        uid, choices = counted
        if self._context.bridge.is_open and uid == self.choice_page.area:
            self._choices = choices
            self.choice_page.show_choices(self._context.bridge.snapshot, choices)
            self._judge()

    def _project_gone(self) -> None:
        self.done(QDialog.DialogCode.Rejected)

    def _judge(self) -> None:
        page = self.choice_page
        if self.pages.currentWidget() is not page:
            return
        page.place.fault.say(page.place.why_not())
        choices = self._choices
        page.warning.say("\n".join(self._warnings(choices)), "warning")
        standing = [] if choices is None or page.place.why_not() else self._standing()
        page.show_standing(standing)
        self.allow(self._why_not(choices, standing))

    def _why_not(self, choices: ExportChoices | None, standing: Sequence[Path]) -> str:
        page = self.choice_page
        reasons = (
            (self.strip.is_busy, tr("正在进行，请稍候。")),
            (choices is None, tr("正在统计，请稍候。")),
            (choices and not choices.layers, tr("还没有可以导出的土地，请先导入边界。")),
            (not page.levels, tr("请至少选一个层级。")),
            (page.place.why_not(), page.place.why_not()),
            (
                standing and not page.replaces.isChecked(),
                tr("同名的文件已在，请换个名称，或勾选替换。"),
            ),
        )
        return next((words for holds, words in reasons if holds), "")

    def _standing(self) -> list[Path]:
        return standing_files(self.choice_page.place.path, self.choice_page.levels)

    def _warnings(self, choices: ExportChoices | None) -> list[str]:
        lines = []
        if choices is not None and choices.disputed_faces:
            lines.append(tr("{n} 处争议地块不会出现在任何区域里。", n=choices.disputed_faces))
        bridge = self._context.bridge
        gaps = sum(issue.kind == "gap" for issue in bridge.issues())
        if gaps:
            lines.append(tr("还有 {n} 处空隙没有归属，导出的图形会有缺口。", n=gaps))
        elif not bridge.has_issues:
            lines.append(tr("检查还没有做完，不知道有没有空隙。"))
        return lines

    def _act(self) -> None:
        if self.pages.currentWidget() is self.done_page:
            self.accept()
            return
        page, bridge = self.choice_page, self._context.bridge
        if bridge.document.is_busy:
            # The store would keep the window waiting, and the import would be missing.
            self.banner.say(explain(EditError("edit.busy")), "warning")
            return
        known = bridge.issues() if bridge.has_issues else None
        order = _Order(
            page.place.path,
            page.levels,
            page.area,
            with_issues=page.wants_issues,
            known_issues=known,
            last_change=last_change(bridge.session),
            store=bridge.session.store,
            people=page.people,
            encoding=page.encoding,
        )
        snapshot = bridge.snapshot
        self.follow(
            self._context.jobs.start(
                tr("导出边界"),
                lambda progress: order.carry_out(snapshot, progress),
                on_done=self._written,
                on_failed=self._failed,
                on_cancelled=self._cancelled,
            )
        )
        self._judge()

    def _written(self, exported: Exported) -> None:
        self.exported = exported
        self._context.settings.set_value("last_folder", str(self.choice_page.place.path.parent))
        self.done_page.show_written(self._context.bridge.snapshot, exported)
        self.close_button.hide()
        self.main_button.setText(tr("完成"))
        self.allow("")
        self.show_page(self.done_page)
        self.written.emit(exported)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error), "error")

    def _cancelled(self) -> None:
        self.banner.say(tr("已取消，没有写出任何文件。"), "warning")

    def rested(self) -> None:
        """Take up again what waited for the job."""
        self._judge()

    def _open_folder(self) -> None:
        if self.exported is not None:
            folder = self.exported.files[0].parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


@dataclass(frozen=True)
class _Order:
    """An export as wanted; carried out in a worker on a state that doesn't change."""

    out: Path
    levels: tuple[str, ...]
    area: str | None
    with_issues: bool
    known_issues: Sequence[Issue] | None
    last_change: str
    store: NoteStore
    people: People
    encoding: str

    def carry_out(self, snapshot: Snapshot, progress: Progress) -> Exported:
        """Write the files. Raises: InputError, StoreError, Cancelled."""
        if self.people.tables:
            refuse_unlogged(self.store)
        issues = self.known_issues if self.with_issues else None
        if self.with_issues and issues is None:
            issues = IssueBook.of(snapshot, progress).issues()
        done = export_snapshot(
            snapshot,
            self.out,
            levels=self.levels,
            area_code=self.area,
            issues=issues,
            people=self.people,
            encoding=self.encoding,
            last_change=self.last_change,
            progress=progress,
        )
        note_boundaries(self.store, self.out, done, self.people)
        return done
