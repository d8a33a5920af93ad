"""Numbers, the ledger and other parents: what the dialogs show, and what they do."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.app.creation import new_project
from gridadmin.app.ledger import export_ledger, preview_ledger
from gridadmin.app.session import Session
from gridadmin.domain.model import Area, Land
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.bounds_commands import WriteBounds
from tests.ui.conftest import OpenWindow
from tests.ui.finding import part
from tests.ui.panels.conftest import click, press
from ui.dialogs.bounds_dialog import BoundsDialog
from ui.dialogs.change_table import ChangeTable
from ui.dialogs.changes_dialog import ChangesDialog
from ui.dialogs.codes_dialog import CodesDialog
from ui.dialogs.ledger_dialog import LedgerDialog, write
from ui.dialogs.move_to_dialog import MoveToDialog
from ui.dialogs.renumber_dialog import RenumberDialog
from ui.main_window import MainWindow

COMMUNITY = "庚午社区"


def area(window: MainWindow, *names: str) -> Area:
    snapshot = window.context.bridge.snapshot
    (found,) = [
        one
        for one in snapshot.areas()
        if one.name == names[-1]
        and {*names[:-1]} <= {above.name for above in snapshot.ancestors(one.uid)}
    ]
    return found


def cells(table: ChangeTable) -> list[tuple[str, ...]]:
    model = table.model()
    return [
        tuple(model.index(row, column).data() for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def opened_ledger(window: MainWindow, path: Path) -> LedgerDialog:
    found = preview_ledger(window.context.bridge.snapshot, path)
    dialog = LedgerDialog(window.context, path, found, window)
    dialog.open()
    QApplication.processEvents()
    return dialog


def edited_ledger(window: MainWindow, path: Path) -> Path:
    """Write the ledger, and change two cells of it as in Excel; a third makes no sense."""
    export_ledger(window.context.bridge.snapshot, window.context.bridge.session.store, path)
    book = openpyxl.load_workbook(path)
    page = book["网格"]
    letters = {cell.value: cell.column_letter for cell in page[1]}
    page["B2"] = "甲网格"
    page[f"{letters['备注']}3"] = "乙"
    page[f"{letters['类别']}4"] = "皇家"
    book.save(path)
    return path


def test_a_ledger_shows_what_it_changes_and_what_makes_no_sense(
    window: MainWindow, tmp_path: Path
) -> None:
    dialog = opened_ledger(window, edited_ledger(window, tmp_path / "台账.xlsx"))

    assert cells(dialog.table) == [
        ("第一网格", "名称", "第一网格", "甲网格", "网格!2"),
        ("第二网格", "备注", "（空）", "乙", "网格!3"),
    ]
    assert dialog.problems.toPlainText().startswith("网格!4  类别“皇家”不认识")
    dialog.close()


def test_what_is_accepted_of_a_ledger_is_one_step(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    bridge = window.context.bridge
    dialog = opened_ledger(window, edited_ledger(window, tmp_path / "台账.xlsx"))
    first = bridge.snapshot.revision
    # Space takes the tick off the first row.
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(dialog.model.index(0, 0))
    press(dialog.table, Qt.Key.Key_Space)

    with qtbot.waitSignal(bridge.changed):
        click(part(dialog, QPushButton, "main"))

    assert bridge.snapshot.revision == first + 1
    assert not [one for one in bridge.snapshot.areas() if one.name == "甲网格"]
    assert [one.name for one in bridge.snapshot.areas() if one.note == "乙"] == ["第二网格"]


def test_nothing_is_written_when_nothing_is_accepted(window: MainWindow, tmp_path: Path) -> None:
    dialog = opened_ledger(window, edited_ledger(window, tmp_path / "台账.xlsx"))

    click(part(dialog, QPushButton, "none"))

    main = part(dialog, QPushButton, "main")
    assert (main.isEnabled(), main.toolTip()) == (False, "没有要改的。")
    dialog.close()


def test_the_ledger_is_written_beside_the_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "网格 台账.xlsx"

    with qtbot.waitSignal(window.context.messages.told):
        write(window.context, path)

    assert openpyxl.load_workbook(path).sheetnames == [
        "区", "街道", "社区", "网格", "微网格",
    ]  # fmt: skip


def renumbering(qtbot: QtBot, window: MainWindow) -> RenumberDialog:
    window.area_work.renumber()
    dialog = window.findChildren(RenumberDialog)[-1]
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy)
    QApplication.processEvents()
    return dialog


def test_renumbering_shows_old_and_new_codes_and_numbers_on_the_map(
    qtbot: QtBot, window: MainWindow
) -> None:
    bridge = window.context.bridge
    first = area(window, COMMUNITY, "第一网格")
    bridge.execute(SetField(first.uid, "code", "990001003002044"))
    window.context.selection.select_areas([area(window, COMMUNITY).uid])

    dialog = renumbering(qtbot, window)

    assert cells(dialog.table) == [("第一网格", "网格", "990001003002 044", "990001003002 001")]
    (tag,) = window.map_panel.view.overlay.things("renumber")
    assert tag.rows == [["001"]]  # type: ignore[union-attr]
    with qtbot.waitSignal(bridge.changed):
        click(part(dialog, QPushButton, "main"))
    assert bridge.snapshot.area(first.uid).code == "990001003002001"
    assert not window.map_panel.view.overlay.things("renumber")


def test_numbers_that_are_right_leave_nothing_to_do(qtbot: QtBot, window: MainWindow) -> None:
    dialog = renumbering(qtbot, window)

    assert dialog.head.text() == "编号已经由北到南、由西到东排好，不用改。"
    assert not part(dialog, QPushButton, "main").isEnabled()
    dialog.close()


def test_areas_are_moved_by_typing_where_to(window: MainWindow) -> None:
    micro = area(window, COMMUNITY, "第五网格", "05-03微网格")
    to = area(window, COMMUNITY, "第四网格")
    window.context.selection.select_areas([micro.uid])
    window.area_work.move_to()
    dialog = window.findChildren(MoveToDialog)[-1]
    QTest.keyClicks(dialog.field, to.code or "")

    press(dialog.field, Qt.Key.Key_Return)

    assert window.context.bridge.snapshot.area(micro.uid).parent == to.uid


def test_where_an_area_cannot_go_the_reason_is_shown(window: MainWindow) -> None:
    micro = area(window, COMMUNITY, "第五网格", "05-03微网格")
    window.context.selection.select_areas([micro.uid])
    window.area_work.move_to()
    dialog = window.findChildren(MoveToDialog)[-1]

    dialog.field.setText("zzz")

    assert dialog.fault.text() == "没有符合的区域。"
    assert not dialog.main_button.isEnabled()
    dialog.close()


def test_the_root_is_not_moved(window: MainWindow) -> None:
    window.context.selection.select_areas([window.context.bridge.snapshot.root.uid])

    action = window.actions_table.action("edit.move_to")

    assert not action.isEnabled()
    assert action.toolTip().endswith("最上级的区域不能移动。")


def test_differences_with_a_list_of_codes_are_accepted_one_by_one(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = tmp_path / "市南.gpkg"
    new_project(path, "shinan", root="370202")
    with Session.open(path, write=True) as session:
        document = session.document
        document.execute(SetField("370202001001", "name", "虚构社区"))
        document.execute(SetField("370202001004", "name", "另一虚构社区"))
    window = open_window()
    window.open_project(path)
    bridge = window.context.bridge
    qtbot.waitUntil(lambda: bridge.has_issues and not window.context.jobs.is_busy, timeout=20_000)
    window.area_work.update_codes()
    dialog = window.findChildren(CodesDialog)[-1]
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    assert [row[0] for row in cells(dialog.table)] == ["改名", "改名"]
    assert cells(dialog.table)[0][1] == "370202001001 虚构社区"
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(dialog.model.index(1, 0))
    press(dialog.table, Qt.Key.Key_Space)

    with qtbot.waitSignal(bridge.changed):
        click(part(dialog, QPushButton, "main"))

    names = [bridge.snapshot.bearing(f"37020200100{n}")[0].name for n in (1, 4)]
    assert names[0] != "虚构社区"
    assert names[1] == "另一虚构社区"


def test_escape_while_a_list_of_changes_is_worked_out_closes_it_quietly(
    qtbot: QtBot, window: MainWindow
) -> None:
    for open_it in (window.area_work.renumber, window.area_work.update_codes):
        open_it()
        dialog = window.findChildren(ChangesDialog)[-1]

        QTest.keyClick(dialog, Qt.Key.Key_Escape)

        assert not dialog.isVisible()
        qtbot.waitUntil(lambda: not window.context.jobs.is_busy)


def test_escape_while_a_ledger_is_written_stops_it_and_the_dialog_stays(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    bridge = window.context.bridge
    dialog = opened_ledger(window, edited_ledger(window, tmp_path / "台账.xlsx"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    jobs, held = window.context.jobs, Event()
    # Something else is under way, so that the writing has to wait its turn.
    jobs.start("other", lambda _: held.wait(20))
    click(part(dialog, QPushButton, "main"))

    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    held.set()
    qtbot.waitUntil(lambda: not jobs.is_busy)

    assert bridge.snapshot.revision == 0
    assert dialog.isVisible()
    assert part(dialog, QPushButton, "main").isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def writing_bounds(qtbot: QtBot, window: MainWindow) -> BoundsDialog:
    window.actions_table.action("edit.four_bounds").trigger()
    dialog = window.findChildren(BoundsDialog)[-1]
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy)
    return dialog


def test_the_four_bounds_of_a_level_are_shown_and_those_accepted_written_in_one_step(
    qtbot: QtBot, window: MainWindow
) -> None:
    bridge = window.context.bridge
    community = area(window, COMMUNITY)
    window.context.selection.select_areas([community.uid])
    dialog = writing_bounds(qtbot, window)
    grids = [one for one in bridge.snapshot.descendants(community.uid) if one.level == "grid"]
    drawn = sorted(one.name for one in grids if one.land == Land.DRAWN)
    assert sorted(row[0] for row in cells(dialog.table)) == drawn
    assert {row[2] for row in cells(dialog.table)} == {"（空）"}
    assert all(row[3].startswith("东至") for row in cells(dialog.table))
    spared = cells(dialog.table)[0][0]
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(dialog.model.index(0, 0))
    press(dialog.table, Qt.Key.Key_Space)
    first = bridge.snapshot.revision

    with qtbot.waitSignal(bridge.changed):
        click(part(dialog, QPushButton, "main"))
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy)

    assert bridge.snapshot.revision == first + 1
    without = [
        one.name
        for one in bridge.snapshot.descendants(community.uid)
        if one.level == "grid" and one.land == Land.DRAWN and one.four_bounds is None
    ]
    assert without == [spared]
    assert not dialog.isVisible()


def test_bounds_that_all_stand_say_so(qtbot: QtBot, window: MainWindow) -> None:
    community = area(window, COMMUNITY)
    window.context.selection.select_areas([community.uid])
    assert window.context.bridge.execute(WriteBounds(below=community.uid))

    dialog = writing_bounds(qtbot, window)

    assert dialog.head.text() == "没有要写的：有地的区域都有四至，边界也没有变动。"
    assert not part(dialog, QPushButton, "main").isEnabled()
    dialog.which.setCurrentIndex(dialog.which.findData("all"))
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy)
    assert dialog.head.text() == "没有要写的：有地的区域都有四至，边界也没有变动。"
    dialog.reject()


def test_enter_on_cancel_cancels(window: MainWindow, tmp_path: Path) -> None:
    dialog = opened_ledger(window, edited_ledger(window, tmp_path / "台账.xlsx"))
    cancel = part(dialog, QPushButton, "close")
    cancel.setFocus()

    QTest.keyClick(cancel, Qt.Key.Key_Return)

    assert dialog.isHidden()
    assert window.context.bridge.snapshot.revision == 0
