import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLineEdit, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.finding import part
from tests.ui.hands import tap
from ui.settings import Settings
from ui.tour import STEPS, Tour


@pytest.fixture
def parts(qtbot: QtBot, frame: QMainWindow) -> QMainWindow:
    """A window with a map, a tree, a hidden inspector and a search field."""
    middle = QWidget()
    middle.setObjectName("map")
    frame.setCentralWidget(middle)
    for name, area in (
        ("dock_tree", Qt.DockWidgetArea.LeftDockWidgetArea),
        ("dock_inspector", Qt.DockWidgetArea.RightDockWidgetArea),
    ):
        dock = QDockWidget(name, frame)
        dock.setObjectName(name)
        dock.setWidget(QWidget())
        frame.addDockWidget(area, dock)
    part(frame, QDockWidget, "dock_inspector").hide()
    bar = frame.addToolBar("顶栏")
    field = QLineEdit()
    field.setObjectName("search_box")
    bar.addWidget(field)
    qtbot.waitUntil(lambda: field.isVisible() and middle.isVisible())
    return frame


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def tour(qtbot: QtBot, parts: QMainWindow, settings: Settings) -> Tour:
    made = Tour(parts, settings)
    made.start()
    qtbot.waitUntil(made.bubble.isVisible)
    return made


def test_parts_that_are_not_seen_are_skipped(tour: Tour) -> None:
    assert tour.titles == ["地图", "网格体系", "查找"]


def test_it_goes_on_and_back_by_buttons(tour: Tour, parts: QMainWindow) -> None:
    assert not tour.bubble.back_button.isEnabled()
    tap(tour.bubble.next_button)
    assert tour.at == 1
    tree = part(parts, QDockWidget, "dock_tree")
    assert tour.ring.geometry().contains(tree.geometry())
    tap(tour.bubble.back_button)
    assert tour.at == 0


def test_it_goes_by_keys(tour: Tour) -> None:
    QTest.keyClick(tour.bubble, Qt.Key.Key_Right)
    assert tour.at == 1
    QTest.keyClick(tour.bubble, Qt.Key.Key_Left)
    assert tour.at == 0
    QTest.keyClick(tour.bubble, Qt.Key.Key_Return)
    assert tour.at == 1


def test_the_last_step_ends_it_and_it_is_remembered(
    qtbot: QtBot, tour: Tour, settings: Settings
) -> None:
    tour.next()
    tour.next()
    assert tour.bubble.next_button.text() == "完成"
    with qtbot.waitSignal(tour.ended):
        tap(tour.bubble.next_button)
    assert settings.value("tour_seen") is True


def test_escape_ends_it(qtbot: QtBot, tour: Tour, parts: QMainWindow, settings: Settings) -> None:
    with qtbot.waitSignal(tour.ended):
        QTest.keyClick(tour.bubble.next_button, Qt.Key.Key_Escape)
    assert settings.value("tour_seen") is True
    qtbot.waitUntil(lambda: parts.findChild(QWidget, "tour_bubble") is None)


def test_the_bubble_stands_inside_the_window_and_beside_its_part(
    tour: Tour, parts: QMainWindow
) -> None:
    for name in ("map", "dock_tree", "search_box"):
        widget = part(parts, QWidget, name)
        assert parts.rect().contains(tour.bubble.geometry())
        if name != "map":
            corner = widget.mapTo(parts, widget.rect().topLeft())
            inner = tour.bubble.geometry().adjusted(12, 12, -12, -12)
            assert not inner.intersects(widget.rect().translated(corner))
        if name != "search_box":
            tour.next()


def test_it_follows_the_size_of_the_window(qtbot: QtBot, tour: Tour, parts: QMainWindow) -> None:
    tour.next()
    tour.next()
    parts.resize(1000, 620)
    qtbot.waitUntil(lambda: parts.rect().contains(tour.bubble.geometry()))
    field = part(parts, QLineEdit, "search_box")
    qtbot.waitUntil(
        lambda: tour.ring.geometry().contains(field.mapTo(parts, field.rect().center()))
    )


def test_the_mouse_goes_through_to_the_window(tour: Tour) -> None:
    assert tour.ring.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_a_second_tour_ends_the_first(qtbot: QtBot, tour: Tour, parts: QMainWindow) -> None:
    second = Tour(parts, Settings())
    with qtbot.waitSignal(tour.ended):
        second.start()
    second.end()


def test_a_window_without_parts_has_no_tour(
    qtbot: QtBot, frame: QMainWindow, settings: Settings
) -> None:
    made = Tour(frame, settings)
    with qtbot.waitSignal(made.ended):
        made.start()
    assert len(STEPS) == 8


def test_the_words_are_read_out(tour: Tour) -> None:
    assert tour.bubble.accessibleName().startswith("地图: 拖动地图移动")
    assert isinstance(tour.bubble.end_button, QPushButton)


def test_the_keyboard_is_on_the_first_step_even_if_something_takes_it_meanwhile(
    qtbot: QtBot, parts: QMainWindow
) -> None:
    made = Tour(parts, Settings())
    made.start()
    part(parts, QLineEdit, "search_box").setFocus()

    qtbot.waitUntil(made.bubble.next_button.hasFocus)


def test_the_map_has_the_keyboard_afterwards(qtbot: QtBot, parts: QMainWindow) -> None:
    panel = _Panel()
    parts.setCentralWidget(panel)
    qtbot.waitUntil(panel.view.isVisible)
    made = Tour(parts, Settings())
    made.start()
    qtbot.waitUntil(made.bubble.next_button.hasFocus)

    made.end()

    qtbot.waitUntil(panel.view.hasFocus)


class _Panel(QWidget):
    """As the panel of the map: it has its view."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("map_panel")
        self.view = QLineEdit(self)
