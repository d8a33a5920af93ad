"""Import of a roster in steps: look first, ask what can't be told, show mistakes, then write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from gridadmin.app.file_names import good_name
from gridadmin.app.roster import preview_roster, refuse_marked_target
from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.edit.document import Done
from gridadmin.exchange.roster_compare import RosterChoices, look_at
from gridadmin.exchange.roster_file import READABLE, RosterSheet, read_sheets
from gridadmin.exchange.roster_marks import write_marked_copy
from gridadmin.exchange.roster_preview import RosterPreview, SheetFacts
from gridadmin.exchange.roster_refusal import RefusedColumn
from ui.context import Context
from ui.dialogs.change_table import ChangeRow
from ui.dialogs.place_field import usual_folder
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.people.roster_columns_page import RosterColumnsPage
from ui.people.roster_done_page import RosterDonePage
from ui.people.roster_file_page import RosterFilePage
from ui.people.roster_problems_page import RosterProblemsPage, rows_of
from ui.people.roster_questions_page import RosterQuestionsPage
from ui.texts import explain, language, tr

_WIDTH_EM = 54

Look = tuple[list[RosterSheet], tuple[SheetFacts, ...], tuple[RefusedColumn, ...]]


class RosterWizard(TaskDialog):
    """Brings the people of a file into the open project; ``preview`` is what it would change."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("导入名册"), parent)
        self.path: Path | None = None
        self.preview: RosterPreview | None = None
        self._sheets: list[RosterSheet] = []
        self._revision = -1
        self.file_page = RosterFilePage()
        self.columns_page = RosterColumnsPage()
        self.questions_page = RosterQuestionsPage()
        self.problems_page = RosterProblemsPage()
        self.done_page = RosterDonePage()
        for page in self._steps():
            self.pages.addWidget(page)
        self.back_button = QPushButton(tr("上一步"))
        self.back_button.setObjectName("back")
        self.back_button.setAutoDefault(False)
        self.put_button(self.back_button)
        self.file_page.drop.button.clicked.connect(self._ask_for_file)
        self.file_page.drop.dropped.connect(self.set_file)
        self.file_page.chosen.connect(self._judge)
        self.columns_page.changed.connect(self._judge)
        self.questions_page.changed.connect(self._judge)
        self.problems_page.save_button.clicked.connect(self._ask_where_to_mark)
        self.done_page.save_button.clicked.connect(self._ask_where_to_mark)
        self.main_button.clicked.connect(self._next)
        self.back_button.clicked.connect(self._back)
        context.bridge.changed.connect(self._judge)
        context.bridge.opened.connect(self._project_gone)
        self._turn_to(self.file_page)

    def _steps(self) -> tuple[Page, ...]:
        return (
            self.file_page,
            self.columns_page,
            self.questions_page,
            self.problems_page,
            self.done_page,
        )

    @property
    def _page(self) -> Page:
        return self._steps()[self.pages.currentIndex()]

    def _turn_to(self, page: Page) -> None:
        self.banner.say("")
        title = tr("导入名册")
        if page is not self.done_page:
            number = self._steps().index(page) + 1
            title = tr("导入名册（第 {n} 步，共 4 步）", n=number)
        self.setWindowTitle(title)
        self.show_page(page)
        self._judge()

    def _judge(self) -> None:
        """Set the buttons to the page and what is missing on it."""
        page, is_end = self._page, self._page is self.done_page
        self.back_button.setVisible(page is not self.file_page and not is_end)
        self.back_button.setEnabled(not self.strip.is_busy)
        self.close_button.setVisible(not is_end)
        self.close_button.setText(tr("取消"))
        self.main_button.setText(self._main_words(page))
        self.allow(tr("正在进行，请稍候。") if self.strip.is_busy else self._why_not(page))

    def _main_words(self, page: Page) -> str:
        if page is self.done_page:
            return tr("完成")
        if page is not self.problems_page or self.preview is None:
            return tr("下一步")
        if self._is_stale():
            return tr("重新核对")
        return tr("写入 {n} 行", n=f"{self.preview.good:,}")

    def _why_not(self, page: Page) -> str:
        if page is self.file_page:
            if self.path is None or not self._sheets:
                return tr("请选择文件。")
            return "" if self.file_page.names else tr("请选一张工作表。")
        if page is self.columns_page:
            return self.columns_page.why_not()
        if page is self.problems_page and self.preview is not None:
            return self._why_not_write(self.preview)
        return ""

    def _why_not_write(self, preview: RosterPreview) -> str:
        why = self._context.bridge.why_not_change()
        if why or self._is_stale() or preview.command is not None:
            return why
        if preview.good:
            return tr("名册里的内容项目里都已经有了，不用写入。")
        return tr("没有可以写入的行。")

    def _is_stale(self) -> bool:
        """Return whether the project has changed since the roster was compared with it."""
        bridge = self._context.bridge
        return bridge.is_open and bridge.snapshot.revision != self._revision

    def _next(self) -> None:
        if not self.main_button.isEnabled() or self.strip.is_busy:
            return
        page = self._page
        if page is self.file_page:
            self._look_again()
        elif page in (self.columns_page, self.questions_page):
            self._compare(asks=page is self.columns_page)
        elif page is self.problems_page:
            (self._write, lambda: self._compare(asks=False))[self._is_stale()]()
        else:
            self.accept()

    def _back(self) -> None:
        steps = self._steps()
        before = steps[steps.index(self._page) - 1]
        has_questions = self.preview is not None and bool(
            self.questions_page.list.topLevelItemCount()
        )
        if before is self.questions_page and not has_questions:
            before = self.columns_page
        self._turn_to(before)

    def sizeHint(self) -> QSize:
        """Ask for room for the table of mistakes, as far as the screen has it."""
        em = self.fontMetrics().height()
        return self._bounded(QSize(_WIDTH_EM * em, super().sizeHint().height()))

    # The file

    def _ask_for_file(self) -> None:
        folder = self.path.parent if self.path else usual_folder(self._context.settings)
        kinds = " ".join(f"*{suffix}" for suffix in READABLE)
        name, _ = QFileDialog.getOpenFileName(
            self, tr("选择名册"), str(folder), f"{tr('名册')} ({kinds});;{tr('所有文件')} (*)"
        )
        if name:
            self.set_file(Path(name))

    def set_file(self, path: Path) -> None:
        """Look into a file: as if the user had chosen it."""
        if self.strip.is_busy:
            return
        self.path, self._sheets = path, []
        self._turn_to(self.file_page)

        posts = self._post_names()

        def look(progress: Progress) -> Look:
            sheets = read_sheets(path, progress)
            return sheets, *look_at(sheets, posts=posts)

        self._start(tr("查看“{file}”", file=path.name), look, self._take_sheets, self._file_failed)

    def _take_sheets(self, look: Look) -> None:
        self._sheets, facts, _ = look
        self.questions_page.answers.clear()
        if self.path is not None:
            self._context.settings.set_value("last_folder", str(self.path.parent))
            self.file_page.show_sheets(self.path, self._sheets, facts)
        self._turn_to(self.file_page)

    def _file_failed(self, error: BaseException) -> None:
        self.file_page.clear()
        if self.path is not None:
            self.file_page.drop.show_path(self.path)
        self._tell(error)

    def _look_again(self) -> None:
        """Look at the headings of the chosen sheets, hidden ones too."""
        sheets = self._sheets
        choices, posts = RosterChoices(sheets=self.file_page.names), self._post_names()
        self._start(
            tr("查看表头"),
            lambda _: (sheets, *look_at(sheets, choices, posts)),
            self._show_columns,
            self._tell,
        )

    def _post_names(self) -> list[str]:
        """Return the posts of the scheme, which headings may bear."""
        return [post.zh for post in self._context.bridge.snapshot.scheme.posts]

    def _show_columns(self, look: Look) -> None:
        _, facts, refused = look
        self.columns_page.show_columns(self._context.bridge.snapshot.scheme, facts, refused)
        self._turn_to(self.columns_page)

    # Comparing

    def _choices(self, *, asks: bool) -> RosterChoices:
        columns = self.columns_page
        return RosterChoices(
            columns.choices,
            {} if asks else dict(self.questions_page.answers),
            self.file_page.names,
            columns.usual_post,
        )

    def _compare(self, *, asks: bool) -> None:
        snapshot, sheets = self._context.bridge.snapshot, self._sheets
        choices = self._choices(asks=asks)
        name = "" if self.path is None else self.path.name
        self._revision = snapshot.revision
        if asks:
            self.questions_page.show_questions(())

        def look(progress: Progress) -> tuple[RosterPreview, list[ChangeRow]]:
            preview = preview_roster(snapshot, sheets, choices, file_name=name, progress=progress)
            return preview, rows_of(preview)

        def take(found: tuple[RosterPreview, list[ChangeRow]]) -> None:
            preview, rows = found
            self.preview = preview
            # An answer can lead to further questions: who somebody is, once the unit is known.
            if any(not self.questions_page.is_listed(one) for one in preview.questions):
                self.questions_page.show_questions(preview.questions)
                self._turn_to(self.questions_page)
                return
            self.problems_page.show_preview(preview, rows)
            self._turn_to(self.problems_page)

        self._start(tr("核对名册"), look, take, self._tell)

    # Writing

    def _write(self) -> None:
        if self.preview is None or self.preview.command is None:
            return
        command = self.preview.command
        job = self._context.bridge.execute_long(
            tr("写入名册"),
            lambda *_: command,
            on_done=self._written,
            on_failed=self._tell,
            on_cancelled=self._cancelled,
        )
        self.follow(job)
        self._judge()

    def _written(self, done: Done) -> None:
        del done
        if self.preview is not None:
            self.done_page.show_done(self.preview)
            told = tr("名册已写入：{n} 行。", n=f"{self.preview.good:,}")
            undo = self._context.bridge.undo
            self._context.messages.done(told, action=(tr("撤销"), undo))
        self._turn_to(self.done_page)

    def _ask_where_to_mark(self) -> None:
        if self.path is None or self.preview is None:
            return
        name = good_name(tr("{name}-问题", name=self.path.stem), tr("问题"))
        start = str(usual_folder(self._context.settings) / f"{name}.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("另存标出问题的 Excel"), start, f"{tr('Excel 文件')} (*.xlsx)"
        )
        if chosen:
            self.save_marked(Path(chosen).with_suffix(".xlsx"))

    def save_marked(self, out: Path) -> None:
        """Write the copy of the file in which mistakes are marked."""
        sheets, preview, lang = self._sheets, self.preview, language()
        if preview is None or self.path is None:
            return
        try:
            refuse_marked_target(out, self.path)
        except GridAdminError as refusal:
            self._tell(refusal)
            return
        words = tr("已写入“{file}”：有问题的格已标色并加批注。", file=out.name)
        self._start(
            tr("写出标出问题的 Excel"),
            lambda progress: write_marked_copy(out, sheets, preview, lang, progress),
            lambda _: self.banner.say(words, "good"),
            self._tell,
        )

    # Jobs

    def _start(
        self,
        title: str,
        work: Callable[[Progress], Any],
        on_done: Callable[[Any], None],
        on_failed: Callable[[BaseException], None],
    ) -> None:
        def done(result: Any) -> None:
            # Whoever closed the project meanwhile has no use for it.
            if self._context.bridge.is_open:
                on_done(result)

        self.follow(
            self._context.jobs.start(
                title, work, on_done=done, on_failed=on_failed, on_cancelled=self._cancelled
            )
        )
        self._judge()

    def _tell(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error), "error")

    def _cancelled(self) -> None:
        self.banner.say(tr("已取消，没有任何改动。"), "warning")

    def rested(self) -> None:
        """Take up again what waited for a job."""
        self._judge()

    def _project_gone(self) -> None:
        if not self._context.bridge.is_open:
            self.reject()
