"""Opening, making and closing projects: in workers, with what goes wrong in words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gridadmin.app.session import Session
from gridadmin.base.errors import GridAdminError, StoreError
from ui.context import Context
from ui.jobs import Job
from ui.texts import explain, tr
from ui.workspaces.recent import remember


class Projects(QObject):
    """The one project of a window, on its way in and out."""

    about_to_change = Signal()
    """What is open is going to be closed."""
    opened = Signal()
    failed = Signal()

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self.is_quitting = False
        """Whether the window is about to go: what opens now is closed at once."""

    def open(self, path: Path) -> None:
        """Open a project file in a worker; what goes wrong is told and nothing else changes."""
        self._context.jobs.start(
            tr("打开{name}", name=path.name),
            lambda _: Session.open_for_window(path),
            on_done=self._opened,
            on_failed=self._open_failed,
            can_cancel=False,
        )

    def _opened(self, opened: tuple[Session, StoreError | None]) -> None:
        session, refusal = opened
        if self.is_quitting:
            session.close()
            return
        self.close_session()
        # The map comes first: check and indexes would only make it late.
        self._context.jobs.hold_quiet()
        self._context.bridge.adopt_session(session, refusal)
        bridge = self._context.bridge
        remember(self._context.settings, bridge.path, bridge.name)
        self.opened.emit()

    def _open_failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.failed.emit()
        self._context.messages.refused(error)

    def open_again(self) -> None:
        """Open once more what is open, in the hope that it can be changed now."""
        path = self._context.bridge.path
        self.close()
        self.open(path)

    def choose(self) -> None:
        """Ask for a project file and open it."""
        folder = self._context.settings.value("last_folder")
        name, _ = QFileDialog.getOpenFileName(
            self._window, tr("打开项目"), folder, tr("项目文件 (*.gpkg)")
        )
        if name:
            self._context.settings.set_value("last_folder", str(Path(name).parent))
            self.open(Path(name))

    def ask_for_new(self) -> None:
        """Ask for a scheme, a root and a place, and open the new project."""
        from ui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self._context, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.created.connect(self.open)
        dialog.open()

    def open_demo(self) -> None:
        """Open the demo city; its files are written first where they aren't there yet."""
        from gridadmin.app.demo import demo_folder, write_demo

        folder = demo_folder()
        project = folder / "demo.gpkg"
        if project.is_file():
            self.open(project)
            return
        self._context.jobs.start(
            tr("准备样例城市"),
            lambda progress: write_demo(folder, progress),
            on_done=lambda _: self.open(project),
            on_failed=self._open_failed,
        )

    def close(self) -> None:
        """Close the project and show the start page; a change being stored is stopped first."""
        job = self._context.bridge.long_change
        if job is not None:
            if may_stop(self._window, job, tr("要停止它并关闭项目吗？已经保存的内容不受影响。")):
                self._close_after(job)
            return
        self.close_session()

    def _close_after(self, job: Job) -> None:
        # The question took its time: the work may have ended meanwhile.
        if self._context.bridge.long_change is not job:
            self.close()
            return
        job.ended.connect(self.close, Qt.ConnectionType.SingleShotConnection)
        self._context.bridge.stop_long_changes()

    def close_session(self) -> None:
        """Close what is open, and tell what could not be written back."""
        self.about_to_change.emit()
        try:
            self._context.bridge.close()
        except GridAdminError as refusal:
            self._warn(explain(refusal))

    def _warn(self, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, tr("网格管理"), text, parent=self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.is_quitting:
            # Nobody would see it any more once the window has gone.
            box.exec()
        else:
            box.open()


def may_stop(window: QWidget, job: Job, question: str) -> bool:
    """Ask whether work under way may be stopped."""
    standing = tr("还没有完成：{title}。", title=job.title)
    buttons = QMessageBox.StandardButton
    # Stopping is what nobody should do by a slip of the Enter key.
    answer = QMessageBox.question(
        window, tr("网格管理"), f"{standing}\n{question}", buttons.Yes | buttons.No, buttons.No
    )
    return answer == QMessageBox.StandardButton.Yes


def why_only_read(refusal: StoreError) -> str:
    """Return why a project is open for reading only: who works on it, without number and clock."""
    holder = str(refusal.params.get("holder") or "?").partition(" (")[0]
    if refusal.code == "store.locked" and holder != "?":
        return tr("{holder}正在编辑这个项目，现在只能查看。", holder=holder)
    if refusal.code == "store.locked":
        return tr("另一个程序正在编辑这个项目，现在只能查看。")
    if refusal.code == "store.read_only":
        return tr("这个文件或文件夹不允许写入，只能查看。复制到其他文件夹后可以编辑。")
    return explain(refusal)
