from importlib.metadata import requires

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTextBrowser
from pytestqt.qtbot import QtBot

from gridadmin import __version__
from tests.ui.finding import part
from ui.dialogs.about_dialog import LIBRARIES, AboutDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> AboutDialog:
    made = AboutDialog()
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_version_is_told(dialog: AboutDialog) -> None:
    assert f"版本 {__version__} · Python 3." in part(dialog, QLabel, "about_version").text()


def test_it_says_that_the_demo_is_made_up_and_what_licence_it_has(dialog: AboutDialog) -> None:
    text = part(dialog, QTextBrowser, "about_purpose").toPlainText()
    assert "虚构" in text
    assert "Apache 2.0" in text
    licence = part(dialog, QPlainTextEdit, "about_licence").toPlainText()
    assert "Apache License" in licence


def test_every_library_is_named_with_its_version(dialog: AboutDialog) -> None:
    text = part(dialog, QTextBrowser, "about_libraries").toPlainText()
    for name, licence in LIBRARIES:
        assert name in text
        assert licence in text
    assert "—" not in text


def test_no_library_that_the_program_needs_is_left_out() -> None:
    needed = {
        line.split(";")[0].split("[")[0].split(">")[0].split("<")[0].lower()
        for line in requires("gridadmin") or []
    }
    named = {name.lower() for name, _ in LIBRARIES}
    assert needed - named <= {"gdal-utils"}
