"""The report of the check from the window: by a real click, in a worker, as each kind of file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from gridadmin.exchange.package_check import problems_of
from tests.ui.conftest import OpenWindow, rest
from tests.ui.hands import tap
from ui.main_window import MainWindow
from ui.messages import Message


@pytest.fixture
def told(window: MainWindow) -> list[Message]:
    said: list[Message] = []
    window.context.messages.told.connect(said.append)
    return said


def ask(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, out: Path, form: str = ""
) -> None:
    """Click the button below the figures of the check and answer with a file."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(out), form))
    window.actions_table.action("view.checks").trigger()
    button = window.findChild(QToolButton, "checks_issue.report")
    assert button is not None
    qtbot.waitUntil(button.isVisible, timeout=5_000)
    tap(button)
    rest(qtbot, window)


def test_the_button_writes_a_pdf_with_the_certificate_first(
    window: MainWindow,
    told: list[Message],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    ask(window, qtbot, monkeypatch, tmp_path / "检查 报告.pdf")

    reader = PdfReader(BytesIO((tmp_path / "检查 报告.pdf").read_bytes()))
    first = " ".join(reader.pages[0].extract_text().split())
    assert "已证明：无空隙，无重叠" in first
    assert "例外地块" in first
    assert told[-1].text == "检查报告已写入检查 报告.pdf。"


def test_a_name_without_extension_gets_that_of_the_chosen_form(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ask(window, qtbot, monkeypatch, tmp_path / "报告", "Excel 文件 (*.xlsx)")

    book = load_workbook(tmp_path / "报告.xlsx")
    assert book.sheetnames == ["覆盖证书", "问题清单", "例外地块"]


def test_the_report_speaks_the_language_of_the_window(
    open_window: OpenWindow,
    demo_folder: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    window = open_window(demo_folder / "demo.gpkg", lang="en")

    ask(window, qtbot, monkeypatch, tmp_path / "report.html")

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Proved: no gap, no overlap" in page


def test_the_project_itself_is_refused_and_unharmed(
    window: MainWindow, told: list[Message], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = window.context.bridge.path

    ask(window, qtbot, monkeypatch, project)

    assert "是被检查的文件" in told[-1].text
    assert window.context.bridge.snapshot.setting("name") == "虚构市样例区"


def test_a_package_from_the_window_is_sound(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ask(window, qtbot, monkeypatch, tmp_path / "问题.gpkg")

    assert problems_of(tmp_path / "问题.gpkg") == []
