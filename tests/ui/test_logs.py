import getpass
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.logs import (
    FaultHook,
    blanked,
    close_log,
    install_fault_hook,
    last_lines,
    log_path,
    setup_logging,
    take_qt_message,
)


@pytest.fixture
def log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A log file of its own, in a folder that isn't there yet."""
    monkeypatch.setenv("GRIDADMIN_LOG", str(tmp_path / "日志 文件夹"))
    # pytest-qt listens to Qt's messages, and so it shall.
    monkeypatch.setattr("ui.logs.qInstallMessageHandler", lambda _: None)
    setup_logging()
    yield log_path()
    close_log()


@pytest.fixture
def shown(log_file: Path) -> Iterator[list[str]]:
    """The faults that were shown."""
    assert log_file.name == "gridadmin.log"
    found: list[str] = []
    hook = install_fault_hook(found.append)
    yield found
    hook.remove()


def fault() -> None:
    raise ValueError("示例故障")


def happen() -> None:
    try:
        fault()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)


def test_what_is_logged_stands_in_the_file(log_file: Path) -> None:
    logging.getLogger("gridadmin.test").info("打开项目")
    assert log_file.read_text(encoding="utf-8").endswith("INFO gridadmin.test: 打开项目\n")


@pytest.mark.usefixtures("log_file")
def test_setting_up_twice_logs_once() -> None:
    setup_logging()
    logging.getLogger("gridadmin.test").info("一次")
    assert len(last_lines()) == 1


@pytest.mark.usefixtures("log_file")
def test_the_last_lines_are_the_newest() -> None:
    for number in range(10):
        logging.getLogger("gridadmin.test").info("第 %d 行", number)
    assert [line[-5:] for line in last_lines(2)] == ["第 8 行", "第 9 行"]


def test_without_a_log_there_are_no_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDADMIN_LOG", str(tmp_path / "none"))
    assert last_lines() == []


def test_a_folder_that_cant_be_made_is_no_reason_not_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("GRIDADMIN_LOG", str(tmp_path / "file" / "log"))
    monkeypatch.setattr("ui.logs.qInstallMessageHandler", lambda _: None)
    setup_logging()
    assert last_lines() == []


@pytest.mark.usefixtures("log_file")
def test_qts_own_messages_are_logged() -> None:
    take_qt_message(QtMsgType.QtWarningMsg, QMessageLogContext(), "示例警告")
    assert last_lines()[-1].endswith("WARNING gridadmin.qt: default: 示例警告")


def test_home_and_name_are_blanked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "lihua")
    monkeypatch.setattr(Path, "home", lambda: Path("/data/lihua"))
    assert blanked("open /data/lihua/网格/a.gpkg by lihua") == "open ~/网格/a.gpkg by ***"
    assert blanked("lihuas file") == "lihuas file"


def test_names_in_chinese_are_blanked_out_within_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "虚构员")
    assert blanked("由虚构员打开") == "由***打开"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"C:\Users\LIHUA~1\a.gpkg", r"C:\Users\***\a.gpkg"),
        (r"'C:\\Users\\某人\\a.gpkg'", r"'C:\\Users\\***\\a.gpkg'"),
        ("/home/someone/a.gpkg", "/home/***/a.gpkg"),
        ("/Users/someone", "/Users/***"),
    ],
)
def test_folders_of_accounts_are_blanked_out(text: str, expected: str) -> None:
    assert blanked(text) == expected


def test_a_fault_is_logged_and_shown(qtbot: QtBot, shown: list[str]) -> None:
    happen()
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert shown[0].endswith("ValueError: 示例故障\n")
    assert last_lines()[-1] == "ValueError: 示例故障"


def test_the_same_fault_is_shown_once(qtbot: QtBot, shown: list[str]) -> None:
    for _ in range(5):
        happen()
    qtbot.waitUntil(lambda: len(shown) == 1)
    happen()
    QApplication.processEvents()
    assert len(shown) == 1
    assert sum(line == "ValueError: 示例故障" for line in last_lines()) == 6


@pytest.mark.usefixtures("log_file")
def test_a_fault_while_one_is_shown_is_only_logged(qtbot: QtBot) -> None:
    shown: list[str] = []

    def show(text: str) -> None:
        shown.append(text)
        sys.excepthook(KeyError, KeyError("second"), None)
        QApplication.processEvents()

    hook = install_fault_hook(show)
    try:
        happen()
        qtbot.waitUntil(lambda: "KeyError: 'second'" in last_lines())
        QApplication.processEvents()
    finally:
        hook.remove()
    assert len(shown) == 1


@pytest.mark.usefixtures("log_file")
def test_a_fault_in_another_thread_is_shown_on_this_one(qtbot: QtBot) -> None:
    shown: list[threading.Thread] = []
    hook = install_fault_hook(lambda _: shown.append(threading.current_thread()))
    try:
        thread = threading.Thread(target=fault)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(shown) == 1)
    finally:
        hook.remove()
    assert shown == [threading.main_thread()]


def test_a_fault_that_python_cant_raise_is_shown(qtbot: QtBot, shown: list[str]) -> None:
    class Broken:
        def __del__(self) -> None:
            fault()

    Broken()
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert "示例故障" in shown[0]


@pytest.mark.usefixtures("log_file")
def test_showing_that_fails_is_logged(qtbot: QtBot) -> None:
    def show(_: str) -> None:
        raise OSError("no screen")

    hook = install_fault_hook(show)
    try:
        happen()
        qtbot.waitUntil(lambda: last_lines()[-1] == "OSError: no screen")
    finally:
        hook.remove()


def test_ctrl_c_is_no_fault(monkeypatch: pytest.MonkeyPatch, shown: list[str]) -> None:
    passed: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: passed.append(kind))
    hook = FaultHook(shown.append)
    hook.take(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert passed == [KeyboardInterrupt]
    assert last_lines() == []


@pytest.mark.usefixtures("log_file")
def test_a_removed_hook_gives_back_what_was_there() -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    hook = install_fault_hook(lambda _: None)
    assert sys.excepthook != before[0]
    hook.remove()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
