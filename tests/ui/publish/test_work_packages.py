"""Work packages in the window: handed out, taken in, and what both sides changed chosen."""

from __future__ import annotations

import itertools
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from gridadmin.app.session import Session
from gridadmin.edit.area_commands import SetField
from tests.publish.releases.test_work_packages import move
from tests.ui.hands import tap
from tests.ui.people.acting import dialog_of
from ui.main_window import MainWindow
from ui.publish.border_picture import BorderPicture
from ui.publish.package_work import HandOutForm
from ui.publish.packages_page import PackagesPage
from ui.publish.take_in_dialog import TakeInDialog
from ui.theme import colours

LEFT = Qt.MouseButton.LeftButton


def rest(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=30_000)


def handed_out(qtbot: QtBot, window: MainWindow, folder: Path) -> tuple[Path, str]:
    snapshot = window.context.bridge.snapshot
    street = snapshot.children(snapshot.root.uid)[0]
    out = folder / "街道 包.gpkg"
    window.publish.packages.hand_out(street.uid, out)
    rest(qtbot, window)
    qtbot.waitUntil(out.is_file, timeout=10_000)
    return out, street.uid


def looked_at(qtbot: QtBot, window: MainWindow, file: Path) -> TakeInDialog:
    window.publish.packages.take_in(file)
    dialog = dialog_of(window, TakeInDialog)
    qtbot.waitUntil(lambda: not dialog.strip.is_busy, timeout=60_000)
    return dialog


def test_the_form_offers_the_chosen_area_first(window: MainWindow) -> None:
    snapshot = window.context.bridge.snapshot
    grid = next(a for a in snapshot.areas() if a.level == "grid")
    window.context.selection.select_areas([grid.uid])
    window.actions_table.action("publish.hand_out").trigger()
    form = dialog_of(window, HandOutForm)

    assert form.area.itemData(0) == grid.uid
    assert snapshot.root.uid not in [form.area.itemData(n) for n in range(form.area.count())]
    form.reject()


def test_a_package_is_noted_and_comes_back_without_a_clash(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    out, street = handed_out(qtbot, window, tmp_path)
    page = window.publish.show_page("packages")
    assert isinstance(page, PackagesPage)
    assert page.model.index(0, 4).data() == "街道 包.gpkg"
    with Session.open(out, write=True) as package:
        package.document.execute(SetField(street, "name", "街道新名"))

    dialog = looked_at(qtbot, window, out)
    assert dialog.main_button.isEnabled()
    tap(dialog.main_button)
    bridge = window.context.bridge
    qtbot.waitUntil(lambda: bridge.snapshot.area(street).name == "街道新名", timeout=30_000)
    rest(qtbot, window)

    assert page.model.index(0, 5).data() != "还没有收回"


def test_what_both_sides_moved_is_chosen_side_by_side(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    out, street = handed_out(qtbot, window, tmp_path)
    bridge = window.context.bridge
    below = bridge.snapshot.descendants(street)
    uids = {a.uid for a in below if a.level == "micro_grid"}
    move(bridge.session, uids, 2.0, 1.0)
    with Session.open(out, write=True) as package:
        move(package, uids, -1.0, -2.0)

    dialog = looked_at(qtbot, window, out)
    assert not dialog.main_button.isEnabled()
    buttons = dialog.page.findChildren(QRadioButton)
    for picture in dialog.page.findChildren(BorderPicture):
        # A strip of two metres, and still to be seen.
        image, moved = picture.grab().toImage(), QColor(colours().warning)
        dots = itertools.product(range(image.width()), range(image.height()))
        assert sum(image.pixelColor(x, y) == moved for x, y in dots) > 60
    assert [b.objectName().partition("-")[0] for b in buttons] == ["ours", "theirs"]
    QTest.mouseClick(buttons[1], LEFT, pos=buttons[1].rect().center())
    if not buttons[1].isChecked():
        buttons[1].click()
    assert dialog.main_button.isEnabled()
    before = bridge.snapshot.revision
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: bridge.snapshot.revision == before + 1, timeout=30_000)
    rest(qtbot, window)


def test_a_package_whose_project_is_gone_before_it_was_noted_is_no_file(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    bridge = window.context.bridge
    street = bridge.snapshot.children(bridge.snapshot.root.uid)[0]
    out = tmp_path / "街道 包.gpkg"
    window.publish.packages.hand_out(street.uid, out)
    bridge.close()
    rest(qtbot, window)

    assert not out.exists()
