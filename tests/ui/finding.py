"""Finding the parts of a window by their names, and dropping files onto it."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from ui.main_window import MainWindow

Part = TypeVar("Part", bound=QObject)


def part(of: QObject, kind: type[Part], name: str) -> Part:
    """Return the part of *of* that bears *name*; there must be one."""
    found = of.findChild(kind, name)
    assert found is not None, name
    return found


def drop(window: MainWindow, file: Path) -> None:
    """Let go a file over the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, mime, left, none))
