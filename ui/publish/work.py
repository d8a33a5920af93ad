"""What is done about publishing in the window: binds the actions of one window to the drawer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from gridadmin.app.plan_comparison import AreaDifference
from ui.actions import Actions
from ui.context import Context
from ui.publish.audit_work import AuditWork
from ui.publish.desk import PublishDesk
from ui.publish.package_work import PackageWork
from ui.publish.panel import PublishPanel
from ui.publish.post import Post
from ui.publish.receive_work import ReceiveWork
from ui.publish.records import Records
from ui.publish.release_work import ReleaseWork
from ui.publish.target_work import TargetWork
from ui.texts import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.main_window import MainWindow
    from ui.publish.comparison_page import ComparisonPage
    from ui.publish.queue_page import QueuePage
    from ui.publish.targets_page import TargetsPage


class PublishWork(QObject):
    """The drawer of publishing and what its actions do."""

    def __init__(self, context: Context, actions: Actions, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.records = Records(context, self)
        self.desk = PublishDesk(context, actions, self.records, Post(context, self.records, self))
        self.panel = PublishPanel(self.desk)
        self.releases = ReleaseWork(self.desk, window)
        self.packages = PackageWork(self.desk, window)
        self.receiving = ReceiveWork(self.desk, window)
        self.audit = AuditWork(self.desk, window)
        self.targets = TargetWork(self.desk, window)
        self.panel.made.connect(self._connect_page)
        self.records.changed.connect(actions.refresh)
        self.records.chosen_changed.connect(actions.refresh)

    def _connect_page(self, key: str, page: QWidget) -> None:
        if key == "comparison":
            comparison = cast("ComparisonPage", page)
            comparison.shown_on_map.connect(self._window.map_panel.show_compared)
            comparison.area_wanted.connect(self._show_area)
            comparison.picture_wanted.connect(self._save_picture)
        elif key in ("targets", "queue"):
            cast("TargetsPage | QueuePage", page).chosen_changed.connect(self.desk.actions.refresh)
            self.desk.actions.refresh()

    def _save_picture(self, path: Path) -> None:
        """Write the map as it is shown: what changed hands is hatched, old borders are dashed."""
        messages = self.desk.context.messages
        if self._window.map_panel.view.grab().save(str(path)):
            messages.done(tr("已保存 {name}。", name=path.name))
        else:
            messages.refuse(tr("不能写入 {name}，请换一个文件夹。", name=path.name))

    def _show_area(self, area: AreaDifference) -> None:
        """Select an area of the comparison and show it, as far as it is there."""
        context = self.desk.context
        known = context.bridge.snapshot.rows("area").get(area.uid)
        if known is not None and known.valid_to is None:
            context.select_and_show(area.uid)
        else:
            context.messages.note(tr("这个区域已经不在，地图上用虚线显示它原来的边界。"))

    def show_page(self, key: str) -> QWidget:
        """Go to the workspace of publishing and show one of its pages."""
        self._window.choose_workspace("publish")
        dock = self._window.docks["publish"]
        dock.show()
        dock.raise_()
        return self.panel.show_page(key)
