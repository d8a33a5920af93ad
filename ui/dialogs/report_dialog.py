"""Tells the user that the program has a fault, and hands over what a report of it needs."""

from __future__ import annotations

import platform
import sys
from datetime import datetime
from pathlib import Path

import PySide6
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin import __version__
from ui.logs import blanked, last_lines, log_path
from ui.texts import tr
from ui.theme import icon

_PATIENCE_MS = 5000


class ReportDialog(QDialog):
    """What happened, that the project is in order, and the last lines of the log.

    Without a *fault* (a traceback) it is the user who wants to report something. ``wants_quit``
    says how the dialog was left. Nothing is sent anywhere.
    """

    def __init__(self, fault: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wants_quit = False
        self._is_fault = fault is not None
        self.setObjectName("report_dialog")
        self.setWindowTitle(tr("程序出了故障") if self._is_fault else tr("报告故障"))
        self.text = QPlainTextEdit(report_text(fault))
        self.text.setObjectName("report_text")
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(tr("报告内容"))
        self.text.setTabChangesFocus(True)
        self.told = QLabel()
        self.told.setProperty("role", "quiet")
        self.told.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self.text, 1)
        column.addWidget(self.told)
        column.addLayout(self._buttons())
        # No least size of its own: the buttons need more with large letters.
        self.resize(self.sizeHint().expandedTo(QSize(620, 460)))
        self.go_on_button.setFocus()

    def _head(self) -> QHBoxLayout:
        sign = QLabel()
        name, colour = ("error", "error_text") if self._is_fault else ("report", "accent")
        sign.setPixmap(icon(name, colour).pixmap(QSize(32, 32)))
        sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        heading = QLabel(self.windowTitle())
        heading.setProperty("role", "heading")
        words = QLabel(self._words())
        words.setWordWrap(True)
        words.setAccessibleName(words.text())
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(heading)
        right.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(sign)
        row.addLayout(right, 1)
        return row

    def _words(self) -> str:
        rest = tr(
            "下面是报告所需的内容，其中的用户名和个人文件夹已隐去，可能仍有项目文件的名称。"
            "程序不会自动发送，请复制或保存后交给维护人员。"
        )
        if not self._is_fault:
            return rest
        return tr("刚才的操作没有完成。项目没有损坏：之前完成的修改都已保存。") + "\n" + rest

    def _buttons(self) -> QHBoxLayout:
        self.copy_button = QPushButton(icon("copy"), tr("复制"))
        self.copy_button.setObjectName("copy_report")
        self.copy_button.clicked.connect(self.copy)
        self.save_button = QPushButton(icon("file"), tr("保存到文件…"))
        self.save_button.setObjectName("save_report")
        self.save_button.clicked.connect(self._choose_file)
        self.quit_button = QPushButton(tr("退出程序"))
        self.quit_button.setObjectName("quit")
        self.quit_button.setVisible(self._is_fault)
        self.quit_button.clicked.connect(self._quit)
        self.go_on_button = QPushButton(tr("继续使用") if self._is_fault else tr("关闭"))
        self.go_on_button.setObjectName("go_on")
        self.go_on_button.setProperty("role", "primary")
        self.go_on_button.setDefault(True)
        self.go_on_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy_button)
        row.addWidget(self.save_button)
        row.addStretch(1)
        row.addWidget(self.quit_button)
        row.addWidget(self.go_on_button)
        return row

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.told.setText(tr("已复制。"))

    def save(self, path: Path) -> None:
        """Write the report to a file and say how that went."""
        try:
            path.write_text(self.text.toPlainText(), encoding="utf-8")
        except OSError as fault:
            reason = fault.strerror or str(fault)
            self.told.setText(tr("无法写入“{path}”：{reason}", path=path, reason=reason))
            return
        self.told.setText(tr("已保存到“{path}”。", path=path))

    def _choose_file(self) -> None:
        usual = str(Path.home() / f"gridadmin-report-{_now():%Y%m%d-%H%M}.txt")
        name, _ = QFileDialog.getSaveFileName(self, tr("保存报告"), usual, tr("文本文件 (*.txt)"))
        if name:
            self.save(Path(name))

    def _quit(self) -> None:
        self.wants_quit = True
        self.reject()


def report_text(fault: str | None) -> str:
    """Return what a report says: versions, the fault, and the last lines of the log."""
    lines = [
        f"gridadmin {__version__}",
        f"Python {sys.version.split()[0]}, PySide6 {PySide6.__version__}",
        platform.platform(),
        f"{_now():%Y-%m-%d %H:%M:%S}",
        "",
    ]
    if fault is not None:
        lines += [*blanked(fault).splitlines(), ""]
    return "\n".join([*lines, f"--- {blanked(str(log_path()))}", *last_lines()])


def show_fault(fault: str) -> None:
    """Show a fault and wait for the user; quits the program where that is wanted."""
    # A dialog that is open might close, and take this one with it.
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMainWindow)]
    dialog = ReportDialog(fault, next((one for one in windows if one.isVisible()), None))
    dialog.exec()
    wants_quit = dialog.wants_quit
    dialog.deleteLater()
    if wants_quit:
        QApplication.closeAllWindows()
        # Closing waits for work under way; a window that has the fault may never come to its end.
        QTimer.singleShot(_PATIENCE_MS, lambda: QApplication.exit(1))


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - the clock on the user's wall
