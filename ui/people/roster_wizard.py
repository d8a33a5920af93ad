"""Import of a roster in steps: look first, ask what can't be told, show mistakes, then write."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog, QWidget

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
from ui.dialogs.step_dialog import StepDialog
from ui.dialogs.task_dialog import Page
from ui.people.roster_columns_page import RosterColumnsPage
from ui.people.roster_done_page import RosterDonePage
from ui.people.roster_file_page import RosterFilePage
from ui.people.roster_problems_page import RosterProblemsPage, rows_of
from ui.people.roster_questions_page import RosterQuestionsPage
from ui.texts import language, tr

_WIDTH_EM = 54

Look = tuple[list[RosterSheet], tuple[SheetFacts, ...], tuple[RefusedColumn, ...]]


class RosterWizard(StepDialog):
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
        self.put_steps(
            self.file_page,
            self.columns_page,
            self.questions_page,
            self.problems_page,
            self.done_page,
        )
        self.file_page.drop.button.clicked.connect(self._ask_for_file)
        self.file_page.drop.dropped.connect(self.set_file)
        self.file_page.chosen.connect(self.judge)
        self.columns_page.changed.connect(self.judge)
        self.questions_page.changed.connect(self.judge)
        self.problems_page.save_button.clicked.connect(self._ask_where_to_mark)
        self.done_page.save_button.clicked.connect(self._ask_where_to_mark)
        context.bridge.changed.connect(self.judge)
        context.bridge.opened.connect(self._project_gone)
        self.turn_to(self.file_page)

    def main_words(self, page: Page) -> str:
        """Return what the main button says on a page."""
        if page is not self.problems_page or self.preview is None:
            return super().main_words(page)
        if self._is_stale():
            return tr("重新核对")
        return tr("写入 {n} 行", n=f"{self.preview.good:,}")

    def why_not(self, page: Page) -> str:
        """Return what is missing on a page, in words."""
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

    def go_on(self, page: Page) -> None:
        """Do what the main button of a page stands for."""
        if page is self.file_page:
            self._look_again()
        elif page in (self.columns_page, self.questions_page):
            self._compare(asks=page is self.columns_page)
        elif page is self.problems_page:
            (self._write, lambda: self._compare(asks=False))[self._is_stale()]()
        else:
            self.accept()

    def skips(self, page: Page) -> bool:
        """Return whether the way back passes a page over."""
        has_questions = self.preview is not None and bool(
            self.questions_page.list.topLevelItemCount()
        )
        return page is self.questions_page and not has_questions

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
        self.turn_to(self.file_page)

        posts = self._post_names()

        def look(progress: Progress) -> Look:
            sheets = read_sheets(path, progress)
            return sheets, *look_at(sheets, posts=posts)

        self.start(tr("查看“{file}”", file=path.name), look, self._take_sheets, self._file_failed)

    def _take_sheets(self, look: Look) -> None:
        self._sheets, facts, _ = look
        self.questions_page.answers.clear()
        if self.path is not None:
            self._context.settings.set_value("last_folder", str(self.path.parent))
            self.file_page.show_sheets(self.path, self._sheets, facts)
        self.turn_to(self.file_page)

    def _file_failed(self, error: BaseException) -> None:
        self.file_page.clear()
        if self.path is not None:
            self.file_page.drop.show_path(self.path)
        self.tell(error)

    def _look_again(self) -> None:
        """Look at the headings of the chosen sheets, hidden ones too."""
        sheets = self._sheets
        choices, posts = RosterChoices(sheets=self.file_page.names), self._post_names()
        self.start(
            tr("查看表头"),
            lambda _: (sheets, *look_at(sheets, choices, posts)),
            self._show_columns,
            self.tell,
        )

    def _post_names(self) -> list[str]:
        """Return the posts of the scheme, which headings may bear."""
        return [post.zh for post in self._context.bridge.snapshot.scheme.posts]

    def _show_columns(self, look: Look) -> None:
        _, facts, refused = look
        self.columns_page.show_columns(self._context.bridge.snapshot.scheme, facts, refused)
        self.turn_to(self.columns_page)

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
                self.turn_to(self.questions_page)
                return
            self.problems_page.show_preview(preview, rows)
            self.turn_to(self.problems_page)

        self.start(tr("核对名册"), look, take, self.tell)

    # Writing

    def _write(self) -> None:
        if self.preview is None or self.preview.command is None:
            return
        command = self.preview.command
        job = self._context.bridge.execute_long(
            tr("写入名册"),
            lambda *_: command,
            on_done=self._written,
            on_failed=self.tell,
            on_cancelled=self.cancelled,
        )
        self.watch(job)

    def _written(self, done: Done) -> None:
        del done
        if self.preview is not None:
            self.done_page.show_done(self.preview)
            told = tr("名册已写入：{n} 行。", n=f"{self.preview.good:,}")
            undo = self._context.bridge.undo
            self._context.messages.done(told, action=(tr("撤销"), undo))
        self.turn_to(self.done_page)

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
            self.tell(refusal)
            return
        words = tr("已写入“{file}”：有问题的格已标色并加批注。", file=out.name)
        self.start(
            tr("写出标出问题的 Excel"),
            lambda progress: write_marked_copy(out, sheets, preview, lang, progress),
            lambda _: self.banner.say(words, "good"),
            self.tell,
        )

    def _project_gone(self) -> None:
        if not self._context.bridge.is_open:
            self.reject()
