import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.finding import part
from tests.ui.hands import tap
from ui.context import Context
from ui.messages import Weight
from ui.shell import message_bar
from ui.shell.message_bar import MessageBar
from ui.tips import plain_tip


@pytest.fixture
def home(frame: QMainWindow) -> QWidget:
    middle = QWidget()
    column = QVBoxLayout(middle)
    elsewhere = QPushButton("示例")
    elsewhere.setObjectName("elsewhere")
    column.addWidget(elsewhere)
    frame.setCentralWidget(middle)
    return middle


@pytest.fixture
def bar(context: Context, home: QWidget) -> MessageBar:
    return MessageBar(context, home)


def test_nothing_is_shown_at_first(bar: MessageBar) -> None:
    assert bar.isHidden()
    assert bar.message is None


def test_a_message_is_shown_at_the_lower_edge(
    bar: MessageBar, context: Context, home: QWidget
) -> None:
    context.messages.done("已划归示例网格。")
    assert bar.isVisible()
    assert bar.text.text() == "已划归示例网格。"
    assert bar.accessibleName() == "已划归示例网格。"
    assert home.rect().contains(bar.geometry())
    assert abs(bar.geometry().center().x() - home.rect().center().x()) <= 1
    assert home.height() - bar.geometry().bottom() < 24


def test_a_message_leaves_the_choices_of_the_tool_free(
    bar: MessageBar, context: Context, home: QWidget
) -> None:
    choices = QWidget(home)
    choices.setProperty("edge", "bottom")
    choices.setGeometry(0, home.height() - 60, home.width(), 50)
    choices.show()

    context.messages.done("已划归示例网格。")

    assert bar.geometry().bottom() < choices.geometry().top()


def test_a_message_covers_nothing_that_stands_in_the_corner(
    bar: MessageBar, context: Context, home: QWidget
) -> None:
    corner = QWidget(home)
    corner.setProperty("edge", "corner")
    corner.setGeometry(home.width() // 2, home.height() - 40, home.width() // 2, 30)
    corner.show()
    context.messages.done("已划归示例网格。")
    assert bar.geometry().bottom() < corner.geometry().top()

    corner.setGeometry(0, home.height() - 40, 4, 30)
    context.messages.done("已划归示例网格。")
    assert home.height() - bar.geometry().bottom() < 24


def test_the_newest_message_takes_the_place(bar: MessageBar, context: Context) -> None:
    context.messages.refuse("不能这样做。")
    context.messages.note("第二句。")
    assert bar.text.text() == "第二句。"
    assert bar.message is not None
    assert bar.message.weight is Weight.NOTE


def test_what_was_done_fades_by_itself(
    qtbot: QtBot, bar: MessageBar, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(message_bar._SHOWN_MS, Weight.DONE, 1)
    context.messages.done("好了。")
    qtbot.waitUntil(bar.isHidden)


def test_the_pointer_on_it_holds_a_message(bar: MessageBar, context: Context) -> None:
    context.messages.done("好了。")
    here = QPointF(5, 5)
    bar.enterEvent(QEnterEvent(here, here, here))
    assert not bar._timer.isActive()
    bar.leaveEvent(QEvent(QEvent.Type.Leave))
    assert bar._timer.isActive()


def test_a_refusal_stays_until_the_next_click_elsewhere(
    bar: MessageBar, context: Context, home: QWidget
) -> None:
    context.messages.refuse("不能这样做。")
    assert not bar._timer.isActive()
    tap(bar.text)
    assert bar.isVisible()
    tap(part(home, QPushButton, "elsewhere"))
    assert bar.isHidden()


def test_escape_takes_a_refusal_away(bar: MessageBar, context: Context, home: QWidget) -> None:
    context.messages.refuse("不能这样做。")
    QTest.keyClick(home, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_the_action_is_done_once_and_the_message_goes(bar: MessageBar, context: Context) -> None:
    done: list[str] = []
    context.messages.done("已删除。", ("撤销", lambda: done.append("undo")))
    assert bar.button.text() == "撤销"
    tap(bar.button)
    assert done == ["undo"]
    assert bar.isHidden()
    context.messages.done("没有按钮。")
    assert bar.button.isHidden()


def test_a_message_can_be_closed_and_taken_back(bar: MessageBar, context: Context) -> None:
    context.messages.note("一句话。")
    tap(bar.close_button)
    assert bar.isHidden()
    context.messages.note("另一句。")
    context.messages.clear()
    assert bar.isHidden()


def test_long_words_wrap_and_stay_inside(
    bar: MessageBar, context: Context, frame: QMainWindow, home: QWidget
) -> None:
    frame.resize(420, 400)
    context.messages.refuse("这条边界已批准，不能移动。" * 8)
    assert home.rect().contains(bar.geometry())
    assert bar.text.height() > 3 * bar.text.fontMetrics().height()


def test_it_follows_the_size_of_the_map(
    qtbot: QtBot, bar: MessageBar, context: Context, frame: QMainWindow, home: QWidget
) -> None:
    context.messages.note("一句话。")
    frame.resize(900, 500)
    qtbot.waitUntil(lambda: home.height() < 600)
    assert home.rect().contains(bar.geometry())


def test_words_of_others_are_no_markup(bar: MessageBar, context: Context) -> None:
    context.messages.note("<b>示例</b><img src='示例.png'>")

    assert bar.text.textFormat() is Qt.TextFormat.PlainText
    assert plain_tip(bar.text.text()) == (
        "<span>&lt;b&gt;示例&lt;/b&gt;&lt;img src=&#x27;示例.png&#x27;&gt;</span>"
    )
    assert plain_tip("示例 & 1 < 2") == "示例 & 1 < 2"
