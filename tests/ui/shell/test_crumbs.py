import pytest
from PySide6.QtWidgets import QMainWindow, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import SetField
from tests.ui.finding import part
from tests.ui.hands import tap
from ui.context import Context
from ui.shell import crumbs as module
from ui.shell.crumbs import Crumbs


@pytest.fixture
def crumbs(qtbot: QtBot, frame: QMainWindow, opened: Context) -> Crumbs:
    made = Crumbs(opened, frame)
    frame.setCentralWidget(made)
    qtbot.waitUntil(made.isVisible)
    return made


def names(crumbs: Crumbs) -> list[str]:
    return [
        button.text()
        for button in crumbs.findChildren(QPushButton)
        if button.isVisible() and button.objectName().startswith("crumb_")
    ]


def area(context: Context, level: str, number: int = 0) -> Area:
    found = [one for one in context.bridge.snapshot.areas() if one.level == level]
    return sorted(found, key=lambda one: one.code or "")[number]


def listed(button: QToolButton) -> list[str]:
    menu = button.menu()
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions()]


def test_without_a_selection_the_root_is_named(crumbs: Crumbs) -> None:
    assert names(crumbs) == ["虚构市样例区"]


def test_a_micro_grid_is_named_by_what_it_lies_in(crumbs: Crumbs, opened: Context) -> None:
    opened.selection.select_areas([area(opened, "micro_grid").uid])
    assert names(crumbs) == ["虚构市样例区", "子虚街道", "甲子社区"]


def test_several_areas_are_named_by_what_they_share(crumbs: Crumbs, opened: Context) -> None:
    communities = [area(opened, "community", number).uid for number in (0, 1)]
    opened.selection.select_areas(communities)
    assert names(crumbs) == ["虚构市样例区", "子虚街道"]


def test_a_name_selects_its_area(qtbot: QtBot, crumbs: Crumbs, opened: Context) -> None:
    opened.selection.select_areas([area(opened, "grid").uid])
    street = part(crumbs, QPushButton, "crumb_1")
    with qtbot.waitSignal(opened.navigator.box_wanted):
        tap(street)
    assert opened.selection.area == area(opened, "street").uid
    assert names(crumbs) == ["虚构市样例区", "子虚街道"]


def test_the_arrow_lists_the_areas_beside(crumbs: Crumbs, opened: Context) -> None:
    opened.selection.select_areas([area(opened, "community").uid])
    arrow = part(crumbs, QToolButton, "crumb_others_2")
    assert not arrow.menu().actions()
    assert listed(arrow) == ["甲子社区", "乙丑社区"]
    assert [action.isChecked() for action in arrow.menu().actions()] == [True, False]
    arrow.menu().actions()[1].trigger()
    assert opened.selection.area == area(opened, "community", 1).uid
    assert names(crumbs)[-1] == "乙丑社区"


def test_the_last_arrow_goes_down(crumbs: Crumbs) -> None:
    below = part(crumbs, QToolButton, "crumb_below")
    assert below.accessibleName() == "虚构市样例区以下的区域"
    first = listed(below)[0]
    below.menu().actions()[0].trigger()
    assert names(crumbs) == ["虚构市样例区", first]


def test_long_lists_end_with_a_hint(
    crumbs: Crumbs, opened: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_IN_MENU", 1)
    opened.selection.select_areas([area(opened, "community").uid])
    arrow = part(crumbs, QToolButton, "crumb_others_2")
    assert listed(arrow) == ["甲子社区", "还有 1 个，请用查找（Ctrl+K）"]
    assert not arrow.menu().actions()[-1].isEnabled()


def test_without_room_the_upper_names_go(
    qtbot: QtBot, crumbs: Crumbs, opened: Context, frame: QMainWindow
) -> None:
    opened.selection.select_areas([area(opened, "community").uid])
    frame.resize(150, 200)
    qtbot.waitUntil(lambda: "虚构市样例区" not in names(crumbs))
    assert names(crumbs)[-1] == "甲子社区"
    frame.resize(1000, 200)
    qtbot.waitUntil(lambda: names(crumbs)[0] == "虚构市样例区")


def test_a_new_name_is_followed(qtbot: QtBot, frame: QMainWindow, changeable: Context) -> None:
    crumbs = Crumbs(changeable, frame)
    frame.setCentralWidget(crumbs)
    qtbot.waitUntil(crumbs.isVisible)
    community = area(changeable, "community")
    changeable.selection.select_areas([community.uid])
    assert changeable.bridge.execute(SetField(community.uid, "name", "丙寅社区（虚构）"))
    assert names(crumbs)[-1] == "丙寅社区（虚构）"


def test_without_a_project_there_are_none(frame: QMainWindow, context: Context) -> None:
    crumbs = Crumbs(context, frame)
    frame.setCentralWidget(crumbs)
    assert names(crumbs) == []


def test_every_button_has_a_name(crumbs: Crumbs, opened: Context) -> None:
    opened.selection.select_areas([area(opened, "community").uid])
    buttons = [*crumbs.findChildren(QPushButton), *crumbs.findChildren(QToolButton)]
    assert all(button.accessibleName() for button in buttons)


def test_another_place_is_told_in_the_same_buttons(crumbs: Crumbs, opened: Context) -> None:
    opened.selection.select_areas([area(opened, "community").uid])
    button = part(crumbs, QPushButton, "crumb_1")
    others = part(crumbs, QToolButton, "crumb_others_1")

    opened.selection.select_areas([area(opened, "street", 1).uid])

    assert part(crumbs, QPushButton, "crumb_1") is button
    assert names(crumbs) == ["虚构市样例区", "乌有街道"]
    assert (button.toolTip(), others.accessibleName()) == ("乌有街道", "与乌有街道同级的区域")
    assert not part(crumbs, QPushButton, "crumb_2").isVisible()
