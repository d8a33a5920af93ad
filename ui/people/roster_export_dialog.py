"""Export of the roster: for whom, of which area, which columns, where to."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gridadmin.app.file_names import good_name
from gridadmin.app.roster_export import RosterRequest, export_roster
from gridadmin.base.errors import GridAdminError
from gridadmin.exchange.roster_sheet import PeopleSheet
from ui.context import Context
from ui.dialogs.place_field import usual_folder
from ui.dialogs.task_dialog import TaskDialog
from ui.people.roster_export_page import RosterExportPage
from ui.texts import explain, tr


class RosterExportDialog(TaskDialog):
    """Writes the people of the open project to a file and notes it in the project."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("导出名册"), parent)
        self.page = RosterExportPage(context, usual_folder(context.settings))
        self.pages.addWidget(self.page)
        self.page.place.propose(
            good_name(tr("{name}-花名册", name=context.bridge.name), tr("花名册"))
        )
        self.main_button.setText(tr("导出"))
        self.close_button.setText(tr("取消"))
        self.page.changed.connect(self._judge)
        self.main_button.clicked.connect(self._export)
        self._judge()

    def _judge(self) -> None:
        why = tr("正在进行，请稍候。") if self.strip.is_busy else self._why_not()
        self.page.place.fault.say(self.page.place.why_not())
        self.allow(why)

    def _why_not(self) -> str:
        why = self._context.bridge.why_not_change()
        if why:
            return tr("项目现在不能写入，导出记录不能保存，所以不能导出人员。")
        return self.page.why_not()

    def _export(self) -> None:
        if not self.main_button.isEnabled() or self.strip.is_busy:
            return
        page, bridge = self.page, self._context.bridge
        out, snapshot, store = page.place.path, bridge.snapshot, bridge.session.store
        request = RosterRequest(page.profile, page.area, page.columns)

        def tell(sheet: PeopleSheet) -> None:
            self._context.settings.set_value("last_folder", str(out.parent))
            words = tr("已把 {n} 人写入“{file}”。", n=f"{sheet.persons:,}", file=out.name)
            if sheet.unplaced:
                left = tr("有 {n} 个岗位不知道在不在这个区域，没有写入。", n=f"{sheet.unplaced:,}")
                words = f"{words}{left}"
            self._context.messages.done(words)
            self.accept()

        self.follow(
            self._context.jobs.start(
                tr("导出名册"),
                lambda progress: export_roster(snapshot, store, out, request, progress),
                on_done=tell,
                on_failed=self._failed,
                on_cancelled=self._cancelled,
            )
        )
        self._judge()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error), "error")

    def _cancelled(self) -> None:
        self.banner.say(tr("已取消，没有写出任何文件。"), "warning")

    def rested(self) -> None:
        """Take up again what waited for the job."""
        self._judge()
