"""The list of findings on the people: what it shows, how it is filtered, where it leads."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.app.finding_list import FindingLine
from gridadmin.domain.check_kinds import Severity
from gridadmin.edit.assign_commands import Unassign
from gridadmin.edit.check_commands import ChangeChecks
from gridadmin.staffing.rules import findings_of
from tests.ui.conftest import OpenWindow
from tests.ui.people.acting import LEFT, dialog_of, key
from tests.ui.people.conftest import known, seats
from tests.ui.test_accessible_names import nameless
from ui.dialogs.check_settings import CheckSettings
from ui.main_window import MainWindow
from ui.people.found_model import FoundColumn
from ui.people.found_page import FoundPage


@pytest.fixture
def found_page(staffed: MainWindow, qtbot: QtBot) -> FoundPage:
    """The page, shown by its action, everything looked at."""
    staffed.actions_table.action("people.findings").trigger()
    page = cast("FoundPage", staffed.people.panel.widget_of("findings"))
    up_to_date(qtbot, page)
    return page


def up_to_date(qtbot: QtBot, page: FoundPage) -> None:
    """Wait until the findings are those of the present state."""
    qtbot.waitUntil(lambda: page.found.is_up_to_date, timeout=20_000)
    QApplication.processEvents()


def shown(page: FoundPage) -> list[FindingLine]:
    """Return the findings that the table shows, from the top down."""
    rows = (page.model.line_at(row) for row in range(page.model.rowCount()))
    return [line for line in rows if line is not None]


def row_of_kind(page: FoundPage, kind: str) -> int:
    """Return the first row of a kind."""
    rows = range(page.model.rowCount())
    return next(
        row for row in rows if (one := page.model.line_at(row)) and one.finding.kind == kind
    )


def choose(page: FoundPage, row: int) -> FindingLine:
    """Click a row; return its finding."""
    index = page.model.index(row, FoundColumn.TEXT)
    page.view.scrollTo(index)
    QApplication.processEvents()
    QTest.mouseClick(page.view.viewport(), LEFT, pos=page.view.visualRect(index).center())
    QApplication.processEvents()
    line = page.model.line_at(row)
    assert line is not None
    return line


def test_every_finding_of_the_rules_has_a_row(found_page: FoundPage, staffed: MainWindow) -> None:
    book = staffed.people.staff.book
    assert book is not None
    lines = shown(found_page)

    assert [one.finding for one in lines] == findings_of(book)
    assert "post_vacant" in {one.finding.kind for one in lines}
    assert nameless(found_page) == []
    first = found_page.model.index(0, FoundColumn.TEXT)
    assert str(first.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("具体问题 ")


def test_findings_are_narrowed_by_severity_kind_and_pinyin(
    found_page: FoundPage, qtbot: QtBot
) -> None:
    everything = len(shown(found_page))
    warning = found_page.findChild(type(found_page.settings), "found-warning")
    assert warning is not None

    warning.click()
    assert {one.finding.severity for one in shown(found_page)} <= {Severity.ERROR, Severity.INFO}
    warning.click()
    found_page.kinds.setCurrentIndex(found_page.kinds.findData("post_vacant"))
    assert {one.finding.kind for one in shown(found_page)} == {"post_vacant"}
    found_page.kinds.setCurrentIndex(0)
    line = next(one for one in shown(found_page) if one.unit and "甲子" in one.unit.name)
    QTest.keyClicks(found_page.field, "jiazi")
    qtbot.waitUntil(lambda: len(shown(found_page)) < everything)

    assert line in shown(found_page)
    assert {"甲子" in (one.unit.name if one.unit else "") for one in shown(found_page)} == {True}


def test_findings_are_put_together_by_community_and_by_kind(found_page: FoundPage) -> None:
    count = len(shown(found_page))

    found_page.groups.setCurrentIndex(1)
    by_place = [found_page.model.text_at(row, 0) for row in found_page.model.heads]
    found_page.groups.setCurrentIndex(2)
    by_kind = [found_page.model.text_at(row, 0) for row in found_page.model.heads]

    assert any(title.startswith("甲子社区 · ") for title in by_place)
    assert any(title.startswith("岗位空缺 · ") for title in by_kind)
    assert len(shown(found_page)) == count


def test_a_click_selects_the_area_and_enter_leads_to_the_empty_seat(
    found_page: FoundPage, staffed: MainWindow
) -> None:
    line = choose(found_page, row_of_kind(found_page, "post_vacant"))
    assert line.place is not None
    assert staffed.context.selection.areas == (line.place.uid,)

    key(found_page.view, Qt.Key.Key_Return)

    table = seats(staffed)
    assert table.isVisible()
    (chosen,) = table.view.chosen()
    assert chosen.person is None
    assert chosen.post is not None
    assert chosen.post.key == line.finding.params["post"]


def test_a_double_click_on_a_finding_about_somebody_shows_the_person(
    found_page: FoundPage, staffed: MainWindow, qtbot: QtBot
) -> None:
    staffed.context.bridge.execute(ChangeChecks({"roster_kind": {"on": True}}))
    up_to_date(qtbot, found_page)
    found_page.kinds.setCurrentIndex(found_page.kinds.findData("term_ends"))
    if not shown(found_page):
        found_page.kinds.setCurrentIndex(0)
    rows = range(found_page.model.rowCount())
    row = next(row for row in rows if (one := found_page.model.line_at(row)) and one.finding.person)
    line = choose(found_page, row)
    place = found_page.view.visualRect(found_page.model.index(row, FoundColumn.TEXT)).center()

    QTest.mouseDClick(found_page.view.viewport(), LEFT, pos=place)
    QApplication.processEvents()

    assert staffed.context.selection.now.person == line.finding.person


def test_who_has_no_post_is_selected_as_a_person(
    found_page: FoundPage, staffed: MainWindow, qtbot: QtBot
) -> None:
    bridge = staffed.context.bridge
    bridge.execute(ChangeChecks({"person_unassigned": {"on": True}}))
    up_to_date(qtbot, found_page)

    line = choose(found_page, row_of_kind(found_page, "person_unassigned"))

    assert line.place is None
    assert line.about == bridge.snapshot.rows("person")[line.finding.person or ""].name
    assert staffed.context.selection.now.person == line.finding.person


def test_findings_follow_a_change_and_its_undoing(
    found_page: FoundPage, staffed: MainWindow, qtbot: QtBot
) -> None:
    before = [one.finding for one in shown(found_page)]
    book = staffed.people.staff.book
    assert book is not None
    held = sorted(book.snapshot.rows("assignment").values(), key=lambda one: one.uid)
    one = next(one for one in held if one.post == "grid_chief" and one.valid_to is None)

    staffed.context.bridge.execute(Unassign(one.uid))
    up_to_date(qtbot, found_page)
    known(qtbot, staffed)
    now = staffed.people.staff.book
    assert now is not None
    after = [one.finding for one in shown(found_page)]
    staffed.context.bridge.undo()
    up_to_date(qtbot, found_page)

    assert after == findings_of(now)
    assert (one.anchor, "grid_chief") in {(found.area, found.subject) for found in after}
    assert [one.finding for one in shown(found_page)] == before


def test_what_changed_behind_another_page_is_caught_up_with(
    found_page: FoundPage, staffed: MainWindow, qtbot: QtBot
) -> None:
    seats(staffed)
    staffed.context.bridge.execute(ChangeChecks({"post_vacant": {"on": False}}))
    assert not found_page.found.is_up_to_date

    staffed.people.show_findings()
    up_to_date(qtbot, found_page)

    assert "post_vacant" not in {one.finding.kind for one in shown(found_page)}


def test_the_settings_of_the_rules_are_changed_from_the_page(
    found_page: FoundPage, staffed: MainWindow, qtbot: QtBot
) -> None:
    found_page.settings.click()
    dialog = dialog_of(staffed, CheckSettings)
    days = dialog.findChild(QDoubleSpinBox, "term_ends-days")
    assert days is not None
    qtbot.waitUntil(lambda: not days.visibleRegion().isEmpty())
    days.setValue(3650)

    dialog.apply_button.click()
    up_to_date(qtbot, found_page)

    assert staffed.context.bridge.snapshot.check("term_ends").param("days") == 3650
    book = found_page.found.list
    assert book is not None
    assert [one.finding for one in shown(found_page)] == findings_of(book.book)


def tab_of(window: MainWindow) -> str:
    """Return what the tab of the findings says."""
    tabs = window.people.panel.tabs
    number = next(n for n in range(tabs.count()) if tabs.tabData(n) == "findings")
    return tabs.tabText(number)


def test_the_tab_says_how_many_errors_and_warnings_there_are(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    book = staffed.people.staff.book
    assert book is not None
    weighing = sum(one.severity is not Severity.INFO for one in findings_of(book))
    qtbot.waitUntil(lambda: tab_of(staffed) == f"人员问题 {weighing}", timeout=20_000)

    member = next(
        one
        for person in book.persons
        for one in book.of(person)
        if one.post == "grid_member" and len(book.holders(one.anchor, one.post)) == 1
    )
    staffed.context.bridge.execute(Unassign(member.uid))

    qtbot.waitUntil(lambda: tab_of(staffed) != f"人员问题 {weighing}", timeout=20_000)
    staffed.context.bridge.undo()
    qtbot.waitUntil(lambda: tab_of(staffed) == f"人员问题 {weighing}", timeout=20_000)


def test_a_row_tells_of_one_finding_and_a_chip_of_many(
    open_window: OpenWindow, staffed_file: Path, qtbot: QtBot
) -> None:
    window = open_window(staffed_file, lang="en")
    window.people.show_findings()
    page = cast("FoundPage", window.people.panel.widget_of("findings"))
    up_to_date(qtbot, page)

    row = row_of_kind(page, "post_vacant")
    assert page.model.text_at(row, FoundColumn.SEVERITY) == "Warning"
    chips = {chip.objectName(): chip.text() for chip in page.findChildren(QPushButton)}
    assert chips["found-warning"].startswith("Warnings ")
    assert chips["found-error"] == "Errors 0"


def test_a_press_on_the_tab_shows_columns_that_share_the_width(
    staffed: MainWindow, qtbot: QtBot
) -> None:
    tabs = staffed.people.panel.tabs
    number = next(n for n in range(tabs.count()) if tabs.tabData(n) == "findings")
    at = tabs.tabRect(number).center()

    QTest.mousePress(tabs, LEFT, pos=at)
    QApplication.processEvents()
    QTest.mouseRelease(tabs, LEFT, pos=at)
    page = cast("FoundPage", staffed.people.panel.widget_of("findings"))
    up_to_date(qtbot, page)

    widths = [page.view.columnWidth(column) for column in FoundColumn]
    assert widths[FoundColumn.TEXT] > 2 * widths[FoundColumn.SEVERITY]
    assert abs(sum(widths) - page.view.viewport().width()) < 8
