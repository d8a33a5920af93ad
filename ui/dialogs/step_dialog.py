"""A dialog of steps: pages one after the other, back and on; the last one says what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QPushButton, QWidget

from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from ui.context import Context
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.jobs import Job
from ui.texts import explain, tr

Made = TypeVar("Made")


class StepDialog(TaskDialog):
    """Counts its steps in the title; each page has its words, its reason and what comes of it."""

    def __init__(self, context: Context, title: str, parent: QWidget | None = None) -> None:
        super().__init__(context, title, parent)
        self._title = title
        self._steps: tuple[Page, ...] = ()
        self.back_button = QPushButton(tr("上一步"))
        self.back_button.setObjectName("back")
        self.back_button.setAutoDefault(True)
        self.put_button(self.back_button)
        self.main_button.clicked.connect(self._next)
        self.back_button.clicked.connect(self._back)

    def put_steps(self, *pages: Page) -> None:
        """Put the pages in, in their order; from the last one there is no way back."""
        self._steps = pages
        for page in pages:
            self.pages.addWidget(page)

    # What a dialog says for itself

    def main_words(self, page: Page) -> str:
        """Return what the main button says on a page."""
        return tr("完成") if page is self._steps[-1] else tr("下一步")

    def why_not(self, page: Page) -> str:
        """Return what is missing on a page, in words; empty when nothing is."""
        raise NotImplementedError

    def go_on(self, page: Page) -> None:
        """Do what the main button of a page stands for."""
        raise NotImplementedError

    def skips(self, page: Page) -> bool:
        """Return whether the way back passes a page over."""
        del page
        return False

    def explained(self, error: GridAdminError) -> str:
        """Return a refusal in words."""
        return explain(error)

    # Steps

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._steps[self.pages.currentIndex()]

    def turn_to(self, page: Page) -> None:
        """Show a page."""
        self.banner.say("")
        number, count = self._steps.index(page) + 1, len(self._steps) - 1
        title = self._title
        if number <= count:
            title = tr("{title}（第 {n} 步，共 {all} 步）", title=title, n=number, all=count)
        self.setWindowTitle(title)
        self.show_page(page)
        self.judge()

    def judge(self) -> None:
        """Set the buttons to the page and what is missing on it."""
        page, is_end = self.page, self.page is self._steps[-1]
        self.back_button.setVisible(page is not self._steps[0] and not is_end)
        self.back_button.setEnabled(not self.strip.is_busy)
        self.close_button.setVisible(not is_end)
        self.close_button.setText(tr("取消"))
        self.main_button.setText(self.main_words(page))
        self.allow(tr("正在进行，请稍候。") if self.strip.is_busy else self.why_not(page))

    def _next(self) -> None:
        if self.main_button.isEnabled() and not self.strip.is_busy:
            self.go_on(self.page)

    def _back(self) -> None:
        number = self._steps.index(self.page) - 1
        while number > 0 and self.skips(self._steps[number]):
            number -= 1
        self.turn_to(self._steps[number])

    # Long work

    def start(
        self,
        title: str,
        work: Callable[[Progress], Made],
        on_done: Callable[[Made], None],
        on_failed: Callable[[BaseException], None],
    ) -> None:
        """Do something in a worker; the pages rest until it ends."""

        def done(made: Made) -> None:
            # Whoever closed the project meanwhile has no use for it.
            if self._context.bridge.is_open:
                on_done(made)

        self.watch(
            self._context.jobs.start(
                title, work, on_done=done, on_failed=on_failed, on_cancelled=self.cancelled
            )
        )

    def watch(self, job: Job) -> None:
        """Show a job of this dialog."""
        self.follow(job)
        self.judge()

    def rested(self) -> None:
        """Set the buttons anew."""
        self.judge()

    def cancelled(self) -> None:
        """Say that nothing came of it."""
        self.banner.say(tr("已取消，没有任何改动。"), "warning")

    def tell(self, error: BaseException) -> None:
        """Say why something failed; what is no refusal is a fault of the program."""
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(self.explained(error), "error")
