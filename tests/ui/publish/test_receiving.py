"""A package that came in is compared, kept as reference, or made a project and opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridadmin.publish.package import make_package
from gridadmin.publish.releasing import make_release
from tests.ui.people.acting import dialog_of
from ui.main_window import MainWindow
from ui.publish.comparison_page import ComparisonPage
from ui.publish.receive_work import ReceiveForm

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def package(window: MainWindow, tmp_path: Path) -> Path:
    session = window.context.bridge.session
    release = make_release(session.document)
    return make_package(session, release, "public", folder=tmp_path).path


def chosen(window: MainWindow, file: Path, key: str) -> None:
    window.publish.receiving.receive(file)
    form = dialog_of(window, ReceiveForm)
    form.buttons[key].setChecked(True)
    QTest.mouseClick(form.act_button, LEFT)


def test_a_package_is_compared_with_the_project(
    qtbot: QtBot, window: MainWindow, package: Path
) -> None:
    chosen(window, package, "compare")
    page = window.publish.show_page("comparison")
    assert isinstance(page, ComparisonPage)
    qtbot.waitUntil(lambda: page.comparison is not None, timeout=60_000)

    assert page.comparison is not None
    assert page.comparison.handovers == ()
    assert page.before.currentText() == package.name


def test_a_package_is_kept_as_reference(qtbot: QtBot, window: MainWindow, package: Path) -> None:
    bridge = window.context.bridge
    before = bridge.snapshot.revision
    chosen(window, package, "reference")
    qtbot.waitUntil(lambda: bridge.snapshot.revision == before + 1, timeout=60_000)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=60_000)

    sources = {row.source for row in bridge.snapshot.rows("reference_outline").values()}
    assert package.name in sources


def test_a_package_becomes_a_project_that_is_opened(
    qtbot: QtBot, window: MainWindow, package: Path, tmp_path: Path
) -> None:
    out = tmp_path / "新 项目.gpkg"
    window.publish.receiving.make_project(package, out)
    bridge = window.context.bridge
    qtbot.waitUntil(lambda: bridge.is_open and bridge.path == out, timeout=60_000)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=60_000)

    assert bridge.snapshot.root.name
