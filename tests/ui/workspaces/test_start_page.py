from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.finding import part
from tests.ui.hands import tap
from ui.actions import Actions
from ui.context import Context
from ui.messages import Message
from ui.workspaces.recent import recent, remember
from ui.workspaces.start_page import StartPage


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "示例 区.gpkg"
    path.write_bytes(b"")
    return path


@pytest.fixture
def page(
    qtbot: QtBot, context: Context, actions: Actions, frame: QMainWindow, project: Path
) -> StartPage:
    """The page with a project that is there and, first, one that is not."""
    remember(context.settings, project, "示例区")
    remember(context.settings, project.with_name("没有.gpkg"), "没有了")
    made = StartPage(context, actions, frame)
    frame.setCentralWidget(made)
    qtbot.waitUntil(lambda: made.isVisible() and state_of(made, 0).startswith("没有了, 找不到文件"))
    return made


def state_of(page: StartPage, row: int) -> str:
    return str(page.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole))


def click_row(page: StartPage, row: int) -> None:
    place = page.list.visualItemRect(page.list.item(row)).center()
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("start_new", "new_wanted"),
        ("start_demo", "demo_wanted"),
        ("start_tour", "tour_wanted"),
    ],
)
def test_the_ways_to_begin(qtbot: QtBot, page: StartPage, name: str, signal: str) -> None:
    button = part(page, QPushButton, name)
    with qtbot.waitSignal(getattr(page, signal)):
        tap(button)
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.keyClick(button, Qt.Key.Key_Space)


def test_opening_is_the_command(qtbot: QtBot, page: StartPage, actions: Actions) -> None:
    with qtbot.waitSignal(actions.action("file.open").triggered):
        tap(part(page, QPushButton, "start_open"))


def test_a_recent_project_is_opened_by_a_click(
    qtbot: QtBot, page: StartPage, project: Path
) -> None:
    with qtbot.waitSignal(page.open_wanted) as wanted:
        click_row(page, 1)
    assert wanted.args == [project]


def test_a_recent_project_is_opened_by_the_keyboard(
    qtbot: QtBot, page: StartPage, project: Path
) -> None:
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.open_wanted) as wanted:
        QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert wanted.args == [project]


def test_a_missing_project_is_not_opened_but_explained(
    qtbot: QtBot, page: StartPage, context: Context, project: Path
) -> None:
    told: list[Message] = []
    context.messages.told.connect(told.append)
    with qtbot.assertNotEmitted(page.open_wanted):
        click_row(page, 0)
    assert [message.text for message in told] == [
        f"找不到“{project.with_name('没有.gpkg')}”。文件可能已移动、改名，或所在的磁盘没有连接。"
    ]


def test_an_entry_is_taken_off_the_list(page: StartPage, context: Context, project: Path) -> None:
    page.list.setCurrentRow(0)
    tap(page.forget_button)
    assert [entry.path for entry in recent(context.settings)] == [project]
    assert page.list.count() == 1
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert page.list.count() == 0
    assert not page.forget_button.isVisible()
    assert project.is_file()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_of_an_entry_takes_it_off(page: StartPage) -> None:
    place = page.list.visualItemRect(page.list.item(0)).center()
    reason = QContextMenuEvent.Reason.Mouse
    page.list.contextMenuEvent(QContextMenuEvent(reason, place, page.mapToGlobal(place)))
    (menu,) = page.list.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["打开", "从列表中移除"]
    menu.actions()[1].trigger()
    menu.close()
    assert page.list.count() == 1


def test_without_recent_projects_it_says_so(
    qtbot: QtBot, context: Context, actions: Actions, frame: QMainWindow
) -> None:
    page = StartPage(context, actions, frame)
    frame.setCentralWidget(page)
    qtbot.waitUntil(page.isVisible)
    assert page._nothing.isVisible()
    assert page._nothing.text() == "还没有打开过项目。"


def dropped(paths: list[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag(page: StartPage, data: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    page.dragEnterEvent(event)
    return event


def test_a_dropped_project_is_opened(qtbot: QtBot, page: StartPage, project: Path) -> None:
    data = dropped([project])
    assert drag(page, data).isAccepted()
    assert page.viewport().styleSheet()
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(page.open_wanted) as wanted:
        page.dropEvent(drop)
    assert wanted.args == [project]
    assert not page.viewport().styleSheet()


def test_other_files_are_not_taken(page: StartPage, project: Path) -> None:
    assert not drag(page, dropped([project.with_suffix(".shp")])).isAccepted()
    assert not drag(page, dropped([project, project])).isAccepted()


def test_ways_fit_their_words(page: StartPage) -> None:
    for button in page._way_buttons:
        assert button.height() >= button.heightForWidth(button.width())
        assert button.accessibleName()
        assert button.accessibleDescription()
