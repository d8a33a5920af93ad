"""The log file, and what happens when the program has a fault.

Everything that the program logs lies in a file in the user's own log folder. A fault of the
program goes there too and is shown once, so that the user knows and can report it.
"""

from __future__ import annotations

import getpass
import logging
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

_log = logging.getLogger("gridadmin.faults")
_qt_log = logging.getLogger("gridadmin.qt")

FILE_NAME = "gridadmin.log"
_MOST_BYTES = 1_000_000
_KEPT_FILES = 3
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

Show = Callable[[str], None]
"""Shows a fault, given its traceback, and returns when the user has seen it."""


def log_folder() -> Path:
    """Return the folder of the log; ``GRIDADMIN_LOG`` names another."""
    named = os.environ.get("GRIDADMIN_LOG")
    return Path(named) if named else Path(platformdirs.user_log_dir("gridadmin", False))


def log_path() -> Path:
    """Return the log file; older lines lie in ``….log.1`` and so on beside it."""
    return log_folder() / FILE_NAME


def setup_logging() -> None:
    """Write what is logged to the log file, and Qt's own messages too.

    Where the file can't be written, the program goes on without.
    """
    root = logging.getLogger("gridadmin")
    root.setLevel(logging.INFO)
    if not any(isinstance(handler, RotatingFileHandler) for handler in root.handlers):
        try:
            log_folder().mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(
                log_path(), maxBytes=_MOST_BYTES, backupCount=_KEPT_FILES, encoding="utf-8"
            )
        except OSError:
            return
        handler.setFormatter(logging.Formatter(_FORM))
        root.addHandler(handler)
    qInstallMessageHandler(take_qt_message)


def close_log() -> None:
    """Let go of the log file."""
    root = logging.getLogger("gridadmin")
    for handler in [one for one in root.handlers if isinstance(one, RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()


def take_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Log one of Qt's own messages."""
    category = getattr(context, "category", None) or "default"
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, text)


def last_lines(count: int = 80) -> list[str]:
    """Return the last lines of the log, with the user's name and home folder blanked out."""
    try:
        lines = log_path().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [blanked(line) for line in lines[-count:]]


def blanked(text: str) -> str:
    """Return *text* without the home folder and the name of the user."""
    home = str(Path.home())
    for form in (home, home.replace("\\", "/"), home.replace("\\", "\\\\")):
        if len(form) > 1:
            text = re.sub(re.escape(form), "~", text, flags=re.IGNORECASE)
    # Folders of accounts, however they are written: C:\Users\ZHANGS~1 is one too.
    text = re.sub(r"(?i)((?:[a-z]:[\\/]+users|/users|/home)[\\/]+)[^\\/\s\"']+", r"\1***", text)
    name = _account()
    if len(name) > 1:
        # Chinese has no blanks around a name; Latin letters of a longer word are no name.
        edge = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])" if name.isascii() else "{}"
        text = re.sub(edge.format(re.escape(name)), "***", text, flags=re.IGNORECASE)
    return text


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


class FaultHook(QObject):
    """Takes every fault that nobody handled: logs it, and shows it on the GUI thread.

    One at a time: what comes while a fault is shown is only logged, and so is one that comes again
    within a minute, or a fault in painting would never let the user go.
    """

    _happened = Signal(str, str)
    _PAUSE_S = 60.0

    def __init__(self, show: Show) -> None:
        super().__init__()
        self._show = show
        self._is_showing = False
        self._shown: dict[str, float] = {}
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        # Queued: the fault may come from another thread, or from the midst of painting.
        self._happened.connect(self._show_once, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take faults from now on."""
        sys.excepthook = self.take
        threading.excepthook = self._take_of_thread
        sys.unraisablehook = self._take_unraisable

    def remove(self) -> None:
        """Leave faults to whoever had them before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log a fault and have it shown."""
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        _log.critical("a fault of the program\n%s", text.rstrip())
        self._happened.emit(text, _place_of(kind, trace))

    def _take_of_thread(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not issubclass(given.exc_type, SystemExit):
            self.take(given.exc_type, given.exc_value, given.exc_traceback)

    def _take_unraisable(self, given: sys.UnraisableHookArgs) -> None:
        if given.exc_value is not None:
            self.take(given.exc_type, given.exc_value, given.exc_traceback)

    def _show_once(self, text: str, place: str) -> None:
        now = time.monotonic()
        last = self._shown.get(place)
        if self._is_showing or (last is not None and now - last < self._PAUSE_S):
            return
        self._is_showing = True
        try:
            self._show(text)
        except Exception:  # noqa: BLE001 - a fault of showing faults must not start another round
            _log.exception("the fault could not be shown")
        finally:
            self._is_showing = False
            self._shown[place] = time.monotonic()


_installed: list[FaultHook] = []


def install_fault_hook(show: Show) -> FaultHook:
    """Log every fault that nobody handled, and hand its traceback to *show* on the GUI thread."""
    hook = FaultHook(show)
    hook.install()
    _installed[:] = [hook]
    return hook


def _place_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{kind.__name__} {where}"
