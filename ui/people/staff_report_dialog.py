"""Reports on the people: which parts, for which day and mode, compared with which; then a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QWidget

from gridadmin.app.file_names import good_name
from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.staffing.book import StaffBook, mode_on
from ui.context import Context
from ui.dialogs.place_field import usual_folder
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.dialogs.words import card, label
from ui.people import words
from ui.people.form import DayField, Fields
from ui.people.staff import today
from ui.texts import explain, language, mark, tr

PARTS = {
    "shortfall": mark("缺员：按岗位、街道、社区汇总，空缺明细"),
    "roster": mark("各村（社区）人员名册（不含个人手机号）"),
    "pairings": mark("结对名单"),
    "quota": mark("选派任务（应派、已派、还缺）与批次轮换"),
    "cover": mark("到期与顶岗"),
    "changes": mark("岗位、人员、结对变动"),
    "modes": mark("平战转换：切换记录和另一套岗位"),
}
_FORMS = {".pdf": mark("PDF 文件"), ".xlsx": mark("Excel 文件")}


class StaffReportDialog(TaskDialog):
    """The parts of a report with ticks; the main button asks for the file."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("人员报表"), parent)
        page = Page()
        said = tr("人与人次分开计数。报表供内部使用，每次导出都有记录。")
        page.body.addWidget(label(said, "quiet"))
        self.parts: dict[str, QCheckBox] = {}
        for key, title in PARTS.items():
            box = QCheckBox(tr(title))
            box.setObjectName(f"part-{key}")
            box.setAccessibleName(box.text())
            box.setChecked(True)
            box.toggled.connect(lambda _: self._judge())
            self.parts[key] = box
        frame, _ = card(*self.parts.values())
        page.body.addWidget(frame)
        self.day = DayField("day", tr("哪一天的情况"), day=today())
        self.since = DayField("since", tr("变动从哪一天算起"), day=f"{today()[:4]}-01-01")
        self.mode = QComboBox()
        snapshot = context.bridge.snapshot
        for mode in snapshot.scheme.modes:
            self.mode.addItem(words.term(mode), mode.key)
        self.mode.setCurrentIndex(max(self.mode.findData(mode_on(snapshot, today())), 0))
        fields = Fields()
        fields.put("day", tr("哪一天的情况"), self.day)
        fields.put("since", tr("变动从哪一天算起"), self.since)
        if self.mode.count() > 1:
            fields.put("mode", tr("平时或战时"), self.mode)
        page.body.addLayout(fields)
        page.body.addStretch(1)
        self.pages.addWidget(page)
        self.main_button.setText(tr("写到文件…"))
        self.main_button.clicked.connect(lambda *_: self.ask())
        self.close_button.setText(tr("关闭"))
        em = self.fontMetrics().height()
        self.resize(36 * em, 34 * em)
        self._judge()

    @property
    def chosen(self) -> list[str]:
        """The parts that are ticked."""
        return [key for key, box in self.parts.items() if box.isChecked()]

    def _judge(self) -> None:
        self.allow("" if self.chosen else tr("请至少选一个部分。"))

    def rested(self) -> None:
        """Say again what can be done."""
        self._judge()

    def ask(self) -> None:
        """Ask where the report goes and in which form, and write it."""
        name = good_name(tr("{name}-人员报表", name=self._context.bridge.name), tr("人员报表"))
        forms = {f"{tr(form)} (*{suffix})": suffix for suffix, form in _FORMS.items()}
        chosen, form = QFileDialog.getSaveFileName(
            self,
            tr("人员报表"),
            str(usual_folder(self._context.settings) / f"{name}.pdf"),
            ";;".join(forms),
        )
        if chosen:
            path = Path(chosen)
            is_known = path.suffix.lower() in _FORMS
            self.write(path if is_known else Path(f"{chosen}{forms.get(form, '.pdf')}"))

    def write(self, out: Path) -> None:
        """Write the report of the present state."""
        bridge, kinds, lang = self._context.bridge, self.chosen, language()
        snapshot, store = bridge.snapshot, bridge.session.store
        day, since, mode = self.day.iso(), self.since.iso(), self.mode.currentData()
        self._context.settings.set_value("last_folder", str(out.parent))

        def work(progress: Progress) -> None:
            from gridadmin.app.staff_reports.making import document_of
            from gridadmin.app.staff_reports.writing import refuse_target, write_document
            from ui.reports.staff_painter import StaffPainter

            refuse_target(out)
            book = StaffBook(snapshot, day or today(), mode)
            document = document_of(snapshot, book, lang, kinds, since, progress)
            write_document(out, document, store, StaffPainter(), progress)

        self.follow(
            self._context.jobs.start(
                tr("人员报表"),
                work,
                on_done=lambda _: self._written(out),
                on_failed=self._failed,
                on_cancelled=lambda: self.banner.say(tr("已停止，没有写入报告。")),
            )
        )

    def _written(self, out: Path) -> None:
        self._context.messages.done(tr("人员报表已写入{file}。", file=out.name))
        self.accept()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error))
