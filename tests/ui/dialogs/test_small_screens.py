"""On a small screen, with letters twice as large, nothing is cut off at the side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.cli.boundaries import boundary_file, quarters
from tests.ui.dialogs.conftest import click, idle
from ui.actions import Actions
from ui.context import Context
from ui.dialogs.about_dialog import AboutDialog
from ui.dialogs.export_boundaries import ExportDialog
from ui.dialogs.import_wizard import ImportWizard
from ui.dialogs.keys_dialog import KeysDialog
from ui.dialogs.new_project import NewProjectDialog
from ui.dialogs.report_dialog import ReportDialog
from ui.dialogs.settings_dialog import SettingsDialog
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.texts import set_language
from ui.theme import apply_theme

SMALL = (1280, 680)
"""Pixels left of 1366 × 768 by the system's own bars."""


@pytest.fixture(params=["zh", "en"])
def large_letters(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[str]:
    font, palette, style = qapp.font(), qapp.palette(), qapp.style().objectName()
    apply_theme(qapp, "light", 200)
    set_language(request.param)
    yield request.param
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setFont(font)
    qapp.setPalette(palette)


def assert_fits(qapp: QApplication, dialog: TaskDialog) -> None:
    dialog.resize(*SMALL)
    for _ in range(5):
        qapp.processEvents()
    page = dialog.pages.currentWidget()
    assert isinstance(page, Page)
    assert (dialog.width(), dialog.height()) == SMALL
    assert page.horizontalScrollBar().maximum() == 0
    assert dialog.main_button.geometry().right() < SMALL[0]
    assert dialog.main_button.width() >= dialog.main_button.sizeHint().width()


@pytest.mark.usefixtures("large_letters")
def test_a_new_project_fits(qtbot: QtBot, qapp: QApplication, context: Context) -> None:
    dialog = NewProjectDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    assert_fits(qapp, dialog)


@pytest.mark.usefixtures("large_letters")
def test_every_step_of_an_import_fits(
    qtbot: QtBot, qapp: QApplication, working: Context, chinese_dir: Path
) -> None:
    wizard = ImportWizard(working)
    qtbot.addWidget(wizard)
    wizard.show()
    assert_fits(qapp, wizard)
    name = "一个很长很长的文件名" * 8 + "a_long_name_without_blanks" * 3 + ".gpkg"
    wizard.set_file(boundary_file(chinese_dir / name[-80:], quarters(), crs=None))
    assert_fits(qapp, wizard)
    idle(qtbot, working)
    while wizard.pages.currentWidget() is not wizard.done_page:
        assert_fits(qapp, wizard)
        if wizard.columns_page.crs.is_asking:
            names = wizard.columns_page.crs.names
            names.setCurrentIndex(names.findData("EPSG:4549"))
        click(wizard.main_button)
        idle(qtbot, working)
    assert_fits(qapp, wizard)


@pytest.mark.usefixtures("large_letters")
def test_an_export_fits(qtbot: QtBot, qapp: QApplication, working: Context) -> None:
    dialog = ExportDialog(working)
    qtbot.addWidget(dialog)
    dialog.show()
    idle(qtbot, working)
    assert_fits(qapp, dialog)


@pytest.mark.usefixtures("large_letters")
@pytest.mark.parametrize("name", ["settings", "keys", "about", "report"])
def test_what_has_no_pages_is_wide_enough_from_the_start(
    qtbot: QtBot, qapp: QApplication, context: Context, name: str
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    dialog = _made(name, context, owner)
    qtbot.addWidget(dialog)
    dialog.show()
    for _ in range(5):
        qapp.processEvents()

    narrow = [
        button.objectName()
        for button in dialog.findChildren(QPushButton)
        if button.isVisible() and button.width() < button.minimumSizeHint().width()
    ]
    assert narrow == []
    assert [area.horizontalScrollBar().maximum() for area in _scrolled(dialog)] == [0] * len(
        _scrolled(dialog)
    )


def _made(name: str, context: Context, owner: QWidget) -> QDialog:
    if name == "settings":
        return SettingsDialog(context)
    if name == "keys":
        return KeysDialog(Actions(owner))
    return AboutDialog() if name == "about" else ReportDialog("Traceback\nValueError: x")


def _scrolled(dialog: QDialog) -> list[QScrollArea]:
    return [area for area in dialog.findChildren(QScrollArea) if area.isVisible()]
