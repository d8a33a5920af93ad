"""The party tree: made, moved, changed and ended by mouse and keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.people.acting import LEFT, dialog_of, drop, key
from tests.ui.people.conftest import known
from tests.ui.people.test_bodies import communities, pick, press, rows, write
from tests.ui.test_accessible_names import nameless
from ui.main_window import MainWindow
from ui.people.party_form import PartyForm
from ui.people.party_page import PartyPage
from ui.people.record_forms import EndRecordForm


def party(window: MainWindow) -> PartyPage:
    """Show the tree."""
    window.actions_table.action("people.party").trigger()
    QApplication.processEvents()
    page = window.people.panel.widget_of("party")
    assert isinstance(page, PartyPage)
    return page


def node(window: MainWindow, name: str) -> Any:
    """Return the organisation of a name."""
    (found,) = [one for one in rows(window, "party_node") if one.name == name]
    return found


def choose(page: PartyPage, uid: str) -> QPoint:
    """Click the row of an organisation; return where it is."""
    item = page.item_of(uid)
    assert item is not None
    page.tree.scrollToItem(item)
    QApplication.processEvents()
    at = page.tree.visualItemRect(item).center()
    QTest.mouseClick(page.tree.viewport(), LEFT, pos=at)
    QApplication.processEvents()
    return at


def made(window: MainWindow, qtbot: QtBot, name: str, kind: str, area: str = "") -> Any:
    """Make an organisation by the dialog."""
    press(party(window), "party-new")
    form = dialog_of(window, PartyForm)
    write(form, "name", name)
    form.kind.setCurrentIndex(form.kind.findData(kind))
    if area:
        pick(window, form.area, area)
    press(form, "main")
    known(qtbot, window)
    return node(window, name)


def test_an_organisation_of_the_selected_community_proposes_what_it_hangs_below(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    community = communities(window)[0]
    window.context.selection.clear()
    street = window.context.bridge.snapshot.area(community.parent or "")
    above = made(window, qtbot, "街道党工委（虚构）", "work_committee", street.code or "")
    window.context.selection.select_areas([community.uid])
    press(party(window), "party-new")
    form = dialog_of(window, PartyForm)
    assert form.kind.currentData() == "community_committee"
    assert (form.area.value, form.above.value) == (community.uid, above.uid)
    write(form, "name", "社区党委（虚构）")
    write(form, "households_linked", "35")
    assert form.warning.said == ""
    press(form, "main")
    known(qtbot, window)

    found = node(window, "社区党委（虚构）")
    assert (found.kind, found.parent, found.area, found.households_linked) == (
        "community_committee",
        above.uid,
        community.uid,
        35,
    )


def test_what_hangs_below_a_wrong_kind_is_told_in_the_form(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    window.context.selection.clear()
    above = made(window, qtbot, "党工委（虚构）", "work_committee")
    page = party(window)
    choose(page, above.uid)
    press(page, "party-below")
    form = dialog_of(window, PartyForm)
    write(form, "name", "小组（虚构）")
    form.kind.setCurrentIndex(form.kind.findData("group"))

    assert form.warning.said == "党组织“小组（虚构）”挂在“党工委（虚构）”之下，类别不对应。"
    assert nameless(form) == []
    form.reject()


def test_an_organisation_is_dragged_below_another_and_a_circle_is_refused(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    window.context.selection.clear()
    one = made(window, qtbot, "甲党委（虚构）", "community_committee")
    other = made(window, qtbot, "乙党委（虚构）", "community_committee")
    branch = made(window, qtbot, "支部（虚构）", "branch")
    page = party(window)

    drag(page, branch.uid, one.uid)
    known(qtbot, window)
    assert node(window, "支部（虚构）").parent == one.uid
    drag(page, branch.uid, other.uid)
    known(qtbot, window)
    assert node(window, "支部（虚构）").parent == other.uid
    drag(page, other.uid, branch.uid)
    assert node(window, "乙党委（虚构）").parent is None
    assert "不能改隶到它下面" in window.message_bar.text.text()
    window.actions_table.action("edit.undo").trigger()
    assert node(window, "支部（虚构）").parent == one.uid


def drag(page: PartyPage, moved: str, over: str) -> None:
    """Drag an organisation onto another."""
    choose(page, moved)
    item = page.item_of(over)
    assert item is not None
    page.tree.scrollToItem(item)
    QApplication.processEvents()
    at = QPointF(page.tree.visualItemRect(item).center())
    data = page.tree.model().mimeData([page.tree.currentIndex()])
    assert isinstance(data, QMimeData)
    assert drop(page.tree.viewport(), at, data)


def test_an_organisation_is_changed_and_ended_and_stays_in_the_history(
    bodied: MainWindow, qtbot: QtBot
) -> None:
    window = bodied
    window.context.selection.clear()
    above = made(window, qtbot, "甲党委（虚构）", "community_committee")
    page = party(window)
    choose(page, above.uid)
    press(page, "party-edit")
    form = dialog_of(window, PartyForm)
    assert form.act_button.toolTip() == "还没有改动。"
    person = min(rows(window, "person"), key=lambda one: str(one.uid))
    pick(window, form.secretary, person.staff_number or person.name)
    press(form, "main")
    known(qtbot, window)
    assert node(window, "甲党委（虚构）").secretary == person.uid
    choose(page, above.uid)
    key(page.tree, Qt.Key.Key_Delete)
    end = dialog_of(window, EndRecordForm)
    end.day.set_iso("2026-02-01")
    press(end, "main")
    known(qtbot, window)

    assert node(window, "甲党委（虚构）").valid_to == "2026-02-01"
    assert page.item_of(above.uid) is None
