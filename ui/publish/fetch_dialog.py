"""Receive from a target: its releases are listed, one is taken to this computer and checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from gridadmin.base.errors import GridAdminError
from gridadmin.publish.fetching import fetch, lies_there
from gridadmin.publish.latest import Published, Standing, look
from gridadmin.publish.leavable_target import leavable
from gridadmin.publish.patience import Patience
from gridadmin.publish.target_book import TargetSetting
from ui.dialogs.place_field import PlaceField, usual_folder
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.dialogs.words import label, shortened
from ui.jobs import JobProgress, Work
from ui.panels.parts import ElidedButton
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.publish.post import HOST_UNKNOWN, host_answer
from ui.texts import explain, tr

_SUFFIX = ".gpkg"
_ATTEMPTS = 2
_HEIGHT_EM = 20


class FetchDialog(TaskDialog):
    """Asks a target what it holds, then takes the release that is chosen, the newest at first."""

    fetched = Signal(Path)
    """A package arrived whole, or lay there already; where it is."""

    def __init__(
        self, desk: PublishDesk, setting: TargetSetting, parent: QWidget | None = None
    ) -> None:
        name = shortened(setting.name)
        super().__init__(desk.context, tr("从“{name}”接收", name=name), parent)
        self.setObjectName("fetch_dialog")
        self._desk = desk
        self._setting = setting
        self.page = _FetchPage(usual_folder(desk.context.settings))
        self.accept_button = ElidedButton(host_answer(), self._accept_host, "outlined")
        self.accept_button.setObjectName("accept_host")
        self.accept_button.hide()
        self.put_button(self.accept_button)
        self._fingerprint = ""
        self.pages.addWidget(self.page)
        self.main_button.setText(tr("接收"))
        self.close_button.setText(tr("取消"))
        self.main_button.clicked.connect(self._act)
        self.page.changed.connect(self._judge)
        self._judge()

    def sizeHint(self) -> QSize:
        """Ask for little: two fields and a place."""
        return QSize(super().sizeHint().width(), _HEIGHT_EM * self.fontMetrics().height())

    def look(self) -> None:
        """Ask the target what it holds."""
        setting = self._setting

        def work(progress: JobProgress) -> Standing:
            target = leavable(setting.open(), progress)
            try:
                return Patience(_ATTEMPTS).carry_out(lambda: look(target), progress)
            finally:
                target.close()

        self._start(tr("正在连接…"), work, self._looked)

    def _looked(self, standing: Standing) -> None:
        self.page.offer(standing)
        if not standing.releases:
            self.banner.say(tr("那里还没有发布过。"), "warning")

    def _act(self) -> None:
        release, out, setting = self.page.chosen, self.page.place.path, self._setting
        if release is None:
            return
        self._context.settings.set_value("last_folder", str(out.parent))

        def work(progress: JobProgress) -> Path:
            if lies_there(out, release):
                return out
            target = leavable(setting.open(), progress)
            try:
                number, profile = release.number, release.profile
                patience = Patience(_ATTEMPTS)
                return fetch(target, out, number, profile, progress, patience).path
            finally:
                target.close()

        self._start(tr("接收发布文件"), work, self._arrived)

    def _arrived(self, path: Path) -> None:
        self._context.messages.done(tr("已接收 {name}，大小和校验值都对。", name=path.name))
        self.accept()
        self.fetched.emit(path)

    def _start(self, title: str, work: Work, then: Callable[[Any], None]) -> None:
        # Not among the other work of the window: a server that doesn't answer would hold it up.
        jobs = self._desk.post.jobs
        self.accept_button.hide()
        job = jobs.start(
            title, work, on_done=then, on_failed=self._failed, on_cancelled=self._cancelled
        )
        self.follow(job)

    def _cancelled(self) -> None:
        self.banner.say(tr("已取消，没有写出任何文件。"), "warning")

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error), "error")
        if error.code == HOST_UNKNOWN:
            self._fingerprint = str(error.params["fingerprint"])
            self.accept_button.show()

    def _accept_host(self) -> None:
        """Remember the key of the server, and ask it again."""
        self._setting = self._desk.post.accept_host(self._setting, self._fingerprint)
        self.look()

    def _judge(self) -> None:
        page = self.page
        why = "" if page.chosen is not None else tr("还没有可接收的版本。")
        page.place.fault.say("" if why else page.place.why_not())
        self.allow(why or page.place.why_not())

    def rested(self) -> None:
        """Take up again what waited for the job."""
        self._judge()


class _FetchPage(Page):
    """Which release, and where it is put."""

    changed = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.release = QComboBox()
        self.release.setObjectName("fetch_release")
        self.release.setAccessibleName(tr("版本"))
        self.place = PlaceField(folder, _SUFFIX)
        # A package keeps its name: it says which release it is, and for whom.
        self.place.name.setReadOnly(True)
        self.body.addWidget(label(tr("版本"), "heading"))
        self.body.addWidget(self.release)
        self.body.addWidget(label(tr("保存在"), "heading"))
        self.body.addWidget(self.place)
        self.body.addStretch()
        self.release.currentIndexChanged.connect(self._choose)
        self.place.changed.connect(self.changed)

    @property
    def chosen(self) -> Published | None:
        """The release that is to be taken."""
        found = self.release.currentData()
        return found if isinstance(found, Published) else None

    def offer(self, standing: Standing) -> None:
        """List what the target holds, the one that it points to first."""
        self.release.clear()
        for at, one in enumerate(standing.releases):
            parts = [words.number(one.number), _profile(one), words.moment(one.date), one.author]
            parts += [one.plan, tr("最新") if at == 0 else ""]
            self.release.addItem(" · ".join(part for part in parts if part), one)

    def first_field(self) -> QWidget:
        """Return the list of releases."""
        return self.release

    def _choose(self) -> None:
        if self.chosen is not None:
            self.place.propose(self.chosen.file.removesuffix(_SUFFIX))
        self.changed.emit()


def _profile(release: Published) -> str:
    """Return whom a package is for; a server may say anything."""
    try:
        return words.profile(release.profile)
    except ValueError:
        return ""
