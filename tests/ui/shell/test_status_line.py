import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gridadmin.base.errors import StoreError
from gridadmin.edit.area_commands import SetField
from ui.canvas.viewport import Viewport
from ui.context import Context
from ui.shell.status_line import StatusLine, number_of_scale, words_of_scale


@pytest.fixture
def line(frame: QMainWindow, opened: Context) -> StatusLine:
    made = StatusLine(opened, frame)
    frame.statusBar().addPermanentWidget(made)
    return made


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("4000", 4000.0),
        ("1:4,000", 4000.0),
        ("1：4000", 4000.0),
        ("1/4000", 4000.0),
        ("1:1万", 10_000.0),
        (" 1 : 500 ", 500.0),
        ("", None),
        ("abc", None),
        ("1:0", None),
        ("1:99999999999", None),
        ("-5", None),
    ],
)
def test_a_scale_is_understood_as_people_type_it(typed: str, number: float | None) -> None:
    assert number_of_scale(typed) == number


@pytest.mark.parametrize(
    ("number", "words"), [(4000.0, "1:4,000"), (4127.6, "1:4,130"), (87.2, "1:87"), (500, "1:500")]
)
def test_a_scale_is_told_to_three_figures(number: float, words: str) -> None:
    assert words_of_scale(number) == words


def test_the_pointer_is_told_in_degrees(line: StatusLine) -> None:
    line.point((0.0, 0.0))
    assert line.position.text() == "104.1776°E 40.2265°N"
    line.point(None)
    assert line.position.text() == ""


def test_the_plane_is_told_once_there_is_land(line: StatusLine) -> None:
    line.point((0.0, 0.0))
    assert line.plane.isVisible()
    assert line.plane.text() == "CGCS2000 3°带 中央经线 105°E"


def test_the_scale_follows_the_map(line: StatusLine) -> None:
    line.look(Viewport(metres_per_px=2.0 * line.mm_per_px()))
    assert line.scale.currentText() == "1:2,000"


def test_a_typed_scale_is_asked_for(qtbot: QtBot, line: StatusLine) -> None:
    field = line.scale.lineEdit()
    assert field is not None
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "2500")
    with qtbot.waitSignal(line.scale_wanted) as wanted:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert wanted.args == [2500.0]


def test_what_is_no_scale_is_put_back(qtbot: QtBot, line: StatusLine) -> None:
    line.look(Viewport(metres_per_px=2.0 * line.mm_per_px()))
    field = line.scale.lineEdit()
    assert field is not None
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "abc")
    line.look(Viewport(metres_per_px=5.0 * line.mm_per_px()))
    assert field.text() == "abc"
    with qtbot.assertNotEmitted(line.scale_wanted):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "1:5,000"


def test_a_scale_is_chosen_from_the_list(qtbot: QtBot, line: StatusLine) -> None:
    index = line.scale.findText("1:1,000")
    with qtbot.waitSignal(line.scale_wanted) as wanted:
        line.scale.setCurrentIndex(index)
        line.scale.activated.emit(index)
    assert wanted.args == [1000.0]


def test_what_was_snapped_to_is_said_and_taken_back(line: StatusLine) -> None:
    line.snapped("节点")
    assert line.snapped_to.isVisible()
    assert line.snapped_to.text() == "捕捉：节点"
    line.snapped("")
    assert line.snapped_to.isHidden()


def test_each_change_says_when_it_was_stored(frame: QMainWindow, changeable: Context) -> None:
    line = StatusLine(changeable, frame)
    assert line.saved_words.text() == "● 自动保存"
    root = changeable.bridge.snapshot.root
    assert changeable.bridge.execute(SetField(root.uid, "name", "虚构新区")) is not None
    at = changeable.bridge.saved_at
    assert at is not None
    assert line.saved_words.text() == f"● 已保存 {at:%H:%M:%S}"
    assert line.saved_words.accessibleDescription() == line.saved_words.text()


def test_a_project_that_can_only_be_read_says_so(frame: QMainWindow, opened: Context) -> None:
    line = StatusLine(opened, frame)
    opened.bridge._refusal = StoreError("store.locked", path="a.gpkg", holder="示例")
    line.saved()
    assert line.saved_words.text() == "只读"
    assert line.saved_words.property("role") == "warning"


def test_without_a_project_nothing_is_told(frame: QMainWindow, context: Context) -> None:
    line = StatusLine(context, frame)
    line.point((0.0, 0.0))
    assert line.position.text() == ""
    assert line.plane.isHidden()
    assert line.plan.isHidden()


def test_every_part_has_a_name(line: StatusLine) -> None:
    for part in (line.position, line.plane, line.scale, line.saved_words, line.snapped_to):
        assert part.accessibleName()
