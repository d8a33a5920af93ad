"""What is done with targets and the queue: set up, tested, rehearsed, sent to, tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from gridadmin.app.publishing import Order, Told, dry_run
from gridadmin.base.errors import GridAdminError
from gridadmin.edit.document import Done
from gridadmin.edit.release_commands import MakeRelease
from gridadmin.publish.leavable_target import leavable
from gridadmin.publish.outbox import Item, Work
from gridadmin.publish.patience import Patience
from gridadmin.publish.target_book import TargetSetting
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.trying_out import Tried, try_out
from ui.jobs import JobProgress
from ui.plans.forms import PlanForm
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.publish.fetch_dialog import FetchDialog
from ui.publish.post import HOST_UNKNOWN, host_answer
from ui.publish.target_form import TargetForm
from ui.texts import explain, tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.publish.queue_page import QueuePage
    from ui.publish.targets_page import TargetsPage


class TargetWork(QObject):
    """Binds the actions about targets and the queue."""

    def __init__(self, desk: PublishDesk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        bind = desk.actions.bind
        bind("publish.target_add", self.add)
        bind("publish.target_edit", self.change, self._why_no_target)
        bind("publish.target_remove", self.ask_to_remove, self._why_no_target)
        bind("publish.target_test", self.test, self._why_no_target)
        bind("publish.dry_run", self.rehearse, self._why_not_send)
        bind("publish.send", self.send, self._why_not_send)
        bind("publish.fetch", self.fetch, self._why_no_target)
        bind("publish.queue_send", self.send_again, self._why_no_item)
        bind("publish.queue_cancel", self.cancel_item, self._why_no_item)
        desk.post.refused.connect(self._refused)
        desk.post.changed.connect(desk.actions.refresh)

    # What is chosen

    def page(self) -> TargetsPage:
        """Show the page of targets and return it."""
        return cast("TargetsPage", self._window.publish.show_page("targets"))

    def _page_behind(self) -> TargetsPage:
        """Return the page of targets without going there: the user may be at something else."""
        return cast("TargetsPage", self._window.publish.panel.widget_of("targets"))

    def _page_at(self, setting: TargetSetting) -> TargetsPage:
        """Return the page with that target chosen; shown to a user who is publishing."""
        page = self.page() if self._window.workspace == "publish" else self._page_behind()
        page.choose(setting.name)
        return page

    def _target(self) -> TargetSetting | None:
        made = self._window.publish.panel.made_page("targets")
        return None if made is None else cast("TargetsPage", made).chosen

    def _item(self) -> Item | None:
        made = self._window.publish.panel.made_page("queue")
        return None if made is None else cast("QueuePage", made).chosen

    def _why_no_target(self) -> str:
        return "" if self._target() is not None else tr("请先选一个发布目标。")

    def _why_not_send(self) -> str:
        if not self._desk.bridge.is_open:
            return tr("没有打开的项目。")
        if self._why_no_target():
            return self._why_no_target()
        if not self._desk.records.releases:
            return tr("请先生成发布版本。")
        return self._desk.bridge.why_not_change()

    def _why_no_item(self) -> str:
        return "" if self._item() is not None else tr("请先选一份待发的成果。")

    # Setting up

    def add(self) -> None:
        """Ask for a new target."""
        self._open_form(None)

    def change(self) -> None:
        """Change the chosen target."""
        self._open_form(self._target())

    def ask_to_remove(self) -> None:
        """Ask, and take the chosen target off the list."""
        setting = self._target()
        if setting is None:
            return
        form = PlanForm(
            tr("删除发布目标"),
            tr("从列表里删除“{name}”。已经发布的成果留在服务器上。", name=setting.name),
            tr("删除"),
            self._window,
        )
        form.agreed.connect(lambda: self._remove(setting.name))
        form.finished.connect(form.deleteLater)
        form.open()

    def _remove(self, name: str) -> None:
        self._desk.post.book.remove(name)
        self.page().refresh()

    def _open_form(self, setting: TargetSetting | None) -> None:
        dialog = TargetForm(self._desk.post.book, setting, self._window, self._chosen_area())
        dialog.kept.connect(self._kept)
        self._open(dialog, "target_form")

    def _chosen_area(self) -> tuple[str, str] | None:
        """Return code and name of the area that is chosen on the map or in the tree."""
        bridge, uid = self._desk.bridge, self._desk.context.selection.area
        if not bridge.is_open or uid is None or uid not in bridge.snapshot.rows("area"):
            return None
        area = bridge.snapshot.area(uid)
        return area.code or area.uid, area.name

    def _kept(self, name: str) -> None:
        page = self.page()
        page.forget(name)
        page.refresh()
        page.choose(name)

    # Trying and sending

    def test(self) -> None:
        """Write, read, rename and remove a few bytes on the chosen target."""
        setting = self._target()
        if setting is None:
            return

        def work(progress: JobProgress) -> Tried:
            target = leavable(setting.open(makes_folder=False), progress)
            try:
                return try_out(target)
            finally:
                target.close()

        self._start(
            tr("测试连接"), work, lambda tried: self._tried(setting, tried), setting, self.test
        )

    def _tried(self, setting: TargetSetting, tried: Tried) -> None:
        if tried.renames:
            said = [tr("连接正常：可以写入、读回、改名和删除。")]
        else:
            said = [tr("连接正常：可以写入、读回和删除；没有改名，成果直接用正式名称上传。")]
        if tried.resumes:
            said.append(tr("上传中断后可以接着传。"))
        if tried.latest is None:
            said.append(tr("那里还没有发布过。"))
        else:
            number = words.number(tried.latest.number)
            said.append(
                tr("那里现在是 {number}（{file}）。", number=number, file=tried.latest.file)
            )
        self._page_behind().tell(setting.name, "\n".join(said))

    def rehearse(self) -> None:
        """Tell what sending would change on the chosen target."""
        setting, session = self._target(), self._desk.bridge.session
        if setting is None:
            return

        def work(progress: JobProgress) -> Told:
            order = Order(setting.profile)
            return dry_run(session, setting, order, Work(progress, Patience(2), explain))

        self._start(
            tr("预演"), work, lambda told: self._rehearsed(setting, told), setting, self.rehearse
        )

    def _rehearsed(self, setting: TargetSetting, told: Told) -> None:
        number = words.number(told.release.number)
        if told.outcome == "unchanged":
            said = tr("内容和那里的 {number} 相同，没有可发布的。", number=number)
        else:
            said = tr("预演：会发布 {number}，什么也没有改。", number=number)
        self._page_behind().tell(setting.name, "\n".join((said, *told.changes)))

    def send(self) -> None:
        """Send the newest release to the chosen target."""
        setting, releases = self._target(), self._desk.records.releases
        if setting is not None and releases:
            self._desk.post.publish(setting, releases[0])
            self._window.publish.show_page("queue")

    def fetch(self) -> None:
        """Take a release from the chosen target, and ask what is done with it."""
        setting = self._target()
        if setting is None:
            return
        dialog = FetchDialog(self._desk, setting, self._window)
        dialog.fetched.connect(self._window.publish.receiving.receive)
        self._open(dialog, "fetch_dialog")
        dialog.look()

    def send_again(self) -> None:
        """Send the chosen delivery now."""
        item = self._item()
        if item is not None:
            self._desk.post.send(item)

    def cancel_item(self) -> None:
        """Take the chosen delivery out of the queue."""
        item = self._item()
        if item is not None:
            self._desk.post.cancel(item)

    def _start(
        self,
        title: str,
        work: Callable[[JobProgress], Any],
        then: Any,
        setting: TargetSetting,
        again: Callable[[], object],
    ) -> None:
        page = self.page()
        page.tell(setting.name, tr("正在连接…"))
        job = self._desk.post.jobs.start(
            title,
            work,
            on_done=then,
            on_failed=lambda error: self._failed(error, setting, again),
            on_cancelled=lambda: page.tell(setting.name, tr("已取消。")),
        )
        page.strip.follow(job)

    def _failed(
        self, error: BaseException, setting: TargetSetting, again: Callable[[], object]
    ) -> None:
        """Say what went wrong; where the user can settle it here, it goes on from there."""
        if not isinstance(error, GridAdminError):
            raise error
        if error.code == HOST_UNKNOWN:
            self._unknown_host(setting, error, again)
        elif error.code == "delivery.rival":
            self._rival(setting, error)
        else:
            self._page_behind().tell(setting.name, explain(error))

    def _refused(self, setting: TargetSetting, error: TargetError, item: Item | None) -> None:
        """Show a refused delivery that the user can settle; the queue tells of all others."""
        if error.code == HOST_UNKNOWN and item is not None:
            self._unknown_host(setting, error, lambda: self._desk.post.send(item))
        elif error.code == "delivery.rival":
            self._rival(setting, error)

    def _unknown_host(
        self, setting: TargetSetting, error: GridAdminError, again: Callable[[], object]
    ) -> None:
        """Show the fingerprint of a server that nobody knows here; once accepted, go on."""
        page = self._page_at(setting)
        said = str(error.params["fingerprint"])

        def accept() -> None:
            self._desk.post.accept_host(setting, said)
            page.refresh()
            again()

        page.tell(setting.name, explain(error), host_answer(), accept)

    def _rival(self, setting: TargetSetting, error: GridAdminError) -> None:
        """Show what somebody else has published, and offer to follow it."""
        page = self._page_at(setting)
        number = int(str(error.params["number"]))
        page.tell(
            setting.name,
            explain(error),
            tr("看过了，接着 {number} 发布", number=words.number(number)),
            lambda: self._follow(setting, number),
        )

    def _follow(self, setting: TargetSetting, number: int) -> None:
        """Publish after somebody else: the newest release if its number is beyond, or a new one."""
        newest = self._desk.records.releases[0]
        if newest.number > number:
            self._desk.post.publish(setting, newest, number)
            return

        def sent(_: Done) -> None:
            self._desk.post.publish(setting, self._desk.records.releases[0], number)

        def failed(error: BaseException) -> None:
            self._failed(error, setting, lambda: self._follow(setting, number))

        self._desk.bridge.execute_long(
            tr("生成发布版本"),
            lambda _snapshot, _progress: MakeRelease(beyond=number),
            on_done=sent,
            on_failed=failed,
        )

    def _open(self, dialog: QDialog, name: str) -> None:
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
