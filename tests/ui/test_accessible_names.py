"""Whoever can't see the window hears what each control is: none is without a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QScrollBar,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gridadmin.app.creation import new_project
from gridadmin.edit.area_commands import SetField
from tests.ui.conftest import OpenWindow, rest
from tests.ui.mapping import area_named, inner_place
from ui.dialogs.import_wizard import ImportWizard
from ui.dialogs.report_dialog import ReportDialog
from ui.main_window import MainWindow
from ui.shell.arrangement import WORKSPACES


def test_every_control_of_the_window_has_a_name(window: MainWindow) -> None:
    for name in WORKSPACES:
        window.choose_workspace(name)
        for dock in window.docks.values():
            dock.show()
            dock.raise_()
            QApplication.processEvents()
            assert not dock.visibleRegion().isEmpty()
            assert nameless(window) == [], (name, dock.objectName())


def test_every_control_of_the_start_page_has_a_name(
    window: MainWindow, open_window: OpenWindow
) -> None:
    window.close_project()

    assert nameless(window) == []
    assert nameless(open_window()) == []


def test_every_control_of_the_inspector_has_a_name(window: MainWindow) -> None:
    bridge, selection = window.context.bridge, window.context.selection
    grid = area_named(bridge.snapshot, "第一网格", "甲子社区")
    bridge.execute(SetField(grid.uid, "households", 380))
    areas = [area.uid for area in bridge.snapshot.areas()]
    border = next(iter(bridge.snapshot.partition)).id
    community = bridge.snapshot.area(grid.parent or "")
    place = inner_place(bridge.snapshot, community)
    shown: list[Callable[[], None]] = [
        selection.clear,
        *(partial(selection.select_areas, [uid]) for uid in _one_of_each_kind(window)),
        lambda: selection.select_areas(areas[:5]),
        lambda: selection.select_border(border),
        lambda: selection.select_face(place),
    ]

    for show in shown:
        show()
        window.inspector.refresh()
        assert nameless(window.inspector) == [], selection.now


def test_every_control_that_settles_an_issue_has_a_name(
    open_window: OpenWindow, demo_folder: Path, qtbot: QtBot
) -> None:
    window = open_window(demo_folder / "demo.gpkg")
    bridge = window.context.bridge
    border = next(b for b in bridge.snapshot.partition if b.left > 0 and b.right > 0)
    area = bridge.snapshot.owning_area(border.left)
    assert area is not None
    bridge.execute(SetField(area.uid, "code", "12"))
    rest(qtbot, window)
    issues = bridge.issues()
    assert issues

    for issue in issues[:20]:
        window.context.selection.select_issue(issue.id)
        window.inspector.refresh()
        assert nameless(window) == [], issue.kind


@pytest.mark.parametrize(
    "action",
    [
        "file.new",
        "file.export",
        "file.settings",
        "plan.open",
        "help.keys",
        "help.about",
        "help.report",
    ],
)
def test_every_control_of_a_dialog_has_a_name(
    window: MainWindow, qtbot: QtBot, action: str
) -> None:
    window.actions_table.action(action).trigger()
    qtbot.waitUntil(lambda: bool(_dialogs()))
    (dialog,) = _dialogs()
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy)

    found = [fault for _ in _pages(dialog) for fault in nameless(dialog)]
    dialog.done(0)
    qtbot.waitUntil(lambda: not _dialogs())

    assert found == []


def test_every_control_of_the_import_has_a_name(
    open_window: OpenWindow, demo_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    project = tmp_path / "新项目.gpkg"
    new_project(project, "default", name="新项目", with_units=False)
    window = open_window()
    window.open_project(project)
    qtbot.waitUntil(lambda: window.context.bridge.has_issues)
    window.dialogs.import_boundaries(demo_folder / "demo-dirty.gpkg")
    (wizard,) = window.findChildren(ImportWizard)
    pages = []

    while wizard.done_page not in pages:
        qtbot.waitUntil(lambda: not wizard.strip.is_busy, timeout=20_000)
        pages.append(wizard.pages.currentWidget())
        assert nameless(wizard) == [], pages[-1]
        assert wizard.main_button.isEnabled(), (wizard.reason.text(), pages)
        wizard.main_button.click()

    assert len(pages) == 5


def test_every_control_of_the_report_of_a_fault_has_a_name(qtbot: QtBot) -> None:
    dialog = ReportDialog("Traceback\nValueError: x")
    qtbot.addWidget(dialog)
    dialog.show()

    assert nameless(dialog) == []


def test_every_control_of_the_tour_has_a_name(window: MainWindow) -> None:
    window.start_tour()
    bubble = window.findChild(QWidget, "tour_bubble")
    assert bubble is not None

    assert nameless(bubble) == []


def test_tab_never_goes_behind_a_tab(window: MainWindow) -> None:
    hidden = [name for name, dock in window.docks.items() if dock.visibleRegion().isEmpty()]

    reached = _walk(window)

    within = {
        name
        for name, dock in window.docks.items()
        if any(dock.isAncestorOf(widget) for widget in reached)
    }
    assert sorted(hidden) == ["history", "issues", "people", "plan", "publish"]
    assert within == {"tree", "inspector"}


def test_the_filters_of_tree_and_issues_are_reached_by_tab(window: MainWindow) -> None:
    names: set[str] = set()

    for dock in ("issues", "tree"):
        window.docks[dock].raise_()
        QApplication.processEvents()
        names |= {widget.accessibleName() or widget.objectName() for widget in _walk(window)}

    assert {"筛选区域", "网格体系", "筛选问题", "分组方式", "severity-error", "问题列表"} <= names


def _walk(window: MainWindow) -> list[QWidget]:
    """Return what Tab reaches from the map, once around."""
    window.map_panel.view.setFocus()
    reached: list[QWidget] = []
    while window.focusWidget() not in reached:
        reached.append(window.focusWidget())
        window.focusNextPrevChild(True)
    return reached


def nameless(root: QWidget) -> list[str]:
    """Return the controls seen in *root* for which a screen reader has no word."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        if not _is_control(widget) or widget.window() is not root.window():
            continue
        spoken: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(widget)
        name = widget.accessibleName() if spoken is None else spoken.text(QAccessible.Text.Name)
        if not name.strip():
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def _is_control(widget: QWidget) -> bool:
    """Return whether one can do something with a widget: press it, or go to it by Tab."""
    if not widget.isVisible() or isinstance(widget, QScrollBar):
        return False
    proxy: QWidget | None = widget.focusProxy()
    if proxy is not None or widget.objectName().startswith("qt_"):
        return False  # a part of a control that Qt speaks for
    if isinstance(widget, QTabBar) and widget.visibleRegion().isEmpty():
        return False  # docks without a tab; the window steps over it
    if isinstance(widget, QAbstractButton):
        return not isinstance(widget.parent(), QLineEdit)
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _dialogs() -> list[QDialog]:
    tops = QApplication.topLevelWidgets()
    return [top for top in tops if isinstance(top, QDialog) and top.isVisible()]


def _pages(dialog: QDialog) -> Iterator[QWidget]:
    """Turn through the pages and tabs of a dialog."""
    yield dialog
    for pages in dialog.findChildren(QStackedWidget):
        if isinstance(pages.parent(), QTabWidget):
            continue
        for number in range(pages.count()):
            pages.setCurrentIndex(number)
            yield pages
    for tabs in dialog.findChildren(QTabWidget):
        for number in range(tabs.count()):
            tabs.setCurrentIndex(number)
            yield tabs


def _one_of_each_kind(window: MainWindow) -> list[str]:
    """Return one area of each level and way of holding land."""
    kinds = {(area.level, area.land): area.uid for area in window.context.bridge.snapshot.areas()}
    return list(kinds.values())
