"""Work packages in the window: hand one out, take one in, take a package as a new project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog

from gridadmin.app.export_log import note_export
from gridadmin.app.file_names import good_name
from gridadmin.app.session import author
from gridadmin.app.work_package import HandedOut, package_of
from gridadmin.base.errors import GridAdminError
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import Progress
from gridadmin.domain.export_note import Exported
from gridadmin.domain.model import Area
from ui.dialogs.place_field import usual_folder
from ui.panels import words as panel_words
from ui.plans.forms import PlanForm
from ui.publish.desk import PublishDesk
from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class HandOutForm(PlanForm):
    """Which area is handed out: the chosen one, what lies above it, or the upper levels."""

    def __init__(self, desk: PublishDesk, window: MainWindow) -> None:
        super().__init__(
            tr("发出一个工作包"),
            tr(
                "做成一个独立的项目文件：外框锁定，四周邻区只供参看，不带人员。"
                "收回以前本项目可以照常修改。"
            ),
            tr("选择文件…"),
            window,
        )
        self.area = QComboBox()
        self.area.setMinimumContentsLength(16)
        snapshot = desk.bridge.snapshot
        for one in _offered(desk):
            level = panel_words.level(snapshot, one.level)
            self.area.addItem(
                tr("{name}（{level}）", name=panel_words.name_of(one), level=level), one.uid
            )
        self.add_field("hand-out-area", tr("发出哪个区域"), self.area)
        self.judge()

    def why_not(self) -> str:
        """Return what is missing."""
        return "" if self.area.count() else tr("还没有画出边界的下级区域。")


def _offered(desk: PublishDesk) -> list[Area]:
    """Return the areas that may be handed out: the chosen one first."""
    snapshot = desk.bridge.snapshot
    rows = snapshot.rows("area")
    chosen = [uid for uid in desk.context.selection.areas if uid in rows]
    first = [rows[chosen[0]], *snapshot.ancestors(chosen[0])] if chosen else []
    upper = snapshot.children(snapshot.root.uid)
    below = [area for one in upper for area in snapshot.children(one.uid)]
    found = {area.uid: area for area in (*first, *upper, *below)}
    return [
        area
        for area in found.values()
        if area.parent is not None
        and area.valid_to is None
        and snapshot.partition.has_land(oid_of(area.uid))
    ]


class PackageWork(QObject):
    """Binds the actions about work packages; dialogs stand over the window."""

    def __init__(self, desk: PublishDesk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        bridge = desk.bridge
        desk.actions.bind("publish.hand_out", self.ask_to_hand_out, bridge.why_not_change)
        desk.actions.bind("publish.take_in", self.ask_to_take_in, bridge.why_not_change)

    def ask_to_hand_out(self) -> None:
        """Ask for area and file, and write the work package."""
        form = HandOutForm(self._desk, self._window)
        form.agreed.connect(lambda: self._ask_for_file(str(form.area.currentData())))
        form.finished.connect(form.deleteLater)
        form.open()

    def _ask_for_file(self, uid: str) -> None:
        area = self._desk.bridge.snapshot.area(uid)
        name = good_name(tr("{name}-工作包", name=area.name), tr("工作包"))
        start = str(usual_folder(self._desk.context.settings) / f"{name}.gpkg")
        picked, _ = QFileDialog.getSaveFileName(
            self._window, tr("发出一个工作包"), start, "GeoPackage (*.gpkg)"
        )
        if picked:
            self.hand_out(uid, Path(picked).with_suffix(".gpkg"))

    def hand_out(self, uid: str, out: Path) -> None:
        """Write the work package of an area in a worker, and note it."""
        context, bridge = self._desk.context, self._desk.bridge
        snapshot, session = bridge.snapshot, bridge.session
        context.settings.set_value("last_folder", str(out.parent))

        def work(progress: Progress) -> HandedOut:
            made = package_of(snapshot, snapshot.area(uid), out, progress)
            try:
                note_export(
                    session.store, author(), Exported.BOUNDARIES, file=out, count=made.areas
                )
            except BaseException:
                out.unlink(missing_ok=True)
                raise
            return made

        def note(made: HandedOut) -> None:
            if bridge.is_open and bridge.session is session and bridge.execute(made.note):
                context.messages.done(tr("工作包已写入“{name}”。", name=made.file.name))
                return
            # A package that the project knows nothing of could never be taken in.
            made.file.unlink(missing_ok=True)

        context.jobs.start(tr("发出一个工作包"), work, on_done=note, on_failed=self._failed)

    def ask_to_take_in(self) -> None:
        """Ask for the file that came back, and take it in."""
        folder = str(usual_folder(self._desk.context.settings))
        picked, _ = QFileDialog.getOpenFileName(
            self._window, tr("选择收回的工作包"), folder, "GeoPackage (*.gpkg)"
        )
        if picked:
            self.take_in(Path(picked))

    def take_in(self, file: Path) -> None:
        """Show what a package that came back brings, and take it in."""
        from ui.publish.take_in_dialog import TakeInDialog

        dialog = TakeInDialog(self._desk.context, file, self._window)
        dialog.setObjectName("take_in_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._desk.context.messages.refused(error)
