"""Where a new file goes: a folder and a name, each a field, and whether that will do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QPushButton, QWidget

from gridadmin.app.file_names import is_good_name, with_suffix
from ui.dialogs.words import Sentence, label
from ui.settings import Settings
from ui.texts import tr
from ui.tips import plain_tip


def usual_folder(settings: Settings) -> Path:
    """Return the folder used last, or that of the user's documents, or the home folder."""
    last = settings.value("last_folder")
    if last and Path(last).is_dir():
        return Path(last)
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    found = QStandardPaths.writableLocation(documents)
    return Path(found) if found and Path(found).is_dir() else Path.home()


class PlaceField(QWidget):
    """A folder, a file name, and below them what is wrong with the two."""

    changed = Signal()

    def __init__(self, folder: Path, suffix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suffix = suffix
        self._is_named = False
        self.folder = QLineEdit(str(folder))
        self.folder.setObjectName("folder")
        self.folder.setAccessibleName(tr("文件夹"))
        self.folder_button = QPushButton(tr("选择…"))
        self.folder_button.setObjectName("choose_folder")
        self.folder_button.setAccessibleName(tr("选择文件夹"))
        self.folder_button.setAutoDefault(False)
        self.name = QLineEdit()
        self.name.setObjectName("file_name")
        self.name.setAccessibleName(tr("文件名"))
        self.fault = Sentence()
        self.fault.setObjectName("place_fault")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(10)
        layout.setVerticalSpacing(6)
        layout.addWidget(label(tr("文件夹"), buddy=self.folder), 0, 0)
        layout.addWidget(self.folder, 0, 1)
        layout.addWidget(self.folder_button, 0, 2)
        layout.addWidget(label(tr("文件名"), buddy=self.name), 1, 0)
        layout.addWidget(self.name, 1, 1, 1, 2)
        layout.addWidget(self.fault, 2, 1, 1, 2)
        layout.setColumnStretch(1, 1)
        self._show_whole()
        self.folder.textChanged.connect(self._folder_changed)
        self.folder_button.clicked.connect(self._ask)
        self.name.textEdited.connect(self._name_edited)
        self.name.textChanged.connect(self.changed)

    @property
    def path(self) -> Path:
        """The file, its extension added."""
        return Path(self.folder.text().strip()) / with_suffix(
            self.name.text().strip(), self._suffix
        )

    def propose(self, name: str) -> None:
        """Fill in a name (without extension), unless the user has written one."""
        if not self._is_named:
            self.name.setText(name + self._suffix)

    def set_suffix(self, suffix: str) -> None:
        """Want another extension from now on; the name follows."""
        stem = self.name.text().strip()
        if stem.lower().endswith(self._suffix):
            stem = stem[: -len(self._suffix)]
        self._suffix = suffix
        self.name.setText(stem + suffix if stem else "")

    def why_not(self) -> str:
        """Return what is wrong with folder and name, in words; empty when they will do."""
        if not self.folder.text().strip():
            return tr("请选择文件夹。")
        if not Path(self.folder.text().strip()).is_dir():
            return tr("文件夹不存在，请先建立，或选另一个。")
        name = self.name.text().strip()
        if not name or name.lower() == self._suffix:
            return tr("请填写文件名。")
        if not is_good_name(with_suffix(name, self._suffix)):
            return tr('文件名不能用 \\ / : * ? " < > | 这些字符，也不能是系统保留的名称。')
        return ""

    def _show_whole(self) -> None:
        self.folder.setToolTip(plain_tip(self.folder.text()))
        self.folder.setCursorPosition(len(self.folder.text()))

    def _folder_changed(self) -> None:
        self.folder.setToolTip(plain_tip(self.folder.text()))
        self.changed.emit()

    def _name_edited(self) -> None:
        self._is_named = bool(self.name.text().strip())

    def _ask(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("选择文件夹"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self._show_whole()
