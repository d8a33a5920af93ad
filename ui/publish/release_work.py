"""What is done with releases: make one, compare, save, roll back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from gridadmin.base.errors import GridAdminError
from gridadmin.edit.document import Done
from gridadmin.edit.rollback_command import RollBack
from ui.plans.forms import PlanForm
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class ReleaseWork(QObject):
    """Binds the actions about releases; dialogs stand over the window."""

    def __init__(self, desk: PublishDesk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._bridge = desk.bridge
        bind = desk.actions.bind
        bind("publish.release", self.open_release, self._bridge.why_not_change)
        bind("publish.compare", self.compare_chosen, self._why_none_chosen)
        bind("publish.save", self.open_save, self._why_none_chosen)
        bind("publish.roll_back", self.ask_to_roll_back, self._why_no_roll_back)

    def _why_none_chosen(self) -> str:
        if not self._bridge.is_open:
            return tr("没有打开的项目。")
        return "" if self._desk.records.chosen is not None else tr("请先选一个发布版本。")

    def _why_no_roll_back(self) -> str:
        return self._bridge.why_not_change() or self._why_none_chosen()

    def open_release(self) -> None:
        """Lead to the next release."""
        from ui.publish.release_dialog import ReleaseDialog

        dialog = ReleaseDialog(self._desk.context, self._window)
        dialog.issues_wanted.connect(self._show_issues)
        dialog.save_wanted.connect(self.open_save)
        self._open(dialog, "release_dialog")

    def compare_chosen(self) -> None:
        """Compare the chosen release with the present, on the map and as a table."""
        from ui.publish.comparison_page import ComparisonPage

        chosen = self._desk.records.chosen
        page = self._window.publish.show_page("comparison")
        if chosen is not None and isinstance(page, ComparisonPage):
            page.choose_release(chosen.number)
            page.compare()

    def open_save(self) -> None:
        """Ask for whom and where to, and write the chosen release as a file."""
        from ui.publish.save_dialog import SaveDialog

        chosen = self._desk.records.chosen
        if chosen is not None:
            self._open(SaveDialog(self._desk.context, chosen, self._window), "save_dialog")

    def ask_to_roll_back(self) -> None:
        """Ask, and bring the boundaries back to the chosen release."""
        chosen = self._desk.records.chosen
        if chosen is None:
            return
        name = words.number(chosen.number)
        form = PlanForm(
            tr("恢复到 {number}", number=name),
            tr(
                "边界、区域、例外地块和立体微网格都恢复到 {number}（{date}）的样子。"
                "之后新增的区域会停用；人员、楼栋和方案不变。可以一步撤销。",
                number=name,
                date=chosen.date,
            ),
            tr("恢复"),
            self._window,
        )
        form.agreed.connect(self.roll_back)
        form.finished.connect(form.deleteLater)
        form.open()

    def roll_back(self) -> None:
        """Bring the boundaries back to the chosen release, in a worker."""
        chosen = self._desk.records.chosen
        if chosen is None:
            return
        number = chosen.number
        self._bridge.execute_long(
            tr("恢复到发布版本"),
            lambda _snapshot, _progress: RollBack(number),
            on_done=self._rolled_back,
            on_failed=self._failed,
        )

    def _rolled_back(self, done: Done) -> None:
        facts = dict(done.change.told)
        said = tr("已恢复到 {number}。", number=words.number(int(facts["release"])))
        if facts["posts"]:
            said += tr("{n} 个任职在停用的区域上，请改派。", n=f"{facts['posts']:,}")
        self._desk.context.messages.done(said, (tr("撤销"), self._bridge.undo))

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._desk.context.messages.refused(error, self._bridge.place_of(error))

    def _show_issues(self) -> None:
        self._window.choose_workspace("checks")

    def _open(self, dialog: QDialog, name: str) -> None:
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
