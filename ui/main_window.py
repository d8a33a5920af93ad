"""The window: start page or map in the middle, panels around it, one workspace at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from gridadmin.edit.document import Done
from ui.actions import Actions
from ui.area_dialogs import AreaDialogs
from ui.campus_work import CampusWork
from ui.canvas.group_fills import THEMES as GROUP_THEMES
from ui.canvas.layers_button import LayerSwitches
from ui.canvas.map_panel import MapPanel
from ui.canvas.style import FillTheme
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place, Viewport
from ui.charts.work import ChartWork
from ui.collector import Collector
from ui.context import Context
from ui.field_undo import FieldUndo
from ui.jobs import Job
from ui.maps.work import MapWork
from ui.menus.spec import VIEW
from ui.panels.area_tree import AreaTree
from ui.panels.history_panel import HistoryPanel
from ui.panels.inspector import Inspector
from ui.panels.issue_drawer import IssueDrawer
from ui.panels.place_line import PlaceLine
from ui.people.work import PeopleWork
from ui.plans.panel import PlanPanel
from ui.plans.work import PlanWork
from ui.projects import Projects, may_stop, why_only_read
from ui.publish.work import PublishWork
from ui.search_box import SearchBox
from ui.settings import Settings
from ui.shell.arrangement import WORKSPACES, Arrangement
from ui.shell.banner import Banner
from ui.shell.behind_tabs import is_behind_a_tab
from ui.shell.crumbs import Crumbs
from ui.shell.details_key import DetailsKey
from ui.shell.map_menu import map_menu
from ui.shell.message_bar import MessageBar
from ui.shell.middle import Middle
from ui.shell.progress_strip import ProgressStrip
from ui.shell.status_line import StatusLine
from ui.shell.top_bar import TopBar
from ui.texts import tr
from ui.theme import apply_theme
from ui.tiles.basemaps import BaseMaps
from ui.tiles.work import BaseMapWork
from ui.tools.island_actions import IslandActions
from ui.undoing import Undoing
from ui.window_dialogs import WindowDialogs
from ui.workspaces.area_work import AreaWork
from ui.workspaces.checks import open_batch_repair, save_report
from ui.workspaces.start_page import StartPage

_log = logging.getLogger("gridadmin.window")

_LEAST = QSize(1000, 620)
_BORDER_PX = 3
"""This near to a border the pointer is on it."""


class MainWindow(QMainWindow):
    """One project at a time, or the start page."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.setMinimumSize(_LEAST)
        self.setDockNestingEnabled(True)
        self.context = Context.made(settings, self)
        self.collector = Collector(self.context, self)
        self.actions_table = Actions(self)
        self.projects = Projects(self.context, self)
        self.projects.about_to_change.connect(self._keep_layout)
        self.projects.opened.connect(self._opened_one)
        self.projects.failed.connect(self._open_failed)
        self._workspace = WORKSPACES[0]
        self._is_closing = self._is_tour_wanted = False
        self._make_middle()
        self._make_top()
        self._make_docks()
        self._make_status()
        self._bind()
        self.area_work = AreaWork(self.context, self.actions_table, self.map_panel, self)
        AreaDialogs(self.context, self.actions_table, self.map_panel, self)
        CampusWork(self.context, self.actions_table, self)
        self.basemap_work = BaseMapWork(self.context, self.actions_table, self.map_panel, self)
        self.maps = MapWork(self.context, self.actions_table, self)
        self._listen()
        FieldUndo(self)
        self.arrangement = Arrangement(self, self.docks, settings)
        self._show_state()

    # Parts

    def _make_middle(self) -> None:
        self.start_page = StartPage(self.context, self.actions_table, self)
        self.map_panel = MapPanel(self.context, self.actions_table, self)
        self.stack = Middle()
        self.stack.addWidget(self.start_page)
        self.stack.addWidget(self.map_panel)
        self.banner = Banner(self)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        self.setCentralWidget(middle)
        self.message_bar = MessageBar(self.context, self.stack)

    def _make_top(self) -> None:
        self.menus = self.actions_table.fill(self.menuBar())
        self.crumbs = Crumbs(self.context, self)
        self.search_box = SearchBox(self.context, self.actions_table, self)
        self.top_bar = TopBar(self.actions_table, self.crumbs, WORKSPACES, self.search_box)
        self._top = holder = self.addToolBar(tr("顶栏"))
        holder.setObjectName("top")
        holder.setMovable(False)
        holder.toggleViewAction().setEnabled(False)
        holder.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        holder.addWidget(self.top_bar)

    def _make_docks(self) -> None:
        self.tree = AreaTree(self.context, self.actions_table)
        self.inspector = Inspector(self.context, self.actions_table)
        self.issues = IssueDrawer(self.context, self.actions_table)
        self.history = HistoryPanel(self.context, self.actions_table)
        self.plan = PlanPanel(self.context, self.actions_table)
        self.people = PeopleWork(self.context, self.actions_table, self)
        self.publish = PublishWork(self.context, self.actions_table, self)
        self.charts = ChartWork(self.context, self.actions_table, self)
        self.stack.addWidget(self.charts.panel)
        self.docks = {
            "tree": self._dock("tree", tr("网格体系"), self.tree),
            "issues": self._dock("issues", tr("问题"), self.issues),
            "inspector": self._dock("inspector", tr("详情"), self.inspector),
            "history": self._dock("history", tr("变更记录"), self.history),
            "plan": self._dock("plan", tr("调整方案"), self.plan),
            "people": self._dock("people", tr("人员"), self.people.panel),
            "publish": self._dock("publish", tr("发布"), self.publish.panel),
        }
        self.publish.panel.stand_in(self.docks["publish"])
        self.people.panel.stand_in(self.docks["people"])
        view = self.menus[VIEW]
        view.addSeparator()
        for dock in self.docks.values():
            view.addAction(dock.toggleViewAction())

    def _dock(self, name: str, title: str, panel: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock_{name}")
        dock.setWidget(panel)
        dock.setAccessibleName(title)
        dock.visibilityChanged.connect(self._name_tabs)
        return dock

    def _name_tabs(self) -> None:
        """Name the tabs of docks, which Qt makes by itself when docks come and go."""
        for tabs in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            tabs.setAccessibleName(tr("面板"))

    def _make_status(self) -> None:
        self.place_line = PlaceLine(self.context)
        self.status_line = StatusLine(self.context, self)
        self.progress_strip = ProgressStrip(self.context.jobs, self)
        BaseMaps.of(self.context).opening.connect(self.progress_strip.follow)
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        # Of one height whatever it says: the map must not jump under the pointer.
        bar.setFixedHeight(2 * self.fontMetrics().height() + 4)
        bar.addWidget(self.place_line, 1)
        bar.addPermanentWidget(self.progress_strip)
        bar.addPermanentWidget(self.status_line)

    # What happens when

    def _bind(self) -> None:
        bind, bridge = self.actions_table.bind, self.context.bridge

        def needs_project() -> str:
            return "" if bridge.is_open else tr("没有打开的项目。")

        bind("file.new", self.projects.ask_for_new)
        bind("file.open", self.projects.choose)
        bind("file.demo", self.projects.open_demo)
        bind("file.close", self.close_project, needs_project)
        bind("file.quit", self.close)
        self.dialogs = WindowDialogs(self)
        self.undoing = Undoing(self.context, self.actions_table, self)
        bind("edit.search", self.search_box.focus_search)
        bind("edit.clear", self.context.selection.clear, self._why_nothing_selected)
        IslandActions(self.context, self.actions_table)
        for name in WORKSPACES:
            bind(f"view.{name}", self._workspace_chooser(name), needs_project)
        bind("view.zoom_in", lambda: self.map_panel.view.zoom(1.5), needs_project)
        bind("view.zoom_out", lambda: self.map_panel.view.zoom(1 / 1.5), needs_project)
        bind("view.zoom_all", self.map_panel.zoom_all, needs_project)
        bind("view.zoom_selection", self.map_panel.zoom_selection, self._why_nothing_selected)
        to_details = DetailsKey(self.docks["inspector"], self.inspector, self.map_panel.view)
        bind("view.to_details", to_details.press, needs_project)
        for theme in set(FillTheme) - set(GROUP_THEMES):
            bind(f"view.{theme}", partial(self.map_panel.colour_by, theme), needs_project)
        bind("view.reset", self.reset_layout)
        bind("issue.next", self.next_issue, needs_project)
        bind("issue.previous", self.previous_issue, needs_project)
        bind("issue.check", bridge.start_check, self._why_no_check)
        bind("issue.report", lambda: save_report(self), needs_project)
        bind("issue.batch", lambda: open_batch_repair(self), bridge.why_not_change)
        bind("help.tour", self.start_tour)
        self._bind_switches()
        self._bind_plans()

    def _bind_plans(self) -> None:
        self.plan_work = PlanWork(self.context, self.actions_table, self)
        self.plan_work.compared.connect(self.map_panel.show_compared)
        self.plan_work.issues_wanted.connect(self._show_issues)
        self.plan.area_wanted.connect(self.plan_work.show_area)
        self.actions_table.bind_dock("plan.panel", self.docks["plan"])
        self.context.navigator.history_wanted.connect(self._show_history)

    def _show_history(self, uid: str) -> None:
        """Show what touched one area."""
        self.docks["history"].show()
        self.docks["history"].raise_()
        self.history.show_area(uid)

    def _bind_switches(self) -> None:
        settings, table = self.context.settings, self.actions_table
        for key, setting in (("view.labels", "show_labels"), ("view.basemap", "show_basemap")):
            table.action(key).setChecked(settings.value(setting))
            table.bind_switch(key, self._setter(setting))
        LayerSwitches(self.context, table)
        table.bind_switch("view.dark", lambda on: settings.set_value("theme", _theme(on)))
        table.action("view.plain").setChecked(True)

    def _setter(self, setting: str) -> Callable[[bool], None]:
        return lambda value: self.context.settings.set_value(setting, bool(value))

    def _listen(self) -> None:
        context = self.context
        context.bridge.opened.connect(self._show_state)
        context.bridge.changed.connect(self._follow)
        context.bridge.issues_changed.connect(self._show_counts)
        context.selection.changed.connect(self.actions_table.refresh)
        context.settings.changed.connect(self._settings_changed)
        context.jobs.idle.connect(self._close_when_idle)
        self.start_page.open_wanted.connect(self.open_project)
        self.start_page.new_wanted.connect(self.projects.ask_for_new)
        self.start_page.demo_wanted.connect(self.projects.open_demo)
        self.start_page.tour_wanted.connect(self.start_tour)
        self.banner.retried.connect(self.projects.open_again)
        self.issues.settle_wanted.connect(self._settle)
        self.tree.move_wanted.connect(self.area_work.move_to)
        pictures = self.map_panel.pictures
        for signal in (pictures.made, pictures.failed):
            signal.connect(lambda _: context.jobs.release_quiet())
        view = self.map_panel.view
        view.pointed.connect(self._point)
        view.viewport_changed.connect(self._look)
        view.menu_wanted.connect(self._map_menu)
        self.search_box.left_for_map.connect(self._focus_map)
        self.map_panel.snapped.connect(self.status_line.snapped)
        self.status_line.scale_wanted.connect(self._scale)
        self.stack.currentChanged.connect(self._turned)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_theme_changed)

    def _follow(self, done: Done) -> None:
        self.status_line.saved()
        if not self.context.bridge.has_issues:
            # Otherwise the news of the issues follows at once, and refreshes them once for both.
            self.actions_table.refresh()

    def _settings_changed(self, key: str) -> None:
        settings, table = self.context.settings, self.actions_table
        if key in ("theme", "font_scale"):
            self.apply_theme()
        elif key == "show_labels":
            table.action("view.labels").setChecked(settings.value(key))
        elif key == "show_basemap":
            table.action("view.basemap").setChecked(settings.value(key))

    def _system_theme_changed(self) -> None:
        if self.context.settings.value("theme") == "system":
            self.apply_theme()

    def apply_theme(self) -> None:
        """Paint everything in the theme of the settings."""
        application = QApplication.instance()
        settings = self.context.settings
        if isinstance(application, QApplication):
            apply_theme(application, settings.value("theme"), settings.value("font_scale"))
        self.actions_table.renew_icons()
        self.actions_table.action("view.dark").setChecked(_is_dark())
        self.map_panel.renew()
        if not self.context.bridge.is_open:
            self.start_page.refresh()

    def _focus_map(self) -> None:
        self.map_panel.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _point(self, place: Place | None) -> None:
        reach_m = _BORDER_PX * self.map_panel.view.view.metres_per_px
        self.place_line.show_place(place, reach_m)
        self.status_line.point(place)

    def _look(self, viewport: Viewport) -> None:
        self.status_line.look(viewport)

    def _settle(self) -> None:
        """Go to the ways of settling the issue that is selected."""
        self.docks["inspector"].show()
        self.docks["inspector"].raise_()
        self.inspector.focus_settle()

    def _scale(self, number: float) -> None:
        view = self.map_panel.view
        view.look(view.view.at_scale_number(number, self.status_line.mm_per_px()))

    def _map_menu(self, event: MapEvent, where: QPoint) -> None:
        if not self.context.bridge.is_open:
            return
        map_menu(self.context, self.actions_table, self.map_panel, event, self).popup(where)

    # State

    def _show_state(self) -> None:
        bridge = self.context.bridge
        is_open = bridge.is_open
        self.stack.setCurrentWidget(self._middle() if is_open else self.start_page)
        self._top.setVisible(is_open)
        for dock in self.docks.values():
            dock.toggleViewAction().setEnabled(is_open)
        if is_open:
            self.arrangement.restore(self._workspace)
        else:
            for dock in self.docks.values():
                dock.hide()
            self.start_page.refresh()
            self.context.jobs.release_quiet()
        self.place_line.setVisible(is_open)
        self.status_line.setVisible(is_open)
        self.setWindowTitle(bridge.name if is_open else "")
        self.banner.tell("" if bridge.refusal is None else why_only_read(bridge.refusal))
        self.actions_table.action(f"view.{self._workspace}").setChecked(True)
        self.actions_table.action("view.dark").setChecked(_is_dark())
        self._show_counts()

    def _show_counts(self) -> None:
        bridge = self.context.bridge
        count = bridge.weighing() if bridge.has_issues else 0
        words = tr("检查")
        self.actions_table.action("view.checks").setText(f"{words} {count}" if count else words)
        self.actions_table.refresh()

    def _why_nothing_selected(self) -> str:
        return tr("没有选中任何东西。") if self.context.selection.now.is_empty else ""

    def _why_no_check(self) -> str:
        bridge = self.context.bridge
        if not bridge.is_open:
            return tr("没有打开的项目。")
        return tr("正在检查。") if bridge.is_checking else ""

    # Projects

    def open_project(self, path: Path) -> None:
        """Open a project file in a worker; what goes wrong is told and nothing else changes."""
        self.projects.open(path)

    def close_project(self) -> None:
        """Close the project and show the start page; a change being stored is stopped first."""
        self.projects.close()

    def _opened_one(self) -> None:
        self.map_panel.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._is_tour_wanted:
            self._is_tour_wanted = False
            QTimer.singleShot(0, self.start_tour)

    def _open_failed(self) -> None:
        self._is_tour_wanted = False

    # Issues

    def next_issue(self) -> None:
        """Go to the next issue."""
        self._show_issues()
        self.issues.next_issue()

    def previous_issue(self) -> None:
        """Go to the previous issue."""
        self._show_issues()
        self.issues.previous_issue()

    def _show_issues(self) -> None:
        if not self.docks["issues"].isVisible():
            self.choose_workspace("checks")

    def start_tour(self) -> None:
        """Show the two-minute tour, on the demo city when nothing is open."""
        from ui.tour import Tour

        if self.context.bridge.is_open:
            Tour(self).start()
            return
        self._is_tour_wanted = True
        self.projects.open_demo()

    # Workspaces and layout

    @property
    def workspace(self) -> str:
        """The workspace in use."""
        return self._workspace

    def choose_workspace(self, name: str) -> None:
        """Show the panels of another kind of work, as the user left them."""
        if name != self._workspace:
            self._keep_layout()
            self._workspace = name
            self.people.enter(is_in_use=name == "people")
            if self.context.bridge.is_open:
                self.stack.setCurrentWidget(self._middle())
                self.arrangement.restore(name)
            self.charts.enter(is_in_use=name == "charts")
        self.actions_table.action(f"view.{name}").setChecked(True)

    def _middle(self) -> QWidget:
        """Return what stands in the middle of the workspace in use: the sheets, else the map."""
        return self.charts.panel if self._workspace == "charts" else self.map_panel

    def _turned(self, _: int) -> None:
        self.status_line.tell_map(is_seen=self.stack.currentWidget() is self.map_panel)

    def _workspace_chooser(self, name: str) -> Callable[[], None]:
        return lambda: self.choose_workspace(name)

    def reset_layout(self) -> None:
        """Put all panels where they stand at first."""
        self.arrangement.reset(self._workspace, is_open=self.context.bridge.is_open)

    def restore(self) -> None:
        """Stand where the window stood when it was last closed."""
        self.arrangement.restore_window()

    def _keep_layout(self) -> None:
        if self.context.bridge.is_open:
            self.arrangement.keep(self._workspace)

    # Keys

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's own name
        """Go on to the next widget that is seen: what lies behind a tab is stepped over."""
        passed: list[QWidget] = []
        while super().focusNextPrevChild(next):
            now: QWidget | None = self.focusWidget()
            if now is None or now in passed or not is_behind_a_tab(now):
                return True
            passed.append(now)
        return False

    # Dropping files, closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that can be opened or imported."""
        if len(_files(event)) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped project; import what else it is: a roster into the workspace of people."""
        files = _files(event)
        if len(files) != 1:
            return
        event.acceptProposedAction()
        why = self.context.bridge.why_not_change()
        if files[0].suffix.lower() == ".gpkg":
            self.open_project(files[0])
        elif why:
            self.context.messages.refuse(why)
        elif self._workspace == "people":
            self.people.rosters.open_import(files[0])
        else:
            self.dialogs.import_boundaries(files[0])

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of the screen's scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ScreenChangeInternal:
            self.map_panel.view.ask_picture()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close safely: ask when work that the user began is under way, and wait for its end."""
        jobs = self.context.jobs
        if not self._is_closing:
            if self._wants_to_go_on(jobs.wanted):
                event.ignore()
                return
            jobs.cancel_all()
        self._is_closing = self.projects.is_quitting = True
        if jobs.is_busy:
            # The window lives on until the work has stopped; then it closes by itself.
            self.setEnabled(False)
            event.ignore()
            return
        self._keep_layout()
        self.arrangement.remember()
        self.maps.close()
        self.projects.close_session()
        self.map_panel.stop()
        self.charts.close()
        self.basemap_work.close()
        jobs.close()
        self.publish.desk.post.close()
        self.collector.close()
        event.accept()

    def _wants_to_go_on(self, job: Job | None) -> bool:
        """Return whether the user has work under way and would rather not quit."""
        if job is None:
            return False
        return not may_stop(self, job, tr("要停止它并退出吗？已经保存的内容不受影响。"))

    def _close_when_idle(self) -> None:
        if self._is_closing:
            QTimer.singleShot(0, self.close)


def _theme(is_dark: bool) -> str:
    return "dark" if is_dark else "light"


def _is_dark() -> bool:
    from ui.theme import DARK, colours

    return colours() is DARK


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
